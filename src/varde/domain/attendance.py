"""A time for the caller who must come: what the station can hold, and what is possible.

The time respects three things: the hastegrad's window, the doctors' capacity with what is
already promised, and how long the patient is on the road. When all three cannot be met,
the earliest possible time is given and said to be late, with the reason; the operator
then decides. A red patient never gets a time: red is help at once, not a place in a queue.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto

from varde.domain.errors import Rule, RuleBroken
from varde.domain.hastegrad import Hastegrad


class LateReason(StrEnum):
    """Why the proposed time is after the window."""

    TRAVEL = auto()  # the patient cannot be there in time, whatever the capacity
    CAPACITY = auto()  # there is no free place in time


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A stretch of time with room for so many patients, evenly spread. Half open."""

    starts_at: datetime
    ends_at: datetime
    places: int

    def __post_init__(self) -> None:
        if self.starts_at >= self.ends_at or self.places < 0:
            raise ValueError(
                f"interval {self.starts_at} to {self.ends_at} with {self.places} places "
                "must end after it starts, with 0 or more places"
            )

    def place(self, number: int) -> tuple[datetime, datetime]:
        """The start and end of a place, counted from 0."""
        length = (self.ends_at - self.starts_at) / self.places
        return self.starts_at + number * length, self.starts_at + (number + 1) * length


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A time, and whether it is later than the hastegrad allows.

    `window_ends_at` is None where the level has no limit.
    """

    at: datetime
    earliest_arrival_at: datetime
    window_ends_at: datetime | None
    is_late: bool
    late_reason: LateReason | None


def propose_time(
    *,
    now: datetime,
    hastegrad: Hastegrad,
    hastegrad_at: datetime,
    window_minutes: int | None,
    travel_minutes: int,
    intervals: Sequence[Interval],
    promised: Iterable[datetime],
) -> Proposal:
    """The earliest time that capacity and travel allow.

    Parameters
    ----------
    now : aware datetime
    hastegrad : Hastegrad
        Of either axis; the most urgent level of a scale is refused.
    hastegrad_at : aware datetime
        When the hastegrad was set: its window runs from then, not from now.
    window_minutes : int or None
        What the site allows the level, minutes, >= 0. None: no limit, never late.
    travel_minutes : int
        Time on the road as entered or known, minutes, >= 0. Unknown is not 0: ask.
    intervals : sequence of Interval
        The station's capacity ahead, not overlapping, in any order.
    promised : iterable of aware datetime
        Times already promised, of any patient. One outside all intervals takes no place.

    Returns
    -------
    Proposal
        A time in a free place, at or after the earliest arrival. Exactly at the end of
        the window is in time. An interval holds at most its number of places also when
        promises are bunched in it.

    Raises
    ------
    RuleBroken
        RED_IS_NEVER_QUEUED (hastegrad); NO_ATTENDANCE_TIME (looked_until) if no interval
        has a free place after the earliest arrival.
    ValueError
        If minutes are negative.

    Notes
    -----
    Places are taken in order, so an early place that a distant patient cannot reach stays
    free for one who lives near. Patients who walk in are not promises; the station keeps
    room for them by giving fewer places than it can see.

    Examples
    --------
    >>> from datetime import UTC
    >>> from varde.domain.hastegrad import PHONE
    >>> noon = datetime(2026, 1, 2, 12, tzinfo=UTC)
    >>> hour = Interval(starts_at=noon, ends_at=noon + timedelta(hours=1), places=4)
    >>> found = propose_time(
    ...     now=noon, hastegrad=PHONE.level("haster"), hastegrad_at=noon,
    ...     window_minutes=60, travel_minutes=10, intervals=[hour],
    ...     promised=[noon, noon + timedelta(minutes=15)],
    ... )
    >>> found.at.minute, found.is_late
    (30, False)
    """
    if hastegrad.is_most_urgent:
        raise RuleBroken(Rule.RED_IS_NEVER_QUEUED, hastegrad=hastegrad.code)
    if travel_minutes < 0 or (window_minutes is not None and window_minutes < 0):
        raise ValueError(
            f"travel_minutes {travel_minutes} and window_minutes {window_minutes} "
            "must be 0 or more"
        )

    arrival = now + timedelta(minutes=travel_minutes)
    at = _earliest_free(intervals, list(promised), arrival=arrival)
    if at is None:
        until = max((i.ends_at for i in intervals), default=None)
        raise RuleBroken(
            Rule.NO_ATTENDANCE_TIME, looked_until=until.isoformat() if until else ""
        )
    ends = (
        None
        if window_minutes is None
        else hastegrad_at + timedelta(minutes=window_minutes)
    )
    is_late = ends is not None and at > ends
    return Proposal(
        at=at,
        earliest_arrival_at=arrival,
        window_ends_at=ends,
        is_late=is_late,
        late_reason=_why_late(arrival, ends) if is_late else None,
    )


def _earliest_free(
    intervals: Sequence[Interval], promised: list[datetime], *, arrival: datetime
) -> datetime | None:
    for interval in sorted(intervals, key=lambda interval: interval.starts_at):
        inside = [p for p in promised if interval.starts_at <= p < interval.ends_at]
        if len(inside) >= interval.places:
            continue
        for number in range(interval.places):
            starts, ends = interval.place(number)
            is_taken = any(starts <= promise < ends for promise in inside)
            if ends > arrival and not is_taken:
                return max(starts, arrival)
    return None


def _why_late(arrival: datetime, window_ends: datetime | None) -> LateReason:
    if window_ends is not None and arrival > window_ends:
        return LateReason.TRAVEL
    return LateReason.CAPACITY
