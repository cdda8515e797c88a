"""Who answers for a function round the clock: the holder, else the first deputy who can.

A function (kommuneoverlege, smittevernlege, a leader) has a holder, of rank 0, and
deputies in their order. Each has days, and hours of the day. Whoever is away does not
answer, and the next in the order does. When nobody is left the function has a gap, which
is told and never filled by a guess.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from varde.domain.workdays import is_workday


ONE_DAY = timedelta(days=1)
HOLDER = 0  # the rank of the one whose function it is


class Hours(StrEnum):
    """At which hours somebody answers."""

    ALL = "all"
    OFFICE = "office"  # working days, in office hours
    OUTSIDE = "outside"  # all others


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeHours:
    """When offices are open on working days, by the clock of a place."""

    opens: time
    closes: time
    zone: tzinfo
    holidays: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if self.closes <= self.opens:
            raise ValueError(f"the office closes ({self.closes}) before it opens")

    def are_open(self, at: datetime) -> bool:
        """Whether it is office hours at a moment."""
        local = at.astimezone(self.zone)
        return (
            is_workday(local.date(), holidays=self.holidays)
            and self.opens <= local.time() < self.closes
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """One who answers: from the first day through the last (None: until further notice)."""

    person: str
    rank: int
    first: date
    last: date | None = None
    hours: Hours = Hours.ALL


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """Days in which a person does not answer, both included."""

    person: str
    first: date
    last: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of time with one who answers. `cover` is None where nobody does."""

    starts_at: datetime
    ends_at: datetime
    cover: Cover | None

    @property
    def length(self) -> timedelta:
        """Its true length, also in the nights when the clock is moved."""
        return self.ends_at.astimezone(UTC) - self.starts_at.astimezone(UTC)


def answering(
    covers: Iterable[Cover], away: Iterable[Away], *, at: datetime, office: OfficeHours
) -> Cover | None:
    """Who answers at a moment; None where nobody does.

    The lowest rank wins; of two with the same rank the one who began last.

    >>> from zoneinfo import ZoneInfo
    >>> office = OfficeHours(
    ...     opens=time(8), closes=time(15, 30), zone=ZoneInfo("Europe/Oslo")
    ... )
    >>> holder = Cover(person="Kari", rank=0, first=date(2026, 1, 1))
    >>> deputy = Cover(person="Ola", rank=1, first=date(2026, 1, 1))
    >>> noon = datetime(2026, 7, 1, 12, tzinfo=UTC)
    >>> answering([holder, deputy], [], at=noon, office=office).person
    'Kari'
    >>> summer = Away(person="Kari", first=date(2026, 6, 20), last=date(2026, 7, 20))
    >>> answering([holder, deputy], [summer], at=noon, office=office).person
    'Ola'
    """
    day = at.astimezone(office.zone).date()
    gone = {one.person for one in away if _holds(one.first, one.last, day)}
    is_office = office.are_open(at)
    able = [
        cover
        for cover in covers
        if _holds(cover.first, cover.last, day)
        and cover.person not in gone
        and (cover.hours is Hours.ALL or (cover.hours is Hours.OFFICE) == is_office)
    ]
    return min(
        able,
        key=lambda one: (one.rank, -one.first.toordinal(), one.person),
        default=None,
    )


def pieces(
    covers: Sequence[Cover],
    away: Sequence[Away],
    *,
    starts_at: datetime,
    ends_at: datetime,
    office: OfficeHours,
) -> tuple[Piece, ...]:
    """The period as stretches without a hole between them, each with who answers.

    Two neighbours never have the same. Raises ValueError for a period that does not end
    after it starts.
    """
    first, last = starts_at.astimezone(UTC), ends_at.astimezone(UTC)
    if last <= first:
        raise ValueError(f"the period ends ({ends_at}) before it starts ({starts_at})")
    edges = sorted({first, *_edges(first, last, office=office)})
    found: list[Piece] = []
    for start, end in zip(edges, [*edges[1:], last], strict=True):
        cover = answering(covers, away, at=start, office=office)
        if found and found[-1].cover == cover:
            start = found.pop().starts_at
        found.append(Piece(starts_at=start, ends_at=end, cover=cover))
    return tuple(found)


def gaps(found: Iterable[Piece]) -> tuple[Piece, ...]:
    """The stretches in which nobody answers."""
    return tuple(piece for piece in found if piece.cover is None)


def share_covered(found: Iterable[Piece]) -> float:
    """The share of the hours in which somebody answers, 0 to 1.

    Of nothing it is 0: what nobody has looked at is not covered.
    """
    rows = list(found)
    whole = sum((piece.length for piece in rows), timedelta())
    held = sum((piece.length for piece in rows if piece.cover is not None), timedelta())
    return held / whole if whole else 0.0


def _holds(first: date, last: date | None, day: date) -> bool:
    return first <= day and (last is None or day <= last)


def _edges(first: datetime, last: datetime, *, office: OfficeHours) -> list[datetime]:
    """The midnights of a period, and when offices open and close."""
    day = first.astimezone(office.zone).date()
    found = []
    while (midnight := datetime.combine(day, time(), office.zone)) < last:
        clocks = (time(), office.opens, office.closes)
        moments = [
            datetime.combine(midnight.date(), clock, office.zone) for clock in clocks
        ]
        found += [m.astimezone(UTC) for m in moments if first < m < last]
        day += ONE_DAY
    return found
