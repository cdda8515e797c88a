"""A small land in the form of the official files, for tests of travel time.

Two municipalities, 30 km wide each. A county road runs along north 10 000 through both; an
island off the second has a road of its own and a ferry. Nobody and nothing here exists.
"""

import io

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely


WEST, NORTH = 400_000.0, 7_300_000.0  # EPSG:25833, in Nordland


def parquet(shapes=None, **columns):
    """A Parquet file with the shapes as WKB under `geometry`."""
    if shapes is not None:
        columns["geometry"] = [shapely.to_wkb(shape) for shape in shapes]
    kept = io.BytesIO()
    pq.write_table(pa.table(columns), kept)
    return kept.getvalue()


def here(*points):
    """Points of the small land, in metres from its corner, on the map."""
    return [(WEST + x, NORTH + y) for x, y in points]


def line(*points):
    return shapely.linestrings(here(*points))


def box(west, south, east, north):
    return shapely.box(WEST + west, NORTH + south, WEST + east, NORTH + north)


def csv(*lines):
    return ("\n".join(lines) + "\n").encode()


def roads(*, category="F", phase="V"):
    """A road with a motorway at its end, a ferry to an island with a road, and a path."""
    return parquet(
        [
            line((0, 10_000), (30_000, 10_000)),
            line((30_000, 10_000), (60_000, 10_000)),
            line((55_000, 10_000), (55_000, 20_000)),
            line((55_000, 20_000), (55_000, 25_000)),
            line((0, 10_000), (0, 11_000)),
            line((0, 10_000), (0, 9_000)),
        ],
        typeVeg=[
            "enkelBilveg",
            "enkelBilveg",
            "bilferje",
            "enkelBilveg",
            "sti",
            "enkelBilveg",
        ],
        vegkategori=[category, "E", "F", "K", None, "F"],
        vegfase=[phase, "V", None, "V", None, "P"],
        motorvegtype=["IkkeMotorveg", "motorveg", None, None, None, None],
    )


def population(*, years=(2025, 2026)):
    """1000 and 500 people, a tenth of them 80 years old."""
    rows = [
        (code, year, age, people + (year - 2026) * 10)
        for year in years
        for code, age, people in (
            ("1801", 30, 900),
            ("1801", 80, 100),
            ("1802", 15, 450),
            ("1802", 90, 50),
        )
    ]
    code, year, age, people = zip(*rows, strict=True) if rows else ((),) * 4
    return parquet(
        kommunenummer=pa.array(code, pa.string()),
        calyear=pa.array(year, pa.int64()),
        age=pa.array(age, pa.int64()),
        pop=pa.array(people, pa.int64()),
        sex=pa.array(["female"] * len(rows), pa.string()),
    )


def municipalities(codes=("1801", "1802")):
    boxes = {"1801": box(0, 0, 30_000, 60_000), "1802": box(30_000, 0, 60_000, 60_000)}
    return parquet(
        [boxes[code] for code in codes],
        kommunenummer=list(codes),
        kommunenavn=[{"1801": "Vestbygd", "1802": "Østbygd"}[code] for code in codes],
    )


def names():
    """A town, the same town in another language, a village, an island, and a mountain."""
    return parquet(
        [
            line((2000, 10_300), (4000, 10_300)),
            line((2100, 10_400), (4000, 10_400)),
            line((45_000, 10_500), (47_000, 10_500)),
            line((55_300, 24_000), (56_000, 24_000)),
            line((9000, 9000), (9900, 9000)),
        ],
        fulltekst=["Vestby", "Viesterby", "Østvik", "Ytterøya", "Storfjellet"],
        navneobjekttype=["by", "by", "tettsted", "grend", "fjell"],
        skriftkode=[803, 804, 805, 805, 805],
    )


def coast():
    """The shore of the mainland at north 12 000 and of the island at 19 500."""
    return parquet(
        [
            line((-9000, 12_000), (90_000, 12_000)),
            line((-9000, 19_500), (90_000, 19_500)),
        ]
    )


STATIONS = csv(
    "lv_id,navn,vertskommune,lon,lat",
    "A,Vestby legevakt,1801,12.87111,65.89633",
    "B,Østvik legevakt,1802,13.8145,65.90651",
)
AGREEMENTS = csv("lv_id,kommunenummer", "A,1801", "A,1802")
CENTRALITY = csv("kommunenummer,sentralitetsklasse", "1801,4", "1802,6")


def written(path, **changed):
    """A new folder with the files."""
    path.mkdir()
    for name, content in folder(**changed).items():
        (path / name).write_bytes(content)
    return path


def folder(**changed):
    """The files by name. A kind set to None is not there."""
    files = {
        "n1000_veglenke.parquet": changed.get("roads", roads()),
        "n1000_kommune.parquet": changed.get("municipalities", municipalities()),
        "population_municip_age_sex.parquet": changed.get("population", population()),
        "legevakter_2024.csv": changed.get("stations", STATIONS),
        "legevakt_kommune_2024.csv": changed.get("agreements", AGREEMENTS),
        "sentralitet_2024.csv": changed.get("centrality", CENTRALITY),
        "n1000_tettbebyggelse.parquet": changed.get(
            "built_up", parquet([box(2000, 9500, 4000, 10_500)])
        ),
        "n1000_stedsnavn.parquet": changed.get("names", names()),
        "n1000_kystkontur.parquet": changed.get("coast", coast()),
        "rutenett.csv": changed.get("grid"),
    }
    return {name: content for name, content in files.items() if content is not None}


def cell(x, y, *, side=1000):
    """SSB's number of the grid cell that a place of the small land is in."""
    corner = np.floor(np.array([WEST + x, NORTH + y]) / side).astype(int) * side
    return 2 * 10**13 + int(corner[0]) * 10**7 + int(corner[1])
