"""The legevakt's own rota: ours beside the plain model, in the same run.

    python -m benchmarks.rota_duties [--seconds 120] [--operator-seconds 300] [--workers 2]
    python -m benchmarks.rota_duties --ours --cpu --workers 1 --only operators

The yardstick is the same model given to CP-SAT as a whole, with all goals as one weighted
sum and `subsolvers = [max_lp]`: no first rota week by week, no goals one after the other,
no neighbourhoods. CPU seconds are printed beside the clock's: on a machine that is shared
the first say more. `--cpu` counts the seconds of ours in processor time, and `--ours`
leaves the yardstick out.
"""

import argparse
import time
from collections import Counter
from dataclasses import replace
from datetime import timedelta

from ortools.sat.python import cp_model

from varde.domain.rota.rules.judging import judge
from varde.domain.rota.values import Span
from varde.engines.rostering.duties.example import doctors_year, operators_quarter
from varde.engines.rostering.duties.ground import Grounds
from varde.engines.rostering.duties.model import Model
from varde.engines.rostering.duties.propose import propose
from varde.engines.rostering.duties.refill import refill
from varde.engines.rostering.duties.rules import Rules
from varde.engines.rostering.duties.targets import Targets
from varde.engines.rostering.duties.values import Problem


# The plain model's weights: each goal above those behind it, as far as numbers reach.
WEIGHTS = {
    "short": 10**9,
    "vacant": 10**8,
    "substitutes": 10**7,
    "worst": 10**6,
    "wishes": 10**4,
    "spacing": 10**3,
    "warnings": 10**2,
    "imbalance": 1,
}
SICK_FROM_SLOT = 0.5  # of the way through the rota


