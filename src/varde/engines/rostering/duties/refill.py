"""A rota is mended when somebody falls out, with as few other changes as can be.

First only the duties that fell out are given to others. Where that does not fill them,
the days around them are set free as well, wider and wider. A change costs more the nearer
it is, at most twice as much: so there are never more than twice as many changes as needed.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from ortools.sat.python import cp_model

from varde.domain.load.spans import joined
from varde.domain.rota.fairness import standings
from varde.domain.rota.values import Account, Assignment, Slot, Span
from varde.engines.rostering.duties.construct import part_of
from varde.engines.rostering.duties.ground import MINUTE_S, Chosen, Grounds, Pair
from varde.engines.rostering.duties.model import Expr, Model
from varde.engines.rostering.duties.rules import Rules
from varde.engines.rostering.duties.targets import Targets
from varde.engines.rostering.duties.values import Change, Problem, Refill, Status
from varde.engines.rostering.search import Clock
from varde.engines.rostering.search_run import FOUND


# What a change costs: twice as much today as in four weeks and later. Ours.
NEAR: Final = 20
FAR: Final = 10
FAR_DAYS: Final = 28
DAY_S: Final = 86_400
# How far around the duties that fell out others are set free, in days, one try at a time
AROUND_DAYS: Final = (0, 3, 10, 400)
# What each goal weighs: one step of each outweighs all that is behind it.
SHORT: Final = 10**12
VACANT: Final = 10**10
CHANGE: Final = 10**5
WISH: Final = 3000
WARNING: Final = 3000
DUTY: Final = 10  # tenths
PILE: Final = 8  # new duties of one person: further ones cost no more
MOST: Final = 500  # tenths of a duty from the fair share: further counts as this


def refill(
    problem: Problem,
    *,
    current: Assignment,
    away: Mapping[str, Sequence[Span]],
    from_at: datetime,
    clock: Clock,
    seconds: float = 3.0,
    seed: int = 0,
) -> Refill:
    """The rota with the duties of those who are away given to others.

    Parameters
    ----------
    problem : Problem
        The whole rota as it was made.
    current : slot id to worker id
        The rota as it is.
    away : worker id to periods
        Who falls out, and when.
    from_at : datetime
        Now: what has begun is not changed.

    Returns
    -------
    Refill
        `vacant` are the slots that nobody could take within the rules, those that were
        vacant before among them. A slot that was vacant may be filled: it is no change.

    Raises
    ------
    ValueError
        If one is away who is not in the problem.
    """
    started = clock()
    strangers = set(away) - {worker.id for worker in problem.workers}
    if strangers:
        raise ValueError(f"away, and not in the rota: {', '.join(sorted(strangers))}")
    fallen = _fallen(problem, current, away, from_at)
    leaning = _leaning(problem, current, fallen)
    problem = _without(problem, away, fallen)
    best: dict[str, str] | None = None if fallen else dict(current)
    is_proven = not fallen
    for days in AROUND_DAYS if fallen else ():
        seconds_left = seconds - (clock() - started)
        if seconds_left <= 0:
            break
        freed = _freed(problem, fallen | leaning, days, from_at)
        mended = _mended(
            problem,
            {slot: who for slot, who in current.items() if slot not in fallen},
            freed,
            from_at,
            seconds=seconds_left,
            seed=seed,
        )
        if mended is not None:
            rank = _rank(problem, current, mended, from_at)
            if best is None or rank < _rank(problem, current, best, from_at):
                best = mended
        # Where others must move too, at least one must: nothing wider can be better.
        least = len(fallen) + bool(days)
        if best is not None and fallen <= best.keys():
            changed = _changes(problem, current, best)
            is_proven = sum(one.before is not None for one in changed) == least
            if is_proven:
                break
    status = Status.PROVEN if is_proven else Status.FOUND
    if best is None:
        status = Status.NOTHING_FOUND
        best = {slot: who for slot, who in current.items() if slot not in fallen}
    return Refill(
        status=status,
        assignment=best,
        changes=_changes(problem, current, best),
        vacant=tuple(slot.id for slot in problem.slots if slot.id not in best),
        least_changes=len(fallen),
        seconds=clock() - started,
    )


def _fallen(
    problem: Problem,
    current: Assignment,
    away: Mapping[str, Sequence[Span]],
    from_at: datetime,
) -> frozenset[str]:
    """The duties that those who are away cannot have, with the rest of their groups."""
    hit = {
        slot.id
        for slot in problem.slots
        if slot.span.ends_at > from_at
        and any(
            span.overlaps(slot.span) for span in away.get(current.get(slot.id, ""), ())
        )
    }
    groups = {slot.group for slot in problem.slots if slot.id in hit} - {""}
    return frozenset(hit) | {
        slot.id
        for slot in problem.slots
        if slot.group in groups
        and slot.span.starts_at >= from_at
        and slot.id in current
    }


def _leaning(
    problem: Problem, current: Assignment, fallen: frozenset[str]
) -> frozenset[str]:
    """The duties beside these that may not be left without a colleague: they are looked
    at again as well, or somebody would be alone who must not be."""
    people = {worker.id: worker for worker in problem.workers}
    spans = [slot.span for slot in problem.slots if slot.id in fallen]

    def leans(slot: Slot) -> bool:
        who = people[current[slot.id]]
        return (
            any(span.overlaps(slot.span) for span in who.lis1)
            or slot.post in problem.limits.second_tier
            or not any(span.covers(slot.span) for span in joined(who.alone))
        )

    return frozenset(
        slot.id
        for slot in problem.slots
        if slot.id in current
        and slot.id not in fallen
        and any(span.overlaps(slot.span) for span in spans)
        and leans(slot)
    )


def _without(
    problem: Problem, away: Mapping[str, Sequence[Span]], fallen: frozenset[str]
) -> Problem:
    """The problem with the new absences, the duties that fell out fixed to nobody."""
    return replace(
        problem,
        workers=tuple(
            replace(worker, away=(*worker.away, *away.get(worker.id, ())))
            for worker in problem.workers
        ),
        fixed={slot: who for slot, who in problem.fixed.items() if slot not in fallen},
    )


def _freed(
    problem: Problem, fallen: frozenset[str], days: int, from_at: datetime
) -> list[Slot]:
    """The duties that fell out, and those that begin some days before and after them."""
    by_id = {slot.id: slot for slot in problem.slots}
    spans = [by_id[slot].span for slot in fallen]
    around = timedelta(days=days)
    first = min(span.starts_at for span in spans) - around
    last = max(span.ends_at for span in spans) + around
    near = {
        slot.id
        for slot in problem.slots
        if days and first <= slot.span.starts_at <= last
    }
    groups = {by_id[slot].group for slot in near} - {""}
    return [
        slot
        for slot in problem.slots
        if slot.id in fallen
        or (
            (slot.id in near or slot.group in groups) and slot.span.starts_at >= from_at
        )
    ]


def _mended(
    problem: Problem,
    current: Assignment,
    freed: Sequence[Slot],
    from_at: datetime,
    *,
    seconds: float,
    seed: int,
) -> dict[str, str] | None:
    """The rota with the freed duties given anew. None where nothing was found."""
    ids = {slot.id for slot in freed}
    around = {slot: who for slot, who in current.items() if slot not in ids}
    part = part_of(problem, freed, around)
    held = {slot: who for slot, who in current.items() if slot in ids}
    part = replace(part, fixed={**_overridden(part, held), **part.fixed})
    grounds = Grounds(part)
    rules = Rules(grounds)
    targets = Targets(grounds, rules)
    model = Model(grounds, rules, targets)
    before = grounds.chosen(held)
    owed = _owed(problem, current)
    for pair, literal in model.x.items():
        model.cp.add_hint(literal, int(pair in before))
    model.cp.minimize(
        SHORT * model.short
        + VACANT * model.vacant
        + CHANGE * _disturbance(model, held, from_at)
        + WISH * model.wishes
        + WARNING * model.warnings
        + sum(
            _asked(model, owed, pair) * literal
            for pair, literal in model.x.items()
            if pair not in before
        )
        + _piled(model, before)
    )
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    solver.parameters.random_seed = seed
    solver.parameters.max_time_in_seconds = seconds
    if solver.solve(model.cp) not in FOUND:
        return None
    chosen = [
        pair for pair, literal in model.x.items() if solver.boolean_value(literal)
    ]
    return {**around, **grounds.assignment(chosen, like=held)}


def _overridden(part: Problem, held: Assignment) -> dict[str, str]:
    """What people have though a rule of their own bars it: somebody decided so."""
    loose = Grounds(replace(part, fixed=held))
    return {
        slot: who
        for slot, who in held.items()
        if (pair := (loose.shift_of[slot], loose.number_of[who])) not in loose.able
        or pair in loose.barred
    }


def _disturbance(model: Model, held: Assignment, from_at: datetime) -> Expr:
    """What the changes cost, the near ones more."""
    grounds = model.grounds
    costs: list[Expr] = []
    for number, worker in sorted(grounds.chosen(held) - grounds.fixed):
        days = (grounds.shifts[number].starts * MINUTE_S - from_at.timestamp()) / DAY_S
        weight = _weight(days) * len(grounds.shifts[number].parts)
        costs.append(weight * (1 - model.x[number, worker]))
    return sum(costs)


def _weight(days: float) -> int:
    """What a change costs, so many days ahead."""
    return round(NEAR - (NEAR - FAR) * min(1.0, max(0.0, days) / FAR_DAYS))


def _owed(problem: Problem, current: Assignment) -> Mapping[tuple[str, Account], int]:
    """Tenths of a duty that each account is above the fair share now."""
    rows = standings(slots=problem.slots, workers=problem.workers, assignment=current)
    return {
        (row.worker, row.account): max(-MOST, min(MOST, round(10 * row.deviation)))
        for row in rows
    }


def _asked(model: Model, owed: Mapping[tuple[str, Account], int], pair: Pair) -> int:
    """Who has most above the fair share is asked last, and substitutes after all."""
    worker = model.grounds.workers[pair[1]]
    if worker.share == 0:
        return 2 * MOST + 1
    return MOST + max(
        owed[worker.id, account]
        for part in model.grounds.shifts[pair[0]].parts
        for account in part.slot.accounts | {Account.ALL}
    )


def _piled(model: Model, before: Chosen) -> Expr:
    """What it costs that one person gets several: each is a duty further from the fair
    share than the one before."""
    new: dict[int, list[tuple[int, cp_model.IntVar]]] = defaultdict(list)
    for pair, literal in model.x.items():
        if pair not in before and pair not in model.grounds.fixed:
            parts = len(model.grounds.shifts[pair[0]].parts)
            new[pair[1]].append((parts, literal))
    costs: list[Expr] = []
    for terms in new.values():
        most = sum(parts for parts, _ in terms)
        gained = sum(parts * literal for parts, literal in terms)
        cost = model.cp.new_int_var(0, DUTY * PILE * most, "")
        for held in range(1, min(most, PILE)):
            line = held * gained - held * (held + 1) // 2
            model.cp.add(cost >= DUTY * line)
        costs.append(cost)
    return sum(costs)


def _changes(
    problem: Problem, before: Assignment, after: Assignment
) -> tuple[Change, ...]:
    """The slots that change hands, in order of time."""
    return tuple(
        Change(slot=slot.id, before=before.get(slot.id), after=after.get(slot.id))
        for slot in sorted(problem.slots, key=lambda one: one.span.starts_at)
        if before.get(slot.id) != after.get(slot.id)
    )


def _rank(
    problem: Problem, before: Assignment, after: Assignment, from_at: datetime
) -> tuple[int, int]:
    """How good a mended rota is: vacant slots, and what the changes cost."""
    spans = {slot.id: slot.span for slot in problem.slots}
    return sum(slot.id not in after for slot in problem.slots), sum(
        _weight((spans[change.slot].starts_at - from_at).total_seconds() / DAY_S)
        for change in _changes(problem, before, after)
        if change.before is not None
    )
