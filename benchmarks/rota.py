"""Published rostering instances: ours beside a plain CP-SAT model, in the same run.

Run by `make bench-rota`, with what to run in ARGS, for example:

    make bench-rota ARGS="curtois:8 inrc1:sprint01 --seconds 600"
    make bench-rota ARGS="curtois:1-7 --seconds 60 --only ours"
    make bench-rota ARGS="curtois:1-18 --seconds 600 --results rota.jsonl"

Each way has its own process and as many seconds and workers. Every roster is judged by
the checker, which knows nothing of the solver. CPU seconds stand beside: on a busy
machine they say more than the clock. With `--results` each line is kept in a file when it is there, and
what is in the file is printed and not run again: a run may be stopped and started anew.
`--cpu` counts the seconds of ours in processor time, which CP-SAT alone cannot.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from ortools.sat.python import cp_model

from varde.engines.rostering.curtois import read_curtois
from varde.engines.rostering.curtois_model import curtois_problem
from varde.engines.rostering.inrc1 import read_inrc1
from varde.engines.rostering.inrc1_model import inrc1_problem
from varde.engines.rostering.public import read_public
from varde.engines.rostering.roster_values import roster_of
from varde.engines.rostering.search import Limits


DATA = Path(__file__).parents[2] / "shared" / "data" / "rostering"
WAYS = ("plain", "plain max_lp", "ours")
DEFAULT = ["curtois:1-19"]
READERS = {
    "curtois": (read_curtois, curtois_problem),
    "inrc1": (read_inrc1, inrc1_problem),
}


def best_known() -> dict[str, int]:
    """The least known cost of each instance, from the files beside the instances."""
    known = {}
    for format, name in (
        ("curtois", "curtois24_best_known.csv"),
        ("inrc1", "inrc1_best_known.csv"),
    ):
        with (DATA / name).open() as file:
            for row in csv.DictReader(file):
                known[f"{format}:{row['instance']}"] = int(row["best_known"])
    return known


def file_of(instance: str) -> Path:
    """The file of curtois:8 or inrc1:sprint01."""
    format, _, name = instance.partition(":")
    return (
        DATA
        / format
        / (f"Instance{name}.txt" if format == "curtois" else f"{name}.txt")
    )


def plain(instance: str, *, seconds: float, workers: int, is_max_lp: bool) -> dict:
    """The same model given to CP-SAT as it is."""
    format = instance.partition(":")[0]
    read, build = READERS[format]
    data = file_of(instance).read_bytes()
    began = time.monotonic()
    problem = build(read(data, file=instance))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = workers
    solver.parameters.max_time_in_seconds = seconds
    if is_max_lp:
        solver.parameters.subsolvers.append("max_lp")
    first: list[float] = []

    class Watch(cp_model.CpSolverSolutionCallback):
        def on_solution_callback(self):
            first.append(time.monotonic() - began)

    status = solver.solve(problem.model, Watch())
    roster = None
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        # INRC-I calls its people nurses, and both know their shifts.
        it = read(data, file=instance)
        values = [solver.value(x) for x in problem.decisions]
        roster = roster_of(values, ids=[s.id for s in it.shifts], days=it.days)
    return judged(instance, roster, solver.best_objective_bound, first[:1], began)


def ours(instance: str, *, seconds: float, workers: int, is_cpu: bool) -> dict:
    """What `varde rota solve` does."""
    began = time.monotonic()
    format = instance.partition(":")[0]
    public = read_public(file_of(instance).read_bytes(), file=instance, format=format)
    solved = public.solve(
        limits=Limits(seconds=seconds, workers=workers),
        clock=time.process_time if is_cpu else time.monotonic,
    )
    first = [] if solved.seconds_to_first is None else [solved.seconds_to_first]
    return judged(instance, solved.roster, solved.bound, first, began)


def judged(instance, roster, bound, first, began) -> dict:
    """The figures of one way, the objective as the checker says it."""
    format = instance.partition(":")[0]
    public = read_public(file_of(instance).read_bytes(), file=instance, format=format)
    is_allowed = roster is not None and public.is_allowed(roster)
    return {
        "objective": public.objective(roster) if is_allowed else None,
        "bound": bound,
        "first_s": first[0] if first else None,
        "seconds": time.monotonic() - began,
        "cpu_s": time.process_time(),
    }


def run(way: str, instance: str, options) -> dict:
    """One way on one instance, in this process."""
    how = {"seconds": options.seconds, "workers": options.workers}
    if way == "ours":
        return ours(instance, is_cpu=options.cpu, **how)
    return plain(instance, is_max_lp=way == "plain max_lp", **how)


def named(words: list[str]) -> list[str]:
    """The instances of words such as curtois:1-7 and inrc1:sprint (all that begin so)."""
    found = []
    for word in words:
        format, _, name = word.partition(":")
        if format == "curtois":
            first, _, last = name.partition("-")
            found += [f"curtois:{n}" for n in range(int(first), int(last or first) + 1)]
        else:
            files = sorted((DATA / "inrc1").glob(f"{name}*.txt"))
            found += [f"inrc1:{file.stem}" for file in files]
    return found


def kept(file: Path | None) -> dict[str, dict]:
    """The figures of an earlier run, by what was run. A line cut short is run again."""
    found = {}
    if file is not None and file.exists():
        for line in file.read_text().splitlines():
            try:
                row = json.loads(line)
            except json.JSONDecodeError:
                continue
            found[row["run"]] = row
    return found


def figures_of(way: str, instance: str, options) -> dict:
    """One way on one instance, in a process of its own."""
    words = [instance, "--way", way, "--seconds", str(options.seconds),
             "--workers", str(options.workers), *(["--cpu"] if options.cpu else [])]  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.rota", *words],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    load = os.getloadavg()[0]
    return {**json.loads(done.stdout.splitlines()[-1]), "load": load}


def shown(value, width: int, form: str = ".0f") -> str:
    text = "–" if value is None else format(value, form)
    return text.rjust(width)


def main(words: list[str]) -> int:
    """Print a line for each way and instance."""
    parser = argparse.ArgumentParser()
    parser.add_argument("instances", nargs="*", default=DEFAULT)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", choices=WAYS)
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--cpu", action="store_true", help="seconds of the processor")
    parser.add_argument("--results", type=Path, help="kept here, line by line")
    options = parser.parse_args(words)
    if not DATA.is_dir():
        print(f"No {DATA}: the published instances are not here. Nothing was run.")
        return 0
    if options.way:
        print(json.dumps(run(options.way, options.instances[0], options)))
        return 0
    known = best_known()
    before = kept(options.results)
    print(
        f"{'instance':<22}{'way':<14}{'objective':>10}{'bound':>10}{'best':>8}{'gap %':>8}"
        f"{'first s':>9}{'wall s':>8}{'CPU s':>8}{'load':>6}"
    )
    for instance in named(options.instances):
        for way in [options.only] if options.only else WAYS:
            seconds = f"{options.seconds:g} {'CPU ' if options.cpu else ''}s"
            name = f"{instance}, {way}, {seconds}, {options.workers} workers"
            figures = before.get(name)
            if figures is None:
                figures = {"run": name, **figures_of(way, instance, options)}
                if options.results is not None:
                    with options.results.open("a") as file:
                        file.write(json.dumps(figures) + "\n")
            best, objective = known.get(instance), figures["objective"]
            gap = 100 * (objective / best - 1) if best and objective else None
            print(
                f"{instance:<22}{way:<14}{shown(objective, 10)}{shown(figures['bound'], 10)}"
                f"{shown(best, 8)}{shown(gap, 8, '.1f')}{shown(figures['first_s'], 9, '.1f')}"
                f"{shown(figures['seconds'], 8)}{shown(figures['cpu_s'], 8)}"
                f"{figures['load']:>6.1f}",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
