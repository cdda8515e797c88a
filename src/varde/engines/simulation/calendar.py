"""The event calendar: one run of a scenario over arrays, compiled by numba.

Events at the same minute come in a fixed order: changes of duty, then the ends of steps,
patience and limits by the number of the contact, then arrivals. The functions are plain
Python as well; `run` is compiled as `run_compiled`. They stay in one file because numba's
cache on disk only sees a change of the file that the compiled function is in.

All whole numbers are in one array `n` and all minutes in one array `x`, laid out as
`memory` says. It reads less well than arrays with names, and is the difference between some
300 thousand events a second and more than ten million: dozens of arrays cannot be handed
on quickly. Nothing is made in here, so numba's counting of references is off.
"""

import math

from numba import njit
from numba.extending import register_jitable

from varde.engines.simulation.memory import (
    AFTER,
    AREA,
    ARRIVED,
    BASE,
    BEFORE,
    BUSY,
    CAPACITY,
    CHANGE_AT,
    CHANGE_ON,
    CHANGE_WHO,
    CLASS_NOW,
    CLASSES,
    COLUMNS,
    CONTACTS,
    EVENTS,
    FIRST,
    FREE,
    GONE_AT,
    HAND_OVER,
    HANDS_OVER,
    HEADS,
    HEAP,
    HEAP_AT,
    HEAP_KEY,
    HEAP_TURN,
    HELD,
    HOLDER,
    HOME,
    HORIZON,
    IN_QUEUE,
    INSIDE,
    IS_BAD,
    JOINED,
    LEFT_AT,
    LOG,
    LOOKED,
    MATES,
    MINUTE_ROW,
    MOST_WAYS,
    N_JOINS,
    N_NEEDS,
    NEED_AT,
    NUMBERS,
    ON_DUTY,
    OUTCOME,
    PATIENCE_ROW,
    PEOPLE,
    PERIOD_AT,
    PERIODS,
    PLACE,
    PLACES,
    QUEUE,
    QUEUE_AT,
    ROUTE_ROW,
    ROW,
    ROWS,
    SINCE,
    SLOT,
    SLOT_JOINS,
    SLOT_NEEDS,
    SLOT_OF,
    SLOT_PRIORITY,
    SLOT_STEP,
    SLOTS,
    STEP,
    STEP_AT,
    STEP_FIXED,
    STEP_LIMIT,
    STEP_LOOK,
    STEP_RAISED,
    STEP_TRAVELS,
    STEP_WAITS,
    STEPS,
    TAILS,
    TICKET,
    TICKET_NEXT,
    TIER,
    TIMES,
    TIMES_WIDTH,
    TRAVEL,
    TURN,
    VISITS,
    WAY_COUNT,
    WAY_SHARE,
    WAY_TO,
    WHERE,
    WIDTH,
)
from varde.engines.simulation.tables import (
    MOST_JOINS,
    MOST_NEEDS,
    QUARTERS_A_WEEK,
    Floats,
    Ints,
)


SERVED, GAVE_UP, REFUSED, STILL_WAITS = 0, 1, 2, 3
END, PATIENCE, LIMIT = 0, 1, 2
MET_BUSY, MISSED = 1, 2  # bits of a row's flags
STRIDE = 7919  # a prime: a later visit to a step reads the reserve this far on
NEXT_FORK, GIVES_UP_FORK, FULL_FORK, FORK_COUNT = 0, 1, 2, 3
TO_STATION, TO_PATIENT = 0, 1


@register_jitable
def _contact(n: Ints, entity: int) -> int:
    """The contact of a visit: a new look at it has a number of its own."""
    return entity if entity < n[CONTACTS] else entity - n[CONTACTS]


@register_jitable
def _is_before(
    moment: float, key: int, turn: int, other_at: float, other_key: int, other_turn: int
) -> bool:
    if moment != other_at:
        return moment < other_at
    if key != other_key:
        return key < other_key
    return turn < other_turn


@register_jitable
def _push(n: Ints, x: Floats, moment: float, kind: int, entity: int) -> None:
    both = 2 * n[CONTACTS]
    key, turn = kind * both + entity, n[TURN + WIDTH * entity]
    hole = n[HEAP]
    n[HEAP] += 1
    while hole > 0:
        up = (hole - 1) >> 1
        if not _is_before(moment, key, turn, x[n[HEAP_AT] + up], n[n[HEAP_KEY] + up], n[n[HEAP_TURN] + up]):  # fmt: skip
            break
        x[n[HEAP_AT] + hole] = x[n[HEAP_AT] + up]
        n[n[HEAP_KEY] + hole] = n[n[HEAP_KEY] + up]
        n[n[HEAP_TURN] + hole] = n[n[HEAP_TURN] + up]
        hole = up
    x[n[HEAP_AT] + hole], n[n[HEAP_KEY] + hole], n[n[HEAP_TURN] + hole] = (
        moment,
        key,
        turn,
    )


