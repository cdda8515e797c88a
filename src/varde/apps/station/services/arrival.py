"""A patient comes to the station: as promised, or from the street."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from varde.apps.records import care, events
from varde.apps.records.events import Happened
from varde.apps.records.live import Topic, announce
from varde.apps.records.models import (
    Attendance,
    Contact,
    Outcome,
    Sentral,
    Station,
    User,
)
from varde.apps.sentral.services import contacts, outcomes
from varde.apps.sentral.services.contacts.moving import move_to_district
from varde.apps.sentral.services.contacts.values import Why, not_valid, plain
from varde.apps.station.services import conflicts
from varde.domain.errors import Rule, RuleBroken
from varde.domain.ticket import ticket_after


WHY_LONGEST = 300


@transaction.atomic
def arrive(*, outcome_id: int, station_id: int, by: User, at: datetime) -> Attendance:
    """The one who was promised a time has come, to this station or to another.

    The promise is settled with the real time. The contact is in care from now on; if it
    belongs to another district, it comes along to the one that treats the patient.

    Raises `RuleBroken`: TASK_IS_SETTLED, FIELD_NOT_VALID (kind), ALREADY_AT_STATION.
    """
    place = _locked_station(station_id)
    outcome = outcomes.arrived(outcome_id=outcome_id, by=by, at=at)
    contact = contacts.locked(outcome.contact_id, may_be_closed=True, may_move=True)
    if contact.district_id != place.district_id:
        move_to_district(contact, place.district_id, by=by, at=at)
    return _at_the_door(
        contact, place, way=Attendance.Way.EXPECTED, outcome=outcome, by=by, at=at
    )


@transaction.atomic
def register(
    *,
    station_id: int,
    sentral: Sentral,
    way: str,
    patient: Mapping[str, str],
    patient_id: int | None = None,
    why: str,
    by: User,
    at: datetime,
    arrived_at: datetime | None = None,
) -> Attendance:
    """Somebody came without having rung. A contact of its own begins, in care at once.

    `patient_id` is somebody who is known here. Else `patient` are fields as for
    `contacts.new_patient`; with neither number nor name and
    birth date it is somebody unknown, with what can be seen (estimated_age, sex,
    description): an ordinary case, named later. `arrived_at` is when the patient came,
    where that was earlier than it is written.

    Raises `RuleBroken`: NATIONAL_ID_NOT_VALID, FIELD_NOT_VALID, FIELD_UNKNOWN.
    """
    if way not in Attendance.Way.values or way == Attendance.Way.EXPECTED:
        raise not_valid("way", Why.NOT_A_CHOICE)
    came = arrived_at or at
    if came > at:
        raise not_valid("arrived_at", Why.IN_THE_FUTURE)
    told = plain("narrative", why, longest=WHY_LONGEST)
    place = _locked_station(station_id)
    contact = _new_contact(place, sentral, narrative=told, by=by, at=came)
    known = {name: text for name, text in patient.items() if text.strip()}
    if patient_id is not None:
        contact = contacts.choose_patient(
            contact_id=contact.pk, patient_id=patient_id, by=by, at=at
        )
    elif _is_named(known):
        contact = contacts.new_patient(
            contact_id=contact.pk, fields=known, by=by, at=at
        )
    else:
        contact = contacts.unknown_patient(
            contact_id=contact.pk, fields=known, by=by, at=at
        )
    if contact.district_id != place.district_id:
        contact = contacts.locked(contact.pk, may_move=True)
        move_to_district(contact, place.district_id, by=by, at=at)
    return _at_the_door(contact, place, way=Attendance.Way(way), by=by, at=came)


def _locked_station(station_id: int) -> Station:
    """One registration at a time, so that no two patients get the same ticket."""
    return Station.objects.select_for_update(of=("self",)).get(pk=station_id)


def _is_named(patient: Mapping[str, str]) -> bool:
    has_name = patient.get("given_name") or patient.get("family_name")
    return bool(
        patient.get("national_id")
        or patient.get("other_id")
        or (has_name and patient.get("birth_date"))
    )


def _new_contact(
    place: Station, sentral: Sentral, *, narrative: str, by: User, at: datetime
) -> Contact:
    contact = Contact.objects.create(
        sentral=sentral,
        station=place,
        district_id=place.district_id,
        channel=Contact.Channel.DOOR,
        state=Contact.State.IN_CARE,
        opened_at=at,
        recorded_at=timezone.now(),
        opened_by=by,
        narrative=narrative,
    )
    events.happened(
        contact=contact, kind=Happened.OPENED, by=by, at=at, channel=contact.channel
    )
    return contact


def _at_the_door(
    contact: Contact,
    place: Station,
    *,
    way: Attendance.Way,
    by: User,
    at: datetime,
    outcome: Outcome | None = None,
) -> Attendance:
    _refuse_twice(contact)
    made = Attendance.objects.create(
        contact=contact,
        district_id=place.district_id,
        sentral_id=contact.sentral_id,
        station=place,
        outcome=outcome,
        way=way,
        ticket=_ticket(place),
        arrived_at=at,
        recorded_at=timezone.now(),
        registered_by=by,
    )
    care.begin(contact)
    events.happened(
        contact=contact,
        kind=Happened.AT_THE_DOOR,
        by=by,
        at=at,
        station=place.code,
        attendance=made.pk,
        way=made.way,
    )
    announce(
        Topic.BOARD,
        Topic.CONTACTS,
        Topic.NUMBERS,
        sentral_id=contact.sentral_id,
        contact_id=contact.pk,
    )
    conflicts.detect(contact_id=contact.pk, by=by, at=at)
    return made


def _refuse_twice(contact: Contact) -> None:
    here = contact.attendances.filter(ended_at=None).select_related("station").first()
    if here is not None:
        raise RuleBroken(
            Rule.ALREADY_AT_STATION,
            station=here.station.name,
            since=f"{timezone.localtime(here.arrived_at):%H:%M}",
        )


def _ticket(place: Station) -> str:
    here = place.attendances
    last = here.order_by("-pk").values_list("ticket", flat=True).first()
    in_use = here.filter(ended_at=None).values_list("ticket", flat=True)
    return ticket_after(last, in_use=frozenset(in_use))
