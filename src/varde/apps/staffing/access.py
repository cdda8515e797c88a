"""The doors of the staffing room. What is not there and what is not yours give 404.

A rota is made for a workplace: a station (its doctors and nurses) or a sentral (its
operators and shift leaders). A role counts at a station as it does in the station's room,
and at a sentral when it is held there. Rows about staff are no patient's, so the database
does not hide them: every query starts from a workplace that this door has given.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.http import HttpRequest

from varde.apps.records.models import Role, Sentral, Station
from varde.apps.records.scope import Scope
from varde.apps.sentral.access import scope_from
from varde.apps.station.access import StationPlace, all_stations, stations_in
from varde.apps.station.access import roles_at as roles_at_station


type Asker = HttpRequest | Scope

PLANNERS = (Role.LEGEVAKTOVERLEGE, Role.ADMINISTRATOR)  # who make the rota
LEADERS = (*PLANNERS, Role.SHIFT_LEADER)  # who fill a duty at night
AT_WORK = (Role.OPERATOR, Role.NURSE, Role.DOCTOR, Role.SHIFT_LEADER)
OVERSEERS = (*PLANNERS, Role.KOMMUNEOVERLEGE)  # who see load, years ahead and cost
CORRECT_PHONES = (*LEADERS, Role.OPERATOR)  # of those on duty
EVERYBODY = (*AT_WORK, *OVERSEERS)


class WorkplaceKind(StrEnum):
    """What sort of place has a rota of its own."""

    STATION = "stasjon"
    SENTRAL = "sentral"


@dataclass(frozen=True, slots=True, kw_only=True)
class Workplace:
    """A station or a sentral that has a rota. `district_id` is that of its leaders."""

    kind: WorkplaceKind
    id: int
    code: str
    name: str
    district_id: int
    sentraler: tuple[int, ...]

    @classmethod
    def of_station(
        cls, station: Station | StationPlace, *, sentraler: Iterable[int]
    ) -> "Workplace":
        """A station, with the sentraler that answer for it."""
        return cls(
            kind=WorkplaceKind.STATION,
            id=station.id,
            code=station.code,
            name=station.name,
            district_id=station.district_id,
            sentraler=tuple(sentraler),
        )

    @classmethod
    def of_sentral(cls, sentral: Sentral) -> "Workplace":
        """A sentral, which answers for itself."""
        return cls(
            kind=WorkplaceKind.SENTRAL,
            id=sentral.pk,
            code=sentral.code,
            name=sentral.name,
            district_id=sentral.host_district_id,
            sentraler=(sentral.pk,),
        )

    @property
    def key(self) -> str:
        """What names it in an address: `stasjon-HEL`."""
        return f"{self.kind}-{self.code}"

    @property
    def station_id(self) -> int | None:
        """The station's id; None for a sentral."""
        return self.id if self.kind is WorkplaceKind.STATION else None

    @property
    def sentral_id(self) -> int | None:
        """The sentral's id; None for a station."""
        return self.id if self.kind is WorkplaceKind.SENTRAL else None

    @property
    def where(self) -> dict[str, int]:
        """The workplace as it stands in rows that have a station or a sentral."""
        name = "station_id" if self.kind is WorkplaceKind.STATION else "sentral_id"
        return {name: self.id}


def workplaces_of(asker: Asker, *roles: Role) -> tuple[Workplace, ...]:
    """The workplaces where one of these roles counts (any role if none is named).

    The stations by code, then the sentraler by code.
    """
    scope = scope_from(asker)
    wanted = set(roles)
    found = []
    for station in stations_in(scope.districts):
        held = roles_at_station(scope, station)
        if station.sentraler and held and (not wanted or held & wanted):
            found.append(Workplace.of_station(station, sentraler=station.sentraler))
    mine = scope.sentraler(*roles)
    rows = Sentral.objects.filter(pk__in=mine).order_by("code")
    return (*found, *map(Workplace.of_sentral, rows))


def workplaces() -> tuple[Workplace, ...]:
    """Every workplace: the stations that a sentral answers for, then the sentraler."""
    stations = [
        Workplace.of_station(place, sentraler=place.sentraler)
        for place in all_stations()
        if place.sentraler
    ]
    return (*stations, *map(Workplace.of_sentral, Sentral.objects.order_by("code")))


def workplace_named(key: str) -> Workplace | None:
    """The workplace of that key; None if there is no such."""
    return next((place for place in workplaces() if place.key == key), None)


def roles_at(asker: Asker, workplace: Workplace) -> frozenset[str]:
    """The roles of this person that count at a workplace."""
    scope = scope_from(asker)
    if workplace.kind is WorkplaceKind.SENTRAL:
        return scope.sentral_roles.get(workplace.id, frozenset())
    return scope.roles_at_station(
        station_id=workplace.id,
        district_id=workplace.district_id,
        sentraler=workplace.sentraler,
    )
