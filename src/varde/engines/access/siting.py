"""The best sites for a number of stations: by cover, by mean, and by mean where far counts.

Exact where it says so: the solution is proven to be the best within `GAP`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from varde.engines.access.arrays import Floats, Minutes, Whole, YesNo
from varde.engines.access.interchange import interchange


GAP = 1e-6  # share of the value: as near the bound as is called exact
HALF = 0.5  # a whole number that came out as 0.9999 is 1
FIRST_NEAR = 10  # sites of each place that the first model knows by name


@dataclass(frozen=True, slots=True, kw_only=True)
class Sites:
    """The chosen sites, in order, and what they give.

    For cover, `value` is the weight within the limit and `bound` the most that any choice
    can reach. For the mean, `value` is the sum of weight times cost and `bound` the least.
    `is_exact`: the two are the same.
    """

    sites: tuple[int, ...]
    value: float
    bound: float

    @property
    def is_exact(self) -> bool:
        """Whether no choice is better."""
        return abs(self.value - self.bound) <= GAP * max(abs(self.value), 1.0)


def mean_cost(minutes: Minutes, *, unreached_min: float) -> Floats:
    """A minute counts as a minute; a place that a site cannot reach as `unreached_min`."""
    return np.where(np.isfinite(minutes), minutes, unreached_min).astype(np.float64)


def far_cost(
    minutes: Minutes, *, unreached_min: float, from_min: float, exponent: float
) -> Floats:
    """A minute counts as more the further one has: beyond `from_min` by a power.

    The cost is t up to `from_min`, and from_min * (t / from_min) ** exponent beyond it.

    >>> far_cost(np.array([30.0, 60.0, 120.0], dtype=np.float32), unreached_min=360.0,
    ...          from_min=60.0, exponent=2.0).tolist()
    [30.0, 60.0, 240.0]
    """
    cost = mean_cost(minutes, unreached_min=unreached_min)
    over = from_min * (cost / from_min) ** exponent
    return np.where(cost > from_min, over, cost)


def by_cell(
    xy: Floats, weight: Floats, cost: Floats, *, side_m: float
) -> tuple[Floats, Floats]:
    """Places in the same square as one place, with the weighted mean of their costs.

    For `best_mean`, where a country's places are too many. The mean of all places is kept
    for any sites only as far as the places of a square have the same nearest one.

    Returns
    -------
    float64[n_cells], float64[n_cells, n_sites]
        The weight and the costs of each square with a weight above 0.
    """
    kept = weight > 0
    corner = np.floor(xy[kept] / side_m)
    _, cell = np.unique(corner, axis=0, return_inverse=True)
    cell = cell.reshape(-1)
    sums = np.bincount(cell, weight[kept])
    gather = csr_array((weight[kept], (cell, np.arange(len(cell)))))
    return sums, (gather @ cost[kept]) / sums[:, None]


def best_cover(
    minutes: Minutes,
    weight: Floats,
    *,
    limit_min: float,
    count: int,
    fixed: Sequence[int] = (),
    seconds: float = 60.0,
) -> Sites:
    """The sites that bring most within a limit.

    Places with the same sites within the limit are one: a country of 130 000 places has
    some hundreds of such patterns, and the model is small.

    Parameters
    ----------
    minutes : float32[n_places, n_sites]
        From each place to each possible site.
    weight : float64[n_places]
        Inhabitants, or contacts, >= 0.
    count : int
        How many sites, those that are fixed among them.
    fixed : sequence of int
        Sites that are there in any case.
    seconds : float
        How long it may search. Then the best found is given, with its bound.

    Raises
    ------
    ValueError
        If `count` is below the fixed sites or above all.

    References
    ----------
    Church R, ReVelle C (1974): The maximal covering location problem. Papers of the
    Regional Science Association 32, 101-118. doi:10.1007/BF01942293

    Examples
    --------
    >>> minutes = np.array([[10, 90], [50, 20], [50, 20]], dtype=np.float32)
    >>> best_cover(minutes, np.array([9.0, 5.0, 5.0]), limit_min=40, count=1).sites
    (1,)
    """
    check_count(count, sites=minutes.shape[1], fixed=fixed)
    patterns, sums = cover_patterns(minutes <= limit_min, weight)
    found, missed = _least_missed(
        patterns, sums, count=count, fixed=fixed, seconds=seconds
    )
    everybody = float(sums.sum())
    return Sites(
        sites=tuple(found.tolist()),
        value=float(sums[patterns[:, found].any(axis=1)].sum()),
        bound=everybody - missed,
    )


def fewest_for_cover(
    minutes: Minutes,
    weight: Floats,
    *,
    limit_min: float,
    share: float,
    fixed: Sequence[int] = (),
    seconds: float = 60.0,
) -> Sites | None:
    """The fewest sites that bring a share of all within a limit; None where all do not.

    `value` and `bound` count sites. A share of 1 asks every hamlet, and is no plan: say
    what may be left out.
    """
    sites = minutes.shape[1]
    patterns, sums = cover_patterns(minutes <= limit_min, weight)
    needed = share * float(weight.sum())
    if float(sums[patterns.any(axis=1)].sum()) < needed * (1 - GAP):
        return None
    chosen, bound = _solve(
        np.concatenate((np.ones(sites), np.zeros(len(sums)))),
        [
            _missed_unless_chosen(patterns),
            LinearConstraint(
                np.concatenate((np.zeros(sites), -sums)),
                needed * (1 - GAP) - float(sums.sum()),
                np.inf,
            ),
        ],
        sites=sites,
        fixed=fixed,
        seconds=seconds,
    )
    # A number of sites is whole: the bound rounds up.
    return Sites(
        sites=tuple(chosen.tolist()),
        value=float(len(chosen)),
        bound=float(np.ceil(bound - GAP)),
    )


def cover_patterns(covers: YesNo, weight: Floats) -> tuple[YesNo, Floats]:
    """The different rows of a table of cover, each with the weight of all like it."""
    bits = np.packbits(covers, axis=1)
    wide = np.zeros((len(bits), -(-bits.shape[1] // 8) * 8), dtype=np.uint8)
    wide[:, : bits.shape[1]] = bits
    words = wide.view(np.uint64)
    # One number for each row, remembered as the rows are told apart word by word.
    row = np.zeros(len(words), dtype=np.int64)
    for column in words.T:
        _, rank = np.unique(column, return_inverse=True)
        _, row = np.unique(row * (rank.max(initial=0) + 1) + rank, return_inverse=True)
    _, first = np.unique(row, return_index=True)
    return covers[first], np.bincount(row, weight, len(first))


def best_mean(
    cost: Floats,
    weight: Floats,
    *,
    count: int,
    fixed: Sequence[int] = (),
    seconds: float = 60.0,
) -> Sites:
    """The sites that make the mean cost least: the p-median, exact.

    The first model knows of each place its nearest sites by name, and lets it have all
    others at the price of the next one: too cheap, so that its optimum is a bound. Where
    the optimum uses that price the place learns more sites by name, until none is used or
    the bound is met.

    Parameters
    ----------
    cost : float64[n_places, n_sites]
        What it costs a place to use a site (`mean_cost`, `far_cost`), finite.
    weight : float64[n_places]
        Inhabitants, or contacts, >= 0.
    count, fixed, seconds
        As for `best_cover`. A place without weight is left out.

    Raises
    ------
    ValueError
        If `count` is below the fixed sites or above all, or a cost is not finite.

    References
    ----------
    García S, Labbé M, Marín A (2011): Solving large p-median problems with a radius
    formulation. INFORMS Journal on Computing 23, 546-556. doi:10.1287/ijoc.1100.0418
    """
    sites = cost.shape[1]
    check_count(count, sites=sites, fixed=fixed)
    if not np.isfinite(cost).all():
        raise ValueError("a cost is not finite: give what no road reaches a price")
    kept = weight > 0
    cost, weight = cost[kept], weight[kept]
    found = interchange(cost, weight, count=count, fixed=fixed)
    value, bound = sum_of_costs(cost, weight, found), 0.0
    order = np.argsort(cost, axis=1, kind="stable")
    named = np.full(len(cost), min(FIRST_NEAR, sites))
    door = float(weight @ cost.min(axis=1))
    while True:
        patterns, sums = _steps(cost, weight, order, named)
        tried, missed = _least_missed(
            patterns, sums, count=count, fixed=fixed, seconds=seconds
        )
        bound = max(bound, door + missed)
        if sum_of_costs(cost, weight, tried) < value:
            found, value = tried, sum_of_costs(cost, weight, tried)
        best = Sites(sites=tuple(found.tolist()), value=value, bound=bound)
        # Rank of the nearest chosen site: beyond those known by name, the price was used.
        rank = np.argmax(np.isin(order, tried), axis=1)
        short = rank >= named
        if best.is_exact or not short.any():
            return best
        named[short] = np.minimum(2 * rank[short] + 1, sites)


def _steps(
    cost: Floats, weight: Floats, order: Whole, named: Whole
) -> tuple[YesNo, Floats]:
    """The steps outwards that places take, and what they cost: sets of sites, told once.

    A place takes its first step when its nearest site is not chosen, the second when the
    two nearest are not, and so on; each costs what the next site costs more. Places side by
    side have the same few nearest sites, and so the same steps.
    """
    sites = cost.shape[1]
    rise = np.diff(np.take_along_axis(cost, order, axis=1), axis=1)
    place, step = np.nonzero((np.arange(sites - 1) < named[:, None]) & (rise > 0))
    rank = np.argsort(order, axis=1, kind="stable")
    return cover_patterns(
        rank[place] <= step[:, None], weight[place] * rise[place, step]
    )


def sum_of_costs(cost: Floats, weight: Floats, sites: Whole) -> float:
    """Weight times the cost of the cheapest of some sites, summed."""
    return float(weight @ cost[:, sites].min(axis=1))


def check_count(count: int, *, sites: int, fixed: Sequence[int]) -> None:
    """Refuse a number of sites that cannot be chosen."""
    least = max(len(set(fixed)), 1)
    if not least <= count <= sites:
        raise ValueError(f"{count} sites cannot be chosen: from {least} to {sites} can")


def _missed_unless_chosen(patterns: YesNo) -> LinearConstraint:
    """Columns are the sites, then the patterns: one is missed, or one of its sites chosen."""
    size, sites = patterns.shape
    row, column = np.nonzero(patterns)
    own = np.arange(size)
    matrix = csr_array(
        (
            np.ones(len(row) + size),
            (np.concatenate((row, own)), np.concatenate((column, sites + own))),
        ),
        shape=(size, sites + size),
    )
    return LinearConstraint(matrix, 1.0, np.inf)


def _least_missed(
    patterns: YesNo,
    sums: Floats,
    *,
    count: int,
    fixed: Sequence[int],
    seconds: float,
) -> tuple[Whole, float]:
    """So many sites that least is missed, and the least that can be."""
    size, sites = patterns.shape
    chosen = np.concatenate((np.ones(sites), np.zeros(size)))
    return _solve(
        np.concatenate((np.zeros(sites), sums)),
        [_missed_unless_chosen(patterns), LinearConstraint(chosen, count, count)],
        sites=sites,
        fixed=fixed,
        seconds=seconds,
    )


def _solve(
    goal: Floats,
    constraints: list[LinearConstraint],
    *,
    sites: int,
    fixed: Sequence[int],
    seconds: float,
) -> tuple[Whole, float]:
    """The sites that make a goal least, and how little HiGHS has proven it can be.

    The sites are chosen whole; what is missed follows from them.
    """
    lowest = np.zeros(len(goal))
    lowest[list(fixed)] = 1.0
    whole = np.zeros(len(goal))
    whole[:sites] = 1
    result = milp(
        goal,
        integrality=whole,
        bounds=Bounds(lowest, 1.0),
        constraints=constraints,
        options={"time_limit": seconds, "mip_rel_gap": GAP / 10},
    )
    if result.x is None:
        raise TimeoutError(f"no choice of sites was found in {seconds} seconds")
    return np.flatnonzero(result.x[:sites] > HALF), float(result.mip_dual_bound)
