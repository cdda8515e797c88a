"""What an hour is made of in the regression: the columns, and how far each may move.

An effect is a logarithm: 0.1 is about 10 % more. Each is pulled towards 0 as if it were
drawn from a normal distribution with the given spread, so that what the history does not
tell stays at nothing: a holiday that came twice moves little, one that came often much.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from scipy import sparse

from varde.engines.forecast.calendar import (
    COUNTRY,
    SUNDAY,
    DemandCalendar,
    day_of,
    public_holidays,
)
from varde.engines.forecast.series import DAY_HOURS, HOUR, WEEK_HOURS, Floats, Ints


YEAR_HOURS = 8766.0
_FRIDAY = 4  # date.weekday(): the first five days are of one kind
_A_NEW_YEAR = datetime.fromisoformat("2000-01-01")  # where each season's wave begins
_SPREAD_INTERCEPT = 100.0
_SPREAD_HOUR = 3.0  # a station that is closed at night has almost none then
_SPREAD_WEEKDAY = 1.0
_SPREAD_KIND = 0.5  # the same hour of a working day, a Saturday and a Sunday
_SPREAD_HOUR_OF_WEEK = 0.1  # what all these do not say of an hour of the week
_SPREAD_SEASON = 1.0  # of the first harmonic; the second half of it
_SPREAD_GROWTH = 1.0  # a year
_SPREAD_CLOSED = 0.45  # surgeries closed on another day than Sunday
_SPREAD_MARK = 0.13  # one kind of day


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Which columns there are, from the calendar and from how long the history is.

    `harmonics` is 0 with less than a year: then the season cannot be told. `has_growth`
    needs two. Growth ends at `origin`, the first hour after the history: it is never drawn
    further than it was seen.
    """

    calendar: DemandCalendar
    county: str
    country: str
    origin: datetime
    harmonics: int
    has_growth: bool
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Columns:
    """Hours by effects, and the inverse square of each effect's spread."""

    matrix: sparse.csr_array
    penalty: Floats


def plan_for(
    begins: datetime,
    hours: int,
    *,
    calendar: DemandCalendar,
    county: str = "",
    country: str = COUNTRY,
) -> Plan:
    """The columns that so long a history can carry.

    >>> none = DemandCalendar(blocks=(0,), days=(), school_weeks=())
    >>> plan_for(datetime(2026, 1, 1), 24 * 200, calendar=none).harmonics
    0
    """
    origin = begins + hours * HOUR
    years = hours / YEAR_HOURS
    named: set[str] = set()
    for year in range(begins.year, origin.year + 1):
        named |= set(public_holidays(country, year).values())
    if country == COUNTRY:
        named |= {rule.code for rule in calendar.days}
    return Plan(
        calendar=calendar,
        county=county,
        country=country,
        origin=origin,
        # Up to a day short of a year: five calendar years may be that.
        harmonics=2 if years > 1 - DAY_HOURS / YEAR_HOURS else 0,
        has_growth=years >= 2,
        marks=tuple(sorted(named)),
    )


def columns(begins: datetime, hours: int, *, plan: Plan) -> Columns:
    """The columns of consecutive hours.

    The same plan gives the same columns in the same order for any hours. A kind of day
    that the plan does not know has no column: the day is like its weekday.
    """
    rows = np.arange(hours)
    clock = begins.hour + rows
    hour, place = clock % DAY_HOURS, clock // DAY_HOURS
    days = [begins.date() + timedelta(days=n) for n in range(int(place.max()) + 1)]
    weekday, closed, marked = _days(days, plan=plan)
    is_closed = hour >= closed[place]
    shape = np.where(is_closed, SUNDAY, weekday[place])
    blocks = len(plan.calendar.blocks)
    block = np.array([plan.calendar.block_of(n) for n in range(DAY_HOURS)])[hour]
    parts = _Parts(hours)
    parts.add(rows, np.zeros(hours, dtype=np.int64), 1, spread=_SPREAD_INTERCEPT)
    parts.add(rows, hour, DAY_HOURS, spread=_SPREAD_HOUR)
    parts.add(rows, shape, 7, spread=_SPREAD_WEEKDAY)
    kind = np.maximum(shape - _FRIDAY, 0)
    parts.add(rows, kind * DAY_HOURS + hour, 3 * DAY_HOURS, spread=_SPREAD_KIND)
    parts.add(rows, shape * DAY_HOURS + hour, WEEK_HOURS, spread=_SPREAD_HOUR_OF_WEEK)
    parts.add(rows[is_closed], block[is_closed], blocks, spread=_SPREAD_CLOSED)
    for days_of_mark in marked:
        here = np.isin(place, days_of_mark)
        parts.add(rows[here], block[here], blocks, spread=_SPREAD_MARK)
    _add_season(parts, begins, rows, plan=plan)
    return parts.columns()


class _Parts:
    """Columns put beside each other."""

    def __init__(self, hours: int) -> None:
        self.hours = hours
        self.matrices: list[sparse.csr_array] = []
        self.penalties: list[Floats] = []

    def add(self, rows: Ints, which: Ints, count: int, *, spread: float) -> None:
        """Effects of which each row has one."""
        ones = np.ones(len(rows))
        shape = (self.hours, count)
        self.matrices.append(sparse.csr_array((ones, (rows, which)), shape=shape))
        self.penalties.append(np.full(count, spread**-2.0))

    def add_one(self, values: Floats, *, spread: float) -> None:
        """One effect, with a value in each row."""
        self.matrices.append(sparse.csr_array(values[:, None]))
        self.penalties.append(np.array([spread**-2.0]))

    def columns(self) -> Columns:
        return Columns(
            matrix=sparse.csr_array(sparse.hstack(self.matrices)),
            penalty=np.concatenate(self.penalties),
        )


def _days(days: Iterable[date], *, plan: Plan) -> tuple[Ints, Ints, list[Ints]]:
    """Weekday, the hour it closes (24: it does not), and the days of each mark."""
    told = [
        day_of(day, calendar=plan.calendar, county=plan.county, country=plan.country)
        for day in days
    ]
    weekday = np.array([day.weekday() for day in days])
    closed = np.array(
        [DAY_HOURS if day.closed_from is None else day.closed_from for day in told]
    )
    marked = [
        np.array([n for n, day in enumerate(told) if mark in day.marks], dtype=np.int64)
        for mark in plan.marks
    ]
    return weekday, closed, marked


def _add_season(parts: _Parts, begins: datetime, rows: Ints, *, plan: Plan) -> None:
    turn = 2 * np.pi * ((begins - _A_NEW_YEAR) // HOUR + rows) / YEAR_HOURS
    for n in range(1, plan.harmonics + 1):
        parts.add_one(np.sin(n * turn), spread=_SPREAD_SEASON / n)
        parts.add_one(np.cos(n * turn), spread=_SPREAD_SEASON / n)
    if plan.has_growth:
        ahead = (begins - plan.origin) // HOUR + rows
        years = np.minimum(ahead, 0) / YEAR_HOURS
        parts.add_one(years, spread=_SPREAD_GROWTH)
