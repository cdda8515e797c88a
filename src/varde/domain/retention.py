"""How long something is kept, in whole years from a day."""

from datetime import date


_FEBRUARY_29 = (2, 29)


def last_day_due(*, today: date, keep_years: int) -> date:
    """The last day whose records have been kept for their years, and are due.

    A record of a day is kept until the same day so many years later, and is due on that
    day. One of 29 February is due on 1 March in a year without that day: a day later, and
    never too early.

    Parameters
    ----------
    today : date
    keep_years : int
        Whole years, >= 0. 0 keeps nothing past its own day.

    Returns
    -------
    date
        Everything from that day or before is due.

    Raises
    ------
    ValueError
        If the years are negative, or reach back before the year 1.

    References
    ----------
    Akuttmedisinforskriften (FOR-2015-03-20-231) § 20 keeps recordings three years from the
    day of the recording. The number of years is a dated setting.

    Examples
    --------
    >>> last_day_due(today=date(2026, 11, 22), keep_years=3)
    datetime.date(2023, 11, 22)
    >>> last_day_due(today=date(2027, 2, 28), keep_years=3)
    datetime.date(2024, 2, 28)
    """
    if keep_years < 0 or keep_years >= today.year:
        raise ValueError(f"{keep_years} years back from {today} is no date")
    year = today.year - keep_years
    if (today.month, today.day) == _FEBRUARY_29 and not _is_leap(year):
        return date(year, 2, 28)
    return today.replace(year=year)


def _is_leap(year: int) -> bool:
    return (year % 4 == 0 and year % 100 != 0) or year % 400 == 0
