"""Opening a record outside one's task: with a reason, for a while, and logged as such."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from varde.apps.records import audit, settings
from varde.apps.records.models import AuditEntry, Contact, Patient, RecordOpening, User
from varde.apps.records.scope import Scope
from varde.apps.sentral.access import (
    WITH_PATIENTS,
    WITH_REASON,
    Subject,
    holds,
    holds_in,
)
from varde.apps.sentral.services.contacts.values import plain
from varde.domain.errors import Rule, RuleBroken


@transaction.atomic
def open_record(
    *,
    scope: Scope,
    subject: Subject,
    row_id: int,
    reason: str,
    by: User,
    at: datetime,
) -> RecordOpening:
    """Open a contact, or all of a patient, for the minutes that the district has set.

    Raises 404 for what is not there or not in one's place, as the doors do, and
    `RuleBroken` (REASON_NEEDED_TO_OPEN) without a reason. Each opening is on the list that
    those responsible go through.
    """
    contact, patient = _subject(scope, subject, row_id, on=timezone.localdate(at))
    why = plain("reason", reason, longest=300)
    if not why:
        raise RuleBroken(Rule.REASON_NEEDED_TO_OPEN)
    district_id = contact.district_id if contact else patient.district_id
    minutes = settings.value(
        "opening.minutes", on=timezone.localdate(at), district_id=district_id
    )
    opening = RecordOpening.objects.create(
        district_id=district_id,
        user=by,
        contact=contact,
        patient=patient,
        reason=why,
        at=at,
        until=at + timedelta(minutes=minutes),
    )
    audit.log(
        what="record_opened",
        by=by,
        at=at,
        district_id=district_id,
        patient_id=patient.pk if patient else None,
        contact_id=contact.pk if contact else None,
        purpose=AuditEntry.Purpose.BTG,
        reason=why,
    )
    return opening


def _subject(
    scope: Scope, subject: Subject, row_id: int, *, on: date
) -> tuple[Contact | None, Patient | None]:
    if subject is Subject.CONTACT:
        contact = (
            Contact.objects.filter(pk=row_id, district__in=scope.districts)
            .select_related("patient")
            .first()
        )
        if contact is None or not holds(
            scope, *WITH_PATIENTS, *WITH_REASON, contact=contact
        ):
            raise Http404
        return contact, contact.patient
    patient = Patient.objects.filter(pk=row_id, district__in=scope.districts).first()
    if patient is None or not holds_in(
        scope, *WITH_PATIENTS, *WITH_REASON, district_id=patient.district_id, on=on
    ):
        raise Http404
    return None, patient
