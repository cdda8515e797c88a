"""The vehicles of a station, as its leader has them."""

from datetime import datetime

from django.db import IntegrityError, transaction

from varde.apps.records import audit
from varde.apps.records.live import Topic, announce
from varde.apps.records.models import User, Vehicle
from varde.apps.sentral.services.contacts.values import Why, not_valid, plain
from varde.apps.station.access import StationPlace
from varde.domain.errors import Rule, RuleBroken


@transaction.atomic
def add_vehicle(
    *, place: StationPlace, call_sign: str, kind: str, by: User, at: datetime
) -> Vehicle:
    """A new vehicle. Raises `RuleBroken`: FIELD_NOT_VALID, CALL_SIGN_TAKEN (vehicle)."""
    sign = plain("call_sign", call_sign, longest=20)
    if not sign:
        raise not_valid("call_sign", Why.EMPTY)
    if kind not in Vehicle.Kind.values:
        raise not_valid("kind", Why.NOT_A_CHOICE)
    try:
        with transaction.atomic():
            made = Vehicle.objects.create(
                station_id=place.id, call_sign=sign, kind=kind
            )
    except IntegrityError:
        raise RuleBroken(Rule.CALL_SIGN_TAKEN, vehicle=sign) from None
    _tell("vehicle_added", made, place, by=by, at=at)
    return made


@transaction.atomic
def set_in_use(
    *, place: StationPlace, vehicle_id: int, is_in_use: bool, by: User, at: datetime
) -> Vehicle:
    """Take a vehicle out of use, or back. One that is out is not taken away from its crew.

    Raises `RuleBroken`: VEHICLE_IS_OUT (vehicle).
    """
    row = Vehicle.objects.select_for_update().get(pk=vehicle_id, station=place.id)
    if row.is_in_use == is_in_use:
        return row
    if not is_in_use and row.missions.filter(ended_at=None, free_at=None).exists():
        raise RuleBroken(Rule.VEHICLE_IS_OUT, vehicle=row.call_sign)
    row.is_in_use = is_in_use
    row.save(update_fields=["is_in_use"])
    what = "vehicle_taken_in" if is_in_use else "vehicle_taken_out"
    _tell(what, row, place, by=by, at=at)
    return row


def _tell(
    what: str, row: Vehicle, place: StationPlace, *, by: User, at: datetime
) -> None:
    audit.log(
        what=what,
        by=by,
        at=at,
        district_id=place.district_id,
        place=place.code,
        table="records_vehicle",
        row_id=row.pk,
        purpose="",
    )
    for sentral in place.sentraler:
        announce(Topic.MISSIONS, sentral_id=sentral)
