"""Those to ring back: the missed call, and the promise.

A call that was abandoned is on the list at once, without anybody's doing. It leaves the
list only when somebody was spoken with, when a person strikes it off with a reason, or
when the exchange shows that it was answered after all. Nothing on the list is deleted.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from varde.apps.records import audit, events, settings
from varde.apps.records.events import Happened
from varde.apps.records.live import Topic, announce
from varde.apps.records.models import (
    Call,
    CallBack,
    CallBackAttempt,
    Contact,
    Sentral,
    User,
)
from varde.apps.sentral import messages
from varde.apps.sentral.queries.callbacks import (
    attempts_of,
    phone_level,
    state_of,
    unreachable_rule,
)
from varde.apps.sentral.queries.lines import line_named
from varde.apps.sentral.services import closing, contacts
from varde.apps.sentral.services.calls.claiming import (
    claim_contact,
    lock_calls_of,
    locked_call,
)
from varde.apps.sentral.services.calls.folding import FROM_EXCHANGE
from varde.apps.sentral.services.help.holding import require_ours
from varde.domain import callback as domain
from varde.domain.errors import Rule, RuleBroken
from varde.domain.hastegrad import Hastegrad


NUMBER_LENGTH = 20
NOTE_LENGTH = 200


def follow(
    *, call: Call, at: datetime, was_answered_at: datetime | None = None
) -> None:
    """Make the list agree with what is known of a locked call.

    Missed: it is on the list. Answered: its own entry is struck off, and an earlier missed
    call from the same number is settled, since that caller has got through. Where it turns
    out that the call was not answered then after all (`was_answered_at` is what was
    believed before), what had been settled by it comes back.
    """
    if call.source != FROM_EXCHANGE:
        return
    if was_answered_at is not None and was_answered_at != call.answered_at:
        _reconsider(call, at=at)
    if call.state == Call.State.ABANDONED:
        missed(call=call, at=at)
        return
    _answered_after_all(call, at=at)
    rang_again(call=call, at=at)


@transaction.atomic(savepoint=False)
def missed(*, call: Call, at: datetime) -> CallBack:
    """Put a missed call on the list, once. It is due by the setting for unknown hastegrad.

    Where the same caller rang again and was answered, it is settled by that. What the
    exchange's events settled, they may open again; what a person has settled stays so.
    """
    callback = (
        CallBack.objects.select_for_update(of=("self",)).filter(call=call).first()
    )
    if callback is None:
        callback = CallBack(
            call=call,
            district_id=call.district_id,
            sentral=call.sentral,
            kind=CallBack.Kind.MISSED,
            created_at=at,
            origin=call.origin,
        )
    elif callback.settled_by_id is not None or callback.helped_by:
        return callback
    callback.number = call.caller_number
    callback.contact_id = callback.contact_id or call.contact_id
    callback.due_at = _due_at(
        None, sentral=call.sentral, since=call.abandoned_at or at, at=at
    )
    callback.state = CallBack.State.OPEN
    callback.settled_at = None
    callback.settled_note = ""
    callback.save()
    later = _answered_later(call)
    if later is not None:
        _reached_by(callback, later, at=at)
    _tell(callback)
    return callback


@transaction.atomic(savepoint=False)
def rang_again(*, call: Call, at: datetime) -> list[CallBack]:
    """Settle open missed calls of a caller who has rung again and been answered.

    They are tied to the contact of the call that was answered. On a priority line a number
    is not a person (the switchboard of a nursing home): there somebody decides. A hidden
    number is nobody's.
    """
    if call.answered_at is None or not _is_a_person(call):
        return []
    open_ones = list(
        CallBack.objects.select_for_update(of=("self",))
        .select_related("sentral")
        .filter(
            sentral_id=call.sentral_id,
            kind=CallBack.Kind.MISSED,
            state=CallBack.State.OPEN,
            number=call.caller_number,
            call__priority=0,
            call__abandoned_at__lt=call.answered_at,
        )
        .exclude(call=call)
        .order_by("pk")
    )
    for callback in open_ones:
        _reached_by(callback, call, at=at)
        _tell(callback)
    return open_ones


@transaction.atomic
def promise(
    *,
    contact_id: int,
    by: User,
    at: datetime,
    due_at: datetime | None = None,
    number: str = "",
    about: str = "",
) -> CallBack:
    """Promise to ring back. Without a time it is due by the contact's hastegrad.

    The number is the contact's unless another is given.

    Raises `RuleBroken`: CONTACT_IS_CLOSED; FIELD_NOT_VALID (field, why) without any number,
    for one that is too long, or for a time before now.
    """
    contact = contacts.locked(contact_id)
    number = number.strip() or contact.callback_number
    if not number:
        raise RuleBroken(Rule.FIELD_NOT_VALID, field="number", why="empty")
    if len(number) > NUMBER_LENGTH:
        raise RuleBroken(Rule.FIELD_NOT_VALID, field="number", why="too_long")
    if due_at is not None and due_at < at:
        raise RuleBroken(Rule.FIELD_NOT_VALID, field="due_at", why="in_the_past")
    hastegrad = phone_level(contact.hastegrad_phone)
    callback = CallBack.objects.create(
        district_id=contact.district_id,
        sentral=contact.sentral,
        kind=CallBack.Kind.PROMISED,
        contact=contact,
        number=number,
        hastegrad=contact.hastegrad_phone,
        about=about.strip()[:NOTE_LENGTH],
        created_at=at,
        due_at=due_at or _due_at(hastegrad, sentral=contact.sentral, since=at, at=at),
    )
    events.happened(
        contact=contact,
        kind=Happened.CALLBACK_PROMISED,
        by=by,
        at=at,
        callback=callback.pk,
        due_at=callback.due_at.isoformat(),
    )
    _tell(callback)
    return callback


@transaction.atomic
def attempt(
    *, callback_id: int, was_reached: bool, by: User, at: datetime, note: str = ""
) -> CallBack:
    """Write that somebody tried. Reached settles it; else the rule for the unreachable.

    Raises `RuleBroken` (CALLBACK_IS_SETTLED).
    """
    callback = _locked(callback_id)
    CallBackAttempt.objects.create(
        callback=callback,
        district_id=callback.district_id,
        at=at,
        recorded_at=timezone.now(),
        by=by,
        was_reached=was_reached,
        note=note.strip()[:NOTE_LENGTH],
    )
    _trace(callback, Happened.CALLBACK_ATTEMPT, by=by, at=at, was_reached=was_reached)
    if was_reached:
        _settle(callback, CallBack.State.REACHED, by=by, at=at)
    else:
        _escalate(callback, at=at)
    _tell(callback)
    return callback


@transaction.atomic
def take(*, callback_id: int, by: User, at: datetime) -> Contact:
    """Take a call-back in hand: the contact to ring from is opened, or opened again.

    Raises `RuleBroken`: CALLBACK_IS_SETTLED, OWNED_BY_ANOTHER (owner: the name, since) when
    a colleague is on it.
    """
    callback = _locked(callback_id)
    contact = callback.contact
    if contact is None:
        contact = _new_contact(callback, by=by, at=at)
    elif contact.state == Contact.State.CLOSED:
        contact = closing.reopen(
            contact_id=contact.pk,
            reason=messages.in_record(messages.TO_RING_BACK),
            by=by,
            at=at,
        )
    else:
        contact = claim_contact(contacts.locked(contact.pk), by=by, at=at)
    callback.owner = by
    callback.contact = contact
    callback.save(update_fields=["owner", "contact"])
    _trace(callback, Happened.CALLBACK_TAKEN, by=by, at=at)
    _tell(callback)
    return contact


@transaction.atomic
def cancel(*, callback_id: int, note: str, by: User, at: datetime) -> CallBack:
    """Strike a call-back off the list, with a reason.

    Raises `RuleBroken`: CALLBACK_IS_SETTLED, CALLBACK_NEEDS_REASON.
    """
    callback = _locked(callback_id)
    if not note.strip():
        raise RuleBroken(Rule.CALLBACK_NEEDS_REASON)
    _settle(callback, CallBack.State.CANCELLED, by=by, at=at, note=note)
    _tell(callback)
    return callback


@transaction.atomic
def drop(*, callback_id: int, by: User, at: datetime) -> CallBack:
    """Strike off a call-back that nobody can ring: the caller's number was hidden.

    Raises `RuleBroken`: CALLBACK_IS_SETTLED, CALLBACK_NEEDS_REASON where there is a number.
    """
    callback = _locked(callback_id)
    if callback.number:
        raise RuleBroken(Rule.CALLBACK_NEEDS_REASON)
    note = messages.in_record(messages.CALLBACK_NUMBER_HIDDEN)
    _settle(callback, CallBack.State.CANCELLED, by=by, at=at, note=note)
    _tell(callback)
    return callback


@transaction.atomic
def give_up(*, callback_id: int, note: str, by: User, at: datetime) -> CallBack:
    """End a call-back whose person cannot be reached, and say what was decided.

    Raises `RuleBroken`: CALLBACK_IS_SETTLED, CALLBACK_NEEDS_REASON, UNREACHABLE_TOO_EARLY
    (attempts, attempts_needed, minutes, minutes_needed).
    """
    callback = _locked(callback_id)
    if not note.strip():
        raise RuleBroken(Rule.CALLBACK_NEEDS_REASON)
    domain.may_settle_as_unreachable(
        attempts_of(callback), now=at, rule=unreachable_rule(callback.sentral, at=at)
    )
    _settle(callback, CallBack.State.UNREACHABLE, by=by, at=at, note=note)
    _tell(callback)
    return callback


def escalate_due(*, at: datetime) -> int:
    """Tell the shift leader of everybody who cannot be reached. Returns how many are new.

    The rule counts attempts and time: the last attempt may have been made before the time
    was up. Run every minute; each call-back in a transaction of its own.
    """
    waiting = CallBack.objects.filter(
        state=CallBack.State.OPEN, escalated_at=None, attempts__isnull=False
    )
    found = sorted(set(waiting.values_list("pk", flat=True)))
    return sum(_escalate_one(callback_id, at=at) for callback_id in found)


@transaction.atomic
def _escalate_one(callback_id: int, *, at: datetime) -> bool:
    try:
        callback = _locked(callback_id)
    except RuleBroken:
        return False  # settled a moment ago
    is_new = _escalate(callback, at=at)
    if is_new:
        _tell(callback)
    return is_new


def _locked(callback_id: int) -> CallBack:
    """An open call-back, with its call and its contact, locked in the common order."""
    call_id, contact_id = CallBack.objects.values_list("call_id", "contact_id").get(
        pk=callback_id
    )
    if contact_id is not None:
        lock_calls_of(contact_id)
    if call_id is not None:
        locked_call(call_id)
    if contact_id is not None:
        Contact.objects.select_for_update().filter(pk=contact_id).first()
    callback = (
        CallBack.objects.select_for_update(of=("self",))
        .select_related("sentral", "contact", "call")
        .get(pk=callback_id)
    )
    if callback.state != CallBack.State.OPEN:
        raise RuleBroken(Rule.CALLBACK_IS_SETTLED)
    require_ours(callback=callback)
    return callback


def _new_contact(callback: CallBack, *, by: User, at: datetime) -> Contact:
    line = callback.call.line if callback.call is not None else ""
    return contacts.open_contact(
        sentral=callback.sentral,
        channel=line_named(line, sentral=callback.sentral, at=at).channel,
        by=by,
        at=at,
        call=callback.call,
        callback=callback,
    )


def _answered_after_all(call: Call, *, at: datetime) -> None:
    """Strike off what no person has settled: the call was not missed."""
    if call.answered_at is None:
        return
    callback = (
        CallBack.objects.select_for_update(of=("self",))
        .select_related("sentral")
        .filter(call=call, settled_by=None)
        .exclude(state=CallBack.State.CANCELLED)
        .first()
    )
    if callback is None:
        return
    note = messages.in_record(messages.CALLBACK_ANSWERED_AFTER_ALL)
    _close(callback, CallBack.State.CANCELLED, by=None, at=at, note=note)
    _tell(callback)


def _reconsider(call: Call, *, at: datetime) -> None:
    """Look again at missed calls that this one, or another of the caller's, settled."""
    if not _is_a_person(call):
        return
    settled = CallBack.objects.filter(
        sentral_id=call.sentral_id,
        kind=CallBack.Kind.MISSED,
        state=CallBack.State.REACHED,
        settled_by=None,
        call__caller_number=call.caller_number,
        call__priority=0,
    ).exclude(call=call)
    for callback in settled.select_related("call__sentral").order_by("pk"):
        missed(call=callback.call, at=at)


