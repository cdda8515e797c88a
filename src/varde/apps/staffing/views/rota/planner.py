"""The planner's screen: `/vaktplan/<rota>/`, and what is done to a rota from there."""

from django.contrib import messages as notes
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from varde.apps.records.models import Rota
from varde.apps.sentral import messages
from varde.apps.staffing.access import EVERYBODY, LEADERS, PLANNERS
from varde.apps.staffing.messages import rota_words as words
from varde.apps.staffing.paper import draw_rota
from varde.apps.staffing.people_access import SEE_VIKARER
from varde.apps.staffing.queries.beyond_approval import beyond_approval
from varde.apps.staffing.queries.rota import lists, needs, reasons
from varde.apps.staffing.queries.rota.grid import CHOICES, WEEKS, grid
from varde.apps.staffing.queries.rota.ground import ground_of
from varde.apps.staffing.queries.rota.judging import judged
from varde.apps.staffing.rota_access import rota_for
from varde.apps.staffing.services.rota import changing, making, publishing
from varde.apps.staffing.views.page import may, show
from varde.apps.staffing.views.working_at import at_workplace
from varde.domain.errors import RuleBroken


PEOPLE, DAYS = "folk", "dager"


@require_GET
@at_workplace(*EVERYBODY)
def rota(request, rota_id):
    """The grid: weeks by people, or days by posts. To the script, only the grid."""
    return _rota(request, rota_for(request, rota_id))


@require_POST
@at_workplace(*PLANNERS)
def judge(request, rota_id):
    """What a change would do, while one drags. Changes nothing."""
    row = rota_for(request, rota_id)
    place, person = request.POST.get("place", ""), request.POST.get("person", "")
    verdict = judged(
        row, {place: person or None}, workplace=request.workplace, now=timezone.now()
    )
    if verdict is None:
        raise Http404
    return JsonResponse(verdict.as_json())


@require_POST
@at_workplace(*PLANNERS)
def undo(request, rota_id):
    """Take back one's own last change."""
    row = rota_for(request, rota_id)
    try:
        changing.undo(
            rota_id=row.pk,
            workplace=request.workplace,
            by=request.user,
            at=timezone.now(),
        )
    except RuleBroken as error:
        return _refused(request, row, error)
    if request.htmx:
        return JsonResponse({"is_done": True})
    return redirect("staffing:rota", rota_id=row.pk)


@require_POST
@at_workplace(*PLANNERS)
def publish(request, rota_id):
    """The draft becomes the rota."""
    row = rota_for(request, rota_id)
    try:
        publishing.publish(
            rota_id=row.pk,
            seen=_number(request.POST.get("seen", "")),
            workplace=request.workplace,
            by=request.user,
            at=timezone.now(),
        )
    except RuleBroken as error:
        return _refused(request, row, error)
    notes.success(request, _("Planen er publisert. Alle ser den nå."))
    return redirect("staffing:rota", rota_id=row.pk)


@require_POST
@at_workplace(*PLANNERS)
def drop(request, rota_id):
    """Throw a draft away."""
    row = rota_for(request, rota_id)
    try:
        making.drop_draft(
            rota_id=row.pk,
            workplace=request.workplace,
            by=request.user,
            at=timezone.now(),
        )
    except RuleBroken as error:
        return _refused(request, row, error)
    notes.success(request, _("Utkastet er kastet."))
    return redirect("staffing:rotas")


@require_GET
@at_workplace(*EVERYBODY)
def person(request, rota_id, person_id):
    """Why a person has the duties that they have."""
    row = rota_for(request, rota_id)
    sees_all = may(request, *PLANNERS) or person_id == request.user.pk
    found = reasons.reasons(
        row, person_id, workplace=request.workplace, with_wishes=sees_all
    )
    if found is None:
        raise Http404
    return show(
        request,
        "staffing/rota/person.html",
        rota=row,
        title=lists.title(row),
        person=found,
        may_say_away=row.state == Rota.State.PUBLISHED and may(request, *LEADERS),
    )


@require_GET
@at_workplace(*EVERYBODY)
def history(request, rota_id):
    """Every change of the rota. Reasons are for those who lead."""
    row = rota_for(request, rota_id)
    is_leader = may(request, *LEADERS)
    return show(
        request,
        "staffing/rota/history.html",
        rota=row,
        title=lists.title(row),
        changes=lists.history(row, is_leader=is_leader),
        overrides=lists.overrides(row) if is_leader else (),
    )


@require_GET
@at_workplace(*EVERYBODY)
def pdf(request, rota_id):
    """The rota on paper."""
    row = rota_for(request, rota_id)
    drawn = draw_rota(row, workplace=request.workplace, now=timezone.now())
    response = HttpResponse(drawn, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="vaktplan-{row.starts_on}.pdf"'
    return response


def _rota(request, row, *, problem="", status=200):
    now = timezone.now()
    is_planner = may(request, *PLANNERS)
    ground = ground_of(row, workplace=request.workplace, at=now)
    weeks = _number(request.GET.get("uker", ""))
    weeks = weeks if weeks in CHOICES else WEEKS
    view = DAYS if request.GET.get("vis") == DAYS else PEOPLE
    first = _first(request, row)
    shown = grid(row, ground, first=first, weeks=weeks, now=now, for_planner=is_planner)
    left = publishing.breaches_left(row, ground) if is_planner else ()
    template = "staffing/rota/grid.html" if request.htmx else "staffing/rota/rota.html"
    return show(
        request,
        template,
        status=status,
        rota=row,
        title=lists.title(row),
        state=words.STATE[Rota.State(row.state)],
        grid=shown,
        view=view,
        weeks=weeks,
        choices=CHOICES,
        is_draft=row.state == Rota.State.DRAFT,
        is_planner=is_planner,
        people=[(int(w.id), ground.names[w.id]) for w in ground.there],
        breaches=list(
            dict.fromkeys(
                words.breach_words(breach, names=ground.names) for breach in left
            )
        )[:20],
        breach_count=len(left),
        has_needs=is_planner and bool(ground.needs),
        too_few=_too_few(ground, now=now) if is_planner else (),
        few_places=_too_few(ground, now=now, is_filled=True) if is_planner else (),
        beyond=beyond_approval(request.workplace, now=now)
        if is_planner and not request.htmx
        else (),
        may_see_vikarer=may(request, *SEE_VIKARER),
        problem=problem,
        sentral_id=request.workplace.sentraler[0],
    )


def _too_few(ground, *, now, is_filled=False):
    """Where fewer operators are on duty than the need, from now on, in sentences.

    `is_filled`: where they would be even with somebody in every place.
    """
    held = {slot.id: slot.id for slot in ground.slots} if is_filled else {}
    whole = ground.whole | held
    found = needs.too_few(ground.needs, ground.all_slots, whole)
    return [
        words.too_few(one.span, there=one.there, needed=one.needed)
        for one in found
        if one.span.ends_at > now
    ]


def _refused(request, row, error):
    """The refusal: to the script as words, else on the page."""
    problem = messages.explain(error)
    if request.htmx:
        return JsonResponse({"problem": problem}, status=409)
    row.refresh_from_db()
    return _rota(request, row, problem=problem)


def _first(request, row):
    """The day asked for, else today, else the rota's first day."""
    try:
        asked = parse_date(request.GET.get("fra", ""))
    except ValueError:
        asked = None
    day = asked or timezone.localdate()
    return day if row.starts_on <= day <= row.ends_on else row.starts_on


def _number(text):
    is_number = text.isascii() and text.isdecimal() and len(text) < 10
    return int(text) if is_number else 0
