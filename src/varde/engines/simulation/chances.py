"""What was drawn for a contact: its minutes, and its ways on. A part of the calendar."""

from varde.engines.simulation.machine import inlined
from varde.engines.simulation.memory import (
    CAME,
    CAME_AGAIN,
    CLASS_NOW,
    CLASSES,
    COLUMNS,
    CONTACTS,
    HOME,
    MINUTE_ROW,
    MOST_WAYS,
    PERIOD_AT,
    PERIODS,
    PLACES,
    ROUTE_ROW,
    STEP_FIXED,
    STEPS,
    VISITS,
    WAY_COUNT,
    WAY_SHARE,
    WAY_TO,
    WIDTH,
)
from varde.engines.simulation.tables import QUARTERS_A_WEEK, Floats, Ints


STRIDE = 7919  # a prime: a later visit to a step reads the reserve this far on
NEXT_FORK, GIVES_UP_FORK, FULL_FORK, FORK_COUNT = 0, 1, 2, 3


@inlined
def count_visit(n: Ints, contact: int, step: int) -> None:
    """One more visit of a contact to a step. `VISITS` has the number from the second on."""
    at, bit = WIDTH * contact, 1 << step
    if n[CAME + at] & bit == 0:
        n[CAME + at] |= bit
        return
    visits = n[VISITS] + contact * n[STEPS] + step
    n[visits] = n[visits] + 1 if n[CAME_AGAIN + at] & bit else 2
    n[CAME_AGAIN + at] |= bit


@inlined
def number(n: Ints, drawn: Floats, row: int, contact: int, step: int) -> float:
    """The drawn number of a contact's visit to a step: later ones read the reserve."""
    first = row * n[COLUMNS]
    if n[CAME_AGAIN + WIDTH * contact] & (1 << step) == 0:
        return drawn[first + contact]
    contacts, visit = n[CONTACTS], n[n[VISITS] + contact * n[STEPS] + step]
    reserve = n[COLUMNS] - contacts
    return drawn[first + contacts + (contact + (visit - 1) * STRIDE) % reserve]


@inlined
def minutes_of(n: Ints, x: Floats, drawn: Floats, contact: int, step: int) -> float:
    """The minutes of a contact's visit to a step."""
    row = n[MINUTE_ROW + step]
    return x[STEP_FIXED + step] if row < 0 else number(n, drawn, row, contact, step)


@inlined
def way_on(
    n: Ints, x: Floats, drawn: Floats, contact: int, step: int, fork: int, now: float
) -> int:
    """Where a contact goes from a step: a step, or -1 minus the outcome."""
    fork = (step * FORK_COUNT + fork) * n[CLASSES] + n[CLASS_NOW + WIDTH * contact]
    fork = fork * n[PLACES] + n[HOME + WIDTH * contact]
    if n[PERIODS] > 1:
        period = n[PERIOD_AT + int(now / 15.0) % QUARTERS_A_WEEK]
        fork = fork * n[PERIODS] + period
    first, last = fork * n[MOST_WAYS], n[n[WAY_COUNT] + fork] - 1
    if last > 0:
        u = number(n, drawn, n[ROUTE_ROW + step], contact, step)
        for k in range(last):
            if u < x[n[WAY_SHARE] + first + k]:
                return n[n[WAY_TO] + first + k]
    return n[n[WAY_TO] + first + last]
