"""Who is at work together, and who is alone, counted from the duties.

Lengths are true hours: the night when the clocks go back is an hour longer, the one when
they go forward an hour shorter. A time that no duty covers is counted by itself: nobody
is known to have been there, which is not the same as being alone.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import pairwise

from varde.domain.duty import Duty


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """A time in which the same people were on duty; nobody where `people` is empty."""

    starts_at: datetime
    ends_at: datetime
    people: frozenset[str]

    @property
    def length(self) -> timedelta:
        """The true length, also over the night when the clocks change."""
        return self.ends_at.astimezone(UTC) - self.starts_at.astimezone(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class AloneCount:
    """How long one person was alone, and how long no duty covered."""

    alone: timedelta = timedelta(0)
    uncovered: timedelta = timedelta(0)

    def __add__(self, other: "AloneCount") -> "AloneCount":
        return AloneCount(
            alone=self.alone + other.alone, uncovered=self.uncovered + other.uncovered
        )


def together(
    duties: Iterable[Duty], *, start: datetime, end: datetime
) -> tuple[Together, ...]:
    """The period, cut where somebody comes or goes: who was there in each piece.

    Parameters
    ----------
    duties : iterable of Duty
        In any order. Two duties of one person at once are one person.
    start, end : datetime
        With a time zone; start before end.

    Returns
    -------
    tuple of Together
        In time order, without gaps, the whole period from start to end. Neighbours have
        different people. Pieces that no duty covers have an empty set of people.

    Raises
    ------
    ValueError
        If a moment has no time zone, or start is not before end.

    Examples
    --------
    >>> six = datetime(2026, 1, 2, 6, tzinfo=UTC)
    >>> kari = Duty(
    ...     person="Kari", role="nurse", starts_at=six, ends_at=six.replace(hour=8)
    ... )
    >>> [
    ...     (piece.starts_at.hour, sorted(piece.people))
    ...     for piece in together([kari], start=six, end=six.replace(hour=9))
    ... ]
    [(6, ['Kari']), (8, [])]
    """
    if start.tzinfo is None or end.tzinfo is None:
        raise ValueError(f"a period has no time zone: {start!r} to {end!r}")
    first, last = start.astimezone(UTC), end.astimezone(UTC)
    if first >= last:
        raise ValueError(f"a period ends ({last}) before it starts ({first})")
    within = [
        (
            max(d.starts_at.astimezone(UTC), first),
            min(d.ends_at.astimezone(UTC), last),
            d,
        )
        for d in duties
    ]
    shown = [row for row in within if row[0] < row[1]]
    cuts = sorted({first, last, *(row[0] for row in shown), *(row[1] for row in shown)})
    pieces: list[Together] = []
    for begins, ends in pairwise(cuts):
        people = frozenset(d.person for a, b, d in shown if a <= begins < b)
        if pieces and pieces[-1].people == people:
            begins = pieces.pop().starts_at
        pieces.append(Together(starts_at=begins, ends_at=ends, people=people))
    return tuple(pieces)


def alone(pieces: Iterable[Together]) -> tuple[Together, ...]:
    """The pieces with exactly one person."""
    return tuple(piece for piece in pieces if len(piece.people) == 1)


def alone_by_day(pieces: Iterable[Together], *, zone: tzinfo) -> dict[date, AloneCount]:
    """How long somebody was alone, and how long nobody was on duty, day by day.

    A day is from midnight to midnight by the clock of `zone`: 23, 24 or 25 true hours.
    Every day that the pieces touch is there, also those without such time.
    """
    found: dict[date, AloneCount] = {}
    for begins, count in _hour_by_hour(pieces, zone=zone):
        found[begins.date()] = found.get(begins.date(), AloneCount()) + count
    return dict(sorted(found.items()))


def alone_by_hour(
    pieces: Iterable[Together], *, zone: tzinfo
) -> tuple[AloneCount, ...]:
    """The same by the hour of the clock: 24 counts, from 00 to 23.

    On the night when the clocks go back one hour comes twice, and counts twice.
    """
    found = [AloneCount()] * 24
    for begins, count in _hour_by_hour(pieces, zone=zone):
        found[begins.hour] += count
    return tuple(found)


def _hour_by_hour(
    pieces: Iterable[Together], *, zone: tzinfo
) -> Iterator[tuple[datetime, AloneCount]]:
    """Each piece cut at the whole hours of the clock. Clocks change at whole hours."""
    for piece in pieces:
        begins, ends = piece.starts_at.astimezone(UTC), piece.ends_at.astimezone(UTC)
        while begins < ends:
            local = begins.astimezone(zone)
            into = timedelta(
                minutes=local.minute,
                seconds=local.second,
                microseconds=local.microsecond,
            )
            until = min(begins + timedelta(hours=1) - into, ends)
            yield local, _count(piece, until - begins)
            begins = until


def _count(piece: Together, length: timedelta) -> AloneCount:
    if len(piece.people) == 1:
        return AloneCount(alone=length)
    return AloneCount() if piece.people else AloneCount(uncovered=length)
