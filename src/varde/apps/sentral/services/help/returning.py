"""What was done for the other sentral is handed back, and taken in exactly once."""

import json
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from varde.apps.records import audit, events
from varde.apps.records.events import Happened
from varde.apps.records.live import Topic, announce
from varde.apps.records.models import (
    AmkHandover,
    Call,
    CallBack,
    Contact,
    HelpItem,
    HelpTakeover,
    TelephonyEvent,
)
from varde.apps.sentral import messages
from varde.apps.sentral.queries.queue import ON_THE_LINE
from varde.apps.sentral.services import callbacks
from varde.apps.sentral.services.calls.folding import HELPED, refold
from varde.apps.sentral.services.help.told import MOST_OPEN, Record, TooMuch
from varde.domain import help as rules
from varde.domain.call import EventKind
from varde.domain.help import AtHelper, OwnRow, Result, TakeIn


# The helper's side.


@transaction.atomic
def write_back(item_id: int, *, is_over: bool = True, at: datetime) -> bool:
    """Write down what was done with one item, unless somebody works with it. True if so.

    Until the help `is_over`, only what is done and written here is told.
    What nobody got to is off our list in the same transaction: of one who takes it and
    this, exactly one is first.
    """
    known = HelpItem.objects.values("call_id", "callback_id").get(pk=item_id)
    call = _locked_or_none(Call, known["call_id"])
    callback = _callback_of(known["callback_id"], call)
    contact = _contact_of(callback, call)
    callback = _locked_or_none(CallBack, callback.pk if callback else None)
    item = (
        HelpItem.objects.select_for_update(of=("self",))
        .select_related("takeover__partner")
        .get(pk=item_id)
    )
    if item.state != HelpItem.State.OPEN:
        return False
    if item.takeover.is_drill:
        result: Result | None = Result(item.result or Result.OPEN)
    else:
        result = rules.ready(_at_helper(call, callback, contact))
    is_written = contact is not None or result is not Result.ANSWERED
    if result is None or not (is_over or (is_written and result is not Result.OPEN)):
        return False
    item.result, item.state = result, HelpItem.State.BACK
    item.handled_at = item.handled_at or _handled_at(callback, contact, call) or at
    item.by_id = item.by_id or _who(callback, contact)
    item.text = json.dumps(_record(item, call, callback, contact))
    item.save(update_fields=["result", "state", "handled_at", "by", "text"])
    if callback is not None and result is Result.OPEN:
        _take_off(callback, at=at)
    return True


def _at_helper(
    call: Call | None, callback: CallBack | None, contact: Contact | None
) -> AtHelper:
    results = {
        CallBack.State.UNREACHABLE: Result.UNREACHABLE,
        CallBack.State.CANCELLED: Result.CANCELLED,
    }
    is_open = None if callback is None else callback.state == CallBack.State.OPEN
    return AtHelper(
        is_on_the_line=call is not None and call.state in ON_THE_LINE,
        is_spoken_with=call is not None and call.answered_at is not None,
        is_contact_open=contact is not None and contact.state == Contact.State.OPEN,
        is_callback_open=is_open,
        callback_result=results.get(
            CallBack.State(callback.state) if callback else CallBack.State.OPEN,
            Result.REACHED,
        ),
    )


def _locked_or_none(model: Any, pk: int | None) -> Any:
    if pk is None:
        return None
    return model.objects.select_for_update(of=("self",)).get(pk=pk)


def _callback_of(callback_id: int | None, call: Call | None) -> CallBack | None:
    if callback_id is not None:
        return CallBack.objects.get(pk=callback_id)
    if call is None:
        return None
    return CallBack.objects.filter(call=call).exclude(
        state=CallBack.State.CANCELLED, settled_by=None
    ).first()  # fmt: skip


def _contact_of(callback: CallBack | None, call: Call | None) -> Contact | None:
    ids = [row.contact_id for row in (callback, call) if row is not None]
    found = next((pk for pk in ids if pk is not None), None)
    contact: Contact | None = _locked_or_none(Contact, found)
    return contact


def _handled_at(
    callback: CallBack | None, contact: Contact | None, call: Call | None
) -> datetime | None:
    moments = (
        contact.closed_at if contact is not None else None,
        callback.settled_at if callback is not None else None,
        call.ended_at if call is not None else None,
    )
    return next((moment for moment in moments if moment is not None), None)


def _who(callback: CallBack | None, contact: Contact | None) -> int | None:
    if contact is not None:
        return contact.closed_by_id or contact.owner_id or contact.opened_by_id
    return callback.settled_by_id if callback is not None else None


