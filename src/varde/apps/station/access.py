"""The doors of the station. What is not there and what is not yours give 404.

The place comes first: a role counts at a station when it is held there, in its district,
or at a sentral that answers for the district. The contact's own door
(`sentral.access.grounds_for_contact`) is passed as well wherever there is a patient.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone

from varde.apps.records.kept import kept
from varde.apps.records.models import (
    Attendance,
    Conflict,
    Mission,
    Order,
    Role,
    Sentral,
    Station,
)
from varde.apps.records.scope import Scope, sentraler_serving
from varde.apps.sentral.access import grounds_for_contact, scope_from
from varde.apps.sentral.queries import reference


type Asker = HttpRequest | Scope

CLINICIANS = (Role.NURSE, Role.DOCTOR, Role.OPERATOR, Role.SHIFT_LEADER)
LEADERS = (Role.LEGEVAKTOVERLEGE, Role.SHIFT_LEADER)


@dataclass(frozen=True, slots=True, kw_only=True)
class StationPlace:
    """A station, and the sentraler that answer for its district."""

    id: int
    code: str
    name: str
    district_id: int
    sentraler: tuple[int, ...]


@kept
def stations_in(districts: frozenset[int]) -> tuple[StationPlace, ...]:
    """The stations of these districts, by code. Kept for seconds."""
    return _places(Q(district__in=districts))


@kept
def place_of(station_id: int) -> StationPlace | None:
    """The station of that id; None if there is no such. Kept for seconds."""
    return next(iter(_places(Q(pk=station_id))), None)


def all_stations() -> tuple[StationPlace, ...]:
    """Every station, by code. Read anew each time."""
    return _places(Q())


def place_named(code: str) -> StationPlace | None:
    """The station of that code; None if there is no such."""
    return next(iter(_places(Q(code=code))), None)


def _places(which: Q) -> tuple[StationPlace, ...]:
    on = timezone.localdate()
    rows = list(Station.objects.filter(which).order_by("code"))
    serving = {
        district: tuple(sentraler_serving(district, on=on))
        for district in {row.district_id for row in rows}
    }
    return tuple(
        StationPlace(
            id=row.pk,
            code=row.code,
            name=row.name,
            district_id=row.district_id,
            sentraler=serving[row.district_id],
        )
        for row in rows
    )


def roles_at(asker: Asker, place: StationPlace) -> frozenset[str]:
    """The roles of this person that count at a station."""
    return scope_from(asker).roles_at_station(
        station_id=place.id, district_id=place.district_id, sentraler=place.sentraler
    )


def stations_of(asker: Asker, *roles: Role) -> tuple[StationPlace, ...]:
    """The stations where one of these roles counts (any role if none is named), by code.

    Stations of a district for which no sentral answers are not among them: nobody would
    hear of what happens there.
    """
    wanted = set(roles)
    found = []
    for place in stations_in(scope_from(asker).districts):
        held = roles_at(asker, place)
        if place.sentraler and held and (not wanted or held & wanted):
            found.append(place)
    return tuple(found)


def sentral_of(place: StationPlace) -> Sentral:
    """The sentral that answers for a station; the first by code where there are several."""
    found = reference.sentral(place.sentraler[0]) if place.sentraler else None
    if found is None:
        raise Http404
    return found


def attendance_for(
    asker: Asker, attendance_id: int, *roles: Role, now: datetime | None = None
) -> Attendance:
    """The attendance with its contact and patient, if at a station where one works.

    Raises 404 (not there, or not yours) or `sentral.access.ReasonNeeded`.
    """
    scope = scope_from(asker)
    mine = [place.id for place in stations_of(scope, *(roles or CLINICIANS))]
    found = (
        Attendance.objects.filter(
            pk=attendance_id, station__in=mine, district__in=scope.districts
        )
        .select_related("contact__patient", "doctor", "station")
        .first()
    )
    if found is None:
        raise Http404
    grounds_for_contact(scope, found.contact, now=now or timezone.now())
    return found


def order_for(
    asker: Asker, order_id: int, *roles: Role, now: datetime | None = None
) -> Order:
    """The test, if its patient is behind one's door. Raises 404 or `ReasonNeeded`."""
    scope = scope_from(asker)
    found = Order.objects.filter(pk=order_id, district__in=scope.districts).first()
    if found is None:
        raise Http404
    found.attendance = attendance_for(scope, found.attendance_id, *roles, now=now)
    return found


def conflict_for(asker: Asker, conflict_id: int, *roles: Role) -> Conflict:
    """The conflict, if at a station where one works. It names no patient. Raises 404."""
    scope = scope_from(asker)
    mine = [place.id for place in stations_of(scope, *(roles or CLINICIANS))]
    found = Conflict.objects.filter(
        pk=conflict_id, station__in=mine, district__in=scope.districts
    ).first()
    if found is None:
        raise Http404
    return found


def mission_for(
    asker: Asker, mission_id: int, *roles: Role, now: datetime | None = None
) -> Mission:
    """The mission with its contact and patient, if of a station where one works.

    Raises 404 (not there, or not yours) or `sentral.access.ReasonNeeded`.
    """
    found = _mission(asker, mission_id, *roles)
    scope = scope_from(asker)
    grounds_for_contact(scope, found.contact, now=now or timezone.now())
    return found


def mission_to_press(asker: Asker, mission_id: int) -> Mission:
    """The mission that a telephone has presses of. Nothing of the record is told back.

    One of its crew sends them without a reason, however late they come. Raises 404 or
    `ReasonNeeded`.
    """
    found = _mission(asker, mission_id)
    scope = scope_from(asker)
    if not found.crew.filter(person=scope.user_id).exists():
        grounds_for_contact(scope, found.contact, now=timezone.now())
    return found


def _mission(asker: Asker, mission_id: int, *roles: Role) -> Mission:
    scope = scope_from(asker)
    mine = [place.id for place in stations_of(scope, *(roles or CLINICIANS))]
    found = (
        Mission.objects.filter(
            pk=mission_id, station__in=mine, district__in=scope.districts
        )
        .select_related(
            "contact__patient", "contact__place", "station", "vehicle", "secret"
        )
        .first()
    )
    if found is None:
        raise Http404
    return found


def mission_of(
    asker: Asker, rows: QuerySet[Any], row_id: int, *, now: datetime | None = None
) -> Mission:
    """The mission that a press, an alarm or a step belongs to, by the mission's door.

    `rows` names the mission's id as `mission`. Raises 404 or `ReasonNeeded`.
    """
    found = rows.filter(pk=row_id).values_list("mission", flat=True).first()
    if found is None:
        raise Http404
    return mission_for(asker, found, now=now)
