"""The coast, which one cannot drive across where there is no road."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely

from varde.engines.access.arrays import Floats, YesNo


BOTH_SHORES = 2


@dataclass(frozen=True, kw_only=True)
class Shore:
    """Lines of the coast (shapely). None at all: everything is taken for dry land.

    Water of up to `narrow_m` does not part two places: a map for a whole country draws
    harbours and river mouths wider than they are.
    """

    lines: np.ndarray
    narrow_m: float

    def is_dry(self, start: Floats, end: Floats) -> bool:
        """Whether a straight way crosses no water (`between`)."""
        return not self.between(start[None], end[None])[0]

    def between(self, start: Floats, end: Floats) -> YesNo:
        """Whether each straight way crosses more water than is narrow.

        One shore alone is no crossing: the map draws some places a little out at sea. With
        an odd number of shores one end is at sea, and that end is the one which makes the
        way cross least water.

        >>> east, west = [shapely.linestrings([(x, -9), (x, 9)]) for x in (1, 2)]
        >>> shore = Shore(lines=np.array([west, east]), narrow_m=0.5)
        >>> shore.between(np.zeros((2, 2)), np.array([(1.5, 0.0), (3.0, 0.0)])).tolist()
        [False, True]
        """
        straight = shapely.linestrings(np.stack((start, end), axis=1))
        way, piece = self._tree.query(straight, predicate="intersects")
        found = np.zeros(len(start), dtype=bool)
        shores = np.bincount(way, minlength=len(start))
        long_enough = shapely.length(straight) > self.narrow_m
        for number in np.flatnonzero((shores >= 1) & long_enough):
            coast = self.lines[piece[way == number]]
            found[number] = _water_m(straight[number], coast) > self.narrow_m
        return found

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self.lines)


def _water_m(way: shapely.LineString, coast: np.ndarray) -> float:
    """Metres of a straight way that are over water, from where it crosses the coast."""
    points = shapely.intersection(way, shapely.union_all(coast))
    crossed = np.unique(
        shapely.line_locate_point(way, shapely.points(shapely.get_coordinates(points)))
    )
    if len(crossed) < BOTH_SHORES:
        return 0.0
    pieces = np.diff(crossed)
    from_land = float(pieces[0::2].sum())
    if len(crossed) % 2 == 0:
        return from_land
    return min(from_land, float(pieces[1::2].sum()))
