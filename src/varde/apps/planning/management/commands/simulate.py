"""`varde simulate SCENARIO.toml`: what a legevakt would give, with intervals."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from varde.apps.sentral.management.arguments import reading, refuse
from varde.apps.sentral.management.progress import on_error_stream
from varde.content import scenario_names, scenario_text
from varde.domain.errors import BadInput
from varde.engines.simulation import event_log, report, study
from varde.engines.simulation.cluster_address import cluster_address
from varde.engines.simulation.replications import Replicator
from varde.engines.simulation.scenario import Scenario
from varde.engines.simulation.scenario_file import read


LARGEST_FILE = 4_000_000  # bytes
MOST_SCENARIOS = 20
MOST_WORKERS = 64


class Command(BaseCommand):
    help = (
        "Simulate one scenario or several beside each other, on the same random numbers. "
        "A scenario is a TOML file, or the name of a ready one "
        f"({', '.join(scenario_names())}). The first is the one that the others are "
        "compared with. Ctrl+C stops it and keeps the replications that are done."
    )
    requires_system_checks = ()  # it reads nothing but the files

    def add_arguments(self, parser):
        """The scenarios, then how much and how."""
        parser.add_argument("scenarios", nargs="+", metavar="SCENARIO")
        parser.add_argument("--replications", type=int, default=30, metavar="N")
        parser.add_argument("--seed", type=int, default=1, metavar="S")
        parser.add_argument(
            "--engine", choices=[e.value for e in study.Engine], default="compiled"
        )
        parser.add_argument(
            "--workers",
            type=int,
            default=1,
            metavar="N",
            help="processes, 1 if not given",
        )
        parser.add_argument(
            "--cluster",
            metavar="ADDRESS",
            help="scheduler of a Dask cluster that runs the replications, such as "
            "tcp://10.0.0.5:8786; VARDE_CLUSTER if not given",
        )
        parser.add_argument(
            "--precision",
            nargs=2,
            metavar=("MEASURE", "SHARE"),
            help="go on until the interval of this measure is at most this share of its "
            "mean, --replications at least and 10000 at the most",
        )
        parser.add_argument(
            "--best",
            metavar="MEASURE",
            help="the probability that each has the lowest mean of it",
        )
        parser.add_argument(
            "--highest", action="store_true", help="the highest of --best is the best"
        )
        parser.add_argument(
            "--report", type=Path, metavar="FILE", help="write the STRESS-DES report"
        )
        parser.add_argument(
            "--log", type=Path, metavar="FILE", help="write the first run of the first scenario as JSON Lines, to be played back"
        )  # fmt: skip
        parser.add_argument(
            "--json", action="store_true", help="one JSON object on standard output"
        )

    def handle(self, *, scenarios, verbosity, **options):
        """Run, and print; or end with 2 and say why."""
        self._check(scenarios, options)
        found = [self._scenario(name) for name in scenarios]
        engine = study.Engine(options["engine"])
        try:
            done = self._run(found, engine, options, is_quiet=verbosity == 0)
        except ValueError as fault:
            refuse(self, f"{fault}.\nNothing was changed. Choose among these.")
        except ImportError:
            refuse(self, "--cluster: Dask is not installed.\nNothing was run. Install varde[cluster], or leave the cluster out.")  # fmt: skip
        except OSError as fault:
            refuse(self, f"--cluster: {fault}.\nNothing is kept. Start the scheduler and its workers, or leave the cluster out.")  # fmt: skip
        if done is None:
            refuse(self, "Stopped. Nothing is kept.")
        best = self._best(done, options["best"], is_highest=options["highest"])
        if options["report"]:
            self._write(options["report"], report.stress_des(done, ranking=best))
        if options["log"]:
            self._write_log(options["log"], found[0], engine, seed=options["seed"])
        self.stdout.write(
            json.dumps(_answer(done, best), ensure_ascii=False, allow_nan=False)
            if options["json"]
            else _text(done, best)
        )

    def _check(self, scenarios, options):
        limits = (
            ("SCENARIO", len(scenarios), MOST_SCENARIOS),
            ("--replications", options["replications"], study.MOST),
            ("--workers", options["workers"], MOST_WORKERS),
        )
        for name, value, most in limits:
            if not 1 <= value <= most:
                refuse(
                    self, f"{name}: {value}. Nothing was run. Give from 1 to {most}."
                )
        if options["seed"] < 0:
            refuse(self, "--seed is below 0. Nothing was run. Give 0 or more.")

    def _scenario(self, name: str) -> Scenario:
        """A ready scenario by its name, or the file with that name."""
        if name in scenario_names():
            return read(scenario_text(name), filename=f"{name}.toml", bases=_ready)
        path = Path(name)
        with reading(self, path) as opened:
            raw = opened.read(LARGEST_FILE + 1)
            if len(raw) > LARGEST_FILE:
                raise BadInput(file=path.name, problem=f"is larger than {LARGEST_FILE} bytes", cure="Give one scenario")  # fmt: skip
            try:
                text = raw.decode("utf-8-sig")
            except UnicodeDecodeError as fault:
                raise BadInput(file=path.name, problem=f"is not UTF-8 (byte {fault.start + 1})", cure="Save it as UTF-8 and run the command again") from None  # fmt: skip
            return read(text, filename=path.name, bases=_beside(path))

    def _run(self, found, engine, options, *, is_quiet):
        """The study; None when it was stopped before anything was done."""
        wanted, precision = options["replications"], None
        if options["precision"]:
            precision = self._precision(*options["precision"], at_least=wanted)
        counted = []
        with on_error_stream("simulate", quiet=is_quiet) as tell:

            def told(done, asked):
                counted.append(done)
                tell(f"{done} of {asked}", done / asked)

            with _Stop() as stop:
                try:
                    return study.run(
                        found,
                        replications=wanted,
                        seed=options["seed"],
                        engine=engine,
                        workers=options["workers"],
                        cluster=self._cluster(options["cluster"]),
                        precision=precision,
                        tell=told,
                        is_stopped=stop,
                    )
                except KeyboardInterrupt:
                    return None

    def _cluster(self, asked):
        if asked is None:
            return settings.SIMULATION_CLUSTER
        try:
            return cluster_address(asked)
        except ValueError as fault:
            refuse(self, f"--cluster {fault}\nNothing was run.")

    def _precision(self, measure, share, *, at_least):
        try:
            narrow = float(share)
        except ValueError:
            narrow = -1.0
        if not 0.0 < narrow < 1.0:
            refuse(self, f"--precision: {share!r} is not a share. Nothing was run. Give one between 0 and 1, such as 0.05.")  # fmt: skip
        most = max(at_least, 10_000)
        return study.Precision(measure=measure, share=narrow, at_most=most)

    def _best(self, done, measure, *, is_highest):
        if measure is None:
            return None
        lacking = [s.name for s, v in zip(done.scenarios, done.values, strict=True) if measure not in v]  # fmt: skip
        if lacking:
            known = ", ".join(done.values[0])
            refuse(self, f"--best: {', '.join(lacking)} has no measure {measure!r}. There are {known}.")  # fmt: skip
        return study.ranking(done, measure, is_lower_better=not is_highest)

    def _write(self, path, text):
        try:
            path.write_text(text, encoding="utf-8")
        except OSError as fault:
            refuse(
                self,
                f"{path}: cannot be written ({fault.strerror}). Name another file.",
            )

    def _write_log(self, path, scenario, engine, *, seed):
        work = Replicator([scenario], seed=seed, engine=engine)
        ((drawn, run),) = work.runs(0)
        lines = event_log.json_lines(event_log.event_log(scenario, drawn, run))
        self._write(path, "".join(lines))


class _Stop:
    """Ctrl+C asks for the end after the replication that is being run; twice ends it."""

    def __enter__(self):
        import signal

        self._asked = False
        try:
            self._before = signal.signal(signal.SIGINT, self._ask)
        except ValueError:  # not the main thread: nobody can press anything
            self._before = None
        return self

    def _ask(self, *_):
        if self._asked:
            raise KeyboardInterrupt
        self._asked = True
        sys.stderr.write("Stopping. What is done is kept.\n")

    def __call__(self):
        return self._asked

    def __exit__(self, *_):
        import signal

        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)


def _ready(name):
    return scenario_text(name) if name in scenario_names() else None


def _beside(path):
    """A base is a ready scenario, or a file in the same folder."""

    def text(name):
        beside = path.parent / f"{Path(name).name}.toml"
        if name in scenario_names() or not beside.is_file():
            return _ready(name)
        return beside.read_text(encoding="utf-8-sig")

    return text


def _answer(done, best):
    rows = []
    for number, scenario in enumerate(done.scenarios):
        values = done.values[number]
        row = {
            "name": scenario.name,
            "title": scenario.title,
            "measures": {
                name: asdict(study.interval(seen)) for name, seen in values.items()
            },
            "assumptions": [asdict(one) for one in scenario.assumptions],
        }
        if number:
            shared = [name for name in values if name in done.values[0]]
            row["difference"] = {
                name: asdict(study.difference(done, name, number)) for name in shared
            }
        if best is not None:
            row["chance_of_best"] = best.chances[number]
        rows.append(row)
    return {
        "engine": done.engine.value,
        "seed": done.seed,
        "replications": done.replications,
        "asked": done.asked,
        "level": study.LEVEL,
        "best": None
        if best is None
        else {"measure": best.measure, "is_lower_better": best.is_lower_better},
        "scenarios": rows,
    }


def _text(done, best):
    names = [s.name for s in done.scenarios]
    lines = [f"{done.replications} replications, seed {done.seed}, {done.engine.value}; mean ± half of the 95 % interval"]  # fmt: skip
    lines.append(f"{'':<30}" + "".join(f"{name:>24}" for name in names))
    for measure in done.values[0]:
        cells = [
            _cell(study.interval(v[measure])) if measure in v else "–"
            for v in done.values
        ]
        lines.append(f"{measure:<30}" + "".join(f"{cell:>24}" for cell in cells))
    for number, name in enumerate(names[1:], start=1):
        lines += ["", f"{name} less {names[0]}, replication by replication"]
        lines += [
            f"{measure:<30}{_cell(study.difference(done, measure, number)):>24}"
            for measure in done.values[number]
            if measure in done.values[0]
        ]
    if best is not None:
        way = "lowest" if best.is_lower_better else "highest"
        lines += ["", f"Probability of having the {way} {best.measure}"]
        lines += [
            f"{name:<30}{'–' if chance is None else f'{chance:.3f}':>24}"
            for name, chance in zip(names, best.chances, strict=True)
        ]
    return "\n".join([*lines, *_assumptions(done)])


def _assumptions(done):
    """Each with its source, once, and the scenarios that rest on it if not all do."""
    resting = {}
    for scenario in done.scenarios:
        for one in scenario.assumptions:
            resting.setdefault(one, []).append(scenario.name)
    yield ""
    yield f"Assumptions: {len(resting)}, of which {sum(a.ours for a in resting)} are our own"
    for one, names in resting.items():
        only = "" if len(names) == len(done.scenarios) else f" ({', '.join(names)})"
        yield f"- {one.about}{only}: {one.source}{' [our own]' if one.ours else ''}"


def _cell(found):
    if found.mean is None:
        return "–"
    return f"{found.mean:.4g}" + ("" if found.half is None else f" ± {found.half:.2g}")
