"""How large a part of those on duty is really free to take calls.

The formula is good; the number of people at the phones is not known from the rota. They
are with patients in the room, at the door, eating, writing. One factor, fitted on the
sentral's own share of calls hung up, takes all that up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from scipy.optimize import brentq

from varde.engines.telephony.erlang import Service, erlang_a


LEAST, MOST = 0.05, 1.5  # of those on duty; above 1 others than the rota's take calls
_EXACT = 1e-6  # of the factor: far beyond what the data can tell


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """An hour of the past: calls that came, and how many were on duty in the mean."""

    calls: int
    on_duty: float

    def __post_init__(self) -> None:
        if self.calls < 1:
            raise ValueError(f"an hour needs a call to tell of, got {self.calls}")
        if not (isfinite(self.on_duty) and self.on_duty > 0):
            raise ValueError(f"on_duty must be above 0, got {self.on_duty}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """What the sentral's own calls say: handling time and patience, in minutes."""

    mean_call_min: float
    mean_patience_min: float
    abandoned: float

    def __post_init__(self) -> None:
        if not 0 < self.abandoned < 1:
            raise ValueError(f"abandoned must be between 0 and 1, got {self.abandoned}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """The factor, and what Erlang-A says with it of each hour and of all calls."""

    availability: float
    hours: tuple[Service, ...]
    whole: Service


def with_breaks(availability: float, *, break_min: float, shift_min: float) -> float:
    """The part that is free when each also has breaks in a duty of so many minutes.

    For a factor that was chosen. One that was fitted on the rota holds the breaks.

    >>> with_breaks(0.8, break_min=30, shift_min=480)
    0.75
    """
    if not 0 <= break_min < shift_min:
        raise ValueError(f"breaks of {break_min} minutes in a duty of {shift_min}")
    return availability * (1 - break_min / shift_min)


def patience_min(*, mean_wait_min: float, abandoned: float) -> float | None:
    """Mean patience from the mean wait of all calls and the share that hung up.

    None where nobody hung up or nobody waited: then the calls do not tell.

    >>> patience_min(mean_wait_min=0.5, abandoned=0.1)
    5.0
    """
    if abandoned == 0 or mean_wait_min == 0:
        return None
    return mean_wait_min / abandoned


def fit_availability(
    hours: Sequence[Hour], *, calls: Calls, limit_min: float
) -> Fitted | None:
    """The factor with which Erlang-A gives the share of calls that really hung up.

    Parameters
    ----------
    hours : sequence of Hour
        At least one. Each counts by its calls.
    calls : Calls
    limit_min : float
        The time limit for `answered_within`, minutes, >= 0.

    Returns
    -------
    Fitted or None
        None where no factor from LEAST to MOST gives that share: then the numbers on duty
        are not those who took the calls.

    Raises
    ------
    ValueError
        If there are no hours, or an input is outside its range.

    Notes
    -----
    With a patience estimated from the same calls the mean wait is right by construction.
    Judge the fit by the share that must wait, the share answered in time, and the hours.

    Examples
    --------
    >>> fitted = fit_availability(
    ...     [Hour(calls=30, on_duty=6)], limit_min=2,
    ...     calls=Calls(mean_call_min=7, mean_patience_min=5, abandoned=0.081172),
    ... )
    >>> round(6 * fitted.availability, 3)
    5.0
    """
    if not hours:
        raise ValueError("there must be at least one hour")

    def told(factor: float) -> Fitted:
        found = tuple(
            erlang_a(
                limit_min,
                calls_per_hour=hour.calls,
                mean_call_min=calls.mean_call_min,
                mean_patience_min=calls.mean_patience_min,
                operators=factor * hour.on_duty,
            )
            for hour in hours
        )
        return Fitted(availability=factor, hours=found, whole=_whole(hours, found))

    def too_many(factor: float) -> float:
        return told(factor).whole.abandoned - calls.abandoned

    if too_many(LEAST) < 0 or too_many(MOST) > 0:
        return None
    return told(float(brentq(too_many, LEAST, MOST, xtol=_EXACT)))


def _whole(hours: Sequence[Hour], found: Sequence[Service]) -> Service:
    """The mean over all calls; over the hours for the operators' own time."""
    calls = sum(hour.calls for hour in hours)

    def mean(name: str) -> float:
        parts = (
            hour.calls * float(getattr(one, name))
            for hour, one in zip(hours, found, strict=True)
        )
        return sum(parts) / calls

    busy = sum(
        one.occupancy * hour.on_duty for hour, one in zip(hours, found, strict=True)
    )
    return Service(
        answered_within=mean("answered_within"),
        abandoned=mean("abandoned"),
        must_wait=mean("must_wait"),
        mean_wait_min=mean("mean_wait_min"),
        occupancy=busy / sum(hour.on_duty for hour in hours),
    )
