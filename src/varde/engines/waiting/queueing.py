"""One queue and several doctors, many possible evenings at once.

Each doctor who becomes free takes the first in line. Later arrivals that are more urgent
than somebody in the line stand before that patient. Every array has the draws as its last
axis; a draw is one evening that may come, and draws do not touch each other.
"""

from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from varde.engines.waiting.service_times import Floats


type Bools = NDArray[np.bool_]
type Places = NDArray[np.intp]

NOBODY = -1  # more urgent than any rank: nobody stands before


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Overtakers:
    """Those who may come later, of one level.

    `at_min` is float64[n_arrivals, n_draws], rising along the first axis, minutes from
    now; inf where nobody comes. `service_min` has the same shape.
    """

    rank: int
    at_min: Floats
    service_min: Floats


def start_minutes(
    *,
    free_min: Floats,
    service_min: Floats,
    ranks: list[int],
    overtakers: list[Overtakers],
    until_min: float = inf,
) -> Floats:
    """When each patient in a line is seen, in each draw.

    Parameters
    ----------
    free_min : float64[n_doctors, n_draws]
        Minutes from now until each doctor is free, >= 0. At least one doctor.
    service_min : float64[n_patients, n_draws]
        Minutes that each patient binds a doctor, > 0, in the order of the line.
    ranks : list of int, n_patients
        0 is the most urgent. A newcomer stands before the first patient in the line who
        is less urgent than the newcomer, and so before all behind that one.
    overtakers : list of Overtakers
        In any order, one for each level. Two who are both due: the more urgent first.
    until_min : float
        A draw that has come beyond this is not played further.

    Returns
    -------
    float64[n_patients, n_draws]
        Minutes from now, never falling along the line. Beyond `until_min` too early: the
        first such start of the draw stands for those behind it as well.

    Notes
    -----
    A newcomer waits until a doctor is free. A red one does not in reality, so that waits
    with many reds are a little too short.

    Examples
    --------
    >>> start_minutes(
    ...     free_min=np.array([[5.0], [8.0]]), service_min=np.array([[10.0], [1.0]]),
    ...     ranks=[2, 2], overtakers=[],
    ... ).tolist()
    [[5.0], [8.0]]
    """
    patients, draws = service_min.shape
    # After the last patient comes a place where a finished draw rests: it takes no time
    # and nobody is more urgent. All arrays are flat, which is faster.
    line_min = np.concatenate([service_min.ravel(), np.zeros(draws)])
    rank_at = np.array([*ranks, NOBODY])
    starts = np.full((patients + 1) * draws, np.nan)
    newcomers = _Newcomers(overtakers, draws=draws)
    free = free_min.copy()
    flat_free = free.reshape(-1)
    place = np.zeros(draws, dtype=np.intp)
    everywhere = np.arange(draws)
    # Each turn, each draw lets one patient in. The draws are at different places.
    while (place < patients).any():
        doctor = free.argmin(axis=0) * draws + everywhere
        turn = place * draws + everywhere
        soonest = flat_free[doctor]
        is_newcomer, newcomer_min = newcomers.due(rank_at[place], soonest)
        # Where a newcomer goes first this is too early, and is set again.
        starts[turn] = soonest
        taken = np.where(is_newcomer, newcomer_min, line_min[turn])
        flat_free[doctor] = soonest + taken
        place = np.minimum(place + ~is_newcomer, patients)
        place[soonest > until_min] = patients
    return np.fmax.accumulate(starts.reshape(patients + 1, draws)[:patients], axis=0)


class _Newcomers:
    """Who of those who may come has been seen, draw by draw."""

    def __init__(self, overtakers: list[Overtakers], *, draws: int) -> None:
        # The most urgent first, so that the first who is due is the right one. The one
        # after the others never comes, and leaves no level without a row.
        by_rank = sorted(overtakers, key=lambda one: one.rank)
        longest = max((len(one.at_min) for one in by_rank), default=0)
        shape = (len(by_rank) + 1, longest + 1, draws)
        self.at_min = np.full(shape, np.inf)
        self.service_min = np.zeros(shape)
        for level, one in enumerate(by_rank):
            self.at_min[level, : len(one.at_min)] = one.at_min
            self.service_min[level, : len(one.at_min)] = one.service_min
        self.turn = np.zeros((shape[0], draws), dtype=np.intp)
        self.next_at = self.at_min[:, 0].copy()
        self.ranks = np.array([[one.rank] for one in by_rank] + [[0]])

    def due(self, rank: Places, soonest: Floats) -> tuple[Bools, Floats]:
        """Is a newcomer before the patient in turn, and for how long; takes them.

        Only the patient in turn decides: a newcomer who came while somebody less urgent
        stood in front of that patient has been seen before both.
        """
        is_due = (self.next_at <= soonest) & (self.ranks < rank)
        is_newcomer = is_due.any(axis=0)
        service = np.zeros_like(soonest)
        draws = is_newcomer.nonzero()[0]
        if not draws.size:
            return is_newcomer, service
        level = is_due.argmax(axis=0)[draws]
        turn = self.turn[level, draws]
        service[draws] = self.service_min[level, turn, draws]
        self.turn[level, draws] = turn + 1
        self.next_at[level, draws] = self.at_min[level, turn + 1, draws]
        return is_newcomer, service
