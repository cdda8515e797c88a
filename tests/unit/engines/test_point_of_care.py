"""The file with the tests beside the patient: ours loads, and a fault in a file is told."""

import pytest

from varde.content import POINT_OF_CARE_FILE, point_of_care_text
from varde.domain.errors import BadInput
from varde.domain.point_of_care import ResultKind
from varde.engines.point_of_care import load


ONE = """
tests:
  - code: hb
    words: Hb
    source: x
    parts:
      - {code: hb, words: Hb, kind: number, unit: g/dL, low: "2", high: "26", decimals: 1}
"""


def test_our_own_tests_load_and_are_those_of_the_requirement():
    ours = load(point_of_care_text(), filename=POINT_OF_CARE_FILE)
    assert [test.code for test in ours] == [
        *("crp", "glucose", "hb", "urine", "strep_a", "pregnancy", "troponin", "ecg"),
    ]
    numbers = [
        part
        for test in ours
        for part in test.parts
        if part.kind is ResultKind.NUMBER and part.code != "ph"
    ]
    assert all(part.unit for part in numbers)
    assert "is_approved: false" in point_of_care_text()


def test_a_file_is_read_as_it_stands():
    (test,) = load(ONE, filename="f.yaml")
    assert test.stored({"hb": "12,4"}) == {"hb": "12.4"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("tests: [", "not well-formed"),
        ("[]", "column 'file': has no tests"),
        ("tests: {}", "column 'file': has no tests"),
        ("tests: []", "column 'file': has no tests"),
        ("tests: [1]", "has no parts"),
        ("tests: [{code: a}]", "has no parts"),
        ("tests: [{code: a, parts: []}]", "has no parts"),
        ("tests: [{code: a, parts: [1]}]", "no text for 'words'"),
        (
            "tests: [{code: a, words: A, source: x, parts: [1]}]",
            "column \"test 'a'\": has no text for 'code'",
        ),
        (ONE.replace("source: x", "source: ''"), "no text for 'source'"),
        (ONE.replace("code: hb\n", "code: 1\n"), "no text for 'code'"),
        (ONE.replace("kind: number", "kind: colour"), "is not whole"),
        (ONE.replace('high: "26"', 'high: "many"'), "is not whole"),
        (ONE.replace('high: "26"', 'high: "1"'), "is not below"),
        (ONE.replace("decimals: 1", "decimals: [1]"), "is not whole"),
        (ONE.replace("decimals: 1", "choices: hb"), "has no choices"),
        (ONE + ONE.partition("tests:\n")[2], "more than once"),
    ],
)
def test_a_fault_in_a_file_is_told(text, told):
    with pytest.raises(BadInput, match=told):
        load(text, filename="f.yaml")
