"""Telling that something changed on a mission. The one place through which it is told.

Whoever needs to know when a leg changes hangs on here: the state of the doctors who are
out, the conflict that is over because a doctor went, the screens.
"""

from datetime import datetime

from varde.apps.records.doctor_events import began, ended
from varde.apps.records.live import Topic, announce
from varde.apps.records.models import Contact, Mission, Outcome, User
from varde.apps.sentral.services.acting import is_doctor
from varde.apps.station.services import conflicts
from varde.domain.doctor_state import DoctorActivity
from varde.domain.mission import Leg


# What a doctor of the crew does from a leg on.
DOES = {
    Leg.LEFT: DoctorActivity.DRIVING,
    Leg.AT_SCENE: DoctorActivity.OUT,
    Leg.WITH_PATIENT: DoctorActivity.OUT,
    Leg.LEFT_SCENE: DoctorActivity.DRIVING,
}


def leg_changed(mission: Mission, leg: Leg, *, at: datetime | None, by: User) -> None:
    """A leg of a mission was pressed, corrected or (`at` None) taken back.

    Called in the transaction of the press, once for each leg whose time changed, with the
    mission as it is after it and its contact locked. `at` is when it really happened, which
    may be long ago. A leg that is taken back leaves what was said before: the doctor says
    otherwise with the next press.
    """
    if at is not None:
        doctors = _doctors(mission, at=at)
        for doctor in doctors:
            _say(mission, doctor, leg, at=at, by=by)
        if doctors and leg is Leg.LEFT:
            _went(mission, doctors[0], by=by, at=at)
    changed(mission)


def over(mission: Mission, *, at: datetime, by: User) -> None:
    """The mission is over: its doctors are out of it, whatever was pressed."""
    for doctor in _doctors(mission, at=at):
        _say(mission, doctor, Leg.FREE, at=at, by=by)
    changed(mission)


def changed(mission: Mission) -> None:
    """Anything of the mission changed: the screens of the station and the sentral."""
    announce(
        Topic.MISSIONS,
        Topic.BOARD,
        Topic.DUTY,
        sentral_id=mission.sentral_id,
        contact_id=mission.contact_id,
    )


def _doctors(mission: Mission, *, at: datetime) -> list[User]:
    people = [
        one.person for one in mission.crew.select_related("person").order_by("pk")
    ]
    contact = Contact.objects.get(pk=mission.contact_id)
    unique = {person.pk: person for person in people}
    return [one for one in unique.values() if is_doctor(one, contact, at=at)]


def _say(mission: Mission, doctor: User, leg: Leg, *, at: datetime, by: User) -> None:
    ref = f"mission:{mission.pk}"
    about = {"doctor": doctor, "ref": ref, "at": at, "by": by}
    if leg in DOES:
        began(activity=DOES[leg], sentral_id=mission.sentral_id, **about)
    elif leg is Leg.FREE:
        for activity in (DoctorActivity.DRIVING, DoctorActivity.OUT):
            ended(activity=activity, sentral_id=mission.sentral_id, **about)


def _went(mission: Mission, doctor: User, *, by: User, at: datetime) -> None:
    """A doctor goes: the task has an owner, and the conflict about it is over."""
    Outcome.objects.filter(pk=mission.outcome_id, owner=None).update(owner=doctor)
    contact = Contact.objects.get(pk=mission.contact_id)
    conflicts.taken(contact=contact, by=by, at=at)
