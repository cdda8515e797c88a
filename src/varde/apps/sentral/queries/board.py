"""What the shift leader sees: the whole house, and what is about to go wrong.

No names of patients: a board hangs where others may see it, and a list is printed.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from varde.apps.records import on_duty as duties
from varde.apps.records.models import (
    Contact,
    Duty,
    FastlegeNote,
    Outcome,
    Sentral,
    SentralDistrict,
)
from varde.apps.sentral import messages
from varde.apps.sentral.queries import answer_time, approvals, notes, parts, tasks
from varde.apps.sentral.queries import doctor as doctor_queries
from varde.apps.sentral.queries.callbacks import OpenCallback, open_callbacks
from varde.apps.sentral.queries.claiming import claim_rules
from varde.apps.sentral.queries.review_case import age_of
from varde.apps.sentral.queries.triage_index import in_use


MOST_SHOWN = 30
MOST_PRINTED = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDuty:
    """Somebody at work now, and whether they can be reached."""

    id: int
    user_id: int
    name: str
    post: str
    post_text: str
    place: str
    phone: str
    is_reachable: bool
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class InHand:
    """An open contact in somebody's hand. `since` is when that person took it."""

    id: int
    since: datetime
    hastegrad: str
    complaint: str
    is_stale: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """A person with the contacts in hand, the oldest first."""

    name: str
    contacts: tuple[InHand, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """An attendance whose time has come, and whose patient has not."""

    contact_id: int
    promised_at: datetime
    station: str
    hastegrad: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenContact:
    """An open contact as it is handed over. `owner` is "" for nobody."""

    id: int
    opened_at: datetime
    owner: str
    hastegrad: str
    complaint: str
    age: str


def on_duty(sentral: Sentral, *, now: datetime) -> tuple[OnDuty, ...]:
    """Everybody on duty at the sentral, and at the stations that it answers for."""
    on = timezone.localdate(now)
    served = SentralDistrict.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=on), sentral=sentral, valid_from__lte=on
    )
    rows = (
        duties.running(now=now)
        .filter(
            Q(sentral=sentral) | Q(station__district__in=served.values("district_id"))
        )
        .select_related("person", "station")
        .order_by("post", "station__name", "person__username")
    )
    return tuple(
        OnDuty(
            id=row.pk,
            user_id=row.person_id,
            name=row.person.name,
            post=row.post,
            post_text=str(messages.POST[Duty.Post(row.post)]),
            place=row.station.name if row.station else sentral.name,
            phone=duties.phone_of(row),
            is_reachable=row.is_reachable,
            until=row.ends_at,
        )
        for row in rows
    )


def hands(sentral: Sentral, *, now: datetime) -> tuple[Hands, ...]:
    """Who has which contacts in hand, and for how long. By name."""
    stale_after = claim_rules(sentral, at=now).stale_after
    rows = (
        Contact.objects.filter(
            sentral=sentral, state=Contact.State.OPEN, owner__isnull=False
        )
        .select_related("owner")
        .order_by("claimed_at", "pk")
    )
    titles = _titles(sentral)
    by_owner: dict[int, list[InHand]] = {}
    names: dict[int, str] = {}
    for row in rows:
        names[row.owner_id] = row.owner.name
        beat_at = row.heartbeat_at or row.claimed_at or row.opened_at
        by_owner.setdefault(row.owner_id, []).append(
            InHand(
                id=row.pk,
                since=row.claimed_at or row.opened_at,
                hastegrad=row.hastegrad_phone,
                complaint=titles.get(row.complaint, row.complaint),
                is_stale=now - beat_at > stale_after,
            )
        )
    return tuple(
        Hands(name=names[owner], contacts=tuple(by_owner[owner]))
        for owner in sorted(by_owner, key=lambda one: (names[one], one))
    )


def overdue_attendances(sentral: Sentral, *, now: datetime) -> tuple[Promised, ...]:
    """Those who were to have come and have not, the longest overdue first."""
    return _promised(sentral, promised_at__lt=now)


def expected_attendances(sentral: Sentral) -> tuple[Promised, ...]:
    """Everybody who was promised a time and has not come, overdue or not, by the time."""
    return _promised(sentral)


