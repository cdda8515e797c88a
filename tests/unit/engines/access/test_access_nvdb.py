"""The road network of NVDB Ruteplan, against a plain Dijkstra on the same links."""

import heapq
from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from tests import make_geography as land
from tests.make_nvdb import CLOSED, link, table_of
from varde import content
from varde.domain.errors import BadInput
from varde.engines.access.assumptions import read_assumptions
from varde.engines.access.geography import read_geography
from varde.engines.access.nvdb import is_from_nvdb, nvdb_roads, on_nvdb
from varde.engines.access.nvdb_links import columns_of, links_of
from varde.engines.access.roads import OffRoad, RoadTimes
from varde.engines.access.shore import Shore
from varde.engines.access.survey import from_file, surveyed, to_file


ASSUMED = read_assumptions(
    content.travel_text(), filename="travel.yaml", on=date(2026, 1, 1)
)
OFF_ROAD = OffRoad(km_h=30.0, detour=1.0, reach_m=5000.0, town_m=0.0, town_km_h=35.0)
DRY = Shore(lines=np.array([], dtype=object), narrow_m=500.0)
FERRY_KM_H = 12.3
KM = 1000


def read(*links, cut_m=500.0, **changed):
    table = table_of(*links, **changed)
    return links_of(table, file="r.gdb", cut_m=cut_m, ferry_km_h=FERRY_KM_H)


def roads(*links, least_km=0.0, cut_m=500.0, **changed):
    found = nvdb_roads(
        [read(*links, cut_m=cut_m, **changed)], file="r.gdb", least_km=least_km
    )
    return RoadTimes(name="NVDB", network=found.network, off_road=OFF_ROAD, shore=DRY)


def minutes(times, start, end):
    """From one point of the small land to another, and the same read outwards."""
    (one,), (other,) = np.array(land.here(start))[None], np.array(land.here(end))[None]
    there = times.matrix(one, other, 360.0)
    assert there.dtype == np.float32
    return float(there[0, 0]), float(times.outwards(other, one, 360.0)[0, 0])


# A square of 3 km whose east side is one-way north, and the lane that leads to it.
SQUARE = (
    link((0, 0), (3 * KM, 0), forth=3.0, back=4.0),
    link((3 * KM, 0), (3 * KM, 3 * KM), oneway="FT", forth=2.0, back=CLOSED),
    link((0, 3 * KM), (3 * KM, 3 * KM), oneway="TF", forth=CLOSED, back=5.0),
    link((0, 3 * KM), (0, 0), forth=6.0, back=7.0),
)


def test_each_direction_has_its_own_time_and_one_way_is_driven_round():
    times = roads(*SQUARE)
    west, east = (0, 0), (3 * KM, 0)
    assert minutes(times, west, east) == pytest.approx((3.0, 4.0))
    north = (3 * KM, 3 * KM)
    # To the north-east corner by its one-way side; from it only round by the west.
    assert minutes(times, east, north) == pytest.approx((2.0, 5.0 + 6.0 + 3.0))
    assert minutes(times, north, west) == pytest.approx((5.0 + 6.0, 3.0 + 2.0))


def test_a_way_that_is_closed_in_one_direction_is_not_driven_in_it():
    both_open = link((3 * KM, 0), (6 * KM, 0), forth=3.0, back=3.0)
    closed = replace(both_open, back=CLOSED)
    home, out = (0, 0), (6 * KM, 0)
    assert minutes(roads(*SQUARE, both_open), home, out) == pytest.approx((6.0, 7.0))
    # With no way back from its end, nobody is put there: the square's corner is nearest.
    on_foot = 3 * KM / 1000 / 30.0 * 60.0
    assert minutes(roads(*SQUARE, closed), home, out) == pytest.approx(
        (3.0 + on_foot, 4.0 + on_foot)
    )
    # One-way the other way than its only time: closed both ways.
    wrong = replace(closed, oneway="TF")
    assert read(*SQUARE, wrong).closed == 1


