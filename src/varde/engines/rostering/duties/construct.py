"""A first rota, week by week: each week solved by itself, on top of those before it.

A year has no single week that is hard, and a week is solved in a part of a second. What
the weeks before have given each person is counted, so that the accounts grow evenly.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, tzinfo
from typing import Final

from ortools.sat.python import cp_model

from varde.domain.rota.fairness import fair_shares
from varde.domain.rota.rules.held import monday_of
from varde.domain.rota.values import Account, Assignment, Law, Slot
from varde.engines.rostering.duties.ground import Grounds, Pair, minutes
from varde.engines.rostering.duties.model import Expr, Model
from varde.engines.rostering.duties.rules import Rules
from varde.engines.rostering.duties.targets import Targets
from varde.engines.rostering.duties.values import Problem
from varde.engines.rostering.search_run import FOUND


WEEK_MIN: Final = 7 * 24 * 60
LOOK_BACK: Final = {Law.SFS2305: 2, Law.AML: 5}  # weeks that rest and hours are seen in
EFFORT: Final = 0.1  # deterministic time for one week, and for each choice in it
EFFORT_EACH: Final = 0.0004
AGAIN: Final = 5  # times as much, where nothing was found
# What one of each costs beside the square of one duty from the fair share
SHORT: Final = 1_000_000
VACANT: Final = 100_000
SUBSTITUTE: Final = 10_000
WISH: Final = 30
SPACING: Final = 20
SQUARE: Final = 10


def first_rota(
    problem: Problem,
    *,
    seed: int,
    should_stop: Callable[[], bool],
) -> dict[str, str]:
    """A rota that breaks no hard rule, week by week. What is not reached stays vacant."""
    found: dict[str, str] = {}
    pace = _Pace(problem)
    for week in weeks_of(problem.slots, problem.limits.calendar.zone):
        if should_stop():
            break
        part = part_of(problem, week, found)
        pace.reach(week)
        found.update(_solve(part, pace, seed=seed))
        pace.count(found, week)
    return found


class _Pace:
    """What each person should have by now in each account, and has."""

    def __init__(self, problem: Problem) -> None:
        self._shares = fair_shares(problem.slots, problem.workers)
        self._all = _counts(problem.slots)
        self._so_far: dict[Account, int] = defaultdict(int)
        self._held: dict[tuple[str, Account], float] = defaultdict(float)
        for worker in problem.workers:
            for account, credit in worker.credit.items():
                self._held[worker.id, account] = credit

    def reach(self, week: Sequence[Slot]) -> None:
        """A further week is being made."""
        for account, count in _counts(week).items():
            self._so_far[account] += count

    def count(self, found: dict[str, str], week: Sequence[Slot]) -> None:
        """What it gave."""
        for slot in week:
            for account in slot.accounts if slot.id in found else ():
                self._held[found[slot.id], account] += 1

    def due(self, worker: str) -> Iterator[tuple[Account, float]]:
        """The duties that a person should have in this week."""
        for account, fair in sorted(self._shares.get(worker, {}).items()):
            by_now = fair * self._so_far[account] / max(1, self._all[account])
            yield account, by_now - self._held[worker, account]


def _counts(slots: Sequence[Slot]) -> dict[Account, int]:
    found: dict[Account, int] = defaultdict(int)
    for slot in slots:
        for account in slot.accounts:
            found[account] += 1
    return found


def weeks_of(slots: Sequence[Slot], zone: tzinfo) -> list[list[Slot]]:
    """The slots by week of their start, from Monday; a group goes with its first."""
    first: dict[str, date] = {}
    weeks: dict[date, list[Slot]] = defaultdict(list)
    for slot in sorted(slots, key=lambda one: (one.span.starts_at, one.id)):
        week = monday_of(slot.span.starts_at.astimezone(zone).date())
        if slot.group:
            week = first.setdefault(slot.group, week)
        weeks[week].append(slot)
    return [weeks[week] for week in sorted(weeks)]


def part_of(problem: Problem, week: Sequence[Slot], found: Assignment) -> Problem:
    """One week as a problem by itself, with what lies around it as given."""
    of_slot = {slot.id: slot for slot in problem.slots}
    law_of = {worker.id: worker.law for worker in problem.workers}
    starts = min(minutes(slot.span)[0] for slot in week)
    ends = max(minutes(slot.span)[1] for slot in week)
    ids = {slot.id for slot in week}
    known = {
        slot: worker
        for slot, worker in {**problem.fixed, **found}.items()
        if slot not in ids
    }
    around: dict[str, list[Slot]] = defaultdict(list)
    for worker, held in [
        *((worker, of_slot[slot]) for slot, worker in known.items()),
        *((worker, slot) for worker, rows in problem.earlier.items() for slot in rows),
    ]:
        begins, stops = minutes(held.span)
        near = LOOK_BACK[law_of[worker]] * WEEK_MIN
        if stops > starts - near and begins < ends + near:
            around[worker].append(held)
    return replace(
        problem,
        slots=tuple(week),
        fixed={slot: who for slot, who in problem.fixed.items() if slot in ids},
        earlier={worker: tuple(rows) for worker, rows in sorted(around.items())},
        wishes=tuple(
            wish
            for wish in problem.wishes
            if minutes(wish.span)[0] < ends and starts < minutes(wish.span)[1]
        ),
        needs=tuple(
            need
            for need in problem.needs
            if starts <= minutes(need.span)[0] and minutes(need.span)[1] <= ends
        ),
    )


def _solve(part: Problem, pace: _Pace, *, seed: int) -> dict[str, str]:
    grounds = Grounds(part)
    rules = Rules(grounds)
    model = Model(grounds, rules, Targets(grounds, rules))
    model.cp.minimize(
        SHORT * model.short
        + VACANT * model.vacant
        + SUBSTITUTE * model.substitutes
        + WISH * model.wishes
        + SPACING * model.spacing
        + _unevenness(model, pace)
    )
    begun = _begun(model, pace)
    for pair, literal in model.x.items():
        model.cp.add_hint(literal, int(pair in begun))
    solver = cp_model.CpSolver()
    solver.parameters.linearization_level = 2
    solver.parameters.num_workers = 1  # a week is too small to gain from more
    solver.parameters.random_seed = seed
    effort = EFFORT + EFFORT_EACH * len(model.x)
    for much in (effort, AGAIN * effort):
        solver.parameters.max_deterministic_time = much
        if solver.solve(model.cp) in FOUND:
            break
    else:
        return dict(part.fixed)
    return grounds.assignment(
        pair for pair, literal in model.x.items() if solver.boolean_value(literal)
    )


def _unevenness(model: Model, pace: _Pace) -> Expr:
    """The squares of what each account is off, as the tangents between whole duties."""
    costs: list[Expr] = []
    for number, worker in enumerate(model.grounds.workers):
        for account, due in pace.due(worker.id) if worker.share else ():
            most = sum(model.targets.counts(number, account).values())
            if not most:
                continue
            rows = [round(SQUARE * (held - due) ** 2) for held in range(most + 1)]
            cost = model.cp.new_int_var(0, max(rows), "")
            for held in range(most):
                slope = rows[held + 1] - rows[held]
                line = slope * model.held(number, account) + rows[held] - slope * held
                model.cp.add(cost >= line)
            costs.append(cost)
    return sum(costs)


def _begun(model: Model, pace: _Pace) -> set[Pair]:
    """A week filled by hand, as a hint: each place to the one who is owed most and may,
    those who need a colleague beside them left out."""
    grounds = model.grounds
    held = [set(shifts) for shifts in model.targets.given]
    owed = [dict(pace.due(worker.id)) for worker in grounds.workers]
    spared = {
        (number, worker): wish.weight
        for wish, worker, shifts in model.targets.wishes
        if not wish.wants_duty
        for number in shifts
    }
    needs_another = {pair for covered in model.rules.covers() for pair in covered.of}
    for number in sorted(grounds.own, key=lambda n: len(grounds.of_shift.get(n, ()))):
        shift = grounds.shifts[number]
        accounts = [account for part in shift.parts for account in part.slot.accounts]
        free = [
            worker
            for worker in grounds.of_shift.get(number, ())
            if (number, worker) not in needs_another and number not in held[worker]
        ]
        free.sort(
            key=lambda w: (
                spared.get((number, w), 0)
                - sum(owed[w].get(account, 0.0) for account in accounts)
            )
        )
        places = shift.need - sum(number in shifts for shifts in held)
        for worker in free:
            if places > 0 and model.targets.may_add(worker, number, held[worker]):
                places -= 1
                held[worker].add(number)
                for account in accounts:
                    owed[worker][account] = owed[worker].get(account, 0.0) - 1
    return {(number, w) for w, shifts in enumerate(held) for number in shifts}
