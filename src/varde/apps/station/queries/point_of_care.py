"""The tests that can be taken beside the patient."""

from collections.abc import Iterable, Mapping
from functools import cache

from varde.content import POINT_OF_CARE_FILE, point_of_care_text
from varde.domain.point_of_care import PointOfCare
from varde.engines.point_of_care import load


@cache
def tests() -> Mapping[str, PointOfCare]:
    """Every test by its code, in the order of the file."""
    found = load(point_of_care_text(), filename=POINT_OF_CARE_FILE)
    return {test.code: test for test in found}


def words_of(codes: Iterable[str]) -> str:
    """The names of tests in a sentence, each once."""
    known = tests()
    named = dict.fromkeys(known[c].words if c in known else c for c in codes)
    return ", ".join(named)
