"""How often duty comes round: every n-th weekday and weekend, nights, rest, summer.

The day that a duty begins on decides what it is: the duty from Friday afternoon is a
weekday's, the one from Saturday morning a weekend's. A public holiday from Monday to
Friday is neither.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, tzinfo

from varde.domain.load.spans import DAY, by_the_clock, days, hours_in_each, joined
from varde.domain.rota.values import Span
from varde.domain.workdays import SATURDAY, is_workday


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The days that are looked at: from the first, up to and without `to`.

    `own` are those of them on which a person is employed; None is every one. How often
    duty comes round is counted over these.
    """

    first: date
    to: date
    holidays: frozenset[date]
    zone: tzinfo
    own: frozenset[date] | None = None

    @property
    def days(self) -> tuple[date, ...]:
        """The person's own days of the period."""
        return tuple(
            day
            for day in days(self.first, self.to)
            if self.own is None or day in self.own
        )

    def day_of(self, span: Span) -> date:
        """The local day that a duty begins on."""
        return span.starts_at.astimezone(self.zone).date()

    def within(self, duties: Iterable[Span]) -> list[Span]:
        """The duties that begin on one of the days."""
        return [span for span in duties if self.first <= self.day_of(span) < self.to]


def every_nth_weekday(duties: Iterable[Span], *, calendar: Calendar) -> float | None:
    """Every how many weekdays a person has duty; None for one who has none.

    >>> from datetime import UTC, datetime, timedelta
    >>> weeks = Calendar(
    ...     first=date(2026, 1, 5), to=date(2026, 1, 19), holidays=frozenset(), zone=UTC
    ... )
    >>> monday = datetime(2026, 1, 5, 16, tzinfo=UTC)
    >>> every_nth_weekday(
    ...     [Span(starts_at=monday, ends_at=monday + timedelta(hours=16))],
    ...     calendar=weeks,
    ... )
    10.0
    """
    counted = {
        day for day in calendar.days if is_workday(day, holidays=calendar.holidays)
    }
    had = counted & {calendar.day_of(span) for span in duties}
    return len(counted) / len(had) if had else None


def every_nth_weekend(duties: Iterable[Span], *, calendar: Calendar) -> float | None:
    """Every how many weekends a person has duty; None for one who has none.

    A weekend counts where its Saturday is among the days; one duty in it is enough.
    """
    weekends = {day for day in calendar.days if day.weekday() == SATURDAY}
    had = weekends & {
        day - DAY * (day.weekday() - SATURDAY)
        for day in map(calendar.day_of, duties)
        if day.weekday() >= SATURDAY
    }
    return len(weekends) / len(had) if had else None


def nights(
    duties: Iterable[Span],
    *,
    calendar: Calendar,
    starts: time,
    ends: time,
    at_least_h: float,
) -> int:
    """Nights with at least so many hours of duty, whatever the clocks do meanwhile.

    A night belongs to the day it begins on.
    """
    nights_of = by_the_clock(
        days(calendar.first, calendar.to), starts=starts, ends=ends, zone=calendar.zone
    )
    return sum(h >= at_least_h for h in hours_in_each(nights_of, duties))


def rests(duties: Collection[Span], work: Iterable[Span]) -> tuple[float, ...]:
    """Hours from the end of each duty until the next known work, shortest first.

    Duties that meet or overlap are one. The last has no rest if nothing comes after it.

    Parameters
    ----------
    duties : collection of Span
    work : iterable of Span
        All known work, the duties too.
    """
    all_work = joined(work)
    starts = [span.starts_at for span in all_work]
    found = []
    for duty in joined(duties):
        after = bisect_right(starts, duty.ends_at)
        if after and all_work[after - 1].ends_at > duty.ends_at:
            found.append(0.0)  # other work goes on as the duty ends
        elif after < len(starts):
            found.append(Span(starts_at=duty.ends_at, ends_at=starts[after]).hours)
    return tuple(sorted(found))


def summer_ratio(
    duty_h: Sequence[tuple[date, float]], *, summer_weeks: tuple[int, int]
) -> float | None:
    """How many times the weekly duty hours of the rest of the year the summer has.

    Parameters
    ----------
    duty_h : sequence of (date, float)
        The Monday of each week and its hours of duty.
    summer_weeks : (int, int)
        The first and the last ISO week of the summer.

    Returns
    -------
    float or None
        2.0 is a doubling. None where one of the two parts has no week, or the rest of the
        year no duty.
    """
    low, high = summer_weeks
    summer = [h for day, h in duty_h if low <= day.isocalendar().week <= high]
    other = [h for day, h in duty_h if not low <= day.isocalendar().week <= high]
    if not summer or not other or sum(other) == 0:
        return None
    return (sum(summer) / len(summer)) / (sum(other) / len(other))
