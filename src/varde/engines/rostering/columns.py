"""Column generation: whole schedules of persons, combined by a linear program.

The linear program chooses a share of each known schedule of each person so that cover
and wishes cost least; its prices say which schedule would help most, and schedules.py
finds that one exactly. The bound is Lagrange's: it holds for any prices.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import pywraplp

from varde.engines.rostering.curtois import CurtoisInstance
from varde.engines.rostering.schedules import GRAIN, OFF, Cheapest, Schedules


type Array = NDArray[np.float64]
type Plan = NDArray[np.int16]

FAR: Final = 1e5  # what a person without a schedule costs in the linear program
SMOOTHING: Final = 0.6  # how much of the best prices so far is kept
EPSILON: Final = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One schedule of one person: its cost by wishes, and how many of each shift."""

    person: int
    plan: Plan
    cost: float
    is_allowed: bool


class Costs:
    """An instance's costs as arrays, and the schedules' rules."""

    def __init__(self, instance: CurtoisInstance) -> None:
        self.instance = instance
        self.rules = Schedules(instance)
        people, days = len(instance.people), instance.days
        shape = days, len(instance.shifts)
        self.wish = np.zeros((people, *shape))
        self.unmet = np.zeros(people)
        self.need, self.under, self.over = (np.zeros(shape) for _ in range(3))
        for wish in instance.wishes_on:
            self.unmet[wish.person] += wish.weight
            self.wish[wish.person, wish.day, wish.shift] -= wish.weight
        for wish in instance.wishes_off:
            self.wish[wish.person, wish.day, wish.shift] += wish.weight
        for cover in instance.cover:
            place = cover.day, cover.shift
            self.need[place] = cover.need
            self.under[place], self.over[place] = cover.under, cover.over
        self.caps = np.array([person.most_of for person in instance.people])

    def column(self, person: int, plan: Plan) -> Column:
        worked = np.nonzero(plan != OFF)[0]
        shifts = plan[worked]
        cost = self.unmet[person] + self.wish[person, worked, shifts].sum()
        counts = np.bincount(shifts, minlength=self.caps.shape[1])
        return Column(
            person, plan, float(cost), bool((counts <= self.caps[person]).all())
        )

    def there(self, plans: Sequence[Plan]) -> Array:
        """How many have each day's shift."""
        counts = np.zeros_like(self.need)
        for plan in plans:
            worked = np.nonzero(plan != OFF)[0]
            counts[worked, plan[worked]] += 1
        return counts

    def of_cover(self, there: Array) -> float:
        short = self.need - there
        return float(
            (
                self.under * np.maximum(short, 0) + self.over * np.maximum(-short, 0)
            ).sum()
        )

    def of_roster(self, plans: Sequence[Plan]) -> float:
        wishes = sum(self.column(p, plan).cost for p, plan in enumerate(plans))
        return wishes + self.of_cover(self.there(plans))

    def cheapest_allowed(self, people: Sequence[int], cost: Array) -> Cheapest:
        """The cheapest schedules found that also keep the most shifts of each type.

        Who has too many of a type keeps those days of it that cost least, and no others.
        A cost is infinite where none is found.
        """
        found = self.rules.cheapest(people, _grained(cost))
        plans, paid = found.plans.copy(), found.cost.copy()
        for i, person in enumerate(people):
            if np.isfinite(paid[i]) and not self.column(person, plans[i]).is_allowed:
                paid[i], plans[i] = self._fitted(person, cost[i], plans[i])
        return Cheapest(paid, plans)

    def _fitted(self, person: int, cost: Array, plan: Plan) -> tuple[float, Plan]:
        caps, cost = self.caps[person], cost.copy()
        paid = 0.0
        for _ in caps:  # each turn settles at least one more type for good
            for s in np.nonzero(
                np.bincount(plan[plan != OFF], minlength=len(caps)) > caps
            )[0]:
                days = np.nonzero(plan == s)[0]
                kept = days[np.argsort(cost[days, s], kind="stable")][: caps[s]]
                elsewhere = np.setdiff1d(np.arange(len(cost)), kept)
                cost[elsewhere, s] = np.inf
            found = self.rules.cheapest([person], _grained(cost)[None])
            paid, plan = float(found.cost[0]), found.plans[0]
        return paid, plan


