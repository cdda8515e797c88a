"""When the doctor of a nursing home answers, and whose number it is."""

import doctest
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from varde.domain import nursing_home
from varde.domain.errors import Rule, RuleBroken
from varde.domain.nursing_home import (
    DAYS_AHEAD,
    PhoneHours,
    open_until,
    opens_next,
    plain_number,
)


MONDAY = date(2026, 11, 23)


def hours(weekday=0, opens=(9, 0), closes=(15, 0), first=date.min, to=None):
    return PhoneHours(
        weekday=weekday,
        opens=time(*opens),
        closes=time(*closes),
        valid_from=first,
        valid_to=to,
    )


def monday(hour, minute=0, *, day=MONDAY):
    return datetime.combine(day, time(hour, minute))


def test_the_examples_of_the_docstrings_are_true():
    result = doctest.testmod(nursing_home)
    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize(
    ("rows", "at", "until"),
    [
        ([hours()], monday(8, 59), None),
        ([hours()], monday(9), time(15)),
        ([hours()], monday(14, 59), time(15)),
        ([hours()], monday(15), None),
        ([], monday(9), None),
        ([hours(weekday=1)], monday(9), None),
        # Hours that meet or overlap are one; a gap is a gap.
        ([hours(closes=(12, 0)), hours(opens=(12, 0))], monday(10), time(15)),
        ([hours(opens=(11, 0)), hours(closes=(12, 0))], monday(10), time(15)),
        ([hours(closes=(12, 0)), hours(opens=(12, 1))], monday(10), time(12)),
        ([hours(), hours(opens=(10, 0), closes=(11, 0))], monday(10, 30), time(15)),
        # From the first day, up to the first day after.
        ([hours(first=MONDAY)], monday(9), time(15)),
        ([hours(first=MONDAY + timedelta(1))], monday(9), None),
        ([hours(to=MONDAY + timedelta(1))], monday(9), time(15)),
        ([hours(to=MONDAY)], monday(9), None),
    ],
)
def test_until_when_the_doctor_answers(rows, at, until):
    assert open_until(rows, at=at, holidays=()) == until


@pytest.mark.parametrize(
    ("rows", "at", "begins"),
    [
        ([hours()], monday(8, 59), monday(9)),
        ([hours()], monday(9), monday(9, day=MONDAY + timedelta(7))),
        ([hours(), hours(opens=(17, 0), closes=(18, 0))], monday(10), monday(17)),
        ([hours(weekday=2)], monday(20), monday(9, day=MONDAY + timedelta(2))),
        ([hours(first=MONDAY + timedelta(14))], monday(9), monday(9, day=MONDAY + timedelta(14))),
        ([hours(first=MONDAY + timedelta(15))], monday(9), None),
        ([], monday(9), None),
    ],
)  # fmt: skip
def test_when_the_doctor_answers_next(rows, at, begins):
    assert opens_next(rows, at=at, holidays=()) == begins


def test_nobody_is_sent_to_the_doctor_on_a_public_holiday():
    closed = {MONDAY}
    assert open_until([hours()], at=monday(10), holidays=closed) is None
    assert opens_next([hours()], at=monday(8), holidays=closed) == monday(
        9, day=MONDAY + timedelta(7)
    )


@pytest.mark.parametrize("closes", [(9, 0), (8, 59)])
def test_hours_must_end_after_they_begin(closes):
    with pytest.raises(RuleBroken) as caught:
        hours(closes=closes)
    assert caught.value.rule is Rule.PHONE_HOURS_END_FIRST


clocks = st.times().filter(lambda clock: clock < time(23, 59))
rows_of_hours = st.lists(
    st.builds(
        lambda weekday, opens: PhoneHours(
            weekday=weekday, opens=opens, closes=time.max, valid_from=MONDAY
        ),
        st.integers(0, 6),
        clocks,
    ),
    max_size=5,
)


@given(rows=rows_of_hours, at=st.datetimes(datetime(2026, 11, 1), datetime(2027, 1, 1)))
def test_the_next_hours_are_open_when_they_begin(rows, at):
    begins = opens_next(rows, at=at, holidays=())
    if begins is None:
        # No hours have begun by the end of the two weeks.
        last = at.date() + timedelta(DAYS_AHEAD)
        assert all(MONDAY + timedelta(row.weekday) > last for row in rows)
    else:
        assert begins > at
        assert open_until(rows, at=begins, holidays=()) == time.max


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("75112233", "75112233"),
        ("+47 75 11 22 33", "75112233"),
        ("004775112233", "75112233"),
        ("+4681234567", "4681234567"),
        ("116117", "116117"),
        ("", ""),
        ("skjult", ""),
    ],
)
def test_a_number_is_compared_without_spaces_and_country_code(text, number):
    assert plain_number(text) == number
