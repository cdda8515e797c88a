"""What the doctors on duty say of themselves, and what other acts say for them.

`began` and `ended` are for every act that binds a doctor: a patient, a mission with its
legs, a conversation. Each is a press that may come late; see `records.doctor_events`.
"""

from datetime import datetime

from django.db import transaction

from varde.apps.records import audit
from varde.apps.records.doctor_events import began, ended, freed
from varde.apps.records.models import User
from varde.apps.sentral.services.contacts.values import Why, not_valid
from varde.apps.station.access import StationPlace
from varde.apps.station.messages.doctors import SAY
from varde.apps.station.queries import doctor_states
from varde.domain.doctor_state import DoctorActivity
from varde.domain.errors import Rule, RuleBroken


__all__ = ["began", "ended", "freed", "say"]

OWN = "self"  # what a doctor says: the next thing said is instead of the last


@transaction.atomic
def say(
    *, place: StationPlace, sentral_id: int, doing: str, by: User, at: datetime
) -> None:
    """A doctor on duty says, with one press, what he or she does now.

    "Free" ends all that was open, whatever was forgotten; a patient in hand stays in hand.
    Raises `RuleBroken`: NOT_ON_DUTY, FIELD_NOT_VALID (doing).
    """
    if doing not in {activity.value for activity in SAY}:
        raise not_valid("doing", Why.NOT_A_CHOICE)
    activity = DoctorActivity(doing)
    if doctor_states.own(doctor_states.on_duty(place, now=at), by.pk) is None:
        raise RuleBroken(Rule.NOT_ON_DUTY)
    if activity is DoctorActivity.FREE:
        freed(doctor=by, at=at, by=by, sentral_id=sentral_id)
    else:
        began(
            doctor=by, activity=activity, ref=OWN, at=at, by=by, sentral_id=sentral_id
        )
    audit.log(
        what="doctor_says",
        by=by,
        at=at,
        district_id=place.district_id,
        table="records_doctorevent",
        purpose="",
        data={"doing": doing},
    )
