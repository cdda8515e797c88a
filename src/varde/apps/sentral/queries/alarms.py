"""Safety alarms: those that nobody has, those that waited too long, and one in hand."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from varde.apps.records import settings as dated
from varde.apps.records.events import Happened
from varde.apps.records.models import Alarm, Contact, Outcome, Sentral
from varde.apps.sentral import messages
from varde.domain import alarm as domain


# The columns that the queue shows.
_OF_WAITING = ("contact_id", "device", "place", "callback_number", "state", "calls")


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingAlarm:
    """An alarm whose contact nobody has.

    `since` is when help was asked for, or when the contact was put back. `place` and
    `callback_number` are "" where the alarm told none.
    """

    contact_id: int
    device_text: str
    place: str
    callback_number: str
    state: str
    calls: int
    priority: int
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UnansweredAlarm:
    """An alarm that nobody took in time. `backup_number` is "" where none is set."""

    contact_id: int
    since: datetime
    backup_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmView:
    """The alarm behind a contact. `told` are its texts, the first first."""

    id: int
    device_text: str
    place: str
    state: str
    calls: int
    called_at: datetime | None
    cancelled_at: datetime | None
    restored_at: datetime | None
    has_wrong_number: bool
    told: tuple[str, ...]


def waiting_alarms(sentral: Sentral, *, now: datetime) -> list[WaitingAlarm]:
    """Every alarm whose open contact nobody has, the longest wait first."""
    rows = list(nobodys(sentral).only(*_OF_WAITING).order_by("waits_since", "pk"))
    if not rows:
        return []
    priority = dated.value(
        "alarm.priority", on=timezone.localdate(now), district_id=_home(sentral)
    )
    return [
        WaitingAlarm(
            contact_id=row.contact_id,
            device_text=str(messages.ALARM_DEVICE[Alarm.Device(row.device)]),
            place=row.place,
            callback_number=row.callback_number,
            state=row.state,
            calls=row.calls,
            priority=priority,
            since=row.waits_since,
        )
        for row in rows
    ]


def unanswered(sentral: Sentral, *, now: datetime) -> tuple[UnansweredAlarm, ...]:
    """Those that waited past the set time, the longest first, with the back-up number."""
    rows = unanswered_rows(sentral, now=now)
    if not rows:
        return ()
    number = dated.value(
        "alarm.backup_number", on=timezone.localdate(now), district_id=_home(sentral)
    )
    return tuple(
        UnansweredAlarm(
            contact_id=row.contact_id, since=row.waits_since, backup_number=number
        )
        for row in rows
    )


def unanswered_rows(sentral: Sentral, *, now: datetime) -> list[Alarm]:
    """The rows of those that nobody took in time, with `waits_since`, the longest first."""
    after_s = dated.value(
        "alarm.backup_s", on=timezone.localdate(now), district_id=_home(sentral)
    )
    rows = nobodys(sentral).order_by("waits_since", "pk")
    return [
        row
        for row in rows
        if domain.is_unanswered(waits_since=row.waits_since, now=now, after_s=after_s)
    ]


def alarm_of(contact: Contact) -> AlarmView | None:
    """The alarm that the contact is about; None for another kind of contact.

    No query is made for a contact that did not come as an alarm.
    """
    if contact.channel != Contact.Channel.ALARM:
        return None
    row = contact.alarms.order_by("pk").last()
    if row is None:
        return None
    told = row.signals.exclude(told="").order_by("occurred_at", "pk")
    return AlarmView(
        id=row.pk,
        device_text=str(messages.ALARM_DEVICE[Alarm.Device(row.device)]),
        place=row.place,
        state=row.state,
        calls=row.calls,
        called_at=row.called_at,
        cancelled_at=row.cancelled_at,
        restored_at=row.restored_at,
        has_wrong_number=row.has_wrong_number,
        told=tuple(told.values_list("told", flat=True)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerToSender:
    """How far an alarm has come, in codes only. `done`: kinds of outcome, or "none"."""

    district_id: int
    contact_id: int | None
    patient_id: int | None
    progress: domain.Progress
    received_at: datetime
    taken_at: datetime | None
    closed_at: datetime | None
    done: tuple[str, ...]


def answer_to(sentral: Sentral, alarm_id: str) -> AnswerToSender | None:
    """What the sender of an alarm is told; None for an alarm that is not known.

    An alarm that needed no person has no contact, and stays received.
    """
    alarm = (
        Alarm.objects.select_related("contact")
        .filter(sentral=sentral, alarm_id=alarm_id)
        .first()
    )
    if alarm is None:
        return None
    contact = alarm.contact
    is_closed = contact is not None and contact.state == Contact.State.CLOSED
    return AnswerToSender(
        district_id=alarm.district_id,
        contact_id=alarm.contact_id,
        patient_id=contact.patient_id if contact else None,
        progress=domain.progress(
            is_closed=is_closed,
            has_owner=contact is not None and contact.owner_id is not None,
        ),
        received_at=alarm.recorded_at,
        taken_at=_taken_at(contact) if contact else None,
        closed_at=contact.closed_at if contact else None,
        done=_done(contact) if contact is not None and is_closed else (),
    )


def _taken_at(contact: Contact) -> datetime | None:
    """When somebody first took it."""
    taken = contact.events.filter(kind=Happened.CLAIMED).order_by("occurred_at", "pk")
    return taken.values_list("occurred_at", flat=True).first()


def _done(contact: Contact) -> tuple[str, ...]:
    kept = contact.outcomes.exclude(state=Outcome.State.CANCELLED)
    return tuple(sorted(set(kept.values_list("kind", flat=True)))) or ("none",)


def nobodys(sentral: Sentral) -> QuerySet[Alarm]:
    """The rows of the alarms whose open contact nobody has, with `waits_since`."""
    return Alarm.objects.filter(
        sentral=sentral, contact__state=Contact.State.OPEN, contact__owner=None
    ).annotate(waits_since=Coalesce(F("contact__heartbeat_at"), "contact__opened_at"))


def _home(sentral: Sentral) -> int:
    return sentral.host_district_id
