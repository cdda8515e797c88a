"""Hours each once, true lengths, classes at their edges, and how often duty comes round."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from varde.domain.doctor_state import (
    BINDING,
    DoctorActivity,
    DoctorEvent,
    DoctorEventKind,
    doctor_state,
)
from varde.domain.load import spans
from varde.domain.load.activity import (
    IDLE,
    DutyDone,
    active_min_per_hour,
    busy,
    duty_class,
    seen,
)
from varde.domain.load.frequency import (
    Calendar,
    every_nth_weekday,
    every_nth_weekend,
    nights,
    rests,
    summer_ratio,
)
from varde.domain.load.rotation import RotaShape
from varde.domain.load.weeks import PersonTimes, WeeklyTime, by_week, mondays, work_on
from varde.domain.rota.values import Span


OSLO = ZoneInfo("Europe/Oslo")
MONDAY = date(2026, 1, 5)
START = datetime(2026, 1, 5, tzinfo=UTC)


def local(day, hour, minute=0, *, month=1, year=2026):
    return datetime(year, month, day, hour, minute, tzinfo=OSLO)


def span(start, end):
    return Span(starts_at=start, ends_at=end)


def minutes(start, end):
    """A span in minutes from START."""
    return span(START + timedelta(minutes=start), START + timedelta(minutes=end))


few = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 30)).map(
        lambda pair: minutes(pair[0], pair[0] + pair[1])
    ),
    max_size=6,
)


def as_set(found):
    """The slow way: every minute by itself."""
    return {
        minute
        for one in found
        for minute in range(100)
        if one.starts_at <= START + timedelta(minutes=minute) < one.ends_at
    }


@given(few, few)
def test_periods_are_the_sets_of_their_minutes(left, right):
    both = as_set(spans.joined([*left, *right]))
    assert both == as_set(left) | as_set(right)
    assert as_set(spans.shared(left, right)) == as_set(left) & as_set(right)
    assert as_set(spans.without(left, right)) == as_set(left) - as_set(right)
    assert spans.hours(spans.joined(left)) * 60 == pytest.approx(len(as_set(left)))


@given(few)
def test_the_hours_in_bins_are_those_of_each_bin_alone(some):
    bins = [minutes(start, start + 15) for start in (0, 15, 40, 70)]  # with gaps
    found = spans.hours_in_each(bins, some)
    assert found == pytest.approx(
        [spans.hours(spans.shared([one], some)) for one in bins]
    )


@pytest.mark.parametrize(
    ("day", "month", "day_h", "night_h"),
    [(28, 3, 24, 8), (29, 3, 23, 9), (25, 10, 25, 9)],
)
def test_days_and_nights_have_their_true_length(day, month, day_h, night_h):
    chosen = [date(2026, month, day)]
    assert spans.hours(spans.whole_days(chosen, zone=OSLO)) == day_h
    night = spans.by_the_clock(chosen, starts=time(23), ends=time(8), zone=OSLO)
    assert spans.hours(night) == night_h


# ---- activity


def event(number, kind, at, activity=None, ref="attendance:1"):
    return DoctorEvent(
        event_id=str(number), kind=kind, occurred_at=at, activity=activity, ref=ref
    )


BEGAN, ENDED, FREED = DoctorEventKind
NIGHT = span(local(5, 15, 30), local(6, 8))


def test_work_is_from_a_beginning_to_its_end_and_rest_is_none():
    events = [
        event(1, BEGAN, local(5, 17), DoctorActivity.WITH_PATIENT),
        event(2, BEGAN, local(5, 17, 30), DoctorActivity.ON_PHONE, "call:1"),
        event(3, ENDED, local(5, 18), DoctorActivity.WITH_PATIENT),
        event(4, ENDED, local(5, 19), DoctorActivity.ON_PHONE, "call:1"),
        event(5, BEGAN, local(5, 23), DoctorActivity.RESTING, ""),
        event(6, BEGAN, local(6, 6), DoctorActivity.OUT, "mission:1"),
    ]
    found = busy(events, within=NIGHT)
    assert [one.hours for one in found] == [
        2.0,
        2.0,
    ]  # and the mission to the duty's end


def test_events_outside_the_duty_do_not_count_and_none_is_unknown():
    before = event(1, BEGAN, local(5, 15), DoctorActivity.OUT)
    after = event(2, BEGAN, local(6, 8), DoctorActivity.OUT)
    assert busy([before, after], within=NIGHT) is None
    free = event(3, FREED, local(5, 16), ref="")
    assert busy([before, free], within=NIGHT) == ()


def presses():
    """Events in any order, within the duty and outside, with ids that come twice."""
    return st.builds(
        lambda number, kind, minute, activity, ref: DoctorEvent(
            event_id=str(number),
            kind=kind,
            occurred_at=local(5, 15, 0) + timedelta(minutes=minute),
            activity=None if kind is FREED else activity,
            ref="" if kind is FREED else ref,
        ),
        st.integers(0, 12),
        st.sampled_from(list(DoctorEventKind)),
        st.integers(0, 80),
        st.sampled_from(BINDING),
        st.sampled_from(["a", "b"]),
    )


@given(st.lists(presses(), max_size=14))
def test_the_work_is_what_the_state_says_minute_by_minute(events):
    within = span(local(5, 15, 30), local(5, 16, 30))
    mine = [
        one for one in events if within.starts_at <= one.occurred_at < within.ends_at
    ]
    found = busy(events, within=within)
    assert (found is None) is (not mine)
    minutes_at_work = {
        minute
        for minute in range(60)
        if doctor_state(mine, at=within.starts_at + timedelta(minutes=minute)).activity
        not in IDLE
    }
    assert {
        minute
        for minute in range(60)
        for one in found or ()
        if one.starts_at <= within.starts_at + timedelta(minutes=minute) < one.ends_at
    } == minutes_at_work


def test_a_duty_that_nobody_measured_is_in_neither_part_of_the_mean():
    measured = DutyDone(span=minutes(0, 60), post="x", active=(minutes(30, 90),))
    assert measured.active_h == 0.5  # only what lies within
    unknown = DutyDone(span=minutes(0, 600), post="x")
    assert unknown.active_h is None
    assert active_min_per_hour([measured, unknown]) == 30
    assert active_min_per_hour([unknown]) is None
    assert active_min_per_hour([]) is None


def test_what_has_no_length_is_not_work():
    assert seen([(START, START), (START, START + timedelta(hours=1))]) == (
        minutes(0, 60),
    )


@pytest.mark.parametrize(
    ("active_min", "expected"),
    [
        (0, 1), (10, 1), (10.49, 1), (10.5, 2), (11, 2), (25, 2), (26, 3), (45, 3),
        (45.4, 3), (46, 4), (60, 4), (None, None),
    ],
)  # fmt: skip
def test_the_class_at_its_edges(active_min, expected):
    assert duty_class(active_min, upper=(10, 25, 45)) == expected


# ---- weeks


def test_an_hour_is_counted_once_and_duty_goes_first():
    duty = DutyDone(
        span=span(local(5, 12), local(5, 20)),
        post="x",
        active=(span(local(5, 11), local(5, 15)),),
    )
    other = DutyDone(span=span(local(11, 20), local(12, 4)), post="x")
    times = PersonTimes(
        practice=(span(local(5, 8), local(5, 16)),),
        municipal=(span(local(5, 7), local(5, 9)),),
        duties=(duty, other),
    )
    first, second = by_week(times, weeks=mondays(MONDAY, date(2026, 1, 13)), zone=OSLO)
    assert (first.practice_h, first.municipal_h, first.duty_h) == (4, 1, 12)
    assert (first.active_h, first.passive_h, first.unmeasured_h) == (3, 5, 4)
    assert (second.duty_h, second.unmeasured_h, second.known_h) == (4, 4, 4)
    assert first.known_h == 17
    assert first.is_whole


def test_unknown_practice_is_none_and_the_rest_is_known():
    times = PersonTimes(practice=None, municipal=(), duties=())
    (week,) = by_week(times, weeks=[MONDAY], zone=OSLO)
    assert week.practice_h is None
    assert not week.is_whole
    assert week.known_h == 0


def test_a_day_that_nobody_has_told_of_makes_its_week_the_least_it_can_be():
    weeks = [MONDAY, MONDAY + timedelta(days=14)]  # one between is not asked for
    times = PersonTimes(
        practice=(span(local(5, 8), local(5, 16)),),
        municipal=(),
        duties=(DutyDone(span=span(local(12, 8), local(12, 16)), post="x"),),
        untold=frozenset([date(2026, 1, 11), date(2026, 1, 20)]),
    )
    first, third = by_week(times, weeks=weeks, zone=OSLO)
    assert (first.practice_h, first.known_h, first.is_whole) == (8, 8, False)
    assert (third.practice_h, third.known_h, third.is_whole) == (None, 0, False)


def test_weekly_work_holds_from_its_day_until_its_end_and_not_on_closed_days():
    one = WeeklyTime(
        weekday=0,
        starts=time(8),
        ends=time(16),
        valid_from=date(2026, 1, 12),
        valid_to=date(2026, 1, 26),
    )
    ever = WeeklyTime(
        weekday=1, starts=time(8), ends=time(10), valid_from=date(2000, 1, 1)
    )
    found = work_on(
        [one, ever],
        first=MONDAY,
        to=date(2026, 2, 2),
        closed=frozenset([date(2026, 1, 19), date(2026, 1, 6)]),
        zone=OSLO,
    )
    days = [part.starts_at.astimezone(OSLO).day for part in found]
    assert days == [12, 13, 20, 27]


# ---- frequency

FOUR_WEEKS = Calendar(
    first=MONDAY,
    to=date(2026, 2, 2),
    holidays=frozenset([date(2026, 1, 7)]),
    zone=OSLO,
)


def test_every_nth_counts_days_with_duty_and_leaves_holidays_out():
    duties = [
        span(local(9, 15, 30), local(10, 8)),  # Friday is a weekday
        span(local(9, 8), local(9, 15)),  # the same day: one
        span(local(7, 8), local(7, 15)),  # the holiday
        span(local(10, 9), local(11, 9)),
        span(local(11, 9), local(12, 9)),  # the same weekend
    ]
    assert every_nth_weekday(duties, calendar=FOUR_WEEKS) == 19
    assert every_nth_weekend(duties, calendar=FOUR_WEEKS) == 4
    assert every_nth_weekday([], calendar=FOUR_WEEKS) is None
    assert every_nth_weekend(duties[:3], calendar=FOUR_WEEKS) is None


def test_every_nth_is_of_the_days_on_which_one_is_employed():
    own = frozenset(date(2026, 1, day) for day in range(8, 18))
    mine = replace(FOUR_WEEKS, own=own)
    duties = [span(local(9, 16), local(10, 8)), span(local(17, 9), local(18, 9))]
    assert every_nth_weekday(duties, calendar=mine) == 7  # Thursday to Friday week
    assert every_nth_weekend(duties, calendar=mine) == 2
    assert mine.days == tuple(sorted(own))


def test_a_duty_belongs_to_the_days_where_it_begins():
    before = span(local(4, 20), local(5, 8))
    last = span(local(1, 20, month=2), local(2, 8, month=2))
    after = span(local(2, 0, month=2), local(2, 8, month=2))
    assert FOUR_WEEKS.within([before, last, after]) == [last]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (local(5, 15, 30), local(6, 1, 59), 0),
        (local(5, 15, 30), local(6, 2), 1),
        (local(10, 9), local(11, 9), 1),
        (local(5, 23), local(7, 23), 2),
    ],
)
def test_a_night_has_hours_enough(start, end, expected):
    found = nights(
        [span(start, end)],
        calendar=FOUR_WEEKS,
        starts=time(23),
        ends=time(8),
        at_least_h=3,
    )
    assert found == expected


def test_rest_is_to_the_next_known_work():
    night = span(local(5, 15, 30), local(6, 8))
    surgery = span(local(6, 8), local(6, 15))
    assert rests([night], [night, surgery]) == (0.0,)
    later = span(local(6, 19), local(6, 20))
    assert rests([night], [night, later]) == (11.0,)
    assert rests([night], [night]) == ()
    # Duties that meet are one; work that goes on as they end gives no rest.
    second = span(local(6, 8), local(6, 12))
    assert rests([night, second], [night, second, surgery]) == (0.0,)
    assert rests([night, later], [night, later, span(local(7, 7), local(7, 9))]) == (
        11.0,
        11.0,
    )


def test_the_rest_over_the_change_of_clocks_is_true():
    evening = span(local(28, 15, month=3), local(28, 22, month=3))
    morning = span(local(29, 9, month=3), local(29, 12, month=3))
    assert rests([evening], [evening, morning]) == (10.0,)


@pytest.mark.parametrize(
    ("hours", "expected"),
    [((10, 20), 2.0), ((10, 0), 0.0), ((0, 20), None), ((10,), None), ((), None)],
)
def test_the_summer_against_the_rest_of_the_year(hours, expected):
    weeks = [date(2026, 3, 2), date(2026, 7, 6)]  # weeks 10 and 28
    found = summer_ratio(list(zip(weeks, hours, strict=False)), summer_weeks=(26, 33))
    assert found == expected


def test_only_summer_has_nothing_to_be_held_against():
    assert summer_ratio([(date(2026, 7, 6), 5.0)], summer_weeks=(28, 28)) is None


# ---- rotation: the numbers of Vefsn, 2020

VEFSN = RotaShape(weekday_posts=1, weekday_h=16.5, weekend_duties=2, weekend_h=24)
SPEC = """
in the rota | every n-th weekday | every n-th weekend | hours of duty a week
12          | 12                 | 6                  | 10.875
9           | 9                  | 4.5                | 14.5
6           | 6                  | 3                  | 21.75
1           | 1                  | 1                  | 130.5
"""


def spec_rows(text):
    return [
        tuple(float(cell) for cell in line.split("|"))
        for line in text.strip().splitlines()[1:]
    ]


@pytest.mark.parametrize(("people", "weekday", "weekend", "hours"), spec_rows(SPEC))
def test_the_rotation_of_vefsn(people, weekday, weekend, hours):
    turn = VEFSN.turn(people)
    assert (turn.nth_weekday, turn.nth_weekend) == (weekday, weekend)
    assert turn.duty_h == pytest.approx(hours)


def test_with_nobody_left_there_is_no_turn_and_a_rota_has_duties():
    turn = VEFSN.turn(0)
    assert (turn.nth_weekday, turn.nth_weekend, turn.duty_h) == (None, None, None)
    with pytest.raises(ValueError, match="duties with length"):
        RotaShape(weekday_posts=0, weekday_h=16.5, weekend_duties=2, weekend_h=24)
