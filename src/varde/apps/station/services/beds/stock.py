"""The beds themselves: taken into use, and out of it."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from varde.apps.records import audit
from varde.apps.records.live import Topic, announce
from varde.apps.records.models import Bed, BedKind, BedPlacement, Station, User
from varde.apps.sentral.services.contacts.values import Why, not_valid, plain
from varde.apps.station.access import StationPlace, sentral_of
from varde.apps.station.services.beds.placing import locked_bed
from varde.domain.errors import Rule, RuleBroken


LONGEST = 20  # characters: it stands on a board


@transaction.atomic
def add_bed(
    *, place: StationPlace, code: str, kind: str, by: User, at: datetime
) -> Bed:
    """Take a bed into use from today. One that was out of use comes back so too.

    Raises `RuleBroken`: BED_CODE_TAKEN (bed), FIELD_NOT_VALID (code, kind).
    """
    name = plain("code", code, longest=LONGEST)
    if not name:
        raise not_valid("code", Why.EMPTY)
    if kind not in BedKind.values:
        raise not_valid("kind", Why.NOT_A_CHOICE)
    Station.objects.select_for_update().get(pk=place.id)
    if Bed.objects.filter(station=place.id, code__iexact=name, last_on=None).exists():
        raise RuleBroken(Rule.BED_CODE_TAKEN, bed=name)
    bed = Bed.objects.create(
        station_id=place.id,
        code=name,
        kind=kind,
        first_on=timezone.localdate(at),
        made_by=by,
        made_at=at,
    )
    _log("bed_added", place, bed, by=by, at=at)
    return bed


@transaction.atomic
def take_out(*, place: StationPlace, bed_id: int, by: User, at: datetime) -> Bed:
    """Take a bed out of use. Today is its last day in the figures.

    Raises `RuleBroken`: BED_IS_OCCUPIED (bed), BED_OUT_OF_USE, FIELD_NOT_VALID (bed).
    """
    bed = locked_bed(place, bed_id)
    if BedPlacement.objects.filter(bed=bed, ends_at=None).exists():
        raise RuleBroken(Rule.BED_IS_OCCUPIED, bed=bed.code)
    bed.last_on = timezone.localdate(at)
    bed.save(update_fields=["last_on"])
    _log("bed_taken_out", place, bed, by=by, at=at)
    return bed


def _log(what: str, place: StationPlace, bed: Bed, *, by: User, at: datetime) -> None:
    audit.log(
        what=what,
        by=by,
        at=at,
        district_id=place.district_id,
        table="records_bed",
        row_id=bed.pk,
        purpose="",
        data={"kind": bed.kind},
    )
    announce(Topic.BEDS, sentral_id=sentral_of(place).pk)
