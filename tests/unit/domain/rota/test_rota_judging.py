"""The judge: one change judged as the whole rota is, and slow counts as oracles."""

from collections import Counter
from datetime import time
from itertools import accumulate
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.make_rota import ALWAYS, CALENDAR, MONDAY, limits, slot, span, worker
from varde.domain.rota.candidates import Moves
from varde.domain.rota.rules import changing
from varde.domain.rota.rules.breach import Breach, Need, RotaRule, is_hard_for
from varde.domain.rota.rules.changing import Changes, judge_change
from varde.domain.rota.rules.judging import judge
from varde.domain.rota.values import Law, Wish


POSTS = ["forvakt", "bakvakt", "konsultasjonsvakt", "beredskapsvakt", "operator"]
NAMES = ["a", "b", "c", "d"]
STRICT = limits(
    lvs_minimum=2,
    nights_in_a_row=2,
    days_between=2,
    average_weeks=2,
    second_tier={"konsultasjonsvakt": "beredskapsvakt"},
)


# Made once, from a written seed: Hypothesis chooses among them.
RANDOM = Random(20261122)
PERIODS = [
    span(RANDOM.randrange(28), RANDOM.randrange(24), RANDOM.randint(1, 30), minutes=30)
    for _ in range(60)
]
SLOTS = [
    slot(
        f"v{place:03}",
        RANDOM.randrange(21),
        RANDOM.randrange(24),
        RANDOM.choice([4, 7, 9, 12, 17, 24]),
        post=RANDOM.choice(POSTS),
        group=RANDOM.choice(["", "", "g1", "g2"]),
        active_share=RANDOM.choice([1.0, 1.0, 0.25]),
        is_phone_only=RANDOM.random() < 0.3,
    )
    for place in range(150)
]
WORKERS = {
    name: [
        worker(
            name,
            law=RANDOM.choice(list(Law)),
            posts=frozenset(RANDOM.sample(POSTS, RANDOM.randint(2, 5))),
            alone=RANDOM.choice([(), (ALWAYS,), (span(0, 0, 200),)]),
            phone_is_enough=RANDOM.choice([(), (ALWAYS,), (span(4, 0, 120),)]),
            lis1=(ALWAYS,) if RANDOM.random() < 0.3 else (),
            away=tuple(RANDOM.sample(PERIODS, RANDOM.randrange(3))),
            no_nights=tuple(RANDOM.sample(PERIODS, RANDOM.randrange(3))),
            only_within=RANDOM.choice([(), (), (span(0, 0, 400),)]),
        )
        for _ in range(12)
    ]
    for name in NAMES
}
SOMEBODY = st.sampled_from([*NAMES, None])


@st.composite
def rotas(draw):
    """Slots, people, who has what, wishes and needs: all in a muddle."""
    slots = draw(
        st.lists(
            st.sampled_from(SLOTS), min_size=1, max_size=18, unique_by=lambda s: s.id
        )
    )
    held = draw(st.lists(SOMEBODY, min_size=len(slots), max_size=len(slots)))
    wished = draw(
        st.lists(
            st.tuples(st.sampled_from(NAMES), st.sampled_from(PERIODS), st.booleans()),
            max_size=4,
        )
    )
    return {
        "slots": slots,
        "workers": [draw(st.sampled_from(some)) for some in WORKERS.values()],
        "assignment": {
            each.id: who for each, who in zip(slots, held, strict=True) if who
        },
        "wishes": [
            Wish(id=f"w{at}", worker=who, span=period, wants_duty=duty, weight=1)
            for at, (who, period, duty) in enumerate(wished)
        ],
        "needs": [
            Need(posts=frozenset({"operator", "forvakt"}), span=period, least=2)
            for period in draw(st.lists(st.sampled_from(PERIODS), max_size=3))
        ],
        "limits": STRICT,
    }


