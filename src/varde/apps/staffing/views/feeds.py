"""`/vaktplan/hvem/kalender/`: one's own calendar addresses, and the calendars behind them."""

from allauth.account.adapter import get_adapter
from django.contrib import messages as notes
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from varde.apps.records import ratelimit, settings
from varde.apps.sentral import messages
from varde.apps.staffing.access import EVERYBODY
from varde.apps.staffing.queries import feeds as queries
from varde.apps.staffing.services import feeds as services
from varde.apps.staffing.views.page import show
from varde.apps.staffing.views.working_at import at_workplace
from varde.domain.errors import RuleBroken
from varde.engines.calendar_feed import etag_of


HOUR_S, MINUTE_S = 3600, 60


@never_cache
@require_http_methods(["GET", "POST"])
@at_workplace(*EVERYBODY)
def feeds(request):
    """One's addresses. A new one is shown once, in the answer that made it, and not kept."""
    if request.method == "GET":
        return _page(request)
    act = request.POST.get("act", "")
    common = {"by": request.user, "at": timezone.now()}
    try:
        if act == "make":
            secret = services.make_feed(place=_place(request), **common)
            return _page(request, address=_address(request, secret))
        feed_id = _own(request)
        if act == "renew":
            secret = services.renew_feed(feed_id=feed_id, **common)
            return _page(request, address=_address(request, secret))
        services.close_feed(feed_id=feed_id, **common)
    except RuleBroken as error:
        return _page(request, problem=messages.explain(error))
    notes.success(
        request, _("Adressen er stengt. Kalendere som brukte den, får ikke mer.")
    )
    return redirect("staffing:feeds")


@require_safe
def feed(request, secret):
    """The calendar at a secret address, for calendar programs: no log-in.

    What is unknown, closed, or of somebody who has left is not there. Too often asked for,
    it is answered with 429, also for guesses from one place.
    """
    now = timezone.now()
    found = queries.feed_at(secret, now=now)
    if found is None:
        if not _allowed(f"feed_refused:{_from(request)}", "refused_per_min", MINUTE_S):
            return _too_often(MINUTE_S)
        raise Http404
    if not _allowed(f"feed:{found.pk}", "fetches_per_hour", HOUR_S):
        return _too_often(HOUR_S // 4)
    content = queries.content_of(found, now=now)
    services.fetched(feed=found, at=now)
    headers = {
        "ETag": etag_of(content),
        "Cache-Control": "private, no-cache",
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex",
    }
    if headers["ETag"] in _known(request):
        return HttpResponseNotModified(headers=headers)
    return HttpResponse(
        content,
        content_type="text/calendar; charset=utf-8",
        headers=headers | {"Content-Disposition": 'inline; filename="varde.ics"'},
    )


def _known(request):
    """The ETags that the program has already."""
    said = request.headers.get("If-None-Match", "")
    return {one.strip().removeprefix("W/") for one in said.split(",")}


def _allowed(key, limit, window_s):
    most = int(settings.value(f"feed.{limit}", on=timezone.localdate()))
    return ratelimit.allow(key, most, window_s)


def _too_often(wait_s):
    return HttpResponse(status=429, headers={"Retry-After": str(wait_s)})


def _from(request):
    try:
        return str(get_adapter(request).get_client_ip(request))[:60]
    except PermissionDenied:
        return ""


def _place(request):
    """The workplace of the form; None for one's own duties."""
    key = request.POST.get("of", "")
    if not key:
        return None
    found = next((one for one in request.workplaces if one.key == key), None)
    if found is None:
        raise Http404
    return found


def _own(request):
    """The id of an open address of one's own."""
    text = request.POST.get("row", "")
    mine = {
        str(one.id)
        for one in queries.feeds_of(request.user, request.workplaces)
        if one.id is not None
    }
    if text not in mine:
        raise Http404
    return int(text)


def _address(request, secret):
    return request.build_absolute_uri(reverse("staffing:feed", args=[secret]))


def _page(request, *, address="", problem=""):
    return show(
        request,
        "staffing/on_duty/feeds.html",
        feeds=queries.feeds_of(request.user, request.workplaces),
        address=address,
        webcal=address.replace("https://", "webcal://", 1)
        if address.startswith("https://")
        else "",
        problem=problem,
    )
