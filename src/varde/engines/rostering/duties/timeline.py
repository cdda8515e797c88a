"""A problem along the clock: its duties in order, its weeks, who may be alone when."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Final

from varde.domain.load.spans import joined
from varde.domain.rota.rules.held import monday_of
from varde.domain.rota.rules.red_days import RedDays, red_days
from varde.engines.rostering.duties.ground import (
    MINUTE_S,
    Grounds,
    Part,
    minutes,
)


DAY: Final = timedelta(days=1)
WEEK: Final = timedelta(days=7)


class Timeline:
    """The duties of a problem in order of time, with the number of their shift."""

    def __init__(self, grounds: Grounds) -> None:
        self.grounds = grounds
        self.limits = grounds.problem.limits
        self._parts = [
            (number, part)
            for number, shift in enumerate(grounds.shifts)
            for part in shift.parts
        ]
        self._parts.sort(key=lambda one: (one[1].starts, one[0]))

    @cached_property
    def horizon(self) -> tuple[int, int]:
        """From the first start to the last end."""
        return (
            min((part.starts for _, part in self._parts), default=0),
            max((part.ends for _, part in self._parts), default=0),
        )

    @cached_property
    def weeks(self) -> Sequence[tuple[date, tuple[int, int]]]:
        """The weeks that the rota has a part in, from Monday to Monday."""
        found = []
        monday = monday_of(self._day(self.horizon[0]))
        while self._at(monday, time()) < self.horizon[1]:
            found.append(
                (monday, (self._at(monday, time()), self._at(monday + WEEK, time())))
            )
            monday += WEEK
        return found

    @cached_property
    def red_days(self) -> RedDays:
        """The Sundays and public holidays of the rota, and when each begins and ends."""
        starts, ends = self.horizon
        return red_days(self.limits, (starts * MINUTE_S, ends * MINUTE_S))

    @cached_property
    def _able(self) -> Sequence[list[tuple[int, int]]]:
        """When each worker may work alone."""
        return [
            [minutes(span) for span in joined(worker.alone)]
            for worker in self.grounds.workers
        ]

    @cached_property
    def _lis1(self) -> Sequence[list[tuple[int, int]]]:
        """When each worker is LIS1."""
        return [
            [minutes(span) for span in joined(worker.lis1)]
            for worker in self.grounds.workers
        ]

    @cached_property
    def _edges(self) -> Sequence[int]:
        """All moments at which somebody may come, go, or begin to be able or LIS1."""
        periods = (*self._able, *self._lis1, *self._by_phone)
        return sorted(
            {part.starts for _, part in self._parts}
            | {part.ends for _, part in self._parts}
            | {edge for pieces in periods for piece in pieces for edge in piece}
        )

    @cached_property
    def _by_phone(self) -> Sequence[list[tuple[int, int]]]:
        """When a bakvakt on the telephone is enough for each worker. None where no duty
        is on the telephone only: it makes no difference then."""
        if not any(part.slot.is_phone_only for _, part in self._parts):
            return [[] for _ in self.grounds.workers]
        return [
            [minutes(span) for span in joined(worker.phone_is_enough)]
            for worker in self.grounds.workers
        ]

    @cached_property
    def _longest(self) -> int:
        return max((part.ends - part.starts for _, part in self._parts), default=0)

    def _pieces(self, part: Part) -> Iterator[tuple[int, int]]:
        first = bisect_right(self._edges, part.starts)
        last = bisect_left(self._edges, part.ends)
        yield from pairwise([part.starts, *self._edges[first:last], part.ends])

    def _meanwhile(
        self,
        starts: int,
        ends: int,
        parts: Sequence[tuple[int, Part]] | None = None,
    ) -> list[tuple[int, Part]]:
        """The duties with a moment in a piece of time, of all or of some in order."""
        rows = self._parts if parts is None else parts
        first = bisect_left(rows, starts - self._longest, key=_starts)
        last = bisect_left(rows, ends, key=_starts)
        return [one for one in rows[first:last] if one[1].ends > starts]

    def _day(self, moment: float) -> date:
        zone = self.limits.calendar.zone
        return datetime.fromtimestamp(moment * MINUTE_S, tz=zone).date()

    def _at(self, day: date, clock: time) -> int:
        return int(self.limits.calendar.at(day, clock).timestamp()) // MINUTE_S


def _starts(one: tuple[int, Part]) -> int:
    return one[1].starts