@register_jitable
def _pop(n: Ints, x: Floats) -> None:
    """Take the first event away. What it was must be read before."""
    n[HEAP] -= 1
    size = n[HEAP]
    moment, key, turn = (
        x[n[HEAP_AT] + size],
        n[n[HEAP_KEY] + size],
        n[n[HEAP_TURN] + size],
    )
    hole = 0
    while True:
        down = 2 * hole + 1
        if down >= size:
            break
        if down + 1 < size and _is_before(
            x[n[HEAP_AT] + down + 1], n[n[HEAP_KEY] + down + 1], n[n[HEAP_TURN] + down + 1],
            x[n[HEAP_AT] + down], n[n[HEAP_KEY] + down], n[n[HEAP_TURN] + down],
        ):  # fmt: skip
            down += 1
        if not _is_before(x[n[HEAP_AT] + down], n[n[HEAP_KEY] + down], n[n[HEAP_TURN] + down], moment, key, turn):  # fmt: skip
            break
        x[n[HEAP_AT] + hole] = x[n[HEAP_AT] + down]
        n[n[HEAP_KEY] + hole] = n[n[HEAP_KEY] + down]
        n[n[HEAP_TURN] + hole] = n[n[HEAP_TURN] + down]
        hole = down
    x[n[HEAP_AT] + hole], n[n[HEAP_KEY] + hole], n[n[HEAP_TURN] + hole] = (
        moment,
        key,
        turn,
    )


@register_jitable
def _write(n: Ints, x: Floats, entity: int, kind: int, now: float) -> int:
    """A row of the log. When there is no room, only the number of rows grows."""
    row = n[ROWS]
    n[ROWS] += 1
    if row >= n[CAPACITY]:
        return -1
    contact = _contact(n, entity)
    n[n[LOG] + 6 * row + 0], n[n[LOG] + 6 * row + 1] = entity, kind
    n[n[LOG] + 6 * row + 2], n[n[LOG] + 6 * row + 3] = (
        n[STEP + WIDTH * entity],
        n[CLASS_NOW + WIDTH * contact],
    )
    n[n[LOG] + 6 * row + 4] = n[n[LOG] + 6 * row + 5] = 0
    x[n[TIMES] + 4 * row + 0], x[n[TIMES] + 4 * row + 1] = (
        x[JOINED + TIMES_WIDTH * entity],
        now,
    )
    x[n[TIMES] + 4 * row + 2] = x[n[TIMES] + 4 * row + 3] = now
    return row


@register_jitable
def _count_queue(n: Ints, x: Floats, step: int, change: int, now: float) -> None:
    x[AREA + step] += n[QUEUE + step] * (now - x[QUEUE_AT + step])
    x[QUEUE_AT + step] = now
    n[QUEUE + step] += change
    n[IN_QUEUE] += change


@register_jitable
def _link(n: Ints, x: Floats, entity: int, slot: int) -> None:
    """Put into a queue by ticket: nearly always last."""
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


@register_jitable
def _unlink(n: Ints, x: Floats, entity: int) -> None:
    slot, ahead, behind = (
        n[SLOT + WIDTH * entity],
        n[BEFORE + WIDTH * entity],
        n[AFTER + WIDTH * entity],
    )
    if ahead < 0:
        n[HEADS + slot] = behind
    else:
        n[AFTER + WIDTH * ahead] = behind
    if behind < 0:
        n[TAILS + slot] = ahead
    else:
        n[BEFORE + WIDTH * behind] = ahead
    n[SLOT + WIDTH * entity] = -1


@register_jitable
def _leave_queue(n: Ints, x: Floats, entity: int, now: float) -> None:
    """Out of the queue, and a new look that still waits for somebody is called off."""
    _unlink(n, x, entity)
    _count_queue(n, x, n[STEP + WIDTH * entity], -1, now)
    n[TURN + WIDTH * entity] += 1
    look = entity + n[CONTACTS]
    if look < 2 * n[CONTACTS] and n[SLOT + WIDTH * look] >= 0:
        _unlink(n, x, look)
        _count_queue(n, x, n[STEP + WIDTH * look], -1, now)
        n[TURN + WIDTH * look] += 1
        n[STEP + WIDTH * look] = -1


