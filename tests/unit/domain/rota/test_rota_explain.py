"""Why somebody has what they have, and why a wish was not placed."""

import pytest

from tests.make_rota import LIMITS, slot, span, worker
from varde.domain.rota.explain import Why, why_has, wishes_answered
from varde.domain.rota.values import Account, Wish


CHRISTMAS = 346  # Thursday 24 December 2026, counted from Monday 12 January
EVE, DAY, SECOND = (slot(f"j{n}", CHRISTMAS + n, 9, 12) for n in range(3))


def rota(slots, held, people=None, wishes=(), names="abc"):
    people = people or {}
    return {
        "slots": slots,
        "workers": [worker(name, **people.get(name, {})) for name in names],
        "assignment": held,
        "limits": LIMITS,
        "wishes": wishes,
    }


def wish(who, period, *, duty=False):
    return Wish(id=f"w-{who}", worker=who, span=period, wants_duty=duty, weight=2)


def said(grounds):
    return [(ground.code, dict(ground.values)) for ground in grounds]


def codes(grounds):
    return [ground.code for ground in grounds]


def test_the_day_is_christmas_eve():
    assert EVE.span.starts_at.date().isoformat() == "2026-12-24"
    assert Account.HOLIDAY in EVE.accounts


def test_two_christmas_duties_because_the_others_are_away_or_wished_free():
    """a has two. b is away on the first, c has wished to be free on the second."""
    given = rota(
        [EVE, DAY, SECOND],
        {"j0": "a", "j1": "b", "j2": "a"},
        {"b": {"away": (span(CHRISTMAS, 0, 24),)}},
        [wish("c", span(CHRISTMAS + 2, 0, 24))],
    )
    found = why_has(worker="a", account=Account.HOLIDAY, among=["j0", "j2"], **given)
    standing, *grounds = said(found)
    assert standing[0] is Why.FAIR_SHARE
    assert standing[1]["held"] == 2
    assert standing[1]["fair"] == pytest.approx(1 / 2 + 2 / 3)
    assert grounds == [
        (Why.RULE, {"slot": "j0", "rule": "no_duty_while_away", "count": 1}),
        (Why.POSSIBLE, {"slot": "j0", "worker": "c"}),
        (Why.FREE_WISHED, {"slot": "j2", "count": 1}),
        (Why.FAIRNESS, {"slot": "j2", "count": 1}),
    ]


def test_one_who_had_fewer_before_has_more_now():
    given = rota(
        [EVE, DAY], {"j0": "a", "j1": "a"}, {"a": {"credit": {Account.HOLIDAY: -1.5}}}
    )
    found = why_has(worker="a", account=Account.HOLIDAY, **given)
    assert codes(found) == [Why.FAIR_SHARE, Why.OWED]
    assert found[1].values == {"credit": -1.5}


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ("aaaa", Why.ABOVE_SHARE),
        ("aaab", Why.FAIR_SHARE),  # one more than the two that are fair
        ("abbb", Why.FAIR_SHARE),
        ("bbbb", Why.BELOW_SHARE),
    ],
)
def test_how_the_account_stands(held, expected):
    """Whole duties come no nearer than one; the share is a sum that is not exact."""
    slots = [slot(f"v{day}", day) for day in range(6)]
    given = rota(slots, {f"v{day}": who for day, who in enumerate(held)})
    assert codes(why_has(worker="a", account=Account.ALL, **given)) == [expected]


def test_one_may_have_asked_for_it_and_it_may_come_with_another():
    slots = [slot("lo", 5, 9, 12, group="helg"), slot("so", 6, 9, 12, group="helg")]
    given = rota(
        slots,
        {"lo": "a", "so": "a"},
        wishes=[wish("a", span(6, 9, 1), duty=True)],
        names="a",
    )
    found = why_has(worker="a", account=Account.WEEKEND, among=["lo", "so"], **given)
    assert said(found)[1:] == [
        (Why.COMES_TOGETHER, {"slot": "lo"}),
        (Why.WISHED, {"slot": "so"}),
        (Why.COMES_TOGETHER, {"slot": "so"}),
    ]


