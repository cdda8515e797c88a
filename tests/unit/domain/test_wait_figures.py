"""Waits at the station: medians, percentiles, and who was seen in time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from varde.domain.wait_figures import Waited, nearest_rank, wait_figures


def one(wait, *, here=0.0, limit=60.0):
    return Waited(wait_min=wait, here_min=here, limit_min=limit)


@pytest.mark.parametrize(
    ("rows", "decided", "in_time"),
    [
        ([], 0, 0),
        ([one(60)], 1, 1),
        ([one(60.1)], 1, 0),
        ([one(None, here=60)], 0, 0),  # left at the limit: not known
        ([one(None, here=60.1)], 1, 0),  # left after it
        ([one(5, limit=None)], 0, 0),
        ([one(None, here=500, limit=None)], 0, 0),
        ([one(0, limit=0)], 1, 1),
        ([one(1, limit=0)], 1, 0),
    ],
)
def test_who_is_counted_and_who_was_in_time(rows, decided, in_time):
    found = wait_figures(rows)
    assert (found.decided, found.in_time) == (decided, in_time)
    assert (found.share_in_time is None) is (decided == 0)


def test_nobody_has_no_median():
    found = wait_figures([one(None, here=3)])
    assert (found.count, found.seen, found.median_min, found.p90_min) == (
        1,
        0,
        None,
        None,
    )


@pytest.mark.parametrize(
    ("count", "share", "expected"),
    [(1, 0.9, 1), (9, 0.9, 9), (10, 0.9, 9), (11, 0.9, 10), (10, 1, 10), (3, 0.01, 1)],
)
def test_the_nearest_rank(count, share, expected):
    assert nearest_rank(list(range(1, count + 1)), share=share) == expected


@given(st.lists(st.floats(0, 600), min_size=1), st.floats(0.01, 1))
def test_at_least_the_share_does_not_exceed_the_rank_and_no_lower_value_does(
    values, share
):
    ordered = sorted(values)
    found = nearest_rank(ordered, share=share)
    needed = share * len(ordered) - 1e-6
    assert sum(value <= found for value in ordered) >= needed
    lower = [value for value in ordered if value < found]
    assert len(lower) < share * len(ordered) + 1e-6


@pytest.mark.parametrize("share", [0, -0.1, 1.1])
def test_a_share_that_is_none_is_refused(share):
    with pytest.raises(ValueError, match="share"):
        nearest_rank([1.0], share=share)


@pytest.mark.parametrize(
    "fields",
    [
        {"wait_min": -1, "here_min": 0, "limit_min": 1},
        {"wait_min": None, "here_min": float("nan"), "limit_min": None},
        {"wait_min": 1, "here_min": 1, "limit_min": float("inf")},
    ],
)
def test_minutes_that_cannot_be_are_refused(fields):
    with pytest.raises(ValueError, match="minutes"):
        Waited(**fields)
