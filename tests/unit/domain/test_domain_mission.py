"""Legs from presses: any order, twice, corrected, from clocks that are wrong."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from varde.domain.mission import (
    CHAIN,
    Doubt,
    Leg,
    Press,
    legs,
    next_leg,
    out_of_order,
    standing,
    timed,
)


NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def at(seconds):
    return NOON + timedelta(seconds=seconds)


def press(key, leg, seconds, *, recorded=0, corrects=""):
    return Press(
        key=key,
        leg=Leg(leg),
        at=None if seconds is None else at(seconds),
        recorded_at=at(recorded),
        corrects=corrects,
    )


@pytest.mark.parametrize(
    # by the telephone: pressed and sent; by us: received; seconds from noon
    ("pressed", "sent", "received", "expected", "doubt"),
    [
        (100, 100, 100, 100, None),
        (100, 1300, 1300, 100, None),  # twenty minutes without net
        (100, 130, 190, 100, None),  # exactly the slack: nothing is said
        (100, 130, 191, 161, Doubt.CLOCK_WRONG),
        (-3500, -2300, 1300, 100, Doubt.CLOCK_WRONG),  # an hour behind
        (3700, 4900, 1300, 100, Doubt.CLOCK_WRONG),  # an hour ahead
        (160, 150, 100, 100, None),  # a little ahead: never after its receipt
        (161, 100, 100, 100, Doubt.AHEAD),  # its clock was set back in between
        (3761, 3700, 100, 100, Doubt.AHEAD),  # both
        (3710, 3700, 100, 100, Doubt.CLOCK_WRONG),
        (-60, 0, 0, -60, None),
        (-61, 0, 0, -61, Doubt.BEFORE_MISSION),
    ],
)
def test_when_it_was_pressed(pressed, sent, received, expected, doubt):
    found = timed(
        pressed_at=at(pressed),
        sent_at=at(sent),
        received_at=at(received),
        opened_at=NOON,
        slack_s=60,
    )
    assert (found.at, found.doubt) == (at(expected), doubt)


SECONDS = st.integers(-100_000, 100_000)


@given(pressed=SECONDS, sent=SECONDS, received=SECONDS, slack=st.integers(0, 600))
def test_a_time_is_never_after_its_receipt_nor_moved_without_a_word(
    pressed, sent, received, slack
):
    found = timed(
        pressed_at=at(pressed),
        sent_at=at(sent),
        received_at=at(received),
        opened_at=NOON,
        slack_s=slack,
    )
    assert found.at <= at(received)
    moved = abs((found.at - at(pressed)).total_seconds())
    assert found.doubt is not None or moved <= slack


@given(
    off=st.integers(-100_000, 100_000),
    pressed=st.integers(0, 5000),
    waited=st.integers(0, 5000),
)
def test_however_wrong_its_clock_the_press_is_where_it_was(off, pressed, waited):
    found = timed(
        pressed_at=at(pressed + off),
        sent_at=at(pressed + waited + off),
        received_at=at(pressed + waited),
        opened_at=NOON,
        slack_s=0,
    )
    assert found.at == at(pressed)


@pytest.mark.parametrize("naive", ["pressed_at", "sent_at", "received_at", "opened_at"])
def test_a_moment_without_a_zone_is_refused(naive):
    moments = dict.fromkeys(["pressed_at", "sent_at", "received_at", "opened_at"], NOON)
    moments[naive] = datetime(2026, 1, 1)
    with pytest.raises(ValueError, match="no time zone"):
        timed(**moments, slack_s=60)


def test_a_negative_slack_is_refused():
    with pytest.raises(ValueError, match="slack_s is negative"):
        timed(
            pressed_at=NOON, sent_at=NOON, received_at=NOON, opened_at=NOON, slack_s=-1
        )


def test_a_press_without_time_corrects_something():
    with pytest.raises(ValueError, match="corrects nothing"):
        press("a", "left", None)


@pytest.mark.parametrize(
    ("presses", "expected"),
    [
        ([], {}),
        ([press("a", "left", 5)], {"left": 5}),
        # twice by two people: the first counts
        ([press("a", "left", 9), press("b", "left", 5)], {"left": 5}),
        # corrected, and corrected again: what was recorded last counts
        (
            [
                press("a", "left", 9),
                press("b", "left", 3, recorded=1, corrects="a"),
                press("c", "left", 4, recorded=2, corrects="a"),
            ],
            {"left": 4},
        ),
        # taken back: the other press of the leg counts
        (
            [
                press("a", "left", 1),
                press("b", "left", 7),
                press("c", "left", None, recorded=1, corrects="a"),
            ],
            {"left": 7},
        ),
        (
            [press("a", "free", 1), press("b", "free", None, corrects="a")],
            {},
        ),
        # a correction of what is not known yet
        ([press("b", "left", 3, corrects="a")], {}),
        # one key, two contents: the first recorded stands
        ([press("a", "left", 1), press("a", "left", 0, recorded=5)], {"left": 1}),
    ],
)
def test_the_legs_of_presses(presses, expected):
    assert legs(presses) == {Leg(leg): at(s) for leg, s in expected.items()}


PRESSES = st.lists(
    st.builds(
        press,
        st.sampled_from("abcdef"),
        st.sampled_from(list(Leg)),
        st.integers(0, 600),
        recorded=st.integers(0, 5),
        corrects=st.sampled_from(["", "", "a", "b"]),
    ),
    max_size=12,
)


@given(presses=PRESSES, data=st.data())
def test_order_and_repetition_change_nothing(presses, data):
    shuffled = data.draw(st.permutations(presses + presses))
    assert legs(shuffled) == legs(presses)
    assert standing(shuffled) == standing(presses)


def test_of_two_contents_of_a_key_recorded_at_once_the_same_one_stands_in_each_order():
    two = [press("a", "at_scene", 2), press("a", "alarmed", 2)]
    assert legs(two) == legs(two[::-1]) == {Leg.ALARMED: at(2)}


@given(presses=PRESSES)
def test_no_press_is_lost(presses):
    keys = {p.key for p in presses if not p.corrects}
    assert {one.key for one in standing(presses)} == keys


@given(presses=PRESSES)
def test_the_legs_are_the_earliest_of_what_stands(presses):
    found = legs(presses)
    for leg in CHAIN:
        times = [one.at for one in standing(presses) if one.leg is leg and one.at]
        assert found.get(leg) == min(times, default=None)


@pytest.mark.parametrize(
    ("times", "wrong"),
    [
        ({}, []),
        ({"left": 1, "free": 1}, []),
        ({"left": 5, "at_scene": 4}, ["at_scene"]),
        # one leg far ahead does not make all the others wrong twice
        ({"alarmed": 0, "left": 90, "at_scene": 10, "free": 20}, ["at_scene", "free"]),
        ({"alarmed": 9, "left": 1, "at_scene": 10}, ["left"]),
    ],
)
def test_which_legs_are_out_of_order(times, wrong):
    found = {Leg(leg): at(s) for leg, s in times.items()}
    assert [leg.value for leg in out_of_order(found)] == wrong


@given(st.dictionaries(st.sampled_from(list(Leg)), SECONDS.map(at)))
def test_legs_in_order_are_never_said_to_be_wrong(found):
    in_chain = [found[leg] for leg in CHAIN if leg in found]
    assert (out_of_order(found) == ()) is (in_chain == sorted(in_chain))


def test_the_next_leg_is_after_the_last_one_pressed():
    assert next_leg({Leg.AT_SCENE: NOON}) is Leg.WITH_PATIENT
    assert next_leg({Leg.FREE: NOON}) is None
