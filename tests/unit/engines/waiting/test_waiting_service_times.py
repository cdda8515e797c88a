import doctest
import importlib
import pkgutil

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import varde.engines.waiting
from varde.engines.waiting.service_times import service_time, service_times


MODULES = [
    module.name
    for module in pkgutil.iter_modules(
        varde.engines.waiting.__path__, "varde.engines.waiting."
    )
]
measured = st.lists(st.floats(0.5, 300), min_size=1, max_size=30)
tail_shares = st.sampled_from([0.01, 0.1, 0.5, 1.0])
EVEN = (np.arange(20_000) + 0.5) / 20_000


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_the_docstrings_are_true(name):
    result = doctest.testmod(importlib.import_module(name))
    assert result.attempted > 0
    assert result.failed == 0


@given(minutes=measured, tail_share=tail_shares)
@settings(max_examples=15)
def test_the_mean_is_that_of_the_measurements(minutes, tail_share):
    fitted = service_time(minutes, tail_share=tail_share)
    assert fitted.minutes(EVEN).mean() == pytest.approx(np.mean(minutes), rel=0.01)


@given(minutes=measured, tail_share=tail_shares)
@settings(max_examples=15)
def test_the_time_grows_with_the_chance_and_is_never_below_0(minutes, tail_share):
    found = service_time(minutes, tail_share=tail_share).minutes(EVEN)
    assert (np.diff(found) >= -1e-9).all()
    assert (found >= 0).all()


@given(
    minutes=st.lists(st.floats(0.5, 300), min_size=2, max_size=30, unique=True),
    tail_share=tail_shares,
    chance=st.floats(0, 0.999),
)
@settings(max_examples=15)
def test_the_share_within_a_time_and_the_time_of_a_share_are_inverse(
    minutes, tail_share, chance
):
    fitted = service_time(minutes, tail_share=tail_share)
    time = fitted.minutes(np.array([chance]))[0]
    again = fitted.minutes(np.array([fitted.share_within(time)]))[0]
    assert again == pytest.approx(time, abs=1e-6)


def test_the_body_follows_the_measurements():
    fitted = service_time([20, 5, 15, 10, 50], tail_share=0.2)
    found = fitted.minutes(np.array([0, 0.1, 0.2, 0.5, 0.8]))
    assert found == pytest.approx([0, 2.5, 5, 12.5, 20])


@pytest.mark.parametrize("spent", [0, 3, 19, 20, 200])
def test_what_is_left_is_what_a_plain_count_of_the_longer_ones_says(spent):
    """The slow way: of very many consultations, those that lasted longer than `spent`."""
    fitted = service_time([20, 5, 15, 10, 50], tail_share=0.2)
    many = fitted.minutes((np.arange(400_000) + 0.5) / 400_000)
    longer = many[many > spent] - spent
    left = fitted.left_min(EVEN, spent_min=spent)
    for share in (0.1, 0.5, 0.9):
        expected = np.quantile(longer, share) if len(longer) > 1000 else None
        if expected is not None:
            assert np.quantile(left, share) == pytest.approx(expected, rel=0.02)
    assert (left >= 0).all()


def test_an_exponential_consultation_does_not_remember_how_long_it_has_lasted():
    fitted = service_time([12.0], tail_share=1)
    left = fitted.left_min(EVEN, spent_min=90)
    assert left.mean() == pytest.approx(12, rel=0.01)
    assert (fitted.left_min(EVEN, spent_min=0) == left).all()


def test_a_consultation_longer_than_any_measured_has_time_left():
    fitted = service_time([10, 20, 30], tail_share=0.1)
    assert fitted.left_min(EVEN, spent_min=500).mean() > 1


@pytest.mark.parametrize("minute", [0, -1, float("nan"), float("inf")])
def test_no_time_and_no_number_are_refused(minute):
    with pytest.raises(ValueError, match="3 measured times, of which 1 are not finite"):
        service_time([10, minute, 20])
    with pytest.raises(ValueError, match="of which 1 are not finite minutes above 0"):
        service_times({"gul": [minute]}, enough=1)


def test_no_measurements_are_no_distribution():
    with pytest.raises(ValueError, match=r"^0 measured times"):
        service_time([])


@pytest.mark.parametrize("tail_share", [0, -0.1, 1.1, float("nan")])
def test_the_tail_is_a_share(tail_share):
    with pytest.raises(ValueError, match="tail_share must be above 0 and at most 1"):
        service_time([1], tail_share=tail_share)


def test_few_are_pooled_with_the_others_and_too_few_in_all_are_none():
    minutes = {"gul": [10] * 3, "bla": [2] * 2, "gronn": []}
    times = service_times(minutes, enough=3)
    assert times.by_level.keys() == {"gul"}
    assert times.of("bla") is times.of("gronn") is times.of("rod") is times.pooled
    assert times.of(None) is times.pooled
    assert times.pooled.minutes(EVEN).mean() == pytest.approx(34 / 5, rel=0.01)
    assert service_times(minutes, enough=5).pooled is not None
    none = service_times(minutes, enough=6)
    assert (none.pooled, none.of("gul")) == (None, None)
    assert service_times({}, enough=1).pooled is None


def test_enough_is_at_least_one():
    with pytest.raises(ValueError, match="enough must be 1 or more"):
        service_times({}, enough=0)
