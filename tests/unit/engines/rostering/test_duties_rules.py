"""The optimiser's conditions say the same as the judge of the domain."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from ortools.sat.python import cp_model

from tests.unit.engines.rostering.tiny_rotas import (
    ALWAYS,
    judged,
    measures,
    problem,
    problems,
    slot,
    worker,
)
from varde.domain.rota.rules.breach import RotaRule
from varde.domain.rota.values import Law
from varde.engines.rostering.duties.model import Model


SHORTAGES = {RotaRule.NEED_IS_MET, RotaRule.LVS_MINIMUM_IS_THERE}
QUICK = settings(
    max_examples=40, deadline=None, suppress_health_check=list(HealthCheck)
)


def is_possible(a_problem, assignment):
    """Whether the model has this rota. A group in part is a rota that it has not."""
    grounds, targets = measures(a_problem)
    model = Model(grounds, targets.rules, targets)
    chosen = grounds.chosen(assignment)
    if grounds.assignment(chosen).keys() != assignment.keys():
        return False
    if not chosen <= model.x.keys():
        return False
    for pair, literal in model.x.items():
        model.cp.add(literal == (pair in chosen))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    return solver.solve(model.cp) == cp_model.OPTIMAL


@st.composite
def rotas(draw):
    """A a_problem, and an assignment that gives groups whole."""
    a_problem = draw(problems(slots=8, workers=4))
    names = [None, *(person.id for person in a_problem.workers)]
    of_group = draw(st.sampled_from(names))
    found = {}
    for one in a_problem.slots:
        who = of_group if one.group else draw(st.sampled_from(names))
        if who is not None:
            found[one.id] = who
    return a_problem, found


@QUICK
@given(rotas())
def test_a_rota_is_possible_exactly_when_the_judge_allows_it(drawn):
    a_problem, assignment = drawn
    hard = [b for b in judged(a_problem, assignment).hard if b.rule not in SHORTAGES]
    assert is_possible(a_problem, assignment) == (not hard), hard


def is_of_people_who_may(a_problem, assignment):
    """Whether all may have what they have, and nobody is in two places."""
    grounds, _ = measures(a_problem)
    twice = RotaRule.NO_TWO_DUTIES_AT_ONCE
    return grounds.chosen(assignment) <= set(grounds.pairs) and not any(
        breach.rule is twice for breach in judged(a_problem, assignment).hard
    )


@QUICK
@given(rotas())
def test_what_is_measured_is_what_the_judge_counts(drawn):
    a_problem, assignment = drawn
    assume(is_of_people_who_may(a_problem, assignment))
    grounds, targets = measures(a_problem)
    cost = targets.cost(grounds.chosen(assignment))
    judgement = judged(a_problem, assignment)
    weights = {wish.id: wish.weight for wish in a_problem.wishes}
    short = sum(b.limit - b.measured for b in judgement.breaches if b.rule in SHORTAGES)
    assert cost.vacant == len(judgement.vacant)
    assert cost.wishes == sum(weights[wish] for wish in judgement.unplaced)
    assert cost.short == short


def warnings(a_problem, assignment):
    """What the judge warns of, but for people too few, which are measured apart."""
    found = judged(a_problem, assignment).warnings
    return [breach for breach in found if breach.rule not in SHORTAGES]


@QUICK
@given(rotas())
def test_no_warning_is_measured_exactly_when_the_judge_warns_of_nothing(drawn):
    a_problem, assignment = drawn
    people = tuple(replace(one, law=Law.SFS2305) for one in a_problem.workers)
    a_problem = replace(a_problem, workers=people)
    assume(is_of_people_who_may(a_problem, assignment))
    grounds, targets = measures(a_problem)
    warned = warnings(a_problem, assignment)
    # A duty that breaks a limit by itself is nobody's choice, and not measured.
    by_itself = {
        breach.slots
        for one in a_problem.slots
        if one.id in assignment
        for breach in warnings(a_problem, {one.id: assignment[one.id]})
    }
    assume(not by_itself)
    cost = targets.cost(grounds.chosen(assignment))
    assert (cost.warnings == 0) == (not warned), warned


def test_a_standby_that_counts_as_no_work_has_no_hours():
    person = worker("kari", law=Law.AML)
    for share, is_allowed in ((0.0, True), (1.0, False)):
        long = slot("a", 0, 9, 24, active_share=share)
        assert is_possible(problem([long], [person]), {"a": "kari"}) is is_allowed


@pytest.mark.parametrize(("hour", "is_allowed"), [(9.0, True), (8.98, False)])
def test_the_rest_is_enough_at_its_limit_and_not_below(hour, is_allowed):
    slots = [slot("a", 0, 15, 7), slot("b", 1, hour, 2)]
    a_problem = problem(slots, [worker("kari", law=Law.AML)])
    assert is_possible(a_problem, {"a": "kari", "b": "kari"}) is is_allowed


@pytest.mark.parametrize(
    ("first", "then", "is_allowed"),
    [(6, 10, False), (10, 11, False), (6, 11, True), (6, 7, True), (6, 13, True)],
)
def test_who_works_on_a_red_day_is_free_on_the_next(first, then, is_allowed):
    """Sundays are the days 6 and 13, the Thursday and Friday of Easter 10 and 11."""
    slots = [slot("a", first, 8, 7), slot("b", then, 8, 7)]
    a_problem = problem(slots, [worker("kari", law=Law.AML)])
    two = replace(a_problem, limits=replace(a_problem.limits, sunday_every=2))
    assert is_possible(two, {"a": "kari", "b": "kari"}) is is_allowed


@pytest.mark.parametrize("is_lis1", [True, False])
def test_a_lis1_is_not_accompanied_by_another_lis1(is_lis1):
    people = [worker("ung", lis1=ALWAYS), worker("kari", lis1=ALWAYS * is_lis1)]
    a_problem = problem([slot("a"), slot("b")], people)
    assert is_possible(a_problem, {"a": "ung", "b": "kari"}) is not is_lis1


# From 7 to 15, on from 15 to 1, and on from 1 to 9: one after the other is one piece of
# work; the first and the last alone have ten hours between them.
IN_A_ROW = [
    slot("first", 0, 7, 8),
    slot("then", 0, 15, 10),
    slot("last", 1, 1, 8),
    slot("other", 0, 9, 9),  # nobody has it
]
LONG_DAYS = {"day_hours": 40, "one_week_hours": 100, "week_hours": 100}


@pytest.mark.parametrize(
    ("held", "is_allowed"),
    [
        ({"first", "then", "last"}, True),
        ({"first", "last"}, False),
        ({"first", "then"}, True),
        ({"then", "last"}, True),
    ],
)
def test_duties_that_follow_at_once_need_no_rest_between_them(held, is_allowed):
    for law in Law:
        one = problem(IN_A_ROW, [worker("kari", law=law)])
        one = replace(one, limits=replace(one.limits, **LONG_DAYS))
        assignment = dict.fromkeys(held, "kari")
        rests = [
            breach
            for breach in judged(one, assignment).breaches
            if breach.rule is RotaRule.ENOUGH_REST_EVERY_DAY
        ]
        assert (not rests) is is_allowed
        assert is_possible(one, assignment) is (is_allowed or law is Law.SFS2305)
        grounds, targets = measures(one)
        model = Model(grounds, targets.rules, targets)
        chosen = grounds.chosen(assignment)
        for pair, literal in model.x.items():
            model.cp.add(literal == (pair in chosen))
        model.cp.minimize(model.warnings)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        if solver.solve(model.cp) == cp_model.OPTIMAL:
            warned = round(solver.objective_value)
            assert warned == targets.cost(chosen).warnings
            assert (warned == 0) is (is_allowed or law is Law.AML)
