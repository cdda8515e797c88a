"""Putting a patient in a bed, and the times that must be in order."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from varde.apps.records import events
from varde.apps.records.events import Fact, Happened
from varde.apps.records.live import Topic, announce
from varde.apps.records.models import Bed, BedPlacement, BedStay, User
from varde.apps.sentral.queries import reference
from varde.apps.sentral.services.contacts import locked
from varde.apps.sentral.services.contacts.values import Why, not_valid
from varde.apps.station.access import StationPlace
from varde.apps.station.queries.duty_doctors import doctors_at
from varde.domain.errors import Rule, RuleBroken


ONE_PATIENT_A_BED = "one_patient_a_bed"  # the constraint of the database
MOST_AHEAD = timedelta(days=14)  # ours: a look planned later than this is a slip
A_MOMENT = timedelta(seconds=1)


def locked_bed(place: StationPlace, bed_id: int) -> Bed:
    """A bed of the station that is in use, with its row locked.

    Raises `RuleBroken`: FIELD_NOT_VALID (bed), BED_OUT_OF_USE (bed).
    """
    rows = Bed.objects.select_for_update().filter(station=place.id, pk=bed_id)
    bed = rows.first()
    if bed is None:
        raise not_valid("bed", Why.NOT_FOUND)
    if bed.last_on is not None:
        raise RuleBroken(Rule.BED_OUT_OF_USE, bed=bed.code)
    return bed


def locked_stay(
    place: StationPlace, stay_id: int, *, may_have_left: bool = False
) -> BedStay:
    """A stay at the station, its contact locked first and then itself.

    Raises `RuleBroken` (PATIENT_HAS_LEFT_BED: left_at) unless `may_have_left`.
    """
    wanted = BedStay.objects.filter(station=place.id)
    contact_id = wanted.values_list("contact_id", flat=True).get(pk=stay_id)
    contact = locked(contact_id, may_be_closed=True)
    stay = BedStay.objects.select_for_update(of=("self",)).get(pk=stay_id)
    stay.contact = contact
    if stay.left_at is not None and not may_have_left:
        raise RuleBroken(Rule.PATIENT_HAS_LEFT_BED, left_at=stay.left_at.isoformat())
    return stay


def put(stay: BedStay, bed: Bed, *, begins_at: datetime, by: User) -> BedPlacement:
    """The patient lies in the bed from then on. The database says whether it is free.

    Raises `RuleBroken`: BED_TAKEN (bed, since, colleague), BED_TAKEN_UNSEEN (bed),
    BED_TIME_OUT_OF_ORDER where the one before left later than `begins_at`.
    """
    return saved(
        BedPlacement(
            stay=stay,
            district_id=stay.district_id,
            bed=bed,
            begins_at=begins_at,
            by=by,
            recorded_at=timezone.now(),
        )
    )


def saved(placement: BedPlacement) -> BedPlacement:
    """The placement, stored, or a refusal that says who has the bed in that time."""
    try:
        with transaction.atomic():
            placement.save()
    except IntegrityError as fault:
        diagnosis = getattr(fault.__cause__, "diag", None)
        if getattr(diagnosis, "constraint_name", "") != ONE_PATIENT_A_BED:
            raise
        raise taken(placement) from None
    return placement


def taken(wanted: BedPlacement) -> RuleBroken:
    """The refusal of a placement that meets another in the same bed.

    It says no more than the person at hand may see: rows of another district are not seen.
    """
    met = BedPlacement.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=wanted.begins_at), bed=wanted.bed_id
    ).exclude(pk=wanted.pk)
    if wanted.ends_at is not None:
        met = met.filter(begins_at__lt=wanted.ends_at)
    other = met.order_by("-begins_at").first()
    code = wanted.bed.code
    if other is None:
        return RuleBroken(Rule.BED_TAKEN_UNSEEN, bed=code)
    if other.ends_at is not None:
        return _out_of_order(other.ends_at, timezone.now())
    return RuleBroken(
        Rule.BED_TAKEN,
        bed=code,
        since=other.begins_at.isoformat(),
        colleague=reference.person_name(other.by_id),
    )


def in_order(
    moment: datetime, *, not_before: datetime, not_after: datetime
) -> datetime:
    """The moment, after `not_before` and at the latest `not_after`.

    What is typed has whole minutes: one within the minute of `not_before` is put just
    after it. Raises `RuleBroken` (BED_TIME_OUT_OF_ORDER: not_before, not_after).
    """
    if moment < not_before.replace(second=0, microsecond=0) or moment > not_after:
        raise _out_of_order(not_before, not_after)
    return moment if moment > not_before else not_before + A_MOMENT


def next_look(wanted: datetime | None, *, at: datetime) -> datetime:
    """When a doctor must look next. Raises BED_LOOK_NEEDED, BED_TIME_OUT_OF_ORDER."""
    if wanted is None:
        raise RuleBroken(Rule.BED_LOOK_NEEDED)
    return in_order(wanted, not_before=at, not_after=at + MOST_AHEAD)


def responsible(place: StationPlace, doctor_id: int | None, *, at: datetime) -> int:
    """The id of a doctor of the station. Raises FIELD_NOT_VALID (doctor)."""
    if doctor_id not in doctors_at(place, on=timezone.localdate(at)):
        raise not_valid("doctor", Why.NOT_FOUND)
    return doctor_id


def tell(
    stay: BedStay, kind: Happened, *, by: User, at: datetime, **data: Fact
) -> None:
    """The event, and word to the screens of the station."""
    events.happened(contact=stay.contact, kind=kind, by=by, at=at, stay=stay.pk, **data)
    announce(
        Topic.BEDS,
        Topic.BOARD,
        sentral_id=stay.sentral_id,
        contact_id=stay.contact_id,
    )


def _out_of_order(not_before: datetime, not_after: datetime) -> RuleBroken:
    return RuleBroken(
        Rule.BED_TIME_OUT_OF_ORDER,
        not_before=not_before.isoformat(),
        not_after=not_after.isoformat(),
    )
