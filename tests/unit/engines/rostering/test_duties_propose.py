"""Rotas proposed: the best there is on tiny problems, and never one that breaks a rule."""

import hashlib
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings

from tests.unit.engines.rostering.tiny_rotas import (
    at,
    days,
    every_assignment,
    judged,
    measures,
    problem,
    problems,
    slot,
    span,
    worker,
)
from varde.domain.rota.fairness import standings
from varde.domain.rota.rules.breach import RotaRule
from varde.domain.rota.values import Account, Law, Wish
from varde.engines.rostering.duties.example import doctors_year, operators_quarter
from varde.engines.rostering.duties.propose import propose
from varde.engines.rostering.duties.values import Cost, Goals, Status


SHORTAGES = {RotaRule.NEED_IS_MET, RotaRule.LVS_MINIMUM_IS_THERE}
EVERYTHING = list(HealthCheck)


def proposed(a_problem, **more):
    """One worker and an effort, so that the answer is always the same."""
    given_ = {"seconds": 60, "effort": 20, "workers": 1, "clock": time.monotonic}
    return propose(a_problem, **{**given_, **more})


def hard(a_problem, assignment):
    """The hard rules that are broken, people too few left out."""
    breaches = judged(a_problem, assignment).hard
    return [breach for breach in breaches if breach.rule not in SHORTAGES]


def best_cost(a_problem):
    """The least cost of all rotas that the judge allows: each one tried."""
    grounds, targets = measures(a_problem)
    return min(
        targets.cost(grounds.chosen(assignment))
        for assignment in every_assignment(a_problem)
        if not hard(a_problem, assignment) and is_in_whole_groups(a_problem, assignment)
    )


def is_in_whole_groups(a_problem, assignment):
    """Whether no group is filled in part."""
    filled = {
        one.group for one in a_problem.slots if one.group and one.id in assignment
    }
    return all(one.id in assignment for one in a_problem.slots if one.group in filled)


@settings(max_examples=12, deadline=None, suppress_health_check=EVERYTHING)
@given(problems(slots=4, workers=3))
def test_a_tiny_rota_is_the_best_of_all_and_breaks_no_rule(a_problem):
    found = proposed(a_problem)
    assert not hard(a_problem, found.assignment)
    assert found.cost == best_cost(a_problem)
    assert found.status is Status.PROVEN
    assert found.bound == found.cost


@settings(max_examples=8, deadline=None, suppress_health_check=EVERYTHING)
@given(problems(slots=12, workers=5))
def test_no_rota_ever_breaks_a_hard_rule(a_problem):
    seen = []
    found = proposed(a_problem, effort=2, on_better=seen.append)
    for each in [*seen, found]:
        assert not hard(a_problem, each.assignment)
        assert each.bound <= each.cost
    costs = [each.cost for each in seen]
    assert costs == sorted(costs, reverse=True)
    assert len(set(costs)) == len(costs)
    assert found.cost == costs[-1]


def weekdays(count, **more):
    """An evening each day."""
    return [slot(f"s{day:02}", day, **more) for day in range(count)]


def test_fairness_goes_before_wishes_and_from_the_worst_off():
    people = [worker("kari"), worker("ola")]
    wishes = tuple(
        Wish(id=f"w{day}", worker="kari", span=days(day, 1), wants_duty=False, weight=3)
        for day in range(10)
    )
    found = proposed(problem(weekdays(10), people, wishes=wishes))
    rows = {(row.worker, row.account): row for row in found.standings}
    # Within the tolerance of one duty kari is let off: 4 of the 10, not 0.
    assert rows["kari", Account.ALL].held == 4
    assert found.cost.unfair == ()
    assert len(found.broken_wishes) == 4
    strict = proposed(
        problem(weekdays(10), people, wishes=wishes, goals=Goals(tolerance_duties=0.5))
    )
    rows = {(row.worker, row.account): row for row in strict.standings}
    assert rows["kari", Account.ALL].held == 5


def test_what_was_carried_over_is_paid_back():
    people = [
        worker("kari", credit={Account.ALL: 4.0, Account.EVENING: 4.0}),
        worker("ola"),
    ]
    found = proposed(problem(weekdays(10), people))
    rows = {(row.worker, row.account): row for row in found.standings}
    held = {who: rows[who, Account.ALL].held for who in ("kari", "ola")}
    # Both end two above their share: what nobody can be spared is spread.
    assert held == {"kari": 3, "ola": 7}
    assert {rows[who, Account.ALL].deviation for who in held} == {2.0}


