import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from varde.domain.answer_time import AnswerTime, answer_time


times = st.lists(st.none() | st.integers(0, 700), max_size=15)


def of(answers, **options):
    return answer_time(answers, limit_s=120, long_limit_s=600, **options)


@given(answers=times, unknown=st.integers(0, 3))
@settings(max_examples=40)
def test_it_agrees_with_counting_by_hand(answers, unknown):
    in_two = in_ten = answered = unanswered = 0
    for seconds in answers:
        if seconds is None:
            unanswered += 1
            continue
        answered += 1
        in_two += seconds <= 120
        in_ten += seconds <= 600
    calls = answered + unanswered + unknown
    result = of(answers, answered_unknown=unknown)
    assert result.calls == calls
    assert result.answered == answered + unknown
    assert result.unanswered == unanswered
    assert result.share_2min == (in_two / calls if calls else None)
    assert result.share_10min == (in_ten / calls if calls else None)


@given(answers=times)
@settings(max_examples=40)
def test_the_median_has_as_many_calls_on_each_side(answers):
    known = [seconds for seconds in answers if seconds is not None]
    median = of(answers).median_s
    if not known:
        assert median is None
        return
    assert sum(s < median for s in known) <= len(known) / 2
    assert sum(s > median for s in known) <= len(known) / 2


@given(answers=times)
@settings(max_examples=40)
def test_a_call_that_nobody_answers_never_makes_the_figures_better(answers):
    before, after = of(answers), of([*answers, None])
    assert after.calls == before.calls + 1
    assert (after.share_2min or 0) <= (before.share_2min or 0)
    assert after.median_s == before.median_s


@pytest.mark.parametrize(
    ("seconds", "share_2min", "share_10min"),
    [(0, 1, 1), (120, 1, 1), (120.5, 0, 1), (600, 0, 1), (600.5, 0, 0), (None, 0, 0)],
)
def test_an_answer_exactly_at_the_limit_is_within_it(seconds, share_2min, share_10min):
    result = of([seconds])
    assert (result.share_2min, result.share_10min) == (share_2min, share_10min)


@pytest.mark.parametrize(
    ("answers", "median"),
    [([7], 7), ([3, 8], 5.5), ([9, 1, 5], 5), ([None, 4, None], 4), ([None], None)],
)
def test_the_median_is_of_the_answered_and_of_an_even_count_the_mean_of_two(
    answers, median
):
    assert of(answers).median_s == median


def test_without_calls_the_shares_are_unknown_and_not_zero():
    nothing = AnswerTime(
        calls=0,
        answered=0,
        unanswered=0,
        share_2min=None,
        share_10min=None,
        median_s=None,
    )
    assert of([]) == nothing
    assert nothing.figures() == {
        "calls": 0,
        "answered": 0,
        "unanswered": 0,
        "share_2min": None,
        "share_10min": None,
        "median_s": None,
    }


def test_an_answer_of_unknown_time_counts_and_is_never_in_time():
    result = of([10], answered_unknown=3)
    assert (result.calls, result.answered, result.share_10min) == (4, 4, 0.25)
    assert result.median_s == 10


def test_the_printed_figures_have_four_decimals_and_a_whole_median_is_whole():
    figures = of([10.0, 700.0, 300.0]).figures()
    assert figures["share_2min"] == 0.3333
    assert figures["share_10min"] == 0.6667
    assert repr(figures["median_s"]) == "300"
    assert of([1, 2]).figures()["median_s"] == 1.5


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf")])
def test_a_time_that_cannot_be_is_refused(seconds):
    with pytest.raises(ValueError, match="must be 0 or more seconds"):
        of([seconds])


def test_the_limits_may_be_zero_and_equal():
    result = answer_time([0, 1], limit_s=0, long_limit_s=0)
    assert (result.share_2min, result.share_10min) == (0.5, 0.5)


@pytest.mark.parametrize("limits", [(-1, 600), (601, 600), (120, float("inf"))])
def test_limits_that_cannot_be_are_refused(limits):
    with pytest.raises(ValueError, match="limits must be"):
        answer_time([1], limit_s=limits[0], long_limit_s=limits[1])


def test_a_negative_number_of_unknown_answers_is_refused():
    with pytest.raises(ValueError, match="negative: -1"):
        of([1], answered_unknown=-1)
