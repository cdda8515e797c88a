"""Taking a contact's row for oneself until the transaction ends."""

from varde.apps.records.models import Call, Contact
from varde.apps.sentral.queries import reference
from varde.domain.errors import Rule, RuleBroken


def locked(
    contact_id: int, *, may_be_closed: bool = False, may_move: bool = False
) -> Contact:
    """The contact with its row locked, so that two writers come one after the other.

    `may_move` is for acts that may take the contact to another district: its calls are
    locked first, since everywhere the order is the call, then the contact (see
    `services.calls`). `may_be_closed` is for acts that come after closing; else a closed
    contact raises `RuleBroken` (CONTACT_IS_CLOSED: closed_at). The door
    (`access.contact_for`) has been passed before.
    """
    if may_move:
        calls = Call.objects.select_for_update().filter(contact_id=contact_id)
        list(calls.order_by("pk").values_list("pk"))
    contact = (
        Contact.objects.select_for_update(of=("self",))
        .select_related("patient")
        .get(pk=contact_id)
    )
    contact.sentral = reference.sentral(contact.sentral_id) or contact.sentral
    if contact.state == Contact.State.CLOSED and not may_be_closed:
        closed_at = contact.closed_at.isoformat() if contact.closed_at else ""
        raise RuleBroken(Rule.CONTACT_IS_CLOSED, closed_at=closed_at)
    return contact
