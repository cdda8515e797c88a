"""From the lines of a map to a road network: noded, cut, and its gaps bridged.

A map is drawn for a scale. Lines that meet on the ground end some metres apart, towns have
no streets, and bends are straightened. What is done about each is an assumption with a
stated number.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from varde.engines.access.arrays import Floats, Whole, YesNo
from varde.engines.access.network import Network, Ways
from varde.engines.access.shore import Shore


M_PER_KM = 1000.0
MIN_PER_H = 60.0
SAME_M = 1.0  # ends so near each other are the same place
TOUCH_M = 1.0  # an end so near another line stands on it; not less than SAME_M
TRIED = 20  # gaps between the same two parts that are looked at for water


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Lines of a map that a car can follow, in both directions.

    `lines` are shapely LineStrings in metres. `km_h` is the speed on each, and
    `lengthened` what its drawn length is multiplied by. `is_ferry` says which are ferries.
    """

    lines: np.ndarray
    km_h: Floats
    lengthened: Floats
    is_ferry: YesNo


@dataclass(frozen=True, slots=True, kw_only=True)
class Mending:
    """How far apart two parts may be and still be joined, and how a line is cut.

    A gap is driven at `gap_km_h`. `ferry_gap_m` holds where a ferry ends, since a quay is
    often drawn where the road is not; `dry_gap_m` where no water lies between, since a map
    leaves out small roads.
    """

    cut_m: float
    gap_m: float
    ferry_gap_m: float
    dry_gap_m: float
    gap_km_h: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """A network, and what was done to the map to get it."""

    network: Network
    bridged: int
    longest_bridge_m: float  # 0.0 where nothing was bridged
    notes: tuple[str, ...] = ()  # what else there is to say of it, in sentences


def network_of(links: Links, *, mending: Mending, water: Shore) -> Mended:
    """The network that some lines make.

    Ends within a metre are one node. An end that stands on another line becomes a
    node of it. Each line is cut into equal pieces of at most `cut_m`, so that people along
    a road can be put near where they live. Parts that do not hang together are joined where
    they are nearest, the shortest gap first, until no gap within the tolerance joins two
    parts.

    Raises
    ------
    ValueError
        If there is no line, or a speed is not above 0.
    """
    if not len(links.lines):
        raise ValueError("a network needs at least one line")
    if not (links.km_h > 0).all():
        raise ValueError("a speed is not above 0 km/h")
    line, position, may_meet = _cuts(links, cut_m=mending.cut_m)
    xy = shapely.get_coordinates(
        shapely.line_interpolate_point(links.lines[line], position)
    )
    node, places = _same_place(xy, may_meet)
    follows = line[1:] == line[:-1]
    start, end, on = node[:-1][follows], node[1:][follows], line[1:][follows]
    km = (position[1:] - position[:-1])[follows] * links.lengthened[on] / M_PER_KM
    ways = Ways(start=start, end=end, minutes=_minutes(km, links.km_h[on]), km=km)
    road = _road_nodes(ways, is_ferry=links.is_ferry[on], nodes=len(places))
    quay = _ferry_ends(node, line, is_ferry=links.is_ferry, nodes=len(places))
    landed = _landings(places, ways=ways, quay=quay & ~road, road=road, mending=mending)
    ways = ways.and_these(landed)
    whole = Network(xy=places, ways=ways.both_directions().quickest(), on_road=road)
    gaps = _gaps(whole, quay=quay, mending=mending, water=water).and_these(landed)
    return Mended(
        network=Network(
            xy=places,
            ways=whole.ways.and_these(gaps.both_directions()).quickest(),
            on_road=road,
        ),
        bridged=len(gaps.km),
        longest_bridge_m=float(gaps.km.max(initial=0.0) * M_PER_KM),
    )


def _minutes(km: Floats, km_h: Floats) -> Floats:
    return km / km_h * MIN_PER_H


def _cuts(links: Links, *, cut_m: float) -> tuple[Whole, Floats, YesNo]:
    """Where each line is cut, in order along it: its number, and metres from its start.

    And whether another line may meet it there: at its ends, and where another's end
    stands. Where two are cut at a bridge, one goes over the other.
    """
    length = shapely.length(links.lines)
    pieces = np.maximum(np.ceil(length / cut_m), 1).astype(np.int64)
    line = np.repeat(np.arange(len(length)), pieces + 1)
    piece = np.arange(len(line)) - np.repeat(
        np.cumsum(pieces + 1) - pieces - 1, pieces + 1
    )
    position = piece * np.repeat(length / pieces, pieces + 1)
    other, there = _touched(links, length)
    may_meet = np.concatenate(
        ((piece == 0) | (piece == pieces[line]), np.ones(len(other), dtype=bool))
    )
    line, position = np.concatenate((line, other)), np.concatenate((position, there))
    order = np.lexsort((position, line))
    return line[order], position[order], may_meet[order]


