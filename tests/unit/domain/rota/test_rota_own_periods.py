"""When somebody has agreed to have duties: days that come again."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.make_rota import CALENDAR
from varde.domain.rota.own_periods import OwnKind, OwnTurn, only_within, own_periods
from varde.domain.rota.values import Span


DAY = timedelta(days=1)
FIRST, LAST = date(2026, 6, 1), date(2026, 7, 12)  # a Monday; six weeks


def turn(kind, *, first=FIRST, before=None, **more):
    return OwnTurn(kind=OwnKind(kind), first=first, before=before, **more)


def days(spans):
    """`1.6-14.6`: first and last day of each."""
    return [
        f"{span.starts_at:%-d.%-m}-{(span.ends_at - timedelta(hours=12)):%-d.%-m}"
        for span in spans
    ]


@pytest.mark.parametrize(
    ("agreed", "found"),
    [
        (turn("weeks", weeks_on=2, weeks_off=4), ["1.6-14.6"]),
        (turn("weeks", weeks_on=2, weeks_off=1), ["1.6-14.6", "22.6-5.7"]),
        (turn("month", from_day=10, days=10), ["10.6-19.6", "10.7-12.7"]),
        (
            turn("weekends", every=3),
            ["1.6-12.6", "15.6-19.6", "22.6-3.7", "6.7-10.7"],
        ),
        (turn("weekends"), ["1.6-12.7"]),
        (turn("weekends", every=2, first=date(2026, 6, 7)), ["8.6-19.6", "22.6-3.7", "6.7-12.7"]),
        (turn("weekdays", weekdays=frozenset({1, 2}), every=4), ["2.6-3.6", "30.6-1.7"]),
        (turn("weekdays", weekdays=frozenset()), []),
        (turn("weeks", weeks_on=2, weeks_off=1, before=date(2026, 6, 4)), ["1.6-3.6"]),
        (turn("weeks", before=FIRST), []),
    ],
)  # fmt: skip
def test_the_periods_of_an_agreement(agreed, found):
    assert days(own_periods(agreed, last=LAST, calendar=CALENDAR)) == found


def within(*turns, first=FIRST, last=LAST, duties=()):
    return only_within(turns, first=first, last=last, calendar=CALENDAR, duties=duties)


def test_days_without_an_agreement_are_free_to_use():
    assert within() == ()
    assert within(turn(OwnKind.WEEKS, before=FIRST)) == ()
    assert within(turn(OwnKind.WEEKS, first=LAST + DAY)) == ()
    tuesdays = turn(
        OwnKind.WEEKDAYS,
        first=date(2026, 6, 29),
        before=date(2026, 7, 6),
        weekdays=frozenset({1}),
    )
    assert days(within(tuesdays)) == ["1.6-28.6", "30.6-30.6", "6.7-12.7"]
    begun = turn(OwnKind.WEEKS, first=date(2026, 5, 4), weeks_on=2, weeks_off=4)
    assert days(within(begun)) == ["15.6-28.6"]


def test_an_agreement_that_leaves_no_day_is_not_an_agreement_of_all():
    off = turn(OwnKind.WEEKS, first=date(2026, 5, 18), weeks_on=2, weeks_off=9)
    (never,) = within(off)
    assert never.ends_at.date() < FIRST


def test_a_duty_that_begins_in_a_period_is_had_to_its_end():
    def duty(day, starts, ends):
        return Span(
            starts_at=CALENDAR.at(day, time(starts)),
            ends_at=CALENDAR.at(day + DAY, time(ends)),
        )

    sunday = date(2026, 6, 14)
    duties = [duty(sunday, 9, 9), duty(sunday, 15, 8), duty(sunday + DAY, 15, 8)]
    agreed = turn(OwnKind.WEEKS, weeks_on=2, weeks_off=1)
    found = within(agreed, duties=duties)
    assert found[0].ends_at == CALENDAR.at(sunday + DAY, time(9))
    assert found[1].starts_at == CALENDAR.at(date(2026, 6, 22), time())
    assert [any(span.covers(one) for span in found) for one in duties] == [
        True,
        True,
        False,
    ]


@given(
    st.builds(
        OwnTurn,
        kind=st.sampled_from(OwnKind),
        first=st.dates(date(2026, 3, 1), date(2026, 7, 31)),
        before=st.none() | st.dates(date(2026, 3, 1), date(2026, 8, 31)),
        weeks_on=st.integers(1, 4),
        weeks_off=st.integers(0, 6),
        from_day=st.integers(1, 28),
        days=st.integers(1, 28),
        every=st.integers(1, 6),
        weekdays=st.frozensets(st.integers(0, 6)),
    )
)
def test_a_day_is_within_where_no_agreement_holds_or_the_agreement_has_it(agreed):
    found = within(agreed)
    mine = own_periods(agreed, last=LAST, calendar=CALENDAR)
    for number in range((LAST - FIRST).days + 1):
        noon = CALENDAR.at(FIRST + number * DAY, time(12))
        day = FIRST + number * DAY
        holds = agreed.first <= day and (agreed.before is None or day < agreed.before)
        is_mine = any(span.starts_at <= noon < span.ends_at for span in mine)
        is_within = not found or any(s.starts_at <= noon < s.ends_at for s in found)
        assert is_within == (not holds or is_mine)
