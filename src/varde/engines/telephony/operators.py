"""How many operators are needed, interval by interval, and what one more or fewer does."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite

from varde.engines.telephony.erlang import Floats, Service, erlang_a, erlang_c
from varde.engines.telephony.offered_load import offered_load


MOST_OPERATORS = 1000  # beyond this an input is wrong, not the staffing


@dataclass(frozen=True, slots=True, kw_only=True)
class Norm:
    """What is to be reached: so large a share of all calls answered within a limit.

    `most_abandoned` is a second goal, None where there is none. `at_least` is how many must
    be there whatever the calls are: 2 where nobody may be alone.
    """

    limit_min: float
    share: float
    most_abandoned: float | None = None
    at_least: int = 1

    def __post_init__(self) -> None:
        if not 0 < self.share < 1:
            raise ValueError(f"share must be between 0 and 1, got {self.share}")
        if self.most_abandoned is not None and not 0 < self.most_abandoned < 1:
            raise ValueError(
                f"most_abandoned must be between 0 and 1, got {self.most_abandoned}"
            )
        if not 1 <= self.at_least <= MOST_OPERATORS:
            raise ValueError(f"at_least must be 1 or more, got {self.at_least}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Callers:
    """How long a call takes, how long a caller waits, and how free the operators are."""

    mean_call_min: float
    mean_patience_min: float
    availability: float = 1.0

    def __post_init__(self) -> None:
        if not (isfinite(self.availability) and 0 < self.availability <= 2):
            raise ValueError(
                f"availability must be above 0 and at most 2, got {self.availability}"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A number of operators on duty, and what callers meet by both formulas."""

    operators: int
    erlang_c: Service
    erlang_a: Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """An interval of the period, its operators, and what one more or one fewer does.

    `calls_per_hour` is what comes; `load` is the most that is in hand within it, erlangs.
    `fewer` is None with one operator: none is no service. The three are Erlang-A.
    """

    calls_per_hour: float
    load: float
    operators: int
    fewer: Service | None
    chosen: Service
    more: Service


def rows(
    calls_per_hour: float, *, callers: Callers, norm: Norm, until: int
) -> tuple[Row, ...]:
    """Both formulas for 1, 2, … operators.

    >>> callers = Callers(mean_call_min=7, mean_patience_min=5)
    >>> [round(row.erlang_c.answered_within, 4) for row in rows(
    ...     30, callers=callers, norm=Norm(limit_min=2, share=0.8), until=5)]
    [0.0, 0.0, 0.0, 0.3604, 0.7539]
    """
    return tuple(
        Row(
            operators=count,
            erlang_c=erlang_c(
                norm.limit_min,
                calls_per_hour=calls_per_hour,
                mean_call_min=callers.mean_call_min,
                operators=count * callers.availability,
            ),
            erlang_a=_with_patience(
                count, calls_per_hour=calls_per_hour, callers=callers, norm=norm
            ),
        )
        for count in range(1, until + 1)
    )


def needed_by_erlang_c(calls_per_hour: float, *, callers: Callers, norm: Norm) -> int:
    """The fewest who meet the norm if nobody hung up.

    >>> needed_by_erlang_c(
    ...     30, callers=Callers(mean_call_min=7, mean_patience_min=5),
    ...     norm=Norm(limit_min=2, share=0.8),
    ... )
    6
    """

    def is_met(count: int) -> bool:
        found = erlang_c(
            norm.limit_min,
            calls_per_hour=calls_per_hour,
            mean_call_min=callers.mean_call_min,
            operators=count * callers.availability,
        )
        return found.answered_within >= norm.share

    return _fewest(is_met, norm=norm)


def needed(calls_per_hour: float, *, callers: Callers, norm: Norm) -> int:
    """The fewest who meet the norm by Erlang-A, and never fewer than `norm.at_least`.

    Raises ValueError where more than MOST_OPERATORS would be needed.

    >>> needed(
    ...     30, callers=Callers(mean_call_min=7, mean_patience_min=5),
    ...     norm=Norm(limit_min=2, share=0.8),
    ... )
    5
    """

    def is_met(count: int) -> bool:
        found = _with_patience(
            count, calls_per_hour=calls_per_hour, callers=callers, norm=norm
        )
        most = 1.0 if norm.most_abandoned is None else norm.most_abandoned
        return found.answered_within >= norm.share and found.abandoned <= most

    return _fewest(is_met, norm=norm)


def staffing(
    calls_per_hour: Floats, *, interval_min: float, callers: Callers, norm: Norm
) -> tuple[Interval, ...]:
    """Operators for each interval of a period that comes again and again, such as a week.

    Each interval is judged as if the most of its modified offered load lasted.

    Parameters
    ----------
    calls_per_hour : float64[n_intervals]
        Expected rate in each interval, calls an hour, >= 0.
    interval_min : float
        Minutes, > 0; 30 for half hours.

    Returns
    -------
    tuple of Interval
        In the order of the intervals.

    Raises
    ------
    ValueError
        If an input is outside its range, or more than MOST_OPERATORS would be needed.

    Notes
    -----
    With one or two operators who also have other work the formulas are guesses: simulate.

    References
    ----------
    Feldman Z, Mandelbaum A, Massey WA, Whitt W (2008) doi:10.1287/mnsc.1070.0821.

    Examples
    --------
    >>> import numpy as np
    >>> found = staffing(
    ...     np.full(48, 30.0), interval_min=30,
    ...     callers=Callers(mean_call_min=7, mean_patience_min=5),
    ...     norm=Norm(limit_min=2, share=0.8, at_least=2),
    ... )
    >>> {one.operators for one in found}, round(found[0].fewer.abandoned, 4)
    ({5}, 0.1644)
    """
    load = offered_load(
        calls_per_hour, interval_min=interval_min, mean_call_min=callers.mean_call_min
    )
    rates = [float(erlangs) * 60 / callers.mean_call_min for erlangs in load.most]
    # A week has many intervals alike: each rate is judged once.
    judged = {
        rate: _judged(rate, callers=callers, norm=norm) for rate in sorted(set(rates))
    }
    return tuple(
        Interval(
            calls_per_hour=float(calls),
            load=float(erlangs),
            operators=judged[rate][0],
            fewer=judged[rate][1],
            chosen=judged[rate][2],
            more=judged[rate][3],
        )
        for calls, erlangs, rate in zip(calls_per_hour, load.most, rates, strict=True)
    )


def operator_hours(intervals: Sequence[Interval], *, interval_min: float) -> float:
    """The hours of work of a period, breaks in them."""
    return sum(one.operators for one in intervals) * interval_min / 60


def _judged(
    rate: float, *, callers: Callers, norm: Norm
) -> tuple[int, Service | None, Service, Service]:
    count = needed(rate, callers=callers, norm=norm)

    def by(operators: int) -> Service:
        return _with_patience(
            operators, calls_per_hour=rate, callers=callers, norm=norm
        )

    return count, by(count - 1) if count > 1 else None, by(count), by(count + 1)


def _with_patience(
    count: int, *, calls_per_hour: float, callers: Callers, norm: Norm
) -> Service:
    return erlang_a(
        norm.limit_min,
        calls_per_hour=calls_per_hour,
        mean_call_min=callers.mean_call_min,
        mean_patience_min=callers.mean_patience_min,
        operators=count * callers.availability,
    )


def _fewest(is_met: Callable[[int], bool], *, norm: Norm) -> int:
    for count in range(norm.at_least, MOST_OPERATORS + 1):
        if is_met(count):
            return count
    raise ValueError(f"the norm is not met with {MOST_OPERATORS} operators")
