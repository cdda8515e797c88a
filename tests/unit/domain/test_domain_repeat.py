from datetime import UTC, datetime, timedelta

import pytest

from varde.domain.repeat import Repeat, RepeatNeed, RepeatRules, repeat


NOON = datetime(2026, 1, 9, 12, tzinfo=UTC)
RULES = RepeatRules(window_hours=72, second_look_from=2, doctor_from=3)
NOTHING, LOOK, DOCTOR = RepeatNeed


@pytest.mark.parametrize(
    ("hours_ago", "number", "need"),
    [
        ([], 1, NOTHING),
        ([72.001], 1, NOTHING),
        ([72], 2, LOOK),
        ([0], 2, LOOK),
        ([-1], 1, NOTHING),
        ([71, 3], 3, DOCTOR),
        ([71, 73, -2, 3], 3, DOCTOR),
        ([1, 2, 3, 4], 5, DOCTOR),
    ],
)
def test_the_second_contact_needs_a_second_look_and_the_third_a_doctor(
    hours_ago, number, need
):
    earlier = [NOON - timedelta(hours=hours) for hours in hours_ago]
    assert repeat(earlier, at=NOON, rules=RULES) == Repeat(number=number, need=need)


def test_a_window_may_be_shorter_than_an_hour():
    short = RepeatRules(window_hours=0.5, second_look_from=2, doctor_from=3)
    earlier = [NOON - timedelta(minutes=minutes) for minutes in (29, 31)]
    assert repeat(earlier, at=NOON, rules=short).number == 2


def test_a_sentral_may_ask_for_the_doctor_at_once():
    strict = RepeatRules(window_hours=72, second_look_from=2, doctor_from=2)
    assert repeat([NOON], at=NOON, rules=strict).need is DOCTOR


@pytest.mark.parametrize("wrong", [(0, 2, 3), (72, 1, 3), (72, 3, 2)], ids=str)
def test_rules_that_cannot_work_are_refused(wrong):
    hours, look, doctor = wrong
    with pytest.raises(ValueError, match="must be > 0"):
        RepeatRules(window_hours=hours, second_look_from=look, doctor_from=doctor)
