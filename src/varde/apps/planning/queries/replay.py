"""One day of one run of a scenario, minute by minute, to be played on a map and a board.

The run is done anew on the numbers that the study drew: the same seed gives the same day.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil, isfinite
from typing import Any, NamedTuple

import numpy as np

from varde.apps.planning.messages import scenario_words as words
from varde.apps.planning.queries.scenario_map import ground_figures, points
from varde.apps.planning.scenarios.ground import those_who_are
from varde.engines.simulation.event_log import LoggedVisit, rows_between, visits
from varde.engines.simulation.memory import DRAWN_HOME, DRAWN_PLACE, Drawn, Run
from varde.engines.simulation.replications import Engine, Replicator
from varde.engines.simulation.scenario import MINUTES_A_DAY, At, Person, Scenario
from varde.engines.simulation.sums import BEGAN, JOINED
from varde.engines.simulation.tables import Floats, Ints, duty_spans, travel_minutes


BED = "seng"
HALF = 0.5
type Point = list[float]


class Leg(NamedTuple):
    """Somebody drives from one point to another."""

    since: float
    until: float
    start: Point
    end: Point

    def at(self, minute: float) -> Point:
        """Where they are at a minute of the way."""
        length = self.until - self.since
        share = 1.0 if length <= 0 else min(1.0, (minute - self.since) / length)
        return [a + share * (b - a) for a, b in zip(self.start, self.end, strict=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day of a run, 1 is the first after the warm-up."""

    number: int
    contacts: int
    longest_wait_min: float


@dataclass(frozen=True, kw_only=True)
class Played:
    """One run of a scenario, with what was drawn for it."""

    scenario: Scenario
    drawn: Drawn
    run: Run

    @cached_property
    def days(self) -> list[Day]:
        """Every whole day, with how many came, and the longest that one of them waited."""
        scenario, count = self.scenario, ceil(self.scenario.days)
        begins = scenario.warm_up_min
        arrived = _day_of(self.drawn.arrived[:-1], begins)
        came = np.bincount(arrived[(arrived >= 0) & (arrived < count)], minlength=count)
        longest = np.zeros(count)
        joined = _day_of(self.run.times[:, JOINED], begins)
        waited = self.run.times[:, BEGAN] - self.run.times[:, JOINED]
        is_inside = (joined >= 0) & (joined < count)
        np.maximum.at(longest, joined[is_inside], waited[is_inside])
        return [
            Day(number=n + 1, contacts=int(came[n]), longest_wait_min=float(longest[n]))
            for n in range(count)
        ]

    @property
    def usual(self) -> Day:
        """The first day with as many contacts as half of the days have at the most."""
        middle = sorted(day.contacts for day in self.days)[int(HALF * (len(self.days) - 1))]  # fmt: skip
        return next(day for day in self.days if day.contacts == middle)

    @property
    def busiest(self) -> Day:
        """The first of the days with the most contacts."""
        return max(self.days, key=lambda day: day.contacts)

    @property
    def longest(self) -> Day:
        """The first of the days on which somebody waited the longest."""
        return max(self.days, key=lambda day: day.longest_wait_min)


def play(scenario: Scenario, *, seed: int, replication: int) -> Played:
    """One run again. The first replication is 0."""
    work = Replicator([scenario], seed=seed, engine=Engine.COMPILED)
    ((drawn, run),) = work.runs(replication)
    return Played(scenario=scenario, drawn=drawn, run=run)


def day_figures(played: Played, number: int) -> dict[str, Any]:
    """What a page needs to play a day. Minutes are those of the run."""
    scenario = played.scenario
    first = scenario.warm_up_min + (number - 1) * MINUTES_A_DAY
    last = first + MINUTES_A_DAY
    only = rows_between(played.drawn, played.run, first, last)
    logged = list(visits(scenario, played.drawn, played.run, only=only))
    at = points(scenario)
    is_bad = bool(played.drawn.is_bad[int(first / MINUTES_A_DAY)])
    minutes = travel_minutes(scenario, is_bad=is_bad)
    return {
        **ground_figures(scenario),
        "first": first,
        "last": last,
        "clock": (first + scenario.start_hour * 60) % (7 * MINUTES_A_DAY),
        "isBad": is_bad,
        "classes": [words.name_of(name) for name in scenario.classes],
        "people": list(_people(scenario, logged, at, minutes, first, last)),
        "visits": list(_visits(scenario, played.drawn, logged, minutes, first, last)),
    }


