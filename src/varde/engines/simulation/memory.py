"""The memory of one run of the calendar: two arrays, and where each part begins.

`n` holds whole numbers, `x` minutes and shares. What a scenario has a few of has a fixed
place, with room for the most there may be; so have the contacts, which are records beside
each other, at `ENTITIES` in `n` and `ENTITY_TIMES` in `x`. Compiled code then knows the
places. What differs much in size comes last, and the beginning of `n` says where. All of
it is in these two, since what is handed on to each function costs time.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from varde.engines.simulation.tables import (
    MOST_JOINS,
    MOST_NEEDS,
    MOST_PEOPLE,
    MOST_SLOTS,
    MOST_STEPS,
    QUARTERS_A_WEEK,
    Floats,
    Ints,
    Tables,
)


DRAWN_FIRST, DRAWN_PLACE, DRAWN_HOME, DRAWN_CLASS = range(4)  # columns of a contact
LOG_COLUMNS, TIME_COLUMNS = 6, 4

# Counters and sizes, at the beginning of `n`. `x` begins with horizon and hand-over.
(
    FREE, ON_DUTY, IN_QUEUE, ROWS, HEAP, TICKET_NEXT, EVENTS, CAPACITY, CONTACTS,
    STEPS, CLASSES, PLACES, PEOPLE, SLOTS, PERIODS, MOST_WAYS, COLUMNS,
) = range(17)  # fmt: skip
HORIZON, HAND_OVER = range(2)
# Where the parts begin that have no fixed place, in `n` or in `x`.
(
    SLOT_OF, WAY_TO, WAY_COUNT, CHANGE_WHO, CHANGE_ON, IS_BAD, VISITS, HEAP_KEY, HEAP_TURN,
    LOG, STEP_LIMIT, WAY_SHARE, TRAVEL, CHANGE_AT, ARRIVED, NUMBERS, HEAP_AT, TIMES,
) = range(17, 35)  # fmt: skip

# Parts with a fixed place, one number for each step, person, slot.
_STEP_N = 35
(
    STEP_AT, STEP_WAITS, STEP_TRAVELS, STEP_LOOK, MINUTE_ROW, PATIENCE_ROW, ROUTE_ROW,
    N_NEEDS, N_JOINS, INSIDE, QUEUE,
) = range(_STEP_N, _STEP_N + 11 * MOST_STEPS, MOST_STEPS)  # fmt: skip
NEED_AT = QUEUE + MOST_STEPS
_PEOPLE_N = NEED_AT + MOST_STEPS * MOST_NEEDS
_ROOM = MOST_PEOPLE + 2
TIER, BASE, MATES, HANDS_OVER, WHERE, HOLDER = range(
    _PEOPLE_N, _PEOPLE_N + 6 * _ROOM, _ROOM
)
_SLOTS_N = HOLDER + _ROOM
SLOT_STEP, SLOT_PRIORITY, HEADS, TAILS = range(
    _SLOTS_N, _SLOTS_N + 4 * MOST_SLOTS, MOST_SLOTS
)
SLOT_NEEDS = TAILS + MOST_SLOTS
SLOT_JOINS = SLOT_NEEDS + MOST_SLOTS * MOST_NEEDS
PERIOD_AT = SLOT_JOINS + MOST_SLOTS * MOST_JOINS
ENTITIES = PERIOD_AT + QUARTERS_A_WEEK
STEP_RAISED, STEP_FIXED, QUEUE_AT, AREA = range(2, 2 + 4 * MOST_STEPS, MOST_STEPS)
LEFT_AT, SINCE, BUSY = range(AREA + MOST_STEPS, AREA + MOST_STEPS + 3 * _ROOM, _ROOM)
ENTITY_TIMES = BUSY + _ROOM

# A contact's record, and that of the new looks at it, which come after all contacts.
WIDTH, TIMES_WIDTH = 14, 2
(
    AFTER, BEFORE, STEP, SLOT, TICKET, LOOKED, TURN, HELD, ROW, OUTCOME,
    FIRST, PLACE, HOME, CLASS_NOW,  # as in the columns of what is drawn
) = range(ENTITIES, ENTITIES + WIDTH)  # fmt: skip
JOINED, GONE_AT = range(ENTITY_TIMES, ENTITY_TIMES + TIMES_WIDTH)
_NEW = (-1, -1, -1, -1, 0, -1, 0, 0, -1, -1, 0, 0, 0, 0)


class Drawn(NamedTuple):
    """The numbers of one run. The last columns of `numbers` are the reserve."""

    arrived: Floats  # ends with infinity
    contacts: Ints  # [contact]: first step, place, station, class
    is_bad: Ints  # [day]
    numbers: Floats  # [row, contact]


class Run(NamedTuple):
    """What happened. A row is one visit to a step; contact n + i is a new look at i."""

    rows: Ints  # [row]: contact, kind, step, class, people as bits, flags
    times: Floats  # [row]: joined, began, first one there, ended
    outcome: Ints  # [contact]; -1: still in the system
    gone_at: Floats
    class_now: Ints
    busy: Floats  # [person], minutes within the run
    queue_area: Floats  # [step], integral of the number in the queue
    events: int


class Memory(NamedTuple):
    """The two arrays."""

    n: Ints
    x: Floats


def lay_out(tables: Tables, drawn: Drawn, *, capacity: int) -> Memory:
    """The memory of a run that has not begun, with room for so many rows of the log."""
    contacts = len(drawn.contacts)
    steps, classes, places, people, slots = (int(v) for v in tables.size)
    room = 3 * capacity + 2 * contacts + len(tables.change_at) + 16
    at: dict[int, int] = {}
    parts_n = {
        SLOT_OF: tables.slot_of, WAY_TO: tables.way_to, WAY_COUNT: tables.way_count,
        CHANGE_WHO: tables.change_who, CHANGE_ON: tables.change_on,
        IS_BAD: drawn.is_bad,
    }  # fmt: skip
    parts_x = {
        STEP_LIMIT: tables.step_limit, WAY_SHARE: tables.way_share,
        TRAVEL: tables.travel, CHANGE_AT: tables.change_at,
        ARRIVED: drawn.arrived, NUMBERS: drawn.numbers,
    }  # fmt: skip
    sizes_n = {VISITS: contacts * steps, HEAP_KEY: room, HEAP_TURN: room, LOG: LOG_COLUMNS * capacity}  # fmt: skip
    sizes_x = {HEAP_AT: room, TIMES: TIME_COLUMNS * capacity}
    end_n = _place(at, ENTITIES + 2 * contacts * WIDTH, parts_n, sizes_n)
    end_x = _place(at, ENTITY_TIMES + 2 * contacts * TIMES_WIDTH, parts_x, sizes_x)
    n, x = np.empty(end_n, dtype=np.int64), np.empty(end_x)
    n[:ENTITIES], x[:ENTITY_TIMES] = 0, 0.0
    n[ENTITIES : ENTITIES + 2 * contacts * WIDTH].reshape(-1, WIDTH)[:] = _NEW
    n[at[VISITS] : at[VISITS] + contacts * steps] = 0
    _fill(n, {**_fixed_n(tables), **{at[k]: v for k, v in parts_n.items()}})
    _fill(x, {**_fixed_x(tables), **{at[k]: v for k, v in parts_x.items()}})
    n[HEADS : HEADS + slots] = n[TAILS : TAILS + slots] = n[
        HOLDER : HOLDER + people
    ] = -1
    x[LEFT_AT : LEFT_AT + people] = -np.inf
    n[FREE] = n[ON_DUTY] = tables.on_first[0]
    n[CAPACITY], n[CONTACTS] = capacity, contacts
    n[STEPS : SLOTS + 1] = steps, classes, places, people, slots
    n[PERIODS], n[MOST_WAYS] = tables.way_to.shape[-2:]
    n[COLUMNS] = drawn.numbers.shape[1]
    for part, begins in at.items():
        n[part] = begins
    n[ENTITIES : ENTITIES + contacts * WIDTH].reshape(-1, WIDTH)[:, -4:] = (
        drawn.contacts
    )
    x[GONE_AT : GONE_AT + contacts * TIMES_WIDTH : TIMES_WIDTH] = np.inf
    return Memory(n, x)


def _fixed_n(tables: Tables) -> dict[int, Ints]:
    return {
        STEP_AT: tables.step_at, STEP_WAITS: tables.step_waits,
        STEP_TRAVELS: tables.step_travels, STEP_LOOK: tables.step_look,
        MINUTE_ROW: tables.minute_row, PATIENCE_ROW: tables.patience_row,
        ROUTE_ROW: tables.route_row, N_NEEDS: tables.n_needs, N_JOINS: tables.n_joins,
        NEED_AT: tables.need_at, TIER: tables.tier, BASE: tables.base,
        WHERE: tables.base, MATES: tables.mates, HANDS_OVER: tables.hands_over,
        SLOT_STEP: tables.slot_step, SLOT_PRIORITY: tables.slot_priority,
        SLOT_NEEDS: tables.slot_needs, SLOT_JOINS: tables.slot_joins,
        PERIOD_AT: tables.period_at,
    }  # fmt: skip


def _fixed_x(tables: Tables) -> dict[int, Floats]:
    return {
        HORIZON: tables.clock,
        STEP_RAISED: tables.step_raised,
        STEP_FIXED: tables.step_fixed,
    }


def _place(
    at: dict[int, int],
    begins: int,
    parts: Mapping[int, Ints | Floats],
    sizes: Mapping[int, int],
) -> int:
    """Say where parts begin, one after the other. The end of the last."""
    for part, size in [*((k, v.size) for k, v in parts.items()), *sizes.items()]:
        at[part] = begins
        begins += size
    return begins


def _fill(whole: Ints | Floats, parts: Mapping[int, Ints | Floats]) -> None:
    for begins, values in parts.items():
        whole[begins : begins + values.size] = values.ravel()


def what_happened(memory: Memory) -> Run:
    """The answer of a run that has ended, copied out of its memory."""
    n, x = memory
    rows, contacts = int(n[ROWS]), int(n[CONTACTS])
    end, end_x = contacts * WIDTH, contacts * TIMES_WIDTH
    log, times = int(n[LOG]), int(n[TIMES])
    return Run(
        rows=n[log : log + LOG_COLUMNS * rows].reshape(rows, LOG_COLUMNS).copy(),
        times=x[times : times + TIME_COLUMNS * rows].reshape(rows, TIME_COLUMNS).copy(),
        outcome=n[OUTCOME : OUTCOME + end : WIDTH].copy(),
        gone_at=x[GONE_AT : GONE_AT + end_x : TIMES_WIDTH].copy(),
        class_now=n[CLASS_NOW : CLASS_NOW + end : WIDTH].copy(),
        busy=x[BUSY : BUSY + int(n[PEOPLE])].copy(),
        queue_area=x[AREA : AREA + int(n[STEPS])].copy(),
        events=int(n[EVENTS]),
    )
