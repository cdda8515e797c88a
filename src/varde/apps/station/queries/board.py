"""The station's board: who is here, in which order, and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from varde.apps.records.models import Attendance, Contact, Duty
from varde.apps.sentral.queries import reference
from varde.apps.sentral.queries.age import age_text
from varde.apps.station.access import StationPlace, place_of
from varde.apps.station.messages.board_order import why_here
from varde.apps.station.queries import doctor_states
from varde.apps.station.queries.expected import expected
from varde.apps.station.queries.limits import arrival_minutes, as_waiting
from varde.apps.station.queries.waiting import TAKES_PATIENTS, estimates
from varde.apps.station.queries.what_for import titles_at, what_for
from varde.domain.board_order import BoardRow, board_order
from varde.engines.waiting.estimate import Estimate


CHILD_UNDER_YEARS = 18
# What a row of the board is made of. Whole contacts cost twice the time.
_COLUMNS = (
    *("ticket", "way", "room", "arrived_at", "last_seen_at", "last_seen_by_id"),
    *("doctor_id", "taken_at", "station_id"),
    *("contact__hastegrad_arrival", "contact__hastegrad_phone"),
    *("contact__is_pregnant", "contact__complaint", "contact__narrative"),
    *("contact__patient__given_name", "contact__patient__family_name"),
    *("contact__patient__birth_date", "contact__patient__estimated_age"),
)


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
    what_for: str
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
    wait: Estimate | None = None


def patients(
    place: StationPlace,
    *,
    now: datetime,
    with_waits: bool = False,
    titles: Mapping[str, str] | None = None,
    running: Iterable[Duty] | None = None,
) -> tuple[list[Present], list[Present]]:
    """Those who wait, in the order of the board, and those who are with a doctor.

    Rød is not a place in the queue: those stand first, without a number. With the waits
    that can be told, or without: they cost some queries and a little time. `titles` are
    those of the place, and `running` the duties there, where read already.
    """
    on = timezone.localdate(now)
    rows = _present(place)
    waiting = [row for row in rows if row.doctor_id is None]
    ordered = board_order(
        [as_waiting(row) for row in waiting],
        now=now,
        minutes=arrival_minutes(
            station_id=place.id, district_id=place.district_id, on=on
        ),
    )
    by_id = {str(row.pk): row for row in waiting}
    line = [by_id[row.patient.patient_id] for row in ordered]
    waits = (
        estimates(
            place,
            line,
            with_doctor=[row for row in rows if row.doctor_id is not None],
            running=running,
            now=now,
        )
        if with_waits
        else {}
    )
    shown = partial(
        _shown, titles=titles_at(place) if titles is None else titles, on=on
    )
    return (
        [
            shown(row, placed, wait=waits.get(row.pk))
            for row, placed in zip(line, ordered, strict=True)
        ],
        [shown(row, None) for row in rows if row.doctor_id is not None],
    )


def board(place: StationPlace, *, now: datetime) -> dict[str, Any]:
    """What the board shows: who is expected, who waits, who is with a doctor."""
    titles = titles_at(place)
    running = doctor_states.running_at(place, now=now)
    waiting, with_doctor = patients(
        place, now=now, with_waits=True, titles=titles, running=running
    )
    return {
        "expected": expected(place, now=now, titles=titles),
        "waiting": waiting,
        "with_doctor": with_doctor,
        "to_look_at": sum(row.must_look_again for row in waiting),
        "lookers": lookers(place, running),
    }


def lookers(place: StationPlace, running: Iterable[Duty]) -> str:
    """Who must look at those whose time has run out: the nurses on duty, else the doctors.

    Of the duties that are `running`, those at the station. Says so where there is none.
    """
    here = [row for row in running if row.station_id == place.id]
    people = sorted(here, key=lambda row: (row.person.first_name, row.pk))
    nurses = [row.person.name for row in people if row.post == Duty.Post.NURSE]
    doctors = [row.person.name for row in people if row.post in TAKES_PATIENTS]
    names = dict.fromkeys(nurses or doctors)
    return ", ".join(names) if names else _("Ingen er satt opp på vakt her.")


def estimate_of(row: Attendance, *, now: datetime) -> Estimate | None:
    """The wait of one patient, as the board shows it; None for one who does not wait."""
    place = place_of(row.station_id)
    if place is None:
        return None
    waiting, _with_doctor = patients(place, now=now, with_waits=True)
    return next((one.wait for one in waiting if one.id == row.pk), None)


def _present(place: StationPlace) -> list[Attendance]:
    return list(
        Attendance.objects.filter(station=place.id, ended_at=None)
        .select_related("contact__patient")
        .only(*_COLUMNS)
        .order_by("arrived_at", "pk")
    )


def _shown(
    row: Attendance,
    placed: BoardRow | None,
    *,
    titles: Mapping[str, str],
    on: date,
    wait: Estimate | None = None,
) -> Present:
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
        name=patient.name if patient is not None else "",
        age=age_text(born, guess, on=on),
        is_child=is_child(born, guess, on=on),
        is_pregnant=contact.is_pregnant is True,
        what_for=what_for(contact, titles),
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
        wait=wait,
    )


def _name(user_id: int | None) -> str:
    return reference.person_name(user_id) if user_id is not None else ""


def is_child(born: date | None, guess: int | None, *, on: date) -> bool:
    """Is this a child? False where nobody knows the age."""
    if born is not None:
        years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
        return years < CHILD_UNDER_YEARS
    return guess is not None and guess < CHILD_UNDER_YEARS
