"""Notes to the fastlege that a human must follow up, and how far the others have come."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from varde.apps.records.models import FastlegeNote


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedNote:
    """A note that did not arrive. It waits here until somebody has seen to it."""

    id: int
    contact_id: int
    version: int
    fastlege: str
    office: str
    phone: str
    failed_at: datetime | None
    attempts: int
    fault: str


def failed(sentral_id: int) -> tuple[FailedNote, ...]:
    """The notes of a sentral that did not arrive, the oldest first."""
    rows = (
        FastlegeNote.objects.filter(
            contact__sentral_id=sentral_id, state=FastlegeNote.State.FAILED
        )
        .select_related("fastlege__office")
        .order_by("failed_at", "pk")
    )
    return tuple(
        FailedNote(
            id=row.pk,
            contact_id=row.contact_id,
            version=row.version,
            fastlege=row.fastlege.name,
            office=row.fastlege.office.name,
            phone=row.fastlege.office.phone,
            failed_at=row.failed_at,
            attempts=row.attempts,
            fault=row.fault,
        )
        for row in rows
    )


def counts(sentral_id: int) -> dict[str, int]:
    """How many notes of a sentral are in each state. A state without notes is 0."""
    rows = (
        FastlegeNote.objects.filter(contact__sentral_id=sentral_id)
        .values_list("state")
        .annotate(Count("pk"))
        .order_by()
    )
    return dict.fromkeys(FastlegeNote.State.values, 0) | dict(rows)