def _answered_later(call: Call) -> Call | None:
    """The first answered call of the same caller after this one, if any."""
    if call.abandoned_at is None or not _is_a_person(call):
        return None
    return (
        Call.objects.filter(
            sentral_id=call.sentral_id,
            caller_number=call.caller_number,
            priority=0,
            answered_at__gt=call.abandoned_at,
        )
        .order_by("answered_at")
        .first()
    )


def _is_a_person(call: Call) -> bool:
    return bool(call.caller_number) and call.priority == 0


def _reached_by(callback: CallBack, call: Call, *, at: datetime) -> None:
    """The caller got through by another call: settled, and tied to that call's contact."""
    if callback.contact_id is None:
        callback.contact_id = call.contact_id
        callback.save(update_fields=["contact"])
    _close(
        callback,
        CallBack.State.REACHED,
        by=None,
        at=at,
        note=messages.in_record(messages.CALLBACK_RANG_AGAIN),
    )
    audit.log(
        what="callback_settled_by_call",
        by=None,
        at=at,
        district_id=callback.district_id,
        contact_id=callback.contact_id,
        table="records_callback",
        row_id=callback.pk,
        data={"call": call.pk},
    )


def _settle(
    callback: CallBack, state: str, *, by: User, at: datetime, note: str = ""
) -> None:
    _close(callback, state, by=by, at=at, note=note)
    _trace(callback, Happened.CALLBACK_SETTLED, by=by, at=at, state=str(state))


