"""Three ways for two neighbouring districts: both stations, one, or a satellite at night.

The ready scenarios say who works where and what happens; here their two made-up districts
become two that are there. Places of one municipality are put together when they are as far
from both stations: within an hour or beyond it, so that the share beyond an hour is exact.
"""

import copy
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from varde.apps.planning.scenarios.trees import Tree, ready_tree


WAYS = ("idag", "slatt-sammen", "satellitt-natt")
SOUTH, NORTH, EDGE = "Sor", "Nord", "Utkant"  # the made-up places of the ready ones
NAMED = ("name", "base", "station", "stations", "about")
HOUR_MIN = 60.0
SOURCE = "Steder, innbyggere og veier er demoens: SSB 1. januar 2026 og reisetid på N1000, regnet av Varde (road_minutes.csv). Grove tall, aldri til vedtak."
NIGHT_SOURCE = "Satellitten er den stasjonen som har færrest innbyggere."


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """The way from a place to a station; without kilometres there is no road."""

    minutes: float
    km: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """A place of the two districts: who lives there, and the ways to the two stations."""

    municipality: str
    name: str
    people: float
    own: str  # the code of the station that serves it
    at: tuple[float, float] | None = None  # degrees north and east
    legs: Mapping[str, Leg]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One of the two stations, and the settlement that it is in."""

    code: str
    place: str


def three_ways(
    sites: tuple[Site, Site], settlements: Sequence[Settlement]
) -> list[tuple[str, Tree]]:
    """The code and the whole of each scenario, both stations first.

    Raises `LookupError` where no road is known between the two.
    """
    main, other = sorted(sites, key=lambda one: -_served(one, settlements))
    places, roads, left_out = _ground(main, other, settlements)
    found = []
    for code in WAYS:
        tree = _renamed(ready_tree(code), {SOUTH: main.place, NORTH: other.place})
        is_merged = code == "slatt-sammen"
        tree["places"] = [_place(one, main.place if is_merged else one["station"]) for one in places]  # fmt: skip
        tree["roads"] = copy.deepcopy(roads)
        tree["assumptions"] = _assumptions(tree["assumptions"], left_out, has_satellite=code == "satellitt-natt")  # fmt: skip
        found.append((code, tree))
    return found


def _served(site: Site, settlements: Sequence[Settlement]) -> float:
    return sum(one.people for one in settlements if one.own == site.code)


def _renamed(tree: Tree, names: Mapping[str, str]) -> Tree:
    """The two made-up places under the names of those that are there."""

    def text(value: str) -> str:
        for old, new in names.items():
            if value == old or value.endswith(f" {old}") or f" {old} " in value:
                value = value.replace(old, new)
        return value

    def walk(value: Any, key: str) -> Any:
        if isinstance(value, dict):
            return {k: walk(v, k) for k, v in value.items()}
        if isinstance(value, list):
            return [walk(one, key) for one in value]
        return text(value) if isinstance(value, str) and key in NAMED else value

    made: Tree = walk(tree, "")
    for person in made["people"]:
        person.setdefault("base", names[SOUTH])
    return made


def _place(one: Mapping[str, Any], station: str) -> dict[str, Any]:
    place = {key: value for key, value in one.items() if key != "station"}
    return place if station == one["name"] else {**place, "station": station}


def _ground(
    main: Site, other: Site, settlements: Sequence[Settlement]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], float]:
    """The places with their stations, the roads, and how many no road reaches."""
    name_of = {main.code: main.place, other.code: other.place}
    people_at: dict[str, float] = {main.place: 0.0, other.place: 0.0}
    where: dict[str, list[float]] = {}
    groups: defaultdict[tuple[str, str, tuple[bool, ...]], list[Settlement]] = defaultdict(list)  # fmt: skip
    left_out, between = 0.0, None
    for one in settlements:
        known = {code: leg for code, leg in one.legs.items() if leg.km is not None}
        if one.name in people_at:
            people_at[one.name] += one.people
            where[one.name] = _where([one])
            opposite = other if one.name == main.place else main
            between = known.get(opposite.code, between)
        elif set(known) == set(name_of):
            far = tuple(known[code].minutes > HOUR_MIN for code in sorted(known))
            groups[one.municipality, one.own, far].append(one)
        else:
            left_out += one.people
    if between is None:
        raise LookupError(f"no road between {main.code} and {other.code}")
    places = [
        {"name": n, "inhabitants": round(people), "station": n, **_at(where.get(n, []))}
        for n, people in people_at.items()
    ]
    roads = [_road(main.place, other.place, between.minutes, between.km or 0.0)]
    counted: defaultdict[str, int] = defaultdict(int)
    for (municipality, own, _far), those in sorted(groups.items()):
        people = sum(one.people for one in those)
        if not people:
            continue
        counted[municipality] += 1
        number = counted[municipality]
        name = municipality if number == 1 else f"{municipality} {number}"
        name = f"{name} (rundt)" if name in people_at else name
        places.append({"name": name, "inhabitants": round(people), "station": name_of[own], **_at(_where(those))})  # fmt: skip
        for code, station in name_of.items():
            minutes = sum(one.people * one.legs[code].minutes for one in those) / people
            km = sum(one.people * (one.legs[code].km or 0.0) for one in those) / people
            roads.append(_road(name, station, minutes, km))
    return places, roads, left_out


def _where(those: Sequence[Settlement]) -> list[float]:
    """The middle of their inhabitants; empty where it is not known of all."""
    known = [(one.people, one.at) for one in those if one.at is not None]
    people = sum(count for count, _at in known)
    if len(known) < len(those) or not people:
        return []
    return [
        round(sum(count * at[axis] for count, at in known) / people, 4)
        for axis in (0, 1)
    ]


def _at(where: list[float]) -> dict[str, Any]:
    return {"at": where} if where else {}


def _road(one: str, other: str, minutes: float, km: float) -> dict[str, Any]:
    return {"between": [one, other], "minutes": round(minutes, 1), "km": round(km, 1)}


def _assumptions(
    known: Sequence[Mapping[str, Any]], left_out: float, *, has_satellite: bool
) -> list[dict[str, Any]]:
    """The sources of the ready scenario, with those of the places and roads for its own."""
    kept = [dict(one) for one in known if one["about"] not in ("places", "roads")]
    gone = f" {round(left_out)} innbyggere som ingen vei når, er ikke med." if left_out >= 1 else ""  # fmt: skip
    kept += [
        {"about": "places", "source": SOURCE + gone, "ours": True},
        {"about": "roads", "source": SOURCE, "ours": True},
    ]
    if has_satellite:
        kept.append(
            {"about": "steps.mottak.next", "source": NIGHT_SOURCE, "ours": True}
        )
    return kept
