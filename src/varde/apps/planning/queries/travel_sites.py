"""The best places for a number of stations, by what one wants of them."""

from dataclasses import dataclass

import numpy as np

from varde.apps.planning.travel_changes import CELL_M
from varde.apps.planning.travel_figures import Measured
from varde.apps.planning.travel_ground import Ground
from varde.engines.access import siting
from varde.engines.access.adjusted import at_speed
from varde.engines.access.arrays import Floats, Minutes


GOALS = ("dekning", "middel", "langt")
AMONG = ("dagens", "steder")
WEIGHTS = ("alle", "eldre")
OLD = 67  # the youngest age of those who are old here; a border of the age groups
LONGEST_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SitesAsked:
    """What one wants: of how many sites, among which, by what, for whom.

    `among` is today's stations, or new places beside all of today's.
    """

    goal: str
    among: str
    count: int
    within_min: float
    weight: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Best:
    """The sites by code, whether they are proven best, and what they give.

    `share` of the people is within the minutes, and `mean_min` is their mean time where no
    road counts as the longest time; `now` is the same with today's stations.
    """

    codes: tuple[str, ...]
    is_exact: bool
    share: float
    mean_min: float
    now_share: float
    now_mean_min: float


def most(here: Ground, among: str) -> int:
    """The most sites that can be asked for."""
    return len(here.survey.station) if among == "dagens" else 3


def best_sites(
    here: Ground, found: Measured, asked: SitesAsked, *, factor: float
) -> Best:
    """The sites. Raises `TimeoutError` where none were found in time."""
    survey, limit = found.survey, found.assumptions.limit_min
    people = _weight(found, asked.weight)
    minutes, codes, fixed = survey.minutes, [str(one) for one in survey.station], []
    if asked.among == "steder":
        fixed = list(range(len(codes)))
        minutes = _with_places(here, found, factor)
        codes = [*codes, *here.sites]
    count = asked.count + len(fixed)
    chosen = _chosen(found, asked, minutes, people, count=count, fixed=fixed)
    picked = [codes[one] for one in chosen.sites if one not in fixed]
    return Best(
        codes=tuple(picked),
        is_exact=chosen.is_exact,
        **_given(minutes[:, list(chosen.sites)], people, asked, limit, "{}"),
        **_given(survey.minutes, people, asked, limit, "now_{}"),
    )


def _weight(found: Measured, weight: str) -> Floats:
    survey = found.survey
    if weight == "alle":
        return survey.people
    old = survey.age_shares()[:, survey.age_from >= OLD].sum(axis=1)
    return survey.people * old[survey.area]


def _with_places(here: Ground, found: Measured, factor: float) -> Minutes:
    """The minutes to each station, then to each place: of the demo alone."""
    if here.between is None:
        raise ValueError("the way from each place to each is not kept")
    origins = [one.origin for one in here.sites.values()]
    between = at_speed(here.between[0][:, origins], factor)
    return np.column_stack((found.survey.minutes, between))


def _chosen(
    found: Measured,
    asked: SitesAsked,
    minutes: Minutes,
    people: Floats,
    *,
    count: int,
    fixed: list[int],
) -> siting.Sites:
    limit = found.assumptions.limit_min
    if asked.goal == "dekning":
        return siting.best_cover(
            minutes,
            people,
            limit_min=asked.within_min,
            count=count,
            fixed=fixed,
            seconds=LONGEST_S,
        )
    cost = siting.mean_cost(minutes, unreached_min=limit)
    cells, cost = siting.by_cell(found.survey.xy, people, cost, side_m=CELL_M)
    if asked.goal == "langt":
        cost = siting.far_cost(
            cost.astype(np.float32),
            unreached_min=limit,
            from_min=found.assumptions.far_from_min,
            exponent=found.assumptions.far_exponent,
        )
    return siting.best_mean(cost, cells, count=count, fixed=fixed, seconds=LONGEST_S)


def _given(
    minutes: Minutes, people: Floats, asked: SitesAsked, limit: float, name: str
) -> dict[str, float]:
    least = minutes.min(axis=1)
    everybody = float(people.sum()) or 1.0
    return {
        name.format("share"): float(people[least <= asked.within_min].sum())
        / everybody,
        name.format("mean_min"): float(
            np.where(np.isfinite(least), least, limit).astype(np.float64) @ people
        )
        / everybody,
    }
