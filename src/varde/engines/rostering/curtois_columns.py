"""The worker of columns and dives on one of Curtois' instances."""

import math
from collections.abc import Sequence
from random import Random
from typing import Final

import numpy as np

from varde.engines.rostering.columns import (
    FAR,
    Column,
    LostFooting,
    Master,
    Plan,
    generate,
)
from varde.engines.rostering.curtois_shared import Shared
from varde.engines.rostering.dives import descend, dive, one_by_one
from varde.engines.rostering.roster_values import FREE
from varde.engines.rostering.schedules import OFF, WEEK


ROOT_SHARE: Final = 0.35  # of the time, for the columns of the whole instance
MOST_FIRST_SHARE: Final = 0.02  # of the time for the first roster, else no full columns
KEPT: Final = 40  # columns of each person that are kept from it
SEEDS: Final = 12  # of these in a later dive
FEWEST: Final = 3  # persons set free in a later dive
GROWTH: Final = 1.05
WINDOW_CHANCE: Final = 0.4
ALONE_SHARE: Final = 0.6  # of one worker's time for the columns
MOST_FRUITLESS: Final = 60  # turns, in an instance that may be proven
MOST_PROVABLE: Final = 1_700  # decisions


class ColumnWorker:
    """The worker of columns and dives."""

    def __init__(self, shared: Shared) -> None:
        self.shared, self.costs = shared, shared.costs
        self.draw = Random(shared.limits.seed)  # noqa: S311 (no secret)
        self.people = list(range(len(shared.instance.people)))
        self.kept: dict[int, list[Column]] = {p: [] for p in self.people}
        self.names = [shift.id for shift in shared.instance.shifts]

    def work(self) -> None:
        shared = self.shared
        start = one_by_one(self.costs, order=self.people, is_over=shared.is_over)
        if start is not None:
            self._offer(start, "one by one")
        # One round of columns takes about as long as the first roster did.
        is_large = shared.seconds() > shared.limits.seconds * MOST_FIRST_SHARE
        try:
            if not is_large:
                self._root(self.plans() or [])
            if (is_large or not self._free(self.people, "dive")) and start is not None:
                self._descend(start)
        except LostFooting:
            return
        finally:
            shared.priced.set()
        self._again()

    def _offer(self, plans: Sequence[Plan], phase: str) -> bool:
        return self.shared.offer(
            tuple(
                tuple(FREE if s == OFF else self.names[s] for s in plan)
                for plan in plans
            ),
            phase,
        )

    def plans(self) -> list[Plan] | None:
        """The best roster, whoever found it."""
        best = self.shared.best
        if best is None:
            return None
        index = {name: s for s, name in enumerate(self.names)} | {FREE: OFF}
        return [np.array([index[s] for s in days], np.int16) for days in best.roster]

    def _root(self, start: Sequence[Plan]) -> None:
        shared = self.shared
        master = Master(self.costs, self.people, self.costs.need)
        for person, plan in enumerate(start):
            master.add(self.costs.column(person, plan))
        until = shared.limits.seconds * ROOT_SHARE
        is_free = shared.limits.effort < math.inf
        relaxed = generate(
            master,
            is_over=lambda: (
                shared.is_over() or (not is_free and shared.seconds() > until)
            ),
            gap=0.02,
        )
        if relaxed.bound == math.inf:
            shared.is_impossible = True
            return
        shared.raise_bound(math.ceil(relaxed.bound - 1e-6))
        order = sorted(
            range(len(master.columns)), key=lambda i: master.reduced(master.columns[i])
        )
        for place in order:
            column = master.columns[place]
            if len(self.kept[column.person]) < KEPT:
                self.kept[column.person].append(column)
        if relaxed.value < FAR:
            shared.relaxed = relaxed

    def _descend(self, plans: list[Plan]) -> None:
        order = self.draw.sample(self.people, len(self.people))
        descend(self.costs, plans, order=order, is_over=self.shared.is_over)
        self._offer(plans, "descent")

    def _again(self) -> None:
        """Set parts of the best roster free and dive there, for as long as there is time."""
        count, weeks = float(min(len(self.people), 2 * FEWEST)), 1.0
        most_weeks = max(1, self.shared.instance.days // WEEK)
        turns = fruitless = 0
        while not self._is_over() and turns < self.shared.limits.effort:
            turns += 1
            fruitless += 1
            if self._is_provable() and fruitless > MOST_FRUITLESS:
                self.shared.settled.set()
                return
            plans, before = self.plans(), self.shared.best
            if plans is None:
                self._free(self.people, "dive")
            elif most_weeks > 1 and self.draw.random() < WINDOW_CHANCE:
                gained = self._window(plans, round(weeks))
                weeks = min(most_weeks / 2, weeks * (1 / GROWTH if gained else GROWTH))
                weeks = max(1.0, weeks)
            else:
                some = self.draw.sample(self.people, round(count))
                gained = self._free(some, "persons")
                count *= 1 / GROWTH if gained else GROWTH
                count = min(len(self.people), max(FEWEST, count))
            if self.shared.best is not before:
                fruitless = 0

    def _is_provable(self) -> bool:
        """Is the instance so small that all workers had better prove it?"""
        instance = self.shared.instance
        size = len(self.people) * instance.days * len(self.names)
        return self.shared.limits.workers > 1 and size <= MOST_PROVABLE

    def _is_over(self) -> bool:
        """Is it time to end, or for the other part when there is one worker?"""
        limits = self.shared.limits
        is_alone = limits.workers == 1 and limits.effort == math.inf
        until = limits.seconds * (ALONE_SHARE if is_alone else 1.0)
        return self.shared.is_over() or self.shared.seconds() >= until

    def _free(self, people: Sequence[int], phase: str) -> bool:
        """Dive for some persons beside the others."""
        plans = self.plans() or []
        columns = [column for p in people for column in self.kept[p][:SEEDS]]
        columns += [self.costs.column(p, plans[p]) for p in people if plans]
        return self._dive(plans, people, columns, {}, phase)

    def _window(self, plans: Sequence[Plan], weeks: int) -> bool:
        """Dive for everybody in some weeks, the other days as they are."""
        days = self.shared.instance.days
        first = self.draw.randrange(0, max(1, days - weeks * WEEK + 1))
        inside = range(first, min(days, first + weeks * WEEK))
        decided = {
            (p, d): int(plans[p][d])
            for p in self.people
            for d in range(days)
            if d not in inside
        }
        columns = [self.costs.column(p, plans[p]) for p in self.people]
        return self._dive(plans, self.people, columns, decided, "weeks")

    def _dive(
        self,
        plans: Sequence[Plan],
        people: Sequence[int],
        columns: Sequence[Column],
        decided: dict[tuple[int, int], int],
        phase: str,
    ) -> bool:
        free = set(people)
        others = [plan for p, plan in enumerate(plans) if p not in free]
        less_than = math.inf
        if plans:
            less_than = self.costs.of_roster(plans) - sum(
                self.costs.column(p, plan).cost
                for p, plan in enumerate(plans)
                if p not in free
            )
        settled = dive(
            self.costs,
            people=list(people),
            others=others,
            columns=columns,
            decided=decided,
            less_than=less_than,
            draw=self.draw,
            is_over=self.shared.is_over,
        )
        if settled is None:
            return False
        new = [settled[p] if p in free else plans[p] for p in self.people]
        gained = self._offer(new, phase)
        self._descend(new)
        return gained
