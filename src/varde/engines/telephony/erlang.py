"""What a number of operators gives the callers: Erlang-C, where nobody hangs up, and
Erlang-A, where they do.

Operators may be a real number: 4.6 stands for six of whom 77 % are free to take calls.
Both formulas are continued between the whole numbers by the integral form of Erlang-B,
which gives the textbook's values at the whole ones.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, expm1, floor, inf, isfinite, log

import numpy as np
from numpy.typing import NDArray
from scipy.special import gamma, gammaincc


type Floats = NDArray[np.float64]

MOST_ERLANGS = 500.0  # ten times the mean load of all of Norway's 116117 (43 erlangs)
_MINUTES_AN_HOUR = 60.0
_NEGLIGIBLE = 40.0  # e^-40: what is left out of an integral
_PANELS = 12
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(40)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What callers meet. Shares are of all calls, those hung up included.

    `answered_within` is never to be shown without `abandoned`: with too few operators the
    first can be met because of the second. `mean_wait_min` is of all calls, inf where the
    queue grows without end. `occupancy` is the share of an operator's time in calls.
    """

    answered_within: float
    abandoned: float
    must_wait: float
    mean_wait_min: float
    occupancy: float


NO_CALLS = Service(
    answered_within=1.0, abandoned=0.0, must_wait=0.0, mean_wait_min=0.0, occupancy=0.0
)


def erlang_c(
    limit_min: float, *, calls_per_hour: float, mean_call_min: float, operators: float
) -> Service:
    """What callers meet when nobody hangs up.

    Calls come at random at an even rate, call lengths are exponential, and the hour is
    long enough to be in steady state (M/M/n).

    Parameters
    ----------
    limit_min : float
        The time limit, minutes, >= 0.
    calls_per_hour : float
        Arrival rate, >= 0.
    mean_call_min : float
        Mean handling time, after-work included, minutes, > 0.
    operators : float
        Free to take calls, > 0.

    Returns
    -------
    Service
        `abandoned` is 0. With as much work as the operators can do, or more, there is no
        steady state: `answered_within` is 0 and `mean_wait_min` is inf. No calls: all are
        answered at once.

    Raises
    ------
    ValueError
        If an input is outside its range, or the load is beyond MOST_ERLANGS.

    Notes
    -----
    Too dark where callers hang up, and without an answer at all where many do. Prefer
    `erlang_a`.

    References
    ----------
    Cooper RB (1981). Introduction to Queueing Theory, 2nd ed. North Holland. Ch. 3.

    Examples
    --------
    One operator busy half of the time: half of the callers must wait.

    >>> erlang_c(0, calls_per_hour=6, mean_call_min=5, operators=1).answered_within
    0.5
    """
    _check(limit_min, calls_per_hour, mean_call_min, operators)
    load = calls_per_hour * mean_call_min / _MINUTES_AN_HOUR
    if load == 0:
        return NO_CALLS
    if load >= operators:
        return Service(
            answered_within=0.0,
            abandoned=0.0,
            must_wait=1.0,
            mean_wait_min=inf,
            occupancy=1.0,
        )
    blocked = 1 / _one_through_erlang_b(load, operators)
    must_wait = blocked / (1 - load / operators * (1 - blocked))
    spare = operators - load
    return Service(
        answered_within=1 - must_wait * exp(-spare * limit_min / mean_call_min),
        abandoned=0.0,
        must_wait=must_wait,
        mean_wait_min=must_wait * mean_call_min / spare,
        occupancy=load / operators,
    )


def erlang_a(
    limit_min: float,
    *,
    calls_per_hour: float,
    mean_call_min: float,
    mean_patience_min: float,
    operators: float,
) -> Service:
    """What callers meet when each hangs up after an exponential patience (M/M/n+M).

    Parameters
    ----------
    limit_min, calls_per_hour, mean_call_min, operators : float
        As in `erlang_c`.
    mean_patience_min : float
        How long a caller would wait in the mean, minutes, > 0. Estimate: mean wait of all
        calls divided by the share that hung up.

    Returns
    -------
    Service
        There is always a steady state: too few operators show as calls hung up.

    Raises
    ------
    ValueError
        As `erlang_c`, or if the patience is not above 0 and finite.

    Notes
    -----
    Who rings again is a new call here. Real call lengths are nearer lognormal, which
    makes waits a little shorter or longer; the number of operators who are really free is
    the greater error, see `availability`.

    References
    ----------
    Palm C (1957). Zeltyn S, Mandelbaum A (2005) doi:10.1007/s11134-005-3699-8: the
    density of the offered wait, which is integrated here.

    Examples
    --------
    >>> found = erlang_a(
    ...     2, calls_per_hour=30, mean_call_min=7, mean_patience_min=5, operators=5
    ... )
    >>> round(found.answered_within, 4), round(found.abandoned, 4)
    (0.8649, 0.0812)
    """
    _check(limit_min, calls_per_hour, mean_call_min, operators)
    if not (isfinite(mean_patience_min) and mean_patience_min > 0):
        raise ValueError(f"mean_patience_min must be above 0, got {mean_patience_min}")
    load = calls_per_hour * mean_call_min / _MINUTES_AN_HOUR
    if load == 0:
        return NO_CALLS
    rate = calls_per_hour / _MINUTES_AN_HOUR
    wait = _OfferedWait(
        rate=rate, drain=operators / mean_call_min, leave=1 / mean_patience_min
    )
    # The weight of "somebody is free", on the scale of the integrals.
    free = _below(load, operators) * exp(-wait.top)
    scale = rate / (free + rate * wait.integral(wait.end, _ones))
    must_wait = scale * wait.integral(wait.end, _ones)
    abandoned = scale * wait.integral(wait.end, wait.has_left)
    in_time = scale * wait.integral(limit_min, wait.still_there)
    return Service(
        answered_within=min(1 - must_wait + in_time, 1.0),
        abandoned=abandoned,
        must_wait=must_wait,
        mean_wait_min=abandoned * mean_patience_min,
        occupancy=min(load * (1 - abandoned) / operators, 1.0),
    )


