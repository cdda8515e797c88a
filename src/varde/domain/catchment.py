"""Day and night in the sense of who serves whom: a municipality may have its own legevakt
by day and share one with its neighbours at night, at weekends and on holidays.
"""

from collections.abc import Collection
from datetime import date, datetime, time

from varde.domain.workdays import is_workday


def is_day(
    at: datetime, *, starts: time, ends: time, holidays: Collection[date] = ()
) -> bool:
    """Is this moment, in local time, within the day hours of a working day?

    Half open: at `starts` the day has begun, at `ends` the night has. Saturdays, Sundays
    and holidays have no day hours.

    Parameters
    ----------
    at : aware datetime, in local time
    starts, ends : time
        The hours of the setting `catchment.day`. `starts` is before `ends`.
    holidays : collection of date

    Raises
    ------
    ValueError
        If the moment has no time zone, or the hours do not follow each other.

    Examples
    --------
    >>> from datetime import UTC
    >>> friday = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
    >>> is_day(friday, starts=time(8), ends=time(15, 30))
    True
    >>> is_day(friday.replace(hour=15, minute=30), starts=time(8), ends=time(15, 30))
    False
    """
    if at.tzinfo is None:
        raise ValueError(f"at has no time zone: {at!r}")
    if starts >= ends:
        raise ValueError(f"the day starts ({starts}) at or after its end ({ends})")
    if not is_workday(at.date(), holidays=holidays):
        return False
    return starts <= at.time() < ends
