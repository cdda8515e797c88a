"""What a sentral's own calls say of themselves, and who was there to take them."""

from datetime import datetime, timedelta

import pytest

from varde.engines.telephony.own_calls import OwnCall, fit, measure, on_duty


NOON = datetime.fromisoformat("2026-01-02T12:00")


def minutes(count):
    return timedelta(minutes=count)


def answered(at, *, waited=0.0, lasts=5.0, by="a"):
    rang = NOON + minutes(at)
    return OwnCall(
        rang_at=rang,
        answered_at=rang + minutes(waited),
        ended_at=rang + minutes(waited + lasts),
        operator=by,
    )


def abandoned(at, *, after=1.0):
    rang = NOON + minutes(at)
    return OwnCall(
        rang_at=rang, answered_at=None, ended_at=rang + minutes(after), operator=""
    )


def test_who_is_long_without_a_call_is_away_meanwhile():
    calls = [answered(0), answered(35, lasts=5), answered(71, lasts=9)]
    # 12.00-12.40 in one spell (30 minutes between); 13.11-13.20 in another (31 between).
    found = on_duty(calls)
    assert found[NOON] == pytest.approx(40 / 60)
    assert found[NOON + minutes(60)] == pytest.approx(9 / 60)


def test_calls_within_a_call_do_not_shorten_it_and_two_are_two():
    calls = [
        answered(0, lasts=60),
        answered(10, lasts=5),
        answered(0, lasts=30, by="b"),
    ]
    assert on_duty(calls) == {NOON: 1.5}


def test_what_the_calls_say():
    calls = [
        answered(0, lasts=30),
        answered(31, waited=3, lasts=20),
        abandoned(35, after=2),
        abandoned(70),  # nobody was there any more
        OwnCall(
            rang_at=NOON + minutes(40), answered_at=None, ended_at=None, operator=""
        ),
    ]
    found = measure(calls, limit_min=2)
    assert found.begins == (NOON,)
    assert [(one.calls, round(one.on_duty, 3)) for one in found.hours] == [(3, 0.9)]
    assert found.abandoned == pytest.approx(1 / 3)
    assert found.abandoned_by_hour == pytest.approx((1 / 3,))
    assert found.wait_min_by_hour == pytest.approx((5 / 3,))
    assert found.mean_wait_min == pytest.approx(5 / 3)
    assert found.must_wait == pytest.approx(2 / 3)
    assert found.answered_within == pytest.approx(1 / 3)  # 2 minutes, and not hung up
    assert found.left_out == 1
    assert found.calls.mean_call_min == 25
    assert found.calls.mean_patience_min == pytest.approx(5)


def test_the_factor_is_fitted_on_the_calls_own_share():
    calls = [answered(at, waited=1, lasts=3) for at in range(0, 56, 4)]
    found = measure([*calls, abandoned(20), abandoned(40, after=3)], limit_min=2)
    fitted = fit(found, limit_min=2)
    assert fitted.whole.abandoned == pytest.approx(2 / 16, abs=1e-4)


def test_calls_where_nobody_abandoned_have_no_patience():
    found = measure([answered(0, lasts=50)], limit_min=2)
    assert (found.calls, found.mean_call_min, found.abandoned) == (None, 50, 0)
    assert fit(found, limit_min=2) is None


def test_calls_without_anybody_on_duty_say_nothing():
    assert measure([abandoned(0)], limit_min=2) is None


def test_an_hour_with_only_calls_abandoned_has_no_length_of_a_call():
    calls = [answered(-5, waited=0, lasts=60), abandoned(10)]
    found = measure(calls, limit_min=2)
    assert (found.begins, found.abandoned, found.mean_call_min) == ((NOON,), 1.0, None)
    assert found.calls is None
    assert found.left_out == 1
