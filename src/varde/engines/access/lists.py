"""The lists: inhabitants, centrality, stations, agreements, and the grid of SSB."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from varde.domain.errors import BadInput
from varde.engines.access.arrays import Floats, Whole, Words
from varde.engines.access.catchments import Agreement, Hours
from varde.engines.access.official_files import read_lines
from varde.engines.access.people import Points
from varde.engines.access.projection import utm33
from varde.engines.csv_rows import Line


POPULATION_COLUMNS = ("kommunenummer", "calyear", "age", "pop")
STATION_COLUMNS = ("lv_id", "navn", "vertskommune", "lon", "lat")
AGREEMENT_COLUMNS = ("lv_id", "kommunenummer")
CENTRALITY_COLUMNS = ("kommunenummer", "sentralitetsklasse")
CLASSES = range(1, 7)
UNKNOWN = -1
# The frame of the mainland and its islands, degrees: a coordinate outside is a slip.
WEST, EAST, SOUTH, NORTH = 4.0, 32.0, 57.5, 71.5

# The columns that SSB has called the cell and its inhabitants, and metres of a side.
CELL_NAMES = {
    "ssbid0250m": 250.0,
    "ssbid250m": 250.0,
    "ru250m": 250.0,
    "ssbid1000m": 1000.0,
    "ru1000m": 1000.0,
    "ssbid5000m": 5000.0,
    "ru5000m": 5000.0,
}
PEOPLE_NAMES = ("poptot", "pop_tot", "beftot")
# SSB's number of a cell: 2 * 10^13 + east * 10^7 + north of its south-west corner.
CELL_BASE, CELL_EAST = 2 * 10**13, 10**7


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Inhabitants on 1 January of a year: municipality by age group."""

    year: int
    code: Words
    ages: Floats  # [n_municipalities, n_groups]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stations:
    """Stations: code, name, the municipality that has it, and where it is."""

    code: Words
    name: Words
    host: Words
    xy: Floats


def population_of(
    table: pa.Table, *, file: str, age_from: Sequence[int], year: int | None
) -> Population:
    """The inhabitants of a year, the newest that the file has where none is asked for.

    Raises `BadInput` if the file does not hold the year.
    """
    years = table["calyear"].to_numpy()
    held = sorted(int(one) for one in np.unique(years))
    wanted = held[-1] if year is None and held else year
    if wanted not in held:
        raise BadInput(
            file=file,
            column="calyear",
            values=[str(one) for one in held],
            problem=f"does not hold the year {wanted}",
            cure="Ask for a year that it holds",
        )
    some = table.filter(pa.array(years == wanted))
    codes = np.array(some["kommunenummer"].to_pylist(), dtype=np.str_)
    code, row = np.unique(codes, return_inverse=True)
    group = np.searchsorted(age_from, some["age"].to_numpy(), side="right") - 1
    ages = np.zeros((len(code), len(age_from)))
    np.add.at(ages, (row, group), some["pop"].to_numpy().astype(np.float64))
    return Population(year=int(wanted), code=code, ages=ages)


def other_years(
    table: pa.Table, *, file: str, age_from: Sequence[int], code: Words
) -> dict[int, Floats]:
    """The inhabitants of each year whose municipalities are these, by age group."""
    found = {}
    for year in np.unique(table["calyear"].to_numpy()).tolist():
        one = population_of(table, file=file, age_from=age_from, year=year)
        if np.array_equal(one.code, code):
            found[int(year)] = one.ages
    return found


def centrality_of(content: bytes, *, file: str, code: Words) -> Whole:
    """The class of each municipality, 1 (most central) to 6; -1 where it is not given."""
    given = {}
    for line in read_lines(content, file=file, columns=CENTRALITY_COLUMNS):
        text = line.fields["sentralitetsklasse"]
        if text not in map(str, CLASSES):
            raise line.bad("sentralitetsklasse", "is not a class from 1 to 6")
        given[line.fields["kommunenummer"]] = int(text)
    return np.array([given.get(one, UNKNOWN) for one in code.tolist()])


