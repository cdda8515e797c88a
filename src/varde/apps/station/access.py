"""The doors of the station. What is not there and what is not yours give 404.

The place comes first: a role counts at a station when it is held there, in its district,
or at a sentral that answers for the district. The contact's own door
(`sentral.access.grounds_for_contact`) is passed as well wherever there is a patient.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone

from varde.apps.records.kept import kept
from varde.apps.records.models import Attendance, Mission, Role, Sentral, Station
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
def all_stations() -> tuple[StationPlace, ...]:
    """Every station, by code. Kept for seconds."""
    on = timezone.localdate()
    serving: dict[int, tuple[int, ...]] = {}
    found = []
    for row in Station.objects.order_by("code"):
        if row.district_id not in serving:
            serving[row.district_id] = tuple(sentraler_serving(row.district_id, on=on))
        found.append(
            StationPlace(
                id=row.pk,
                code=row.code,
                name=row.name,
                district_id=row.district_id,
                sentraler=serving[row.district_id],
            )
        )
    return tuple(found)


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
    for place in all_stations():
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
