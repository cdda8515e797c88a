"""Fairness: shares that add up, a comparison that is an order, and the figures beside."""

from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.make_rota import DOCTORS, slot, span, worker
from varde.domain.rota.fairness import (
    Fairness,
    Spacing,
    Standing,
    credit_of,
    fair_shares,
    fairness,
    spacing,
    standings,
)
from varde.domain.rota.values import Account


RANDOM = Random(20261122)
SLOTS = [
    slot(
        f"v{place:02}",
        RANDOM.randrange(21),
        RANDOM.choice([7, 15, 22]),
        8,
        post=RANDOM.choice(["forvakt", "bakvakt", "operator"]),
    )
    for place in range(60)
]
PEOPLE = {
    name: [
        worker(
            name,
            share=RANDOM.choice([0.0, 0.5, 1.0, 1.0]),
            posts=frozenset(RANDOM.sample(["forvakt", "bakvakt", "operator"], 2)),
            away=RANDOM.choice([(), (), (span(0, 0, 24 * 8),)]),
            no_nights=RANDOM.choice([(), (span(0, 0, 24 * 21),)]),
            credit=RANDOM.choice([{}, {Account.ALL: 1.5, Account.NIGHT: -2.0}]),
        )
        for _ in range(8)
    ]
    for name in "abc"
}


def test_a_duty_outside_the_rota_is_no_part_of_what_it_shares():
    inside, outside = slot("v1", 0), slot("v0", -3, is_outside=True)
    rows = standings(
        slots=[inside, outside],
        workers=[worker("kari"), worker("ola")],
        assignment={"v0": "kari", "v1": "ola"},
    )
    shared = {row.worker: (row.held, row.fair) for row in rows if row.account == "all"}
    assert shared == {"kari": (0, 0.5), "ola": (1, 0.5)}


@st.composite
def rotas(draw):
    slots = draw(
        st.lists(st.sampled_from(SLOTS), max_size=12, unique_by=lambda s: s.id)
    )
    who = st.sampled_from(["a", "b", "c", None])
    held = draw(st.lists(who, min_size=len(slots), max_size=len(slots)))
    return {
        "slots": slots,
        "workers": [draw(st.sampled_from(some)) for some in PEOPLE.values()],
        "assignment": {s.id: w for s, w in zip(slots, held, strict=True) if w},
    }


def able(slot, worker):
    """Written once more, slowly: who could have a duty."""
    is_night = Account.NIGHT in slot.accounts
    return (
        worker.share > 0
        and slot.post in worker.posts
        and not any(away.overlaps(slot.span) for away in worker.away)
        and not (is_night and any(s.overlaps(slot.span) for s in worker.no_nights))
    )


@settings(deadline=None)
@given(rota=rotas())
def test_the_shares_of_an_account_add_up_to_its_duties(rota):
    shares = fair_shares(rota["slots"], rota["workers"])
    for account in Account:
        duties = [
            s
            for s in rota["slots"]
            if account in s.accounts and any(able(s, w) for w in rota["workers"])
        ]
        total = sum(of[account] for of in shares.values())
        assert total == pytest.approx(len(duties))


@settings(deadline=None)
@given(rota=rotas())
def test_each_share_is_that_of_the_slow_count(rota):
    shares = fair_shares(rota["slots"], rota["workers"])
    for one in rota["workers"]:
        for account in Account:
            expected = sum(
                one.share / sum(w.share for w in rota["workers"] if able(s, w))
                for s in rota["slots"]
                if account in s.accounts and able(s, one)
            )
            assert shares[one.id][account] == pytest.approx(expected)


@settings(deadline=None)
@given(one=rotas(), two=rotas(), three=rotas())
def test_to_be_fairer_is_a_total_order(one, two, three):
    a, b, c = sorted(fairness(**rota) for rota in (one, two, three))
    assert a <= b <= c
    assert a <= c
    assert (a < b) + (a == b) + (a > b) == 1
    assert (a == b) == (not a < b and not b < a)


@settings(deadline=None)
@given(rota=rotas(), data=st.data())
def test_names_do_not_matter(rota, data):
    """The same rota with people of the same terms under each other's names is as fair."""
    alike = [worker(name, posts=DOCTORS | {"operator"}) for name in "abc"]
    names = dict(zip("abc", data.draw(st.permutations("abc")), strict=True))
    moved = {slot: names[who] for slot, who in rota["assignment"].items()}
    was = fairness(slots=rota["slots"], workers=alike, assignment=rota["assignment"])
    assert fairness(slots=rota["slots"], workers=alike, assignment=moved) == was


