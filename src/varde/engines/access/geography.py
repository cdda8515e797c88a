"""The official files taken together: roads, people, stations and what they have agreed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import shapely

from varde.domain.errors import BadInput
from varde.engines.access import lists, n1000
from varde.engines.access.arrays import Words
from varde.engines.access.assumptions import Assumptions
from varde.engines.access.catchments import Agreement
from varde.engines.access.links import Mended, network_of
from varde.engines.access.lists import Population, Stations
from varde.engines.access.official_files import Found, find_files, read_table
from varde.engines.access.people import (
    Municipalities,
    Named,
    Origins,
    Points,
    points_of_map,
    populated,
)
from varde.engines.access.roads import RoadTimes
from varde.engines.access.shore import Shore


MUNICIPALITY_COLUMNS = ("kommunenummer", "kommunenavn", "geometry")


@dataclass(frozen=True, slots=True, kw_only=True)
class Geography:
    """What the files hold, ready to be measured on."""

    found: Found
    mended: Mended
    roads: RoadTimes
    municipalities: Municipalities
    population: Population
    years: Mapping[
        int, np.ndarray
    ]  # inhabitants as in `population`, of other years too
    centrality: np.ndarray  # int64[n_municipalities], -1: not given
    names: Named
    origins: Origins
    stations: Stations
    agreements: tuple[Agreement, ...]
    assumptions: Assumptions


def read_geography(
    files: Mapping[str, bytes], *, assumptions: Assumptions, year: int | None = None
) -> Geography:
    """Everything that the official files of a folder hold.

    Parameters
    ----------
    files : mapping of str to bytes
        The files of the folder by name. Those of no kind that we know are left alone.
    assumptions : Assumptions
        In force on the day that is asked about.
    year : int or None
        The year whose inhabitants are taken, on 1 January; None for the newest.

    Raises
    ------
    BadInput
        If a file that is needed is not there, or one cannot be read as what it is.
    """
    found = find_files(tuple(files))
    folder = _Folder(files=files, found=found)
    roads = folder.table("roads", n1000.ROAD_COLUMNS)
    shore = Shore(lines=folder.shapes("coast"), narrow_m=assumptions.narrow_m)
    links = n1000.links_of(roads, file=found.files["roads"], assumptions=assumptions)
    mended = network_of(links, mending=assumptions.mending, water=shore)
    population = folder.population(assumptions.age_from, year=year)
    municipalities = folder.municipalities(population)
    names = folder.names(assumptions)
    points = folder.grid()
    if points is None:
        points = points_of_map(
            built_up=folder.shapes("built_up"),
            names=names,
            roads=n1000.roads_with_houses(roads),
            shore=shore,
            spread=assumptions.spread,
        )
    stations = lists.stations_of(
        files[found.files["stations"]], file=found.files["stations"]
    )
    return Geography(
        found=found,
        mended=mended,
        roads=RoadTimes(
            name=found.files["roads"],
            network=mended.network,
            off_road=assumptions.off_road,
            shore=shore,
        ),
        municipalities=municipalities,
        population=population,
        years=folder.years(assumptions.age_from, population.code),
        centrality=folder.centrality(municipalities.code),
        names=names,
        origins=populated(points, municipalities=municipalities, names=names),
        stations=stations,
        agreements=folder.agreements(municipalities.code, stations.code),
        assumptions=assumptions,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Folder:
    """The files by kind."""

    files: Mapping[str, bytes]
    found: Found

    def has(self, kind: str) -> bool:
        return kind in self.found.files

    def content(self, kind: str) -> tuple[bytes, str]:
        file = self.found.files[kind]
        return self.files[file], file

    def table(self, kind: str, columns: Sequence[str]) -> pa.Table:
        content, file = self.content(kind)
        return read_table(content, file=file, columns=columns)

    def shapes(self, kind: str) -> np.ndarray:
        if not self.has(kind):
            return np.array([], dtype=object)
        return n1000.geometry(self.table(kind, ("geometry",)))

    def population(self, age_from: Sequence[int], *, year: int | None) -> Population:
        return lists.population_of(
            self.table("population", lists.POPULATION_COLUMNS),
            file=self.found.files["population"],
            age_from=age_from,
            year=year,
        )

    def years(self, age_from: Sequence[int], code: Words) -> dict[int, np.ndarray]:
        return lists.other_years(
            self.table("population", lists.POPULATION_COLUMNS),
            file=self.found.files["population"],
            age_from=age_from,
            code=code,
        )

    def municipalities(self, population: Population) -> Municipalities:
        table = self.table("municipalities", MUNICIPALITY_COLUMNS)
        drawn = np.array(table["kommunenummer"].to_pylist(), dtype=np.str_)
        called = dict(
            zip(drawn.tolist(), table["kommunenavn"].to_pylist(), strict=True)
        )
        lost = sorted(set(population.code.tolist()) - set(called))
        if lost:
            raise BadInput(
                file=self.found.files["municipalities"],
                column="kommunenummer",
                values=lost,
                problem="lacks municipalities that have inhabitants",
                cure="Take a map and a population of the same division of the land",
            )
        kept = np.isin(drawn, population.code)
        return Municipalities(
            code=population.code,
            name=np.array([called[code] for code in population.code.tolist()]),
            people=population.ages.sum(axis=1),
            polygons=shapely.make_valid(n1000.geometry(table)[kept]),
            polygon_of=np.searchsorted(population.code, drawn[kept]),
        )

    def names(self, assumptions: Assumptions) -> Named:
        if not self.has("names"):
            return Named(
                name=np.array([], dtype=np.str_),
                xy=np.zeros((0, 2)),
                weight=np.zeros(0),
            )
        return n1000.named_places(
            self.table("names", n1000.NAME_COLUMNS), assumptions=assumptions
        )

    def grid(self) -> Points | None:
        if not self.has("grid"):
            return None
        content, file = self.content("grid")
        return lists.grid_points(content, file=file)

    def centrality(self, code: Words) -> np.ndarray:
        if not self.has("centrality"):
            return np.full(len(code), lists.UNKNOWN)
        content, file = self.content("centrality")
        return lists.centrality_of(content, file=file, code=code)

    def agreements(self, code: Words, stations: Words) -> tuple[Agreement, ...]:
        if not self.has("agreements"):
            return ()
        content, file = self.content("agreements")
        return lists.agreements_of(
            content, file=file, municipalities=code, stations=stations
        )
