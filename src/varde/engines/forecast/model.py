"""The demand of a station, fitted to its own history: a negative-binomial regression.

log(expected) = hour of the week + season + kind of day by block of hours + growth, times
the level of the last 28 days. What comes is a Poisson count whose rate is shared by the
hours of a day (a gamma factor), since contacts cluster: an epidemic, ice on the roads.
"""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import splu

from varde.engines.forecast.calendar import COUNTRY, DemandCalendar
from varde.engines.forecast.design import Columns, Plan, columns, plan_for
from varde.engines.forecast.series import (
    DAY_HOURS,
    HOUR,
    WEEK_HOURS,
    Floats,
    HourlySeries,
)


LEVEL_DAYS = 28
LEAST_DAYS = 56  # two levels: from one nobody can tell how much it moves
LEAST_CONTACTS = 50
MOST_WEEKS = 520  # ten years ahead is already only today's pattern
_MOST_STEPS = 100
_SETTLED = 1e-7
_LONGEST_STEP = 3.0  # of a logarithm: a factor of 20


class TooLittleHistory(ValueError):
    """The history is too short, or too few came in it. `days` and `contacts` are known."""

    def __init__(self, *, days: float, contacts: float) -> None:
        super().__init__(
            f"{contacts:.0f} contacts in {days:.0f} known days; at least "
            f"{LEAST_CONTACTS} in {LEAST_DAYS} days are needed"
        )
        self.days = days
        self.contacts = contacts


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fitted:
    """A fitted model. The three dispersions are of an hour, a day and a week.

    `level` is the last 28 days as against the rest, 1 where they are alike.
    `hour_dispersion` makes an hour's variance; `day_dispersion` is the variance of the
    factor that the hours of a day share; `week_dispersion` that of the level itself.
    """

    plan: Plan
    effects: Floats
    level: float
    hour_dispersion: float
    day_dispersion: float
    week_dispersion: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Expected:
    """Expected counts of consecutive hours, and how they spread.

    `mean` is float64[n_hours]. `dispersion` is of each hour; `together` of the sum.
    """

    begins: datetime
    mean: Floats
    fitted: Fitted

    @property
    def dispersion(self) -> Floats:
        """Of each hour, for `counts`."""
        return np.array([self.fitted.hour_dispersion])

    def sums(self, hours: int) -> tuple[Floats, Floats]:
        """Means and dispersions of the sums of so many hours each, from the first.

        A last part that is not whole is left out. Within a day (24 hours from the first)
        the hours share a factor, and all share the level.
        """
        whole = len(self.mean) // hours
        parts = self.mean[: whole * hours].reshape(whole, hours)
        mean = parts.sum(axis=1)
        day = np.arange(hours) // DAY_HOURS
        days = np.add.reduceat(parts, np.flatnonzero(np.diff(day, prepend=-1)), axis=1)
        squares = (days**2).sum(axis=1)
        shared = np.divide(squares, mean**2, out=np.zeros(whole), where=mean > 0)
        return mean, (self.fitted.day_dispersion * shared + self.fitted.week_dispersion)


def fit(
    series: HourlySeries,
    *,
    calendar: DemandCalendar,
    county: str = "",
    country: str = COUNTRY,
) -> Fitted:
    """Fit the model to a history.

    Parameters
    ----------
    series : HourlySeries
        Unknown hours are left out.
    calendar : DemandCalendar
    county : str
        Whose school holidays count, "" for none.
    country : str
        Whose public holidays count.

    Returns
    -------
    Fitted

    Raises
    ------
    TooLittleHistory
        With less than LEAST_DAYS of known hours or LEAST_CONTACTS contacts.

    Notes
    -----
    With less than a year the season is not told, and a forecast for another season is
    too high or too low. An effect that is not in the calendar (a closed road, a cabin
    town's winter) spreads over the rest. The dispersions come from moments within the
    history: a little low, since the effects were fitted to the same hours.

    References
    ----------
    Cameron AC, Trivedi PK (2013). Regression Analysis of Count Data, 2nd ed. Ch. 3. The
    choice of model: measured beside others on 41 640 real hours (docs/motorer/behov.md).
    """
    is_known = ~np.isnan(series.counts)
    seen = series.counts[is_known]
    known_days = len(seen) / DAY_HOURS
    if known_days < LEAST_DAYS or seen.sum() < LEAST_CONTACTS:
        raise TooLittleHistory(days=known_days, contacts=float(seen.sum()))
    hours = len(series.counts)
    plan = plan_for(
        series.begins, hours, calendar=calendar, county=county, country=country
    )
    design = columns(series.begins, hours, plan=plan)
    known = Columns(matrix=design.matrix[is_known], penalty=design.penalty)
    effects = _effects(known, seen, dispersion=0.0)
    spread = _extra(seen, np.exp(known.matrix @ effects))
    effects = _effects(known, seen, dispersion=spread, start=effects)
    mean = np.where(is_known, np.exp(design.matrix @ effects), 0.0)
    counts = np.where(is_known, series.counts, 0.0)
    day = _extra(_sums(counts, DAY_HOURS), _sums(mean, DAY_HOURS))
    level, week = _level(counts, mean, day_dispersion=day)
    return Fitted(
        plan=plan,
        effects=effects,
        level=level,
        hour_dispersion=max(_extra(counts, mean), day),
        day_dispersion=day,
        week_dispersion=week,
    )


