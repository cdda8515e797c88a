"""What a station may expect, beside what came: made from its own history."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from varde import content
from varde.apps.planning.queries.demand import OSLO, Parts, history, parts
from varde.apps.records.models import Station
from varde.engines.forecast import counts
from varde.engines.forecast.calendar import DemandCalendar, load
from varde.engines.forecast.model import Expected, TooLittleHistory, expect, fit
from varde.engines.forecast.rolling import HIGH, LOW
from varde.engines.forecast.series import DAY_HOURS, HOUR, WEEK_HOURS, HourlySeries
from varde.engines.forecast.surprise import Share, Surprise, shares, surprise


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A stretch of time with its expected contacts and the ends of the 90 % interval."""

    begins: datetime
    expected: float
    low: int
    high: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A day of the history and what came."""

    on: date
    contacts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StationForecast:
    """The hours, days and weeks ahead, from the midnight after the history.

    `history` are its days, the oldest first. `yesterday` is the last whole day beside what
    was expected of it the midnight before; None where it cannot be told. `level` is the
    last 28 days as against what is usual for the season.
    """

    hours: tuple[Told, ...]
    days: tuple[Told, ...]
    weeks: tuple[Told, ...]
    history: tuple[Past, ...]
    yesterday_on: date
    yesterday: Surprise | None
    level: float
    county: str
    hastegrad: tuple[Share, ...]
    age: tuple[Share, ...]
    municipality: tuple[Share, ...]


def station_forecast(station: Station, *, weeks: int, now: datetime) -> StationForecast:
    """The forecast of so many weeks from last midnight.

    Raises `TooLittleHistory` where the station has too little of it.
    """
    found = history(station, now=now)
    midnight = now.astimezone(OSLO).replace(tzinfo=None)
    midnight = midnight.replace(hour=0, minute=0, second=0, microsecond=0)
    if found is None or midnight <= found.series.begins:
        raise TooLittleHistory(days=0, contacts=0)
    whole = found.series.first((midnight - found.series.begins) // HOUR)
    county = station.municipality.county
    fitted = fit(whole, calendar=calendar(), county=county)
    ahead = expect(fitted, begins=midnight, hours=weeks * WEEK_HOURS)
    told_weeks = sums(ahead, WEEK_HOURS)
    of = parts(station, now=now)
    return StationForecast(
        hours=sums(ahead, 1),
        days=sums(ahead, DAY_HOURS),
        weeks=told_weeks,
        history=tuple(Past(on=on, contacts=n) for on, n in found.days.items()),
        yesterday_on=(midnight - timedelta(days=1)).date(),
        yesterday=yesterday(whole, county=county),
        level=fitted.level,
        county=county,
        **_shares(of, expected=sum(week.expected for week in told_weeks)),
    )


def yesterday(series: HourlySeries, *, county: str = "") -> Surprise | None:
    """The last day of a series beside what the days before it foretold.

    None where the clock was set that day, or there was too little before it.
    """
    before = series.first(len(series.counts) - DAY_HOURS)
    seen = series.counts[-DAY_HOURS:].sum()
    if seen != seen:  # an unknown hour makes the sum unknown
        return None
    try:
        fitted = fit(before, calendar=calendar(), county=county)
    except TooLittleHistory:
        return None
    mean, spread = expect(fitted, begins=before.ends, hours=DAY_HOURS).sums(DAY_HOURS)
    return surprise(int(seen), mean=float(mean[0]), dispersion=float(spread[0]))


def sums(ahead: Expected, hours: int) -> tuple[Told, ...]:
    """The expected sums of so many hours each, with their intervals."""
    mean, spread = ahead.sums(hours)
    if hours == 1:
        spread = ahead.dispersion
    low = counts.quantile(LOW, mean=mean, dispersion=spread)
    high = counts.quantile(HIGH, mean=mean, dispersion=spread)
    return tuple(
        Told(
            begins=ahead.begins + n * hours * HOUR,
            expected=float(mean[n]),
            low=int(low[n]),
            high=int(high[n]),
        )
        for n in range(len(mean))
    )


@cache
def calendar() -> DemandCalendar:
    """The days that stand out, as Varde ships them."""
    return load(content.demand_calendar_text(), filename=content.DEMAND_CALENDAR_FILE)


def _shares(of: Parts, *, expected: float) -> dict[str, tuple[Share, ...]]:
    return {
        "hastegrad": shares(of.hastegrad, expected=expected),
        "age": shares(of.age, expected=expected),
        "municipality": shares(of.municipality, expected=expected),
    }
