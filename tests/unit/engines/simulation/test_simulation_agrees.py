"""Two engines, written apart, give the same answer to the last digit."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.engines.simulation.random_scenarios import scenarios
from varde.engines.simulation import draws, engines, kernel, memory, tables
from varde.engines.simulation.memory import Run
from varde.engines.simulation.scenario_file import read


def differences(one: Run, other: Run):
    """The parts of the answer that are not the same."""
    return [
        name
        for name in Run._fields
        if not np.array_equal(getattr(one, name), getattr(other, name))
    ]


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(scenario=scenarios(), seed=st.integers(0, 1000))
def test_the_kernel_and_the_calendar_agree_compiled_or_not(scenario, seed):
    made = tables.make(scenario)
    calendar = engines.Calendar(made)
    for number in (1, 0):  # the second run is in the memory of the first
        drawn = draws.make(scenario, made, draws.Numbers(seed=seed, replication=number))
        slow = kernel.run(scenario, drawn)
        assert not differences(slow, calendar.run(drawn))
    assert not differences(slow, calendar.run(drawn, is_compiled=False))
    # Whoever came is out or in the system, and is in one place only.
    contacts = len(drawn.contacts)
    inside = slow.outcome == -1
    assert np.array_equal(inside, ~(slow.gone_at <= scenario.horizon_min))
    own = slow.rows[:, 0] < contacts
    last = {int(e): i for i, e in enumerate(slow.rows[:, 0]) if own[i]}
    for contact in np.flatnonzero(inside):
        row = last[int(contact)]
        is_waiting = slow.rows[row, 1] == kernel.STILL_WAITS
        assert is_waiting or slow.times[row, 3] >= scenario.horizon_min
    # Little: the area under each queue is the time that was waited in it.
    waited = np.bincount(
        slow.rows[:, 2],
        weights=slow.times[:, 1] - slow.times[:, 0],
        minlength=len(scenario.steps),
    )
    called_off = {s.look for s in scenario.steps if s.look}  # a look may wait in vain
    for number, step in enumerate(scenario.steps):
        if step.name not in called_off:
            assert np.isclose(slow.queue_area[number], waited[number])


MANY = """
format = 1
name = "many"
title = "Many who are away at the same time"
days = 0.4
classes = ["all"]
outcomes = ["home"]
[[places]]
name = "here"
[[streams]]
name = "walkers"
first = "walk"
shares = {{ all = 1 }}
per_hour = 120
[[steps]]
name = "walk"
minutes = {minutes}
next = [{{ to = "walk", share = 0.3 }}, {{ to = "home", share = 0.7 }}]
"""


@pytest.mark.parametrize(
    "minutes",
    [
        '{ kind = "uniform", low = 1, high = 480 }',
        '{ kind = "observed", values = [0.1, 0.2, 0.3, 30, 90, 900] }',
        "90",
    ],
)
def test_they_agree_with_hundreds_of_events_to_come(minutes):
    scenario = read(MANY.format(minutes=minutes), filename="many.toml")
    made = tables.make(scenario)
    drawn = draws.make(scenario, made, draws.Numbers(seed=5, replication=0))
    slow = kernel.run(scenario, drawn)
    under_way = (slow.times[:, 1] <= 200) & (slow.times[:, 3] > 200)
    assert under_way.sum() > 2 * memory.NEAR_ROOM
    assert not differences(slow, engines.run_calendar(made, drawn))
    assert not differences(slow, engines.run_calendar(made, drawn, is_compiled=False))


LINES = """
format = 1
name = "lines"
title = "Forty lines before two people"
days = 1
classes = [{classes}]
outcomes = ["home"]
[[places]]
name = "here"
[[streams]]
name = "door"
first = "first"
shares = {{ {shares} }}
per_hour = 6
[[people]]
name = "nurse"
roles = ["nurse"]
duty = [{{ from = 6, to = 8 }}, {{ from = 9, to = 24 }}]
[[people]]
name = "doctor"
roles = ["doctor"]
[[steps]]
name = "first"
minutes = 9
needs = ["nurse"]
next = [{{ to = "second" }}]
[[steps]]
name = "second"
minutes = {{ kind = "exponential", mean = 11 }}
needs = ["doctor"]
next = [{{ to = "home" }}]
"""


def test_they_agree_with_more_lines_than_one_word_has_bits():
    names = [f"c{number}" for number in range(20)]
    text = LINES.format(
        classes=", ".join(f'"{name}"' for name in names),
        shares=", ".join(f"{name} = 0.05" for name in names),
    )
    scenario = read(text, filename="lines.toml")
    made = tables.make(scenario)
    assert made.size[-1] == 40
    drawn = draws.make(scenario, made, draws.Numbers(seed=5, replication=0))
    slow = kernel.run(scenario, drawn)
    assert len(set(slow.rows[slow.times[:, 1] > slow.times[:, 0], 3])) > 15
    assert not differences(slow, engines.run_calendar(made, drawn))
    assert not differences(slow, engines.run_calendar(made, drawn, is_compiled=False))
