"""A rota as the rules look at it: true times, who holds what, who is there meanwhile.

Moments are POSIX seconds here: true time, in which no night is shorter or longer than
another, and a whole year of duties is compared quickly.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property, lru_cache
from itertools import pairwise

from varde.domain.rota.limits import Calendar
from varde.domain.rota.values import Assignment, Slot, Span, Worker


type Piece = tuple[float, float]  # from, to (not included), in seconds

HOUR_S = 3600
DAY = timedelta(days=1)
WEEK_DAYS = 7


@dataclass(frozen=True, slots=True)
class Timed:
    """A slot with its true times."""

    slot: Slot
    starts_s: float
    ends_s: float

    @property
    def hours(self) -> float:
        """Its true length."""
        return (self.ends_s - self.starts_s) / HOUR_S

    @property
    def work_hours(self) -> float:
        """Its hours that count as work."""
        return self.hours * self.slot.active_share


def timed(slots: Iterable[Slot]) -> tuple[Timed, ...]:
    """The slots in time order."""
    made = [
        Timed(slot, slot.span.starts_at.timestamp(), slot.span.ends_at.timestamp())
        for slot in slots
    ]
    return tuple(sorted(made, key=lambda each: (each.starts_s, each.slot.id)))


def pieces_of(spans: Iterable[Span]) -> tuple[Piece, ...]:
    """Periods as pieces in time order, those that touch or overlap made one.

    >>> from datetime import UTC
    >>> at = [datetime(2026, 1, day, tzinfo=UTC) for day in (1, 2, 3)]
    >>> spans = [
    ...     Span(starts_at=a, ends_at=b) for a, b in ((at[1], at[2]), (at[0], at[1]))
    ... ]
    >>> [(b - a) / 86400 for a, b in pieces_of(spans)]
    [2.0]
    """
    return merged((s.starts_at.timestamp(), s.ends_at.timestamp()) for s in spans)


def merged(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Pieces in time order; those that touch or overlap are one.

    >>> merged([(5, 6), (0, 2), (2, 3)])
    ((0, 3), (5, 6))
    """
    made: list[Piece] = []
    for starts, ends in sorted(pieces):
        if made and starts <= made[-1][1]:
            made[-1] = (made[-1][0], max(ends, made[-1][1]))
        else:
            made.append((starts, ends))
    return tuple(made)


def without(whole: Iterable[Piece], taken: Iterable[Piece]) -> tuple[Piece, ...]:
    """What is left of some pieces when others are taken away.

    >>> without([(0, 10)], [(2, 3), (9, 12)])
    ((0, 2), (3, 9))
    """
    left = list(whole)
    for starts, ends in taken:
        left = [
            part
            for a, b in left
            for part in ((a, min(b, starts)), (max(a, ends), b))
            if part[0] < part[1]
        ]
    return tuple(left)


def hours_of(pieces: Iterable[Piece]) -> float:
    """The hours of some pieces together. Nothing is 0."""
    return sum(ends - starts for starts, ends in pieces) / HOUR_S


def overlap_hours(each: Timed, piece: Piece) -> float:
    """The hours that a duty has in common with a piece; 0 where they are apart."""
    shared = min(each.ends_s, piece[1]) - max(each.starts_s, piece[0])
    return max(shared, 0.0) / HOUR_S


class Meanwhile:
    """Finds, among slots in time order, those that have a moment in a piece of time."""

    def __init__(self, slots: Sequence[Timed]) -> None:
        self.slots = slots
        self.starts = [each.starts_s for each in slots]
        self.longest_s = max((e.ends_s - e.starts_s for e in slots), default=0.0)

    def __call__(self, piece: Piece) -> Iterator[Timed]:
        first = bisect_left(self.starts, piece[0] - self.longest_s)
        last = bisect_left(self.starts, piece[1])
        return (each for each in self.slots[first:last] if each.ends_s > piece[0])


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - day.weekday() * DAY


@lru_cache(maxsize=8192)
def _moment_s(calendar: Calendar, day: date, clock: time) -> float:
    return calendar.at(day, clock).timestamp()


@dataclass(frozen=True)
class Periods:
    """The periods of a person, whatever duties they have: worked out once."""

    worker: Worker

    @cached_property
    def away(self) -> tuple[Piece, ...]:
        """When the person has no duties."""
        return pieces_of(self.worker.away)

    @cached_property
    def no_nights(self) -> tuple[Piece, ...]:
        """When the person has no night duties."""
        return pieces_of(self.worker.no_nights)

    @cached_property
    def only_within(self) -> tuple[Piece, ...]:
        """The only times with duties; empty for no such limit."""
        return pieces_of(self.worker.only_within)

    @cached_property
    def alone(self) -> tuple[Piece, ...]:
        """When the person may work alone."""
        return pieces_of(self.worker.alone)

    @cached_property
    def phone_is_enough(self) -> tuple[Piece, ...]:
        """When a bakvakt on the telephone is enough for the person."""
        return pieces_of(self.worker.phone_is_enough)


