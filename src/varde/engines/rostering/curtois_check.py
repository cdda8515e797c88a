"""Independent checker of Curtois' instances: which rules a roster breaks, what it costs.

Plain Python, written from the published rules and not from the model: what the solver
says of its own roster counts for nothing until this page agrees.

Rules (all hard):
 - a person has at most one shift a day (by the form of a roster), of a known type;
 - a shift that cannot follow the one of the day before does not;
 - at most so many shifts of each type, minutes between two limits;
 - at most so many days of work in a row; at least so many, and at least so many days off
   in a row, where a run that touches the first or the last day is never too short;
 - at most so many weekends with work on Saturday or Sunday;
 - no work on a day off.
The objective: the weights of wishes for a shift not met, of shifts wished away and
given, and of each person too few or too many on a day's shift.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from varde.engines.rostering.curtois import CurtoisInstance, Person
from varde.engines.rostering.roster_values import FREE


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule: its name, whose, and the first day of it (None: the whole)."""

    rule: str
    person: str
    day: int | None = None


def curtois_violations(
    instance: CurtoisInstance, roster: Sequence[Sequence[str]]
) -> tuple[Violation, ...]:
    """Every broken rule. `roster[person][day]` is a shift's ID, or "" when free."""
    known = {shift.id: place for place, shift in enumerate(instance.shifts)}
    if len(roster) != len(instance.people):
        return (Violation("one_line_for_each_person", ""),)
    found: list[Violation] = []
    for place, (person, days) in enumerate(zip(instance.people, roster, strict=True)):
        if len(days) != instance.days:
            found.append(Violation("one_field_for_each_day", person.id))
        elif not set(days) <= {*known, FREE}:
            strange = next(d for d, s in enumerate(days) if s not in {*known, FREE})
            found.append(Violation("known_shift", person.id, strange))
        else:
            shifts = [known.get(shift) for shift in days]
            found += _person_violations(instance, place, shifts)
    return tuple(found)


def _person_violations(
    instance: CurtoisInstance, place: int, shifts: Sequence[int | None]
) -> Iterator[Violation]:
    person = instance.people[place]
    for day, shift in enumerate(shifts):
        if shift is not None and (place, day) in instance.days_off:
            yield Violation("day_off_is_kept", person.id, day)
        before = shifts[day - 1] if day else None
        if before is not None and shift in instance.shifts[before].not_before:
            yield Violation("shift_may_follow", person.id, day)
    yield from _sum_violations(instance, person, shifts)
    yield from _run_violations(person, shifts)


def _sum_violations(
    instance: CurtoisInstance, person: Person, shifts: Sequence[int | None]
) -> Iterator[Violation]:
    for shift, most in enumerate(person.most_of):
        if shifts.count(shift) > most:
            yield Violation("at_most_of_a_shift", person.id)
    minutes = sum(instance.shifts[s].minutes for s in shifts if s is not None)
    if minutes > person.most_minutes:
        yield Violation("at_most_minutes", person.id)
    if minutes < person.least_minutes:
        yield Violation("at_least_minutes", person.id)
    worked = sum(
        any(shifts[day] is not None for day in weekend) for weekend in instance.weekends
    )
    if worked > person.most_weekends:
        yield Violation("at_most_weekends", person.id)


def _run_violations(
    person: Person, shifts: Sequence[int | None]
) -> Iterator[Violation]:
    first = 0
    for is_work, run in groupby(shifts, lambda shift: shift is not None):
        length = len(list(run))
        touches_an_end = first == 0 or first + length == len(shifts)
        if is_work and length > person.most_in_row:
            yield Violation("at_most_in_row", person.id, first)
        if is_work and length < person.least_in_row and not touches_an_end:
            yield Violation("at_least_in_row", person.id, first)
        if not is_work and length < person.least_off_in_row and not touches_an_end:
            yield Violation("at_least_off_in_row", person.id, first)
        first += length


def curtois_objective(
    instance: CurtoisInstance, roster: Sequence[Sequence[str]]
) -> int:
    """What a roster costs. It need not be allowed, only have the right form."""
    names = [shift.id for shift in instance.shifts]
    cost = 0
    for wish in instance.wishes_on:
        if roster[wish.person][wish.day] != names[wish.shift]:
            cost += wish.weight
    for wish in instance.wishes_off:
        if roster[wish.person][wish.day] == names[wish.shift]:
            cost += wish.weight
    for cover in instance.cover:
        there = sum(days[cover.day] == names[cover.shift] for days in roster)
        cost += cover.under * max(0, cover.need - there)
        cost += cover.over * max(0, there - cover.need)
    return cost
