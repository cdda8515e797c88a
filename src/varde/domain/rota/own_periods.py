"""When a person has agreed to have duties: in turns of weeks, days of a month, or weekdays.

What is agreed is for days; a duty that begins on such a day is had to its end.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from varde.domain.rota.limits import DAY, Calendar
from varde.domain.rota.patterns import (
    MIDNIGHT,
    SATURDAY,
    WEEK_DAYS,
    days_a_month,
    weeks_on_and_off,
)
from varde.domain.rota.positions import Held, days_without
from varde.domain.rota.values import Span


YEAR = timedelta(days=365)


class OwnKind(StrEnum):
    """How the days of an agreement come again."""

    WEEKS = "weeks"  # some weeks on, some off
    MONTH = "month"  # some days of each month
    WEEKENDS = "weekends"  # every n-th weekend, and all other days
    WEEKDAYS = "weekdays"  # some weekdays of every n-th week, and no others


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTurn:
    """One agreement: from a day until the day `before`, or with no end.

    Weeks on and off begin with the weeks on; `every` counts weekends from the first one
    in the agreement, and weeks from the week it begins in. `weekdays` are 0 for Monday.
    """

    kind: OwnKind
    first: date
    before: date | None
    weeks_on: int = 1
    weeks_off: int = 0
    from_day: int = 1
    days: int = 1
    every: int = 1
    weekdays: frozenset[int] = frozenset()


def own_periods(turn: OwnTurn, *, last: date, calendar: Calendar) -> tuple[Span, ...]:
    """The periods of an agreement from its first day to a last one, in time order.

    >>> turn = OwnTurn(
    ...     kind=OwnKind.WEEKDAYS,
    ...     first=date(2026, 6, 1),
    ...     before=None,
    ...     every=2,
    ...     weekdays=frozenset({1}),
    ... )
    >>> found = own_periods(turn, last=date(2026, 6, 30), calendar=Calendar())
    >>> [span.starts_at.day for span in found]
    [2, 16, 30]
    """
    end = last if turn.before is None else min(last, turn.before - DAY)
    if end < turn.first:
        return ()
    match turn.kind:
        case OwnKind.WEEKS:
            return weeks_on_and_off(
                first=turn.first,
                last=end,
                on=turn.weeks_on,
                off=turn.weeks_off,
                calendar=calendar,
            )
        case OwnKind.MONTH:
            return days_a_month(
                first=turn.first,
                last=end,
                from_day=turn.from_day,
                days=turn.days,
                calendar=calendar,
            )
        case OwnKind.WEEKENDS:
            days = _but_some_weekends(turn, end)
        case _:  # OwnKind.WEEKDAYS, the only one left
            days = _some_weekdays(turn, end)
    return tuple(_spans(days, calendar))


def only_within(
    turns: Sequence[OwnTurn],
    *,
    first: date,
    last: date,
    calendar: Calendar,
    duties: Iterable[Span] = (),
) -> tuple[Span, ...]:
    """The only periods with duties, for somebody with these agreements.

    Parameters
    ----------
    turns : sequence
        Those of one person; what several allow is added.
    first, last : date
        Both included. Days without any agreement are free to use.
    duties : iterable of Span
        Those that there are to have: one that begins in a period is had to its end.

    Returns
    -------
    tuple of Span
        Empty where no agreement holds in those days: there is no limit then. Where one
        holds and leaves no day, a day that is past, so that there is one.
    """
    held = [Held(first=one.first, before=one.before, share=1.0) for one in turns]
    free = days_without(held, first=first, last=last)
    if free == ((first, last),):
        return ()
    days = [(one, end + DAY) for one, end in free]
    found = [
        Span(starts_at=calendar.at(one, MIDNIGHT), ends_at=calendar.at(end, MIDNIGHT))
        for one, end in days
    ]
    start = calendar.at(first, MIDNIGHT)
    for turn in turns:
        periods = own_periods(turn, last=last, calendar=calendar)
        found += [span for span in periods if span.ends_at > start]
    if not found:
        past = calendar.at(first - YEAR, MIDNIGHT)
        return (
            Span(starts_at=past, ends_at=calendar.at(first - YEAR + DAY, MIDNIGHT)),
        )
    ends = _ends_after(duties, calendar)
    return tuple(
        Span(
            starts_at=span.starts_at,
            ends_at=ends.get(span.ends_at.date(), span.ends_at),
        )
        for span in sorted(found, key=lambda span: span.starts_at.timestamp())
    )


def _ends_after(duties: Iterable[Span], calendar: Calendar) -> Mapping[date, datetime]:
    """For each day that a duty goes on into, when the last of those duties ends."""
    found: dict[date, datetime] = {}
    for span in duties:
        starts = span.starts_at.astimezone(calendar.zone)
        ends = span.ends_at.astimezone(calendar.zone)
        day = starts.date() + DAY
        while calendar.at(day, MIDNIGHT) < ends:
            found[day] = max(found.get(day, ends), ends)
            day += DAY
    return found


def _but_some_weekends(turn: OwnTurn, last: date) -> Iterator[date]:
    """All days, but weekends only in turn. A Sunday goes with its Saturday."""
    saturday = turn.first + (SATURDAY - turn.first.weekday()) % WEEK_DAYS * DAY
    for day in _days(turn.first, last):
        weekend = (day - saturday).days // WEEK_DAYS
        if day.weekday() < SATURDAY or weekend % turn.every == 0:
            yield day


def _some_weekdays(turn: OwnTurn, last: date) -> Iterator[date]:
    monday = turn.first - turn.first.weekday() * DAY
    for day in _days(turn.first, last):
        week = (day - monday).days // WEEK_DAYS
        if day.weekday() in turn.weekdays and week % turn.every == 0:
            yield day


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + number * DAY


def _spans(days: Iterable[date], calendar: Calendar) -> Iterator[Span]:
    """Days after each other as one period."""
    run: list[date] = []
    for day in days:
        if run and day != run[-1] + DAY:
            yield _whole(run, calendar)
            run = []
        run.append(day)
    if run:
        yield _whole(run, calendar)


def _whole(run: Collection[date], calendar: Calendar) -> Span:
    return Span(
        starts_at=calendar.at(min(run), MIDNIGHT),
        ends_at=calendar.at(max(run) + DAY, MIDNIGHT),
    )
