"""An interpreter, at any hour: asked for, and what came of it."""

from datetime import datetime

from django.db import transaction

from varde.apps.records import events
from varde.apps.records.events import Happened
from varde.apps.records.live import Topic, announce
from varde.apps.records.models import InterpreterRequest, Outcome, User
from varde.apps.sentral.services import outcomes
from varde.apps.sentral.services.contacts import locked
from varde.apps.sentral.services.contacts.saving import put
from varde.apps.sentral.services.contacts.values import Value, Why, not_valid, plain
from varde.domain.errors import Rule, RuleBroken


# With these the conversation was held.
HELD = frozenset(
    {InterpreterRequest.Result.CONNECTED, InterpreterRequest.Result.FAMILY}
)


@transaction.atomic
def request(
    *, contact_id: int, language: str, by: User, at: datetime
) -> InterpreterRequest:
    """Ask for an interpreter. The contact's own language fields follow.

    Raises `RuleBroken`: CONTACT_IS_CLOSED, FIELD_NOT_VALID (language).
    """
    contact = locked(contact_id)
    wanted = plain("language", language, longest=40)
    if not wanted:
        raise not_valid("language", Why.EMPTY)
    row = InterpreterRequest.objects.create(
        contact=contact,
        district_id=contact.district_id,
        language=wanted,
        requested_at=at,
        by=by,
    )
    told: dict[str, Value] = {"interpreter_needed": True, "language": wanted}
    changed = {c: value for c, value in told.items() if getattr(contact, c) != value}
    if changed:
        put(contact, changed, by=by, at=at)
    events.happened(
        contact=contact,
        kind=Happened.INTERPRETER_ASKED,
        by=by,
        at=at,
        request=row.pk,
        language=wanted,
    )
    announce(Topic.CONTACTS, sentral_id=contact.sentral_id, contact_id=contact.pk)
    return row


@transaction.atomic
def result(
    *, request_id: int, result: str, by: User, at: datetime
) -> InterpreterRequest:
    """What came of it: connected, none to get, or a relative interpreted.

    With an interpreter (or a relative) on the line an open interpreter outcome is settled.
    With none to get it stays open. Raises `RuleBroken`: TASK_IS_SETTLED, FIELD_NOT_VALID.
    """
    if result not in InterpreterRequest.Result.values or (
        result == InterpreterRequest.Result.WAITING
    ):
        raise not_valid("result", Why.NOT_A_CHOICE)
    contact_id = InterpreterRequest.objects.values_list("contact_id", flat=True).get(
        pk=request_id
    )
    contact = locked(contact_id, may_be_closed=True)
    row = InterpreterRequest.objects.select_for_update(of=("self",)).get(pk=request_id)
    if row.result != InterpreterRequest.Result.WAITING:
        raise RuleBroken(Rule.TASK_IS_SETTLED)
    row.result = result
    row.connected_at = at if result == InterpreterRequest.Result.CONNECTED else None
    row.save(update_fields=["result", "connected_at"])
    if result in HELD:
        outcomes.settle_kind(contact, Outcome.Kind.INTERPRETER, by=by, at=at)
    events.happened(
        contact=contact,
        kind=Happened.INTERPRETER_RESULT,
        by=by,
        at=at,
        request=row.pk,
        result=result,
        seconds=int((at - row.requested_at).total_seconds()),
    )
    announce(Topic.CONTACTS, sentral_id=contact.sentral_id, contact_id=contact.pk)
    return row
