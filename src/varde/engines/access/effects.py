"""Two situations side by side: who gets longer, who shorter, and by how much."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from varde.engines.access.arrays import Floats, Minutes, Whole, YesNo
from varde.engines.access.reach import Summary, summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What a change does to some people.

    `longer`, `shorter` and `alike` count people with a road in both situations; alike is
    within the smallest difference that counts. `now_beyond` has longer than the limit only
    after, and `no_longer_beyond` only before. `lost_road` had a road to a station and has
    none after; `gained_road` the other way. `person_minutes` is what all trips with a road
    in both situations grow by, one trip of each person.
    """

    longer: float
    shorter: float
    alike: float
    now_beyond: float
    no_longer_beyond: float
    lost_road: float
    gained_road: float
    person_minutes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaEffect:
    """What a change does in one municipality."""

    area: int
    before: Summary
    after: Summary
    moved: Moved


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a change does in all, and in each municipality where anything changes."""

    moved: Moved
    areas: tuple[AreaEffect, ...]  # most person-minutes first


def effect(
    before: Minutes,
    after: Minutes,
    *,
    people: Floats,
    area: Whole,
    limits: Sequence[float],
    beyond_min: float,
    least_min: float,
) -> Effect:
    """Compare two situations, in one of the two questions (`Both`).

    Parameters
    ----------
    before, after : float32[n_places]
        Minutes of each place (`Reach.minutes`).
    people : float64[n_places]
        Inhabitants, or expected contacts to weight by.
    area : int64[n_places]
        The municipality of each place.
    limits : sequence of float
        Minutes, for the summaries.
    beyond_min : float
        The limit whose passing is counted.
    least_min : float
        A smaller difference is no difference, > 0.
    """
    # A place without a known agreement before and after has not changed.
    same = (before == after) | (np.isnan(before) & np.isnan(after))
    touched = np.flatnonzero(np.isin(area, area[~same]))
    touched = touched[np.argsort(area[touched], kind="stable")]
    borders = np.flatnonzero(np.diff(area[touched])) + 1
    groups = np.split(touched, borders) if len(touched) else []
    found = [
        AreaEffect(
            area=int(area[here[0]]),
            before=summary(before[here], people[here], limits=limits),
            after=summary(after[here], people[here], limits=limits),
            moved=_moved(
                before[here],
                after[here],
                people[here],
                beyond_min=beyond_min,
                least_min=least_min,
            ),
        )
        for here in groups
    ]
    return Effect(
        moved=_moved(before, after, people, beyond_min=beyond_min, least_min=least_min),
        areas=tuple(
            sorted(found, key=lambda one: (-one.moved.person_minutes, one.area))
        ),
    )


def _moved(
    before: Minutes,
    after: Minutes,
    people: Floats,
    *,
    beyond_min: float,
    least_min: float,
) -> Moved:
    had, has = np.isfinite(before), np.isfinite(after)
    road = had & has
    grown = np.zeros(len(people))
    grown[road] = after[road].astype(np.float64) - before[road]
    was, becomes = before > beyond_min, after > beyond_min

    def count(which: YesNo) -> float:
        return float(people[which].sum())

    return Moved(
        longer=count(road & (grown >= least_min)),
        shorter=count(road & (grown <= -least_min)),
        alike=count(road & (np.abs(grown) < least_min)),
        now_beyond=count(becomes & ~was & ~np.isnan(before)),
        no_longer_beyond=count(was & ~becomes & ~np.isnan(after)),
        lost_road=count(had & np.isinf(after)),
        gained_road=count(np.isinf(before) & has),
        person_minutes=float(grown @ people),
    )
