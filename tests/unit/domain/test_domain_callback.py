from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from varde.domain.callback import (
    Attempt,
    AttemptResult,
    EscalateTo,
    UnreachableRule,
    callback_state,
    due_at,
    may_settle_as_unreachable,
)
from varde.domain.errors import Rule, RuleBroken
from varde.domain.hastegrad import PHONE


NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
RULE = UnreachableRule(attempts=3, minutes=30)
AKUTT, HASTER, VANLIG, RAD = PHONE.levels
MINUTES = {"akutt": 0, "haster": 20}


def tried(*minutes, result=AttemptResult.NO_ANSWER):
    return [Attempt(at=NOON + timedelta(minutes=m), result=result) for m in minutes]


def state(attempts, *, minute, hastegrad=HASTER, due=10):
    return callback_state(
        attempts,
        hastegrad=hastegrad,
        due=NOON + timedelta(minutes=due),
        now=NOON + timedelta(minutes=minute),
        rule=RULE,
    )


@pytest.mark.parametrize(
    ("hastegrad", "minutes"), [(AKUTT, 0), (HASTER, 20), (None, 10)]
)
def test_a_call_back_is_due_by_its_hastegrad_or_by_having_none(hastegrad, minutes):
    due = due_at(hastegrad, since=NOON, minutes=MINUTES, minutes_without=10)
    assert due == NOON + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("hastegrad", "options", "says"),
    [
        (RAD, {}, "set for 'rad'; there are for akutt, haster"),
        (RAD, {"minutes": {}}, "there are for none"),
        (None, {"minutes_without": -1}, "negative: -1"),
        (HASTER, {"minutes": {"haster": -5}}, "negative: -5"),
        (None, {"since": datetime(2026, 1, 2)}, "no time zone"),
    ],
)
def test_a_missing_or_wrong_number_is_an_error_and_not_no_limit(
    hastegrad, options, says
):
    given_ = {"since": NOON, "minutes": MINUTES, "minutes_without": 10, **options}
    with pytest.raises(ValueError, match=says):
        due_at(hastegrad, **given_)


@pytest.mark.parametrize(
    ("minute", "overdue"), [(9, False), (10, False), (10.01, True)]
)
def test_it_is_overdue_once_the_due_time_has_passed(minute, overdue):
    assert state([], minute=minute).is_overdue is overdue


def test_attempts_that_reach_nobody_do_not_stop_the_clock():
    now = state(tried(1, 2), minute=11)
    assert (now.is_overdue, now.is_reached, now.attempts) == (True, False, 2)


def test_a_patient_who_was_reached_is_neither_overdue_nor_unreachable():
    attempts = tried(1, 2, 3) + tried(4, result=AttemptResult.REACHED)
    now = state(attempts, minute=600)
    assert (now.is_overdue, now.is_reached, now.escalate_to) == (False, True, None)


@pytest.mark.parametrize(
    ("attempts", "minute", "escalate_to"),
    [
        (tried(), 600, None),
        (tried(0, 1), 600, None),
        (tried(0, 1, 2), 29, None),
        (tried(0, 1, 2), 30, EscalateTo.SHIFT_LEADER),
        (tried(30, 1, 0), 30, EscalateTo.SHIFT_LEADER),
        (tried(5, 6, 7), 34, None),
        (tried(5, 6, 7), 35, EscalateTo.SHIFT_LEADER),
    ],
)
def test_after_enough_attempts_over_enough_time_another_must_decide(
    attempts, minute, escalate_to
):
    assert state(attempts, minute=minute).escalate_to is escalate_to


@pytest.mark.parametrize(
    ("hastegrad", "to"),
    [
        (AKUTT, EscalateTo.WELFARE_CHECK),
        (VANLIG, EscalateTo.SHIFT_LEADER),
        (None, EscalateTo.SHIFT_LEADER),
    ],
)
def test_for_the_most_urgent_someone_is_sent_to_the_door(hastegrad, to):
    now = state(tried(0, 1, 2), minute=30, hastegrad=hastegrad)
    assert now.escalate_to is to


@given(minutes=st.lists(st.integers(0, 60), max_size=6), minute=st.integers(0, 90))
def test_one_may_give_up_exactly_when_the_rule_escalates(minutes, minute):
    attempts = tried(*minutes)
    now = NOON + timedelta(minutes=minute)
    if state(attempts, minute=minute).escalate_to is None:
        with pytest.raises(RuleBroken) as refused:
            may_settle_as_unreachable(attempts, now=now, rule=RULE)
        assert refused.value.rule is Rule.UNREACHABLE_TOO_EARLY
    else:
        may_settle_as_unreachable(attempts, now=now, rule=RULE)


@pytest.mark.parametrize(("seconds", "minutes"), [(719, "9"), (720, "10")])
def test_minutes_tried_are_whole_minutes(seconds, minutes):
    now = NOON + timedelta(seconds=seconds)
    with pytest.raises(RuleBroken) as refused:
        may_settle_as_unreachable(tried(2), now=now, rule=RULE)
    assert refused.value.values["minutes"] == minutes


def test_the_smallest_rule_is_one_attempt_and_no_wait():
    rule = UnreachableRule(attempts=1, minutes=0)
    may_settle_as_unreachable(tried(0), now=NOON, rule=rule)


def test_who_gives_up_too_early_is_told_what_is_lacking():
    now = NOON + timedelta(minutes=12, seconds=59)
    with pytest.raises(RuleBroken) as refused:
        may_settle_as_unreachable(tried(4, 2), now=now, rule=RULE)
    assert refused.value.values == {
        "attempts": "2",
        "attempts_needed": "3",
        "minutes": "10",
        "minutes_needed": "30",
    }
    with pytest.raises(RuleBroken) as refused:
        may_settle_as_unreachable([], now=now, rule=RULE)
    assert refused.value.values["minutes"] == "0"


def test_a_reached_patient_is_not_settled_as_unreachable():
    with pytest.raises(RuleBroken) as refused:
        may_settle_as_unreachable(
            tried(1, result=AttemptResult.REACHED), now=NOON, rule=RULE
        )
    assert refused.value.rule is Rule.CALLBACK_IS_SETTLED


@pytest.mark.parametrize(("attempts", "minutes"), [(0, 30), (1, -1)])
def test_a_rule_that_cannot_work_is_refused(attempts, minutes):
    with pytest.raises(ValueError, match="must be >= 1"):
        UnreachableRule(attempts=attempts, minutes=minutes)
