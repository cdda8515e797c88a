"""A call's row is the fold of what is known of it. Here it is folded again.

Known are the exchange's events, and two things that the exchange may leave out:

* The desk's answer. An operator has claimed the call, and the exchange says neither that
  it was answered nor that it was abandoned: then it was answered when it was claimed. As
  soon as the exchange says either, its word counts: it hears the line, and we do not.
* The silence. A call of which the exchange says no more is ended by `sweep`, and one
  that another sentral took up while we were gone, by its record. As soon as the exchange
  says how it ended, that counts.

The log of an import is final. Events of such a call are kept, and change nothing.
"""

from collections.abc import Iterable

from varde.apps.records.models import Call, TelephonyEvent
from varde.domain.call import CallEvent, EventKind, fold


FROM_EXCHANGE = "webhook"  # Call.source
# Names of events that Varde infers. The webhook takes none that begins so.
OWN_EVENTS = "varde:"
DESK_ANSWER = f"{OWN_EVENTS}desk"
SILENCE = f"{OWN_EVENTS}silence"
HELPED = f"{OWN_EVENTS}helped"  # another sentral took up what rang here
INFERRED = (SILENCE, HELPED)

# The columns that the exchange decides; the others are not touched.
FROM_EVENTS = (
    "line",
    "caller_number",
    "priority",
    "state",
    "ringing_at",
    "answered_at",
    "abandoned_at",
    "transferred_at",
    "ended_at",
    "operator_code",
)
_ENDS = (EventKind.ABANDONED, EventKind.ENDED)


def refold(call: Call, events: Iterable[TelephonyEvent] | None = None) -> None:
    """Bring a locked call's columns up to date with what is known, and save it.

    `events` are all events of the call, where the caller has read them already.
    """
    if call.source != FROM_EXCHANGE:
        return
    stored = call.events.all() if events is None else events
    state = fold(_known(call, [_as_domain(event) for event in stored]))
    call.state = state.state.value
    call.ringing_at = state.ringing_at
    call.answered_at = state.answered_at
    call.abandoned_at = state.abandoned_at
    call.transferred_at = state.transferred_at
    call.ended_at = state.ended_at
    call.operator_code = state.answered_by or ""
    call.save(update_fields=FROM_EVENTS)


def _as_domain(event: TelephonyEvent) -> CallEvent:
    return CallEvent(
        event_id=event.event_id,
        kind=EventKind(event.kind),
        occurred_at=event.occurred_at,
        operator=event.operator_code or None,
        target=event.target or None,
    )


def _known(call: Call, events: list[CallEvent]) -> list[CallEvent]:
    from_exchange = [event for event in events if event.event_id not in INFERRED]
    kinds = {event.kind for event in from_exchange}
    known = from_exchange if kinds.intersection(_ENDS) else list(events)
    if kinds.isdisjoint({EventKind.ANSWERED, EventKind.ABANDONED}):
        known += _answer_at_desk(call, known)
    return known


def _answer_at_desk(call: Call, known: list[CallEvent]) -> list[CallEvent]:
    if call.claimed_at is None:
        return []
    rings = [event.occurred_at for event in known if event.kind is EventKind.RINGING]
    # The exchange's clock may be ahead of ours: nobody answers before it rings.
    at = max(call.claimed_at, min(rings, default=call.claimed_at))
    return [CallEvent(event_id=DESK_ANSWER, kind=EventKind.ANSWERED, occurred_at=at)]
