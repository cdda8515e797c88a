"""The last part of a trip: to the road, over water or not, and through a town."""

import numpy as np
import pytest
import shapely

from varde.engines.access.network import Network, Ways
from varde.engines.access.roads import OffRoad, RoadTimes
from varde.engines.access.shore import Shore


OFF_ROAD = OffRoad(km_h=30.0, detour=2.0, reach_m=3000.0, town_m=2000.0, town_km_h=60.0)


def road(*, shore=(), detour_min=100.0):
    """Nodes at 0 and 10 km east, a slow road between them, and the middle of a ferry."""
    return RoadTimes(
        name="test",
        network=Network(
            xy=np.array([(0.0, 0.0), (10_000.0, 0.0), (5000.0, 0.0)]),
            ways=Ways(
                start=np.array([0, 1]),
                end=np.array([1, 0]),
                minutes=np.full(2, detour_min),
                km=np.full(2, 10.0),
            ),
            on_road=np.array([True, True, False]),
        ),
        off_road=OFF_ROAD,
        shore=Shore(lines=np.array([*shore], dtype=object), narrow_m=100.0),
    )


def coast(*, north_m):
    return shapely.linestrings([(-50_000, north_m), (50_000, north_m)])


STATION = np.array([(10_000.0, 0.0)])


def test_the_way_to_the_road_counts_with_its_detour():
    home = np.array([(0.0, 1500.0)])
    # 1.5 km x 2 at 30 km/h is 6 minutes.
    assert road().matrix(home, STATION, 500.0)[0, 0] == pytest.approx(106.0)
    assert road().kilometres(home, STATION, 500.0)[0, 0] == pytest.approx(13.0)


def test_one_cannot_drive_on_to_the_road_in_the_middle_of_a_ferry():
    assert road().on_road(np.array([(5000.0, 0.0)])).node.tolist() == [-1]


def test_beyond_reach_of_a_road_no_road_leads_there():
    homes = np.array([(0.0, 2999.0), (0.0, 3001.0)])
    found = road().matrix(homes, STATION, 500.0)[:, 0]
    assert np.isfinite(found).tolist() == [True, False]
    assert np.isinf(road().kilometres(homes, STATION, 500.0)[1, 0])


def test_a_station_that_no_road_reaches_is_reached_by_nobody():
    found = road().matrix(STATION, np.array([(90_000.0, 0.0)]), 500.0)
    assert np.isinf(found).all()
    assert np.isinf(
        road().kilometres(STATION, np.array([(90_000.0, 0.0)]), 500.0)
    ).all()


def test_a_road_across_a_sound_is_not_ones_own():
    sound = [coast(north_m=500.0), coast(north_m=900.0)]
    over, shore_place = np.array([(0.0, 1000.0)]), np.array([(0.0, 700.0)])
    assert road(shore=sound).on_road(over).node.tolist() == [-1]
    # Drawn out at sea with one shore between: the map's own inaccuracy.
    assert road(shore=sound).on_road(shore_place).node.tolist() == [0]
    assert road().on_road(over).node.tolist() == [0]


def test_a_narrow_water_on_the_map_parts_nobody():
    river = [coast(north_m=500.0), coast(north_m=590.0)]
    assert road(shore=river).on_road(np.array([(0.0, 1000.0)])).node.tolist() == [0]


def test_a_dry_road_further_off_goes_before_a_nearer_one_across_water():
    sound = [
        shapely.linestrings([(9000, -200), (11_000, -200)]),
        shapely.linestrings([(9000, -800), (11_000, -800)]),
    ]
    found = road(shore=sound)
    near = RoadTimes(
        name="test",
        network=Network(
            xy=np.array([(10_000.0, 0.0), (8000.0, -1000.0)]),
            ways=Ways(
                start=np.array([0, 1]),
                end=np.array([1, 0]),
                minutes=np.ones(2),
                km=np.ones(2),
            ),
            on_road=np.ones(2, dtype=bool),
        ),
        off_road=OFF_ROAD,
        shore=found.shore,
    )
    assert near.on_road(np.array([(10_000.0, -1000.0)])).node.tolist() == [1]


def test_the_streets_of_a_town_may_be_quicker_than_the_roads_of_the_map():
    two = np.array([(10_000.0, 1900.0), (10_000.0, 2100.0)])
    found = road().matrix(two, STATION, 500.0)[:, 0]
    # 1.9 km x 2 at 60 km/h beside 30 km/h to the road; 2.1 km is out of town.
    assert found.tolist() == pytest.approx([3.8, 8.4])


def test_no_street_of_a_town_crosses_its_fjord():
    fjord = [coast(north_m=300.0), coast(north_m=900.0)]
    homes = np.array([(10_000.0, 1000.0)])
    assert np.isinf(road(shore=fjord).matrix(homes, STATION, 500.0)).all()


@pytest.mark.parametrize(
    ("shores", "end_m", "is_wet"),
    [
        ((), 1000, False),
        ((100, 800), 1000, True),  # out over one, in over the other
        ((100, 800), 500, False),  # ends at sea
        ((100, 190), 1000, False),  # narrow
        ((100, 800, 850), 1000, False),  # one end at sea, whichever is least water
        ((100, 300, 700, 950), 1000, True),  # two sounds with an island between
    ],
)
def test_water_is_what_lies_between_two_shores(shores, end_m, is_wet):
    shore = Shore(
        lines=np.array([coast(north_m=one) for one in shores], dtype=object),
        narrow_m=100.0,
    )
    start, end = np.array([(0.0, 0.0)]), np.array([(0.0, float(end_m))])
    assert shore.between(start, end).tolist() == [is_wet]
    assert shore.is_dry(start[0], end[0]) is not is_wet
