"""The limits of a rota: the stricter of the law's and the place's own, and the eves."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime

import pytest

from tests.make_rota import CALENDAR, HOLIDAYS, LIMITS, limits
from varde.domain.rota.limits import LEAST, MOST, Limits, eves_of, strictest


@pytest.mark.parametrize("name", sorted(LEAST - {"nights_in_a_row"}))
def test_of_what_is_allowed_the_least_counts(name):
    law = getattr(LIMITS, name)
    assert getattr(strictest(LIMITS, limits(**{name: law - 1})), name) == law - 1
    assert getattr(strictest(LIMITS, limits(**{name: law + 1})), name) == law


@pytest.mark.parametrize("name", sorted(MOST - {"days_between"}))
def test_of_what_is_demanded_the_most_counts(name):
    law = getattr(LIMITS, name)
    assert getattr(strictest(LIMITS, limits(**{name: law + 1})), name) == law + 1
    assert getattr(strictest(LIMITS, limits(**{name: law - 1})), name) == law


@pytest.mark.parametrize(
    ("law", "local", "holds"),
    [(None, None, None), (None, 4, 4), (4, None, 4), (3, 4, 3), (4, 3, 3)],
)
def test_a_limit_that_only_one_of_them_has_holds(law, local, holds):
    chosen = strictest(limits(nights_in_a_row=law), limits(nights_in_a_row=local))
    assert chosen.nights_in_a_row == holds


@pytest.mark.parametrize("law", [True, False])
@pytest.mark.parametrize("local", [True, False])
def test_that_the_colleague_of_a_lis1_is_present_is_the_place_s_own(law, local):
    chosen = strictest(limits(lis1_presence=law), limits(lis1_presence=local))
    assert chosen.lis1_presence is local


def test_the_second_tier_is_that_of_both():
    chosen = strictest(limits(second_tier={"a": "b"}), limits(second_tier={"c": "d"}))
    assert chosen.second_tier == {"a": "b", "c": "d"}


def test_each_number_of_working_hours_has_its_direction():
    """A new limit must say which way is stricter, or be known to have none."""
    without = {"calendar", "sunday_from", "sunday_to", "night", "evening", "eve_from"}
    without |= {
        "account_hours",
        "second_tier",
        "lis1_presence",
        "doctor_posts",
        "backup_posts",
    }
    without |= {"operator_posts"}
    assert {each.name for each in fields(Limits)} == LEAST | MOST | without


def test_the_eves_of_a_year():
    found = eves_of(frozenset(day for day in HOLIDAYS if day.year == 2026))
    assert found == {
        date(2026, 4, 4),  # before Easter Sunday
        date(2026, 5, 23),  # before Whit Sunday
        date(2026, 12, 24),
        date(2026, 12, 31),
    }


def test_an_eve_that_is_a_holiday_is_no_eve():
    assert eves_of({date(2026, 12, 24), date(2026, 12, 25)}) == {date(2026, 12, 31)}


@pytest.mark.parametrize(
    ("day", "is_free"),
    [(15, False), (16, False), (17, True), (18, True), (19, False)],
)
def test_free_days_are_saturdays_and_sundays(day, is_free):
    assert CALENDAR.is_free(date(2026, 1, day)) is is_free


def test_free_days_are_holidays_too():
    assert CALENDAR.is_free(date(2026, 5, 1))


def test_the_clock_of_the_place_is_a_true_moment():
    noon = CALENDAR.at(date(2026, 7, 1), datetime(2026, 1, 1, 12).time())
    assert noon.astimezone(UTC).hour == 10


def test_the_place_keeps_its_own_calendar():
    local = replace(LIMITS, calendar=replace(CALENDAR, holidays=frozenset()))
    assert strictest(LIMITS, local).calendar.holidays == frozenset()
