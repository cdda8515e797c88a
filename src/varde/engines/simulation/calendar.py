"""The event calendar: one run of a scenario over arrays, compiled by numba.

Events at the same minute come in a fixed order: changes of duty, then the ends of steps,
patience and limits by the number of the contact, then arrivals. The functions here and in
`agenda`, `chances`, `lines` and `teams` are plain Python as well; `run` is compiled as `run_compiled`.

All whole numbers are in one array `n` and all minutes in one array `x`, laid out as
`memory` says; `drawn` are the numbers drawn. It reads less well than arrays with names, and
is the difference between some 300 thousand events a second and many millions: dozens of
arrays cannot be handed on quickly. Nothing is made in here, so numba's counting of
references is off.
"""

import hashlib
import math
from collections.abc import Callable
from importlib import resources

from numba import njit

from varde.engines.simulation.agenda import (
    END,
    ENTITY_AT,
    ENTITY_MASK,
    KIND_AT,
    LIMIT,
    PATIENCE,
    TURN_MASK,
    plan,
    take,
)
from varde.engines.simulation.chances import (
    FULL_FORK,
    GIVES_UP_FORK,
    NEXT_FORK,
    count_visit,
    minutes_of,
    number,
    way_on,
)
from varde.engines.simulation.lines import (
    contact_of,
    join,
    leave,
    link,
    may_pass,
    next_line,
    slot_of,
    unlink,
    write,
)
from varde.engines.simulation.machine import inlined, pointer
from varde.engines.simulation.memory import (
    AREA,
    BUSY,
    CAME,
    CAME_AGAIN,
    CAPACITY,
    CHANGE_AT,
    CHANGE_ON,
    CHANGE_WHO,
    CLASS_NOW,
    CLASSES,
    CONTACTS,
    DRAWN_CLASS,
    DRAWN_COLUMNS,
    DRAWN_FIRST,
    DRAWN_HOME,
    DRAWN_PLACE,
    EVENTS,
    FREE,
    GONE_AT,
    HEADS,
    HOLDER,
    HOME,
    HORIZON,
    IN_QUEUE,
    INSIDE,
    JOINED,
    LOG,
    LOOKED,
    N_JOINS,
    NEAR,
    NEAR_AT,
    OUTCOME,
    PATIENCE_ROW,
    PEOPLE,
    PLACE,
    QUEUE,
    QUEUE_AT,
    ROUTE_ROW,
    ROW,
    ROWS,
    SINCE,
    SLOT,
    SLOT_JOINS,
    SLOT_PRIORITY,
    STEP,
    STEP_AT,
    STEP_LIMIT,
    STEP_LOOK,
    STEP_RAISED,
    STEP_TRAVELS,
    STEP_WAITS,
    STEPS,
    TICKET,
    TIMES,
    TIMES_WIDTH,
    TURN,
    WIDTH,
)
from varde.engines.simulation.tables import (
    MOST_JOINS,
    Floats,
    Ints,
)
from varde.engines.simulation.teams import (
    change_duty,
    goal_of,
    hold,
    nearest,
    release,
    team_for,
    travel,
)


SERVED, GAVE_UP, REFUSED, STILL_WAITS = 0, 1, 2, 3
MET_BUSY, MISSED = 1, 2  # bits of a row's flags
NOWHERE = -1_000_000  # no way on is followed


@inlined
def _arrive(n: Ints, x: Floats, contacts: Ints, contact: int) -> int:
    """Make the record of a contact. The step that it goes to."""
    at, row = WIDTH * contact, DRAWN_COLUMNS * contact
    n[SLOT + at], n[TURN + at], n[LOOKED + at], n[OUTCOME + at] = -1, 0, -1, -1
    n[CAME + at] = n[CAME_AGAIN + at] = 0
    n[PLACE + at], n[HOME + at] = (
        contacts[row + DRAWN_PLACE],
        contacts[row + DRAWN_HOME],
    )
    n[CLASS_NOW + at] = contacts[row + DRAWN_CLASS]
    x[GONE_AT + TIMES_WIDTH * contact] = math.inf
    return contacts[row + DRAWN_FIRST]


