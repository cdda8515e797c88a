"""What becomes of the calls: who is answered, how fast, and who gives up.

A small simulation of the sentral's telephone. Calls come at the given moments and wait in
one queue, priority lines first. A free operator takes the first of it; the one who has
been free the longest takes the next call. A caller who waits too long hangs up, and may
ring again. Operators come and go by their duties; a call that is going on is finished.

So answer times follow the load hour by hour, as they do in a sentral, instead of being
drawn from one distribution for day and night alike.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush

import numpy as np

from varde.engines.demo.codes import NONE, Floats, Ints


MOST_ATTEMPTS = 3
_FREE, _GIVES_UP, _RINGS_AGAIN = range(3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """The calls that come, one row each, in order of time. Seconds since 1970.

    `busy_s` is how long an operator is taken by the call, after-work included. The three
    tables have one column for each time the caller may ring: how long the caller waits
    before hanging up, how long a free operator needs to answer, and after how long the
    caller rings again, infinite where not at all. The last column of `again_s` is never
    used, since nobody rings a fourth time.
    """

    rings: Floats
    priority: Ints
    busy_s: Floats
    patience_s: Floats
    reaction_s: Floats
    again_s: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempts:
    """Every time somebody rang, in the order it was settled. Seconds since 1970.

    `source` is the row of the incoming call, `attempt` counts its rings from 0.
    `answered` is NaN where nobody did; then `gave_up` is when the caller hung up, and NaN
    otherwise. `operator` is NONE where nobody answered.
    """

    source: Ints
    attempt: Ints
    rings: Floats
    answered: Floats
    gave_up: Floats
    operator: Ints


type _Event = tuple[float, int, int, float]


@dataclass(slots=True)
class Switchboard:
    """The state of the telephone between one lot of calls and the next."""

    events: list[_Event] = field(default_factory=list)
    idle: deque[tuple[float, int, float]] = field(default_factory=deque)

    def add_duty(self, *, operator: int, starts: float, ends: float) -> None:
        """An operator who takes calls from one moment to another."""
        heappush(self.events, (starts, _FREE, operator, ends))


def answer(board: Switchboard, calls: Incoming) -> Attempts:
    """Let the calls come, until each is answered or given up.

    Parameters
    ----------
    board : Switchboard
        With the duties that the calls fall in. It is changed: operators may still be
        busy when the last call has been settled.
    calls : Incoming
        Must not begin before the calls that this board has had. Without calls nothing
        happens.

    Returns
    -------
    Attempts
        Each incoming call has 1 to 3 attempts. All but the last were given up; the last
        was answered, or given up for good. With no operator on duty all give up.

    Notes
    -----
    Callers do not know how long the queue is, and operators do not take breaks. The first
    makes the queue longer than it would be, the second shorter.
    """
    return _Run(board, calls).settle()


class _Run:
    """One lot of calls going through the board."""

    def __init__(self, board: Switchboard, calls: Incoming) -> None:
        self.board = board
        self.rings = calls.rings.tolist()
        self.priority = calls.priority.tolist()
        self.busy_s = calls.busy_s.tolist()
        self.patience_s = calls.patience_s.tolist()
        self.reaction_s = calls.reaction_s.tolist()
        self.again_s = calls.again_s.tolist()
        self.queue: list[tuple[int, float, int]] = []
        self.waiting: dict[int, tuple[int, int, float]] = {}
        self.coming_again = 0
        self.ticket = 0
        self.done: list[tuple[int, int, float, float, float, int]] = []

    def settle(self) -> Attempts:
        for source, moment in enumerate(self.rings):
            self.let_happen(until=moment)
            self.ring(moment, source, 0)
        while self.waiting or self.coming_again:
            self.let_happen(until=self.board.events[0][0])
        return self.attempts()

    def let_happen(self, *, until: float) -> None:
        events = self.board.events
        while events and events[0][0] <= until:
            moment, kind, number, extra = heappop(events)
            if kind == _FREE:
                self.become_free(moment, number, extra)
            elif kind == _GIVES_UP:
                self.give_up(moment, number)
            else:
                self.coming_again -= 1
                self.ring(moment, number, int(extra))

    def ring(self, moment: float, source: int, attempt: int) -> None:
        patience = self.patience_s[source][attempt]
        reaction = self.reaction_s[source][attempt]
        free = self.free_operator(moment)
        if free is not None and patience > reaction:
            since, operator, off = free
            answered = max(moment, since) + reaction
            self.take(source, attempt, moment, answered, operator, off)
            return
        if free is not None:
            self.board.idle.appendleft(free)
        self.ticket += 1
        self.waiting[self.ticket] = (source, attempt, moment)
        heappush(self.queue, (-self.priority[source], moment, self.ticket))
        heappush(self.board.events, (moment + patience, _GIVES_UP, self.ticket, 0.0))

    def free_operator(self, moment: float) -> tuple[float, int, float] | None:
        """The one who has been free the longest and is still on duty."""
        idle = self.board.idle
        while idle:
            first = idle.popleft()
            if first[2] > moment:
                return first
        return None

    def become_free(self, moment: float, operator: int, off: float) -> None:
        if off <= moment:
            return
        for ticket in self.first_in_queue():
            source, attempt, rang = self.waiting.pop(ticket)
            answered = moment + self.reaction_s[source][attempt]
            self.take(source, attempt, rang, answered, operator, off)
            return
        self.board.idle.append((moment, operator, off))

    def first_in_queue(self) -> Iterator[int]:
        while self.queue:
            _, _, ticket = heappop(self.queue)
            if ticket in self.waiting:
                yield ticket

    def take(
        self,
        source: int,
        attempt: int,
        rang: float,
        answered: float,
        operator: int,
        off: float,
    ) -> None:
        self.done.append((source, attempt, rang, answered, np.nan, operator))
        heappush(
            self.board.events, (answered + self.busy_s[source], _FREE, operator, off)
        )

    def give_up(self, moment: float, ticket: int) -> None:
        if ticket not in self.waiting:
            return  # answered meanwhile
        source, attempt, rang = self.waiting.pop(ticket)
        self.done.append((source, attempt, rang, np.nan, moment, NONE))
        again = self.again_s[source][attempt]
        if attempt + 1 < MOST_ATTEMPTS and again < float("inf"):
            self.coming_again += 1
            heappush(
                self.board.events, (moment + again, _RINGS_AGAIN, source, attempt + 1.0)
            )

    def attempts(self) -> Attempts:
        columns = list(zip(*self.done, strict=True)) or [()] * 6
        source, attempt, rings, answered, gave_up, operator = columns
        return Attempts(
            source=np.array(source, dtype=np.int64),
            attempt=np.array(attempt, dtype=np.int64),
            rings=np.array(rings, dtype=np.float64),
            answered=np.array(answered, dtype=np.float64),
            gave_up=np.array(gave_up, dtype=np.float64),
            operator=np.array(operator, dtype=np.int64),
        )
