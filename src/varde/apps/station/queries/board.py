"""The station's board: who is here, in which order, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from varde.apps.records import settings
from varde.apps.records.models import Attendance, Contact
from varde.apps.sentral.queries import reference
from varde.apps.sentral.queries.age import age_text
from varde.apps.station.access import StationPlace
from varde.apps.station.messages.board_order import why_here
from varde.domain.board_order import BoardRow, WaitingPatient, board_order
from varde.domain.hastegrad import ARRIVAL


CHILD_UNDER_YEARS = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """One patient at the station, as the board shows it."""

    id: int
    contact_id: int
    ticket: str
    name: str  # "" where nobody knows who it is
    age: str
    is_child: bool
    is_pregnant: bool
    complaint: str
    hastegrad: str
    hastegrad_phone: str
    way: str
    room: str
    arrived_at: datetime
    last_seen_at: datetime | None
    last_seen_by: str
    doctor_id: int | None
    doctor: str
    taken_at: datetime | None
    place: int | None = None
    why: str = ""
    must_look_again: bool = False
    due_at: datetime | None = None


def arrival_minutes(place: StationPlace, *, at: datetime) -> Mapping[str, int]:
    """The minutes that each hastegrad allows at this station on that day."""
    found: dict[str, int] = settings.value(
        "arrival.minutes",
        on=timezone.localdate(at),
        station_id=place.id,
        district_id=place.district_id,
    )
    return {code: minutes for code, minutes in found.items() if minutes is not None}


def board(place: StationPlace, *, now: datetime) -> dict[str, Any]:
    """Who waits, in the order of the board, and who is with a doctor or in a room.

    Rød is not a place in the queue: those stand first, without a number.
    """
    rows = _present(place)
    waiting = [row for row in rows if row.doctor_id is None]
    ordered = board_order(
        [_as_waiting(row) for row in waiting],
        now=now,
        minutes=arrival_minutes(place, at=now),
    )
    by_id = {str(row.pk): row for row in waiting}
    on = timezone.localdate(now)
    return {
        "waiting": [_shown(by_id[r.patient.patient_id], r, on=on) for r in ordered],
        "with_doctor": [
            _shown(row, None, on=on) for row in rows if row.doctor_id is not None
        ],
    }


def _present(place: StationPlace) -> list[Attendance]:
    return list(
        Attendance.objects.filter(station=place.id, ended_at=None)
        .select_related("contact__patient")
        .order_by("arrived_at", "pk")
    )


def _as_waiting(row: Attendance) -> WaitingPatient:
    code = row.contact.hastegrad_arrival
    return WaitingPatient(
        patient_id=str(row.pk),
        level=ARRIVAL.level(code) if code else None,
        arrived_at=row.arrived_at,
        last_seen_at=row.last_seen_at,
    )


def _shown(row: Attendance, placed: BoardRow | None, *, on: date) -> Present:
    contact: Contact = row.contact
    patient = contact.patient
    born = patient.birth_date if patient is not None else None
    guess = patient.estimated_age if patient is not None else None
    due_at = None
    if placed is not None and placed.allowed is not None:
        due_at = placed.since + placed.allowed
    return Present(
        id=row.pk,
        contact_id=contact.pk,
        ticket=row.ticket,
        name=f"{patient.given_name} {patient.family_name}".strip() if patient else "",
        age=age_text(born, guess, on=on),
        is_child=_is_child(born, guess, on=on),
        is_pregnant=contact.is_pregnant is True,
        complaint=contact.complaint,
        hastegrad=contact.hastegrad_arrival,
        hastegrad_phone=contact.hastegrad_phone,
        way=row.way,
        room=row.room,
        arrived_at=row.arrived_at,
        last_seen_at=row.last_seen_at,
        last_seen_by=_name(row.last_seen_by_id),
        doctor_id=row.doctor_id,
        doctor=_name(row.doctor_id),
        taken_at=row.taken_at,
        place=placed.place if placed is not None else None,
        why=why_here(placed) if placed is not None else "",
        must_look_again=placed.must_look_again if placed is not None else False,
        due_at=due_at,
    )


def _name(user_id: int | None) -> str:
    return reference.person_name(user_id) if user_id is not None else ""


def _is_child(born: date | None, guess: int | None, *, on: date) -> bool:
    """False where nobody knows the age."""
    if born is not None:
        years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
        return years < CHILD_UNDER_YEARS
    return guess is not None and guess < CHILD_UNDER_YEARS