def test_a_ferry_has_the_effective_speed_and_nobody_is_put_on_it():
    over = link((3 * KM, 0), (15 * KM, 0), forth=999.0, back=999.0, ferry=1)
    beyond = link((15 * KM, 0), (16 * KM, 0), forth=1.0, back=1.0)
    times = roads(*SQUARE, over, beyond)
    sail = 12.0 / FERRY_KM_H * 60.0
    assert minutes(times, (0, 0), (16 * KM, 0)) == pytest.approx(
        (3.0 + sail + 1.0, 4.0 + sail + 1.0)
    )
    at_sea = np.array(land.here((9 * KM, 0)))
    assert times.on_road(at_sea).node.tolist() == [-1]
    shut = replace(over, back=CLOSED)
    assert minutes(roads(*SQUARE, shut, beyond), (0, 0), (16 * KM, 0))[0] == np.inf
    by_class = (*SQUARE, replace(over, road_class=4), beyond)
    same = roads(*by_class, without=("isferry",))
    np.testing.assert_allclose(same.network.ways.minutes, times.network.ways.minutes)


def test_a_place_is_put_on_the_nearest_road_and_not_in_a_tunnel_above_or_below_it():
    under = link((0, 0), (3 * KM, 3 * KM), forth=4.0, back=4.0, tunnel=1)
    times = roads(*SQUARE, under, cut_m=100.0)
    place = (1400, 1500)  # on top of the tunnel; the west road is 1.4 km off
    node = int(times.on_road(np.array(land.here(place))).node[0])
    assert times.network.xy[node].tolist() == list(land.here((0, 1500))[0])
    walk = 1.4 / 30.0 * 60.0
    assert minutes(times, place, (0, 0)) == pytest.approx((walk + 3.0, walk + 3.5))
    told = roads(*SQUARE, under, cut_m=100.0, without=("istunnel",))
    near = times.network.xy[times.on_road(np.array(land.here(place))).node[0]]
    on_top = told.network.xy[told.on_road(np.array(land.here(place))).node[0]]
    assert np.hypot(*(on_top - near)) > 1000.0


def test_nobody_is_put_on_a_loose_piece_but_on_an_island_with_roads_of_its_own():
    stump = link((100, 100), (300, 100), forth=0.3, back=0.3)
    island = link((20 * KM, 0), (26 * KM, 0), forth=6.0, back=6.0)
    found = nvdb_roads([read(*SQUARE, stump, island)], file="r.gdb", least_km=5.0)
    assert (found.loose, found.loose_km) == (1, pytest.approx(0.2))
    times = RoadTimes(name="NVDB", network=found.network, off_road=OFF_ROAD, shore=DRY)
    homes = np.array(land.here((100, 100), (20 * KM, 0)))
    goals = np.array(land.here((0, 0), (26 * KM, 0)))
    walk = 0.1 / 30.0 * 60.0
    there = times.matrix(homes, goals, 360.0)
    assert there[0, 0] == pytest.approx(walk * 2**0.5 + 0, abs=0.3)
    assert there[1, 1] == pytest.approx(6.0)
    assert np.isinf(there[0, 1])
    assert np.isinf(there[1, 0])
    every = nvdb_roads([read(*SQUARE, stump, island)], file="r.gdb", least_km=0.1)
    assert every.loose == 0
    # The largest counts however small it is.
    assert nvdb_roads([read(stump)], file="r.gdb", least_km=99.0).loose == 0


def test_links_meet_at_their_ends_only_and_a_long_one_is_cut():
    over = link((1500, -KM), (1500, KM), forth=2.0, back=2.0)  # a bridge over the south
    times = roads(*SQUARE, over)
    assert np.isinf(minutes(times, (1500, -KM), (0, 0))[0])
    # A place by the middle of the west road meets it there: 1.5 km of the 3.
    assert minutes(times, (0, 1500), (0, 0)) == pytest.approx((3.0, 3.5))
    uncut = roads(*SQUARE, cut_m=1e6)
    assert minutes(uncut, (0, 1500), (0, 0))[0] == pytest.approx(3.0)  # walked 1.5 km
    km = times.kilometres(
        np.array(land.here((0, 1500))), np.array(land.here((3 * KM, 0))), 360.0
    )
    assert km[0, 0] == pytest.approx(4.5)


def test_a_link_in_two_parts_is_driven_through_both():
    table = table_of(*SQUARE)
    parts = shapely.multilinestrings(
        [land.line((0, 0), (KM, 0)), land.line((KM, 0), (3 * KM, 0))]
    )
    shapes = table["geometry"].to_pylist()
    shapes[0] = shapely.to_wkb(parts)
    table = table.set_column(
        table.column_names.index("geometry"), "geometry", pa.array(shapes)
    )
    found = links_of(table, file="r.gdb", cut_m=500.0, ferry_km_h=FERRY_KM_H)
    one = read(*SQUARE)
    np.testing.assert_allclose(found.km, one.km)
    np.testing.assert_array_equal(found.pieces, one.pieces)
    np.testing.assert_allclose(found.inner_xy, one.inner_xy)


