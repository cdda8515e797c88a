"""Stations closed, merged, opened and moved, and the best places for them."""

from urllib.parse import urlencode

from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from varde.apps.planning.queries import travel_sites
from varde.apps.planning.queries.travel_plan import (
    MOST_STEPS,
    Act,
    outcome,
    plan_of,
)
from varde.apps.planning.queries.travel_plan_tables import contact_notes, plan_tables
from varde.apps.planning.views.travel_map import change_map
from varde.apps.planning.views.travel_page import draw, page_of, wait, waits
from varde.apps.sentral.queries.number_tables import percent
from varde.apps.sentral.views.period import csv_answer
from varde.apps.staffing.access import OVERSEERS
from varde.apps.staffing.messages.numbers import number
from varde.apps.staffing.views.working_at import at_workplace


MANY_SITES = 300  # more than these are shown for one municipality at a time


@require_GET
@at_workplace(*OVERSEERS)
def travel_plan(request):
    """A plan of changes, which its address holds. What is chosen below is added to it."""
    if waits(request):
        return wait(request)
    page = page_of(request)
    steps = request.GET.getlist("e")
    if "gjor" in request.GET:
        added = [*steps, _typed(request.GET)]
        # What makes no sense stays out of the address, and is said on the page.
        if not plan_of(page.here, page.found, page.asked, added).problems:
            return redirect(_address(page.asked, added))
        steps = added
    plan = plan_of(page.here, page.found, page.asked, steps)
    done = outcome(plan, page.found, page.asked) if plan.steps else None
    made = plan_tables(plan, done, page.found, page.asked) if done else []
    if "csv" in request.GET:
        return csv_answer(made, request.GET["csv"])
    taken = [one.text for one in plan.steps]
    return draw(
        request,
        page,
        "planning/travel/plan.html",
        plan=plan,
        more_problems=plan.problems,
        steps=[
            {
                "words": one.words,
                "without": _address(page.asked, [*taken[:place], *taken[place + 1 :]]),
            }
            for place, one in enumerate(plan.steps)
        ],
        kept=[*page.asked.pairs, *(("e", one) for one in taken)],
        plan_query=urlencode([*page.asked.pairs, *(("e", one) for one in taken)]),
        first_tables=made[:1] + [one for one in made if one["id"] == "kontakter"],
        tables=[one for one in made[1:] if one["id"] != "kontakter"],
        drawn=change_map(page.here, plan, done) if done else None,
        contacts=contact_notes(done) if done else None,
        is_full=len(taken) >= MOST_STEPS,
        typed=request.GET,
        **_choices(request, page, plan),
    )


def _typed(given):
    """The step that was chosen in the form, as an address has it."""
    act = given["gjor"]
    names = {
        Act.CLOSE: ("stasjon",),
        Act.MERGE: ("stasjon", "til"),
        Act.OPEN: ("plass",),
        Act.MOVE: ("stasjon", "plass"),
    }
    fields = names[Act(act)] if act in set(Act) else ()
    return ".".join([act, *(given.get(name, "") for name in fields)])


def _address(asked, steps):
    query = urlencode([*asked.pairs, *(("e", one) for one in steps)])
    return reverse("planning:travel_plan") + (f"?{query}" if query else "")


def _choices(request, page, plan):
    """The lists to choose from. Of a country the places of one municipality at a time."""
    here = page.here
    names = here.survey.municipality_name
    shown = list(here.sites.values()) if here.may_open else []
    municipality = request.GET.get("kommune", "")
    municipalities = []
    if len(shown) > MANY_SITES:
        codes = here.survey.municipality.tolist()
        municipalities = sorted(
            zip(codes, names.tolist(), strict=True), key=lambda one: one[1]
        )
        wanted = {municipality} if municipality in codes else page.own
        shown = [one for one in shown if codes[one.area] in wanted]
    return {
        "open_posts": [one for one in plan.posts if one.is_open],
        "sites": [(str(names[one.area]), one) for one in shown if one.name],
        "municipalities": municipalities,
        "municipality": municipality,
        "may_open": here.may_open,
    }


@require_GET
@at_workplace(*OVERSEERS)
def travel_best(request):
    """The best places for so many stations."""
    if waits(request):
        return wait(request)
    page = page_of(request)
    wanted, problems = _wanted(request.GET, page)
    best, problem = None, []
    if wanted is not None and _takes_long(page, wanted) and "svar" not in request.GET:
        return wait(request)
    if wanted is not None:
        try:
            best = travel_sites.best_sites(
                page.here, page.found, wanted, factor=page.asked.speed / 100
            )
        except TimeoutError:
            problem = [
                _(
                    "Ingen løsning ble funnet i tide. Spør om flere eller færre stasjoner."
                )
            ]
    return draw(
        request,
        page,
        "planning/travel/best.html",
        wanted=wanted,
        typed=request.GET,
        more_problems=[*problems, *problem],
        best=_best(page, wanted, best) if best else None,
        most=travel_sites.most(page.here, "dagens"),
        may_place=page.here.between is not None,
        goals=_goals(page),
        kept=page.asked.pairs,
    )


def _takes_long(page, wanted):
    """To prove a mean over a country takes some seconds; cover does not."""
    return not page.here.is_demo and wanted.goal != "dekning"


def _goals(page):
    return [
        ("dekning", _("Flest mulig innen grensen")),
        ("middel", _("Kortest middeltid for alle")),
        (
            "langt",
            _("Kortest middeltid der den som har over %(n)s minutter, teller mer")
            % {"n": number(page.found.assumptions.far_from_min)},
        ),
    ]


def _wanted(given, page):
    """What is asked for; None where nothing is, or it makes no sense."""
    if "antall" not in given:
        return None, []
    among, goal = given.get("blant", ""), given.get("mal", "")
    weight = given.get("vekt", "alle")
    known = (
        among in travel_sites.AMONG
        and goal in travel_sites.GOALS
        and weight in travel_sites.WEIGHTS
        and (among == "dagens" or page.here.between is not None)
    )
    if not known:
        return None, [_("Velg mål, steder og hvem som teller, fra listene.")]
    most, text = travel_sites.most(page.here, among), given["antall"].strip()
    is_whole = text.isascii() and text.isdecimal() and len(text) < 5
    if not is_whole or not 1 <= int(text) <= most:
        return None, [_("Antallet er et helt tall fra 1 til %(n)s.") % {"n": most}]
    return (
        travel_sites.SitesAsked(
            goal=goal,
            among=among,
            count=int(text),
            within_min=float(page.asked.limit_min),
            weight=weight,
        ),
        [],
    )


def _best(page, wanted, best):
    survey = page.here.survey
    called = dict(
        zip(survey.station.tolist(), survey.station_name.tolist(), strict=True)
    )
    chosen = set(best.codes)
    if wanted.among == "dagens":
        left = [code for code in called if code not in chosen]
        steps = [f"{Act.CLOSE}.{code}" for code in left]
        names = [called[code] for code in best.codes]
    else:
        left = []
        steps = [f"{Act.OPEN}.{code}" for code in best.codes]
        sites = [page.here.sites[code] for code in best.codes]
        names = [f"{one.name}, {survey.municipality_name[one.area]}" for one in sites]
    return {
        "names": sorted(names),
        "left": sorted(called[code] for code in left),
        "is_exact": best.is_exact,
        "share": percent(best.share),
        "now_share": percent(best.now_share),
        "mean": number(best.mean_min),
        "now_mean": number(best.now_mean_min),
        "try": _address(page.asked, steps) if 0 < len(steps) <= MOST_STEPS else "",
    }
