"""A mission begins: from what the sentral decided, or from the station itself."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from varde.apps.records import care, events
from varde.apps.records.events import Happened
from varde.apps.records.live import Topic, announce
from varde.apps.records.models import (
    Contact,
    Mission,
    Outcome,
    Sentral,
    User,
    Vehicle,
)
from varde.apps.sentral.services import contacts, outcomes
from varde.apps.sentral.services.contacts.values import (
    Why,
    contact_values,
    not_valid,
    plain,
)
from varde.apps.station.access import StationPlace
from varde.apps.station.services.missions import told, watching
from varde.apps.station.services.missions.crews import (
    checked,
    is_alone,
    put_on,
    reason_for,
)
from varde.domain.errors import Rule, RuleBroken


# How a mission that the station makes itself may have come.
CHANNELS = (
    Contact.Channel.AMK,
    Contact.Channel.HEALTH,
    Contact.Channel.POLICE,
    Contact.Channel.NURSING_HOME,
    Contact.Channel.DOOR,
)


@transaction.atomic
def begin(
    *,
    place: StationPlace,
    outcome_id: int,
    people: Iterable[int],
    vehicle_id: int | None = None,
    companion: str = "",
    alone_reason: str = "",
    is_watched: bool = False,
    by: User,
    at: datetime,
) -> Mission:
    """Somebody goes: the crew, the car, and the contact is in the station's care.

    One who goes alone needs a reason, and has the timer from the start.

    Raises
    ------
    RuleBroken
        TASK_IS_SETTLED, MISSION_IS_UNDER_WAY, CREW_NEEDED, ALONE_NEEDS_REASON,
        VEHICLE_IS_OUT (vehicle), PERSON_IS_OUT (person), FIELD_NOT_VALID (kind, station,
        crew, vehicle).
    """
    contact_id = Outcome.objects.values_list("contact_id", flat=True).get(pk=outcome_id)
    contact = contacts.locked(contact_id, may_be_closed=True)
    outcome = Outcome.objects.select_for_update(of=("self",)).get(pk=outcome_id)
    if outcome.state != Outcome.State.OPEN:
        raise RuleBroken(Rule.TASK_IS_SETTLED)
    if outcome.kind not in Mission.Kind.values:
        raise not_valid("kind", Why.NOT_A_CHOICE)
    if contact.district_id != place.district_id:
        raise not_valid("station", Why.NOT_FOUND)
    wanted = checked(place.id, people)
    along = plain("companion", companion, longest=120)
    mission = Mission(
        contact=contact,
        district_id=contact.district_id,
        sentral_id=contact.sentral_id,
        station_id=place.id,
        outcome=outcome,
        kind=outcome.kind,
        vehicle=_vehicle(place, vehicle_id),
        companion=along,
        alone_reason=reason_for(wanted, along, alone_reason),
        opened_at=at,
        recorded_at=timezone.now(),
        opened_by=by,
    )
    _save(mission)
    put_on(mission, wanted, at=at)
    if is_watched or is_alone(wanted, along):
        watching.start(contact, mission, by=by, at=at)
    care.begin(contact)
    events.happened(
        contact=contact,
        kind=Happened.MISSION_BEGAN,
        by=by,
        at=at,
        mission=mission.pk,
        outcome=outcome.kind,
        vehicle=mission.vehicle_id,
        crew=wanted,
    )
    told.changed(mission)
    announce(Topic.CONTACTS, sentral_id=contact.sentral_id, contact_id=contact.pk)
    return mission


@transaction.atomic
def begin_new(
    *,
    place: StationPlace,
    sentral: Sentral,
    kind: str,
    channel: str,
    whereabouts: str,
    people: Iterable[int],
    narrative: str = "",
    callback_number: str = "",
    vehicle_id: int | None = None,
    companion: str = "",
    alone_reason: str = "",
    is_watched: bool = False,
    by: User,
    at: datetime,
) -> Mission:
    """A mission that came straight to the station: a contact of its own, and they go.

    The patient may be unknown. Raises `RuleBroken` as `begin`, and FIELD_NOT_VALID (kind,
    channel, whereabouts_needed, narrative, callback_number); then there is no contact.
    """
    if kind not in Mission.Kind.values:
        raise not_valid("kind", Why.NOT_A_CHOICE)
    if channel not in CHANNELS:
        raise not_valid("channel", Why.NOT_A_CHOICE)
    fields = _fields(
        at=at,
        whereabouts=whereabouts,
        narrative=narrative,
        callback_number=callback_number,
    )
    contact = Contact.objects.create(
        sentral=sentral,
        district_id=place.district_id,
        station_id=place.id,
        channel=channel,
        # Never in the sentral's hand: the station has it from the first moment.
        state=Contact.State.IN_CARE,
        opened_at=at,
        recorded_at=timezone.now(),
        opened_by=by,
        is_elsewhere=True,
        **fields,
    )
    events.happened(
        contact=contact, kind=Happened.OPENED, by=by, at=at, channel=channel
    )
    outcome = outcomes.add(
        contact_id=contact.pk, kind=kind, station_id=place.id, by=by, at=at
    )
    return begin(
        place=place,
        outcome_id=outcome.pk,
        people=people,
        vehicle_id=vehicle_id,
        companion=companion,
        alone_reason=alone_reason,
        is_watched=is_watched,
        by=by,
        at=at,
    )


def _fields(*, at: datetime, **typed: str) -> Mapping[str, Any]:
    """What was typed of the contact, checked. Somebody must know where it is."""
    fields = contact_values(typed, at=timezone.localdate(at))
    if not fields["whereabouts"]:
        raise not_valid("whereabouts_needed", Why.EMPTY)
    return fields


def _vehicle(place: StationPlace, vehicle_id: int | None) -> Vehicle | None:
    """A vehicle of the station that is in use, locked; None: they go without one."""
    if vehicle_id is None:
        return None
    row = (
        Vehicle.objects.select_for_update()
        .filter(pk=vehicle_id, station=place.id, is_in_use=True)
        .first()
    )
    if row is None:
        raise not_valid("vehicle", Why.NOT_FOUND)
    return row


def _save(mission: Mission) -> None:
    """Save it. That a car and an outcome have one mission, the database holds."""
    try:
        with transaction.atomic():
            mission.save()
    except IntegrityError as fault:
        if "a_vehicle_is_on_one_mission" in str(fault) and mission.vehicle:
            sign = mission.vehicle.call_sign
            raise RuleBroken(Rule.VEHICLE_IS_OUT, vehicle=sign) from None
        raise RuleBroken(Rule.MISSION_IS_UNDER_WAY) from None
