"""Alone on duty: true hours by day and by the clock, also on the nights that change."""

import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from varde.domain.alone import AloneCount, alone, alone_by_day, alone_by_hour, together
from varde.domain.duty import Duty


OSLO = ZoneInfo("Europe/Oslo")
KATHMANDU = ZoneInfo("Asia/Kathmandu")  # 5:45 from UTC
HOUR = timedelta(hours=1)
NOON = datetime(2026, 3, 27, 12, tzinfo=UTC)


def on(person, start, end):
    return Duty(person=person, role="nurse", starts_at=start, ends_at=end)


def at(hour, minute=0, day=27):
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def counted(duties, start, end, zone=OSLO):
    return alone_by_day(together(duties, start=start, end=end), zone=zone)


TABLE = [
    ("nobody", [], 0, 10),
    ("one the whole time", [("Kari", 8, 18)], 10, 0),
    ("one before and after", [("Kari", 2, 23)], 10, 0),
    ("two the whole time", [("Kari", 8, 18), ("Ola", 8, 18)], 0, 0),
    ("one after the other", [("Kari", 8, 12), ("Ola", 12, 18)], 10, 0),
    ("an hour together", [("Kari", 8, 13), ("Ola", 12, 18)], 9, 0),
    ("a gap between", [("Kari", 8, 12), ("Ola", 14, 18)], 8, 2),
    ("two duties of one person", [("Kari", 8, 14), ("Kari", 12, 18)], 10, 0),
    ("outside the period", [("Kari", 2, 8), ("Ola", 18, 20)], 0, 10),
    ("three, then two, then one", [("A", 8, 18), ("B", 8, 14), ("C", 8, 11)], 4, 0),
]


@pytest.mark.parametrize(
    ("duties", "hours", "uncovered"),
    [row[1:] for row in TABLE],
    ids=[row[0] for row in TABLE],
)
def test_hours_alone_and_hours_without_anybody(duties, hours, uncovered):
    found = counted([on(who, at(a), at(b)) for who, a, b in duties], at(8), at(18))
    assert found == {
        date(2026, 3, 27): AloneCount(alone=hours * HOUR, uncovered=uncovered * HOUR)
    }


@pytest.mark.parametrize(
    ("day", "hours", "at_two"),
    [
        (date(2026, 3, 28), 24, 1),
        (date(2026, 3, 29), 23, 0),  # the clocks go from 02 to 03
        (date(2026, 10, 25), 25, 2),  # from 03 back to 02
    ],
)
def test_a_night_has_the_hours_that_it_has(day, hours, at_two):
    start = datetime(day.year, day.month, day.day, tzinfo=OSLO)
    after = day + timedelta(days=1)
    end = datetime(after.year, after.month, after.day, tzinfo=OSLO)
    pieces = together([on("Kari", start, end)], start=start, end=end)
    assert alone_by_day(pieces, zone=OSLO) == {day: AloneCount(alone=hours * HOUR)}
    by_hour = alone_by_hour(pieces, zone=OSLO)
    assert by_hour[2].alone == at_two * HOUR
    assert sum(by_hour, AloneCount()).alone == hours * HOUR
    (whole,) = alone(pieces)
    assert whole.length == hours * HOUR


def test_a_duty_over_midnight_is_parted_between_the_days():
    start, end = (datetime(2026, 3, day, tzinfo=OSLO) for day in (27, 29))
    duty = on("Kari", start + 22 * HOUR, start + 31 * HOUR + HOUR / 2)
    found = counted([duty], start, end)
    assert [count.alone / HOUR for count in found.values()] == [2, 7.5]
    assert [count.uncovered / HOUR for count in found.values()] == [22, 16.5]


def test_where_the_clock_is_not_whole_hours_from_utc_the_days_are_its_own():
    start = datetime(2026, 3, 27, 23, 30, tzinfo=KATHMANDU)
    found = counted([on("A", start, start + HOUR)], start, start + HOUR, KATHMANDU)
    assert [count.alone for count in found.values()] == [HOUR / 2, HOUR / 2]


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        (NOON, NOON, "ends"),
        (NOON + HOUR, NOON, "ends"),
        (NOON.replace(tzinfo=None), NOON, "time zone"),
        (NOON, NOON.replace(tzinfo=None), "time zone"),
    ],
)
def test_a_period_that_is_none_is_a_fault(start, end, said):
    with pytest.raises(ValueError, match=said):
        together([], start=start, end=end)


# Around the night when the clocks go back, in steps of a quarter of an hour.
ORIGIN = datetime(2026, 10, 24, 12, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
moments = st.integers(0, 200).map(lambda n: ORIGIN + n * QUARTER)


@st.composite
def rosters(draw):
    found = []
    for _ in range(draw(st.integers(0, 8))):
        start = draw(moments)
        length = draw(st.integers(1, 60)) * QUARTER
        found.append(on(draw(st.sampled_from("ABCD")), start, start + length))
    return found


@given(rosters(), st.integers(0, 120), st.integers(1, 96))
def test_it_is_what_a_slow_count_of_each_quarter_gives(duties, begins, quarters):
    start = ORIGIN + begins * QUARTER
    end = start + quarters * QUARTER
    pieces = together(duties, start=start, end=end)
    slow = [
        {d.person for d in duties if d.starts_at <= moment < d.ends_at}
        for moment in (start + n * QUARTER for n in range(quarters))
    ]
    expected = AloneCount(
        alone=sum(len(people) == 1 for people in slow) * QUARTER,
        uncovered=sum(not people for people in slow) * QUARTER,
    )
    by_day = alone_by_day(pieces, zone=OSLO)
    assert sum(by_day.values(), AloneCount()) == expected
    assert sum(alone_by_hour(pieces, zone=OSLO), AloneCount()) == expected


@given(rosters(), st.integers(0, 120), st.integers(1, 96))
def test_the_pieces_are_the_period_whole_and_neighbours_differ(
    duties, begins, quarters
):
    start = ORIGIN + begins * QUARTER
    end = start + quarters * QUARTER
    pieces = together(duties, start=start, end=end)
    assert (pieces[0].starts_at, pieces[-1].ends_at) == (start, end)
    for one, next_one in itertools.pairwise(pieces):
        assert one.ends_at == next_one.starts_at
        assert one.people != next_one.people
    assert list(alone_by_day(pieces, zone=OSLO)) == sorted(
        alone_by_day(pieces, zone=OSLO)
    )


@given(rosters(), st.sampled_from("ABCD"), moments)
def test_one_more_on_duty_never_makes_it_more_uncovered(duties, person, start):
    end = ORIGIN + 260 * QUARTER
    more = [*duties, on(person, start, start + 8 * HOUR)]

    def total(rows):
        pieces = together(rows, start=ORIGIN, end=end)
        return sum(alone_by_day(pieces, zone=OSLO).values(), AloneCount())

    assert total(more).uncovered <= total(duties).uncovered