@inlined
def _begin_step(
    n: Ints, x: Floats, drawn: Floats, entity: int, slot: int,
    team: int, slowest: float, fastest: float, now: float,
) -> None:  # fmt: skip
    """The step begins: those who join are found, the people held, its end set."""
    step = n[STEP + WIDTH * entity]
    contact = contact_of(n, entity)
    flags = MET_BUSY if n[INSIDE + step] > 0 else 0
    n[INSIDE + step] += 1
    for nr in range(n[N_JOINS + step]):
        who = n[FREE] & ~team & n[SLOT_JOINS + slot * MOST_JOINS + nr]
        if who == 0:
            flags |= MISSED
            continue
        place = goal_of(n, contact, n[STEP_AT + step])
        person, minutes = nearest(n, x, who, place, now)
        team |= 1 << person
        slowest, fastest = max(slowest, minutes), min(fastest, minutes)
    hold(n, x, entity, team, now)
    length = slowest + minutes_of(n, x, drawn, contact, step)
    if n[STEP_TRAVELS + step]:
        here, station = n[PLACE + WIDTH * contact], n[HOME + WIDTH * contact]
        length += travel(n, x, here, station, now)
    row = write(n, x, entity, SERVED, now)
    n[ROW + WIDTH * entity] = row
    if row >= 0:
        n[n[LOG] + 6 * row + 4], n[n[LOG] + 6 * row + 5] = team, flags
        times = n[TIMES] + 4 * row
        x[times + 2], x[times + 3] = now + fastest, now + length
    plan(n, x, now + length, END, entity)


@inlined
def _enter(
    n: Ints, x: Floats, drawn: Floats, entity: int, goal: int, now: float
) -> None:
    """Follow a way on, through steps that refuse, until something takes time."""
    contact = contact_of(n, entity)
    while goal >= 0:
        step = goal
        n[STEP + WIDTH * entity], x[JOINED + TIMES_WIDTH * entity] = step, now
        count_visit(n, contact, step)
        slot, waits = slot_of(n, contact, step), n[STEP_WAITS + step]
        begins, team, slowest, fastest = slot < 0, 0, 0.0, 0.0
        if not begins and (not waits or may_pass(n, step)):
            team, slowest, fastest = team_for(n, x, entity, slot, now)
            begins = team != 0
        if begins:
            _begin_step(n, x, drawn, entity, slot, team, slowest, fastest, now)
            return
        if waits:
            join(n, x, entity, slot, now)
            return
        write(n, x, entity, REFUSED, now)
        goal = way_on(n, x, drawn, contact, step, FULL_FORK, now)
    n[STEP + WIDTH * entity] = -1
    n[OUTCOME + WIDTH * contact], x[GONE_AT + TIMES_WIDTH * contact] = -1 - goal, now


@inlined
def _limit(n: Ints, x: Floats, contact: int, step: int) -> float:
    """Minutes until somebody must look at a contact that waits; infinite: never."""
    return x[n[STEP_LIMIT] + step * n[CLASSES] + n[CLASS_NOW + WIDTH * contact]]


@inlined
def _plan_limit(n: Ints, x: Floats, contact: int, step: int, now: float) -> None:
    limit = _limit(n, x, contact, step)
    if limit < math.inf:
        plan(n, x, now + limit, LIMIT, contact)


@inlined
def _set_limits(n: Ints, x: Floats, drawn: Floats, contact: int, now: float) -> None:
    """Patience and limit of one who has to wait, as events."""
    step = n[STEP + WIDTH * contact]
    row = n[PATIENCE_ROW + step]
    if row >= 0:
        patience = number(n, drawn, row, contact, step)
        plan(n, x, now + patience, PATIENCE, contact)
    if n[STEP_LOOK + step] >= 0:
        _plan_limit(n, x, contact, step, now)


@inlined
def _serve_waiting(n: Ints, x: Floats, drawn: Floats, now: float) -> None:
    """Begin all that can begin: by priority, then by who came first to the queue."""
    while n[IN_QUEUE] > 0 and n[FREE] != 0:
        best, best_slot, best_priority = -1, -1, 0
        team, slowest, fastest = 0, 0.0, 0.0
        slot = next_line(n, -1)
        while slot >= 0:
            entity, priority = n[HEADS + slot], n[SLOT_PRIORITY + slot]
            if best >= 0 and priority > best_priority:
                break
            if best < 0 or n[TICKET + WIDTH * entity] < n[TICKET + WIDTH * best]:
                found, slow, fast = team_for(n, x, entity, slot, now)
                if found:
                    best, best_slot, best_priority = entity, slot, priority
                    team, slowest, fastest = found, slow, fast
            slot = next_line(n, slot)
        if best < 0:
            return
        leave(n, x, best, now)
        _begin_step(n, x, drawn, best, best_slot, team, slowest, fastest, now)


@inlined
def _end_of_look(n: Ints, x: Floats, drawn: Floats, look: int, now: float) -> None:
    """After a new look the patient waits on, perhaps in the class before."""
    contact, step = look - n[CONTACTS], n[STEP + WIDTH * look]
    at = WIDTH * contact
    n[STEP + WIDTH * look] = -1
    if n[SLOT + at] < 0 or n[TICKET + at] != n[LOOKED + at]:
        return
    waiting = n[STEP + at]
    u = number(n, drawn, n[ROUTE_ROW + step], contact, step)
    if u < x[STEP_RAISED + waiting] and n[CLASS_NOW + at] > 0:
        unlink(n, contact)
        n[CLASS_NOW + at] -= 1
        link(n, contact, slot_of(n, contact, waiting))
    _plan_limit(n, x, contact, waiting, now)


