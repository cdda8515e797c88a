"""Kroner that can be partly unknown. Unknown is never zero.

Money is `Decimal`. Each line (hours of one kind times a rate) is rounded to whole øre, half
an øre up; sums are exact.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


ORE = Decimal("0.01")
S_PER_H = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A sum: what is known of it, and how many parts are not."""

    known: Decimal = Decimal(0)
    unknown: int = 0

    @property
    def total(self) -> Decimal | None:
        """The whole sum; None while a part of it is unknown."""
        return None if self.unknown else self.known

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(
            known=self.known + other.known, unknown=self.unknown + other.unknown
        )


UNKNOWN = Amount(unknown=1)


def total(amounts: Iterable[Amount]) -> Amount:
    """The sum of all; nothing of none.

    >>> total([Amount(known=Decimal(5)), UNKNOWN, UNKNOWN])
    Amount(known=Decimal('5'), unknown=2)
    """
    found = Amount()
    for amount in amounts:
        found += amount
    return found


def for_hours(seconds: int, rate: Decimal | None) -> Amount:
    """So many seconds at a rate in kroner an hour. No time costs nothing at any rate.

    >>> for_hours(5400, Decimal("55")).known
    Decimal('82.50')
    >>> for_hours(3600, None).total is None
    True
    """
    if seconds == 0:
        return Amount()
    if rate is None:
        return UNKNOWN
    return Amount(
        known=(rate * seconds / S_PER_H).quantize(ORE, rounding=ROUND_HALF_UP)
    )


def for_each(count: int, rate: Decimal | None) -> Amount:
    """So many at a rate each. None of them costs nothing at any rate.

    >>> for_each(3, Decimal(328)).known, for_each(3, None).unknown
    (Decimal('984'), 3)
    """
    if rate is None:
        return Amount(unknown=count)
    return Amount(known=rate * count)
