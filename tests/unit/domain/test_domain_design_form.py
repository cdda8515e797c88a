"""The score: unanswered is not no."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from varde.domain.design_form import score


@pytest.mark.parametrize(
    ("answers", "yes", "answered", "is_whole"),
    [
        ({}, 0, 0, False),
        ({"a": True}, 1, 1, False),
        ({"a": False, "b": None}, 0, 1, False),
        (dict.fromkeys("abc", True), 3, 3, True),
        (dict.fromkeys("abc", False), 0, 3, True),
        ({"a": True, "x": True}, 1, 1, False),
    ],
)
def test_score(answers, yes, answered, is_whole):
    found = score(answers, questions="abc")
    assert (found.yes, found.answered, found.questions) == (yes, answered, 3)
    assert found.is_whole is is_whole


@given(
    st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from([True, False, None]))
)
def test_yes_is_among_the_answered_and_they_among_the_questions(answers):
    found = score(answers, questions="abcdefg")
    assert 0 <= found.yes <= found.answered <= found.questions == 7
