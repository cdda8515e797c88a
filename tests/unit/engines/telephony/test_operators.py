"""The load that comes late, how many are needed for it, and how many are really free."""

from math import exp

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from varde.engines.telephony.availability import (
    Calls,
    Hour,
    fit_availability,
    patience_min,
    with_breaks,
)
from varde.engines.telephony.erlang import erlang_a
from varde.engines.telephony.offered_load import offered_load
from varde.engines.telephony.operators import (
    Callers,
    Norm,
    needed,
    needed_by_erlang_c,
    operator_hours,
    rows,
    staffing,
)


CALLERS = Callers(mean_call_min=7, mean_patience_min=5)
NORM = Norm(limit_min=2, share=0.8)
weeks = st.lists(st.floats(min_value=0, max_value=300), min_size=1, max_size=48)


@settings(max_examples=50)
@given(rates=weeks, length=st.floats(min_value=1, max_value=60))
def test_the_load_of_a_period_is_its_work_and_its_most_is_at_least_its_mean(
    rates, length
):
    calls = np.array(rates)
    found = offered_load(calls, interval_min=30, mean_call_min=length)
    assert found.mean.sum() == pytest.approx(calls.sum() * length / 60)  # Little's law
    assert (found.most >= found.mean - 1e-9).all()


def test_the_load_agrees_with_steps_of_a_second():
    """The slow way: the same equation in small steps, a few periods until it repeats."""
    calls, length = np.array([2.0, 40.0, 40.0, 5.0]), 12.0
    found = offered_load(calls, interval_min=30, mean_call_min=length)
    load, step = 0.0, 1 / 60
    kept = exp(-step / length)
    for _ in range(6):
        seen = [[] for _ in calls]
        for place, rate in enumerate(calls):
            target = rate * length / 60
            for _ in range(int(30 / step)):
                seen[place].append(load)
                load = target + (load - target) * kept
            seen[place].append(load)
    assert found.most == pytest.approx([max(one) for one in seen], rel=1e-6)
    means = [np.trapezoid(one) / (len(one) - 1) for one in seen]
    assert found.mean == pytest.approx(means, rel=1e-5)


@pytest.mark.parametrize(
    ("calls", "interval", "length"),
    [
        ([], 30, 7),
        ([-1.0], 30, 7),
        ([np.nan], 30, 7),
        ([1.0], 0, 7),
        ([1.0], 30, 0),
    ],
)
def test_a_load_without_sense_is_refused(calls, interval, length):
    with pytest.raises(ValueError, match="must be"):
        offered_load(np.array(calls), interval_min=interval, mean_call_min=length)


@settings(max_examples=25)
@given(rate=st.floats(min_value=0.1, max_value=120))
def test_needed_is_the_fewest_who_meet_the_norm(rate):
    count = needed(rate, callers=CALLERS, norm=NORM)
    told = rows(rate, callers=CALLERS, norm=NORM, until=count)
    assert [row.erlang_a.answered_within >= 0.8 for row in told] == [False] * (
        count - 1
    ) + [True]
    assert [row.operators for row in told] == list(range(1, count + 1))
    assert needed_by_erlang_c(rate, callers=CALLERS, norm=NORM) >= count


def test_nobody_is_alone_where_two_must_be_there():
    norm = Norm(limit_min=2, share=0.8, at_least=2)
    assert needed(0.5, callers=CALLERS, norm=NORM) == 1
    assert needed(0.5, callers=CALLERS, norm=norm) == 2
    assert needed_by_erlang_c(0.5, callers=CALLERS, norm=norm) == 2


def test_a_goal_for_calls_abandoned_asks_for_more():
    norm = Norm(limit_min=2, share=0.8, most_abandoned=0.05)
    assert needed(30, callers=CALLERS, norm=NORM) == 5  # 8.1 % hang up
    assert needed(30, callers=CALLERS, norm=norm) == 6  # 3.6 %


def test_operators_who_are_not_always_free_must_be_more():
    half = Callers(mean_call_min=7, mean_patience_min=5, availability=0.5)
    assert needed(30, callers=half, norm=NORM) == 9  # 4.5 would be free, and are enough
    assert needed_by_erlang_c(30, callers=half, norm=NORM) == 11