@settings(max_examples=100, deadline=None)
@given(rota=rotas(), data=st.data())
def test_one_change_is_judged_as_the_whole_rota_is(rota, data):
    ids = [each.id for each in rota["slots"]]
    change = data.draw(
        st.dictionaries(
            st.sampled_from(ids), st.sampled_from([*NAMES, None]), max_size=4
        )
    )
    both = rota["assignment"] | change
    after = rota | {
        "assignment": {each: who for each, who in both.items() if who is not None}
    }
    was, is_now = judge(**rota), judge(**after)
    found = judge_change(change=change, **rota)
    old, new = Counter(was.breaches), Counter(is_now.breaches)
    assert Counter(found.came) == new - old
    assert Counter(found.went) == old - new
    assert found.wishes_placed == is_now.placed - was.placed
    assert found.wishes_lost == was.placed - is_now.placed
    assert found.is_allowed == (not any(b.is_hard for b in (new - old).elements()))
    assert Counter(was.hard) + Counter(was.warnings) == old
    assert sum(was.counts.values()) == len(was.breaches)
    assert was.is_allowed == (not was.hard)
    assert set(was.vacant) == set(ids) - set(rota["assignment"])
    assert was.placed | was.unplaced == {wish.id for wish in rota["wishes"]}
    assert not was.placed & was.unplaced


@settings(max_examples=60, deadline=None)
@given(rota=rotas(), data=st.data())
def test_a_rota_made_ready_answers_the_same_however_often_it_is_asked(rota, data):
    ids = [each.id for each in rota["slots"]]
    ready, moves = Changes(**rota), Moves(**rota)
    changes = st.dictionaries(
        st.sampled_from(ids), st.sampled_from([*NAMES, None]), max_size=3
    )
    for change in data.draw(st.lists(changes, min_size=2, max_size=5)):
        alone = judge_change(change=change, **rota)
        assert ready.judged(change) == alone
        assert ready.judged(change) == alone
        assert list(ready.hard_that_came(change)) == [
            breach for breach in alone.came if breach.is_hard
        ]
        assert moves.is_less_fair(change) == (
            moves.fairness_after(change) > moves.fairness_now
        )


@settings(max_examples=40, deadline=None)
@given(rota=rotas(), data=st.data())
def test_a_rota_made_ready_may_be_given_other_holders(rota, data):
    ids = [each.id for each in rota["slots"]]
    others = data.draw(
        st.dictionaries(st.sampled_from(ids), st.sampled_from(NAMES), max_size=8)
    )
    ready = Changes(**rota)
    change = {ids[0]: "a"}
    before = ready.judged(change)
    assert ready.held_by(others).judged(change) == judge_change(
        change=change, **rota | {"assignment": others}
    )
    assert ready.judged(change) == before
    with pytest.raises(ValueError, match=r"not there: \['x'\]"):
        ready.held_by({ids[0]: "x"})
    with pytest.raises(ValueError, match=r"not there: \['x'\]"):
        ready.held_by({"x": "a"})


def test_what_is_remembered_of_people_has_an_end(monkeypatch):
    monkeypatch.setattr(changing, "MOST_KEPT", 2)
    rota = {
        "slots": [slot("v1", 0), slot("v2", 1), slot("v3", 2)],
        "workers": [worker(name) for name in NAMES],
        "assignment": {"v1": "a", "v2": "b"},
        "limits": STRICT,
    }
    ready = Changes(**rota)
    for name in NAMES:
        change = {"v1": name, "v3": name}
        assert ready.judged(change) == judge_change(change=change, **rota)


@settings(max_examples=30, deadline=None)
@given(rota=rotas(), data=st.data())
def test_the_order_in_which_things_come_does_not_matter(rota, data):
    shuffled = rota | {
        key: data.draw(st.permutations(rota[key])) for key in ("slots", "workers")
    }
    assert judge(**shuffled) == judge(**rota)


def half_hours(rota, name):
    """How many duties a person has in each half hour from the Monday on, and how much of
    it is work. No clocks change in these weeks: one has 336 half hours."""
    start = CALENDAR.at(MONDAY, time()).timestamp() - 336 * 1800  # the week before
    duties, work = [0] * (336 * 7), [0.0] * (336 * 7)
    for each in rota["slots"]:
        if rota["assignment"].get(each.id) == name:
            ends = (each.span.starts_at, each.span.ends_at)
            first, last = (round((at.timestamp() - start) / 1800) for at in ends)
            for at in range(first, last):
                duties[at] += 1
                work[at] += each.active_share / 2
    return duties, work


