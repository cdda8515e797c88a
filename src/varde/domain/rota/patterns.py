"""Shift patterns as data: the duties of each type of day, and the slots they make.

A pattern is written by the clock of the place; the slots have true lengths, so that the
duty of the night when the clocks change is an hour shorter or longer.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from varde.domain.load.spans import DAY, by_the_clock, days_of, hours_within
from varde.domain.rota.limits import Calendar, Limits
from varde.domain.rota.values import Account, Slot, Span


MIDNIGHT = time()
FRIDAY, SATURDAY, SUNDAY = 4, 5, 6  # date.weekday()
WEEK_DAYS = 7
SHORTEST_MONTH = 28


class DayType(StrEnum):
    """The type of a day: the first in this order that fits it."""

    HOLIDAY = "holiday"  # public holiday
    EVE = "eve"  # of Christmas, New Year, Easter, Whitsun
    SATURDAY = "saturday"
    SUNDAY = "sunday"
    BEFORE_FREE = "before_free"  # a working day with a free one after it, as Fridays
    WEEKDAY = "weekday"


WORKING_DAYS = frozenset({DayType.WEEKDAY, DayType.BEFORE_FREE})
FREE_DAYS = frozenset(DayType) - WORKING_DAYS
EVERY_DAY = frozenset(DayType)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A duty of a pattern: on which days, by which clock, in which post, how many.

    `ends` at or before `starts` is on the day after; equal is a whole day. Shifts with the
    same `group` in one week (Monday to Sunday) go to one person, place by place.
    """

    code: str
    post: str
    days: frozenset[DayType]
    starts: time
    ends: time
    needed: int = 1
    active_share: float = 1.0
    group: str = ""
    is_phone_only: bool = False

    def __post_init__(self) -> None:
        if self.needed < 0:
            raise ValueError(f"shift {self.code}: needed is {self.needed}, below 0")
        if not self.days:
            raise ValueError(f"shift {self.code} is on no type of day")

    def on(self, day: date, *, calendar: Calendar) -> Span:
        """The shift's true period on a day."""
        last = day if self.ends > self.starts else day + DAY
        return Span(
            starts_at=calendar.at(day, self.starts),
            ends_at=calendar.at(last, self.ends),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """The shifts of a station or a sentral, and where the pattern is from."""

    name: str
    source: str
    shifts: tuple[Shift, ...]

    def __post_init__(self) -> None:
        if not self.source.strip():
            raise ValueError(f"pattern {self.name!r} names no source")
        codes = [shift.code for shift in self.shifts]
        if len(codes) != len(set(codes)):
            raise ValueError(f"pattern {self.name!r} has a code twice: {codes}")


def day_type(day: date, *, calendar: Calendar) -> DayType:
    """The type of a day. Holidays and eves come before the day of the week.

    >>> day_type(date(2026, 11, 20), calendar=Calendar())
    <DayType.BEFORE_FREE: 'before_free'>
    """
    if day in calendar.holidays:
        return DayType.HOLIDAY
    if day in calendar.eves:
        return DayType.EVE
    if day.weekday() == SATURDAY:
        return DayType.SATURDAY
    if day.weekday() == SUNDAY:
        return DayType.SUNDAY
    return DayType.BEFORE_FREE if calendar.is_free(day + DAY) else DayType.WEEKDAY


def accounts_of(span: Span, *, post: str, limits: Limits) -> frozenset[Account]:
    """The accounts that a duty counts in, by where its hours lie.

    A duty is a holiday duty when at least half of its hours lie in public holidays, or in
    an eve from its hour on; else a weekend duty when at least half lie in Saturday and
    Sunday. It is an evening when neither, and a night whatever the day, when so many of
    its hours as `limits.account_hours` lie there. A duty as bakvakt counts as that too.

    Parameters
    ----------
    span : Span
    post : str
    limits : Limits
        The clocks of evening and night, the hours that count, the calendar.

    Returns
    -------
    frozenset of Account
        Always holds `ALL`. A day duty on a working day holds nothing else.
    """
    found = {Account.ALL}
    half = span.hours / 2
    is_holiday = hours_within(span, _holidays(span, limits)) >= half
    is_weekend = hours_within(span, _weekends(span, limits.calendar)) >= half
    if is_holiday:
        found.add(Account.HOLIDAY)
    elif is_weekend:
        found.add(Account.WEEKEND)
    if post in limits.backup_posts:
        found.add(Account.BACKUP)
    night = hours_within(span, _daily(span, limits.night, limits.calendar))
    evening = hours_within(span, _daily(span, limits.evening, limits.calendar))
    if night >= limits.account_hours:
        found.add(Account.NIGHT)
    if evening >= limits.account_hours and not (is_holiday or is_weekend):
        found.add(Account.EVENING)
    return frozenset(found)


def slots_of(
    pattern: Pattern, *, first: date, last: date, limits: Limits
) -> tuple[Slot, ...]:
    """The slots of a pattern from a first to a last day, both included, in time order.

    Ids are the day, the shift's code and the place among those needed at once, so that the
    same pattern gives the same ids again. A shift that would have no length on a night
    when the clocks change is left out.
    """
    found: list[Slot] = []
    day = first
    while day <= last:
        kind = day_type(day, calendar=limits.calendar)
        for shift in pattern.shifts:
            if kind in shift.days:
                found.extend(_places(shift, day, limits))
        day += DAY
    return tuple(sorted(found, key=lambda s: (s.span.starts_at.timestamp(), s.id)))


def weeks_on_and_off(
    *, first: date, last: date, on: int, off: int, calendar: Calendar
) -> tuple[Span, ...]:
    """The periods of one who has duty some weeks and is off some weeks, in turn.

    Begins with the weeks of duty on the first day; the last period ends with the last day.

    >>> [
    ...     (span.starts_at.day, span.ends_at.day)
    ...     for span in weeks_on_and_off(
    ...         first=date(2026, 6, 1),
    ...         last=date(2026, 6, 30),
    ...         on=1,
    ...         off=2,
    ...         calendar=Calendar(),
    ...     )
    ... ]
    [(1, 8), (22, 29)]
    """
    if on < 1 or off < 0:
        raise ValueError(f"{on} weeks on and {off} off is no turn")
    found: list[Span] = []
    day = first
    while day <= last:
        ends = min(day + on * WEEK_DAYS * DAY, last + DAY)
        found.append(_whole_days(day, ends, calendar))
        day += (on + off) * WEEK_DAYS * DAY
    return tuple(found)


def days_a_month(
    *, first: date, last: date, from_day: int, days: int, calendar: Calendar
) -> tuple[Span, ...]:
    """The periods of one who comes some days of each month, from a day of it on.

    They may run into the next month. The part outside first and last is cut off.

    >>> [
    ...     (span.starts_at.day, span.ends_at.day)
    ...     for span in days_a_month(
    ...         first=date(2026, 6, 1),
    ...         last=date(2026, 7, 20),
    ...         from_day=10,
    ...         days=10,
    ...         calendar=Calendar(),
    ...     )
    ... ]
    [(10, 20), (10, 20)]
    """
    if not 1 <= from_day <= SHORTEST_MONTH or not 1 <= days <= SHORTEST_MONTH:
        raise ValueError(f"{days} days from day {from_day} are not in every month")
    found: list[Span] = []
    day = (first.replace(day=1) - DAY).replace(day=from_day)
    while day <= last:
        starts, ends = max(day, first), min(day + days * DAY, last + DAY)
        if starts < ends:
            found.append(_whole_days(starts, ends, calendar))
        day = (day.replace(day=SHORTEST_MONTH) + 4 * DAY).replace(day=from_day)
    return tuple(found)


def _places(shift: Shift, day: date, limits: Limits) -> Iterator[Slot]:
    span = shift.on(day, calendar=limits.calendar)
    accounts = accounts_of(span, post=shift.post, limits=limits)
    year, week, _ = day.isocalendar()
    for place in range(1, shift.needed + 1):
        yield Slot(
            id=f"{day:%Y-%m-%d}.{shift.code}.{place}",
            post=shift.post,
            span=span,
            accounts=accounts,
            active_share=shift.active_share,
            group=f"{year}-W{week:02}.{shift.group}.{place}" if shift.group else "",
            is_phone_only=shift.is_phone_only,
        )


def _holidays(span: Span, limits: Limits) -> Iterator[Span]:
    calendar = limits.calendar
    for day in days_of(span, zone=calendar.zone):
        if day in calendar.holidays:
            yield _whole_days(day, day + DAY, calendar)
        elif day in calendar.eves:
            yield Span(
                starts_at=calendar.at(day, limits.eve_from),
                ends_at=calendar.at(day + DAY, MIDNIGHT),
            )


def _weekends(span: Span, calendar: Calendar) -> Iterator[Span]:
    for day in days_of(span, zone=calendar.zone):
        if day.weekday() in (SATURDAY, SUNDAY):
            yield _whole_days(day, day + DAY, calendar)


def _daily(
    span: Span, clock: tuple[time, time], calendar: Calendar
) -> tuple[Span, ...]:
    """The period of the clock on each day of a span and on the day before it."""
    touched = days_of(span, zone=calendar.zone)
    return by_the_clock(
        (touched[0] - DAY, *touched),
        starts=clock[0],
        ends=clock[1],
        zone=calendar.zone,
    )


def _whole_days(first: date, after: date, calendar: Calendar) -> Span:
    return Span(
        starts_at=calendar.at(first, MIDNIGHT), ends_at=calendar.at(after, MIDNIGHT)
    )
