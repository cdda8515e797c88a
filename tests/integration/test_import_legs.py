"""`varde import legs`: all of it or nothing, and again without any change."""

import json

import pytest

from tests import command_line, make
from varde.apps.records import audit
from varde.apps.records.models import AuditEntry, ImportedLegs
from varde.engines.missions.leg_file import COLUMNS


pytestmark = pytest.mark.django_db
HEADING = ",".join(COLUMNS)
A = "1,2010-01-01,L1,2010-01-01 06:51:33,60,600,,1500,3000,3600"
B = "1,2010-01-01,L1,2010-01-01 06:51:33,120,900.0,,,,"
C = "2,2010-01-02,L2,,,,,,,5400"


@pytest.fixture(autouse=True)
def station():
    return make.station("elv")


@pytest.fixture
def file(tmp_path):
    return lambda *rows, heading=HEADING: command_line.written(
        tmp_path / "legs.csv", heading, *rows
    )


def run(capsys, path, *more, station="elv"):
    return command_line.run(capsys, "import", "legs", path, "--station", station, *more)


def test_a_file_is_taken_in_once_and_gives_its_times(capsys, file):
    status, out, err = run(capsys, file(A, B, C), "--json")
    first = json.loads(out)
    assert (status, err) == (0, "")
    assert (first["rows"], first["new"], first["incidents"]) == (3, 3, 2)
    left = next(leg for leg in first["legs"] if leg["leg"] == "left")
    assert (left["count"], left["median_min"], left["p90_min"]) == (2, 1.5, 1.9)
    nobody = next(leg for leg in first["legs"] if leg["leg"] == "with_patient")
    assert (nobody["count"], nobody["median_min"]) == (0, None)
    before = list(ImportedLegs.objects.order_by("pk").values())
    again = json.loads(run(capsys, file(A, B, C), "--json")[1])
    assert (again["new"], again["unchanged"]) == (0, 3)
    assert list(ImportedLegs.objects.order_by("pk").values()) == before
    assert "with_patient" in run(capsys, file(A, B, C))[1]
    assert AuditEntry.objects.filter(what="legs_imported").count() == 3


@pytest.mark.parametrize(
    ("rows", "heading", "words"),
    [
        ([A.replace("L1,", "L1,x", 1)], HEADING, "is not a moment"),
        ([A.replace(",60,", ",-60,")], HEADING, "line 2, column 'enroute_s'"),
        ([A.replace(",60,", ",86400,")], HEADING, "is a day or more"),
        ([A.replace("2010-01-01,", "1.1.2010,", 1)], HEADING, "is not a date"),
        ([A.replace("L1", "")], HEADING, "must have 1 to 20 signs"),
        ([A.replace("L1", "L" * 21)], HEADING, "must have 1 to 20 signs"),
        ([f"{A},7"], HEADING, "has 11 fields"),
        ([], HEADING, "holds a heading and no units"),
        ([A], HEADING.replace("unit", "u"), "the heading lacks unit"),
        ([A], HEADING.replace("date", "unit"), "the heading lacks date"),
        ([f"{A},L"], f"{HEADING},unit", "names unit twice"),
    ],
)
def test_a_fault_is_named_and_nothing_is_taken_in(capsys, file, rows, heading, words):
    status, out, err = run(capsys, file(*rows, heading=heading))
    assert (status, out) == (2, "")
    assert words in err
    assert "Nothing was changed." in err
    assert not ImportedLegs.objects.exists()


def test_a_fault_in_the_last_line_takes_in_none_of_the_others(capsys, file):
    assert run(capsys, file(A, B, C.replace("5400", "long")))[0] == 2
    assert not ImportedLegs.objects.exists()


def test_what_is_stored_is_not_overwritten(capsys, file):
    run(capsys, file(A))
    status, _, err = run(capsys, file(A.replace(",60,", ",61,"), C))
    assert status == 2
    assert "line 2, column 'enroute_s'" in err
    assert "'61', '60'" in err
    assert ImportedLegs.objects.get().left_s == 60


def test_without_its_line_in_the_log_nothing_is_taken_in(file, monkeypatch, capsys):
    def cannot(**_):
        raise LookupError("no log")

    monkeypatch.setattr(audit, "log", cannot)
    with pytest.raises(LookupError):
        run(capsys, file(A))
    assert not ImportedLegs.objects.exists()


def test_an_unknown_station_is_told_which_there_are(capsys, file):
    status, _, err = run(capsys, file(A), station="x")
    assert status == 2
    assert "Known: elv." in err
