"""To another bed, and out of the bed."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from varde.apps.records import care
from varde.apps.records.events import Happened
from varde.apps.records.models import BedPlacement, BedStay, User
from varde.apps.sentral.services.contacts.values import Why, not_valid, plain
from varde.apps.station.access import StationPlace
from varde.apps.station.services.beds.placing import (
    in_order,
    locked_bed,
    locked_stay,
    put,
    tell,
)
from varde.domain.errors import Rule, RuleBroken


LONGEST = 300  # characters
# From one kind of bed to the other one comes by being admitted there.
BY_HAND = tuple(to for to in BedStay.To if to is not BedStay.To.OTHER_BED)


@transaction.atomic
def move(
    *,
    place: StationPlace,
    stay_id: int,
    bed_id: int,
    by: User,
    at: datetime,
    moved_at: datetime | None = None,
) -> BedStay:
    """Move the patient to another bed of the same kind: the same stay goes on there.

    Raises `RuleBroken`: PATIENT_HAS_LEFT_BED, BED_TAKEN, BED_TAKEN_UNSEEN,
    BED_OUT_OF_USE, BED_OTHER_KIND (bed), PATIENT_HAS_A_BED (the same bed),
    BED_TIME_OUT_OF_ORDER, FIELD_NOT_VALID (bed).
    """
    stay = locked_stay(place, stay_id)
    bed = locked_bed(place, bed_id)
    lies = _now_in(stay)
    if bed.pk == lies.bed_id:
        raise RuleBroken(
            Rule.PATIENT_HAS_A_BED, bed=bed.code, since=lies.begins_at.isoformat()
        )
    if bed.kind != stay.kind:
        raise RuleBroken(Rule.BED_OTHER_KIND, bed=bed.code)
    moment = in_order(moved_at or at, not_before=lies.begins_at, not_after=at)
    lies.ends_at = moment
    lies.save(update_fields=["ends_at"])
    put(stay, bed, begins_at=moment, by=by)
    tell(
        stay,
        Happened.BED_MOVED,
        by=by,
        at=moment,
        from_bed=lies.bed_id,
        bed=bed.pk,
    )
    return stay


@transaction.atomic
def discharge(
    *,
    place: StationPlace,
    stay_id: int,
    to: str,
    by: User,
    at: datetime,
    note: str = "",
    left_at: datetime | None = None,
) -> BedStay:
    """The patient leaves the bed, and the station has done its part.

    Raises `RuleBroken`: PATIENT_HAS_LEFT_BED, FIELD_NOT_VALID (left_to, note),
    BED_TIME_OUT_OF_ORDER (before the last look, or after now).
    """
    stay = locked_stay(place, stay_id)
    if to not in BY_HAND:
        raise not_valid("left_to", Why.NOT_A_CHOICE)
    stay.left_note = plain("note", note, longest=LONGEST)
    lies = _now_in(stay)
    moment = in_order(
        left_at or at, not_before=last_known_there(stay, lies), not_after=at
    )
    end_stay(stay, lies, to=BedStay.To(to), by=by, at=moment)
    care.end(stay.contact, by=by, at=at)
    return stay


def end_stay(
    stay: BedStay, lies: BedPlacement, *, to: BedStay.To, by: User, at: datetime
) -> None:
    """End a locked stay and the bed it is in."""
    lies.ends_at = at
    lies.save(update_fields=["ends_at"])
    stay.left_at, stay.left_by, stay.left_to = at, by, to
    stay.left_recorded_at = timezone.now()
    stay.save(
        update_fields=["left_at", "left_by", "left_to", "left_recorded_at", "left_note"]
    )
    tell(stay, Happened.BED_LEFT, by=by, at=at, bed=lies.bed_id, left_to=to)


def last_known_there(stay: BedStay, lies: BedPlacement) -> datetime:
    """The last moment at which the patient is known to have been in the bed."""
    done = stay.looks.filter(done_at__isnull=False).order_by("-done_at").first()
    seen_at = done.done_at if done is not None else None
    return max(lies.begins_at, seen_at) if seen_at is not None else lies.begins_at


def _now_in(stay: BedStay) -> BedPlacement:
    return stay.placements.select_related("bed").get(ends_at=None)
