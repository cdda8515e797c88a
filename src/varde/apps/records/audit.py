"""Writing the log: who read or did what, to whom, when and why."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from varde.apps.records.models import ApiClient, AuditEntry, User


CLIENT = "client"  # in the data of a line: another system, by its row
type Whom = tuple[int | None, int | None, int | None]


def log(
    *,
    what: str,
    kind: AuditEntry.Kind = AuditEntry.Kind.ACT,
    by: User | None,
    at: datetime | None = None,
    district_id: int | None = None,
    patient_id: int | None = None,
    contact_id: int | None = None,
    table: str = "",
    row_id: int | None = None,
    role: str = "",
    place: str = "",
    purpose: str = AuditEntry.Purpose.ETREAT,
    reason: str = "",
    data: dict[str, Any] | None = None,
) -> None:
    """Write one line of the log in the transaction at hand.

    If the line cannot be written, what it tells of is undone with it. The hash chain is
    sealed by the database when the transaction commits.
    """
    now = timezone.now()
    AuditEntry.objects.bulk_create(
        [
            AuditEntry(
                district_id=district_id,
                kind=kind,
                what=what,
                table=table,
                row_id=row_id,
                patient_id=patient_id,
                contact_id=contact_id,
                data=data or {},
                user_id=by.pk if by is not None else None,
                role=role,
                place=place,
                purpose=purpose,
                reason=reason,
                occurred_at=at or now,
                recorded_at=now,
            )
        ]
    )


def log_read(
    *,
    what: str,
    by: User,
    district_id: int,
    patient_id: int | None = None,
    contact_id: int | None = None,
    purpose: str = AuditEntry.Purpose.ETREAT,
    reason: str = "",
) -> None:
    """Write that somebody opened a record."""
    log(
        kind=AuditEntry.Kind.READ,
        what=what,
        by=by,
        district_id=district_id,
        patient_id=patient_id,
        contact_id=contact_id,
        purpose=purpose,
        reason=reason,
    )


def log_client_reads(
    *,
    what: str,
    client: ApiClient,
    whom: Iterable[Whom],
    place: str,
    data: dict[str, Any],
) -> None:
    """Write that another system read, one line for each (district, patient, contact).

    One statement, however many lines.
    """
    now = timezone.now()
    AuditEntry.objects.bulk_create(
        [
            AuditEntry(
                district_id=district_id,
                kind=AuditEntry.Kind.READ,
                what=what,
                patient_id=patient_id,
                contact_id=contact_id,
                data={CLIENT: client.pk} | data,
                place=place,
                purpose=client.purpose,
                occurred_at=now,
                recorded_at=now,
            )
            for district_id, patient_id, contact_id in whom
        ]
    )
