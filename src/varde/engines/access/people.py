"""Where people live: points on the map with a number of inhabitants each."""

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.spatial import cKDTree

from varde.engines.access.arrays import Floats, Whole, Words
from varde.engines.access.shore import Shore


M_PER_KM = 1000.0
M2_PER_KM2 = 1_000_000.0
NONE = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Municipalities:
    """Municipalities: number, name, inhabitants, and the polygons of each.

    `polygon_of[i]` is the municipality whose polygon `polygons[i]` is. A municipality may
    have several, or none.
    """

    code: Words
    name: Words
    people: Floats
    polygons: np.ndarray
    polygon_of: Whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Named places: the name, where it stands on the map, and how many may live there."""

    name: Words
    xy: Floats
    weight: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Origins:
    """Points where people live.

    `area` is the number of the municipality, `place` that of the nearest named place in it
    (-1: it has none).
    """

    xy: Floats
    people: Floats
    area: Whole
    place: Whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How many live where a map says nothing but "built up", "a road", or a name.

    Only the shares within a municipality count: its inhabitants are spread by them.
    """

    built_per_km2: float
    built_step_m: float
    town_reach_m: float  # a name so near a built-up area is that area's
    road_reach_m: float
    road_per_km: float
    road_step_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """Points with a weight, before anybody is put there."""

    xy: Floats
    weight: Floats

    def and_these(self, other: "Points") -> "Points":
        """These points and others."""
        return Points(
            xy=np.concatenate((self.xy, other.xy)),
            weight=np.concatenate((self.weight, other.weight)),
        )


def points_of_map(
    *,
    built_up: np.ndarray,
    names: Named,
    roads: np.ndarray,
    shore: Shore,
    spread: Spread,
) -> Points:
    """Where a map without inhabitants lets one think that people live.

    Parameters
    ----------
    built_up : shapely polygons
        Built-up areas. Each gets points `built_step_m` apart, or one where it is smaller.
    names : Named
        A name within `town_reach_m` of a built-up area is left out: the people there are
        the area's. A name stands where the map has room for it; the people are put at the
        nearest road within `road_reach_m`, unless it is across water.
    roads : shapely lines
        Roads that houses stand along: points at most `road_step_m` apart.

    Notes
    -----
    An estimate for those who do not have the grid of SSB. Shares of a nation hold; those
    of a single municipality may not.
    """
    tree = shapely.STRtree(built_up)
    in_town = tree.query(
        shapely.points(names.xy), predicate="dwithin", distance=spread.town_reach_m
    )[0]
    alone = np.setdiff1d(np.arange(len(names.xy)), in_town)
    return (
        _built(built_up, spread)
        .and_these(
            Points(
                xy=_at_road(names.xy[alone], roads, shore=shore, spread=spread),
                weight=names.weight[alone],
            )
        )
        .and_these(_along(roads, spread))
    )


def _built(polygons: np.ndarray, spread: Spread) -> Points:
    xy, weight = [np.zeros((0, 2))], [np.zeros(0)]
    step = spread.built_step_m
    for polygon, people in zip(
        polygons,
        shapely.area(polygons) / M2_PER_KM2 * spread.built_per_km2,
        strict=True,
    ):
        west, south, east, north = shapely.bounds(polygon)
        grid = np.meshgrid(
            np.arange(west + step / 2, east, step),
            np.arange(south + step / 2, north, step),
        )
        inside = np.column_stack([side.ravel() for side in grid])
        inside = inside[shapely.contains_xy(polygon, inside)]
        if not len(inside):
            inside = shapely.get_coordinates(shapely.point_on_surface(polygon))
        xy.append(inside)
        weight.append(np.full(len(inside), people / len(inside)))
    return Points(xy=np.concatenate(xy), weight=np.concatenate(weight))


