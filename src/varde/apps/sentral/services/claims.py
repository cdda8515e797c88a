"""The lines of the refund claim (Helfo), and their export."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from varde.apps.records import audit, events
from varde.apps.records.events import Happened
from varde.apps.records.live import Topic, announce
from varde.apps.records.models import AuditEntry, ClaimLine, Contact, Sentral, User
from varde.apps.sentral.queries import claims as queries
from varde.apps.sentral.queries import codes
from varde.apps.sentral.queries.claims import ClaimExport
from varde.apps.sentral.services.contacts import locked
from varde.apps.sentral.services.contacts.values import Why, not_valid
from varde.domain.errors import Rule, RuleBroken


MOST = 99  # of one tariff on one contact; ours: more is a slip of the finger


@transaction.atomic
def add_line(
    *, contact_id: int, tariff: str, quantity: int, by: User, at: datetime
) -> ClaimLine:
    """Put a tariff on a contact, open or closed. The same tariff again sets its quantity.

    Raises `RuleBroken`: TARIFF_UNKNOWN (tariff) for one that does not hold on the day of
    the contact, FIELD_NOT_VALID (quantity).
    """
    contact = locked(contact_id, may_be_closed=True)
    if not 1 <= quantity <= MOST:
        raise not_valid("quantity", Why.NOT_A_NUMBER)
    on = timezone.localdate(contact.opened_at)
    if tariff not in {known.code for known in codes.tariffs(on=on)}:
        raise RuleBroken(Rule.TARIFF_UNKNOWN, tariff=tariff[:8])
    line, _ = ClaimLine.objects.update_or_create(
        contact=contact,
        tariff=tariff,
        defaults={
            "district_id": contact.district_id,
            "quantity": quantity,
            "added_by": by,
            "added_at": at,
        },
    )
    _tell(contact, Happened.CLAIM_LINE_ADDED, line, by=by, at=at)
    return line


@transaction.atomic
def remove_line(*, contact_id: int, tariff: str, by: User, at: datetime) -> None:
    """Take a tariff off a contact. One that is not there raises FIELD_NOT_VALID."""
    contact = locked(contact_id, may_be_closed=True)
    line = ClaimLine.objects.filter(contact=contact, tariff=tariff).first()
    if line is None:
        raise RuleBroken(Rule.TARIFF_UNKNOWN, tariff=tariff[:8])
    line.delete()
    _tell(contact, Happened.CLAIM_LINE_REMOVED, line, by=by, at=at)


@transaction.atomic
def export(
    *, sentral: Sentral, start: datetime, end: datetime, by: User, at: datetime
) -> ClaimExport:
    """The claim lines of the contacts that began in [start, end), and what was left out.

    That they were taken out, for which days and how many, is logged.
    """
    found = queries.claim_rows(sentral, start=start, end=end)
    audit.log(
        what="claims_exported",
        kind=AuditEntry.Kind.READ,
        by=by,
        at=at,
        district_id=sentral.host_district_id,
        data={
            "sentral": sentral.pk,
            "from": start.isoformat(),
            "to": end.isoformat(),
            "lines": len(found.rows),
            "left_out": len(found.left_out),
        },
    )
    return found


def _tell(
    contact: Contact, kind: Happened, line: ClaimLine, *, by: User, at: datetime
) -> None:
    events.happened(
        contact=contact,
        kind=kind,
        by=by,
        at=at,
        code=line.tariff,
        quantity=line.quantity,
    )
    announce(Topic.CONTACTS, sentral_id=contact.sentral_id, contact_id=contact.pk)
