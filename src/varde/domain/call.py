"""A call, as what its telephone events add up to.

The exchange sends events. They arrive twice, late, in any order, or not at all. The call
is therefore not a machine that steps from state to state, but a fold over the *set* of
events known so far: the same events give the same call, however they came. Every value
below is an earliest or a latest of a kind, which is what makes that true.

Rules for events that contradict each other:

1. The caller is gone at the earliest `abandoned` or `ended`. A call is answered if it was
   answered at that moment or before. One answered later is not: the caller had hung up,
   and the number stays on the list to call back. That is the careful direction, since to
   ring somebody who has been helped costs a minute, and the other way round a patient is
   lost.
2. `abandoned` after an answer is the caller hanging up in the end: the call has ended.
3. `ended` without an answer is an abandoned call, under whatever name.
   This also holds after a transfer that nobody answered.
4. A `fault` (a call with no person in it: used in imports) counts only where there is no
   answer and no `abandoned`: a person in the story makes it a call.
5. Two events with one `event_id` and different content: the one that sorts first is kept,
   so that the choice does not depend on which came first.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto


class EventKind(StrEnum):
    """What the exchange can tell. `ringing` means: at an operator, after the menu."""

    RINGING = auto()
    ANSWERED = auto()
    TRANSFERRED = auto()
    ABANDONED = auto()
    ENDED = auto()
    FAULT = auto()


class CallStatus(StrEnum):
    """What a call is now. UNKNOWN: no event has been seen."""

    UNKNOWN = auto()
    RINGING = auto()
    ANSWERED = auto()
    TRANSFERRED = auto()
    ABANDONED = auto()
    ENDED = auto()
    FAULT = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEvent:
    """One event of one call. `target` is where a transfer goes. All but three optional."""

    event_id: str
    kind: EventKind
    occurred_at: datetime
    operator: str | None = None
    extension: str | None = None
    target: str | None = None

    def __post_init__(self) -> None:
        if self.occurred_at.tzinfo is None:
            raise ValueError(f"occurred_at has no time zone: {self.occurred_at!r}")

    @property
    def sort_key(self) -> tuple[datetime, str, str, str, str, str]:
        """A total order: no two different events have the same key."""
        return (
            self.occurred_at,
            self.kind,
            self.operator or "",
            self.extension or "",
            self.target or "",
            self.event_id,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CallState:
    """What is known of a call. A moment is None while its event has not been seen.

    `ringing_at` is the first ring at any operator, and `answered_by` and
    `answered_extension` the first to answer. `answer_s` is None for a call that was not
    answered, and for one whose ring was not seen or came after its answer: then
    `is_answer_time_unknown`. Such a call counts as answered, and never as answered in
    time.
    """

    state: CallStatus = CallStatus.UNKNOWN
    ringing_at: datetime | None = None
    answered_at: datetime | None = None
    answered_by: str | None = None
    answered_extension: str | None = None
    transferred_at: datetime | None = None
    transferred_to: str | None = None
    abandoned_at: datetime | None = None
    ended_at: datetime | None = None
    answer_s: float | None = None

    @property
    def is_answered(self) -> bool:
        """Did somebody speak with the caller?"""
        return self.answered_at is not None

    @property
    def is_answer_time_unknown(self) -> bool:
        """Answered, but nobody knows how fast."""
        return self.is_answered and self.answer_s is None

    @property
    def is_missed(self) -> bool:
        """Gone unanswered: belongs on the list to call back."""
        return self.state is CallStatus.ABANDONED

    @property
    def is_waiting(self) -> bool:
        """Is the caller on the line with nobody to talk to?"""
        waits = (CallStatus.RINGING, CallStatus.TRANSFERRED)
        return self.state in waits and not self.is_answered

    @property
    def is_over(self) -> bool:
        """Is the caller off the line?"""
        return self.state in (CallStatus.ABANDONED, CallStatus.ENDED, CallStatus.FAULT)

    @property
    def counts_as_call(self) -> bool:
        """Is it a call in the national answer time? Faults are not."""
        return self.state not in (CallStatus.FAULT, CallStatus.UNKNOWN)

    def waited_s(self, *, now: datetime) -> float | None:
        """Seconds from the first ring to the answer, the hang-up, or now.

        None if the ring was not seen. Never below 0, also where the exchange's clock is
        ahead of ours.
        """
        if self.ringing_at is None:
            return None
        until = self.answered_at or self.abandoned_at or self.ended_at or now
        return max(0.0, (until - self.ringing_at).total_seconds())


def fold(events: Iterable[CallEvent]) -> CallState:
    """The call that a set of events adds up to; order and repetition do not matter.

    No events give a call in state UNKNOWN. Times are the exchange's (`occurred_at`),
    never those of arrival.

    >>> from datetime import UTC
    >>> at = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)
    >>> rang = CallEvent(event_id="1", kind=EventKind.RINGING, occurred_at=at)
    >>> took = CallEvent(
    ...     event_id="2", kind=EventKind.ANSWERED, occurred_at=at.replace(second=7)
    ... )
    >>> fold([took, rang, took]).answer_s
    7.0
    """
    ordered = _one_for_each_id(events)
    first, last = _ends_of_each_kind(ordered)

    ringing = first.get(EventKind.RINGING)
    gone_at = _earliest(first.get(EventKind.ABANDONED), first.get(EventKind.ENDED))
    answer = first.get(EventKind.ANSWERED)
    if answer and gone_at and answer.occurred_at > gone_at:
        answer = None  # rule 1
    transfer = last.get(EventKind.TRANSFERRED)
    end = last.get(EventKind.ENDED) or last.get(EventKind.ABANDONED)
    is_fault = (
        EventKind.FAULT in first and not answer and EventKind.ABANDONED not in first
    )
    ringing_at = _at(ringing)
    return CallState(
        state=_status(last, answer=answer, gone_at=gone_at, is_fault=is_fault),
        ringing_at=ringing_at,
        answered_at=_at(answer),
        answered_by=answer.operator if answer else None,
        answered_extension=answer.extension if answer else None,
        transferred_at=_at(transfer),
        transferred_to=transfer.target if transfer else None,
        abandoned_at=None if answer or is_fault else gone_at,
        ended_at=_at(end),
        answer_s=_answer_s(ringing_at, answer),
    )


def _one_for_each_id(events: Iterable[CallEvent]) -> list[CallEvent]:
    kept: dict[str, CallEvent] = {}
    for event in sorted(set(events), key=lambda event: event.sort_key):
        kept.setdefault(event.event_id, event)
    return list(kept.values())


def _ends_of_each_kind(
    ordered: list[CallEvent],
) -> tuple[dict[EventKind, CallEvent], dict[EventKind, CallEvent]]:
    """The first and the last event of each kind that was seen."""
    first: dict[EventKind, CallEvent] = {}
    last: dict[EventKind, CallEvent] = {}
    for event in ordered:
        first.setdefault(event.kind, event)
        last[event.kind] = event
    return first, last


def _earliest(*events: CallEvent | None) -> datetime | None:
    return min((event.occurred_at for event in events if event), default=None)


def _at(event: CallEvent | None) -> datetime | None:
    return event.occurred_at if event else None


def _status(
    last: dict[EventKind, CallEvent],
    *,
    answer: CallEvent | None,
    gone_at: datetime | None,
    is_fault: bool,
) -> CallStatus:
    if is_fault:
        return CallStatus.FAULT
    if gone_at is not None:
        return CallStatus.ENDED if answer else CallStatus.ABANDONED
    return _status_on_the_line(last)


def _status_on_the_line(last: dict[EventKind, CallEvent]) -> CallStatus:
    """The state of a caller who has not hung up: the last that happened decides.

    At the same moment a transfer comes after the answer. A new ring after the answer is
    the transfer ringing at its target and changes nothing.
    """
    answered = last.get(EventKind.ANSWERED)
    transferred = last.get(EventKind.TRANSFERRED)
    if answered and transferred:
        if answered.occurred_at > transferred.occurred_at:
            return CallStatus.ANSWERED
        return CallStatus.TRANSFERRED
    if answered:
        return CallStatus.ANSWERED
    if transferred:
        return CallStatus.TRANSFERRED
    return CallStatus.RINGING if EventKind.RINGING in last else CallStatus.UNKNOWN


def _answer_s(ringing_at: datetime | None, answer: CallEvent | None) -> float | None:
    if ringing_at is None or answer is None or answer.occurred_at < ringing_at:
        return None
    return (answer.occurred_at - ringing_at).total_seconds()
