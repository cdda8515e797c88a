"""The people of the kernel, the visits that need them, and what a visit can wait for."""

from collections.abc import Generator
from dataclasses import dataclass, field
from math import inf

from varde.engines.simulation.memory import DRAWN_HOME, DRAWN_PLACE, Drawn
from varde.engines.simulation.scenario import MINUTES_A_DAY, At, Scenario, Step
from varde.engines.simulation.tables import AT as WHERE_OF
from varde.engines.simulation.tables import (
    Floats,
    can_fill,
    on_duty_first,
    travel_minutes,
)


type Process = Generator["Line | Work", "Team | None", None]


@dataclass(slots=True, kw_only=True)
class Worker:
    """A person, car or bed: on duty or not, where last seen, and what it is used for."""

    number: int
    is_on: bool
    place: int
    left_at: float = -inf
    since: float = 0.0
    busy: float = 0.0
    visit: "Visit | None" = None


@dataclass(slots=True, eq=False, kw_only=True)
class Visit:
    """One contact at one step, or a new look at one."""

    contact: int
    step: Step
    joined: float
    is_look: bool = False
    ticket: int = -1
    is_waiting: bool = False
    process: Process | None = None
    row: list[float] | None = None
    workers: list[Worker] = field(default_factory=list)
    end: int = 0  # how often the end was moved
    look: "Visit | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """Who would do it, and the minutes until the last and the first one is there."""

    workers: tuple[Worker, ...] = ()
    slowest: float = 0.0
    fastest: float = 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """Wait in the queue for a team."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class Work:
    """Do the work of a visit with a team."""

    visit: Visit
    team: Team


class Crew:
    """All people, cars and beds of a run."""

    def __init__(self, scenario: Scenario, drawn: Drawn) -> None:
        self.scenario, self.drawn = scenario, drawn
        first = set(on_duty_first(scenario))
        self.workers = [
            Worker(number=u, is_on=u in first, place=scenario.place_number(p.base))
            for u, p in enumerate(scenario.people)
        ]
        self._travel = [travel_minutes(scenario, is_bad=bad) for bad in (False, True)]

    def travel(self, now: float) -> Floats:
        """Minutes between all places in the weather of the day."""
        return self._travel[int(self.drawn.is_bad[int(now / MINUTES_A_DAY)])]

    def team(self, visit: Visit, now: float) -> Team | None:
        """Those who are free for a visit now, need by need; None when one is lacking."""
        step = visit.step
        needs = [(role, step.at) for role in step.needs]
        needs += [(role, At.ANYWHERE) for role in step.remote]
        found: list[tuple[Worker, float]] = []
        for role, at in needs:
            one = self.nearest(visit, role, at, now, taken=[w for w, _ in found])
            if one is None:
                return None
            found.append(one)
        return _as_team(found)

    def nearest(
        self, visit: Visit, role: str, at: At, now: float, *, taken: list[Worker]
    ) -> tuple[Worker, float] | None:
        """The free one of the lowest tier who is there first, and the minutes."""
        station = int(self.drawn.contacts[visit.contact, DRAWN_HOME])
        place = {
            At.STATION: station,
            At.PATIENT: int(self.drawn.contacts[visit.contact, DRAWN_PLACE]),
            At.ANYWHERE: None,
        }[at]
        home = self.scenario.places[station].name
        able = [
            (self.scenario.people[w.number].tier, self._reach(w, place, now), w.number, w)
            for w in self.workers
            if w.is_on and w.visit is None and w not in taken
            and can_fill(self.scenario.people[w.number], role, where=WHERE_OF[at], station=home)
        ]  # fmt: skip
        if not able:
            return None
        _, minutes, _, worker = min(able, key=lambda one: one[:3])
        return worker, minutes

    def _reach(self, worker: Worker, place: int | None, now: float) -> float:
        """Minutes until a worker is at a place; one who drives home may turn."""
        if place is None:
            return 0.0
        travel = self.travel(now)
        home = self.scenario.place_number(self.scenario.people[worker.number].base)
        spent = now - worker.left_at
        left = float(travel[worker.place, home]) - spent
        if left <= 0.0 or worker.place == home:
            return float(travel[home, place])
        turned = spent + float(travel[worker.place, place])
        return min(turned, left + float(travel[home, place]))


def is_manned(step: Step) -> bool:
    """Does a step need anybody?"""
    return bool(step.needs or step.remote)


def _as_team(found: list[tuple[Worker, float]]) -> Team:
    minutes = [m for _, m in found]
    return Team(
        workers=tuple(worker for worker, _ in found),
        slowest=max([0.0, *minutes]),
        fastest=min(minutes, default=0.0),
    )
