"""The links of NVDB Ruteplan nettverksdatasett, as they are published from 2022.

Layer `ruttger_link_geom` in EPSG:25833, a link a row, its own drive time in each
direction. What the columns mean was learnt from public code that reads the same layer:
ssb-sgis and GISSB of Statistics Norway, and the examples of the Public Roads
Administration. The file itself has not been seen here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from varde.domain.errors import BadInput
from varde.engines.access.arrays import Floats, Whole, YesNo
from varde.engines.access.links import M_PER_KM, MIN_PER_H


BOTH, FORTH, BACK = "B", "FT", "TF"  # oneway: as the line is drawn is from-to
CLOSED = -1.0  # a drive time: not to be driven in that direction
NEEDED = ("oneway", "drivetime_fw", "drivetime_bw")
FERRY, ROAD_CLASS, TUNNEL = "isferry", "roadclass", "istunnel"
FERRY_CLASS = 4.0  # of `roadclass`; GISSB knows the ferries by it
TUNNEL_YES = ("1", "true")  # as text, whatever type the column has
GEOMETRY = "geometry"

# Ours: what no car does over more than so many metres, and no link takes.
ODD_FROM_KM, SLOWEST_KM_H, FASTEST_KM_H, LONGEST_MIN = 0.1, 2.0, 200.0, 24 * 60.0

ANEW = (
    "Take the whole file anew from Geonorge (NVDB Ruteplan nettverksdatasett, FGDB), or "
    "leave out --router"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NvdbLinks:
    """Links that can be driven, each cut into equal pieces.

    Parameters
    ----------
    first_xy, last_xy : float64[n, 2]
        The ends in metres, as the line is drawn.
    pieces : int64[n]
        How many pieces each link is cut into, >= 1.
    inner_xy : float64[sum of pieces - n, 2]
        Where they are cut, link by link.
    forth_min, back_min : float64[n]
        Minutes from the first end to the last, and back. inf: closed.
    km : float64[n]
    is_met : bool[n]
        Whether one comes on to it from a house: neither ferry nor tunnel.
    read, ferries, closed, odd : int
        Of the links of the file: all, ferries, those closed in both directions, and those
        left out since they have no line, or a time that does not fit it.
    """

    first_xy: Floats
    last_xy: Floats
    pieces: Whole
    inner_xy: Floats
    forth_min: Floats
    back_min: Floats
    km: Floats
    is_met: YesNo
    read: int
    ferries: int
    closed: int
    odd: int


def columns_of(names: Sequence[str], *, file: str) -> dict[str, str]:
    """The columns to read, each by our name for it, in whatever case the file has them.

    Raises `BadInput` where one that is needed is not there. Without `isferry` the ferries
    are those of a class of road (`FERRY_CLASS`); without `istunnel` there are no tunnels.

    Examples
    --------
    >>> columns_of(["ONEWAY", "drivetime_fw", "drivetime_bw", "isferry"], file="r.gdb")
    {'oneway': 'ONEWAY', 'drivetime_fw': 'drivetime_fw', \
'drivetime_bw': 'drivetime_bw', 'isferry': 'isferry'}
    """
    held = {name.lower(): name for name in names}
    ferry = FERRY if FERRY in held or ROAD_CLASS not in held else ROAD_CLASS
    lacking = [name for name in (*NEEDED, ferry) if name not in held]
    if lacking:
        raise BadInput(
            file=file,
            values=sorted(names),
            problem=f"lacks the column {', '.join(lacking)}",
            cure=ANEW,
        )
    wanted = (*NEEDED, ferry, TUNNEL)
    return {name: held[name] for name in wanted if name in held}


def links_of(
    table: pa.Table, *, file: str, cut_m: float, ferry_km_h: float
) -> NvdbLinks:
    """Some links of the file, taken for what a car can do on them.

    Parameters
    ----------
    table : pyarrow.Table
        The columns by our names (`columns_of`), and the lines under `geometry` as WKB. A
        line of several parts is driven through all of them, one after the other.
    cut_m : float
        Roads are cut into pieces of at most so many metres. Ferries and tunnels are not:
        nobody lives along them.
    ferry_km_h : float
        What a ferry does, the waiting included. Its own time is used for nothing but
        whether it may be taken, as in Statistics Norway's figures.

    Raises
    ------
    BadInput
        If a column holds no number where one is needed, a direction or a time that we do
        not know, or none.
    """
    forth, back = _directions(table, file=file)
    ferry = _is_ferry(table, file=file)
    lines, drawn = _lines(table)
    km = np.zeros(len(drawn))
    km[drawn] = shapely.length(lines) / M_PER_KM
    is_open = np.isfinite(forth) | np.isfinite(back)
    odd = ~drawn | (~ferry & (_is_odd(forth, km) | _is_odd(back, km)))
    kept = is_open & ~odd
    lines, km, ferry_kept = lines[kept[drawn]], km[kept], ferry[kept]
    sailed = np.where(ferry_kept, km / ferry_km_h * MIN_PER_H, np.nan)
    is_met = ~ferry_kept & ~_is_tunnel(table)[kept]
    whole = np.ones(len(km), dtype=np.int64)
    pieces = np.where(
        is_met, np.maximum(np.ceil(km * M_PER_KM / cut_m), 1).astype(np.int64), whole
    )
    return NvdbLinks(
        first_xy=shapely.get_coordinates(shapely.get_point(lines, 0)),
        last_xy=shapely.get_coordinates(shapely.get_point(lines, -1)),
        pieces=pieces,
        inner_xy=_cuts(lines, pieces, km),
        forth_min=_at_own_time(forth[kept], sailed),
        back_min=_at_own_time(back[kept], sailed),
        km=km,
        is_met=is_met,
        read=len(drawn),
        ferries=int(ferry.sum()),
        closed=int((~is_open).sum()),
        odd=int((is_open & odd).sum()),
    )


def _directions(table: pa.Table, *, file: str) -> tuple[Floats, Floats]:
    """Minutes in each direction; inf where it is closed."""
    oneway = pc.cast(table["oneway"], pa.string())
    known = pc.is_in(oneway, pa.array((BOTH, FORTH, BACK)))
    wrong = pc.unique(pc.filter(oneway, pc.invert(known))).to_pylist()
    if wrong:
        raise BadInput(
            file=file,
            column="oneway",
            values=[str(one) for one in wrong],
            problem=f"is not {BOTH}, {FORTH} or {BACK}",
            cure=ANEW,
        )
    found = []
    for column, way in (("drivetime_fw", FORTH), ("drivetime_bw", BACK)):
        minutes = _numbers(table, column, file=file)
        wrong = np.unique(minutes[(minutes < 0) & (minutes != CLOSED)])
        if len(wrong):
            raise BadInput(
                file=file,
                column=column,
                values=[f"{one:g}" for one in wrong],
                problem=f"is below 0 minutes, and not {CLOSED:g}, which is a closed way",
                cure=ANEW,
            )
        may = pc.is_in(oneway, pa.array((BOTH, way))).to_numpy(zero_copy_only=False)
        found.append(np.where(may & (minutes != CLOSED), minutes, np.inf))
    return found[0], found[1]


def _numbers(table: pa.Table, column: str, *, file: str) -> Floats:
    try:
        found = pc.cast(table[column], pa.float64())
    except pa.ArrowException:
        numbers = np.array([np.nan])
    else:
        numbers = found.to_numpy(zero_copy_only=False)
    if not np.isfinite(numbers).all():
        raise BadInput(
            file=file,
            column=column,
            problem="is not a number in every link",
            cure=ANEW,
        )
    return numbers


def _is_ferry(table: pa.Table, *, file: str) -> YesNo:
    if FERRY not in table.column_names:
        by_class: YesNo = _numbers(table, ROAD_CLASS, file=file) == FERRY_CLASS
        return by_class
    numbers = _numbers(table, FERRY, file=file)
    wrong = np.setdiff1d(numbers, (0.0, 1.0))
    if len(wrong):
        raise BadInput(
            file=file,
            column=FERRY,
            values=[f"{one:g}" for one in wrong],
            problem="is neither 0 nor 1",
            cure=ANEW,
        )
    found: YesNo = numbers == 1.0
    return found


def _is_tunnel(table: pa.Table) -> YesNo:
    """Where it is not said, it is taken for no tunnel."""
    if TUNNEL not in table.column_names:
        return np.zeros(len(table), dtype=bool)
    said = pc.is_in(pc.cast(table[TUNNEL], pa.string()), pa.array(TUNNEL_YES))
    found: YesNo = said.to_numpy(zero_copy_only=False)
    return found


def _lines(table: pa.Table) -> tuple[np.ndarray, YesNo]:
    """The lines without height, and which links have one."""
    shapes = shapely.from_wkb(
        table[GEOMETRY].to_numpy(zero_copy_only=False), on_invalid="ignore"
    )
    kinds = (shapely.GeometryType.LINESTRING, shapely.GeometryType.MULTILINESTRING)
    drawn = np.isin(shapely.get_type_id(shapes), kinds)
    drawn &= np.isfinite(shapely.length(shapes)) & ~shapely.is_empty(shapes)
    xy, line = shapely.get_coordinates(shapes[drawn], return_index=True)
    return shapely.linestrings(xy, indices=line), drawn


def _is_odd(minutes: Floats, km: Floats) -> YesNo:
    """Whether an open direction has a time that does not fit the length of the road."""
    judged = np.isfinite(minutes) & (km > ODD_FROM_KM)
    hours = np.where(np.isfinite(minutes), minutes, 0.0) / MIN_PER_H
    slow, fast = hours * SLOWEST_KM_H > km, hours * FASTEST_KM_H < km
    return (judged & (slow | fast)) | (hours * MIN_PER_H > LONGEST_MIN)


def _cuts(lines: np.ndarray, pieces: Whole, km: Floats) -> Floats:
    """Where each line is cut between its ends, in order along it."""
    inner = pieces - 1
    line = np.repeat(np.arange(len(lines)), inner)
    number = np.arange(len(line)) - np.repeat(np.cumsum(inner) - inner, inner) + 1
    metres = number * (km * M_PER_KM / pieces)[line]
    found: Floats = shapely.get_coordinates(
        shapely.line_interpolate_point(lines[line], metres)
    )
    return found


def _at_own_time(minutes: Floats, sailed: Floats) -> Floats:
    """The link's own time, but a ferry's by its speed. What is closed stays closed."""
    by_ferry = np.isfinite(sailed) & np.isfinite(minutes)
    return np.where(by_ferry, sailed, minutes)
