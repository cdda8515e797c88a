"""The best sites, beside every choice tried."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from varde.engines.access import siting
from varde.engines.access.interchange import interchange
from varde.engines.access.siting import (
    best_cover,
    best_mean,
    by_cell,
    cover_patterns,
    far_cost,
    fewest_for_cover,
    mean_cost,
    sum_of_costs,
)


INF = float("inf")
SITES = 5
few = settings(max_examples=25)
tables = st.lists(
    st.lists(
        st.one_of(st.integers(0, 9).map(lambda n: 10.0 * n), st.just(INF)),
        min_size=SITES,
        max_size=SITES,
    ),
    min_size=1,
    max_size=6,
)
weights = st.lists(st.integers(0, 9).map(float), min_size=6, max_size=6)
fixed_sites = st.lists(st.integers(0, SITES - 1), max_size=2, unique=True)


def problem(table, weight):
    minutes = np.array(table, dtype=np.float32)
    return minutes, np.array(weight[: len(minutes)])


def choices(count, fixed):
    return [one for one in combinations(range(SITES), count) if set(fixed) <= set(one)]


def within(minutes, weight, chosen, limit):
    near = minutes[:, list(chosen)].min(axis=1) <= limit
    return float(weight[near].sum())


@few
@given(table=tables, weight=weights, count=st.integers(2, 5), fixed=fixed_sites)
def test_the_best_cover_is_the_best_of_all_choices(table, weight, count, fixed):
    minutes, people = problem(table, weight)
    found = best_cover(minutes, people, limit_min=40.0, count=count, fixed=fixed)
    best = max(within(minutes, people, one, 40.0) for one in choices(count, fixed))
    assert found.value == pytest.approx(best)
    assert found.is_exact
    assert len(found.sites) == count
    assert set(fixed) <= set(found.sites)
    assert within(minutes, people, found.sites, 40.0) == pytest.approx(best)


@few
@given(table=tables, weight=weights, share=st.sampled_from([0.5, 0.9, 1.0]))
def test_the_fewest_for_a_cover_are_the_fewest_of_all_choices(table, weight, share):
    minutes, people = problem(table, weight)
    needed = share * people.sum()
    found = fewest_for_cover(minutes, people, limit_min=40.0, share=share)
    able = [
        count
        for count in range(SITES + 1)
        for one in combinations(range(SITES), count)
        if (within(minutes, people, one, 40.0) if one else 0.0) >= needed - 1e-9
    ]
    if not able:
        assert found is None
    else:
        assert (found.value, found.bound) == (min(able), min(able))
        assert len(found.sites) == min(able)


@few
@given(
    table=tables,
    weight=weights,
    count=st.integers(2, 5),
    fixed=fixed_sites,
    far=st.booleans(),
)
def test_the_best_mean_is_the_best_of_all_choices(table, weight, count, fixed, far):
    minutes, people = problem(table, weight)
    cost = mean_cost(minutes, unreached_min=200.0)
    if far:
        cost = far_cost(minutes, unreached_min=200.0, from_min=30.0, exponent=2.0)
    found = best_mean(cost, people, count=count, fixed=fixed)
    best = min(
        sum_of_costs(cost, people, np.array(one)) for one in choices(count, fixed)
    )
    assert found.value == pytest.approx(best)
    assert found.is_exact
    assert sum_of_costs(cost, people, np.array(found.sites)) == pytest.approx(best)
    assert set(fixed) <= set(found.sites)
    quick = interchange(cost, people, count=count, fixed=fixed)
    assert sum_of_costs(cost, people, quick) >= best - 1e-9
    assert len(quick) == count
    assert set(fixed) <= set(quick.tolist())


def test_a_place_far_from_the_first_sites_it_knows_learns_of_more():
    # Three sites for forty places in a row: with one site known by name to each place, the
    # first model is too cheap, and more sites must be learnt by name.
    random = np.random.default_rng(5)
    where, sites = random.uniform(0, 100, (40, 2)), random.uniform(0, 100, (14, 2))
    cost = np.hypot(*(where[:, None] - sites[None]).transpose(2, 0, 1))
    people = random.uniform(1, 9, 40)
    best = min(
        sum_of_costs(cost, people, np.array(one)) for one in combinations(range(14), 3)
    )
    known, siting.FIRST_NEAR = siting.FIRST_NEAR, 1
    try:
        found = best_mean(cost, people, count=3)
    finally:
        siting.FIRST_NEAR = known
    assert found.value == pytest.approx(best)
    assert found.is_exact


def test_the_heuristic_that_is_beaten_gives_way(monkeypatch):
    cost = np.array([[0.0, 9.0, 4.0], [9.0, 0.0, 4.0]])
    monkeypatch.setattr(siting, "interchange", lambda *_, **__: np.array([0]))
    found = best_mean(cost, np.ones(2), count=1)
    assert (found.sites, found.value, found.is_exact) == ((2,), 8.0, True)


def test_a_swap_is_made_while_it_helps():
    # Dropping the least useful one after the other leaves a pair that one swap improves.
    cost = np.random.default_rng(9).integers(1, 20, (6, 5)).astype(np.float64)
    found = interchange(cost, np.ones(6), count=2)
    best = min(
        sum_of_costs(cost, np.ones(6), np.array(one))
        for one in combinations(range(5), 2)
    )
    assert sum_of_costs(cost, np.ones(6), found) == pytest.approx(best)


@pytest.mark.parametrize("seed", range(6))
def test_the_best_single_site_is_the_best(seed):
    random = np.random.default_rng(seed)
    cost, weight = random.uniform(0, 90, (8, 5)), random.uniform(0, 9, 8)
    sums = weight @ cost
    assert interchange(cost, weight, count=1).tolist() == [int(np.argmin(sums))]
    found = best_mean(cost, weight, count=1)
    assert found.sites == (int(np.argmin(sums)),)
    assert found.value == pytest.approx(sums.min())


def test_the_price_of_the_far():
    minutes = np.array([59.0, 60.0, 90.0, INF], dtype=np.float32)
    found = far_cost(minutes, unreached_min=120.0, from_min=60.0, exponent=2.0)
    assert found.tolist() == [59.0, 60.0, 135.0, 240.0]
    assert mean_cost(minutes, unreached_min=120.0).tolist() == [59.0, 60.0, 90.0, 120.0]


@few
@given(
    rows=st.lists(
        st.lists(st.booleans(), min_size=70, max_size=70), min_size=1, max_size=9
    )
)
def test_rows_alike_are_one_with_the_weight_of_all(rows):
    covers, weight = np.array(rows), np.arange(1.0, len(rows) + 1)
    patterns, sums = cover_patterns(covers, weight)
    told = {}
    for row, one in zip(rows, weight.tolist(), strict=True):
        told[tuple(row)] = told.get(tuple(row), 0.0) + one
    assert dict(zip(map(tuple, patterns.tolist()), sums.tolist(), strict=True)) == told


def test_places_in_a_square_are_one_with_the_mean_of_their_costs():
    xy = np.array([(10.0, 10.0), (90.0, 90.0), (110.0, 10.0), (-10.0, 10.0)])
    weight, cost = (
        np.array([1.0, 3.0, 2.0, 0.0]),
        np.array([[4.0], [8.0], [5.0], [99.0]]),
    )
    sums, means = by_cell(xy, weight, cost, side_m=100.0)
    assert sums.tolist() == [4.0, 2.0]
    assert means.tolist() == [[7.0], [5.0]]


@pytest.mark.parametrize(("count", "fixed"), [(0, ()), (4, ()), (1, (0, 1))])
def test_a_number_of_sites_that_cannot_be_chosen_is_refused(count, fixed):
    minutes = np.zeros((2, 3), dtype=np.float32)
    with pytest.raises(ValueError, match="sites cannot be chosen"):
        best_cover(minutes, np.ones(2), limit_min=9, count=count, fixed=fixed)
    with pytest.raises(ValueError, match="sites cannot be chosen"):
        best_mean(minutes.astype(np.float64), np.ones(2), count=count, fixed=fixed)


def test_a_cost_without_end_is_refused():
    with pytest.raises(ValueError, match="not finite"):
        best_mean(np.array([[INF, 1.0]]), np.ones(1), count=1)


def test_without_time_there_is_no_answer():
    random = np.random.default_rng(1)
    minutes = random.uniform(0, 100, (400, 60)).astype(np.float32)
    with pytest.raises(TimeoutError, match="no choice of sites"):
        best_cover(minutes, np.ones(400), limit_min=5, count=20, seconds=0.0)
