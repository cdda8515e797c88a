"""A drawing in which the ways are to scale, where a plane can hold them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from varde.engines.simulation import layout
from varde.engines.simulation.layout import LEAST_APART, NO_ROAD, _classical, spread_out


def apart(points):
    return np.hypot(*(points[:, None, :] - points[None, :, :]).transpose(2, 0, 1))


def stress(points, wanted):
    return float(((apart(points) - wanted) ** 2).sum())


@settings(max_examples=40)
@given(arrays(np.float64, st.tuples(st.integers(3, 9), st.just(2)), elements=st.integers(0, 90).map(float)))  # fmt: skip
def test_ways_of_a_plane_are_met(at):
    minutes = apart(at)
    longest = minutes.max()
    if (
        not longest
        or (minutes + np.eye(len(at)) * longest).min() < LEAST_APART * longest
    ):
        return  # places on top of each other are drawn apart
    assert apart(spread_out(minutes)) == pytest.approx(minutes, abs=0.02 * longest)


symmetric = arrays(
    np.float64, st.integers(2, 9).map(lambda n: (n, n)), elements=st.floats(1, 200)
).map(lambda half: np.triu(half, 1) + np.triu(half, 1).T)


@settings(max_examples=40)
@given(symmetric)
def test_it_is_never_worse_than_where_it_began_and_the_same_each_time(minutes):
    found = spread_out(minutes)
    wanted = np.maximum(minutes, LEAST_APART * minutes.max())
    np.fill_diagonal(wanted, 0)
    assert stress(found, wanted) <= stress(_classical(wanted), wanted) + 1e-6
    assert found.mean(axis=0) == pytest.approx(0, abs=1e-9 * minutes.max())
    assert np.array_equal(found, spread_out(minutes.copy()))


def test_none_and_one_and_two():
    assert spread_out(np.zeros((0, 0))).shape == (0, 2)
    assert spread_out(np.zeros((1, 1))).tolist() == [[0.0, 0.0]]
    two = spread_out(np.array([[0.0, 30.0], [30.0, 0.0]]))
    assert apart(two)[0, 1] == pytest.approx(30)


def test_where_no_road_leads_they_are_further_apart_than_any_way():
    minutes = np.array([[0, 40, np.inf], [40, 0, np.inf], [np.inf, np.inf, 0]])
    far = apart(spread_out(minutes))
    assert far[0, 1] == pytest.approx(40, rel=0.01)
    assert far[2, :2] == pytest.approx(NO_ROAD * 40, rel=0.01)
    nobody = np.where(np.eye(3) > 0, 0.0, np.inf)
    assert apart(spread_out(nobody))[0, 1] == pytest.approx(NO_ROAD, rel=0.01)


def test_two_places_are_never_one_point():
    minutes = np.array([[0.0, 0.0, 50.0], [0.0, 0.0, 50.0], [50.0, 50.0, 0.0]])
    assert apart(spread_out(minutes))[0, 1] == pytest.approx(LEAST_APART * 50, rel=0.05)


def test_places_on_one_line_leave_it_where_the_ways_ask_for_it():
    minutes = np.array([[0.0, 1, 1, 1], [1, 0, 1, 1], [1, 1, 0, 1], [1, 1, 1, 0]])
    found = spread_out(minutes)
    assert np.ptp(found[:, 1]) > 0.4


def test_with_few_steps_it_is_as_near_as_it_came(monkeypatch):
    minutes = np.array(
        [[0.0, 10, 30, 5], [10, 0, 7, 40], [30, 7, 0, 12], [5, 40, 12, 0]]
    )
    whole = stress(spread_out(minutes), minutes)
    monkeypatch.setattr(layout, "STEPS", 1)
    assert whole < stress(spread_out(minutes), minutes)