def _at_road(xy: Floats, roads: np.ndarray, *, shore: Shore, spread: Spread) -> Floats:
    """The nearest place on a road; the same place where none is within reach."""
    places = shapely.points(xy)
    place, road = shapely.STRtree(roads).query_nearest(
        places, max_distance=spread.road_reach_m, all_matches=False
    )
    where = shapely.line_locate_point(roads[road], places[place])
    on_road = shapely.get_coordinates(
        shapely.line_interpolate_point(roads[road], where)
    )
    dry = ~shore.between(xy[place], on_road)
    moved = xy.copy()
    moved[place[dry]] = on_road[dry]
    return moved


def _along(roads: np.ndarray, spread: Spread) -> Points:
    length = shapely.length(roads)
    pieces = np.maximum(np.ceil(length / spread.road_step_m), 1).astype(np.int64)
    line = np.repeat(np.arange(len(roads)), pieces)
    piece = np.arange(len(line)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    each = (length / pieces)[line]
    middle = shapely.line_interpolate_point(roads[line], (piece + 0.5) * each)
    return Points(
        xy=shapely.get_coordinates(middle), weight=each / M_PER_KM * spread.road_per_km
    )


def populated(
    points: Points, *, municipalities: Municipalities, names: Named
) -> Origins:
    """The inhabitants of each municipality, spread on its points by their weight.

    Parameters
    ----------
    points : Points
        Of a map (`points_of_map`) or the cells of SSB's grid. A point outside every
        municipality is left out.
    municipalities : Municipalities
        One without a point of weight above 0 gets a single one in its largest polygon.
    names : Named
        Places to name the points by.

    Returns
    -------
    Origins
        The sum of the inhabitants is that of the municipalities that have a polygon.

    Raises
    ------
    ValueError
        If a municipality with inhabitants has no polygon: they would be lost.
    """
    drawn = np.isin(np.arange(len(municipalities.code)), municipalities.polygon_of)
    lost = municipalities.code[~drawn & (municipalities.people > 0)]
    if len(lost):
        raise ValueError(f"no polygon for municipality {', '.join(lost.tolist())}")
    area = _area_of(points.xy, municipalities)
    weight = np.where(area == NONE, 0.0, points.weight)
    sums = np.bincount(area[area != NONE], weight[area != NONE], len(drawn))
    bare = np.flatnonzero(drawn & (sums == 0) & (municipalities.people > 0))
    kept = weight > 0
    xy = np.concatenate((points.xy[kept], _middles(bare, municipalities)))
    whole = np.concatenate((area[kept], bare))
    share = np.concatenate((weight[kept] / sums[area[kept]], np.ones(len(bare))))
    return Origins(
        xy=xy,
        people=municipalities.people[whole] * share,
        area=whole,
        place=_nearest_name(xy, whole, names=names, municipalities=municipalities),
    )


def _area_of(xy: Floats, municipalities: Municipalities) -> Whole:
    """The municipality of each point; -1 outside all. On a border the last one counts."""
    tree = shapely.STRtree(municipalities.polygons)
    point, polygon = tree.query(shapely.points(xy), predicate="intersects")
    area = np.full(len(xy), NONE)
    area[point] = municipalities.polygon_of[polygon]
    return area


def _middles(which: Whole, municipalities: Municipalities) -> Floats:
    xy = [np.zeros((0, 2))]
    for municipality in which:
        own = municipalities.polygons[municipalities.polygon_of == municipality]
        largest = own[np.argmax(shapely.area(own))]
        xy.append(shapely.get_coordinates(shapely.point_on_surface(largest)))
    return np.concatenate(xy)


def _nearest_name(
    xy: Floats, area: Whole, *, names: Named, municipalities: Municipalities
) -> Whole:
    found = np.full(len(xy), NONE)
    own = _area_of(names.xy, municipalities)
    for municipality in np.unique(own[own != NONE]):
        there = np.flatnonzero(area == municipality)
        some = np.flatnonzero(own == municipality)
        _, near = cKDTree(names.xy[some]).query(xy[there])
        found[there] = some[near]
    return found