def test_a_few_links_that_do_not_fit_are_left_out_and_counted():
    long = [link((9 * KM + n, 0), (9 * KM + n + 1, 0)) for n in range(4000)]
    fits = [replace(one, forth=0.01, back=0.01) for one in long]
    odd = (
        replace(SQUARE[0], forth=0.5),  # 360 km/h
        replace(SQUARE[0], back=95.0),  # 1.9 km/h
        link(),
        replace(fits[0], forth=24 * 60 + 1.0),
    )
    found = nvdb_roads([read(*SQUARE, *odd, *fits)], file="r.gdb", least_km=0.0)
    assert (found.read, found.odd, found.closed) == (4008, 4, 0)
    with pytest.raises(BadInput, match="has 4 of 8 links without a line"):
        nvdb_roads([read(*SQUARE, *odd)], file="r.gdb", least_km=0.0)
    # At the edges of what fits, and too short to be judged.
    edge = (replace(SQUARE[0], forth=0.9, back=90.0), replace(fits[0], forth=1440.0))
    assert read(*edge).odd == 0


@pytest.mark.parametrize(
    ("links", "changed", "said"),
    [
        ((), {}, "r.gdb: holds no link that can be driven"),
        ([link((0, 0), (9, 0), forth=-1.0, back=-1.0)], {}, "no link that can be"),
        ([replace(SQUARE[1])], {}, "no road that one can drive both to and from"),
        ([replace(SQUARE[0], ferry=1)], {}, "no road that one can drive both to"),
        ([replace(SQUARE[0], forth=-2.0)], {}, "'drivetime_fw': is below 0 minutes"),
        ([replace(SQUARE[0], back=None)], {}, "'drivetime_bw': is not a number"),
        ([replace(SQUARE[0], back=np.inf)], {}, "'drivetime_bw': is not a number"),
        ([replace(SQUARE[0], oneway="N")], {}, "'oneway': is not B, FT or TF"),
        ([replace(SQUARE[0], oneway=None)], {}, "'oneway': is not B, FT or TF"),
        ([replace(SQUARE[0], ferry=2)], {}, "'isferry': is neither 0 nor 1"),
        ([replace(SQUARE[0], ferry="ja")], {}, "'isferry': is not a number"),
    ],
)
def test_what_cannot_be_used_is_refused(links, changed, said):
    with pytest.raises(BadInput) as refused:
        roads(*links, **changed)
    assert said in str(refused.value)
    assert "Nothing was changed. Take the whole file anew" in str(refused.value)


def test_a_lacking_column_is_named_with_those_that_are_there():
    with pytest.raises(BadInput) as refused:
        columns_of(["oneway", "isferry", "drivetime_fw"], file="r.gdb")
    assert "lacks the column drivetime_bw" in str(refused.value)
    with pytest.raises(BadInput, match="lacks the column isferry"):
        columns_of(["oneway", "drivetime_fw", "drivetime_bw"], file="r.gdb")
    upper = columns_of(
        ["ONEWAY", "DRIVETIME_FW", "DRIVETIME_BW", "ROADCLASS", "ISTUNNEL"],
        file="r.gdb",
    )
    assert upper["roadclass"] == "ROADCLASS"
    assert upper["istunnel"] == "ISTUNNEL"


def test_the_survey_is_measured_on_it_and_says_so():
    whole = read_geography(land.folder(), assumptions=ASSUMED)
    links = read(link((0, 10_000), (60_000, 10_000), forth=40.0, back=50.0))
    name = "NVDB Ruteplan 2026-01-09 (r.gdb)"
    other = on_nvdb(whole, [links], file="r.gdb", name=name)
    found = surveyed(other)
    assert found.report.times_from == name
    assert is_from_nvdb(found.report.times_from)
    assert found.report.notes[:2] == (
        "Links: 1, 0 of them closed both ways.",
        "Ferries: 0, at 12.3 km/h with the waiting.",
    )
    assert (found.report.bridged, found.report.parts) == (0, 1)
    np.testing.assert_array_equal(found.people, surveyed(whole).people)
    assert from_file(to_file(found), file="survey.npz").report == found.report
    km = np.hypot(*(found.station_xy[0] - found.station_xy[1])) / KM
    at_a = np.hypot(*(found.xy - found.station_xy[0]).T).argmin()
    at_b = np.hypot(*(found.xy - found.station_xy[1]).T).argmin()
    # East at 40 minutes for 60 km, west at 50: each to the other's station.
    ahead, home = found.minutes[at_a, 1], found.minutes[at_b, 0]
    assert ahead == pytest.approx(km * 40 / 60, rel=0.15)
    assert home == pytest.approx(km * 50 / 60, rel=0.15)
    assert ahead < home


