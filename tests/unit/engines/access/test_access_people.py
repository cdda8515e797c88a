"""Where people are put on the map: nobody is lost, and nobody is made up."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from varde.engines.access.people import (
    Municipalities,
    Named,
    Points,
    Spread,
    points_of_map,
    populated,
)
from varde.engines.access.shore import Shore


few = settings(max_examples=30)
DRY = Shore(lines=np.array([], dtype=object), narrow_m=0.0)
SPREAD = Spread(
    built_per_km2=1000.0,
    built_step_m=500.0,
    town_reach_m=300.0,
    road_reach_m=2000.0,
    road_per_km=10.0,
    road_step_m=1000.0,
)


def names(*rows):
    return Named(
        name=np.array([name for name, *_ in rows], dtype=np.str_),
        xy=np.array([(x, y) for _, x, y, _ in rows], dtype=np.float64).reshape(-1, 2),
        weight=np.array([weight for *_, weight in rows], dtype=np.float64),
    )


def land(*people):
    """Municipalities side by side, each 10 km wide."""
    return Municipalities(
        code=np.array([f"{number:04}" for number in range(len(people))]),
        name=np.array([f"Nr {number}" for number in range(len(people))]),
        people=np.array(people, dtype=np.float64),
        polygons=np.array(
            [
                shapely.box(10_000 * number, 0, 10_000 * (number + 1), 10_000)
                for number in range(len(people))
            ]
        ),
        polygon_of=np.arange(len(people)),
    )


def points(*rows):
    table = np.array(rows, dtype=np.float64).reshape(-1, 3)
    return Points(xy=table[:, :2], weight=table[:, 2])


def roads(*lines):
    return np.array([shapely.linestrings(line) for line in lines])


@few
@given(
    some=st.lists(
        st.tuples(
            st.integers(-5000, 35_000), st.integers(-500, 10_500), st.integers(0, 9)
        ),
        max_size=12,
    ),
    people=st.lists(st.integers(0, 999), min_size=3, max_size=3),
)
def test_everybody_of_a_municipality_is_in_it(some, people):
    found = populated(points(*some), municipalities=land(*people), names=names())
    sums = np.bincount(found.area, found.people, 3)
    assert sums == pytest.approx(people)
    assert ((found.xy[:, 0] >= 10_000 * found.area) | (found.people == 0)).all()
    assert (found.xy[:, 0] <= 10_000 * (found.area + 1)).all()


def test_people_are_spread_by_weight_and_named_by_the_nearest_name():
    some = points((1000, 1000, 3), (9000, 1000, 1), (12_000, 1000, 0), (-9, 0, 5))
    called = names(("Vik", 1500, 1000, 0), ("Nes", 8000, 1000, 0), ("Ås", 11_000, 0, 0))
    found = populated(some, municipalities=land(400, 0), names=called)
    assert found.people.tolist() == [300.0, 100.0]
    assert found.place.tolist() == [0, 1]  # not Ås, which is in the other one


def test_a_municipality_without_a_point_has_one_in_its_largest_polygon():
    two = land(100, 40)
    split = Municipalities(
        code=two.code,
        name=two.name,
        people=two.people,
        polygons=np.append(two.polygons, shapely.box(30_000, 0, 30_100, 100)),
        polygon_of=np.array([0, 1, 1]),
    )
    found = populated(points((1, 1, 1)), municipalities=split, names=names())
    assert found.people.tolist() == [100.0, 40.0]
    assert found.xy[1].tolist() == [15_000.0, 5000.0]
    assert found.place.tolist() == [-1, -1]


def test_a_municipality_that_is_not_on_the_map_is_not_forgotten():
    lost = land(10, 20)
    some = Municipalities(
        code=lost.code,
        name=lost.name,
        people=lost.people,
        polygons=lost.polygons[:1],
        polygon_of=np.array([0]),
    )
    with pytest.raises(ValueError, match="no polygon for municipality 0001"):
        populated(points(), municipalities=some, names=names())


def map_points(*, built=(), called=(), shore=DRY, lines=(((0, 0), (3500, 0)),)):
    return points_of_map(
        built_up=np.array([*built], dtype=object),
        names=names(*called),
        roads=roads(*lines),
        shore=shore,
        spread=SPREAD,
    )


def test_people_live_along_a_road():
    found = map_points()
    assert found.xy[:, 0].tolist() == [437.5, 1312.5, 2187.5, 3062.5]
    assert found.weight.tolist() == pytest.approx([8.75] * 4)


def test_a_town_has_points_inside_it_and_its_people_by_its_area():
    town = shapely.box(0, 1000, 1000, 2000)
    found = map_points(built=[town])
    assert found.weight[:4].tolist() == [250.0] * 4
    assert {tuple(xy) for xy in found.xy[:4].tolist()} == {
        (x, y) for x in (250.0, 750.0) for y in (1250.0, 1750.0)
    }


def test_a_town_smaller_than_the_step_has_one_point():
    found = map_points(built=[shapely.box(10, 10, 110, 110)])
    assert found.xy[0].tolist() == [60.0, 60.0]
    assert found.weight[0] == pytest.approx(10.0)


def test_a_name_in_a_town_is_the_towns_own():
    town = shapely.box(0, 0, 1000, 1000)
    rows = [("Byen", 500, 1299, 99), ("Bygda", 500, 1301, 50)]
    found = map_points(built=[town], called=rows)
    assert found.weight[4] == 50.0
    assert 99.0 not in found.weight


def test_a_name_is_written_where_there_is_room_and_its_people_live_by_the_road():
    found = map_points(called=[("Bygda", 500, 1900, 50), ("Setra", 500, 2100, 20)])
    assert found.xy[:2].tolist() == [[500.0, 0.0], [500.0, 2100.0]]


def test_the_people_of_an_island_stay_on_it():
    sound = Shore(
        lines=roads([(-9e4, 500), (9e4, 500)], [(-9e4, 900), (9e4, 900)]), narrow_m=10.0
    )
    found = map_points(called=[("Øya", 500, 1000, 50)], shore=sound)
    assert found.xy[0].tolist() == [500.0, 1000.0]
