import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from varde.domain.answer_time import answer_time, answer_time_of_counts


@given(
    answers=st.lists(st.none() | st.integers(0, 700), max_size=15),
    unknown=st.integers(0, 3),
)
@settings(max_examples=40)
def test_counts_give_the_same_figures_as_the_calls_themselves(answers, unknown):
    known = sorted(seconds for seconds in answers if seconds is not None)
    middle = known[(len(known) - 1) // 2 : len(known) // 2 + 1]
    assert answer_time_of_counts(
        answered=len(known) + unknown,
        unanswered=answers.count(None),
        within=sum(seconds <= 120 for seconds in known),
        within_long=sum(seconds <= 600 for seconds in known),
        median_s=sum(middle) / len(middle) if middle else None,
    ) == answer_time(answers, limit_s=120, long_limit_s=600, answered_unknown=unknown)


def test_without_calls_there_is_no_share_instead_of_a_perfect_one():
    result = answer_time_of_counts(
        answered=0, unanswered=0, within=0, within_long=0, median_s=None
    )
    assert (result.calls, result.share_2min, result.share_10min) == (0, None, None)


@pytest.mark.parametrize(
    ("answered", "unanswered", "within", "within_long"),
    [(1, 0, 2, 2), (2, 0, 2, 1), (2, 0, 1, 3), (2, -1, 1, 1), (2, 0, -1, 1)],
)
def test_counts_that_cannot_be_are_refused(answered, unanswered, within, within_long):
    with pytest.raises(ValueError, match="counts must be"):
        answer_time_of_counts(
            answered=answered,
            unanswered=unanswered,
            within=within,
            within_long=within_long,
            median_s=None,
        )
