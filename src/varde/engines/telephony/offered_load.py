"""How many calls are in hand at once, when the calls do not come evenly over the day.

The modified offered load of Jennings, Mandelbaum, Massey and Whitt (1996): the load that
there would be with operators without end. It comes later than the calls do, by the length
of a call, which is what the plain hour-by-hour rule misses at 15:30.
"""

from dataclasses import dataclass
from math import exp, isfinite

import numpy as np

from varde.engines.telephony.erlang import Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OfferedLoad:
    """Erlangs in each interval: in the mean, and the most within it."""

    mean: Floats
    most: Floats


def offered_load(
    calls_per_hour: Floats, *, interval_min: float, mean_call_min: float
) -> OfferedLoad:
    """The load in each interval of a period that comes again and again, such as a week.

    Parameters
    ----------
    calls_per_hour : float64[n_intervals]
        Rate within each interval, calls an hour, >= 0. At least one interval.
    interval_min : float
        Length of an interval, minutes, > 0.
    mean_call_min : float
        Mean handling time, minutes, > 0. Lengths are exponential.

    Returns
    -------
    OfferedLoad
        Two of float64[n_intervals]. Exact for rates that are even within an interval:
        the load moves one way within it, so the most is at one of its ends.

    Raises
    ------
    ValueError
        If an input is outside its range.

    References
    ----------
    Green LV, Kolesar PJ, Whitt W (2007) doi:10.1111/j.1937-5956.2007.tb00164.x.

    Examples
    --------
    An even week has the same load at all times: 12 calls of 10 minutes are 2 erlangs.

    >>> week = offered_load(np.full(336, 12.0), interval_min=30, mean_call_min=10)
    >>> float(week.mean[0]), float(week.most[0])
    (2.0, 2.0)
    """
    _check(calls_per_hour, interval_min=interval_min, mean_call_min=mean_call_min)
    settled = calls_per_hour * mean_call_min / 60
    kept = exp(-interval_min / mean_call_min)  # of what is in hand at the beginning
    ends = np.empty(len(settled))
    now = _before_the_first(settled, kept=kept)
    for place, target in enumerate(settled):
        now = target + (now - target) * kept
        ends[place] = now
    begins = np.roll(ends, 1)
    off = (begins - settled) * (1 - kept) * mean_call_min / interval_min
    return OfferedLoad(mean=settled + off, most=np.maximum(begins, ends))


def _before_the_first(settled: Floats, *, kept: float) -> float:
    """The load at the end of the last interval, which is also that before the first."""
    powers = kept ** np.arange(len(settled) - 1, -1, -1)
    return float((settled * (1 - kept)) @ powers / (1 - kept ** len(settled)))


def _check(
    calls_per_hour: Floats, *, interval_min: float, mean_call_min: float
) -> None:
    if not len(calls_per_hour):
        raise ValueError("there must be at least one interval")
    if not (np.isfinite(calls_per_hour).all() and (calls_per_hour >= 0).all()):
        raise ValueError("calls_per_hour must be 0 or more in each interval")
    if not (isfinite(interval_min) and interval_min > 0):
        raise ValueError(f"interval_min must be above 0, got {interval_min}")
    if not (isfinite(mean_call_min) and mean_call_min > 0):
        raise ValueError(f"mean_call_min must be above 0, got {mean_call_min}")
