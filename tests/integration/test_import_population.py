"""`varde import population`: all of the file or nothing, and again without any change."""

import json

import pytest
from django.core.management import call_command

from tests import make
from varde.apps.records import audit
from varde.apps.records.models import AuditEntry, Population
from varde.engines.population_file import COLUMNS


pytestmark = pytest.mark.django_db
HEADING = ",".join(COLUMNS)
A, B, ELSEWHERE = "1824,2025,13475,", "1824,2026,13481,3134", "0301,2026,9,3"


@pytest.fixture(autouse=True)
def vefsn():
    return make.municipality("1824")


@pytest.fixture
def file(tmp_path):
    def written(*rows):
        path = tmp_path / "folk.csv"
        path.write_text("".join(f"{row}\n" for row in (HEADING, *rows)), "utf-8")
        return path

    return written


def run(capsys, path, *more, source="SSB tabell 07459"):
    status = 0
    try:
        call_command("import", "population", str(path), "--source", source, *more)
    except SystemExit as ended:
        status = ended.code
    printed = capsys.readouterr()
    return status, printed.out, printed.err


def stored():
    columns = ("year", "inhabitants", "inhabitants_65_plus", "source")
    return list(Population.objects.order_by("year").values_list(*columns))


def test_a_file_of_the_nation_is_taken_in_once(capsys, file):
    status, out, err = run(capsys, file(A, B, ELSEWHERE), "--json")
    told = json.loads(out)
    assert (status, err, len(told.pop("sha256"))) == (0, "", 64)
    assert told == {
        "rows": 3, "new": 2, "changed": 0, "unchanged": 0, "left_out": 1,
    }  # fmt: skip
    source = "SSB tabell 07459"
    first = [(2025, 13475, None, source), (2026, 13481, 3134, source)]
    assert stored() == first
    again = run(capsys, file(A, B, ELSEWHERE), source="Another")[1]
    assert "0 new, 0 changed, 2 known already, 1 of municipalities" in again
    assert stored() == first
    assert AuditEntry.objects.filter(what="population_imported").count() == 2


def test_what_was_unknown_is_filled_in_and_what_is_known_is_not_emptied(capsys, file):
    run(capsys, file(A, B))
    told = run(capsys, file("1824,2025,13475,3085", "1824,2026,13481,"), source="New")
    assert "0 new, 1 changed, 1 known already" in told[1]
    assert stored() == [
        (2025, 13475, 3085, "New"),
        (2026, 13481, 3134, "SSB tabell 07459"),
    ]


def test_another_figure_stops_all_of_it_until_it_is_to_be_replaced(capsys, file):
    run(capsys, file(B))
    other = file(A, "1824,2026,13481,3135")
    status, out, err = run(capsys, other)
    assert (status, out) == (2, "")
    assert "line 3, column 'inhabitants_65_plus'" in err
    assert "'3135'" in err
    assert "'3134'" in err
    assert "--replace" in err
    assert len(stored()) == 1
    assert "1 new, 1 changed" in run(capsys, other, "--replace")[1]
    assert [row[2] for row in stored()] == [None, 3135]


@pytest.mark.parametrize("source", ["", "  ", "x" * 201])
def test_figures_have_a_source(capsys, file, source):
    status, _out, err = run(capsys, file(B), source=source)
    assert status == 2
    assert "has no source" in err
    assert stored() == []


def test_a_bad_line_leaves_nothing_behind(capsys, file):
    status, _out, err = run(capsys, file(A, "1824,2026,13481,x"))
    assert status == 2
    assert "line 3" in err
    assert stored() == []
    assert not AuditEntry.objects.filter(what="population_imported").exists()


def test_the_import_is_undone_when_its_log_entry_fails(capsys, file, monkeypatch):
    def fails(**_entry):
        raise RuntimeError("the log is full")

    monkeypatch.setattr(audit, "log", fails)
    with pytest.raises(RuntimeError):
        run(capsys, file(A, B))
    assert stored() == []
