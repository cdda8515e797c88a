"""What is kept beside the survey: roads, kilometres, years and outlines; other assumptions."""

import io
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from tests import make_geography as land
from varde import content
from varde.domain.errors import BadInput
from varde.engines.access.adjusted import at_speed, with_people
from varde.engines.access.assumptions import read_assumptions
from varde.engines.access.geography import read_geography
from varde.engines.access.kept_ground import from_file, ground_of, mark_of, to_file
from varde.engines.access.outlines import COAST, ROUND_M, drawn_round, outlines_of
from varde.engines.access.people import Municipalities
from varde.engines.access.survey import surveyed


ASSUMED = read_assumptions(
    content.travel_text(), filename="travel.yaml", on=date(2026, 1, 1)
)
LIMIT = ASSUMED.limit_min


def read(**changed):
    return read_geography(land.folder(**changed), assumptions=ASSUMED)


@pytest.fixture(scope="module")
def whole():
    return read()


def test_what_is_kept_measures_as_the_files_do(whole):
    kept = from_file(to_file(ground_of(whole, mark="m")), file="ground.npz")
    homes, new = whole.origins.xy, np.array(land.here((46_000, 10_500)))
    for name in ("matrix", "kilometres"):
        ours, theirs = (
            getattr(one, name)(homes, new, LIMIT) for one in (kept.roads, whole.roads)
        )
        np.testing.assert_array_equal(ours, theirs)
    km = whole.roads.kilometres(homes, whole.stations.xy, LIMIT)
    np.testing.assert_allclose(kept.km, km, rtol=1e-3)
    assert kept.mark == "m"
    assert kept.roads.name == whole.roads.name
    assert kept.outlines.is_drawn is False


def test_the_years_with_the_same_municipalities_are_kept(whole):
    kept = ground_of(whole, mark="m")
    assert {year: ages.sum() for year, ages in kept.years.items()} == {
        2025: 1460,
        2026: 1500,
    }
    # 1803 is there in another year alone: that year's people cannot be put on this map.
    other = land.population()
    table = pq.read_table(io.BytesIO(other))
    more = pa.table(
        {
            "kommunenummer": ["1803"],
            "calyear": [2024],
            "age": [30],
            "pop": [5],
            "sex": ["female"],
        }
    )
    sink = io.BytesIO()
    pq.write_table(pa.concat_tables([table, more]), sink)
    assert set(read(population=sink.getvalue()).years) == {2025, 2026}


def test_without_a_coast_everything_is_kept_too():
    kept = from_file(to_file(ground_of(read(coast=None), mark="m")), file="ground.npz")
    assert not len(kept.roads.shore.lines)
    assert {area for area, _line in kept.outlines.lines()} == {0, 1}


@pytest.mark.parametrize("bad", [b"", b"PK\x05\x06" + b"\0" * 18, b"no ground"])
def test_what_is_no_ground_is_refused(bad):
    with pytest.raises(BadInput, match="Run varde import geography again"):
        from_file(bad, file="ground.npz")


@pytest.mark.parametrize("place", [0.2, 0.4, 0.6, 0.8])
def test_a_ground_with_spoiled_bytes_is_refused(whole, place):
    kept = bytearray(to_file(ground_of(whole, mark="m")))
    at = int(len(kept) * place)
    kept[at : at + 200] = b"\xff" * 200
    with pytest.raises(BadInput, match="is not a ground"):
        from_file(bytes(kept), file="ground.npz")


def test_a_ground_of_another_form_is_refused(whole):
    with np.load(io.BytesIO(to_file(ground_of(whole, mark="m")))) as opened:
        held = {name: opened[name] for name in opened.files} | {"form": np.array(0)}
    other = io.BytesIO()
    np.savez(other, **held)
    with pytest.raises(BadInput, match="is not a ground"):
        from_file(other.getvalue(), file="ground.npz")


def test_two_surveys_have_two_marks():
    assert mark_of(b"one") == mark_of(b"one") != mark_of(b"other")


