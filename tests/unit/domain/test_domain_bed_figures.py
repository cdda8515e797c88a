from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from varde.domain.bed_figures import Part, occupancy_by_day, ohd_year
from varde.domain.beds import BedStay


OSLO = ZoneInfo("Europe/Oslo")
LATER = datetime(2030, 1, 1, tzinfo=UTC)
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


def local(text):
    return datetime.fromisoformat(text).replace(tzinfo=OSLO)


def stay(begins, ends=None, *, bed="1", outcome=None):
    return BedStay(
        bed=bed,
        admitted_at=local(begins),
        ended_at=local(ends) if ends else None,
        outcome=outcome,
    )


def occupancy(*stays, first, days=1, now=LATER, beds=1):
    period = [first + timedelta(days=n) for n in range(days)]
    return occupancy_by_day(
        stays,
        first_on=first,
        until_on=first + timedelta(days=days),
        zone=OSLO,
        now=now,
        beds={} if beds is None else dict.fromkeys(period, beds),
    )


@pytest.mark.parametrize(("on", "hours"), [(SPRING, 23), (AUTUMN, 25)])
def test_a_bed_full_the_whole_day_is_full_when_the_clocks_change(on, hours):
    whole = stay("2026-01-01", "2026-12-31")
    (day,) = occupancy(whole, first=on)
    assert (day.on, day.day_hours, day.bed_hours, day.share) == (on, hours, hours, 1)


@pytest.mark.parametrize(
    ("begins", "ends", "hours"),
    [
        ("2026-03-29T00:00", "2026-03-29T04:00", 3),
        ("2026-03-29T04:00", "2026-03-30T00:00", 20),
        ("2026-03-28T12:00", "2026-03-30T12:00", 23),
        ("2026-03-28T00:00", "2026-03-29T00:00", 0),  # home at midnight
        ("2026-03-30T00:00", "2026-03-31T00:00", 0),
        ("2026-03-20T00:00", "2026-03-21T00:00", 0),
        ("2026-03-29T12:00", "2026-03-29T12:00", 0),
        ("2026-03-29T12:00", None, 12),
    ],
)
def test_the_hours_of_a_stay_that_fall_on_a_day(begins, ends, hours):
    (day,) = occupancy(stay(begins, ends), first=SPRING)
    assert day.bed_hours == hours


@pytest.mark.parametrize(
    ("beds", "share"), [(None, None), (0, None), (1, 1.5), (2, 0.75), (3, 0.5)]
)
def test_the_share_is_of_the_beds_and_none_where_they_are_not_known(beds, share):
    both = [
        stay("2026-05-01", "2026-05-02"),
        stay("2026-05-01T12:00", "2026-05-02", bed="2"),
    ]
    (day,) = occupancy(*both, first=date(2026, 5, 1), beds=beds)
    assert (day.bed_hours, day.beds, day.share) == (36, beds, share)


def test_what_has_not_been_is_not_counted():
    days = occupancy(
        stay("2026-05-01T06:00"),
        stay("2026-05-02T18:00"),  # planned: it has not begun
        first=date(2026, 5, 1),
        days=3,
        now=local("2026-05-02T12:00"),
    )
    assert [day.seen_hours for day in days] == [24, 12, 0]
    assert [day.bed_hours for day in days] == [18, 12, 0]
    assert [day.share for day in days] == [0.75, 1, None]


def test_an_empty_bed_is_a_share_of_0_and_an_empty_period_has_no_days():
    (day,) = occupancy(first=date(2026, 5, 1))
    assert day.share == 0
    assert occupancy(stay("2026-05-01"), first=date(2026, 5, 1), days=0) == ()


# From the end of a year to after the clocks changed, in quarters of an hour.
quarters = st.integers(0, 60 * 24 * 4)
some_stays = st.lists(
    st.tuples(quarters, st.integers(0, 2000), st.booleans()), max_size=6
)
FIRST = datetime(2026, 2, 15, tzinfo=UTC)


def quarter(number):
    return FIRST + timedelta(minutes=15 * number)


@given(stays=some_stays, now=quarters)
@settings(max_examples=15)
def test_the_days_add_up_to_all_bed_hours(stays, now):
    kept = [
        BedStay(
            bed=str(number),
            admitted_at=quarter(begins),
            ended_at=quarter(begins + length) if has_ended else None,
        )
        for number, (begins, length, has_ended) in enumerate(stays)
    ]
    whole = sum(
        max(0, min(now, begins + length if has_ended else now) - begins) / 4
        for begins, length, has_ended in stays
    )
    days = occupancy_by_day(
        kept,
        first_on=date(2026, 2, 14),
        until_on=date(2026, 5, 10),
        zone=OSLO,
        now=quarter(now),
        beds={},
    )
    assert sum(day.bed_hours for day in days) == pytest.approx(whole)
    assert all(0 <= d.seen_hours <= d.day_hours for d in days)
    assert {d.day_hours for d in days} == {23, 24}