def stations_of(content: bytes, *, file: str) -> Stations:
    """The stations of a list, each once.

    Raises `BadInput` for a code twice, and for a coordinate that is not in Norway.
    """
    lines = read_lines(content, file=file, columns=STATION_COLUMNS)
    seen: set[str] = set()
    for line in lines:
        if line.fields["lv_id"] in seen:
            raise line.bad("lv_id", "is given in a line above already")
        seen.add(line.fields["lv_id"])
    longitude = np.array([_degrees(line, "lon", WEST, EAST) for line in lines])
    latitude = np.array([_degrees(line, "lat", SOUTH, NORTH) for line in lines])
    return Stations(
        code=np.array([line.fields["lv_id"] for line in lines]),
        name=np.array([line.fields["navn"] for line in lines]),
        host=np.array([line.fields["vertskommune"] for line in lines]),
        xy=utm33(longitude, latitude),
    )


def _degrees(line: Line, column: str, least: float, most: float) -> float:
    try:
        degrees = float(line.fields[column])
    except ValueError:
        raise line.bad(column, "is not a number of degrees") from None
    if not least <= degrees <= most:
        raise line.bad(column, f"is not from {least:g} to {most:g} degrees")
    return degrees


def agreements_of(
    content: bytes, *, file: str, municipalities: Words, stations: Words
) -> tuple[Agreement, ...]:
    """The agreements of a list.

    Beside the columns that are needed it may have `part` (a named place in the
    municipality), `begins_on`, `ends_on` (the first day that it no longer holds; both as
    2026-01-31), and `hours` (always, day or night). Raises `BadInput` for a municipality or
    a station that is not there, and for a date or hours that cannot be read.
    """
    known, able = set(municipalities.tolist()), set(stations.tolist())
    found = []
    for line in read_lines(content, file=file, columns=AGREEMENT_COLUMNS):
        if line.fields["kommunenummer"] not in known:
            raise line.bad("kommunenummer", "is no municipality of the map")
        if line.fields["lv_id"] not in able:
            raise line.bad("lv_id", "is no station of the list")
        hours = line.fields.get("hours") or Hours.ALWAYS.value
        if hours not in list(Hours):
            raise line.bad("hours", "is not always, day or night")
        found.append(
            Agreement(
                municipality=line.fields["kommunenummer"],
                station=line.fields["lv_id"],
                part=line.fields.get("part", ""),
                begins_on=_day(line, "begins_on") or date.min,
                ends_on=_day(line, "ends_on"),
                hours=Hours(hours),
            )
        )
    return tuple(found)


def _day(line: Line, column: str) -> date | None:
    text = line.fields.get(column)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise line.bad(column, "is not a date as 2026-01-31") from None


def grid_points(content: bytes, *, file: str) -> Points:
    """The cells of SSB's grid with their inhabitants, as points in the middle of each.

    Fields are parted by semicolon or comma. Raises `BadInput` for a heading without a cell
    or inhabitants by a name that SSB has used, and for a value that is not a number.
    """
    heading = content[: content.find(b"\n") if b"\n" in content else None]
    separator = ";" if b";" in heading else ","
    lines = read_lines(content, file=file, columns=(), separator=separator)
    cell = next((name for name in CELL_NAMES if name in lines[0].fields), None)
    people = next((name for name in PEOPLE_NAMES if name in lines[0].fields), None)
    if cell is None or people is None:
        raise BadInput(
            file=file,
            line=1,
            values=list(lines[0].fields),
            problem="the heading names no cell of SSB's grid, or no inhabitants",
            cure=f"Name one of {', '.join(CELL_NAMES)}, and one of "
            f"{', '.join(PEOPLE_NAMES)}",
        )
    number = np.array([_whole(line, cell) for line in lines]) - CELL_BASE
    north = number % CELL_EAST
    corner = np.column_stack(((number - north) // CELL_EAST, north)).astype(np.float64)
    return Points(
        xy=corner + CELL_NAMES[cell] / 2,
        weight=np.array([float(_whole(line, people)) for line in lines]),
    )


def _whole(line: Line, column: str) -> int:
    text = line.fields[column]
    if not (text.isascii() and text.isdecimal()):
        raise line.bad(column, "is not a whole number")
    return int(text)
