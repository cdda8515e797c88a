"""What a duty is expected to bring: contacts, work and fees, from how busy each hour is.

How busy an hour is depends on the kind of day and the hour of the clock. An expectation
is a mean over many such duties: one night has no contact, another has four.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import ROUND_HALF_UP, Decimal

from varde.domain.pay.amount import ORE, Amount, total
from varde.domain.pay.tariff import ContactKind, DayKind, Days, Tariff
from varde.domain.rota.values import Span


HOUR = timedelta(hours=1)
MIN_PER_H = 60
HOURS_A_DAY = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Busyness:
    """Contacts that are expected in an hour, and the minutes of work that each takes.

    `per_hour` has 24 numbers for each kind of contact and of day; a kind of contact that
    nobody has measured is not there. `minutes` is None where it is unknown.
    """

    per_hour: Mapping[ContactKind, Mapping[DayKind, Sequence[float]]]
    minutes: Mapping[ContactKind, float | None]

    def __post_init__(self) -> None:
        for kind, days in self.per_hour.items():
            for day, hours in days.items():
                if len(hours) != HOURS_A_DAY or min(hours) < 0:
                    raise ValueError(f"{kind} on {day} has no 24 hours of 0 or more")


NOT_MEASURED = Busyness(per_hour={}, minutes={})


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What is expected of a duty or of many. Nothing measured is None, not 0.

    `by_fee` has contacts by kind, whether they have the evening's fee, and whether they
    come in the hours of the night's fixed pay. `active_h` is the hours of work, at most
    those of the duty.
    """

    hours: float = 0.0
    by_fee: Mapping[tuple[ContactKind, bool, bool], float] = field(default_factory=dict)
    active_h: float | None = 0.0

    def __add__(self, other: "Expected") -> "Expected":
        by_fee: defaultdict[tuple[ContactKind, bool, bool], float] = defaultdict(float)
        for one in (self, other):
            for key, count in one.by_fee.items():
                by_fee[key] += count
        return Expected(
            hours=self.hours + other.hours,
            by_fee=dict(by_fee),
            active_h=None
            if self.active_h is None or other.active_h is None
            else self.active_h + other.active_h,
        )

    def contacts(self, kind: ContactKind) -> float | None:
        """How many of a kind; None where the kind is not measured."""
        counts = [count for key, count in self.by_fee.items() if key[0] is kind]
        return sum(counts) if counts else None

    @property
    def active_min_per_h(self) -> float | None:
        """Minutes of work in each hour of duty; None where they are unknown, or no hour."""
        if self.active_h is None or not self.hours:
            return None
        return self.active_h / self.hours * MIN_PER_H


def expected(span: Span, busy: Busyness, *, calendar: Days) -> Expected:
    """What a duty of one doctor is expected to bring.

    Each hour of the clock has its own rate. An hour with more work than sixty minutes
    counts as a full hour: what is over waits, or is another's.

    >>> from datetime import date, time
    >>> days = Days(
    ...     holidays=frozenset(), zone=UTC,
    ...     night=(time(23), time(8)), evening=(time(16), time(8)),
    ... )
    >>> two = Busyness(
    ...     per_hour={ContactKind.CONSULTATION: {DayKind.MON_FRI: [2.0] * 24}},
    ...     minutes={ContactKind.CONSULTATION: 20},
    ... )
    >>> monday = datetime(2026, 1, 5, 15, tzinfo=UTC)
    >>> found = expected(
    ...     Span(starts_at=monday, ends_at=monday + 2 * HOUR), two, calendar=days
    ... )
    >>> found.contacts(ContactKind.CONSULTATION), found.active_min_per_h
    (4.0, 40.0)
    """
    by_fee: defaultdict[tuple[ContactKind, bool, bool], float] = defaultdict(float)
    nights = calendar.nights(span)
    active_h: float | None = 0.0 if busy.per_hour else None
    for at, hours in _hours(span, zone=calendar.zone):
        day = calendar.kind_of(at.date())
        is_evening = calendar.is_evening(at)
        is_night = any(one.starts_at <= at < one.ends_at for one in nights)
        work_min: float | None = 0.0
        for kind, days in busy.per_hour.items():
            rate = days.get(day, (0.0,) * HOURS_A_DAY)[at.hour]
            by_fee[kind, is_evening, is_night] += rate * hours
            minutes = busy.minutes.get(kind)
            if rate and minutes is None:
                work_min = None
            elif work_min is not None:
                work_min += rate * (minutes or 0)
        if active_h is not None and work_min is not None:
            active_h += min(1.0, work_min / MIN_PER_H) * hours
        else:
            active_h = None
    return Expected(hours=span.hours, by_fee=dict(by_fee), active_h=active_h)


def fees(found: Expected, tariff: Tariff, *, at_night: bool | None = None) -> Amount:
    """The fees of the contacts; of those in the night's hours, or the others, if asked.

    A kind whose fee is missing makes the sum unknown where any such contact is expected.
    Where nothing was measured there is no contact to pay for, and the sum is unknown.
    """
    if not found.by_fee:
        return Amount(unknown=1) if found.hours else Amount()
    return total(
        _fee(count, tariff.fee.get((kind, is_evening)))
        for (kind, is_evening, is_night), count in sorted(found.by_fee.items())
        if at_night in (None, is_night)
    )


def _fee(count: float, rate: Decimal | None) -> Amount:
    if not count:
        return Amount()
    if rate is None:
        return Amount(unknown=1)
    return Amount(
        known=(rate * Decimal(str(count))).quantize(ORE, rounding=ROUND_HALF_UP)
    )


def _hours(span: Span, *, zone: tzinfo) -> Iterator[tuple[datetime, float]]:
    """The local beginning of each piece that lies in one hour of the clock, and its length
    in hours. Zones are whole or half hours from UTC, so the pieces are cut at those."""
    at, ends = span.starts_at.astimezone(UTC), span.ends_at.astimezone(UTC)
    while at < ends:
        begun = at.astimezone(zone)
        past = timedelta(
            minutes=begun.minute, seconds=begun.second, microseconds=begun.microsecond
        )
        until = min(at + HOUR - past, ends)
        yield begun, (until - at) / HOUR
        at = until
