"""`varde simulate` and `varde bench-simulation`: what is printed and the exit codes."""

import io
import json
import signal

import pytest
from django.core.management import call_command

from varde.apps.planning import simulation_yardsticks
from varde.engines.simulation import study
from varde.engines.simulation.replications import Replicator


SMALL = """base = "idag"
name = "kort"
title = "To dager"
days = 2
warm_up_days = 0
"""


def run(*arguments):
    """The command's exit code, its answer and what it says on the error stream."""
    out, err = io.StringIO(), io.StringIO()
    code = 0
    try:
        call_command(*arguments, stdout=out, stderr=err, verbosity=0)
    except SystemExit as end:
        code = end.code
    return code, out.getvalue(), err.getvalue()


@pytest.fixture
def small(tmp_path):
    path = tmp_path / "kort.toml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def test_it_prints_each_measure_with_its_interval(small):
    again = small.with_name("to.toml")
    again.write_text('base = "kort"\nname = "to"\ndays = 3\n', encoding="utf-8")
    words = ("simulate", str(small), str(again), "--replications", "3", "--seed", "5")
    asked = (*words, "--engine", "kernel", "--best", "contacts", "--json")
    code, out, err = run(*asked)
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert {k: found[k] for k in ("engine", "seed", "replications", "asked", "level")} == {
        "engine": "kernel", "seed": 5, "replications": 3, "asked": 3, "level": 0.95,
    }  # fmt: skip
    first, second = found["scenarios"]
    assert (first["name"], second["name"]) == ("kort", "to")
    contacts = first["measures"]["contacts"]
    assert contacts["count"] == 3
    assert contacts["mean"] > 0
    assert contacts["half"] > 0
    assert first["measures"]["wait.ny_vurdering"]["mean"] is None or contacts["mean"]
    assert "difference" not in first
    assert second["difference"]["contacts"]["mean"] > 0
    assert (first["chance_of_best"], second["chance_of_best"]) == (1.0, 0.0)
    assert any(one["ours"] for one in first["assumptions"])
    assert run(*asked)[1] == out  # the same seed, the same digits
    code, text, _ = run(*words, "--engine", "kernel", "--best", "contacts")
    assert code == 0
    assert text.startswith("3 replications, seed 5, kernel")
    assert "to less kort, replication by replication" in text
    assert "Probability of having the lowest contacts" in text
    highest = run(*asked, "--highest")[1]
    second = json.loads(highest)["scenarios"][1]
    assert second["chance_of_best"] == 1.0
    assert json.loads(highest)["best"] == {
        "measure": "contacts",
        "is_lower_better": False,
    }
    own = sum(one["ours"] for one in first["assumptions"])
    assert (
        f"Assumptions: {len(first['assumptions'])}, of which {own} are our own" in text
    )
    for one in first["assumptions"]:
        assert f"- {one['about']}: {one['source']}" in text


def test_the_report_and_the_log_are_written(small, tmp_path):
    words = ("simulate", str(small), "--replications", "2", "--engine", "kernel")
    report, log = tmp_path / "r.md", tmp_path / "l.jsonl"
    assert run(*words, "--report", str(report), "--log", str(log))[0] == 0
    assert report.read_text("utf-8").startswith("# STRESS-DES: To dager")
    rows = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    assert (rows[0]["kind"], rows[0]["scenario"]) == ("run", "kort")
    visits = [row for row in rows if row["kind"] == "visit"]
    assert {row["step"] for row in visits} >= {"samtale", "mottak"}
    assert any(row["people"] == ["Lege Sor"] for row in visits)
    nowhere = str(tmp_path / "not" / "there")
    for option in ("--report", "--log"):
        code, _, err = run(*words, option, nowhere)
        assert code == 2
        assert "cannot be written" in err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["nowhere.toml"], "cannot be read"),
        (["idag", "--replications", "0"], "--replications: 0. Nothing was run."),
        (["idag", "--workers", "999"], "Give from 1 to 64"),
        (["idag", "--seed", "-1"], "--seed is below 0"),
        (["idag"] * 21, "SCENARIO: 21"),
        (["idag", "--precision", "contacts", "x"], "'x' is not a share"),
        (["idag", "--precision", "contacts", "2"], "'2' is not a share"),
        (
            ["idag", "--cluster", "10.0.0.5"],
            "It must be the address of a Dask scheduler",
        ),
        (["idag", "--cluster", "tcp://far:99999"], "Nothing was run."),
    ],
)
def test_what_cannot_be_run_is_refused_with_the_way_out(words, told):
    code, out, err = run("simulate", *words)
    assert (code, out) == (2, "")
    assert told in err


