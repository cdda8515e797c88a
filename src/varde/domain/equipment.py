"""When a checklist is due, how late it is, and how long a medicine keeps.

The interval between two checks is dated: what held on a day is never changed afterwards.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum, auto
from itertools import pairwise


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Interval:
    """So many days between two checks, from a day until the next interval begins."""

    valid_from: date
    every_days: int

    def __post_init__(self) -> None:
        if self.every_days < 1:
            raise ValueError(f"an interval has {self.every_days} days")


class DueState(StrEnum):
    """How a checklist stands on a day."""

    NEVER_CHECKED = auto()
    OVERDUE = auto()
    TODAY = auto()
    LATER = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """When a checklist is due, and how it stands on a day. `late_days` is 0 or more."""

    due_on: date
    state: DueState
    late_days: int

    @property
    def must_be_done(self) -> bool:
        """Whether it should have been done by now, or today."""
        return self.state is not DueState.LATER


def due_on(checked_on: date, intervals: Iterable[Interval]) -> date:
    """The day when the next check is due, after a check on a day.

    The first day on which so many days have gone as the interval of that same day says.
    A shorter interval moves the due day forward, but never to before it began; a longer
    one moves it back unless the check was due already. Before the first interval begins,
    the first holds.

    Raises ValueError if there is no interval, or two begin on the same day.

    >>> week = Interval(valid_from=date(2026, 1, 1), every_days=7)
    >>> day = Interval(valid_from=date(2026, 1, 5), every_days=1)
    >>> due_on(date(2026, 1, 2), [week])
    datetime.date(2026, 1, 9)
    >>> due_on(date(2026, 1, 2), [week, day])
    datetime.date(2026, 1, 5)
    """
    rows = sorted(intervals)
    if not rows:
        raise ValueError("a checklist has no interval")
    starts = [row.valid_from for row in rows]
    if len(set(starts)) < len(starts):
        raise ValueError("two intervals begin on the same day")
    for row, later in pairwise(rows):
        found = _reached(checked_on, row, is_first=row is rows[0])
        if found < later.valid_from:
            return found
    return _reached(checked_on, rows[-1], is_first=len(rows) == 1)


def _reached(checked_on: date, row: Interval, *, is_first: bool) -> date:
    """The day when the interval is full, not before it began to hold."""
    full = checked_on + timedelta(days=row.every_days)
    return full if is_first else max(full, row.valid_from)


def due(
    *,
    placed_on: date,
    checked_on: date | None,
    intervals: Iterable[Interval],
    today: date,
) -> Due:
    """How a checklist stands on a day. One that was never checked is due when placed."""
    if checked_on is None:
        late = max((today - placed_on).days, 0)
        return Due(due_on=placed_on, state=DueState.NEVER_CHECKED, late_days=late)
    on = due_on(checked_on, intervals)
    if on > today:
        return Due(due_on=on, state=DueState.LATER, late_days=0)
    state = DueState.TODAY if on == today else DueState.OVERDUE
    return Due(due_on=on, state=state, late_days=(today - on).days)


def days_left(expires_on: date, *, today: date) -> int:
    """Days that a thing may still be used, its last day not counted; below 0: too old.

    >>> days_left(date(2026, 3, 1), today=date(2026, 3, 1))
    0
    """
    return (expires_on - today).days
