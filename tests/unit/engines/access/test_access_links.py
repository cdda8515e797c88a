"""From the lines of a map to a network: junctions, cuts and gaps."""

import numpy as np
import pytest
import shapely

from varde.engines.access.links import Links, Mending, network_of
from varde.engines.access.roads import nearest_on_network
from varde.engines.access.shore import Shore


MENDING = Mending(
    cut_m=500.0, gap_m=100.0, ferry_gap_m=800.0, dry_gap_m=2000.0, gap_km_h=30.0
)
OPEN_SEA = Shore(  # water between north 300 and 60 000
    lines=np.array(
        [shapely.linestrings([(-90_000, y), (90_000, y)]) for y in (300, 60_000)]
    ),
    narrow_m=10.0,
)


def mended(*lines, ferries=(), lengthened=1.0, mending=MENDING, water=OPEN_SEA):
    """Roads at 60 km/h, a minute each kilometre, and ferries at 12."""
    every = [*lines, *ferries]
    is_ferry = np.arange(len(every)) >= len(lines)
    return network_of(
        Links(
            lines=np.array([shapely.linestrings(line) for line in every], dtype=object),
            km_h=np.where(is_ferry, 12.0, 60.0),
            lengthened=np.where(is_ferry, 1.0, lengthened),
            is_ferry=is_ferry,
        ),
        mending=mending,
        water=water,
    )


def minutes(found, start, goal):
    """Minutes from the node at one place to the node at another."""
    xy = found.network.xy

    def node(place):
        far = np.hypot(*(xy - np.array(place)).T)
        assert far.min() < 1.5, f"no node at {place}"
        return int(np.argmin(far))

    return nearest_on_network(found.network, np.array([node(goal)]))[0][node(start)]


def test_a_road_is_cut_and_takes_its_time():
    found = mended([(0, 0), (1200, 0)])
    assert sorted(found.network.xy[:, 0]) == pytest.approx([0, 400, 800, 1200])
    assert minutes(found, (0, 0), (1200, 0)) == pytest.approx(1.2)
    assert found.bridged == 0
    assert found.longest_bridge_m == 0.0


def test_a_road_is_longer_than_it_is_drawn():
    found = mended([(0, 0), (1000, 0)], lengthened=1.5)
    assert minutes(found, (0, 0), (1000, 0)) == pytest.approx(1.5)
    assert found.network.ways.km.sum() == pytest.approx(3.0)  # there and back


def test_roads_that_end_a_hand_apart_meet():
    found = mended([(0, 0), (1000, 0)], [(1000.3, 0), (2000, 0)])
    assert minutes(found, (0, 0), (2000, 0)) == pytest.approx(2.0, abs=0.01)
    assert found.bridged == 0


def test_a_road_that_ends_on_another_meets_it_there():
    found = mended([(0, 0), (1000, 0)], [(300, 0.2), (300, -1000)])
    assert minutes(found, (0, 0), (300, -1000)) == pytest.approx(1.3, abs=0.01)


def test_roads_that_cross_do_not_meet():
    # One goes over the other on a bridge: no end there, and no junction.
    # Both are cut at the bridge, and the way from one to the other is by the third.
    found = mended(
        [(0, 0), (900, 0)], [(450, -450), (450, 450)], [(900, 0), (450, 450)]
    )
    round_about = 0.9 + np.hypot(0.45, 0.45) + 0.9
    assert minutes(found, (0, 0), (450, -450)) == pytest.approx(round_about)


@pytest.mark.parametrize(
    ("gap_m", "is_joined"), [(90, True), (100, True), (101, False)]
)
def test_over_water_a_gap_within_the_tolerance_is_bridged(gap_m, is_joined):
    shores = [
        shapely.linestrings([(x, -900), (x, 900)]) for x in (1010, 1000 + gap_m - 10)
    ]
    sound = Shore(lines=np.array(shores), narrow_m=10.0)
    found = mended([(0, 0), (1000, 0)], [(1000 + gap_m, 0), (2000, 0)], water=sound)
    assert found.bridged == is_joined
    assert np.isfinite(minutes(found, (0, 0), (2000, 0))) == is_joined
    assert found.longest_bridge_m == pytest.approx(gap_m if is_joined else 0.0)


