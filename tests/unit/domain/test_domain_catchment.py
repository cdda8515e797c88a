from datetime import UTC, date, datetime, time

import pytest

from varde.domain.catchment import is_day


HOURS = {"starts": time(8), "ends": time(15, 30)}


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 11, 20, 7, 59, 59, tzinfo=UTC), False),  # Friday
        (datetime(2026, 11, 20, 8, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 20, 15, 29, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 20, 15, 30, tzinfo=UTC), False),
        (datetime(2026, 11, 21, 12, 0, tzinfo=UTC), False),  # Saturday
        (datetime(2026, 12, 25, 12, 0, tzinfo=UTC), False),  # Friday, a holiday
    ],
)
def test_the_day_is_the_day_hours_of_working_days(at, day):
    assert is_day(at, holidays={date(2026, 12, 25)}, **HOURS) is day


def test_a_moment_needs_a_time_zone_and_the_hours_must_follow_each_other():
    with pytest.raises(ValueError, match="no time zone"):
        is_day(datetime(2026, 11, 20, 12), **HOURS)
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    for ends in (time(8), time(7)):
        with pytest.raises(ValueError, match="at or after its end"):
            is_day(noon, starts=time(8), ends=ends)
