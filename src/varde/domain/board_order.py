"""The order of the station's board: who waits, in which order, and why.

A level allows a waiting patient so many minutes. They run from the last look at the
station, or from arrival while nobody has looked. The one with the least time left stands
first; a time that has run out is less than none, so it goes on rising on the board.

* Rød is not a place in the queue. Those patients stand on top, and have no number.
* When the time has run out somebody must look again. A look, also one that changes
  nothing, starts the time anew: the judgement that comes out of it may be that the patient
  can wait on. It never raises the hastegrad by itself.
* A patient without a hastegrad may be anything, also rød. Unknown is not good: there is a
  limit of its own for the first judgement, and where times are equal the patient stands
  before oransje, the most urgent level that queues. Not on top with rød: then every
  arrival would stand there for a moment, and rød would no longer be seen.
* Since all wait equally fast, time alone never makes two patients in the queue change
  places. Only an arrival, a look, a new hastegrad or new minutes do.

The minutes are the site's dated setting and come as an argument.

Sources: Helsedirektoratet, guide for legevakt (waiting patients are reassessed);
Helsetilsynet (Arendal: who is not seen within the time is to be triaged again); the rule
of the Manchester scale that the new judgement may justify further waiting. That a patient
without a hastegrad stands before oransje where times are equal is ours.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum, auto
from typing import NamedTuple

from varde.domain.errors import DifferentScales
from varde.domain.hastegrad import ARRIVAL, Hastegrad


NOT_TRIAGED = "ukjent"  # the key of `minutes` for those without a hastegrad
_NO_TIME = timedelta(0)
_RED = ARRIVAL.codes[0]
# Where times are equal. Who is not triaged comes before oransje; rød is not among them.
_RANK = {
    code: rank for rank, code in enumerate((_RED, NOT_TRIAGED, *ARRIVAL.codes[1:]))
}


class BoardReason(StrEnum):
    """Why a row stands where it stands. The words are made where they are shown."""

    HELP_NOW = auto()  # rød
    TIME_LEFT = auto()
    TIME_IS_OUT = auto()
    NOT_TRIAGED_TIME_LEFT = auto()
    NOT_TRIAGED_TIME_IS_OUT = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingPatient:
    """A patient who is at the station, as the order sees one. It holds no name.

    `level` is of the arrival scale, None until someone has judged. `last_seen_at` is the
    last look at the station, None while there was none. Both moments are aware.
    """

    patient_id: str
    level: Hastegrad | None
    arrived_at: datetime
    last_seen_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.level is not None and self.level.scale != ARRIVAL:
            raise DifferentScales(
                f"{self.level.scale.code}:{self.level.code} is not a level of the "
                "arrival scale. Judge the patient at arrival; until then the level is None."
            )
        for moment in (self.arrived_at, self.last_seen_at):
            if moment is not None and moment.tzinfo is None:
                raise ValueError(f"a moment has no time zone: {moment!r}")


class BoardRow(NamedTuple):
    """One row of the board. What it says of times is the values of its reason.

    `place` counts from 1; None for rød. `allowed` is what the level allows; None for rød,
    who is allowed nothing. `since` is what the time runs from: the last look if `is_seen`,
    else the arrival. The moments are in UTC.

    A named tuple and not a dataclass, since a board is ordered anew at every change and
    making the rows was most of the time.
    """

    patient: WaitingPatient
    place: int | None
    allowed: timedelta | None
    arrived_at: datetime
    since: datetime
    is_seen: bool
    now: datetime

    @property
    def unseen_for(self) -> timedelta:
        """The time since the last look, or since arrival; 0 or more."""
        return self.now - self.since

    @property
    def waited(self) -> timedelta:
        """The time since arrival, whatever the looks; 0 or more."""
        return self.now - self.arrived_at

    @property
    def time_left(self) -> timedelta | None:
        """What is left of what the level allows, negative when over; None for rød."""
        return None if self.allowed is None else self.allowed - self.unseen_for

    @property
    def must_look_again(self) -> bool:
        """Must somebody go and look? True when the time has run out, and for rød."""
        left = self.time_left
        return left is None or left <= _NO_TIME

    @property
    def reason(self) -> BoardReason:
        """Why the row stands where it stands."""
        if self.allowed is None:
            return BoardReason.HELP_NOW
        if self.patient.level is None:
            if self.must_look_again:
                return BoardReason.NOT_TRIAGED_TIME_IS_OUT
            return BoardReason.NOT_TRIAGED_TIME_LEFT
        if self.must_look_again:
            return BoardReason.TIME_IS_OUT
        return BoardReason.TIME_LEFT


def board_order(
    patients: Iterable[WaitingPatient], *, now: datetime, minutes: Mapping[str, int]
) -> tuple[BoardRow, ...]:
    """The rows of the board, from the top: rød first, then by the time left.

    Equal time left: the more urgent level first, a patient without a level before
    oransje; then who arrived first; then the id. So the order depends on nothing but what
    is known about each patient: not on the order they come in, nor on the others.

    Parameters
    ----------
    patients : iterable of WaitingPatient
        All who wait, in any order. An arrival after `now` (two clocks that differ)
        counts as arrived now. A look before the arrival (on the phone) or after `now`
        does not count.
    now : aware datetime
    minutes : level code, or "ukjent", -> minutes, >= 0
        The site's setting on that day. "ukjent" is the limit for those without a level.
        Needed for the levels that are there, except rød.

    Returns
    -------
    tuple of BoardRow
        One for each patient; empty when nobody waits. At exactly no time left it has run
        out. Of several rød, the one longest without a look stands first.

    Raises
    ------
    ValueError
        If an id comes twice, a moment has no time zone, a level has no minutes (a missing
        setting is not "no limit") or negative ones.

    Notes
    -----
    A low level far over its time stands above a high level just over its time: both must
    be looked at, and the longer silence goes first. A patient who is looked at often
    stands low although the wait since arrival is long; `waited` is there to show it.

    Examples
    --------
    >>> noon = datetime(2026, 1, 2, 12, tzinfo=UTC)
    >>> def came(patient_id, level, minutes_ago):
    ...     return WaitingPatient(
    ...         patient_id=patient_id, level=level and ARRIVAL.level(level),
    ...         arrived_at=noon - timedelta(minutes=minutes_ago),
    ...     )
    >>> rows = board_order(
    ...     [came("a", "gul", 20), came("b", "gronn", 125), came("c", "rod", 1),
    ...      came("d", None, 3)],
    ...     now=noon, minutes={"gul": 60, "gronn": 120, "ukjent": 10},
    ... )
    >>> [(row.place, row.patient.patient_id, row.reason.value) for row in rows[:2]]
    [(None, 'c', 'help_now'), (1, 'b', 'time_is_out')]
    >>> [(row.patient.patient_id, row.time_left.total_seconds() / 60) for row in rows[1:]]
    [('b', -5.0), ('d', 7.0), ('a', 40.0)]
    """
    if now.tzinfo is None:
        raise ValueError(f"now has no time zone: {now!r}")
    at = now.astimezone(UTC)
    allowed = _allowed(minutes)
    clocks = [_clock(patient, at=at, allowed=allowed) for patient in patients]
    _refuse_twice(clocks)
    clocks.sort()
    first = 1 - sum(not clock.is_queued for clock in clocks)
    return tuple(
        BoardRow(
            clock.patient,
            place if clock.is_queued else None,
            clock.allowed,
            clock.arrived_at,
            clock.since,
            clock.is_seen,
            at,
        )
        for place, clock in enumerate(clocks, first)
    )


class _Clock(NamedTuple):
    """A patient with what the order is made of: clocks sort as the rows of the board.

    The fields after the id, which is nobody else's, never decide.
    """

    is_queued: bool  # False, for rød, comes first
    due_at: datetime
    rank: int
    arrived_at: datetime
    patient_id: str
    patient: WaitingPatient
    since: datetime
    is_seen: bool
    allowed: timedelta | None  # None for rød


def _clock(
    patient: WaitingPatient, *, at: datetime, allowed: Mapping[str, timedelta]
) -> _Clock:
    # In UTC: two moments of one zone are subtracted as the clock on the wall shows them,
    # which is an hour wrong in the night when it is turned.
    arrived_at = min(patient.arrived_at.astimezone(UTC), at)
    since, is_seen = arrived_at, False
    if patient.last_seen_at is not None:
        seen_at = patient.last_seen_at.astimezone(UTC)
        if arrived_at <= seen_at <= at:
            since, is_seen = seen_at, True
    code = NOT_TRIAGED if patient.level is None else patient.level.code
    limit = None if code == _RED else _limit(code, allowed)
    return _Clock(
        limit is not None,
        since if limit is None else since + limit,
        _RANK[code],
        arrived_at,
        patient.patient_id,
        patient,
        since,
        is_seen,
        limit,
    )


def _limit(code: str, allowed: Mapping[str, timedelta]) -> timedelta:
    if code not in allowed:
        raise ValueError(
            f"no minutes are set for {code!r} at arrival; "
            f"there are for {', '.join(allowed) or 'none'}. Set a number."
        )
    return allowed[code]


def _allowed(minutes: Mapping[str, int]) -> dict[str, timedelta]:
    negative = {code: number for code, number in minutes.items() if number < 0}
    if negative:
        raise ValueError(f"minutes at arrival are negative: {negative}")
    return {code: timedelta(minutes=number) for code, number in minutes.items()}


def _refuse_twice(clocks: list[_Clock]) -> None:
    if len({clock.patient_id for clock in clocks}) != len(clocks):
        raise ValueError(
            "a patient stands twice in the list: each id may come once, or the board "
            "would count one person as two"
        )
