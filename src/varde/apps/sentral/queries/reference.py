"""Places and people of the trade that every drawing of the desk needs. Kept for seconds."""

from dataclasses import dataclass

from varde.apps.records.kept import kept
from varde.apps.records.models import (
    Fastlege,
    Municipality,
    Place,
    Sentral,
    Station,
    TravelTime,
    User,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FastlegeChoice:
    """A doctor with a list, and the surgery."""

    id: int
    name: str
    office: str
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StationPoint:
    """Where a station is."""

    id: int
    name: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacePoint:
    """Where a place is."""

    id: int
    name: str
    latitude: float
    longitude: float


@kept
def sentral(sentral_id: int) -> Sentral | None:
    """A sentral with its host district; None if there is no such. Not to be changed."""
    rows = Sentral.objects.select_related("host_district")
    return rows.filter(pk=sentral_id).first()


@kept
def person_name(user_id: int) -> str:
    """What a colleague is called; "" for nobody of that id."""
    person = User.objects.only("first_name", "last_name", "username").filter(pk=user_id)
    found = person.first()
    return found.name if found is not None else ""


@kept
def station_name(station_id: int) -> str:
    """What a station is called; "" if there is no such."""
    return (
        Station.objects.filter(pk=station_id).values_list("name", flat=True).first()
        or ""
    )


@kept
def station_district(station_id: int) -> int | None:
    """The district that a station is in; None if there is no such."""
    rows = Station.objects.filter(pk=station_id)
    return rows.values_list("district", flat=True).first()


@kept
def place(place_id: int) -> PlacePoint | None:
    """Where a place is; None if there is no such."""
    row = (
        Place.objects.filter(pk=place_id)
        .values_list("pk", "name", "latitude", "longitude")
        .first()
    )
    if row is None:
        return None
    pk, name, latitude, longitude = row
    return PlacePoint(id=pk, name=name, latitude=latitude, longitude=longitude)


@kept
def travel_min(place_id: int, station_id: int) -> int | None:
    """Minutes by road from a place to a station; None where nobody knows."""
    rows = TravelTime.objects.filter(place=place_id, station=station_id)
    return rows.values_list("minutes", flat=True).first()


@kept
def fastlege(fastlege_id: int) -> FastlegeChoice | None:
    """A doctor with a list; None if there is no such."""
    row = (
        Fastlege.objects.filter(pk=fastlege_id)
        .values_list("pk", "name", "office__name", "office__phone")
        .first()
    )
    return _fastlege(row) if row is not None else None


@kept
def municipality_name(number: str) -> str:
    """What a municipality is called; "" for a number that is not there."""
    return dict(municipalities()).get(number, "")


@kept
def municipalities() -> tuple[tuple[str, str], ...]:
    """Number and name of every municipality, by name."""
    return tuple(Municipality.objects.order_by("name").values_list("number", "name"))


@kept
def places_of(municipality_id: str) -> tuple[tuple[str, str], ...]:
    """Id and name of the places of a municipality."""
    rows = Place.objects.filter(municipality_id=municipality_id)
    return tuple((str(pk), name) for pk, name in rows.values_list("pk", "name"))


@kept
def fastleger_of(municipality_id: str) -> tuple[FastlegeChoice, ...]:
    """The doctors with lists in a municipality, by name."""
    rows = Fastlege.objects.filter(office__municipality=municipality_id)
    columns = ("pk", "name", "office__name", "office__phone")
    return tuple(map(_fastlege, rows.order_by("name").values_list(*columns)))


def _fastlege(row: tuple[int, str, str, str]) -> FastlegeChoice:
    pk, name, office, phone = row
    return FastlegeChoice(id=pk, name=name, office=office, phone=phone)


@kept
def stations_around(sentral_id: int) -> tuple[StationPoint, ...]:
    """The stations of the districts that a sentral serves, where it is known where."""
    rows = Station.objects.filter(
        district__served_by__sentral_id=sentral_id,
        latitude__isnull=False,
        longitude__isnull=False,
    ).distinct()
    return tuple(
        StationPoint(id=pk, name=name, latitude=latitude, longitude=longitude)
        for pk, name, latitude, longitude in rows.order_by("name").values_list(
            "pk", "name", "latitude", "longitude"
        )
    )