@register_jitable
def _minutes(n: Ints, x: Floats, contact: int, step: int) -> float:
    row = n[MINUTE_ROW + step]
    if row < 0:
        return x[STEP_FIXED + step]
    return _number(n, x, row, contact, step)


@register_jitable
def _number(n: Ints, x: Floats, row: int, contact: int, step: int) -> float:
    """The drawn number of a contact's visit to a step: later ones read the reserve."""
    visit, contacts = n[n[VISITS] + contact * n[STEPS] + step], n[CONTACTS]
    first = n[NUMBERS] + row * n[COLUMNS]
    if visit == 1:
        return x[first + contact]
    reserve = n[COLUMNS] - contacts
    return x[first + contacts + (contact + (visit - 1) * STRIDE) % reserve]


@register_jitable
def _slot_of(n: Ints, contact: int, step: int) -> int:
    c, place = n[CLASS_NOW + WIDTH * contact], n[HOME + WIDTH * contact]
    return n[n[SLOT_OF] + (step * n[CLASSES] + c) * n[PLACES] + place]


@register_jitable
def _reach(n: Ints, x: Floats, person: int, place: int, now: float) -> float:
    """Minutes until a person is at a place; who drives home may turn or drive on."""
    bad = n[n[IS_BAD] + int(now / 1440.0)]
    home, here = n[BASE + person], n[WHERE + person]
    spent = now - x[LEFT_AT + person]
    left = x[n[TRAVEL] + (bad * n[PLACES] + here) * n[PLACES] + home] - spent
    if left <= 0.0 or here == home:
        return x[n[TRAVEL] + (bad * n[PLACES] + home) * n[PLACES] + place]
    turned = spent + x[n[TRAVEL] + (bad * n[PLACES] + here) * n[PLACES] + place]
    return min(
        turned, left + x[n[TRAVEL] + (bad * n[PLACES] + home) * n[PLACES] + place]
    )


@register_jitable
def _goal(n: Ints, contact: int, goes: int) -> int:
    if goes == TO_STATION:
        return n[HOME + WIDTH * contact]
    return n[PLACE + WIDTH * contact] if goes == TO_PATIENT else -1


@register_jitable
def _nearest(n: Ints, x: Floats, who: int, place: int, now: float) -> tuple[int, float]:
    """The free one of the lowest tier who is there first, and the minutes; -1: none."""
    best, best_tier, best_min = -1, 0, 0.0
    person = 0
    while who > 0:
        if who & 1:
            minutes = 0.0 if place < 0 else _reach(n, x, person, place, now)
            tier = n[TIER + person]
            if (
                best < 0
                or tier < best_tier
                or (tier == best_tier and minutes < best_min)
            ):
                best, best_tier, best_min = person, tier, minutes
        who >>= 1
        person += 1
    return best, best_min


@register_jitable
def _team(
    n: Ints, x: Floats, entity: int, slot: int, now: float
) -> tuple[int, float, float]:
    """The people a step would get now, as bits (0: it cannot begin), and their way."""
    step = n[SLOT_STEP + slot]
    contact = _contact(n, entity)
    free, team, slowest, fastest = n[FREE], 0, 0.0, math.inf
    for need in range(n[N_NEEDS + step]):
        who = free & n[SLOT_NEEDS + slot * MOST_NEEDS + need]
        if who == 0:
            return 0, 0.0, 0.0
        goes = n[NEED_AT + step * MOST_NEEDS + need]
        place = _goal(n, contact, goes)
        person, minutes = _nearest(n, x, who, place, now)
        team |= 1 << person
        free &= ~(1 << person)
        slowest, fastest = max(slowest, minutes), min(fastest, minutes)
    return team, slowest, fastest


