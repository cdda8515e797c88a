"""Erlang-A with one factor beside the real calls of a telephone centre, 1999.

The set: 1 to 21 February of "Anonymous Bank" (Technion SEELab). The figures written down
before the program was are of the whole month (296 hours): hung up 16.4 %, must wait 58.3 %,
factor 0.771, hung up with all on duty 8.0 %. Three weeks are here.
"""

from datetime import UTC
from pathlib import Path

import numpy as np
import pytest

from varde.engines.telephony.availability import fit_availability
from varde.engines.telephony.call_log import Outcome, read_call_log
from varde.engines.telephony.erlang import erlang_a, erlang_c
from varde.engines.telephony.own_calls import OwnCall, fit, measure


SET = (
    Path(__file__).parents[3]
    / "shared"
    / "data"
    / "calls"
    / "callcentre_1999-02_weeks1-3.csv"
)
SATURDAY, FIRST_HOUR = 5, 7


@pytest.fixture(scope="module")
def measured():
    if not SET.exists():
        pytest.skip(f"no ../shared/data/calls/{SET.name}: the real set not compared")
    with SET.open("rb") as opened:
        calls = [
            OwnCall(
                rang_at=call.ringing_at,
                answered_at=call.answered_at,
                ended_at=call.ended_at,
                operator=call.operator,
            )
            for call in read_call_log(opened, file=SET.name, zone=UTC)
            if call.outcome is not Outcome.FAULT
            and call.ringing_at.weekday() < SATURDAY
            and call.ringing_at.hour >= FIRST_HOUR
        ]
    return measure(calls, limit_min=2)


def test_what_the_calls_say(measured):
    assert len(measured.hours) == 225
    assert measured.abandoned == pytest.approx(0.166, abs=0.002)
    assert measured.must_wait == pytest.approx(0.573, abs=0.002)
    assert measured.mean_wait_min * 60 == pytest.approx(42.6, abs=0.5)
    assert measured.calls.mean_patience_min * 60 == pytest.approx(257, abs=3)
    assert measured.answered_within == pytest.approx(0.741, abs=0.002)


def test_with_all_on_duty_half_as_many_hang_up_as_did(measured):
    told = [
        erlang_a(
            2,
            calls_per_hour=hour.calls,
            mean_call_min=measured.calls.mean_call_min,
            mean_patience_min=measured.calls.mean_patience_min,
            operators=hour.on_duty,
        ).abandoned
        for hour in measured.hours
    ]
    calls = [hour.calls for hour in measured.hours]
    assert np.average(told, weights=calls) == pytest.approx(0.090, abs=0.003)


def test_one_factor_gives_the_rest(measured):
    found = fit(measured, limit_min=2)
    assert found.availability == pytest.approx(0.78, abs=0.03)
    assert found.whole.abandoned == pytest.approx(measured.abandoned, abs=1e-4)
    # What was not fitted:
    assert found.whole.must_wait == pytest.approx(measured.must_wait, abs=0.05)
    assert found.whole.answered_within == pytest.approx(
        measured.answered_within, abs=0.02
    )
    abandoned = [hour.abandoned for hour in found.hours]
    waits = [hour.mean_wait_min for hour in found.hours]
    assert np.corrcoef(abandoned, measured.abandoned_by_hour)[0, 1] > 0.7
    assert np.corrcoef(waits, measured.wait_min_by_hour)[0, 1] > 0.55


def test_erlang_c_has_no_answer_for_many_of_the_hours(measured):
    unstable = sum(
        erlang_c(
            2,
            calls_per_hour=hour.calls,
            mean_call_min=measured.calls.mean_call_min,
            operators=hour.on_duty,
        ).answered_within
        == 0
        for hour in measured.hours
    )
    assert unstable > 0.05 * len(measured.hours)


def test_a_factor_fitted_on_two_weeks_foretells_the_third(measured):
    split = next(n for n, begins in enumerate(measured.begins) if begins.day >= 15)
    fitted = fit_availability(measured.hours[:split], calls=measured.calls, limit_min=2)
    weights = [hour.calls for hour in measured.hours[split:]]
    real = np.average(measured.abandoned_by_hour[split:], weights=weights)
    told = [
        erlang_a(
            2,
            calls_per_hour=hour.calls,
            mean_call_min=measured.calls.mean_call_min,
            mean_patience_min=measured.calls.mean_patience_min,
            operators=fitted.availability * hour.on_duty,
        ).abandoned
        for hour in measured.hours[split:]
    ]
    assert np.average(told, weights=weights) == pytest.approx(real, abs=0.04)
