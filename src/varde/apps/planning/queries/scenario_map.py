"""Where the places of a scenario are, and how far they have, for a map and its table."""

from collections.abc import Sequence
from math import inf, isfinite
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from varde.apps.planning.queries.studies import Found
from varde.apps.planning.scenarios.ground import (
    DOCTOR,
    NIGHT,
    NOON,
    is_on_duty,
    those_who_are,
)
from varde.apps.sentral.queries.number_tables import table
from varde.engines.access.projection import utm33
from varde.engines.simulation.layout import spread_out
from varde.engines.simulation.scenario import Scenario
from varde.engines.simulation.tables import Floats, travel_minutes


UNIT_M = 100.0  # of a map with true places, as of the outlines it lies on
MOMENTS = (("noon", NOON), ("night", NIGHT))
BANDS_MIN = (20.0, 40.0, 60.0, 90.0)  # a band begins above each
NO_ROAD = len(BANDS_MIN) + 1
NONE = "–"
NEGLIGIBLE_MIN = 1e-6


def is_placed(scenario: Scenario) -> bool:
    """Whether it is known where every place is."""
    return all(place.at is not None for place in scenario.places)


def points(scenario: Scenario) -> list[list[float]]:
    """East and north of each place: hundreds of metres; else minutes of a drawing of ours."""
    if is_placed(scenario):
        at = np.array([place.at for place in scenario.places], dtype=np.float64)
        drawn = utm33(at[:, 1], at[:, 0]) / UNIT_M
    else:
        drawn = spread_out(travel_minutes(scenario, is_bad=False))
    rounded: list[list[float]] = drawn.round(1).tolist()
    return rounded


def ground_figures(scenario: Scenario) -> dict[str, Any]:
    """What every map of a scenario lies on: places, roads, and whether it is true."""
    return {
        "isPlaced": is_placed(scenario),
        "places": [
            {"name": place.name, "people": place.inhabitants, "at": at}
            for place, at in zip(scenario.places, points(scenario), strict=True)
        ],
        "roads": used_roads(scenario),
    }


def used_roads(scenario: Scenario) -> list[list[int]]:
    """The roads on a shortest way from a place to its station, or between two stations."""
    minutes = travel_minutes(scenario, is_bad=False)
    stations = scenario.stations()
    periods = range(len(scenario.periods) + 1)
    trips = {(one, other) for one in stations for other in stations} | {
        (place, scenario.station_of(place, period))
        for place in range(len(scenario.places))
        for period in periods
    }
    found = []
    for road in scenario.roads:
        a, b = (scenario.place_number(name) for name in road.between)
        if any(
            _is_on_way(minutes, road.minutes, trip, ends)
            for trip in trips
            for ends in ((a, b), (b, a))
        ):
            found.append([a, b])
    return found


def _is_on_way(
    minutes: Floats, length: float, trip: tuple[int, int], ends: tuple[int, int]
) -> bool:
    (start, goal), (a, b) = trip, ends
    whole = minutes[start, goal]
    by_road = minutes[start, a] + length + minutes[b, goal]
    return bool(np.isfinite(whole) and by_road <= whole + NEGLIGIBLE_MIN)


def map_figures(found: Found) -> list[dict[str, Any]]:
    """Each scenario: its ground, and how far each place has at noon and at night."""
    return [
        {
            "title": title,
            **ground_figures(one),
            "stations": one.stations(),
            "moments": {code: _moment(one, minute) for code, minute in MOMENTS},
        }
        for title, one in zip(found.titles, found.scenarios, strict=True)
    ]


def _moment(scenario: Scenario, minute: float) -> dict[str, Any]:
    far = _Ways(scenario, minute)
    return {
        "stationOf": far.station,
        "doctorsAt": sorted(far.doctors),
        "bands": {
            "station": [band(one) for one in far.to_station],
            "doctor": [band(one) for one in far.to_doctor],
        },
        "said": [
            _("%(place)s: %(minutes)s til %(station)s, %(doctor)s til nærmeste lege på vakt")
            % {
                "place": place.name,
                "minutes": minutes_words(far.to_station[number]),
                "station": scenario.places[far.station[number]].name,
                "doctor": minutes_words(far.to_doctor[number]),
            }
            for number, place in enumerate(scenario.places)
        ],
    }  # fmt: skip


