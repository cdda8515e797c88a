"""What collides when no complete rota exists: a smallest set, checked by trying all."""

import time
from dataclasses import replace

from hypothesis import HealthCheck, assume, given, settings
from ortools.sat.python import cp_model

from tests.unit.engines.rostering.tiny_rotas import (
    days,
    every_assignment,
    judged,
    problem,
    problems,
    slot,
    span,
    worker,
)
from varde.domain.rota.rules.breach import Need, RotaRule
from varde.domain.rota.values import Law
from varde.engines.rostering.duties import why_not as why_not_module
from varde.engines.rostering.duties.example import doctors_year
from varde.engines.rostering.duties.values import Demand, Ground
from varde.engines.rostering.duties.why_not import COST, why_not


def asked(a_problem, **more):
    return why_not(a_problem, **{"seconds": 30.0, "clock": time.monotonic, **more})


def allowed(a_problem, demands):
    """Whether some assignment meets the demands and breaks nothing else, as the judge
    sees it: rules that are not demanded may be broken. The same shift twice by one person
    is no choice at all."""
    demanded = {(one.code, one.worker) for one in demands}
    filled = {one.slot for one in demands if one.code is Ground.FILLED}
    for assignment in every_assignment(replace(a_problem, fixed={})):
        if not filled <= assignment.keys():
            continue
        shifts = [
            (replace(one, id=""), assignment[one.id])
            for one in a_problem.slots
            if one.id in assignment
        ]
        if len(set(shifts)) < len(shifts):
            continue
        if any(
            assignment.get(one.slot) != one.worker
            for one in demands
            if one.code is Ground.FIXED
        ):
            continue
        if not any(
            (breach.rule, breach.worker) in demanded or breach.rule in NEVER_GIVEN_UP
            for breach in judged(a_problem, assignment).hard
        ):
            return True
    return False


# What is no demand: a post or a competence that one has or has not.
NEVER_GIVEN_UP = {
    RotaRule.ONLY_IN_A_POST_THAT_ONE_HOLDS,
    RotaRule.A_VIKAR_IS_APPROVED,
    RotaRule.BACKUP_MAY_WORK_ALONE,
    RotaRule.A_WHOLE_GROUP_BY_ONE_PERSON,
}


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(problems(slots=4, workers=2))
def test_what_collides_does_and_without_any_one_it_does_not(a_problem):
    # One absence for each rule and person, no groups, no needs: so that the judge's
    # words for a breach are the demands themselves.
    a_problem = replace(
        a_problem,
        slots=tuple(replace(one, group="") for one in a_problem.slots),
        needs=(),
        limits=replace(a_problem.limits, lvs_minimum=0),
    )
    found = asked(a_problem)
    is_complete = any(
        len(assignment) == len(a_problem.slots)
        and not judged(a_problem, assignment).hard
        for assignment in every_assignment(a_problem)
    )
    assert found.is_possible == is_complete
    assume(not is_complete)
    collision = found.collision
    assert collision.is_smallest
    assert not allowed(a_problem, collision.demands)
    for left_out in collision.demands:
        rest = [demand for demand in collision.demands if demand != left_out]
        assert allowed(a_problem, rest), left_out


def test_two_places_of_one_shift_and_one_person():
    # That nobody has both is no rule to give up: the two places are all there is to say.
    collision = asked(problem([slot("a"), slot("b")], [worker("kari")])).collision
    assert set(collision.demands) == {
        Demand(code=Ground.FILLED, slot="a"),
        Demand(code=Ground.FILLED, slot="b"),
    }
    assert [one.code for one in collision.relaxation] == [Ground.FILLED]


def test_two_places_at_once_and_one_person():
    slots = [slot("a"), slot("b", post="bakvakt"), slot("c", 2)]
    collision = asked(problem(slots, [worker("kari")])).collision
    assert set(collision.demands) == {
        Demand(code=Ground.FILLED, slot="a"),
        Demand(code=Ground.FILLED, slot="b"),
        Demand(code=RotaRule.NO_TWO_DUTIES_AT_ONCE, worker="kari"),
    }
    # One of the two places is left vacant: nothing cheaper helps.
    assert collision.is_cheapest
    assert [one.code for one in collision.relaxation] == [Ground.FILLED]


def test_the_absences_that_leave_nobody_are_named_with_their_periods():
    away = days(0, 2)
    people = [
        worker("kari", away=(away,)),
        worker("ola", away=(away,)),
        worker("per", posts=("bakvakt",)),
    ]
    collision = asked(problem([slot("a", 1), slot("b", 4)], people)).collision
    assert set(collision.demands) == {
        Demand(code=Ground.FILLED, slot="a"),
        Demand(code=RotaRule.NO_DUTY_WHILE_AWAY, worker="kari", span=away),
        Demand(code=RotaRule.NO_DUTY_WHILE_AWAY, worker="ola", span=away),
    }
    assert collision.relaxation == (Demand(code=Ground.FILLED, slot="a"),)
    assert collision.within == problem([slot("a", 1), slot("b", 4)], []).slots[
        0
    ].span or (collision.within.starts_at == slot("a", 1).span.starts_at)


