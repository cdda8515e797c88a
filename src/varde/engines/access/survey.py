"""How far everybody has to every station, measured once and kept in one file."""

import io
import json
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

import numpy as np

from varde.domain.errors import BadInput
from varde.engines.access.arrays import Floats, Minutes, Whole, Words, YesNo
from varde.engines.access.catchments import Agreement, Hours, agreed_stations
from varde.engines.access.geography import Geography
from varde.engines.access.official_files import KINDS
from varde.engines.access.reach import NOWHERE
from varde.engines.access.travel_times import TravelTimes, minutes_from


FORM = 2  # of the kept file


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was read, what lacks, and what was done to the map.

    `times_from` is what measured the minutes (`TravelTimes.name`); "" for typed-in figures.
    `no_road` are the people whom no road takes to any station. `notes` are sentences about
    the roads that the minutes are from.
    """

    times_from: str

    read: tuple[str, ...]
    lacks: tuple[str, ...]
    unused: tuple[str, ...]
    year: int
    people: float
    places: int
    stations: int
    nodes: int
    parts: int
    bridged: int
    longest_bridge_m: float
    no_road: float
    without_agreement: tuple[str, ...]  # names of municipalities
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """Places with people, stations, and the minutes between them.

    `area` and `age_from` number the rows and columns of `ages`, inhabitants of each
    municipality by age group. `place` is "" where a place has no name.
    """

    municipality: Words
    municipality_name: Words
    centrality: Whole
    ages: Floats
    age_from: Whole
    xy: Floats
    people: Floats
    area: Whole
    place: Words
    station: Words
    station_name: Words
    station_xy: Floats
    minutes: Minutes
    agreements: tuple[Agreement, ...]
    report: Report

    def agreed(self, *, on: date, hours: Hours) -> YesNo:
        """Which stations each place may use on a day (`agreed_stations`)."""
        return agreed_stations(
            self.agreements,
            on=on,
            hours=hours,
            municipality=self.municipality[self.area],
            part=self.place,
            stations=self.station.tolist(),
        )

    def age_shares(self) -> Floats:
        """The share of each age group in each municipality; 0 where nobody lives."""
        everybody = self.ages.sum(axis=1, keepdims=True)
        return np.divide(
            self.ages, everybody, out=np.zeros_like(self.ages), where=everybody > 0
        )


def surveyed(geography: Geography, *, times: TravelTimes | None = None) -> Survey:
    """Measure from every place to every station, by `times`; None: on the roads read.

    Raises `ValueError` where a router does not keep what `TravelTimes` promises.
    """
    origins, stations = geography.origins, geography.stations
    router = times or geography.roads
    minutes = minutes_from(
        router, origins.xy, stations.xy, geography.assumptions.limit_min
    )
    called = np.append(geography.names.name, "")  # the last is that of place -1
    served = {one.municipality for one in geography.agreements}
    report = Report(
        times_from=router.name,
        read=tuple(
            f"{kind.about}: {geography.found.files[kind.name]}"
            for kind in KINDS
            if kind.name in geography.found.files
        ),
        lacks=geography.found.lacks,
        unused=geography.found.unused,
        year=geography.population.year,
        people=float(origins.people.sum()),
        places=len(origins.people),
        stations=len(stations.code),
        nodes=len(geography.mended.network.xy),
        parts=int(geography.mended.network.parts.max()) + 1,
        bridged=geography.mended.bridged,
        longest_bridge_m=geography.mended.longest_bridge_m,
        no_road=float(origins.people[np.isinf(minutes).all(axis=1)].sum()),
        without_agreement=tuple(
            str(name)
            for code, name in zip(
                geography.municipalities.code,
                geography.municipalities.name,
                strict=True,
            )
            if str(code) not in served
        ),
        notes=geography.mended.notes,
    )
    return Survey(
        municipality=geography.municipalities.code,
        municipality_name=geography.municipalities.name,
        centrality=geography.centrality,
        ages=geography.population.ages,
        age_from=np.array(geography.assumptions.age_from),
        xy=origins.xy,
        people=origins.people,
        area=origins.area,
        place=called[
            np.where(origins.place == NOWHERE, len(called) - 1, origins.place)
        ],
        station=stations.code,
        station_name=stations.name,
        station_xy=stations.xy,
        minutes=minutes,
        agreements=geography.agreements,
        report=report,
    )


_ARRAYS = tuple(
    one.name for one in fields(Survey) if one.name not in ("agreements", "report")
)


def to_file(survey: Survey) -> bytes:
    """The survey as one file, to be read with `from_file`."""
    told = {
        "form": FORM,
        "agreements": [
            asdict(one)
            | {
                "begins_on": one.begins_on.isoformat(),
                "ends_on": one.ends_on and one.ends_on.isoformat(),
            }
            for one in survey.agreements
        ],
        "report": asdict(survey.report),
    }
    kept = io.BytesIO()
    arrays = {name: getattr(survey, name) for name in _ARRAYS}
    np.savez_compressed(kept, told=np.array(json.dumps(told)), **arrays)
    return kept.getvalue()


def from_file(content: bytes, *, file: str) -> Survey:
    """A survey that was kept.

    Raises `BadInput` for a file that is cut short or spoiled, or of another form than ours.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as opened:
            told = json.loads(str(opened["told"]))
            arrays = {name: opened[name] for name in _ARRAYS}
    # zip, zlib, NumPy and tokenize each have faults of their own for spoiled bytes.
    except Exception:
        told, arrays = {"form": None}, {}
    if told["form"] != FORM:
        raise BadInput(
            file=file,
            problem="is not a survey that this version can read",
            cure="Run varde import geography again",
        )
    return Survey(
        **arrays,
        agreements=tuple(map(_agreement, told["agreements"])),
        report=_report(told["report"]),
    )


def _report(told: dict[str, Any]) -> Report:
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in told.items()
    }
    return Report(**values)


def _agreement(told: dict[str, str | None]) -> Agreement:
    ends_on = told["ends_on"]
    return Agreement(
        municipality=str(told["municipality"]),
        station=str(told["station"]),
        part=str(told["part"]),
        begins_on=date.fromisoformat(str(told["begins_on"])),
        ends_on=date.fromisoformat(ends_on) if ends_on else None,
        hours=Hours(str(told["hours"])),
    )
