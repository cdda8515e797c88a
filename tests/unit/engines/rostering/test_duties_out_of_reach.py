"""The wishes that no rota can meet: that they are all found where it shows, and why."""

from hypothesis import HealthCheck, given, settings

from tests.unit.engines.rostering.test_duties_propose import hard, proposed
from tests.unit.engines.rostering.tiny_rotas import (
    days,
    every_assignment,
    judged,
    measures,
    problem,
    problems,
    slot,
    worker,
)
from varde.domain.rota.rules.breach import RotaRule
from varde.domain.rota.values import Account, Wish
from varde.engines.rostering.duties.out_of_reach import OutOfReach
from varde.engines.rostering.duties.values import Status


def wish(who, first, count=1, *, duty, name="w"):
    return Wish(id=name, worker=who, span=days(first, count), wants_duty=duty, weight=2)


def why(slots, people, *wishes, **more):
    _, targets = measures(problem(slots, people, wishes=wishes, **more))
    return dict(targets.out_of_reach)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(problems(slots=4, workers=3))
def test_no_rota_meets_a_wish_that_is_said_to_be_out_of_reach(a_problem):
    _, targets = measures(a_problem)
    never = set(targets.out_of_reach)
    for assignment in every_assignment(a_problem):
        if not hard(a_problem, assignment):
            assert never <= judged(a_problem, assignment).unplaced
    assert set(never) <= {one.id for one in a_problem.wishes}


def test_duty_while_away_free_of_nights_or_outside_one_s_own_periods():
    slots = [slot("night", 0, 22, 9), slot("day", 1, 9, 8)]
    away = worker("kari", away=(days(0, 1),))
    assert why(slots, [away], wish("kari", 0, duty=True)) == {
        "w": (RotaRule.NO_DUTY_WHILE_AWAY,)
    }
    # The night goes on into the day after, on which she may have the day.
    assert why(slots, [away], wish("kari", 0, 2, duty=True)) == {}
    assert Account.NIGHT in slots[0].accounts
    late = worker("kari", no_nights=(days(0, 3),), only_within=(days(5, 2),))
    assert why(slots, [late], wish("kari", 0, duty=True)) == {
        "w": (RotaRule.NO_NIGHT_WHEN_EXEMPT, RotaRule.ONLY_WITHIN_OWN_PERIODS)
    }


def test_duty_in_a_post_that_one_does_not_hold_or_may_not_have():
    slots = [slot("back", 0, post="bakvakt"), slot("op", 2, post="operator")]
    ung = worker("ung", posts=("bakvakt",), alone=())
    assert why(slots, [ung], wish("ung", 0, duty=True)) == {
        "w": (RotaRule.BACKUP_MAY_WORK_ALONE,)
    }
    assert why(slots, [ung], wish("ung", 2, duty=True)) == {
        "w": (RotaRule.ONLY_IN_A_POST_THAT_ONE_HOLDS,)
    }
    # A nurse until Wednesday, an operator from then on.
    slots = [slot("early", 1, post="operator"), slot("late", 2, post="operator")]
    ny = worker("ny", posts=("operator",), without_post={"operator": (days(0, 2),)})
    assert why(slots, [ny], wish("ny", 1, duty=True)) == {
        "w": (RotaRule.ONLY_IN_A_POST_THAT_ONE_HOLDS,)
    }
    assert why(slots, [ny], wish("ny", 2, duty=True)) == {}


def test_duty_where_there_is_none_and_free_where_one_is_given():
    slots = [slot("a", 0), slot("b", 3)]
    kari = worker("kari")
    assert why(slots, [kari], wish("kari", 1, duty=True)) == {
        "w": (OutOfReach.NO_DUTY_THERE,)
    }
    given_ = {"fixed": {"a": "kari"}}
    assert why(slots, [kari], wish("kari", 0, duty=False), **given_) == {
        "w": (OutOfReach.GIVEN,)
    }
    assert why(slots, [kari], wish("kari", 3, duty=False), **given_) == {}
    assert why(slots, [kari], wish("kari", 3, duty=True), **given_) == {}


def test_a_rota_that_breaks_only_those_is_proven_and_they_are_told_apart():
    people = [worker("kari", away=(days(0, 1),)), worker("ola")]
    wishes = (
        wish("kari", 0, duty=True, name="never"),
        wish("ola", 3, duty=False, name="met"),
    )
    found = proposed(problem([slot("a", 0), slot("b", 3)], people, wishes=wishes))
    assert found.assignment == {"a": "ola", "b": "kari"}
    assert found.broken_wishes == ("never",)
    assert found.out_of_reach == {"never": (str(RotaRule.NO_DUTY_WHILE_AWAY),)}
    assert (found.cost.wishes, found.bound.wishes) == (2, 2)
    assert found.status is Status.PROVEN


def test_where_only_a_telephone_stands_behind_the_new_doctor_she_is_not_used():
    slots = [slot("front", 0), slot("back", 0, post="bakvakt", is_phone_only=True)]
    ola = worker("ola", posts=("bakvakt",))

    def held(**more):
        ung = worker("ung", posts=("forvakt",), alone=(), **more)
        return proposed(problem(slots, [ung, ola])).assignment

    assert held() == {"back": "ola"}
    assert held(phone_is_enough=(days(0, 1),)) == {"back": "ola", "front": "ung"}
    assert held(phone_is_enough=(days(3, 1),)) == {"back": "ola"}
    slots[1] = slot("back", 0, post="bakvakt")
    assert held() == {"back": "ola", "front": "ung"}
