"""How long patients waited at the station, and how many were seen in time.

A wait is from arrival to the first look, or to the doctor. Those who were not seen have no
wait: they are counted apart, and as outside the limit only when the limit was over before
they left. So nobody makes the figures better by leaving.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, isfinite
from statistics import median


@dataclass(frozen=True, slots=True, kw_only=True)
class Waited:
    """One patient. `wait_min` is None for one who was not seen.

    `here_min` is how long one who was not seen was here, or has been until now; `limit_min`
    what the hastegrad allowed, None where there is no limit.
    """

    wait_min: float | None
    here_min: float
    limit_min: float | None

    def __post_init__(self) -> None:
        for minutes in (self.wait_min, self.here_min, self.limit_min):
            if minutes is not None and not (isfinite(minutes) and minutes >= 0):
                raise ValueError(f"minutes must be finite and 0 or more: {self}")


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitFigures:
    """The waits of a group, in minutes. None where there is nothing to say it of.

    `seen` of the `count` were seen. `decided` are those of whom it is known whether they
    were seen within the limit; `in_time` of them were.
    """

    count: int
    seen: int
    median_min: float | None
    p90_min: float | None
    decided: int
    in_time: int

    @property
    def share_in_time(self) -> float | None:
        """The share of the decided that were seen within the limit; None of nobody."""
        return self.in_time / self.decided if self.decided else None


def wait_figures(patients: Iterable[Waited]) -> WaitFigures:
    """The figures of a group of patients; of an empty group: counts 0, the rest None.

    The median of an even number is the mean of the two in the middle. The 90th percentile
    is by nearest rank: the shortest wait that nine of ten do not exceed.

    Examples
    --------
    >>> found = wait_figures(
    ...     Waited(wait_min=wait, here_min=90, limit_min=60)
    ...     for wait in (10, 20, 70, None)
    ... )
    >>> found.median_min, found.p90_min, found.in_time, found.decided
    (20, 70, 2, 4)
    >>> wait_figures([]).share_in_time is None
    True
    """
    rows = list(patients)
    waits = sorted(row.wait_min for row in rows if row.wait_min is not None)
    decided = [row for row in rows if _is_decided(row)]
    return WaitFigures(
        count=len(rows),
        seen=len(waits),
        median_min=median(waits) if waits else None,
        p90_min=nearest_rank(waits, share=0.9),
        decided=len(decided),
        in_time=sum(_is_in_time(row) for row in decided),
    )


def nearest_rank(ordered: Sequence[float], *, share: float) -> float | None:
    """The least of the ordered values that at least this share do not exceed.

    None of no values. Raises ValueError unless 0 < share <= 1.

    >>> nearest_rank([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], share=0.9)
    9
    """
    if not 0 < share <= 1:
        raise ValueError(f"share must be above 0 and at most 1, got {share}")
    if not ordered:
        return None
    return ordered[ceil(round(share * len(ordered), 9)) - 1]


def _is_decided(row: Waited) -> bool:
    if row.limit_min is None:
        return False
    return row.wait_min is not None or row.here_min > row.limit_min


def _is_in_time(row: Waited) -> bool:
    limit, wait = row.limit_min, row.wait_min
    return limit is not None and wait is not None and wait <= limit
