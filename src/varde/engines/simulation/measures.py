"""What a run says: counts, waits, shares and loads, each with a name.

Only visits that began their wait after the warm-up count. A mean or a share of nothing is
not a number, and is left out of the means over replications.
"""

from varde.engines.simulation.memory import Drawn, Run
from varde.engines.simulation.scenario import At, Scenario
from varde.engines.simulation.sums import Sums, sums_of
from varde.engines.simulation.tables import Tables


def measures(
    scenario: Scenario, made: Tables, drawn: Drawn, run: Run
) -> dict[str, float]:
    """All measures of a run, in an order that follows the scenario alone.

    `wait` is the mean minutes in the queue of a step; `within` the share of all who came
    to it that were served within its target, those who gave up counted as not; `met_busy`
    the share that found somebody in the step; `missed` the share that went without those
    who should have joined; `reached`, where people go out to the patient, the mean minutes
    from the arrival of a contact until the first of them is there; `doctor` the mean minutes from the arrival of a contact until
    its first doctor is there, by the class that it came with; `stay` from arrival to
    outcome; `busy` the share of the hours on duty at work, above 1 with much overtime.
    """
    sums = sums_of(
        drawn,
        run,
        target=made.target,
        is_doctor=made.is_doctor,
        warm_up=scenario.warm_up_min,
        outcomes=len(scenario.outcomes),
    )
    found = {"contacts": float(sums.ended.sum()), "in_system": float(sums.ended[0])}
    for number, name in enumerate(scenario.outcomes):
        found[f"outcome.{name}"] = float(sums.ended[number + 1])
    found |= _of_steps(scenario, sums)
    found |= _of_classes(scenario, sums)
    for number, person in enumerate(scenario.people):
        found[f"busy.{person.name}"] = _share(run.busy[number], made.on_duty[number])
    return found


def _share(part: float, whole: float) -> float:
    return float(part) / float(whole) if whole else float("nan")


def _of_steps(scenario: Scenario, sums: Sums) -> dict[str, float]:
    found = {}
    for s, step in enumerate(scenario.steps):
        came, served = sums.came[s], sums.served[s]
        found[f"visits.{step.name}"] = float(came)
        found[f"met_busy.{step.name}"] = _share(sums.met_busy[s], served)
        if not (step.needs or step.remote):
            continue
        found[f"wait.{step.name}"] = _share(sums.waited[s], served)
        if step.target_min:
            found[f"within.{step.name}"] = _share(sums.in_time[s], came)
        if step.patience is not None:
            found[f"gave_up.{step.name}"] = _share(sums.gave_up[s], came)
        if not step.waits:
            found[f"refused.{step.name}"] = _share(sums.refused[s], came)
        if step.at is At.PATIENT:
            found[f"reached.{step.name}"] = _share(sums.reached[s], served)
        if step.joins:
            found[f"missed.{step.name}"] = _share(sums.missed[s], served)
    return found


def _of_classes(scenario: Scenario, sums: Sums) -> dict[str, float]:
    """By the class that the contact came with; of its stay, by the class at the end."""
    found = {}
    for c, name in enumerate(scenario.classes):
        if any(step.is_doctor for step in scenario.steps):
            found[f"doctor.{name}"] = _share(sums.doctor_waited[c], sums.doctors[c])
        found[f"stay.{name}"] = _share(sums.stayed[c], sums.gone[c])
    return found
