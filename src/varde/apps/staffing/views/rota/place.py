"""One duty: `/vaktplan/vakt/<place>/`. Who has it, who might, sick, swap, history."""

from django.contrib import messages as notes
from django.http import Http404, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from varde.apps.records.models import Rota, RotaDuty, Vacancy
from varde.apps.sentral import messages
from varde.apps.staffing.access import EVERYBODY, LEADERS, PLANNERS
from varde.apps.staffing.queries.rota import candidates, lists, own
from varde.apps.staffing.queries.rota.grid import shown_place
from varde.apps.staffing.queries.rota.ground import ground_of
from varde.apps.staffing.queries.rota.judging import in_words, judged
from varde.apps.staffing.rota_access import place_for
from varde.apps.staffing.services.rota import changing, filling, swapping
from varde.apps.staffing.views.page import may, show
from varde.apps.staffing.views.working_at import at_workplace
from varde.domain.errors import Rule, RuleBroken


@require_http_methods(["GET", "POST"])
@at_workplace(*EVERYBODY)
def place(request, place_id):
    """A duty of the rota. POST gives it to another, for those who plan."""
    row = place_for(request, place_id)
    if request.method == "GET":
        return _place(request, row)
    if not may(request, *PLANNERS):
        raise Http404
    person = request.POST.get("person", "")
    try:
        found = changing.set_person(
            rota_id=row.rota_id,
            place_id=row.pk,
            person_id=_number(person) if person else None,
            seen=_number(request.POST.get("seen", "")),
            reason=request.POST.get("reason", ""),
            workplace=request.workplace,
            by=request.user,
            at=timezone.now(),
        )
    except RuleBroken as error:
        return _refused(request, row, error, person=person)
    if request.htmx:
        verdict = in_words(found, names={}) if found is not None else None
        warnings = len(verdict.warnings) if verdict is not None else 0
        return JsonResponse({"is_done": True, "warnings": warnings})
    notes.success(request, _("Lagret."))
    return redirect("staffing:rota_place", place_id=row.pk)


@require_POST
@at_workplace(*EVERYBODY)
def sick(request, place_id):
    """The one who has the duty is sick: said by that person, or by a leader."""
    row = place_for(request, place_id)
    is_own = row.person_id == request.user.pk
    is_leader = may(request, *LEADERS)
    if not (is_own or is_leader):
        raise Http404
    try:
        made = filling.report_sick(
            rota_id=row.rota_id,
            place_id=row.pk,
            seen=_number(request.POST.get("seen", "")),
            workplace=request.workplace,
            by=request.user,
            at=timezone.now(),
        )
    except RuleBroken as error:
        row.refresh_from_db()
        return _place(request, row, problem=messages.explain(error))
    if is_leader:
        return redirect("staffing:rota_vacancy", vacancy_id=made.pk)
    notes.success(
        request, _("Du er meldt syk. Lederne ser at vakta er ledig. God bedring.")
    )
    return redirect("staffing:my_duties")


@require_POST
@at_workplace(*LEADERS)
def seek(request, place_id):
    """Begin to fill a duty that nobody has."""
    row = place_for(request, place_id)
    try:
        made = filling.seek(
            rota_id=row.rota_id,
            place_id=row.pk,
            workplace=request.workplace,
            by=request.user,
            at=timezone.now(),
        )
    except RuleBroken as error:
        return _place(request, row, problem=messages.explain(error))
    return redirect("staffing:rota_vacancy", vacancy_id=made.pk)


@require_POST
@at_workplace(*EVERYBODY)
def swap(request, place_id):
    """Ask a colleague to swap."""
    row = place_for(request, place_id)
    theirs = RotaDuty.objects.filter(
        pk=_number(request.POST.get("theirs", "")), rota=row.rota
    ).first()
    if row.person_id != request.user.pk or theirs is None:
        raise Http404
    try:
        swapping.propose_swap(
            rota_id=row.rota_id,
            mine_id=row.pk,
            theirs_id=theirs.pk,
            workplace=request.workplace,
            by=request.user,
            at=timezone.now(),
        )
    except RuleBroken as error:
        return _place(request, row, problem=messages.explain(error))
    notes.success(request, _("Spurt. Byttet gjøres når kollegaen sier ja."))
    return redirect("staffing:my_duties")


def _place(request, row, *, problem="", person=None, verdict=None):
    now = timezone.now()
    is_planner, is_leader = may(request, *PLANNERS), may(request, *LEADERS)
    is_out = row.rota.state == Rota.State.PUBLISHED
    is_over = row.ends_at <= now
    is_own = row.person_id == request.user.pk
    listed = ()
    if is_planner and not (is_out and is_over):
        ground = ground_of(row.rota, workplace=request.workplace)
        listed = candidates.candidates_for(row, ground)
    return show(
        request,
        "staffing/rota/place.html",
        place=row,
        shown=shown_place(row, name=row.person.name if row.person else "", now=now),
        title=lists.title(row.rota),
        candidates=listed,
        is_planner=is_planner,
        is_own=is_own,
        may_say_sick=is_out
        and not is_over
        and bool(row.person_id)
        and (is_own or is_leader),
        may_say_away=is_out and not is_over and bool(row.person_id) and is_leader,
        may_seek=is_out and not is_over and not row.person_id and is_leader,
        vacancy=row.vacancies.filter(state=Vacancy.State.OPEN).first(),
        swaps=own.swappable(row, now=now)
        if is_own and is_out and row.starts_at > now
        else (),
        changes=lists.history(row.rota, place=row, is_leader=is_leader),
        overrides=lists.overrides(row.rota, place=row) if is_leader else (),
        problem=problem,
        chosen=person,
        verdict=verdict,
        reason=request.POST.get("reason", ""),
    )


def _refused(request, row, error, *, person):
    """The refusal with the broken rules in words: to the script, else on the page."""
    problem = messages.explain(error)
    verdict = None
    if error.rule is Rule.ROTA_HARD_RULE:
        row.rota.refresh_from_db()
        verdict = judged(
            row.rota,
            {str(row.pk): person or None},
            workplace=request.workplace,
            now=timezone.now(),
        )
    if request.htmx:
        told = verdict.as_json() if verdict is not None else {}
        return JsonResponse({"problem": problem} | told, status=409)
    row.refresh_from_db()
    return _place(request, row, problem=problem, person=person, verdict=verdict)


def _number(text):
    is_number = text.isascii() and text.isdecimal() and len(text) < 19
    return int(text) if is_number else 0
