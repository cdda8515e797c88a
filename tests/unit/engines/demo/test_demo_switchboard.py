"""The telephone against a recursion, against theory, and against what anyone would say."""

from math import exp, factorial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from varde.engines.demo.codes import NONE
from varde.engines.demo.switchboard import (
    MOST_ATTEMPTS,
    Incoming,
    Switchboard,
    answer,
)


FOREVER = 1e12


def incoming(rings, busy_s, *, priority=None, patience_s=FOREVER, again_s=np.inf):
    """Calls that are answered in no time by a free operator."""
    count = len(rings)
    shape = (count, MOST_ATTEMPTS)
    return Incoming(
        rings=np.array(rings, dtype=float),
        priority=np.array(priority or [0] * count),
        busy_s=np.array(busy_s, dtype=float),
        patience_s=np.full(shape, patience_s),
        reaction_s=np.zeros(shape),
        again_s=np.full(shape, again_s),
    )


def board_with(*duties):
    """A board with one operator for each (start, end)."""
    board = Switchboard()
    for number, (starts, ends) in enumerate(duties):
        board.add_duty(operator=number, starts=starts, ends=ends)
    return board


def answered_by_source(attempts):
    """The answer of each source, NaN for those given up."""
    last = {}
    for source, attempt, at in zip(
        attempts.source.tolist(), attempts.attempt.tolist(), attempts.answered.tolist(),
        strict=True,
    ):  # fmt: skip
        last[source] = max(last.get(source, (-1, 0.0)), (attempt, at))
    return [last[source][1] for source in sorted(last)]


def slow_answers(rings, busy_s, operators):
    """First come, first served, with no hanging up: the one who is free first answers."""
    free = [0.0] * operators
    answers = []
    for ring, busy in zip(rings, busy_s, strict=True):
        start = max(ring, min(free))
        free[free.index(min(free))] = start + busy
        answers.append(start)
    return answers


@settings(max_examples=60)
@given(
    seed=st.integers(0, 2**32 - 1),
    count=st.integers(1, 30),
    operators=st.integers(1, 4),
)
def test_without_hanging_up_it_is_the_textbook_recursion(seed, count, operators):
    rng = np.random.default_rng(seed)
    rings = np.sort(rng.integers(0, 400, count)).tolist()
    busy = rng.integers(1, 90, count).tolist()
    board = board_with(*[(0.0, FOREVER)] * operators)
    got = answered_by_source(answer(board, incoming(rings, busy)))
    assert got == pytest.approx(slow_answers(rings, busy, operators))


@settings(max_examples=60)
@given(seed=st.integers(0, 2**32 - 1), count=st.integers(1, 25))
def test_every_call_ends_once_and_no_operator_is_in_two_talks(seed, count):
    rng = np.random.default_rng(seed)
    calls = Incoming(
        rings=np.sort(rng.integers(0, 400, count)).astype(float),
        priority=rng.integers(0, 3, count),
        busy_s=rng.integers(1, 200, count).astype(float),
        patience_s=rng.integers(1, 120, (count, 3)).astype(float),
        reaction_s=np.full((count, 3), 2.0),
        again_s=rng.choice([5.0, 60.0, np.inf], (count, 3)),
    )
    got = answer(board_with((0, 300), (100, 900)), calls)

    assert set(got.source.tolist()) == set(range(count))
    is_answered = ~np.isnan(got.answered)
    assert (is_answered == np.isnan(got.gave_up)).all()
    assert (is_answered == (got.operator != NONE)).all()
    assert (got.answered[is_answered] >= got.rings[is_answered] + 2).all()
    waited = (got.gave_up - got.rings)[~is_answered]
    asked = calls.patience_s[got.source, got.attempt][~is_answered]
    assert waited == pytest.approx(asked)
    for source in range(count):
        mine = np.flatnonzero(got.source == source)
        mine = mine[np.argsort(got.attempt[mine])]
        assert got.attempt[mine].tolist() == list(range(len(mine)))
        assert not is_answered[mine[:-1]].any()
        gaps = got.rings[mine[1:]] - got.gave_up[mine[:-1]]
        assert gaps == pytest.approx(calls.again_s[source][: len(mine) - 1])
    for operator in (0, 1):
        talks = np.flatnonzero(got.operator == operator)
        talks = talks[np.argsort(got.answered[talks])]
        ends = got.answered[talks] + calls.busy_s[got.source[talks]]
        assert (got.answered[talks[1:]] >= ends[:-1]).all()