@settings(max_examples=30, deadline=None)
@given(rota=rotas())
def test_the_worst_24_hours_are_those_counted_half_hour_by_half_hour(rota):
    found = judge(**rota).breaches
    for name in NAMES:
        sums = [0.0, *accumulate(half_hours(rota, name)[1])]
        worst = max(sums[at + 48] - sums[at] for at in range(len(sums) - 48))
        said = [
            breach.measured
            for breach in found
            if (breach.rule, breach.worker) == (RotaRule.HOURS_OF_A_DAY_ARE_KEPT, name)
        ]
        if worst > STRICT.day_hours:
            assert max(said) == pytest.approx(worst)
        else:
            assert not said


@settings(max_examples=30, deadline=None)
@given(rota=rotas())
def test_the_longest_time_free_in_a_week_is_that_counted_half_hour_by_half_hour(rota):
    found = judge(**rota).breaches
    for name in NAMES:
        duties, _ = half_hours(rota, name)
        too_short = []
        for week in range(7):
            days = duties[336 * week : 336 * (week + 1)]
            if any(days):
                text = "".join("x" if on else "." for on in days)
                longest = max(map(len, text.split("x"))) / 2
                too_short += [longest] if longest < STRICT.weekly_rest_h else []
        said = [
            breach.measured
            for breach in found
            if (breach.rule, breach.worker) == (RotaRule.ENOUGH_REST_EVERY_WEEK, name)
        ]
        assert sorted(said) == pytest.approx(sorted(too_short))


@pytest.mark.parametrize("rule", RotaRule)
def test_only_working_hours_depend_on_the_law(rule):
    kari = worker(law=Law.AML)
    assert is_hard_for(rule, kari)
    of_hours = "hours", "rest", "sundays", "nights_in", "days_between"
    is_of_hours = any(word in rule for word in of_hours)
    assert is_hard_for(rule, worker(law=Law.SFS2305)) is not is_of_hours


def test_the_average_is_over_so_many_weeks_on_end():
    """Two weeks of 60 hours among eight: 15 on average, and 60 over two."""
    slots = [slot(f"v{d}", d, 8, 12) for d in (0, 1, 2, 3, 4, 7, 8, 9, 10, 11)]
    slots.append(slot("last", 55, 8, 1))
    held = {each.id: "kari" for each in slots}

    def said(weeks):
        found = judge(
            slots=slots,
            workers=[worker()],
            assignment=held,
            limits=limits(average_weeks=weeks),
        )
        rule = RotaRule.HOURS_ON_AVERAGE_ARE_KEPT
        return [b.measured for b in found.breaches if b.rule is rule]

    assert said(8) == []
    assert said(2) == [60]


def test_the_rest_after_the_night_when_the_clocks_change_is_a_true_one():
    """The night to 25 October has 25 hours: eleven hours from 20 are over at 06."""
    saturday = 285
    slots = [slot("night", saturday, 20, 11), slot("day", saturday + 1, 16, 4)]
    found = judge(
        slots=slots,
        workers=[worker()],
        assignment={"night": "kari", "day": "kari"},
        limits=limits(),
    )
    assert slots[0].span.ends_at.hour == 6
    rest = [b for b in found.breaches if b.rule is RotaRule.ENOUGH_REST_EVERY_DAY]
    assert [b.measured for b in rest] == [10]


@pytest.mark.parametrize(
    ("assignment", "names"),
    [({"v9": "kari"}, "v9"), ({"v1": "nobody"}, "nobody")],
)
def test_a_rota_that_names_what_is_not_there_is_refused(assignment, names):
    with pytest.raises(ValueError, match=names):
        judge(
            slots=[slot("v1", 0)],
            workers=[worker()],
            assignment=assignment,
            limits=limits(),
        )


@pytest.mark.parametrize("change", [{"v9": "kari"}, {"v1": "nobody"}, {"v1": ""}])
def test_a_change_that_names_what_is_not_there_is_refused(change):
    with pytest.raises(ValueError, match="not there"):
        judge_change(
            change=change,
            slots=[slot("v1", 0)],
            workers=[worker()],
            assignment={},
            limits=limits(),
        )


