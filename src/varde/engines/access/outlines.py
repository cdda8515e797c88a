"""Outlines to draw a map with: of municipalities, and the line of the coast.

For a picture beside a table. Nothing is measured on them.
"""

from dataclasses import dataclass

import numpy as np
import shapely

from varde.engines.access.arrays import Floats, Whole
from varde.engines.access.people import Municipalities


COAST = -1
LEAST_RING_M2 = 1_000_000.0  # a smaller piece is a dot on a map of a country
LEAST_COAST_M = 3000.0
ROUND_M = 14_000.0  # how far from its places a municipality without borders is drawn
SMOOTH_M = 200.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlines:
    """Lines on the map: line `i` is the points from `first[i]` to `first[i + 1]`.

    `area[i]` is the municipality that the line goes round; -1: it is of the coast. `xy` is
    east and north in metres. `is_drawn`: by us round the places, not a border.
    """

    xy: Floats
    first: Whole
    area: Whole
    is_drawn: bool

    def lines(self) -> list[tuple[int, Floats]]:
        """The municipality of each line (-1: the coast), and its points."""
        ends = (*self.first[1:].tolist(), len(self.xy))
        return [
            (int(area), self.xy[start:end])
            for area, start, end in zip(
                self.area, self.first.tolist(), ends, strict=True
            )
        ]


def outlines_of(
    municipalities: Municipalities, coast: np.ndarray, *, within_m: float
) -> Outlines:
    """The borders and the coast of a map, with no detail smaller than `within_m`.

    Two municipalities keep their border in common. The largest piece of each is there,
    however small it is.
    """
    whole = shapely.coverage_simplify(municipalities.polygons, within_m)
    found: list[tuple[int, Floats]] = []
    for area in np.unique(municipalities.polygon_of).tolist():
        parts = shapely.get_parts(whole[municipalities.polygon_of == area])
        size = shapely.area(parts)
        kept = parts[(size >= LEAST_RING_M2) | (size == size.max())]
        found += [(area, _round(part)) for part in kept]
    shore = shapely.simplify(coast, within_m)
    long_enough = shapely.length(shore) >= LEAST_COAST_M
    found += [(COAST, shapely.get_coordinates(line)) for line in shore[long_enough]]
    return _taken(found, is_drawn=False)


def drawn_round(xy: Floats, area: Whole) -> Outlines:
    """A piece of land round the places of each municipality, for a map without borders.

    Each place has what is nearer to it than to any other, no further out than `ROUND_M`.

    Parameters
    ----------
    xy : float64[n, 2]
        The places, metres, no two the same.
    area : int64[n]
        The municipality of each.
    """
    points = shapely.points(xy)
    frame = shapely.box(*shapely.total_bounds(points)).buffer(2 * ROUND_M)
    cells = shapely.get_parts(
        shapely.voronoi_polygons(
            shapely.multipoints(points), extend_to=frame, ordered=True
        )
    )
    found: list[tuple[int, Floats]] = []
    for one in np.unique(area).tolist():
        own = area == one
        near = shapely.buffer(shapely.multipoints(points[own]), ROUND_M)
        land = shapely.intersection(shapely.union_all(cells[own]), near)
        smooth = shapely.simplify(land, SMOOTH_M)
        found += [(one, _round(part)) for part in shapely.get_parts(smooth)]
    return _taken(found, is_drawn=True)


def _round(polygon: shapely.Polygon) -> Floats:
    found: Floats = shapely.get_coordinates(shapely.get_exterior_ring(polygon))
    return found


def _taken(lines: list[tuple[int, Floats]], *, is_drawn: bool) -> Outlines:
    lengths = [len(points) for _, points in lines]
    return Outlines(
        xy=np.concatenate([points for _, points in lines]),
        first=np.cumsum([0, *lengths])[:-1],
        area=np.array([area for area, _ in lines], dtype=np.int64),
        is_drawn=is_drawn,
    )