def evenings(count):
    return [slot(f"v{day}", day % 5 + 7 * (day // 5)) for day in range(count)]


def fair(*held, **people):
    """Evenings, one after the other, had by those named; `-` is vacant."""
    slots = evenings(len(held))
    return fairness(
        slots=slots,
        workers=[worker(name, **people.get(name, {})) for name in "abc"],
        assignment={
            s.id: who for s, who in zip(slots, held, strict=True) if who != "-"
        },
    )


def test_the_worst_off_decides_and_then_the_next():
    even, two_each, one_has_all = fair(*"abcabc"), fair(*"aabbaa"), fair(*"aaaaaa")
    assert even < two_each < one_has_all
    # a has four in both: who has the rest decides
    assert fair(*"aaaabc") < fair(*"aaaabb")


def test_a_rota_does_not_become_fair_by_vacant_places():
    assert fair(*"aaabbc") < fair(*"abc---")


def test_history_is_paid_back():
    owed = {"a": {"credit": {Account.ALL: -2.0, Account.EVENING: -2.0}}}
    assert fair(*"aaabbc", **owed) < fair(*"abcabc", **owed)
    assert fair(*"aaabbc") > fair(*"abcabc")


def test_one_who_fills_in_only_is_not_counted():
    filler = {"c": {"share": 0.0}}
    assert fair(*"abccc", **filler).deviations == fair(*"abccc", **filler).deviations
    assert len(fair(*"abccc", **filler).deviations) == 2 * len(Account)


def test_half_a_share_is_half_of_a_whole_one():
    people = [worker("a"), worker("b", share=0.5)]
    shares = fair_shares(evenings(3), people)
    assert shares["a"][Account.EVENING] == pytest.approx(2)
    assert shares["b"][Account.EVENING] == pytest.approx(1)
    assert shares["b"][Account.NIGHT] == 0


def test_a_duty_that_nobody_could_have_is_nobodys_share():
    assert fair_shares(evenings(1), [worker("a", posts=frozenset())])[
        "a"
    ] == dict.fromkeys(Account, 0.0)


def test_how_everybody_stands():
    slots = evenings(2)
    rows = standings(
        slots=slots,
        workers=[worker("a", credit={Account.ALL: 1.0}), worker("b")],
        assignment={"v0": "a", "v1": "a"},
    )
    assert [row.worker for row in rows] == ["a"] * len(Account) + ["b"] * len(Account)
    of = {(row.worker, row.account): row for row in rows}
    assert of["a", Account.ALL] == Standing(
        worker="a", account=Account.ALL, held=2, fair=1.0, credit=1.0
    )
    assert of["a", Account.ALL].deviation == 2
    assert of["b", Account.EVENING].deviation == -1
    assert of["b", Account.HOLIDAY].deviation == 0


def row(held, fair, *, account=Account.NIGHT, credit=0.0):
    return Standing(worker="a", account=account, held=held, fair=fair, credit=credit)


def test_credit_is_that_of_the_last_years_and_counted_once():
    periods = [
        (date(2022, 12, 31), [row(9, 0.0)]),
        (date(2023, 1, 1), [row(3, 2.5, credit=9.0)]),
        (date(2024, 12, 31), [row(1, 2.0), row(1, 1.0, account=Account.ALL)]),
    ]
    found = credit_of(periods, since=date(2023, 1, 1))
    assert found == {"a": {Account.NIGHT: -0.5, Account.ALL: 0.0}}
    assert credit_of([], since=date(2023, 1, 1)) == {}


def test_a_vacant_duty_is_nobodys():
    found = spacing(slots=evenings(2), workers=[worker("a")], assignment={"v0": "a"})
    assert found[0].least_days is None


def test_a_person_has_no_share_outside_their_own_periods():
    people = [worker("a"), worker("b", only_within=(span(1, 0, 24),))]
    shares = fair_shares(evenings(2), people)
    assert shares["a"][Account.EVENING] == pytest.approx(1.5)
    assert shares["b"][Account.EVENING] == pytest.approx(0.5)


def test_only_those_who_may_work_alone_share_the_bakvakt():
    people = [worker("a"), worker("b", alone=())]
    shares = fair_shares([slot("v0", 0, post="bakvakt")], people)
    assert [shares[who][Account.BACKUP] for who in "ab"] == [1, 0]


def test_how_close_the_duties_are():
    slots = [slot("v1", 0, 22, 9), slot("v2", 2, 15), slot("v3", 5, 22, 9)]
    found = spacing(
        slots=[*slots, slot("v4", 6)],
        workers=[worker("a"), worker("b"), worker("c")],
        assignment={"v1": "a", "v2": "a", "v3": "a", "v4": "b"},
    )
    assert found == (
        Spacing(
            worker="a",
            least_days=pytest.approx(2 - 7 / 24),
            mean_days=2.5,
            least_days_of_nights=5.0,
        ),
        Spacing(worker="b", least_days=None, mean_days=None, least_days_of_nights=None),
        Spacing(worker="c", least_days=None, mean_days=None, least_days_of_nights=None),
    )


def test_fairness_is_compared_by_vacant_places_first():
    assert Fairness(vacant=0, deviations=(9.0,)) < Fairness(vacant=1, deviations=(0.0,))
