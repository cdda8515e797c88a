"""The checker of INRC-I, each rule by hand, and the model against it."""

from itertools import count, product

import pytest

from tests.unit.engines.rostering.tiny import INRC1, INRC1_LATER, inrc1, rows
from varde.engines.rostering.inrc1_check import (
    inrc1_costs,
    inrc1_objective,
    inrc1_violations,
)
from varde.engines.rostering.inrc1_model import inrc1_problem
from varde.engines.rostering.roster_values import roster_of, values_of
from varde.engines.rostering.search import Limits, search


IDS = ["E", "N"]  # Thursday to Monday


def costs(*lines, text=INRC1):
    found = inrc1_costs(inrc1(text), rows(*lines))
    return {rule: cost for rule, cost in found.items() if cost}


FREE = costs(".....", ".....")


def more(*lines, text=INRC1):
    """What a roster costs beside an empty one's cost of the same rules."""
    found = costs(*lines, text=text)
    rules = {*found, *FREE}
    change = {r: found.get(r, 0) - FREE.get(r, 0) for r in rules}
    return {rule: by for rule, by in change.items() if by}


def test_an_empty_roster_costs_what_is_missing():
    assert FREE == {
        "least_shifts": 2 * 3 * 2,
        "most_off_in_row": 2 * 6 * 3,
        "on": 21 + 23,
    }


@pytest.mark.parametrize(
    ("first", "rule", "cost"),
    [
        ("EEEE.", "most_shifts", 2 * 1),
        ("EEEE.", "most_in_row", 4 * 2),
        (".E...", "least_in_row", 5 * 1),
        (".E...", "least_off_in_row", 7 * 1),
        ("..EE.", "most_weekends_in_row", 8 * 1),
        ("..EE.", "least_weekends_in_row", 9 * 1),
        ("..EE.", "weekends_in_four_weeks", 11 * 1),
        ("...E.", "whole_weekends", 12),
        ("..EN.", "same_shift_in_weekend", 13),
        (".N...", "night_before_weekend", 14),
        ("..E.N", "pattern", 0),
        (".EN..", "pattern", 17),
        ("..EE.", "pattern", 19),
        (".NE..", "after_night", 15),
        (".N.E.", "after_night", 15),
        (".NNE.", "after_night", 15),
        (".N..E", "after_night", 0),
        ("....N", "after_night", 0),
        ("E....", "off", 20),
        ("..N..", "off", 22),
        ("..E..", "off", 0),
    ],
)
def test_a_rule_has_its_price(first, rule, cost):
    # the second nurse has the contract's rules too, and is free
    found = costs(first, ".....")
    assert found.get(rule, 0) - FREE.get(rule, 0) == cost


def test_a_shift_without_its_skill_and_requests_met():
    found = costs(".....", ".N.E.")
    assert found["own_skill_only"] == 16
    assert "on" not in found
    assert costs(".....", "...N.")["on"] == 21 + 23


def test_the_cover_is_met_exactly():
    assert inrc1_violations(inrc1(), rows("E.N..", "...EN")) == ()
    assert inrc1_violations(inrc1(), rows("E.N..", "E...N")) == (
        "Day 0 has 2 of E, and 1 are needed.",
        "Day 3 has 0 of E, and 1 are needed.",
    )
    assert "Nurse 0 has 'X' on day 1, which is no shift." in inrc1_violations(
        inrc1(), rows("EXN..", "...EN")
    )
    assert inrc1_violations(inrc1(), rows("E.N..", "...E")) == (
        "The roster has not one line for each nurse with each day.",
    )


def every_roster(instance):
    lines = list(product(["", *IDS], repeat=instance.days))
    for roster in product(lines, repeat=2):
        there = [[d.count(id) for id in IDS] for d in zip(*roster, strict=True)]
        if there == [list(needs) for needs in instance.need]:
            yield roster


VARIANTS = [
    INRC1,
    INRC1_LATER,
    INRC1.replace("SaturdaySunday", "FridaySaturdaySunday"),
    INRC1.replace("(1|12), (1|13), (1|14), (1|15), (1|16)", "(0|1), (0|1), (0|1), (0|1), (0|1)"),
    INRC1.replace("(1|2|3), (1|3|2)", "(0|2|3), (0|3|2)").replace(
        "2010-01-07, 2010-01-11", "2010-01-05, 2010-01-11"
    ).replace("SaturdaySunday", "SundayMonday").replace("(1|11|0)", "(1|11|1)"),
    INRC1.replace("2010-01-07, 2010-01-11", "2010-01-07, 2010-01-09")
    .replace("2010-01-11, N", "2010-01-08, N")
    .replace("1, 2010-01-10, E, 23;\n", "")
,
]  # fmt: skip


@pytest.mark.parametrize("text", VARIANTS)
def test_the_model_finds_the_best_of_all_rosters(text):
    instance = inrc1(text)
    steps = count()
    problem = inrc1_problem(instance)
    limits = Limits(seconds=60, workers=1)
    outcome = search(problem, limits=limits, clock=lambda: next(steps) * 0.001)
    roster = roster_of(outcome.values, ids=IDS, days=instance.days)
    assert not inrc1_violations(instance, roster)
    assert inrc1_objective(instance, roster) == outcome.objective
    if text in (VARIANTS[0], VARIANTS[-1]):
        least = min(inrc1_objective(instance, one) for one in every_roster(instance))
        assert outcome.objective == outcome.bound == least


@pytest.mark.parametrize("text", [INRC1, INRC1.replace("(1|5|2)", "(1|5|3)")])
@pytest.mark.parametrize(
    "lines",
    [("EEN..", ".N.EN"), ("E.NE.", "....N"), ("E..E.", "EEN.N"), ("EEE.N", "..NE.")],
)
def test_the_model_says_of_any_roster_what_the_checker_says(text, lines):
    """Without the cover's needs, so that any roster may be given to the model."""
    instance = inrc1(text)
    roster = rows(*lines)
    given = tuple(
        tuple(sum(days[d] == id for days in roster) for id in IDS)
        for d in range(instance.days)
    )
    needed = type(instance)(
        first_on=instance.first_on, days=instance.days, shifts=instance.shifts,
        nurses=instance.nurses, need=given, off=instance.off, on=instance.on,
    )  # fmt: skip
    values = values_of(roster, ids=IDS)
    steps = count()
    outcome = search(
        inrc1_problem(needed),
        limits=Limits(seconds=60, workers=1),
        clock=lambda: next(steps) * 0.001,
        fixed=dict(enumerate(values)),
    )
    assert outcome.objective == inrc1_objective(needed, roster)
