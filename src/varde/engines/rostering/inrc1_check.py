"""Independent checker of INRC-I: is a roster allowed, and what does it cost?

Plain Python, written from the competition's rules and not from the model. Hard are the
cover, met exactly, and one shift a day (by the form of a roster). All else has a price
for each step beyond:
 - shifts in the period; days of work, free days and weekends of work in a row, where the
   period is all there is: a run counts in its length, also at the first and last day;
 - weekends of work in any four weeks in a row; weekends worked in part; two kinds of
   shift in one weekend; a night shift before a free weekend; other work within two days
   after a night shift;
 - shifts without the skill they take, unwanted patterns, and requests not met.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from varde.engines.rostering.inrc1 import ANY, NONE, Inrc1Instance, Limit, Nurse, Step
from varde.engines.rostering.roster_values import FREE


FOUR_WEEKS = 4


def inrc1_violations(
    instance: Inrc1Instance, roster: Sequence[Sequence[str]]
) -> tuple[str, ...]:
    """What makes a roster impossible, a sentence each. `roster[nurse][day]`: "" is free."""
    if [len(days) for days in roster] != [instance.days] * len(instance.nurses):
        return ("The roster has not one line for each nurse with each day.",)
    ids = [shift.id for shift in instance.shifts]
    found = [
        f"Nurse {nurse.id} has {shift!r} on day {day}, which is no shift."
        for nurse, days in zip(instance.nurses, roster, strict=True)
        for day, shift in enumerate(days)
        if shift != FREE and shift not in ids
    ]
    for day, needs in enumerate(instance.need):
        for id, need in zip(ids, needs, strict=True):
            there = sum(days[day] == id for days in roster)
            if there != need:
                found.append(f"Day {day} has {there} of {id}, and {need} are needed.")
    return tuple(found)


def inrc1_costs(
    instance: Inrc1Instance, roster: Sequence[Sequence[str]]
) -> dict[str, int]:
    """What a roster of the right form costs, by rule."""
    costs: dict[str, int] = {}
    for place, nurse in enumerate(instance.nurses):
        for rule, cost in _nurse_costs(instance, nurse, roster[place]):
            costs[rule] = costs.get(rule, 0) + cost
    ids = [shift.id for shift in instance.shifts]
    for request in instance.off:
        given = roster[request.nurse][request.day]
        asked = [given] if request.shift is None else [ids[request.shift]]
        if given != FREE and given in asked:
            costs["off"] = costs.get("off", 0) + request.weight
    for request in instance.on:
        given = roster[request.nurse][request.day]
        is_met = given != FREE if request.shift is None else given == ids[request.shift]
        if not is_met:
            costs["on"] = costs.get("on", 0) + request.weight
    return costs


def inrc1_objective(instance: Inrc1Instance, roster: Sequence[Sequence[str]]) -> int:
    """What a roster costs in all."""
    return sum(inrc1_costs(instance, roster).values())


def _nurse_costs(
    instance: Inrc1Instance, nurse: Nurse, days: Sequence[str]
) -> Iterator[tuple[str, int]]:
    rules = nurse.contract.rules
    works = [shift != FREE for shift in days]
    yield from _beyond(
        "shifts", sum(works), rules["most_shifts"], rules["least_shifts"]
    )
    for run in _runs(works, of=True):
        yield from _beyond("in_row", run, rules["most_in_row"], rules["least_in_row"])
    for run in _runs(works, of=False):
        yield from _beyond(
            "off_in_row", run, rules["most_off_in_row"], rules["least_off_in_row"]
        )
    yield from _weekend_costs(instance, nurse, days)
    yield from _skill_costs(instance, nurse, days)
    nights = {shift.id for shift in instance.shifts if shift.is_night}
    for night, *after in zip(days, days[1:], [*days[2:], FREE], strict=False):
        if night in nights and _other_work(after, nights):
            yield "after_night", rules["two_free_days_after_night"].weight
    for pattern in nurse.contract.patterns:
        last = instance.days - len(pattern.steps)
        for first in range(last + 1):
            if all(
                _fits(instance, step, first + i, days)
                for i, step in enumerate(pattern.steps)
            ):
                yield "pattern", pattern.weight


def _other_work(after: Sequence[str], nights: set[str]) -> bool:
    """Work on the day after a night that is no night, or on the second day when free."""
    first, second = after
    return (first or second) != FREE and first not in nights


def _beyond(
    rule: str, count: int, most: Limit, least: Limit
) -> Iterator[tuple[str, int]]:
    yield f"most_{rule}", most.weight * max(0, count - most.limit)
    yield f"least_{rule}", least.weight * max(0, least.limit - count)


def _runs(sequence: Sequence[bool], *, of: bool) -> list[int]:
    return [len(list(run)) for value, run in groupby(sequence) if value == of]


def _weekend_costs(
    instance: Inrc1Instance, nurse: Nurse, days: Sequence[str]
) -> Iterator[tuple[str, int]]:
    rules, weekends = nurse.contract.rules, instance.weekends(nurse.contract)
    nights = {shift.id for shift in instance.shifts if shift.is_night}
    worked = [any(days[day] != FREE for day in weekend) for weekend in weekends]
    for run in _runs(worked, of=True):
        yield from _beyond(
            "weekends_in_row",
            run,
            rules["most_weekends_in_row"],
            rules["least_weekends_in_row"],
        )
    most = rules["most_weekends_in_four_weeks"]
    for first in range(max(1, len(worked) - FOUR_WEEKS + 1)):
        count = sum(worked[first : first + FOUR_WEEKS])
        yield "weekends_in_four_weeks", most.weight * max(0, count - most.limit)
    for weekend, is_worked in zip(weekends, worked, strict=True):
        given = [days[day] for day in weekend if days[day] != FREE]
        if 0 < len(given) < len(weekend):
            yield "whole_weekends", rules["whole_weekends"].weight
        if len(set(given)) > 1:
            yield "same_shift_in_weekend", rules["same_shift_in_weekend"].weight
        before = weekend[0] - 1
        if not is_worked and before >= 0 and days[before] in nights:
            yield "night_before_weekend", rules["no_night_before_free_weekend"].weight


def _skill_costs(
    instance: Inrc1Instance, nurse: Nurse, days: Sequence[str]
) -> Iterator[tuple[str, int]]:
    weight = nurse.contract.rules["own_skill_only"].weight
    for shift in instance.shifts:
        if not shift.skills <= nurse.skills:
            yield "own_skill_only", weight * list(days).count(shift.id)


def _fits(instance: Inrc1Instance, step: Step, day: int, days: Sequence[str]) -> bool:
    if step.weekday is not None and step.weekday != instance.weekday(day):
        return False
    if step.shift == ANY:
        return days[day] != FREE
    return days[day] == (FREE if step.shift == NONE else step.shift)
