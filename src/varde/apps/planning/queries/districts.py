"""The demo's places with the ways to the stations, for two neighbouring districts."""

import csv
from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib import resources
from typing import NamedTuple

from varde.apps.planning.scenarios.neighbours import Leg, Settlement, Site
from varde.apps.records.models import Catchment, Municipality, Station


FILE, PLACES = "road_minutes.csv", "places.csv"


class _Row(NamedTuple):
    municipality: str
    place: str
    people: float
    station: str
    minutes: float
    km: float | None


@cache
def _rows() -> tuple[_Row, ...]:
    return tuple(
        _Row(
            row["municipality"],
            row["place"],
            float(row["people"]),
            row["station"],
            float(row["minutes"] or "inf"),
            float(row["km"]) if row["km"] else None,
        )
        for row in _read(FILE)
    )


@cache
def _where() -> dict[tuple[str, str], tuple[float, float]]:
    """Degrees north and east of each place, by its municipality and its name."""
    return {
        (row["municipality"], row["place"]): (
            float(row["latitude"]),
            float(row["longitude"]),
        )
        for row in _read(PLACES)
    }


def _read(name: str) -> list[dict[str, str]]:
    text = (resources.files("varde.content") / "demo" / name).read_text(
        encoding="utf-8"
    )
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return list(csv.DictReader(lines))


def _site(code: str) -> Site | None:
    """The settlement that a station is in: the one with the shortest way to it."""
    ways = [row for row in _rows() if row.station == code and row.km is not None]
    nearest = min(ways, key=lambda row: (row.minutes, -row.people), default=None)
    return None if nearest is None else Site(code=code, place=nearest.place)


def neighbours(station_id: int, *, on: date) -> list[tuple[Station, float]]:
    """The other stations by the way to them, the nearest first, with the minutes."""
    mine = Station.objects.filter(pk=station_id).first()
    here = None if mine is None else _site(mine.code)
    if here is None:
        return []
    minutes = {
        row.station: row.minutes
        for row in _rows()
        if row.place == here.place and row.km is not None
    }
    served = set(
        Catchment.objects.filter(valid_from__lte=on)
        .exclude(valid_to__lte=on)
        .values_list("station", flat=True)
    )
    others = Station.objects.filter(code__in=minutes, pk__in=served).exclude(
        pk=station_id
    )
    return sorted(
        ((one, minutes[one.code]) for one in others),
        key=lambda pair: (pair[1], pair[0].code),
    )


def two_districts(
    one: Station, other: Station, *, on: date
) -> tuple[tuple[Site, Site], list[Settlement]]:
    """The two stations' sites, and the places that they serve on a day.

    Raises `LookupError` where no ways are known to one of them.
    """
    sites = (_site(one.code), _site(other.code))
    if sites[0] is None or sites[1] is None:
        raise LookupError(f"no ways to {one.code} or {other.code}")
    return (sites[0], sites[1]), list(_settlements((one, other), on=on))


def _settlements(
    stations: tuple[Station, Station], *, on: date
) -> Iterator[Settlement]:
    codes = {station.code for station in stations}
    served = {
        row.municipality_id: row.station.code
        for row in Catchment.objects.filter(station__in=stations, valid_from__lte=on)
        .exclude(valid_to__lte=on)
        .exclude(hours=Catchment.Hours.NIGHT)
        .select_related("station")
    }
    names = dict(Municipality.objects.filter(pk__in=served).values_list("pk", "name"))
    ways: dict[tuple[str, str], dict[str, Leg]] = {}
    people: dict[tuple[str, str], float] = {}
    for row in _rows():
        if row.municipality in served and row.station in codes:
            key = row.municipality, row.place
            ways.setdefault(key, {})[row.station] = Leg(minutes=row.minutes, km=row.km)
            people[key] = row.people
    for (municipality, place), legs in ways.items():
        yield Settlement(
            municipality=names[municipality], name=place, people=people[municipality, place],
            own=served[municipality], legs=legs, at=_where().get((municipality, place)),
        )  # fmt: skip
