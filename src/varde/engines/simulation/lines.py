"""Who waits, for whom, since when; and the log: a part of the calendar.

A line is the queue of a *slot*: a step, a class and, at stations, a station. The slots are
numbered by priority, and where anybody stands is marked, bit by bit, in `WAITING`.
"""

from varde.engines.simulation.machine import inlined, lowest_bit
from varde.engines.simulation.memory import (
    AFTER,
    AREA,
    BEFORE,
    CAPACITY,
    CLASS_NOW,
    CLASSES,
    CONTACTS,
    FREE,
    HEADS,
    HOME,
    IN_QUEUE,
    JOINED,
    LOG,
    LOOKED,
    PLACES,
    QUEUE,
    QUEUE_AT,
    ROWS,
    SLOT,
    SLOT_NEEDS,
    SLOT_OF,
    STEP,
    STEP_LOOK,
    TAILS,
    TICKET,
    TICKET_NEXT,
    TIMES,
    TIMES_WIDTH,
    TURN,
    WAITING,
    WIDTH,
    WORD,
    WORD_MASK,
    WORDS,
)
from varde.engines.simulation.tables import MOST_NEEDS, Floats, Ints


@inlined
def contact_of(n: Ints, entity: int) -> int:
    """The contact of a visit: a new look at it has a number of its own."""
    return entity if entity < n[CONTACTS] else entity - n[CONTACTS]


@inlined
def slot_of(n: Ints, contact: int, step: int) -> int:
    """The line of a contact at a step; -1: the step needs nobody."""
    c, place = n[CLASS_NOW + WIDTH * contact], n[HOME + WIDTH * contact]
    return n[n[SLOT_OF] + (step * n[CLASSES] + c) * n[PLACES] + place]


@inlined
def write(n: Ints, x: Floats, entity: int, kind: int, now: float) -> int:
    """A row of the log. When there is no room, only the number of rows grows."""
    row = n[ROWS]
    n[ROWS] = row + 1
    if row >= n[CAPACITY]:
        return -1
    at, times = n[LOG] + 6 * row, n[TIMES] + 4 * row
    n[at], n[at + 1] = entity, kind
    n[at + 2] = n[STEP + WIDTH * entity]
    n[at + 3] = n[CLASS_NOW + WIDTH * contact_of(n, entity)]
    n[at + 4] = n[at + 5] = 0
    x[times], x[times + 1] = x[JOINED + TIMES_WIDTH * entity], now
    x[times + 2] = x[times + 3] = now
    return row


@inlined
def _count(n: Ints, x: Floats, step: int, change: int, now: float) -> None:
    """The area under the length of a queue, up to now."""
    x[AREA + step] += n[QUEUE + step] * (now - x[QUEUE_AT + step])
    x[QUEUE_AT + step] = now
    n[QUEUE + step] += change
    n[IN_QUEUE] += change


@inlined
def link(n: Ints, entity: int, slot: int) -> None:
    """Put into a line by ticket: nearly always last."""
    ahead = n[TAILS + slot]
    while ahead >= 0 and n[TICKET + WIDTH * ahead] > n[TICKET + WIDTH * entity]:
        ahead = n[BEFORE + WIDTH * ahead]
    behind = n[HEADS + slot] if ahead < 0 else n[AFTER + WIDTH * ahead]
    n[BEFORE + WIDTH * entity], n[AFTER + WIDTH * entity] = ahead, behind
    if ahead < 0:
        n[HEADS + slot] = entity
    else:
        n[AFTER + WIDTH * ahead] = entity
    if behind < 0:
        n[TAILS + slot] = entity
    else:
        n[BEFORE + WIDTH * behind] = entity
    n[SLOT + WIDTH * entity] = slot
    n[WAITING + (slot >> WORD)] |= 1 << (slot & WORD_MASK)


@inlined
def unlink(n: Ints, entity: int) -> None:
    """Take out of the line."""
    slot = n[SLOT + WIDTH * entity]
    ahead, behind = n[BEFORE + WIDTH * entity], n[AFTER + WIDTH * entity]
    if ahead < 0:
        n[HEADS + slot] = behind
    else:
        n[AFTER + WIDTH * ahead] = behind
    if behind < 0:
        n[TAILS + slot] = ahead
    else:
        n[BEFORE + WIDTH * behind] = ahead
    n[SLOT + WIDTH * entity] = -1
    if n[HEADS + slot] < 0:
        n[WAITING + (slot >> WORD)] &= ~(1 << (slot & WORD_MASK))


@inlined
def join(n: Ints, x: Floats, entity: int, slot: int, now: float) -> None:
    """Into a line, with the next ticket."""
    n[TICKET + WIDTH * entity] = n[TICKET_NEXT]
    n[TICKET_NEXT] += 1
    link(n, entity, slot)
    _count(n, x, n[STEP + WIDTH * entity], 1, now)


@inlined
def leave(n: Ints, x: Floats, entity: int, now: float) -> None:
    """Out of the queue, and a new look that still waits for somebody is called off."""
    step = n[STEP + WIDTH * entity]
    unlink(n, entity)
    _count(n, x, step, -1, now)
    n[TURN + WIDTH * entity] += 1
    if n[STEP_LOOK + step] < 0 or n[LOOKED + WIDTH * entity] < 0:
        return
    look = entity + n[CONTACTS]
    if n[SLOT + WIDTH * look] >= 0:
        unlink(n, look)
        _count(n, x, n[STEP + WIDTH * look], -1, now)
        n[TURN + WIDTH * look] += 1
        n[STEP + WIDTH * look] = -1


@inlined
def next_line(n: Ints, after: int) -> int:
    """The first line after one where anybody stands whose first need is free; -1: none.

    `after` is -1 to begin with.
    """
    word = (after + 1) >> WORD
    bits = n[WAITING + word] & (-1 << ((after + 1) & WORD_MASK))
    while True:
        while bits != 0:
            slot = (word << WORD) + lowest_bit(bits)
            if n[FREE] & n[SLOT_NEEDS + slot * MOST_NEEDS]:
                return slot
            bits &= bits - 1
        word += 1
        if word >= n[WORDS]:
            return -1
        bits = n[WAITING + word]


@inlined
def may_pass(n: Ints, step: int) -> bool:
    """Can nobody who waits begin now, so that who comes to a step need not stand behind?

    Only where the queue of the step is empty: else it would have to be counted.
    """
    if n[IN_QUEUE] == 0:
        return True
    return n[QUEUE + step] == 0 and next_line(n, -1) < 0
