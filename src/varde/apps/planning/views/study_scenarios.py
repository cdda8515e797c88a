"""The scenarios of a study: chosen, changed in a form, taken out, and as a file."""

from django.contrib import messages as notes
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from varde.apps.planning.messages import scenario_words as words
from varde.apps.planning.scenarios import demand, form, trees
from varde.apps.planning.services import studies as service
from varde.apps.planning.study_access import scenario_for, study_for
from varde.apps.planning.views import studies as pages
from varde.apps.records.models import ScenarioStudy, Station
from varde.apps.sentral.messages import explain
from varde.apps.staffing.access import OVERSEERS, PLANNERS
from varde.apps.staffing.views.page import may, show
from varde.apps.staffing.views.working_at import at_workplace
from varde.domain.errors import RuleBroken


@require_POST
@at_workplace(*PLANNERS)
def add(request, study_id):
    """Add a ready scenario to a draft."""
    row = study_for(request, study_id)
    text = trees.ready_text(request.POST.get("scenario", ""))
    if text is None:
        return pages.study_page(request, row, problem=_("Velg et scenario."))
    whole = trees.text_of(trees.tree_of(text))
    return _acted(request, row, service.add_scenario, study_id=row.pk, text=whole)


@require_POST
@at_workplace(*PLANNERS)
def remove(request, scenario_id):
    """Take a scenario out of a draft."""
    one = scenario_for(request, scenario_id)
    return _acted(request, one.study, service.remove_scenario, scenario_id=one.pk)


def _acted(request, row, act, **values):
    try:
        act(**values, **pages.who(request))
    except RuleBroken as error:
        row.refresh_from_db()
        return pages.study_page(request, row, problem=explain(error))
    return redirect("planning:study", study_id=row.pk)


@require_GET
@at_workplace(*OVERSEERS)
def toml(request, scenario_id):
    """The scenario as the file that `varde simulate` takes."""
    one = scenario_for(request, scenario_id)
    answer = HttpResponse(one.text, content_type="application/toml; charset=utf-8")
    name = pages.slugify_name(f"{trees.tree_of(one.text)['title']}.toml")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_http_methods(["GET", "POST"])
@at_workplace(*OVERSEERS)
def scenario(request, scenario_id):
    """Everything that a scenario assumes, with its source. POST changes it."""
    one = scenario_for(request, scenario_id)
    tree = trees.tree_of(one.text)
    if request.method == "GET":
        return _form(request, one, tree, form.begin(tree))
    typed = form.kept(request.POST, tree=tree)
    if not may(request, *PLANNERS):
        return _form(request, one, tree, typed, problems=[_("Bare legevaktoverlegen og administratoren endrer scenarioer.")])  # fmt: skip
    stations = _stations(request)
    chosen = [
        s for key, s in stations.items() if key in request.POST.getlist("stasjon")
    ]
    base = one.study.scenarios.exclude(pk=one.pk).filter(position__lt=one.position).first()  # fmt: skip
    made, problems = form.read(
        typed,
        tree=tree,
        origin=trees.tree_of(one.origin),
        base=None if base is None else trees.tree_of(base.text),
        base_origin=None if base is None else trees.tree_of(base.origin),
        weeks=lambda mode: _week(mode, chosen),
    )
    if made is None:
        return _form(request, one, tree, typed, problems=problems, chosen=chosen)
    try:
        service.change_scenario(
            scenario_id=one.pk,
            text=trees.text_of(made),
            was=request.POST.get("utgave", ""),
            **pages.who(request),
        )
    except RuleBroken as error:
        one.refresh_from_db()  # and so its mark: what is typed may be saved after a look
        tree = trees.tree_of(one.text)
        return _form(request, one, tree, typed, problems=[explain(error)], chosen=chosen)  # fmt: skip
    notes.success(request, _("Scenarioet er lagret."))
    return redirect("planning:scenario", scenario_id=one.pk)


def _stations(request):
    """The stations whose history one may use, by id."""
    ids = [place.station_id for place in request.workplaces if place.station_id]
    rows = Station.objects.filter(pk__in=ids).select_related("municipality")
    return {str(row.pk): row for row in rows.order_by("name")}


def _week(mode, chosen):
    """The contacts of the stations that were chosen; None where one has too little."""
    of = demand.of_history if mode == "historikk" else demand.of_forecast
    now = timezone.now()
    weeks = [of(station, now=now) for station in chosen]
    if not weeks or None in weeks:
        return None
    return demand.together(weeks)


def _form(request, one, tree, typed, *, problems=(), chosen=()):
    origin = trees.tree_of(one.origin)
    is_draft = one.study.state == ScenarioStudy.State.DRAFT
    mine = [request.workplace.station_id]
    ticked = {row.pk for row in chosen} or set(mine)
    return show(
        request,
        "planning/scenarios/scenario.html",
        scenario=one,
        study=one.study,
        mark=service.mark_of(one.text),
        title=typed.get("tittel", ""),
        mode=typed.get("ettersporsel") or "som",
        per_hour=typed.get("timen", ""),
        now_per_hour=form.text_of_number(round(demand.expected_per_hour(tree), 2)),
        problems=problems,
        sections=form.sections(tree, origin, typed),
        rows=form.rows(tree, origin, typed),
        gone=form.taken_away(tree, origin),
        stations=[
            {"id": row.pk, "name": row.name, "is_chosen": row.pk in ticked}
            for row in _stations(request).values()
        ],
        where=[place["name"] for place in tree["places"]],
        roles=[(code, text) for code, text in words.ROLE.items()],
        days=[(code, text) for code, (text, _days) in words.DAYS.items()],
        assumptions=[
            {
                "about": words.about_words(a["about"]),
                "source": a["source"],
                "ours": a.get("ours", False),
                "is_new": a not in origin.get("assumptions", []),
            }
            for a in tree.get("assumptions", [])
        ],
        may_change=is_draft and may(request, *PLANNERS),
        is_draft=is_draft,
    )
