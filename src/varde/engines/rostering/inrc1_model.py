"""The CP-SAT model of an INRC-I instance, for the search kernel."""

from collections.abc import Sequence
from itertools import permutations, product

from ortools.sat.python import cp_model

from varde.engines.rostering.inrc1 import (
    ANY,
    NONE,
    Inrc1Instance,
    Limit,
    Nurse,
    Pattern,
    Step,
)
from varde.engines.rostering.inrc1_check import FOUR_WEEKS
from varde.engines.rostering.search import Problem, groups, scattered, spans


def inrc1_problem(instance: Inrc1Instance) -> Problem:
    """The model; its decisions are nurse by nurse, day by day, shift by shift."""
    model = cp_model.CpModel()
    days, shifts = range(instance.days), range(len(instance.shifts))
    people = range(len(instance.nurses))
    x = [[[model.new_bool_var("") for s in shifts] for d in days] for p in people]
    for d in days:
        for s in shifts:
            model.add(sum(x[p][d][s] for p in people) == instance.need[d][s])
    terms: list[cp_model.LinearExprT] = []
    free = []
    for p, nurse in enumerate(instance.nurses):
        one = _NurseModel(model, instance, nurse, x[p], terms)
        one.add()
        free.append(one.free)
    for request in instance.off:
        place = x[request.nurse][request.day]
        off = free[request.nurse][request.day]
        given = 1 - off if request.shift is None else place[request.shift]
        terms.append(request.weight * given)
    for request in instance.on:
        place = x[request.nurse][request.day]
        off = free[request.nurse][request.day]
        given = 1 - off if request.shift is None else place[request.shift]
        terms.append(request.weight * (1 - given))
    model.minimize(sum(terms))
    width = len(shifts)

    def place_of(p: int, d: int) -> range:
        first = (p * len(days) + d) * width
        return range(first, first + width)

    by_day = [[i for p in people for i in place_of(p, d)] for d in days]
    by_nurse = [[i for d in days for i in place_of(p, d)] for p in people]
    decisions = [x[p][d][s] for p in people for d in days for s in shifts]
    return Problem(
        model=model,
        decisions=decisions,
        neighbourhoods=(
            spans("days", by_day),
            groups("nurses", by_nurse),
            scattered("single", len(decisions)),
        ),
    )


