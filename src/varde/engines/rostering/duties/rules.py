"""The rules of one person's rota as conditions on which shifts the person has.

The rules are those of `varde.domain.rota.rules`; here they are written so that a solver
can keep them and a search can count them: as sums that have a limit, and sets of shifts of
which so many may be touched. That the two agree is tested by random rotas.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Final

from varde.domain.rota.rules.breach import RotaRule
from varde.domain.rota.values import Account, Law
from varde.engines.rostering.duties.ground import MINUTE_S, Part, minutes
from varde.engines.rostering.duties.records import Most, Record, Touch
from varde.engines.rostering.duties.timeline import DAY
from varde.engines.rostering.duties.together import Together


HOUR: Final = 60  # minutes
DAY_MIN: Final = 24 * HOUR
FINE: Final = 100  # parts of a minute of work: shares of hours are not whole minutes


class Rules(Together):
    """The conditions of one problem."""

    def overlaps(self, worker: int) -> Iterator[Most]:
        """Nobody has two duties at once."""
        for shifts in self._at_once(worker):
            yield Most(
                rule=RotaRule.NO_TWO_DUTIES_AT_ONCE,
                worker=worker,
                terms=shifts,
                most=1,
            )

    def working_time(self, worker: int) -> Iterator[Record]:
        """Rest and hours: hard under arbeidsmiljøloven, else warnings."""
        parts = self._of(worker)
        yield from self._daily_rest(worker, parts)
        yield from self._weekly_rest(worker, parts)
        yield from self._day_hours(worker, parts)
        yield from self._week_hours(worker, parts)
        yield from self._sundays(worker, parts)
        yield from self._nights(worker, parts)
        yield from self._days_between(worker, parts)

    def hard(self, worker: int) -> Sequence[Record]:
        """The rules that stop this person's rota."""
        if worker not in self._hard:
            time_rules = self.working_time(worker) if self.is_hard(worker) else ()
            self._hard[worker] = [*self.overlaps(worker), *time_rules]
        return self._hard[worker]

    def is_hard(self, worker: int) -> bool:
        """Whether the working-time rules stop this person's rota."""
        return self.grounds.workers[worker].law is Law.AML

    def _of(self, worker: int) -> list[tuple[int, Part]]:
        mine = self.grounds.of_worker[worker]
        return [one for one in self._parts if one[0] in mine]

    def _at_once(self, worker: int) -> Iterator[dict[int, int]]:
        """The sets of shifts that meet at one moment, none within another."""
        there: list[tuple[int, Part]] = []
        before: dict[int, int] = {}
        for number, part in self._of(worker):
            there = [one for one in there if one[1].ends > part.starts]
            there.append((number, part))
            now = _counted(there)
            if before and not before.keys() <= now.keys() and _total(before) > 1:
                yield before
            before = now
        if _total(before) > 1:
            yield before

    def _daily_rest(
        self, worker: int, parts: Sequence[tuple[int, Part]]
    ) -> Iterator[Most]:
        rest = math.ceil(self.limits.daily_rest_h * HOUR)
        begun: dict[int, list[int]] = defaultdict(list)
        for number, part in parts:
            begun[part.starts].append(number)
        ended: dict[int, set[int]] = defaultdict(set)
        for number, part in parts:
            ended[part.ends].add(number)
        times = sorted(begun)
        ends = sorted(ended)
        for start in times:
            close = [end for end in ends if start - rest < end < start]
            first = {number for end in close for number in ended[end]}
            if not first:
                continue
            # Duties that follow at once are one piece of work: the rest comes after the
            # last of them. Where there are none, all are one set, which is stronger.
            if not any(end in begun for end in close):
                yield self._rest(worker, first, begun[start], start)
                continue
            for end in close:
                for number in sorted(ended[end]):
                    yield self._rest(
                        worker, {number}, begun[start], start, tuple(begun.get(end, ()))
                    )

    @staticmethod
    def _rest(
        worker: int,
        first: Iterable[int],
        then: Iterable[int],
        start: int,
        spared: tuple[int, ...] = (),
    ) -> Most:
        terms: dict[int, int] = defaultdict(int)
        for number in [*sorted(first), *then]:
            terms[number] += 1
        return Most(
            rule=RotaRule.ENOUGH_REST_EVERY_DAY,
            worker=worker,
            terms=terms,
            most=1,
            spared=spared,
            key=start,
        )

    def _weekly_rest(
        self, worker: int, parts: Sequence[tuple[int, Part]]
    ) -> Iterator[Touch]:
        rest = math.ceil(self.limits.weekly_rest_h * HOUR)
        for monday, (starts, ends) in self.weeks:
            within = self._meanwhile(starts, ends, parts)
            begins = {starts} | {part.ends for _, part in within}
            options = {
                tuple(
                    sorted(
                        {
                            number
                            for number, part in within
                            if part.starts < begin + rest and begin < part.ends
                        }
                    )
                )
                for begin in begins
                if starts <= begin <= ends - rest
            }
            smallest = [
                one
                for one in options
                if not any(set(other) < set(one) for other in options)
            ]
            if smallest != [()]:
                yield Touch(
                    rule=RotaRule.ENOUGH_REST_EVERY_WEEK,
                    worker=worker,
                    sets=tuple(sorted(smallest)),
                    most=len(smallest) - 1,
                    key=monday,
                )

    def _day_hours(
        self, worker: int, parts: Sequence[tuple[int, Part]]
    ) -> Iterator[Most]:
        most = self._fine(self.limits.day_hours)
        edges = {part.starts for _, part in parts}
        edges |= {part.ends - DAY_MIN for _, part in parts}
        seen: set[tuple[tuple[int, int], ...]] = set()
        for start in sorted(edges):
            terms = self._work(parts, start, start + DAY_MIN)
            row = tuple(sorted(terms.items()))
            if _can_exceed(terms, most) and row not in seen:
                seen.add(row)
                yield Most(
                    rule=RotaRule.HOURS_OF_A_DAY_ARE_KEPT,
                    worker=worker,
                    terms=terms,
                    most=most,
                    key=start,
                )

    def _week_hours(
        self, worker: int, parts: Sequence[tuple[int, Part]]
    ) -> Iterator[Most]:
        rows = [
            (monday, self._work(parts, starts, ends))
            for monday, (starts, ends) in self.weeks
        ]
        most = self._fine(self.limits.one_week_hours)
        for monday, terms in rows:
            if _can_exceed(terms, most):
                yield Most(
                    rule=RotaRule.HOURS_OF_A_WEEK_ARE_KEPT,
                    worker=worker,
                    terms=terms,
                    most=most,
                    key=monday,
                )
        known = self._known(worker)
        rows = [(monday, row) for monday, row in rows if monday in known]
        count = min(self.limits.average_weeks, len(rows))
        for first in range(len(rows) - count + 1):
            together: dict[int, int] = defaultdict(int)
            for _, row in rows[first : first + count]:
                for number, work in row.items():
                    together[number] += work
            if _can_exceed(together, count * self._fine(self.limits.week_hours)):
                yield Most(
                    rule=RotaRule.HOURS_ON_AVERAGE_ARE_KEPT,
                    worker=worker,
                    terms=together,
                    most=count * self._fine(self.limits.week_hours),
                )

    def _known(self, worker: int) -> frozenset[date]:
        """The Mondays of the weeks in which the worker's duties are known."""
        known = self.grounds.workers[worker].known
        starts, ends = self.horizon if known is None else minutes(known)
        return frozenset(
            monday for monday, week in self.weeks if week[0] < ends and starts < week[1]
        )

    def _sundays(
        self, worker: int, parts: Sequence[tuple[int, Part]]
    ) -> Iterator[Touch]:
        worked: dict[int, set[int]] = defaultdict(set)
        for number, part in parts:
            for day in self.red_days.worked(
                (part.starts * MINUTE_S, part.ends * MINUTE_S)
            ):
                worked[day].add(number)
        every = self.limits.sunday_every
        for first in sorted(worked):
            run = range(first, first + every)
            if all(day in worked for day in run):
                yield Touch(
                    rule=RotaRule.SUNDAYS_ARE_FREE,
                    worker=worker,
                    sets=tuple(tuple(sorted(worked[day])) for day in run),
                    most=every - 1,
                    key=self.red_days.days[first],
                )

    def _nights(
        self, worker: int, parts: Sequence[tuple[int, Part]]
    ) -> Iterator[Touch]:
        if self.limits.nights_in_a_row is None:
            return
        nights: dict[date, set[int]] = defaultdict(set)
        for number, part in parts:
            if Account.NIGHT in part.slot.accounts:
                middle = (part.starts + part.ends) / 2 - DAY_MIN / 2
                nights[self._day(middle)].add(number)
        for first in sorted(nights):
            run = [
                first + number * DAY
                for number in range(self.limits.nights_in_a_row + 1)
            ]
            if all(day in nights for day in run):
                yield Touch(
                    rule=RotaRule.NIGHTS_IN_A_ROW_ARE_FEW,
                    worker=worker,
                    sets=tuple(tuple(sorted(nights[day])) for day in run),
                    most=self.limits.nights_in_a_row,
                    key=first,
                )

    def _days_between(
        self, worker: int, parts: Sequence[tuple[int, Part]]
    ) -> Iterator[Most]:
        if self.limits.days_between is None:
            return
        yield from self.close_starts(
            worker, parts, self.limits.days_between, RotaRule.DAYS_BETWEEN_DUTIES
        )

    def close_starts(
        self,
        worker: int,
        parts: Sequence[tuple[int, Part]],
        days: int,
        rule: RotaRule,
    ) -> Iterator[Most]:
        """The shifts that begin within some days of each other, from each day on."""
        of_day: dict[date, set[int]] = defaultdict(set)
        for number, part in parts:
            of_day[self._day(part.starts)].add(number)
        before: set[int] = set()
        for first in sorted(of_day):
            shifts = set().union(
                *(of_day.get(first + number * DAY, set()) for number in range(days))
            )
            if len(shifts) > 1 and not shifts <= before:
                yield Most(
                    rule=rule,
                    worker=worker,
                    terms=dict.fromkeys(sorted(shifts), 1),
                    most=1,
                    key=first,
                )
            before = shifts

    def spacing(self, worker: int) -> Iterator[Most]:
        """The same, as a wish of the workplace: by its number of days."""
        days = self.grounds.problem.goals.spacing_days
        if days:
            yield from self.close_starts(
                worker, self._of(worker), days, RotaRule.DAYS_BETWEEN_DUTIES
            )

    def _work(
        self, parts: Sequence[tuple[int, Part]], starts: int, ends: int
    ) -> dict[int, int]:
        """The work of each shift in a piece of time."""
        found: dict[int, int] = defaultdict(int)
        for number, part in self._meanwhile(starts, ends, parts):
            shared = min(ends, part.ends) - max(starts, part.starts)
            if part.slot.active_share > 0:
                found[number] += round(shared * part.slot.active_share * FINE)
        return dict(found)

    @staticmethod
    def _fine(hours: float) -> int:
        return round(hours * HOUR * FINE)

    @cached_property
    def _hard(self) -> dict[int, Sequence[Record]]:
        return {}


def _counted(parts: Iterable[tuple[int, Part]]) -> dict[int, int]:
    found: dict[int, int] = defaultdict(int)
    for number, _ in parts:
        found[number] += 1
    return dict(found)


def _total(counted: Mapping[int, int]) -> int:
    return sum(counted.values())


def _can_exceed(terms: Mapping[int, int], most: int) -> bool:
    return sum(terms.values()) > most
