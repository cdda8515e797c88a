"""Taking an alarm: exactly one of those who reach for it gets it."""

from datetime import datetime

from django.db import transaction

from varde.apps.records.live import Topic, announce
from varde.apps.records.models import Contact, User
from varde.apps.sentral.services import contacts
from varde.apps.sentral.services.calls.claiming import claim_contact, lock_calls_of


@transaction.atomic
def take(*, contact_id: int, by: User, at: datetime) -> Contact:
    """Take the contact of an alarm in hand. The same person once more changes nothing.

    Raises `RuleBroken`: OWNED_BY_ANOTHER (owner: the name, since), CONTACT_IS_CLOSED.
    """
    lock_calls_of(contact_id)
    contact = claim_contact(contacts.locked(contact_id), by=by, at=at)
    announce(Topic.AMK, sentral_id=contact.sentral_id, contact_id=contact.pk)
    return contact