@inlined
def _happen(
    n: Ints, x: Floats, drawn: Floats, kind: int, entity: int, now: float
) -> tuple[int, int]:
    """One event of a contact: who goes on (a contact or a new look), and where to."""
    if kind == END:
        step = n[STEP + WIDTH * entity]
        release(n, x, entity, now)
        if entity >= n[CONTACTS]:
            _end_of_look(n, x, drawn, entity, now)
            return entity, NOWHERE
        return entity, way_on(n, x, drawn, entity, step, NEXT_FORK, now)
    step = n[STEP + WIDTH * entity]
    if kind == PATIENCE:
        write(n, x, entity, GAVE_UP, now)
        leave(n, x, entity, now)
        return entity, way_on(n, x, drawn, entity, step, GIVES_UP_FORK, now)
    look = entity + n[CONTACTS]
    if n[LOOKED + WIDTH * entity] < 0:  # the first one: its record is made
        n[SLOT + WIDTH * look], n[TURN + WIDTH * look] = -1, 0
    elif n[STEP + WIDTH * look] >= 0:  # from an earlier wait
        _plan_limit(n, x, entity, step, now)
        return look, NOWHERE
    n[LOOKED + WIDTH * entity] = n[TICKET + WIDTH * entity]
    return look, n[STEP_LOOK + step]


@inlined
def _end_run(n: Ints, x: Floats) -> None:
    """Those who wait at the end get their row; areas and work are counted to the end."""
    horizon = x[HORIZON]
    entity, left = 0, n[IN_QUEUE]
    while left > 0:
        is_made = entity < n[CONTACTS] or n[LOOKED + WIDTH * contact_of(n, entity)] >= 0
        if is_made and n[SLOT + WIDTH * entity] >= 0:
            write(n, x, entity, STILL_WAITS, horizon)
            left -= 1
        entity += 1
    for step in range(n[STEPS]):
        x[AREA + step] += n[QUEUE + step] * (horizon - x[QUEUE_AT + step])
    for person in range(n[PEOPLE]):
        if n[HOLDER + person] >= 0:
            x[BUSY + person] += horizon - x[SINCE + person]


@inlined
def _all_events(n: Ints, x: Floats, arrived: Floats, contacts: Ints, drawn: Floats) -> None:  # fmt: skip
    change = arrival = 0
    horizon = x[HORIZON]
    while n[ROWS] <= n[CAPACITY]:
        duty_at, arrives_at = x[n[CHANGE_AT] + change], arrived[arrival]
        event_at = x[NEAR_AT + n[NEAR]]
        now = min(duty_at, event_at, arrives_at)
        if now > horizon:
            _end_run(n, x)
            return
        n[EVENTS] += 1
        entity, goal = -1, NOWHERE
        if duty_at == now:
            change_duty(n, x, n[n[CHANGE_WHO] + change], n[n[CHANGE_ON] + change], now)  # fmt: skip
            change += 1
        elif event_at == now:
            what = take(n, x)
            entity = (what >> ENTITY_AT) & ENTITY_MASK
            if what & TURN_MASK == n[TURN + WIDTH * entity]:  # else it was called off
                entity, goal = _happen(n, x, drawn, what >> KIND_AT, entity, now)
        else:
            entity, goal = arrival, _arrive(n, x, contacts, arrival)
            arrival += 1
        if goal != NOWHERE:
            _enter(n, x, drawn, entity, goal, now)
        _serve_waiting(n, x, drawn, now)
        if goal != NOWHERE and entity < n[CONTACTS] and n[SLOT + WIDTH * entity] >= 0:
            _set_limits(n, x, drawn, entity, now)


type Runner = Callable[[Ints, Floats, Floats, Ints, Floats], None]


def _made(sources: int) -> Runner:
    def run(n: Ints, x: Floats, arrived: Floats, contacts: Ints, drawn: Floats) -> None:
        """One run, in memory that `memory.begin` made ready. What happened is left there."""
        _ = sources  # what a function closes over is part of its key in numba's cache
        _all_events(pointer(n), pointer(x), pointer(arrived), pointer(contacts), pointer(drawn))  # fmt: skip

    return run


def _sources() -> int:
    """A hash of the files that are compiled: numba would look at this one only."""
    folder = resources.files(__package__)
    parts = (
        "agenda",
        "calendar",
        "chances",
        "lines",
        "machine",
        "memory",
        "tables",
        "teams",
    )
    texts = (folder.joinpath(f"{part}.py").read_bytes() for part in parts)
    found = hashlib.blake2b(b"\0".join(texts), digest_size=7)
    return int.from_bytes(found.digest())


run = _made(_sources())
run_compiled: Runner = njit(cache=True, error_model="numpy", _nrt=False)(run)  # type: ignore[call-overload]
