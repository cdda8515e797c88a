"""Taking a contact's row for oneself until the transaction ends."""

from varde.apps.records.models import Contact
from varde.domain.errors import Rule, RuleBroken


def locked(contact_id: int, *, may_be_closed: bool = False) -> Contact:
    """The contact with its row locked, so that two writers come one after the other.

    Raises `RuleBroken` (CONTACT_IS_CLOSED: closed_at) for a closed one, unless the act is
    one that comes after closing. The door (`access.contact_for`) has been passed before.
    """
    contact = (
        Contact.objects.select_for_update(of=("self",))
        .select_related("sentral", "patient")
        .get(pk=contact_id)
    )
    if contact.state == Contact.State.CLOSED and not may_be_closed:
        closed_at = contact.closed_at.isoformat() if contact.closed_at else ""
        raise RuleBroken(Rule.CONTACT_IS_CLOSED, closed_at=closed_at)
    return contact
