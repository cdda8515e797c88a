"""What a change of stations does, and the best sites, as the commands print it."""

import numpy as np

from varde.apps.planning.travel_figures import QUESTIONS, Measured, effect_figures
from varde.engines.access import changes, siting
from varde.engines.access.demand import WARNING, expected_contacts
from varde.engines.access.effects import effect
from varde.engines.access.geography import Geography
from varde.engines.access.projection import utm33
from varde.engines.access.roads import km_to_station


GOALS = ("cover", "mean", "far")
CELL_M = 7500.0  # for the mean, places in a square of this side are one
BEYOND_MIN = 60.0
KINDS = ("contact", "consultation")


def _now(found: Measured) -> changes.Situation:
    return changes.situation(found.survey.minutes, found.agreed)


def close_figures(
    found: Measured, geography: Geography | None, *, station: int, into: int | None
) -> dict[str, object]:
    """Closing a station, or merging it into another."""
    before = _now(found)
    return _compared(
        found, geography, before, changes.closed(before, station, into=into), None
    )


def open_figures(
    found: Measured, geography: Geography, *, place: tuple[float, float]
) -> dict[str, object]:
    """One more station: those who are nearer to it than to their own use it."""
    before, xy = _now(found), _xy(place)
    after = changes.opened(before, _minutes_to(geography, xy))
    return _compared(found, geography, before, after, np.vstack((_sites(found), xy)))


def move_figures(
    found: Measured, geography: Geography, *, station: int, place: tuple[float, float]
) -> dict[str, object]:
    """A station at another place."""
    before, xy = _now(found), _xy(place)
    after = changes.moved(before, station, _minutes_to(geography, xy))
    sites = _sites(found).copy()
    sites[station] = xy[0]
    return _compared(found, geography, before, after, sites)


def _sites(found: Measured) -> np.ndarray:
    return found.survey.station_xy


def _xy(place: tuple[float, float]) -> np.ndarray:
    return utm33(np.array([place[0]]), np.array([place[1]]))


def _minutes_to(geography: Geography, xy: np.ndarray) -> np.ndarray:
    limit = geography.assumptions.limit_min
    return geography.roads.matrix(geography.origins.xy, xy, limit)[:, 0]


def _compared(
    found: Measured,
    geography: Geography | None,
    before: changes.Situation,
    after: changes.Situation,
    sites_after: np.ndarray | None,
) -> dict[str, object]:
    survey, assumptions = found.survey, found.assumptions
    figures: dict[str, object] = {}
    for question in QUESTIONS:
        one, other = getattr(before.both, question), getattr(after.both, question)
        figures[question] = effect_figures(
            survey,
            effect(
                one.minutes,
                other.minutes,
                people=survey.people,
                area=survey.area,
                limits=assumptions.bands_min,
                beyond_min=BEYOND_MIN,
                least_min=assumptions.winner_min,
            ),
        )
    if geography is None:
        figures["contacts"] = None
        figures["contacts_why_not"] = "kilometres need the roads: name --data"
        return figures
    sites = _sites(found)
    new_sites = sites if sites_after is None else sites_after
    figures["contacts"] = {
        kind: _contacts(found, geography, kind, (before, sites), (after, new_sites))
        for kind in KINDS
    }
    figures["contacts_warning"] = WARNING
    return figures


def _contacts(
    found: Measured,
    geography: Geography,
    kind: str,
    *situations: tuple[changes.Situation, np.ndarray],
) -> dict[str, dict[str, float]]:
    told = {}
    for name, (one, sites) in zip(("before", "after"), situations, strict=True):
        km = km_to_station(
            geography.roads,
            one.both.agreed,
            origins=found.survey.xy,
            stations=sites,
            limit_min=found.assumptions.limit_min,
        )
        expected, low, high = expected_contacts(
            km,
            found.survey.people,
            per_1000=found.assumptions.per_1000[kind],
            half_km=found.assumptions.half_km[kind],
        )
        told[name] = {"expected": expected, "low": low, "high": high}
    return told


def site_figures(
    found: Measured, *, count: int, by: str, within_min: float, weight: str
) -> dict[str, object]:
    """Which of the stations to keep if there were so many."""
    survey, assumptions = found.survey, found.assumptions
    people = survey.people
    if weight == "contacts":
        people = people * assumptions.per_1000["contact"] / 1000.0
    if by == "cover":
        best = siting.best_cover(
            survey.minutes, people, limit_min=within_min, count=count
        )
        everybody, name = float(people.sum()), "share_within"
    else:
        cost = siting.mean_cost(survey.minutes, unreached_min=assumptions.limit_min)
        cells, cost = siting.by_cell(survey.xy, people, cost, side_m=CELL_M)
        if by == "far":
            cost = siting.far_cost(
                cost.astype(np.float32),
                unreached_min=assumptions.limit_min,
                from_min=assumptions.far_from_min,
                exponent=assumptions.far_exponent,
            )
        best = siting.best_mean(cost, cells, count=count)
        everybody, name = float(cells.sum()), "mean"
    return {
        "by": by,
        "weight": weight,
        "count": count,
        name: best.value / everybody,
        "bound": best.bound / everybody,
        "is_exact": best.is_exact,
        "stations": [
            {"code": str(survey.station[one]), "name": str(survey.station_name[one])}
            for one in best.sites
        ],
    }
