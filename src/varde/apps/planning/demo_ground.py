"""The demo district as a survey: figures that the project ships, each with its source."""

import csv
from collections.abc import Mapping
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import yaml

from varde import content
from varde.engines.access.arrays import Floats, Minutes
from varde.engines.access.catchments import Agreement
from varde.engines.access.lists import UNKNOWN
from varde.engines.access.outlines import Outlines, drawn_round
from varde.engines.access.projection import utm33
from varde.engines.access.survey import Report, Survey


FILES = (
    "places.csv",
    "population.csv",
    "population_age_sex.csv",
    "road_minutes.csv",
    "road_minutes_between.csv",
    "road_km_between.csv",
    "centrality.csv",
)
AGES_OF = 2026  # the year of population_age_sex.csv
OLDEST = 106
LIMIT_MIN = 360.0  # of the figures: a way that is longer is given as this


@cache
def demo_survey(age_from: tuple[int, ...]) -> Survey:
    """The demo's places, people and stations, and the minutes between them."""
    told: dict[str, Any] = yaml.safe_load(content.demo_text("organisation.yaml"))
    spots, names = (
        _rows("places.csv"),
        {one[0]: one[1] for one in told["municipalities"]},
    )
    code = np.array(sorted(names), dtype=np.str_)
    area = np.searchsorted(code, [one["municipality"] for one in spots])
    share = np.array([float(one["share"]) for one in spots])
    share = share / np.bincount(area, share)[area]
    ages = demo_years(age_from)[AGES_OF]
    stations = told["stations"]
    minutes = _to_stations("minutes")
    people = ages.sum(axis=1)[area] * share
    return Survey(
        municipality=code,
        municipality_name=np.array([names[one] for one in code.tolist()]),
        centrality=_centrality(code.tolist()),
        ages=ages,
        age_from=np.array(age_from),
        xy=_xy(spots),
        people=people,
        area=area,
        place=np.array([one["place"] for one in spots]),
        station=np.array([one["code"] for one in stations]),
        station_name=np.array([one["name"] for one in stations]),
        station_xy=_xy(stations),
        minutes=minutes,
        agreements=tuple(
            Agreement(
                municipality=one["municipality"],
                station=one["station"],
                begins_on=one.get("from", date.min),
                ends_on=one.get("to"),
            )
            for one in told["catchments"]
        ),
        report=Report(
            times_from="",
            read=(*FILES, "organisation.yaml"),
            lacks=(),
            unused=(),
            year=AGES_OF,
            people=float(people.sum()),
            places=len(spots),
            stations=len(stations),
            nodes=0,
            parts=0,
            bridged=0,
            longest_bridge_m=0.0,
            no_road=float(people[np.isinf(minutes).all(axis=1)].sum()),
            without_agreement=(),
        ),
    )


@cache
def demo_km() -> Minutes:
    """Road kilometres from each place to each station; inf where unknown."""
    return _to_stations("km")


@cache
def demo_between() -> tuple[Minutes, Minutes]:
    """Minutes and road kilometres from each place to each place."""
    return _square("road_minutes_between.csv"), _square("road_km_between.csv")


@cache
def demo_years(age_from: tuple[int, ...]) -> Mapping[int, Floats]:
    """Inhabitants by municipality and age group, for each year that is known.

    The ages are known for one year; in the others they are taken to be mixed alike.
    """
    rows = _rows("population.csv")
    code = sorted(one["municipality"] for one in rows)
    ages = np.zeros((len(code), len(age_from)))
    for one in _rows("population_age_sex.csv"):
        for band in set(one) - {"municipality", "sex"}:
            group = _group(int(band.split("-")[0]), age_from)
            ages[code.index(one["municipality"]), group] += float(one[band])
    share = ages / ages.sum(axis=1, keepdims=True)
    by_code = {one["municipality"]: one for one in rows}
    years = sorted(int(name) for name in rows[0] if name != "municipality")
    return {
        year: share * np.array([[float(by_code[one][str(year)])] for one in code])
        for year in years
    }


def demo_sources() -> tuple[tuple[str, str], ...]:
    """Each file of the demo, and where its figures come from, as the file says."""
    return tuple(
        (name, _first_line(name).removeprefix("# Kilde:").strip()) for name in FILES
    )


@cache
def demo_outlines(age_from: tuple[int, ...]) -> Outlines:
    """A piece of land round the places of each municipality."""
    survey = demo_survey(age_from)
    return drawn_round(survey.xy, survey.area)


def _group(age: int, age_from: tuple[int, ...]) -> int:
    for number, (first, later) in enumerate(pairwise((*age_from, OLDEST))):
        if first <= age < later:
            return number
    return len(age_from) - 1


def _first_line(name: str) -> str:
    return content.demo_text(name).splitlines()[0]


def _rows(name: str) -> list[dict[str, str]]:
    lines = content.demo_text(name).splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def _xy(rows: list[Any]) -> Floats:
    return utm33(
        np.array([float(one["longitude"]) for one in rows]),
        np.array([float(one["latitude"]) for one in rows]),
    )


def _number(text: str) -> float:
    return float(text) if text else np.inf


def _to_stations(column: str) -> Minutes:
    rows = _rows("road_minutes.csv")
    stations = list(dict.fromkeys(one["station"] for one in rows))
    found = np.array([_number(one[column]) for one in rows], dtype=np.float32)
    return found.reshape(-1, len(stations))


def _square(name: str) -> Minutes:
    rows = _rows(name)
    return np.array(
        [[_number(text) for text in list(one.values())[2:]] for one in rows],
        dtype=np.float32,
    )


def _centrality(code: list[str]) -> np.ndarray:
    given = {one["municipality"]: int(one["class"]) for one in _rows("centrality.csv")}
    return np.array([given.get(one, UNKNOWN) for one in code])