class _OfferedWait:
    """The wait that a caller of endless patience would have, as a density.

    Its logarithm is concave, so that all that counts lies between two ends around the top.
    """

    def __init__(self, *, rate: float, drain: float, leave: float) -> None:
        self.rate, self.drain, self.leave = rate, drain, leave
        peak = log(rate / drain) / leave if rate > drain else 0.0
        self.top = self._height_at(peak)
        self.begin = self._edge(peak, 0.0) if self._is_low(0.0) else 0.0
        far = peak + 1 / drain
        while not self._is_low(far):
            far = peak + 2 * (far - peak)
        self.end = self._edge(peak, far)

    def height(self, x: Floats) -> Floats:
        """The logarithm of the density but for a constant."""
        left = -np.expm1(-self.leave * x) / self.leave
        return np.asarray(self.rate * left - self.drain * x)

    def has_left(self, x: Floats) -> Floats:
        """The share of callers who hung up before so long a wait."""
        return -np.expm1(-self.leave * x)

    def still_there(self, x: Floats) -> Floats:
        """The share of callers who would wait so long."""
        return np.exp(-self.leave * x)

    def integral(self, until: float, of: Callable[[Floats], Floats]) -> float:
        """The integral of a function times the density, from 0."""
        until = min(until, self.end)
        if until <= self.begin:
            return 0.0
        edges = np.linspace(self.begin, until, _PANELS + 1)
        half = (edges[1] - edges[0]) / 2
        x = (edges[:-1, None] + half + half * _NODES[None, :]).ravel()
        values = of(x) * np.exp(self.height(x) - self.top)
        return float(half * (np.tile(_WEIGHTS, _PANELS) @ values))

    def _is_low(self, x: float) -> bool:
        return self._height_at(x) < self.top - _NEGLIGIBLE

    def _height_at(self, x: float) -> float:
        return -self.rate * expm1(-self.leave * x) / self.leave - self.drain * x

    def _edge(self, inside: float, outside: float) -> float:
        for _ in range(30):
            middle = (inside + outside) / 2
            if self._is_low(middle):
                outside = middle
            else:
                inside = middle
        return outside


def _ones(x: Floats) -> Floats:
    return np.ones_like(x)


def _below(load: float, operators: float) -> float:
    """How likely it is that somebody is free, as against that one only is free."""
    if operators >= 1:
        return _one_through_erlang_b(load, operators - 1)
    return (_one_through_erlang_b(load, operators) - 1) * load / operators


def _one_through_erlang_b(load: float, servers: float) -> float:
    """1 / Erlang-B for a real number of servers, by its recursion from the part below 1.

    It starts from the integral load · ∫ e^(-load·t) (1+t)^servers dt, which is an
    incomplete gamma function. inf where a blocked call is next to impossible.
    """
    part = servers - floor(servers)
    result = float(
        load**-part * exp(load) * gamma(part + 1) * gammaincc(part + 1, load)
    )
    for step in range(1, floor(servers) + 1):
        result = 1 + (part + step) / load * result
    return result


def _check(
    limit_min: float, calls_per_hour: float, mean_call_min: float, operators: float
) -> None:
    if not (isfinite(limit_min) and limit_min >= 0):
        raise ValueError(f"limit_min must be 0 or more, got {limit_min}")
    if not (isfinite(calls_per_hour) and calls_per_hour >= 0):
        raise ValueError(f"calls_per_hour must be 0 or more, got {calls_per_hour}")
    if not (isfinite(mean_call_min) and mean_call_min > 0):
        raise ValueError(f"mean_call_min must be above 0, got {mean_call_min}")
    if not (isfinite(operators) and operators > 0):
        raise ValueError(f"operators must be above 0, got {operators}")
    if calls_per_hour * mean_call_min / _MINUTES_AN_HOUR > MOST_ERLANGS:
        raise ValueError(
            f"the load is more than {MOST_ERLANGS:.0f} erlangs: {calls_per_hour} calls an"
            f" hour of {mean_call_min} minutes"
        )
