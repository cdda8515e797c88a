"""What the tests of contacts do with one, and look for in its events."""

from datetime import timedelta

from tests import make
from varde.apps.sentral.services import contacts


LATER = make.NOW + timedelta(minutes=5)


def save(contact, by, **fields):
    return contacts.save_fields(contact_id=contact.pk, fields=fields, by=by, at=LATER)


def kinds(contact):
    """Of all that happened with the contact, in order."""
    return list(contact.events.order_by("pk").values_list("kind", flat=True))


def last_event(contact):
    return contact.events.order_by("-pk").first()
