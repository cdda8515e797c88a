import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from varde.engines.waiting.calibration import (
    Told,
    Waited,
    calibration,
    wilson_interval,
)


def told(low=10, middle=20, high=40, *, level="gul", hour=20):
    return Told(level=level, hour=hour, low_min=low, median_min=middle, high_min=high)


def seen(minutes):
    return Waited(minutes=minutes, was_seen=True)


def left(minutes):
    return Waited(minutes=minutes, was_seen=False)


def judged(*pairs, low=0.1, high=0.9):
    return calibration(
        [one for one, _ in pairs], [real for _, real in pairs], low=low, high=high
    )


@pytest.mark.parametrize(
    ("real", "counted"),
    [
        (seen(9.9), "below"),
        (seen(10), "inside"),
        (seen(40), "inside"),
        (seen(40.1), "above"),
        (left(0), "left_unknown"),
        (left(25), "left_unknown"),
        (left(40), "left_unknown"),
        (left(40.1), "left_above"),
    ],
)
def test_where_a_wait_is_counted(real, counted):
    whole = judged((told(), real)).whole
    fields = ("below", "inside", "above", "left_above", "left_unknown")
    assert [name for name in fields if getattr(whole, name)] == [counted]


def test_those_who_left_do_not_make_the_share_better():
    found = judged(
        *[(told(), seen(20))] * 6,
        *[(told(), seen(50))] * 2,
        *[(told(), left(60))] * 2,
        *[(told(), left(5))] * 10,
    ).whole
    assert found.share_inside == pytest.approx(6 / 10)
    assert found.share_lowest == pytest.approx(6 / 20)
    assert found.share_highest == pytest.approx(16 / 20)
    assert found.interval == wilson_interval(6, 10)


def test_only_people_who_left_early_tell_nothing():
    found = judged((told(), left(5)))
    assert found.whole.share_inside is None
    assert found.whole.interval is None
    assert (found.whole.share_lowest, found.whole.share_highest) == (0, 1)
    assert found.pinball_median_min is None


def test_without_estimates_there_is_nothing_to_say():
    found = judged()
    assert found.promised == pytest.approx(0.8)
    assert (found.whole.inside, found.whole.share_inside) == (0, None)
    assert (found.whole.share_lowest, found.whole.share_highest) == (None, None)
    assert (found.by_level, found.by_hour) == ({}, {})
    assert found.pinball_low_min is None


def test_each_level_and_each_hour_has_its_own_counts():
    found = judged(
        (told(level="gul", hour=1), seen(20)),
        (told(level="gul", hour=2), seen(90)),
        (told(level="bla", hour=2), left(90)),
    )
    assert {k: (c.inside, c.above) for k, c in found.by_level.items()} == {
        "gul": (1, 1),
        "bla": (0, 0),
    }
    assert found.by_hour[2].left_above == 1
    assert found.by_hour[1].share_inside == 1


@pytest.mark.parametrize(
    ("real", "low_loss", "median_loss", "high_loss"),
    [(20, 1, 0, 2), (0, 9, 10, 4), (60, 5, 20, 18)],
)
def test_the_pinball_losses_by_hand(real, low_loss, median_loss, high_loss):
    found = judged((told(), seen(real)), (told(), left(3)))
    assert found.pinball_low_min == pytest.approx(low_loss)
    assert found.pinball_median_min == pytest.approx(median_loss)
    assert found.pinball_high_min == pytest.approx(high_loss)


def test_the_loss_is_least_for_who_tells_the_true_quantile():
    real = np.random.default_rng(1).exponential(30, 500)

    def loss(high):
        pairs = [(told(0, 0, high), seen(minutes)) for minutes in real]
        return judged(*pairs).pinball_high_min

    true = float(np.quantile(real, 0.9))
    assert loss(true) < min(loss(true * 0.8), loss(true * 1.2))


@given(
    reals=st.lists(
        st.builds(Waited, minutes=st.integers(0, 60), was_seen=st.booleans()),
        min_size=1,
        max_size=12,
    )
)
@settings(max_examples=40)
def test_every_wait_is_counted_once_and_the_share_lies_between_its_bounds(reals):
    found = judged(*[(told(), real) for real in reals]).whole
    counted = found.below + found.inside + found.above
    assert counted + found.left_above + found.left_unknown == len(reals)
    if found.share_inside is not None:
        assert found.share_lowest <= found.share_inside <= found.share_highest
        assert found.interval[0] <= found.share_inside <= found.interval[1]


@pytest.mark.parametrize(
    ("count", "of", "interval"),
    [
        # Newcombe 1998, table I: method 3.
        (81, 263, (0.2553, 0.3662)),
        (15, 148, (0.0624, 0.1605)),
        (0, 20, (0.0, 0.1611)),
        (1, 29, (0.0061, 0.1718)),
        (20, 20, (0.8389, 1.0)),
    ],
)
def test_wilson_as_published(count, of, interval):
    assert wilson_interval(count, of) == pytest.approx(interval, abs=5e-5)


@pytest.mark.parametrize("of", [1, 3, 5, 20, 1000])
def test_wilson_reaches_the_ends_exactly(of):
    assert wilson_interval(0, of)[0] == 0.0
    assert wilson_interval(of, of)[1] == 1.0


def test_wilson_of_nothing_is_nothing():
    assert wilson_interval(0, 0) is None


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (lambda: calibration([told()], [], low=0.1, high=0.9), "1 estimates and 0"),
        (lambda: judged(low=0), "need 0 < 0 <= 0.5"),
        (lambda: judged(high=1), "<= 1 < 1"),
        (lambda: wilson_interval(3, 2), "need 0 <= 3 <= 2"),
        (lambda: wilson_interval(1, 2, confidence=1), "confidence must be between"),
        (lambda: told(30), "an estimate must be 0 <= low <= median <= high"),
        (lambda: told(-1), "an estimate must be"),
        (lambda: told(high=float("nan")), "an estimate must be"),
        (lambda: told(hour=24), "hour must be 0 to 23, got 24"),
        (lambda: seen(-1), "a wait must be 0 or more minutes, got -1"),
        (lambda: seen(float("nan")), "a wait must be .* got nan"),
    ],
)
def test_what_cannot_be_is_refused(fault, message):
    with pytest.raises(ValueError, match=message):
        fault()