def test_a_norm_that_cannot_be_met_is_refused():
    hopeless = Callers(mean_call_min=60, mean_patience_min=5, availability=0.0001)
    with pytest.raises(ValueError, match="1000 operators"):
        needed_by_erlang_c(200, callers=hopeless, norm=NORM)


def test_a_week_is_staffed_for_the_load_that_comes_late():
    calls = np.array([4.0] * 31 + [40.0] * 4 + [10.0] * 13)
    found = staffing(calls, interval_min=30, callers=CALLERS, norm=NORM)
    assert [one.calls_per_hour for one in found] == calls.tolist()
    after = found[35]  # the calls have fallen; those that came are still in hand
    assert after.operators > found[-1].operators
    assert after.load > 10 * 7 / 60
    peak = found[34]
    told = erlang_a(
        2,
        calls_per_hour=peak.load * 60 / 7,
        mean_call_min=7,
        mean_patience_min=5,
        operators=peak.operators,
    )
    assert peak.chosen == told
    assert peak.fewer.answered_within < 0.8 <= peak.chosen.answered_within
    assert peak.more.abandoned < peak.chosen.abandoned < peak.fewer.abandoned
    assert (
        operator_hours(found, interval_min=30)
        == sum(one.operators for one in found) / 2
    )


def test_where_one_is_enough_there_is_no_fewer():
    (one,) = staffing(np.array([0.0]), interval_min=30, callers=CALLERS, norm=NORM)
    assert (one.operators, one.fewer) == (1, None)
    assert one.chosen.answered_within == 1


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (Norm, {"limit_min": 2, "share": 1.0}),
        (Norm, {"limit_min": 2, "share": 0.8, "most_abandoned": 0.0}),
        (Norm, {"limit_min": 2, "share": 0.8, "at_least": 0}),
        (Callers, {"mean_call_min": 7, "mean_patience_min": 5, "availability": 0.0}),
        (Hour, {"calls": 0, "on_duty": 1.0}),
        (Hour, {"calls": 1, "on_duty": 0.0}),
        (Calls, {"mean_call_min": 7, "mean_patience_min": 5, "abandoned": 0.0}),
    ],
)
def test_values_without_sense_cannot_be_made(kind, fields):
    with pytest.raises(ValueError, match=r"must be|needs"):
        kind(**fields)


def test_the_factor_gives_back_the_share_that_abandoned():
    hours = [Hour(calls=20, on_duty=4.0), Hour(calls=40, on_duty=6.5)]
    calls = Calls(mean_call_min=6, mean_patience_min=4, abandoned=0.12)
    found = fit_availability(hours, calls=calls, limit_min=2)
    assert found.whole.abandoned == pytest.approx(0.12, abs=1e-5)
    assert found.whole.mean_wait_min == pytest.approx(0.12 * 4, abs=1e-4)
    slow = [
        erlang_a(
            2,
            calls_per_hour=hour.calls,
            mean_call_min=6,
            mean_patience_min=4,
            operators=found.availability * hour.on_duty,
        )
        for hour in hours
    ]
    assert found.hours == tuple(slow)
    assert found.whole.occupancy == pytest.approx(
        (slow[0].occupancy * 4 + slow[1].occupancy * 6.5) / 10.5
    )


@pytest.mark.parametrize("abandoned", [0.999, 1e-9])
def test_a_share_that_no_factor_gives_has_no_factor(abandoned):
    calls = Calls(mean_call_min=6, mean_patience_min=4, abandoned=abandoned)
    assert (
        fit_availability([Hour(calls=20, on_duty=4.0)], calls=calls, limit_min=2)
        is None
    )


def test_without_hours_nothing_is_fitted():
    calls = Calls(mean_call_min=6, mean_patience_min=4, abandoned=0.1)
    with pytest.raises(ValueError, match="at least one hour"):
        fit_availability([], calls=calls, limit_min=2)


@pytest.mark.parametrize(("wait", "abandoned"), [(1.0, 0.0), (0.0, 0.1)])
def test_calls_that_do_not_tell_of_patience(wait, abandoned):
    assert patience_min(mean_wait_min=wait, abandoned=abandoned) is None


@pytest.mark.parametrize(("pause", "shift"), [(-1, 480), (480, 480)])
def test_breaks_must_fit_in_the_duty(pause, shift):
    with pytest.raises(ValueError, match="breaks"):
        with_breaks(0.8, break_min=pause, shift_min=shift)
