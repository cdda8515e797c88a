"""The memory of the calendar: two arrays, and where each part begins.

`n` holds whole numbers, `x` minutes and shares. What a scenario has a few of has a fixed
place, with room for the most there may be; so have the contacts, which are records beside
each other, at `ENTITIES` in `n` and `ENTITY_TIMES` in `x`. Compiled code then knows the
places. What differs much in size comes last, and the beginning of `n` says where. All of
it is in these two, since what is handed on to each function costs time.

The memory is made once for many runs: memory just fetched from the system is slow. Each
run begins by writing over the first part, what changes; a contact's record is made when
the contact arrives.
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
DRAWN_COLUMNS = 4
LOG_COLUMNS, TIME_COLUMNS = 6, 4
NEAR_ROOM = 24  # so many events to come are kept in order; those after them are a heap
WORD = 5  # 2 to the power of this is how many lines one whole number of WAITING has
WORD_MASK = (1 << WORD) - 1

# Counters and sizes, at the beginning of `n`. `x` begins with horizon and hand-over.
(
    FREE, ON_DUTY, IN_QUEUE, ROWS, NEAR, FAR, TICKET_NEXT, EVENTS, CAPACITY, CONTACTS,
    STEPS, CLASSES, PLACES, PEOPLE, WORDS, PERIODS, MOST_WAYS, COLUMNS,
) = range(18)  # fmt: skip
HORIZON, HAND_OVER = range(2)
# Where the parts begin that have no fixed place, in `n` or in `x`.
(
    SLOT_OF, WAY_TO, WAY_COUNT, CHANGE_WHO, CHANGE_ON, IS_BAD, VISITS, FAR_WHAT, LOG,
    STEP_LIMIT, WAY_SHARE, TRAVEL, CHANGE_AT, FAR_AT, TIMES,
) = range(18, 33)  # fmt: skip

# Parts with a fixed place that change in a run, then those that do not: one number for
# each step, person, slot.
_ROOM = MOST_PEOPLE + 2
INSIDE, QUEUE = range(33, 33 + 2 * MOST_STEPS, MOST_STEPS)
WHERE, HOLDER = range(QUEUE + MOST_STEPS, QUEUE + MOST_STEPS + 2 * _ROOM, _ROOM)
NEAR_WHAT = HOLDER + _ROOM
WAITING = NEAR_WHAT + NEAR_ROOM + 1
HEADS = WAITING + (MOST_SLOTS >> WORD) + 1
TAILS = HEADS + MOST_SLOTS
_STEP_N = CHANGING_N = TAILS + MOST_SLOTS
(
    STEP_AT, STEP_WAITS, STEP_TRAVELS, STEP_LOOK, MINUTE_ROW, PATIENCE_ROW, ROUTE_ROW,
    N_NEEDS, N_JOINS,
) = range(_STEP_N, _STEP_N + 9 * MOST_STEPS, MOST_STEPS)  # fmt: skip
NEED_AT = N_JOINS + MOST_STEPS
_PEOPLE_N = NEED_AT + MOST_STEPS * MOST_NEEDS
TIER, BASE, MATES, HANDS_OVER = range(_PEOPLE_N, _PEOPLE_N + 4 * _ROOM, _ROOM)
SLOT_STEP = HANDS_OVER + _ROOM
SLOT_PRIORITY = SLOT_STEP + MOST_SLOTS
SLOT_NEEDS = SLOT_PRIORITY + MOST_SLOTS
SLOT_JOINS = SLOT_NEEDS + MOST_SLOTS * MOST_NEEDS
PERIOD_AT = SLOT_JOINS + MOST_SLOTS * MOST_JOINS
ENTITIES = PERIOD_AT + QUARTERS_A_WEEK
QUEUE_AT, AREA = range(2, 2 + 2 * MOST_STEPS, MOST_STEPS)
LEFT_AT, SINCE, BUSY = range(AREA + MOST_STEPS, AREA + MOST_STEPS + 3 * _ROOM, _ROOM)
NEAR_AT = BUSY + _ROOM
STEP_RAISED = CHANGING_X = NEAR_AT + NEAR_ROOM + 1
STEP_FIXED = STEP_RAISED + MOST_STEPS
ENTITY_TIMES = STEP_FIXED + MOST_STEPS

# A contact's record, and that of the new looks at it, which come after all contacts.
WIDTH, TIMES_WIDTH = 15, 2
(
    STEP, SLOT, AFTER, BEFORE, TICKET, TURN, HELD, ROW, LOOKED, CAME, CAME_AGAIN, OUTCOME,
    PLACE, HOME, CLASS_NOW,
) = range(ENTITIES, ENTITIES + WIDTH)  # fmt: skip
JOINED, GONE_AT = range(ENTITY_TIMES, ENTITY_TIMES + TIMES_WIDTH)


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
    """The two arrays, and how their changing parts are when a run begins."""

    n: Ints
    x: Floats
    first_n: Ints
    first_x: Floats


def lay_out(tables: Tables, *, contacts: int, days: int, capacity: int) -> Memory:
    """Memory for runs of up to so many contacts, days and rows of the log."""
    steps = int(tables.size[0])
    far = 3 * capacity + 2 * contacts + 16
    at: dict[int, int] = {}
    parts_n = {
        SLOT_OF: tables.slot_of, WAY_TO: tables.way_to, WAY_COUNT: tables.way_count,
        CHANGE_WHO: tables.change_who, CHANGE_ON: tables.change_on,
    }  # fmt: skip
    parts_x = {
        STEP_LIMIT: tables.step_limit, WAY_SHARE: tables.way_share,
        TRAVEL: tables.travel, CHANGE_AT: tables.change_at,
    }  # fmt: skip
    sizes_n = {IS_BAD: days, VISITS: contacts * steps, FAR_WHAT: far, LOG: LOG_COLUMNS * capacity}  # fmt: skip
    sizes_x = {FAR_AT: far, TIMES: TIME_COLUMNS * capacity}
    end_n = _place(at, ENTITIES + 2 * contacts * WIDTH, parts_n, sizes_n)
    end_x = _place(at, ENTITY_TIMES + 2 * contacts * TIMES_WIDTH, parts_x, sizes_x)
    n, x = np.empty(end_n, dtype=np.int64), np.empty(end_x)
    n[:ENTITIES], x[:ENTITY_TIMES] = 0, 0.0
    _fill(n, {**_fixed_n(tables), **{at[k]: v for k, v in parts_n.items()}})
    _fill(x, {**_fixed_x(tables), **{at[k]: v for k, v in parts_x.items()}})
    _begin_empty(n, x, tables)
    n[CAPACITY] = capacity
    for part, begins in at.items():
        n[part] = begins
    return Memory(n, x, n[:CHANGING_N].copy(), x[:CHANGING_X].copy())


def _begin_empty(n: Ints, x: Floats, tables: Tables) -> None:
    steps, classes, places, people, slots = (int(v) for v in tables.size)
    n[STEPS : PEOPLE + 1] = steps, classes, places, people
    n[WORDS] = (slots >> WORD) + 1
    n[PERIODS], n[MOST_WAYS] = tables.way_to.shape[-2:]
    n[FREE] = n[ON_DUTY] = tables.on_first[0]
    n[HEADS : HEADS + slots] = n[TAILS : TAILS + slots] = -1
    n[HOLDER : HOLDER + people] = -1
    x[LEFT_AT : LEFT_AT + people] = -np.inf
    x[NEAR_AT], n[NEAR_WHAT] = np.inf, np.iinfo(np.int64).max  # after every event


def begin(memory: Memory, drawn: Drawn) -> None:
    """Make the memory as it is before the first event of a run."""
    n, x, first_n, first_x = memory
    n[:CHANGING_N], x[:CHANGING_X] = first_n, first_x
    n[CONTACTS], n[COLUMNS] = len(drawn.contacts), drawn.numbers.shape[1]
    n[n[IS_BAD] : n[IS_BAD] + len(drawn.is_bad)] = drawn.is_bad


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
    """The answer of a run that has ended, as parts of its memory: the next run takes it."""
    n, x, _, _ = memory
    rows, contacts = int(n[ROWS]), int(n[CONTACTS])
    end, end_x = contacts * WIDTH, contacts * TIMES_WIDTH
    log, times = int(n[LOG]), int(n[TIMES])
    return Run(
        rows=n[log : log + LOG_COLUMNS * rows].reshape(rows, LOG_COLUMNS),
        times=x[times : times + TIME_COLUMNS * rows].reshape(rows, TIME_COLUMNS),
        outcome=n[OUTCOME : OUTCOME + end : WIDTH],
        gone_at=x[GONE_AT : GONE_AT + end_x : TIMES_WIDTH],
        class_now=n[CLASS_NOW : CLASS_NOW + end : WIDTH],
        busy=x[BUSY : BUSY + int(n[PEOPLE])],
        queue_area=x[AREA : AREA + int(n[STEPS])],
        events=int(n[EVENTS]),
    )