@pytest.mark.parametrize(("gap_m", "is_joined"), [(2000, True), (2001, False)])
def test_on_dry_land_a_wider_gap_is_bridged(gap_m, is_joined):
    found = mended([(0, 0), (1000, 0)], [(1000 + gap_m, 0), (9000, 0)])
    assert found.bridged == is_joined


def test_a_gap_is_driven_slowly_and_at_its_shortest():
    found = mended([(0, 0), (1000, 0)], [(1060, -500), (1060, 500)])
    # 60 m at 30 km/h
    assert minutes(found, (1000, 0), (1060, 0)) == pytest.approx(0.12)
    assert found.bridged == 1


def test_three_parts_are_joined_by_two_gaps():
    found = mended([(0, 0), (500, 0)], [(550, 0), (900, 0)], [(960, 0), (1400, 0)])
    assert found.bridged == 2
    assert len(np.unique(found.network.parts)) == 1


def test_after_so_many_wet_gaps_two_parts_are_given_up():
    # Two long shores of a sound, 1.5 km apart: more gaps than are looked at.
    found = mended([(0, 0), (20_000, 0)], [(0, 61_000), (20_000, 61_000)])
    assert found.bridged == 0
    near = Shore(
        lines=np.array(
            [shapely.linestrings([(-90_000, y), (90_000, y)]) for y in (100, 1400)]
        ),
        narrow_m=10.0,
    )
    wet = mended([(0, 0), (20_000, 0)], [(0, 1500), (20_000, 1500)], water=near)
    assert wet.bridged == 0


def test_a_ferry_takes_its_time_and_one_cannot_board_at_sea():
    found = mended(
        [(0, 0), (1000, 0)], [(0, 61_000), (0, 62_000)], ferries=[[(0, 0), (0, 61_000)]]
    )
    assert minutes(found, (1000, 0), (0, 62_000)) == pytest.approx(2 + 61 * 5)
    at_sea = (found.network.xy[:, 1] > 1) & (found.network.xy[:, 1] < 60_999)
    assert not found.network.on_road[at_sea].any()
    assert found.network.on_road[~at_sea].all()


def test_a_ferry_lands_at_the_nearest_road_though_the_quay_is_not_drawn():
    # The same part of the network has a long way round: it is the landing that counts.
    found = mended(
        [(0, 0), (30_000, 0)], ferries=[[(0, 0), (15_000, 700)], [(0, 0), (0, 5000)]]
    )
    assert minutes(found, (15_000, 700), (15_000, 0)) == pytest.approx(1.4)
    assert found.bridged == 1


def test_a_ferry_too_far_from_a_road_does_not_land():
    found = mended([(0, 0), (30_000, 0)], ferries=[[(0, 0), (15_000, 900)]])
    assert found.bridged == 0


@pytest.mark.parametrize("is_ferry", [True, False])
def test_over_water_a_ferry_has_the_longer_tolerance(is_ferry):
    # Where ferries cross at sea is no quay of one ferry alone: joined as a part.
    sound = Shore(
        lines=np.array(
            [shapely.linestrings([(-90_000, y), (90_000, y)]) for y in (100, 600)]
        ),
        narrow_m=10.0,
    )
    out = [[(0, 700), (0, 9000)], [(0, 700), (5000, 9000)]]
    roads = [[(0, 0), (1000, 0)], *([] if is_ferry else out)]
    found = mended(*roads, ferries=out if is_ferry else [], water=sound)
    assert found.bridged == is_ferry
    assert found.longest_bridge_m == pytest.approx(700.0 if is_ferry else 0.0)


def test_only_ferries_and_no_road_is_a_network_nobody_can_enter():
    found = mended(ferries=[[(0, 0), (0, 900)]])
    assert not found.network.on_road.any()


def test_a_map_without_lines_and_a_road_without_speed_are_refused():
    with pytest.raises(ValueError, match="at least one line"):
        mended()
    links = Links(
        lines=np.array([shapely.linestrings([(0, 0), (1, 0)])]),
        km_h=np.zeros(1),
        lengthened=np.ones(1),
        is_ferry=np.zeros(1, dtype=bool),
    )
    with pytest.raises(ValueError, match="not above 0"):
        network_of(links, mending=MENDING, water=OPEN_SEA)
