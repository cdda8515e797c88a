"""Staffing models side by side: `/vaktplan/modeller/`."""

from datetime import timedelta

from django.contrib import messages as notes
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from varde.apps.sentral.messages import explain
from varde.apps.sentral.views.period import csv_answer
from varde.apps.staffing import comparison_form as form
from varde.apps.staffing.access import OVERSEERS
from varde.apps.staffing.messages import model_words as words
from varde.apps.staffing.paper.comparison import draw_comparison
from varde.apps.staffing.queries.comparison import asking, grounds, shown, tables
from varde.apps.staffing.queries.pay_tables import FORM
from varde.apps.staffing.rota_access import comparison_for
from varde.apps.staffing.services import comparing
from varde.apps.staffing.views.page import show
from varde.apps.staffing.views.working_at import at_workplace
from varde.domain.errors import RuleBroken


WEEK = timedelta(weeks=1)


@require_GET
@at_workplace(*OVERSEERS)
def comparisons(request):
    """The comparisons of the station, and the models that there are."""
    return _list(request)


@require_http_methods(["GET", "POST"])
@at_workplace(*OVERSEERS)
def new_comparison(request):
    """The assumptions, filled with what the place has. POST counts."""
    if request.workplace.station_id is None:
        raise Http404
    models, today = grounds.models(), timezone.localdate()
    if request.method == "GET":
        return _form(request, _begun(request, models, today), models, today)
    typed = form.kept(request.POST, models=models)
    asked, problems = form.read(typed, models=models, today=today)
    if asked is None:
        return _form(request, typed, models, today, problems=problems)
    try:
        row = comparing.ask_comparison(
            workplace=request.workplace,
            name=asked.name,
            typed=typed,
            assumed=asking.stored_row(request.workplace, asked, on=today),
            weeks_all=grounds.MOST_WEEKS * len(asked.chosen),
            by=request.user,
            at=timezone.now(),
        )
    except RuleBroken as error:
        return _form(request, typed, models, today, problems=[explain(error)])
    return redirect("staffing:comparison", comparison_id=row.pk)


@require_GET
@at_workplace(*OVERSEERS)
def comparison(request, comparison_id):
    """The models side by side. Each table also as CSV."""
    return _comparison(request, comparison_for(request, comparison_id))


@require_GET
@at_workplace(*OVERSEERS)
def pdf(request, comparison_id):
    """The comparison on paper, for the council."""
    row = comparison_for(request, comparison_id)
    if not row.found:
        raise Http404
    drawn = draw_comparison(row, workplace=request.workplace, now=timezone.now())
    answer = HttpResponse(drawn, content_type="application/pdf")
    answer["Content-Disposition"] = (
        f'inline; filename="bemanningsmodeller-{row.pk}.pdf"'
    )
    return answer


@require_POST
@at_workplace(*OVERSEERS)
def stop(request, comparison_id):
    """Stop a comparison, and keep what is counted."""
    row = comparison_for(request, comparison_id)
    comparing.ask_to_stop(comparison_id=row.pk, **_who(request))
    return redirect("staffing:comparison", comparison_id=row.pk)


@require_POST
@at_workplace(*OVERSEERS)
def share(request, comparison_id):
    """Share a comparison: from then on it is never changed."""
    row = comparison_for(request, comparison_id)
    try:
        comparing.share(comparison_id=row.pk, **_who(request))
    except RuleBroken as error:
        return _comparison(request, row, problem=explain(error))
    notes.success(request, _("Sammenligningen er delt, og kan ikke endres lenger."))
    return redirect("staffing:comparison", comparison_id=row.pk)


@require_POST
@at_workplace(*OVERSEERS)
def drop(request, comparison_id):
    """Take away a comparison that is not shared."""
    row = comparison_for(request, comparison_id)
    try:
        comparing.drop(comparison_id=row.pk, **_who(request))
    except RuleBroken as error:
        return _comparison(request, row, problem=explain(error))
    notes.success(request, _("Sammenligningen er slettet."))
    return redirect("staffing:comparisons")


