"""Compensating measures where people have far: `/plan/dimensjonering/reisetid/tiltak/`."""

from django.contrib import messages as notes
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from varde.apps.planning.measure_kinds import measure_kinds
from varde.apps.planning.queries import measures as queries
from varde.apps.planning.queries.travel import far_everywhere
from varde.apps.planning.services import measures as services
from varde.apps.planning.travel_form import USUAL_LIMIT
from varde.apps.planning.travel_ground import measured_on
from varde.apps.planning.views.travel_page import draw, page_of, wait, waits
from varde.apps.records.models import CompensatingMeasure
from varde.apps.sentral.messages import explain
from varde.apps.sentral.views.period import csv_answer
from varde.apps.staffing.access import OVERSEERS
from varde.apps.staffing.views.working_at import at_workplace
from varde.domain.errors import RuleBroken


FIELDS = ("responsible", "due_on", "state", "note")


@require_http_methods(["GET", "POST"])
@at_workplace(*OVERSEERS)
def measures(request):
    """The far places of the district and what is planned. POST plans one more."""
    if request.method == "GET" and waits(request):
        return wait(request)
    page = page_of(request)
    far = _far(page)
    if request.method == "GET":
        return _list(request, page, far)
    try:
        services.plan_measure(
            workplace=request.workplace,
            at_place=queries.measure_place(far, request.POST.get("place", "")),
            kind=request.POST.get("kind", ""),
            by=request.user,
            at=timezone.now(),
            **_typed(request),
        )
    except RuleBroken as error:
        return _list(request, page, far, problem=explain(error))
    notes.success(request, _("Tiltaket er planlagt."))
    return redirect("planning:measures")


@require_http_methods(["GET", "POST"])
@at_workplace(*OVERSEERS)
def measure(request, measure_id):
    """One measure. POST changes it."""
    there = CompensatingMeasure.objects.filter(
        pk=measure_id, district_id=request.workplace.district_id
    )
    if not there.exists():
        raise Http404
    problem = ""
    if request.method == "POST":
        try:
            services.change_measure(
                workplace=request.workplace,
                measure_id=measure_id,
                seen=request.POST.get("seen", ""),
                by=request.user,
                at=timezone.now(),
                **_typed(request),
            )
        except RuleBroken as error:
            problem = explain(error)
        else:
            notes.success(request, _("Lagret."))
            return redirect("planning:measures")
    row = there.select_related("municipality", "made_by", "changed_by").get()
    typed = _typed(request) if problem else {one: getattr(row, one) for one in FIELDS}
    return draw(
        request,
        page_of(request),
        "planning/travel/measure.html",
        row=row,
        kind=measure_kinds().get(row.kind),
        problem=problem,
        typed=typed,
        due_on=typed["due_on"] if problem else f"{row.due_on:%Y-%m-%d}",
        states=list(queries.state_words().items()),
        state_now=queries.state_words()[row.state],
    )


def _typed(request):
    return {name: request.POST.get(name, "") for name in FIELDS}


def _far(page):
    """Those with more than an hour as things usually are, whatever the address asks."""
    return far_everywhere(
        page.here,
        measured_on(page.here, page.asked.usual, on=page.today),
        limit_min=USUAL_LIMIT,
        own=page.own,
    )


def _list(request, page, far, *, problem=""):
    lines = queries.lines_of(request.workplace, today=page.today)
    found = queries.by_place(far, lines)
    made = queries.measure_table(found)
    if "csv" in request.GET:
        return csv_answer([made], request.GET["csv"])
    return draw(
        request,
        page,
        "planning/travel/measures.html",
        problem=problem,
        typed=request.POST or {"place": request.GET.get("plass", "")},
        found=found,
        counts=queries.counts(found),
        far=far,
        kinds=measure_kinds().values(),
        states=list(queries.state_words().items()),
        limit_min=USUAL_LIMIT,
    )
