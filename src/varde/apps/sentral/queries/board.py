"""What the shift leader sees: the whole house, and what is about to go wrong."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from varde.apps.records.models import Contact, Duty, Outcome, Sentral
from varde.apps.sentral import messages
from varde.apps.sentral.queries import answer_time
from varde.apps.sentral.queries.callbacks import open_promises


MOST_TASKS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDuty:
    """Somebody at work now, and whether they can be reached."""

    id: int
    name: str
    post_text: str
    place: str
    phone: str
    is_reachable: bool
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTask:
    """A task of a contact that nobody has settled."""

    contact_id: int
    words: str
    owner: str
    due_at: datetime | None
    is_overdue: bool
    hastegrad: str
    is_contact_open: bool


def on_duty(sentral: Sentral, *, now: datetime) -> tuple[OnDuty, ...]:
    """Everybody on duty at the sentral and at the stations behind it. One query."""
    rows = (
        Duty.objects.filter(
            Q(sentral=sentral) | Q(station__district__served_by__sentral=sentral),
            starts_at__lte=now,
            ends_at__gt=now,
        )
        .select_related("person", "station")
        .distinct()
        .order_by("post", "station__name", "person__username")
    )
    return tuple(
        OnDuty(
            id=row.pk,
            name=row.person.name,
            post_text=str(messages.POST[Duty.Post(row.post)]),
            place=row.station.name if row.station else sentral.name,
            phone=row.phone or row.person.phone,
            is_reachable=row.is_reachable,
            until=row.ends_at,
        )
        for row in rows
    )


def open_tasks(sentral: Sentral, *, now: datetime) -> tuple[OpenTask, ...]:
    """Tasks that nobody has settled, the first due first; those without a time last."""
    rows = (
        Outcome.objects.filter(contact__sentral=sentral, state=Outcome.State.OPEN)
        .select_related("contact", "owner")
        .order_by("due_at", "pk")[:MOST_TASKS]
    )
    return tuple(
        OpenTask(
            contact_id=row.contact_id,
            words=str(messages.OUTCOME[Outcome.Kind(row.kind)]),
            owner=row.owner.name
            if row.owner
            else str(messages.OWNER_ROLE.get(row.owner_role, "")),
            due_at=row.due_at,
            is_overdue=row.due_at is not None and row.due_at < now,
            hastegrad=row.contact.hastegrad_phone,
            is_contact_open=row.contact.state == Contact.State.OPEN,
        )
        for row in rows
    )


def house(sentral: Sentral, *, now: datetime) -> dict[str, Any]:
    """The board's own part: who is at work, tasks, and the answer time of this hour."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    return {
        "on_duty": on_duty(sentral, now=now),
        "tasks": open_tasks(sentral, now=now),
        "hour": answer_time.answer_time(sentral.pk, start=hour, end=now),
    } | {"today": answer_time.today(sentral.pk, now=now)}


def handover(sentral: Sentral, *, now: datetime) -> dict[str, Any]:
    """What one shift tells the next: promises, tasks, and contacts in somebody's hand."""
    contacts = (
        Contact.objects.filter(sentral=sentral, state=Contact.State.OPEN)
        .select_related("owner")
        .order_by("opened_at")
    )
    return {
        "promises": open_promises(sentral.pk, now=now),
        "tasks": open_tasks(sentral, now=now),
        "open_contacts": [
            {
                "id": row.pk,
                "opened_at": row.opened_at,
                "hastegrad": row.hastegrad_phone,
                "owner": row.owner.name if row.owner else "",
            }
            for row in contacts
        ],
    }
