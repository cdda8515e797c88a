"""How far people have: to the nearest station, and to the one they have agreed on.

Two questions with two answers, always side by side. What no road reaches is a category of
its own, and counts in every denominator; so does a place without a known agreement.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from varde.engines.access.arrays import Floats, Minutes, Whole, YesNo


NOWHERE = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The station of each place and the minutes to it.

    `station` is -1 where none is reached. `minutes` is inf where no road leads there, and
    nan where no agreement is known.
    """

    station: Whole
    minutes: Minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Both:
    """The nearest station and the agreed one, of the same places."""

    nearest: Reach
    agreed: Reach


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """How far the people of one group have.

    `beyond[limit]` is the share of all of them that has longer than so many minutes, by
    road, and `no_road` the share that no road takes there; `unknown` has no known
    agreement. None where there is nobody, or nobody with a road: `mean_min`, `median_min`
    and `p90_min` are of those with a road.
    """

    people: float
    mean_min: float | None
    median_min: float | None
    p90_min: float | None
    beyond: Mapping[float, float] | None
    no_road: float | None
    unknown: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NormRow:
    """One line of the table against the norm: `share` of people within the minutes.

    None where there is nobody. Those without a road or without a known agreement are not
    within.
    """

    within_min: float
    goal: float
    share: float | None

    @property
    def is_met(self) -> bool | None:
        """Whether the goal is met; None where there is nobody."""
        return None if self.share is None else self.share >= self.goal


def reach_of(minutes: Minutes, agreed: YesNo) -> Both:
    """The nearest of all stations, and the nearest of those agreed on.

    Parameters
    ----------
    minutes : float32[n_places, n_stations]
        From a travel-time source; inf where no road leads there.
    agreed : bool[n_places, n_stations]
        Which stations each place may use (`agreed_stations`).

    Examples
    --------
    >>> both = reach_of(np.array([[9.0, 4.0]], dtype=np.float32), np.array([[True, False]]))
    >>> both.nearest.minutes.tolist(), both.agreed.minutes.tolist()
    ([4.0], [9.0])
    """
    own = _least(np.where(agreed, minutes, np.float32(np.inf)))
    known = agreed.any(axis=1)
    return Both(
        nearest=_least(minutes),
        agreed=Reach(
            station=own.station,
            minutes=np.where(known, own.minutes, np.float32(np.nan)),
        ),
    )


def _least(minutes: Minutes) -> Reach:
    if not minutes.shape[1]:
        size = len(minutes)
        return Reach(
            station=np.full(size, NOWHERE),
            minutes=np.full(size, np.inf, dtype=np.float32),
        )
    station = np.argmin(minutes, axis=1)
    found = minutes[np.arange(len(minutes)), station]
    return Reach(station=np.where(np.isfinite(found), station, NOWHERE), minutes=found)


def summary(minutes: Minutes, people: Floats, *, limits: Sequence[float]) -> Summary:
    """How far some people have.

    Parameters
    ----------
    minutes : float32[n]
        Of each place (`Reach.minutes`).
    people : float64[n]
        Inhabitants of each place, or any weight, >= 0.
    limits : sequence of float
        Minutes. A trip of exactly the limit is not beyond it.
    """
    everybody = float(people.sum())
    if not everybody:
        return Summary(
            people=0.0,
            mean_min=None,
            median_min=None,
            p90_min=None,
            beyond=None,
            no_road=None,
            unknown=None,
        )
    by_road = np.isfinite(minutes)
    beyond = {
        limit: float(people[by_road & (minutes > limit)].sum()) / everybody
        for limit in limits
    }
    middle, far = _quantiles(minutes[by_road], people[by_road], (0.5, 0.9))
    return Summary(
        people=everybody,
        mean_min=_mean(minutes[by_road], people[by_road]),
        median_min=middle,
        p90_min=far,
        beyond=beyond,
        no_road=float(people[np.isinf(minutes)].sum()) / everybody,
        unknown=float(people[np.isnan(minutes)].sum()) / everybody,
    )


def _mean(minutes: Minutes, people: Floats) -> float | None:
    total = float(people.sum())
    return float(minutes.astype(np.float64) @ people) / total if total else None


def _quantiles(
    minutes: Minutes, people: Floats, shares: Sequence[float]
) -> list[float | None]:
    """The shortest time within which so large a share of the people is."""
    order = np.argsort(minutes, kind="stable")
    sums = np.cumsum(people[order])
    if not len(sums) or not sums[-1]:
        return [None for _ in shares]
    places = [np.searchsorted(sums, share * sums[-1]) for share in shares]
    return [float(minutes[order[min(place, len(order) - 1)]]) for place in places]


def by_group(
    minutes: Minutes, people: Floats, group: Whole, *, limits: Sequence[float]
) -> dict[int, Summary]:
    """How far the people of each group have. A place in group -1 belongs to none."""
    return {
        int(number): summary(
            minutes[group == number], people[group == number], limits=limits
        )
        for number in np.unique(group[group != NOWHERE])
    }


def by_age(
    minutes: Minutes,
    people: Floats,
    area: Whole,
    shares: Floats,
    *,
    limits: Sequence[float],
) -> list[Summary]:
    """How far those of each age have.

    `shares` is float64[n_municipalities, n_ages], each row summing to 1, or to 0 where the
    ages are unknown. Everywhere in a municipality the ages are taken to be mixed alike;
    where the old live further out than the young, that hides it.
    """
    return [
        summary(minutes, people * shares[area, age], limits=limits)
        for age in range(shares.shape[1])
    ]


def norm_table(
    minutes: Minutes, people: Floats, norm: Mapping[float, float]
) -> tuple[NormRow, ...]:
    """The share of people within each limit, beside what is proposed as a norm."""
    everybody = float(people.sum())
    return tuple(
        NormRow(
            within_min=limit,
            goal=goal,
            share=float(people[minutes <= limit].sum()) / everybody
            if everybody
            else None,
        )
        for limit, goal in sorted(norm.items())
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FarPlace:
    """A named place from which some have long: how many, and the minutes they have.

    `minutes` is the mean of those with a road, None where nobody has one. `no_road` of
    the `people` have none. Compensating measures are planned by such places.
    """

    area: int
    place: int  # -1: without a name
    people: float
    no_road: float
    minutes: float | None


def far_places(
    minutes: Minutes, people: Floats, area: Whole, place: Whole, *, beyond_min: float
) -> tuple[FarPlace, ...]:
    """The places where people have longer than a limit or no road, most people first.

    Those without a known agreement are left out: nobody knows how far they have.
    """
    far = np.flatnonzero((minutes > beyond_min) & (people > 0))
    keys, where = np.unique(
        np.column_stack((area[far], place[far])), axis=0, return_inverse=True
    )
    where = where.reshape(-1)
    found = []
    for number, (municipality, name) in enumerate(keys.tolist()):
        here = far[where == number]
        road = here[np.isfinite(minutes[here])]
        found.append(
            FarPlace(
                area=municipality,
                place=name,
                people=float(people[here].sum()),
                no_road=float(people[here].sum() - people[road].sum()),
                minutes=_mean(minutes[road], people[road]),
            )
        )
    return tuple(sorted(found, key=lambda one: (-one.people, one.area, one.place)))
