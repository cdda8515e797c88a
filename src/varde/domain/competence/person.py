"""What is documented of a person, as the competence rules see it.

All periods are dates: the first day and, where known, the last day included.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction


class Role(StrEnum):
    """What a person is on duty as. Each has rules of its own."""

    DOCTOR = "doctor"
    HEALTH_STAFF = "health_staff"  # nurses, paramedics
    OPERATOR = "operator"
    SUPPORT = "support"  # secretaries and others without patients of their own


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Some days in a row. `last` None: with no end.

    >>> Days(first=date(2026, 1, 1), last=date(2026, 1, 31)).has(date(2026, 1, 31))
    True
    """

    first: date
    last: date | None = None

    def __post_init__(self) -> None:
        if self.last is not None and self.last < self.first:
            raise ValueError(f"a period ends ({self.last}) before it begins")

    def has(self, day: date) -> bool:
        """Whether a day is one of them."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A course passed, a training done, an authorisation: from when, and its own end."""

    kind: str
    days: Days


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A period of work. `share` of a whole position: above 0, at most 1."""

    kind: str
    starts_on: date
    last_on: date | None = None
    share: Fraction = Fraction(1)

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1:
            raise ValueError(f"share is {self.share}, not above 0 and at most 1")
        if self.last_on is not None and self.last_on < self.starts_on:
            raise ValueError(f"a period ends ({self.last_on}) before it begins")

    @property
    def ends_before(self) -> date | None:
        """The first day without; None while it goes on."""
        return None if self.last_on is None else self.last_on + timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """So many duties, done up to and including a day."""

    kind: str
    on: date
    count: int

    def __post_init__(self) -> None:
        if self.count < 0:
            raise ValueError(f"count is {self.count}, below 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispensation:
    """Somebody decided that one demand is set aside for a time. It always ends."""

    demand: str
    days: Days

    def __post_init__(self) -> None:
        if self.days.last is None:
            raise ValueError(f"a dispensation from {self.demand!r} has no end")


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalNumber:
    """A number that the municipality has decided, from a day until the next begins."""

    name: str
    first: date
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One person on the day of the question. Nothing here says who it is.

    `lis1` are periods in the first part of the specialist training. `choices` are the
    exceptions that the municipality has chosen, by name, with their days.
    """

    role: Role
    documents: tuple[Document, ...] = ()
    services: tuple[Service, ...] = ()
    counted: tuple[Counted, ...] = ()
    lis1: tuple[Days, ...] = ()
    dispensations: tuple[Dispensation, ...] = ()
    choices: Mapping[str, tuple[Days, ...]] = field(default_factory=dict)
    local: tuple[LocalNumber, ...] = ()
