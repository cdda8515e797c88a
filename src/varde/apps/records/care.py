"""Whether a contact is with the station, and going over from the telephone and back.

A contact is in care while its patient is at a station, or a car of the station is out for
it (a mission that is not ended). It may then be written, also when
the telephone part of it is closed; what was true of that part (`closed_at`,
`ended_in_advice`) stays.
"""

from datetime import datetime

from varde.apps.records.models import Attendance, BedStay, Contact, Mission, User


def is_in_care(contact_id: int) -> bool:
    """Is the patient of this contact with the station now?"""
    return any(
        rows.filter(contact=contact_id).exists()
        for rows in (
            Attendance.objects.filter(ended_at=None),
            BedStay.objects.filter(left_at=None),
            Mission.objects.filter(ended_at=None),
        )
    )


def was_in_care(contact_id: int, *, since: datetime) -> bool:
    """Did the station still have the patient of this contact at that moment or later?

    A patient may lie in a bed for days after the telephone part was closed.
    """
    return any(
        rows.filter(contact=contact_id).exists()
        for rows in (
            Attendance.objects.filter(ended_at__gte=since),
            BedStay.objects.filter(left_at__gte=since),
            Mission.objects.filter(ended_at__gte=since),
        )
    )


def begin(contact: Contact) -> None:
    """The station has the patient. An operator who still has the contact, keeps it."""
    if contact.state == Contact.State.CLOSED:
        contact.state = Contact.State.IN_CARE
        contact.save(update_fields=["state"])


def end(contact: Contact, *, by: User, at: datetime) -> None:
    """The station has done its part: closed, unless another part of it goes on.

    Call it when the row that kept the contact in care has ended. When the contact was
    closed on the telephone is not changed.
    """
    if contact.state != Contact.State.IN_CARE or is_in_care(contact.pk):
        return
    contact.state = Contact.State.CLOSED
    if contact.closed_at is None:
        contact.closed_at, contact.closed_by = at, by
    contact.save(update_fields=["state", "closed_at", "closed_by"])
