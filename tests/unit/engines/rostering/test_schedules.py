"""The cheapest schedules, against trying every one."""

from itertools import product
from random import Random

import numpy as np
import pytest

from tests.unit.engines.rostering.tiny import curtois
from varde.engines.rostering import schedules
from varde.engines.rostering.curtois_check import curtois_violations
from varde.engines.rostering.schedules import OFF, Schedules


DAYS = 7


def instance(draw, *, third):
    """Two persons, two or three shifts, limits and lengths drawn at random."""
    limits = [
        f"{id},E=7|N=7,{draw.choice([1800, 2400, 3600])},"
        f"{draw.choice([0, 480, 960, 1500])},{draw.randint(2, 4)},{draw.randint(1, 3)},"
        f"{draw.randint(0, 3)},{draw.randint(0, 2)}\n"
        for id in "AB"
    ]
    return curtois(
        f"SECTION_HORIZON\n{DAYS}\nSECTION_SHIFTS\nE,480,\nN,{draw.choice([480, 600])},"
        f"{draw.choice(['E', 'E|N', ''])}\n{third}"
        f"SECTION_STAFF\n{''.join(limits)}SECTION_DAYS_OFF\nA,{draw.randrange(DAYS)}\n"
        "SECTION_SHIFT_ON_REQUESTS\nSECTION_SHIFT_OFF_REQUESTS\nSECTION_COVER\n"
    )


def every_plan(instance, person):
    """All schedules of a person that the independent checker allows."""
    ids = [shift.id for shift in instance.shifts]
    for plan in product([OFF, *range(len(ids))], repeat=instance.days):
        roster = [[""] * instance.days for _ in instance.people]
        roster[person] = ["" if s == OFF else ids[s] for s in plan]
        name = instance.people[person].id
        if all(v.person != name for v in curtois_violations(instance, roster)):
            yield plan


def cost_of(plan, cost, rest):
    return sum(rest[d] if s == OFF else cost[d, s] for d, s in enumerate(plan))


@pytest.mark.parametrize("seed", range(4))
def test_the_cheapest_is_the_cheapest_of_all(seed, monkeypatch):
    if seed % 2:
        monkeypatch.setattr(schedules, "MOST_BYTES", 1)  # one person at a time
    draw = Random(seed)
    third = "S,7200,E|N\n" if seed == 1 else "S,240,N\n" if seed == 3 else ""
    one = instance(draw, third=third)
    shifts = len(one.shifts)
    rules = Schedules(one)
    cost = np.array(
        [draw.randint(-64, 64) / 4 for _ in range(2 * DAYS * shifts)], np.float32
    ).reshape(2, DAYS, shifts)
    rest = np.zeros((2, DAYS), np.float32)
    rest[0, draw.randrange(1, DAYS)] = np.inf if seed > 1 else 5
    found = rules.cheapest([0, 1], cost, rest)
    through = rules.through([1], cost[1:])
    for person in (0, 1):
        plans = list(every_plan(one, person))
        costs = [cost_of(plan, cost[person], rest[person]) for plan in plans]
        least = min(costs, default=np.inf)
        assert found.cost[person] == least
        if np.isfinite(least):
            chosen = tuple(found.plans[person].tolist())
            assert chosen in plans
            assert cost_of(chosen, cost[person], rest[person]) == least
    for day, shift in product(range(DAYS), range(-1, shifts)):
        with_it = [c for p, c in zip(plans, costs, strict=True) if p[day] == shift]
        assert through[0, day, shift] == min(with_it, default=np.inf)
