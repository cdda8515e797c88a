"""`/vaktplan/onsker/`: one's own wishes, on a phone."""

from datetime import timedelta

from django.contrib import messages as notes
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from varde.apps.records.models import Wish
from varde.apps.sentral import messages
from varde.apps.staffing.access import EVERYBODY
from varde.apps.staffing.messages import rota_words as words
from varde.apps.staffing.queries.rota import calendar
from varde.apps.staffing.services import wishes as services
from varde.apps.staffing.views.page import show
from varde.apps.staffing.views.working_at import at_workplace
from varde.domain.errors import RuleBroken


@require_http_methods(["GET", "POST"])
@at_workplace(*EVERYBODY)
def wishes(request):
    """One's wishes with a calendar. POST gives one."""
    if request.method == "GET":
        return _wishes(request)
    posted = request.POST
    first = _day(posted.get("first", ""))
    last = _day(posted.get("last", "")) if posted.get("last") else first
    weight = posted.get("weight", "")
    try:
        services.give_wish(
            wants=posted.get("wants", ""),
            first=first,
            last=last,
            weight=int(weight) if weight in {"1", "2", "3"} else 0,
            workplace=request.workplace,
            by=request.user,
            at=timezone.now(),
        )
    except RuleBroken as error:
        return _wishes(request, problem=messages.explain(error), typed=posted)
    notes.success(request, _("Ønsket er lagret."))
    return redirect("staffing:wishes")


@require_POST
@at_workplace(*EVERYBODY)
def take_back(request, wish_id):
    """Take back a wish of one's own."""
    if not Wish.objects.filter(pk=wish_id, person=request.user).exists():
        raise Http404
    try:
        services.take_back_wish(
            wish_id=wish_id,
            workplace=request.workplace,
            by=request.user,
            at=timezone.now(),
        )
    except RuleBroken as error:
        return _wishes(request, problem=messages.explain(error))
    return redirect("staffing:wishes")


def _wishes(request, *, problem="", typed=None):
    now = timezone.now()
    found = calendar.own_calendar(request.user, request.workplace, now=now)
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    return show(
        request,
        "staffing/rota/wishes.html",
        problem=problem,
        typed=typed or {"wants": "free", "weight": "2"},
        earliest=tomorrow,
        wants=words.WANTS.items(),
        weights=[(str(code), word) for code, word in words.WEIGHT.items()],
        **found,
    )


def _day(text):
    try:
        return parse_date(text.strip())
    except ValueError:
        return None