def _record(
    item: HelpItem,
    call: Call | None,
    callback: CallBack | None,
    contact: Contact | None,
) -> dict[str, Any]:
    """What the owner is told: of the call or call-back, and of the contact written here."""
    gone = call is not None and call.abandoned_at is not None
    number = callback.number if callback is not None else ""
    return {
        "key": item.key,
        "result": item.result,
        "since": item.since.isoformat(),
        "handled_at": item.handled_at.isoformat() if item.handled_at else "",
        "is_gone": gone,
        "number": number or (call.caller_number if call is not None else ""),
        "line": call.line if call is not None else "",
        "hastegrad": callback.hastegrad if callback is not None else "",
        "due_at": callback.due_at.isoformat() if callback is not None else "",
        "attempts": callback.attempts.count() if callback is not None else 0,
        "contact": _told_of(contact) if contact is not None else None,
    }


def _told_of(contact: Contact) -> dict[str, Any]:
    return {
        "number": contact.pk,
        "opened_at": contact.opened_at.isoformat(),
        "closed_at": contact.closed_at.isoformat() if contact.closed_at else "",
        "hastegrad": contact.hastegrad_phone,
        "reason_code": contact.reason_code,
        "narrative": contact.narrative[:4000],
        "advice": contact.advice_given[:4000],
        "outcomes": list(contact.outcomes.values_list("kind", flat=True)),
    }


def _take_off(callback: CallBack, *, at: datetime) -> None:
    """Off our list, and the copy of the number with it: it is the owner's again."""
    callback.state, callback.settled_at, callback.number = (
        CallBack.State.CANCELLED,
        at,
        "",
    )
    callback.settled_note = messages.in_record(messages.CALLBACK_GIVEN_BACK)
    callback.save(update_fields=["state", "settled_at", "number", "settled_note"])


def report_of(takeover: HelpTakeover) -> dict[str, Any]:
    """Counts, seconds and who took part. No number of anybody's telephone."""
    items = list(takeover.items.all())
    open_again = sum(item.result == Result.OPEN for item in items)
    done = sum(item.state == HelpItem.State.DONE for item in items)
    seconds = None
    is_loss = takeover.is_automatic and not takeover.is_drill
    if is_loss and takeover.active_at is not None and takeover.lost_at is not None:
        seconds = round((takeover.active_at - takeover.lost_at).total_seconds(), 1)
    return {
        "items": len(items),
        "handled": len(items) - open_again,
        "open": open_again,
        "lost": len(items) - done,
        "doubled": sum(item.taken_in == TakeIn.DOUBLED for item in items),
        "seconds": seconds,
        "people": sorted({item.by_id for item in items if item.by_id}),
        "seen": [
            {
                "key": item.key,
                "seen_at": item.seen_at.isoformat(),
                "result": item.result,
            }
            for item in items
            if takeover.is_drill
        ],
    }


# The owner's side.


@transaction.atomic
def take_in(takeover: HelpTakeover, record: Record, *, at: datetime) -> None:
    """Take in one record. The same one again changes nothing.

    Raises `TooMuch` when as many as may be wait on our list for this partner's sake.
    """
    sentral = takeover.partner.sentral
    key, result = record.key, record.result
    call, callback = _own_rows(key, sentral.pk)
    item, _ = HelpItem.objects.select_for_update(of=("self",)).get_or_create(
        takeover=takeover,
        key=key,
        defaults={
            "district_id": sentral.host_district_id,
            "seen_at": at,
            "since": record.since,
            "call": call,
            "callback": callback,
        },
    )
    own = OwnRow.NONE if takeover.is_drill else _own(key, call, callback, sentral.pk)
    action = rules.take_in(result, own, is_known=bool(item.taken_in))
    if action is None:
        return
    if takeover.is_drill:
        action = TakeIn.NOTE
    item.state = HelpItem.State.DONE  # first: what is held here is nobody's to settle
    item.result, item.taken_in = result, action
    item.handled_at = record.handled_at
    item.text = record.model_dump_json()
    item.save()
    _do(action, item, record, call=call, callback=callback, at=at)
    audit.log(
        what="help_record",
        by=None,
        at=at,
        district_id=item.district_id,
        contact_id=callback.contact_id if callback is not None else None,
        table="records_helpitem",
        row_id=item.pk,
        data={"result": result.value, "taken_in": action.value},
    )
    announce(Topic.QUEUE, Topic.CALLBACKS, Topic.AMK, sentral_id=sentral.pk)


def _own_rows(key: str, sentral_id: int) -> tuple[Call | None, CallBack | None]:
    """Our call and our call-back by the key, locked in the common order."""
    kind, _, name = rules.plain_key(key).partition(":")
    mine = {"sentral_id": sentral_id, "origin": ""}
    if kind == "call":
        call = (
            Call.objects.select_for_update(of=("self",))
            .select_related("sentral")
            .filter(external_id=name, **mine)
            .first()
        )
        if call is None:
            return None, None
        rows = CallBack.objects.select_for_update(of=("self",)).filter(call=call)
        return call, rows.first()
    if kind == "callback" and name.isdecimal():
        return None, (
            CallBack.objects.select_for_update(of=("self",))
            .filter(pk=int(name), **mine)
            .first()
        )
    return None, None


