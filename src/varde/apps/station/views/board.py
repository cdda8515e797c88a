"""The station's board, the wall screen, and the waiting room's screen."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from varde.apps.records.models import Role
from varde.apps.records.scope import scoped
from varde.apps.station.access import CLINICIANS, place_named
from varde.apps.station.queries import board as queries
from varde.apps.station.queries import doctor_states, equipment
from varde.apps.station.queries.waiting_room import waiting_room as room_queries
from varde.apps.station.views.page import show
from varde.apps.station.views.working_at import at_station


@require_GET
@at_station(*CLINICIANS, Role.LEGEVAKTOVERLEGE)
def board(request):
    """Everybody who is here, kept fresh."""
    return board_page(request)


def board_page(request, *, problem=""):
    """The page of the board, with what was refused on it."""
    now = timezone.now()
    return show(
        request,
        "station/board/board.html",
        problem=problem,
        overdue=equipment.overdue(request.station, now=now),
        **queries.board(request.station, now=now),
        **doctor_states.doctors(request.station, now=now),
    )


@require_GET
@at_station(*CLINICIANS)
def wall(request):
    """The board for a wall in a room of the staff: large, and without names."""
    found = queries.board(request.station, now=timezone.now())
    return show(request, "station/board/wall.html", **found)


@require_GET
def waiting_room(request, station_code):
    """The screen of the waiting room, for everybody: tickets and waits, no names.

    No log-in: it stands on a wall. It sees the station's own district and nothing is
    shown of a patient but the ticket.
    """
    place = place_named(station_code)
    if place is None:
        raise Http404
    now = timezone.now()
    with scoped(districts=[place.district_id]):
        found = room_queries(place, minute=now.replace(second=0, microsecond=0))
    context = {"place": place, "now": now, **found}
    return render(request, "station/board/waiting_room.html", context)
