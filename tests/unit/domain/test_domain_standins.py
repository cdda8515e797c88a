"""Who answers for a function: the order, the days, the hours, the gaps."""

import itertools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from varde.domain.standins import (
    Away,
    Cover,
    Hours,
    OfficeHours,
    answering,
    gaps,
    pieces,
    share_covered,
)


OSLO = ZoneInfo("Europe/Oslo")
DAY = date(2026, 3, 2)  # a Monday
OFFICE = OfficeHours(
    opens=time(8),
    closes=time(15, 30),
    zone=OSLO,
    holidays=frozenset({date(2026, 3, 4)}),
)


def at(day, hour, minute=0):
    return datetime(2026, 3, day, hour, minute, tzinfo=OSLO)


def cover(person, rank=0, *, first=DAY, last=None, hours=Hours.ALL):
    return Cover(person=person, rank=rank, first=first, last=last, hours=hours)


def who(covers, moment, away=()):
    found = answering(covers, away, at=moment, office=OFFICE)
    return found.person if found else None


@pytest.mark.parametrize(
    ("day", "hour", "minute", "is_open"),
    [
        (2, 7, 59, False),
        (2, 8, 0, True),
        (2, 15, 29, True),
        (2, 15, 30, False),
        (4, 12, 0, False),  # a holiday
        (7, 12, 0, False),  # a Saturday
    ],
)
def test_office_hours_are_on_working_days_to_the_minute(day, hour, minute, is_open):
    assert OFFICE.are_open(at(day, hour, minute)) is is_open


def test_an_office_closes_after_it_opens():
    with pytest.raises(ValueError, match="closes"):
        OfficeHours(opens=time(8), closes=time(8), zone=OSLO)


def test_the_first_in_the_order_who_is_there_answers():
    covers = [cover("B", 1), cover("A", 0), cover("C", 2)]
    monday = Away(person="A", first=DAY, last=DAY)
    assert who(covers, at(2, 23, 59), [monday]) == "B"
    assert who(covers, at(3, 0), [monday]) == "A"
    for_good = [Away(person=one, first=DAY) for one in "AB"]
    assert who(covers, at(9, 3), for_good) == "C"
    assert who(covers[:2], at(9, 3), for_good) is None


def test_the_days_are_whole_and_the_last_is_one_of_them():
    one = [cover("A", first=date(2026, 3, 3), last=date(2026, 3, 3))]
    moments = [at(2, 23, 59), at(3, 0), at(3, 23, 59), at(4, 0)]
    assert [who(one, moment) for moment in moments] == [None, "A", "A", None]


def test_the_hours_of_the_day_are_shared_between_two():
    covers = [cover("A", hours=Hours.OFFICE), cover("B", 1, hours=Hours.OUTSIDE)]
    moments = [at(2, 7, 59), at(2, 8), at(2, 15, 30), at(4, 12)]
    assert [who(covers, moment) for moment in moments] == ["B", "A", "B", "B"]


def test_of_two_with_the_same_rank_the_one_who_began_last_answers():
    covers = [cover("A"), cover("B", first=date(2026, 3, 3))]
    assert who(covers, at(2, 12)) == "A"
    assert who(covers, at(3, 12)) == "B"


def test_a_gap_is_told_with_its_times_and_its_share():
    covers = [cover("A", hours=Hours.OFFICE)]
    found = pieces(covers, [], starts_at=at(2, 0), ends_at=at(3, 0), office=OFFICE)
    empty = gaps(found)
    assert [(one.starts_at, one.ends_at) for one in empty] == [
        (at(2, 0), at(2, 8)),
        (at(2, 15, 30), at(3, 0)),
    ]
    assert share_covered(found) == pytest.approx(7.5 / 24)


def test_neighbours_with_the_same_answer_are_one_piece():
    found = pieces(
        [cover("A")], [], starts_at=at(2, 5), ends_at=at(20, 7), office=OFFICE
    )
    assert [(one.starts_at, one.ends_at) for one in found] == [(at(2, 5), at(20, 7))]
    assert share_covered(found) == 1.0


def test_a_night_when_the_clock_is_moved_has_its_true_length():
    sunday = date(2026, 3, 29)  # 23 hours
    found = pieces(
        [cover("A", last=date(2026, 3, 28))],
        [],
        starts_at=datetime.combine(sunday, time(), OSLO),
        ends_at=datetime.combine(sunday + timedelta(days=1), time(), OSLO),
        office=OFFICE,
    )
    assert [one.length for one in found] == [timedelta(hours=23)]
    assert share_covered(found) == 0.0


def test_nothing_is_not_covered_and_a_period_ends_after_it_starts():
    assert share_covered([]) == 0.0
    with pytest.raises(ValueError, match="before it starts"):
        pieces([], [], starts_at=at(2, 1), ends_at=at(2, 1), office=OFFICE)


DAYS = st.integers(0, 30).map(lambda n: DAY + timedelta(days=n))
LASTS = st.none() | DAYS
COVERS = st.lists(
    st.builds(
        Cover,
        person=st.sampled_from("ABC"),
        rank=st.integers(0, 2),
        first=DAYS,
        last=LASTS,
        hours=st.sampled_from(Hours),
    ),
    max_size=5,
)
AWAYS = st.lists(
    st.builds(Away, person=st.sampled_from("ABC"), first=DAYS, last=LASTS), max_size=3
)


@given(COVERS, AWAYS, st.integers(0, 28 * 96 - 1))
def test_the_pieces_say_the_same_as_asking_at_each_quarter(covers, away, quarter):
    start, end = at(2, 0).astimezone(UTC), at(30, 0).astimezone(UTC)
    found = pieces(covers, away, starts_at=start, ends_at=end, office=OFFICE)
    assert found[0].starts_at == start
    assert found[-1].ends_at == end
    for one, after in itertools.pairwise(found):
        assert one.ends_at == after.starts_at
        assert one.cover != after.cover
    moment = start + timedelta(minutes=15 * quarter)
    if moment < end:
        piece = next(p for p in found if p.starts_at <= moment < p.ends_at)
        assert piece.cover == answering(covers, away, at=moment, office=OFFICE)