def test_neighbours_keep_their_border_and_small_islets_are_left_out():
    wavy = [(100 + 3 * (n % 2), n) for n in range(0, 101, 5)]
    west = shapely.Polygon([(0, 0), *wavy, (0, 100)])
    east = shapely.Polygon([*reversed(wavy), (100, 0), (300, 0), (300, 100)])
    islet = shapely.box(900, 900, 910, 910)
    scale = 1000.0
    polygons = shapely.transform(
        np.array([shapely.MultiPolygon([west, islet]), east]), lambda xy: xy * scale
    )
    municipalities = Municipalities(
        code=np.array(["1", "2"]),
        name=np.array(["Vest", "Øst"]),
        people=np.ones(2),
        polygons=polygons,
        polygon_of=np.array([0, 1]),
    )
    coast = np.array(
        [
            shapely.LineString([(0, 0), (10_000, 1)]),
            shapely.LineString([(0, 0), (9, 9)]),
        ]
    )
    found = outlines_of(municipalities, coast, within_m=8000.0)
    lines = found.lines()
    assert [area for area, _line in lines] == [0, 0, 1, COAST]  # the islet is 100 km²
    left, right = shapely.Polygon(lines[0][1]), shapely.Polygon(lines[2][1])
    assert shapely.intersection(left, right).area == pytest.approx(0.0)
    assert len(lines[0][1]) < len(wavy)
    small = outlines_of(
        Municipalities(
            code=np.array(["1"]),
            name=np.array(["Holme"]),
            people=np.ones(1),
            polygons=np.array([shapely.MultiPolygon([shapely.box(0, 0, 900, 900),
                                                     shapely.box(2000, 0, 2100, 100)])]),
            polygon_of=np.array([0]),
        ),
        np.array([], dtype=object),
        within_m=1.0,
    )  # fmt: skip
    assert len(small.lines()) == 1  # its largest piece, though less than a km²


def test_each_place_is_drawn_in_its_own_municipality_and_no_two_overlap():
    xy = np.array([(0.0, 0.0), (5000.0, 0.0), (5000.0, 6000.0), (300_000.0, 0.0)])
    found = drawn_round(xy, np.array([0, 1, 1, 0]))
    assert found.is_drawn
    shapes = [(area, shapely.Polygon(line)) for area, line in found.lines()]
    assert sorted(area for area, _shape in shapes) == [0, 0, 1]  # one far off by itself
    for point, own in zip(xy, (0, 1, 1, 0), strict=True):
        inside = [area for area, one in shapes if one.contains(shapely.Point(point))]
        assert inside == [own]
    far = next(one for _a, one in shapes if one.contains(shapely.Point(xy[3])))
    assert far.area == pytest.approx(np.pi * ROUND_M**2, rel=0.05)
    near = [one for _area, one in shapes if not one.contains(shapely.Point(xy[3]))]
    overlap = shapely.intersection(*near).area
    assert overlap < 0.01 * near[0].area  # the lines are simplified each by itself


@given(
    minutes=st.lists(
        st.one_of(st.floats(0, 400, width=32), st.just(float("inf"))), max_size=6
    ),
    factor=st.floats(0.5, 1.5),
)
def test_as_much_slower_as_the_speed_and_no_road_stays_none(minutes, factor):
    given_min = np.array(minutes, dtype=np.float32)
    found = at_speed(given_min, factor)
    np.testing.assert_array_equal(np.isinf(found), np.isinf(given_min))
    finite = np.isfinite(given_min)
    np.testing.assert_allclose(found[finite] * factor, given_min[finite], rtol=1e-5)


def test_a_speed_of_nothing_is_refused():
    with pytest.raises(ValueError, match="cannot be driven"):
        at_speed(np.ones(1, dtype=np.float32), 0.0)


def test_another_years_people_live_where_this_years_do(whole):
    survey = surveyed(whole)
    ages = survey.ages * [[1.0], [3.0]]
    found = with_people(survey, ages, year=2030)
    assert np.bincount(found.area, found.people) == pytest.approx([1000, 1500])
    here = survey.area == 1
    np.testing.assert_allclose(found.people[here], 3 * survey.people[here])
    assert (found.report.year, found.report.people) == (2030, pytest.approx(2500))
    np.testing.assert_array_equal(found.age_shares(), survey.age_shares())
    # Nobody to share a newcomer's place: none is put.
    empty = with_people(with_people(survey, ages * 0, year=1), ages, year=2)
    assert empty.people.sum() == 0
