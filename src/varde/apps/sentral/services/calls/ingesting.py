"""What the exchange tells: events in, the call's row brought up to date."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from varde.apps.records import audit, events
from varde.apps.records.events import Happened
from varde.apps.records.live import Topic, announce
from varde.apps.records.models import (
    AuditEntry,
    Call,
    Contact,
    Recording,
    Sentral,
    TelephonyEvent,
    User,
)
from varde.apps.sentral.queries.lines import line_named
from varde.apps.sentral.services import callbacks, contacts
from varde.apps.sentral.services.calls.answering import claim_call
from varde.apps.sentral.services.calls.claiming import claim_contact
from varde.apps.sentral.services.calls.folding import FROM_EXCHANGE, refold
from varde.apps.sentral.services.ingesting import (
    Ingested,
    wait_for_the_one_before,
)
from varde.domain.call import EventKind


# The first half of the advisory lock's key; the second is the sentral.
INGEST_LOCK = 116117


@dataclass(frozen=True, slots=True, kw_only=True)
class TelephonyMessage:
    """One event of one call, as the exchange told it and the webhook checked it.

    `priority` is None where the exchange does not say: then the line decides.
    """

    event_id: str
    call_id: str
    kind: EventKind
    occurred_at: datetime
    line: str = ""
    priority: int | None = None
    caller_number: str = ""
    operator: str = ""
    target: str = ""
    recording_reference: str = ""


def ingest(*, sentral: Sentral, event: TelephonyMessage, at: datetime) -> Ingested:
    """Take in one event. See `ingest_all`."""
    return ingest_all(sentral=sentral, events=[event], at=at)


@transaction.atomic
def ingest_all(
    *,
    sentral: Sentral,
    events: Sequence[TelephonyMessage],
    at: datetime,
    origin: str = "",
) -> Ingested:
    """Take in events of any calls of a sentral, in any order, again and again.

    The end state depends on the set of events alone (`domain.call`). An event that is
    known by its call and event_id changes nothing. Known, but with other content: the
    first is kept, since what the exchange said is never changed, and the log tells of it.

    An abandoned call is on the list to ring back when this returns. A call answered by an
    operator whom we know is in that person's hand, unless somebody has it already.
    `at` is when the events came; when they happened is in them. `origin` is the sentral that
    they were meant for, while we help it.
    """
    # Two that came side by side, one with a missed call and one with the same caller who
    # got through, would else each look for the other before it is there.
    wait_for_the_one_before(INGEST_LOCK, sentral)
    by_call: dict[str, list[TelephonyMessage]] = defaultdict(list)
    for event in events:
        by_call[event.call_id].append(event)
    known = _locked_calls(sentral, by_call)
    made = _made_calls(sentral, [name for name in by_call if name not in known], origin)
    accepted = 0
    for call_id, told in by_call.items():
        if call_id in known:
            call = known[call_id]
            accepted += _take_in(call, told, list(call.events.all()), at=at)
        else:
            accepted += _take_in(made[call_id], told, [], at=at)
    return Ingested(accepted=accepted, duplicates=len(events) - accepted)


def _locked_calls(sentral: Sentral, names: Iterable[str]) -> dict[str, Call]:
    """The calls that we know, by the exchange's name for them, locked in one order."""
    locked = (
        Call.objects.select_for_update(of=("self",))
        .select_related("sentral")
        .filter(sentral=sentral, external_id__in=list(names))
        .order_by("pk")
    )
    return {call.external_id: call for call in locked}


def _made_calls(sentral: Sentral, names: list[str], origin: str) -> dict[str, Call]:
    """The calls that we hear of for the first time."""
    made = Call.objects.bulk_create(
        Call(
            sentral=sentral,
            district_id=sentral.host_district_id,
            external_id=name,
            source=FROM_EXCHANGE,
            origin=origin,
            recorded_at=timezone.now(),
        )
        for name in names
    )
    return {call.external_id: call for call in made}


def _take_in(
    call: Call,
    told: list[TelephonyMessage],
    before: list[TelephonyEvent],
    *,
    at: datetime,
) -> int:
    """Write the new events of one locked call and what follows. Returns how many."""
    known = {event.event_id: event for event in before}
    new: dict[str, TelephonyEvent] = {}
    for message in told:
        stored = known.get(message.event_id) or new.get(message.event_id)
        if stored is None:
            new[message.event_id] = _event(call, message)
        elif not _is_same(stored, message):
            _log_conflict(call, message, at=at)
    TelephonyEvent.objects.bulk_create(new.values())
    _keep_recordings(call, told)
    if call.source == FROM_EXCHANGE:
        _follow(call, told, [*known.values(), *new.values()], list(new.values()), at=at)
    return len(new)


