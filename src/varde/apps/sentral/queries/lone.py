"""Those who are out alone and gave no sign of life in time, until somebody has answered."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from varde.apps.records.models import LoneAlarm, Sentral


@dataclass(frozen=True, slots=True, kw_only=True)
class LoneAlarmShown:
    """An alarm that stands. `crew` is their names; `sign_at` a sign after the alarm."""

    mission_id: int
    station: str
    crew: str
    last_sign_at: datetime
    sign_at: datetime | None


def standing(sentral: Sentral) -> tuple[LoneAlarmShown, ...]:
    """Every alarm of the sentral's stations that stands, the oldest first.

    One query where there is none, as nearly always.
    """
    rows = (
        standing_rows(sentral)
        .select_related("mission__station")
        .prefetch_related("mission__crew__person")
        .order_by("raised_at", "pk")
    )
    return tuple(
        LoneAlarmShown(
            mission_id=row.mission_id,
            station=row.mission.station.name,
            crew=", ".join(
                one.person.name
                for one in row.mission.crew.all()
                if one.until is None or row.mission.free_at is not None
            ),
            last_sign_at=row.last_sign_at,
            sign_at=row.sign_at,
        )
        for row in rows
    )


def standing_rows(sentral: Sentral) -> QuerySet[LoneAlarm]:
    """Their rows."""
    return LoneAlarm.objects.filter(sentral=sentral, answered_at=None)
