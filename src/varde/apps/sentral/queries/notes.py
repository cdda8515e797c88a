"""Notes to the fastlege that a human must follow up, and how far the others have come."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.http import Http404

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


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRow:
    """One note in the list: whose, how far it has come, and what went wrong."""

    id: int
    contact_id: int
    kind: str
    version: int
    state: str
    fastlege: str
    office: str
    phone: str
    queued_at: datetime
    sent_at: datetime | None
    received_at: datetime | None
    failed_at: datetime | None
    attempts: int
    fault: str


def listed(
    sentral_id: int, *, state: str, words: str, first: int, most: int
) -> tuple[NoteRow, ...]:
    """Notes in one state ("": any), of a fastlege or office whose name holds these words.

    Failed ones oldest first, since they are tasks; the others newest first. One query.
    """
    rows = FastlegeNote.objects.filter(contact__sentral_id=sentral_id)
    if state:
        rows = rows.filter(state=state)
    if words:
        rows = rows.filter(
            Q(fastlege__name__icontains=words)
            | Q(fastlege__office__name__icontains=words)
        )
    is_task = state == FastlegeNote.State.FAILED
    order = ("failed_at", "pk") if is_task else ("-queued_at", "-pk")
    found = rows.select_related("fastlege__office").order_by(*order)
    return tuple(_listed(row) for row in found[first : first + most])


def note_for(sentral_id: int, note_id: int) -> FastlegeNote:
    """The note, if it is of this sentral. Raises 404."""
    found = FastlegeNote.objects.filter(
        contact__sentral_id=sentral_id, pk=note_id
    ).first()
    if found is None:
        raise Http404
    return found


def _listed(row: FastlegeNote) -> NoteRow:
    return NoteRow(
        id=row.pk,
        contact_id=row.contact_id,
        kind=row.kind,
        version=row.version,
        state=row.state,
        fastlege=row.fastlege.name,
        office=row.fastlege.office.name,
        phone=row.fastlege.office.phone,
        queued_at=row.queued_at,
        sent_at=row.sent_at,
        received_at=row.received_at,
        failed_at=row.failed_at,
        attempts=row.attempts,
        fault=row.fault,
    )
