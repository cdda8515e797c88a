"""The reader of INRC-I: what is read, and how each fault is said."""

from datetime import date

import pytest

from tests.unit.engines.rostering.tiny import INRC1, INRC1_LATER, inrc1
from varde.domain.errors import BadInput
from varde.engines.rostering.inrc1 import (
    Limit,
    Pattern,
    Request,
    ShiftType,
    Step,
    read_inrc1,
)


def test_everything_is_read():
    instance = inrc1()
    assert (instance.first_on, instance.days) == (date(2010, 1, 7), 5)
    assert instance.shifts == (
        ShiftType("E", False, frozenset({"Nurse"})),
        ShiftType("N", True, frozenset({"Head"})),
    )
    contract = instance.nurses[1].contract
    assert contract.rules["most_shifts"] == Limit(2, 3)
    assert contract.rules["whole_weekends"] == Limit(12)
    assert contract.weekend == (5, 6)
    assert contract.patterns == (
        Pattern(17, (Step("E", None), Step("N", None))),
        Pattern(19, (Step("None", 4), Step("Any", 5), Step("Any", 6))),
    )
    assert instance.nurses[0].skills == {"Nurse", "Head"}
    assert instance.need == ((1, 0), (0, 0), (0, 1), (1, 0), (0, 1))
    assert instance.off == (Request(0, 0, None, 20), Request(0, 2, 1, 22))
    assert instance.on == (Request(1, 1, None, 21), Request(1, 3, 0, 23))
    assert instance.weekends(contract) == ((2, 3),)


def test_a_rule_that_is_off_costs_nothing():
    contract = inrc1(INRC1.replace("(1|2|3)", "(0|2|3)")).nurses[0].contract
    assert contract.rules["most_shifts"] == Limit(0, 3)


def test_a_weekend_of_three_days_may_be_cut_by_the_period():
    text = INRC1_LATER.replace("SaturdaySunday", "FridaySaturdaySunday")
    instance = inrc1(text.replace("2010-01-09, 2010-01-13", "2010-01-09, 2010-01-15"))
    assert instance.weekends(instance.nurses[0].contract) == ((0, 1), (6,))


@pytest.mark.parametrize(
    ("before", "after", "line", "said"),
    [
        ("SCHEDULING_PERIOD;\n", "a, b;\n", 2, "stands before the first section"),
        ("SKILLS = 2", "SKILLETS = 2", 6, "is not a section that comes here"),
        ("DATE_SPECIFIC_COVER", "DAY_OF_WEEK_COVER", 30, "not a section that comes"),
        ("tiny, 2010-01-07", "tiny, 2010-13-07", 4, "has no date where one is due"),
        ("2010-01-11;", "2010-01-01;", 4, "has a period of -5 days"),
        ("06:30:00", "6.30", 11, "has no time of day where one is due"),
        ("1, Head;\n\nCON", "1, Chef;\n\nCON", 12, "a skill is not one"),
        ("1, Head;\n\nCON", "2, Head;\n\nCON", 12, "has another number of skills"),
        ("N, Night", "E, Night", 12, "a shift's ID stands twice"),
        ("(1|16), 2", "2", 15, "has 19 fields, and 20 are needed"),
        ("(1|2|3)", "(1|2)", 15, "most_shifts is not written as (1|1|16)"),
        ("(1|12)", "1|12", 15, "whole_weekends is not written as (1|1)"),
        ("(1|2|3)", "(1|x|3)", 15, "most_shifts is not a whole number"),
        ("SaturdaySunday", "SundaySaturday", 15, "the weekend is not one"),
        ("SaturdaySunday", "Sunday", 15, "the weekend is not one"),
        ("2, 0 1;", "1, 0 1;", 15, "has another number of patterns"),
        ("2, 0 1;", "2, 0 7;", 15, "a pattern is not one"),
        ("17, 2 (E|Any)", "17, 3 (E|Any)", 18, "is not a length and as many days"),
        ("17, 2 (E|Any) (N|Any)", "17, 0", 18, "is not a length and as many days"),
        ("(E|Any) (N", "(X|Any) (N", 18, "a pattern's shift is not one"),
        ("(E|Any) (N", "(E|Anyday) (N", 18, "a pattern's weekday is not one"),
        ("1, b, 0", "1, b, 3", 23, "a contract is not one"),
        ("Thursday, E", "Torsdag, E", 26, "a weekday is not one"),
        ("Thursday, E", "Thursday, X", 26, "a shift is not one"),
        ("2010-01-11, N", "2010-01-12, N", 31, "is about a day outside the period"),
        ("1, 2010-01-08, 21", "2, 2010-01-08, 21", 37, "a nurse is not one"),
        ("1, 2010-01-08, 21", "1, 2010-01-08", 37, "has 2 fields, and 3"),
        ("09, N, 22", "09, N, -2", 40, "a weight is not a whole number"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(before, after, line, said):
    assert before in INRC1
    with pytest.raises(BadInput) as fault:
        inrc1(INRC1.replace(before, after, 1))
    assert fault.value.line == line
    assert said in str(fault.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("SKILLS = 1;\nNurse;\n", "has nothing under SCHEDULING_PERIOD, SHIFT_TYPES"),
        (INRC1.replace("Nurse;\nHead;\n", "", 1), "has nothing under SKILLS"),
        (
            INRC1.replace("0, a, 0, 2, Nurse Head;\n1, b, 0, 1, Nurse;\n", ""),
            "has nothing under EMPLOYEES",
        ),
    ],
)
def test_half_a_file_is_refused(text, said):
    with pytest.raises(BadInput) as fault:
        read_inrc1(text.encode(), file="x.txt")
    assert said in str(fault.value)
