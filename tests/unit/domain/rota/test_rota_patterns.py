"""Patterns: which slots they make, how long those are, and what they count as."""

from collections import Counter
from datetime import UTC, date, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.make_rota import CALENDAR, HOLIDAYS, LIMITS, span
from varde.domain.rota.known_patterns import (
    OPERATORS,
    PATTERNS,
    SPLIT,
    TWO_TIERS,
    VEFSN,
    VEFSN_WITH_BACKUP,
)
from varde.domain.rota.patterns import (
    EVERY_DAY,
    DayType,
    Pattern,
    Shift,
    accounts_of,
    day_type,
    days_a_month,
    slots_of,
    weeks_on_and_off,
)
from varde.domain.rota.values import Account, Span


EVENING, NIGHT, WEEKEND = Account.EVENING, Account.NIGHT, Account.WEEKEND
HOLIDAY, BACKUP, ALL = Account.HOLIDAY, Account.BACKUP, Account.ALL


def shift(**other):
    given = {"code": "v", "post": "forvakt", "days": EVERY_DAY}
    given |= {"starts": time(22), "ends": time(8)}
    return Shift(**given | other)


def made(*shifts, first, last):
    pattern = Pattern(name="P", source="ours", shifts=shifts)
    return slots_of(pattern, first=first, last=last, limits=LIMITS)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 4, 1), DayType.BEFORE_FREE),  # Wednesday before Maundy Thursday
        (date(2026, 4, 2), DayType.HOLIDAY),
        (date(2026, 4, 4), DayType.EVE),  # a Saturday, but Easter Eve
        (date(2026, 4, 5), DayType.HOLIDAY),  # a Sunday, but Easter
        (date(2026, 4, 7), DayType.WEEKDAY),
        (date(2026, 1, 16), DayType.BEFORE_FREE),
        (date(2026, 1, 17), DayType.SATURDAY),
        (date(2026, 1, 18), DayType.SUNDAY),
        (date(2026, 12, 24), DayType.EVE),
    ],
)
def test_the_type_of_a_day(day, expected):
    assert day_type(day, calendar=CALENDAR) is expected


# Day 0 is Monday 12 January; day 4 Friday, 5 Saturday, 6 Sunday.
@pytest.mark.parametrize(
    ("day", "starts", "hours", "expected"),
    [
        (0, 7, 8, set()),
        (0, 12, 7, {EVENING}),  # 16-19 is three hours of the evening
        (0, 11, 7, set()),  # two hours
        (0, 15, 8, {EVENING}),  # two hours of the night
        (0, 15, 9, {EVENING, NIGHT}),  # three hours of it
        (0, 22, 9, {NIGHT}),
        (0, 0, 8, {NIGHT}),  # the night of the day before
        (0, 15, 17, {EVENING, NIGHT}),
        (4, 15, 17, {EVENING, NIGHT}),  # Friday: 8 of 17 hours on Saturday
        (4, 15, 18, {WEEKEND, NIGHT}),  # 9 of 18: half
        (4, 22, 9, {WEEKEND, NIGHT}),
        (5, 9, 24, {WEEKEND, NIGHT}),
        (6, 15, 7, {WEEKEND}),
        (6, 22, 9, {NIGHT}),  # Sunday night lies in Monday
        (6, 20, 8, {WEEKEND, NIGHT}),
    ],
)
def test_what_a_duty_counts_as(day, starts, hours, expected):
    found = accounts_of(span(day, starts, hours), post="forvakt", limits=LIMITS)
    assert found == expected | {ALL}


