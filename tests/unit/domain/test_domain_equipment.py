"""When a checklist is due, by dated intervals."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from varde.domain.equipment import DueState, Interval, days_left, due, due_on


def day(number):
    return date(2026, 1, 1) + timedelta(days=number)


def every(days, *, since=0):
    return Interval(valid_from=day(since), every_days=days)


@pytest.mark.parametrize(
    ("checked", "intervals", "expected"),
    [
        (0, [every(7)], 7),
        (5, [every(7)], 12),
        (-30, [every(7)], -23),  # before the first began, the first holds
        (0, [every(7), every(1, since=3)], 3),  # shorter: not before it began
        (2, [every(7), every(4, since=3)], 6),
        (0, [every(7), every(30, since=7)], 30),  # longer from the day it was due
        (0, [every(7), every(30, since=8)], 7),  # was due the day before
        (10, [every(7), every(1, since=3)], 11),
        (0, [every(30), every(1, since=5), every(9, since=3)], 5),
        (0, [every(30), every(9, since=3), every(20, since=8)], 20),
    ],
)
def test_the_due_day(checked, intervals, expected):
    assert due_on(day(checked), intervals) == day(expected)


@pytest.mark.parametrize(
    ("today", "state", "late", "must"),
    [
        (6, DueState.LATER, 0, False),
        (7, DueState.TODAY, 0, True),
        (8, DueState.OVERDUE, 1, True),
        (17, DueState.OVERDUE, 10, True),
    ],
)
def test_how_it_stands_on_a_day(today, state, late, must):
    found = due(
        placed_on=day(-9), checked_on=day(0), intervals=[every(7)], today=day(today)
    )
    assert (found.state, found.late_days, found.must_be_done) == (state, late, must)


@pytest.mark.parametrize(("today", "late"), [(-1, 0), (0, 0), (3, 3)])
def test_what_was_never_checked_is_due_from_the_day_it_was_placed(today, late):
    found = due(
        placed_on=day(0), checked_on=None, intervals=[every(7)], today=day(today)
    )
    assert found.state is DueState.NEVER_CHECKED
    assert (found.due_on, found.late_days, found.must_be_done) == (day(0), late, True)


def test_faults():
    with pytest.raises(ValueError, match="no interval"):
        due_on(day(0), [])
    with pytest.raises(ValueError, match="same day"):
        due_on(day(0), [every(1), every(2)])
    with pytest.raises(ValueError, match="0 days"):
        every(0)


@pytest.mark.parametrize(("on", "left"), [(5, 2), (3, 0), (2, -1)])
def test_days_left(on, left):
    assert days_left(day(on), today=day(3)) == left


intervals = st.lists(
    st.builds(
        lambda days, since: every(days, since=since),
        st.integers(1, 60),
        st.integers(0, 90),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda row: row.valid_from,
)


@given(st.integers(-20, 100), intervals)
def test_it_is_the_first_day_that_the_interval_of_that_day_asks_for(checked, rows):
    """The slow way: go day by day and ask what holds on it."""
    ordered = sorted(rows)

    def holds(on):
        begun = [row for row in ordered if row.valid_from <= on]
        return begun[-1] if begun else ordered[0]

    slow = day(checked) + timedelta(days=1)
    while (slow - day(checked)).days < holds(slow).every_days:
        slow += timedelta(days=1)
    assert due_on(day(checked), rows) == slow
