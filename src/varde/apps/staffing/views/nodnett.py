"""`/vaktplan/hvem/nodnett/`: who carries nødnett in office hours, by day."""

from datetime import timedelta

from django.contrib import messages as notes
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from varde.apps.records.models import FastlegeOffice, NodnettDay, Station, User
from varde.apps.sentral import messages
from varde.apps.staffing.access import EVERYBODY, LEADERS, WorkplaceKind
from varde.apps.staffing.messages.on_duty import TURNS_OF
from varde.apps.staffing.people_access import municipalities_of, people_at
from varde.apps.staffing.queries import nodnett as queries
from varde.apps.staffing.queries import on_duty
from varde.apps.staffing.services import nodnett as services
from varde.apps.staffing.views.page import may, show
from varde.apps.staffing.views.working_at import at_workplace
from varde.domain.errors import RuleBroken


WEEKS_SHOWN = 14
MAKE = ("first_on", "last_on", "turns_of")
ADD = ("part", "radio", "phone", "first_on", "last_on")


@require_http_methods(["GET", "POST"])
@at_workplace(*EVERYBODY)
def nodnett(request):
    """The rotation by week, and those in it. POST shares out days, adds or ends a member."""
    if request.method == "GET":
        return _page(request)
    acts = {"make": _make, "add": _add, "end": _end}
    act = request.POST.get("act", "")
    is_station = request.workplace.kind is WorkplaceKind.STATION
    if act not in acts or not is_station or not may(request, *LEADERS):
        raise Http404
    try:
        acts[act](request)
    except RuleBroken as error:
        return _page(request, problem=messages.explain(error), sent=request.POST)
    notes.success(request, _("Lagret."))
    return redirect("staffing:nodnett")


@require_POST
@at_workplace(*LEADERS)
def day(request, day_id):
    """Give a day to another, or to nobody."""
    row = NodnettDay.objects.filter(
        pk=day_id, station=request.workplace.station_id
    ).first()
    if row is None:
        raise Http404
    member = request.POST.get("member", "")
    try:
        services.change_day(
            day_id=row.pk,
            member_id=_number(member) if member else None,
            seen=_number(request.POST.get("seen", "")),
            workplace=request.workplace,
            by=request.user,
            at=timezone.now(),
        )
    except RuleBroken as error:
        return _page(
            request, problem=messages.explain(error), sent=request.POST, of_day=row.pk
        )
    notes.success(request, _("Dagen er endret."))
    return redirect("staffing:nodnett")


def _make(request):
    services.make_days(
        **{name: request.POST.get(name, "") for name in MAKE},
        workplace=request.workplace,
        by=request.user,
        at=timezone.now(),
        today=timezone.localdate(),
    )


def _add(request):
    """A doctor of the workplace, or a surgery of its municipality: `p-5`, `k-7`."""
    kind, _dash, number = request.POST.get("member", "").partition("-")
    pk = _number(number)
    person = office = None
    if kind == "p" and pk in people_at(request.workplace, on=timezone.localdate()):
        person = User.objects.get(pk=pk)
    elif kind == "k":
        office = _offices(request).filter(pk=pk).first()
    services.add_member(
        person=person,
        office=office,
        **{name: request.POST.get(name, "") for name in ADD},
        workplace=request.workplace,
        by=request.user,
        at=timezone.now(),
    )


def _end(request):
    pk = _number(request.POST.get("row", ""))
    known = queries.members_of(
        Station.objects.get(pk=request.workplace.station_id),
        first=timezone.localdate(),
        last=timezone.localdate() + timedelta(weeks=WEEKS_SHOWN),
    )
    if pk not in {one.pk for one in known}:
        raise Http404
    services.end_member(
        member_id=pk,
        last_on=request.POST.get("last_on", ""),
        workplace=request.workplace,
        by=request.user,
        at=timezone.now(),
        today=timezone.localdate(),
    )


def _offices(request):
    return FastlegeOffice.objects.filter(
        municipality__in=municipalities_of(request.workplace)
    ).order_by("name", "pk")


def _page(request, *, problem="", sent=None, of_day=None):
    now = timezone.now()
    today = timezone.localdate(now)
    monday = today - timedelta(days=today.weekday())
    until = monday + timedelta(weeks=WEEKS_SHOWN, days=-1)
    is_station = request.workplace.kind is WorkplaceKind.STATION
    may_change = is_station and may(request, *LEADERS)
    stations = [
        place
        for place in on_duty.house_of(request.workplace)
        if place.kind is WorkplaceKind.STATION
    ]
    shown = [request.workplace] if is_station else stations
    parts = []
    for place in shown:
        station = Station.objects.get(pk=place.station_id)
        weeks, members = queries.weeks(station, first=monday, last=until, now=now)
        parts.append({"name": place.name, "weeks": weeks, "members": members})
    people = User.objects.none()
    if may_change:
        ids = people_at(request.workplace, on=today)
        people = User.objects.filter(pk__in=ids).order_by("first_name", "last_name")
    return show(
        request,
        "staffing/on_duty/nodnett.html",
        parts=parts,
        may_change=may_change,
        people=people,
        offices=_offices(request) if may_change else (),
        turns=TURNS_OF.items(),
        today=today,
        last=until,
        problem=problem,
        sent=sent or {},
        of_day=of_day,
    )


def _number(text):
    is_number = text.isascii() and text.isdecimal() and len(text) < 16
    return int(text) if is_number else 0
