"""Which sentral one works at now. Chosen once, kept in the session."""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404

from varde.apps.sentral import access
from varde.apps.sentral.access import AT_THE_DESK


__all__ = ["AT_THE_DESK", "SESSION_KEY", "at_sentral"]

SESSION_KEY = "sentral"


def at_sentral(*roles):
    """Give the view `request.sentral`, for people with one of these roles there.

    Without roles: anybody who works with the sentral. Others get 404.
    """

    def decorate(view):
        @login_required
        @wraps(view)
        def inner(request, *args, **kwargs):
            chosen = request.session.get(SESSION_KEY)
            mine = access.sentraler_of(request, *roles)
            if not mine:
                raise Http404
            wanted = chosen if chosen in mine else None
            if wanted is None and chosen is not None and not roles:
                request.session.pop(SESSION_KEY)
            request.sentral = access.sentral_in_hand(
                request, request.user, wanted or _first(mine)
            )
            return view(request, *args, **kwargs)

        return inner

    return decorate


def _first(sentraler):
    return min(sentraler)
