"""Links in the form of NVDB Ruteplan, on the small land of `make_geography`.

Whoever writes them to a file geodatabase has what Geonorge publishes, as far as public
code that reads it tells. No road here exists.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import shapely

from tests import make_geography as land


CLOSED = -1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A row of `ruttger_link_geom`. Minutes along the line as drawn, and against it."""

    points: tuple
    oneway: str = "B"
    forth: float | None = 10.0
    back: float | None = 10.0
    ferry: int = 0
    tunnel: int = 0
    road_class: int = 3


def link(*points, **changed):
    return Link(points=points, **changed)


def shape_of(one):
    """The line with heights, in several parts as the file has them; None without points."""
    if not one.points:
        return None
    flat = [(x, y, 7.0) for x, y in land.here(*one.points)]
    return shapely.multilinestrings([shapely.linestrings(flat)])


def columns_of(links):
    """The columns of the file, without the lines."""
    return {
        "oneway": np.array([one.oneway for one in links], dtype=object),
        "drivetime_fw": np.array([one.forth for one in links], dtype=np.float64),
        "drivetime_bw": np.array([one.back for one in links], dtype=np.float64),
        "isferry": np.array([str(one.ferry) for one in links], dtype=object),
        "istunnel": np.array([str(one.tunnel) for one in links], dtype=object),
        "roadclass": np.array([str(one.road_class) for one in links], dtype=object),
    }


def table_of(*links, without=(), **changed):
    """The links as the engine takes them."""
    columns = columns_of(links) | changed
    shapes = [shape_of(one) for one in links]
    wkb = [None if one is None else shapely.to_wkb(one) for one in shapes]
    kept = {name: pa.array(one) for name, one in columns.items() if name not in without}
    return pa.table(kept | {"geometry": pa.array(wkb, pa.binary())})


def write_gdb(
    path, *links, layer="ruttger_link_geom", crs="EPSG:25833", without=(), upper=False
):
    """A file geodatabase with the links, as GDAL writes one."""
    import pyogrio.raw

    columns = columns_of(links)
    kept = [name for name in columns if name not in without]
    shapes = np.array([shape_of(one) for one in links], dtype=object)
    pyogrio.raw.write(
        path,
        np.array([shapely.to_wkb(one) for one in shapes], dtype=object),
        [columns[name] for name in kept],
        np.array([name.upper() if upper else name for name in kept]),
        layer=layer,
        driver="OpenFileGDB",
        geometry_type="MultiLineString Z",
        crs=crs,
    )
    return path


# The land's county road at 60 km/h in three links, a quay's road, the island's road, and a
# stump without connection beside the town in the west.
LAND = (
    link((0, 10_000), (30_000, 10_000), forth=30.0, back=30.0),
    link((30_000, 10_000), (55_000, 10_000), forth=25.0, back=25.0),
    link((55_000, 10_000), (60_000, 10_000), forth=5.0, back=5.0),
    link((55_000, 10_000), (55_000, 10_100), forth=0.1, back=0.1),
    link((55_000, 20_000), (55_000, 25_000), forth=5.0, back=5.0),
    link((3000, 10_290), (3100, 10_290), forth=0.1, back=0.1),
)
FERRY = link((55_000, 10_100), (55_000, 20_000), forth=999.0, back=999.0, ferry=1)