def test_a_priority_call_goes_before_those_that_have_waited_longer():
    calls = incoming([0, 1, 2, 3], [100, 10, 10, 10], priority=[0, 0, 2, 1])
    got = answered_by_source(answer(board_with((0, FOREVER)), calls))
    assert got == [0, 120, 100, 110]


def test_the_one_who_has_been_free_the_longest_answers():
    calls = incoming([0, 10, 200], [50, 150, 5])
    got = answer(board_with((0, FOREVER), (0, FOREVER)), calls)
    assert got.operator.tolist() == [0, 1, 0]


def test_an_operator_answers_until_the_end_of_the_duty_and_finishes_the_talk():
    board = board_with((0, 100), (100, 200))
    got = answer(board, incoming([90, 95, 99], [60, 60, 60]))
    assert dict(zip(got.source.tolist(), got.operator.tolist(), strict=True)) == {
        0: 0,
        1: 1,
        2: 1,
    }
    assert answered_by_source(got) == [90, 100, 160]


def test_a_caller_gives_up_rings_again_three_times_in_all_and_then_no_more():
    calls = incoming([0], [10], patience_s=30, again_s=60)
    got = answer(Switchboard(), calls)
    assert got.rings.tolist() == [0, 90, 180]
    assert got.gave_up.tolist() == [30, 120, 210]
    assert np.isnan(got.answered).all()


def test_one_who_hangs_up_before_a_hand_reaches_the_phone_is_not_answered():
    calls = incoming([0, 5], [10, 10], patience_s=3)
    slow_hand = Incoming(
        rings=calls.rings,
        priority=calls.priority,
        busy_s=calls.busy_s,
        patience_s=np.array([[3.0] * 3, [60.0] * 3]),
        reaction_s=np.full((2, 3), 4.0),
        again_s=calls.again_s,
    )
    got = answer(board_with((0, FOREVER)), slow_hand)
    assert answered_by_source(got) == [pytest.approx(np.nan, nan_ok=True), 9.0]


def test_without_calls_nothing_happens():
    got = answer(board_with((0, 10)), incoming([], []))
    assert [len(getattr(got, name)) for name in type(got).__slots__] == [0] * 6


def test_the_board_remembers_who_is_busy_when_the_next_calls_come():
    board = board_with((0, FOREVER))
    answer(board, incoming([0], [500]))
    assert answered_by_source(answer(board, incoming([100], [5]))) == [500]


def test_in_steady_load_the_share_that_waits_is_erlangs():
    rng = np.random.default_rng(5)
    count, mean_busy, operators, load = 6_000, 300.0, 3, 2.0
    rings = np.cumsum(rng.exponential(mean_busy / load, count))
    calls = incoming(rings, rng.exponential(mean_busy, count))
    got = answer(board_with(*[(0, FOREVER)] * operators), calls)
    waits = got.answered - got.rings
    assert (waits > 0).mean() == pytest.approx(erlang_c(load, operators), abs=0.03)
    within = 1 - erlang_c(load, operators) * exp(-(operators - load) * 120 / mean_busy)
    assert (waits <= 120).mean() == pytest.approx(within, abs=0.03)


def erlang_c(load, servers):
    """The share that must wait, as in the book."""
    waiting = load**servers / factorial(servers) * servers / (servers - load)
    return waiting / (sum(load**k / factorial(k) for k in range(servers)) + waiting)
