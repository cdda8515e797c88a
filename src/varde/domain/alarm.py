"""A safety alarm: what its signals add up to, and when somebody else must be told.

    raised, repeated     the person, or a sensor, asks for help
    cancelled            the person says that no help is needed
    restored             the device says that it works again

Signals come in any order and more than once. What they add up to depends on the moments
in them only. A cancelled alarm is still looked at by a person: who cancels may be
confused, or not alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto


class SignalKind(StrEnum):
    """What a signal says."""

    RAISED = auto()
    REPEATED = auto()
    CANCELLED = auto()
    RESTORED = auto()


class AlarmState(StrEnum):
    """What the last signal says."""

    STANDING = auto()
    CANCELLED = auto()
    RESTORED = auto()


class Progress(StrEnum):
    """How far the sentral has come, as the sender is told."""

    RECEIVED = auto()
    TAKEN = auto()
    CLOSED = auto()


ASKS_FOR_HELP = frozenset({SignalKind.RAISED, SignalKind.REPEATED})


@dataclass(frozen=True, slots=True)
class Signal:
    """One signal, and when it was given."""

    kind: SignalKind
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """What all signals of an alarm add up to.

    `calls` is how many times help was asked for, `called_at` the last time. A moment is
    None where no such signal has come.
    """

    first_at: datetime
    calls: int
    called_at: datetime | None
    cancelled_at: datetime | None
    restored_at: datetime | None

    @property
    def state(self) -> AlarmState:
        """The last word. At the same moment, asking for help goes before the others, and
        cancelled before restored; an alarm with none of the three moments is standing.
        """
        quiet = [at for at in (self.cancelled_at, self.restored_at) if at is not None]
        if not quiet:
            return AlarmState.STANDING
        if self.called_at is not None and self.called_at >= max(quiet):
            return AlarmState.STANDING
        if self.cancelled_at == max(quiet):
            return AlarmState.CANCELLED
        return AlarmState.RESTORED

    @property
    def needs_a_person(self) -> bool:
        """Whether somebody must look: help was asked for, or was asked for and called off.

        A device that only says that it works again needs nobody.
        """
        return self.called_at is not None or self.cancelled_at is not None


def fold(signals: Iterable[Signal]) -> Folded:
    """What the signals add up to, in whatever order they came.

    Each signal is given once. Raises `ValueError` for none: there is no alarm then.

    >>> from datetime import UTC, datetime
    >>> six = datetime(2026, 11, 20, 18, tzinfo=UTC)
    >>> found = fold([Signal(SignalKind.RAISED, six)])
    >>> found.state, found.calls
    (<AlarmState.STANDING: 'standing'>, 1)
    """
    known = list(signals)
    if not known:
        raise ValueError("an alarm without a signal is no alarm")
    return Folded(
        first_at=min(signal.at for signal in known),
        calls=sum(signal.kind in ASKS_FOR_HELP for signal in known),
        called_at=_last(known, ASKS_FOR_HELP),
        cancelled_at=_last(known, {SignalKind.CANCELLED}),
        restored_at=_last(known, {SignalKind.RESTORED}),
    )


def begins_anew(signals: Iterable[Signal], *, closed_at: datetime) -> datetime | None:
    """When help was first asked for after the contact was closed; None if it was not.

    A signal from the very moment of closing counts: nobody had read it.

    >>> from datetime import UTC, datetime
    >>> six = datetime(2026, 11, 20, 18, tzinfo=UTC)
    >>> begins_anew([Signal(SignalKind.CANCELLED, six)], closed_at=six) is None
    True
    """
    after = [
        signal.at
        for signal in signals
        if signal.kind in ASKS_FOR_HELP and signal.at >= closed_at
    ]
    return min(after, default=None)


def is_unanswered(*, waits_since: datetime, now: datetime, after_s: float) -> bool:
    """Whether an alarm that nobody has, has waited as long as is set, or longer.

    `after_s` in seconds, zero or more; zero is at once. A clock that says `now` before
    `waits_since` has waited for nothing.

    >>> from datetime import UTC, datetime
    >>> six = datetime(2026, 11, 20, 18, tzinfo=UTC)
    >>> is_unanswered(waits_since=six, now=six, after_s=120)
    False
    """
    return now - waits_since >= timedelta(seconds=after_s)


def progress(*, is_closed: bool, has_owner: bool) -> Progress:
    """How far it has come: closed goes before taken.

    >>> progress(is_closed=False, has_owner=False)
    <Progress.RECEIVED: 'received'>
    """
    if is_closed:
        return Progress.CLOSED
    return Progress.TAKEN if has_owner else Progress.RECEIVED


def _last(
    signals: list[Signal], kinds: frozenset[SignalKind] | set[SignalKind]
) -> datetime | None:
    moments = [signal.at for signal in signals if signal.kind in kinds]
    return max(moments, default=None)
