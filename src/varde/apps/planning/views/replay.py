"""A day of a simulated run on a map and a board: `…/scenarioer/<study>/spill-av/`."""

from typing import NamedTuple
from urllib.parse import urlencode

from django.http import Http404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from varde.apps.planning.queries import replay as query
from varde.apps.planning.queries import studies
from varde.apps.planning.queries.study_tables import plain
from varde.apps.planning.study_access import study_for
from varde.apps.planning.views.study_map import outlines_for
from varde.apps.staffing.access import OVERSEERS
from varde.apps.staffing.views.page import show
from varde.apps.staffing.views.working_at import at_workplace
from varde.engines.simulation.scenario import MINUTES_A_DAY


MOST_A_DAY = 3000  # contacts: more are too many to be told apart, and to send
WEEKDAYS = 7


class Asked(NamedTuple):
    """Which scenario, run and day. Each counts from 1."""

    scenario: int = 1
    run: int = 1
    day: int = 1


@require_GET
@at_workplace(*OVERSEERS)
def replay(request, study_id):
    """A day of a run of a study that is done, made anew from its seed."""
    row = study_for(request, study_id)
    found = studies.found(row)
    if found is None:
        raise Http404
    problems = []
    scenario = _read(request, "scenario", len(found.scenarios), _("Scenario"), problems)
    run = _read(request, "kjoring", found.count, _("Kjøring"), problems)
    played = query.play(
        found.scenarios[scenario - 1], seed=row.seed, replication=run - 1
    )
    day = _read(request, "dag", len(played.days), _("Døgn"), problems, usual=played.usual.number)  # fmt: skip
    asked = Asked(scenario, run, day)
    shown = played.days[day - 1]
    if shown.contacts > MOST_A_DAY:
        problems.append(
            _("%(n)s kontakter på ett døgn er for mange til å spille av. Grensen er %(most)s.")
            % {"n": shown.contacts, "most": MOST_A_DAY}
        )  # fmt: skip
    figures = None if shown.contacts > MOST_A_DAY else query.day_figures(played, day)
    return show(
        request,
        "planning/scenarios/replay.html",
        study=row,
        titles=found.titles,
        runs=found.count,
        days=len(played.days),
        asked=asked,
        problems=problems,
        links=_links(played, asked),
        heading=_heading(found.titles[scenario - 1], played.scenario, day),
        about=_about(shown, is_bad=bool(figures and figures["isBad"])),
        figures=figures,
        roles=sorted({one["role"] for one in figures["people"]}) if figures else [],
        columns=[
            ("waits", _("Venter")),
            ("on-the-way", _("På vei")),
            ("under-way", _("Får hjelp nå")),
            ("bed", _("I seng")),
        ],
        outlines=outlines_for([played.scenario]),
    )


def _read(request, name, most, label, problems, *, usual=1):
    """A whole number from 1 to the most there is; else the usual one, and why."""
    text = request.GET.get(name, "").strip()
    if not text:
        return usual
    if text.isascii() and text.isdigit() and 1 <= int(text) <= most:
        return int(text)
    problems.append(
        _("%(what)s: gi et helt tall fra 1 til %(most)s.")
        % {"what": label, "most": most}
    )
    return usual


def _links(played, asked):
    """The days that are worth a look."""
    days = (
        (_("Et vanlig døgn"), played.usual),
        (_("Flest kontakter"), played.busiest),
        (_("Lengst ventetid"), played.longest),
    )
    return [
        {
            "words": words,
            "about": _about(day),
            "is_here": day.number == asked.day,
            "query": urlencode(
                {"scenario": asked.scenario, "kjoring": asked.run, "dag": day.number}
            ),
        }
        for words, day in days
    ]


def _about(day, *, is_bad=False):
    text = _("%(n)s kontakter, lengst i kø %(wait)s min") % {
        "n": day.contacts,
        "wait": plain(day.longest_wait_min, 0),
    }
    return _("%(text)s, dårlig vær") % {"text": text} if is_bad else text


def _heading(title, scenario, number):
    at = scenario.warm_up_min + (number - 1) * MINUTES_A_DAY + scenario.start_hour * 60
    weekday = (
        _("mandag"), _("tirsdag"), _("onsdag"), _("torsdag"), _("fredag"), _("lørdag"), _("søndag"),
    )[int(at / MINUTES_A_DAY) % WEEKDAYS]  # fmt: skip
    return _("%(scenario)s, døgn %(n)s, en %(weekday)s") % {
        "scenario": title,
        "n": number,
        "weekday": weekday,
    }
