"""Erlang-C beside the textbook's sum, Erlang-A beside its birth-and-death chain."""

from math import exp, factorial, inf, nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import expm

from varde.engines.telephony.erlang import NO_CALLS, erlang_a, erlang_c


rates = st.floats(min_value=0.1, max_value=200.0)  # calls an hour
lengths = st.floats(min_value=0.5, max_value=30.0)  # minutes
patiences = st.floats(min_value=0.2, max_value=60.0)  # minutes
limits = st.floats(min_value=0.0, max_value=20.0)  # minutes
staffing = st.integers(min_value=1, max_value=40)
LONGEST_QUEUE = 120


def textbook(load, servers, limit_in_calls):
    if load >= servers:
        return 0.0
    waiting = load**servers / factorial(servers) * servers / (servers - load)
    idle = sum(load**k / factorial(k) for k in range(servers))
    return 1.0 - waiting / (idle + waiting) * exp(-(servers - load) * limit_in_calls)


def chain(rate, drain_one, leave, servers, limit_min):
    """Must wait, hung up, answered in time, from the states of M/M/n+M one by one."""
    weights = [1.0]
    for n in range(1, servers + LONGEST_QUEUE):
        out = min(n, servers) * drain_one + max(0, n - servers) * leave
        weights.append(weights[-1] * rate / out)
    chance = np.array(weights) / sum(weights)
    queue = np.arange(len(chance)) - servers
    abandoned = (chance[queue > 0] * queue[queue > 0]).sum() * leave / rate
    # A caller with k before: each step ahead at rate n·mu + k·theta, away at theta.
    ahead = LONGEST_QUEUE
    move = np.zeros((ahead + 1, ahead + 1))  # the last state: answered
    for k in range(ahead):
        forward = servers * drain_one + k * leave
        move[k, k] = -forward - leave
        move[k, k - 1 if k else ahead] += forward
    answered = expm(move * limit_min)[:, ahead]
    waiting = chance[servers:]
    return (
        waiting.sum(),
        abandoned,
        chance[:servers].sum() + waiting @ answered[: len(waiting)],
    )


@given(rate=rates, length=lengths, operators=staffing, limit=limits)
def test_erlang_c_agrees_with_the_textbook_sum(rate, length, operators, limit):
    load = rate * length / 60
    found = erlang_c(
        limit, calls_per_hour=rate, mean_call_min=length, operators=operators
    )
    expected = textbook(load, operators, limit / length)
    assert found.answered_within == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    ("rate", "length", "patience", "operators", "limit"),
    [
        (30, 7, 5, 5, 2),
        (30, 7, 5, 1, 2),  # three times what one can do
        (10, 3, 60, 2, 0.5),
        (120, 4, 0.5, 6, 1),
        (6, 5, 5, 1, 0),
    ],
)
def test_erlang_a_agrees_with_its_states(rate, length, patience, operators, limit):
    found = erlang_a(
        limit,
        calls_per_hour=rate,
        mean_call_min=length,
        mean_patience_min=patience,
        operators=operators,
    )
    must_wait, abandoned, in_time = chain(
        rate / 60, 1 / length, 1 / patience, operators, limit
    )
    assert (found.must_wait, found.abandoned, found.answered_within) == pytest.approx(
        (must_wait, abandoned, in_time), abs=1e-8
    )
    assert found.mean_wait_min == pytest.approx(abandoned * patience)
    assert found.occupancy == pytest.approx(
        rate * length / 60 * (1 - abandoned) / operators
    )


@settings(max_examples=40)
@given(rate=rates, length=lengths, patience=patiences, operators=staffing, limit=limits)
def test_shares_are_shares_and_one_more_makes_nothing_worse(
    rate, length, patience, operators, limit
):
    def told(count):
        return erlang_a(
            limit,
            calls_per_hour=rate,
            mean_call_min=length,
            mean_patience_min=patience,
            operators=count,
        )

    before, between, after = told(operators), told(operators + 0.5), told(operators + 1)
    for one in (before, between, after):
        assert 0 <= one.answered_within <= 1
        assert 0 <= one.abandoned <= one.must_wait <= 1 + 1e-9
        assert one.answered_within + one.abandoned <= 1 + 1e-9
        assert 0 <= one.occupancy <= 1
    assert before.answered_within <= between.answered_within + 1e-9
    assert between.answered_within <= after.answered_within + 1e-9
    assert before.abandoned >= between.abandoned - 1e-9
    assert between.abandoned >= after.abandoned - 1e-9


@settings(max_examples=30)
@given(part=st.floats(min_value=0.05, max_value=0.999), rate=rates)
def test_less_than_one_operator_joins_on_to_one(part, rate):
    def told(count):
        return erlang_a(
            2,
            calls_per_hour=rate,
            mean_call_min=3,
            mean_patience_min=4,
            operators=count,
        )

    assert told(part).abandoned >= told(1).abandoned - 1e-9
    assert told(1 - 1e-7).abandoned == pytest.approx(told(1).abandoned, abs=1e-5)


def test_as_patience_grows_erlang_a_becomes_erlang_c():
    c = erlang_c(2, calls_per_hour=30, mean_call_min=7, operators=5)
    a = erlang_a(
        2, calls_per_hour=30, mean_call_min=7, mean_patience_min=1e6, operators=5
    )
    assert a.answered_within == pytest.approx(c.answered_within, abs=1e-5)
    assert a.mean_wait_min == pytest.approx(c.mean_wait_min, rel=1e-3)


def test_with_no_calls_all_are_answered():
    assert erlang_c(2, calls_per_hour=0, mean_call_min=7, operators=1) == NO_CALLS
    none = erlang_a(
        2, calls_per_hour=0, mean_call_min=7, mean_patience_min=5, operators=1
    )
    assert none == NO_CALLS


def test_more_work_than_they_can_do_has_no_steady_state():
    found = erlang_c(2, calls_per_hour=12, mean_call_min=5, operators=1)
    assert (found.answered_within, found.mean_wait_min, found.occupancy) == (0, inf, 1)


GOOD = {"calls_per_hour": 30.0, "mean_call_min": 7.0, "operators": 5.0}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("calls_per_hour", -1.0),
        ("calls_per_hour", inf),
        ("calls_per_hour", 1e6),
        ("mean_call_min", 0.0),
        ("mean_call_min", nan),
        ("operators", 0.0),
        ("operators", inf),
    ],
)
def test_what_is_outside_its_range_is_refused(name, value):
    with pytest.raises(ValueError, match=r"must be|the load"):
        erlang_c(2, **GOOD | {name: value})
    with pytest.raises(ValueError, match=r"must be|the load"):
        erlang_a(2, mean_patience_min=5, **GOOD | {name: value})


@pytest.mark.parametrize("limit", [-0.1, nan])
def test_a_limit_below_zero_is_refused(limit):
    with pytest.raises(ValueError, match="limit_min"):
        erlang_c(limit, **GOOD)


@pytest.mark.parametrize("patience", [0.0, -1.0, inf])
def test_a_patience_that_is_none_is_refused(patience):
    with pytest.raises(ValueError, match="mean_patience_min"):
        erlang_a(2, mean_patience_min=patience, **GOOD)
