"""What alarms on every page of the station, of whatever kind."""

from datetime import datetime
from typing import Any

from varde.apps.records.models import Sentral
from varde.apps.sentral.queries import parts
from varde.apps.station.access import StationPlace
from varde.apps.station.queries import conflicts, needs, safety


SILENT, CONFLICT, RED = "silent", "station_conflict", "untaken_red"


def alarms(place: StationPlace, sentral: Sentral, *, now: datetime) -> dict[str, Any]:
    """The silent alarms, the alarms of the sentral, the conflicts and the reds.

    One query where nothing alarms, as nearly always. Never kept: an alarm that somebody
    has just ended is not to be seen on the next page.
    """
    there = parts.which_have_rows(
        sentral,
        parts.alarm_rows(sentral, now=now)
        | {
            SILENT: safety.standing_rows([place]),
            CONFLICT: conflicts.standing_rows(place),
            RED: needs.red_rows([place.id]),
        },
    )
    of_station = conflicts.NO_ALARMS
    if there & {CONFLICT, RED}:
        of_station = conflicts.station_alarms(place, now=now)
    return {
        "silent_alarms": safety.standing([place]) if SILENT in there else (),
        **parts.alarms(sentral, now=now, there=there),
        **of_station,
    }
