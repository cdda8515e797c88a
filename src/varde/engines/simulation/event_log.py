"""A run as a log that a map or a board can play back: one line for each thing that happens."""

from collections.abc import Iterator
from dataclasses import dataclass

from varde.engines.simulation.memory import DRAWN_HOME, DRAWN_PLACE, Drawn, Run
from varde.engines.simulation.scenario import At, Scenario
from varde.engines.simulation.sums import (
    BEGAN,
    CLASS,
    ENDED,
    ENTITY,
    JOINED,
    KIND,
    PEOPLE,
    REACHED,
    STEP,
)


ENDS_AS = ("served", "gave_up", "refused", "still_waits")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedVisit:
    """One visit of a contact to a step, with who was there. Minutes of the run."""

    contact: int
    is_look: bool
    class_name: str
    step: str
    how: str
    place: str
    people: tuple[str, ...]
    joined: float
    began: float
    reached: float
    ended: float


def event_log(scenario: Scenario, drawn: Drawn, run: Run) -> Iterator[LoggedVisit]:
    """Every visit of a run, in the order in which it began or was given up."""
    contacts = len(drawn.contacts)
    for row, times in zip(run.rows, run.times, strict=True):
        contact = int(row[ENTITY]) % contacts
        step = scenario.steps[int(row[STEP])]
        column = DRAWN_PLACE if step.at is At.PATIENT else DRAWN_HOME
        bits = int(row[PEOPLE])
        yield LoggedVisit(
            contact=contact,
            is_look=int(row[ENTITY]) >= contacts,
            class_name=scenario.classes[int(row[CLASS])],
            step=step.name,
            how=ENDS_AS[int(row[KIND])],
            place=scenario.places[int(drawn.contacts[contact, column])].name,
            people=tuple(
                p.name for u, p in enumerate(scenario.people) if bits >> u & 1
            ),
            joined=float(times[JOINED]),
            began=float(times[BEGAN]),
            reached=float(times[REACHED]),
            ended=float(times[ENDED]),
        )