@pytest.mark.parametrize(
    ("day", "starts", "ends", "expected"),
    [
        (date(2026, 12, 24), 7, 15, set()),  # an eve, before its hour
        (
            date(2026, 12, 24),
            11,
            19,
            {HOLIDAY},
        ),  # half of it after
        (date(2026, 12, 24), 10, 18, set()),
        (date(2026, 12, 23), 22, 8, {NIGHT}),
        (date(2026, 12, 24), 22, 8, {HOLIDAY, NIGHT}),
        (date(2026, 12, 26), 9, 9, {HOLIDAY, NIGHT}),  # a Saturday: a holiday first
        (date(2026, 12, 27), 9, 9, {WEEKEND, NIGHT}),
        (date(2026, 4, 30), 22, 8, {HOLIDAY, NIGHT}),  # lies in 1 May
        (date(2026, 5, 1), 22, 8, {WEEKEND, NIGHT}),  # lies in a Saturday
    ],
)
def test_what_a_duty_at_a_holiday_counts_as(day, starts, ends, expected):
    period = shift(starts=time(starts), ends=time(ends)).on(day, calendar=CALENDAR)
    found = accounts_of(period, post="forvakt", limits=LIMITS)
    assert found == expected | {ALL}


def test_a_bakvakt_counts_as_that_too():
    found = accounts_of(span(0, 15, 17), post="bakvakt", limits=LIMITS)
    assert found == {EVENING, NIGHT, BACKUP, ALL}


@given(
    start=st.datetimes(
        min_value=CALENDAR.at(date(2026, 1, 1), time()).replace(tzinfo=None),
        max_value=CALENDAR.at(date(2026, 12, 1), time()).replace(tzinfo=None),
    ),
    minutes=st.integers(min_value=1, max_value=48 * 60),
)
def test_the_night_hours_are_those_counted_minute_by_minute(start, minutes):
    """The slow count is the oracle: each minute asked by the clock of the place."""
    begins = start.replace(tzinfo=UTC, second=0, microsecond=0)
    period = Span(starts_at=begins, ends_at=begins + timedelta(minutes=minutes))
    at = [
        (begins + timedelta(minutes=m)).astimezone(CALENDAR.zone)
        for m in range(minutes)
    ]
    found = accounts_of(period, post="forvakt", limits=LIMITS)
    night = sum(moment.hour >= 21 or moment.hour < 6 for moment in at)
    free = sum(
        moment.date() in HOLIDAYS
        or (moment.date() in CALENDAR.eves and moment.hour >= 15)
        for moment in at
    )
    weekend = sum(moment.weekday() >= 5 for moment in at)
    evening = sum(16 <= moment.hour < 21 for moment in at)
    assert (NIGHT in found) == (night >= 180)
    assert (HOLIDAY in found) == (2 * free >= minutes)
    assert (WEEKEND in found) == (2 * weekend >= minutes and 2 * free < minutes)
    assert (EVENING in found) == (
        evening >= 180 and 2 * weekend < minutes and 2 * free < minutes
    )


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 28), 9), (date(2026, 10, 24), 11), (date(2026, 3, 27), 10)],
)
def test_a_night_when_the_clocks_change_has_its_true_length(day, hours):
    (night,) = made(shift(), first=day, last=day)
    assert night.span.hours == hours


def test_a_shift_that_ends_as_it_starts_is_a_whole_day():
    (whole,) = made(
        shift(starts=time(9), ends=time(9)),
        first=date(2026, 1, 17),
        last=date(2026, 1, 17),
    )
    assert whole.span.hours == 24


def test_slots_have_the_same_ids_again_and_one_for_each_needed():
    day = date(2026, 1, 17)
    found = made(shift(needed=2), shift(code="x", needed=0), first=day, last=day)
    assert [slot.id for slot in found] == ["2026-01-17.v.1", "2026-01-17.v.2"]


def test_a_group_is_of_one_week_and_one_place():
    found = made(
        shift(
            needed=2, group="helg", days=frozenset({DayType.SATURDAY, DayType.SUNDAY})
        ),
        first=date(2026, 1, 17),
        last=date(2026, 1, 25),
    )
    groups = Counter(slot.group for slot in found)
    assert groups == {
        f"2026-W{week:02}.helg.{place}": 2 for week in (3, 4) for place in (1, 2)
    }


def test_no_days_give_no_slots():
    assert made(shift(), first=date(2026, 1, 2), last=date(2026, 1, 1)) == ()


@pytest.mark.parametrize("pattern", PATTERNS.values(), ids=list(PATTERNS))
def test_the_patterns_in_use_make_a_year_in_time_order(pattern):
    slots = slots_of(
        pattern, first=date(2026, 1, 1), last=date(2026, 12, 31), limits=LIMITS
    )
    starts = [slot.span.starts_at.timestamp() for slot in slots]
    assert starts == sorted(starts)
    assert len({slot.id for slot in slots}) == len(slots) > 0