def test_the_standings_are_those_of_the_domain():
    a_problem = problem(weekdays(6), [worker("kari"), worker("ola", share=0.5)])
    found = proposed(a_problem)
    of_domain = standings(
        slots=a_problem.slots, workers=a_problem.workers, assignment=found.assignment
    )
    known = {account for one in a_problem.slots for account in one.accounts}
    assert {row for row in of_domain if row.account in known} == set(found.standings)


def test_a_substitute_is_used_only_where_nobody_else_can():
    people = [worker("kari", away=(days(0, 1),)), worker("vikar", share=0.0)]
    found = proposed(problem(weekdays(3), people))
    assert found.assignment == {"s00": "vikar", "s01": "kari", "s02": "kari"}
    assert found.cost.substitutes == 1


def test_what_nobody_may_have_stays_vacant_and_is_told():
    people = [worker("kari", posts=("bakvakt",))]
    found = proposed(problem(weekdays(2), people))
    assert found.vacant == ("s00", "s01")
    assert found.cost.vacant == 2
    assert found.status is Status.PROVEN


def test_duties_that_are_fixed_stay_whatever_they_break():
    people = [
        worker("kari", law=Law.AML, away=(days(0, 2),)),
        worker("ola", law=Law.AML),
    ]
    fixed = {"s00": "kari", "s01": "kari"}
    found = proposed(problem(weekdays(4), people, fixed=fixed))
    assert found.assignment["s00"] == found.assignment["s01"] == "kari"
    assert found.cost.vacant == 0


def test_a_fixed_duty_that_a_colleague_must_cover_can_make_a_rota_impossible():
    people = [worker("ung", alone=()), worker("kari", away=(days(0, 1),))]
    slots = [slot("s0", 0), slot("back", 0, post="bakvakt")]
    lone = proposed(problem(slots, people, fixed={"s0": "ung"}))
    assert lone.assignment == {"s0": "ung"}  # nobody can come: somebody decided so
    both = [*people, worker("per", alone=(days(0, 1),), posts=("bakvakt",))]
    taken = {"s0": "ung", "back": "ung"}
    found = proposed(problem([*slots], both, fixed=taken))
    assert found.status is Status.IMPOSSIBLE
    assert found.assignment == {}
    assert found.vacant == ("s0", "back")
    assert found.cost is None


@pytest.mark.parametrize(
    ("fixed", "message"),
    [
        ({"unknown": "kari"}, "unknown is fixed to kari"),
        ({"s0": "unknown"}, "s0 is fixed to unknown"),
        ({"g0": "kari", "g1": "ola"}, "its group to another"),
    ],
)
def test_what_cannot_be_fixed_is_refused(fixed, message):
    slots = [slot("s0"), slot("g0", 2, group="g"), slot("g1", 3, group="g")]
    with pytest.raises(ValueError, match=message):
        proposed(problem(slots, [worker("kari"), worker("ola")], fixed=fixed))


def test_a_wish_of_nobody_is_refused():
    wish = Wish(id="w", worker="x", span=days(0, 1), wants_duty=True, weight=1)
    with pytest.raises(ValueError, match="who are not in the rota"):
        proposed(problem([slot("s0")], [worker("kari")], wishes=(wish,)))


def test_duties_before_the_period_are_counted_with():
    people = [worker("kari", law=Law.AML), worker("ola", law=Law.AML)]
    night = slot("night", -1, 22, 9)
    morning = slot("morning", 0, 9, 7.5)
    found = proposed(problem([morning], people, earlier={"kari": (night,)}))
    assert found.assignment == {"morning": "ola"}


def test_a_group_goes_to_one_person():
    slots = [slot("sat", 5, group="weekend"), slot("sun", 6, group="weekend")]
    found = proposed(
        problem(slots, [worker("kari"), worker("ola", away=(days(6, 1),))])
    )
    assert found.assignment == {"sat": "kari", "sun": "kari"}


