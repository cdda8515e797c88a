"""Who could have a duty, in which order, and which swaps the rules let be done."""

import pytest

from tests.make_rota import LIMITS, slot, span, worker
from varde.domain.rota.candidates import Moves, candidates, judge_swap
from varde.domain.rota.fairness import fairness
from varde.domain.rota.rules.breach import RotaRule
from varde.domain.rota.values import Account, Law, Wish


def rota(slots, held, people=None, wishes=()):
    people = people or {}
    return {
        "slots": slots,
        "workers": [worker(name, **people.get(name, {})) for name in "abcd"],
        "assignment": held,
        "limits": LIMITS,
        "wishes": wishes,
    }


def wish(who, period, *, duty=False):
    return Wish(id=f"w-{who}", worker=who, span=period, wants_duty=duty, weight=2)


# Monday to Friday evenings; "v2", the Wednesday, is the one that is asked about.
WEEK = [slot(f"v{day}", day) for day in range(5)]


def order(held, people=None, wishes=()):
    return [c.worker for c in candidates(slot="v2", **rota(WEEK, held, people, wishes))]


def test_the_one_with_the_fewest_comes_first():
    assert order({"v0": "b", "v4": "b", "v1": "a"}) == ["c", "d", "a", "b"]


def test_whoever_has_it_is_not_among_them():
    assert order({"v2": "c", "v0": "b"}) == ["a", "d", "b"]


def test_a_warning_comes_after_none_and_what_is_not_allowed_last():
    long_day = slot("long", 2, 22, 9)  # begins as v2 ends: 16 hours on end
    people = {
        "a": {"away": (span(2, 16, 1),)},
        "b": {"law": Law.SFS2305},
        "c": {"law": Law.AML},
    }
    found = candidates(
        slot="v2",
        **rota(
            [*WEEK, long_day, slot("c-long", 2, 7, 8)],
            {"long": "b", "c-long": "c"},
            people,
        ),
    )
    assert [(c.worker, c.may) for c in found] == [
        ("d", True),
        ("b", True),
        ("a", False),
        ("c", False),
    ]
    assert [b.rule for b in found[1].judged.came] == [RotaRule.HOURS_OF_A_DAY_ARE_KEPT]
    assert [b.rule for b in found[2].judged.came] == [RotaRule.NO_DUTY_WHILE_AWAY]


def test_a_wish_that_would_be_lost_weighs_more_than_the_account():
    assert order({"v0": "b"}, wishes=[wish("a", span(2, 15, 1))]) == [
        "c",
        "d",
        "b",
        "a",
    ]


def test_what_it_does_to_the_account_and_the_week():
    found = candidates(slot="v2", **rota(WEEK, {"v0": "a", "v4": "a"}))
    last = found[-1]
    assert last.worker == "a"
    assert last.account is Account.ALL
    assert last.deviation_before == pytest.approx(2 - 5 / 4)
    assert last.deviation_after == pytest.approx(3 - 5 / 4)
    assert last.week_hours == 21
    assert last.nearest_days == 2
    assert found[0].nearest_days is None
    assert found[0].week_hours == 7


def test_the_hours_are_those_of_the_duties_own_week():
    slots = [slot("v2", 2), slot("next", 9)]
    found = candidates(slot="v2", **rota(slots, {"next": "a"}))
    assert {c.worker: c.week_hours for c in found} == dict.fromkeys("abcd", 7)


def test_the_whole_weekend_is_tried_when_one_of_it_is_asked_for():
    slots = [slot("lo", 5, 9, 12, group="helg"), slot("so", 6, 9, 12, group="helg")]
    (first, *_) = candidates(slot="so", **rota(slots, {}))
    assert first.deviation_after == pytest.approx(2 - 2 / 4)
    assert first.week_hours == 24
    assert first.may
    # Only what the same person holds: the other half is another's already.
    (first, *_) = candidates(slot="so", **rota(slots, {"lo": "d"}))
    assert first.worker == "d"
    assert {
        b.rule
        for c in candidates(slot="so", **rota(slots, {"lo": "d"}))[1:]
        for b in c.judged.came
    } == {RotaRule.A_WHOLE_GROUP_BY_ONE_PERSON}


def test_a_slot_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="no such slot: \\['x'\\]"):
        candidates(slot="x", **rota(WEEK, {}))


def test_the_fairness_of_a_change_is_that_of_the_rota_with_it_made():
    given = rota(WEEK, {"v0": "a", "v1": "a", "v2": "b"})
    moves = Moves(**given)
    change = {"v0": "c", "v2": None, "v3": "d"}
    after = {"v0": "c", "v1": "a", "v3": "d"}
    expected = fairness(slots=WEEK, workers=given["workers"], assignment=after)
    assert moves.fairness_after(change) == expected


def test_a_swap_within_the_rules_is_allowed_and_says_what_it_does():
    found = judge_swap(
        first="v0", second="v3", to="b", **rota(WEEK, {"v0": "a", "v3": "b"})
    )
    assert found.is_allowed
    assert found.change == {"v0": "b", "v3": "a"}
    assert found.deviation_before == found.deviation_after


def test_a_duty_given_away_moves_the_account():
    found = judge_swap(first="v0", second=None, to="b", **rota(WEEK, {"v0": "a"}))
    assert found.change == {"v0": "b"}
    assert found.deviation_before["a"] == pytest.approx(1 - 5 / 4)
    assert found.deviation_after["b"] == pytest.approx(1 - 5 / 4)
    assert found.deviation_after["a"] == pytest.approx(-5 / 4)
    assert found.deviation_before["b"] == pytest.approx(-5 / 4)


def test_a_swap_that_breaks_a_rule_names_it():
    given = rota(WEEK, {"v0": "a", "v1": "b"}, {"b": {"away": (span(0, 0, 24),)}})
    found = judge_swap(first="v0", second="v1", to="b", **given)
    assert not found.is_allowed
    assert [b.rule for b in found.judged.came] == [RotaRule.NO_DUTY_WHILE_AWAY]


def test_a_weekend_is_swapped_whole():
    slots = [slot("lo", 5, 9, 12, group="helg"), slot("so", 6, 9, 12, group="helg")]
    given = rota([*slots, *WEEK], {"lo": "a", "so": "a", "v2": "b"})
    found = judge_swap(first="lo", second="v2", to="b", **given)
    assert found.change == {"lo": "b", "so": "b", "v2": "a"}


@pytest.mark.parametrize(
    ("first", "second", "to", "says"),
    [
        ("v4", None, "b", "vacant or held by b"),
        ("v0", None, "a", "vacant or held by a"),
        ("v0", "v4", "b", "v4 is not held by b"),
        ("v0", "x", "b", "no such slot"),
        ("v0", None, "nobody", "not there"),
    ],
)
def test_a_swap_of_what_they_do_not_have_is_refused(first, second, to, says):
    with pytest.raises(ValueError, match=says):
        judge_swap(first=first, second=second, to=to, **rota(WEEK, {"v0": "a"}))
