"""Studies of scenarios: `/plan/dimensjonering/scenarioer/`."""

from django.contrib import messages as notes
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from varde.apps.planning import study_form as form
from varde.apps.planning.messages import scenario_words as words
from varde.apps.planning.queries import districts, studies, study_tables
from varde.apps.planning.scenarios import neighbours, trees
from varde.apps.planning.scenarios.demand import expected_per_hour
from varde.apps.planning.services import studies as service
from varde.apps.planning.study_access import study_for
from varde.apps.records.models import Station
from varde.apps.sentral.messages import explain
from varde.apps.sentral.views.period import csv_answer
from varde.apps.sentral.views.side_page import page_of
from varde.apps.staffing.access import OVERSEERS, PLANNERS
from varde.apps.staffing.views.page import may, show
from varde.apps.staffing.views.working_at import at_workplace
from varde.domain.errors import Rule, RuleBroken


MOST_CONTACTS = 300_000  # in one run of one scenario
HOURS_A_DAY = 24
THREE_WAYS_RUNS, THREE_WAYS_SEED = 100, 1


@require_GET
@at_workplace(*OVERSEERS)
def study_list(request):
    """The studies of the station, and the three ways with one press."""
    return _list(request)


@require_http_methods(["GET", "POST"])
@at_workplace(*PLANNERS)
def new_study(request):
    """A study of ready scenarios, to be changed before it is run."""
    if request.workplace.station_id is None:
        raise Http404
    ready = dict(trees.ready_scenarios())
    if request.method == "GET":
        return _new(request, form.begin(), ready)
    typed = form.kept(request.POST, ready=ready)
    asked, problems = form.read(typed, ready=ready)
    if asked is None:
        return _new(request, typed, ready, problems=problems)
    texts = [trees.text_of(trees.ready_tree(name)) for name in asked.chosen]
    study = service.make_study(
        name=asked.name,
        seed=asked.seed,
        replications=asked.replications,
        texts=[(text, text) for text in texts],
        **who(request),
    )
    return redirect("planning:study", study_id=study.pk)


@require_POST
@at_workplace(*PLANNERS)
def three_ways(request):
    """Three ways for two neighbouring districts: made and started with one press."""
    place = request.workplace
    on = timezone.localdate()
    near = {str(one.pk): one for one, _min in _neighbours(place, on=on)}
    other = near.get(request.POST.get("nabo", ""))
    if other is None:
        return _list(request, problem=explain(RuleBroken(Rule.STUDY_NO_ROADS)))
    mine = Station.objects.get(pk=place.station_id)
    try:
        sites, settlements = districts.two_districts(mine, other, on=on)
        ways = neighbours.three_ways(sites, settlements)
    except LookupError:
        return _list(request, problem=explain(RuleBroken(Rule.STUDY_NO_ROADS)))
    texts = [trees.text_of(tree) for _code, tree in ways]
    study = service.make_study(
        name=_("Tre måter: %(one)s og %(other)s")
        % {"one": sites[0].place, "other": sites[1].place},
        seed=THREE_WAYS_SEED,
        replications=THREE_WAYS_RUNS,
        texts=[(text, text) for text in texts],
        **who(request),
    )
    return _started(request, study)


@require_GET
@at_workplace(*OVERSEERS)
def study(request, study_id):
    """A study: a draft with its scenarios, how far it has come, or what it found."""
    return study_page(request, study_for(request, study_id))


@require_GET
@at_workplace(*OVERSEERS)
def pdf(request, study_id):
    """The study on one page, for the council."""
    from varde.apps.planning.paper.study import draw_study  # slow, seldom needed

    found = _found(request, study_id)
    drawn = draw_study(found, workplace=request.workplace, now=timezone.now())
    return _file(drawn, "application/pdf", f"scenarioer-{study_id}.pdf", where="inline")


@require_GET
@at_workplace(*OVERSEERS)
def stress_des(request, study_id):
    """The study by the STRESS-DES list, for those who judge simulations."""
    from varde.engines.simulation.report import stress_des as written

    text = written(_found(request, study_id).study)
    return _file(text, "text/markdown; charset=utf-8", f"stress-des-{study_id}.md")


@require_POST
@at_workplace(*PLANNERS)
def run(request, study_id):
    """Start a draft."""
    return _started(request, study_for(request, study_id))


@require_POST
@at_workplace(*PLANNERS)
def stop(request, study_id):
    """Stop a study, and keep what is done."""
    row = study_for(request, study_id)
    service.ask_to_stop(study_id=row.pk, **who(request))
    return redirect("planning:study", study_id=row.pk)


@require_POST
@at_workplace(*PLANNERS)
def copy(request, study_id):
    """A new draft of the same scenarios."""
    row = study_for(request, study_id)
    name = _("%(name)s, kopi") % {"name": row.name[: form.LONGEST_NAME - 6]}
    made = service.copy_study(study_id=row.pk, name=name, **who(request))
    notes.success(request, _("Kopien er et utkast. Endre den, og kjør den."))
    return redirect("planning:study", study_id=made.pk)


