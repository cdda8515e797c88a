"""The frame of the station's pages, with its first drawing."""

from django.shortcuts import render
from django.utils import timezone

from varde.apps.station import access
from varde.apps.station.messages import safety as words
from varde.apps.station.queries import frame as frame_queries


def show(request, template, status=200, **context):
    """The page in the frame of the station: which one, and the alarms of its sentral."""
    frame = {
        "station": request.station,
        "stations": request.stations,
        "sentral": request.sentral,
        "roles": access.roles_at(request, request.station),
        "safety_kinds": words.KIND.items(),
        "safety_places": words.WHERE.items(),
        **frame_queries.alarms(request.station, request.sentral, now=timezone.now()),
    }
    return render(request, template, frame | context, status=status)


def may(request, *roles):
    """Whether one of these roles counts at the station in hand."""
    return not access.roles_at(request, request.station).isdisjoint(roles)
