"""The cheapest schedule of each person, by dynamic programming over the days.

A person's days are a path through states: working for so many days in a row with this
shift last, or free for so many days in a row, with the minutes and the weekends used so
far. All persons are computed at once, as arrays. The result is exact for every rule of
curtois_check.py but one: the most shifts of each type, which the caller prices.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from varde.engines.rostering.curtois import CurtoisInstance


type Floats = NDArray[np.float32]
type Ints = NDArray[np.int64]

OFF: Final = -1
INF: Final = np.float32(np.inf)
GRAIN: Final = 64.0  # costs are whole multiples of 1/64, so that their sums are exact
MOST_BYTES: Final = 160_000_000  # of states kept to walk back, for one block of persons
SATURDAY, SUNDAY, WEEK = 5, 6, 7


@dataclass(frozen=True, slots=True)
class Cheapest:
    """One schedule a person: its cost, and the shift of each day (OFF: free)."""

    cost: NDArray[np.float64]
    plans: NDArray[np.int16]


class Schedules:
    """The rules of an instance as arrays, once, and the search for cheapest schedules."""

    def __init__(self, instance: CurtoisInstance) -> None:
        people, shifts = instance.people, instance.shifts
        self.days = instance.days
        self.unit = math.gcd(*(shift.minutes for shift in shifts))
        self.length = [shift.minutes // self.unit for shift in shifts]
        self.most_in_row = np.array([p.most_in_row for p in people])
        self.least_in_row = np.array([p.least_in_row for p in people])
        self.least_off = np.array([max(1, p.least_off_in_row) for p in people])
        self.most_time = np.array([p.most_minutes // self.unit for p in people])
        self.least_time = np.array([-(-p.least_minutes // self.unit) for p in people])
        self.most_weekends = np.array([p.most_weekends for p in people])
        self.before = [
            [t for t, other in enumerate(shifts) if s not in other.not_before]
            for s in range(len(shifts))
        ]
        self.chain = _chain(self.before)
        self.after = [
            [t for t, befores in enumerate(self.before) if s in befores]
            for s in range(len(shifts))
        ]
        self.after_chain = _chain(self.after)
        self.forbidden = np.zeros((len(people), self.days, len(shifts)), np.float32)
        for p, person in enumerate(people):
            self.forbidden[p, :, [m == 0 for m in person.most_of]] = INF
        for p, d in instance.days_off:
            self.forbidden[p, d] = INF

    def cheapest(
        self, people: Sequence[int], cost: Floats, rest: Floats | None = None
    ) -> Cheapest:
        """The cheapest schedule of each of some persons.

        `cost[i, day, shift]` is what the shift costs the i-th of them (whole multiples of
        1 / GRAIN), and `rest[i, day]` what the day free costs, else nothing. Infinite: it
        may not be, or no schedule is allowed.
        """
        found = [
            _Walk(
                self,
                np.asarray(block),
                cost[first : first + len(block)],
                None if rest is None else rest[first : first + len(block)],
            ).cheapest()
            for first, block in self._blocks(people)
        ]
        return Cheapest(
            np.concatenate([one.cost for one in found]),
            np.concatenate([one.plans for one in found]),
        )

    def through(self, people: Sequence[int], cost: Floats) -> Floats:
        """The least cost of a schedule that has each shift on each day, for each person.

        The last column, of one more than there are shifts, is for the day free.
        """
        return np.concatenate(
            [
                _Walk(
                    self, np.asarray(block), cost[first : first + len(block)]
                ).through()
                for first, block in self._blocks(people)
            ]
        )

    def _blocks(self, people: Sequence[int]) -> Iterator[tuple[int, Sequence[int]]]:
        chosen = list(people)
        states = int(self.most_in_row[chosen].max()) * len(self.length)
        states += int(self.least_off[chosen].max())
        states *= int(self.most_time[chosen].max() + 1)
        states *= int(self.most_weekends[chosen].max() + 1)
        size = max(1, MOST_BYTES // (4 * states * self.days))
        for first in range(0, len(chosen), size):
            yield first, chosen[first : first + size]


def _chain(before: list[list[int]]) -> list[tuple[int, list[int], list[int]]]:
    """How the least over the shifts allowed before is built: from which, with which more.

    The sets mostly lie within each other (what may come before a late shift may come
    before a later one), so each is made from the largest that was made already.
    """
    sets = [frozenset(one) for one in before]
    unique = sorted(set(sets), key=lambda one: (len(one), sorted(one)))
    steps = []
    for place, one in enumerate(unique):
        inner = [i for i in range(place) if unique[i] < one]
        base = max(inner, key=lambda i: len(unique[i]), default=-1)
        more = one - unique[base] if base >= 0 else one
        users = [s for s, other in enumerate(sets) if other == one]
        steps.append((base, sorted(more), users))
    return steps


class _Walk:
    """One computation, forwards over the days and back, for a block of persons.

    run[c, s, i, w, t]: cheapest so far with c + 1 days of work in a row, the last of them
    shift s, w weekends and t units of time used. rest[k, i, w, t]: k + 1 days free in a
    row, the last k for that many or more.
    """

    def __init__(
        self, rules: Schedules, people: Ints, cost: Floats, rest: Floats | None = None
    ) -> None:
        self.rules = rules
        self.cost = cost + rules.forbidden[people]
        self.rest = rest
        self.count = len(people)
        self.time = rules.most_time[people]
        self.least_time = rules.least_time[people]
        self.weekends = rules.most_weekends[people]
        self.times = int(self.time.max()) + 1
        self.ws = int(self.weekends.max()) + 1
        self.cs = int(rules.most_in_row[people].max())
        self.ks = int(rules.least_off[people].max())
        c, k = np.arange(self.cs)[:, None], np.arange(self.ks)[:, None]
        self.too_long = _closed(c + 1 > rules.most_in_row[people])
        self.may_end = _closed(c + 1 < rules.least_in_row[people])
        self.may_start = _closed(k + 1 < rules.least_off[people])
        self.runs: list[Floats] = []
        self.rests: list[Floats] = []

    def end_mask(self, day: int) -> Floats:
        """Which runs of work may have ended the day before. One since day 0 always."""
        return _with_open(self.may_end, day - 1)

    def start_mask(self, day: int) -> Floats:
        """Which runs of free days may have ended the day before. One since day 0 always."""
        return _with_open(self.may_start, day - 1)

    def cheapest(self) -> Cheapest:
        for day in range(self.rules.days):
            self._step(day)
        return self._back()

    def _step(self, day: int) -> None:
        size = (self.count, self.ws, self.times)
        run = np.full((self.cs, len(self.rules.length), *size), INF)
        rest = np.full((self.ks, *size), INF)
        if day == 0:
            start = end = np.full(size, INF)
            start[:, 0, 0] = 0
            best: list[Floats] = []
        else:
            last, free = self.runs[-1], self.rests[-1]
            mask = self.end_mask(day)[:, :, None, None]
            end = (last.min(axis=1) + mask).min(axis=0)
            start = (free + self.start_mask(day)[:, :, None, None]).min(axis=0)
            rest[1:] = free[:-1]
            np.minimum(rest[-1], free[-1], out=rest[-1])
            best = self._least(last, self.rules.chain)
        np.minimum(rest[0], end, out=rest[0])
        if self.rest is not None:
            rest += self.rest[:, day][:, None, None]
        is_weekend, is_saturday = day % WEEK >= SATURDAY, day % WEEK == SATURDAY
        if is_weekend:
            start = _one_more(start)
        for place, (_, _, users) in enumerate(self.rules.chain):
            before = best[place] if best else None
            if before is not None and is_saturday:
                before = _one_more(before)
            for s in users:
                units = self.rules.length[s]
                if units >= self.times:
                    continue
                paid = self.cost[:, day, s][:, None, None]
                kept = self.times - units
                run[0, s, ..., units:] = start[..., :kept] + paid
                if before is not None:
                    np.add(before[:-1, ..., :kept], paid, out=run[1:, s, ..., units:])
        run += self.too_long[:, None, :, None, None]
        self.runs.append(run)
        self.rests.append(rest)

    def _least(
        self, last: Floats, chain: list[tuple[int, list[int], list[int]]]
    ) -> list[Floats]:
        """For each set of shifts of a chain: the least over its members."""
        best: list[Floats] = []
        for base, more, _ in chain:
            parts = [last[:, s] for s in more]
            least = best[base] if base >= 0 else None
            for part in parts:
                least = part if least is None else np.minimum(least, part)
            best.append(np.full_like(last[:, 0], INF) if least is None else least)
        return best

    # ------------------------------------------------------------ forwards and backwards

    def through(self) -> Floats:
        for day in range(self.rules.days):
            self._step(day)
        closed = self._closed_ends()[None]
        rest = np.broadcast_to(
            np.where(closed, INF, np.float32(0)), self.rests[-1].shape
        )
        run = np.broadcast_to(rest[:1, None], self.runs[-1].shape)
        found = np.full(
            (self.count, self.rules.days, len(self.rules.length) + 1), INF, np.float32
        )
        for day in range(self.rules.days - 1, -1, -1):
            found[:, day, :-1] = (self.runs[day] + run).min(axis=(0, 3, 4)).T
            found[:, day, -1] = (self.rests[day] + rest).min(axis=(0, 2, 3))
            if day > 0:
                run, rest = self._step_back(day, run, rest)
        return found

    def _step_back(self, day: int, run: Floats, rest: Floats) -> tuple[Floats, Floats]:
        """What is left to pay after the day before, from what is after this one."""
        is_weekend, is_saturday = day % WEEK >= SATURDAY, day % WEEK == SATURDAY
        paid = np.full_like(run, INF)
        for s, units in enumerate(self.rules.length):
            if units < self.times:
                kept = self.times - units
                price = self.cost[:, day, s][:, None, None]
                np.add(run[:, s, ..., units:], price, out=paid[:, s, ..., :kept])
        paid += self.too_long[:, None, :, None, None]
        start = paid[0].min(axis=0)
        if is_weekend:
            start = _one_less(start)
        before_rest = np.empty_like(rest)
        before_rest[:-1] = rest[1:]
        before_rest[-1] = rest[-1]
        mask = self.start_mask(day)[:, :, None, None]
        np.minimum(before_rest, start[None] + mask, out=before_rest)
        before_run = np.full_like(run, INF)
        onward = _one_less(paid[1:]) if is_saturday else paid[1:]
        for (_, _, users), least in zip(
            self.rules.after_chain,
            self._least(onward, self.rules.after_chain),
            strict=True,
        ):
            for s in users:
                before_run[:-1, s] = least
        end = rest[0][None] + self.end_mask(day)[:, :, None, None]
        np.minimum(before_run, end[:, None], out=before_run)
        return before_run, before_rest

    # ------------------------------------------------------------ back again

    def _back(self) -> Cheapest:
        run, rest = self.runs[-1], self.rests[-1]
        least = np.minimum(run.min(axis=(0, 1)), rest.min(axis=0))
        least = np.where(self._closed_ends(), INF, least).reshape(self.count, -1)
        where = least.argmin(axis=1)
        cost = least[np.arange(self.count), where].astype(np.float64)
        plans = np.full((self.count, self.rules.days), OFF, np.int16)
        for i in range(self.count):
            if np.isfinite(cost[i]):
                self._walk_back(
                    i, int(where[i]) // self.times, int(where[i]) % self.times, plans[i]
                )
        return Cheapest(cost, plans)

    def _closed_ends(self) -> NDArray[np.bool_]:
        """The weekends and times that a whole schedule may not end with."""
        t, w = np.arange(self.times), np.arange(self.ws)
        return (
            (t < self.least_time[:, None, None])
            | (t > self.time[:, None, None])
            | (w[:, None] > self.weekends[:, None, None])
        )

    def _walk_back(self, i: int, w: int, t: int, plan: NDArray[np.int16]) -> None:
        """Find the days that led to one end state."""
        run, rest = self.runs[-1][:, :, i, w, t], self.rests[-1][:, i, w, t]
        state = _argmin(run, rest)
        for day in range(self.rules.days - 1, 0, -1):
            c, s = state
            is_weekend, is_saturday = day % WEEK >= SATURDAY, day % WEEK == SATURDAY
            if s != OFF:
                plan[day] = s
                t -= self.rules.length[s]
                w -= is_weekend if c == 0 else is_saturday
            run = self.runs[day - 1][:, :, i, w, t]
            rest = self.rests[day - 1][:, i, w, t]
            state = self._one_back(day, i, (c, s), run, rest)
        plan[0] = state[1]

    def _one_back(
        self, day: int, i: int, state: tuple[int, int], run: Floats, rest: Floats
    ) -> tuple[int, int]:
        """The state of the day before that led cheapest to this one."""
        c, s = state
        if s != OFF and c > 0:
            allowed = self.rules.before[s]
            return c - 1, allowed[int(run[c - 1, allowed].argmin())]
        if s != OFF:
            return int((rest + self.start_mask(day)[:, i]).argmin()), OFF
        ended = run + self.end_mask(day)[:, i][:, None]
        options: list[tuple[float, tuple[int, int]]] = []
        if c == 0:
            place = divmod(int(ended.argmin()), ended.shape[1])
            options.append((float(ended[place]), place))
        if c > 0:
            options.append((float(rest[c - 1]), (c - 1, OFF)))
        if c == self.ks - 1:
            options.append((float(rest[c]), (c, OFF)))
        return min(options)[1]


def _argmin(run: Floats, rest: Floats) -> tuple[int, int]:
    """The cheapest state: (days in a row less one, shift or OFF)."""
    place = divmod(int(run.argmin()), run.shape[1])
    k = int(rest.argmin())
    return (k, OFF) if rest[k] <= run[place] else place


def _closed(where: NDArray[np.bool_]) -> Floats:
    return np.where(where, INF, np.float32(0))


def _with_open(mask: Floats, row: int) -> Floats:
    if row >= len(mask):
        return mask
    opened = mask.copy()
    opened[row] = 0
    return opened


def _one_more(states: Floats) -> Floats:
    """The same with one weekend more."""
    moved = np.full_like(states, INF)
    moved[..., 1:, :] = states[..., :-1, :]
    return moved


def _one_less(states: Floats) -> Floats:
    """What follows when one weekend more has been used."""
    moved = np.full_like(states, INF)
    moved[..., :-1, :] = states[..., 1:, :]
    return moved
