"""Admitting a patient to a bed: observation or KAD/ØHD."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from varde.apps.records import care
from varde.apps.records.events import Happened
from varde.apps.records.models import (
    Attendance,
    Bed,
    BedKind,
    BedLook,
    BedPlacement,
    BedStay,
    Contact,
    Outcome,
    User,
)
from varde.apps.sentral.services.contacts import locked
from varde.apps.sentral.services.contacts.values import plain
from varde.apps.sentral.services.outcomes import settle_kind
from varde.apps.station.access import StationPlace, sentral_of
from varde.apps.station.queries.beds.criteria import criteria
from varde.apps.station.services import doctor_states
from varde.apps.station.services.beds.moving import end_stay
from varde.apps.station.services.beds.placing import (
    in_order,
    locked_bed,
    next_look,
    put,
    responsible,
    tell,
)
from varde.domain.doctor_state import DoctorActivity
from varde.domain.errors import Rule, RuleBroken


LONGEST = 300  # characters


@transaction.atomic
def admit(
    *,
    place: StationPlace,
    bed_id: int,
    contact_id: int,
    doctor_id: int | None,
    answers: Mapping[str, str],
    next_at: datetime | None,
    by: User,
    at: datetime,
    reason: str = "",
    admitted_at: datetime | None = None,
) -> BedStay:
    """Lay a patient in a bed of the station. The database lets one in.

    The patient is then in the station's care; an attendance that goes on ends with it,
    and what the sentral decided about KAD is done. From a bed of the other kind the
    patient comes straight over: that stay ends at the same moment.

    Parameters
    ----------
    doctor_id : int or None
        Who has the medical responsibility: a doctor of the station.
    answers : criterion -> "yes" or "no"
        To every criterion of the bed's kind. A no needs a `reason`.
    next_at : aware datetime or None
        The doctor's next look. It cannot be left out.
    admitted_at : aware datetime, optional
        When it really was; else `at`.

    Raises
    ------
    RuleBroken
        BED_TAKEN, BED_TAKEN_UNSEEN, BED_OUT_OF_USE, PATIENT_HAS_A_BED (bed, since),
        BED_OF_ANOTHER_DISTRICT, BED_CRITERIA_UNANSWERED (count),
        BED_CRITERIA_NEED_REASON, BED_LOOK_NEEDED, BED_TIME_OUT_OF_ORDER,
        FIELD_NOT_VALID (bed, doctor, reason).
    """
    contact = locked(contact_id, may_be_closed=True)
    if contact.district_id != place.district_id:
        raise RuleBroken(Rule.BED_OF_ANOTHER_DISTRICT)
    bed = locked_bed(place, bed_id)
    attendance = _attendance(contact)
    begins_at = in_order(
        admitted_at or at, not_before=came_at(contact, attendance), not_after=at
    )
    _leave_other_bed(contact, bed, by=by, at=begins_at)
    why = plain("reason", reason, longest=LONGEST)
    stay = BedStay(
        contact=contact,
        district_id=contact.district_id,
        sentral=sentral_of(place),
        station_id=place.id,
        attendance=attendance,
        kind=bed.kind,
        admitted_at=begins_at,
        recorded_at=timezone.now(),
        admitted_by=by,
        doctor_id=responsible(place, doctor_id, at=at),
        criteria=_answered(bed, answers, reason=why),
        criteria_reason=why,
    )
    wanted = next_look(next_at, at=at)
    stay.save()
    put(stay, bed, begins_at=begins_at, by=by)
    _await_look(stay, wanted)
    _into_care(stay, by=by, at=begins_at)
    tell(
        stay,
        Happened.BED_ADMITTED,
        by=by,
        at=begins_at,
        bed=bed.pk,
        bed_kind=bed.kind,
        doctor=stay.doctor_id,
        next_at=wanted.isoformat(),
        not_met=list(criteria().not_met(bed.kind, answers)),
    )
    return stay


def came_at(contact: Contact, attendance: Attendance | None) -> datetime:
    """The earliest moment at which the patient can have been here."""
    return contact.opened_at if attendance is None else attendance.arrived_at


def _await_look(stay: BedStay, wanted: datetime) -> None:
    BedLook.objects.create(
        stay=stay,
        district_id=stay.district_id,
        planned_at=wanted,
        planned_by=stay.admitted_by,
        recorded_by=stay.admitted_by,
        recorded_at=stay.recorded_at,
    )


def _attendance(contact: Contact) -> Attendance | None:
    rows = Attendance.objects.select_for_update(of=("self",))
    return rows.filter(contact=contact, ended_at=None).first()


def _leave_other_bed(contact: Contact, bed: Bed, *, by: User, at: datetime) -> None:
    """End a stay in a bed of the other kind. In one of the same kind there is moving."""
    whose = Q(stay__contact=contact)
    if contact.patient_id is not None:
        whose |= Q(stay__contact__patient=contact.patient_id)
    lies = (
        BedPlacement.objects.filter(whose, ends_at=None)
        .select_related("bed", "stay")
        .first()
    )
    if lies is None:
        return
    if lies.stay.kind == bed.kind or lies.stay.contact_id != contact.pk:
        raise RuleBroken(
            Rule.PATIENT_HAS_A_BED,
            bed=lies.bed.code,
            since=lies.begins_at.isoformat(),
        )
    lies.stay.contact = contact
    left_at = in_order(at, not_before=lies.begins_at, not_after=at)
    end_stay(lies.stay, lies, to=BedStay.To.OTHER_BED, by=by, at=left_at)


def _answered(
    bed: Bed, answers: Mapping[str, str], *, reason: str
) -> dict[str, str | dict[str, str]]:
    asked = criteria()
    missing = asked.unanswered(bed.kind, answers)
    if missing:
        raise RuleBroken(Rule.BED_CRITERIA_UNANSWERED, count=str(len(missing)))
    if asked.not_met(bed.kind, answers) and not reason:
        raise RuleBroken(Rule.BED_CRITERIA_NEED_REASON)
    kept = {c.id: answers[c.id] for c in asked.lists[bed.kind]}
    return {"version": asked.version, "answers": kept}


def _into_care(stay: BedStay, *, by: User, at: datetime) -> None:
    """The contact is in the station's care, and what led here is done."""
    attendance = stay.attendance
    if attendance is not None:
        is_here = attendance.station_id == stay.station_id
        end = Attendance.End.BED if is_here else Attendance.End.SENT_ON
        attendance.ended_at, attendance.ended_by, attendance.end = at, by, end
        attendance.save(update_fields=["ended_at", "ended_by", "end"])
        if attendance.doctor is not None:
            doctor_states.ended(
                doctor=attendance.doctor,
                activity=DoctorActivity.WITH_PATIENT,
                ref=f"attendance:{attendance.pk}",
                at=at,
                by=by,
                sentral_id=attendance.sentral_id,
            )
    care.begin(stay.contact)
    if stay.kind == BedKind.KAD:
        settle_kind(stay.contact, Outcome.Kind.KAD, by=by, at=at)
