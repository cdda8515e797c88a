"""Opening, closing, merging and moving: beside the whole thing worked out anew."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from varde.engines.access.changes import closed, moved, opened, situation
from varde.engines.access.reach import reach_of


few = settings(max_examples=30)
INF = float("inf")
PLACES, STATIONS = 5, 4
cell = st.one_of(st.integers(0, 99).map(float), st.just(INF))
tables = st.lists(
    st.lists(cell, min_size=STATIONS, max_size=STATIONS),
    min_size=PLACES,
    max_size=PLACES,
)
agreements = st.lists(
    st.lists(st.booleans(), min_size=STATIONS, max_size=STATIONS),
    min_size=PLACES,
    max_size=PLACES,
)
lines = st.lists(cell, min_size=PLACES, max_size=PLACES)


def start(table, agreed):
    return situation(np.array(table, dtype=np.float32), np.array(agreed, dtype=bool))


def same(one, other):
    assert one.station.tolist() == other.station.tolist()
    assert one.minutes.tolist() == pytest.approx(other.minutes.tolist(), nan_ok=True)


def by_loop(table, agreed, station, into):
    """Who may use which station when one is closed, row by row."""
    rows = []
    for times, may in zip(table, agreed, strict=True):
        left = [one and number != station for number, one in enumerate(may)]
        if may[station] and not any(left):
            others = [n for n in range(STATIONS) if n != station and times[n] < INF]
            goal = into
            if into is None and others:
                goal = min(others, key=lambda n: times[n])
            if goal is not None:
                left[goal] = True
        rows.append(left)
    return np.array(rows)


@few
@given(
    table=tables,
    agreed=agreements,
    station=st.integers(0, STATIONS - 1),
    into=st.one_of(st.none(), st.integers(0, STATIONS - 1)),
)
def test_to_close_a_station_is_to_reckon_without_it(table, agreed, station, into):
    into = None if into == station else into
    before = start(table, agreed)
    after = closed(before, station, into=into)
    assert after.is_open.tolist() == [n != station for n in range(STATIONS)]
    may = by_loop(table, agreed, station, into)
    assert after.agreed.tolist() == may.tolist()
    without = np.array(table, dtype=np.float32)
    without[:, station] = INF
    expected = reach_of(without, may)
    same(after.both.nearest, expected.nearest)
    # One that had an agreement and has none now has no way: that is not "unknown".
    minutes = expected.agreed.minutes.copy()
    minutes[before.agreed[:, station] & ~may.any(axis=1)] = INF
    assert after.both.agreed.minutes.tolist() == pytest.approx(
        minutes.tolist(), nan_ok=True
    )
    assert before.is_open.all()  # the one before is as it was


@few
@given(
    table=tables, agreed=agreements, first=st.integers(0, 3), later=st.integers(0, 3)
)
def test_two_closings_one_after_the_other(table, agreed, first, later):
    once = closed(start(table, agreed), first)
    if first == later:
        with pytest.raises(ValueError, match="closed already"):
            closed(once, later)
        return
    twice = closed(once, later)
    without = np.array(table, dtype=np.float32)
    without[:, [first, later]] = INF
    same(twice.both.nearest, reach_of(without, twice.agreed).nearest)
    assert not twice.agreed[:, [first, later]].any()


@few
@given(table=tables, agreed=agreements, new=lines)
def test_to_open_a_station_is_to_reckon_with_it(table, agreed, new):
    before, column = start(table, agreed), np.array(new, dtype=np.float32)
    after = opened(before, column)
    wider = np.column_stack((before.minutes, column))
    expected = reach_of(wider, after.agreed)
    assert after.both.nearest.minutes.tolist() == expected.nearest.minutes.tolist()
    assert after.both.agreed.minutes.tolist() == pytest.approx(
        expected.agreed.minutes.tolist(), nan_ok=True
    )
    least = np.fmin(before.both.agreed.minutes, column)
    known = ~np.isnan(before.both.agreed.minutes)
    assert after.both.agreed.minutes[known].tolist() == least[known].tolist()
    assert np.isnan(after.both.agreed.minutes[~known]).all()


@few
@given(table=tables, agreed=agreements, new=lines)
def test_those_who_shall_use_a_new_station_use_it_though_it_is_further(
    table, agreed, new
):
    serves = np.array([True, True, False, False, False])
    column = np.array(new, dtype=np.float32)
    before = start(table, agreed)
    after = opened(before, column, serves=serves)
    assert after.both.agreed.minutes[serves].tolist() == column[serves].tolist()
    assert after.both.agreed.minutes[~serves].tolist() == pytest.approx(
        before.both.agreed.minutes[~serves].tolist(), nan_ok=True
    )
    assert after.agreed[serves].sum(axis=1).tolist() == [1, 1]


@few
@given(table=tables, agreed=agreements, new=lines, station=st.integers(0, STATIONS - 1))
def test_to_move_a_station_is_to_reckon_from_the_new_place(table, agreed, new, station):
    after = moved(start(table, agreed), station, np.array(new, dtype=np.float32))
    elsewhere = np.array(table, dtype=np.float32)
    elsewhere[:, station] = new
    expected = reach_of(elsewhere, np.array(agreed, dtype=bool))
    same(after.both.nearest, expected.nearest)
    same(after.both.agreed, expected.agreed)


def test_a_closed_station_takes_nobody_over_and_is_not_moved():
    now = closed(start([[1.0, 2.0, 3.0, 4.0]] * PLACES, [[True] * 4] * PLACES), 0)
    with pytest.raises(ValueError, match="station 0 is not open"):
        closed(now, 1, into=0)
    with pytest.raises(ValueError, match="station 1 is not open"):
        closed(now, 1, into=1)
    with pytest.raises(ValueError, match="cannot be moved"):
        moved(now, 0, np.zeros(PLACES, dtype=np.float32))
    assert (
        moved(now, 1, np.full(PLACES, 9, dtype=np.float32)).both.nearest.station[0] == 2
    )


def test_who_lost_the_only_way_has_none_still_when_another_station_is_moved():
    # On the first place a road leads only to the station that is closed.
    table = [[5.0, INF, INF, INF], [INF, 5.0, 9.0, 9.0]] + [[9.0] * 4] * 3
    agreed = [[True, False, False, False]] + [[False, True, False, False]] * 3 + [[False] * 4]  # fmt: skip
    now = closed(start(table, agreed), 0)
    assert now.both.agreed.minutes[0] == INF
    new = np.array([INF, 3.0, 3.0, 3.0, 3.0], dtype=np.float32)
    after = moved(now, 1, new).both.agreed
    assert after.minutes[:2].tolist() == [INF, 3.0]
    assert after.station[0] == -1
    assert np.isnan(after.minutes[4])  # no agreement was known, and none is