def expect(fitted: Fitted, *, begins: datetime, hours: int) -> Expected:
    """What a fitted model expects of any hours, before or after the end of its history.

    Raises ValueError for no hours, or more than MOST_WEEKS after the history.
    """
    ahead = (begins - fitted.plan.origin) // HOUR + hours
    if hours < 1 or ahead > MOST_WEEKS * WEEK_HOURS:
        raise ValueError(f"{hours} hours from {begins} cannot be told")
    design = columns(begins, hours, plan=fitted.plan)
    mean = fitted.level * np.exp(design.matrix @ fitted.effects)
    return Expected(begins=begins, mean=mean, fitted=fitted)


def _effects(
    known: Columns, seen: Floats, *, dispersion: float, start: Floats | None = None
) -> Floats:
    """The effects with the most support, by Newton's method with the expected weights."""
    matrix, penalty = known.matrix, known.penalty
    turned = matrix.T.tocsr()
    own = sparse.diags_array(penalty)
    effects = np.zeros(matrix.shape[1]) if start is None else start
    if start is None:
        effects[0] = np.log(seen.mean())
    furthest, steps = np.inf, 0
    while furthest >= _SETTLED and steps < _MOST_STEPS:
        steps += 1
        mean = np.exp(matrix @ effects)
        slope = turned @ ((seen - mean) / (1 + dispersion * mean)) - penalty * effects
        weights = mean / (1 + dispersion * mean)
        curve = turned @ matrix.multiply(weights[:, None]) + own
        # Sparse: a dense solver of this size wakes the threads of its library, which
        # spend ten times the work on waiting for each other on a busy machine.
        step = splu(curve.tocsc()).solve(slope)
        furthest = float(np.abs(step).max())
        effects = effects + step * min(1.0, _LONGEST_STEP / max(furthest, _SETTLED))
    return np.asarray(effects)


def _extra(counts: Floats, mean: Floats) -> float:
    """The variance beyond Poisson's as a share of the squared mean, by moments; >= 0."""
    return max(0.0, float(((counts - mean) ** 2 - mean).sum() / (mean**2).sum()))


def _level(
    counts: Floats, mean: Floats, *, day_dispersion: float
) -> tuple[float, float]:
    """The level of the last 28 days, and how far the next one is from it, as a variance.

    The level is drawn towards 1 by as much as the levels of the history were alike (the
    mean of a gamma distribution after so many contacts). The variance is measured: each 28
    days of the history foretold by the 28 before them.
    """
    hours = LEVEL_DAYS * DAY_HOURS
    whole = len(counts) // hours * hours
    came, told = _sums(counts[-whole:], hours), _sums(mean[-whole:], hours)
    moves = _extra(came, told)
    weight = 1 / moves if moves > 0 else np.inf
    levels = (came + weight) / (told + weight) if moves > 0 else np.ones(len(came))
    days = _sums(mean[-whole:], DAY_HOURS).reshape(-1, LEVEL_DAYS)
    next_told = levels[:-1] * told[1:]
    clusters = day_dispersion * (days[1:] ** 2).sum(axis=1) * levels[:-1] ** 2
    beyond = (came[1:] - next_told) ** 2 - next_told - clusters
    drift = max(0.0, float(beyond.sum() / (next_told**2).sum()))
    return float(levels[-1]), drift


def _sums(values: Floats, hours: int) -> Floats:
    """Sums of so many hours each, the last one ending with the last hour."""
    whole = len(values) // hours * hours
    return np.asarray(values[len(values) - whole :].reshape(-1, hours).sum(axis=1))
