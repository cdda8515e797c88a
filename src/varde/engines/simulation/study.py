"""Many replications of some scenarios, beside each other on common random numbers."""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from varde.engines.simulation.replications import Engine, Row, Work, rows_of
from varde.engines.simulation.scenario import Scenario
from varde.engines.simulation.tables import Floats


LEVEL = 0.95
RESAMPLES = 2000
FEWEST = 5  # replications before precision is looked at
AHEAD = 5  # the precision must hold for so many more replications
MOST = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A mean over replications with half the width of its 95 % interval.

    `half` is None with fewer than two replications that have the measure. `mean` is None
    with none.
    """

    mean: float | None
    half: float | None
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """What was run. `values[scenario][measure]` has a number for each replication."""

    scenarios: tuple[Scenario, ...]
    seed: int
    engine: Engine
    asked: int
    values: tuple[dict[str, Floats], ...]

    @property
    def replications(self) -> int:
        """How many were done; fewer than asked for when it was stopped."""
        return len(next(iter(self.values[0].values())))


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """Run until the interval of a measure is this narrow, as a share of its mean."""

    measure: str
    share: float
    at_most: int = 10_000


def run(
    scenarios: Sequence[Scenario],
    *,
    replications: int,
    seed: int,
    engine: Engine = Engine.COMPILED,
    workers: int = 1,
    cluster: str = "",
    precision: Precision | None = None,
    tell: Callable[[int, int], None] = lambda done, asked: None,
    is_stopped: Callable[[], bool] = lambda: False,
) -> Study:
    """Run replications, in order, until enough; stopped, what is done is kept.

    They go over `workers` processes of this machine, or, with the address of its
    scheduler, over all workers of a Dask cluster: the figures are the same.
    With `precision` there are as many as it takes, `replications` at least and
    `precision.at_most` at the most. `tell` is given how many are done, and of how many.

    Raises
    ------
    ValueError
        If there is no scenario, fewer than one replication, an unknown measure, or it was
        stopped before the first was done.
    """
    asked = precision.at_most if precision else replications
    if not scenarios or not 1 <= replications <= asked <= MOST:
        raise ValueError(f"{len(scenarios)} scenarios, {replications} to {asked} replications")  # fmt: skip
    rows: list[Row] = []
    work = Work(scenarios=tuple(scenarios), seed=seed, engine=engine)
    coming = rows_of(work, count=asked, workers=workers, cluster=cluster)
    for row in coming:
        rows.append(row)
        tell(len(rows), asked)
        if is_stopped():
            break
        if precision and len(rows) >= replications and _is_precise(rows, precision):
            break
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # that others were begun in vain
        coming.close()
    return Study(
        scenarios=tuple(scenarios),
        seed=seed,
        engine=engine,
        asked=asked,
        values=tuple(_columns([row[s] for row in rows]) for s in range(len(scenarios))),
    )


def _columns(rows: Sequence[dict[str, float]]) -> dict[str, Floats]:
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def _is_precise(rows: Sequence[Row], precision: Precision) -> bool:
    """Is it narrow enough, and was it for the replications just before as well?"""
    if precision.measure not in rows[0][0]:
        known = ", ".join(rows[0][0])
        raise ValueError(f"no measure {precision.measure!r}; there are {known}")
    seen = np.array([row[0][precision.measure] for row in rows])
    lengths = range(max(2, len(seen) - AHEAD), len(seen) + 1)
    if len(seen) < FEWEST + AHEAD:
        return False
    return all(_is_narrow(interval(seen[:n]), precision.share) for n in lengths)


def _is_narrow(found: Interval, share: float) -> bool:
    if found.mean is None or found.half is None:
        return False
    return found.half <= share * abs(found.mean)


def interval(values: Floats) -> Interval:
    """The mean and Student's interval of what was measured; what is missing is left out.

    >>> found = interval(np.array([1.0, 2.0, 3.0, float("nan")]))
    >>> found.mean, round(found.half, 6), found.count
    (2.0, 2.484138, 3)
    """
    there = values[~np.isnan(values)]
    count = len(there)
    if count == 0:
        return Interval(mean=None, half=None, count=0)
    mean = float(there.mean())
    if count == 1:
        return Interval(mean=mean, half=None, count=1)
    quantile = float(stdtrit(count - 1, 0.5 + LEVEL / 2))
    half = quantile * float(there.std(ddof=1)) / float(np.sqrt(count))
    return Interval(mean=mean, half=half, count=count)


def difference(study: Study, measure: str, scenario: int, *, base: int = 0) -> Interval:
    """How much more a scenario has of a measure than the base, replication by replication."""
    return interval(study.values[scenario][measure] - study.values[base][measure])


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The probability that each scenario is the best one in the mean of a measure."""

    measure: str
    is_lower_better: bool
    chances: tuple[float | None, ...]  # None where nothing was measured


def ranking(study: Study, measure: str, *, is_lower_better: bool) -> Ranking:
    """The ranking of the scenarios by a measure that all of them have."""
    found = chance_of_best(study, measure, is_lower_better=is_lower_better)
    return Ranking(
        measure=measure,
        is_lower_better=is_lower_better,
        chances=tuple(None if np.isnan(one) else one for one in found),
    )


def chance_of_best(study: Study, measure: str, *, is_lower_better: bool) -> list[float]:
    """The probability that each scenario is the best one in the mean of a measure.

    By drawing the replications anew 2000 times, the same ones for all scenarios. Scenarios
    that are equal share. Replications where any of them lacks the measure are left out;
    with none left the answer is not a number.
    """
    seen = np.stack([values[measure] for values in study.values])
    seen = seen[:, ~np.isnan(seen).any(axis=0)]
    count = seen.shape[1]
    if count == 0:
        return [float("nan")] * len(seen)
    chance = np.random.default_rng([study.seed, 1])
    weights = chance.multinomial(count, np.full(count, 1.0 / count), size=RESAMPLES)
    means = (seen if is_lower_better else -seen) @ weights.T
    is_best = means <= means.min(axis=0) + 1e-12 * np.abs(means).max(axis=0)
    return [float(v) for v in (is_best / is_best.sum(axis=0)).mean(axis=1)]
