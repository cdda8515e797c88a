"""The stations on the page for when the server is gone: who is here, expected, in a bed.

The page is the sentral's, which knows no station's room: this room gives it a part.
"""

from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from varde.apps.records.models import Contact, Sentral
from varde.apps.records.scope import districts_served
from varde.apps.sentral import downtime
from varde.apps.station.access import StationPlace, stations_in
from varde.apps.station.queries import board
from varde.apps.station.queries.beds import board as beds


def register() -> None:
    """Make the part known to the page."""
    downtime.add_part(read, draw)


def read(sentral: Sentral, *, now: datetime) -> list[dict[str, Any]]:
    """Every station that the sentral answers for. Asked in the scope of its districts."""
    served = districts_served([sentral.pk], on=timezone.localdate(now))
    places = stations_in(frozenset(served))
    return [_station(place, now=now) for place in places]


def draw(stations: list[dict[str, Any]]) -> str:
    """The part as it stands on the page."""
    return render_to_string("station/downtime/stations.html", {"stations": stations})


def _station(place: StationPlace, *, now: datetime) -> dict[str, Any]:
    found = board.board(place, now=now)
    groups = beds.board(place, now=now)["groups"]
    here = [*found["waiting"], *found["with_doctor"]]
    in_beds = [row for group in groups for row in group.rows]
    return {
        "place": place,
        "here": here,
        "expected": found["expected"],
        "beds": in_beds,
        "silent": _silent(
            {
                *(one.contact_id for one in (*here, *found["expected"])),
                *(row.lies.contact_id for row in in_beds if row.lies is not None),
            }
        ),
    }


def _silent(contact_ids: set[int]) -> set[int]:
    """The contacts whose free text may hold an address that must not be shown."""
    rows = Contact.objects.filter(pk__in=contact_ids).select_related("patient")
    return {
        row.pk
        for row in rows
        if row.patient is not None and not row.patient.shows_address
    }
