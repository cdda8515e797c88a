"""A scenario as arrays, for the compiled calendar. Everything named becomes a number."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from varde.engines.simulation.scenario import (
    MINUTES_A_DAY,
    At,
    Fork,
    Kind,
    Person,
    Scenario,
    Spread,
    Step,
    ways,
)


type Ints = NDArray[np.int64]
type Floats = NDArray[np.float64]

QUARTERS_A_WEEK = 672
MOST_PEOPLE = 62  # the people are the bits of one whole number
MOST_STEPS = 62  # those that a contact came to are bits as well
MOST_SLOTS, MOST_NEEDS, MOST_JOINS = 1024, 3, 3  # room in the memory
STATION, PATIENT, ANYWHERE = 0, 1, 2
AT = {At.STATION: STATION, At.PATIENT: PATIENT, At.ANYWHERE: ANYWHERE}
FORKS = (Fork.NEXT, Fork.GIVES_UP, Fork.FULL)


class Tables(NamedTuple):
    """What does not change from run to run. A *slot* is a queue: step, class, station."""

    size: Ints  # steps, classes, places, people, slots
    clock: Floats  # horizon, minutes of a hand-over
    step_at: Ints
    step_waits: Ints
    step_travels: Ints
    step_look: Ints  # -1: none
    step_raised: Floats
    step_fixed: Floats
    step_limit: Floats  # [step, class]; infinite: none
    target: Floats  # [step, class], minutes; infinite: none
    is_doctor: Ints
    minute_row: Ints  # which row of the drawn numbers; -1: none
    patience_row: Ints
    route_row: Ints
    slot_of: Ints  # [step, class, place]; -1: the step needs nobody
    slot_step: Ints
    slot_class: Ints
    slot_priority: Ints
    slot_needs: Ints  # [slot, need]: who can, as bits
    slot_joins: Ints
    n_needs: Ints
    n_joins: Ints
    need_at: Ints  # [step, need]
    way_share: Floats  # [step, fork, class, station, period, way], cumulative
    way_to: Ints  # a step, or -1 - outcome
    way_count: Ints
    period_at: Ints  # of each quarter of the run's week
    travel: Floats  # [bad weather, from, to]
    tier: Ints
    base: Ints
    mates: Ints  # who can take over, as bits
    hands_over: Ints
    on_first: Ints  # who is on duty at minute 0, as bits
    on_duty: Floats  # [person], minutes within the run
    change_at: Floats  # ends with infinity
    change_who: Ints
    change_on: Ints


def travel_minutes(scenario: Scenario, *, is_bad: bool) -> Floats:
    """Shortest minutes between all places; infinite where no road leads."""
    count = len(scenario.places)
    minutes = np.full((count, count), np.inf)
    np.fill_diagonal(minutes, 0.0)
    for road in scenario.roads:
        length = road.minutes
        if is_bad:
            slow = length * scenario.weather.factor
            length = slow if road.bad_minutes is None else road.bad_minutes
        _lay(scenario, minutes, road.between, length)
    return _shortest(minutes)


def distance_km(scenario: Scenario) -> Floats:
    """Shortest kilometres between all places; infinite where no road leads."""
    count = len(scenario.places)
    km = np.full((count, count), np.inf)
    np.fill_diagonal(km, 0.0)
    for road in scenario.roads:
        _lay(scenario, km, road.between, road.km)
    return _shortest(km)


def _lay(
    scenario: Scenario, matrix: Floats, between: tuple[str, str], length: float
) -> None:
    a, b = (scenario.place_number(name) for name in between)
    matrix[a, b] = matrix[b, a] = min(float(matrix[a, b]), length)


def _shortest(matrix: Floats) -> Floats:
    for middle in range(len(matrix)):
        by_way = matrix[:, middle, None] + matrix[None, middle, :]
        np.minimum(matrix, by_way, out=matrix)
    return matrix


def duty_spans(person: Person, scenario: Scenario) -> list[tuple[float, float]]:
    """The minutes of the run that a person is on duty, in order, none touching another."""
    if not person.duty:
        return [(-np.inf, np.inf)]
    shift = scenario.start_hour * 60.0
    weeks = int(scenario.horizon_min / (7 * MINUTES_A_DAY)) + 2
    spans = sorted(
        (
            week * 7 * MINUTES_A_DAY + begins - shift,
            week * 7 * MINUTES_A_DAY + ends - shift,
        )
        for week in range(-2, weeks + 1)
        for hours in person.duty
        for begins, ends in hours.minutes()
    )
    merged = [spans[0]]
    for begins, ends in spans[1:]:
        if begins <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], ends))
        else:
            merged.append((begins, ends))
    return merged


def on_duty_min(person: Person, scenario: Scenario) -> float:
    """Minutes of the run that a person is on duty."""
    return sum(
        max(0.0, min(ends, scenario.horizon_min) - max(begins, 0.0))
        for begins, ends in duty_spans(person, scenario)
    )


def duty_changes(scenario: Scenario) -> list[tuple[float, int, int]]:
    """When somebody begins (0) or ends (1) a duty after minute 0, and who, in order.

    Those who begin come first, so that work can be handed over to them.
    """
    changes = []
    for number, person in enumerate(scenario.people):
        for begins, ends in duty_spans(person, scenario):
            if 0.0 < begins <= scenario.horizon_min:
                changes.append((begins, 0, number))
            if 0.0 < ends <= scenario.horizon_min:
                changes.append((ends, 1, number))
    return sorted(changes)


def on_duty_first(scenario: Scenario) -> list[int]:
    """Who is on duty at minute 0."""
    return [
        number
        for number, person in enumerate(scenario.people)
        if any(begins <= 0.0 < ends for begins, ends in duty_spans(person, scenario))
    ]


def can_fill(person: Person, role: str, *, where: int, station: str | None) -> bool:
    """May this person be used for a role there? At patients only those who have a car."""
    if role not in person.roles:
        return False
    if where == STATION:
        return person.base == station
    return where == ANYWHERE or person.has_car


def priority_of(step: Step, class_number: int) -> int:
    """The priority of a class in the queue of a step: as given, else its place."""
    return step.priority[class_number] if step.priority else class_number


def is_random(step: Step, scenario: Scenario) -> bool:
    """Does a number have to be drawn to know the way on from this step?"""
    if step.raised > 0.0 or any(s.look == step.name for s in scenario.steps):
        return True
    return any(
        len(ways(step, fork, class_name=c, station=scenario.places[s].name, period=p))
        > 1
        for fork in FORKS
        for c in scenario.classes
        for s in scenario.stations()
        for p in scenario.period_names()
    )


def make(scenario: Scenario) -> Tables:
    """The arrays of a scenario."""
    steps, people = scenario.steps, scenario.people
    base = [scenario.place_number(p.base) for p in people]
    slots = _slots(scenario)
    changes = duty_changes(scenario)
    share, goal, count = _ways(scenario)
    size = (len(steps), len(scenario.classes), len(scenario.places), len(people))
    return Tables(
        size=_ints([*size, len(slots)]),
        clock=_floats([scenario.horizon_min, scenario.hand_over_min]),
        step_at=_ints([AT[s.at] for s in steps]),
        step_waits=_ints([s.waits for s in steps]),
        step_travels=_ints([s.patient_travels for s in steps]),
        step_look=_ints([-1 if s.look is None else scenario.step_number(s.look) for s in steps]),
        step_raised=_floats([s.raised for s in steps]),
        step_fixed=_floats([s.minutes.mean if s.minutes.kind is Kind.FIXED else 0.0 for s in steps]),
        step_limit=_floats([s.limit_min or [np.inf] * len(scenario.classes) for s in steps]),
        target=_floats([s.target_min or [np.inf] * len(scenario.classes) for s in steps]),
        is_doctor=_ints([s.is_doctor for s in steps]),
        minute_row=_rows(scenario, "minutes"),
        patience_row=_rows(scenario, "patience"),
        route_row=_rows(scenario, "route"),
        slot_of=_slot_of(scenario, slots),
        slot_step=_ints([step for _, step, _, _ in slots]),
        slot_class=_ints([c for _, _, c, _ in slots]),
        slot_priority=_ints([priority for priority, _, _, _ in slots]),
        slot_needs=_who_can(scenario, slots, width=MOST_NEEDS, joins=False),
        slot_joins=_who_can(scenario, slots, width=MOST_JOINS, joins=True),
        n_needs=_ints([len(s.needs) + len(s.remote) for s in steps]),
        n_joins=_ints([len(s.joins) for s in steps]),
        need_at=_need_at(scenario, width=MOST_NEEDS),
        way_share=share,
        way_to=goal,
        way_count=count,
        period_at=_ints([scenario.period_at(15.0 * q) for q in range(QUARTERS_A_WEEK)]),
        travel=np.stack([travel_minutes(scenario, is_bad=bad) for bad in (False, True)]),
        tier=_ints([p.tier for p in people]),
        base=_ints(base),
        mates=_ints([_mates(scenario, number) for number in range(len(people))]),
        hands_over=_ints([p.hands_over for p in people]),
        on_first=_ints([sum(1 << number for number in on_duty_first(scenario))]),
        on_duty=_floats([on_duty_min(p, scenario) for p in people]),
        change_at=_floats([*(at for at, _, _ in changes), np.inf]),
        change_who=_ints([*(who for _, _, who in changes), -1]),
        change_on=_ints([*(1 - off for _, off, _ in changes), 0]),
    )  # fmt: skip


def _slots(scenario: Scenario) -> list[tuple[int, int, int, int]]:
    """Priority, step, class, station (-1: any), sorted."""
    stations = scenario.stations()
    return sorted(
        (priority_of(step, c), number, c, station)
        for number, step in enumerate(scenario.steps)
        if step.needs or step.remote
        for c in range(len(scenario.classes))
        for station in (stations if step.at is At.STATION else [-1])
    )


def _slot_of(scenario: Scenario, slots: list[tuple[int, int, int, int]]) -> Ints:
    shape = (len(scenario.steps), len(scenario.classes), len(scenario.places))
    found = np.full(shape, -1, dtype=np.int64)
    for number, (_, step, c, station) in enumerate(slots):
        if station < 0:
            found[step, c, :] = number
        else:
            found[step, c, station] = number
    return found


def _who_can(
    scenario: Scenario,
    slots: list[tuple[int, int, int, int]],
    *,
    width: int,
    joins: bool,
) -> Ints:
    found = np.zeros((len(slots), width), dtype=np.int64)
    for slot, (_, number, _, station) in enumerate(slots):
        step = scenario.steps[number]
        where = AT[step.at]
        roles = [(role, where) for role in (step.joins if joins else step.needs)]
        roles += [] if joins else [(role, ANYWHERE) for role in step.remote]
        here = None if station < 0 else scenario.places[station].name
        for need, (role, at) in enumerate(roles):
            found[slot, need] = sum(
                1 << u
                for u, person in enumerate(scenario.people)
                if can_fill(person, role, where=at, station=here)
            )
    return found


def _need_at(scenario: Scenario, *, width: int) -> Ints:
    found = np.full((len(scenario.steps), width), ANYWHERE, dtype=np.int64)
    for number, step in enumerate(scenario.steps):
        found[number, : len(step.needs)] = AT[step.at]
    return found


def _mates(scenario: Scenario, number: int) -> int:
    me = scenario.people[number]
    return sum(
        1 << u
        for u, other in enumerate(scenario.people)
        if u != number and other.base == me.base and set(me.roles) <= set(other.roles)
    )


def _ways(scenario: Scenario) -> tuple[Floats, Ints, Ints]:
    periods = scenario.period_names()
    shape = (
        len(scenario.steps),
        len(FORKS),
        len(scenario.classes),
        len(scenario.places),
        len(periods),
    )
    every = {
        (s, f, c, q, p): ways(
            step,
            fork,
            class_name=class_name,
            station=scenario.places[q].name,
            period=period,
        )
        for s, step in enumerate(scenario.steps)
        for f, fork in enumerate(FORKS)
        for c, class_name in enumerate(scenario.classes)
        for q in scenario.stations()
        for p, period in enumerate(periods)
    }
    most = max(len(here) for here in every.values())
    share = np.ones((*shape, most))
    goal = np.zeros((*shape, most), dtype=np.int64)
    count = np.zeros(shape, dtype=np.int64)
    for where, here in every.items():
        count[where] = len(here)
        for k, (total, to) in enumerate(here):
            share[(*where, k)] = total
            goal[(*where, k)] = goal_number(scenario, to)
    return share, goal, count


def goal_number(scenario: Scenario, to: str) -> int:
    """A step by its number, an outcome as -1 minus its number."""
    if to in scenario.outcomes:
        return -1 - scenario.outcomes.index(to)
    return scenario.step_number(to)


def activities(scenario: Scenario) -> list[tuple[str, Spread]]:
    """What numbers are drawn for, and how they are spread: the rows, in order."""
    found = [(f"minutes/{s.name}", s.minutes) for s in scenario.steps if s.minutes.kind is not Kind.FIXED]  # fmt: skip
    found += [(f"patience/{s.name}", s.patience) for s in scenario.steps if s.patience]
    chance = Spread(kind=Kind.UNIFORM, high=1.0)
    found += [
        (f"route/{s.name}", chance) for s in scenario.steps if is_random(s, scenario)
    ]
    return found


def _rows(scenario: Scenario, prefix: str) -> Ints:
    """The row of each step's numbers; -1: none are drawn."""
    row_of = {name: row for row, (name, _) in enumerate(activities(scenario))}
    return _ints([row_of.get(f"{prefix}/{s.name}", -1) for s in scenario.steps])


def _ints(values: object) -> Ints:
    return np.array(values, dtype=np.int64)


def _floats(values: object) -> Floats:
    return np.array(values, dtype=np.float64)