class _NurseModel:
    """The rules of one nurse: what each step beyond costs goes to the terms."""

    def __init__(
        self,
        model: cp_model.CpModel,
        instance: Inrc1Instance,
        nurse: Nurse,
        x: Sequence[Sequence[cp_model.IntVar]],
        terms: list[cp_model.LinearExprT],
    ) -> None:
        self.model, self.instance, self.nurse = model, instance, nurse
        self.x, self.terms = x, terms
        self.free = [model.new_bool_var("") for _ in x]
        self.works = [~free for free in self.free]
        for day, free in zip(x, self.free, strict=True):
            model.add_exactly_one(*day, free)

    def add(self) -> None:
        rules = self.nurse.contract.rules
        self._sum(sum(self.works), rules["most_shifts"], rules["least_shifts"])
        self._most_in_row(self.works, rules["most_in_row"])
        self._least_in_row(self.works, rules["least_in_row"])
        self._most_in_row(self.free, rules["most_off_in_row"])
        self._least_in_row(self.free, rules["least_off_in_row"])
        self._weekends()
        self._after_night(rules["two_free_days_after_night"].weight)
        for s, shift in enumerate(self.instance.shifts):
            if not shift.skills <= self.nurse.skills:
                weight = rules["own_skill_only"].weight
                self.terms.extend(weight * day[s] for day in self.x)
        for pattern in self.nurse.contract.patterns:
            self._pattern(pattern)

    def _paid_if(self, literals: Sequence[cp_model.LiteralT], weight: int) -> None:
        """It costs when all of these are true."""
        if weight:
            broken = self.model.new_bool_var("")
            self.model.add_bool_or([*(~literal for literal in literals), broken])
            self.terms.append(weight * broken)

    def _sum(self, count: cp_model.LinearExprT, most: Limit, least: Limit) -> None:
        size = self.instance.days
        if most.weight:
            over = self.model.new_int_var(0, size, "")
            self.model.add(over >= count - most.limit)
            self.terms.append(most.weight * over)
        if least.weight:
            under = self.model.new_int_var(0, max(size, least.limit), "")
            self.model.add(under >= least.limit - count)
            self.terms.append(least.weight * under)

    def _most_in_row(self, on: Sequence[cp_model.LiteralT], most: Limit) -> None:
        """A run that is n too long holds n windows that are one too long."""
        for first in range(len(on) - most.limit):
            self._paid_if(on[first : first + most.limit + 1], most.weight)

    def _least_in_row(self, on: Sequence[cp_model.LiteralT], least: Limit) -> None:
        for length in range(1, least.limit):
            for first in range(len(on) - length + 1):
                inside = on[first : first + length]
                ends = [on[d] for d in (first - 1, first + length) if 0 <= d < len(on)]
                missing = least.limit - length
                self._paid_if(
                    [*inside, *(~end for end in ends)], least.weight * missing
                )

    def _weekends(self) -> None:
        rules = self.nurse.contract.rules
        weekends = self.instance.weekends(self.nurse.contract)
        worked = []
        for weekend in weekends:
            is_worked = self.model.new_bool_var("")
            days = [self.works[d] for d in weekend]
            self.model.add_max_equality(is_worked, days)
            worked.append(is_worked)
            self._one_weekend(weekend, is_worked)
        self._most_in_row(worked, rules["most_weekends_in_row"])
        self._least_in_row(worked, rules["least_weekends_in_row"])
        for first in range(max(1, len(worked) - FOUR_WEEKS + 1)):
            four = worked[first : first + FOUR_WEEKS]
            self._sum(sum(four), rules["most_weekends_in_four_weeks"], Limit(0))

    def _one_weekend(self, weekend: Sequence[int], is_worked: cp_model.IntVar) -> None:
        rules = self.nurse.contract.rules
        part = rules["whole_weekends"].weight
        if part and len(weekend) > 1:
            is_part = self.model.new_bool_var("")
            for d in weekend:
                self.model.add_bool_or([~is_worked, self.works[d], is_part])
            self.terms.append(part * is_part)
        same = rules["same_shift_in_weekend"].weight
        if same and len(weekend) > 1:
            differs = self.model.new_bool_var("")
            for (d, e), s in product(permutations(weekend, 2), range(len(self.x[0]))):
                self.model.add_bool_or(
                    [~self.x[d][s], self.free[e], self.x[e][s], differs]
                )
            self.terms.append(same * differs)
        before = weekend[0] - 1
        if before >= 0:
            weight = rules["no_night_before_free_weekend"].weight
            for night in self._nights(before):
                self._paid_if([night, ~is_worked], weight)

    def _nights(self, day: int) -> list[cp_model.IntVar]:
        """The night shifts of a day."""
        shifts = enumerate(self.instance.shifts)
        return [self.x[day][s] for s, shift in shifts if shift.is_night]

    def _after_night(self, weight: int) -> None:
        for d in range(self.instance.days - 1):
            other = [
                x
                for x, shift in zip(self.x[d + 1], self.instance.shifts, strict=True)
                if not shift.is_night
            ]
            for night in self._nights(d):
                for x in other:
                    self._paid_if([night, x], weight)
                if d + 2 < self.instance.days:
                    later = [night, self.free[d + 1], self.works[d + 2]]
                    self._paid_if(later, weight)

    def _pattern(self, pattern: Pattern) -> None:
        for first in range(self.instance.days - len(pattern.steps) + 1):
            literals = [
                self._literal(step, first + i) for i, step in enumerate(pattern.steps)
            ]
            known = [literal for literal in literals if literal is not None]
            if len(known) == len(literals):
                self._paid_if(known, pattern.weight)

    def _literal(self, step: Step, day: int) -> cp_model.LiteralT | None:
        """What is true when the step fits the day. None: it never does."""
        if step.weekday is not None and step.weekday != self.instance.weekday(day):
            return None
        if step.shift == NONE:
            return self.free[day]
        if step.shift == ANY:
            return self.works[day]
        return self.x[day][
            [shift.id for shift in self.instance.shifts].index(step.shift)
        ]