@require_POST
@at_workplace(*PLANNERS)
def drop(request, study_id):
    """Take away a study."""
    row = study_for(request, study_id)
    try:
        service.drop(study_id=row.pk, **who(request))
    except RuleBroken as error:
        return study_page(request, row, problem=explain(error))
    notes.success(request, _("Studien er slettet."))
    return redirect("planning:studies")


def who(request):
    return {"workplace": request.workplace, "by": request.user, "at": timezone.now()}


def _file(content, kind, name, *, where="attachment"):
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'{where}; filename="{slugify_name(name)}"'
    return answer


def slugify_name(name):
    """A file's name that every system takes."""
    stem, _dot, end = name.rpartition(".")
    return f"{slugify(stem) or 'scenario'}.{end}"


def _neighbours(place, *, on):
    return [] if place.station_id is None else districts.neighbours(place.station_id, on=on)  # fmt: skip


def _found(request, study_id):
    found = studies.found(study_for(request, study_id))
    if found is None:
        raise Http404
    return found


def _started(request, row):
    """Start a study and go to it; or say on its page why not."""
    now = timezone.now()
    try:
        _check_size(row)
        service.start(
            study_id=row.pk,
            cost_grounds=studies.cost_grounds(
                request.workplace, on=timezone.localdate(now)
            ),
            **who(request),
        )
    except RuleBroken as error:
        row.refresh_from_db()
        return study_page(request, row, problem=explain(error))
    return redirect("planning:study", study_id=row.pk)


def _check_size(row):
    for one in row.scenarios.all():
        tree = trees.tree_of(one.text)
        days = tree["days"] + tree.get("warm_up_days", 0)
        contacts = round(expected_per_hour(tree) * days * HOURS_A_DAY)
        if contacts > MOST_CONTACTS:
            raise RuleBroken(Rule.STUDY_TOO_LARGE, work=str(contacts), most=str(MOST_CONTACTS))  # fmt: skip


def _list(request, *, problem=""):
    now = timezone.now()
    place = request.workplace

    def some(*, first, most):
        return studies.studies(place, now=now, first=first, most=most)

    page = page_of(request, some, size=studies.A_PAGE)
    return show(
        request,
        "planning/scenarios/list.html",
        page=page,
        studies=page.rows,
        neighbours=_neighbours(place, on=timezone.localdate(now)),
        problem=problem,
        ready=trees.ready_scenarios(),
    )


def _new(request, typed, ready, *, problems=()):
    return show(
        request,
        "planning/scenarios/new.html",
        typed=typed,
        seed=typed["fro"],
        problems=problems,
        ready=[
            {"name": name, "title": title, "is_chosen": bool(typed.get(f"s-{name}"))}
            for name, title in ready.items()
        ],
        most=service.MOST_SCENARIOS,
    )


def study_page(request, row, *, problem=""):
    now = timezone.now()
    listed = studies.listed(row, now=now, scenarios=row.scenarios.count())
    if listed.is_draft:
        return _draft(request, row, listed, problem=problem)
    found = None if listed.is_under_way else studies.found(row)
    if "csv" in request.GET:
        return csv_answer([] if found is None else study_tables.files(found), request.GET["csv"])  # fmt: skip
    return show(
        request,
        "planning/scenarios/study.html",
        study=row,
        state=listed,
        problem=problem,
        scenarios=(scenarios := _scenarios(row)),
        titles_now=studies.own_titles([one["title"] for one in scenarios]),
        progress=study_tables.progress_rows(row.progress),
        **({} if found is None else _results(found)),
    )


def _draft(request, row, listed, *, problem):
    return show(
        request,
        "planning/scenarios/draft.html",
        study=row,
        state=listed,
        problem=problem,
        scenarios=_scenarios(row),
        ready=trees.ready_scenarios(),
        most=service.MOST_SCENARIOS,
        may_plan=may(request, *PLANNERS),
    )


def _scenarios(row):
    """The scenarios of a study, with how much of each was changed."""
    found = []
    for one in row.scenarios.all():
        tree, origin = trees.tree_of(one.text), trees.tree_of(one.origin)
        new = [a for a in tree.get("assumptions", []) if a not in origin.get("assumptions", [])]  # fmt: skip
        found.append(
            {
                "id": one.pk,
                "title": tree["title"],
                "changes": [(words.about_words(a["about"]), a["source"]) for a in new],
            }
        )
    return found


def _results(found):
    # Slow to load, and seldom needed.
    from varde.apps.planning.views import study_charts, study_map

    made = study_tables.tables(found)
    return {
        "found": found,
        "tables": made,
        "measures": study_tables.measures(found),
        "charts": study_charts.charts(found),
        **study_map.map_of(found),
        "fewer": study_tables.fewer(found),
        "unknown": study_tables.unknown_costs(found),
        "unverified": words.UNVERIFIED
        if any(not one[3] for one in found.row.cost_grounds.get("sources", []))
        else "",
        "how": words.HOW,
        "explained": [
            (words.figure_title(one.code), words.figure_how(one.code))
            for one in found.figures
            if words.figure_how(one.code)
        ],
    }
