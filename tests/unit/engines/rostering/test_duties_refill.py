"""A rota mended: filled, within the rules, and with as few changes as can be."""

import time
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.unit.engines.rostering.tiny_rotas import (
    at,
    days,
    every_assignment,
    judged,
    problem,
    problems,
    slot,
    worker,
)
from varde.domain.rota.rules.breach import RotaRule
from varde.domain.rota.values import Account, Law
from varde.engines.rostering.duties.construct import first_rota
from varde.engines.rostering.duties.example import doctors_year
from varde.engines.rostering.duties.refill import refill
from varde.engines.rostering.duties.values import Change, Status


SHORTAGES = {RotaRule.NEED_IS_MET, RotaRule.LVS_MINIMUM_IS_THERE}


def mended(a_problem, current, away, **more):
    usual = {"from_at": at(-1), "seconds": 20.0, "clock": time.monotonic}
    return refill(a_problem, current=current, away=away, **{**usual, **more})


def hard(a_problem, assignment):
    breaches = judged(a_problem, assignment).hard
    return [breach for breach in breaches if breach.rule not in SHORTAGES]


def disturbed(before, after):
    return sum(after.get(one) != who for one, who in before.items())


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    problems(slots=4, workers=3),
    st.integers(0, 2),
    st.integers(0, 20),
    st.integers(1, 5),
)
def test_no_more_than_twice_the_changes_that_are_needed(a_problem, who, pick, length):
    a_problem = replace(
        a_problem,
        needs=(),
        slots=tuple(replace(one, group="") for one in a_problem.slots),
    )
    a_problem = replace(a_problem, limits=replace(a_problem.limits, lvs_minimum=0))
    rotas = [a for a in every_assignment(a_problem) if not hard(a_problem, a)]
    fullest = max(map(len, rotas))
    full = [rota for rota in rotas if len(rota) == fullest]
    current = full[pick % len(full)]
    person = a_problem.workers[who % len(a_problem.workers)].id
    away = (days(pick % 14, length),)
    found = mended(a_problem, current, {person: away})
    ill = replace(
        a_problem,
        workers=tuple(
            replace(one, away=(*one.away, *away)) if one.id == person else one
            for one in a_problem.workers
        ),
    )
    assert not hard(ill, found.assignment)
    allowed = [a for a in every_assignment(ill) if not hard(ill, a)]
    most = max(map(len, allowed))
    assert len(found.assignment) == most
    fewest = min(disturbed(current, a) for a in allowed if len(a) == most)
    assert found.least_changes <= disturbed(current, found.assignment) <= 2 * fewest
    assume(found.status is Status.PROVEN)
    assert disturbed(current, found.assignment) == fewest


def test_a_sick_week_is_filled_and_nothing_else_is_touched():
    example = doctors_year(doctors=12, weeks=8)
    current = first_rota(example, seed=1, should_stop=lambda: False)
    start = example.slots[80].span.starts_at
    ill = current[example.slots[80].id]
    week = replace(example.slots[80].span, ends_at=start + timedelta(days=7))
    found = mended(example, current, {ill: (week,)}, from_at=start)
    fallen = {
        one.id
        for one in example.slots
        if current.get(one.id) == ill and week.overlaps(one.span)
    }
    assert {change.slot for change in found.changes} == fallen
    assert all(change.before == ill for change in found.changes)
    assert found.status is Status.PROVEN
    assert found.least_changes == len(fallen)
    assert not hard(example, found.assignment)
    assert ill not in {found.assignment[one] for one in fallen}


def test_another_moves_when_nobody_can_take_the_duty_as_it_is():
    people = [
        worker("kari", posts=("forvakt", "bakvakt")),
        worker("ola", posts=("forvakt", "bakvakt")),
        worker("per", posts=("bakvakt",)),
    ]
    slots = [slot("front"), slot("back", post="bakvakt")]
    found = mended(
        problem(slots, people),
        {"front": "kari", "back": "ola"},
        {"kari": (days(0, 1),)},
    )
    assert found.changes == (
        Change(slot="front", before="kari", after="ola"),
        Change(slot="back", before="ola", after="per"),
    )
    assert found.status is Status.PROVEN
    assert found.least_changes == 1


def test_what_nobody_can_take_is_vacant_and_said():
    found = mended(
        problem([slot("a")], [worker("kari")]), {"a": "kari"}, {"kari": (days(0, 1),)}
    )
    assert found.vacant == ("a",)
    assert found.changes == (Change(slot="a", before="kari", after=None),)
    assert found.status is Status.FOUND


def test_a_slot_that_was_vacant_may_be_filled_meanwhile():
    people = [worker("kari", posts=("forvakt",)), worker("ola")]
    slots = [slot("a"), slot("b", post="bakvakt")]
    found = mended(
        problem(slots, people), {"a": "ola"}, {"ola": (days(7, 1),)}, from_at=at(-1)
    )
    assert found.changes == ()  # nobody fell out: nothing is touched
    assert found.status is Status.PROVEN
    found = mended(
        problem([*slots, slot("c", 7)], people),
        {"a": "ola", "c": "ola"},
        {"ola": (days(7, 1),)},
    )
    assert found.assignment["c"] == "kari"


