"""The distribution of a count beside its plain sum, and its score beside its definition."""

from math import exp, factorial, lgamma, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from varde.engines.forecast.counts import crps, quantile, share_at_most


means = st.floats(min_value=0.01, max_value=60)
dispersions = st.one_of(st.just(0.0), st.floats(min_value=0.001, max_value=3))
ONE = np.array


def chance(k, mean, dispersion):
    if dispersion == 0:
        return exp(-mean) * mean**k / factorial(k)
    r = 1 / dispersion
    return exp(
        lgamma(k + r)
        - lgamma(r)
        - lgamma(k + 1)
        + r * log(r / (r + mean))
        + k * log(mean / (r + mean))
    )


def at_most(k, mean, dispersion):
    return sum(chance(n, mean, dispersion) for n in range(k + 1))


@settings(max_examples=60)
@given(mean=means, dispersion=dispersions, count=st.integers(-1, 80))
def test_the_chance_agrees_with_the_plain_sum(mean, dispersion, count):
    found = share_at_most(
        ONE([float(count)]), mean=ONE([mean]), dispersion=ONE([dispersion])
    )
    assert found[0] == pytest.approx(at_most(count, mean, dispersion), abs=1e-9)


@settings(max_examples=60)
@given(mean=means, dispersion=dispersions, share=st.floats(0.01, 0.99))
def test_a_quantile_is_the_least_that_reaches_its_share(mean, dispersion, share):
    spread = {"mean": ONE([mean]), "dispersion": ONE([dispersion])}
    found = quantile(share, **spread)
    assert found[0] >= 0
    assert share_at_most(found, **spread)[0] >= share
    assert share_at_most(found - 1, **spread)[0] < share


def test_a_quantile_far_out_is_found_too():
    spread = {"mean": ONE([2.0]), "dispersion": ONE([5.0])}
    (found,) = quantile(0.9999, **spread)
    assert share_at_most(ONE([found]), **spread)[0] >= 0.9999
    assert found > 2 * (2 + np.sqrt(22))


@settings(max_examples=25)
@given(
    mean=st.floats(min_value=0.01, max_value=20),
    dispersion=st.one_of(st.just(0.0), st.floats(min_value=0.001, max_value=0.3)),
    seen=st.integers(0, 60),
)
def test_the_score_is_the_expected_distance_less_half_of_the_spread(
    mean, dispersion, seen
):
    """Gneiting and Raftery's other form: E|X - y| - E|X - X'| / 2."""
    k = np.arange(160)
    p = ONE([chance(int(n), mean, dispersion) for n in k])
    expected = p @ np.abs(k - seen) - p @ np.abs(k[:, None] - k[None, :]) @ p / 2
    found = crps(ONE([float(seen)]), mean=ONE([mean]), dispersion=ONE([dispersion]))
    assert found[0] == pytest.approx(expected, abs=1e-4)


def test_unknown_counts_have_no_score_and_none_have_none():
    found = crps(ONE([np.nan, 1.0]), mean=ONE([1.0, 1.0]), dispersion=ONE([0.0]))
    assert np.isnan(found[0])
    assert found[1] > 0
    none = ONE([])
    assert crps(none, mean=none, dispersion=ONE([0.0])).tolist() == []


@pytest.mark.parametrize("share", [0.0, 1.0, -0.1])
def test_a_share_at_the_ends_is_refused(share):
    with pytest.raises(ValueError, match="between 0 and 1"):
        quantile(share, mean=ONE([1.0]), dispersion=ONE([0.0]))
