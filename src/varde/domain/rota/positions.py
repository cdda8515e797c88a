"""What a person's positions at a workplace come to in some days. They may overlap or not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from varde.domain.rota.limits import DAY


DECIMALS = 6  # of a position: a mean of shares is not exact


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A position: from a day until the day `before`, or with no end; its share of a whole."""

    first: date
    before: date | None
    share: float


def mean_share(positions: Sequence[Held], *, first: date, last: date) -> float:
    """The part of a whole position, the mean of the days on which there is any position.

    Parameters
    ----------
    positions : sequence
        Those of one day are added, and are never more than a whole one.
    first, last : date
        Both included.

    Returns
    -------
    float
        0 to 1; 0 without a position in those days.

    Examples
    --------
    >>> half = Held(first=date(2026, 12, 1), before=date(2026, 12, 15), share=0.5)
    >>> then = Held(first=date(2026, 12, 28), before=None, share=0.5)
    >>> mean_share([half, then], first=date(2026, 12, 1), last=date(2026, 12, 31))
    0.5
    """
    days, whole = 0, 0.0
    for start, end, there in _pieces(positions, first, last):
        if there:
            days += (end - start).days
            whole += (end - start).days * min(1.0, sum(one.share for one in there))
    return round(whole / days, DECIMALS) if days else 0.0


def days_without(
    positions: Sequence[Held], *, first: date, last: date
) -> tuple[tuple[date, date], ...]:
    """The days between two days (both included) without a position: first and last of each
    period, one after the other.

    >>> half = Held(first=date(2026, 12, 1), before=date(2026, 12, 15), share=0.5)
    >>> days_without([half], first=date(2026, 12, 1), last=date(2026, 12, 31))
    ((datetime.date(2026, 12, 15), datetime.date(2026, 12, 31)),)
    """
    return tuple(
        (start, end - DAY)
        for start, end, there in _pieces(positions, first, last)
        if not there
    )


def _pieces(
    positions: Sequence[Held], first: date, last: date
) -> Iterator[tuple[date, date, list[Held]]]:
    """The days, cut where a position begins or ends, and the positions of each piece."""
    edges = {day for one in positions for day in (one.first, one.before)}
    inside = {day for day in edges if day is not None and first < day <= last}
    for start, end in pairwise(sorted({first, last + DAY} | inside)):
        yield (
            start,
            end,
            [
                one
                for one in positions
                if one.first <= start and (one.before is None or one.before > start)
            ],
        )
