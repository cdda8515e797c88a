"""The constraint model of a rota: its choices, its hard rules, and its goals.

`Model` holds one CP-SAT model that grows: the hard rules first, then one goal at a time,
each goal an expression to be made small.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Final

from ortools.sat.python import cp_model

from varde.domain.rota.values import Account
from varde.engines.rostering.duties.ground import Grounds, Pair
from varde.engines.rostering.duties.records import Covered, Least, Most, Record
from varde.engines.rostering.duties.rules import Rules
from varde.engines.rostering.duties.targets import HUNDREDTHS, Target, Targets


STEEP: Final = 4
STEEPEST: Final = 8  # duties beyond the tolerance: further costs no more by duty

type Expr = cp_model.LinearExpr | int


class Model:
    """The choices and the hard rules of a problem; goals are added when asked for."""

    def __init__(self, grounds: Grounds, rules: Rules, targets: Targets) -> None:
        self.grounds = grounds
        self.rules = rules
        self.targets = targets
        self.cp = cp_model.CpModel()
        self.x: dict[Pair, cp_model.IntVar] = {
            pair: self.cp.new_bool_var(f"x{pair[0]}_{pair[1]}")
            for pair in grounds.pairs
        }
        self._touches: dict[tuple[tuple[int, ...], int], cp_model.IntVar] = {}
        self._there: dict[tuple[Pair, ...], cp_model.IntVar] = {}
        for pair in grounds.fixed:
            self.cp.add(self.x[pair] == 1)
        self.vacancies = {number: self._vacancy(number) for number in grounds.own}
        self._keep_rules()

    # ------------------------------------------------------------ hard

    def _vacancy(self, number: int) -> cp_model.IntVar:
        need = self.grounds.shifts[number].need
        people = [self.x[number, w] for w in self.grounds.of_shift.get(number, ())]
        vacancy = self.cp.new_int_var(0, need, f"vacant{number}")
        self.cp.add(sum(people) + vacancy == need)
        return vacancy

    def _keep_rules(self) -> None:
        for worker in range(len(self.grounds.workers)):
            for record in self.rules.hard(worker):
                self._keep(record)
        for covered in self.rules.covers():
            self._cover(covered)

    def _keep(self, record: Record, slack: cp_model.IntVar | None = None) -> None:
        """Keep a rule of one person, or let it be broken where `slack` is 1.

        What is given already breaks no rule: the limit is at least what the given duties
        make of it.
        """
        if isinstance(record, Most):
            worst = sum(record.terms.values()) - record.most
            self._most(record, 0 if slack is None else worst * slack)
            return
        touched = [self._touched(one, record.worker) for one in record.sets]
        given = sum(
            any((shift, record.worker) in self.grounds.fixed for shift in one)
            for one in record.sets
        )
        most = max(record.most, given)
        loose: Expr = 0 if slack is None else len(touched) * slack
        self._when(self.cp.add(sum(touched) <= most + loose), record)

    def _most(self, record: Most, loose: Expr) -> None:
        given = sum(
            weight
            for shift, weight in record.terms.items()
            if (shift, record.worker) in self.grounds.fixed
        )
        spare = [self.x[shift, record.worker] for shift in record.spared]
        total = sum(
            weight * self.x[shift, record.worker]
            for shift, weight in record.terms.items()
        )
        limit = max(record.most, given) + sum(spare) + loose
        self._when(self.cp.add(total <= limit), record)

    def _when(
        self, constraint: cp_model.Constraint, record: Record | Covered | Least
    ) -> None:
        """A rule that has been written. It always holds; an explanation lets it go."""

    def _touched(self, shifts: Sequence[int], worker: int) -> cp_model.IntVar:
        """Whether a person has one of some shifts."""
        if len(shifts) == 1:
            return self.x[shifts[0], worker]
        key = (tuple(shifts), worker)
        if key not in self._touches:
            literal = self.cp.new_bool_var("")
            for shift in shifts:
                self.cp.add_implication(self.x[shift, worker], literal)
            self._touches[key] = literal
        return self._touches[key]

    def _cover(self, covered: Covered) -> None:
        there = self._there.get(covered.by)
        if there is None:
            there = self._there[covered.by] = self.cp.new_bool_var("")
            self.cp.add(sum(self.x[pair] for pair in covered.by) >= there)
        for pair in covered.of:
            if pair in self.grounds.fixed and not covered.by:
                continue  # given, and nobody can come: it was so decided
            self._when(self.cp.add_implication(self.x[pair], there), covered)

    # ------------------------------------------------------------ goals

    @cached_property
    def short(self) -> Expr:
        """People too few where a need or the minimum of the sentral is not met."""
        missing = []
        for need in self.rules.needs():
            missing.append(self.cp.new_int_var(0, need.least, ""))
            there = sum(self.x[pair] for pair in need.of)
            self.cp.add(there + missing[-1] >= need.least)
        return sum(missing)

    @cached_property
    def vacant(self) -> Expr:
        """Slots without anybody."""
        return sum(
            len(self.grounds.shifts[number].parts) * vacancy
            for number, vacancy in self.vacancies.items()
        )

    @cached_property
    def substitutes(self) -> Expr:
        """Slots held by people whose share is 0, beyond the fixed ones."""
        return sum(
            len(self.grounds.shifts[pair[0]].parts) * literal
            for pair, literal in self.x.items()
            if pair not in self.grounds.fixed
            and self.grounds.workers[pair[1]].share == 0
        )

    @cached_property
    def beyond(self) -> dict[Target, cp_model.IntVar]:
        """Duties beyond the tolerance, by person and account."""
        found = {}
        for target in self.targets.all:
            held = self.held(target.worker, target.account)
            over = self.cp.new_int_var(0, self.targets.worst_possible(target), "")
            self.cp.add(held <= target.most + over)
            self.cp.add(held >= target.least - over)
            found[target] = over
        return found

    @cached_property
    def worst(self) -> Expr:
        """The worst of all these."""
        most = max(map(self.targets.worst_possible, self.targets.all), default=0)
        worst = self.cp.new_int_var(0, most, "worst")
        for over in self.beyond.values():
            self.cp.add(over <= worst)
        return worst

    @cached_property
    def steep(self) -> Expr:
        """All that is beyond the tolerance, each further duty far dearer than the one
        before: what a search can follow towards the fairest from the worst off."""
        costs: list[Expr] = []
        for target, over in self.beyond.items():
            worst = self.targets.worst_possible(target)
            rows = [STEEP**off - 1 for off in range(min(worst, STEEPEST) + 1)]
            top = rows[-1] * (1 + max(0, worst - STEEPEST))
            cost = self.cp.new_int_var(0, top, "")
            for off in range(min(worst, STEEPEST)):
                slope = rows[off + 1] - rows[off]
                self.cp.add(cost >= slope * over + (rows[off] - slope * off))
            costs.append(cost)
        return sum(costs)

    def so_far_off(self, level: int) -> Expr:
        """How many accounts are at least so many duties beyond the tolerance."""
        marks = []
        for target, over in self.beyond.items():
            mark = self.cp.new_bool_var("")
            worst = self.targets.worst_possible(target)
            self.cp.add(over <= level - 1 + worst * mark)
            marks.append(mark)
        return sum(marks)

    @cached_property
    def wishes(self) -> Expr:
        """The weights of the wishes that are not met."""
        lost: list[Expr] = []
        for wish, worker, shifts in self.targets.wishes:
            if not wish.wants_duty:
                if shifts:
                    lost.append(wish.weight * self._touched(shifts, worker))
                continue
            missed = self.cp.new_bool_var("")
            self.cp.add(sum(self.x[number, worker] for number in shifts) + missed >= 1)
            lost.append(wish.weight * missed)
        return sum(lost)

    @cached_property
    def spacing(self) -> Expr:
        """Duties that begin too close to another of the same person."""
        close = []
        for record in self.targets.spacing:
            over = self.cp.new_int_var(0, sum(record.terms.values()), "")
            self._most(record, over)
            close.append(over)
        return sum(close)

    @cached_property
    def warnings(self) -> Expr:
        """Warnings of the working-time rules for those they do not bind."""
        marks: dict[object, cp_model.IntVar] = {}
        for record in self.targets.warnings:
            name = (record.worker, record.rule, record.key)
            if name not in marks:
                marks[name] = self.cp.new_bool_var("")
            self._keep(record, marks[name])
        return sum(marks.values())

    @cached_property
    def imbalance(self) -> Expr:
        """Hundredths of a duty away from the fair shares."""
        away = []
        for target in self.targets.all:
            held = HUNDREDTHS * self.held(target.worker, target.account)
            most = self.targets.most_hundredths(target)
            gap = self.cp.new_int_var(0, most, "")
            self.cp.add(held - target.hundredths <= gap)
            self.cp.add(target.hundredths - held <= gap)
            away.append(gap)
        return sum(away)

    def held(self, worker: int, account: Account) -> Expr:
        """How many duties of an account a person has in the period."""
        key = (worker, account)
        if key not in self._held:
            terms = self.targets.counts(worker, account)
            held = self.cp.new_int_var(0, sum(terms.values()), "")
            total = sum(
                count * self.x[number, worker] for number, count in terms.items()
            )
            self.cp.add(held == total)
            self._held[key] = held
        return self._held[key]

    @cached_property
    def _held(self) -> dict[tuple[int, Account], cp_model.IntVar]:
        return {}
