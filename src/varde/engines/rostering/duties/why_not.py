"""Why no complete rota can be made: a smallest set of demands that collide.

Each demand has a literal that lets it go. A model without an objective, solved under the
assumption of all literals, names those that cannot hold together; the list is shrunk by
leaving out one at a time. Presolve is off: with it, a literal that nobody assumed can come
back (OR-Tools issue 5141), and what comes back is checked in any case.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from ortools.sat.python import cp_model

from varde.domain.rota.rules.breach import RotaRule
from varde.domain.rota.values import Slot, Span
from varde.engines.rostering.duties.construct import weeks_of
from varde.engines.rostering.duties.ground import MINUTE_S, Grounds
from varde.engines.rostering.duties.model import Model
from varde.engines.rostering.duties.records import Covered, Least, Record
from varde.engines.rostering.duties.rules import Rules
from varde.engines.rostering.duties.targets import Targets
from varde.engines.rostering.duties.values import (
    Collision,
    Demand,
    Ground,
    Problem,
    WhyNot,
)
from varde.engines.rostering.search import Clock


# What it costs to give up a demand: to move a fixed duty is easier than to leave a place
# vacant, and that is easier than to call somebody back from leave. Ours. What is not here
# is law or competence, or to be in two places at once, and is never given up.
COST: Final[Mapping[Ground | RotaRule, int]] = {
    Ground.FIXED: 1,
    RotaRule.NEED_IS_MET: 2,
    Ground.FILLED: 3,
    RotaRule.NIGHTS_IN_A_ROW_ARE_FEW: 3,
    RotaRule.DAYS_BETWEEN_DUTIES: 3,
    RotaRule.NO_DUTY_WHILE_AWAY: 5,
    RotaRule.ONLY_WITHIN_OWN_PERIODS: 5,
    RotaRule.NO_NIGHT_WHEN_EXEMPT: 7,
}
SMALL: Final = 3000  # choices: a problem that is explained as a whole at once
RELAX_SHARE: Final = 0.5  # of the time left, for the cheapest way out
FIRST_SHARE: Final = 0.7  # of the time, to find where it collides


def why_not(
    problem: Problem, *, clock: Clock, seconds: float = 10.0, seed: int = 0
) -> WhyNot:
    """Whether a complete rota exists, and if not, what collides.

    A long period is looked at week by week, the tightest first, and then as a whole: what
    collides does so nearly always within a week. Repeatable as long as the time is not
    used up.
    """
    run = _Run(clock, seconds, seed)
    grounds = Grounds(problem, is_loose=True)
    weeks = weeks_of(problem.slots, problem.limits.calendar.zone)
    if len(grounds.pairs) > SMALL and len(weeks) > 1:
        for week in sorted(weeks, key=lambda one: _slack(grounds, one)):
            if run.left() < (1 - FIRST_SHARE) * seconds:
                break
            model = _explained(_around(problem, week), {slot.id for slot in week})
            if run.collides(model):
                return run.answer(model, is_possible=False)
    model = _explained(problem, {slot.id for slot in problem.slots})
    verdict = run.collides(model, share=FIRST_SHARE)
    return run.answer(model, is_possible=None if verdict is None else not verdict)


@dataclass
class _Run:
    """The time of one question, and the solves in it."""

    clock: Clock
    seconds: float
    seed: int

    def __post_init__(self) -> None:
        self._started = self.clock()

    def left(self) -> float:
        """Seconds left."""
        return self.seconds - (self.clock() - self._started)

    def collides(self, model: "_Explained", share: float = 1.0) -> bool | None:
        """Whether not all demands of a model can be met. None: not known."""
        model.core = tuple(model.literals)
        found = self.core(model, model.core, share=share)
        if found:
            model.core = found
        return None if found is None else bool(found)

    def core(
        self,
        model: "_Explained",
        demands: Sequence[Demand],
        share: float = 1.0,
    ) -> tuple[Demand, ...] | None:
        """Those of some demands that collide; empty: they do not. None: not known."""
        model.cp.clear_assumptions()
        model.cp.add_assumptions([model.literals[demand] for demand in demands])
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.cp_model_presolve = False
        solver.parameters.random_seed = self.seed
        solver.parameters.max_time_in_seconds = max(0.0, share * self.left())
        status = solver.solve(model.cp)
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return ()
        if status != cp_model.INFEASIBLE:
            return None
        named = set(solver.sufficient_assumptions_for_infeasibility())
        core = tuple(d for d in demands if model.literals[d].index in named)
        # A literal that was not assumed may come back in place of one that was.
        is_whole = len(core) == len(named) and core
        return core if is_whole else tuple(demands)

    def answer(self, model: "_Explained", *, is_possible: bool | None) -> WhyNot:
        """The collision shrunk, and the cheapest way out of it."""
        collision = None
        if is_possible is False:
            demands, is_smallest = self._shrunk(model)
            relaxation, is_cheapest = self._relaxed(model)
            collision = Collision(
                demands=demands,
                is_smallest=is_smallest,
                relaxation=relaxation,
                is_cheapest=is_cheapest,
                within=model.within,
            )
        return WhyNot(
            is_possible=is_possible,
            collision=collision,
            seconds=self.clock() - self._started,
        )

    def _shrunk(self, model: "_Explained") -> tuple[tuple[Demand, ...], bool]:
        """Leave out one demand at a time, as long as the others still collide."""
        kept = list(model.core)
        tried: set[Demand] = set()
        while untried := [demand for demand in kept if demand not in tried]:
            tried.add(untried[0])
            rest = [demand for demand in kept if demand != untried[0]]
            if self.left() <= RELAX_SHARE * self.seconds / 2:
                return tuple(kept), False
            found = self.core(model, rest)
            if found is None:
                return tuple(kept), False
            if found:
                kept = list(found)
        return tuple(kept), True

    def _relaxed(self, model: "_Explained") -> tuple[tuple[Demand, ...], bool]:
        """The demands that are cheapest to give up."""
        cp = model.cp.clone()
        cp.clear_assumptions()
        for demand, literal in model.literals.items():
            if demand.code not in COST:
                cp.add(literal == 1)
        cp.minimize(
            sum(
                COST[demand.code] * literal.negated()
                for demand, literal in model.literals.items()
                if demand.code in COST
            )
        )
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = self.seed
        solver.parameters.max_time_in_seconds = max(0.0, self.left())
        status = solver.solve(cp)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return (), False
        given_up = tuple(
            demand
            for demand, literal in model.literals.items()
            if not solver.boolean_value(literal)
        )
        return given_up, status == cp_model.OPTIMAL


class _Explained(Model):
    """A model in which each demand holds only when its literal is true."""

    def __init__(
        self, grounds: Grounds, rules: Rules, targets: Targets, *, filled: set[str]
    ) -> None:
        self.literals: dict[Demand, cp_model.IntVar] = {}
        self.core: tuple[Demand, ...] = ()
        self._filled = filled
        super().__init__(grounds, rules, targets)
        for pair, demands in grounds.barred.items():
            for demand in sorted(demands, key=repr):
                self.cp.add_implication(self._literal(demand), ~self.x[pair])
        for slot, worker in grounds.problem.fixed.items():
            pair = (grounds.shift_of[slot], grounds.number_of[worker])
            demand = Demand(code=Ground.FIXED, slot=slot, worker=worker)
            self.cp.add_implication(self._literal(demand), self.x[pair])
        for need in rules.needs():
            there = sum(self.x[pair] for pair in need.of)
            self._when(self.cp.add(there >= need.least), need)

    @property
    def within(self) -> Span:
        """The time of the slots that shall be filled."""
        spans = [s.span for s in self.grounds.problem.slots if s.id in self._filled]
        return Span(
            starts_at=min(span.starts_at for span in spans),
            ends_at=max(span.ends_at for span in spans),
        )

    def _literal(self, demand: Demand) -> cp_model.IntVar:
        if demand not in self.literals:
            self.literals[demand] = self.cp.new_bool_var("")
        return self.literals[demand]

    def _vacancy(self, number: int) -> cp_model.IntVar:
        """No vacancy: each place is a demand."""
        shift = self.grounds.shifts[number]
        people = sum(self.x[number, w] for w in self.grounds.of_shift.get(number, ()))
        places = [
            self._literal(Demand(code=Ground.FILLED, slot=place[0]))
            for place in shift.places
            if place[0] in self._filled
        ]
        self.cp.add(people <= shift.need)
        self.cp.add(people >= sum(places))
        return self.cp.new_constant(0)

    def _when(
        self, constraint: cp_model.Constraint, record: Record | Covered | Least
    ) -> None:
        worker = getattr(record, "worker", None)
        demand = Demand(
            code=record.rule,
            worker="" if worker is None else self.grounds.workers[worker].id,
            span=_span(record),
        )
        constraint.only_enforce_if(self._literal(demand))


def _span(record: Record | Covered | Least) -> Span | None:
    if not isinstance(record, Least):
        return None
    starts, ends = (
        datetime.fromtimestamp(at * MINUTE_S, tz=UTC) for at in (record.at, record.ends)
    )
    return Span(starts_at=starts, ends_at=ends)


def _explained(problem: Problem, filled: set[str]) -> _Explained:
    grounds = Grounds(problem, is_loose=True)
    rules = Rules(grounds)
    return _Explained(grounds, rules, Targets(grounds, rules), filled=filled)


def _around(problem: Problem, week: Sequence[Slot]) -> Problem:
    """One week with what is on at the same time. What is around it may be vacant there,
    and hours are not averaged over the weeks that are left out: so that what collides
    here collides in the whole."""
    starts = min(slot.span.starts_at for slot in week)
    ends = max(slot.span.ends_at for slot in week)
    near = Span(starts_at=starts, ends_at=ends)
    groups = {s.group for s in problem.slots if s.group and near.overlaps(s.span)}
    slots = tuple(
        s for s in problem.slots if near.overlaps(s.span) or s.group in groups - {""}
    )
    ids = {slot.id for slot in slots}
    return replace(
        problem,
        slots=slots,
        fixed={slot: who for slot, who in problem.fixed.items() if slot in ids},
        needs=tuple(need for need in problem.needs if near.covers(need.span)),
        limits=replace(problem.limits, week_hours=ALWAYS_H, lvs_minimum=0),
    )


ALWAYS_H: Final = 168.0  # hours of a week: an average that nobody can exceed


def _slack(grounds: Grounds, week: Iterable[Slot]) -> float:
    """How tight a week is: who are not barred, for each that is needed, where fewest."""
    people = [0.0]
    for number in {grounds.shift_of[slot.id] for slot in week}:
        free = sum(
            (number, worker) not in grounds.barred
            for worker in grounds.of_shift.get(number, ())
        )
        people.append(free / grounds.shifts[number].need)
    return min(people[1:])
