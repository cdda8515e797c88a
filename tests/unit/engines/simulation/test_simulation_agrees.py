"""Two engines, written apart, give the same answer to the last digit."""

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.engines.simulation.random_scenarios import scenarios
from varde.engines.simulation import draws, engines, kernel, tables
from varde.engines.simulation.memory import Run


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
    drawn = draws.make(scenario, made, draws.Numbers(seed=seed, replication=0))
    slow = kernel.run(scenario, drawn)
    assert not differences(slow, engines.run_calendar(made, drawn, is_compiled=False))
    assert not differences(slow, engines.run_calendar(made, drawn))
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
