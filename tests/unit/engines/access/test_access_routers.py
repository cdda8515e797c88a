"""Any router can measure the survey, so long as it keeps what `TravelTimes` promises."""

from dataclasses import dataclass, fields, replace
from datetime import date

import numpy as np
import pytest
from scipy.sparse.csgraph import dijkstra

from tests import make_geography as land
from varde import content
from varde.engines.access import osrm_times
from varde.engines.access.assumptions import read_assumptions
from varde.engines.access.geography import read_geography
from varde.engines.access.osrm_times import OsrmTimes, Table
from varde.engines.access.projection import longitude_latitude, utm33
from varde.engines.access.roads import RoadTimes
from varde.engines.access.survey import from_file, surveyed, to_file
from varde.engines.access.travel_times import minutes_from


ASSUMED = read_assumptions(
    content.travel_text(), filename="travel.yaml", on=date(2026, 1, 1)
)


@pytest.fixture(scope="module")
def whole():
    """The small land, where no streets of a town shorten the way."""
    found = read_geography(land.folder(), assumptions=ASSUMED)
    no_town = replace(found.roads.off_road, town_m=0.0)
    return replace(found, roads=replace(found.roads, off_road=no_town))


def osrm_of(roads: RoadTimes, *, asked: list[int]) -> OsrmTimes:
    """OSRM's table service as it is documented, on the roads of N1000."""

    def on_road(degrees):
        xy = utm33(*degrees.T)
        node = roads.on_road(xy).node
        return node, longitude_latitude(roads.network.xy[node])

    def ask(origins, stations):
        asked.append(len(origins))
        (home, home_met), (goal, goal_met) = on_road(origins), on_road(stations)
        minutes = dijkstra(roads.network.inwards, indices=goal)[:, home].T
        return Table(
            seconds=minutes * 60.0, origins_met=home_met, stations_met=goal_met
        )

    return OsrmTimes(
        name="OSRM land.osrm", ask=ask, off_road=roads.off_road, shore=roads.shore
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AsTheCrowFlies:
    """A third router: nothing but a name and a matrix."""

    name: str = "crow"

    def matrix(self, origins, stations, limit_min):
        metres = np.hypot(*(origins[:, None] - stations[None, :]).transpose(2, 0, 1))
        return np.minimum(metres / 1000.0, limit_min).astype(np.float32)


def test_the_same_survey_comes_through_any_router(whole, monkeypatch):
    monkeypatch.setattr(osrm_times, "AT_A_TIME", 7)
    asked: list[int] = []
    own = surveyed(whole)
    osrm = surveyed(whole, times=osrm_of(whole.roads, asked=asked))
    crow = surveyed(whole, times=AsTheCrowFlies())
    assert max(asked) == 7
    assert sum(asked) == len(own.people)
    np.testing.assert_allclose(osrm.minutes, own.minutes, atol=0.01)
    assert [one.report.times_from for one in (own, osrm, crow)] == [
        "n1000_veglenke.parquet",
        "OSRM land.osrm",
        "crow",
    ]
    for other in (osrm, crow):
        for name in {one.name for one in fields(own)} - {"minutes", "report"}:
            np.testing.assert_array_equal(getattr(other, name), getattr(own, name))
        told = {"times_from": own.report.times_from, "no_road": own.report.no_road}
        assert replace(other.report, **told) == own.report
        kept = from_file(to_file(other), file="survey.npz")
        assert kept.report == other.report
        np.testing.assert_array_equal(kept.minutes, other.minutes)


STATION = np.array(land.here((10_000, 10_000)))
HOMES = np.array(
    land.here((10_000, 13_600), (10_000, 15_100), (10_000, 9_000), (0, 10_000))
)


OFF_ROAD = 1.4  # minutes from 500 m east of the station: × 1.4, at 30 km/h


def answering(whole, *, met, seconds):
    """A router that puts the homes there and answers so."""

    def ask(origins, stations):
        return Table(
            seconds=np.array(seconds, dtype=np.float64)[:, None],
            origins_met=longitude_latitude(np.array(met)),
            stations_met=longitude_latitude(STATION + np.array((500.0, 0.0))),
        )

    off_road, shore = whole.roads.off_road, whole.roads.shore
    return OsrmTimes(name="OSRM", ask=ask, off_road=off_road, shore=shore)


def test_a_place_far_from_the_road_or_over_water_has_none_however_osrm_sees_it(whole):
    north = 9600.0  # within reach of 5 km of the first home, and not of the second
    met = land.here((10_000, north), (10_000, north), (10_000, 8000), (0, 10_000))
    times = answering(whole, met=met, seconds=[60.0, 60.0, 60.0, np.inf])
    found = minutes_from(times, HOMES, STATION, 360.0)[:, 0]
    # 1 km × 1.4 at 30 km/h to the road is 2.8 minutes, and 1 minute along it.
    assert found[2] == pytest.approx(1 + 2.8 + OFF_ROAD, abs=0.001)
    assert np.isinf(found[[1, 3]]).all()
    # One shore alone is no crossing.
    assert found[0] == pytest.approx(1 + 2.8 * 4.0 + OFF_ROAD, abs=0.001)
    over = land.here((10_000, 20_000))
    wet = answering(whole, met=over, seconds=[60.0])
    far = replace(wet, off_road=replace(wet.off_road, reach_m=20_000.0))
    assert np.isinf(far.matrix(HOMES[2:3], STATION, 360.0)).all()
    dry = replace(far, shore=replace(far.shore, narrow_m=1e6))
    assert np.isfinite(dry.matrix(HOMES[2:3], STATION, 360.0)).all()


def test_a_way_over_the_limit_is_the_limit(whole):
    times = answering(
        whole, met=HOMES, seconds=[3600.0 * 5, 3600.0 * 6, 3600.0 * 7, np.inf]
    )
    found = times.matrix(HOMES, STATION, 360.0)
    assert found.dtype == np.float32
    assert found[0, 0] == pytest.approx(300 + OFF_ROAD, abs=0.001)
    assert found[1:, 0].tolist() == [360.0, 360.0, np.inf]


def test_without_stations_or_places_nothing_is_asked(whole):
    times = osrm_of(whole.roads, asked=(asked := []))
    none = np.zeros((0, 2))
    assert times.matrix(HOMES, none, 360.0).shape == (4, 0)
    assert times.matrix(none, STATION, 360.0).shape == (0, 1)
    assert asked == []


@pytest.mark.parametrize(
    ("matrix", "said"),
    [
        (np.zeros((1, 1), dtype=np.float32), r"crow gives float32\[1, 1\], and not"),
        (np.zeros((4, 1)), r"crow gives float64\[4, 1\], and not float32\[4, 1\]"),
        (np.full((4, 1), np.nan, dtype=np.float32), "outside 0 to 360, and not inf"),
        (np.full((4, 1), -1, dtype=np.float32), "outside 0 to 360, and not inf"),
        (np.full((4, 1), 361, dtype=np.float32), "outside 0 to 360, and not inf"),
    ],
)
def test_a_router_that_breaks_the_promise_is_refused(matrix, said):
    class Wrong:
        name = "crow"

        def matrix(self, origins, stations, limit_min):
            return matrix

    with pytest.raises(ValueError, match=said):
        minutes_from(Wrong(), HOMES, STATION, 360.0)
