"""What is set free when a rota is to be fairer."""

from random import Random

from tests.unit.engines.rostering.tiny_rotas import (
    days,
    measures,
    problem,
    slot,
    worker,
)
from varde.domain.rota.values import Wish
from varde.engines.rostering.duties.neighbourhoods import neighbourhoods


def test_the_least_fair_frees_those_furthest_off_both_ways():
    slots = [slot(f"s{day}", day) for day in range(5)]
    people = [worker(name) for name in ("much", "even", "some", "none")]
    grounds, targets = measures(problem(slots, people))
    decisions = [(number, who) for number in range(5) for who in range(4)]
    held = {0: 0, 1: 0, 2: 0, 3: 1, 4: 2}  # three, one, one and none
    values = [int(held[number] == who) for number, who in decisions]
    around = {one.name: one for one in neighbourhoods(targets, decisions)}
    freed = around["least fair"].choose(Random(1), values, 0.1)
    assert {decisions[at][1] for at in freed} == {0, 3}
    assert len(freed) == 2 * len(slots)
    assert grounds.chosen({"s0": "much"}) == frozenset({(0, 0)})


def test_an_unmet_wish_frees_its_week_and_a_window_some_people_in_some_weeks():
    slots = [slot(f"s{day}", day) for day in (0, 7)]
    wish = Wish(id="w", worker="kari", span=days(7, 1), wants_duty=True, weight=2)
    people = [worker("kari"), worker("ola")]
    _grounds, targets = measures(problem(slots, people, wishes=(wish,)))
    decisions = [(number, who) for number in range(2) for who in range(2)]
    values = [1, 0, 0, 1]  # ola has the day that kari wishes for
    around = {one.name: one for one in neighbourhoods(targets, decisions)}
    assert around["wishes"].choose(Random(1), values, 0.1) == {2, 3}
    freed = around["people in weeks"].choose(Random(1), values, 0.1)
    assert len({decisions[at][1] for at in freed}) == 1
    assert len(freed) == 1


def test_where_nobody_has_a_share_anybody_is_set_free():
    slots = [slot("s", 0)]
    _grounds, targets = measures(problem(slots, [worker("kari", share=0.0)]))
    around = {one.name: one for one in neighbourhoods(targets, [(0, 0)])}
    assert set(around["least fair"].choose(Random(1), [1], 1.0)) == {0}


def wished(*, wants_duty, values, share=0.1, people=("kari", "ola", "liv", "per")):
    """Who is set free for kari's wish about the second day. Each decision is a duty of two
    (days 0 and 7) and a person of four; liv cannot have the second one."""
    slots = [slot(f"s{day}", day) for day in (0, 7)]
    wish = Wish(id="w", worker="kari", span=days(7, 1), wants_duty=wants_duty, weight=2)
    staff = [
        worker(name, away=(days(7, 1),) if name == "liv" else ()) for name in people
    ]
    _grounds, targets = measures(problem(slots, staff, wishes=(wish,)))
    decisions = [(number, who) for number in range(2) for who in range(len(people))]
    around = {one.name: one for one in neighbourhoods(targets, decisions)}
    found = set()
    for seed in range(20):
        freed = around["wishers"].choose(Random(seed), values, share)
        found.add(frozenset(decisions[at][1] for at in freed))
        assert len(freed) == 2 * len({decisions[at][1] for at in freed})  # all weeks
    return found


def test_who_wishes_for_a_duty_is_set_free_with_the_one_who_has_it():
    assert wished(wants_duty=True, values=[1, 0, 0, 0, 0, 1, 0, 0]) == {
        frozenset({0, 1})
    }


def test_who_wishes_to_be_free_is_set_free_with_one_who_may_take_the_duty():
    values = [0, 0, 0, 1, 1, 0, 0, 0]
    assert wished(wants_duty=False, values=values) == {
        frozenset({0, 1}),
        frozenset({0, 3}),
    }
    assert wished(wants_duty=False, values=values, share=0.75) == {
        frozenset({0, 1, 2}),
        frozenset({0, 1, 3}),
        frozenset({0, 2, 3}),
    }


def test_a_vacant_duty_that_is_wished_for_frees_any_who_may_have_it():
    found = wished(wants_duty=True, values=[1, 0, 0, 0, 0, 0, 0, 0])
    assert found == {frozenset({0, 1}), frozenset({0, 3})}


def test_where_all_wishes_are_met_or_nobody_can_change_anybody_is_set_free():
    met = wished(wants_duty=True, values=[0, 1, 0, 0, 1, 0, 0, 0])
    assert len(met) > 2
    assert all(len(people) == 2 for people in met)
    alone = wished(wants_duty=False, values=[0, 1], people=("kari",))
    assert alone == {frozenset({0})}
