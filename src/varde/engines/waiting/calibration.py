"""How good the estimates of waiting were, judged by what happened.

Patients who left before they were seen would have waited longer than they did, but nobody
knows how much longer. Those who left after the end of their interval were outside it; for
the others it is not known, and they are counted apart. The share of real waits inside the
interval is therefore given with the lowest and the highest that it can be.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, sqrt
from statistics import NormalDist, fmean


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a patient was told, in minutes; the level's code; the local hour, 0 to 23."""

    level: str
    hour: int
    low_min: float
    median_min: float
    high_min: float

    def __post_init__(self) -> None:
        ends = (self.low_min, self.median_min, self.high_min)
        if not all(map(isfinite, ends)) or not 0 <= ends[0] <= ends[1] <= ends[2]:
            raise ValueError(f"an estimate must be 0 <= low <= median <= high: {ends}")
        if not 0 <= self.hour <= 23:
            raise ValueError(f"hour must be 0 to 23, got {self.hour}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Waited:
    """How long the patient waited after being told, until seen or until leaving."""

    minutes: float
    was_seen: bool

    def __post_init__(self) -> None:
        if not (isfinite(self.minutes) and self.minutes >= 0):
            raise ValueError(f"a wait must be 0 or more minutes, got {self.minutes}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How many real waits were inside the interval.

    `below`, `inside` and `above` are of those who were seen. `left_above` left after the
    end of their interval: outside. `left_unknown` left before it: nobody knows.
    `share_inside` is of all but those; `interval` is the Wilson interval of it.
    `share_lowest` and `share_highest` are what it would be if none, or all, of the
    unknown had come to lie inside. All are None where there is nothing to divide by.
    """

    below: int
    inside: int
    above: int
    left_above: int
    left_unknown: int
    share_inside: float | None
    interval: tuple[float, float] | None
    share_lowest: float | None
    share_highest: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """The estimates of a period against what happened.

    `promised` is the share that should be inside. The pinball losses are means over those
    who were seen, in minutes, of the low end, the median and the high end: lower is
    better, and only comparable for the same patients. None where nobody was seen.
    """

    promised: float
    whole: Coverage
    by_level: Mapping[str, Coverage]
    by_hour: Mapping[int, Coverage]
    pinball_low_min: float | None
    pinball_median_min: float | None
    pinball_high_min: float | None


def calibration(
    estimates: Sequence[Told],
    waited: Sequence[Waited],
    *,
    low: float,
    high: float,
    confidence: float = 0.95,
) -> Calibration:
    """How often the real wait was inside the interval that was told.

    Parameters
    ----------
    estimates, waited : sequences of the same length
        What was told, and what became of the same patient. A patient who got no estimate
        is in neither.
    low, high : float
        The ends of the interval as shares, such as 0.1 and 0.9.
    confidence : float
        Of the Wilson intervals, above 0 and below 1.

    Returns
    -------
    Calibration
        A wait exactly at an end is inside. No estimates: counts 0, the rest None.

    Raises
    ------
    ValueError
        If the lengths differ, or not 0 < low <= 0.5 <= high < 1, or the confidence is
        not between 0 and 1.

    Notes
    -----
    Several estimates of one evening hang together, which makes the Wilson interval too
    narrow. The pinball losses leave out those who left: where the long waits drive people
    away, the losses look too good. `left_above` and `left_unknown` say how many they are.

    References
    ----------
    Wilson EB (1927) doi:10.1080/01621459.1927.10502953. Gneiting T, Raftery AE (2007)
    doi:10.1198/016214506000001437 (the pinball loss, and why it is fair).

    Examples
    --------
    >>> told = Told(level="gul", hour=20, low_min=10, median_min=20, high_min=40)
    >>> found = calibration(
    ...     [told] * 4,
    ...     [Waited(minutes=10, was_seen=True), Waited(minutes=50, was_seen=True),
    ...      Waited(minutes=41, was_seen=False), Waited(minutes=5, was_seen=False)],
    ...     low=0.1, high=0.9,
    ... ).whole
    >>> found.inside, found.left_unknown, found.share_lowest, found.share_highest
    (1, 1, 0.25, 0.5)
    """
    if len(estimates) != len(waited):
        raise ValueError(f"{len(estimates)} estimates and {len(waited)} waits")
    if not 0 < low <= 0.5 <= high < 1:
        raise ValueError(f"need 0 < {low} <= 0.5 <= {high} < 1")
    pairs = list(zip(estimates, waited, strict=True))
    seen = [(told, real.minutes) for told, real in pairs if real.was_seen]
    return Calibration(
        promised=high - low,
        whole=_coverage(pairs, confidence=confidence),
        by_level=_by(pairs, lambda told: told.level, confidence=confidence),
        by_hour=_by(pairs, lambda told: told.hour, confidence=confidence),
        pinball_low_min=_mean([_pinball(t.low_min, m, share=low) for t, m in seen]),
        pinball_median_min=_mean(
            [_pinball(t.median_min, m, share=0.5) for t, m in seen]
        ),
        pinball_high_min=_mean([_pinball(t.high_min, m, share=high) for t, m in seen]),
    )


def wilson_interval(
    count: int, of: int, *, confidence: float = 0.95
) -> tuple[float, float] | None:
    """Wilson's interval of a share; None where there is nothing to count of.

    Raises ValueError if not 0 <= count <= of, or the confidence is not between 0 and 1.

    >>> [round(end, 3) for end in wilson_interval(8, 10)]
    [0.49, 0.943]
    """
    if not 0 <= count <= of:
        raise ValueError(f"need 0 <= {count} <= {of}")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must be between 0 and 1, got {confidence}")
    if of == 0:
        return None
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, spread = count / of, z * z / of
    middle = (share + spread / 2) / (1 + spread)
    half = z * sqrt((share * (1 - share) + spread / 4) / of) / (1 + spread)
    # At the ends the formula gives them exactly; rounding would leave the share outside.
    low = 0.0 if count == 0 else middle - half
    high = 1.0 if count == of else middle + half
    return low, high


def _by[Key: Hashable](
    pairs: list[tuple[Told, Waited]],
    key: Callable[[Told], Key],
    *,
    confidence: float,
) -> dict[Key, Coverage]:
    groups: dict[Key, list[tuple[Told, Waited]]] = {}
    for told, real in pairs:
        groups.setdefault(key(told), []).append((told, real))
    return {
        name: _coverage(group, confidence=confidence) for name, group in groups.items()
    }


def _coverage(pairs: list[tuple[Told, Waited]], *, confidence: float) -> Coverage:
    seen = [(told, real.minutes) for told, real in pairs if real.was_seen]
    left = [(told, real.minutes) for told, real in pairs if not real.was_seen]
    below = sum(minutes < told.low_min for told, minutes in seen)
    above = sum(minutes > told.high_min for told, minutes in seen)
    left_above = sum(minutes > told.high_min for told, minutes in left)
    inside = len(seen) - below - above
    unknown = len(left) - left_above
    decided = len(seen) + left_above
    return Coverage(
        below=below,
        inside=inside,
        above=above,
        left_above=left_above,
        left_unknown=unknown,
        share_inside=inside / decided if decided else None,
        interval=wilson_interval(inside, decided, confidence=confidence),
        share_lowest=inside / len(pairs) if pairs else None,
        share_highest=(inside + unknown) / len(pairs) if pairs else None,
    )


def _pinball(told_min: float, real_min: float, *, share: float) -> float:
    """The loss of a quantile: it pays to tell exactly the share that one says."""
    over = real_min - told_min
    return share * over if over >= 0 else (share - 1) * over


def _mean(losses: list[float]) -> float | None:
    return fmean(losses) if losses else None
