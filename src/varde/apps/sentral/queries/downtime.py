"""What a shift needs to go on when the server is gone: the board with names and numbers.

The board itself names nobody. This does, since without the server there is nowhere to look
them up; it is read for the signed page that lies on the sentral's own workstation.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils import timezone

from varde.apps.records.models import Contact, Outcome, Sentral, Station
from varde.apps.records.scope import districts_served
from varde.apps.sentral.queries import board, standins, tasks
from varde.apps.sentral.queries.amk import OpenHandover, open_handovers
from varde.apps.sentral.queries.board import OnDuty, OpenContact, Promised
from varde.apps.sentral.queries.callbacks import OpenCallback, open_callbacks
from varde.apps.sentral.queries.queue import (
    CallInHand,
    WaitingCall,
    calls_in_hand,
    waiting_calls,
)
from varde.apps.sentral.queries.review_case import age_of
from varde.apps.sentral.queries.tasks import Task


MOST_MS = (
    5000  # the database gives up a reading that takes longer: the work comes first
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """The patient of a contact, and where to ring. "" for what is not known.

    `where` is "" too where the address may not be shown, and `is_protected` says so.
    """

    name: str
    age: str
    number: str
    where: str
    is_protected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row[T]:
    """Something of the board, and whom it is about; None where there is no patient."""

    item: T
    who: Who | None

    @property
    def about(self) -> str:
        """What a call-back is about; "" where the text may hold a protected address."""
        is_silent = self.who is not None and self.who.is_protected
        return "" if is_silent else str(getattr(self.item, "about", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A place to ring."""

    name: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The sentral at one moment."""

    waiting: tuple[WaitingCall, ...]
    in_hand: tuple[CallInHand, ...]
    handovers: tuple[Row[OpenHandover], ...]
    contacts: tuple[Row[OpenContact], ...]
    is_cut: bool  # more contacts are open than are listed
    attendances: tuple[Row[Promised], ...]
    callbacks: tuple[Row[OpenCallback], ...]
    tasks: tuple[Row[Task], ...]
    on_duty: tuple[OnDuty, ...]
    numbers: tuple[Number, ...]


def picture(sentral: Sentral, *, now: datetime) -> Picture:
    """Everything on the page, in a fixed number of queries however much there is.

    To be asked in the scope of the sentral's districts.
    """
    contacts = board.open_contacts(sentral)
    attendances = board.expected_attendances(sentral)
    callbacks = open_callbacks(sentral.pk, now=now)
    handovers = open_handovers(sentral)
    undone = _other_tasks(sentral, now=now)
    who = _who(
        {
            *(one.id for one in contacts),
            *(
                one.contact_id
                for one in (*attendances, *callbacks, *handovers, *undone)
                if one.contact_id is not None
            ),
        },
        now=now,
    )
    return Picture(
        waiting=tuple(waiting_calls(sentral.pk, now=now)),
        in_hand=tuple(calls_in_hand(sentral.pk, now=now)),
        handovers=_with(who, handovers),
        contacts=tuple(Row(item=one, who=who.get(one.id)) for one in contacts),
        is_cut=len(contacts) >= board.MOST_PRINTED,
        attendances=_with(who, attendances),
        callbacks=_with(who, callbacks),
        tasks=_with(who, undone),
        on_duty=board.on_duty(sentral, now=now),
        numbers=_numbers(sentral, now=now),
    )


def give_up_in_time() -> None:
    """Let the database end each reading of this transaction that takes too long."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('statement_timeout', %s, true)", [str(MOST_MS)]
        )


def _other_tasks(sentral: Sentral, *, now: datetime) -> tuple[Task, ...]:
    """What is decided and not done; attendances have a list of their own."""
    undone = tasks.open_tasks(sentral.pk, now=now, limit=board.MOST_PRINTED)
    return tuple(one for one in undone if one.kind != Outcome.Kind.ATTENDANCE)


def _with[T](who: dict[int, Who], items: Iterable[T]) -> tuple[Row[T], ...]:
    return tuple(
        Row(item=item, who=who.get(getattr(item, "contact_id", None) or 0))
        for item in items
    )


def _who(contact_ids: set[int], *, now: datetime) -> dict[int, Who]:
    """By contact. One query."""
    rows = Contact.objects.filter(pk__in=contact_ids).select_related(
        "patient__municipality", "municipality"
    )
    return {row.pk: _of(row, now=now) for row in rows}


def _of(contact: Contact, *, now: datetime) -> Who:
    patient = contact.patient
    is_protected = patient is not None and not patient.shows_address
    return Who(
        name=patient.name if patient is not None else "",
        age=age_of(patient, at=now),
        number=contact.callback_number or (patient.phone if patient else ""),
        where="" if is_protected else _where(contact),
        is_protected=is_protected,
    )


def _where(contact: Contact) -> str:
    """Where the patient is: elsewhere than at home if so, else at home."""
    patient = contact.patient
    if contact.whereabouts or contact.is_elsewhere or patient is None:
        place, town = contact.whereabouts, contact.municipality
    else:
        place, town = patient.address, patient.municipality or contact.municipality
    return ", ".join(part for part in (place, town.name if town else "") if part)


def _numbers(sentral: Sentral, *, now: datetime) -> tuple[Number, ...]:
    """The sentral's own number, those of its stations, and who answers for each function."""
    served = districts_served([sentral.pk], on=timezone.localdate(now))
    stations = Station.objects.filter(district__in=served).order_by("name", "pk")
    return (
        Number(name=sentral.name, number=sentral.phone),
        *(Number(name=row.name, number=row.phone) for row in stations),
        *(
            Number(name=standins.in_a_line(one), number=one.phone)
            for one in standins.of_sentral(sentral, now=now)
        ),
    )
