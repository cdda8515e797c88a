"""`varde rota solve`: what it prints, what it writes, and how it refuses."""

import csv
import json

import pytest
from django.core.management import call_command

from tests.unit.engines.rostering.tiny import CURTOIS, INRC1, curtois, inrc1
from varde.engines.rostering.curtois_check import curtois_objective, curtois_violations
from varde.engines.rostering.inrc1_check import inrc1_objective, inrc1_violations


JUDGES = {
    "curtois": (CURTOIS, curtois, curtois_violations, curtois_objective),
    "inrc1": (INRC1, inrc1, inrc1_violations, inrc1_objective),
}


def solve(tmp_path, capsys, *, format="curtois", text=CURTOIS, options=()):
    file = tmp_path / "tiny.txt"
    file.write_text(text)
    words = ["solve", str(file), "--format", format, "--seconds", "30", *options]
    code = 0
    try:
        call_command("rota", *words)
    except SystemExit as end:
        code = end.code
    return code, *capsys.readouterr()


@pytest.mark.parametrize("format", ["curtois", "inrc1"])
def test_the_figures_and_the_roster_agree_with_the_checker(tmp_path, capsys, format):
    text, read, violations, objective = JUDGES[format]
    out = tmp_path / "out.csv"
    options = ("--json", "--solution", str(out))
    code, printed, said = solve(
        tmp_path, capsys, format=format, text=text, options=options
    )
    figures = json.loads(printed)
    assert (code, said) == (0, "")
    assert list(figures) == [
        "feasible",
        "objective",
        "bound",
        "seconds_to_first",
        "seconds",
    ]
    lines = list(csv.reader(out.read_text().splitlines()))
    roster = [line[1:] for line in lines]
    assert not violations(read(), roster)
    assert figures["feasible"] is True
    assert figures["objective"] == figures["bound"] == objective(read(), roster)


def test_a_person_sees_each_better_roster_and_the_end(tmp_path, capsys):
    code, printed, _ = solve(tmp_path, capsys)
    assert code == 0
    assert "proven best" in printed.splitlines()[-1]
    assert "(≥ " in printed.splitlines()[0]


def test_what_cannot_be_ends_with_one(tmp_path, capsys):
    text = CURTOIS.replace("B,E=5|N=1,3000,960", "B,E=5|N=1,3000,2999")
    code, printed, _ = solve(tmp_path, capsys, text=text)
    assert (code, printed) == (1, "No roster was found. None exists.\n")
    code, printed, _ = solve(tmp_path, capsys, text=text, options=["--json"])
    assert code == 1
    assert json.loads(printed)["feasible"] is False


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        ("nothing", (), "line 1: stands before the first section"),
        (CURTOIS, ("--seconds", "0"), "--seconds is 0.0, and must be more than 0"),
        (CURTOIS, ("--seconds", "nan"), "--seconds is nan, and must be more than 0"),
        (CURTOIS, ("--solution", "/no/such/folder/x.csv"), "cannot be written"),
    ],
)
def test_what_is_wrong_is_refused_with_a_sentence(
    tmp_path, capsys, text, options, said
):
    code, _, error = solve(tmp_path, capsys, text=text, options=options)
    assert code == 2
    assert said in error


def test_a_file_that_is_not_there_is_refused(tmp_path, capsys):
    with pytest.raises(SystemExit) as end:
        call_command("rota", "solve", str(tmp_path / "x"), "--format", "curtois")
    assert end.value.code == 2
    assert "cannot be read" in capsys.readouterr().err
