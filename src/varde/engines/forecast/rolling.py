"""How good the forecasts were: the model and a plain mean on weeks held back from both.

From each of several origins both see only what was before, and foretell the same hours
after it. The plain one is the mean of the same hour of the week over the last 52 weeks, as
a Poisson count: what anybody can make in a spreadsheet.
"""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from varde.engines.forecast import counts
from varde.engines.forecast.calendar import COUNTRY, DemandCalendar
from varde.engines.forecast.model import expect, fit
from varde.engines.forecast.series import (
    DAY_HOURS,
    HOUR,
    WEEK_HOURS,
    Floats,
    HourlySeries,
)


LOW, HIGH = 0.05, 0.95  # ends of the interval that is judged
_BASELINE_WEEKS = 52


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Foretold:
    """A forecast of hours by any method: means, and one dispersion for all."""

    mean: Floats
    dispersion: float

    def bounds(self) -> tuple[Floats, Floats]:
        """The ends of the 90 % interval, hour by hour. Whole counts, never below 0."""
        spread = np.array([self.dispersion])
        return (
            counts.quantile(LOW, mean=self.mean, dispersion=spread),
            counts.quantile(HIGH, mean=self.mean, dispersion=spread),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """How far off in the mean over hours. `coverage` is the share within the 90 % interval.

    `lowest` is the lowest end of an interval that was told. `hours` is how many were known
    and judged.
    """

    hours: int
    crps: float
    mae: float
    coverage: float
    lowest: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """One origin: when, both scores, and the share of whole weeks within their interval.

    `weeks_within` counts the whole weeks whose sum was within the model's 90 % interval,
    of `weeks`; a week with an unknown hour is not judged.
    """

    begins: datetime
    ours: Scores
    baseline: Scores
    weeks: int
    weeks_within: int


def rolling_origins(
    series: HourlySeries,
    *,
    origins: int,
    horizon_days: int,
    calendar: DemandCalendar,
    county: str = "",
    country: str = COUNTRY,
) -> tuple[Origin, ...]:
    """Judge the model at so many origins, one horizon apart, the last one to the end.

    Raises ValueError where origins or days are below 1 or the history has no hour left
    before the first origin, and `TooLittleHistory` where it has too few.
    """
    hours = horizon_days * DAY_HOURS
    first = len(series.counts) - origins * hours
    if origins < 1 or horizon_days < 1 or first < 1:
        raise ValueError(
            f"{origins} origins of {horizon_days} days need more than the "
            f"{len(series.counts) // DAY_HOURS} days that there are"
        )
    return tuple(
        _judge(
            series,
            at=first + n * hours,
            hours=hours,
            calendar=calendar,
            county=county,
            country=country,
        )
        for n in range(origins)
    )


def together(scores: list[Scores]) -> Scores:
    """The mean of scores over all their hours. Raises ValueError where there are none."""
    hours = sum(one.hours for one in scores)
    if not hours:
        raise ValueError("no hour was judged")

    def mean(name: str) -> float:
        return sum(one.hours * float(getattr(one, name)) for one in scores) / hours

    return Scores(
        hours=hours,
        crps=mean("crps"),
        mae=mean("mae"),
        coverage=mean("coverage"),
        lowest=min(one.lowest for one in scores),
    )


def hour_of_week_mean(history: HourlySeries, *, hours: int) -> Foretold:
    """The plain forecast of the hours after a history.

    An hour of the week that is not known in the last 52 weeks gets the mean of all.
    """
    past = history.counts[-_BASELINE_WEEKS * WEEK_HOURS :]
    is_known = ~np.isnan(past)
    # Counted back from the end, so that the hours after it go on as 0, 1, 2, …
    place = np.arange(-len(past), 0) % WEEK_HOURS
    known = np.bincount(place[is_known], minlength=WEEK_HOURS)
    came = np.bincount(place[is_known], past[is_known], minlength=WEEK_HOURS)
    overall = float(past[is_known].mean())
    means = np.where(known > 0, came / np.maximum(known, 1), overall)
    return Foretold(mean=means[np.arange(hours) % WEEK_HOURS], dispersion=0.0)


def judge(foretold: Foretold, seen: Floats) -> Scores:
    """The scores of a forecast. Unknown hours are not judged; none known gives zeros."""
    is_known = ~np.isnan(seen)
    came = seen[is_known]
    known = Foretold(mean=foretold.mean[is_known], dispersion=foretold.dispersion)
    if not len(came):
        return Scores(hours=0, crps=0.0, mae=0.0, coverage=0.0, lowest=0.0)
    low, high = known.bounds()
    score = counts.crps(came, mean=known.mean, dispersion=np.array([known.dispersion]))
    return Scores(
        hours=len(came),
        crps=float(score.mean()),
        mae=float(np.abs(came - known.mean).mean()),
        coverage=float(((came >= low) & (came <= high)).mean()),
        lowest=float(low.min()),
    )


def _judge(
    series: HourlySeries,
    *,
    at: int,
    hours: int,
    calendar: DemandCalendar,
    county: str,
    country: str,
) -> Origin:
    history, seen = series.first(at), series.counts[at : at + hours]
    begins = series.begins + at * HOUR
    fitted = fit(history, calendar=calendar, county=county, country=country)
    told = expect(fitted, begins=begins, hours=hours)
    ours = Foretold(mean=told.mean, dispersion=fitted.hour_dispersion)
    mean, dispersion = told.sums(WEEK_HOURS)
    weeks = seen[: len(mean) * WEEK_HOURS].reshape(-1, WEEK_HOURS).sum(axis=1)
    low = counts.quantile(LOW, mean=mean, dispersion=dispersion)
    high = counts.quantile(HIGH, mean=mean, dispersion=dispersion)
    return Origin(
        begins=begins,
        ours=judge(ours, seen),
        baseline=judge(hour_of_week_mean(history, hours=hours), seen),
        weeks=int((~np.isnan(weeks)).sum()),
        weeks_within=int(((weeks >= low) & (weeks <= high)).sum()),
    )
