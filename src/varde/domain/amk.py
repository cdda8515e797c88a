"""The hand-over to 113: a clock that starts when red is set, not when a button is pressed.

    open ──called──► called ──acknowledged, with AMK's mission number──► acknowledged
      └────────────────┴──stood down, with a reason──► stood down

Until AMK has acknowledged, somebody at the sentral must know that they have not: after
the set time the hand-over alarms the shift leader.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum, auto

from varde.domain.errors import Rule, RuleBroken


class HandOverState(StrEnum):
    """How far the hand-over has come."""

    OPEN = auto()
    CALLED = auto()
    ACKNOWLEDGED = auto()
    STOOD_DOWN = auto()


class CalledBy(StrEnum):
    """How AMK was brought in: all three on the line, or the caller passed on."""

    CONFERENCE = auto()
    TRANSFER = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """One hand-over. `red_at` is when the most urgent hastegrad was set."""

    red_at: datetime
    called_at: datetime | None = None
    called_by: CalledBy | None = None
    acknowledged_at: datetime | None = None
    mission_number: str = ""
    stood_down_at: datetime | None = None
    stood_down_reason: str = ""

    @property
    def state(self) -> HandOverState:
        """How far it has come."""
        if self.stood_down_at is not None:
            return HandOverState.STOOD_DOWN
        if self.acknowledged_at is not None:
            return HandOverState.ACKNOWLEDGED
        return HandOverState.CALLED if self.called_at else HandOverState.OPEN

    @property
    def is_settled(self) -> bool:
        """Has AMK taken over, or is it called off?"""
        return self.acknowledged_at is not None or self.stood_down_at is not None


def called(handover: HandOver, *, at: datetime, by: CalledBy) -> HandOver:
    """AMK was called. A second call keeps the time of the first and the latest way.

    Raises `RuleBroken` (AMK_ALREADY_ACKNOWLEDGED, AMK_STOOD_DOWN) when it is settled.
    """
    _refuse_if_settled(handover)
    first = handover.called_at or at
    return replace(handover, called_at=min(first, at), called_by=by)


def acknowledged(handover: HandOver, *, at: datetime, mission_number: str) -> HandOver:
    """AMK has taken over and given its mission number, which must not be blank.

    Raises `RuleBroken`: AMK_NOT_CALLED, AMK_MISSION_NUMBER_NEEDED, or when settled as
    for `called`.
    """
    _refuse_if_settled(handover)
    if handover.called_at is None:
        raise RuleBroken(Rule.AMK_NOT_CALLED)
    if not mission_number.strip():
        raise RuleBroken(Rule.AMK_MISSION_NUMBER_NEEDED)
    return replace(handover, acknowledged_at=at, mission_number=mission_number.strip())


def stood_down(handover: HandOver, *, at: datetime, reason: str) -> HandOver:
    """It was not red after all. The reason must not be blank; the clock stops.

    Raises `RuleBroken`: AMK_STAND_DOWN_NEEDS_REASON, or when settled as for `called`.
    """
    _refuse_if_settled(handover)
    if not reason.strip():
        raise RuleBroken(Rule.AMK_STAND_DOWN_NEEDS_REASON)
    return replace(handover, stood_down_at=at, stood_down_reason=reason.strip())


def open_s(handover: HandOver, *, now: datetime) -> float:
    """Seconds from red until it was settled, or until now. Never below 0.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 1, 2, 12, tzinfo=UTC)
    >>> open_s(HandOver(red_at=noon), now=noon + timedelta(seconds=45))
    45.0
    """
    until = handover.acknowledged_at or handover.stood_down_at or now
    return max(0.0, (until - handover.red_at).total_seconds())


def is_alarming(handover: HandOver, *, now: datetime, alarm_after_s: float) -> bool:
    """Must the shift leader be alarmed? From the set second on, until it is settled.

    A call that AMK has not acknowledged does not silence it: a telephone that rings at
    AMK is not a patient taken over.
    """
    if handover.is_settled:
        return False
    return now - handover.red_at >= timedelta(seconds=alarm_after_s)


def _refuse_if_settled(handover: HandOver) -> None:
    if handover.acknowledged_at is not None:
        raise RuleBroken(
            Rule.AMK_ALREADY_ACKNOWLEDGED,
            acknowledged_at=handover.acknowledged_at.isoformat(),
        )
    if handover.stood_down_at is not None:
        raise RuleBroken(
            Rule.AMK_STOOD_DOWN, stood_down_at=handover.stood_down_at.isoformat()
        )
