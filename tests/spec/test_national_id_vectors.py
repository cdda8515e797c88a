"""The published examples of Skatteetaten and NAV, read from beside the project.

They are not typed in: some have the form of a real person's number.
"""

import json
from pathlib import Path

import pytest

from varde.domain.national_id import IdKind, parse


VECTORS = (
    Path(__file__).parents[3] / "shared" / "data" / "codes" / "fnr-test-vectors.json"
)


@pytest.fixture(scope="module")
def vectors():
    if not VECTORS.exists():
        pytest.skip(
            "no ../shared/data/codes/fnr-test-vectors.json: vectors not checked"
        )
    return json.loads(VECTORS.read_text(encoding="utf-8"))


def test_skatteetatens_examples_of_the_2032_rule_are_valid(vectors):
    read = [parse(number) for number in vectors["valid_2032_rule"]]
    assert len(read) == 5
    assert {number.kind for number in read} == {IdKind.FODSELSNUMMER}
    assert all(number.birth_date is None for number in read if number.is_2032_rule)
    assert any(number.is_2032_rule for number in read)


def test_navs_examples_of_the_other_kinds_are_valid(vectors):
    (d_and_h,) = vectors["valid_dnr_hnr"]
    (h_number,) = vectors["valid_hnr"]
    (synthetic,) = vectors["valid_tnr"]
    assert parse(d_and_h).kind is IdKind.D_NUMBER
    assert parse(d_and_h).is_synthetic
    assert parse(h_number).kind is IdKind.H_NUMBER
    assert not parse(h_number).is_synthetic
    assert parse(synthetic).is_synthetic
    assert parse(synthetic).birth_date.year == 1955
