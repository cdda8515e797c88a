"""What a run says: counts, waits, shares and loads, each with a name.

Only visits that began their wait after the warm-up count. A mean or a share of nothing is
not a number, and is left out of the means over replications.
"""

from dataclasses import dataclass

import numpy as np

from varde.engines.simulation.memory import Drawn, Run
from varde.engines.simulation.scenario import Scenario
from varde.engines.simulation.tables import Floats, Ints, Tables


SERVED, GAVE_UP, REFUSED = 0, 1, 2
MET_BUSY, MISSED = 1, 2
ENTITY, KIND, STEP, CLASS, PEOPLE, FLAGS = range(6)
JOINED, BEGAN, REACHED, ENDED = range(4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The visits that count, column by column; `contact` of a new look is the patient."""

    kind: Ints
    step: Ints
    class_of: Ints
    flags: Ints
    wait: Floats
    since_arrival: Floats
    length: Floats
    contact: Ints


def counted_rows(scenario: Scenario, drawn: Drawn, run: Run) -> Rows:
    """The visits that joined after the warm-up."""
    counts = run.times[:, JOINED] >= scenario.warm_up_min
    rows, times = run.rows[counts], run.times[counts]
    contact = rows[:, ENTITY] % max(1, len(drawn.contacts))
    return Rows(
        kind=rows[:, KIND],
        step=rows[:, STEP],
        class_of=rows[:, CLASS],
        flags=rows[:, FLAGS],
        wait=times[:, BEGAN] - times[:, JOINED],
        since_arrival=times[:, REACHED] - drawn.arrived[contact],
        length=times[:, ENDED] - times[:, BEGAN],
        contact=contact,
    )


def measures(
    scenario: Scenario, made: Tables, drawn: Drawn, run: Run
) -> dict[str, float]:
    """All measures of a run, in an order that follows the scenario alone.

    `wait` is the mean minutes in the queue of a step; `within` the share of all who came
    to it that were served within its target, those who gave up counted as not; `met_busy`
    the share that found somebody in the step; `missed` the share that went without those
    who should have joined; `doctor` the mean minutes from the arrival of a contact until
    its first doctor is there, by class; `stay` from arrival to outcome; `busy` the share of
    the hours on duty at work, above 1 with much overtime.
    """
    rows = counted_rows(scenario, drawn, run)
    counts = drawn.arrived[:-1] >= scenario.warm_up_min
    found = {"contacts": float(counts.sum())}
    ended = np.bincount(run.outcome[counts] + 1, minlength=len(scenario.outcomes) + 1)
    found["in_system"] = float(ended[0])
    for number, name in enumerate(scenario.outcomes):
        found[f"outcome.{name}"] = float(ended[number + 1])
    found |= _of_steps(scenario, rows)
    found |= _of_classes(scenario, drawn, run, rows)
    for number, person in enumerate(scenario.people):
        found[f"busy.{person.name}"] = _share(run.busy[number], made.on_duty[number])
    return found


def _share(part: float, whole: float) -> float:
    return float(part) / float(whole) if whole else float("nan")


def _of_steps(scenario: Scenario, rows: Rows) -> dict[str, float]:
    count = len(scenario.steps)

    def per_step(chosen: np.ndarray, weights: Floats | None = None) -> Floats:
        picked = None if weights is None else weights[chosen]
        found = np.bincount(rows.step[chosen], weights=picked, minlength=count)
        return found.astype(np.float64)

    everything = np.ones(len(rows.kind), dtype=np.bool_)
    served = rows.kind == SERVED
    came, done = per_step(everything), per_step(served)
    waited = per_step(served, rows.wait)
    target = targets(scenario)[rows.step, rows.class_of]
    in_time = per_step(served & (rows.wait <= target))
    gave_up, refused = per_step(rows.kind == GAVE_UP), per_step(rows.kind == REFUSED)
    busy = per_step(served & (rows.flags & MET_BUSY > 0))
    missed = per_step(served & (rows.flags & MISSED > 0))
    found = {}
    for s, step in enumerate(scenario.steps):
        found[f"visits.{step.name}"] = float(came[s])
        found[f"met_busy.{step.name}"] = _share(busy[s], done[s])
        if not (step.needs or step.remote):
            continue
        found[f"wait.{step.name}"] = _share(waited[s], done[s])
        if step.target_min:
            found[f"within.{step.name}"] = _share(in_time[s], came[s])
        if step.patience is not None:
            found[f"gave_up.{step.name}"] = _share(gave_up[s], came[s])
        if not step.waits:
            found[f"refused.{step.name}"] = _share(refused[s], came[s])
        if step.joins:
            found[f"missed.{step.name}"] = _share(missed[s], done[s])
    return found


def targets(scenario: Scenario) -> Floats:
    """The target of each step and class in minutes; infinite where there is none."""
    none = [np.inf] * len(scenario.classes)
    return np.array([step.target_min or none for step in scenario.steps])


def _of_classes(
    scenario: Scenario, drawn: Drawn, run: Run, rows: Rows
) -> dict[str, float]:
    """By the class of the contact at the end."""
    count = len(scenario.classes)
    is_doctor = np.array([step.is_doctor for step in scenario.steps], dtype=np.bool_)
    seen = np.flatnonzero((rows.kind == SERVED) & is_doctor[rows.step])
    _, first = np.unique(rows.contact[seen], return_index=True)
    seen = seen[first]
    waited = np.bincount(rows.class_of[seen], weights=rows.since_arrival[seen], minlength=count)  # fmt: skip
    doctors = np.bincount(rows.class_of[seen], minlength=count)
    arrived = drawn.arrived[:-1]
    gone = (run.outcome >= 0) & (arrived >= scenario.warm_up_min)
    stays = np.bincount(run.class_now[gone], weights=run.gone_at[gone] - arrived[gone], minlength=count)  # fmt: skip
    left = np.bincount(run.class_now[gone], minlength=count)
    found = {}
    for c, name in enumerate(scenario.classes):
        if is_doctor.any():
            found[f"doctor.{name}"] = _share(waited[c], doctors[c])
        found[f"stay.{name}"] = _share(stays[c], left[c])
    return found
