"""What the screen of the waiting room shows: tickets and waits, nothing of anybody."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from varde.apps.records.kept import kept
from varde.apps.station.access import StationPlace
from varde.apps.station.queries.board import board
from varde.engines.waiting.estimate import Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """One who waits, and how long yet, as far as that can be said."""

    ticket: str
    wait: Estimate | None


@kept
def waiting_room(place: StationPlace, *, minute: datetime) -> dict[str, Any]:
    """The tickets by number, not by place: the order on the board is not theirs to see,
    nor who is rød: that is no queue.

    Kept for seconds, since anybody may ask.
    """
    waiting = board(place, now=minute)["waiting"]
    rows = [
        Called(ticket=one.ticket, wait=one.wait)
        for one in waiting
        if one.place is not None
    ]
    return {
        "rows": sorted(rows, key=lambda row: row.ticket),
        "waiting_count": len(rows),
    }
