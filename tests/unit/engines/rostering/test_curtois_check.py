"""The checker of Curtois' rules, each rule broken by hand."""

import pytest

from tests.unit.engines.rostering.tiny import CURTOIS, curtois, rows
from varde.engines.rostering.curtois_check import (
    Violation,
    curtois_objective,
    curtois_violations,
)


def broken(*lines, text=CURTOIS):
    return curtois_violations(curtois(text), rows(*lines))


def test_a_good_roster_breaks_nothing():
    assert broken("...EN..", "E...EE.") == ()


@pytest.mark.parametrize(
    ("lines", "violation"),
    [
        (("E..EN..", "E...EE."), Violation("day_off_is_kept", "A", 0)),
        (("...NE..", "E...EE."), Violation("shift_may_follow", "A", 4)),
        (("...NN.N", "E...EE."), Violation("at_most_of_a_shift", "A")),
        (("...EN..", "E..NEEN"), Violation("at_most_of_a_shift", "B")),
        ((".EEE.EE", "E..NN.."), Violation("at_most_of_a_shift", "B")),
        (("...EN..", "E..EEEE"), Violation("at_most_in_row", "B", 3)),
        ((".E...EE", "E...EE."), Violation("at_least_in_row", "A", 1)),
        ((".EE.EE.", "E...EE."), Violation("at_least_off_in_row", "A", 3)),
        (("...EN..", "E......"), Violation("at_least_minutes", "B")),
        ((".EEE.EE", "E..EEE."), Violation("at_least_off_in_row", "A", 4)),
    ],
)
def test_a_broken_rule_is_named(lines, violation):
    assert violation in broken(*lines)


def test_minutes_have_a_most():
    text = CURTOIS.replace("3000,960,3,1,1,1", "1000,960,3,1,1,1")
    assert broken("...EN..", "E...EE.", text=text) == (
        Violation("at_most_minutes", "B"),
    )


def test_weekends_have_a_most_and_one_day_is_enough():
    text = CURTOIS.replace("3000,960,3,1,1,1", "3000,960,3,1,1,0")
    assert broken("...EN..", "E...EE.", text=text) == (
        Violation("at_most_weekends", "B"),
    )
    assert broken("...EN..", "E...E..", text=text) == ()


def test_a_run_at_either_end_is_never_too_short():
    assert broken(".....EE", "E...EE.") == ()
    text = CURTOIS.replace("960,3,2,2,1", "960,3,3,2,1")
    assert broken(".....EE", "E...EE.", text=text) == ()


@pytest.mark.parametrize(
    ("roster", "rule"),
    [
        (rows("...EN.."), "one_line_for_each_person"),
        (rows("...EN..", "E...EE"), "one_field_for_each_day"),
        (rows("...EN..", "E...XE."), "known_shift"),
    ],
)
def test_a_roster_of_another_form_is_refused(roster, rule):
    assert [one.rule for one in curtois_violations(curtois(), roster)] == [rule]


@pytest.mark.parametrize(
    ("lines", "cost"),
    [
        ((".......", "......."), 3 + 6 * 10),  # wish of E on day 3, six too few
        (("...EN..", "E...EE."), 0 + 30 + 4),  # day 6 uncovered, day 5 one too many
        (("...EN.E", "E...NEE"), 2 + 1 + 4 + 10),  # N twice, wished away; E on 5; 6
    ],
)
def test_the_cost_is_that_by_hand(lines, cost):
    assert curtois_objective(curtois(), rows(*lines)) == cost
