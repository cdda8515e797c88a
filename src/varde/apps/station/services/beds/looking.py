"""Looks to a patient in a bed, the plan for the next one, and whose patient it is."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from varde.apps.records.events import Happened
from varde.apps.records.models import BedLook, BedStay, User
from varde.apps.sentral.services.contacts.values import Why, not_valid, plain
from varde.apps.station.access import StationPlace
from varde.apps.station.queries.duty_doctors import doctors_at
from varde.apps.station.services.beds.placing import (
    in_order,
    locked_stay,
    next_look,
    responsible,
    tell,
)


LONGEST = 300  # characters


@transaction.atomic
def looked(
    *,
    place: StationPlace,
    stay_id: int,
    by: User,
    at: datetime,
    seen_by: int | None = None,
    note: str = "",
    next_at: datetime | None = None,
    done_at: datetime | None = None,
) -> BedLook:
    """Somebody has looked to the patient.

    A doctor's look is the one that was planned, and the next is planned with it. A
    nurse's look is kept beside it: the doctor's is still awaited.

    Parameters
    ----------
    seen_by : int, optional
        Who looked: oneself, or a doctor of the station for whom one writes.
    next_at : aware datetime, optional
        The doctor's next look. Needed after a doctor's.

    Raises
    ------
    RuleBroken
        PATIENT_HAS_LEFT_BED, BED_LOOK_NEEDED, BED_TIME_OUT_OF_ORDER, FIELD_NOT_VALID
        (seen_by, note).
    """
    stay = locked_stay(place, stay_id)
    doctors = doctors_at(place, on=timezone.localdate(at))
    who = by.pk if seen_by is None else seen_by
    if who != by.pk and who not in doctors:
        raise not_valid("seen_by", Why.NOT_FOUND)
    moment = in_order(done_at or at, not_before=stay.admitted_at, not_after=at)
    is_doctor = who in doctors
    look = _awaited(stay, by=by) if is_doctor else _new(stay, by=by)
    look.done_at, look.done_by_id = moment, who
    look.note = plain("note", note, longest=LONGEST)
    look.recorded_by, look.recorded_at = by, timezone.now()
    look.save()
    if is_doctor:
        _plan(stay, next_look(next_at, at=at), by=by)
    tell(
        stay,
        Happened.BED_LOOKED,
        by=by,
        at=moment,
        look=look.pk,
        seen_by=who,
        planned_at=look.planned_at.isoformat() if look.planned_at else None,
        next_at=next_at.isoformat() if next_at and is_doctor else None,
    )
    return look


@transaction.atomic
def plan(
    *,
    place: StationPlace,
    stay_id: int,
    next_at: datetime | None,
    by: User,
    at: datetime,
) -> BedLook:
    """Set another time for the doctor's next look.

    Raises `RuleBroken`: PATIENT_HAS_LEFT_BED, BED_LOOK_NEEDED, BED_TIME_OUT_OF_ORDER.
    """
    stay = locked_stay(place, stay_id)
    wanted = next_look(next_at, at=at)
    look = _plan(stay, wanted, by=by)
    tell(
        stay,
        Happened.BED_LOOK_PLANNED,
        by=by,
        at=at,
        look=look.pk,
        next_at=wanted.isoformat(),
    )
    return look


@transaction.atomic
def set_doctor(
    *,
    place: StationPlace,
    stay_id: int,
    doctor_id: int | None,
    by: User,
    at: datetime,
) -> BedStay:
    """Another doctor has the medical responsibility from now on.

    Raises `RuleBroken`: PATIENT_HAS_LEFT_BED, FIELD_NOT_VALID (doctor).
    """
    stay = locked_stay(place, stay_id)
    before = stay.doctor_id
    stay.doctor_id = responsible(place, doctor_id, at=at)
    if stay.doctor_id == before:
        return stay
    stay.save(update_fields=["doctor"])
    tell(
        stay,
        Happened.BED_DOCTOR,
        by=by,
        at=at,
        from_doctor=before,
        doctor=stay.doctor_id,
    )
    return stay


def _awaited(stay: BedStay, *, by: User) -> BedLook:
    """The look that is awaited. One without a plan where none is."""
    return stay.looks.filter(done_at=None).first() or _new(stay, by=by)


def _new(stay: BedStay, *, by: User) -> BedLook:
    return BedLook(stay=stay, district_id=stay.district_id, recorded_by=by)


def _plan(stay: BedStay, wanted: datetime, *, by: User) -> BedLook:
    look = _awaited(stay, by=by)
    look.planned_at, look.planned_by = wanted, by
    look.recorded_by, look.recorded_at = by, timezone.now()
    look.save()
    return look
