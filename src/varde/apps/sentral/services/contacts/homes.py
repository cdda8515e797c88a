"""Which nursing home a contact is from."""

from datetime import datetime

from django.utils import timezone

from varde.apps.records import events
from varde.apps.records.events import Happened
from varde.apps.records.models import Contact, NursingHome, NursingHomeRequest, User
from varde.apps.sentral.services.contacts.saving import put
from varde.apps.sentral.services.contacts.values import Value


def tie_home(
    contact: Contact, home: NursingHome, *, by_number: bool, by: User, at: datetime
) -> NursingHomeRequest:
    """A locked contact is from that home. What the home tells of the place is not asked.

    Where the contact has none: the municipality (which may move it), where the patient is,
    and who rings. What was told by the home named before stays: it is the same talk.
    """
    known: dict[str, Value] = {
        "channel": Contact.Channel.NURSING_HOME.value,
        "caller_relation": contact.caller_relation or "nursing_home",
        "whereabouts": contact.whereabouts or home.name,
        "municipality_id": contact.municipality_id or home.municipality_id,
    }
    changed = {
        name: value for name, value in known.items() if getattr(contact, name) != value
    }
    if changed:
        put(contact, changed, by=by, at=at)
    request, _ = NursingHomeRequest.objects.update_or_create(
        contact=contact,
        defaults={"home": home, "is_by_number": by_number},
        create_defaults={
            "home": home,
            "is_by_number": by_number,
            "district_id": contact.district_id,
            "by": by,
            "occurred_at": at,
            "recorded_at": timezone.now(),
        },
    )
    events.happened(
        contact=contact,
        kind=Happened.HOME_KNOWN,
        by=by,
        at=at,
        home=home.pk,
        by_number=by_number,
    )
    return request
