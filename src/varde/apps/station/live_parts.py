"""The parts of the station's screens that are kept fresh, and what each is about."""

from collections.abc import Callable
from typing import Any

from django.template.loader import render_to_string

from varde.apps.records.live import Topic
from varde.apps.records.models import Role
from varde.apps.station import access
from varde.apps.station.access import CLINICIANS, StationPlace
from varde.apps.station.queries import board, missions
from varde.web.live import Draw, PartScope, register_part


MINUTE_S = 60.0
Context = Callable[..., dict[str, Any]]


def register() -> None:
    """Make the parts known. Those that the clock alone changes are drawn each minute."""
    register_part(
        "station_board",
        [Topic.BOARD],
        drawing("station_board", board.board),
        roles=[*CLINICIANS, Role.LEGEVAKTOVERLEGE],
        every_s=MINUTE_S,
    )
    register_part(
        "missions",
        [Topic.MISSIONS, Topic.CONTACTS],
        drawing("missions", missions.board),
        roles=[*CLINICIANS, Role.LEGEVAKTOVERLEGE],
        every_s=MINUTE_S,
    )


def drawing(template: str, context: Context) -> Draw:
    """A function that draws one template of `station/parts/` for a station.

    `context` is called with the place, `now` and the roles of those who watch.
    """

    def draw(scope: PartScope) -> str:
        place = _place(scope.station_id)
        return render_to_string(
            f"station/parts/{template}.html",
            {
                "station": place,
                "roles": scope.roles,
                **context(place, now=scope.at),
            },
        )

    return draw


def _place(station_id: int | None) -> StationPlace:
    for place in access.all_stations():
        if place.id == station_id:
            return place
    raise LookupError(f"station {station_id} is not there any more")