def _day_of(minutes: Floats, begins: float) -> Ints:
    days: Ints = np.floor((minutes - begins) / MINUTES_A_DAY).astype(np.int64)
    return days


def _people(
    scenario: Scenario,
    logged: Sequence[LoggedVisit],
    at: list[Point],
    minutes: Floats,
    first: float,
    last: float,
) -> Iterator[dict[str, Any]]:
    beds = {one.name for one in those_who_are(scenario, BED)}
    for one in scenario.people:
        if one.name in beds:
            continue
        base = scenario.place_number(one.base)
        yield {
            "name": one.name,
            "role": str(words.ROLE.get(one.roles[0], one.roles[0])),
            "base": base,
            "duty": [
                [max(since, first), min(until, last)]
                for since, until in duty_spans(one, scenario)
                if since < last and until > first
            ],
            "legs": [
                leg
                for leg in _legs(scenario, one, logged, at, minutes)
                if leg.since < last and leg.until > first - MINUTES_A_DAY
            ],
        }


def _legs(
    scenario: Scenario,
    person: Person,
    logged: Sequence[LoggedVisit],
    at: list[Point],
    minutes: Floats,
) -> list[Leg]:
    """Every way out to a patient and home again; one who is called on the way turns."""
    base = scenario.place_number(person.base)
    where = {step.name: step.at for step in scenario.steps}
    out = (v for v in logged if person.name in v.people and where[v.step] is At.PATIENT)
    found: list[Leg] = []
    for visit in sorted(out, key=lambda one: one.began):
        place = scenario.place_number(visit.place)
        start = at[base]
        if found:
            before = found[-1]
            start = before.at(visit.began)
            found[-1] = before._replace(until=min(before.until, visit.began), end=start)
        found.append(Leg(visit.began, visit.reached, start, at[place]))
        home = float(minutes[place, base])
        found.append(
            Leg(visit.ended, visit.ended + (home if isfinite(home) else 0.0), at[place], at[base])
        )  # fmt: skip
    return found


def _visits(
    scenario: Scenario,
    drawn: Drawn,
    logged: Sequence[LoggedVisit],
    minutes: Floats,
    first: float,
    last: float,
) -> Iterator[dict[str, Any]]:
    """The visits that touch the day, each with where the patient is in it."""
    beds = {one.name for one in those_who_are(scenario, BED)}
    steps = {step.name: step for step in scenario.steps}
    now_at: dict[int, int] = {}
    for one in sorted(logged, key=lambda visit: visit.joined):
        step = steps[one.step]
        own, station = (int(drawn.contacts[one.contact, c]) for c in (DRAWN_PLACE, DRAWN_HOME))  # fmt: skip
        here = now_at.get(one.contact, own)
        if step.at is At.STATION and not step.patient_travels:
            here = station
        there = station if step.patient_travels and one.how == "served" else here
        if not one.is_look:
            now_at[one.contact] = there
        if one.joined >= last or one.ended <= first:
            continue
        way = float(minutes[here, there])
        yield {
            "contact": one.contact,
            "step": words.first_up(words.name_of(one.step)),
            "class": scenario.classes.index(one.class_name),
            "how": one.how,
            "isLook": one.is_look,
            "isBed": any(name in beds for name in one.people),
            "isManned": bool(step.needs or step.remote),
            "people": [name for name in one.people if name not in beds],
            "at": here,
            "to": there,
            "leaves": max(one.began, one.ended - way) if isfinite(way) else one.began,
            "joined": one.joined,
            "began": one.began,
            "reached": one.reached,
            "ended": one.ended,
        }
