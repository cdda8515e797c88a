"""A proposal for several duties: what hangs together, and what each part comes to."""

import pytest

from tests.make_rota import LIMITS, slot, span, worker
from varde.domain.rota.candidates import Moves
from varde.domain.rota.mending import mending
from varde.domain.rota.rules.breach import RotaRule
from varde.domain.rota.values import Account, Law


EVENINGS = [slot(f"v{day}", day) for day in range(5)]


def moves(held, slots=EVENINGS, people=None):
    people = people or {}
    return Moves(
        slots=slots,
        workers=[worker(name, **people.get(name, {})) for name in "abcd"],
        assignment=held,
        limits=LIMITS,
    )


def parts(found):
    return [[(c.slot, c.before, c.after) for c in part.changes] for part in found.parts]


def test_duties_of_the_one_who_is_away_are_each_a_part_in_order_of_time():
    found = mending(
        moves({"v0": "b"}), {"v3": "b", "v1": "c", "v4": "b", "v0": "b"}, away="a"
    )
    assert parts(found) == [
        [("v1", None, "c")],
        [("v3", None, "b")],
        [("v4", None, "b")],
    ]


def test_who_gives_a_duty_away_to_take_another_makes_one_part_of_both():
    # b takes v1 and gives v3 to c; c gives v4 to d. v0 is by itself.
    found = mending(
        moves({"v3": "b", "v4": "c", "v0": "a"}),
        {"v0": "d", "v1": "b", "v3": "c", "v4": "d"},
        away="a",
    )
    assert parts(found) == [
        [("v0", "a", "d")],
        [("v1", None, "b"), ("v3", "b", "c"), ("v4", "c", "d")],
    ]


def test_a_link_that_comes_last_joins_what_came_before_it():
    found = mending(
        moves({"v4": "b", "v2": "c"}), {"v0": "b", "v2": "d", "v4": "c"}, away="a"
    )
    assert parts(found) == [
        [("v0", None, "b"), ("v2", "c", "d"), ("v4", "b", "c")],
    ]


def test_duties_at_the_same_time_and_duties_of_a_group_hang_together():
    slots = [
        slot("fri", 4),
        slot("bak", 4, 20, 4, post="bakvakt"),
        slot("sat", 5, 9, 8, group="h"),
        slot("sun", 6, 9, 8, group="h"),
        slot("mon", 7),
    ]
    found = mending(
        moves({}, slots),
        {"fri": "b", "bak": "c", "sat": "d", "sun": "d", "mon": "c"},
        away="a",
    )
    assert [[c[0] for c in part] for part in parts(found)] == [
        ["fri", "bak"],
        ["sat", "sun"],
        ["mon"],
    ]


def test_a_duty_may_be_left_vacant_to_fill_another():
    found = mending(moves({"v0": "b"}), {"v0": None, "v1": "b", "v2": None}, away="a")
    assert parts(found) == [[("v0", "b", None), ("v1", None, "b")]]
    (part,) = found.parts
    assert [(g.worker, g.week_hours) for g in part.gains] == [("b", 7)]


def test_a_part_says_what_it_breaks():
    people = {"b": {"away": (span(1, 16, 1),)}, "c": {"law": Law.SFS2305}}
    long_day = slot("long", 2, 22, 9)
    found = mending(
        moves({"long": "c"}, [*EVENINGS, long_day], people),
        {"v1": "b", "v2": "c"},
        away="a",
    )
    first, second = found.parts
    assert (first.may, second.may) == (False, True)
    assert [b.rule for b in first.judged.came] == [RotaRule.NO_DUTY_WHILE_AWAY]
    assert [b.rule for b in second.judged.came] == [RotaRule.HOURS_OF_A_DAY_ARE_KEPT]


def test_who_gains_stands_as_the_accounts_and_the_week_say():
    # Five evenings among four: a share of 1.25. b has one, gets two and gives one away.
    found = mending(
        moves({"v4": "b", "v0": "d"}), {"v1": "b", "v2": "b", "v4": "c"}, away="a"
    )
    (part,) = found.parts
    b, c = part.gains
    assert (b.worker, b.deviation_before, b.deviation_after) == ("b", -0.25, 0.75)
    assert b.account is Account.ALL
    assert (c.worker, c.deviation_after) == ("c", -0.25)
    assert (b.week_hours, c.week_hours) == (14, 7)
    assert found.worst_before == 0  # nobody has more than a fair share yet
    assert found.worst_after == pytest.approx(0.75)


def test_who_gains_twice_stands_the_second_time_as_after_the_first():
    found = mending(moves({}), {"v0": "b", "v3": "b"}, away="a")
    first, second = (part.gains[0] for part in found.parts)
    assert (first.deviation_before, first.deviation_after) == (-1.25, -0.25)
    assert (second.deviation_before, second.deviation_after) == (-0.25, 0.75)
    assert (first.week_hours, second.week_hours) == (7, 14)


def test_the_fullest_of_the_weeks_is_told():
    slots = [slot("mon", 0), slot("next", 7), slot("then", 8)]
    found = mending(moves({"then": "b"}, slots), {"mon": "b", "next": "b"}, away="a")
    assert [[g.week_hours for g in part.gains] for part in found.parts] == [[7], [14]]


def test_without_anybody_who_shares_the_worst_is_nothing():
    people = {name: {"share": 0.0} for name in "abcd"}
    found = mending(moves({}, people=people), {"v0": "b"}, away="a")
    assert (found.worst_before, found.worst_after) == (0, 0)


def test_what_is_not_there_is_refused():
    with pytest.raises(ValueError, match=r"no such slot: \['x'\]"):
        mending(moves({}), {"x": "b"}, away="a")
    with pytest.raises(ValueError, match="not there"):
        mending(moves({}), {"v0": "x"}, away="a")
