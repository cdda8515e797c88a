"""Saving what the operator writes, field by field, as it is written."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from varde.apps.records import events
from varde.apps.records.events import Happened
from varde.apps.records.live import Topic, announce
from varde.apps.records.models import Contact, Place, User
from varde.apps.sentral.queries import catchment
from varde.apps.sentral.services.contacts.locking import locked
from varde.apps.sentral.services.contacts.moving import (
    is_expected_in_district,
    move_to_district,
)
from varde.apps.sentral.services.contacts.values import Value, contact_values


@transaction.atomic
def save_fields(
    *, contact_id: int, fields: Mapping[str, str], by: User, at: datetime
) -> Contact:
    """Save some fields of an open contact. The last writer wins; the log has both.

    The event names the fields that changed and holds none of their values. A field saved
    with the value that it has changes nothing and leaves no trace. A new municipality
    leads, by the catchment of that day and hour, to its station, and to the district of
    the station if the sentral answers for it (see `moving`).

    Raises `RuleBroken`: CONTACT_IS_CLOSED, FIELD_UNKNOWN, FIELD_NOT_VALID. Then none of the
    fields is saved.
    """
    values = _with_place(contact_values(fields, at=timezone.localdate(at)))
    contact = locked(contact_id, may_move="municipality_id" in values)
    changed = {
        column: value
        for column, value in values.items()
        if getattr(contact, column) != value
    }
    if not changed:
        return contact
    put(contact, changed, by=by, at=at)
    announce(Topic.CONTACTS, sentral_id=contact.sentral_id, contact_id=contact.pk)
    return contact


def put(
    contact: Contact, changed: Mapping[str, Value], *, by: User | None, at: datetime
) -> None:
    """Set columns of a locked contact and write which; a new municipality moves it."""
    for column, value in changed.items():
        setattr(contact, column, value)
    contact.save(update_fields=list(changed))
    events.happened(
        contact=contact,
        kind=Happened.FIELDS_SAVED,
        by=by,
        at=at,
        fields=sorted(column.removesuffix("_id") for column in changed),
    )
    if "municipality_id" in changed:
        _follow_catchment(contact, by=by, at=at)


def _with_place(values: dict[str, Value]) -> dict[str, Value]:
    """A place that is picked tells its municipality: nothing is typed twice."""
    place_id = values.get("place_id")
    if place_id is not None and "municipality_id" not in values:
        place = Place.objects.get(pk=place_id)
        values["municipality_id"] = place.municipality_id
    return values


def _follow_catchment(contact: Contact, *, by: User | None, at: datetime) -> None:
    """The station of the contact's municipality, and its district.

    The contact stays where a station expects the patient, also when it turns out that the
    patient is at home somewhere else. A municipality that no station of the sentral serves (a caller far from home) leaves
    the contact in its district, without a station.
    """
    station = None
    if contact.municipality_id is not None:
        station = catchment.station_for(contact.municipality_id, at=at)
    if station is not None and not catchment.may_move_to(
        station.district_id, sentral_id=contact.sentral_id, at=at
    ):
        station = None
    contact.station = station
    contact.save(update_fields=["station"])
    if (
        station is not None
        and station.district_id != contact.district_id
        and not is_expected_in_district(contact)
    ):
        move_to_district(contact, station.district_id, by=by, at=at)
