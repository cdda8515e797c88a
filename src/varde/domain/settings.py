"""Dated settings: limits, minutes, rates and targets that change with law and agreement.

Each row holds from a day up to, but not including, another. What is asked for is always
what held on a day, so that last year's figures are still counted by last year's rule.
"""

from collections.abc import Iterable
from datetime import date
from typing import Protocol

from varde.domain.errors import VardeError


class Dated(Protocol):
    """Anything with a first day and a day when it no longer holds (None: still open)."""

    @property
    def valid_from(self) -> date: ...

    @property
    def valid_to(self) -> date | None: ...


class SettingMissing(VardeError):
    """Nothing is set for that day. It is never replaced by a guess."""


class SettingsOverlap(VardeError):
    """Two rows hold on the same day, so that nobody can know which one counts."""


def dated[T: Dated](rows: Iterable[T], *, on: date, name: str) -> T:
    """The row that holds on a day: valid_from <= on < valid_to.

    Parameters
    ----------
    rows : iterable of rows with `valid_from` and `valid_to`
        All rows of one setting, in any order.
    on : date
    name : str
        The setting's name, for the error text.

    Raises
    ------
    SettingMissing
        If no row holds on the day.
    SettingsOverlap
        If more than one does.

    Examples
    --------
    >>> from collections import namedtuple
    >>> Row = namedtuple("Row", "value valid_from valid_to")
    >>> old = Row(55, date(2013, 1, 1), date(2013, 7, 1))
    >>> new = Row(60, date(2013, 7, 1), None)
    >>> dated([old, new], on=date(2013, 7, 1), name="exemption_age").value
    60
    """
    all_rows = list(rows)
    valid = [row for row in all_rows if _holds(row, on=on)]
    if len(valid) > 1:
        raise SettingsOverlap(
            f"setting {name!r} has {len(valid)} values on {on}: {_periods(valid)}. "
            "Nothing was computed. End one of them before the next begins."
        )
    if not valid:
        raise SettingMissing(
            f"setting {name!r} has no value on {on}; it has {_periods(all_rows)}. "
            "Nothing was computed. Add a value with its source that holds on the day."
        )
    return valid[0]


def _holds(row: Dated, *, on: date) -> bool:
    return row.valid_from <= on and (row.valid_to is None or on < row.valid_to)


def _periods[T: Dated](rows: list[T]) -> str:
    return (
        ", ".join(f"{r.valid_from} to {r.valid_to or 'open'}" for r in rows) or "none"
    )
