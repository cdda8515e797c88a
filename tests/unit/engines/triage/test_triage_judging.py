"""From the criteria found to a hastegrad."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.engines.triage.index_file import as_yaml, sound
from varde.engines.triage.judging import Judgement, NotJudged, judge
from varde.engines.triage.loading import load


INDEX = load(as_yaml(sound()), filename="prove.yaml")
HODE = INDEX.complaint("hode")
IDS = [criterion.id for criterion in HODE.all_criteria]


def ids(criteria):
    return [criterion.id for criterion in criteria]


@pytest.mark.parametrize(
    ("chosen", "hastegrad", "decided_by"),
    [
        (["kjent"], "rad", ["kjent"]),
        (["kjent", "oppkast"], "haster", ["oppkast"]),
        (["oppkast", "kjent", "lam"], "akutt", ["lam"]),
        (["lam", "nakke"], "akutt", ["nakke", "lam"]),
        (["kjent", "kjent"], "rad", ["kjent"]),
        (("nakke",), "akutt", ["nakke"]),
        ({"oppkast": True}, "haster", ["oppkast"]),
    ],
)
def test_the_most_urgent_of_what_was_chosen_decides(chosen, hastegrad, decided_by):
    judgement = judge(HODE, chosen)
    assert judgement.hastegrad_code == hastegrad
    assert ids(judgement.decided_by) == decided_by
    assert judgement.not_judged is None


def test_nothing_chosen_gives_no_hastegrad_and_says_why():
    assert judge(HODE, []) == Judgement(
        hastegrad_code=None,
        decided_by=(),
        chosen=(),
        not_judged=NotJudged.NOTHING_CHOSEN,
    )


def test_all_that_was_chosen_is_kept_in_the_order_of_the_index():
    assert ids(judge(HODE, ["kjent", "nakke"]).chosen) == ["nakke", "kjent"]


def test_a_criterion_that_is_not_there_is_refused_by_name_and_nothing_is_judged():
    with pytest.raises(
        ValueError, match="'hode' has no criterion borte, verk"
    ) as caught:
        judge(HODE, ["verk", "kjent", "borte"])
    assert str(caught.value).endswith(
        "Judge by the version of the index that was shown."
    )


@given(chosen=st.lists(st.sampled_from(IDS)))
def test_it_agrees_with_going_through_the_scale_from_the_top(chosen):
    """The slow way: ask of each hastegrad, most urgent first, whether one gives it."""
    expected = None
    for level in INDEX.scale:
        if any(c.id in chosen for c in HODE.criteria_of(level.code)):
            expected = level.code
            break
    assert judge(HODE, chosen).hastegrad_code == expected


@given(chosen=st.lists(st.sampled_from(IDS), min_size=1), more=st.sampled_from(IDS))
def test_one_more_criterion_never_makes_it_less_urgent(chosen, more):
    rank = {level.code: level.rank for level in INDEX.scale}
    before = judge(HODE, chosen).hastegrad_code
    after = judge(HODE, [*chosen, more]).hastegrad_code
    assert rank[after] <= rank[before]
