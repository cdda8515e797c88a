"""How far people have: every figure beside the plain loop that it means."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from varde.engines.access.demand import (
    expected_contacts,
    share_kept,
    share_kept_straight,
)
from varde.engines.access.effects import effect
from varde.engines.access.reach import (
    by_age,
    by_group,
    far_places,
    norm_table,
    reach_of,
    summary,
)


few = settings(max_examples=30)
INF, NAN = float("inf"), float("nan")
LIMITS = (20.0, 60.0)
times = st.one_of(st.integers(0, 99).map(float), st.sampled_from([INF, NAN]))
rows = st.lists(
    st.tuples(times, times, st.integers(0, 50), st.integers(0, 3)), max_size=12
)


def columns(table):
    before, after, people, area = zip(*table, strict=True) if table else ((),) * 4
    return (
        np.array(before, dtype=np.float32),
        np.array(after, dtype=np.float32),
        np.array(people, dtype=np.float64),
        np.array(area, dtype=np.int64),
    )


@few
@given(table=rows)
def test_a_summary_is_what_the_loop_counts(table):
    minutes, _, people, _ = columns(table)
    found = summary(minutes, people, limits=LIMITS)
    pairs = list(zip(minutes.tolist(), people.tolist(), strict=True))
    everybody = sum(n for _, n in pairs)
    assert found.people == everybody
    if not everybody:
        assert found.beyond is None
        return
    road = sorted((t, n) for t, n in pairs if t < INF)
    for limit in LIMITS:
        over = sum(n for t, n in road if t > limit)
        assert found.beyond[limit] == pytest.approx(over / everybody)
    assert found.no_road == pytest.approx(
        sum(n for t, n in pairs if t == INF) / everybody
    )
    assert found.unknown == pytest.approx(
        sum(n for t, n in pairs if t != t) / everybody
    )
    each = [t for t, n in road for _ in range(int(n))]
    if not each:
        assert (found.mean_min, found.median_min, found.p90_min) == (None,) * 3
        return
    assert found.mean_min == pytest.approx(sum(each) / len(each))
    assert found.median_min == each[-(-len(each) // 2) - 1]
    assert found.p90_min == each[-(-9 * len(each) // 10) - 1]


@few
@given(table=rows)
def test_groups_are_summaries_of_their_own(table):
    minutes, _, people, area = columns(table)
    group = np.where(area == 3, -1, area)
    found = by_group(minutes, people, group, limits=LIMITS)
    assert set(found) == set(group.tolist()) - {-1}
    for number, one in found.items():
        here = group == number
        assert one == summary(minutes[here], people[here], limits=LIMITS)


@few
@given(table=rows)
def test_an_effect_is_what_the_loop_counts(table):
    before, after, people, area = columns(table)
    found = effect(
        before,
        after,
        people=people,
        area=area,
        limits=LIMITS,
        beyond_min=60.0,
        least_min=2.0,
    )
    told = list(zip(before.tolist(), after.tolist(), people.tolist(), strict=True))
    road = [(a, b, n) for a, b, n in told if a < INF and b < INF]
    moved = found.moved
    assert moved.longer == sum(n for a, b, n in road if b - a >= 2)
    assert moved.shorter == sum(n for a, b, n in road if b - a <= -2)
    assert moved.alike == sum(n for a, b, n in road if abs(b - a) < 2)
    assert moved.person_minutes == pytest.approx(sum((b - a) * n for a, b, n in road))
    assert moved.now_beyond == sum(n for a, b, n in told if a <= 60 < b)
    assert moved.no_longer_beyond == sum(n for a, b, n in told if b <= 60 < a)
    assert moved.lost_road == sum(n for a, b, n in told if a < INF and b == INF)
    assert moved.gained_road == sum(n for a, b, n in told if b < INF and a == INF)
    same = [a == b or (a != a and b != b) for a, b, _ in told]
    touched = {x for x, alike in zip(area.tolist(), same, strict=True) if not alike}
    assert {one.area for one in found.areas} == touched
    weights = [one.moved.person_minutes for one in found.areas]
    assert weights == sorted(weights, reverse=True)
    assert sum(weights) == pytest.approx(moved.person_minutes)
    for one in found.areas:
        here = area == one.area
        assert one.before == summary(before[here], people[here], limits=LIMITS)
        assert one.after == summary(after[here], people[here], limits=LIMITS)


def test_the_nearest_and_the_agreed_are_two_answers():
    minutes = np.array([[10, 5], [7, INF], [INF, INF], [8, 3]], dtype=np.float32)
    agreed = np.array([[1, 0], [0, 1], [1, 1], [0, 0]], dtype=bool)
    found = reach_of(minutes, agreed)
    assert found.nearest.station.tolist() == [1, 0, -1, 1]
    assert found.nearest.minutes.tolist() == [5.0, 7.0, INF, 3.0]
    assert found.agreed.station.tolist() == [0, -1, -1, -1]
    assert found.agreed.minutes.tolist() == pytest.approx(
        [10.0, INF, INF, NAN], nan_ok=True
    )


def test_without_a_station_nobody_has_one():
    found = reach_of(np.zeros((2, 0), dtype=np.float32), np.zeros((2, 0), dtype=bool))
    assert found.nearest.station.tolist() == [-1, -1]
    assert found.nearest.minutes.tolist() == [INF, INF]
    assert np.isnan(found.agreed.minutes).all()


def test_the_norm_counts_everybody_also_those_without_a_road_or_an_agreement():
    minutes = np.array([40, 41, INF, NAN], dtype=np.float32)
    people = np.array([90.0, 5.0, 3.0, 2.0])
    near, far = norm_table(minutes, people, {60.0: 0.96, 40.0: 0.90})
    assert (near.within_min, near.share, near.is_met) == (40.0, 0.90, True)
    assert (far.within_min, far.share, far.is_met) == (60.0, 0.95, False)
    (empty,) = norm_table(minutes[:0], people[:0], {60.0: 0.95})
    assert (empty.share, empty.is_met) == (None, None)


def test_those_of_each_age_are_mixed_alike_in_a_municipality():
    minutes = np.array([10, 70], dtype=np.float32)
    shares = np.array([[0.5, 0.5], [0.0, 1.0]])
    young, old = by_age(
        minutes, np.array([100.0, 50.0]), np.array([0, 1]), shares, limits=LIMITS
    )
    assert (young.people, young.beyond[60.0]) == (50.0, 0.0)
    assert (old.people, old.beyond[60.0]) == (100.0, 0.5)


def test_far_places_are_told_by_name_with_most_people_first():
    minutes = np.array([70, 80, INF, 61, 60, NAN, 99, INF], dtype=np.float32)
    people = np.array([10.0, 30.0, 5.0, 50.0, 9.0, 9.0, 0.0, 2.0])
    area = np.array([0, 0, 0, 1, 1, 1, 1, 1])
    place = np.array([4, 4, 4, 7, 7, 7, 7, -1])
    first, second, third = far_places(minutes, people, area, place, beyond_min=60.0)
    assert (first.area, first.place, first.people, first.no_road) == (1, 7, 50.0, 0.0)
    assert (second.place, second.people, second.no_road) == (4, 45.0, 5.0)
    assert second.minutes == pytest.approx((700 + 2400) / 40)
    assert (third.place, third.no_road, third.minutes) == (-1, 2.0, None)


def test_use_is_halved_where_the_study_says():
    assert share_kept(np.array([43.0]), 43.0)[0] == 0.5
    # acute: 22 % fewer at 50 km
    assert share_kept(np.array([50.0]), 140.0)[0] == pytest.approx(0.78, abs=0.005)
    assert share_kept(np.array([INF, NAN]), 43.0).tolist() == pytest.approx(
        [0.0, NAN], nan_ok=True
    )
    assert share_kept(np.array([9.0, INF, NAN]), None).tolist() == pytest.approx(
        [1.0, 1.0, NAN], nan_ok=True
    )
    assert share_kept_straight(np.array([0.0, 77.0, 154.0, 999.0]), 77.0).tolist() == [
        1.0,
        0.5,
        0.0,
        0.0,
    ]


def test_contacts_are_told_with_their_range():
    km, people = np.array([0.0, 43.0, NAN]), np.array([1000.0, 1000.0, 500.0])
    expected, low, high = expected_contacts(km, people, per_1000=250.0, half_km=43.0)
    assert expected == pytest.approx(375.0)
    assert low == pytest.approx(250 + 250 * 2 ** (-1 / 0.75))
    assert high == pytest.approx(250 + 250 * 2 ** (-1 / 1.5))
    told = expected_contacts(km, people, per_1000=100.0, half_km=None)
    assert told == (200.0, 200.0, 200.0)
