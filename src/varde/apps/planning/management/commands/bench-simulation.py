"""`varde bench-simulation`: events a second of ours and of the yardsticks, in one run."""
# ruff: noqa: N999  the file's name is the command's

import gc
import json
import time
from statistics import median

import numpy as np
from django.core.management.base import BaseCommand

from varde.apps.planning import simulation_yardsticks as others
from varde.engines.simulation import draws, kernel, study, tables
from varde.engines.simulation.engines import Calendar


ROUNDS = 9  # of what is quick
SLOW_ROUNDS = 3  # of SimPy
STUDY_YEARS = 1000


class Command(BaseCommand):
    help = (
        "Time the simulation beside a bare compiled loop, and beside SimPy and Ciw when "
        "they are installed: the same numbers, processor time, the best and the median of "
        "some rounds. Then a study of ten small districts, drawing and measures included. "
        "It ends with 1 when an engine did not give the same answer."
    )
    requires_system_checks = ()

    def add_arguments(self, parser):
        """How much, and in which form."""
        parser.add_argument("--customers", type=int, default=200_000, metavar="N")
        parser.add_argument(
            "--years", type=int, default=30, metavar="N", help="of each district"
        )
        parser.add_argument(
            "--json", action="store_true", help="one JSON object on standard output"
        )

    def handle(self, *, customers, years, **options):
        """Measure and print."""
        limits = (("--customers", customers, 1000, 10_000_000), ("--years", years, 1, 10_000))  # fmt: skip
        for name, value, least, most in limits:
            if not least <= value <= most:
                self.stderr.write(
                    f"{name}: give from {least} to {most}. Nothing was run."
                )
                raise SystemExit(2)
        timed = {"three_servers": three_servers(customers), "chain": chain()}
        districts = ten_districts(years)
        if options["json"]:
            self.stdout.write(json.dumps({**timed, "ten_districts": districts}))
        else:
            self._tell(timed, districts)
        if not all(part["is_same"] for part in timed.values()):
            raise SystemExit(1)

    def _tell(self, timed, districts):
        for name, part in timed.items():
            self.stdout.write(f"{name}: {part['events']} events, same answer: {part['is_same']}")  # fmt: skip
            for engine, row in part["engines"].items():
                self.stdout.write(f"  {engine:<12}{row['events_per_s']:>14,.0f} events/s  best {row['cpu_s']:.5f} s, median {row['median_cpu_s']:.5f} s")  # fmt: skip
            for ratio, value in part["ratios"].items():
                self.stdout.write(f"  {ratio}: {value['best']:.3g}, of medians {value['median']:.3g}")  # fmt: skip
        self.stdout.write(
            f"ten districts, {districts['years']} years each: {districts['cpu_s']:.3f} s; "
            f"{STUDY_YEARS} years each would take {districts['cpu_s_for_1000_years']:.1f} s "
            "of one processor"
        )


def timed(work, *, rounds=ROUNDS):
    """The answer, and the processor times of some rounds."""
    spent, answer = [], None
    gc.collect()  # what another engine left behind is not this one's work
    for _ in range(rounds):
        began = time.process_time()
        answer = work()
        spent.append(time.process_time() - began)
    return answer, spent


def drawn_for(scenario):
    """The arrays and the numbers of a scenario."""
    made = tables.make(scenario)
    return made, draws.make(scenario, made, draws.Numbers(seed=1, replication=0))


def ours(made, drawn):
    """The compiled calendar as in a study: the second run on, in memory that is there."""
    compiled = Calendar(made)
    compiled.run(drawn)
    return timed(lambda: compiled.run(drawn))


def mean_wait(run):
    """The mean wait of those served, and how many they are."""
    served = run.rows[:, 1] == 0
    waits = (run.times[:, 1] - run.times[:, 0])[served]
    return float(waits.mean()), len(waits)


def three_servers(customers):
    """M/M/3 in every engine: the same mean wait, and the speed of each."""
    scenario = others.three_servers(customers)
    made, drawn = drawn_for(scenario)
    minutes = drawn.numbers[others.row(scenario, "minutes/serve")]
    times = {}
    run, times["compiled"] = ours(made, drawn)
    answer = {"compiled": mean_wait(run)}
    others.bare_loop(drawn.arrived, minutes, scenario.horizon_min)
    (waited, served, _), times["bare loop"] = timed(
        lambda: others.bare_loop(drawn.arrived, minutes, scenario.horizon_min)
    )
    answer["bare loop"] = waited / served, served
    slow, times["kernel"] = timed(lambda: kernel.run(scenario, drawn), rounds=1)
    answer["kernel"] = mean_wait(slow)
    if others.has("simpy"):
        answer["SimPy"], times["SimPy"] = timed(lambda: others.simpy_three_servers(scenario, drawn), rounds=SLOW_ROUNDS)  # fmt: skip
    same = list(answer.values())
    if others.has("ciw"):
        _, times["Ciw"] = timed(lambda: others.ciw_three_servers(scenario, drawn), rounds=1)  # fmt: skip
    is_same = np.allclose(same, same[0], rtol=1e-9)
    return summary(run.events, times, is_same=bool(is_same))


def chain():
    """A year of a small legevakt: the same outcomes, and the speed of each."""
    scenario = others.chain()
    made, drawn = drawn_for(scenario)
    times = {}
    run, times["compiled"] = ours(made, drawn)
    answer = [others.outcomes(scenario, run.outcome)]
    slow, times["kernel"] = timed(lambda: kernel.run(scenario, drawn), rounds=1)
    answer.append(others.outcomes(scenario, slow.outcome))
    if others.has("simpy"):
        found, times["SimPy"] = timed(
            lambda: others.simpy_chain(scenario, drawn), rounds=SLOW_ROUNDS
        )
        answer.append(found)
    return summary(run.events, times, is_same=all(a == answer[0] for a in answer))


def ten_districts(years):
    """A study of ten scenarios, from the drawing of the numbers to the measures."""
    scenarios = others.ten_districts()
    study.run(scenarios, replications=1, seed=0)  # compiled
    _, (spent,) = timed(
        lambda: study.run(scenarios, replications=years, seed=1), rounds=1
    )
    return {
        "years": years,
        "cpu_s": spent,
        "cpu_s_for_1000_years": spent / years * STUDY_YEARS,
    }


def summary(events, times, *, is_same):
    """Speeds, and how ours stand to the others."""
    ratios = {
        f"compiled / {name}": {
            "best": min(times[name]) / min(times["compiled"]),
            "median": median(times[name]) / median(times["compiled"]),
        }
        for name in times
        if name != "compiled"
    }
    return {
        "events": events,
        "is_same": is_same,
        "engines": {
            name: {
                "events_per_s": events / min(spent),
                "cpu_s": min(spent),
                "median_cpu_s": median(spent),
            }
            for name, spent in times.items()
        },
        "ratios": ratios,
    }
