"""Somebody is out alone: signs of life, and what is done when none comes in time.

The telephone asks for a sign. Every press counts as one, at the moment it was made. When
the minutes have run out without a sign, an alarm is raised on the screens of the station
and the sentral, and a list of steps begins, each so many minutes after the alarm, until a
named person has answered it. A sign that comes after the alarm holds back the steps that
are not reached yet; the alarm itself must still be answered.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum, auto


class Step(StrEnum):
    """The steps of the list, in the order in which they are meant."""

    RING_CREW = auto()
    RING_LEADER = auto()
    SEND_COLLEAGUE = auto()
    RING_POLICE = auto()


def sign_due_at(*, last_sign_at: datetime, minutes: int) -> datetime:
    """When the next sign of life must have come. Minutes, > 0.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 1, 2, 12, tzinfo=UTC)
    >>> sign_due_at(last_sign_at=noon, minutes=30).minute
    30
    """
    if minutes <= 0:
        raise ValueError(f"minutes must be over 0, got {minutes}")
    return last_sign_at + timedelta(minutes=minutes)


def is_silent(*, due_at: datetime, now: datetime) -> bool:
    """Has the time run out? At the very moment it has.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 1, 2, 12, tzinfo=UTC)
    >>> is_silent(due_at=noon, now=noon)
    True
    """
    return now >= due_at


def steps_reached(
    *,
    raised_at: datetime,
    now: datetime,
    after_min: Mapping[str, float],
    sign_at: datetime | None = None,
) -> tuple[tuple[Step, datetime], ...]:
    """The steps that the clock has reached, with the moment of each, in time.

    Parameters
    ----------
    raised_at, now : aware datetime
    after_min : mapping
        Minutes after the alarm for each step, >= 0. A step without minutes is not used.
    sign_at : aware datetime, optional
        A sign of life after the alarm: steps later than it are held back.

    Examples
    --------
    >>> from datetime import UTC
    >>> noon = datetime(2026, 1, 2, 12, tzinfo=UTC)
    >>> found = steps_reached(
    ...     raised_at=noon, now=noon.replace(minute=3),
    ...     after_min={"ring_crew": 0, "ring_leader": 3, "ring_police": 10},
    ... )
    >>> [(step.value, at.minute) for step, at in found]
    [('ring_crew', 0), ('ring_leader', 3)]
    """
    until = now if sign_at is None else min(now, sign_at)
    found = [
        (step, raised_at + timedelta(minutes=after_min[step]))
        for step in Step
        if after_min.get(step) is not None
    ]
    reached = [(step, at) for step, at in found if at <= until]
    return tuple(sorted(reached, key=lambda one: (one[1], list(Step).index(one[0]))))
