"""What will come: `/plan/dimensjonering/behov/`."""

from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from varde.apps.planning.queries import demand_shown as shown
from varde.apps.planning.queries import demand_tables, kept
from varde.apps.planning.services import forecasting
from varde.apps.sentral.views.period import csv_answer
from varde.apps.staffing.access import OVERSEERS
from varde.apps.staffing.views.page import show
from varde.apps.staffing.views.working_at import at_workplace


MOST_WEEKS, WEEKS = 13, 4
BY_DAY, BY_HOUR = "dager", "timer"
DAYS_OF_HOURS = 7  # before and after, where the chart is hour by hour


@require_GET
@at_workplace(*OVERSEERS)
def demand(request):
    """What has come, what is expected, and how sure that is. Each table also as CSV."""
    now = timezone.now()
    row = kept.newest(request.workplace)
    weeks, problem = _weeks(request.GET.get("uker", ""))
    view = BY_HOUR if request.GET.get("vis") == BY_HOUR else BY_DAY
    tables = (
        demand_tables.tables(row.found, weeks=weeks, days=DAYS_OF_HOURS) if row else []
    )
    if "csv" in request.GET:
        return csv_answer(tables, request.GET["csv"])
    return show(
        request,
        "planning/demand.html",
        problem=problem,
        forecast=row,
        progress=kept.progress(request.workplace, now=now),
        weeks=weeks,
        week_choices=range(1, MOST_WEEKS + 1),
        view=view,
        query=f"uker={weeks}&vis={view}",
        **(_told(row, weeks=weeks, view=view, now=now) if row else {}),
        tables={table["id"]: table for table in tables},
    )


@require_POST
@at_workplace(*OVERSEERS)
def demand_again(request):
    """Ask for a new forecast. One that is under way is the answer."""
    forecasting.ask(workplace=request.workplace, by=request.user, at=timezone.now())
    to_operators = request.POST.get("til") == "telefon"
    return redirect("planning:operators" if to_operators else "planning:demand")


def _told(row, *, weeks, view, now):
    # It is slow to load, and a process that draws no chart never needs it.
    from varde.apps.planning.views import demand_charts

    found = row.found
    points = (
        shown.by_hour(found, days=DAYS_OF_HOURS)
        if view == BY_HOUR
        else shown.by_day(found, weeks=weeks)
    )
    title = _("Det som har kommet, og det som ventes")
    return {
        "what": shown.noun(found),
        "history": shown.history_words(found),
        "lacks": shown.lacks_words(found) if "lacks" in found else "",
        "lacking": shown.lacking(row, now=now),
        "figures": demand_tables.figures(found),
        "yesterday": shown.yesterday_words(found) if "ahead" in found else "",
        "yesterday_on": shown.yesterday_on(found) if "ahead" in found else None,
        "is_surprise": bool((found.get("yesterday") or {}).get("is_outside")),
        "heat_weeks": found["heat"]["weeks"] if found["heat"] else 0,
        "chart": {
            "id": "behov",
            "element": "c-behov",
            "title": title,
            "spec": demand_charts.stretch(points, what=shown.noun(found), title=title),
        }
        if points
        else None,
    }


def _weeks(text):
    """The weeks asked for, and what is wrong with them."""
    if not text:
        return WEEKS, ""
    is_number = text.isascii() and text.isdecimal() and len(text) < 4
    if is_number and 1 <= int(text) <= MOST_WEEKS:
        return int(text), ""
    said = _("Skriv et tall fra 1 til %(most)s uker. Her er %(usual)s.")
    return WEEKS, said % {"most": MOST_WEEKS, "usual": WEEKS}
