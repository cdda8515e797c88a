"""Good sites quickly: drop the least useful, then swap while a swap helps."""

from collections.abc import Sequence

import numpy as np

from varde.engines.access.arrays import Floats, Whole


LEAST_GAIN = 1e-9  # share of the sum: a smaller gain is rounding


def interchange(
    cost: Floats, weight: Floats, *, count: int, fixed: Sequence[int] = ()
) -> Whole:
    """Sites whose summed cost no single swap can lower; a heuristic, usually the best.

    Parameters
    ----------
    cost : float64[n_places, n_sites]
        Finite.
    weight : float64[n_places]
        >= 0.
    count : int
        How many, from the number of fixed sites (at least 1) to all.
    fixed : sequence of int
        Sites that stay.

    Returns
    -------
    int64[count]
        The sites in order.

    References
    ----------
    Teitz MB, Bart P (1968): Heuristic methods for estimating the generalized vertex median
    of a weighted graph. Operations Research 16, 955-961. Whitaker RA (1983): A fast
    algorithm for the greedy interchange. INFOR 21, 95-108.
    """
    held = np.ones(cost.shape[1], dtype=bool)
    stay = np.isin(np.arange(len(held)), list(fixed))
    while held.sum() > count:
        loss, _, _ = _losses(cost, weight, held)
        loss[stay | ~held] = np.inf
        held[np.argmin(loss)] = False
    while True:
        loss, first, second = _losses(cost, weight, held)
        swap = _best_swap(cost, weight, held, stay, first=first, second=second)
        if swap is None:
            return np.flatnonzero(held)
        held[swap[0]], held[swap[1]] = False, True


def _losses(
    cost: Floats, weight: Floats, held: np.ndarray
) -> tuple[Floats, Whole, Floats]:
    """What it costs to drop each site; the nearest held site of each place, and the cost
    of the next."""
    sites = np.flatnonzero(held)
    row = np.arange(len(cost))
    some = cost[:, sites]
    if len(sites) == 1:
        # Nothing is left: dropping the last is never the best swap's own doing.
        return (
            np.zeros(len(held)),
            np.full(len(cost), sites[0]),
            np.full(len(cost), np.inf),
        )
    place = np.argpartition(some, 1, axis=1)[:, :2]
    pair = np.take_along_axis(some, place, axis=1)
    swapped = pair[:, 0] > pair[:, 1]
    first = np.where(swapped, place[:, 1], place[:, 0])
    second = np.where(swapped, pair[:, 0], pair[:, 1])
    extra = weight * (second - some[row, first])
    nearest = sites[first]
    # Without places numpy counts in whole numbers, which cannot be infinite.
    loss = np.bincount(nearest, extra, len(held)).astype(np.float64)
    return loss, nearest, second


def _best_swap(
    cost: Floats,
    weight: Floats,
    held: np.ndarray,
    stay: np.ndarray,
    *,
    first: Whole,
    second: Floats,
) -> tuple[int, int] | None:
    """The site to drop and the one to take that lower the sum most; None when none does."""
    now = cost[np.arange(len(cost)), first]
    best, found = -LEAST_GAIN * float(weight @ now), None
    able = np.flatnonzero(held & ~stay)
    for site in np.flatnonzero(~held):
        new = cost[:, site]
        gain = float(weight @ np.minimum(new - now, 0.0))
        # Who loses the dropped site takes the new one, or the one that was second.
        dropped = weight * (np.minimum(new, second) - np.minimum(new, now))
        change = gain + np.bincount(first, dropped, len(held))[able]
        if len(able) and change.min() < best:
            best, found = float(change.min()), (int(able[np.argmin(change)]), int(site))
    return found
