"""NEWS2 over the 1267 real attendances, beside the plain published table.

The set: Moon SH and others, PLoS One 2019;14:e0216972. The table: Royal College of
Physicians, NEWS2, 2017. The figures below were counted by `plainly` here, which shares
no line with the program.
"""

import csv
from collections import Counter
from pathlib import Path

import pytest

from varde.engines.triage.attendance_set import read_attendances
from varde.engines.triage.news2_agreement import news2_agreement


SET = Path(__file__).parents[3] / "shared" / "data" / "triage" / "ktas_1267.csv"
# column: (the lowest value with the score, the score), from the highest
TABLE = {
    "RR": [(25, 3), (21, 2), (12, 0), (9, 1), (0, 3)],
    "Saturation": [(96, 0), (94, 1), (92, 2), (0, 3)],
    "SBP": [(220, 3), (111, 0), (101, 1), (91, 2), (0, 3)],
    "HR": [(131, 3), (111, 2), (91, 1), (51, 0), (41, 1), (0, 3)],
    "BT": [(39.1, 2), (38.1, 1), (36.1, 0), (35.1, 1), (0, 3)],
    "Mental": [(2, 3), (1, 0)],
}


@pytest.fixture
def real_set():
    if not SET.exists():
        pytest.skip("no ../shared/data/triage/ktas_1267.csv: the real set not compared")
    return SET


def plainly(file):
    """Rows, complete, how many of each total, how many of each level and band."""
    rows, totals, bands = 0, Counter(), Counter()
    with file.open(encoding="utf-8", newline="") as opened:
        for row in csv.DictReader(opened):
            rows += 1
            if any(row[column] in {"", "??"} for column in TABLE):
                continue
            total = sum(
                next(score for low, score in scores if float(row[column]) >= low)
                for column, scores in TABLE.items()
            )
            totals[total] += 1
            band = "low" if total <= 4 else "medium" if total <= 6 else "high"
            bands[int(row["KTAS_expert"]), band] += 1
    return rows, totals.total(), dict(totals), dict(bands)


def by_varde(file):
    with file.open("rb") as opened:
        found = news2_agreement(read_attendances(opened, file=file.name))
    bands = {
        (level, band.value): number
        for level, numbers in found.by_level.items()
        for band, number in numbers.items()
        if number
    }
    assert found.not_for_news2 == 0
    return found.rows, found.complete, dict(found.by_total), bands


def test_the_program_counts_as_the_plain_table_does(real_set):
    assert by_varde(real_set) == plainly(real_set)


def test_the_figures_are_those_of_the_handbook(real_set):
    assert by_varde(real_set) == (
        1267,
        564,
        {0: 173, 1: 162, 2: 108, 3: 59, 4: 25, 5: 10, 6: 10, 7: 8, 8: 3, 9: 4, 11: 2},
        {
            (1, "low"): 1,
            (1, "high"): 2,
            (2, "low"): 122,
            (2, "medium"): 15,
            (2, "high"): 9,
            (3, "low"): 205,
            (3, "medium"): 5,
            (3, "high"): 6,
            (4, "low"): 181,
            (5, "low"): 18,
        },
    )
