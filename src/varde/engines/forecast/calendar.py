"""Which days stand out from their weekday: public holidays, and what a file adds to them.

On a day when the GP surgeries are closed, the demand of a legevakt takes the shape of a
Sunday from the hour they close. What `holidays` knows are the public holidays; the file
holds the rest, dated and with sources.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import holidays

from varde.domain.settings import dated
from varde.domain.workdays import is_workday
from varde.engines import content_file
from varde.engines.content_file import Part


COUNTRY = "NO"
SUNDAY = 6  # date.weekday()
_DAY = timedelta(days=1)
_SATURDAY_ISO = 6  # date.isoweekday(): weeks are Monday to Friday here


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRule:
    """Days of one kind. One of `easter`, `dates`, `weeks`, `school` and `squeezed` says
    which; `closed_from` is the hour from which surgeries are closed, None: as ever."""

    code: str
    words: str
    source: str
    verified: bool
    valid_from: date
    valid_to: date | None = None
    closed_from: int | None = None
    easter: tuple[int, int] | None = None
    dates: tuple[str, str] | None = None
    weeks: tuple[int, int] | None = None
    school: str | None = None
    squeezed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolWeeks:
    """The week of a school holiday by county, from a day to another."""

    school: str
    weeks: Mapping[str, int]
    source: str
    verified: bool
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandCalendar:
    """The file, read. `blocks` is the first hour of each block of the day."""

    blocks: tuple[int, ...]
    days: tuple[DayRule, ...]
    school_weeks: tuple[SchoolWeeks, ...]

    def block_of(self, hour: int) -> int:
        """Which block an hour of the day, 0 to 23, is in."""
        return max(n for n, first in enumerate(self.blocks) if first <= hour)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """How a day stands out: its marks, and the hour from which it is like a Sunday.

    `closed_from` is None on ordinary days, and on Sundays, which are Sundays anyway.
    """

    marks: frozenset[str]
    closed_from: int | None


def load(text: str, *, filename: str) -> DemandCalendar:
    """Read a file of days (YAML).

    Raises `BadInput` for a file that is not well-formed, a row without code, words, source
    or date, a row that does not say which days, and a code that stands twice.
    """
    file = content_file.read(text, filename=filename)
    blocks = file.under("blocks")
    if (
        not isinstance(blocks, list)
        or blocks[:1] != [0]
        or not all(isinstance(hour, int) and 0 <= hour <= 23 for hour in blocks)
        or sorted(set(blocks)) != blocks
    ):
        raise file.fault("has no blocks: hours from 0, rising, to 23")
    days = tuple(_rule(row) for row in file.rows("days"))
    file.at("days").each_once(day.code for day in days)
    schools = tuple(_school(row) for row in file.rows("school_weeks"))
    for day in days:
        if day.school and day.school not in {one.school for one in schools}:
            raise file.at(f"day {day.code!r}").fault(
                f"has a school holiday without weeks: {day.school}"
            )
    return DemandCalendar(blocks=tuple(blocks), days=days, school_weeks=schools)


def day_of(
    day: date, *, calendar: DemandCalendar, county: str = "", country: str = COUNTRY
) -> Day:
    """How a day stands out.

    Parameters
    ----------
    county : str
        Whose school holidays count; "" for none.
    country : str
        Two letters: whose public holidays count. Another than Norway has no more than
        those; "" has none.

    Examples
    --------
    >>> none = DemandCalendar(blocks=(0,), days=(), school_weeks=())
    >>> day_of(date(2026, 4, 3), calendar=none)
    Day(marks=frozenset({'Good Friday'}), closed_from=0)
    """
    name = public_holidays(country, day.year).get(day)
    rules = [
        rule
        for rule in (calendar.days if country == COUNTRY else ())
        if _holds(rule, day) and _is_on(rule, day, calendar=calendar, county=county)
    ]
    hours = [rule.closed_from for rule in rules if rule.closed_from is not None]
    if name:
        hours.append(0)
    marks = {rule.code for rule in rules} | ({name} if name else set())
    return Day(
        marks=frozenset(marks),
        closed_from=min(hours, default=None) if day.weekday() != SUNDAY else None,
    )


@cache
def public_holidays(country: str, year: int) -> Mapping[date, str]:
    """The public holidays of a year with their English names; none for "".

    Two on one day have one name. Sundays are holidays only where they are more.
    Raises ValueError for a country that is not known.
    """
    if not country:
        return {}
    if country not in holidays.list_supported_countries():
        raise ValueError(f"no holidays are known of country {country!r}")
    found = holidays.country_holidays(country, years=year, language="en_US")
    return {
        day: name.split(";")[0].removesuffix(" (observed)")
        for day, name in found.items()
    }


def _is_on(rule: DayRule, day: date, *, calendar: DemandCalendar, county: str) -> bool:
    if rule.easter:
        return rule.easter[0] <= (day - _easter_sunday(day.year)).days <= rule.easter[1]
    if rule.dates:
        return rule.dates[0] <= f"{day:%m-%d}" <= rule.dates[1]
    if rule.weeks:
        return _is_in_weeks(day, *rule.weeks)
    if rule.school:
        rows = [one for one in calendar.school_weeks if one.school == rule.school]
        week = dated(rows, on=day, name=rule.code).weeks.get(county)
        return week is not None and _is_in_weeks(day, week, week)
    return _is_squeezed(day)


def _is_in_weeks(day: date, first: int, last: int) -> bool:
    return first <= day.isocalendar().week <= last and day.isoweekday() < _SATURDAY_ISO


def _is_squeezed(day: date) -> bool:
    """A working day with a free day on each side."""
    around = {
        free
        for year in (day.year - 1, day.year, day.year + 1)
        for free in public_holidays(COUNTRY, year)
    }
    return is_workday(day, holidays=around) and not any(
        is_workday(beside, holidays=around) for beside in (day - _DAY, day + _DAY)
    )


@cache
def _easter_sunday(year: int) -> date:
    days = public_holidays(COUNTRY, year)
    return next(day for day, name in days.items() if name == "Easter Sunday")


def _holds(rule: DayRule, day: date) -> bool:
    return rule.valid_from <= day and (rule.valid_to is None or day < rule.valid_to)


def _rule(row: Part) -> DayRule:
    row = row.at(f"day {row.under('code', otherwise='?')!r}")
    which = [
        name
        for name in ("easter", "date", "weeks", "school", "squeezed")
        if row.under(name)
    ]
    if len(which) != 1:
        raise row.fault("must have one of easter, date, weeks, school and squeezed")
    closed = row.under("closed_from")
    if closed is not None and (not isinstance(closed, int) or not 0 <= closed <= 23):
        raise row.fault("has a closed_from that is no hour from 0 to 23")
    return DayRule(
        code=row.text("code"),
        words=row.text("words"),
        source=row.text("source"),
        verified=row.under("verified", otherwise=True) is True,
        valid_from=_date(row, "valid_from"),
        valid_to=_date(row, "valid_to") if row.under("valid_to") else None,
        closed_from=closed,
        easter=_numbers(row, "easter"),
        dates=_days(row),
        weeks=_numbers(row, "weeks"),
        school=row.text("school") if row.under("school") else None,
        squeezed=row.under("squeezed") is True,
    )


def _school(row: Part) -> SchoolWeeks:
    row = row.at(f"school_weeks of {row.under('school', otherwise='?')!r}")
    weeks = row.under("weeks")
    if not isinstance(weeks, dict) or not all(
        isinstance(county, str) and isinstance(week, int) and 1 <= week <= 53
        for county, week in weeks.items()
    ):
        raise row.fault("has no weeks: a county and a week from 1 to 53 each")
    return SchoolWeeks(
        school=row.text("school"),
        weeks=weeks,
        source=row.text("source"),
        verified=row.under("verified", otherwise=True) is True,
        valid_from=_date(row, "valid_from"),
        valid_to=_date(row, "valid_to") if row.under("valid_to") else None,
    )


def _date(row: Part, name: str) -> date:
    found = row.under(name)
    if not isinstance(found, date):
        raise row.fault(f"has no date for {name!r}")
    return found


def _numbers(row: Part, name: str) -> tuple[int, int] | None:
    pair = _pair(row, name, kind=int)
    return None if pair is None else (int(str(pair[0])), int(str(pair[1])))


def _days(row: Part) -> tuple[str, str] | None:
    pair = _pair(row, "date", kind=str)
    return None if pair is None else (str(pair[0]), str(pair[1]))


def _pair(row: Part, name: str, *, kind: type) -> list[object] | None:
    found = row.under(name)
    if found is None:
        return None
    if (
        not isinstance(found, list)
        or len(found) != 2
        or not all(isinstance(one, kind) for one in found)
        or found[0] > found[1]
    ):
        raise row.fault(f"must have a first and a last for {name!r}")
    return found