@register_jitable
def _begin_step(
    n: Ints,
    x: Floats,
    entity: int,
    team: int,
    slowest: float,
    fastest: float,
    now: float,
) -> None:
    """The step begins: those who join are found, the people held, its end set."""
    step = n[STEP + WIDTH * entity]
    contact = _contact(n, entity)
    flags = MET_BUSY if n[INSIDE + step] > 0 else 0
    slot = _slot_of(n, contact, step)
    free = n[FREE] & ~team
    for join in range(n[N_JOINS + step]):
        who = free & n[SLOT_JOINS + slot * MOST_JOINS + join]
        if who == 0:
            flags |= MISSED
            continue
        place = _goal(n, contact, n[STEP_AT + step])
        person, minutes = _nearest(n, x, who, place, now)
        team |= 1 << person
        free &= ~(1 << person)
        slowest, fastest = max(slowest, minutes), min(fastest, minutes)
    n[INSIDE + step] += 1
    n[HELD + WIDTH * entity] = team
    n[FREE] = free
    _hold(n, x, entity, team, now)
    length = slowest + _minutes(n, x, contact, step)
    if n[STEP_TRAVELS + step]:
        bad = n[n[IS_BAD] + int(now / 1440.0)]
        length += x[
            n[TRAVEL]
            + (bad * n[PLACES] + n[PLACE + WIDTH * contact]) * n[PLACES]
            + n[HOME + WIDTH * contact]
        ]
    row = _write(n, x, entity, SERVED, now)
    n[ROW + WIDTH * entity] = row
    if row >= 0:
        n[n[LOG] + 6 * row + 4], n[n[LOG] + 6 * row + 5] = team, flags
        x[n[TIMES] + 4 * row + 2], x[n[TIMES] + 4 * row + 3] = (
            now + fastest,
            now + length,
        )
    _push(n, x, now + length, END, entity)


@register_jitable
def _hold(n: Ints, x: Floats, entity: int, team: int, now: float) -> None:
    person = 0
    while team > 0:
        if team & 1:
            n[HOLDER + person], x[SINCE + person] = entity, now
        team >>= 1
        person += 1


@register_jitable
def _enter(n: Ints, x: Floats, entity: int, goal: int, now: float) -> None:
    """Follow a way on, through steps that refuse, until something takes time."""
    contact = _contact(n, entity)
    while goal >= 0:
        step = goal
        n[STEP + WIDTH * entity], x[JOINED + TIMES_WIDTH * entity] = step, now
        n[n[VISITS] + contact * n[STEPS] + step] += 1
        slot = _slot_of(n, contact, step)
        if slot < 0:
            _begin_step(n, x, entity, 0, 0.0, 0.0, now)
            return
        waits = n[STEP_WAITS + step]
        if not waits or n[IN_QUEUE] == 0:  # nobody is before this one
            team, slowest, fastest = _team(n, x, entity, slot, now)
            if team:
                _begin_step(n, x, entity, team, slowest, fastest, now)
                return
        if waits:
            _join(n, x, entity, slot, now)
            return
        _write(n, x, entity, REFUSED, now)
        goal = _way(n, x, contact, step, FULL_FORK, now)
    n[STEP + WIDTH * entity] = -1
    n[OUTCOME + WIDTH * contact], x[GONE_AT + TIMES_WIDTH * contact] = -1 - goal, now


@register_jitable
def _join(n: Ints, x: Floats, entity: int, slot: int, now: float) -> None:
    n[TICKET + WIDTH * entity] = n[TICKET_NEXT]
    n[TICKET_NEXT] += 1
    _link(n, x, entity, slot)
    _count_queue(n, x, n[STEP + WIDTH * entity], 1, now)


@register_jitable
def _way(n: Ints, x: Floats, contact: int, step: int, fork: int, now: float) -> int:
    """Where a contact goes from a step: a step, or -1 minus the outcome."""
    period = n[PERIOD_AT + int(now / 15.0) % QUARTERS_A_WEEK]
    fork = (step * FORK_COUNT + fork) * n[CLASSES] + n[CLASS_NOW + WIDTH * contact]
    fork = (fork * n[PLACES] + n[HOME + WIDTH * contact]) * n[PERIODS] + period
    first, last = fork * n[MOST_WAYS], n[n[WAY_COUNT] + fork] - 1
    if last > 0:
        u = _number(n, x, n[ROUTE_ROW + step], contact, step)
        for k in range(last):
            if u < x[n[WAY_SHARE] + first + k]:
                return n[n[WAY_TO] + first + k]
    return n[n[WAY_TO] + first + last]


@register_jitable
def _set_limits(n: Ints, x: Floats, entity: int, now: float) -> None:
    """Patience and limit of one who has to wait, as events."""
    step = n[STEP + WIDTH * entity]
    contact = _contact(n, entity)
    row = n[PATIENCE_ROW + step]
    if row >= 0:
        patience = _number(n, x, row, contact, step)
        _push(n, x, now + patience, PATIENCE, entity)
    if n[STEP_LOOK + step] >= 0:
        limit = x[n[STEP_LIMIT] + step * n[CLASSES] + n[CLASS_NOW + WIDTH * contact]]
        if limit < math.inf:
            _push(n, x, now + limit, LIMIT, entity)


