"""What is drawn for review, what counts as upgraded, and how well two agree."""

from collections import Counter
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from varde.domain.hastegrad import ARRIVAL, NATIONAL, PHONE, TO_NATIONAL
from varde.domain.review import (
    cohens_kappa,
    drawn_at_random,
    share_equal,
    was_upgraded,
)


ids = st.lists(st.integers(min_value=1, max_value=10**12), max_size=60, unique=True)
shares = st.floats(min_value=0, max_value=1)
seeds = st.integers(min_value=0, max_value=2**63)
answers = st.sampled_from(["met", "not_met", "cannot_tell"])
pairs = st.lists(st.tuples(answers, answers), max_size=40)


@pytest.mark.parametrize(
    ("size", "share", "drawn"),
    [
        (0, 0.5, 0),
        (10, 0.0, 0),
        (10, 1.0, 10),
        (1, 0.0001, 1),
        (50, 0.02, 1),
        (51, 0.02, 2),
        (100, 0.07, 7),  # in floating point 0.07 times 100 is a little more than 7
    ],
)
def test_a_share_is_rounded_up_to_a_whole_contact(size, share, drawn):
    assert len(drawn_at_random(range(size), share=share, seed=1)) == drawn


@pytest.mark.parametrize("share", [-0.01, 1.01, float("nan"), float("inf")])
def test_what_is_no_share_is_refused(share):
    with pytest.raises(ValueError, match="share of contacts"):
        drawn_at_random([1, 2], share=share, seed=1)


@given(ids=ids, share=shares, seed=seeds, random=st.randoms())
def test_a_draw_can_be_made_again_in_any_order(ids, share, seed, random):
    first = drawn_at_random(ids, share=share, seed=seed)
    shuffled = [*ids, *ids]
    random.shuffle(shuffled)
    assert drawn_at_random(shuffled, share=share, seed=seed) == first
    assert first <= set(ids)


@given(ids=ids, share=shares, seed=seeds)
def test_a_larger_share_draws_the_same_and_more(ids, share, seed):
    few = drawn_at_random(ids, share=share / 2, seed=seed)
    assert few <= drawn_at_random(ids, share=share, seed=seed)


def test_every_contact_is_drawn_about_equally_often():
    counts = Counter(
        one
        for seed in range(2000)
        for one in drawn_at_random(range(20), share=0.1, seed=seed)
    )
    assert set(counts) == set(range(20))
    # Binomial with 2000 draws of 1 in 10: 200 +- 13; five times that is never seen.
    assert all(135 < n < 265 for n in counts.values())


def test_another_seed_draws_others():
    assert drawn_at_random(range(1000), share=0.01, seed=1) != drawn_at_random(
        range(1000), share=0.01, seed=2
    )


@pytest.mark.parametrize(
    ("phone", "arrival", "upgraded"),
    [
        ("", "", False),
        ("rad", "", False),
        ("", "rod", False),
        ("vanlig haster", "", True),
        ("haster vanlig", "", False),
        ("haster vanlig haster", "", True),  # lowered and raised again
        ("haster vanlig akutt", "", True),
        ("", "gronn gul", True),
        ("", "gul gronn", False),
        ("rad", "bla", False),
        ("rad", "gronn", False),
        ("rad", "gul", True),
        ("vanlig", "gul", True),
        ("haster", "oransje", False),
        ("haster", "rod", True),
        ("akutt", "rod", False),
        ("akutt vanlig", "gul", True),  # by the last judgement on the phone
        ("rad", "gronn gronn", False),
    ],
)
def test_a_contact_is_upgraded_when_a_later_judgement_is_more_urgent(
    phone, arrival, upgraded
):
    assert (
        was_upgraded(
            phone=[PHONE.level(code) for code in phone.split()],
            arrival=[ARRIVAL.level(code) for code in arrival.split()],
        )
        is upgraded
    )


levels_of = {
    scale.code: st.lists(st.sampled_from(scale.levels), max_size=5)
    for scale in (PHONE, ARRIVAL)
}


@given(phone=levels_of["phone"], arrival=levels_of["arrival"])
def test_upgraded_is_what_comparing_every_two_judgements_says(phone, arrival):
    def raised(levels):
        return any(b.rank < a.rank for a, b in combinations(levels, 2))

    def national(level):
        return NATIONAL.codes.index(TO_NATIONAL[level.scale.code, level.code])

    came_worse = bool(phone) and any(
        national(seen) < national(phone[-1]) for seen in arrival
    )
    assert was_upgraded(phone=phone, arrival=arrival) is (
        raised(phone) or raised(arrival) or came_worse
    )


@given(pairs=pairs)
def test_the_share_of_equal_answers_is_a_share_and_none_without_pairs(pairs):
    share = share_equal(pairs)
    if not pairs:
        assert share is None
    else:
        assert share == sum(a == b for a, b in pairs) / len(pairs)


def test_kappa_is_that_of_the_textbook():
    # Cohen's own construction by hand: 0.7 observed, 0.5 expected by chance.
    table = {("y", "y"): 20, ("y", "n"): 5, ("n", "y"): 10, ("n", "n"): 15}
    assert cohens_kappa(spread(table)) == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("table", "kappa"),
    [
        ({("a", "a"): 3, ("b", "b"): 5}, 1.0),
        ({("a", "b"): 4, ("b", "a"): 4}, -1.0),
        ({("a", "a"): 1, ("a", "b"): 1, ("b", "a"): 1, ("b", "b"): 1}, 0.0),
        ({("a", "b"): 5}, 0.0),
        ({("a", "a"): 9}, None),  # chance alone gives full agreement
        ({}, None),
    ],
)
def test_kappa_at_its_edges(table, kappa):
    assert cohens_kappa(spread(table)) == kappa


@given(pairs=pairs)
def test_kappa_is_what_its_definition_says_with_exact_fractions(pairs):
    kappa = cohens_kappa(pairs)
    n = len(pairs)
    if n == 0:
        assert kappa is None
        return
    kinds = {answer for pair in pairs for answer in pair}
    observed = Fraction(sum(a == b for a, b in pairs), n)
    expected = sum(
        Fraction(sum(a == kind for a, _ in pairs), n)
        * Fraction(sum(b == kind for _, b in pairs), n)
        for kind in kinds
    )
    if expected == 1:
        assert kappa is None
    else:
        assert kappa == pytest.approx(float((observed - expected) / (1 - expected)))


@given(pairs=pairs)
def test_kappa_does_not_depend_on_who_is_called_first(pairs):
    swapped = [(b, a) for a, b in pairs]
    assert cohens_kappa(swapped) == cohens_kappa(pairs)


def spread(table):
    """A table of counts as the pairs that it counts."""
    return [pair for pair, n in table.items() for _ in range(n)]
