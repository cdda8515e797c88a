"""Working days: Monday to Friday that are not public holidays.

Which days are holidays is an argument. Offices that close on other days as well (the day
after Ascension, Christmas Eve) hand those in too.
"""

from collections.abc import Collection
from datetime import date, timedelta


SATURDAY = 5  # date.weekday()


def is_workday(day: date, *, holidays: Collection[date]) -> bool:
    """Is it Monday to Friday and no holiday?"""
    return day.weekday() < SATURDAY and day not in holidays


def next_workday(after: date, *, holidays: Collection[date]) -> date:
    """The first working day after a day, never the day itself.

    >>> next_workday(date(2026, 4, 1), holidays={date(2026, 4, d) for d in (2, 3, 5, 6)})
    datetime.date(2026, 4, 7)
    """
    day = after + timedelta(days=1)
    while not is_workday(day, holidays=holidays):
        day += timedelta(days=1)
    return day
