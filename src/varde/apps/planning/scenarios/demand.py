"""How many come an hour: of a scenario, of a station's history, and of its forecast."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from varde.apps.planning.queries.demand import OSLO, history
from varde.apps.planning.scenarios.trees import Tree, scenario_of, text_of
from varde.apps.records.models import Station
from varde.engines.forecast.series import HOUR, WEEK_HOURS
from varde.engines.simulation.draws import hourly_rates


HISTORY = timedelta(weeks=52)
FORECAST_WEEKS = 8
DIGITS = 6  # of the rates that are counted back to inhabitants
PHONE_AND_DOOR = ("telefon", "frammote")
RATES = ("per_1000_a_year", "per_hour")


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Contacts in each hour of a week, from Monday 00, and what they were counted from."""

    per_hour: tuple[float, ...]
    first: datetime
    until: datetime

    @property
    def mean(self) -> float:
        """Contacts an hour over the whole week."""
        return sum(self.per_hour) / len(self.per_hour)


def of_history(station: Station, *, now: datetime) -> Week | None:
    """The mean week of the last 52; None where there are not four whole ones."""
    found = history(station, now=now)
    if found is None:
        return None
    series = found.series
    hours = int(HISTORY / HOUR)
    counts = series.counts[-hours:]
    begins = series.ends - len(counts) * HOUR
    return _week(counts, begins, series.ends, least=4 * WEEK_HOURS)


def of_forecast(station: Station, *, now: datetime) -> Week | None:
    """The mean of the eight weeks that are expected now; None with too little history."""
    from varde.apps.planning.queries.forecast import calendar
    from varde.engines.forecast.model import TooLittleHistory, expect, fit

    found = history(station, now=now)
    if found is None:
        return None
    midnight = now.astimezone(OSLO).replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)  # fmt: skip
    whole = found.series.first(max(0, (midnight - found.series.begins) // HOUR))
    county = station.municipality.county
    try:
        fitted = fit(whole, calendar=calendar(), county=county)
    except TooLittleHistory:
        return None
    ahead = expect(fitted, begins=midnight, hours=FORECAST_WEEKS * WEEK_HOURS)
    until = midnight + FORECAST_WEEKS * WEEK_HOURS * HOUR
    return _week(np.asarray(ahead.mean), midnight, until, least=WEEK_HOURS)


def _week(counts: Any, begins: datetime, until: datetime, *, least: int) -> Week | None:
    if len(counts) < least:
        return None
    first = begins.weekday() * 24 + begins.hour
    at = (np.arange(len(counts)) + first) % WEEK_HOURS
    known = ~np.isnan(counts)
    sums = np.bincount(at[known], weights=counts[known], minlength=WEEK_HOURS)
    many = np.bincount(at[known], minlength=WEEK_HOURS)
    if not sums.sum():
        return None
    rates = np.divide(sums, many, out=np.zeros(WEEK_HOURS), where=many > 0)
    return Week(per_hour=tuple(float(r) for r in rates), first=begins, until=until)


def together(weeks: Sequence[Week]) -> Week:
    """The sum of some stations' weeks."""
    per_hour = tuple(sum(rates) for rates in zip(*(w.per_hour for w in weeks), strict=True))  # fmt: skip
    return Week(
        per_hour=per_hour,
        first=min(week.first for week in weeks),
        until=max(week.until for week in weeks),
    )


def expected_per_hour(tree: Tree) -> float:
    """Contacts an hour that a scenario expects in the mean, all streams together."""
    scenario = scenario_of(text_of(tree))
    rates = hourly_rates(scenario)
    return float(sum(rate.mean() for rate in rates.values()))


def scaled(
    tree: Tree,
    *,
    per_hour: float,
    origin: Tree,
    base: Tree,
    base_origin: Tree,
    week: Week | None,
) -> None:
    """Let a scenario have so many contacts an hour as things are in the base.

    The streams keep their parts of the whole, and where the scenario moves a station, use
    falls with the distance as before. With a week the telephone and the door follow its
    hours. The rates are counted from those before anything was changed.
    """
    plain: Tree = {**base, "streams": _with_rates(base, base_origin, 1.0)}
    expected = expected_per_hour(plain)
    factor = per_hour / expected if expected else 0.0
    tree["streams"] = _with_rates(tree, origin, factor)
    for stream in tree["streams"]:
        if week is not None and stream["name"] in PHONE_AND_DOOR:
            stream["by_hour"] = [round(rate, DIGITS) for rate in week.per_hour]


def _with_rates(tree: Tree, origin: Tree, factor: float) -> list[dict[str, Any]]:
    """The streams with the rates of another tree, times a factor."""
    before = {stream["name"]: stream for stream in origin["streams"]}
    return [
        {
            **stream,
            **{
                key: round(before[stream["name"]][key] * factor, DIGITS)
                for key in RATES
                if key in before.get(stream["name"], {})
            },
        }
        for stream in tree["streams"]
    ]
