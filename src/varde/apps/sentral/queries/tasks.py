"""What was decided and is not done: the tasks of a sentral, also after the closing."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from varde.apps.records.models import Contact, Outcome
from varde.apps.sentral import messages


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One open outcome: whose it is, until when, and of which contact."""

    id: int
    contact_id: int
    kind: str
    words: str
    note: str
    hastegrad: str
    station_name: str
    owner_name: str
    owner_role: str
    owner_text: str
    created_at: datetime
    due_at: datetime | None
    is_overdue: bool
    is_contact_closed: bool


def open_tasks(
    sentral_id: int, *, now: datetime, owner_role: str | None = None, limit: int = 200
) -> tuple[Task, ...]:
    """The open outcomes of a sentral, those due first first, those without a time last.

    `owner_role` narrows it to one role (operator, doctor). One query, however many.
    """
    rows = Outcome.objects.filter(
        contact__sentral_id=sentral_id, state=Outcome.State.OPEN
    )
    if owner_role is not None:
        rows = rows.filter(owner_role=owner_role)
    ordered = rows.select_related("contact", "station", "owner").order_by(
        F("due_at").asc(nulls_last=True), "pk"
    )
    return tuple(_task(row, now=now) for row in ordered[:limit])


def _task(row: Outcome, *, now: datetime) -> Task:
    owner = row.owner.name if row.owner else ""
    return Task(
        id=row.pk,
        contact_id=row.contact_id,
        kind=row.kind,
        words=str(messages.OUTCOME[Outcome.Kind(row.kind)]),
        note=row.note,
        hastegrad=row.contact.hastegrad_phone,
        station_name=row.station.name if row.station else "",
        owner_name=owner,
        owner_role=row.owner_role,
        owner_text=owner
        or str(messages.OWNER_ROLE.get(row.owner_role, row.owner_role)),
        created_at=row.created_at,
        due_at=row.due_at,
        is_overdue=row.due_at is not None and now > row.due_at,
        is_contact_closed=row.contact.state == Contact.State.CLOSED,
    )