def test_who_is_furthest_below_the_share_is_asked_and_substitutes_last():
    people = [
        worker("kari"),
        worker("ola", credit={Account.ALL: 2.0}),
        worker("per", credit={Account.ALL: -2.0}),
        worker("vikar", share=0.0),
    ]
    a_problem = problem([slot("a")], people)
    found = mended(a_problem, {"a": "kari"}, {"kari": (days(0, 1),)})
    assert found.assignment == {"a": "per"}
    away = {name: (days(0, 1),) for name in ("kari", "per")}
    assert mended(a_problem, {"a": "kari"}, away).assignment == {"a": "ola"}
    away["ola"] = (days(0, 1),)
    assert mended(a_problem, {"a": "kari"}, away).assignment == {"a": "vikar"}


def test_several_duties_go_to_several_and_not_all_to_the_one_who_is_owed_most():
    people = [
        worker("kari"),
        worker("ola"),
        worker("per", credit={Account.ALL: -0.5}),
        worker("siv", credit={Account.ALL: 2.5}),
    ]
    slots = [slot(f"v{day}", day) for day in (0, 3, 6, 9)]
    current = {one.id: "kari" for one in slots}
    found = mended(problem(slots, people), current, {"kari": (days(0, 12),)})
    # Each duty to the one who has least by then: per, ola, per, ola; siv is far ahead.
    assert sorted(found.assignment.values()) == ["ola", "ola", "per", "per"]
    sick = {"kari": (days(0, 4),)}
    found = mended(problem(slots[:2], people), {"v0": "kari", "v3": "kari"}, sick)
    assert sorted(found.assignment.values()) == ["ola", "per"]


def test_what_has_begun_is_not_changed_but_for_the_one_who_fell_ill():
    people = [worker("kari"), worker("ola"), worker("per")]
    slots = [slot("now", 0, 9, 24), slot("also", 0, 9, 24, post="bakvakt")]
    found = mended(
        problem(slots, people),
        {"now": "kari", "also": "ola"},
        {"kari": (days(0, 3),)},
        from_at=at(0, 15),
    )
    assert found.assignment == {"now": "per", "also": "ola"}
    over = mended(
        problem(slots, people),
        {"now": "kari", "also": "ola"},
        {"kari": (days(0, 3),)},
        from_at=at(3),
    )
    assert over.changes == ()


def test_a_group_falls_out_as_a_whole():
    slots = [slot("sat", 5, group="weekend"), slot("sun", 6, group="weekend")]
    people = [worker("kari"), worker("ola")]
    found = mended(
        problem(slots, people, fixed={"sat": "kari"}),
        {"sat": "kari", "sun": "kari"},
        {"kari": (days(6, 1),)},
    )
    assert found.assignment == {"sat": "ola", "sun": "ola"}


def test_what_somebody_decided_against_a_rule_is_kept():
    people = [
        worker("kari", posts=("forvakt", "bakvakt")),
        worker("ola", posts=("forvakt", "bakvakt"), away=(days(3, 1),)),
        worker("per", posts=("bakvakt",)),
    ]
    slots = [slot("front"), slot("back", post="bakvakt"), slot("later", 3)]
    current = {"front": "kari", "back": "ola", "later": "ola"}
    found = mended(problem(slots, people), current, {"kari": (days(0, 1),)})
    assert found.assignment == {"front": "ola", "back": "per", "later": "ola"}


def test_one_who_must_not_be_left_alone_loses_the_duty_rather():
    people = [
        worker("ung", alone=(), posts=("forvakt",)),
        worker("kari", posts=("bakvakt",)),
    ]
    slots = [slot("front"), slot("back", post="bakvakt")]
    found = mended(
        problem(slots, people),
        {"front": "ung", "back": "kari"},
        {"kari": (days(0, 1),)},
    )
    assert found.assignment == {}
    assert not hard(problem(slots, people), found.assignment)


def test_without_time_the_duties_that_fell_out_are_vacant():
    people = [worker("kari", law=Law.AML), worker("ola")]
    found = mended(
        problem([slot("a")], people),
        {"a": "kari"},
        {"kari": (days(0, 1),)},
        seconds=0.0,
    )
    assert found.status is Status.NOTHING_FOUND
    assert found.vacant == ("a",)


def test_a_stranger_who_is_away_is_refused():
    with pytest.raises(ValueError, match="not in the rota: x"):
        mended(problem([slot("a")], [worker("kari")]), {}, {"x": (days(0, 1),)})


def test_without_an_answer_in_time_the_duties_that_fell_out_are_vacant():
    found = mended(
        problem([slot("a")], [worker("kari"), worker("ola")]),
        {"a": "kari"},
        {"kari": (days(0, 1),)},
        seconds=1e-9,
        clock=lambda: 0.0,
    )
    assert found.status is Status.NOTHING_FOUND
    assert found.vacant == ("a",)


def test_a_chain_of_moves_is_found_and_not_called_the_least():
    people = [
        worker("kari", posts=("forvakt",)),
        worker("ola", posts=("forvakt", "bakvakt")),
        worker("per", posts=("bakvakt", "operator")),
        worker("eva", posts=("operator",)),
    ]
    slots = [slot("f"), slot("b", post="bakvakt"), slot("o", post="operator")]
    current = {"f": "kari", "b": "ola", "o": "per"}
    found = mended(problem(slots, people), current, {"kari": (days(0, 1),)})
    assert found.assignment == {"f": "ola", "b": "per", "o": "eva"}
    assert found.status is Status.FOUND
