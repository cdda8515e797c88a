"""Periods as sets: what two have in common, what is in one and not in the other.

All answers are in UTC, sorted, and touch nowhere, so that their hours can be added. Two
local times of one zone must not be compared or subtracted: in the night when the clocks
change Python then counts the hands of the clock and not the hours.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from varde.domain.rota.values import Span


DAY = timedelta(days=1)
HOUR_S = 3600


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The moments that any of the periods covers, each once.

    >>> noon = datetime(2026, 1, 2, 12, tzinfo=UTC)
    >>> first = Span(starts_at=noon, ends_at=noon.replace(hour=14))
    >>> second = Span(starts_at=noon.replace(hour=13), ends_at=noon.replace(hour=15))
    >>> hours(joined([first, second]))
    3.0
    """
    found: list[Span] = []
    for span in sorted(map(_in_utc, spans), key=lambda s: (s.starts_at, s.ends_at)):
        if found and span.starts_at <= found[-1].ends_at:
            last = found.pop()
            ends_at = max(last.ends_at, span.ends_at)
            found.append(Span(starts_at=last.starts_at, ends_at=ends_at))
        else:
            found.append(span)
    return tuple(found)


def shared(left: Iterable[Span], right: Iterable[Span]) -> tuple[Span, ...]:
    """The moments that both cover."""
    mine, theirs = joined(left), joined(right)
    found, place = [], 0
    for span in mine:
        while place < len(theirs) and theirs[place].ends_at <= span.starts_at:
            place += 1
        for other in theirs[place:]:
            if other.starts_at >= span.ends_at:
                break
            found.append(
                Span(
                    starts_at=max(span.starts_at, other.starts_at),
                    ends_at=min(span.ends_at, other.ends_at),
                )
            )
    return tuple(found)


def without(left: Iterable[Span], right: Iterable[Span]) -> tuple[Span, ...]:
    """The moments of the first that the second does not cover."""
    taken, found, place = joined(right), [], 0
    for span in joined(left):
        at = span.starts_at
        while place < len(taken) and taken[place].ends_at <= at:
            place += 1
        for other in taken[place:]:
            if other.starts_at >= span.ends_at:
                break
            if at < other.starts_at:
                found.append(Span(starts_at=at, ends_at=other.starts_at))
            at = other.ends_at
        if at < span.ends_at:
            found.append(Span(starts_at=at, ends_at=span.ends_at))
    return tuple(found)


def hours(spans: Iterable[Span]) -> float:
    """The true hours of periods that do not overlap; 0 of none."""
    return sum((span.hours for span in spans), 0.0)


def hours_within(span: Span, windows: Iterable[Span]) -> float:
    """The true hours of a period that lie in windows which do not overlap. Quick."""
    begins, ends = span.starts_at.timestamp(), span.ends_at.timestamp()
    return (
        sum(
            max(
                0.0,
                min(ends, w.ends_at.timestamp()) - max(begins, w.starts_at.timestamp()),
            )
            for w in windows
        )
        / HOUR_S
    )


def hours_in_each(bins: Sequence[Span], spans: Iterable[Span]) -> tuple[float, ...]:
    """The true hours of the periods in each bin. The bins are sorted and do not overlap.

    One walk over both, so that a year of weeks costs what a week does.
    """
    found, place = [0.0] * len(bins), 0
    for part in joined(spans):
        while place < len(bins) and bins[place].ends_at <= part.starts_at:
            place += 1
        for number in range(place, len(bins)):
            if bins[number].starts_at >= part.ends_at:
                break
            common = Span(
                starts_at=max(part.starts_at, bins[number].starts_at),
                ends_at=min(part.ends_at, bins[number].ends_at),
            )
            found[number] += common.hours
    return tuple(found)


def days(first: date, to: date) -> tuple[date, ...]:
    """The days from the first, up to and without `to`."""
    return tuple(first + DAY * number for number in range((to - first).days))


def days_of(span: Span, *, zone: tzinfo) -> tuple[date, ...]:
    """The local days that a period touches; one that ends at midnight not the next.

    >>> [day.day for day in days_of(
    ...     Span(
    ...         starts_at=datetime(2026, 1, 2, 22, tzinfo=UTC),
    ...         ends_at=datetime(2026, 1, 4, tzinfo=UTC),
    ...     ),
    ...     zone=UTC,
    ... )]
    [2, 3]
    """
    first = span.starts_at.astimezone(zone).date()
    last = (span.ends_at - timedelta(microseconds=1)).astimezone(zone).date()
    return (*days(first, last), last)


def midnight(day: date, *, zone: tzinfo) -> datetime:
    """The moment a local day begins, in UTC."""
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def whole_days(chosen: Iterable[date], *, zone: tzinfo) -> tuple[Span, ...]:
    """These days, each from midnight to midnight by the local clock: 23, 24 or 25 h."""
    return joined(
        Span(starts_at=midnight(day, zone=zone), ends_at=midnight(day + DAY, zone=zone))
        for day in chosen
    )


def by_the_clock(
    chosen: Collection[date], *, starts: time, ends: time, zone: tzinfo
) -> tuple[Span, ...]:
    """From a clock time to another on each of these days, local time.

    Past midnight where the end is not after the start. A night that the clocks change in
    has its true length.

    >>> from zoneinfo import ZoneInfo
    >>> night = by_the_clock(
    ...     [date(2026, 3, 28)], starts=time(23), ends=time(8),
    ...     zone=ZoneInfo("Europe/Oslo"),
    ... )
    >>> hours(night)
    8.0
    """
    until = DAY if ends <= starts else timedelta()
    return tuple(
        Span(
            starts_at=datetime.combine(day, starts, tzinfo=zone).astimezone(UTC),
            ends_at=datetime.combine(day + until, ends, tzinfo=zone).astimezone(UTC),
        )
        for day in chosen
    )


def _in_utc(span: Span) -> Span:
    if span.starts_at.tzinfo is UTC and span.ends_at.tzinfo is UTC:
        return span
    return Span(
        starts_at=span.starts_at.astimezone(UTC), ends_at=span.ends_at.astimezone(UTC)
    )
