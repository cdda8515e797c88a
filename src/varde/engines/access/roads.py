"""Travel times on a road network: the implementation of `TravelTimes` that is built in."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from varde.engines.access.arrays import Floats, Minutes, Whole
from varde.engines.access.links import M_PER_KM, MIN_PER_H
from varde.engines.access.network import Network
from varde.engines.access.reach import NOWHERE, Reach
from varde.engines.access.shore import Shore


AT_A_TIME = 16  # stations searched from together: bounds the memory, not the answer
NEAR_TRIED = (
    8  # roads tried for a place whose straight way to the nearest is over water
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OffRoad:
    """The part of a trip that is not on the network's roads. km/h, and a detour factor.

    Beyond `reach_m` from a road, as the crow flies, no road reaches a place. Within
    `town_m` of a station the streets of the town, which the map lacks, may be quicker.
    """

    km_h: float
    detour: float
    reach_m: float
    town_m: float
    town_km_h: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OnRoad:
    """Where places meet the road: the node (-1: none), and the minutes and km to it."""

    node: Whole
    minutes: Floats
    km: Floats


@dataclass(frozen=True, kw_only=True)
class RoadTimes:
    """The times on a network of roads, by car (`TravelTimes`).

    Where there is no road, `shore` is what one cannot drive across.
    """

    name: str
    network: Network
    off_road: OffRoad
    shore: Shore

    def matrix(self, origins: Floats, stations: Floats, limit_min: float) -> Minutes:
        """Minutes from each origin to each station (`TravelTimes.matrix`)."""
        return self._minutes(
            origins, stations, limit_min=limit_min, graph=self.network.inwards
        )

    def outwards(self, stations: Floats, goals: Floats, limit_min: float) -> Minutes:
        """Minutes from each station to each goal, float32[n_goals, n_stations].

        For a legevaktbil or a local acute team that drives out. The same as `matrix` but
        where roads are one-way.
        """
        return self._minutes(
            goals, stations, limit_min=limit_min, graph=self.network.outwards
        )

    def _minutes(
        self, origins: Floats, stations: Floats, *, limit_min: float, graph: object
    ) -> Minutes:
        home, goal = self.on_road(origins), self.on_road(stations)
        found = np.full((len(origins), len(stations)), np.inf, dtype=np.float32)
        there = np.flatnonzero(home.node != NOWHERE)
        reached = np.flatnonzero(goal.node != NOWHERE)
        for first in range(0, len(reached), AT_A_TIME):
            some = reached[first : first + AT_A_TIME]
            by_road = dijkstra(graph, indices=goal.node[some], limit=limit_min)
            minutes = by_road[:, home.node[there]] + home.minutes[there]
            found[np.ix_(there, some)] = (minutes + goal.minutes[some, None]).T
        parts = self.network.parts
        joined = parts[home.node][:, None] == parts[goal.node][None, :]
        joined &= (home.node != NOWHERE)[:, None] & (goal.node != NOWHERE)[None, :]
        found[joined] = np.minimum(found[joined], np.float32(limit_min))
        self._through_town(found, origins, stations)
        return found

    def kilometres(
        self, origins: Floats, stations: Floats, limit_min: float
    ) -> Minutes:
        """Road kilometres of the quickest way, float32[n_origins, n_stations].

        inf where no road leads, and where the quickest way is longer than the limit.
        """
        home, goal = self.on_road(origins), self.on_road(stations)
        found = np.full((len(origins), len(stations)), np.inf, dtype=np.float32)
        there = np.flatnonzero(home.node != NOWHERE)
        for station in np.flatnonzero(goal.node != NOWHERE):
            km = self._km_along(int(goal.node[station]), limit_min)
            found[there, station] = (
                km[home.node[there]] + home.km[there] + goal.km[station]
            )
        return found

    def _km_along(self, node: int, limit_min: float) -> Floats:
        minutes, before = dijkstra(
            self.network.inwards,
            indices=node,
            limit=limit_min,
            return_predecessors=True,
        )
        reached = np.flatnonzero(np.isfinite(minutes))
        # A search inwards finds the node that comes after this one on the way.
        step = np.where(before[reached] < 0, reached, before[reached])
        km = self._km_of(reached, step)
        place = np.zeros(len(minutes), dtype=np.int64)
        place[reached] = np.arange(len(reached))
        onwards = place[step]
        # Each node takes what the node ahead has, then looks twice as far ahead.
        while (onwards[onwards] != onwards).any():
            km = km + km[onwards]
            onwards = onwards[onwards]
        found = np.full(len(minutes), np.inf)
        found[reached] = km
        return found

    def _km_of(self, start: Whole, end: Whole) -> Floats:
        """Kilometres of the way between each pair of nodes; 0 from a node to itself."""
        found, on = np.zeros(len(start)), np.flatnonzero(start != end)
        keys = start[on] * len(self.network.xy) + end[on]
        found[on] = self.network.ways.km[np.searchsorted(self._way_keys, keys)]
        return found

    @cached_property
    def _way_keys(self) -> Whole:
        ways = self.network.ways  # in order of start and end already (`Ways.quickest`)
        return ways.start * len(self.network.xy) + ways.end

    @cached_property
    def _roads(self) -> tuple[cKDTree, Whole]:
        able = np.flatnonzero(self.network.on_road)
        return cKDTree(self.network.xy[able]), able

    def on_road(self, places: Floats) -> OnRoad:
        """Where each place meets the road: the nearest that is not across water."""
        node, metres = self._met(places, tried=1)
        again = np.flatnonzero(node == NOWHERE)
        node[again], metres[again] = self._met(places[again], tried=NEAR_TRIED)
        km = metres / M_PER_KM * self.off_road.detour
        return OnRoad(node=node, minutes=km / self.off_road.km_h * MIN_PER_H, km=km)

    def _met(self, places: Floats, *, tried: int) -> tuple[Whole, Floats]:
        """The nearest of some roads that is not across water, and metres to it."""
        tree, able = self._roads
        metres, near = tree.query(
            places,
            k=np.arange(1, min(tried, len(able)) + 1),
            distance_upper_bound=self.off_road.reach_m,
        )
        found = np.isfinite(metres)
        node = able[np.where(found, near, 0)]
        rows, columns = np.nonzero(found & (metres > 0))
        wet = self.shore.between(places[rows], self.network.xy[node[rows, columns]])
        found[rows[wet], columns[wet]] = False
        row, first = np.arange(len(places)), np.argmax(found, axis=1)
        reached = found[row, first]
        return (
            np.where(reached, node[row, first], NOWHERE),
            np.where(reached, metres[row, first], 0.0),
        )

    def _through_town(self, found: Minutes, origins: Floats, stations: Floats) -> None:
        """Shorten what the streets of a town shorten. Never where no road leads."""
        tree = cKDTree(origins)
        near = tree.query_ball_point(stations, self.off_road.town_m)
        for station, some in enumerate(near):
            home = np.array(some, dtype=np.int64)
            home = home[np.isfinite(found[home, station])]
            straight = origins[home] - stations[station]
            dry = ~self.shore.between(
                origins[home], np.broadcast_to(stations[station], straight.shape)
            )
            km = np.hypot(*straight[dry].T) / M_PER_KM * self.off_road.detour
            minutes = (km / self.off_road.town_km_h * MIN_PER_H).astype(np.float32)
            found[home[dry], station] = np.minimum(found[home[dry], station], minutes)


def km_to_station(
    roads: RoadTimes,
    reach: Reach,
    *,
    origins: Floats,
    stations: Floats,
    limit_min: float,
) -> Floats:
    """Road kilometres from each place to the station that it has.

    float64[n_origins]: inf where no road leads there, nan where no agreement is known.
    """
    found = np.where(np.isnan(reach.minutes), np.nan, np.inf)
    for station in np.unique(reach.station[reach.station != NOWHERE]):
        here = np.flatnonzero(reach.station == station)
        km = roads.kilometres(origins[here], stations[station][None], limit_min)
        found[here] = km[:, 0]
    return found


def nearest_on_network(network: Network, stations: Whole) -> tuple[Floats, Whole]:
    """Minutes from every node to the nearest station's node, and that node (-1: none).

    One search outwards from all stations at once, on the ways turned round: what comes out
    is the way *to* the station also where roads are one-way.

    Examples
    --------
    >>> from varde.engines.access.network import Ways
    >>> one_way = Ways(start=np.array([0]), end=np.array([1]), minutes=np.array([4.0]),
    ...                km=np.array([3.0]))
    >>> network = Network(xy=np.zeros((2, 2)), ways=one_way, on_road=np.ones(2, dtype=bool))
    >>> nearest_on_network(network, np.array([1]))[0].tolist()
    [4.0, 0.0]
    """
    if not len(stations):
        size = len(network.xy)
        return np.full(size, np.inf), np.full(size, NOWHERE)
    minutes, _, source = dijkstra(
        network.inwards,
        indices=np.unique(stations),
        min_only=True,
        return_predecessors=True,
    )
    return minutes, np.where(np.isfinite(minutes), source, NOWHERE)
