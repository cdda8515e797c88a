"""The years ahead: `/vaktplan/framover/`."""

from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from varde.apps.sentral.messages import explain
from varde.apps.sentral.views.period import csv_answer
from varde.apps.staffing import ahead_form
from varde.apps.staffing.access import OVERSEERS, PLANNERS
from varde.apps.staffing.queries import ahead as queries
from varde.apps.staffing.queries import ahead_tables
from varde.apps.staffing.services.born_year import set_born_years
from varde.apps.staffing.views.page import show
from varde.apps.staffing.views.working_at import at_workplace
from varde.domain.errors import RuleBroken


@require_GET
@at_workplace(*OVERSEERS)
def ahead(request):
    """The assumptions, what follows from them, and the same as CSV."""
    return _page(request)


@require_POST
@at_workplace(*PLANNERS)
def born_years(request):
    """Write the doctors' birth years. What was typed is kept when it is refused."""
    typed = {
        int(name.removeprefix("f-")): text[:10]
        for name, text in request.POST.items()
        if name.removeprefix("f-").isdecimal() and name.startswith("f-")
    }
    try:
        set_born_years(
            workplace=request.workplace, typed=typed, by=request.user, at=timezone.now()
        )
    except RuleBroken as error:
        return _page(request, born=typed, born_problem=explain(error))
    return redirect("staffing:ahead")


def _page(request, *, born=None, born_problem=""):
    today = timezone.localdate()
    here = queries.doctors_at(request.workplace, on=today)
    typed = ahead_form.filled(
        request.GET,
        usual=queries.usual_assumptions(request.workplace, on=today),
        shape=queries.shape_now(request.workplace, on=today),
        lis1=here.lis1,
    )
    asked, problems = ahead_form.read(typed)
    if not here.doctors:
        asked, problems = None, ()
    shown = _found(here, asked, today) if asked else {}
    if "csv" in request.GET:
        if not shown:
            raise Http404
        return csv_answer(shown["tables"], request.GET["csv"])
    return show(
        request,
        "staffing/ahead/ahead.html",
        typed=typed,
        problems=problems if "aar" in request.GET else (),
        asks_shape=bool(problems) and "aar" not in request.GET,
        here=here,
        people=_people(here, born or {}),
        born_problem=born_problem,
        query=urlencode({one.field.name: one.text for one in typed}),
        runs=queries.RUNS,
        seed=queries.SEED,
        **shown,
    )


def _found(here, asked, today):
    # The charts are slow to load, and seldom needed.
    from varde.apps.staffing.views.ahead_chart import people_by_year

    found = queries.ahead(here.doctors, asked.assumptions, on=today, years=asked.years)
    table = ahead_tables.year_table(found, asked, year=today.year)
    chart = {
        "id": table["id"],
        "element": "c-framover",
        "title": _("Leger i vakt, år for år"),
        "spec": people_by_year(found, year=today.year),
    }
    return {
        "found": found,
        "answer": ahead_tables.answer(found, asked, doctors=len(here.doctors)),
        "likely": ahead_tables.likely(found, asked),
        "tables": [table | {"charts": [chart]}],
    }


def _people(here, born):
    return [
        {
            "id": one.user_id,
            "name": one.name,
            "born": born.get(one.user_id, one.born_year or ""),
            "is_out": one.back_in != 0,
        }
        for one in here.doctors
    ]
