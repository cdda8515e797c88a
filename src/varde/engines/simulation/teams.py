"""Who is free and near, who is held by a step, and changes of duty: a part of the calendar."""

import math

from varde.engines.simulation.agenda import END, plan
from varde.engines.simulation.lines import contact_of
from varde.engines.simulation.machine import inlined, lowest_bit
from varde.engines.simulation.memory import (
    BASE,
    BUSY,
    FREE,
    HAND_OVER,
    HANDS_OVER,
    HELD,
    HOLDER,
    HOME,
    INSIDE,
    IS_BAD,
    LEFT_AT,
    LOG,
    MATES,
    N_NEEDS,
    NEED_AT,
    ON_DUTY,
    PLACE,
    PLACES,
    ROW,
    SINCE,
    SLOT_NEEDS,
    SLOT_STEP,
    STEP,
    STEP_AT,
    TIER,
    TIMES,
    TRAVEL,
    TURN,
    WHERE,
    WIDTH,
)
from varde.engines.simulation.tables import (
    MOST_NEEDS,
    PATIENT,
    STATION,
    Floats,
    Ints,
)


@inlined
def travel(n: Ints, x: Floats, here: int, there: int, now: float) -> float:
    """Minutes from a place to another in the weather of the day."""
    bad = n[n[IS_BAD] + int(now / 1440.0)]
    return x[n[TRAVEL] + (bad * n[PLACES] + here) * n[PLACES] + there]


@inlined
def _reach(n: Ints, x: Floats, person: int, place: int, now: float) -> float:
    """Minutes until a person is at a place; who drives home may turn or drive on."""
    home, here = n[BASE + person], n[WHERE + person]
    if here == home:
        return 0.0 if place == home else travel(n, x, home, place, now)
    spent = now - x[LEFT_AT + person]
    left = travel(n, x, here, home, now) - spent
    if left <= 0.0:
        return travel(n, x, home, place, now)
    turned = spent + travel(n, x, here, place, now)
    return min(turned, left + travel(n, x, home, place, now))


@inlined
def goal_of(n: Ints, contact: int, goes: int) -> int:
    """The place where those who are needed go; -1: they may be anywhere."""
    if goes == STATION:
        return n[HOME + WIDTH * contact]
    return n[PLACE + WIDTH * contact] if goes == PATIENT else -1


@inlined
def nearest(n: Ints, x: Floats, who: int, place: int, now: float) -> tuple[int, float]:
    """The free one of the lowest tier who is there first, and the minutes; -1: none."""
    best, best_tier, best_min = -1, 0, 0.0
    while who != 0:
        person = lowest_bit(who)
        who &= who - 1
        minutes = 0.0 if place < 0 else _reach(n, x, person, place, now)
        tier = n[TIER + person]
        if best < 0 or tier < best_tier or (tier == best_tier and minutes < best_min):
            best, best_tier, best_min = person, tier, minutes
    return best, best_min


@inlined
def team_for(
    n: Ints, x: Floats, entity: int, slot: int, now: float
) -> tuple[int, float, float]:
    """The people a step would get now, as bits (0: it cannot begin), and their way."""
    step = n[SLOT_STEP + slot]
    contact = contact_of(n, entity)
    free, team, slowest, fastest = n[FREE], 0, 0.0, math.inf
    for need in range(n[N_NEEDS + step]):
        who = free & n[SLOT_NEEDS + slot * MOST_NEEDS + need]
        if who == 0:
            return 0, 0.0, 0.0
        place = goal_of(n, contact, n[NEED_AT + step * MOST_NEEDS + need])
        person, minutes = nearest(n, x, who, place, now)
        team |= 1 << person
        free &= ~(1 << person)
        slowest, fastest = max(slowest, minutes), min(fastest, minutes)
    return team, slowest, fastest


@inlined
def hold(n: Ints, x: Floats, entity: int, team: int, now: float) -> None:
    """The people of a team, as bits, are now with a contact."""
    n[HELD + WIDTH * entity] = team
    n[FREE] &= ~team
    while team != 0:
        person = lowest_bit(team)
        team &= team - 1
        n[HOLDER + person], x[SINCE + person] = entity, now


@inlined
def release(n: Ints, x: Floats, entity: int, now: float) -> None:
    """Those who were held are free, or go home; who was out is where the patient is."""
    step, team = n[STEP + WIDTH * entity], n[HELD + WIDTH * entity]
    n[FREE] |= team & n[ON_DUTY]
    is_out = n[STEP_AT + step] == PATIENT
    while team != 0:
        person = lowest_bit(team)
        team &= team - 1
        x[BUSY + person] += now - x[SINCE + person]
        n[HOLDER + person] = -1
        if is_out:
            n[WHERE + person] = n[PLACE + WIDTH * contact_of(n, entity)]
            x[LEFT_AT + person] = now
    n[INSIDE + step] -= 1
    n[TURN + WIDTH * entity] += 1


@inlined
def change_duty(n: Ints, x: Floats, person: int, is_on: int, now: float) -> None:
    """A duty begins or ends. Unfinished work is handed over, if that is done."""
    bit = 1 << person
    entity = n[HOLDER + person]
    if is_on:
        n[ON_DUTY] |= bit
        if entity < 0:
            n[FREE] |= bit
        return
    n[ON_DUTY] &= ~bit
    n[FREE] &= ~bit
    if entity < 0 or not n[HANDS_OVER + person]:
        return
    if n[STEP_AT + n[STEP + WIDTH * entity]] == PATIENT:
        return
    taker, _ = nearest(n, x, n[FREE] & n[MATES + person], -1, now)
    if taker >= 0:
        _hand_over(n, x, entity, person, taker, now)


@inlined
def _hand_over(
    n: Ints, x: Floats, entity: int, person: int, taker: int, now: float
) -> None:
    x[BUSY + person] += now - x[SINCE + person]
    n[HOLDER + person] = -1
    n[HOLDER + taker], x[SINCE + taker] = entity, now
    n[FREE] &= ~(1 << taker)
    n[HELD + WIDTH * entity] &= ~(1 << person)
    n[HELD + WIDTH * entity] |= 1 << taker
    row = n[ROW + WIDTH * entity]
    n[n[LOG] + 6 * row + 4] |= 1 << taker
    end = n[TIMES] + 4 * row + 3
    x[end] += x[HAND_OVER]
    n[TURN + WIDTH * entity] += 1
    plan(n, x, x[end], END, entity)
