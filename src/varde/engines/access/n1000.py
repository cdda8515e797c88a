"""Kartverket's N1000 as it is published, taken for what the engine needs.

Tables in EPSG:25833 with the geometry as WKB, as GeoParquet has it.
"""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import shapely

from varde.domain.errors import BadInput
from varde.engines.access.arrays import Words
from varde.engines.access.assumptions import Assumptions
from varde.engines.access.links import Links
from varde.engines.access.people import Named


ROAD, FERRY = "enkelBilveg", "bilferje"
IN_USE = "V"  # vegfase: in use. P: planned
FAST = ("motorveg", "motortrafikkveg")
ROAD_COLUMNS = ("typeVeg", "vegkategori", "vegfase", "motorvegtype", "geometry")
NAME_COLUMNS = ("fulltekst", "navneobjekttype", "skriftkode", "geometry")
FONT_BASE = 800  # skriftkode 801 is the largest letters of a name
SAME_NAME_M = 1500.0  # a name in two languages stands this near itself


def links_of(table: pa.Table, *, file: str, assumptions: Assumptions) -> Links:
    """What a car can follow: roads in use and car ferries, with their speeds.

    Paths, snowmobile tracks, passenger ferries and roads that are only planned are left
    out. Raises `BadInput` for a road of a category without a speed.
    """
    kind, category = _words(table, "typeVeg"), _words(table, "vegkategori")
    is_ferry = kind == FERRY
    kept = is_ferry | ((kind == ROAD) & (_words(table, "vegfase") == IN_USE))
    motorway = _words(table, "motorvegtype")
    speed_class = np.where(np.isin(motorway, FAST), motorway, category)
    roads = np.unique(speed_class[kept & ~is_ferry])
    unknown = [one for one in roads.tolist() if one not in assumptions.road_km_h]
    if unknown:
        raise BadInput(
            file=file,
            column="vegkategori",
            values=unknown,
            problem="holds a category of road without a speed",
            cure="Give it a speed under road.km_h in content/travel.yaml",
        )
    speeds: Mapping[str, float] = assumptions.road_km_h
    km_h = np.array([speeds.get(one, 0.0) for one in speed_class.tolist()])
    km_h[is_ferry] = assumptions.ferry_km_h
    return Links(
        lines=geometry(table)[kept],
        km_h=km_h[kept],
        lengthened=np.where(is_ferry[kept], 1.0, assumptions.lengthened),
        is_ferry=is_ferry[kept],
    )


def roads_with_houses(table: pa.Table) -> np.ndarray:
    """The roads that houses stand along: those in use that are no motorways."""
    kept = (_words(table, "typeVeg") == ROAD) & (_words(table, "vegfase") == IN_USE)
    found: np.ndarray = geometry(table)[
        kept & ~np.isin(_words(table, "motorvegtype"), FAST)
    ]
    return found


def named_places(table: pa.Table, *, assumptions: Assumptions) -> Named:
    """The names of towns, villages and hamlets, each with how many may live there.

    How many follows from the kind of name and the size of its letters. A kind that is not
    among the assumptions is no place where people live. Of several names within
    `SAME_NAME_M` the one with most people is kept: N1000 writes Mo i Rana twice.
    """
    font = np.nan_to_num(table["skriftkode"].to_numpy().astype(np.float64))
    kinds = [
        f"{kind}-{int(size)}"
        for kind, size in zip(_words(table, "navneobjekttype"), font, strict=True)
    ]
    weight = np.array([assumptions.named.get(kind, 0.0) for kind in kinds])
    order = np.argsort(-weight, kind="stable")
    order = order[weight[order] > 0]
    xy = shapely.get_coordinates(shapely.get_point(geometry(table), 0))
    if len(xy) != len(weight):
        xy = shapely.get_coordinates(shapely.centroid(geometry(table)))
    kept = _apart(xy[order])
    order = order[kept]
    return Named(
        name=_words(table, "fulltekst")[order], xy=xy[order], weight=weight[order]
    )


def _apart(xy: np.ndarray) -> list[int]:
    """The points in their order, without those near an earlier one."""
    tree = shapely.STRtree(shapely.points(xy))
    one, other = tree.query(
        shapely.points(xy), predicate="dwithin", distance=SAME_NAME_M
    )
    later: dict[int, list[int]] = {}
    for first, second in zip(one.tolist(), other.tolist(), strict=True):
        if first < second:
            later.setdefault(first, []).append(second)
    dropped: set[int] = set()
    for first in range(len(xy)):
        if first not in dropped:
            dropped.update(later.get(first, ()))
    return [number for number in range(len(xy)) if number not in dropped]


def geometry(table: pa.Table) -> np.ndarray:
    """The shapes of a table."""
    found: np.ndarray = shapely.from_wkb(table["geometry"].to_numpy())
    return found


def _words(table: pa.Table, column: str) -> Words:
    return np.array([word or "" for word in table[column].to_pylist()], dtype=np.str_)
