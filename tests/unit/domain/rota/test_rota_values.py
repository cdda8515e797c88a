"""The values of a rota cannot exist in a wrong state."""

from datetime import datetime

import pytest

from tests.make_rota import slot, span
from varde.domain.rota.values import Span


def test_a_period_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="no time zone"):
        Span(starts_at=datetime(2026, 1, 1), ends_at=datetime(2026, 1, 2))
    with pytest.raises(ValueError, match="no time zone"):
        Span(starts_at=span(0, 0, 1).starts_at, ends_at=datetime(2026, 1, 2))


@pytest.mark.parametrize("hours", [0, -1])
def test_a_period_that_ends_before_it_starts_is_refused(hours):
    with pytest.raises(ValueError, match="before it starts"):
        span(0, 12, hours)


@pytest.mark.parametrize(
    ("first", "second", "overlap", "covers"),
    [
        ((0, 8, 8), (0, 8, 8), True, True),
        ((0, 8, 8), (0, 9, 2), True, True),
        ((0, 8, 8), (0, 15, 8), True, False),
        ((0, 8, 8), (0, 7, 2), True, False),
        ((0, 8, 8), (0, 16, 8), False, False),
        ((0, 8, 8), (0, 0, 8), False, False),
    ],
)
def test_what_overlaps_and_what_is_covered(first, second, overlap, covers):
    one, other = span(*first), span(*second)
    assert one.overlaps(other) is other.overlaps(one) is overlap
    assert one.covers(other) is covers


@pytest.mark.parametrize("share", [-0.01, 1.01])
def test_more_than_all_of_the_hours_is_refused(share):
    with pytest.raises(ValueError, match="slot v: active_share"):
        slot("v", 0, active_share=share)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_none_or_all_of_the_hours_may_count(share):
    assert slot("v", 0, active_share=share).active_share == share
