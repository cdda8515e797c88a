"""`varde bench-simulation`: events a second of ours and of the yardsticks, in one run."""
# ruff: noqa: N999  the file's name is the command's

import json
import time

import numpy as np
from django.core.management.base import BaseCommand

from varde.apps.planning import simulation_yardsticks as others
from varde.engines.simulation import calendar, draws, kernel, memory, tables
from varde.engines.simulation.engines import ROWS_A_CONTACT, ROWS_AT_LEAST


ROUNDS = 5


class Command(BaseCommand):
    help = (
        "Time the simulation beside a bare compiled loop, and beside SimPy and Ciw when "
        "they are installed: the same numbers, processor time, the best of some rounds. "
        "It ends with 1 when an engine did not give the same answer."
    )
    requires_system_checks = ()

    def add_arguments(self, parser):
        """How much, and in which form."""
        parser.add_argument("--customers", type=int, default=200_000, metavar="N")
        parser.add_argument(
            "--json", action="store_true", help="one JSON object on standard output"
        )

    def handle(self, *, customers, **options):
        """Measure and print."""
        if not 1000 <= customers <= 10_000_000:
            self.stderr.write(
                "--customers: give from 1000 to 10000000. Nothing was run."
            )
            raise SystemExit(2)
        found = {"three_servers": three_servers(customers), "chain": chain()}
        if options["json"]:
            self.stdout.write(json.dumps(found))
        else:
            for name, part in found.items():
                self.stdout.write(f"{name}: {part['events']} events, same answer: {part['is_same']}")  # fmt: skip
                for engine, row in part["engines"].items():
                    self.stdout.write(f"  {engine:<12}{row['events_per_s']:>14,.0f} events/s  {row['cpu_s']:.5f} s")  # fmt: skip
                for ratio, value in part["ratios"].items():
                    self.stdout.write(f"  {ratio}: {value:.3g}")
        if not all(part["is_same"] for part in found.values()):
            raise SystemExit(1)


def best(work, *, rounds=ROUNDS):
    """The answer, and the least processor time of some rounds."""
    least, answer = float("inf"), None
    for _ in range(rounds):
        began = time.process_time()
        answer = work()
        least = min(least, time.process_time() - began)
    return answer, least


def ours(made, drawn):
    """The compiled calendar with its memory made before, as the bare loop has its own."""
    room = memory.lay_out(made, drawn, capacity=ROWS_A_CONTACT * len(drawn.contacts) + ROWS_AT_LEAST)  # fmt: skip
    began = time.process_time()
    calendar.run_compiled(*room)
    return memory.what_happened(room), time.process_time() - began


def best_of_ours(made, drawn):
    """Our answer and least time, once it is compiled."""
    ours(made, drawn)
    return min((ours(made, drawn) for _ in range(ROUNDS)), key=lambda pair: pair[1])


def drawn_for(scenario):
    """The arrays and the numbers of a scenario."""
    made = tables.make(scenario)
    return made, draws.make(scenario, made, draws.Numbers(seed=1, replication=0))


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
    run, spent = best_of_ours(made, drawn)
    answer, times = {"compiled": mean_wait(run)}, {"compiled": spent}
    others.bare_loop(drawn.arrived, minutes, scenario.horizon_min)
    (waited, served, _), times["bare loop"] = best(
        lambda: others.bare_loop(drawn.arrived, minutes, scenario.horizon_min)
    )
    answer["bare loop"] = waited / served, served
    slow, times["kernel"] = best(lambda: kernel.run(scenario, drawn), rounds=1)
    answer["kernel"] = mean_wait(slow)
    if others.has("simpy"):
        answer["SimPy"], times["SimPy"] = best(lambda: others.simpy_three_servers(scenario, drawn), rounds=1)  # fmt: skip
    same = list(answer.values())
    if others.has("ciw"):
        _, times["Ciw"] = best(lambda: others.ciw_three_servers(scenario, drawn), rounds=1)  # fmt: skip
    is_same = np.allclose(same, same[0], rtol=1e-9)
    return summary(run.events, times, is_same=bool(is_same))


def chain():
    """A year of a small legevakt: the same outcomes, and the speed of each."""
    scenario = others.chain()
    made, drawn = drawn_for(scenario)
    run, spent = best_of_ours(made, drawn)
    answer = [others.outcomes(scenario, run.outcome)]
    times = {"compiled": spent}
    slow, times["kernel"] = best(lambda: kernel.run(scenario, drawn), rounds=1)
    answer.append(others.outcomes(scenario, slow.outcome))
    if others.has("simpy"):
        found, times["SimPy"] = best(
            lambda: others.simpy_chain(scenario, drawn), rounds=2
        )
        answer.append(found)
    return summary(run.events, times, is_same=all(a == answer[0] for a in answer))


def summary(events, times, *, is_same):
    """Speeds, and how ours stand to the others."""
    ratios = {
        f"compiled / {name}": times[name] / times["compiled"]
        for name in times
        if name != "compiled"
    }
    return {
        "events": events,
        "is_same": is_same,
        "engines": {
            name: {"events_per_s": events / spent, "cpu_s": spent}
            for name, spent in times.items()
        },
        "ratios": ratios,
    }
