"""Beds for observation and KAD/ØHD: hours in bed and the next look.

Lengths are real hours between two instants. A night when the clocks change is an hour
shorter or longer, and Python's own difference of two local times does not see it; all
moments are therefore turned into UTC before they are subtracted.

How full the beds were, and the figures of a year, are in `bed_figures`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum, auto


@dataclass(frozen=True, slots=True, kw_only=True)
class BedStay:
    """One patient's time in one bed. `ended_at` is None while the patient is there.

    `outcome` is a code of the station's list; None where nobody has written it.
    """

    bed: str
    admitted_at: datetime
    ended_at: datetime | None = None
    outcome: str | None = None

    def __post_init__(self) -> None:
        refuse_naive("admitted_at", self.admitted_at)
        if self.ended_at is None:
            return
        refuse_naive("ended_at", self.ended_at)
        if self.ended_at.astimezone(UTC) < self.admitted_at.astimezone(UTC):
            raise ValueError(
                f"bed {self.bed}: a stay ends ({self.ended_at.isoformat()}) before it "
                f"begins ({self.admitted_at.isoformat()})"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class BedTime:
    """Hours in bed against the limit. The limit's fields are None where none is set.

    `left_hours` is below 0 when the limit has passed.
    """

    hours: float
    limit_at: datetime | None
    left_hours: float | None
    is_over: bool | None


def hours_in_bed(stay: BedStay, *, now: datetime, limit_hours: float | None) -> BedTime:
    """The real hours of a stay, and what is left of what the unit allows.

    Parameters
    ----------
    stay : BedStay
        One that has ended is measured to its end, another to `now`.
    now : aware datetime
        Before the admission (a clock that is behind, or one planned) the hours are 0.
    limit_hours : float or None
        The site's dated setting, hours, > 0. None: no limit is set, which is not the same
        as being within it.

    Returns
    -------
    BedTime
        Exactly at the limit is not over it. `limit_at` is in the zone of the admission.

    Raises
    ------
    ValueError
        If the limit is not above 0, or `now` has no zone.

    Examples
    --------
    >>> from datetime import UTC
    >>> stay = BedStay(bed="1", admitted_at=datetime(2026, 1, 2, 12, tzinfo=UTC))
    >>> time = hours_in_bed(
    ...     stay, now=datetime(2026, 1, 4, 12, tzinfo=UTC), limit_hours=120
    ... )
    >>> time.hours, time.left_hours, time.is_over
    (48.0, 72.0, False)
    """
    refuse_naive("now", now)
    if limit_hours is not None and not 0 < limit_hours < float("inf"):
        raise ValueError(f"limit_hours must be above 0, got {limit_hours}")
    hours = max(0.0, hours_between(stay.admitted_at, stay.ended_at or now))
    if limit_hours is None:
        return BedTime(hours=hours, limit_at=None, left_hours=None, is_over=None)
    limit_at = stay.admitted_at.astimezone(UTC) + timedelta(hours=limit_hours)
    return BedTime(
        hours=hours,
        limit_at=limit_at.astimezone(stay.admitted_at.tzinfo),
        left_hours=limit_hours - hours,
        is_over=hours > limit_hours,
    )


class LookState(StrEnum):
    """Where the planned looks to a bed stand. NONE_PLANNED is a fault to be shown."""

    NONE_PLANNED = auto()
    PLANNED = auto()
    OVERDUE = auto()
    ENDED = auto()  # the patient has left the bed


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedLook:
    """A look that somebody planned, and when it was done: None while it is not."""

    planned_at: datetime
    done_at: datetime | None = None

    def __post_init__(self) -> None:
        refuse_naive("planned_at", self.planned_at)
        if self.done_at is not None:
            refuse_naive("done_at", self.done_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class LookPicture:
    """The state, the next look that is not done, the last that is, and how late it is."""

    state: LookState
    next_at: datetime | None
    last_seen_at: datetime | None
    overdue_min: float


def planned_look(
    looks: Iterable[PlannedLook], *, now: datetime, has_ended: bool
) -> LookPicture:
    """Where the looks to a patient in a bed stand.

    Parameters
    ----------
    looks : iterable of PlannedLook
        In any order. One done late was done: its lateness is for the numbers.
    now : aware datetime
        Exactly at the planned moment is not overdue.
    has_ended : bool
        True when the patient has left the bed; then nothing is awaited.

    Returns
    -------
    LookPicture
        `next_at` is the earliest that is not done; None if none is planned or the stay
        has ended. `overdue_min` is minutes since then, 0 if it is not overdue.

    Examples
    --------
    >>> from datetime import UTC
    >>> noon = datetime(2026, 1, 2, 12, tzinfo=UTC)
    >>> picture = planned_look(
    ...     [PlannedLook(planned_at=noon)], now=noon.replace(minute=5), has_ended=False
    ... )
    >>> picture.state.value, picture.overdue_min
    ('overdue', 5.0)
    """
    refuse_naive("now", now)
    known = list(looks)
    last = max((look.done_at for look in known if look.done_at), default=None)
    waiting = [look.planned_at for look in known if look.done_at is None]
    next_at = None if has_ended else min(waiting, default=None)
    late_min = 0.0 if next_at is None else max(0.0, hours_between(next_at, now) * 60)
    return LookPicture(
        state=_look_state(next_at, late_min=late_min, has_ended=has_ended),
        next_at=next_at,
        last_seen_at=last,
        overdue_min=late_min,
    )


def _look_state(
    next_at: datetime | None, *, late_min: float, has_ended: bool
) -> LookState:
    if has_ended:
        return LookState.ENDED
    if next_at is None:
        return LookState.NONE_PLANNED
    return LookState.OVERDUE if late_min > 0 else LookState.PLANNED


def hours_between(begins: datetime, ends: datetime) -> float:
    """Real hours from one moment to another, whatever the clocks did; below 0 if back.

    >>> from zoneinfo import ZoneInfo
    >>> oslo = ZoneInfo("Europe/Oslo")
    >>> hours_between(
    ...     datetime(2026, 3, 29, tzinfo=oslo), datetime(2026, 3, 30, tzinfo=oslo)
    ... )
    23.0
    """
    return (ends.astimezone(UTC) - begins.astimezone(UTC)).total_seconds() / 3600


def refuse_naive(name: str, moment: datetime) -> None:
    """Raise ValueError for a moment without a time zone, with the name of the value."""
    if moment.tzinfo is None:
        raise ValueError(f"{name} has no time zone: {moment!r}")