def test_a_night_has_its_true_length_when_the_clocks_change():
    night = slot("night", 5, 22, 10)
    assert night.span.ends_at == at(6, 9)  # ten hours are eleven on the clock
    assert night.span.hours == 10
    person = worker("kari", law=Law.AML)
    nine = problem([night], [person])
    tight = replace(nine, limits=replace(nine.limits, day_hours=10.0))
    assert proposed(tight).vacant == ()
    too_tight = replace(nine, limits=replace(nine.limits, day_hours=9.99))
    assert proposed(too_tight).vacant == ("night",)
    # The rest between is counted in true hours as well: eleven on the clock are ten.
    before = slot("before", 5, 14, 8)
    after = slot("after", 6, 9, 7)
    assert after.span.starts_at - before.span.ends_at == timedelta(hours=11)
    found = proposed(problem([before, after], [person]))
    assert len(found.vacant) == 1


def test_a_seed_gives_the_same_rota_each_time():
    example = doctors_year(doctors=8, weeks=1)
    first, again = (proposed(example, effort=0.1, seed=4) for _ in range(2))
    assert first.assignment == again.assignment
    assert first.cost == again.cost
    assert not hard(example, first.assignment)
    assert first.cost.vacant == 0


def test_the_published_example_is_the_same_everywhere():
    example = doctors_year(seed=1)
    assert [len(example.slots), len(example.workers), len(example.wishes)] == [
        *(1092, 30, 420),
    ]
    text = repr(
        [(w.id, w.span.starts_at.isoformat(), w.weight) for w in example.wishes]
    )
    assert hashlib.sha256(text.encode()).hexdigest()[:8] == "fdd43106"
    holidays = [one for one in example.slots if Account.HOLIDAY in one.accounts]
    assert len(holidays) == 39


def test_operators_get_a_complete_rota():
    example = operators_quarter(operators=12, weeks=1)
    found = proposed(example, effort=0.2)
    assert not hard(example, found.assignment)
    assert found.vacant == ()


def test_stopped_at_once_the_best_so_far_is_kept():
    example = doctors_year(doctors=8, weeks=2)
    seen = []
    found = proposed(example, on_better=seen.append, should_stop=lambda: bool(seen))
    assert len(seen) == 1
    assert found.assignment == seen[0].assignment
    assert found.status is Status.FOUND
    assert found.seconds_to_first <= found.seconds
    empty = proposed(example, should_stop=lambda: True)
    assert len(empty.vacant) == len(example.slots)
    assert empty.status is Status.FOUND


def test_what_the_listener_raises_ends_the_search():
    def stop(_):
        raise RuntimeError("the listener fell")

    with pytest.raises(RuntimeError, match="the listener fell"):
        proposed(problem(weekdays(3), [worker("kari")]), on_better=stop)


def test_a_rota_made_by_hand_is_the_start_as_far_as_the_rules_let_it():
    people = [worker("kari"), worker("ola")]
    a_problem = problem(weekdays(4), people)
    by_hand = {"s00": "kari", "s01": "kari", "s02": "ola", "s03": "ola"}
    seen = []
    proposed(a_problem, start=by_hand, on_better=seen.append)
    assert seen[0].assignment == by_hand
    barred = replace(people[0], away=(days(0, 1),))
    seen.clear()
    proposed(
        problem(weekdays(4), [barred, people[1]]), start=by_hand, on_better=seen.append
    )
    assert seen[0].assignment == {
        slot: who for slot, who in by_hand.items() if slot != "s00"
    }


def test_costs_are_compared_from_the_worst_off():
    def cost(*unfair, wishes=0):
        return Cost(
            short=0,
            vacant=0,
            substitutes=0,
            unfair=unfair,
            wishes=wishes,
            spacing=0,
            warnings=0,
            imbalance=0,
        )

    assert cost(wishes=9) < cost(1) < cost(1, 1) < cost(2) < cost(2, 1)


def test_with_two_workers_a_rota_is_found_as_well():
    found = propose(
        problem(weekdays(5), [worker("kari"), worker("ola")]),
        seconds=10,
        clock=time.monotonic,
    )
    assert found.status is Status.PROVEN
    assert found.vacant == ()


def test_nothing_is_asked_of_an_empty_rota():
    found = proposed(problem([], [worker("kari")]))
    assert found.assignment == {}
    assert found.status is Status.PROVEN
    assert span(0, 0, 1).hours == 1
