"""When people ring: the expected share of a year's contacts in each hour.

No table by hour is published. The shapes in assumptions.yaml are ours; they are scaled so
that Saturdays, Sundays and public holidays together get the published share.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays
import numpy as np

from varde.engines.demo.codes import PERIODS, Bools, Floats, Ints, Times
from varde.engines.demo.places import Demo


OSLO = ZoneInfo("Europe/Oslo")
_HOUR = timedelta(hours=1)
_EASTER_DAYS = (-3, -2, -1, 0, 1)  # Thursday to Monday, from Easter Sunday
# Vakttårn's periods, in minutes after midnight: day 08:00, afternoon 15:30, night 23:00.
_DAY_FROM_MIN, _AFTERNOON_FROM_MIN, _NIGHT_FROM_MIN = 8 * 60, 15 * 60 + 30, 23 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class YearOfHours:
    """Every hour of a calendar year in Norway, in order of time.

    `starts` is UTC. `share` is the expected share of the year's contacts, and sums to 1.
    `is_off` is for Saturdays, Sundays and public holidays.
    """

    year: int
    starts: Times
    local_minute: Ints  # minutes after midnight, local, at the start of the hour
    local_day: Ints  # the day of the year, from 0
    month: Ints  # 1 to 12
    is_off: Bools
    share: Floats


@cache
def public_holidays(year: int) -> frozenset[date]:
    """Norwegian public holidays of a year. Christmas Eve and Easter Saturday are none."""
    return frozenset(holidays.country_holidays("NO", years=year))


def is_off(day: date) -> bool:
    """Whether the surgeries are closed: Saturday, Sunday or public holiday.

    >>> is_off(date(2026, 4, 3)), is_off(date(2026, 4, 7))
    (True, False)
    """
    return day.weekday() >= 5 or day in public_holidays(day.year)


def year_of_hours(demo: Demo, year: int) -> YearOfHours:
    """The hours of a year with the expected share of its contacts in each."""
    begin = datetime(year, 1, 1, tzinfo=OSLO).astimezone(UTC)
    end = datetime(year + 1, 1, 1, tzinfo=OSLO).astimezone(UTC)
    count = (end - begin) // _HOUR
    local = [(begin + n * _HOUR).astimezone(OSLO) for n in range(count)]
    days = [moment.date() for moment in local]
    off = {day: is_off(day) for day in set(days)}
    level = {day: _level_of(day, demo=demo) for day in set(days)}
    hour = np.array([moment.hour for moment in local])
    is_off_hour = np.array([off[day] for day in days])
    guess = demo.assumptions
    shape = np.where(
        is_off_hour,
        np.array(guess.hours_weekend)[hour],
        np.array(guess.hours_weekday)[hour],
    ) * np.array([level[day] for day in days])
    off_share = demo.published.weekend_share
    share = np.where(
        is_off_hour,
        shape * off_share / shape[is_off_hour].sum(),
        shape * (1 - off_share) / shape[~is_off_hour].sum(),
    )
    return YearOfHours(
        year=year,
        starts=np.datetime64(begin.replace(tzinfo=None), "ms")
        + np.arange(count) * np.timedelta64(3_600_000, "ms"),
        local_minute=np.array([60 * m.hour + m.minute for m in local]),
        local_day=np.array([m.timetuple().tm_yday - 1 for m in local]),
        month=np.array([day.month for day in days]),
        is_off=is_off_hour,
        share=share,
    )


def period_of(local_minute: Ints) -> Ints:
    """Day, afternoon or night, as a place in PERIODS, by minutes after local midnight.

    >>> [PERIODS[p] for p in period_of(np.array([479, 480, 929, 930, 1380]))]
    ['night', 'day', 'day', 'afternoon', 'night']
    """
    edges = np.array((_DAY_FROM_MIN, _AFTERNOON_FROM_MIN, _NIGHT_FROM_MIN))
    after = np.searchsorted(edges, local_minute % (24 * 60), side="right")
    night, day, afternoon = (PERIODS.index(p) for p in ("night", "day", "afternoon"))
    return np.array((night, day, afternoon, night))[after]


def _level_of(day: date, *, demo: Demo) -> float:
    """How busy a day is, as against an ordinary one of its kind."""
    guess = demo.assumptions
    level = guess.months[day.month - 1] * guess.weekdays[day.weekday()]
    if (day.month, day.day) >= (12, 24) or (day.month, day.day) == (1, 1):
        level *= guess.christmas
    easter = _easter_sunday(day.year)
    if (day - easter).days in _EASTER_DAYS:
        level *= guess.easter
    return level


@cache
def _easter_sunday(year: int) -> date:
    named = holidays.country_holidays("NO", years=year, language="en_US")
    (day,) = named.get_named("Easter Sunday", lookup="exact")
    return day
