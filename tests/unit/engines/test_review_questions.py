"""The fixed questions of the review: ours load, and a fault in a file is told."""

import pytest

from varde.content import REVIEW_QUESTIONS_FILE, review_questions_text
from varde.domain.errors import BadInput
from varde.engines.review_questions import Answer, load


FILE = """
version: "7"
title: Spørsmål
answer_sets:
  yn:
    - {code: met, text: Ja}
    - {code: not_met, text: Nei}
questions:
  - {id: a, text: "Ble det spurt?", answers: yn, source: våre ord}
  - {id: b, text: "Ble det svart?", answers: yn, source: våre ord, help: Bare om det ble spurt.}
"""


def test_our_own_questions_load_and_each_names_its_source():
    ours = load(review_questions_text(), filename=REVIEW_QUESTIONS_FILE)
    assert len(ours.questions) >= 10
    assert all(question.source for question in ours.questions)
    urgency = next(q for q in ours.questions if q.id == "urgency")
    assert {a.code for a in urgency.answers} >= {"right", "too_low", "too_high"}


def test_a_file_is_read_in_its_order():
    read = load(FILE, filename="f.yaml")
    assert (read.version, [q.id for q in read.questions]) == ("7", ["a", "b"])
    assert read.questions[0].answers == (Answer("met", "Ja"), Answer("not_met", "Nei"))
    assert (read.questions[0].help, read.questions[1].help) == (
        "",
        "Bare om det ble spurt.",
    )


def test_an_answer_is_shown_in_words_and_an_unknown_one_as_it_is():
    (first, _) = load(FILE, filename="f.yaml").questions
    assert (first.words("met"), first.words("gone")) == ("Ja", "gone")


@pytest.mark.parametrize(
    ("answers", "faults"),
    [
        ({"a": "met", "b": "not_met"}, ()),
        ({"a": "met", "b": "not_met", "c": "met"}, ()),
        ({"a": "met"}, ("b",)),
        ({"a": "met", "b": ""}, ("b",)),
        ({"a": "maybe", "b": "met"}, ("a",)),
        ({}, ("a", "b")),
    ],
)
def test_a_question_without_one_of_its_answers_is_named(answers, faults):
    assert load(FILE, filename="f.yaml").faults(answers) == faults


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("version:", ": :\n-version:", "is not well-formed YAML"),
        (FILE, "just words", "has no answer_sets"),
        ('version: "7"', "version: 7", "has no text for 'version'"),
        ("title: Spørsmål", 'title: " "', "has no text for 'title'"),
        ("answer_sets:", "other:", "has no answer_sets"),
        ("    - {code: not_met, text: Nei}\n", "", "less than two answers"),
        ("code: met", "code: yes", "has no text for 'code'"),
        ("code: not_met", "code: met", "has met more than once"),
        (FILE[FILE.index("questions:") :], "", "has no questions"),
        (", source: våre ord, help", ", help", "has no text for 'source'"),
        ("id: b", "id: a", "has a more than once"),
        ("answers: yn, source: våre ord}", "answers: x, source: s}", "unknown answers"),
        ("{id: a, text", "{text", "has no text for 'id'"),
        (
            '  - {id: a, text: "Ble det spurt?", answers: yn, source: våre ord}',
            "  - a",
            "has no text for 'answers'",
        ),
    ],
)
def test_a_fault_says_where_and_what(before, after, says):
    text = FILE.replace(before, after, 1)
    assert text != FILE
    with pytest.raises(BadInput, match=says) as fault:
        load(text, filename="f.yaml")
    assert str(fault.value).startswith("f.yaml")
    assert "Nothing was changed" in str(fault.value)
