"""Studies of scenarios: the list, how far one has come, and what it found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db.models import Count
from django.utils.translation import gettext as _

from varde.apps.planning.scenarios.cost import Costs
from varde.apps.planning.scenarios.figures import Figure, figures
from varde.apps.planning.scenarios.trees import scenario_of
from varde.apps.planning.services.studies import UNDER_WAY, is_dead
from varde.apps.records.models import ScenarioStudy
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.queries.comparison import grounds, stored
from varde.apps.staffing.queries.rates import sources
from varde.domain.pay.expected import Busyness
from varde.domain.pay.forms import Form
from varde.engines.simulation.scenario import Scenario
from varde.engines.simulation.tables import Floats
from varde.engines.staffing_models.values import Prices


if TYPE_CHECKING:
    from varde.engines.simulation.study import Study


State, End = ScenarioStudy.State, ScenarioStudy.End
A_PAGE = 50  # studies of the list
USED_RATES = ("pay.standby", "pay.bakvakt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """A mean with half the width of its 95 % interval; None where there is none."""

    mean: float | None
    half: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A study, and how far it has come."""

    id: int
    name: str
    state: str
    state_words: str
    scenarios: int
    by: str
    at: datetime
    done: int
    asked: int
    is_under_way: bool
    is_dead: bool
    is_draft: bool
    early: str

    @property
    def per_cent(self) -> int:
        """How far it has come."""
        return round(100 * self.done / max(1, self.asked))


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a study found: the scenarios, each measure of each replication, the figures."""

    row: ScenarioStudy
    scenarios: tuple[Scenario, ...]
    values: tuple[dict[str, Floats], ...]

    @cached_property
    def count(self) -> int:
        """How many replications are done."""
        return len(self.values[0]["contacts"])

    @cached_property
    def titles(self) -> list[str]:
        """The scenarios' titles; the second of one title has a number."""
        return own_titles([one.title for one in self.scenarios])

    @cached_property
    def figures(self) -> list[Figure]:
        """The main figures."""
        return figures(self.scenarios, self.values, self.costs)

    @cached_property
    def costs(self) -> Costs | None:
        """The pay by the rates of the day it was started."""
        return costs(self.row)

    @cached_property
    def study(self) -> "Study":
        """As the engine has it, for its differences, ranking and report."""
        # Compiled code takes a moment to load, and most processes never need it.
        from varde.engines.simulation.study import Engine, Study

        return Study(
            scenarios=self.scenarios,
            seed=self.row.seed,
            engine=Engine.COMPILED,
            asked=self.row.replications,
            values=self.values,
        )


def own_titles(titles: Sequence[str]) -> list[str]:
    """Titles that differ: those that were there before get a number.

    >>> own_titles(["To leger", "Som nå", "To leger"])
    ['To leger', 'Som nå', 'To leger (2)']
    """
    found: list[str] = []
    for title in titles:
        number, own = 2, title
        while own in found:
            own, number = f"{title} ({number})", number + 1
        found.append(own)
    return found


def state_words(row: ScenarioStudy, *, dead: bool) -> str:
    """How a study stands, in a word."""
    if dead:
        return _("avbrutt")
    return {
        State.DRAFT: _("utkast"),
        State.WAITING: _("venter"),
        State.RUNNING: _("kjøres nå"),
        State.DONE: _("ferdig"),
        State.STOPPED: _("stoppet"),
        State.FAILED: _("feilet"),
    }[State(row.state)]


def early_words(row: ScenarioStudy, *, dead: bool) -> str:
    """Why it did not run to its end, in a sentence; empty where it did."""
    if dead or row.end_early == End.DIED:
        return _("Maskinen som kjørte studien, stanset. Det som var ferdig, er tatt vare på.")  # fmt: skip
    return {
        End.NOT_EARLY: "",
        End.ASKED: _("Noen stoppet den. Det som var ferdig, er tatt vare på."),
        End.TIME: _("Den brukte opp regnetiden sin. Det som var ferdig, er tatt vare på."),
    }[End(row.end_early)]  # fmt: skip