def _who(request):
    return {
        "workplace": request.workplace,
        "by": request.user,
        "at": timezone.now(),
    }


def _list(request):
    now = timezone.now()
    return show(
        request,
        "staffing/models/list.html",
        comparisons=shown.comparisons(request.workplace, now=now),
        models=list(grounds.models().values()),
    )


def _begun(request, models, today):
    """What stands in the form: of the one it begins from, else of the place."""
    start = request.GET.get("fra", "")
    if start:
        number = int(start) if start.isascii() and start.isdecimal() else 0
        return comparison_for(request, min(number, 2**31)).typed
    place = request.workplace
    found = grounds.measured(place, on=today)
    return form.begin(
        models=models,
        people=grounds.people_now(place, on=today),
        first=today + WEEK - timedelta(days=today.weekday()),
        practice_h=grounds.practice_hours(place, on=today),
        minutes=found.busy.minutes,
        prices={one.name: one.value for one in grounds.prices(place, on=today)},
    )


def _form(request, typed, models, today, *, problems=()):
    place = request.workplace
    found = grounds.measured(place, on=today)
    sources = {one.name: one for one in grounds.prices(place, on=today)}
    return show(
        request,
        "staffing/models/new.html",
        typed=typed,
        problems=problems,
        models=[
            {
                "model": model,
                "field": f"m-{model.code}",
                "is_chosen": bool(typed.get(f"m-{model.code}")),
                "groups": [
                    {
                        "field": f"n-{model.code}-{group.code}",
                        "label": words.GROUP[group.code],
                        "value": typed.get(f"n-{model.code}-{group.code}", ""),
                    }
                    for group in model.people
                ]
                + (
                    [
                        {
                            "field": f"n-{model.code}-sites",
                            "label": _("satellitter"),
                            "value": typed.get(f"n-{model.code}-sites", ""),
                        }
                    ]
                    if model.sites
                    else []
                ),
            }
            for model in models.values()
        ],
        forms=[(one.value, words_of) for one, words_of in FORM.items()],
        numbers=[
            {
                "field": one.name,
                "label": one.label,
                "value": typed.get(one.name, ""),
                "hint": "" if one.may_be_empty else _("Må fylles ut."),
            }
            for one in form.NUMBERS
        ],
        prices=[
            {
                "field": f"p-{one.name}",
                "label": one.label,
                "value": typed.get(f"p-{one.name}", ""),
                "source": sources[one.name],
            }
            for one in form.PRICES
        ],
        measured=found,
        a_year=[
            (words.CONTACT[kind], round(count)) for kind, count in found.a_year.items()
        ],
    )


def _comparison(request, row, *, problem=""):
    from varde.apps.staffing.views import model_charts  # slow to load, seldom needed

    found = shown.columns(row)
    if "csv" in request.GET:
        return csv_answer(tables.files(row, found), request.GET["csv"])
    now = timezone.now()
    listed = shown.listed(row, now=now)
    return show(
        request,
        "staffing/models/comparison.html",
        comparison=row,
        state=listed,
        drawn=[listed],
        problem=problem,
        shown=found,
        tables=tables.tables(row, found) if found else [],
        pictures=[(one, shown.picture(one)) for one in found],
        charts={
            "kostnad": _chart("kostnad", model_charts.cost(found)),
            "belastning": _chart(
                "belastning",
                model_charts.load(found, limits=row.assumed["load"]["limits_h"]),
            ),
        }
        if found
        else {},
        how=words.HOW,
        unverified=words.UNVERIFIED if found and shown.has_unverified(row) else "",
        has_other_templates=row.assumed["templates"] != grounds.template_mark(),
    )


def _chart(name, spec):
    titles = {
        "kostnad": _("Kostnaden del for del"),
        "belastning": _("Timer i uka"),
    }
    return {
        "id": name,
        "element": f"c-{name}",
        "title": titles[name],
        "spec": spec,
    }
