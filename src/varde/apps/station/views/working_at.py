"""Which station one works at now. Chosen once, kept in the session."""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404

from varde.apps.station import access


SESSION_KEY = "station"


def at_station(*roles):
    """Give the view `request.station` (a `StationPlace`) and `request.sentral`.

    For people with one of these roles there; without roles, anybody who works with the
    station. Others get 404. `?stasjon=CODE` chooses another of one's own.
    """

    def decorate(view):
        @login_required
        @wraps(view)
        def inner(request, *args, **kwargs):
            mine = {p.code: p for p in access.stations_of(request, *roles)}
            if not mine:
                raise Http404
            asked = request.GET.get("stasjon")
            if asked is not None and asked not in mine:
                raise Http404
            if asked is not None:
                request.session[SESSION_KEY] = asked
            code = asked or request.session.get(SESSION_KEY)
            request.station = mine.get(code) or next(iter(mine.values()))
            request.stations = tuple(mine.values())
            request.sentral = access.sentral_of(request.station)
            return view(request, *args, **kwargs)

        return inner

    return decorate
