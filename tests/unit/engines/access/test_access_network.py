"""Shortest ways on small networks, beside the plainest method there is."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from varde.engines.access.network import Network, Ways
from varde.engines.access.reach import Reach
from varde.engines.access.roads import (
    OffRoad,
    RoadTimes,
    km_to_station,
    nearest_on_network,
)
from varde.engines.access.shore import Shore


few = settings(max_examples=30)
NO_SHORE = Shore(lines=np.array([], dtype=object), narrow_m=0.0)
ON_THE_SPOT = OffRoad(km_h=30.0, detour=1.4, reach_m=100.0, town_m=0.5, town_km_h=35.0)
NODES = 6

ways = st.lists(
    st.tuples(
        st.integers(0, NODES - 1),
        st.integers(0, NODES - 1),
        st.integers(1, 20),
        st.integers(1, 9),
    ),
    max_size=14,
)
stations = st.lists(st.integers(0, NODES - 1), min_size=1, max_size=3)


def network(rows):
    """Nodes a kilometre apart, with one-way roads of so many minutes and kilometres."""
    columns = np.array(rows, dtype=np.float64).reshape(-1, 4).T
    return Network(
        xy=np.column_stack((np.arange(NODES) * 1000.0, np.zeros(NODES))),
        ways=Ways(
            start=columns[0].astype(np.int64),
            end=columns[1].astype(np.int64),
            minutes=columns[2],
            km=columns[3],
        ).quickest(),
        on_road=np.ones(NODES, dtype=bool),
    )


def by_hand(rows):
    """Minutes between all nodes by Floyd and Warshall, in plain Python."""
    far = [[0.0 if a == b else np.inf for b in range(NODES)] for a in range(NODES)]
    for a, b, minutes, _ in rows:
        if a != b:
            far[a][b] = min(far[a][b], minutes)
    for k in range(NODES):
        for a in range(NODES):
            for b in range(NODES):
                far[a][b] = min(far[a][b], far[a][k] + far[k][b])
    return np.array(far)


def times(rows):
    return RoadTimes(
        name="test", network=network(rows), off_road=ON_THE_SPOT, shore=NO_SHORE
    )


@few
@given(rows=ways, chosen=stations)
def test_the_nearest_is_the_nearest_by_hand(rows, chosen):
    minutes, station = nearest_on_network(network(rows), np.array(chosen))
    expected = by_hand(rows)[:, chosen].min(axis=1)
    assert minutes == pytest.approx(expected)
    for node, found in enumerate(station.tolist()):
        if np.isinf(expected[node]):
            assert found == -1
        else:
            assert found in chosen
            assert by_hand(rows)[node, found] == pytest.approx(expected[node])


@few
@given(rows=ways, chosen=stations)
def test_the_matrix_is_the_table_by_hand(rows, chosen):
    found = times(rows)
    xy = found.network.xy
    matrix = found.matrix(xy, xy[chosen], 1000.0)
    assert matrix.dtype == np.float32
    expected = by_hand(rows)[:, chosen]
    # On one-way roads a node may lead nowhere and still hang together with the rest.
    parts = found.network.parts
    together = parts[:, None] == parts[chosen][None, :]
    expected[np.isinf(expected) & together] = 1000.0
    assert matrix == pytest.approx(expected)


@few
@given(rows=ways, chosen=stations)
def test_the_way_out_is_the_way_home_with_the_roads_turned_round(rows, chosen):
    turned = [(b, a, minutes, km) for a, b, minutes, km in rows]
    xy = times(rows).network.xy
    out = times(rows).outwards(xy[chosen], xy, 1000.0)
    assert out == pytest.approx(times(turned).matrix(xy, xy[chosen], 1000.0))


@few
@given(rows=ways, chosen=stations)
def test_kilometres_are_those_of_a_quickest_way(rows, chosen):
    found = times(rows)
    xy = found.network.xy
    km = found.kilometres(xy, xy[chosen], 1000.0)
    for column, station in enumerate(chosen):
        for node in range(NODES):
            able = _km_of_quickest(rows, node, station)
            if able:
                assert any(km[node, column] == pytest.approx(one) for one in able)
            else:
                assert np.isinf(km[node, column])


def _km_of_quickest(rows, start, goal):
    """The kilometres of every quickest way between two nodes, by trying all ways."""
    best = by_hand(rows)[start, goal]
    quick = {}
    for a, b, minutes, km in rows:
        if a != b and minutes <= quick.get((a, b), (minutes, []))[0]:
            before = quick.get((a, b), (minutes + 1, []))
            some = [km] if minutes < before[0] else [*before[1], km]
            quick[a, b] = (minutes, some)
    found = set()

    def walk(node, minutes, km, seen):
        if node == goal and minutes == best:
            found.add(km)
        for (a, b), (more, lengths) in quick.items():
            if a == node and b not in seen and minutes + more <= best:
                for length in lengths:
                    walk(b, minutes + more, km + length, seen | {b})

    walk(start, 0.0, 0, {start})
    return found


def test_of_two_roads_between_the_same_places_the_quickest_counts():
    found = network([(0, 1, 9, 1), (0, 1, 4, 3), (1, 1, 1, 1)])
    assert found.ways.minutes.tolist() == [4.0]
    assert found.outwards[0, 1] == 4.0


def test_a_road_that_takes_no_time_is_still_a_road():
    one = Ways(
        start=np.array([0]), end=np.array([1]), minutes=np.zeros(1), km=np.zeros(1)
    )
    found = Network(
        xy=np.zeros((2, 2)), ways=one.quickest(), on_road=np.ones(2, dtype=bool)
    )
    assert found.parts.tolist() == [0, 0]


def test_without_a_station_nobody_reaches_one():
    minutes, station = nearest_on_network(
        network([(0, 1, 4, 3)]), np.array([], dtype=np.int64)
    )
    assert np.isinf(minutes).all()
    assert (station == -1).all()


def test_a_way_beyond_the_limit_is_the_limit_and_no_road_is_infinite():
    found = times([(0, 1, 50, 9), (1, 0, 50, 9)])
    xy = found.network.xy
    assert found.matrix(xy[:3], xy[1:2], 30.0)[:, 0].tolist() == [30.0, 0.0, np.inf]


def test_kilometres_beyond_the_limit_are_not_known():
    found = times([(0, 1, 50, 9)])
    xy = found.network.xy
    assert np.isinf(found.kilometres(xy[:1], xy[1:2], 30.0)[0, 0])


def test_many_stations_are_searched_from_in_turns():
    rows = [(0, 1, 4, 3), (1, 0, 4, 3)]
    xy = times(rows).network.xy
    found = times(rows).matrix(xy[:2], np.tile(xy[:2], (20, 1)), 100.0)
    assert found.tolist() == [[0.0, 4.0] * 20, [4.0, 0.0] * 20]


def test_kilometres_to_the_station_that_each_has():
    found = times([(0, 1, 4, 3), (2, 1, 9, 7)])
    xy = found.network.xy
    reach = Reach(
        station=np.array([0, -1, 0, -1]),
        minutes=np.array([4.0, np.nan, 9.0, np.inf], dtype=np.float32),
    )
    km = km_to_station(found, reach, origins=xy[:4], stations=xy[1:2], limit_min=100.0)
    assert km.tolist() == pytest.approx([3.0, np.nan, 7.0, np.inf], nan_ok=True)
