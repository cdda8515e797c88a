"""From shares of schedules to a roster: dives, and one person's best answer to the rest.

A dive decides, again and again, the day of a person that the linear program is most sure
of among those it is not wholly sure of, and generates columns that fit. Days and not
whole schedules are decided, so that all persons find their place together.
"""

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Final

import numpy as np

from varde.engines.rostering.columns import (
    FAR,
    Array,
    Column,
    Costs,
    LostFooting,
    Master,
    Plan,
    generate,
)
from varde.engines.rostering.schedules import OFF


WHOLE: Final = 1 - 1e-6  # a share that is one
LIKELY: Final = 0.8  # a share that is decided at once
DOUBTFUL: Final = 0.5  # a share that is decided alone only
AT_A_TIME: Final = 0.25  # of the persons with an open day, one day each
NOISE: Final = 0.05
FIRST_ROUNDS: Final = 30  # of column generation before the first decision
ROUNDS: Final = 4  # and after each
MANY_ROUNDS: Final = 200  # when nothing better has come, and something may
GAP: Final = 0.05
HALF: Final = 0.5  # costs are whole: less than this apart is the same


def dive(
    costs: Costs,
    *,
    people: Sequence[int],
    others: Sequence[Plan],
    columns: Sequence[Column],
    decided: Mapping[tuple[int, int], int],
    less_than: float,
    draw: Random,
    is_over: Callable[[], bool],
) -> dict[int, Plan] | None:
    """A schedule for each of these persons beside the others' plans.

    `decided` are shifts (or OFF) that stand, by person and day. None when the dive came
    to nothing: no schedule is left for somebody, or it can no longer cost less than
    `less_than` (these persons' wishes and all cover).
    """
    master = Master(costs, people, costs.need - costs.there(others))
    for column in columns:
        master.add(column)
    for (person, day), shift in decided.items():
        master.decide(person, day, shift)
    rounds = FIRST_ROUNDS
    try:
        while True:
            relaxed = generate(master, is_over=is_over, rounds=rounds, gap=GAP)
            if relaxed.bound > less_than - HALF or relaxed.value >= FAR or is_over():
                return None
            shares = _day_shares(master)
            if shares.max(axis=2).min() < WHOLE:
                _decide_some(master, shares, draw)
                rounds = ROUNDS
            elif relaxed.value <= less_than - HALF:
                return _plans(master, shares)
            elif rounds == MANY_ROUNDS:
                return None
            else:  # what there was already, since too little has been generated
                rounds = MANY_ROUNDS
    except LostFooting:
        return None


def _day_shares(master: Master) -> Array:
    """How much each person has each shift, or at last OFF, on each day."""
    rules = master.costs.rules
    index = {p: i for i, p in enumerate(master.people)}
    shares = np.zeros((len(index), rules.days, len(rules.length) + 1))
    days = np.arange(rules.days)
    for column, share in zip(master.columns, master.shares, strict=False):
        if share > 0:
            shares[index[column.person], days, column.plan] += share
    return shares


def _plans(master: Master, shares: Array) -> dict[int, Plan]:
    chosen = shares.argmax(axis=2).astype(np.int16)
    chosen[chosen == shares.shape[2] - 1] = OFF
    return {p: chosen[i] for i, p in enumerate(master.people)}


def _decide_some(master: Master, shares: Array, draw: Random) -> None:
    """Decide one day of some persons: what has the largest share and is not whole."""
    top = shares.max(axis=2)
    noise = np.array([draw.uniform(0, NOISE) for _ in range(top.size)])
    drawn = np.where(top < WHOLE, top + noise.reshape(top.shape), -1.0)
    day, value = drawn.argmax(axis=1), drawn.max(axis=1)
    order = [int(i) for i in np.argsort(-value) if value[i] > 0]
    count = max(1, round(AT_A_TIME * len(order)))
    for place, i in enumerate(order):
        if place > 0 and (
            value[i] < DOUBTFUL or (place >= count and value[i] < LIKELY)
        ):
            break
        shift = int(shares[i, day[i]].argmax())
        is_off = shift == shares.shape[2] - 1
        master.decide(master.people[i], int(day[i]), OFF if is_off else shift)


def descend(
    costs: Costs,
    plans: list[Plan],
    *,
    order: Sequence[int],
    is_over: Callable[[], bool],
) -> float:
    """Give each person in turn the best schedule beside the others', until none gains.

    Changes `plans`, and gives what they cost then.
    """
    there = costs.there(plans)
    waiting = list(order)
    while waiting and not is_over():
        person = waiting.pop(0)
        old = costs.column(person, plans[person])
        with_old = costs.of_cover(there)
        there -= costs.there([old.plan])
        marginal = np.where(there < costs.need, -costs.under, costs.over)
        found = costs.cheapest_allowed([person], (costs.wish[person] + marginal)[None])
        if np.isfinite(found.cost[0]):
            new = costs.column(person, found.plans[0])
            with_new = costs.of_cover(there + costs.there([new.plan]))
            if new.cost + with_new < old.cost + with_old - HALF:
                plans[person] = new.plan
                waiting = [p for p in order if p != person]
        there += costs.there([plans[person]])
    return costs.of_roster(plans)


def one_by_one(
    costs: Costs, *, order: Sequence[int], is_over: Callable[[], bool]
) -> list[Plan] | None:
    """A first roster: each person in turn takes the best schedule beside those before.

    None when somebody has no schedule, or time is over.
    """
    there = np.zeros_like(costs.need)
    plans: dict[int, Plan] = {}
    for person in order:
        if is_over():
            return None
        marginal = np.where(there < costs.need, -costs.under, costs.over)
        found = costs.cheapest_allowed([person], (costs.wish[person] + marginal)[None])
        if not np.isfinite(found.cost[0]):
            return None
        plans[person] = found.plans[0]
        there += costs.there([plans[person]])
    return [plans[p] for p in range(len(plans))]
