"""A promised time at a station, and where the record lies meanwhile (decision 0018)."""

from datetime import datetime

from varde.apps.records.models import Contact, Outcome, Station, User
from varde.apps.sentral.queries import attendance
from varde.apps.sentral.services.contacts.moving import (
    is_expected_in_district,
    move_to_district,
)
from varde.apps.sentral.services.contacts.values import Why, not_valid
from varde.domain.errors import Rule, RuleBroken


LONGEST_TRAVEL_MIN = 24 * 60  # ours: longer is a slip of the finger


def promise_time(
    contact: Contact,
    outcome: Outcome,
    *,
    station_id: int | None,
    promised_at: datetime | None,
    travel_min: int | None,
    overbook: bool,
    was_told: bool,
    at: datetime,
) -> None:
    """A time at a station. The station's row is locked: a place is promised once."""
    wanted = station_id if station_id is not None else contact.station_id
    attendance.refuse_red(contact)
    if wanted is None:
        raise RuleBroken(Rule.STATION_NEEDED)
    if travel_min is not None and not 0 <= travel_min <= LONGEST_TRAVEL_MIN:
        raise not_valid("travel_min", Why.NOT_A_NUMBER)
    if promised_at is not None and promised_at < at:
        raise not_valid("promised_at", Why.IN_THE_PAST)
    station = sent_to(contact, wanted, at=at)
    way_min = travel_min
    if way_min is None:
        way_min = attendance.known_travel_min(contact, station.pk)
    is_settled = was_told and promised_at is not None
    if not is_settled and (
        promised_at is None or not _has_room(contact, station, promised_at, at=at)
    ):
        first = attendance.propose(
            contact, station_id=station.pk, travel_min=way_min, now=at
        )
        if promised_at is not None and not overbook:
            raise RuleBroken(Rule.ATTENDANCE_TIME_TAKEN, next_at=first.at.isoformat())
        promised_at = promised_at or first.at
    outcome.station = station
    outcome.travel_min = way_min
    outcome.promised_at = outcome.due_at = promised_at


def _has_room(
    contact: Contact, station: Station, wanted: datetime, *, at: datetime
) -> bool:
    return attendance.is_free(
        station.pk, district_id=station.district_id, at=wanted, now=at
    )


def sent_to(contact: Contact, station_id: int, *, at: datetime) -> Station:
    """A station that the sentral may send to, locked."""
    rows = attendance.may_send_to(contact, now=at).select_for_update()
    station = rows.filter(pk=station_id).first()
    if station is None:
        raise not_valid("station", Why.NOT_FOUND)
    return station


def go_along(contact: Contact, outcome: Outcome, *, by: User, at: datetime) -> None:
    """The record goes to those who will see the patient (docs/decisions/0018)."""
    station = outcome.station
    if station is not None and station.district_id != contact.district_id:
        move_to_district(contact, station.district_id, by=by, at=at)
        outcome.district_id = station.district_id


def go_home(contact: Contact, *, by: User, at: datetime) -> None:
    """Nobody there expects the patient after all: the record goes to the place's district.

    Not when the contact is closed: then it stays where it was.
    """
    home = contact.station
    if home is None or home.district_id == contact.district_id:
        return
    if contact.state != Contact.State.OPEN or is_expected_in_district(contact):
        return
    move_to_district(contact, home.district_id, by=by, at=at)
