"""The contacts that somebody has in hand."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from varde.apps.records.models import Contact, Sentral, User


@dataclass(frozen=True, slots=True)
class OwnContact:
    """One of the operator's own open contacts."""

    id: int
    label: str
    opened_at: datetime


def open_contacts_of(user: User, sentral: Sentral) -> tuple[OwnContact, ...]:
    """The contacts in somebody's hand, the oldest first."""
    rows = (
        Contact.objects.filter(owner=user, sentral=sentral, state=Contact.State.OPEN)
        .select_related("patient")
        .only(
            "callback_number",
            "opened_at",
            "patient__given_name",
            "patient__family_name",
        )
        .order_by("opened_at")
    )
    return tuple(
        OwnContact(
            id=row.pk,
            label=(row.patient.name if row.patient else "")
            or row.callback_number
            or _("Uten navn"),
            opened_at=row.opened_at,
        )
        for row in rows
    )
