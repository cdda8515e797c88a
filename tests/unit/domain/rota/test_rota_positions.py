"""A person's positions in a period: shares of one day are added, days without are outside."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from varde.domain.rota.positions import Held, days_without, mean_share


FIRST, LAST = date(2026, 12, 7), date(2027, 1, 3)  # 28 days


def held(first, before, share=0.5):
    """From a day of the period (0 is the first) to the day before another."""
    return Held(
        first=FIRST + timedelta(days=first),
        before=None if before is None else FIRST + timedelta(days=before),
        share=share,
    )


@pytest.mark.parametrize(
    ("positions", "share", "without"),
    [
        ([], 0.0, [(0, 27)]),
        ([held(-99, None)], 0.5, []),
        ([held(-99, 0)], 0.0, [(0, 27)]),  # ended the day before
        ([held(28, None)], 0.0, [(0, 27)]),  # begins the day after
        ([held(27, None)], 0.5, [(0, 26)]),
        ([held(-9, 7), held(21, None)], 0.5, [(7, 20)]),  # one after the other
        ([held(0, 7, 1), held(7, 28, 0.2)], 0.4, []),  # weighted by days
        ([held(-9, None), held(-9, None, 0.3)], 0.8, []),  # at the same time
        ([held(-9, None, 0.8), held(-9, None, 0.8)], 1.0, []),
        ([held(-9, 14, 0.8), held(0, None, 0.8)], 0.9, []),  # 1 and 0.8
    ],
)
def test_the_share_and_the_days_without(positions, share, without):
    assert mean_share(positions, first=FIRST, last=LAST) == share
    assert days_without(positions, first=FIRST, last=LAST) == tuple(
        (FIRST + timedelta(days=a), FIRST + timedelta(days=b)) for a, b in without
    )


SOME = st.lists(
    st.builds(
        held,
        st.integers(-5, 30),
        st.none() | st.integers(-5, 35),
        st.sampled_from([0.0, 0.2, 0.7, 1.0]),
    ),
    max_size=4,
)


@given(SOME)
def test_it_is_what_one_finds_by_counting_day_by_day(positions):
    days = [FIRST + timedelta(days=number) for number in range(28)]
    there = {
        day: [
            one.share
            for one in positions
            if one.first <= day and (one.before is None or day < one.before)
        ]
        for day in days
    }
    worked = [min(1.0, sum(shares)) for shares in there.values() if shares]
    mean = sum(worked) / len(worked) if worked else 0.0
    assert mean_share(positions, first=FIRST, last=LAST) == pytest.approx(
        mean, abs=1e-5
    )
    gaps = days_without(positions, first=FIRST, last=LAST)
    assert [day for day in days if any(a <= day <= b for a, b in gaps)] == [
        day for day in days if not there[day]
    ]
