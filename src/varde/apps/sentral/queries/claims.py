"""The refund claim as rows: one line a tariff."""

import csv
import io
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields
from datetime import datetime
from enum import StrEnum, auto

from django.utils import timezone

from varde.apps.records.models import Approval, ClaimLine, Contact, Sentral, User


class LeftOut(StrEnum):
    """Why a contact with tariffs cannot be claimed for."""

    NOT_CLOSED = auto()
    NO_DIAGNOSIS = auto()
    NO_NATIONAL_ID = auto()
    NO_HPR_NUMBER = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRow:
    """One tariff of one contact. The field names are the heading of the file."""

    contact_id: int
    patient_id_number: str
    time: str  # ISO 8601 with the offset of Norwegian time on that day
    icpc2: str
    tariff: str
    quantity: int
    hpr_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimExport:
    """The rows, and the contacts that were left out with the reason for each."""

    rows: tuple[ClaimRow, ...]
    left_out: tuple[tuple[int, LeftOut], ...]


def claim_rows(sentral: Sentral, *, start: datetime, end: datetime) -> ClaimExport:
    """The claim of the contacts that began in [start, end), by time.

    A contact is refused whole: without a diagnosis, before it is closed, without a national
    number, or when nobody with an HPR number treated it. The one who treated is the doctor
    who approved it, else the one who closed it. Two queries, however many contacts.
    """
    lines = list(
        ClaimLine.objects.filter(
            contact__sentral=sentral,
            contact__opened_at__gte=start,
            contact__opened_at__lt=end,
        )
        .select_related("contact__patient", "contact__closed_by")
        .order_by("contact__opened_at", "contact_id", "pk")
    )
    doctors = _approving_doctors({line.contact_id for line in lines})
    rows: list[ClaimRow] = []
    left_out: dict[int, LeftOut] = {}
    for line in lines:
        treated_by = doctors.get(line.contact_id) or line.contact.closed_by
        fault = _fault(line.contact, treated_by)
        if fault is not None:
            left_out[line.contact_id] = fault
        elif line.contact.patient is not None and treated_by is not None:
            rows.append(_row(line, treated_by))
    return ClaimExport(rows=tuple(rows), left_out=tuple(left_out.items()))


def as_csv(export: ClaimExport) -> Iterator[str]:
    """The rows as CSV lines with a heading, comma between, as RFC 4180."""
    yield _line([field.name for field in fields(ClaimRow)])
    for row in export.rows:
        yield _line(list(astuple(row)))


def _line(values: list[object]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(values)
    return text.getvalue()


def _approving_doctors(contacts: set[int]) -> dict[int, User]:
    approved = Approval.objects.filter(
        contact__in=contacts, state=Approval.State.APPROVED, doctor__isnull=False
    ).select_related("doctor")
    return {row.contact_id: row.doctor for row in approved}


def _fault(contact: Contact, treated_by: User | None) -> LeftOut | None:
    if contact.state != Contact.State.CLOSED or contact.closed_at is None:
        return LeftOut.NOT_CLOSED
    if not contact.reason_code:
        return LeftOut.NO_DIAGNOSIS
    if contact.patient is None or not contact.patient.national_id:
        return LeftOut.NO_NATIONAL_ID
    if treated_by is None or not treated_by.hpr_number:
        return LeftOut.NO_HPR_NUMBER
    return None


def _row(line: ClaimLine, treated_by: User) -> ClaimRow:
    contact = line.contact
    local = timezone.localtime(contact.opened_at)
    return ClaimRow(
        contact_id=contact.pk,
        patient_id_number=contact.patient.national_id,
        time=local.isoformat(timespec="seconds"),
        icpc2=contact.reason_code,
        tariff=line.tariff,
        quantity=line.quantity,
        hpr_number=treated_by.hpr_number,
    )
