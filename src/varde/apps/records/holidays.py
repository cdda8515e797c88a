"""Norway's public holidays, as the rules that need them take them: a set of days."""

from datetime import date
from functools import cache

import holidays


def around(day: date) -> frozenset[date]:
    """The public holidays of the year before, the year of, and the year after a day.

    >>> date(2026, 5, 17) in around(date(2026, 11, 20))
    True
    """
    return frozenset().union(*(_of(year) for year in range(day.year - 1, day.year + 2)))


@cache
def _of(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("NO", years=year))
