"""Shift patterns as data: the duties of each type of day, and the slots they make.

A pattern is written by the clock of the place; the slots have true lengths, so that the
duty of the night when the clocks change is an hour shorter or longer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from varde.domain.rota.limits import Calendar, Limits
from varde.domain.rota.values import Account, Slot, Span


class DayType(StrEnum):
    """The type of a day, of the first in this order that fits it."""

    HOLIDAY = "holiday"  # public holiday
    EVE = "eve"  # of Christmas, New Year, Easter, Whitsun
    SATURDAY = "saturday"
    SUNDAY = "sunday"
    BEFORE_FREE = "before_free"  # a working day with a free one after it, as Fridays
    WEEKDAY = "weekday"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A duty of a pattern: on which days, by which clock, in which post, how many."""

    code: str
    post: str
    days: frozenset[DayType]
    starts: time
    ends: time  # at or before `starts`: on the day after
    needed: int = 1
    active_share: float = 1.0
    group: str = ""  # shifts of a week with the same word go to one person


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """The shifts of a station or a sentral."""

    name: str
    shifts: tuple[Shift, ...]
    source: str


def day_type(day: date, *, calendar: Calendar) -> DayType:
    """The type of a day in the Norwegian calendar."""
    raise NotImplementedError


def accounts_of(span: Span, *, post: str, limits: Limits) -> frozenset[Account]:
    """The accounts that a duty counts in."""
    raise NotImplementedError


def slots_of(
    pattern: Pattern, *, first: date, last: date, limits: Limits
) -> tuple[Slot, ...]:
    """The slots of a pattern from a first to a last day, both included, in time order."""
    raise NotImplementedError


def weeks_on_and_off(
    *, first: date, last: date, on: int, off: int, calendar: Calendar
) -> tuple[Span, ...]:
    """The periods of one who has duty some weeks and is off some weeks, in turn."""
    raise NotImplementedError


def days_a_month(
    *, first: date, last: date, from_day: int, days: int, calendar: Calendar
) -> tuple[Span, ...]:
    """The periods of one who comes some days of each month."""
    raise NotImplementedError


PATTERNS: Sequence[Pattern] = ()
