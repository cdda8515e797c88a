"""The outcomes of a contact as tasks."""

from dataclasses import dataclass
from datetime import datetime

from varde.apps.records.models import (
    Contact,
    Outcome,
)
from varde.apps.sentral import messages
from varde.apps.sentral.queries.contact.attached import Attached, attached


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeView:
    """One outcome as a task: who has it, until when, what came of it."""

    id: int
    kind: str
    words: str
    state: str
    state_text: str
    note: str
    station_name: str
    owner_name: str
    owner_role: str
    owner_text: str
    created_at: datetime
    due_at: datetime | None
    is_overdue: bool
    promised_at: datetime | None
    travel_min: int | None
    arrived_at: datetime | None
    settled_at: datetime | None


def outcomes_of(of: Contact | Attached, *, now: datetime) -> tuple[OutcomeView, ...]:
    """Every outcome of the contact, in the order in which they were decided."""
    return tuple(_outcome(row, now=now) for row in attached(of).outcomes)


def _outcome(row: Outcome, *, now: datetime) -> OutcomeView:
    is_open = row.state == Outcome.State.OPEN
    role = str(messages.OWNER_ROLE.get(row.owner_role, row.owner_role))
    return OutcomeView(
        id=row.pk,
        kind=row.kind,
        words=str(messages.OUTCOME[Outcome.Kind(row.kind)]),
        state=row.state,
        state_text=str(messages.OUTCOME_STATE[Outcome.State(row.state)]),
        note=row.note,
        station_name=row.station.name if row.station else "",
        owner_name=row.owner.name if row.owner else "",
        owner_role=row.owner_role,
        owner_text=row.owner.name if row.owner else role,
        created_at=row.created_at,
        due_at=row.due_at,
        is_overdue=is_open and row.due_at is not None and now > row.due_at,
        promised_at=row.promised_at,
        travel_min=row.travel_min,
        arrived_at=row.arrived_at,
        settled_at=row.settled_at,
    )