def _touched(links: Links, length: Floats) -> tuple[Whole, Floats]:
    """The lines that another's end stands on, between their own ends, and where.

    A ferry's way is left alone: the lines that cross it at sea do not stop there.
    """
    ends = np.concatenate(
        [shapely.get_point(links.lines, place) for place in (0, -1)], axis=0
    )
    tree = shapely.STRtree(links.lines)
    end, line = tree.query(ends, predicate="dwithin", distance=TOUCH_M)
    where = shapely.line_locate_point(links.lines[line], ends[end])
    between = (where > TOUCH_M) & (where < length[line] - TOUCH_M)
    road = ~links.is_ferry
    kept = between & road[line] & np.tile(road, 2)[end]
    return line[kept], where[kept]


def _same_place(xy: Floats, may_meet: YesNo) -> tuple[Whole, Floats]:
    """The node of each point, and where the nodes are.

    By distance, not by rounding: two ends a centimetre apart may round apart.
    """
    able = np.flatnonzero(may_meet)
    pairs = able[cKDTree(xy[able]).query_pairs(SAME_M, output_type="ndarray")]
    size = len(xy)
    met = csr_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), (size, size))
    _, node = connected_components(met, directed=False)
    _, first = np.unique(node, return_index=True)
    return node.astype(np.int64), xy[first]


def _road_nodes(ways: Ways, *, is_ferry: YesNo, nodes: int) -> YesNo:
    found = np.zeros(nodes, dtype=bool)
    found[ways.start[~is_ferry]] = True
    found[ways.end[~is_ferry]] = True
    return found


def _ferry_ends(node: Whole, line: Whole, *, is_ferry: YesNo, nodes: int) -> YesNo:
    edge = np.ones(len(line), dtype=bool)
    edge[1:-1] = (line[1:-1] != line[:-2]) | (line[1:-1] != line[2:])
    found = np.zeros(nodes, dtype=bool)
    found[node[edge & is_ferry[line]]] = True
    return found


def _landings(
    places: Floats, *, ways: Ways, quay: YesNo, road: YesNo, mending: Mending
) -> Ways:
    """From where a ferry ends, off the road, to the nearest road within reach.

    Where several ferries meet, the map may have drawn a crossing at sea: that is a quay
    only as near a road as any other gap.
    """
    met = np.bincount(np.concatenate((ways.start, ways.end)), minlength=len(places))
    end, able = np.flatnonzero(quay), np.flatnonzero(road)
    metres, near = cKDTree(places[able]).query(places[end])
    within = np.where(met[end] == 1, mending.ferry_gap_m, mending.gap_m)
    reached = np.flatnonzero(metres <= within)
    return _driven(end[reached], able[near[reached]], metres[reached], mending=mending)


def _driven(start: Whole, end: Whole, metres: Floats, *, mending: Mending) -> Ways:
    km = metres / M_PER_KM
    minutes = _minutes(km, np.full(len(km), mending.gap_km_h))
    return Ways(start=start, end=end, minutes=minutes, km=km)


def _gaps(network: Network, *, quay: YesNo, mending: Mending, water: Shore) -> Ways:
    """The shortest gaps that join parts of the network, in one direction."""
    able = np.flatnonzero(network.on_road | quay)
    largest = np.argmax(np.bincount(network.parts))
    # The largest part needs no gaps of its own: each is found from its other end.
    small = able[network.parts[able] != largest]
    tree = cKDTree(network.xy[able])
    reach = max(mending.gap_m, mending.ferry_gap_m, mending.dry_gap_m)
    near = tree.query_ball_point(network.xy[small], reach)
    count = np.array([len(row) for row in near], dtype=np.int64)
    start = np.repeat(small, count)
    end = able[np.concatenate([np.array(row, dtype=np.int64) for row in (*near, ())])]
    apart = network.parts[start] != network.parts[end]
    start, end = start[apart], end[apart]
    metres = np.hypot(*(network.xy[start] - network.xy[end]).T)
    order = np.argsort(metres, kind="stable")
    start, end, metres = start[order], end[order], metres[order]
    tolerated = np.where(quay[start] | quay[end], mending.ferry_gap_m, mending.gap_m)

    def may_join(pair: int) -> bool:
        return bool(metres[pair] <= tolerated[pair]) or (
            bool(metres[pair] <= mending.dry_gap_m)
            and water.is_dry(network.xy[start[pair]], network.xy[end[pair]])
        )

    kept = _joining(network.parts[start], network.parts[end], may_join=may_join)
    return _driven(start[kept], end[kept], metres[kept], mending=mending)


def _joining(one: Whole, other: Whole, *, may_join: Callable[[int], bool]) -> Whole:
    """Which of the pairs, in their order, join two parts that are not yet joined."""
    parent: dict[int, int] = {}

    def root(part: int) -> int:
        while part in parent:
            part = parent[part]
        return part

    kept, refused = [], Counter[tuple[int, int]]()
    for pair, (a, b) in enumerate(zip(one.tolist(), other.tolist(), strict=True)):
        first, second = root(a), root(b)
        if first == second or refused[a, b] == TRIED:
            continue
        if may_join(pair):
            parent[first] = second
            kept.append(pair)
        else:
            refused[a, b] += 1
    return np.array(kept, dtype=np.int64)