def test_only_those_that_the_person_has_are_explained():
    given = rota([EVE, DAY], {"j0": "b"})
    found = why_has(worker="a", account=Account.HOLIDAY, among=["j0", "j1"], **given)
    assert codes(found) == [Why.FAIR_SHARE]


def test_a_person_who_is_not_there_is_refused():
    with pytest.raises(ValueError, match="no such person: x"):
        why_has(worker="x", account=Account.ALL, **rota([EVE], {}))


def answers(slots, held, wishes, people=None):
    given = rota(slots, held, people, wishes)
    return {answer.wish: answer for answer in wishes_answered(**given)}


def test_a_wish_that_was_placed_needs_no_ground():
    found = answers(
        [EVE, DAY],
        {"j0": "a"},
        [
            wish("a", span(CHRISTMAS, 0, 24), duty=True),
            wish("b", span(CHRISTMAS, 0, 24)),
        ],
    )
    assert all(answer.is_placed and not answer.grounds for answer in found.values())


def test_a_wish_to_be_free_stands_back_for_what_keeps_the_others_away():
    found = answers(
        [EVE],
        {"j0": "a"},
        [wish("a", span(CHRISTMAS, 0, 24))],
        {"b": {"posts": frozenset()}, "c": {"away": (span(CHRISTMAS, 0, 24),)}},
    )["w-a"]
    assert not found.is_placed
    assert said(found.grounds) == [
        (Why.RULE, {"slot": "j0", "rule": "only_in_a_post_that_one_holds", "count": 1}),
        (Why.RULE, {"slot": "j0", "rule": "no_duty_while_away", "count": 1}),
    ]


def test_a_wish_for_duty_may_find_none_there():
    found = answers([EVE], {}, [wish("a", span(0, 0, 24), duty=True)])["w-a"]
    assert codes(found.grounds) == [Why.NO_DUTY_THERE]


def test_a_wish_for_duty_is_stopped_by_a_rule_or_by_fairness():
    slots = [EVE, DAY, slot("j9", CHRISTMAS, 9, 12, post="operator")]
    wishes = [
        wish("a", span(CHRISTMAS, 0, 24), duty=True),
        wish("c", span(CHRISTMAS, 0, 24), duty=True),
    ]
    people = {"c": {"away": (span(CHRISTMAS, 0, 2),)}}
    found = answers(slots, {"j0": "b", "j1": "a"}, wishes, people)
    assert said(found["w-a"].grounds) == [(Why.FAIRNESS, {"slot": "j0", "count": 1})]
    barred = answers(slots, {"j0": "b"}, wishes, {"c": {"away": (EVE.span,)}})
    assert said(barred["w-c"].grounds) == [
        (Why.RULE, {"slot": "j0", "rule": "no_duty_while_away", "count": 1})
    ]


def test_what_could_still_be_done_is_said():
    found = answers([EVE, DAY], {"j0": "a"}, [wish("c", DAY.span, duty=True)])["w-c"]
    assert said(found.grounds) == [(Why.POSSIBLE, {"slot": "j1", "worker": "c"})]


def test_a_rule_that_needs_the_whole_rota_stands_in_the_way():
    """b could have it by the accounts, but has the day shift that it would run on from."""
    day = slot("day", CHRISTMAS, 1, 8, post="operator")
    people = {
        "b": {
            "posts": frozenset({"operator", "forvakt"}),
            "credit": dict.fromkeys(Account, -5.0),
        },
        "c": {"posts": frozenset()},
    }
    found = answers(
        [EVE, day],
        {"j0": "a", "day": "b"},
        [wish("a", span(CHRISTMAS, 20, 1))],
        people,
    )["w-a"]
    assert said(found.grounds) == [
        (Why.RULE, {"slot": "j0", "rule": "only_in_a_post_that_one_holds", "count": 1}),
        (Why.RULE, {"slot": "j0", "rule": "hours_of_a_day_are_kept", "count": 1}),
    ]