def _own(
    key: str, call: Call | None, callback: CallBack | None, sentral_id: int
) -> OwnRow:
    """What our own row is. One that somebody of ours has in hand counts as settled."""
    if (contact_id := _amk_contact(key)) is not None:
        mine = AmkHandover.objects.filter(
            contact_id=contact_id, sentral_id=sentral_id, contact__origin=""
        )
        if not mine.exists():
            return OwnRow.NONE
        is_open = mine.filter(acknowledged_at=None, not_needed_at=None).exists()
        return OwnRow.OPEN if is_open else OwnRow.SETTLED
    if callback is not None:
        contact = callback.contact
        is_in_hand = contact is not None and contact.state == Contact.State.OPEN
        is_open = callback.state == CallBack.State.OPEN and not is_in_hand
        return OwnRow.OPEN if is_open else OwnRow.SETTLED
    if call is None:
        return OwnRow.NONE
    is_ours = call.owner_id is None and call.contact_id is None and not call.answered_at
    return OwnRow.OPEN if is_ours else OwnRow.SETTLED


def _amk_contact(key: str) -> int | None:
    """The contact of a hand-over to 113; None for another key."""
    kind, _, name = rules.plain_key(key).partition(":")
    return int(name) if kind == "amk" else None


def _do(
    action: TakeIn,
    item: HelpItem,
    record: Record,
    *,
    call: Call | None,
    callback: CallBack | None,
    at: datetime,
) -> None:
    if action is TakeIn.ADD:
        _add(item, record, at=at)
        return
    is_over = action is TakeIn.SETTLE or (action is TakeIn.KEEP and record.is_gone)
    if call is not None and is_over and call.state in ON_THE_LINE:
        callback = _end_call(call, item, at=at)
    if action is TakeIn.SETTLE and callback is not None:
        _settle(callback, item, at=at)
    contact_id = _amk_contact(item.key)
    if action is TakeIn.SETTLE and contact_id is not None:
        # 113 is acknowledged by a person of ours: a record never stops that alarm.
        contact = Contact.objects.get(pk=contact_id)
        _tell_contact(contact, item, at=at)


def _end_call(call: Call, item: HelpItem, *, at: datetime) -> CallBack | None:
    """The caller is not on our line any more: then it is a missed call, and on the list."""
    moments = list(call.events.values_list("occurred_at", flat=True))
    TelephonyEvent.objects.bulk_create(
        [
            TelephonyEvent(
                call=call,
                district_id=call.district_id,
                event_id=HELPED,
                kind=EventKind.ENDED.value,
                occurred_at=max([*moments, item.handled_at or at]),
                recorded_at=timezone.now(),
            )
        ],
        ignore_conflicts=True,
    )
    refold(call)
    callbacks.follow(call=call, at=at)
    return CallBack.objects.select_for_update(of=("self",)).filter(call=call).first()


def _settle(callback: CallBack, item: HelpItem, *, at: datetime) -> None:
    states = {
        Result.UNREACHABLE: CallBack.State.UNREACHABLE,
        Result.CANCELLED: CallBack.State.CANCELLED,
    }
    callback.state = states.get(Result(item.result), CallBack.State.REACHED)
    callback.settled_at = item.handled_at
    callback.helped_by = item.takeover.partner.code
    callback.settled_note = messages.in_record(messages.CALLBACK_HELPED)
    callback.save(update_fields=["state", "settled_at", "helped_by", "settled_note"])
    if callback.contact is not None:
        _tell_contact(callback.contact, item, at=at)


def _tell_contact(contact: Contact, item: HelpItem, *, at: datetime) -> None:
    events.happened(
        contact=contact,
        kind=Happened.HELPED,
        by=None,
        at=item.handled_at or at,
        item=item.pk,
        result=item.result,
    )


def _add(item: HelpItem, record: Record, *, at: datetime) -> None:
    """Somebody who rang while we were gone, and whom nobody has spoken with."""
    partner = item.takeover.partner
    sentral = partner.sentral
    waits = HelpItem.objects.filter(
        takeover__partner=partner,
        taken_in=TakeIn.ADD,
        callback__state=CallBack.State.OPEN,
    )
    if waits.count() >= MOST_OPEN:
        raise TooMuch("call-backs")
    item.callback = CallBack.objects.create(
        district_id=sentral.host_district_id,
        sentral=sentral,
        kind=CallBack.Kind.MISSED,
        number=record.number,
        hastegrad=record.hastegrad,
        created_at=at,
        due_at=record.due_at or at,
    )
    item.save(update_fields=["callback"])