def test_a_fixed_duty_is_the_cheapest_to_move():
    fixed = {"a": "kari"}
    people = [worker("kari", away=(days(0, 2),)), worker("ola")]
    collision = asked(problem([slot("a", 1)], people, fixed=fixed)).collision
    assert {one.code for one in collision.demands} == {
        Ground.FIXED,
        RotaRule.NO_DUTY_WHILE_AWAY,
    }
    assert collision.relaxation == (Demand(code=Ground.FIXED, slot="a", worker="kari"),)


def test_a_need_that_the_slots_do_not_give_is_named():
    need = Need(posts=frozenset({"forvakt"}), span=span(0, 16, 0.5), least=2)
    collision = asked(problem([slot("a")], [worker("kari")], needs=(need,))).collision
    (demand,) = collision.demands
    assert demand.code is RotaRule.NEED_IS_MET
    assert demand.span.starts_at == need.span.starts_at
    assert collision.relaxation == collision.demands


def test_law_and_competence_are_never_given_up():
    person = worker("kari", law=Law.AML)
    collision = asked(
        problem([slot("a", 0, 15, 8), slot("b", 1, 2, 6)], [person])
    ).collision
    assert RotaRule.ENOUGH_REST_EVERY_DAY in {one.code for one in collision.demands}
    assert [one.code for one in collision.relaxation] == [Ground.FILLED]
    for rule in (
        RotaRule.ENOUGH_REST_EVERY_DAY,
        RotaRule.NEVER_ALONE_WHERE_NOT_COMPETENT,
    ):
        assert rule not in COST


def test_where_a_rota_exists_nothing_collides():
    found = asked(problem([slot("a"), slot("b", 2)], [worker("kari")]))
    assert found.is_possible is True
    assert found.collision is None


def year_without(week_from, week_to):
    """A long rota in which all but two are away for a week."""
    example = doctors_year(doctors=20, weeks=10)
    away = days_of(example, week_from, week_to)
    return replace(
        example,
        workers=tuple(
            replace(one, away=(*one.away, away)) if number > 1 else one
            for number, one in enumerate(example.workers)
        ),
    )


def days_of(example, first, last):
    slots = [
        one for one in example.slots if first <= example.slots.index(one) // 21 < last
    ]
    return replace(
        slots[0].span, starts_at=slots[0].span.starts_at, ends_at=slots[-1].span.ends_at
    )


def test_a_long_rota_is_searched_week_by_week_the_tightest_first():
    found = asked(year_without(6, 7))
    assert found.is_possible is False
    collision = found.collision
    assert collision.is_smallest
    assert (collision.within.ends_at - collision.within.starts_at).days <= 8
    assert any(one.code is RotaRule.NO_DUTY_WHILE_AWAY for one in collision.demands)
    assert collision.relaxation


def test_a_long_rota_without_collision_is_seen_as_a_whole():
    assert asked(doctors_year(doctors=20, weeks=10)).is_possible is True


def test_without_time_nothing_is_known():
    found = asked(year_without(6, 7), seconds=0.0)
    assert found.is_possible is None
    assert found.collision is None


def test_when_the_time_runs_out_the_collision_is_not_called_smallest():
    slots = [slot(f"s{n}", n % 7, hour=15 + (n % 2)) for n in range(14)]
    ticks = iter(range(1000))
    found = why_not(
        problem(slots, [worker("kari")]), clock=lambda: float(next(ticks)), seconds=4.0
    )
    assert found.is_possible is False
    assert not found.collision.is_smallest


def test_an_unknown_answer_ends_the_shrinking(monkeypatch):
    seen = []
    whole = why_not_module._Run.core

    def core(self, model, demands, share=1.0):
        seen.append(demands)
        return whole(self, model, demands, share) if len(seen) < 2 else None

    monkeypatch.setattr(why_not_module._Run, "core", core)
    found = asked(problem([slot("a"), slot("b")], [worker("kari")]))
    assert found.is_possible is False
    assert not found.collision.is_smallest


def test_a_literal_that_nobody_assumed_is_not_believed(monkeypatch):
    monkeypatch.setattr(
        cp_model.CpSolver, "sufficient_assumptions_for_infeasibility", lambda self: [0]
    )
    found = asked(
        problem(
            [slot("a"), slot("b", post="bakvakt"), slot("c", 2)],
            [worker("kari"), worker("ola", posts=())],
        )
    )
    assert {one.code for one in found.collision.demands} == {
        Ground.FILLED,
        RotaRule.NO_TWO_DUTIES_AT_ONCE,
    }
    assert len(found.collision.demands) == 3
    assert found.collision.is_smallest