@pytest.mark.parametrize("pattern", [SPLIT, TWO_TIERS, OPERATORS], ids=lambda p: p.name)
def test_those_that_must_cover_the_night_leave_no_hole_in_it(pattern):
    """From the first evening to the last morning somebody is there, but for the surgeries'
    hours on working days."""
    slots = slots_of(
        pattern, first=date(2026, 3, 23), last=date(2026, 4, 12), limits=LIMITS
    )
    until = slots[0].span.ends_at
    for _, slot in pairwise(slots):
        start = slot.span.starts_at
        if start.timestamp() > until.timestamp():
            assert day_type(start.date(), calendar=CALENDAR) in {
                DayType.WEEKDAY,
                DayType.BEFORE_FREE,
            }
            assert time(8) <= until.time() < start.time() == time(15, 30)
        until = max(until, slot.span.ends_at, key=lambda at: at.timestamp())


def test_vefsn_is_as_in_its_plan():
    weekday, saturday = (
        slots_of(VEFSN, first=day, last=day, limits=LIMITS)
        for day in (date(2026, 1, 12), date(2026, 1, 17))
    )
    assert [slot.span.hours for slot in (*weekday, *saturday)] == [16.5, 24]
    both = slots_of(
        VEFSN_WITH_BACKUP,
        first=date(2026, 1, 12),
        last=date(2026, 1, 12),
        limits=LIMITS,
    )
    assert {slot.post for slot in both} == {"forvakt", "bakvakt"}


@pytest.mark.parametrize("wrong", [{"needed": -1}, {"days": frozenset()}])
def test_a_shift_that_means_nothing_is_refused(wrong):
    with pytest.raises(ValueError, match="shift v"):
        shift(**wrong)


def test_a_pattern_without_source_is_refused():
    with pytest.raises(ValueError, match="names no source"):
        Pattern(name="P", source=" ", shifts=())


def test_a_pattern_with_a_code_twice_is_refused():
    with pytest.raises(ValueError, match="a code twice"):
        Pattern(name="P", source="ours", shifts=(shift(), shift()))


def test_two_weeks_on_and_four_off():
    found = weeks_on_and_off(
        first=date(2026, 3, 16), last=date(2026, 5, 3), on=2, off=4, calendar=CALENDAR
    )
    assert [(s.starts_at.date(), s.ends_at.date()) for s in found] == [
        (date(2026, 3, 16), date(2026, 3, 30)),
        (date(2026, 4, 27), date(2026, 5, 4)),
    ]
    assert found[0].hours == 2 * 168 - 1  # the clocks go forward


@pytest.mark.parametrize(("on", "off"), [(0, 4), (2, -1)])
def test_a_turn_that_means_nothing_is_refused(on, off):
    with pytest.raises(ValueError, match="is no turn"):
        weeks_on_and_off(
            first=date(2026, 1, 1),
            last=date(2026, 2, 1),
            on=on,
            off=off,
            calendar=CALENDAR,
        )


def test_ten_days_a_month_over_the_new_year():
    found = days_a_month(
        first=date(2026, 12, 3),
        last=date(2027, 2, 1),
        from_day=25,
        days=10,
        calendar=CALENDAR,
    )
    assert [(s.starts_at.date(), s.ends_at.date()) for s in found] == [
        (date(2026, 12, 3), date(2026, 12, 5)),  # the end of November's
        (date(2026, 12, 25), date(2027, 1, 4)),
        (date(2027, 1, 25), date(2027, 2, 2)),  # cut off
    ]


@pytest.mark.parametrize(("from_day", "days"), [(0, 5), (29, 5), (1, 0), (1, 29)])
def test_days_that_are_not_in_every_month_are_refused(from_day, days):
    with pytest.raises(ValueError, match="not in every month"):
        days_a_month(
            first=date(2026, 1, 1),
            last=date(2026, 2, 1),
            from_day=from_day,
            days=days,
            calendar=CALENDAR,
        )
