"""When people ring: the shares of the hours, and the days that are special."""

from datetime import UTC, date, datetime

import numpy as np
import pytest

from tests.unit.engines.demo.demo_district import demo
from varde.engines.demo.hours import OSLO, is_off, period_of, year_of_hours


@pytest.mark.parametrize(("year", "hours"), [(2023, 8760), (2024, 8784)])
def test_a_year_has_all_its_hours_and_they_share_out_the_year(year, hours):
    made = year_of_hours(demo(), year)
    assert len(made.starts) == hours
    assert made.share.sum() == pytest.approx(1.0)
    assert (made.share > 0).all()
    assert made.starts[0].item() == datetime(year - 1, 12, 31, 23, tzinfo=None)


def test_four_of_ten_come_on_days_off():
    for year in (2022, 2023, 2025):
        made = year_of_hours(demo(), year)
        assert made.share[made.is_off].sum() == pytest.approx(0.40)


def test_weekends_alone_have_what_is_published_of_2022():
    # Vakttårn 2022: 36.5 per cent at weekends. It was not used to make the shares.
    made = year_of_hours(demo(), 2022)
    weekday = (made.starts + np.timedelta64(1, "h")).astype("datetime64[D]").astype(int)
    is_weekend = (weekday + 3) % 7 >= 5
    assert made.share[is_weekend].sum() == pytest.approx(0.365, abs=0.01)


def test_day_afternoon_and_night_have_the_shares_that_follow_from_the_table():
    made = year_of_hours(demo(), 2023)
    shares = sum(
        np.bincount(period_of(made.local_minute + half), weights=made.share / 2)
        for half in (0, 30)
    )
    wanted = demo().published.period_share
    assert shares == pytest.approx(
        [wanted["day"], wanted["afternoon"], wanted["night"]], abs=0.01
    )


def test_the_local_clock_follows_summer_time():
    made = year_of_hours(demo(), 2024)
    for row in (0, 2140, 2141, 2142, 5000, 7200, 7201, 8783):
        at = made.starts[row].item().replace(tzinfo=UTC).astimezone(OSLO)
        assert made.local_minute[row] == 60 * at.hour
        assert made.local_day[row] == at.timetuple().tm_yday - 1
        assert made.month[row] == at.month


@pytest.mark.parametrize(
    ("day", "off"),
    [
        (date(2023, 4, 6), True),  # Maundy Thursday
        (date(2023, 4, 5), False),
        (date(2023, 5, 17), True),
        (date(2023, 12, 24), True),  # a Sunday
        (date(2024, 12, 24), False),  # Christmas Eve is no public holiday
        (date(2023, 9, 2), True),  # a Saturday
        (date(2023, 9, 4), False),
    ],
)
def test_days_off_are_saturdays_sundays_and_public_holidays(day, off):
    assert is_off(day) is off


def test_christmas_and_easter_are_the_busiest_days():
    made = year_of_hours(demo(), 2023)
    by_day = np.bincount(made.local_day, weights=made.share)
    special = {
        *(date(2023, 12, d) for d in (24, 25, 26, 30, 31)),
        date(2023, 1, 1),
        *(date(2023, 4, d) for d in range(6, 11)),
    }
    numbers = [day.timetuple().tm_yday - 1 for day in special]
    assert set(np.argsort(-by_day)[: len(special)]) == set(numbers)


def test_winter_has_more_than_late_spring():
    made = year_of_hours(demo(), 2023)
    by_month = (
        np.bincount(made.month, weights=made.share)[1:] / np.bincount(made.month)[1:]
    )
    assert by_month[[0, 1, 2, 11]].min() > by_month[[4, 5, 7]].max()


def test_afternoons_are_the_busiest_of_a_weekday_and_nights_the_quietest():
    made = year_of_hours(demo(), 2023)
    on = ~made.is_off
    by_hour = np.bincount(made.local_minute[on] // 60, weights=made.share[on])
    assert by_hour.argmax() in range(16, 20)
    assert by_hour.argmin() in range(2, 6)
