"""The one who is out alone: when the time is out, and what is done then."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from varde.domain.lone_worker import Step, is_silent, sign_due_at, steps_reached


NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
STEPS = {"ring_crew": 0, "ring_leader": 2, "send_colleague": 5, "ring_police": 10}


def at(minutes):
    return NOON + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("minutes", "silent"), [(29.99, False), (30, True), (31, True)]
)
def test_silent_from_the_very_moment(minutes, silent):
    due_at = sign_due_at(last_sign_at=NOON, minutes=30)
    assert is_silent(due_at=due_at, now=at(minutes)) is silent


@pytest.mark.parametrize("minutes", [0, -1])
def test_a_timer_without_minutes_is_refused(minutes):
    with pytest.raises(ValueError, match="over 0"):
        sign_due_at(last_sign_at=NOON, minutes=minutes)


@pytest.mark.parametrize(
    ("after_min", "now", "sign", "expected"),
    [
        (STEPS, 0, None, ["ring_crew"]),
        (STEPS, 1.99, None, ["ring_crew"]),
        (STEPS, 2, None, ["ring_crew", "ring_leader"]),
        (
            STEPS,
            60,
            None,
            ["ring_crew", "ring_leader", "send_colleague", "ring_police"],
        ),
        (STEPS, 60, 3, ["ring_crew", "ring_leader"]),  # a late sign holds back
        (STEPS, 1, 3, ["ring_crew"]),
        ({"ring_police": 0, "ring_crew": 1}, 1, None, ["ring_police", "ring_crew"]),
        ({"ring_police": 0, "ring_crew": 0}, 0, None, ["ring_crew", "ring_police"]),
        ({"ring_police": None}, 60, None, []),  # not used here
        ({}, 60, None, []),
    ],
)
def test_the_steps_that_are_reached(after_min, now, sign, expected):
    found = steps_reached(
        raised_at=NOON,
        now=at(now),
        after_min=after_min,
        sign_at=None if sign is None else at(sign),
    )
    assert [step.value for step, _ in found] == expected


@given(
    after_min=st.dictionaries(
        st.sampled_from([s.value for s in Step]), st.integers(0, 90)
    ),
    early=st.integers(0, 100),
    late=st.integers(0, 100),
)
def test_what_was_reached_stays_reached(after_min, early, late):
    early, late = sorted((early, late))
    first = steps_reached(raised_at=NOON, now=at(early), after_min=after_min)
    then = steps_reached(raised_at=NOON, now=at(late), after_min=after_min)
    assert then[: len(first)] == first
    assert all(NOON <= moment <= at(late) for _, moment in then)