def _promised(sentral: Sentral, **which: Any) -> tuple[Promised, ...]:
    rows = (
        Outcome.objects.filter(
            contact__sentral=sentral,
            kind=Outcome.Kind.ATTENDANCE,
            state=Outcome.State.OPEN,
            arrived_at=None,
            promised_at__isnull=False,
            **which,
        )
        .select_related("contact", "station")
        .order_by("promised_at", "pk")[:MOST_PRINTED]
    )
    return tuple(
        Promised(
            contact_id=row.contact_id,
            promised_at=row.promised_at,
            station=row.station.name if row.station else "",
            hastegrad=row.contact.hastegrad_phone,
        )
        for row in rows
        if row.promised_at is not None
    )


def open_contacts(sentral: Sentral) -> tuple[OpenContact, ...]:
    """Every open contact, those that nobody has first, then the oldest."""
    rows = (
        Contact.objects.filter(sentral=sentral, state=Contact.State.OPEN)
        .select_related("owner", "patient")
        .order_by("opened_at", "pk")[:MOST_PRINTED]
    )
    titles = _titles(sentral)
    found = [
        OpenContact(
            id=row.pk,
            opened_at=row.opened_at,
            owner=row.owner.name if row.owner else "",
            hastegrad=row.hastegrad_phone,
            complaint=titles.get(row.complaint, row.complaint),
            age=age_of(row.patient, at=row.opened_at),
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda one: one.owner != ""))


# ------------------------------------------------------------- the parts of the board


def waits(sentral: Sentral, *, now: datetime) -> dict[str, Any]:
    """Who rings, what nobody has, and whom to ring back."""
    callbacks = open_callbacks(sentral.pk, now=now)
    return parts.queue(sentral, now=now) | {
        "callbacks": callbacks[:MOST_SHOWN],
        "callbacks_count": len(callbacks),
        "callbacks_late": _late(callbacks),
    }


def at_work(sentral: Sentral, *, now: datetime) -> dict[str, Any]:
    """Who is at work, and whether they can be reached."""
    return {
        "on_duty": on_duty(sentral, now=now),
        "vacant_posts": doctor_queries.vacant(sentral.pk, now=now),
    }


def work(sentral: Sentral, *, now: datetime) -> dict[str, Any]:
    """What people have in hand, and who has not come."""
    late = overdue_attendances(sentral, now=now)
    return {
        "hands": hands(sentral, now=now),
        "not_come": late[:MOST_SHOWN],
        "not_come_count": len(late),
    }


def undone_tasks(sentral: Sentral, *, now: datetime) -> dict[str, Any]:
    """Tasks that nobody has done, the first due first."""
    undone = tasks.open_tasks(sentral.pk, now=now, limit=MOST_PRINTED)
    return {
        "tasks": undone[:MOST_SHOWN],
        "tasks_count": len(undone),
        "tasks_late": sum(task.is_overdue for task in undone),
    }


def figures(sentral: Sentral, *, now: datetime) -> dict[str, Any]:
    """The answer time of this hour and of today."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    return {
        "hour": answer_time.answer_time(sentral.pk, start=hour, end=now),
        "today": answer_time.today(sentral.pk, now=now),
    }


def board(sentral: Sentral, *, now: datetime) -> dict[str, Any]:
    """Every part, for the first drawing of the page."""
    return (
        waits(sentral, now=now)
        | at_work(sentral, now=now)
        | work(sentral, now=now)
        | undone_tasks(sentral, now=now)
        | figures(sentral, now=now)
    )


def handover(sentral: Sentral, *, now: datetime) -> dict[str, Any]:
    """What one shift tells the next: promises, tasks, and what waits for somebody."""
    return {
        **parts.alarms(sentral, now=now),
        "callbacks": open_callbacks(sentral.pk, now=now),
        "not_come": overdue_attendances(sentral, now=now),
        "open_contacts": open_contacts(sentral),
        "tasks": tasks.open_tasks(sentral.pk, now=now, limit=MOST_PRINTED),
        "questions": approvals.questions(sentral),
        "returned": doctor_queries.returned(sentral.pk),
        "failed_notes": notes.counts(sentral.pk)[FastlegeNote.State.FAILED],
        "on_duty": on_duty(sentral, now=now),
    }


def _late(callbacks: list[OpenCallback]) -> int:
    return sum(one.is_overdue for one in callbacks)


def _titles(sentral: Sentral) -> Any:
    index = in_use(sentral.host_district_id)
    return index.titles if index else {}
