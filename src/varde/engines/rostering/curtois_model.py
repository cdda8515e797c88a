"""The CP-SAT model of one of Curtois' instances, for the search kernel."""

from collections.abc import Sequence
from itertools import pairwise

from ortools.sat.python import cp_model

from varde.engines.rostering.curtois import CurtoisInstance
from varde.engines.rostering.search import Problem, groups, scattered, spans


WEEK = 7  # days


def curtois_problem(instance: CurtoisInstance) -> Problem:
    """The model; its decisions are person by person, day by day, shift by shift."""
    model = cp_model.CpModel()
    people, days = range(len(instance.people)), range(instance.days)
    shifts = range(len(instance.shifts))
    x = [[[model.new_bool_var("") for s in shifts] for d in days] for p in people]
    for p in people:
        add_person(model, instance, p, x[p])
    model.minimize(_cost(model, instance, x))
    decisions = [x[p][d][s] for p in people for d in days for s in shifts]

    def place(p: int, d: int, s: int) -> int:
        return (p * len(days) + d) * len(shifts) + s

    by_day = [[place(p, d, s) for p in people for s in shifts] for d in days]
    by_person = [[place(p, d, s) for d in days for s in shifts] for p in people]
    return Problem(
        model=model,
        decisions=decisions,
        neighbourhoods=(
            spans("days", by_day),
            groups("persons", by_person),
            scattered("single", len(decisions)),
        ),
    )


def add_person(
    model: cp_model.CpModel,
    instance: CurtoisInstance,
    p: int,
    x: Sequence[Sequence[cp_model.IntVar]],
) -> None:
    """All rules of one person, whose days and shifts are `x`."""
    days = range(instance.days)
    works = [model.new_bool_var("") for d in days]
    _add_days(model, instance, p, x, works)
    _add_sums(model, instance, p, x, works)
    person = instance.people[p]
    for d in range(instance.days - person.most_in_row):
        model.add(sum(works[d : d + person.most_in_row + 1]) <= person.most_in_row)
    _no_short_run(model, works, person.least_in_row)
    _no_short_run(model, [~work for work in works], person.least_off_in_row)


def _add_days(
    model: cp_model.CpModel,
    instance: CurtoisInstance,
    p: int,
    x: Sequence[Sequence[cp_model.IntVar]],
    works: Sequence[cp_model.IntVar],
) -> None:
    """One shift a day, none on a day off, and what may follow what."""
    days = range(instance.days)
    for d in days:
        model.add_exactly_one(*x[d], ~works[d])
        if (p, d) in instance.days_off:
            model.add(works[d] == 0)
    for d, e in pairwise(days):
        for s, shift in enumerate(instance.shifts):
            if shift.not_before:
                model.add_at_most_one(x[d][s], *(x[e][t] for t in shift.not_before))


def _add_sums(
    model: cp_model.CpModel,
    instance: CurtoisInstance,
    p: int,
    x: Sequence[Sequence[cp_model.IntVar]],
    works: Sequence[cp_model.IntVar],
) -> None:
    """Shifts of each type, minutes and weekends of the whole horizon."""
    person, days = instance.people[p], range(instance.days)
    minutes = [shift.minutes for shift in instance.shifts]
    for s, most in enumerate(person.most_of):
        if most < instance.days:
            model.add(sum(x[d][s] for d in days) <= most)
    total = sum(minutes[s] * x[d][s] for d in days for s in range(len(minutes)))
    model.add_linear_constraint(total, person.least_minutes, person.most_minutes)
    weekends = [model.new_bool_var("") for _ in instance.weekends]
    for worked, weekend in zip(weekends, instance.weekends, strict=True):
        for d in weekend:
            model.add_implication(works[d], worked)
    model.add(sum(weekends) <= person.most_weekends)


def _no_short_run(
    model: cp_model.CpModel, on: Sequence[cp_model.LiteralT], least: int
) -> None:
    """A run that starts after the first day and ends before the last is long enough."""
    for length in range(1, least):
        for d in range(1, len(on) - length):
            inside = [~literal for literal in on[d : d + length]]
            model.add_bool_or([on[d - 1], *inside, on[d + length]])


def _cost(
    model: cp_model.CpModel,
    instance: CurtoisInstance,
    x: Sequence[Sequence[Sequence[cp_model.IntVar]]],
) -> cp_model.LinearExprT:
    terms: list[cp_model.LinearExprT] = [
        wish.weight * (1 - x[wish.person][wish.day][wish.shift])
        for wish in instance.wishes_on
    ]
    terms += [
        wish.weight * x[wish.person][wish.day][wish.shift]
        for wish in instance.wishes_off
    ]
    for cover in instance.cover:
        there = sum(days[cover.day][cover.shift] for days in x)
        under = model.new_int_var(0, cover.need, "")
        over = model.new_int_var(0, max(0, len(x) - cover.need), "")
        model.add(there + under - over == cover.need)
        terms += [cover.under * under, cover.over * over]
    return sum(terms)
