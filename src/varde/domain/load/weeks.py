"""Hours of practice, municipal work and duty, week by week, each hour once.

An hour that is both duty and surgery is duty; one that is both surgery and municipal work
is surgery. A week is from Monday to Monday by the local clock, with its true length.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta, tzinfo

from varde.domain.load.activity import DutyDone
from varde.domain.load.spans import (
    by_the_clock,
    days,
    hours_in_each,
    joined,
    midnight,
    shared,
    without,
)
from varde.domain.rota.values import Span


WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyTime:
    """Work that comes back each week: on a weekday (0 is Monday), from clock to clock.

    It holds from a day up to, but not including, another.
    """

    weekday: int
    starts: time
    ends: time
    valid_from: date
    valid_to: date | None = None

    def is_on(self, day: date) -> bool:
        """Whether it holds on a day."""
        return (
            day.weekday() == self.weekday
            and self.valid_from <= day
            and (self.valid_to is None or day < self.valid_to)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonTimes:
    """All work of a person that is known. `practice` is None where nobody has told.

    `untold` are days whose work outside duty nobody has told, where it is told of others.
    """

    practice: tuple[Span, ...] | None
    municipal: tuple[Span, ...]
    duties: tuple[DutyDone, ...]
    untold: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekLoad:
    """One week of a person, in hours. `practice_h` is None where nothing is told of it.

    `is_whole` says whether every part of every day is known: where it is false the hours
    are the least they can be. `active_h` and `passive_h` are of the duties that were measured; the duty hours of the
    others are `unmeasured_h`. The three make `duty_h`.
    """

    monday: date
    practice_h: float | None
    municipal_h: float
    duty_h: float
    active_h: float
    passive_h: float
    unmeasured_h: float
    is_whole: bool

    @property
    def known_h(self) -> float:
        """All hours that are known. Where the practice is unknown: at least this."""
        return (self.practice_h or 0) + self.municipal_h + self.duty_h


def work_on(
    times: Iterable[WeeklyTime],
    *,
    first: date,
    to: date,
    closed: frozenset[date],
    zone: tzinfo,
) -> tuple[Span, ...]:
    """The periods of weekly work from a day up to, but not including, another.

    `closed` are the days without such work: public holidays, and those when the person
    is away.
    """
    open_days = [day for day in days(first, to) if day not in closed]
    return joined(
        span
        for one in times
        for span in by_the_clock(
            [day for day in open_days if one.is_on(day)],
            starts=one.starts,
            ends=one.ends,
            zone=zone,
        )
    )


def mondays(first: date, to: date) -> tuple[date, ...]:
    """The Mondays of the weeks that a period touches.

    >>> [str(day) for day in mondays(date(2026, 11, 22), date(2026, 11, 24))]
    ['2026-11-16', '2026-11-23']
    """
    start = first - timedelta(days=first.weekday())
    return tuple(start + WEEK * n for n in range(-((start - to).days // 7)))


def by_week(
    times: PersonTimes, *, weeks: Sequence[date], zone: tzinfo
) -> tuple[WeekLoad, ...]:
    """The hours of each of these weeks, named by their Mondays.

    The weeks are in order, and may have others between. A duty over the end of a week counts in both, each with its
    part.
    """
    duty = joined(done.span for done in times.duties)
    active = shared(duty, joined(s for done in times.duties for s in done.active or ()))
    measured = joined(d.span for d in times.duties if d.active is not None)
    practice = without(times.practice or (), duty)
    municipal = without(times.municipal, [*duty, *practice])
    bins = [
        Span(
            starts_at=midnight(monday, zone=zone),
            ends_at=midnight(monday + WEEK, zone=zone),
        )
        for monday in weeks
    ]
    columns = (
        hours_in_each(bins, practice),
        hours_in_each(bins, municipal),
        hours_in_each(bins, duty),
        hours_in_each(bins, shared(measured, active)),
        hours_in_each(bins, measured),
    )
    untold = {day - timedelta(days=day.weekday()) for day in times.untold}
    whole = [times.practice is not None and monday not in untold for monday in weeks]
    return tuple(
        WeekLoad(
            monday=monday,
            practice_h=practice_h if is_whole or practice_h else None,
            municipal_h=municipal_h,
            duty_h=duty_h,
            active_h=active_h,
            passive_h=measured_h - active_h,
            unmeasured_h=duty_h - measured_h,
            is_whole=is_whole,
        )
        for monday, is_whole, practice_h, municipal_h, duty_h, active_h, measured_h in zip(
            weeks, whole, *columns, strict=True
        )
    )
