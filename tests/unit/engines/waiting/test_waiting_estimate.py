from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import exp, factorial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from varde.domain.hastegrad import ARRIVAL, PHONE
from varde.engines.waiting.estimate import (
    DoctorAtWork,
    Estimate,
    InLine,
    Shown,
    WhyNoEstimate,
    waiting_estimates,
)
from varde.engines.waiting.service_times import (
    ServiceTimes,
    service_time,
    service_times,
)


NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
MEAN_MIN = 20.0
EXPONENTIAL = ServiceTimes(by_level={}, pooled=service_time([MEAN_MIN], tail_share=1))
MEASURED = service_times(
    {"gul": [12, 18, 25, 40, 9], "gronn": [5, 8, 14, 11, 30], "bla": [4]}, enough=5
)
UNMEASURED = service_times({}, enough=5)


def at(minute):
    return NOON + timedelta(minutes=minute)


def line(*codes):
    return [
        InLine(patient=str(place), level=ARRIVAL.level(code) if code else None)
        for place, code in enumerate(codes)
    ]


def busy(minute=-5, code="gul"):
    return DoctorAtWork(began_at=at(minute), level=ARRIVAL.level(code))


def free(minute=0):
    return DoctorAtWork(free_at=at(minute))


def estimates(waiting, doctors, *, times=MEASURED, rates=None, seed=1, **shown):
    return waiting_estimates(
        waiting,
        doctors=doctors,
        times=times,
        arrivals_per_hour=rates or {},
        now=NOON,
        seed=seed,
        shown=Shown(**{"horizon_min": 10_000, "draws": 200, **shown}),
    )


def ends(found):
    return [(one.low_min, one.median_min, one.high_min) for one in found]


def reasons(found):
    return [one.reason and one.reason.value for one in found]


def erlang_quantile(share, *, stages, rate):
    """Where the sum of so many exponential times is below with that chance."""

    def below(minutes):
        x = rate * minutes
        return 1 - exp(-x) * sum(x**k / factorial(k) for k in range(stages))

    low, high = 0.0, 1000.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) < share else (low, middle)
    return low


@pytest.mark.parametrize("doctors", [1, 3])
@pytest.mark.parametrize("ahead", [0, 4])
def test_theory_the_wait_in_m_m_c_is_a_sum_of_exponential_times(doctors, ahead):
    """All doctors busy, n ahead: n + 1 departures, each at the rate of all doctors."""
    found = estimates(
        line(*["gul"] * (ahead + 1)),
        [busy(-60)] * doctors,
        times=EXPONENTIAL,
        draws=20_000,
    )
    for end, share in zip(ends(found)[ahead], (0.1, 0.5, 0.9), strict=True):
        exact = erlang_quantile(share, stages=ahead + 1, rate=doctors / MEAN_MIN)
        assert end == pytest.approx(exact, rel=0.04)


@pytest.mark.parametrize(
    ("rates", "per_min"),
    [({}, 0), ({"rod": 0.6, "oransje": 0.9}, 1.5 / 60), ({"gul": 9, "bla": 9}, 0)],
)
def test_theory_the_mean_wait_with_priority_is_a_busy_period(rates, per_min):
    """M/M/c: each of n + 1 departures takes 1 / (c mu - lambda), overtakers included.

    Those as urgent or less do not count. The mean is that of 20 quantiles.
    """
    ahead, doctors = 3, 2
    expected = (ahead + 1) / (doctors / MEAN_MIN - per_min)
    low_ends = [
        estimates(
            line(*["gul"] * (ahead + 1)),
            [busy()] * doctors,
            times=EXPONENTIAL,
            rates=rates,
            draws=2000,
            horizon_min=600,
            low=(number + 0.5) / 20,
            high=1 - (number + 0.5) / 20,
        )[ahead]
        for number in range(10)
    ]
    shares = [e.low_min for e in low_ends] + [e.high_min for e in low_ends]
    assert np.mean(shares) == pytest.approx(expected, rel=0.06)


codes = st.sampled_from(["oransje", "gul", "gronn", "bla", None])
lines = st.lists(codes, min_size=1, max_size=6)
houses = st.lists(
    st.one_of(
        st.builds(free, st.integers(-20, 60)),
        st.builds(busy, st.integers(-90, 10), st.sampled_from(["gul", "bla"])),
    ),
    min_size=1,
    max_size=4,
)
rates = st.dictionaries(
    st.sampled_from(["rod", "oransje", "gul"]), st.sampled_from([0, 0.5, 3]), max_size=3
)


@given(waiting=lines, doctors=houses, rates=rates, seed=st.integers(0, 2**40))
@settings(max_examples=12)
def test_who_stands_further_back_is_never_told_a_shorter_wait(
    waiting, doctors, rates, seed
):
    told = [
        one
        for one in ends(
            estimates(line(*waiting), doctors, rates=rates, seed=seed, horizon_min=300)
        )
        if one[0] is not None
    ]
    for before, after in pairwise(told):
        assert all(a <= b for a, b in zip(before, after, strict=True))
    assert all(0 <= low <= middle <= high for low, middle, high in told)


@given(waiting=lines, doctors=houses, seed=st.integers(0, 1000))
@settings(max_examples=12)
def test_one_more_doctor_never_makes_a_told_wait_longer(waiting, doctors, seed):
    before = ends(estimates(line(*waiting), doctors, seed=seed))
    after = ends(estimates(line(*waiting), [*doctors, busy()], seed=seed))
    for with_more, without in zip(after, before, strict=True):
        if without[0] is not None:
            assert all(a <= b for a, b in zip(with_more, without, strict=True))


