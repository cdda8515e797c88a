"""A contact begins."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from varde.apps.records import events
from varde.apps.records.events import Happened
from varde.apps.records.live import Topic, announce
from varde.apps.records.models import (
    Call,
    CallBack,
    Contact,
    NursingHome,
    Sentral,
    User,
)
from varde.apps.sentral.queries.nursing_homes import home_with_number
from varde.apps.sentral.services.contacts.homes import tie_home


# Whoever rings on these lines may do so from a nursing home.
MAY_BE_HOME = (
    Contact.Channel.PHONE,
    Contact.Channel.HEALTH,
    Contact.Channel.NURSING_HOME,
)


@transaction.atomic
def open_contact(
    *,
    sentral: Sentral,
    channel: str,
    by: User,
    at: datetime,
    call: Call | None = None,
    callback: CallBack | None = None,
    caller_number: str = "",
) -> Contact:
    """Open a contact in the hand of the one who answered.

    It belongs to the sentral's host district until a place is known. The call or the
    call-back that it came from is tied to it, and their number becomes the number to ring
    back. Whoever calls this has claimed the call or the call-back first. A number of a
    nursing home makes it a contact from that home.
    """
    number = caller_number
    number = number or (call.caller_number if call is not None else "")
    number = number or (callback.number if callback is not None else "")
    contact = Contact.objects.create(
        sentral=sentral,
        district_id=sentral.host_district_id,
        channel=Contact.Channel(channel),
        opened_at=at,
        recorded_at=timezone.now(),
        owner=by,
        claimed_at=at,
        heartbeat_at=at,
        opened_by=by,
        callback_number=number[:20],
        origin=(call.origin if call is not None else "")
        or (callback.origin if callback is not None else ""),
    )
    for origin in (call, callback):
        if origin is not None:
            origin.contact = contact
            origin.save(update_fields=["contact"])
    events.happened(
        contact=contact,
        kind=Happened.OPENED,
        by=by,
        at=at,
        channel=contact.channel,
        call=call.pk if call is not None else None,
        callback=callback.pk if callback is not None else None,
    )
    known = (
        home_with_number(sentral.pk, number) if contact.channel in MAY_BE_HOME else None
    )
    if known is not None:
        home = NursingHome.objects.get(pk=known[0])
        tie_home(contact, home, by_number=True, by=by, at=at)
        for origin in (call, callback):
            if origin is not None:  # it may have followed the contact
                origin.refresh_from_db(fields=["district"])
    announce(
        Topic.QUEUE,
        Topic.CONTACTS,
        Topic.NUMBERS,
        sentral_id=sentral.pk,
        contact_id=contact.pk,
    )
    return contact
