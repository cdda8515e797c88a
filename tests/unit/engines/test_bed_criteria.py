"""The criteria for a bed: ours load, and a fault in a file is told."""

import pytest

from varde.content import BED_CRITERIA_FILE, bed_criteria_text
from varde.domain.errors import BadInput
from varde.engines.bed_criteria import load


FILE = """
version: "3"
title: Kriterier
lists:
  kad:
    - {id: a, text: A., source: våre ord}
    - {id: b, text: B., source: våre ord}
"""


def test_ours_load_for_both_kinds_name_their_sources_and_are_not_approved():
    ours = load(bed_criteria_text(), filename=BED_CRITERIA_FILE)
    assert set(ours.lists) == {"kad", "observation"}
    assert all(c.source for rows in ours.lists.values() for c in rows)
    assert ours.is_approved is False


def test_a_file_that_says_so_is_approved():
    assert load(FILE + "approved: true\n", filename="f.yaml").is_approved is True
    assert load(FILE + 'approved: "true"\n', filename="f.yaml").is_approved is False


@pytest.mark.parametrize(
    ("answers", "unanswered", "not_met"),
    [
        ({"a": "yes", "b": "yes"}, (), ()),
        ({"a": "yes", "b": "no"}, (), ("b",)),
        ({"a": "no", "b": "no", "c": "no"}, (), ("a", "b")),
        ({"a": "yes"}, ("b",), ()),
        ({"a": "", "b": "maybe"}, ("a", "b"), ()),
        ({}, ("a", "b"), ()),
    ],
)
def test_what_is_not_asked_is_not_no(answers, unanswered, not_met):
    read = load(FILE, filename="f.yaml")
    assert read.unanswered("kad", answers) == unanswered
    assert read.not_met("kad", answers) == not_met


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: [", "is not well-formed YAML"),
        ("- a", "column 'file': has no lists"),
        ('version: "1"\nlists: []', "column 'file': has no lists"),
        (FILE.replace('"3"', "3"), "has no text for 'version'"),
        (FILE.replace("title: Kriterier", ""), "has no text for 'title'"),
        (FILE.replace("source: våre ord}", "source: ' '}", 1), "has no text for 'source'"),
        (FILE.replace("id: b", "id: a"), "column \"list 'kad'\": has a more than once"),
        (FILE.split("    - {id: a")[0].replace("kad:", "kad: []"), "column 'file': has no kad"),
        (FILE + "    - just words\n", "has no text for 'id'"),
    ],
)  # fmt: skip
def test_a_fault_in_a_file_is_told(text, problem):
    with pytest.raises(BadInput) as caught:
        load(text, filename="f.yaml")
    assert problem in str(caught.value)
    assert "Nothing was changed." in str(caught.value)