def figures(*stays, year=2026, now=LATER, limit_hours=72.0):
    return ohd_year(
        stays,
        year=year,
        zone=OSLO,
        now=now,
        outcomes=("home", "hospital"),
        limit_hours=limit_hours,
    )


def test_the_figures_of_a_year_by_hand():
    found = figures(
        stay("2026-01-10", "2026-01-12", outcome="home"),  # 48
        stay("2026-02-01", "2026-02-04", outcome="home"),  # 72: at the limit
        stay("2026-03-27", "2026-03-31", outcome="hospital"),  # 95: an hour was lost
        stay("2026-05-01", "2026-05-02"),  # 24
    )
    assert (found.year, found.admitted, found.ended) == (2026, 4, 4)
    assert found.bed_hours == 48 + 72 + 95 + 24
    assert found.mean_hours == pytest.approx((48 + 72 + 95 + 24) / 4)
    assert found.median_hours == 60
    assert found.over_limit == Part(count=1, of=4)
    assert found.outcomes == {
        "home": Part(count=2, of=3),
        "hospital": Part(count=1, of=3),
    }
    assert found.outcomes["home"].share == pytest.approx(2 / 3)
    assert found.outcome_unknown == 1
    assert found.there_at_the_end == 0


@pytest.mark.parametrize(
    ("begins", "ends", "admitted", "ended", "there", "hours"),
    [
        ("2025-12-30", "2025-12-31", 0, 0, 0, 0),
        ("2025-12-31", "2026-01-01", 0, 1, 0, 0),  # home as the year began
        ("2025-12-31", "2026-01-03", 0, 1, 0, 48),
        ("2026-12-30", "2027-01-05", 1, 0, 1, 48),
        ("2026-12-31", "2027-01-01", 1, 0, 1, 24),
        ("2025-06-01", "2027-06-01", 0, 0, 1, 8760),
        ("2026-12-31", None, 1, 0, 1, 24),
        ("2027-01-01", "2027-01-02", 0, 0, 0, 0),
    ],
)
def test_the_year_is_half_open(begins, ends, admitted, ended, there, hours):
    found = figures(stay(begins, ends))
    assert (found.admitted, found.ended) == (admitted, ended)
    assert (found.there_at_the_end, found.bed_hours) == (there, hours)


def test_within_the_year_the_figures_are_so_far():
    found = figures(
        stay("2026-05-01"),
        stay("2026-05-01", "2026-05-05"),  # written ahead: it has not ended yet
        stay("2026-06-01"),
        now=local("2026-05-03"),
    )
    assert (found.admitted, found.ended, found.there_at_the_end) == (2, 0, 2)
    assert found.bed_hours == 96


def test_without_stays_there_is_no_mean_and_no_share():
    found = figures()
    assert (found.admitted, found.bed_hours) == (0, 0)
    assert (found.mean_hours, found.median_hours) == (None, None)
    assert found.outcomes["home"].share is None
    assert found.over_limit.share is None


def test_without_a_limit_nothing_is_counted_against_it():
    kept = stay("2026-05-01", "2026-05-30", outcome="home")
    assert figures(kept, limit_hours=None).over_limit is None


@given(stays=some_stays)
@settings(max_examples=5)
def test_the_year_has_the_hours_of_its_days(stays):
    kept = [
        BedStay(
            bed="1",
            admitted_at=quarter(begins),
            ended_at=quarter(begins + length) if has_ended else None,
        )
        for begins, length, has_ended in stays
    ]
    days = occupancy(*kept, first=date(2026, 1, 1), days=365)
    assert figures(*kept).bed_hours == pytest.approx(sum(d.bed_hours for d in days))


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (
            lambda: figures(stay("2026-05-01", "2026-05-02", outcome="hme")),
            r"not in the list: \{'hme': 1\}\. The list has home, hospital",
        ),
        (lambda: figures(limit_hours=0), "limit_hours must be above 0, got 0"),
        (lambda: figures(now=datetime(2026, 1, 1)), "now has no time zone"),
        (
            lambda: occupancy(first=SPRING, now=datetime(2026, 1, 1)),
            "now has no time zone",
        ),
        (lambda: occupancy(first=SPRING, days=-1), "the period ends .* before"),
        (lambda: occupancy(first=SPRING, beds=-1), "beds on 2026-03-29 are negative"),
    ],
)
def test_what_cannot_be_is_refused(fault, message):
    with pytest.raises(ValueError, match=message):
        fault()


def test_the_day_is_that_of_the_zone_also_west_of_greenwich():
    west = ZoneInfo("America/New_York")
    evening = BedStay(
        bed="1",
        admitted_at=datetime(2026, 5, 1, 22, tzinfo=west),
        ended_at=datetime(2026, 5, 2, 1, tzinfo=west),
    )
    days = occupancy_by_day(
        [evening],
        first_on=date(2026, 5, 1),
        until_on=date(2026, 5, 3),
        zone=west,
        now=LATER,
        beds={},
    )
    assert [day.bed_hours for day in days] == [2, 1]