def main() -> None:
    """Both rotas by both ways, and the week of sickness."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--operator-seconds", type=float, default=300)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=("doctors", "operators"))
    parser.add_argument(
        "--cpu", action="store_true", help="count CPU seconds, not the clock"
    )
    parser.add_argument("--ours", action="store_true", help="without the yardstick")
    options = parser.parse_args()
    if options.only != "operators":
        problem = doctors_year(seed=options.seed)
        print("30 doctors, 52 weeks")
        rota = _both(problem, options.seconds, options)
        _refilled(problem, rota)
    if options.only != "doctors":
        problem = operators_quarter(seed=options.seed)
        print("60 operators, 12 weeks")
        rota = _both(problem, options.operator_seconds, options)
        _refilled(problem, rota)


def _both(problem: Problem, seconds: float, options) -> dict[str, str]:
    clock, cpu = time.monotonic(), time.process_time()
    complete: list[str] = []

    def better(proposal) -> None:
        if not proposal.vacant and not complete:
            spent = f"{time.monotonic() - clock:.0f} s, {time.process_time() - cpu:.0f} CPU s"
            complete.append(spent)

    found = propose(
        problem,
        seconds=seconds,
        workers=options.workers,
        clock=time.process_time if options.cpu else time.monotonic,
        on_better=better,
    )
    _tell("ours", problem, dict(found.assignment), complete, clock, cpu)
    print(f"    cost {_brief(found.cost)}  bound {_brief(found.bound)}  {found.status}")
    if options.ours:
        return dict(found.assignment)
    clock, cpu = time.monotonic(), time.process_time()
    complete = []
    plain = _plain(problem, seconds, options.workers, complete)
    _tell("plain", problem, plain, complete, clock, cpu)
    return dict(found.assignment)


def _plain(
    problem: Problem, seconds: float, workers: int, complete: list[str]
) -> dict[str, str]:
    """The yardstick."""
    clock, cpu = time.monotonic(), time.process_time()
    grounds = Grounds(problem)
    rules = Rules(grounds)
    model = Model(grounds, rules, Targets(grounds, rules))
    model.cp.minimize(
        sum(weight * getattr(model, name) for name, weight in WEIGHTS.items())
    )
    vacancies = list(model.vacancies.values())

    class First(cp_model.CpSolverSolutionCallback):
        def on_solution_callback(self) -> None:
            if not complete and not any(self.value(one) for one in vacancies):
                complete.append(
                    f"{time.monotonic() - clock:.0f} s, {time.process_time() - cpu:.0f} CPU s"
                )

    solver = cp_model.CpSolver()
    solver.parameters.num_workers = workers
    solver.parameters.subsolvers.append("max_lp")
    solver.parameters.max_time_in_seconds = seconds
    if solver.solve(model.cp, First()) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return {}
    return grounds.assignment(
        pair for pair, literal in model.x.items() if solver.boolean_value(literal)
    )


def _tell(
    name: str,
    problem: Problem,
    assignment: dict[str, str],
    complete: list[str],
    clock: float,
    cpu: float,
) -> None:
    judgement = judge(
        slots=problem.slots,
        workers=problem.workers,
        assignment=assignment,
        limits=problem.limits,
        wishes=problem.wishes,
    )
    grounds = Grounds(problem)
    targets = Targets(grounds, Rules(grounds))
    sharing = {worker.id for worker in problem.workers if worker.share}
    worst = max(
        abs(row.deviation)
        for row in targets.standings(assignment)
        if row.worker in sharing
    )
    print(
        f"  {name}: first complete {complete[0] if complete else 'never'}; after "
        f"{time.monotonic() - clock:.0f} s, {time.process_time() - cpu:.0f} CPU s: "
        f"{len(judgement.vacant)} vacant, {len(judgement.hard)} hard breaches, worst "
        f"deviation {worst:.2f} duties, {len(judgement.unplaced)} of "
        f"{len(problem.wishes)} wishes broken ({len(targets.out_of_reach)} of them no rota "
        f"can meet), {len(judgement.warnings)} warnings",
        flush=True,
    )


def _refilled(problem: Problem, rota: dict[str, str]) -> None:
    """The person with most duties in a week falls ill; the least changes as yardstick."""
    first = problem.slots[int(SICK_FROM_SLOT * len(problem.slots))]
    week = Span(
        starts_at=first.span.starts_at,
        ends_at=first.span.starts_at + timedelta(days=7),
    )
    held = Counter(
        rota[slot.id]
        for slot in problem.slots
        if slot.id in rota and week.overlaps(slot.span)
    )
    ill = held.most_common(1)[0][0]
    cpu = time.process_time()
    found = refill(
        problem,
        current=rota,
        away={ill: (week,)},
        from_at=week.starts_at,
        clock=time.monotonic,
    )
    spent = time.process_time() - cpu
    changed = sum(change.before is not None for change in found.changes)
    print(
        f"  refill after a sick week: {found.seconds:.2f} s, {spent:.2f} CPU s, "
        f"{changed} duties changed, {len(found.vacant)} vacant; least possible "
        f"{_least(problem, rota, ill, week)}",
        flush=True,
    )


def _least(problem: Problem, rota: dict[str, str], ill: str, week: Span) -> str:
    """The fewest changes by an exact solve with every later duty free, and its time."""
    clock = time.monotonic()
    sick = replace(
        problem,
        workers=tuple(
            replace(worker, away=(*worker.away, week)) if worker.id == ill else worker
            for worker in problem.workers
        ),
        fixed={
            slot.id: rota[slot.id]
            for slot in problem.slots
            if slot.id in rota
            and slot.span.starts_at < week.starts_at
            and not (rota[slot.id] == ill and week.overlaps(slot.span))
        },
    )
    grounds = Grounds(sick)
    rules = Rules(grounds)
    model = Model(grounds, rules, Targets(grounds, rules))
    before = grounds.chosen(rota)
    moved = sum(1 - model.x[pair] for pair in before if pair in model.x)
    fallen = sum(pair not in model.x for pair in before)
    model.cp.minimize(1000 * model.vacant + moved)
    for pair, literal in model.x.items():
        model.cp.add_hint(literal, int(pair in before))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 2
    solver.parameters.max_time_in_seconds = 120
    status = solver.status_name(solver.solve(model.cp))
    least = round(solver.objective_value) % 1000 + fallen
    return f"{least} ({status}, {time.monotonic() - clock:.0f} s)"


def _brief(cost) -> str:
    if cost is None:
        return "none"
    unfair = f"{len(cost.unfair)} unfair, worst {max(cost.unfair, default=0)}"
    return (
        f"short {cost.short} vacant {cost.vacant} {unfair}, wishes {cost.wishes}, "
        f"spacing {cost.spacing}, warnings {cost.warnings}, imbalance "
        f"{cost.imbalance / 100:.1f}"
    )


if __name__ == "__main__":
    main()
