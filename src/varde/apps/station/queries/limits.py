"""What the hastegrad allows a waiting patient at a station, and what is left of it."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.utils import timezone

from varde.apps.records import settings
from varde.apps.records.models import Attendance
from varde.domain.board_order import WaitingPatient, board_order
from varde.domain.hastegrad import ARRIVAL


def arrival_minutes(
    *, station_id: int, district_id: int, on: date
) -> Mapping[str, int]:
    """The minutes that each hastegrad allows at this station on that day."""
    found: dict[str, int | None] = settings.value(
        "arrival.minutes",
        on=on,
        station_id=station_id,
        district_id=district_id,
    )
    return {code: minutes for code, minutes in found.items() if minutes is not None}


def as_waiting(row: Attendance) -> WaitingPatient:
    """The patient as the order of the board sees one."""
    code = row.contact.hastegrad_arrival
    return WaitingPatient(
        patient_id=str(row.pk),
        level=ARRIVAL.level(code) if code else None,
        arrived_at=row.arrived_at,
        last_seen_at=row.last_seen_at,
    )


def time_left(row: Attendance, *, at: datetime) -> timedelta | None:
    """What is left until somebody must look at this patient; None for rød."""
    minutes = arrival_minutes(
        station_id=row.station_id,
        district_id=row.district_id,
        on=timezone.localdate(at),
    )
    (placed,) = board_order([as_waiting(row)], now=at, minutes=minutes)
    return placed.time_left
