"""`varde order` and `varde triage-check`: what is printed, where, and the exit codes."""

import io
import json
from types import SimpleNamespace

import pytest
from django.core.management import call_command

from varde.engines.triage.attendance_set import COLUMNS


NOON = "2026-01-02T12:00:00+01:00"
BOARD = {
    "now": NOON,
    "minutes": {"oransje": 10, "gul": 60, "gronn": 120, "ukjent": 10},
    "patients": [
        {"id": "a", "level": "gul", "arrived_at": "2026-01-02T11:20:30+01:00"},
        {"id": 7, "level": 1, "arrived_at": "2026-01-02T11:59:00+01:00"},
        {"id": "c", "level": 2, "arrived_at": "2026-01-02T10:00:00+01:00", "last_seen_at": "2026-01-02T11:47:00+01:00"},
        {"id": "d", "level": None, "arrived_at": "2026-01-02T11:52:00+01:00"},
        {"id": "e", "level": None, "arrived_at": "2026-01-02T11:40:00+01:00"},
    ],
}  # fmt: skip
WORDS = {
    7: "Rød: skal ha hjelp nå. Står ikke i kø. Ikke sett etter ankomsten for 1 min siden.",
    "e": "Hastegrad er ikke satt: 10 min over de 10 minuttene. Noen må vurdere pasienten. "
    "Ikke sett etter ankomsten for 20 min siden.",
    "c": "Oransje: 3 min over de 10 minuttene. Noen må se til pasienten igjen. "
    "Sist sett for 13 min siden.",
    "d": "Hastegrad er ikke satt: 2 av 10 min igjen til det skal være gjort. "
    "Ikke sett etter ankomsten for 8 min siden.",
    "a": "Gul: 20 av 60 min igjen. Ikke sett etter ankomsten for 39 min siden.",
}


def run(*arguments):
    """The command's exit code, its answer and what it says on the error stream."""
    out, err = io.StringIO(), io.StringIO()
    code = 0
    try:
        call_command(*arguments, stdout=out, stderr=err)
    except SystemExit as end:
        code = end.code
    return code, out.getvalue(), err.getvalue()


def order(monkeypatch, data, *arguments):
    stdin = SimpleNamespace(buffer=io.BytesIO(data))
    monkeypatch.setattr("varde.apps.station.management.commands.order.sys.stdin", stdin)
    return run("order", *arguments)


def test_order_prints_each_id_with_its_reason(monkeypatch):
    code, out, err = order(monkeypatch, json.dumps(BOARD).encode(), "--json")
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert {row["id"]: row["reason"] for row in found["order"]} == WORDS
    assert [row["id"] for row in found["order"]] == list(WORDS)
    assert [row["place"] for row in found["order"]] == [None, 1, 2, 3, 4]
    assert [row["left_s"] for row in found["order"]] == [None, -600, -180, 120, 1230]
    assert [row["level"] for row in found["order"]] == ["rod", None, "oransje", None, "gul"]  # fmt: skip
    assert [row["look_again"] for row in found["order"]] == [True, True, True, False, False]  # fmt: skip
    assert found["order"][0]["reason_code"] == "help_now"
    assert found["now"] == "2026-01-02T11:00:00+00:00"


def test_order_is_lines_for_people_without_json(monkeypatch):
    code, out, err = order(monkeypatch, json.dumps(BOARD).encode())
    assert (code, err) == (0, "")
    places = ["–", 1, 2, 3, 4]
    assert out.splitlines() == [
        f"{place:>3}  {patient}  {reason}"
        for place, (patient, reason) in zip(places, WORDS.items(), strict=True)
    ]


def test_an_empty_board_is_an_empty_order(monkeypatch):
    data = json.dumps(BOARD | {"patients": []}).encode()
    code, out, _ = order(monkeypatch, data, "--json")
    assert (code, json.loads(out)["order"]) == (0, [])


@pytest.mark.parametrize("arguments", [(), ("--json",)])
def test_bad_input_ends_with_2_and_prints_nothing_else(monkeypatch, arguments):
    data = json.dumps(BOARD | {"now": "noon"}).encode()
    code, out, err = order(monkeypatch, data, *arguments)
    assert (code, out) == (2, "")
    assert err == (
        "standard input, column 'now': is not a moment with an offset from UTC.\n"
        "Found: 'noon'.\nNothing was changed. Write it as 2026-01-31T23:59:00+01:00, or "
        "with Z for UTC.\n"
    )


@pytest.fixture
def attendances(tmp_path):
    def write(*rows):
        file = tmp_path / "sett.csv"
        file.write_text("\n".join((",".join(COLUMNS), *rows)), encoding="utf-8")
        return file

    return write


def test_triage_check_prints_the_counts(attendances):
    file = attendances(
        "71,1,160,84,18,36.6,100,4", "71,2,105,95,22,36.6,100,2", "71,1,160,84,18,36.6,,4"
    )  # fmt: skip
    code, out, err = run("triage-check", str(file), "--json")
    none = {"low": 0, "medium": 0, "high": 0}
    assert (code, err) == (0, "")
    assert json.loads(out) == {
        "rows": 3,
        "complete": 2,
        "news2_counts": {"0": 1, "7": 1},
        "by_expert_level": {
            "1": none,
            "2": none | {"high": 1},
            "3": none,
            "4": none | {"low": 1},
            "5": none,
        },
    }


def test_triage_check_is_a_table_for_people_without_json(attendances):
    code, out, err = run("triage-check", str(attendances("71,2,160,84,18,36.6,100,4")))
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[:3] == [
        "1 attendances, 1 with all six measurements, 1 with a NEWS2.",
        "",
        "expert level       low 0-4  medium 5-6   high 7-20     all   of low: a 3 in one sign",
    ]
    assert lines[6].split() == ["4", "1", "0", "0", "1", "1"]
    assert lines[7].split() == ["5", "0", "0", "0", "0", "0"]
    assert lines[9:11] == ["NEWS2          attendances", "3                        1"]


def test_triage_check_tells_of_those_that_news2_is_not_for(attendances):
    file = attendances("15,1,160,84,18,36.6,100,4", "71,1,160,84,18,36.6,100,4")
    code, out, err = run("triage-check", str(file), "--json")
    assert code == 0
    assert json.loads(out)["complete"] == 2
    assert json.loads(out)["news2_counts"] == {"0": 1}
    assert err == (
        "1 complete attendances are under 16 years or of unknown age. NEWS2 is not for "
        "them: they got no score.\n"
    )


def test_triage_check_of_a_wrong_file_ends_with_2_and_prints_nothing_else(attendances):
    file = attendances("71,1,160,84,18,36.6,100,4", "71,1,x,84,18,36.6,100,4")
    code, out, err = run("triage-check", str(file), "--json")
    assert (code, out) == (2, "")
    assert err.startswith("sett.csv, line 3, column 'SBP': is not a whole number")


def test_triage_check_of_no_file_ends_with_2(tmp_path):
    code, out, err = run("triage-check", str(tmp_path / "no.csv"))
    assert (code, out) == (2, "")
    assert "no.csv: cannot be read (No such file or directory)." in err
    assert "Name a file that you may read." in err