# ---------------------------------------------------------------- against the plain search

SIDE = 4  # corners on a side of the grid, 1 km apart
corners = st.integers(0, SIDE * SIDE - 1)
times_of_a_link = st.one_of(
    st.just(CLOSED), st.integers(1, 24).map(lambda quarter: quarter / 4 + 0.25)
)


def place(corner):
    return (corner % SIDE * KM, corner // SIDE * KM)


@st.composite
def some_links(draw):
    found = []
    for _ in range(draw(st.integers(1, 30))):
        one = draw(corners)
        step = draw(st.sampled_from([(1, 0), (0, 1)]))
        column, row = one % SIDE + step[0], one // SIDE + step[1]
        if column < SIDE and row < SIDE:
            other = row * SIDE + column
            ends = (one, other) if draw(st.booleans()) else (other, one)
            found.append(
                (
                    ends,
                    draw(st.sampled_from(["B", "B", "FT", "TF"])),
                    draw(times_of_a_link),
                    draw(times_of_a_link),
                    draw(st.sampled_from([0, 0, 0, 1])),
                )
            )
    return found


def is_open(oneway, forth, back):
    return (oneway in ("B", "FT") and forth != CLOSED) or (
        oneway in ("B", "TF") and back != CLOSED
    )


def plain(links):
    """Minutes between all corners by a heap, and the corners that a road touches."""
    ways, touched = {}, set()
    for (start, end), oneway, forth, back, ferry in links:
        sail = 1.0 / FERRY_KM_H * 60.0
        open_ways = [
            (a, b, sail if ferry else minutes)
            for a, b, minutes, said in (
                (start, end, forth, "FT"),
                (end, start, back, "TF"),
            )
            if minutes != CLOSED and oneway in ("B", said)
        ]
        for a, b, minutes in open_ways:
            ways.setdefault(a, []).append((b, minutes))
        if open_ways and not ferry:
            touched |= {start, end}
    found = {}
    for start in range(SIDE * SIDE):
        best, queue = {}, [(0.0, start)]
        while queue:
            minutes, corner = heapq.heappop(queue)
            if corner not in best:
                best[corner] = minutes
                for other, more in ways.get(corner, ()):
                    heapq.heappush(queue, (minutes + more, other))
        found[start] = best
    return found, touched


@given(links=some_links())
def test_the_minutes_are_those_of_a_plain_search_in_both_directions(links):
    made = [
        link(place(a), place(b), oneway=oneway, forth=forth, back=back, ferry=ferry)
        for (a, b), oneway, forth, back, ferry in links
    ]
    best, touched = plain(links)
    try:
        times = roads(*made, cut_m=300.0)
    except BadInput:
        # Then no road has two ends that can be driven to and from each other.
        assert not any(
            b in best[a] and a in best[b] and not ferry and is_open(oneway, forth, back)
            for (a, b), oneway, forth, back, ferry in links
        )
        return
    where = np.array(land.here(*(place(one) for one in range(SIDE * SIDE))))
    met = times.on_road(where)
    on = [one for one in range(SIDE * SIDE) if one in touched and met.km[one] == 0.0]
    found = times.matrix(where[on], where[on], 360.0)
    outwards = times.outwards(where[on], where[on], 360.0)
    for row, home in enumerate(on):
        for column, goal in enumerate(on):
            if met.node[home] == -1 or met.node[goal] == -1:
                continue
            there = best[home].get(goal, np.inf)
            back = best[goal].get(home, np.inf)
            assert found[row, column] == pytest.approx(there, rel=1e-5, abs=1e-4)
            assert outwards[row, column] == pytest.approx(back, rel=1e-5, abs=1e-4)
            # Whoever is put on a road can come and go.
            assert np.isfinite(there) == np.isfinite(back)
