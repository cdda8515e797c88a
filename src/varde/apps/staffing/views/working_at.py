"""Which workplace one plans for now. Chosen once, kept in the session."""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404

from varde.apps.staffing import access


SESSION_KEY = "workplace"


def at_workplace(*roles):
    """Give the view `request.workplace` and `request.workplaces`.

    For people with one of these roles there; without roles, anybody who works there.
    Others get 404. `?sted=stasjon-HEL` chooses another of one's own.
    """

    def decorate(view):
        @login_required
        @wraps(view)
        def inner(request, *args, **kwargs):
            mine = {p.key: p for p in access.workplaces_of(request, *roles)}
            asked = request.GET.get("sted")
            if not mine or (asked is not None and asked not in mine):
                raise Http404
            if asked is not None:
                request.session[SESSION_KEY] = asked
            key = asked or request.session.get(SESSION_KEY)
            request.workplace = mine.get(key) or next(iter(mine.values()))
            request.workplaces = tuple(mine.values())
            return view(request, *args, **kwargs)

        return inner

    return decorate