@dataclass(frozen=True)
class Person:
    """A person with the duties they hold, in time order, and the weeks of the rota."""

    worker: Worker
    duties: tuple[Timed, ...]
    calendar: Calendar
    horizon: Piece  # of the whole rota
    known: Periods | None = None  # where they are worked out already

    @cached_property
    def periods(self) -> Periods:
        """When the person is away, free of nights, or may work alone."""
        return self.known or Periods(self.worker)

    def with_duties(self, duties: Iterable[Timed]) -> "Person":
        """The same person with these duties and no others."""
        in_order = sorted(duties, key=lambda each: (each.starts_s, each.slot.id))
        return Person(
            self.worker, tuple(in_order), self.calendar, self.horizon, self.periods
        )

    @property
    def away(self) -> tuple[Piece, ...]:
        """When the person has no duties."""
        return self.periods.away

    @property
    def no_nights(self) -> tuple[Piece, ...]:
        """When the person has no night duties."""
        return self.periods.no_nights

    @property
    def only_within(self) -> tuple[Piece, ...]:
        """The only times with duties; empty for no such limit."""
        return self.periods.only_within

    @property
    def alone(self) -> tuple[Piece, ...]:
        """When the person may work alone."""
        return self.periods.alone

    @cached_property
    def work_periods(self) -> tuple[Piece, ...]:
        """The duties, those without a break between them as one."""
        return merged((each.starts_s, each.ends_s) for each in self.duties)

    @cached_property
    def starts_on(self) -> tuple[date, ...]:
        """The day on which each duty starts."""
        return tuple(self.day_of(each.starts_s) for each in self.duties)

    @cached_property
    def week_hours(self) -> Mapping[date, float]:
        """The hours of work of each week that has any duty, by its Monday."""
        return {m: self.hours_between(self.week_piece(m)) for m in self.by_week}

    @cached_property
    def by_week(self) -> Mapping[date, tuple[Timed, ...]]:
        """The duties of each week that has any, by its Monday."""
        found: defaultdict[date, list[Timed]] = defaultdict(list)
        for each, day in zip(self.duties, self.starts_on, strict=True):
            last = self.day_of(each.ends_s - 1)
            monday = monday_of(day)
            while monday <= last:
                found[monday].append(each)
                monday += WEEK_DAYS * DAY
        return {monday: tuple(found[monday]) for monday in sorted(found)}

    def day_of(self, moment_s: float) -> date:
        """The day of a moment, by the clock of the place."""
        return datetime.fromtimestamp(moment_s, tz=self.calendar.zone).date()

    def at(self, day: date, clock: time) -> float:
        """When the clock of the place shows so on a day."""
        return _moment_s(self.calendar, day, clock)

    def week_piece(self, monday: date) -> Piece:
        """A week, from Monday to Monday: 167, 168 or 169 hours."""
        return self.at(monday, time()), self.at(monday + WEEK_DAYS * DAY, time())

    @cached_property
    def _meanwhile(self) -> Meanwhile:
        return Meanwhile(self.duties)

    def within(self, piece: Piece) -> tuple[Timed, ...]:
        """The duties that have a moment in a piece."""
        return tuple(self._meanwhile(piece))

    def hours_between(self, piece: Piece) -> float:
        """The hours of work in a piece."""
        return sum(
            overlap_hours(each, piece) * each.slot.active_share
            for each in self.within(piece)
        )


@dataclass(frozen=True)
class House:
    """All slots of a rota, who holds which, and who is there at the same time."""

    slots: tuple[Timed, ...]
    assignment: Assignment
    workers: Mapping[str, Worker]
    calendar: Calendar
    horizon: Piece
    known: Mapping[str, Periods] = field(default_factory=dict)

    @cached_property
    def people(self) -> Mapping[str, Person]:
        """Everybody with their duties, also those who have none."""
        held: defaultdict[str, list[Timed]] = defaultdict(list)
        for each in self.slots:
            holder = self.assignment.get(each.slot.id)
            if holder is not None:
                held[holder].append(each)
        return {
            name: Person(
                worker,
                tuple(held[name]),
                self.calendar,
                self.horizon,
                self.known.get(name),
            )
            for name, worker in self.workers.items()
        }

    @cached_property
    def meanwhile(self) -> Meanwhile:
        """The slots that have a moment in common with a piece, in time order."""
        return Meanwhile(self.slots)

    @cached_property
    def groups(self) -> Mapping[str, tuple[Timed, ...]]:
        """The slots of each group."""
        found: defaultdict[str, list[Timed]] = defaultdict(list)
        for each in self.slots:
            if each.slot.group:
                found[each.slot.group].append(each)
        return {group: tuple(members) for group, members in found.items()}

    def holder(self, each: Timed) -> Person | None:
        """Who holds a slot; None where it is vacant."""
        name = self.assignment.get(each.slot.id)
        return None if name is None else self.people[name]

    def cut(self, posts: frozenset[str], within: Iterable[Piece]) -> Iterator[Piece]:
        """Some pieces, cut where a slot of the posts starts or ends, without the time
        that no such slot covers."""
        for piece in within:
            there = [e for e in self.meanwhile(piece) if e.slot.post in posts]
            edges = sorted(
                {max(e.starts_s, piece[0]) for e in there}
                | {min(e.ends_s, piece[1]) for e in there}
            )
            for starts, ends in pairwise(edges):
                if any(e.slot.post in posts for e in self.meanwhile((starts, ends))):
                    yield starts, ends


def horizon_of(slots: Sequence[Timed]) -> Piece:
    """From the first slot's start to the last end; nothing at all without slots.

    >>> horizon_of(())
    (0.0, 0.0)
    """
    if not slots:
        return 0.0, 0.0
    return min(e.starts_s for e in slots), max(e.ends_s for e in slots)