def _grained(values: Array) -> NDArray[np.float32]:
    return (np.round(values * GRAIN) / GRAIN).astype(np.float32)


def _afresh() -> pywraplp.MPSolverParameters:
    """Solve without what was kept of the solution before, which had lost its footing."""
    parameters = pywraplp.MPSolverParameters()
    parameters.SetIntegerParam(parameters.INCREMENTALITY, parameters.INCREMENTALITY_OFF)
    return parameters


class LostFooting(ArithmeticError):
    """The linear program could not be solved, for numerical reasons. Try another way."""


class Master:
    """The linear program over known schedules of some persons, for what others leave."""

    def __init__(self, costs: Costs, people: Sequence[int], need: Array) -> None:
        self.costs, self.people, self.need = costs, list(people), need
        self.columns: list[Column] = []
        self._lp = pywraplp.Solver.CreateSolver("CLP")
        inf = self._lp.infinity()
        self._goal = self._lp.Objective()
        self._goal.SetMinimization()
        self._cover = {}
        for d, s in np.argwhere(costs.under + costs.over > 0):
            row = self._lp.Constraint(float(need[d, s]), float(need[d, s]))
            for sign, weight in ((1, costs.under[d, s]), (-1, costs.over[d, s])):
                slack = self._lp.NumVar(0, inf, "")
                row.SetCoefficient(slack, sign)
                self._goal.SetCoefficient(slack, float(weight))
            self._cover[int(d), int(s)] = row
        self._one = {}
        for p in self.people:
            row = self._lp.Constraint(1, 1)
            nobody = self._lp.NumVar(0, inf, "")
            row.SetCoefficient(nobody, 1)
            self._goal.SetCoefficient(nobody, FAR)
            self._one[p] = row
        self._cap = {
            (p, s): self._lp.Constraint(-inf, float(costs.caps[p, s]))
            for p in self.people
            for s, units in enumerate(costs.rules.length)
            if 0
            < costs.caps[p, s]
            < min(costs.rules.days, costs.rules.most_time[p] // units)
        }
        self._shares: list[pywraplp.Variable] = []
        # What is decided already: a shift or OFF for a person on a day.
        self.decided: dict[tuple[int, int], int] = {}
        shape = costs.wish.shape
        self._closed = np.zeros(shape)
        self._no_rest = np.zeros(shape[:2])
        self._given = np.zeros(costs.caps.shape)
        self._of_person: dict[int, list[int]] = {p: [] for p in self.people}

    def add(self, column: Column) -> None:
        share = self._lp.NumVar(0, self._lp.infinity(), "")
        self._goal.SetCoefficient(share, column.cost)
        self._one[column.person].SetCoefficient(share, 1)
        counts = [0] * len(self.costs.rules.length)
        for d, s in enumerate(column.plan.tolist()):
            if s != OFF:
                counts[s] += 1
                row = self._cover.get((d, s))
                if row is not None:
                    row.SetCoefficient(share, 1)
        for s, count in enumerate(counts):
            cap = self._cap.get((column.person, s))
            if cap is not None and count:
                cap.SetCoefficient(share, count)
        self._of_person[column.person].append(len(self.columns))
        self.columns.append(column)
        self._shares.append(share)

    def decide(self, person: int, day: int, shift: int) -> None:
        """Leave only the schedules that have this shift (or OFF) on this day."""
        self.decided[person, day] = shift
        was_open = self._closed[person, day, shift] == 0
        self._closed[person, day] = np.inf
        if shift != OFF:
            self._closed[person, day, shift] = 0 if was_open else np.inf
            self._no_rest[person, day] = np.inf
            self._given[person, shift] += 1
            if self._given[person, shift] == self.costs.caps[person, shift]:
                self._close_shift(person, shift)
        for place in self._of_person[person]:
            if self.columns[place].plan[day] != shift:
                self._shares[place].SetBounds(0, 0)

    def _close_shift(self, person: int, shift: int) -> None:
        """No more of this shift than what is decided."""
        for day in range(self.costs.rules.days):
            if self.decided.get((person, day)) != shift:
                self._closed[person, day, shift] = np.inf

    def cheapest(self, cover: Array, cap: Array) -> Cheapest:
        """Everybody's cheapest schedule at these prices, beside what is decided."""
        people = self.people
        price = self.costs.wish[people] - cover - cap[people][:, None, :]
        price += self._closed[people]
        rest = self._no_rest[people].astype(np.float32) if self.decided else None
        return self.costs.rules.cheapest(people, price.astype(np.float32), rest)

    def solve(self) -> float:
        """The value of the linear program. FAR and more: somebody lacks a schedule."""
        solved = pywraplp.Solver.OPTIMAL
        if self._lp.Solve() != solved and self._lp.Solve(_afresh()) != solved:
            raise LostFooting
        self.shares = [share.solution_value() for share in self._shares]
        cover = np.zeros_like(self.need)
        for place, row in self._cover.items():
            cover[place] = row.dual_value()
        self.cover = np.clip(cover, -self.costs.over, self.costs.under)
        self.cap = np.zeros(self.costs.caps.shape)
        for place, row in self._cap.items():
            self.cap[place] = min(0.0, row.dual_value())
        self.limit = {p: float(row.dual_value()) for p, row in self._one.items()}
        return float(self._goal.Value())

    def reduced(self, column: Column) -> float:
        """What a schedule costs beside the program's prices. Below zero: it helps."""
        worked = np.nonzero(column.plan != OFF)[0]
        shifts = column.plan[worked]
        prices = (
            self.cover[worked, shifts].sum() + self.cap[column.person, shifts].sum()
        )
        return column.cost - float(prices) - self.limit[column.person]


@dataclass
class Relaxed:
    """What column generation came to: the program's value, the bound and its prices."""

    value: float
    bound: float
    cover: Array
    cap: Array


def generate(
    master: Master,
    *,
    is_over: Callable[[], bool],
    rounds: int = 10**6,
    gap: float = 0.0,
) -> Relaxed:
    """Add the schedules that help, until none does or the bound is near the value."""
    costs, people = master.costs, master.people
    value = master.solve()
    cover, cap = master.cover, master.cap
    best: Relaxed | None = None
    smoothing = SMOOTHING
    for _ in range(rounds):
        if best is not None and value < FAR:
            cover = smoothing * best.cover + (1 - smoothing) * cover
            cap = smoothing * best.cap + (1 - smoothing) * cap
        cover, cap = np.round(cover * GRAIN) / GRAIN, np.round(cap * GRAIN) / GRAIN
        found = master.cheapest(cover, cap)
        bound = float(
            (cover * master.need).sum()
            + (cap * costs.caps)[people].sum()
            + costs.unmet[people].sum()
            + found.cost.sum()
        )
        if best is None or bound > best.bound:
            best = Relaxed(value, bound, cover, cap)
        best.value = value
        if bound == math.inf:  # somebody has no schedule at all
            break
        new = [
            costs.column(p, plan) for p, plan in zip(people, found.plans, strict=True)
        ]
        new = [column for column in new if master.reduced(column) < -EPSILON]
        is_near = value < FAR and value - best.bound <= gap + EPSILON
        is_exhausted = not new and smoothing == 0
        if is_near or is_exhausted or is_over():
            break
        # Prices between the best ones and today's may point at nothing: then today's.
        smoothing = SMOOTHING if new else 0.0
        for column in new:
            master.add(column)
        if new:
            value = master.solve()
        cover, cap = master.cover, master.cap
    assert best is not None
    return best
