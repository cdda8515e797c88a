"""The log of a run added up by step and by class: one pass over its rows, compiled.

`add_up` is plain Python as well, and the same for the runs of both engines.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numba import njit

from varde.engines.simulation.memory import DRAWN_CLASS, Drawn, Run
from varde.engines.simulation.tables import Floats, Ints


SERVED, GAVE_UP, REFUSED, STILL_WAITS = 0, 1, 2, 3
MET_BUSY, MISSED = 1, 2
ENTITY, KIND, STEP, CLASS, PEOPLE, FLAGS = range(6)
JOINED, BEGAN, REACHED, ENDED = range(4)


class Sums(NamedTuple):
    """Counts and minutes of the visits that joined, and of contacts that came, in time."""

    came: Floats  # [step]: visits
    served: Floats
    waited: Floats  # minutes in the queue of those served
    in_time: Floats  # served within the target
    gave_up: Floats
    refused: Floats
    met_busy: Floats  # somebody was in the step already
    missed: Floats  # went without those who should have joined
    reached: Floats  # minutes from the contact's arrival until the first one was there
    doctors: Floats  # [class that they came with]: contacts that a doctor came to
    doctor_waited: Floats  # minutes from arrival until the first doctor was there
    gone: Floats  # contacts that came to an outcome
    stayed: Floats  # minutes from arrival to outcome
    ended: Floats  # [outcome + 1]: contacts; first those still in the system


def empty(*, steps: int, classes: int, outcomes: int) -> Sums:
    """Sums of nothing."""
    sizes = [steps] * 9 + [classes] * 4 + [outcomes + 1]
    return Sums._make(np.zeros(size) for size in sizes)


def add_up(
    rows: Ints, times: Floats, arrived: Floats, outcome: Ints, gone_at: Floats,
    class_came: Ints, class_now: Ints, target: Floats, is_doctor: Ints, warm_up: float,
    sums: Sums,
) -> None:  # fmt: skip
    """Add what a run says to sums; only what joined or came at `warm_up` or later.

    The way to the doctor is by the class that a contact came with: those who are raised
    since they waited long stay among those they are compared with.
    """
    contacts = len(outcome)
    is_seen = np.zeros(contacts, dtype=np.int8)
    for row in range(len(rows)):
        if times[row, JOINED] < warm_up:
            continue
        step, kind = rows[row, STEP], rows[row, KIND]
        sums.came[step] += 1
        if kind == GAVE_UP:
            sums.gave_up[step] += 1
        elif kind == REFUSED:
            sums.refused[step] += 1
        if kind != SERVED:
            continue
        c, flags = rows[row, CLASS], rows[row, FLAGS]
        waited = times[row, BEGAN] - times[row, JOINED]
        sums.served[step] += 1
        sums.waited[step] += waited
        sums.in_time[step] += waited <= target[step, c]
        sums.met_busy[step] += flags & MET_BUSY != 0
        sums.missed[step] += flags & MISSED != 0
        contact = rows[row, ENTITY] % contacts
        sums.reached[step] += times[row, REACHED] - arrived[contact]
        if is_doctor[step] and not is_seen[contact]:
            is_seen[contact] = 1
            came = class_came[contact]
            sums.doctors[came] += 1
            sums.doctor_waited[came] += times[row, REACHED] - arrived[contact]
    for contact in range(contacts):
        if arrived[contact] < warm_up:
            continue
        sums.ended[outcome[contact] + 1] += 1
        if outcome[contact] >= 0:
            sums.gone[class_now[contact]] += 1
            sums.stayed[class_now[contact]] += gone_at[contact] - arrived[contact]


type Adder = Callable[..., None]
add_up_compiled: Adder = njit(cache=True, error_model="numpy")(add_up)


def sums_of(
    drawn: Drawn, run: Run, *, target: Floats, is_doctor: Ints, warm_up: float, outcomes: int
) -> Sums:  # fmt: skip
    """What a run says. `target` is [step, class] in minutes, infinite where there is none."""
    found = empty(steps=len(target), classes=target.shape[1], outcomes=outcomes)
    came = drawn.contacts[:, DRAWN_CLASS]
    contacts = (run.outcome, run.gone_at, came, run.class_now)
    add_up_compiled(
        run.rows, run.times, drawn.arrived, *map(np.ascontiguousarray, contacts),
        target, is_doctor, warm_up, found,
    )  # fmt: skip
    return found
