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
