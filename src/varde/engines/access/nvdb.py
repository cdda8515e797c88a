"""The road network of NVDB Ruteplan, driven as its links say: directed, at their own times.

By the method of Statistics Norway's open code: where links end at the same point they
meet, one-way and closed directions are not driven, ferries have an effective speed. Theirs
keeps the largest connected network only. Here a smaller one counts too when it is no mere
stump, so that an island with a station of its own is on the map.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse.csgraph import connected_components

from varde.domain.errors import BadInput
from varde.engines.access.arrays import Floats, Whole, YesNo
from varde.engines.access.geography import Geography
from varde.engines.access.links import Mended
from varde.engines.access.network import Network, Ways
from varde.engines.access.nvdb_links import ANEW, NvdbLinks
from varde.engines.access.roads import RoadTimes


NAME = "NVDB Ruteplan"
CM_PER_M = 100.0
NORTH_CM = 2_000_000_000  # more than any north of the map, so that a pair is one number
NOT_FOR_IT = (  # assumptions about a map that has neither times nor all the roads
    "road.km_h",
    "road.lengthened",
    "gap.m",
    "gap.ferry_m",
    "gap.dry_m",
    "gap.km_h",
)
ONLY_FOR_IT = ("part.least_km",)
ODD_SHARE = 0.001  # ours: more links than this that do not fit are another kind of file


@dataclass(frozen=True, slots=True, kw_only=True)
class NvdbRoads:
    """The network, and what was found of links and loose pieces."""

    network: Network
    read: int
    ferries: int
    closed: int
    odd: int
    loose: int  # pieces of road that nobody is put on
    loose_km: float


def is_from_nvdb(times_from: str) -> bool:
    """Whether a survey's minutes are from NVDB Ruteplan (`Report.times_from`).

    >>> is_from_nvdb("NVDB Ruteplan 2026-01-09 (r.gdb)"), is_from_nvdb("OSRM norge.osrm")
    (True, False)
    """
    return times_from.startswith(NAME)


def unused_assumptions(times_from: str) -> tuple[str, ...]:
    """The assumptions (`Value.key`) that the minutes of a survey do not rest on.

    >>> unused_assumptions("n1000_veglenke.parquet")
    ('part.least_km',)
    """
    return NOT_FOR_IT if is_from_nvdb(times_from) else ONLY_FOR_IT


def on_nvdb(
    geography: Geography, links: Sequence[NvdbLinks], *, file: str, name: str
) -> Geography:
    """The same places, people and stations, measured on the roads of NVDB Ruteplan.

    Every street of a town is on them, so no shorter way through it is guessed
    (`OffRoad.town_m`). Raises `BadInput` as `nvdb_roads` does.
    """
    assumed = geography.assumptions
    found = nvdb_roads(links, file=file, least_km=assumed.least_part_km)
    return replace(
        geography,
        mended=Mended(
            network=found.network,
            bridged=0,
            longest_bridge_m=0.0,
            notes=_notes(found, ferry_km_h=assumed.ferry_km_h),
        ),
        roads=RoadTimes(
            name=name,
            network=found.network,
            off_road=replace(assumed.off_road, town_m=0.0),
            shore=geography.roads.shore,
        ),
    )


def _notes(found: NvdbRoads, *, ferry_km_h: float) -> tuple[str, ...]:
    links = f"Links: {found.read}, {found.closed} of them closed both ways."
    ferries = f"Ferries: {found.ferries}, at {ferry_km_h:g} km/h with the waiting."
    odd = f"Left out: {found.odd} links without a line, or with a time that does not fit it."
    loose = (
        f"Loose pieces of road: {found.loose}, {found.loose_km:.1f} km together. Nobody is "
        "put on them."
    )
    return links, ferries, odd, loose


def nvdb_roads(links: Sequence[NvdbLinks], *, file: str, least_km: float) -> NvdbRoads:
    """The network that the links of a file make.

    A place is put on a road where one can both come and go: of each part that hangs
    together, the roads from which every other of them is reached and left again. A part
    with less than `least_km` of such road is a loose piece, but for the largest.

    Parameters
    ----------
    links : sequence of NvdbLinks
        All of the file, in any order.
    least_km : float
        Kilometres of road, >= 0; one that may be driven both ways counts once.

    Raises
    ------
    BadInput
        If no link can be driven, too many have a time that does not fit them, or there is
        no road that one can drive both to and from.
    """
    read = sum(one.read for one in links)
    odd = sum(one.odd for one in links)
    if not sum(len(one.km) + one.odd for one in links):
        raise BadInput(file=file, problem="holds no link that can be driven", cure=ANEW)
    if odd > read * ODD_SHARE:
        raise BadInput(
            file=file,
            problem=f"has {odd} of {read} links without a line, or with a drive time that "
            "does not fit the length, so that it is hardly in minutes",
            cure=ANEW,
        )
    ways, road, xy = _woven(links)
    meets = np.zeros(len(xy), dtype=bool)
    meets[ways.start[road]] = meets[ways.end[road]] = True
    network = Network(xy=xy, ways=ways.quickest(), on_road=meets)
    settled, loose, loose_km = _settled(
        network,
        road_km=ways.km * road,
        start=ways.start,
        end=ways.end,
        least_km=least_km,
    )
    on_road = meets & settled
    if not on_road.any():
        raise BadInput(
            file=file,
            problem="holds no road that one can drive both to and from",
            cure=ANEW,
        )
    return NvdbRoads(
        network=replace(network, on_road=on_road),
        read=read,
        ferries=sum(one.ferries for one in links),
        closed=sum(one.closed for one in links),
        odd=odd,
        loose=loose,
        loose_km=loose_km,
    )


def _woven(links: Sequence[NvdbLinks]) -> tuple[Ways, YesNo, Floats]:
    """The ways, which of them places can be put on, and where the nodes are."""

    def all_of(name: str) -> np.ndarray:
        return np.concatenate([getattr(one, name) for one in links])

    pieces: Whole = all_of("pieces")
    first, last, ends = _met(all_of("first_xy"), all_of("last_xy"))
    inner_xy = all_of("inner_xy")
    # Link by link: its first end, where it is cut, its last end.
    head = np.cumsum(pieces + 1) - (pieces + 1)
    chain = np.full(int((pieces + 1).sum()), -1, dtype=np.int64)
    chain[head], chain[head + pieces] = first, last
    chain[chain < 0] = len(ends) + np.arange(len(inner_xy))
    follows = np.ones(len(chain), dtype=bool)
    follows[head] = False  # no way leads from the link before
    end = np.flatnonzero(follows)
    start, end = chain[end - 1], chain[end]
    link = np.repeat(np.arange(len(pieces)), pieces)
    km = (all_of("km") / pieces)[link]
    forth = (all_of("forth_min") / pieces)[link]
    back = (all_of("back_min") / pieces)[link]
    there, home = np.isfinite(forth), np.isfinite(back)
    ways = Ways(
        start=start[there], end=end[there], minutes=forth[there], km=km[there]
    ).and_these(Ways(start=end[home], end=start[home], minutes=back[home], km=km[home]))
    is_met = all_of("is_met")[link]
    road: YesNo = np.concatenate((is_met[there], is_met[home]))
    return ways, road, np.concatenate((ends, inner_xy))


def _met(first_xy: Floats, last_xy: Floats) -> tuple[Whole, Whole, Floats]:
    """The node of each link's first and last end, and where the nodes are.

    By whole centimetres: a geodatabase keeps points on a grid, so that ends which meet are
    the same to the last digit. Two that are only drawn near each other do not meet.
    """
    xy = np.concatenate((first_xy, last_xy))
    east, north = np.round(xy * CM_PER_M).astype(np.int64).T
    _, one, node = np.unique(
        east * NORTH_CM + north, return_index=True, return_inverse=True
    )
    size = len(first_xy)
    return node[:size], node[size:], xy[one]


def _settled(
    network: Network, *, road_km: Floats, start: Whole, end: Whole, least_km: float
) -> tuple[YesNo, int, float]:
    """Where one can both come and go; and how many parts are loose pieces, and their km.

    `road_km` is what each way from `start` to `end` has of road that one can live along.
    """
    _, group = connected_components(
        network.outwards, directed=True, connection="strong"
    )
    parts, size = network.parts, int(group.max()) + 1
    both = group[start] == group[end]
    km = np.bincount(group[start], weights=road_km * both, minlength=size) / 2
    part = np.empty(size, dtype=np.int64)
    part[group] = parts
    # Of several values for one place the last is kept: the group with the most road.
    order = np.argsort(km, kind="stable")
    best = np.empty(int(parts.max()) + 1, dtype=np.int64)
    best[part[order]] = order
    counts = km[best] >= least_km
    counts[np.argmax(km[best])] = True
    counts &= km[best] > 0
    all_km = np.bincount(parts[start], weights=road_km, minlength=len(best)) / 2
    found: YesNo = counts[parts] & (group == best[parts])
    return found, int((~counts).sum()), float(all_km[~counts].sum())
