"""What a rota is made of, as the rules and the optimiser see it.

People are ids. All moments carry a time zone, and lengths are measured in true time: a
night when the clocks change is an hour shorter or longer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


class Account(StrEnum):
    """What is shared fairly, each by itself. A duty may count in several."""

    EVENING = "evening"  # weekday evenings
    NIGHT = "night"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"  # public holidays and their eves
    BACKUP = "backup"  # bakvakt
    ALL = "all"  # the sum


class Law(StrEnum):
    """Which rules of working hours hold for a person."""

    AML = "aml"  # arbeidsmiljøloven chapter 10: hard
    SFS2305 = "sfs2305"  # doctors by agreement: warnings with a count


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A period, half open.

    >>> from zoneinfo import ZoneInfo
    >>> oslo = ZoneInfo("Europe/Oslo")
    >>> night = Span(  # the clocks go forward an hour
    ...     starts_at=datetime(2026, 3, 28, 22, tzinfo=oslo),
    ...     ends_at=datetime(2026, 3, 29, 8, tzinfo=oslo),
    ... )
    >>> night.hours
    9.0
    """

    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        if self.starts_at.tzinfo is None or self.ends_at.tzinfo is None:
            raise ValueError(f"a period has no time zone: {self.starts_at!r}")
        if self.starts_at >= self.ends_at:
            raise ValueError(
                f"a period ends ({self.ends_at}) before it starts ({self.starts_at})"
            )

    @property
    def hours(self) -> float:
        """Its true length in hours, whatever the clocks do meanwhile."""
        seconds = self.ends_at.timestamp() - self.starts_at.timestamp()
        return seconds / timedelta(hours=1).total_seconds()

    def overlaps(self, other: "Span") -> bool:
        """Whether the two have a moment in common. One that begins as the other ends
        has none."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def covers(self, other: "Span") -> bool:
        """Whether the whole of the other lies in this one."""
        return self.starts_at <= other.starts_at and other.ends_at <= self.ends_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A place in the rota: one duty that one person shall have.

    `active_share` is the share of its hours that counts as work: 1 for presence; for a
    standby at home what the agreement says. `is_phone_only` for one who answers the
    telephone and cannot come. `group` joins slots that one person must
    have all of, as the two duties of a whole weekend; empty for a slot by itself.
    `is_outside`: a duty before or after the rota, or elsewhere, which the rules count and
    which is no part of what the rota shares.
    """

    id: str
    post: str
    span: Span
    accounts: frozenset[Account]
    active_share: float = 1.0
    group: str = ""
    is_phone_only: bool = False
    is_outside: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.active_share <= 1:
            raise ValueError(
                f"slot {self.id}: active_share is {self.active_share}, not 0 to 1"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """A person, as the rota sees them.

    `share` is the part of a fair share that the person shall have: 1 for one who takes
    part in full, 0 for one who fills in only. `alone` are the periods in which the
    competence rule lets the person work without a bakvakt; outside them somebody who may
    must be on duty at the same time. `phone_is_enough` are the periods in which it has
    been decided that this one need not be able to come. `lis1` are those that ask for an
    experienced colleague present. `known` is the period in which all duties of the person
    are known, so that a week without any is free; None: as long as the rota and what is
    around it.
    `away` are periods without duty, `no_nights` periods without night duty. `only_within`
    is empty, or the only periods in which the person has duties (two weeks on and four
    off). `approved` are the periods in which a vikar is approved by the municipality; None
    for one who is no vikar. `without_post` are, for posts that the person has in a part of
    the time only, the periods without that post. `credit` is what was carried over from earlier periods: duties
    above (+) or below (-) the fair share, by account; an account without a line is 0.
    """

    id: str
    law: Law
    posts: frozenset[str]
    share: float = 1.0
    alone: tuple[Span, ...] = ()
    phone_is_enough: tuple[Span, ...] = ()
    lis1: tuple[Span, ...] = ()
    known: Span | None = None
    away: tuple[Span, ...] = ()
    no_nights: tuple[Span, ...] = ()
    only_within: tuple[Span, ...] = ()
    approved: tuple[Span, ...] | None = None
    without_post: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    credit: Mapping[Account, float] = field(default_factory=dict)

    def has_post_of(self, slot: Slot) -> bool:
        """Whether the person has the post of a slot through the whole of it."""
        return slot.post in self.posts and not any(
            span.overlaps(slot.span) for span in self.without_post.get(slot.post, ())
        )

    def may_begin(self, span: Span) -> bool:
        """Whether the approval of a vikar, where one is needed, holds as a duty begins."""
        return self.approved is None or any(
            period.starts_at <= span.starts_at < period.ends_at
            for period in self.approved
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One wish of one person: free, or on duty, in a period. Weight 1 to 3."""

    id: str
    worker: str
    span: Span
    wants_duty: bool
    weight: int


type Assignment = Mapping[str, str]  # slot id -> worker id; a vacant slot has no line
