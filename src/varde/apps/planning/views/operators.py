"""How many operators: `/plan/dimensjonering/telefon/`."""

from datetime import timedelta
from urllib.parse import urlencode

from django.contrib import messages as notes
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from varde.apps.planning import operators_form as form
from varde.apps.planning.queries import kept
from varde.apps.planning.queries import operators_shown as shown
from varde.apps.planning.queries.operators_asked import Asked
from varde.apps.planning.services import needs
from varde.apps.records.models import OperatorNeed
from varde.apps.sentral.messages import explain
from varde.apps.sentral.views.period import csv_answer
from varde.apps.staffing.access import OVERSEERS, PLANNERS
from varde.apps.staffing.messages.numbers import number
from varde.apps.staffing.views.page import show
from varde.apps.staffing.views.working_at import SESSION_KEY, at_workplace
from varde.domain.errors import Rule, RuleBroken


WEEK = timedelta(weeks=1)


@require_GET
@at_workplace(*OVERSEERS)
def operators(request):
    """The operators of each half hour of a week. What is set is in the address.

    From a station, who plans for one sentral only is at that from here on.
    """
    sentraler = [place for place in request.workplaces if place.sentral_id]
    if request.workplace.sentral_id is None and len(sentraler) == 1:
        (request.workplace,) = sentraler
        request.session[SESSION_KEY] = request.workplace.key
    return _page(request, request.GET)


@require_POST
@at_workplace(*PLANNERS)
def hand_over(request):
    """Hand the week to the rota as its need."""
    if request.workplace.sentral_id is None:
        return _page(request, request.POST)  # says where the sentral is chosen
    found = Asked(request.workplace, request.POST)
    try:
        if found.week is None:
            raise RuleBroken(Rule.NEED_NOT_COUNTED)
        if request.POST.get("prognose") != str(found.row.pk):
            raise RuleBroken(Rule.NEED_FORECAST_CHANGED)
        needs.hand_over(
            workplace=request.workplace,
            first_on=request.POST.get("fra", ""),
            last_on=request.POST.get("til", ""),
            operators=found.week.operators,
            assumed=found.assumed(),
            met=found.week.met,
            by=request.user,
            at=timezone.now(),
            today=timezone.localdate(),
        )
    except RuleBroken as error:
        return _page(request, request.POST, problem=explain(error))
    notes.success(
        request,
        _(
            "Behovet er gitt til vaktplanen. Det vises der det er færre på vakt enn behovet."
        ),
    )
    return redirect("planning:operators")


@require_POST
@at_workplace(*PLANNERS)
def end_need(request, need_id):
    """End a need that the rota has."""
    if request.workplace.sentral_id is None:
        return _page(request, request.GET)
    row = get_object_or_404(
        OperatorNeed, pk=need_id, sentral=request.workplace.sentral_id
    )
    try:
        had_begun = needs.end_need(
            need_id=row.pk,
            workplace=request.workplace,
            by=request.user,
            at=timezone.now(),
            today=timezone.localdate(),
        )
    except RuleBroken as error:
        return _page(request, request.GET, problem=explain(error))
    notes.success(
        request,
        _("Behovet er avsluttet. I dag er siste dag.")
        if had_begun
        else _("Behovet er tatt bort. Det hadde ikke begynt."),
    )
    return redirect("planning:operators")


def _page(request, data, *, problem=""):
    workplace, now = request.workplace, timezone.now()
    if workplace.sentral_id is None:
        return show(
            request,
            "planning/operators.html",
            sentraler=[p for p in request.workplaces if p.sentral_id is not None],
        )
    found = Asked(workplace, data)
    week = found.week
    if "csv" in request.GET:
        return csv_answer([shown.week_table(week)] if week else [], request.GET["csv"])
    today = timezone.localdate(now)
    set_ = found.query()
    return show(
        request,
        "planning/operators.html",
        problems=[*([problem] if problem else []), *found.problems],
        forecast=found.row,
        progress=kept.progress(workplace, now=now),
        has_weeks=bool(found.mondays),
        lacks="lacks" in found.found,
        missing=found.missing,
        measured=_measured(found.found.get("measured")),
        fields=found.fields(),
        weeks=[
            (form.week_code(one), date_format(one, "j. F"), one == found.monday)
            for one in found.mondays
        ],
        week=week,
        days=_days(found.monday) if week else (),
        halves=[(n, row[0]) for n, row in enumerate(week.rows)] if week else (),
        chosen_day=week.chosen // shown.HALVES_A_DAY if week else 0,
        chosen_half=week.chosen % shown.HALVES_A_DAY if week else 0,
        set_=set_,
        query=urlencode(set_),
        first_on=data.get("fra", "") or _first(found.monday, today=today),
        last_on=data.get("til", ""),
        handed=shown.handed(found.sentral, today=today),
        met=_met(week),
    )


def _met(week):
    if week is None:
        return None
    wait_min = week.met["mean_wait_min"]
    return {
        "hours": number(week.hours),
        "planned_hours": None
        if week.planned_hours is None
        else number(week.planned_hours),
        "calls": number(week.met["calls"], decimals=0),
        "within": shown.per_cent(week.met["answered_within"], decimals=1),
        "abandoned": shown.per_cent(week.met["abandoned"], decimals=1),
        "wait_s": "–" if wait_min is None else number(60 * wait_min, decimals=0),
    }


def _measured(measured):
    if measured is None:
        return None
    return {
        "within": shown.per_cent(measured["answered_within"], decimals=1),
        "abandoned": shown.per_cent(measured["abandoned"], decimals=1),
        "told": None
        if measured["told_within"] is None
        else shown.per_cent(measured["told_within"], decimals=1),
        "calls": measured["calls"],
        "left_out": measured["left_out"],
        "limit_s": number(60 * measured["limit_min"], decimals=0),
    }


def _first(monday, *, today):
    """The first day proposed: the week's Monday, or the next one where it has begun."""
    if monday is None or monday < today:
        monday = today + WEEK - timedelta(days=today.weekday())
    return monday.isoformat()


def _days(monday):
    return [
        (n, date_format(day, "l"), date_format(day, "D j. b"))
        for n in range(7)
        for day in [monday + timedelta(days=n)]
    ]
