"""A safety alarm: what its signals add up to, in whatever order they come."""

import doctest
import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from varde.domain import alarm
from varde.domain.alarm import (
    AlarmState,
    Progress,
    Signal,
    SignalKind,
    begins_anew,
    fold,
    is_unanswered,
    progress,
)


SIX = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
RAISED, REPEATED = SignalKind.RAISED, SignalKind.REPEATED
CANCELLED, RESTORED = SignalKind.CANCELLED, SignalKind.RESTORED
STANDING = AlarmState.STANDING


def at(minute):
    return SIX + timedelta(minutes=minute)


def signals(*told):
    return [Signal(kind, at(minute)) for kind, minute in told]


SOME = st.lists(
    st.builds(
        Signal, st.sampled_from(SignalKind), st.integers(0, 5).map(lambda n: at(n))
    ),
    min_size=1,
    max_size=8,
)


def slow_state(told):
    """The last word, found by walking minute by minute, the most careful one last."""
    state = STANDING
    for minute in range(6):
        kinds = {signal.kind for signal in told if signal.at == at(minute)}
        if RESTORED in kinds:
            state = AlarmState.RESTORED
        if CANCELLED in kinds:
            state = AlarmState.CANCELLED
        if kinds & {RAISED, REPEATED}:
            state = STANDING
    return state


def test_the_examples_of_the_docstrings_are_true():
    result = doctest.testmod(alarm)
    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize(
    ("told", "state", "calls", "needs"),
    [
        ([(RAISED, 0)], STANDING, 1, True),
        ([(RAISED, 0), (REPEATED, 1)], STANDING, 2, True),
        ([(RAISED, 0), (CANCELLED, 1)], AlarmState.CANCELLED, 1, True),
        ([(RAISED, 0), (RESTORED, 1)], AlarmState.RESTORED, 1, True),
        ([(CANCELLED, 1)], AlarmState.CANCELLED, 0, True),
        ([(RESTORED, 1)], AlarmState.RESTORED, 0, False),
        ([(CANCELLED, 1), (REPEATED, 2)], STANDING, 1, True),
        ([(CANCELLED, 1), (RAISED, 1)], STANDING, 1, True),
        ([(CANCELLED, 1), (RESTORED, 1)], AlarmState.CANCELLED, 0, True),
        ([(CANCELLED, 1), (RESTORED, 2)], AlarmState.RESTORED, 0, True),
        ([(RAISED, 0), (RESTORED, 2), (CANCELLED, 1)], AlarmState.RESTORED, 1, True),
    ],
)
def test_the_last_word_counts_and_asking_for_help_goes_before(
    told, state, calls, needs
):
    found = fold(signals(*told))
    assert (found.state, found.calls, found.needs_a_person) == (state, calls, needs)


def test_the_moments_are_the_last_of_each_kind_and_the_first_of_all():
    found = fold(signals((REPEATED, 3), (CANCELLED, 4), (RAISED, 1), (CANCELLED, 2)))
    assert (found.first_at, found.called_at, found.cancelled_at, found.restored_at) == (
        at(1),
        at(3),
        at(4),
        None,
    )


def test_without_a_signal_there_is_no_alarm():
    with pytest.raises(ValueError, match="without a signal is no alarm"):
        fold([])


@given(SOME)
def test_the_state_is_that_of_a_walk_minute_by_minute(told):
    assert fold(told).state == slow_state(told)


@given(SOME, st.integers(0, 1000))
def test_the_order_in_which_signals_come_does_not_matter(told, seed):
    mixed = list(told)
    random.Random(seed).shuffle(mixed)
    assert fold(mixed) == fold(told)


@given(SOME, SOME)
def test_who_needed_a_person_still_does_after_more_signals(told, more):
    if fold(told).needs_a_person:
        assert fold([*told, *more]).needs_a_person


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([], None),
        ([(RAISED, 4)], None),
        ([(RAISED, 5)], 5),
        ([(REPEATED, 7), (RAISED, 6)], 6),
        ([(CANCELLED, 7), (RESTORED, 8)], None),
    ],
)
def test_help_asked_for_after_closing_begins_anew(told, expected):
    found = begins_anew(signals(*told), closed_at=at(5))
    assert found == (None if expected is None else at(expected))


@pytest.mark.parametrize(
    ("waited_s", "after_s", "expected"),
    [
        (119.9, 120, False),
        (120, 120, True),
        (121, 120, True),
        (0, 0, True),
        (-5, 0, False),
    ],
)
def test_nobody_has_answered_when_the_set_time_is_up(waited_s, after_s, expected):
    now = SIX + timedelta(seconds=waited_s)
    assert is_unanswered(waits_since=SIX, now=now, after_s=after_s) is expected


@pytest.mark.parametrize(
    ("is_closed", "has_owner", "expected"),
    [
        (False, False, Progress.RECEIVED),
        (False, True, Progress.TAKEN),
        (True, False, Progress.CLOSED),
        (True, True, Progress.CLOSED),
    ],
)
def test_the_sender_is_told_how_far_it_has_come(is_closed, has_owner, expected):
    assert progress(is_closed=is_closed, has_owner=has_owner) is expected
