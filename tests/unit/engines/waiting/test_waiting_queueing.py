"""One draw at a time, against a plain play with events, and against theory."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from varde.engines.waiting.queueing import Overtakers, start_minutes


def obvious_starts(free, line, newcomers):
    """The slow way: a list of events in time, and a line where people are put in.

    `line` has (rank, minutes) of those who wait now, `newcomers` (at, rank, minutes).
    """
    waiting = [(rank, minutes, place) for place, (rank, minutes) in enumerate(line)]
    coming = sorted(newcomers, key=lambda one: one[0])
    free = sorted(free)
    starts = {}
    while len(starts) < len(line):
        now = free.pop(0)
        while coming and coming[0][0] <= now:
            _, rank, minutes = coming.pop(0)
            less_urgent = [n for n, one in enumerate(waiting) if one[0] > rank]
            place = less_urgent[0] if less_urgent else len(waiting)
            waiting.insert(place, (rank, minutes, None))
        _, minutes, place = waiting.pop(0)
        if place is not None:
            starts[place] = now
        free = sorted([*free, now + minutes])
    return [starts[place] for place in range(len(line))]


def played(free, line, newcomers):
    """The same, by the engine, as one draw."""

    def column(values):
        return np.array(values, dtype=float).reshape(-1, 1)

    overtakers = []
    for rank in sorted({rank for _, rank, _ in newcomers}, reverse=True):
        own = sorted((at, minutes) for at, r, minutes in newcomers if r == rank)
        overtakers.append(
            Overtakers(
                rank=rank,
                at_min=column([at for at, _ in own]),
                service_min=column([minutes for _, minutes in own]),
            )
        )
    found = start_minutes(
        free_min=column(free),
        service_min=column([minutes for _, minutes in line]),
        ranks=[rank for rank, _ in line],
        overtakers=overtakers,
    )
    return found[:, 0].tolist()


minutes = st.integers(1, 20)
ranks = st.integers(1, 4)
doctors = st.lists(st.integers(0, 15), min_size=1, max_size=4)
lines = st.lists(st.tuples(ranks, minutes), min_size=1, max_size=7)
newcomers = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 4), minutes),
    max_size=8,
    unique_by=lambda one: one[0],
)


@given(free=doctors, line=lines, newcomers=newcomers)
@settings(max_examples=60)
def test_it_is_what_a_plain_play_with_events_says(free, line, newcomers):
    assert played(free, line, newcomers) == obvious_starts(free, line, newcomers)


@given(free=doctors, line=lines, newcomers=newcomers)
@settings(max_examples=20)
def test_nobody_is_seen_before_the_one_in_front(free, line, newcomers):
    starts = played(free, line, newcomers)
    assert starts == sorted(starts)


@given(free=doctors, line=lines, more=st.integers(0, 30))
@settings(max_examples=20)
def test_one_more_doctor_never_makes_a_wait_longer(free, line, more):
    with_more = played([*free, more], line, [])
    assert all(a <= b for a, b in zip(with_more, played(free, line, []), strict=True))


@given(free=doctors, line=lines, newcomer=st.tuples(ranks, minutes))
@settings(max_examples=20)
def test_a_newcomer_never_touches_those_who_are_as_urgent(free, line, newcomer):
    rank, service = newcomer
    alone = played(free, line, [])
    found = played(free, line, [(0, rank, service)])
    for place in range(len(line)):
        if max(r for r, _ in line[: place + 1]) <= rank:
            assert found[place] == alone[place]


@pytest.mark.parametrize(
    ("newcomers", "starts"),
    [
        ([], [5, 15]),
        ([(5, 1, 3)], [5, 18]),  # stands before the green, behind the orange
        ([(5.1, 1, 3)], [5, 18]),
        ([(5, 0, 3)], [8, 18]),  # red: before both
        ([(6, 0, 3)], [5, 18]),  # too late for the first
        ([(15, 0, 3)], [5, 18]),
        ([(16, 0, 3)], [5, 15]),
        ([(5, 3, 3)], [5, 15]),  # as urgent as the last: behind
        ([(5, 1, 3), (6, 0, 4)], [5, 22]),
    ],
)
def test_where_a_newcomer_stands(newcomers, starts):
    assert played([5], [(1, 10), (3, 10)], newcomers) == starts


@pytest.mark.parametrize(
    ("at", "starts"),
    [
        (0, [3, 4]),  # before the green who is in front, and so before both
        (1, [0, 1]),  # the green is in: as urgent as the one who waits, and behind
    ],
)
def test_who_is_gone_from_the_line_lets_nobody_past(at, starts):
    assert played([0], [(2, 1), (1, 1)], [(at, 1, 3)]) == starts


def test_the_draws_do_not_touch_each_other_and_the_input_is_kept():
    free = np.array([[0.0, 9.0]])
    found = start_minutes(
        free_min=free,
        service_min=np.array([[4.0, 1.0], [1.0, 1.0]]),
        ranks=[2, 2],
        overtakers=[
            Overtakers(
                rank=1,
                at_min=np.array([[1.0, 20.0]]),
                service_min=np.array([[7.0, 7.0]]),
            )
        ],
    )
    assert found.tolist() == [[0, 9], [11, 10]]
    assert free.tolist() == [[0, 9]]


def test_a_level_from_which_nobody_comes_changes_nothing():
    nobody = Overtakers(rank=0, at_min=np.empty((0, 1)), service_min=np.empty((0, 1)))
    found = start_minutes(
        free_min=np.array([[3.0]]),
        service_min=np.array([[1.0]]),
        ranks=[1],
        overtakers=[nobody],
    )
    assert found.tolist() == [[3]]
