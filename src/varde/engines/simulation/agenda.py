"""What is to happen to the contacts, in the order of time: a part of the calendar.

Few events are waiting at a time, so the next ones stand in a row, the first to happen last
in it: it is taken away without moving anything. What comes after the row is in a heap. In
place 0 of the row stands a moment after all others.

An event is a moment and one whole number. At the same minute the lowest number comes
first: by kind, then by contact (with new looks after all contacts), then by how often the
contact's plans were changed.
"""

from varde.engines.simulation.machine import inlined
from varde.engines.simulation.memory import (
    FAR,
    FAR_AT,
    FAR_WHAT,
    NEAR,
    NEAR_AT,
    NEAR_ROOM,
    NEAR_WHAT,
    TURN,
    WIDTH,
)
from varde.engines.simulation.tables import Floats, Ints


END, PATIENCE, LIMIT = 0, 1, 2
KIND_AT, ENTITY_AT = 61, 28  # the bits where a number's parts begin
ENTITY_MASK, TURN_MASK = (1 << (KIND_AT - ENTITY_AT)) - 1, (1 << ENTITY_AT) - 1


@inlined
def plan(n: Ints, x: Floats, moment: float, kind: int, entity: int) -> None:
    """Put an event of a contact on the agenda."""
    what = (kind << KIND_AT) | (entity << ENTITY_AT) | n[TURN + WIDTH * entity]
    size, hole = n[NEAR], 0
    if n[FAR] > 0 or size == NEAR_ROOM:
        if _is_after(moment, what, x[NEAR_AT + 1], n[NEAR_WHAT + 1]):
            _to_heap(n, x, moment, what)
            return
        if size == NEAR_ROOM:
            _to_heap(n, x, x[NEAR_AT + 1], n[NEAR_WHAT + 1])
            _put_among(n, x, moment, what, size)
            return
    hole = size + 1
    while not _is_after(x[NEAR_AT + hole - 1], n[NEAR_WHAT + hole - 1], moment, what):
        x[NEAR_AT + hole] = x[NEAR_AT + hole - 1]
        n[NEAR_WHAT + hole] = n[NEAR_WHAT + hole - 1]
        hole -= 1
    x[NEAR_AT + hole], n[NEAR_WHAT + hole] = moment, what
    n[NEAR] = size + 1


@inlined
def _put_among(n: Ints, x: Floats, moment: float, what: int, size: int) -> None:
    """Into a full row, in the room of its last one."""
    hole = 1
    while hole < size and _is_after(
        x[NEAR_AT + hole + 1], n[NEAR_WHAT + hole + 1], moment, what
    ):
        x[NEAR_AT + hole] = x[NEAR_AT + hole + 1]
        n[NEAR_WHAT + hole] = n[NEAR_WHAT + hole + 1]
        hole += 1
    x[NEAR_AT + hole], n[NEAR_WHAT + hole] = moment, what


@inlined
def take(n: Ints, x: Floats) -> int:
    """Take the first event off the agenda. What it is."""
    size = n[NEAR]
    what = n[NEAR_WHAT + size]
    n[NEAR] = size - 1
    if size == 1 and n[FAR] > 0:
        _refill(n, x)
    return what


@inlined
def _refill(n: Ints, x: Floats) -> None:
    """Fill half of the empty row with the first of the heap."""
    count = min(n[FAR], NEAR_ROOM // 2)
    for place in range(count, 0, -1):
        x[NEAR_AT + place], n[NEAR_WHAT + place] = x[n[FAR_AT]], n[n[FAR_WHAT]]
        _first_off_heap(n, x)
    n[NEAR] = count


@inlined
def _is_after(moment: float, what: int, other_at: float, other: int) -> bool:
    return moment > other_at or (moment == other_at and what > other)


@inlined
def _to_heap(n: Ints, x: Floats, moment: float, what: int) -> None:
    at, number, hole = n[FAR_AT], n[FAR_WHAT], n[FAR]
    n[FAR] = hole + 1
    while hole > 0:
        up = (hole - 1) >> 1
        if not _is_after(x[at + up], n[number + up], moment, what):
            break
        x[at + hole], n[number + hole] = x[at + up], n[number + up]
        hole = up
    x[at + hole], n[number + hole] = moment, what


@inlined
def _first_off_heap(n: Ints, x: Floats) -> None:
    at, number, size = n[FAR_AT], n[FAR_WHAT], n[FAR] - 1
    n[FAR] = size
    moment, what, hole = x[at + size], n[number + size], 0
    while 2 * hole + 1 < size:
        down = 2 * hole + 1
        if down + 1 < size and _is_after(
            x[at + down], n[number + down], x[at + down + 1], n[number + down + 1]
        ):
            down += 1
        if not _is_after(moment, what, x[at + down], n[number + down]):
            break
        x[at + hole], n[number + hole] = x[at + down], n[number + down]
        hole = down
    x[at + hole], n[number + hole] = moment, what
