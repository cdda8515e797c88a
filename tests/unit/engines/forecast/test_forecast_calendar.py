"""The days that stand out in Norway, and what is refused in the file of them."""

from datetime import date

import pytest

from varde import content
from varde.domain.errors import BadInput
from varde.engines.forecast.calendar import day_of, load, public_holidays


CALENDAR = load(content.demand_calendar_text(), filename="demand_calendar.yaml")


def told(text, **options):
    return day_of(date.fromisoformat(text), calendar=CALENDAR, **options)


@pytest.mark.parametrize(
    ("day", "marks", "closed_from"),
    [
        ("2026-04-01", {"easter_monday_to_wednesday", "easter_wednesday"}, 12),
        ("2026-04-02", {"Maundy Thursday"}, 0),
        ("2026-04-03", {"Good Friday"}, 0),
        ("2026-04-04", {"easter_saturday"}, 0),
        ("2026-04-05", {"Easter Sunday"}, None),  # a Sunday as it is
        ("2026-04-07", set(), None),
        ("2026-05-15", {"squeezed"}, None),  # the day after Ascension
        ("2026-05-16", {"constitution_eve"}, None),  # a Saturday
        ("2026-05-23", {"whit_saturday"}, 0),
        ("2025-05-01", {"Labor Day"}, 0),
        ("2025-05-02", {"squeezed"}, None),
        ("2026-12-24", {"christmas_eve"}, 0),
        ("2026-12-25", {"Christmas Day"}, 0),
        ("2026-12-28", {"christmas_days"}, None),
        ("2026-12-31", {"new_years_eve"}, 12),
        ("2027-01-01", {"New Year's Day"}, 0),
        ("2026-07-06", {"common_summer"}, None),  # Monday of week 28
        ("2026-07-24", {"common_summer"}, None),
        ("2026-07-25", set(), None),  # the Saturday
        ("2026-07-27", set(), None),  # week 31
        ("2026-11-20", set(), None),
    ],
)
def test_how_a_day_stands_out(day, marks, closed_from):
    found = told(day)
    assert (set(found.marks), found.closed_from) == (marks, closed_from)


@pytest.mark.parametrize(
    ("day", "county", "marks"),
    [
        ("2026-02-16", "Oslo", {"school_winter"}),  # Monday of week 8
        ("2026-02-23", "Oslo", set()),
        ("2026-02-23", "Nordland", {"school_winter"}),
        ("2023-03-06", "Nordland", {"school_winter"}),  # week 10 until 2024
        ("2026-02-23", "", set()),
        ("2026-02-23", "Viken", set()),  # not a county any more: nothing is known
        ("2026-10-05", "Vestland", {"school_autumn"}),
        ("2026-10-10", "Vestland", set()),  # Saturday
        ("2019-02-18", "Oslo", set()),  # before what the file knows
    ],
)
def test_the_schools_holidays_are_the_countys(day, county, marks):
    assert set(told(day, county=county).marks) == marks


def test_another_country_has_its_public_holidays_and_no_more():
    thanksgiving = told("2017-11-23", country="US")
    assert (set(thanksgiving.marks), thanksgiving.closed_from) == (
        {"Thanksgiving Day"},
        0,
    )
    assert told("2017-12-31", country="US").marks == frozenset()
    assert told("2017-12-25", country="").marks == frozenset()


def test_a_country_that_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="no holidays are known"):
        public_holidays("XX", 2026)


def test_every_hour_is_in_a_block():
    assert [CALENDAR.block_of(hour) for hour in (0, 7, 8, 12, 19, 20, 23)] == [
        0,
        0,
        1,
        2,
        3,
        4,
        4,
    ]


DAY = "{code: a, words: b, source: c, valid_from: 2020-01-01, easter: [0, 0]}"
SCHOOL = "{school: winter, source: c, valid_from: 2020-01-01, weeks: {Oslo: 8}}"
FILE = f"blocks: [0, 8]\ndays: [{DAY}]\nschool_weeks: [{SCHOOL}]\n"


def test_a_row_holds_to_its_last_day_and_unverified_is_kept():
    row = DAY.replace("easter", "verified: false, valid_to: 2026-04-05, easter")
    calendar = load(FILE.replace(DAY, row), filename="c.yaml")
    easter = [date(2025, 4, 20), date(2026, 4, 5)]
    assert ["a" in day_of(day, calendar=calendar).marks for day in easter] == [
        True,
        False,
    ]
    assert not calendar.days[0].verified
    assert load(FILE, filename="c.yaml").days[0].verified


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("blocks: [0, 8]", "blocks: 8", "no blocks"),
        ("blocks: [0, 8]", "blocks: [8]", "no blocks"),
        ("blocks: [0, 8]", "blocks: [0, 24]", "no blocks"),
        ("blocks: [0, 8]", "blocks: [0, 8, 8]", "no blocks"),
        (DAY, f"{DAY}, {DAY}", "more than once"),
        (
            "source: c, valid_from: 2020-01-01, easter",
            "valid_from: 2020-01-01, easter",
            "'source'",
        ),
        ("valid_from: 2020-01-01, easter", "valid_from: soon, easter", "no date"),
        ("easter: [0, 0]", "squeezed: true, easter: [0, 0]", "must have one of"),
        (", easter: [0, 0]", "", "must have one of"),
        ("easter: [0, 0]", "easter: 3", "a first and a last"),
        ("easter: [0, 0]", "easter: [3]", "a first and a last"),
        ("easter: [0, 0]", "weeks: [a, b]", "a first and a last"),
        ("easter: [0, 0]", 'date: ["12-31", "12-24"]', "a first and a last"),
        ("easter: [0, 0]", "easter: [0, 0], closed_from: 24", "closed_from"),
        ("easter: [0, 0]", "easter: [0, 0], closed_from: noon", "closed_from"),
        ("easter: [0, 0]", "school: spring", "without weeks: spring"),
        ("weeks: {Oslo: 8}", "weeks: 8", "no weeks"),
        ("weeks: {Oslo: 8}", "weeks: {Oslo: 54}", "no weeks"),
        ("source: c, valid_from: 2020-01-01, weeks", "source: c, weeks", "no date"),
    ],
)
def test_a_file_that_is_not_whole_is_refused(was, becomes, said):
    assert was in FILE
    with pytest.raises(BadInput, match=said):
        load(FILE.replace(was, becomes), filename="c.yaml")


def test_a_schools_row_may_end():
    row = SCHOOL.replace("weeks", "valid_to: 2021-01-01, verified: false, weeks")
    (found,) = load(FILE.replace(SCHOOL, row), filename="c.yaml").school_weeks
    assert (found.valid_to, found.verified) == (date(2021, 1, 1), False)
