from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from varde.apps.records.models import RotaRun, ScenarioStudy, StaffingComparison
from varde.apps.staffing.services.alive import RUNNING, has_fallen_silent


NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
AFTER = timedelta(seconds=60)


@dataclass
class Row:
    state: str
    beat_at: datetime | None


@pytest.mark.parametrize(
    ("state", "seconds", "expected"),
    [
        ("running", 61, True),
        ("running", 60, False),
        ("running", None, False),
        ("waiting", 600, False),
        ("done", 600, False),
    ],
)
def test_only_one_that_runs_and_says_nothing_is_silent(state, seconds, expected):
    beat = None if seconds is None else NOW - timedelta(seconds=seconds)
    assert has_fallen_silent(Row(state, beat), at=NOW, after=AFTER) is expected


@pytest.mark.parametrize("model", [RotaRun, StaffingComparison, ScenarioStudy])
def test_each_kind_of_job_says_the_same_word_when_it_runs(model):
    assert model.State.RUNNING == RUNNING
