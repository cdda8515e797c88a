from datetime import UTC, datetime, timedelta

import pytest

from varde.domain.amk import (
    CalledBy,
    HandOver,
    HandOverState,
    acknowledged,
    called,
    is_alarming,
    open_s,
    stood_down,
)
from varde.domain.errors import Rule, RuleBroken


NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
RED = HandOver(red_at=NOON)


def after(seconds):
    return NOON + timedelta(seconds=seconds)


CALLED = called(RED, at=after(10), by=CalledBy.CONFERENCE)
TAKEN = acknowledged(CALLED, at=after(50), mission_number=" 2026-77 ")
OFF = stood_down(RED, at=after(40), reason=" feil pasient ")


def test_the_clock_runs_from_red_until_amk_has_taken_over():
    assert open_s(RED, now=after(25)) == 25
    assert open_s(CALLED, now=after(25)) == 25
    assert open_s(TAKEN, now=after(999)) == 50
    assert open_s(OFF, now=after(999)) == 40
    assert open_s(RED, now=after(-1)) == 0


@pytest.mark.parametrize(
    ("handover", "state", "settled"),
    [
        (RED, HandOverState.OPEN, False),
        (CALLED, HandOverState.CALLED, False),
        (TAKEN, HandOverState.ACKNOWLEDGED, True),
        (OFF, HandOverState.STOOD_DOWN, True),
        (stood_down(CALLED, at=NOON, reason="x"), HandOverState.STOOD_DOWN, True),
    ],
)
def test_the_state_says_how_far_it_has_come(handover, state, settled):
    assert handover.state is state
    assert handover.is_settled is settled


def test_what_was_said_is_kept():
    assert (TAKEN.mission_number, TAKEN.called_by) == ("2026-77", CalledBy.CONFERENCE)
    assert OFF.stood_down_reason == "feil pasient"


@pytest.mark.parametrize(
    ("handover", "seconds", "alarm"),
    [
        (RED, 59, False),
        (RED, 60, True),
        (CALLED, 59, False),
        (CALLED, 60, True),
        (TAKEN, 600, False),
        (OFF, 600, False),
    ],
)
def test_the_shift_leader_is_alarmed_until_amk_has_acknowledged(
    handover, seconds, alarm
):
    assert is_alarming(handover, now=after(seconds), alarm_after_s=60) is alarm


def test_a_second_call_keeps_the_time_of_the_first_and_the_latest_way():
    for second in (5, 20):
        again = called(CALLED, at=after(second), by=CalledBy.TRANSFER)
        assert again.called_at == after(min(10, second))
        assert again.called_by is CalledBy.TRANSFER


@pytest.mark.parametrize(
    ("refusal", "rule"),
    [
        (
            lambda: acknowledged(RED, at=NOON, mission_number="1"),
            Rule.AMK_NOT_CALLED,
        ),
        (
            lambda: acknowledged(CALLED, at=NOON, mission_number=" "),
            Rule.AMK_MISSION_NUMBER_NEEDED,
        ),
        (
            lambda: stood_down(RED, at=NOON, reason=" "),
            Rule.AMK_STAND_DOWN_NEEDS_REASON,
        ),
    ],
)
def test_each_step_needs_what_it_needs(refusal, rule):
    with pytest.raises(RuleBroken) as refused:
        refusal()
    assert refused.value.rule is rule


@pytest.mark.parametrize(
    ("settled", "rule", "moment"),
    [
        (TAKEN, Rule.AMK_ALREADY_ACKNOWLEDGED, {"acknowledged_at": after(50)}),
        (OFF, Rule.AMK_STOOD_DOWN, {"stood_down_at": after(40)}),
    ],
)
def test_what_is_settled_stays_settled(settled, rule, moment):
    for step in (
        lambda: called(settled, at=NOON, by=CalledBy.TRANSFER),
        lambda: acknowledged(settled, at=NOON, mission_number="1"),
        lambda: stood_down(settled, at=NOON, reason="x"),
    ):
        with pytest.raises(RuleBroken) as refused:
            step()
        assert refused.value.rule is rule
        ((name, at),) = moment.items()
        assert refused.value.values == {name: at.isoformat()}