class _Ways:
    """For each place at a minute: its station, the minutes there, and to a doctor."""

    def __init__(self, scenario: Scenario, minute: float) -> None:
        period = scenario.period_at(minute - scenario.start_hour * 60)
        places = range(len(scenario.places))
        minutes: Floats = travel_minutes(scenario, is_bad=False)
        self.station = [scenario.station_of(place, period) for place in places]
        self.doctors = {
            scenario.place_number(one.base)
            for one in those_who_are(scenario, DOCTOR)
            if is_on_duty(one, minute)
        }
        self.to_station = [float(minutes[p, self.station[p]]) for p in places]
        self.to_doctor = [
            min((float(minutes[p, base]) for base in self.doctors), default=inf)
            for p in places
        ]


def band(minutes: float) -> int:
    """The colour of so many minutes: 0 is up to 20; the last is no road, or nobody there.

    >>> [band(minutes) for minutes in (0, 20, 20.1, 61, 200, inf)]
    [0, 0, 1, 3, 4, 5]
    """
    if not isfinite(minutes):
        return NO_ROAD
    return sum(minutes > border for border in BANDS_MIN)


def minutes_words(minutes: float) -> str:
    """Whole minutes; a dash where nobody can come."""
    return f"{minutes:.0f} min" if isfinite(minutes) else NONE


def places_table(found: Found) -> dict[str, Any]:
    """Each place in each scenario: its station and the way to it and to a doctor on duty."""
    ways = [
        {code: _Ways(one, minute) for code, minute in MOMENTS}
        for one in found.scenarios
    ]
    names = list(dict.fromkeys(p.name for one in found.scenarios for p in one.places))
    rows, raw = [], []
    for name in names:
        numbers = [_number(one, name) for one in found.scenarios]
        people = max(
            one.places[number].inhabitants
            for one, number in zip(found.scenarios, numbers, strict=True)
            if number is not None
        )
        cells, values = [], []
        for one, number, far in zip(found.scenarios, numbers, ways, strict=True):
            cells += _cells(one, number, far)
            values += _values(one, number, far)
        rows.append((name, f"{people:,.0f}".replace(",", " "), *cells))
        raw.append((name, people, *values))
    heads = [_("Sted"), _("Innbyggere")]
    made = table("steder", _("Stedene"), [*heads, *_heads(found.titles)], rows, raw)
    return made | {"csv_heads": [*heads, *_file_heads(found.titles)]}


def _number(scenario: Scenario, name: str) -> int | None:
    known = [place.name for place in scenario.places]
    return known.index(name) if name in known else None


def _heads(titles: Sequence[str]) -> list[str]:
    return [
        head
        for title in titles
        for head in (
            _("%(title)s: stasjon") % {"title": title},
            _("%(title)s: til lege på vakt") % {"title": title},
        )
    ]


def _file_heads(titles: Sequence[str]) -> list[str]:
    whats = (_("stasjon"), _("minutter til stasjonen"), _("minutter til lege på vakt"))
    times = (_("kl. 12"), _("kl. 3"))
    return [f"{title}: {what} {at}" for title in titles for at in times for what in whats]  # fmt: skip


def _cells(scenario: Scenario, place: int | None, far: dict[str, _Ways]) -> list[str]:
    if place is None:
        return [NONE, NONE]
    told = [
        (
            f"{scenario.places[one.station[place]].name} {minutes_words(one.to_station[place])}",
            minutes_words(one.to_doctor[place]),
        )
        for one in far.values()
    ]
    return [_both(*(pair[which] for pair in told)) for which in (0, 1)]


def _both(noon: str, night: str) -> str:
    if noon == night:
        return noon
    return _("%(noon)s (kl. 3: %(night)s)") % {"noon": noon, "night": night}


def _values(scenario: Scenario, place: int | None, far: dict[str, _Ways]) -> list[Any]:
    if place is None:
        return [None] * (3 * len(far))
    return [
        value
        for one in far.values()
        for value in (
            scenario.places[one.station[place]].name,
            _known(one.to_station[place]),
            _known(one.to_doctor[place]),
        )
    ]


def _known(minutes: float) -> float | None:
    return round(minutes, 1) if isfinite(minutes) else None
