"""A run as a log that a map or a board can play back: JSON Lines, one thing on each line.

First one line for the run, with its places and people; then one for each contact, in the
order in which they came; then one for each visit to a step, in the order in which it began
or was given up. `kind` says which it is. Minutes are those of the run: minute 0 is Monday at
`start_hour`. What is added later is a new key; a change of what is there is a new `format`.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

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


FORMAT = 1
ENDS_AS = ("served", "gave_up", "refused", "still_waits")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedPerson:
    """Somebody, a car or a bed: where it is when nobody needs it."""

    name: str
    roles: tuple[str, ...]
    base: str
    has_car: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedRun:
    """What the log is of."""

    scenario: str
    title: str
    minutes: float
    warm_up_min: float
    start_hour: float
    places: tuple[str, ...]
    people: tuple[LoggedPerson, ...]
    kind: Literal["run"] = "run"
    format: int = FORMAT


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedContact:
    """Who came, where they are, and how it ended; `outcome` is None for who is there yet."""

    contact: int
    arrived: float
    place: str
    station: str
    class_name: str  # at the end
    outcome: str | None
    gone: float | None
    kind: Literal["contact"] = "contact"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedVisit:
    """One visit of a contact to a step: what was done, how it went, where, and by whom.

    From `joined` to `began` the contact waits. Then the people are on their way until the
    first one is there (`reached`), and it is over at `ended`. `place` is where the people
    went: the patient's own place or its station. Who was out drives home from there.
    """

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
    kind: Literal["visit"] = "visit"


type Logged = LoggedRun | LoggedContact | LoggedVisit


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Who waits, who is being gone to, and who is with somebody, at one minute."""

    waiting: tuple[LoggedVisit, ...]
    on_the_way: tuple[LoggedVisit, ...]
    under_way: tuple[LoggedVisit, ...]


def event_log(scenario: Scenario, drawn: Drawn, run: Run) -> Iterator[Logged]:
    """Everything that is to be logged of a run, line by line."""
    yield _logged_run(scenario)
    yield from _contacts(scenario, drawn, run)
    yield from visits(scenario, drawn, run)


def json_lines(log: Iterable[Logged]) -> Iterator[str]:
    """The lines of the file, each with its end."""
    for one in log:
        yield json.dumps(asdict(one), ensure_ascii=False, allow_nan=False) + "\n"


def board_at(log: Iterable[Logged], minute: float) -> Board:
    """The board as it was at a minute of the run."""
    all_visits = [one for one in log if isinstance(one, LoggedVisit)]
    done = [one for one in all_visits if one.how == "served"]
    return Board(
        waiting=tuple(v for v in all_visits if v.joined <= minute < v.began),
        on_the_way=tuple(v for v in done if v.began <= minute < v.reached),
        under_way=tuple(v for v in done if v.reached <= minute < v.ended),
    )


def _logged_run(scenario: Scenario) -> LoggedRun:
    return LoggedRun(
        scenario=scenario.name,
        title=scenario.title,
        minutes=scenario.horizon_min,
        warm_up_min=scenario.warm_up_min,
        start_hour=scenario.start_hour,
        places=tuple(place.name for place in scenario.places),
        people=tuple(
            LoggedPerson(
                name=one.name,
                roles=one.roles,
                base=one.base or scenario.places[0].name,
                has_car=one.has_car,
            )
            for one in scenario.people
        ),
    )


def _contacts(scenario: Scenario, drawn: Drawn, run: Run) -> Iterator[LoggedContact]:
    for number, (arrived, row) in enumerate(
        zip(drawn.arrived[:-1], drawn.contacts, strict=True)
    ):
        outcome = int(run.outcome[number])
        is_gone = outcome >= 0
        yield LoggedContact(
            contact=number,
            arrived=float(arrived),
            place=scenario.places[int(row[DRAWN_PLACE])].name,
            station=scenario.places[int(row[DRAWN_HOME])].name,
            class_name=scenario.classes[int(run.class_now[number])],
            outcome=scenario.outcomes[outcome] if is_gone else None,
            gone=float(run.gone_at[number]) if is_gone else None,
        )


def rows_between(
    drawn: Drawn, run: Run, first: float, last: float
) -> npt.NDArray[np.bool_]:
    """Which rows of a run are of a contact that was there between two minutes of it.

    All rows of such a contact, so that one sees where it came from and how it went on.
    """
    times = run.times
    is_there = (times[:, JOINED] < last) & (times[:, ENDED] > first)
    contact = run.rows[:, ENTITY] % max(1, len(drawn.contacts))
    found: npt.NDArray[np.bool_] = np.isin(contact, contact[is_there])
    return found


def visits(
    scenario: Scenario,
    drawn: Drawn,
    run: Run,
    *,
    only: npt.NDArray[np.bool_] | None = None,
) -> Iterator[LoggedVisit]:
    """The visits of a run, in the order in which they began or were given up.

    All of them, or `only` those of some rows (a mask over the rows).
    """
    contacts = len(drawn.contacts)
    rows, ends = run.rows, run.times
    if only is not None:
        rows, ends = rows[only], ends[only]
    for row, times in zip(rows, ends, strict=True):
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
