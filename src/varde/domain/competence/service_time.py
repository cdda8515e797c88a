"""Months of service, counted as a service record does: a month is thirty thirtieths.

Each day has a weight of its own, so that periods can be added, split and joined without
any month gained or lost, and a whole calendar month is always thirty thirtieths.
"""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from itertools import pairwise

from varde.domain.competence.person import Service


THIRTIETHS = 30  # of a month
_MONTHS = 12  # of a year


def served(
    services: Iterable[Service], *, since: date | None, before: date
) -> Fraction:
    """How much service was done in a period, in thirtieths of a month.

    Parameters
    ----------
    services : iterable of Service
        They may overlap; no day counts as more than one whole day's work.
    since : date or None
        Service before this day does not count. None: nothing counts, since the day from
        which it would count is not known.
    before : date
        The first day that does not count.

    Returns
    -------
    Fraction
        At least 0. Part time counts in proportion. From the 15th of a month to before the
        15th of another is whole months; the 31st is the end of its month.

    Examples
    --------
    >>> half = Service(kind="a", starts_on=date(2026, 1, 15), share=Fraction(1, 2))
    >>> served([half], since=date(2020, 1, 1), before=date(2026, 3, 15))
    Fraction(30, 1)
    """
    if since is None:
        return Fraction(0)
    pieces = [
        (max(one.starts_on, since), min(one.ends_before or before, before), one.share)
        for one in services
    ]
    pieces = [piece for piece in pieces if piece[0] < piece[1]]
    edges = sorted({day for start, end, _share in pieces for day in (start, end)})
    total = Fraction(0)
    for start, end in pairwise(edges):
        at_work = sum(share for a, b, share in pieces if a <= start and end <= b)
        total += (_place(end) - _place(start)) * min(Fraction(1), Fraction(at_work))
    return total


def _place(day: date) -> int:
    """Where a day lies in years of twelve months of thirty days."""
    months = day.year * _MONTHS + day.month
    return months * THIRTIETHS + min(day.day, THIRTIETHS)
