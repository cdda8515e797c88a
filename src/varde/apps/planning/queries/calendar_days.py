"""The days ahead that stand out in the calendar, and how much more or less they bring."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise

import holidays

from varde.engines.forecast.calendar import DemandCalendar, day_of, public_holidays
from varde.engines.forecast.model import Fitted, expect
from varde.engines.forecast.series import DAY_HOURS, HourlySeries


DAYS_AHEAD = 182
AROUND_DAYS = 35  # a usual day of the same weekday is looked for so near
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class StandsOut:
    """Days in a row of one kind. `factor` is what is expected as against the usual days of
    the same weekdays around; None where there is none. `seen` is how many such days the
    history had: with 0 the factor is only a Sunday's shape, or nothing."""

    first: date
    last: date
    words: str
    expected: float
    factor: float | None
    seen: int


def standing_out(
    fitted: Fitted,
    *,
    from_on: date,
    history: HourlySeries,
    calendar: DemandCalendar,
    county: str,
) -> tuple[StandsOut, ...]:
    """The days of the next half year that stand out, in order."""
    first = from_on - AROUND_DAYS * DAY
    many = DAYS_AHEAD + 2 * AROUND_DAYS
    ahead = expect(
        fitted,
        begins=datetime.combine(first, datetime.min.time()),
        hours=many * DAY_HOURS,
    )
    sums = ahead.mean.reshape(many, DAY_HOURS).sum(axis=1)
    expected = {first + n * DAY: float(value) for n, value in enumerate(sums)}
    marks = {
        day: day_of(day, calendar=calendar, county=county).marks for day in expected
    }
    seen = _seen(history, calendar=calendar, county=county)
    words = _words(calendar, years={day.year for day in expected})
    return tuple(
        _one(days, expected=expected, marks=marks, seen=seen, words=words)
        for days in _in_a_row(
            [
                day
                for day in expected
                if marks[day] and from_on <= day < from_on + DAYS_AHEAD * DAY
            ],
            marks,
        )
    )


def _in_a_row(
    days: Sequence[date], marks: Mapping[date, frozenset[str]]
) -> Iterator[list[date]]:
    """Days one after the other with the same marks."""
    run = list(days[:1])
    for before, day in pairwise(days):
        if day - before > DAY or marks[day] != marks[before]:
            yield run
            run = []
        run.append(day)
    if run:
        yield run


def _one(
    days: Sequence[date],
    *,
    expected: Mapping[date, float],
    marks: Mapping[date, frozenset[str]],
    seen: Counter[str],
    words: Mapping[str | date, str],
) -> StandsOut:
    usual = []
    for day in days:
        like = [
            expected[other]
            for other in expected
            if other.weekday() == day.weekday()
            and abs((other - day).days) <= AROUND_DAYS
            and not marks[other]
        ]
        usual.append(sum(like) / len(like) if like else None)
    known = [one for one in usual if one]
    total = sum(expected[day] for day in days)
    codes = sorted(marks[days[0]])
    named = [words.get(code) or words.get(days[0], code) for code in codes]
    return StandsOut(
        first=days[0],
        last=days[-1],
        words=", ".join(dict.fromkeys(named)),
        expected=total,
        factor=total / sum(known) if len(known) == len(usual) else None,
        seen=min(seen[code] for code in codes),
    )


def _seen(
    history: HourlySeries, *, calendar: DemandCalendar, county: str
) -> Counter[str]:
    found: Counter[str] = Counter()
    day = history.begins.date()
    while day < history.ends.date():
        found.update(day_of(day, calendar=calendar, county=county).marks)
        day += DAY
    return found


def _words(calendar: DemandCalendar, *, years: set[int]) -> dict[str | date, str]:
    """The file's days by code, the public holidays in Norwegian by the day itself."""
    named: dict[str | date, str] = {rule.code: rule.words for rule in calendar.days}
    for year in years:
        named |= _public(year)
    return named


@cache
def _public(year: int) -> dict[date, str]:
    in_norwegian = holidays.country_holidays("NO", years=year, language="no")
    return {
        day: in_norwegian[day].split(";")[0].capitalize()
        for day in public_holidays("NO", year)
    }
