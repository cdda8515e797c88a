"""`/vaktplan/<rota>/forslag/`: the optimiser. Run, follow, stop, compare, take."""

from django.contrib import messages as notes
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from varde.apps.records.models import Rota
from varde.apps.sentral import messages
from varde.apps.staffing.access import PLANNERS
from varde.apps.staffing.queries.rota import lists, proposals, reasons
from varde.apps.staffing.queries.rota.ground import ground_of
from varde.apps.staffing.rota_access import rota_for, run_for
from varde.apps.staffing.services.rota import running
from varde.apps.staffing.views.page import show
from varde.apps.staffing.views.working_at import at_workplace
from varde.domain.errors import RuleBroken


SECONDS = (30, 60, 120, 300, 600)
USUAL_S = 60


@require_http_methods(["GET", "POST"])
@at_workplace(*PLANNERS)
def runs(request, rota_id):
    """What stands in the way, the runs, and a new one. POST asks for a run."""
    row = rota_for(request, rota_id)
    if request.method == "GET":
        return _runs(request, row)
    seconds = _number(request.POST.get("seconds", ""))
    try:
        running.ask_run(
            rota_id=row.pk,
            seconds=seconds if seconds in SECONDS else USUAL_S,
            seed=_number(request.POST.get("seed", "")),
            workplace=request.workplace,
            by=request.user,
            at=timezone.now(),
        )
    except RuleBroken as error:
        return _runs(request, row, problem=messages.explain(error))
    return redirect("staffing:rota_runs", rota_id=row.pk)


@require_POST
@at_workplace(*PLANNERS)
def stop(request, run_id):
    """Stop a run, and keep what it has found."""
    run = run_for(request, run_id)
    running.ask_to_stop(
        run_id=run.pk,
        workplace=request.workplace,
        by=request.user,
        at=timezone.now(),
    )
    return redirect("staffing:rota_runs", rota_id=run.rota_id)


@require_POST
@at_workplace(*PLANNERS)
def take(request, run_id):
    """Put a proposal into the draft."""
    run = run_for(request, run_id)
    try:
        count = running.take(
            run_id=run.pk,
            seen=_number(request.POST.get("seen", "")),
            workplace=request.workplace,
            by=request.user,
            at=timezone.now(),
        )
    except RuleBroken as error:
        return _runs(request, run.rota, problem=messages.explain(error))
    notes.success(
        request, _("%(count)s vakter er endret i utkastet.") % {"count": count}
    )
    return redirect("staffing:rota", rota_id=run.rota_id)


@require_GET
@at_workplace(*PLANNERS)
def compare(request, rota_id):
    """Two proposals side by side."""
    row = rota_for(request, rota_id)
    chosen = [
        row.runs.filter(pk=_number(request.GET.get(name, ""))).first()
        for name in ("a", "b")
    ]
    if None in chosen:
        raise Http404
    ground = ground_of(row, workplace=request.workplace)
    return show(
        request,
        "staffing/rota/compare.html",
        rota=row,
        title=lists.title(row),
        compared=proposals.compare(ground, *chosen),
    )


def _runs(request, row, *, problem=""):
    now = timezone.now()
    ground = ground_of(row, workplace=request.workplace)
    listed = lists.runs(row, now=now)
    newest = (
        row.runs.exclude(state__in=running.UNDER_WAY)
        .order_by("-asked_at", "-pk")
        .first()
    )
    return show(
        request,
        "staffing/rota/runs.html",
        rota=row,
        title=lists.title(row),
        is_draft=row.state == Rota.State.DRAFT,
        slot_count=len(ground.slots),
        people=len(ground.there),
        wishes=len(ground.wishes),
        fixed=len(ground.fixed),
        obstacles=reasons.obstacles(ground),
        never=reasons.never_met(ground),
        runs=listed,
        drawn=[(row.pk, row.row_version, run) for run in listed],
        with_rota=[run for run in listed if run.has_rota],
        collision=reasons.collision_words(newest.collision, ground)
        if newest is not None
        else None,
        seconds=SECONDS,
        usual=USUAL_S,
        problem=problem,
        sentral_id=request.workplace.sentraler[0],
    )


def _number(text):
    is_number = text.isascii() and text.isdecimal() and len(text) < 10
    return int(text) if is_number else 0
