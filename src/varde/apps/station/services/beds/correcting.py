"""A time that was written wrong."""

from datetime import datetime

from django.db import transaction

from varde.apps.records import audit
from varde.apps.records.events import Happened
from varde.apps.records.models import BedStay, User
from varde.apps.sentral.services.contacts.values import Why, not_valid, plain
from varde.apps.station.access import StationPlace
from varde.apps.station.services.beds.admitting import came_at
from varde.apps.station.services.beds.moving import last_known_there
from varde.apps.station.services.beds.placing import (
    in_order,
    locked_stay,
    saved,
    tell,
)


LONGEST = 300  # characters


@transaction.atomic
def correct(
    *,
    place: StationPlace,
    stay_id: int,
    reason: str,
    by: User,
    at: datetime,
    admitted_at: datetime | None = None,
    left_at: datetime | None = None,
) -> BedStay:
    """Put right when the patient came, or left. None leaves a time as it is.

    When it was written is not changed (`recorded_at`, `left_recorded_at`); what stood
    before is in the event, and the reason in the log.

    Raises `RuleBroken`: FIELD_NOT_VALID (reason, empty), BED_TIME_OUT_OF_ORDER (before
    the patient came here, across a move, a look or another stay), BED_TAKEN where another
    lay in the bed at that time.
    """
    why = plain("reason", reason, longest=LONGEST)
    if not why:
        raise not_valid("reason", Why.EMPTY)
    stay = locked_stay(place, stay_id, may_have_left=True)
    before = (stay.admitted_at, stay.left_at)
    if admitted_at is not None:
        _correct_admitted(stay, admitted_at, at=at)
    if left_at is not None and stay.left_at is not None:
        _correct_left(stay, left_at, at=at)
    tell(
        stay,
        Happened.BED_CORRECTED,
        by=by,
        at=at,
        admitted_before=before[0].isoformat(),
        admitted_after=stay.admitted_at.isoformat(),
        left_before=before[1].isoformat() if before[1] else None,
        left_after=stay.left_at.isoformat() if stay.left_at else None,
    )
    audit.log(
        what="bed_time_corrected",
        by=by,
        at=at,
        district_id=stay.district_id,
        patient_id=stay.contact.patient_id,
        contact_id=stay.contact_id,
        table="records_bedstay",
        row_id=stay.pk,
        reason=why,
    )
    return stay


def _correct_admitted(stay: BedStay, wanted: datetime, *, at: datetime) -> None:
    first = stay.placements.select_related("bed").order_by("begins_at")[0]
    others = stay.contact.bed_stays.filter(admitted_at__lt=stay.admitted_at)
    left = others.order_by("-left_at").values_list("left_at", flat=True).first()
    earliest = came_at(stay.contact, stay.attendance)
    done = stay.looks.filter(done_at__isnull=False).order_by("done_at").first()
    ends = [first.ends_at, done.done_at if done is not None else None, at]
    moment = in_order(
        wanted,
        not_before=max(earliest, left) if left is not None else earliest,
        not_after=min(end for end in ends if end is not None),
    )
    stay.admitted_at = first.begins_at = moment
    stay.save(update_fields=["admitted_at"])
    saved(first)


def _correct_left(stay: BedStay, wanted: datetime, *, at: datetime) -> None:
    last = stay.placements.select_related("bed").order_by("-begins_at")[0]
    later = stay.contact.bed_stays.filter(admitted_at__gt=stay.admitted_at)
    came = later.order_by("admitted_at").values_list("admitted_at", flat=True).first()
    moment = in_order(
        wanted,
        not_before=last_known_there(stay, last),
        not_after=min(at, came) if came is not None else at,
    )
    stay.left_at = last.ends_at = moment
    stay.save(update_fields=["left_at"])
    saved(last)