def listed(row: ScenarioStudy, *, now: datetime, scenarios: int) -> Listed:
    """How a study stands."""
    dead = is_dead(row, at=now)
    return Listed(
        id=row.pk,
        name=row.name,
        state=row.state,
        state_words=state_words(row, dead=dead),
        scenarios=scenarios,
        by=(row.started_by or row.made_by).name,
        at=row.started_at or row.made_at,
        done=row.done,
        asked=row.replications,
        is_under_way=row.state in UNDER_WAY and not dead,
        is_dead=dead,
        is_draft=row.state == State.DRAFT,
        early=early_words(row, dead=dead),
    )


def studies(
    workplace: Workplace, *, now: datetime, first: int = 0, most: int = A_PAGE
) -> list[Listed]:
    """Some studies of a station, the newest first. Of a sentral there are none."""
    rows = (
        ScenarioStudy.objects.filter(station=workplace.station_id)
        .annotate(many=Count("scenarios"))
        .defer("cost_grounds", "progress")
        .select_related("made_by", "started_by")
        .order_by("-made_at", "-pk")
    )
    some = rows[first : first + most]
    return [listed(row, now=now, scenarios=row.many) for row in some]


def under_way(workplace: Workplace) -> ScenarioStudy | None:
    """The study that is run at a station now; else the one that was started last."""
    return (
        ScenarioStudy.objects.filter(station=workplace.station_id)
        .exclude(state=State.DRAFT)
        .defer("cost_grounds")
        .select_related("made_by", "started_by")
        .order_by("-started_at", "-pk")
        .first()
    )


# ---------------------------------------------------------------- what was found


def found(row: ScenarioStudy) -> Found | None:
    """What a study has found so far; None where nothing is done."""
    parts = list(row.results.all())
    if not parts:
        return None
    scenarios = tuple(scenario_of(one.text) for one in row.scenarios.all())
    return Found(
        row=row,
        scenarios=scenarios,
        values=tuple(
            {
                name: np.array(
                    [
                        np.nan if value is None else value
                        for part in parts
                        for value in part.values[number][name]
                    ]
                )
                for name in parts[0].values[number]
            }
            for number in range(len(scenarios))
        ),
    )


def columns(
    rows: Sequence[Sequence[Mapping[str, float]]], *, count: int
) -> list[dict[str, Floats]]:
    """The values of each measure, for each scenario."""
    return [
        {name: np.array([row[n][name] for row in rows]) for name in rows[0][n]}
        for n in range(count)
    ]


def spread(values: Floats | None) -> Spread:
    """The mean and its 95 % interval; of what is not there, neither."""
    from varde.engines.simulation.study import interval  # as in `Found.study`

    if values is None:
        return Spread(mean=None, half=None)
    seen = interval(values)
    return Spread(mean=seen.mean, half=seen.half)


def progress(shown: Sequence[Figure]) -> list[Any]:
    """The figures so far as they are stored: code, unit, and each scenario's interval."""
    return [
        [
            one.code,
            one.unit,
            [
                [found.mean, found.half]
                for found in (spread(values) for values in one.values)
            ],
            list(one.at_least),
        ]
        for one in shown
    ]


# ---------------------------------------------------------------- rates and prices


def cost_grounds(workplace: Workplace, *, on: date) -> dict[str, Any]:
    """The rates and prices of a day, with their sources, as they are stored."""
    found_prices = {one.name: one for one in grounds.prices(workplace, on=on)}
    assumed = grounds.assumed(
        workplace,
        on=on,
        first=date.fromordinal(on.toordinal() - on.weekday()),
        form=Form.ACTIVITY,
        practice_h=None,
        busy=Busyness(per_hour={}, minutes={}),
        prices=Prices(**{name: one.value for name, one in found_prices.items()}),
        home_visit_fee=None,
        local=None,
        is_specialist=False,
    )
    rates = [
        [one.key, None, one.holds_from.isoformat(), one.is_verified, one.text]
        for one in sources(workplace, on=on)
        if one.key in USED_RATES
    ]
    used = [found_prices[name] for name in ("social", "site") if name in found_prices]
    prices = [
        [
            one.name,
            None if one.value is None else str(one.value),
            None if one.holds_from is None else one.holds_from.isoformat(),
            one.is_verified,
            one.source,
        ]
        for one in used
    ]
    return {"assumed": stored.as_row(assumed), "sources": rates + prices}


def costs(row: ScenarioStudy) -> Costs | None:
    """The pay by the rates that were stored; None where none were."""
    if not row.cost_grounds:
        return None
    return Costs(stored.to_assumed(row.cost_grounds["assumed"]))
