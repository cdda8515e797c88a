"""Turns are shared out as evenly as can be: against every other way of sharing them."""

from collections import Counter
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from varde.engines.turns import cost, share_out


PEOPLE = "abc"
TURNS = st.lists(st.sets(st.sampled_from(PEOPLE)), min_size=1, max_size=6)
WEIGHTS = st.fixed_dictionaries({who: st.sampled_from([1, 2, 3]) for who in PEOPLE})


def counts_of(shared):
    return Counter(who for who in shared.values() if who is not None)


@given(TURNS, WEIGHTS, st.sets(st.integers(0, 5)))
def test_no_other_sharing_is_more_even(turns, weights, given_turns):
    fixed = {
        turn: min(turns[turn])
        for turn in given_turns
        if turn < len(turns) and turns[turn]
    }
    may = dict(enumerate(turns))
    found = share_out(may, weights=weights, fixed=fixed)
    for turn, who in found.items():
        assert (
            who == fixed[turn] if turn in fixed else who in may[turn] or not may[turn]
        )
    choices = [
        [fixed[turn]] if turn in fixed else sorted(who) or [None]
        for turn, who in may.items()
    ]
    best = min(
        cost(Counter(x for x in one if x is not None), weights=weights)
        for one in product(*choices)
    )
    assert cost(counts_of(found), weights=weights) == best


def test_equals_take_turns_and_who_had_one_last_waits():
    weights = dict.fromkeys("abc", 100)
    may = dict.fromkeys(range(7), "abc")
    found = share_out(may, weights=weights, last=["b", "a"])
    assert "".join(found.values()) == "cbacbac"


def test_half_a_part_is_half_the_turns():
    may = dict.fromkeys(range(9), "ab")
    found = share_out(may, weights={"a": 100, "b": 50})
    assert counts_of(found) == {"a": 6, "b": 3}


def test_who_can_only_have_the_last_days_gets_as_many_as_the_others():
    may = {day: "ab" if day < 6 else "c" for day in range(8)}
    assert counts_of(share_out(may, weights=dict.fromkeys("abc", 1))) == {
        "a": 3,
        "b": 3,
        "c": 2,
    }


def test_a_chain_of_hands_reaches_one_whom_the_loaded_cannot_give_to():
    # Only a may have the first three; b shares one with a, and one with c.
    may = {1: "ab", 2: "a", 3: "a", 4: "bc", 5: "b"}
    found = share_out(may, weights=dict.fromkeys("abc", 1))
    assert found == {1: "b", 2: "a", 3: "a", 4: "c", 5: "b"}


def test_a_given_turn_counts_also_outside_the_period():
    found = share_out({1: "ab"}, weights={"a": 1, "b": 1}, fixed={0: "a"})
    assert found == {1: "b", 0: "a"}


def test_a_turn_that_nobody_may_have_is_nobodys():
    assert share_out({1: ""}, weights={}) == {1: None}


@pytest.mark.parametrize(
    ("may", "weights", "told"),
    [({1: "a"}, {"a": 0}, "above 0"), ({1: "ab"}, {"a": 1}, "without a weight")],
)
def test_what_makes_no_sense_is_refused(may, weights, told):
    with pytest.raises(ValueError, match=told):
        share_out(may, weights=weights)