@given(waiting=lines, doctors=houses, rates=rates)
@settings(max_examples=10)
def test_the_same_seed_gives_the_same_answer(waiting, doctors, rates):
    how = {"rates": rates, "horizon_min": 300}
    first = estimates(line(*waiting), doctors, **how)
    assert first == estimates(line(*waiting), doctors, **how)


def test_another_seed_gives_another_course():
    waiting = line("gul", "gul")
    assert estimates(waiting, [busy()]) != estimates(waiting, [busy()], seed=2)


def test_one_more_at_the_end_of_the_line_changes_nothing_for_the_others():
    three = ends(estimates(line("gul", "gronn", "bla"), [busy()]))
    assert three[:2] == ends(estimates(line("gul", "gronn"), [busy()]))


@pytest.mark.parametrize(("free_at", "wait"), [(-30, 0), (0, 0), (17, 17)])
def test_the_first_in_line_waits_for_the_first_doctor(free_at, wait):
    found = estimates(line("gul"), [free(60), free(free_at)])
    assert ends(found) == [(wait, wait, wait)]
    assert reasons(found) == [None]


def test_more_urgent_newcomers_make_the_wait_longer_and_the_others_do_not():
    waiting = line("gul", "gul", "gul")
    alone = ends(estimates(waiting, [busy()]))
    assert ends(estimates(waiting, [busy()], rates={"gul": 9, "bla": 9})) == alone
    overtaken = ends(estimates(waiting, [busy()], rates={"oransje": 1.5}))
    assert all(a[2] > b[2] for a, b in zip(overtaken, alone, strict=True))


def test_a_consultation_that_has_lasted_long_leaves_a_longer_wait_than_an_even_one():
    """In a skewed distribution the long ones are the hard ones."""
    (_, soon, _), (_, late, _) = [
        ends(estimates(line("gul"), [busy(-spent, "gul")]))[0] for spent in (10, 200)
    ]
    assert late > 0
    assert soon != late


def test_a_clock_that_is_ahead_has_spent_nothing():
    assert ends(estimates(line("gul"), [busy(9)])) == ends(
        estimates(line("gul"), [busy(0)])
    )


def test_nobody_in_line_is_no_estimate():
    assert estimates([], [free()]) == ()


@pytest.mark.parametrize(
    ("waiting", "doctors", "times", "expected"),
    [
        (["gul"], [], MEASURED, ["no_doctor"]),
        (["gul"], [free()], UNMEASURED, ["too_few_measurements"]),
        (["gul"], [], UNMEASURED, ["no_doctor"]),
        (["rod"], [free()], MEASURED, ["is_red"]),
        (["rod"], [], MEASURED, ["is_red"]),
        ([None], [], MEASURED, ["level_unknown"]),
        (
            ["gul", "rod", None],
            [free()],
            MEASURED,
            ["red_is_waiting", "is_red", "level_unknown"],
        ),
        ([None, "gul"], [free()], MEASURED, ["level_unknown", None]),
        (["gul"], [free(481)], MEASURED, ["too_long"]),
        (["gul"], [free(480)], MEASURED, [None]),
        (["gul", None], [free(481)], MEASURED, ["too_long", "level_unknown"]),
    ],
)
def test_why_no_estimate_is_given(waiting, doctors, times, expected):
    found = estimates(line(*waiting), doctors, times=times, horizon_min=480)
    assert reasons(found) == expected
    for one in found:
        if one.reason is not None:
            assert one == Estimate(patient=one.patient, reason=one.reason)


def test_more_newcomers_than_the_doctors_can_see_end_in_no_estimate():
    found = estimates(line("bla"), [busy()], rates={"gul": 30}, horizon_min=240)
    assert reasons(found) == [WhyNoEstimate.TOO_LONG]


def test_who_has_not_been_judged_holds_the_place_but_is_not_overtaken():
    unjudged = estimates(line(None, "oransje"), [busy()], rates={"oransje": 5})
    alone = estimates(line(None, "oransje"), [busy()])
    assert ends(unjudged) == ends(alone)
    assert unjudged[1].median_min > 0


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (lambda: DoctorAtWork(), "either free_at"),
        (lambda: DoctorAtWork(free_at=NOON, began_at=NOON), "either free_at"),
        (
            lambda: DoctorAtWork(free_at=NOON.replace(tzinfo=None)),
            "the doctor's moment has no time zone",
        ),
        (lambda: Shown(horizon_min=0), "horizon_min must be above 0, got 0"),
        (lambda: Shown(horizon_min=float("nan")), "horizon_min .* got nan"),
        (lambda: Shown(horizon_min=1, draws=0), "draws must be 1 or more"),
        (lambda: Shown(horizon_min=1, low=0), "need 0 < 0 <= 0.5"),
        (lambda: Shown(horizon_min=1, high=1), "<= 1 < 1"),
        (lambda: estimates([], [], rates={"gul": -1}), "gul: -1 arrivals per hour"),
        (lambda: estimates([], [], rates={"gul": float("nan")}), "gul: nan arrivals"),
        (lambda: estimates([], [], rates={"haster": 1}), "no level 'haster'"),
        (
            lambda: estimates([InLine(patient="1", level=PHONE.level("rad"))], []),
            "levels of phone in a line of arrival",
        ),
        (
            lambda: waiting_estimates(
                [],
                doctors=[],
                times=MEASURED,
                arrivals_per_hour={},
                now=NOON.replace(tzinfo=None),
                seed=1,
                shown=Shown(horizon_min=1),
            ),
            "now has no time zone",
        ),
    ],
)
def test_what_cannot_be_is_refused(fault, message):
    with pytest.raises(ValueError, match=message):
        fault()