@register_jitable
def _serve_waiting(n: Ints, x: Floats, now: float) -> None:
    """Begin all that can begin: by priority, then by who came first to the queue."""
    while n[IN_QUEUE] > 0 and n[FREE] != 0:
        best, best_priority = -1, 0
        team, slowest, fastest = 0, 0.0, 0.0
        for slot in range(n[SLOTS]):
            entity = n[HEADS + slot]
            if entity < 0:
                continue
            priority = n[SLOT_PRIORITY + slot]
            if best >= 0:
                if priority > best_priority:
                    break
                if n[TICKET + WIDTH * entity] > n[TICKET + WIDTH * best]:
                    continue
            found, slow, fast = _team(n, x, entity, slot, now)
            if found:
                best, best_priority = entity, priority
                team, slowest, fastest = found, slow, fast
        if best < 0:
            return
        _leave_queue(n, x, best, now)
        _begin_step(n, x, best, team, slowest, fastest, now)


@register_jitable
def _release(n: Ints, x: Floats, entity: int, now: float) -> None:
    """Those who were held are free, or go home; who was out is where the patient is."""
    step = n[STEP + WIDTH * entity]
    contact = _contact(n, entity)
    team, person = n[HELD + WIDTH * entity], 0
    while team > 0:
        if team & 1:
            x[BUSY + person] += now - x[SINCE + person]
            n[HOLDER + person] = -1
            if n[STEP_AT + step] == TO_PATIENT:
                n[WHERE + person] = n[PLACE + WIDTH * contact]
                x[LEFT_AT + person] = now
            n[FREE] |= (1 << person) & n[ON_DUTY]
        team >>= 1
        person += 1
    n[HELD + WIDTH * entity] = 0
    n[INSIDE + step] -= 1
    n[TURN + WIDTH * entity] += 1


@register_jitable
def _end_of_look(n: Ints, x: Floats, look: int, now: float) -> None:
    """After a new look the patient waits on, perhaps in the class before."""
    contact, step = look - n[CONTACTS], n[STEP + WIDTH * look]
    n[STEP + WIDTH * look] = -1
    if (
        n[SLOT + WIDTH * contact] < 0
        or n[TICKET + WIDTH * contact] != n[LOOKED + WIDTH * contact]
    ):
        return
    waiting = n[STEP + WIDTH * contact]
    u = _number(n, x, n[ROUTE_ROW + step], contact, step)
    if u < x[STEP_RAISED + waiting] and n[CLASS_NOW + WIDTH * contact] > 0:
        _unlink(n, x, contact)
        n[CLASS_NOW + WIDTH * contact] -= 1
        _link(n, x, contact, _slot_of(n, contact, waiting))
    limit = x[n[STEP_LIMIT] + waiting * n[CLASSES] + n[CLASS_NOW + WIDTH * contact]]
    if limit < math.inf:
        _push(n, x, now + limit, LIMIT, contact)


@register_jitable
def _limit_passed(n: Ints, x: Floats, contact: int, now: float) -> None:
    """Somebody must look at the patient again. The place in the queue is kept."""
    look, step = contact + n[CONTACTS], n[STEP + WIDTH * contact]
    if n[STEP + WIDTH * look] >= 0:  # from an earlier wait
        _push(
            n,
            x,
            now + x[n[STEP_LIMIT] + step * n[CLASSES] + n[CLASS_NOW + WIDTH * contact]],
            LIMIT,
            contact,
        )
        return
    n[LOOKED + WIDTH * contact] = n[TICKET + WIDTH * contact]
    _enter(n, x, look, n[STEP_LOOK + step], now)


@register_jitable
def _change_duty(n: Ints, x: Floats, person: int, is_on: int, now: float) -> None:
    bit = 1 << person
    entity = n[HOLDER + person]
    if is_on:
        n[ON_DUTY] |= bit
        if entity < 0:
            n[FREE] |= bit
        return
    n[ON_DUTY] &= ~bit
    n[FREE] &= ~bit
    if entity < 0 or not n[HANDS_OVER + person]:
        return
    if n[STEP_AT + n[STEP + WIDTH * entity]] == TO_PATIENT:
        return
    who = n[FREE] & n[MATES + person]
    taker, _ = _nearest(n, x, who, -1, now)
    if taker >= 0:
        _hand_over(n, x, entity, person, taker, now)