def test_unknown_measures_are_refused_with_those_there_are(small):
    words = ("simulate", str(small), "--replications", "1", "--engine", "kernel")
    code, _, err = run(*words, "--best", "x")
    assert code == 2
    assert "kort has no measure 'x'. There are contacts" in err
    code, _, err = run(*words, "--precision", "x", "0.1")
    assert code == 2
    assert "no measure 'x'; there are contacts" in err


def test_a_file_that_cannot_be_read_is_refused_with_its_line(small):
    small.write_text(SMALL.replace("days = 2", "days = 0"), encoding="utf-8")
    code, _, err = run("simulate", str(small))
    assert code == 2
    assert "kort.toml, line 4, column 'days'" in err
    small.write_bytes(b"name = \xff")
    assert "is not UTF-8 (byte 8)" in run("simulate", str(small))[2]
    small.write_bytes(b"#" * 4_000_001)
    assert "is larger than 4000000 bytes" in run("simulate", str(small))[2]


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (
            OSError("Timed out trying to connect"),
            "Timed out trying to connect.\nNothing is kept. Start the scheduler",
        ),
        (
            ModuleNotFoundError("No module named 'distributed'"),
            "Install varde[cluster]",
        ),
    ],
)
def test_a_cluster_that_is_not_there_is_told_with_the_way_out(
    small, monkeypatch, settings, fault, told
):
    asked = []

    def far(work, *, cluster, **_):
        asked.append(cluster)
        raise fault
        yield

    monkeypatch.setattr(study, "rows_of", far)
    settings.SIMULATION_CLUSTER = "tcp://10.0.0.9:8786"
    code, out, err = run("simulate", str(small))
    assert (code, out) == (2, "")
    assert told in err
    assert run("simulate", str(small), "--cluster", "tls://far:8786")[0] == 2
    assert asked == ["tcp://10.0.0.9:8786", "tls://far:8786"]


def test_ctrl_c_keeps_what_is_done_and_twice_ends_it(small, monkeypatch, capsys):
    real = Replicator.measures
    presses = []

    def pressed(work, replication):
        row = real(work, replication)
        if replication == 1:
            for _ in presses:
                signal.raise_signal(signal.SIGINT)
        return row

    monkeypatch.setattr(Replicator, "measures", pressed)
    words = (
        "simulate",
        str(small),
        "--replications",
        "50",
        "--engine",
        "kernel",
        "--json",
    )
    presses[:] = [1]
    code, out, _ = run(*words)
    assert code == 0
    found = json.loads(out)
    assert (found["replications"], found["asked"]) == (2, 50)
    assert "What is done is kept" in capsys.readouterr().err
    presses[:] = [1, 1]
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert "Nothing is kept" in err


def test_the_benchmark_gives_the_same_answer_in_every_engine(monkeypatch):
    monkeypatch.setattr(simulation_yardsticks, "has", lambda library: False)
    words = ("bench-simulation", "--customers", "1000", "--years", "1")
    code, out, _ = run(*words, "--json")
    assert code == 0
    found = json.loads(out)
    districts = found.pop("ten_districts")
    assert districts["cpu_s_for_1000_years"] == 1000 * districts["cpu_s"] > 0
    for part in found.values():
        assert part["is_same"] is True
        assert all(row["events_per_s"] > 0 for row in part["engines"].values())
    assert "compiled / bare loop" in found["three_servers"]["ratios"]
    code, _, err = run("bench-simulation", "--customers", "1")
    assert code == 2
    assert "1000 to 10000000" in err
