"""How many are left in the rota in the years ahead, by seeded simulation."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from varde.engines.years_ahead.doctors import MONTHS, Assumptions, Doctor


type Ints = NDArray[np.int64]
type Flags = NDArray[np.bool_]

NEVER = np.iinfo(np.int64).max  # later than any month
UNKNOWN_BIRTH = NEVER  # nobody reaches an age who was born then
MOST_YEARS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class YearEnd:
    """How many are in the rota at the end of a year, counted from now.

    `low`, `middle` and `high` are whole numbers of people that were really seen: the
    shares of runs at or below them are at least those asked for. `nobody` is the share of
    runs in which nobody was left.
    """

    years: int
    mean: float
    low: int
    middle: int
    high: int
    nobody: float


def in_rota(
    doctors: Sequence[Doctor],
    assumptions: Assumptions,
    *,
    year: int,
    month: int,
    years: int,
    runs: int,
    seed: int,
) -> Ints:
    """How many are in the rota now and at the end of each of the years, run by run.

    Each doctor has a post. Month by month: who has reached the age of retirement goes; of
    the others each goes with the month's chance; a vacancy is filled with its chance,
    by one of the age that is assumed. Each person has a number of their own, drawn once:
    below the share of the age that the person has reached, the person is exempt. Exempt
    people keep their posts and so are not replaced. The posts do not depend on each other.
    Who has the age and is in the rota now is in it now, and exempt from the first year on
    if the number says so.

    Parameters
    ----------
    doctors : sequence of Doctor
        One a post. One whose age is unknown neither retires nor is exempt by age: the
        answer is then too good, and those must be told apart where it is shown.
    assumptions : Assumptions
    year, month : int
        Now. The month is 1 to 12.
    years : int
        1 to 40.
    runs : int
        How many runs, >= 1.
    seed : int
        The same seed gives the same numbers.

    Returns
    -------
    int64[runs, years + 1]
        Column 0 is now.

    Raises
    ------
    ValueError
        If there is nobody, or a number is outside its range.

    Notes
    -----
    People move in couples and because of each other, and the load itself drives some away:
    real years differ more from each other than these do, so the intervals are too narrow.
    """
    if not doctors:
        raise ValueError("there is nobody in the rota, so there is nothing to look at")
    if not 1 <= years <= MOST_YEARS or runs < 1 or not 1 <= month <= MONTHS:
        raise ValueError(f"years {years}, runs {runs}, month {month}: out of range")
    chance = np.random.default_rng(seed)
    posts = _Posts(doctors, runs=runs, chance=chance)
    counts = np.empty((runs, years + 1), dtype=np.int64)
    counts[:, 0] = sum(one.back_in == 0 for one in doctors)  # as it is, age or not
    for passed in range(1, years * MONTHS + 1):
        now = year + (month - 1 + passed) // MONTHS
        posts.step(assumptions, year=now, chance=chance)
        if passed % MONTHS == 0:
            counts[:, passed // MONTHS] = posts.in_rota(
                assumptions, year=now, passed=passed
            )
    return counts


class _Posts:
    """Every post of every run: who holds it, born when, and asking how readily."""

    def __init__(
        self, doctors: Sequence[Doctor], *, runs: int, chance: np.random.Generator
    ) -> None:
        shape = (runs, len(doctors))
        births = [
            UNKNOWN_BIRTH if d.born_year is None else d.born_year for d in doctors
        ]
        backs = [NEVER if d.back_in is None else d.back_in for d in doctors]
        self._born: Ints = np.tile(np.array(births, dtype=np.int64), (runs, 1))
        self._back: Ints = np.tile(np.array(backs, dtype=np.int64), (runs, 1))
        self._asks = chance.random(shape)
        self._held: Flags = np.ones(shape, dtype=np.bool_)

    def step(
        self, assumptions: Assumptions, *, year: int, chance: np.random.Generator
    ) -> None:
        """One month. A post that falls vacant is filled the month after at the soonest."""
        is_old = self._born <= year - assumptions.retire_age
        goes = chance.random(self._held.shape) < assumptions.exit_share_a_month
        comes = chance.random(self._held.shape) < assumptions.fill_share_a_month
        is_filled = ~self._held & comes
        self._held &= ~(is_old | goes)
        self._held |= is_filled
        self._born[is_filled] = year - assumptions.new_age
        self._back[is_filled] = 0
        self._asks[is_filled] = chance.random(int(is_filled.sum()))

    def in_rota(self, assumptions: Assumptions, *, year: int, passed: int) -> Ints:
        """How many are in the rota, run by run."""
        exempt = np.zeros(self._held.shape, dtype=np.bool_)
        for age in assumptions.exempt_ages:
            share = assumptions.exempt_share_at(age)
            exempt |= (self._born <= year - age) & (self._asks < share)
        there = self._held & ~exempt & (self._back <= passed)
        return there.sum(axis=1)


def by_year(counts: Ints, *, low: float, high: float) -> tuple[YearEnd, ...]:
    """The interval of each year, from now on.

    Parameters
    ----------
    counts : int64[runs, years + 1]
        As `in_rota` gives them.
    low, high : float
        The shares of runs at or below the ends of the interval, 0 <= low <= high <= 1.

    Examples
    --------
    >>> [row.middle for row in by_year(np.array([[5, 3], [5, 4], [5, 4]]), low=0, high=1)]
    [5, 4]
    """
    ends = np.quantile(counts, [low, 0.5, high], axis=0, method="inverted_cdf")
    return tuple(
        YearEnd(
            years=number,
            mean=float(counts[:, number].mean()),
            low=int(ends[0, number]),
            middle=int(ends[1, number]),
            high=int(ends[2, number]),
            nobody=float((counts[:, number] == 0).mean()),
        )
        for number in range(counts.shape[1])
    )
