"""The 1267 real attendances come in as the file has them, counted here by `csv` alone.

The set: Moon SH and others, PLoS One 2019;14:e0216972, doi 10.1371/journal.pone.0216972.
"""

import csv
from collections import Counter
from pathlib import Path

import pytest
from django.utils import timezone

from tests import make
from varde.apps.records.models import ImportedAttendance
from varde.apps.station.services.attendance_import import import_attendances


SET = Path(__file__).parents[3] / "shared" / "data" / "triage" / "ktas_1267.csv"
CODES = {"1": "rod", "2": "oransje", "3": "gul", "4": "gronn", "5": "bla"}
SEX = {"1": "2", "2": "1"}  # the set: 1 woman; ours: 2 woman
SIGNS = {
    "SBP": "systolic_bp",
    "HR": "pulse",
    "RR": "respiration_rate",
    "BT": "temperature_c",
    "Saturation": "spo2",
}


@pytest.fixture
def real_set():
    if not SET.exists():
        pytest.skip("no ../shared/data/triage/ktas_1267.csv: the real set not imported")
    return SET


@pytest.mark.django_db
def test_the_real_set_comes_in_whole_and_once(real_set):
    with real_set.open(encoding="utf-8", newline="") as opened:
        told = list(csv.DictReader(opened))
    station = make.station("elv")

    def take_in():
        with real_set.open("rb") as opened:
            return import_attendances(
                station=station, lines=opened, file=real_set.name, at=timezone.now()
            )

    first = take_in()
    stored = list(ImportedAttendance.objects.order_by("line_no"))
    assert (first.rows, first.new, len(stored)) == (1267, 1267, len(told))
    # As counted in the paper's file: 26, 220, 487, 459 and 75 by the experts.
    assert list(first.by_expert.values()) == [26, 220, 487, 459, 75]
    assert first.by_expert == Counter(CODES[row["KTAS_expert"]] for row in told)
    assert first.by_nurse == Counter(CODES[row["KTAS_RN"]] for row in told)
    for row, kept in zip(told, stored, strict=True):
        assert kept.age_years == int(row["Age"])
        assert kept.sex == SEX[row["Sex"]]
        assert kept.hastegrad_arrival == CODES[row["KTAS_expert"]]
        assert kept.hastegrad_nurse == CODES[row["KTAS_RN"]]
        assert kept.vital_signs["consciousness"] == "AVPU"[int(row["Mental"]) - 1]
        for column, name in SIGNS.items():
            is_known = row[column] not in {"", "??"}
            assert (name in kept.vital_signs) is is_known
            assert not is_known or kept.vital_signs[name] == float(row[column])
    again = take_in()
    assert (again.new, again.unchanged) == (0, 1267)
    assert ImportedAttendance.objects.count() == 1267