def _close(
    callback: CallBack, state: str, *, by: User | None, at: datetime, note: str
) -> None:
    callback.state = state
    callback.settled_at = at
    callback.settled_by = by
    callback.settled_note = note.strip()[:NOTE_LENGTH]
    callback.save(update_fields=["state", "settled_at", "settled_by", "settled_note"])


def _escalate(callback: CallBack, *, at: datetime) -> bool:
    """Whether the rule for the unreachable is met for the first time."""
    to = state_of(callback, now=at).escalate_to
    if to is None or callback.escalated_at is not None:
        return False
    callback.escalated_at = at
    callback.save(update_fields=["escalated_at"])
    _trace(callback, Happened.CALLBACK_ESCALATED, by=None, at=at, to=to.value)
    return True


def _due_at(
    hastegrad: Hastegrad | None, *, sentral: Sentral, since: datetime, at: datetime
) -> datetime:
    minutes = settings.value(
        "callback.minutes",
        on=timezone.localdate(at),
        district_id=sentral.host_district_id,
    )
    return domain.due_at(
        hastegrad, since=since, minutes=minutes, minutes_without=minutes["ukjent"]
    )


def _trace(
    callback: CallBack,
    kind: Happened,
    *,
    by: User | None,
    at: datetime,
    **facts: str | bool,
) -> None:
    """One line of the log, and an event of the contact where there is one."""
    if callback.contact is not None:
        events.happened(
            contact=callback.contact,
            kind=kind,
            by=by,
            at=at,
            callback=callback.pk,
            **facts,
        )
    audit.log(
        what=kind.value,
        by=by,
        at=at,
        district_id=callback.district_id,
        contact_id=callback.contact_id,
        table="records_callback",
        row_id=callback.pk,
        data=dict(facts),
    )


def _tell(callback: CallBack) -> None:
    announce(
        Topic.CALLBACKS,
        sentral_id=callback.sentral_id,
        contact_id=callback.contact_id,
    )