def _follow(
    call: Call,
    told: list[TelephonyMessage],
    known: list[TelephonyEvent],
    new: list[TelephonyEvent],
    *,
    at: datetime,
) -> None:
    """Bring the call up to date, give it to the one who answered, ring back, and tell."""
    state, before = call.state, (call.answered_at, call.abandoned_at)
    is_described = _describe(call, told, at=at)
    if not new and not is_described:
        return
    refold(call, known)
    _hand_over(call, new, at=at)
    if is_described or (call.answered_at, call.abandoned_at) != before:
        callbacks.follow(call=call, at=at, was_answered_at=before[0])
    announce(
        *_topics(call, state), sentral_id=call.sentral_id, contact_id=call.contact_id
    )


def _event(call: Call, message: TelephonyMessage) -> TelephonyEvent:
    return TelephonyEvent(
        call=call,
        district_id=call.district_id,
        event_id=message.event_id,
        kind=message.kind.value,
        occurred_at=message.occurred_at,
        recorded_at=timezone.now(),
        operator_code=message.operator,
        target=message.target,
    )


def _is_same(stored: TelephonyEvent, message: TelephonyMessage) -> bool:
    return (
        stored.kind,
        stored.occurred_at,
        stored.operator_code,
        stored.target,
    ) == (message.kind.value, message.occurred_at, message.operator, message.target)


def _log_conflict(call: Call, message: TelephonyMessage, *, at: datetime) -> None:
    audit.log(
        what="telephony_event_conflict",
        kind=AuditEntry.Kind.REFUSED,
        by=None,
        at=at,
        district_id=call.district_id,
        table="records_call",
        row_id=call.pk,
        data={"event_id": message.event_id, "kind": message.kind.value},
    )


def _describe(call: Call, told: list[TelephonyMessage], *, at: datetime) -> bool:
    """Line, number and priority, to be saved with the rest. Whether they are new.

    They are the same in every event of a call.

    Should the exchange contradict itself, the value that sorts last counts: then the
    order in which the events came does not matter.
    """
    before = (call.line, call.caller_number, call.priority)
    for message in told:
        call.line = max(call.line, message.line)
        call.caller_number = max(call.caller_number, message.caller_number)
        priority = message.priority
        if priority is None:
            line = line_named(message.line, sentral=call.sentral, at=at)
            priority = line.priority
        call.priority = max(call.priority, priority)
    return (call.line, call.caller_number, call.priority) != before


def _keep_recordings(call: Call, told: list[TelephonyMessage]) -> None:
    """A reference to the sound, once each. The day is the one on which it was made."""
    for message in told:
        if message.recording_reference:
            Recording.objects.get_or_create(
                call=call,
                reference=message.recording_reference,
                defaults={
                    "district_id": call.district_id,
                    "recorded_on": timezone.localdate(message.occurred_at),
                },
            )


def _hand_over(call: Call, new: list[TelephonyEvent], *, at: datetime) -> None:
    """The call goes to the operator who took the telephone, if nobody has it."""
    if call.answered_at is None:
        return
    answers = [event for event in new if event.kind == EventKind.ANSWERED]
    for told in sorted(answers, key=lambda event: event.occurred_at):
        operator = _operator(told.operator_code, call.sentral, at=at)
        if operator is not None:
            _give(call, operator, at=min(told.occurred_at, at))
            return


def _give(call: Call, operator: User, *, at: datetime) -> None:
    if call.contact_id is None:
        claim_call(call, by=operator, at=at)
        return
    contact = contacts.locked(call.contact_id, may_be_closed=True)
    if contact.owner_id == operator.pk or contact.state == Contact.State.CLOSED:
        return
    if contact.owner_id is None:
        claim_contact(contact, by=operator, at=at)
        return
    events.happened(
        contact=contact, kind=Happened.ANSWERED_BY_OTHER, by=operator, at=at
    )


def _operator(code: str, sentral: Sentral, *, at: datetime) -> User | None:
    """The person whom the exchange calls so, if she works at this sentral that day."""
    if not code:
        return None
    on = timezone.localdate(at)
    return (
        User.objects.filter(
            Q(grants__valid_to=None) | Q(grants__valid_to__gt=on),
            operator_code=code,
            is_active=True,
            grants__sentral=sentral,
            grants__valid_from__lte=on,
        )
        .distinct()
        .first()
    )


def _topics(call: Call, before: str) -> list[Topic]:
    """What changed for those who look: the queue, and the numbers if the state did."""
    return [Topic.QUEUE, Topic.NUMBERS] if call.state != before else [Topic.QUEUE]
