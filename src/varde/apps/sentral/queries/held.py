"""Where somebody holds a role, counted in districts and places."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from varde.apps.records.models import (
    District,
    Role,
    RoleGrant,
    Sentral,
    Station,
    User,
)
from varde.apps.records.scope import Scope, districts_served


@dataclass(frozen=True, slots=True)
class Place:
    """A place at which roles are held. `kind` is the field of the grant."""

    kind: str
    id: int
    name: str

    @property
    def key(self) -> str:
        """The place in one word, as a form sends it.

        >>> Place("sentral", 3, "Havgapet").key
        'sentral:3'
        """
        return f"{self.kind}:{self.id}"


def districts_where(scope: Scope, *roles: Role, on: date) -> frozenset[int]:
    """The districts in which one of these roles is held, at whatever kind of place.

    A role at a sentral is held in every district that the sentral answers for.
    """
    wanted = set(roles)
    sentraler = scope.sentraler(*roles)
    stations = [place for place, held in scope.station_roles.items() if held & wanted]
    districts = {place for place, held in scope.district_roles.items() if held & wanted}
    if sentraler:
        hosts = Sentral.objects.filter(pk__in=sentraler)
        districts.update(hosts.values_list("host_district", flat=True))
        districts.update(districts_served(sentraler, on=on))
    if stations:
        districts.update(
            Station.objects.filter(pk__in=stations).values_list("district", flat=True)
        )
    return frozenset(districts)


def places_in(districts: frozenset[int]) -> list[Place]:
    """The districts, their sentraler and their stations, each by name."""
    sentraler = Sentral.objects.filter(
        Q(host_district__in=districts) | Q(serves__district__in=districts)
    ).distinct()
    stations = Station.objects.filter(district__in=districts)
    return [
        *(Place("sentral", one.pk, one.name) for one in sentraler),
        *(Place("station", one.pk, one.name) for one in stations),
        *(
            Place("district", one.pk, one.name)
            for one in District.objects.filter(pk__in=districts)
        ),
    ]


def grants_in(districts: frozenset[int]) -> QuerySet[RoleGrant]:
    """Every role held, once or now, at a place of these districts."""
    return RoleGrant.objects.filter(
        Q(district__in=districts)
        | Q(station__district__in=districts)
        | Q(sentral__host_district__in=districts)
        | Q(sentral__in=Sentral.objects.filter(serves__district__in=districts))
    )


def people_in(districts: frozenset[int]) -> QuerySet[User]:
    """Everybody who holds, or once held, a role at a place of these districts."""
    return User.objects.filter(pk__in=grants_in(districts).values("user"))


def place_of(grant: RoleGrant) -> Place:
    """The place of a grant. Fetch its places with it (select_related)."""
    if grant.sentral is not None:
        return Place("sentral", grant.sentral.pk, grant.sentral.name)
    if grant.station is not None:
        return Place("station", grant.station.pk, grant.station.name)
    if grant.district is not None:
        return Place("district", grant.district.pk, grant.district.name)
    raise ValueError(f"Grant {grant.pk} names no place.")
