"""How long something is kept."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from varde.domain.retention import last_day_due


days = st.dates(min_value=date(1990, 1, 1), max_value=date(2110, 12, 31))


@pytest.mark.parametrize(
    ("today", "years", "due"),
    [
        ("2026-11-22", 3, "2023-11-22"),
        ("2027-01-01", 3, "2024-01-01"),
        ("2027-02-28", 3, "2024-02-28"),  # one of 29 February is not due yet
        ("2027-03-01", 3, "2024-03-01"),  # now it is
        ("2028-02-29", 3, "2025-02-28"),
        ("2028-02-29", 4, "2024-02-29"),
        ("2028-02-29", 128, "1900-02-28"),  # 1900 had no such day
        ("2028-02-29", 28, "2000-02-29"),  # 2000 had
        ("2026-11-22", 0, "2026-11-22"),
    ],
)
def test_what_was_recorded_on_a_day_is_due_on_that_day_so_many_years_later(
    today, years, due
):
    assert last_day_due(
        today=date.fromisoformat(today), keep_years=years
    ) == date.fromisoformat(due)


@pytest.mark.parametrize("years", [-1, 2026, 5000])
def test_years_that_are_no_years_are_refused(years):
    with pytest.raises(ValueError, match="no date"):
        last_day_due(today=date(2026, 11, 22), keep_years=years)


@given(
    today=days, years=st.integers(min_value=0, max_value=20), back=st.integers(0, 9000)
)
def test_due_is_what_counting_forward_from_the_recording_says(today, years, back):
    recorded = today - timedelta(days=back)
    try:
        kept_until = recorded.replace(year=recorded.year + years)
    except ValueError:  # 29 February
        kept_until = date(recorded.year + years, 3, 1)
    is_due = recorded <= last_day_due(today=today, keep_years=years)
    assert is_due is (today >= kept_until)
