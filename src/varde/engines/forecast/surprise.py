"""What came beside what was expected: how rare it was, and of whom."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from varde.engines.forecast import counts
from varde.engines.forecast.rolling import HIGH, LOW
from varde.engines.waiting.calibration import wilson_interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Surprise:
    """A count beside its forecast, with the ends of the 90 % interval.

    `so_many` is the chance of at least so many, `so_few` of at most so many: both hold
    the count itself, so together they are above 1.
    """

    seen: int
    expected: float
    low: int
    high: int
    so_many: float
    so_few: float

    @property
    def is_outside(self) -> bool:
        """Was it outside the interval? One day of ten is."""
        return not self.low <= self.seen <= self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A part of all contacts: its code, how many it had, its share with 95 % interval, and
    how many are expected."""

    code: str
    count: int
    share: float
    low: float
    high: float
    expected: float


def surprise(seen: int, *, mean: float, dispersion: float) -> Surprise:
    """How rare a count was. Raises ValueError for a count or a mean below 0.

    >>> found = surprise(9, mean=3.0, dispersion=0.0)
    >>> found.low, found.high, round(found.so_many, 4), found.is_outside
    (1, 6, 0.0038, True)
    """
    if seen < 0 or mean < 0:
        raise ValueError(f"counts are 0 or more, got {seen} and {mean}")
    spread = {"mean": np.array([mean]), "dispersion": np.array([dispersion])}
    return Surprise(
        seen=seen,
        expected=mean,
        low=int(counts.quantile(LOW, **spread)[0]),
        high=int(counts.quantile(HIGH, **spread)[0]),
        so_many=1 - float(counts.share_at_most(np.array([seen - 1.0]), **spread)[0]),
        so_few=float(counts.share_at_most(np.array([float(seen)]), **spread)[0]),
    )


def shares(by_code: Mapping[str, int], *, expected: float) -> tuple[Share, ...]:
    """Each part's share of the history, and of what is expected, the largest first.

    What is not known is a part of its own, with the code that it comes under. Nothing
    counted gives no parts. The intervals take the history's contacts as drawn one by one.

    >>> [(one.code, one.expected) for one in shares({"gul": 30, "rod": 10}, expected=8.0)]
    [('gul', 6.0), ('rod', 2.0)]
    """
    total = sum(by_code.values())
    found = []
    for code, count in sorted(by_code.items(), key=lambda one: (-one[1], one[0])):
        interval = wilson_interval(count, total)
        if interval is None:
            return ()
        share = count / total
        found.append(
            Share(
                code=code,
                count=count,
                share=share,
                low=interval[0],
                high=interval[1],
                expected=share * expected,
            )
        )
    return tuple(found)
