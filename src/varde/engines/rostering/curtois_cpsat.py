"""The workers of CP-SAT on one of Curtois' instances: the whole model, or one person."""

import math
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Final

import numpy as np
from ortools.sat.python import cp_model

from varde.engines.rostering.curtois_model import add_person, curtois_problem
from varde.engines.rostering.curtois_shared import Found, Shared
from varde.engines.rostering.roster_values import FREE, Roster, roster_of, values_of
from varde.engines.rostering.schedules import OFF
from varde.engines.rostering.search import Problem, Status, Stop, search


MOST_WHOLE: Final = 12_000  # for the whole model at once
WHOLE_SHARE: Final = 0.7  # of CP-SAT's time for the whole of a small model
SINGLY_SHARE: Final = 0.7  # of the time for the first roster, one by one
WAIT_S: Final = 0.05


class ModelWorker:
    """The worker of CP-SAT."""

    def __init__(self, shared: Shared) -> None:
        self.shared = shared
        self.ids = [shift.id for shift in shared.instance.shifts]
        self.problem = curtois_problem(shared.instance)
        self.is_small = len(self.problem.decisions) <= MOST_WHOLE

    def work(self) -> None:
        """First as it is until the columns have their prices, then with these."""
        shared = self.shared
        if shared.limits.workers > 1:
            if self.is_small:
                self._search(self.problem, stop=_Priced(shared))
            ready = True
            tries = iter(lambda: shared.priced.wait(WAIT_S) or shared.is_over(), ready)
            deque(tries, maxlen=0)  # waits
        if not shared.is_over():
            self._search(self._priced(), stop=_Settled(shared))
        if shared.settled.is_set() and not shared.is_over():
            workers = shared.limits.workers
            self._search(self._priced(), stop=_Over(shared), workers=workers)

    def _search(self, problem: Problem, *, stop: Stop, workers: int = 1) -> None:
        shared = self.shared
        start = shared.best
        outcome = search(
            problem,
            limits=replace(
                shared.limits,
                seconds=max(0.0, shared.limits.seconds - shared.seconds()),
                workers=workers,
                whole_share=WHOLE_SHARE if self.is_small else 0.0,
                patience_s=math.inf,
            ),
            clock=shared.clock,
            on_better=lambda better: self._offer(better.values),
            on_bound=lambda bound: self._raise_bound(bound, start),
            stop=stop,
            start=None if start is None else self._values(start.roster),
            bound=shared.bound,
            hear=self._heard,
        )
        if outcome.status == Status.IMPOSSIBLE and shared.best is None:
            shared.is_impossible = True

    def _raise_bound(self, bound: int, start: Found | None) -> None:
        """What was ruled out costs more than the roster at the start, and no less."""
        self.shared.raise_bound(bound if start is None else min(bound, start.objective))

    def _offer(self, values: Sequence[int]) -> None:
        roster = roster_of(values, ids=self.ids, days=self.shared.instance.days)
        self.shared.offer(roster, "model")

    def _heard(self) -> tuple[int, Sequence[int]] | None:
        best = self.shared.best
        return None if best is None else (best.objective, self._values(best.roster))

    def _values(self, roster: Roster) -> list[int]:
        return values_of(roster, ids=self.ids)

    def _priced(self) -> Problem:
        """The model without the shifts that no roster better than the best can have.

        A schedule through a shift costs at least so much more than the person's cheapest,
        at any prices; with the bound of these prices that is a bound on the roster.
        """
        shared, costs = self.shared, self.shared.costs
        relaxed, best = shared.relaxed, shared.best
        if relaxed is None or best is None:
            return self.problem
        people = range(len(shared.instance.people))
        price = (costs.wish - relaxed.cover - relaxed.cap[:, None, :]).astype(
            np.float32
        )
        through = costs.rules.through(people, price)
        extra = through - through.min(axis=2).min(axis=1)[:, None, None]
        is_out = (extra[:, :, :-1] > best.objective - relaxed.bound).ravel()
        model = self.problem.model.clone()
        for place, variable in enumerate(self.problem.decisions):
            if is_out[place]:
                domain = model.proto.variables[variable.index].domain
                domain.clear()
                domain.extend([0, 0])
        return replace(self.problem, model=model)


class _Over:
    """Ends CP-SAT when the whole search is over."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared

    def is_set(self) -> bool:
        return self._shared.is_over()


class _Settled(_Over):
    """Ends CP-SAT also when the other worker has left it the rest."""

    def is_set(self) -> bool:
        return self._shared.settled.is_set() or self._shared.is_over()


class _Priced(_Over):
    """Ends CP-SAT also when the columns have their prices and a first roster of theirs."""

    def is_set(self) -> bool:
        return self._shared.priced.is_set() or self._shared.is_over()


class SinglyWorker:
    """One person at a time by CP-SAT, for instances too large for anything better.

    Each gets the best days found beside the others', first in turn and then at random.
    """

    def __init__(self, shared: Shared) -> None:
        self.shared, self.costs = shared, shared.costs
        self.draw = Random(shared.limits.seed)  # noqa: S311 (no secret)
        self.ids = [shift.id for shift in shared.instance.shifts]

    def work(self) -> None:
        people = range(len(self.shared.instance.people))
        lines: dict[int, tuple[str, ...]] = {}
        each_s = self.shared.limits.seconds * SINGLY_SHARE / len(people)
        turns = 0
        while not self.shared.is_over() and turns < self.shared.limits.effort:
            person = turns if turns < len(people) else self.draw.choice(people)
            turns += 1
            line = self._line(person, lines, each_s)
            if line is not None:
                lines[person] = line
            elif person not in lines:
                return  # no roster without this person
            if len(lines) == len(people):
                self.shared.offer(tuple(lines[p] for p in people), "one by one")

    def _line(
        self, person: int, lines: Mapping[int, tuple[str, ...]], seconds: float
    ) -> tuple[str, ...] | None:
        shared, costs = self.shared, self.costs
        there = np.zeros_like(costs.need)
        for other, line in lines.items():
            if other != person:
                there += costs.there([np.array([self._shift(s) for s in line])])
        price = costs.wish[person] + np.where(
            there < costs.need, -costs.under, costs.over
        )
        model = cp_model.CpModel()
        days = range(shared.instance.days)
        x = [[model.new_bool_var("") for _ in self.ids] for _ in days]
        add_person(model, shared.instance, person, x)
        decisions = [variable for day in x for variable in day]
        model.minimize(cp_model.LinearExpr.weighted_sum(decisions, price.ravel()))
        outcome = search(
            Problem(model=model, decisions=decisions, neighbourhoods=()),
            limits=replace(shared.limits, seconds=seconds),
            clock=shared.clock,
            stop=_Over(shared),
            start=values_of([lines[person]], ids=self.ids) if person in lines else None,
        )
        if outcome.status == Status.IMPOSSIBLE:
            shared.is_impossible = True
        if outcome.values is None:
            return None
        return roster_of(outcome.values, ids=self.ids, days=shared.instance.days)[0]

    def _shift(self, name: str) -> int:
        return OFF if name == FREE else self.ids.index(name)