@register_jitable
def _hand_over(
    n: Ints, x: Floats, entity: int, person: int, taker: int, now: float
) -> None:
    x[BUSY + person] += now - x[SINCE + person]
    n[HOLDER + person] = -1
    n[HOLDER + taker], x[SINCE + taker] = entity, now
    n[FREE] &= ~(1 << taker)
    n[HELD + WIDTH * entity] = (n[HELD + WIDTH * entity] & ~(1 << person)) | (
        1 << taker
    )
    row = n[ROW + WIDTH * entity]
    n[n[LOG] + 6 * row + 4] |= 1 << taker
    x[n[TIMES] + 4 * row + 3] += x[HAND_OVER]
    n[TURN + WIDTH * entity] += 1
    _push(n, x, x[n[TIMES] + 4 * row + 3], END, entity)


@register_jitable
def _happen(n: Ints, x: Floats, kind: int, entity: int, now: float) -> None:
    """One event of a contact. Afterwards, all that can begin does."""
    contacts = n[CONTACTS]
    contact, step = _contact(n, entity), n[STEP + WIDTH * entity]
    joined = entity
    if kind == END:
        _release(n, x, entity, now)
        if entity >= contacts:
            _end_of_look(n, x, entity, now)
            joined = -1
        else:
            goal = _way(n, x, contact, step, NEXT_FORK, now)
            _enter(n, x, entity, goal, now)
    elif kind == PATIENCE:
        _write(n, x, entity, GAVE_UP, now)
        _leave_queue(n, x, entity, now)
        goal = _way(n, x, contact, step, GIVES_UP_FORK, now)
        _enter(n, x, entity, goal, now)
    else:
        _limit_passed(n, x, entity, now)
        joined = -1
    _serve_waiting(n, x, now)
    if joined >= 0 and n[SLOT + WIDTH * joined] >= 0:
        _set_limits(n, x, joined, now)


@register_jitable
def _end_run(n: Ints, x: Floats) -> None:
    """Those who wait at the end get their row; areas and work are counted to the end."""
    horizon = x[HORIZON]
    for entity in range(2 * n[CONTACTS]):
        if n[SLOT + WIDTH * entity] >= 0:
            _write(n, x, entity, STILL_WAITS, horizon)
    for step in range(n[STEPS]):
        x[AREA + step] += n[QUEUE + step] * (horizon - x[QUEUE_AT + step])
    for person in range(n[PEOPLE]):
        if n[HOLDER + person] >= 0:
            x[BUSY + person] += horizon - x[SINCE + person]


@register_jitable
def _all_events(n: Ints, x: Floats) -> None:
    both = 2 * n[CONTACTS]
    change = arrival = 0
    horizon = x[HORIZON]
    while n[ROWS] <= n[CAPACITY]:
        duty_at, arrives_at = x[n[CHANGE_AT] + change], x[n[ARRIVED] + arrival]
        event_at = x[n[HEAP_AT] + 0] if n[HEAP] > 0 else math.inf
        now = min(duty_at, event_at, arrives_at)
        if now > horizon:
            break
        n[EVENTS] += 1
        if duty_at == now:
            _change_duty(n, x, n[n[CHANGE_WHO] + change], n[n[CHANGE_ON] + change], now)  # fmt: skip
            change += 1
            _serve_waiting(n, x, now)
        elif event_at == now:
            key = n[n[HEAP_KEY]]
            kind = END if key < both else (PATIENCE if key < 2 * both else LIMIT)
            entity = key - kind * both
            is_current = n[n[HEAP_TURN] + 0] == n[TURN + WIDTH * entity]
            _pop(n, x)
            if is_current:
                _happen(n, x, kind, entity, now)
        else:
            _enter(n, x, arrival, n[FIRST + WIDTH * arrival], now)
            _serve_waiting(n, x, now)
            if n[SLOT + WIDTH * arrival] >= 0:
                _set_limits(n, x, arrival, now)
            arrival += 1
    _end_run(n, x)


@register_jitable
def run(n: Ints, x: Floats) -> None:
    """One run, in the memory that `memory.lay_out` made. It leaves what happened there."""
    _all_events(n, x)


run_compiled = njit(cache=True, error_model="numpy", _nrt=False)(run)  # type: ignore[call-overload]
