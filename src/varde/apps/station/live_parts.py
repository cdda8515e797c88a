"""The parts of the station's screens that are kept fresh, and what each is about."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string

from varde.apps.records.live import Topic
from varde.apps.records.models import Role
from varde.apps.station import access
from varde.apps.station.access import CLINICIANS, StationPlace
from varde.apps.station.queries import (
    board,
    conflicts,
    doctor_list,
    doctor_states,
    missions,
    orders,
    safety,
)
from varde.apps.station.queries.beds import board as beds
from varde.apps.station.work_access import AT_WORK
from varde.web.live import Draw, PartScope, register_part


MINUTE_S = 60.0
ALARMS_S = 10.0  # what the clock finds is told at once; this is the net below
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
        "station_wall",
        [Topic.BOARD],
        drawing("station_wall", board.board),
        roles=CLINICIANS,
        every_s=MINUTE_S,
    )
    register_part(
        "station_beds",
        # What the sentral decides about KAD comes with the contacts.
        [Topic.BEDS, Topic.CONTACTS],
        _draw_beds,
        roles=[*CLINICIANS, Role.LEGEVAKTOVERLEGE],
        every_s=MINUTE_S,
    )
    register_part("safety", [Topic.SAFETY], _draw_safety, roles=AT_WORK)
    register_part(
        "station_alarms",
        [Topic.BOARD, Topic.AMK, Topic.DUTY],
        drawing("station_alarms", conflicts.station_alarms),
        roles=[*CLINICIANS, Role.LEGEVAKTOVERLEGE],
        every_s=ALARMS_S,
    )
    register_part(
        "missions",
        [Topic.MISSIONS, Topic.CONTACTS],
        drawing("missions", missions.board),
        roles=[*CLINICIANS, Role.LEGEVAKTOVERLEGE],
        every_s=MINUTE_S,
    )
    _register_doctor()


def _register_doctor() -> None:
    register_part(
        "station_doctors",
        [Topic.DUTY],
        drawing("station_doctors", doctor_states.doctors),
        roles=[*CLINICIANS, Role.LEGEVAKTOVERLEGE],
        every_s=MINUTE_S,
    )
    register_part(
        "station_doctor",
        [Topic.BOARD, Topic.ORDERS],
        drawing("station_doctor", doctor_list.doctor_list),
        roles=[Role.DOCTOR],
        every_s=MINUTE_S,
    )
    register_part(
        "station_orders",
        [Topic.ORDERS],
        drawing("station_orders", orders.to_do),
        roles=[Role.NURSE, Role.DOCTOR],
        every_s=MINUTE_S,
    )


def _draw_beds(scope: PartScope) -> str:
    """The beds, with the way to lay a patient in one for those who may."""
    may_admit = not scope.roles.isdisjoint(CLINICIANS)

    def context(place: StationPlace, *, now: datetime) -> dict[str, Any]:
        return beds.board(place, now=now) | {"may_admit": may_admit}

    return drawing("station_beds", context)(scope)


def _draw_safety(scope: PartScope) -> str:
    """The silent alarms of a station; of all its stations on a sentral's screen."""
    found = safety.standing_for(
        sentral_id=scope.sentral_id, station_id=scope.station_id
    )
    return render_to_string("station/parts/safety.html", {"silent_alarms": found})


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
    place = access.place_of(station_id) if station_id is not None else None
    if place is None:
        raise LookupError(f"station {station_id} is not there any more")
    return place
