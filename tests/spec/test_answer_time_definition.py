"""Answer time on a real telephone centre's log: three weeks of February 1999."""

import csv
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from varde.domain.answer_time import answer_time


CALLS = (
    Path(__file__).parents[3]
    / "shared"
    / "data"
    / "calls"
    / "callcentre_1999-02_weeks1-3.csv"
)


@pytest.fixture(scope="module")
def rows():
    if not CALLS.exists():
        pytest.skip(f"no ../shared/data/calls/{CALLS.name}: real calls not counted")
    with CALLS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def answered_after(row):
    if row["answered_at"] == "":
        return None
    ringing = datetime.fromisoformat(row["ringing_at"])
    return (datetime.fromisoformat(row["answered_at"]) - ringing).total_seconds()


def test_a_row_has_an_answer_exactly_when_its_outcome_says_so(rows):
    filled = Counter((row["outcome"], row["answered_at"] != "") for row in rows)
    assert filled == {
        ("answered", True): 20899,
        ("abandoned", False): 4770,
        ("fault", False): 220,
    }


def test_the_figures_of_the_real_log_are_these(rows):
    calls = [answered_after(row) for row in rows if row["outcome"] != "fault"]
    assert answer_time(calls, limit_s=120, long_limit_s=600).figures() == {
        "calls": 25669,
        "answered": 20899,
        "unanswered": 4770,
        "share_2min": 0.7271,
        "share_10min": 0.8140,
        "median_s": 6,
    }