def test_an_id_that_comes_twice_is_refused():
    with pytest.raises(ValueError, match="slot comes twice"):
        judge(
            slots=[slot("v1", 0), slot("v1", 1)],
            workers=[],
            assignment={},
            limits=limits(),
        )


def test_a_rota_that_is_tried_is_not_changed():
    held = {"v1": "kari"}
    changes = Changes(
        slots=[slot("v1", 0)],
        workers=[worker(), worker("ola", posts=frozenset())],
        assignment=held,
        limits=limits(),
    )
    first = changes.judged({"v1": "ola"})
    assert [breach.worker for breach in first.came] == ["ola"]
    assert not first.is_allowed
    assert held == {"v1": "kari"}
    assert changes.judged({"v1": "ola"}) == first
    assert changes.judged({"v1": "kari"}).came == ()


def test_an_empty_rota_breaks_nothing():
    found = judge(slots=[], workers=[worker()], assignment={}, limits=limits())
    assert (found.breaches, found.vacant, found.is_allowed) == ((), (), True)


def test_breaches_come_in_the_order_of_the_rules_names():
    breaches = judge(
        slots=[slot("v1", 0), slot("v2", 0)],
        workers=[worker(posts=frozenset())],
        assignment={"v1": "kari", "v2": "kari"},
        limits=limits(),
    ).breaches
    assert [(breach.rule, breach.slots) for breach in breaches] == [
        (RotaRule.HOURS_OF_A_DAY_ARE_KEPT, ("v1", "v2")),
        (RotaRule.NO_TWO_DUTIES_AT_ONCE, ("v1", "v2")),
        (RotaRule.ONLY_IN_A_POST_THAT_ONE_HOLDS, ("v1",)),
        (RotaRule.ONLY_IN_A_POST_THAT_ONE_HOLDS, ("v2",)),
    ]
    assert isinstance(breaches[0], Breach)


def test_a_change_counts_those_who_are_there_beside_the_duty_that_stands():
    """a, who may not work alone, has b for the first hours and c for the rest. Without b
    only b's hours lack somebody: c does not overlap the duty that changes."""
    slots = [slot("long", 0, 8, 12), slot("first", 0, 8, 5), slot("rest", 0, 13, 7)]
    given = {
        "slots": slots,
        "workers": [worker("a", alone=()), worker("b"), worker("c")],
        "assignment": {"long": "a", "first": "b", "rest": "c"},
        "limits": limits(),
    }
    found = judge_change(change={"first": None}, **given)
    assert [(b.rule, b.measured) for b in found.came] == [
        (RotaRule.NEVER_ALONE_WHERE_NOT_COMPETENT, 5)
    ]
    assert found.went == ()


def test_a_change_is_judged_by_the_needs_of_its_own_hours_only():
    slots = [slot("early", 0, 8, 4), slot("late", 0, 16, 4)]
    given = {
        "slots": slots,
        "workers": [worker("a"), worker("b")],
        "assignment": {"early": "a", "late": "b"},
        "limits": limits(),
        "needs": [
            Need(posts=frozenset({one.post}), span=one.span, least=1) for one in slots
        ],
    }
    found = judge_change(change={"early": None}, **given)
    assert [b.rule for b in found.came] == [RotaRule.NEED_IS_MET]


@pytest.mark.parametrize(("is_lis1", "is_allowed"), [(False, True), (True, False)])
def test_a_lis1_is_nobodys_experienced_colleague(is_lis1, is_allowed):
    """Not even one whose papers say that they may work alone."""
    found = judge(
        slots=[slot("v1", 0), slot("v2", 0), slot("v3", 0, post="bakvakt")],
        workers=[
            worker("a", alone=()),
            worker("b", lis1=(ALWAYS,) if is_lis1 else ()),
            worker("c", posts=frozenset()),
        ],
        assignment={"v1": "a", "v2": "b"},
        limits=limits(),
    )
    broken = {breach.rule for breach in found.hard}
    assert (RotaRule.NEVER_ALONE_WHERE_NOT_COMPETENT not in broken) is is_allowed
