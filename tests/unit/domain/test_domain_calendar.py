"""Working days, dated settings and duties: what holds on a day or at a moment."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from varde.domain.duty import Duty, on_duty, reachable
from varde.domain.settings import SettingMissing, SettingsOverlap, dated
from varde.domain.workdays import is_workday, next_workday


EASTER_2026 = {date(2026, 4, d) for d in (2, 3, 5, 6)}
NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (date(2026, 3, 30), date(2026, 3, 31)),  # Monday
        (date(2026, 4, 1), date(2026, 4, 7)),  # Wednesday before Easter
        (date(2026, 4, 4), date(2026, 4, 7)),  # Saturday in Easter
        (date(2026, 4, 10), date(2026, 4, 13)),  # Friday
        (date(2026, 4, 11), date(2026, 4, 13)),  # Saturday
        (date(2026, 4, 12), date(2026, 4, 13)),  # Sunday
    ],
)
def test_the_next_working_day_leaves_out_weekends_and_holidays(after, expected):
    assert next_workday(after, holidays=EASTER_2026) == expected


@given(
    after=st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    offsets=st.sets(st.integers(0, 14)),
)
@settings(max_examples=30)
def test_no_day_between_is_a_working_day(after, offsets):
    holidays = {after + timedelta(days=offset) for offset in offsets}
    found = next_workday(after, holidays=holidays)
    assert is_workday(found, holidays=holidays)
    between = [after + timedelta(days=n) for n in range(1, (found - after).days)]
    assert not any(is_workday(day, holidays=holidays) for day in between)


@dataclass(frozen=True)
class Row:
    value: int
    valid_from: date
    valid_to: date | None


OLD = Row(55, date(2013, 1, 1), date(2013, 7, 1))
NEW = Row(60, date(2013, 7, 1), None)


@pytest.mark.parametrize(
    ("on", "value"),
    [
        (date(2013, 1, 1), 55),
        (date(2013, 6, 30), 55),
        (date(2013, 7, 1), 60),
        (date(2099, 1, 1), 60),
    ],
)
def test_a_setting_holds_from_its_first_day_up_to_its_last_not_included(on, value):
    assert dated(iter([NEW, OLD]), on=on, name="age").value == value


def test_a_missing_setting_is_an_error_that_shows_what_there_is():
    with pytest.raises(SettingMissing) as missing:
        dated([OLD, NEW], on=date(2012, 12, 31), name="age")
    assert str(missing.value) == (
        "setting 'age' has no value on 2012-12-31; it has "
        "2013-01-01 to 2013-07-01, 2013-07-01 to open. Nothing was computed. "
        "Add a value with its source that holds on the day."
    )
    with pytest.raises(SettingMissing, match="it has none"):
        dated([], on=date(2013, 1, 1), name="age")


def test_two_settings_at_once_are_an_error_and_not_a_choice():
    also = Row(58, date(2013, 3, 1), None)
    with pytest.raises(SettingsOverlap) as overlap:
        dated([OLD, also], on=date(2013, 3, 1), name="age")
    assert str(overlap.value) == (
        "setting 'age' has 2 values on 2013-03-01: "
        "2013-01-01 to 2013-07-01, 2013-03-01 to open. Nothing was computed. "
        "End one of them before the next begins."
    )
    assert dated([OLD, also], on=date(2013, 2, 28), name="age") == OLD


def duty(person, role, start, end, is_reachable=None):
    return Duty(
        person=person,
        role=role,
        starts_at=NOON + timedelta(hours=start),
        ends_at=NOON + timedelta(hours=end),
        is_reachable=is_reachable,
    )


DUTIES = [
    duty("Ola", "operator", 0, 8),
    duty("Siv", "doctor", 4, 12, is_reachable=False),
    duty("Kari", "doctor", -4, 4, is_reachable=True),
    duty("Moe", "bakvakt", -4, 20, is_reachable=True),
]


@pytest.mark.parametrize(
    ("hour", "role", "people"),
    [
        (-5, None, []),
        (-4, None, ["Moe", "Kari"]),
        (0, None, ["Moe", "Kari", "Ola"]),
        (3.99, "doctor", ["Kari"]),
        (4, "doctor", ["Siv"]),
        (4, "driver", []),
        (20, None, []),
    ],
)
def test_at_the_change_only_the_one_who_begins_is_on_duty(hour, role, people):
    found = on_duty(DUTIES, at=NOON + timedelta(hours=hour), role=role)
    assert [d.person for d in found] == people


def test_only_those_known_to_be_reachable_are_reachable():
    at = NOON + timedelta(hours=5)
    assert [d.person for d in reachable(DUTIES, at=at)] == ["Moe"]
    assert reachable(DUTIES, at=at, role="doctor") == ()


def test_two_of_one_role_stand_by_start_and_name():
    pair = [duty("B", "x", 0, 1), duty("A", "x", 0, 1), duty("C", "x", -1, 1)]
    assert [d.person for d in on_duty(pair, at=NOON)] == ["C", "A", "B"]


def test_a_duty_without_time_zone_or_backwards_is_refused():
    with pytest.raises(ValueError, match=r"ends .* before it starts"):
        duty("A", "x", 1, 1)
    naive = NOON.replace(tzinfo=None)
    for start, end in ((naive, NOON), (NOON, naive)):
        with pytest.raises(ValueError, match="no time zone"):
            Duty(person="A", role="x", starts_at=start, ends_at=end)
