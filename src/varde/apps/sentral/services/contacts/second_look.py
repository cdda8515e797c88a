"""The second look of a colleague at a patient who comes back soon."""

from datetime import datetime

from django.db import transaction

from varde.apps.records import events
from varde.apps.records.events import Happened
from varde.apps.records.live import Topic, announce
from varde.apps.records.models import Contact, User
from varde.apps.sentral.services.contacts.locking import locked
from varde.domain.errors import Rule, RuleBroken


@transaction.atomic
def second_look(*, contact_id: int, by: User, at: datetime) -> Contact:
    """A colleague has looked at the contact. The first look that counts is kept.

    Raises `RuleBroken` (SECOND_LOOK_NEEDS_ANOTHER: by) for the one who has the contact in
    hand, or who opened it: a second look is another person's.
    """
    contact = locked(contact_id)
    if by.pk in {contact.owner_id, contact.opened_by_id}:
        raise RuleBroken(Rule.SECOND_LOOK_NEEDS_ANOTHER, by=by.name)
    if contact.second_look_by_id is not None:
        return contact
    contact.second_look_by = by
    contact.second_look_at = at
    contact.save(update_fields=["second_look_by", "second_look_at"])
    events.happened(contact=contact, kind=Happened.SECOND_LOOK, by=by, at=at)
    announce(Topic.CONTACTS, sentral_id=contact.sentral_id, contact_id=contact.pk)
    return contact
