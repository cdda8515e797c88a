"""How long each patient in a queue still waits, as an interval, or why it is not said.

The queue is played forward many times from where it stands: the doctors finish what they
have begun, take the first in line, and more urgent patients come in between. What is told
is where the middle of the possible waits lies. An estimate that would mislead is not
given; the reason is a code that the screen words.

Nothing here raises or lowers anybody's place: the order is the board's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto
from math import ceil, isfinite, sqrt

import numpy as np

from varde.domain.hastegrad import ARRIVAL, Hastegrad, Scale
from varde.engines.waiting.queueing import Overtakers, start_minutes
from varde.engines.waiting.service_times import Floats, ServiceTime, ServiceTimes


# The streams of random numbers: each kind of thing has its own.
_PATIENTS, _DOCTORS, _GAPS, _NEWCOMERS = range(4)
# So many standard deviations above the mean that a course with more newcomers than are
# drawn does not happen.
SPREADS = 6


class WhyNoEstimate(StrEnum):
    """Why a patient gets no estimate."""

    IS_RED = auto()  # red is help at once, not a wait
    LEVEL_UNKNOWN = auto()  # nobody has judged the patient, so the place is not known
    NO_DOCTOR = auto()
    RED_IS_WAITING = auto()  # binds the doctors for a time that nobody knows
    TOO_FEW_MEASUREMENTS = auto()
    TOO_LONG = auto()  # the end of the interval is beyond the horizon


@dataclass(frozen=True, slots=True, kw_only=True)
class InLine:
    """A patient who waits. `level` is None while nobody has judged the urgency."""

    patient: str
    level: Hastegrad | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DoctorAtWork:
    """A doctor who will take the next in line, once free.

    Either `free_at` is known (in the past: free now), or `began_at` is when the present
    consultation began, with its level. One whose state is not known is left out.
    """

    free_at: datetime | None = None
    began_at: datetime | None = None
    level: Hastegrad | None = None

    def __post_init__(self) -> None:
        if (self.free_at is None) is (self.began_at is None):
            raise ValueError(
                f"a doctor has either free_at ({self.free_at}) or began_at "
                f"({self.began_at}): one of them, not both"
            )
        moment = self.free_at or self.began_at
        if moment is not None and moment.tzinfo is None:
            raise ValueError(f"the doctor's moment has no time zone: {moment!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What is told, and how hard we look. The horizon is in minutes from now.

    `low` and `high` are the ends of the interval as shares of the draws: 0.1 and 0.9 hold
    eight of ten. A wait whose interval ends beyond the horizon is not told.
    """

    low: float = 0.1
    high: float = 0.9
    horizon_min: float
    draws: int = 1000

    def __post_init__(self) -> None:
        if not 0 < self.low <= 0.5 <= self.high < 1:
            raise ValueError(f"need 0 < {self.low} <= 0.5 <= {self.high} < 1")
        if not (isfinite(self.horizon_min) and self.horizon_min > 0):
            raise ValueError(f"horizon_min must be above 0, got {self.horizon_min}")
        if self.draws < 1:
            raise ValueError(f"draws must be 1 or more, got {self.draws}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Minutes from now until a patient is seen: all three, or a reason and none."""

    patient: str
    low_min: float | None = None
    median_min: float | None = None
    high_min: float | None = None
    reason: WhyNoEstimate | None = None


def waiting_estimates(
    line: Sequence[InLine],
    *,
    doctors: Sequence[DoctorAtWork],
    times: ServiceTimes,
    arrivals_per_hour: Mapping[str, float],
    now: datetime,
    seed: int,
    shown: Shown,
    scale: Scale = ARRIVAL,
) -> tuple[Estimate, ...]:
    """The wait of each patient in a queue, as an interval in minutes.

    Each draw is one course of events. The same seed gives the same answer, and the
    patients, the doctors and the newcomers each have random numbers of their own, so that
    a doctor more, last in the list, changes nothing else.

    Parameters
    ----------
    line : sequence of InLine
        Those who wait, in the order of the board.
    doctors : sequence of DoctorAtWork
        Those who take patients from this line.
    times : ServiceTimes
        Measured minutes by level; see `service_times`.
    arrivals_per_hour : level code -> float
        Newcomers of each level, per hour, >= 0. They overtake those less urgent. A level
        without a line is taken as 0, and {} gives waits with no newcomers.
    now : aware datetime
    seed : int
        >= 0. One for a whole screen, so that its rows belong together.
    shown : Shown
    scale : Scale
        Of every level in the line; the first code is red.

    Returns
    -------
    tuple of Estimate
        One for each in the line, in order; empty for an empty line. The three figures
        never fall along the line.

    Raises
    ------
    ValueError
        If a rate is negative or not finite or of an unknown level, `now` has no zone, or a
        level is of another scale.

    Notes
    -----
    Too short where doctors rest, ring, confer or drive between patients, unless that is
    in the measured times; where a newcomer is red and takes a doctor who is busy; and
    where more come than the rates say. Too long where patients leave before they are
    seen. `calibration` tells how it went.

    References
    ----------
    Ours. Checked in the tests against the exact waits of M/M/c, with and without
    priority: Kleinrock L (1976) Queueing Systems II, chapter 3.

    Examples
    --------
    >>> from datetime import UTC
    >>> from varde.engines.waiting.service_times import service_times
    >>> noon = datetime(2026, 1, 2, 12, tzinfo=UTC)
    >>> found = waiting_estimates(
    ...     [InLine(patient="7", level=ARRIVAL.level("gul"))],
    ...     doctors=[DoctorAtWork(free_at=noon.replace(minute=20))],
    ...     times=service_times({"gul": [10.0] * 30}, enough=30),
    ...     arrivals_per_hour={}, now=noon, seed=1, shown=Shown(horizon_min=240),
    ... )
    >>> found[0].median_min, found[0].reason
    (20.0, None)
    """
    _refuse_odd(line, doctors=doctors, rates=arrivals_per_hour, now=now, scale=scale)
    if not line:
        return ()
    reasons = _reasons(line, doctors=doctors, times=times)
    if times.pooled is None or all(reasons):
        return tuple(
            Estimate(patient=one.patient, reason=reason)
            for one, reason in zip(line, reasons, strict=True)
        )
    fitted = _Fitted(by_level=times.by_level, pooled=times.pooled)
    # One whom nobody has judged is not overtaken on that account.
    ranks = [one.level.rank if one.level else 0 for one in line]
    rates = {scale.level(code): rate for code, rate in arrivals_per_hour.items()}
    starts = start_minutes(
        free_min=_free_minutes(doctors, fitted, now=now, seed=seed, draws=shown.draws),
        service_min=_service_minutes(line, fitted, seed=seed, draws=shown.draws),
        ranks=ranks,
        overtakers=[
            _overtakers(level, rate, fitted, seed=seed, shown=shown)
            for level, rate in rates.items()
            if rate > 0 and level.rank < max(ranks)
        ],
        until_min=shown.horizon_min,
    )
    ends = np.quantile(starts, [shown.low, 0.5, shown.high], axis=1).T
    return tuple(
        _estimate(one, reason, ends=found, horizon_min=shown.horizon_min)
        for one, reason, found in zip(line, reasons, ends.tolist(), strict=True)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fitted:
    """Measured times where there are enough: every level has a distribution."""

    by_level: Mapping[str, ServiceTime]
    pooled: ServiceTime

    def of(self, level: Hastegrad | None) -> ServiceTime:
        if level is None:
            return self.pooled
        return self.by_level.get(level.code, self.pooled)


def _refuse_odd(
    line: Sequence[InLine],
    *,
    doctors: Sequence[DoctorAtWork],
    rates: Mapping[str, float],
    now: datetime,
    scale: Scale,
) -> None:
    if now.tzinfo is None:
        raise ValueError(f"now has no time zone: {now!r}")
    levels = [one.level for one in line] + [one.level for one in doctors]
    other = {level.scale.code for level in levels if level and level.scale != scale}
    if other:
        raise ValueError(
            f"levels of {', '.join(sorted(other))} in a line of {scale.code}"
        )
    for code, rate in rates.items():
        scale.level(code)
        if not (isfinite(rate) and rate >= 0):
            raise ValueError(f"{code}: {rate} arrivals per hour must be 0 or more")


def _reasons(
    line: Sequence[InLine], *, doctors: Sequence[DoctorAtWork], times: ServiceTimes
) -> list[WhyNoEstimate | None]:
    """Why each patient gets no estimate, before anything is played."""
    shared: WhyNoEstimate | None = None
    if not doctors:
        shared = WhyNoEstimate.NO_DOCTOR
    elif any(one.level and one.level.is_most_urgent for one in line):
        shared = WhyNoEstimate.RED_IS_WAITING
    elif times.pooled is None:
        shared = WhyNoEstimate.TOO_FEW_MEASUREMENTS
    return [_own_reason(one) or shared for one in line]


def _own_reason(one: InLine) -> WhyNoEstimate | None:
    if one.level is None:
        return WhyNoEstimate.LEVEL_UNKNOWN
    return WhyNoEstimate.IS_RED if one.level.is_most_urgent else None


def _chances(*stream: int, shape: tuple[int, int]) -> Floats:
    """Even random numbers of a stream; more rows leave the first ones as they were."""
    return np.random.default_rng(stream).random(shape)


def _free_minutes(
    doctors: Sequence[DoctorAtWork],
    fitted: _Fitted,
    *,
    now: datetime,
    seed: int,
    draws: int,
) -> Floats:
    chances = _chances(seed, _DOCTORS, shape=(len(doctors), draws))
    free = np.zeros_like(chances)
    for place, doctor in enumerate(doctors):
        if doctor.began_at is None:
            ahead = ((doctor.free_at or now) - now).total_seconds() / 60
            free[place] = max(0.0, ahead)
        else:
            # A beginning ahead of us is a clock that is ahead: nothing is spent yet.
            spent = max(0.0, (now - doctor.began_at).total_seconds() / 60)
            of_level = fitted.of(doctor.level)
            free[place] = of_level.left_min(chances[place], spent_min=spent)
    return free


def _service_minutes(
    line: Sequence[InLine], fitted: _Fitted, *, seed: int, draws: int
) -> Floats:
    chances = _chances(seed, _PATIENTS, shape=(len(line), draws))
    minutes = np.empty_like(chances)
    for level in {one.level for one in line}:
        rows = [place for place, one in enumerate(line) if one.level == level]
        minutes[rows] = fitted.of(level).minutes(chances[rows])
    return minutes


def _overtakers(
    level: Hastegrad, per_hour: float, fitted: _Fitted, *, seed: int, shown: Shown
) -> Overtakers:
    """Newcomers of a level until the horizon, and never so many that some are missing."""
    expected = per_hour / 60 * shown.horizon_min
    number = ceil(expected + SPREADS * sqrt(expected) + SPREADS)
    shape = (number, shown.draws)
    gaps = -np.log(1 - _chances(seed, _GAPS, level.rank, shape=shape))
    served = _chances(seed, _NEWCOMERS, level.rank, shape=shape)
    return Overtakers(
        rank=level.rank,
        at_min=np.cumsum(gaps, axis=0) * (60 / per_hour),
        service_min=fitted.of(level).minutes(served),
    )


def _estimate(
    one: InLine, reason: WhyNoEstimate | None, *, ends: list[float], horizon_min: float
) -> Estimate:
    low, median, high = ends
    if reason is None and high > horizon_min:
        reason = WhyNoEstimate.TOO_LONG
    if reason is not None:
        return Estimate(patient=one.patient, reason=reason)
    return Estimate(patient=one.patient, low_min=low, median_min=median, high_min=high)
