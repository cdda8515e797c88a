"""Answering a call: exactly one of those who reach for it gets it."""

from datetime import datetime

from django.db import transaction

from varde.apps.records.models import Call, Contact, User
from varde.apps.sentral.queries.lines import line_named
from varde.apps.sentral.services import callbacks, contacts
from varde.apps.sentral.services.calls.claiming import (
    claim_contact,
    lock_calls_of,
    locked_call,
)
from varde.apps.sentral.services.calls.folding import refold
from varde.apps.sentral.services.help.holding import require_ours
from varde.domain.errors import Rule, RuleBroken


@transaction.atomic
def answer(*, call_id: int, by: User, at: datetime) -> Contact:
    """Take a call. Of all who try at once exactly one gets it, and a contact with it.

    The same person once more only renews the sign of life. A call whose contact was put
    back, or whose owner fell silent, gives that contact. One that the exchange says was
    answered and is over may still be taken: short talks are written down afterwards.

    Raises `RuleBroken`: OWNED_BY_ANOTHER (owner: the name, since), CALL_IS_OVER (state)
    for one that was abandoned (it is on the list to ring back), CONTACT_IS_CLOSED, HELD_BY_PARTNER and
    HELP_NOT_HEARD while another sentral has it or may have it.
    """
    known = Call.objects.filter(pk=call_id).values_list("contact_id", flat=True).first()
    if known is not None:
        lock_calls_of(known)
    call = locked_call(call_id)
    require_ours(call=call)
    if call.state in {Call.State.ABANDONED, Call.State.FAULT}:
        raise RuleBroken(Rule.CALL_IS_OVER, state=call.state)
    contact = claim_call(call, by=by, at=at)
    refold(call)
    callbacks.rang_again(call=call, at=at)
    return contact


def claim_call(call: Call, *, by: User, at: datetime) -> Contact:
    """Put a locked call in somebody's hand: open its contact, or claim the one it has."""
    if call.contact_id is not None:
        return claim_contact(contacts.locked(call.contact_id), by=by, at=at)
    call.owner = by
    call.claimed_at = call.claimed_at or at
    call.save(update_fields=["owner", "claimed_at"])
    return contacts.open_contact(
        sentral=call.sentral,
        channel=line_named(call.line, sentral=call.sentral, at=at).channel,
        by=by,
        at=at,
        call=call,
    )
