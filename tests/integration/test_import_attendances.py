"""`varde import attendances`: all of it or nothing, again without change, and kept apart."""

import json

import pytest

from tests import command_line, make
from varde.apps.records import audit
from varde.apps.records.models import (
    Attendance,
    AuditEntry,
    Contact,
    ImportedAttendance,
    ImportedAttendanceSet,
    Patient,
)
from varde.engines.triage.attendance_set import COLUMNS, MORE


pytestmark = pytest.mark.django_db
HEADING = ",".join(COLUMNS + MORE)  # Age,Mental,SBP,HR,RR,BT,Saturation,expert,Sex,RN
A = "71,1,160,84,18,36.6,100,1,1,2"
B = "56,4,??,60,20,,98,5,2,??"


@pytest.fixture(autouse=True)
def station():
    return make.station("elv")


@pytest.fixture
def file(tmp_path):
    return lambda *rows, heading=HEADING, name="set.csv": command_line.written(
        tmp_path / name, heading, *rows
    )


def run(capsys, path, *more, station="elv", verbosity=0):
    command = ("import", "attendances", path, "--station", station, *more)
    return command_line.run(capsys, *command, verbosity=verbosity)


def test_a_set_is_taken_in_once_with_both_levels_and_what_was_measured(capsys, file):
    status, out, err = run(capsys, file(A, B), "--json")
    first = json.loads(out)
    assert (status, err) == (0, "")
    assert (first["rows"], first["new"], first["unchanged"]) == (2, 2, 0)
    assert first["by_expert"] == {
        "rod": 1,
        "oransje": 0,
        "gul": 0,
        "gronn": 0,
        "bla": 1,
    }
    assert (first["by_nurse"]["oransje"], first["nurse_unknown"]) == (1, 1)
    one, two = ImportedAttendance.objects.order_by("line_no")
    assert (one.age_years, one.sex) == (71, Patient.Sex.WOMAN)
    assert (one.hastegrad_arrival, one.hastegrad_nurse) == ("rod", "oransje")
    assert one.vital_signs == {
        "respiration_rate": 18,
        "spo2": 100,
        "systolic_bp": 160,
        "pulse": 84,
        "consciousness": "A",
        "temperature_c": 36.6,
    }
    assert (two.sex, two.hastegrad_arrival) == (Patient.Sex.MAN, "bla")
    assert two.hastegrad_nurse == ""
    assert set(two.vital_signs) == {
        "respiration_rate",
        "spo2",
        "pulse",
        "consciousness",
    }
    assert two.vital_signs["consciousness"] == "U"


def test_the_same_set_again_changes_nothing_and_says_so(capsys, file):
    run(capsys, file(A, B))
    before = list(ImportedAttendance.objects.order_by("pk").values())
    again = run(capsys, file(A, B))[1]
    assert "2 attendances: 0 new, 2 known already." in again
    renamed = run(capsys, file(A, B, name="copy.csv"))[1]
    assert "0 new, 2 known already. They are stored as set.csv." in renamed
    assert list(ImportedAttendance.objects.order_by("pk").values()) == before
    entries = AuditEntry.objects.filter(what="attendances_imported").order_by("pk")
    assert [entry.data["new"] for entry in entries] == [2, 0, 0]


def test_each_station_has_its_own_and_no_number_of_the_station_counts_them(
    capsys, file
):
    make.station("hav")
    run(capsys, file(A, B))
    assert json.loads(run(capsys, file(A, B), "--json", station="hav")[1])["new"] == 2
    assert ImportedAttendanceSet.objects.count() == 2
    assert not Attendance.objects.exists()
    assert not Contact.objects.exists()
    assert not Patient.objects.exists()


@pytest.mark.parametrize(
    ("rows", "heading", "words"),
    [
        ([A.replace(",1,1,2", ",1,3,2")], HEADING, "line 2, column 'Sex'"),
        ([A.replace(",1,1,2", ",1,1,6")], HEADING, "line 2, column 'KTAS_RN'"),
        ([A.replace(",1,1,2", ",,1,2")], HEADING, "line 2, column 'KTAS_expert'"),
        ([A], HEADING.replace("KTAS_RN", "RN"), "the heading lacks KTAS_RN"),
        ([A], HEADING.replace("Sex", "KTAS_RN"), "the heading lacks Sex"),
        ([A, B.replace("60", "600")], HEADING, "line 3, column 'HR'"),
        ([f"{A},7"], HEADING, "has 11 fields"),
        ([], HEADING, "holds a heading and no attendances"),
    ],
)
def test_a_fault_is_named_and_nothing_is_taken_in(capsys, file, rows, heading, words):
    status, out, err = run(capsys, file(*rows, heading=heading))
    assert (status, out) == (2, "")
    assert words in err
    assert "Nothing was changed." in err
    assert not ImportedAttendanceSet.objects.exists()


def test_a_file_whose_name_is_stored_with_other_content_is_refused(capsys, file):
    run(capsys, file(A, B))
    status, _, err = run(capsys, file(A.replace("71,", "72,"), B))
    assert status == 2
    assert "set.csv, line 2, column 'Age'" in err
    assert "Found: '72', '71'." in err
    assert "give the file another name if it is another set" in err
    status, _, err = run(capsys, file(A))
    assert status == 2
    assert "holds 1 attendances, and a set of this name is stored with 2" in err
    assert run(capsys, file(A, B, A))[0] == 2
    assert ImportedAttendance.objects.count() == 2


def test_without_its_line_in_the_log_nothing_is_taken_in(file, monkeypatch, capsys):
    def cannot(**_):
        raise LookupError("no log")

    monkeypatch.setattr(audit, "log", cannot)
    with pytest.raises(LookupError):
        run(capsys, file(A))
    assert not ImportedAttendanceSet.objects.exists()


def test_the_progress_goes_to_the_error_stream_and_the_answer_to_the_other(
    capsys, file
):
    _, out, err = run(capsys, file(A, B), verbosity=1)
    assert "attendances" in err
    assert out.startswith("2 attendances: 2 new, 0 known already.\n\nhastegrad ")


def test_an_unknown_station_is_told_which_there_are(capsys, file):
    status, _, err = run(capsys, file(A), station="x")
    assert status == 2
    assert "Known: elv." in err
