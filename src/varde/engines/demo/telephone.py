"""The telephone of a month: which calls come, and what becomes of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from varde.engines.demo.actions import DOOR
from varde.engines.demo.codes import (
    CHANNELS,
    NONE,
    Channel,
    Floats,
    Ints,
    lognormal,
)
from varde.engines.demo.columns import Calls, moment
from varde.engines.demo.contacts import Judged
from varde.engines.demo.places import Demo, StaffMember
from varde.engines.demo.rosters import operator_duties, size_of
from varde.engines.demo.switchboard import (
    MOST_ATTEMPTS,
    Attempts,
    Incoming,
    Switchboard,
    answer,
)


_PUBLIC, _OWN_NUMBER = "116117", "lokal"
_LINE_OF: Final = {
    Channel.HEALTH: "helsepersonell",
    Channel.NURSING_HOME: "sykehjem",
    Channel.AMK: "amk",
    Channel.POLICE: "politi",
    Channel.ALARM: "trygghetsalarm",
}
_QUICK_HANG_UP_S: Final = (6.0, 0.6)
_AFTER_ENQUIRY_S: Final = (15.0, 0.5)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstAtWork:
    """Which operator goes to the door and rings back: the first of each shift."""

    starts: Floats
    operator: Ints

    def at(self, when: Floats) -> Ints:
        """The operator at each moment."""
        row = np.searchsorted(self.starts, when, side="right") - 1
        return np.asarray(self.operator[np.maximum(row, 0)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Ringing:
    """Those who ring for the first time, in order of time.

    `contact` is the row of the contact that comes of it, or NONE for an enquiry.
    """

    rings: Floats
    line: Ints
    caller: Ints
    contact: Ints
    busy_s: Floats
    talk_s: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """What became of the telephone of a month.

    `calls` has one row for each time somebody rang; its `number` and `contact` are rows,
    not yet numbers. `opened`, `operator`, `call` and `was_rung_back` have one row for
    each contact, NaN and NONE for those at the door.
    """

    calls: Calls
    opened: Floats
    operator: Ints
    call: Ints


def line_code(channel: Channel, *, is_own_number: bool) -> str:
    """The line that a channel rings on. The public has two numbers to choose from.

    >>> line_code(Channel.PHONE, is_own_number=True), line_code(Channel.AMK, is_own_number=True)
    ('lokal', 'amk')
    """
    return _LINE_OF.get(channel, _OWN_NUMBER if is_own_number else _PUBLIC)


def put_on_duty(
    board: Switchboard,
    demo: Demo,
    staff: Sequence[StaffMember],
    *,
    sentral: str,
    seed: int,
    first: date,
    last: date,
    done_until: date | None,
    scale: float,
) -> FirstAtWork:
    """Give the board the operators of a period, and tell who is first at work.

    The duties of the day before are of the period too, since its night shift ends in it.
    Those up to `done_until` have been given to the board before.
    """
    starts: list[float] = []
    operators: list[int] = []
    size = size_of(demo, sentral=sentral, year=last.year, scale=scale)
    for number in range(-1, (last - first).days + 1):
        day = first + number * _DAY
        duties = operator_duties(
            demo, staff, sentral=sentral, seed=seed, day=day, size=size
        )
        for duty in duties:
            begin, end = duty.starts_at.timestamp(), duty.ends_at.timestamp()
            if done_until is None or day > done_until:
                board.add_duty(operator=duty.person, starts=begin, ends=end)
            if not starts or begin != starts[-1]:
                starts.append(begin)
                operators.append(duty.person)
    order = np.argsort(starts)
    return FirstAtWork(
        starts=np.array(starts)[order], operator=np.array(operators)[order]
    )


def ringing(
    demo: Demo,
    judged: Judged,
    *,
    came: Floats,
    person: Ints,
    enquiries: Floats,
    askers: Ints,
    rng: np.random.Generator,
) -> Ringing:
    """The calls of contacts and of those who only ask, together in order of time."""
    guess = demo.assumptions
    codes = [line.code for line in demo.lines]
    local, public = codes.index(_OWN_NUMBER), codes.index(_PUBLIC)
    line_of = np.array(
        [codes.index(line_code(c, is_own_number=False)) for c in CHANNELS]
    )
    by_phone = np.flatnonzero(judged.channel != DOOR)
    talk = judged.talk_s[by_phone]
    others = lognormal(guess.other_work_s, size=len(by_phone), rng=rng)
    asking = lognormal(guess.enquiry_s, size=len(enquiries), rng=rng)
    after = lognormal(_AFTER_ENQUIRY_S, size=len(enquiries), rng=rng)
    rings = np.concatenate((came[by_phone], enquiries))
    line = np.concatenate(
        (line_of[judged.channel[by_phone]], np.full(len(enquiries), public))
    )
    on_own_number = (line == public) & (rng.random(len(line)) < guess.local_number)
    order = np.argsort(rings, kind="stable")
    return Ringing(
        rings=rings[order],
        line=np.where(on_own_number, local, line)[order],
        caller=np.concatenate((person[by_phone], askers))[order],
        contact=np.concatenate((by_phone, np.full(len(enquiries), NONE)))[order],
        talk_s=np.concatenate((talk.astype(np.float64), asking))[order],
        busy_s=np.concatenate(
            (talk + judged.close_s[by_phone] + others, asking + after)
        )[order],
    )


def let_ring(
    board: Switchboard,
    demo: Demo,
    ringers: Ringing,
    *,
    contacts: int,
    first_at_work: FirstAtWork,
    rng: np.random.Generator,
) -> Rung:
    """Let everybody ring, and ring back those who gave up."""
    attempts = answer(board, _incoming(demo, ringers, rng=rng))
    order = np.argsort(attempts.rings, kind="stable")
    attempts = _in_order(attempts, order)
    settled, settled_by = _settled(demo, attempts, first_at_work=first_at_work, rng=rng)

    source, count = attempts.source, len(attempts.source)
    is_last = np.zeros(count, dtype=np.bool_)
    is_last[_last_rows(source, attempts.attempt)] = True
    priority = np.array([line.priority for line in demo.lines])[ringers.line]
    contact = np.where(is_last, ringers.contact[source], NONE)
    ended = attempts.answered + ringers.talk_s[source]
    calls = Calls(
        number=np.arange(count),
        line=ringers.line[source],
        priority=priority[source],
        ringing_at=moment(attempts.rings),
        answered_at=moment(attempts.answered),
        ended_at=moment(np.where(np.isnan(ended), attempts.gave_up, ended)),
        operator=attempts.operator,
        caller=ringers.caller[source],
        contact=contact,
        settled_at=moment(settled),
        settled_by=settled_by,
    )
    rows = np.flatnonzero(contact != NONE)
    opened = np.full(contacts, np.nan)
    operator, call = np.full(contacts, NONE), np.full(contacts, NONE)
    is_answered = ~np.isnan(attempts.answered)
    opened[contact[rows]] = np.where(is_answered, attempts.answered, settled)[rows]
    operator[contact[rows]] = np.where(is_answered, attempts.operator, settled_by)[rows]
    call[contact[rows]] = rows
    return Rung(calls=calls, opened=opened, operator=operator, call=call)


def _incoming(demo: Demo, ringers: Ringing, *, rng: np.random.Generator) -> Incoming:
    guess = demo.assumptions
    count = len(ringers.rings)
    size = count * MOST_ATTEMPTS
    priority = np.array([line.priority for line in demo.lines])[ringers.line]
    patience = lognormal(guess.patience_s, size=size, rng=rng)
    is_quick = rng.random(size) < guess.quick_hang_up
    patience[is_quick] = lognormal(_QUICK_HANG_UP_S, size=int(is_quick.sum()), rng=rng)
    shape = (count, MOST_ATTEMPTS)
    rings_again = np.where(
        ringers.contact == NONE, guess.enquiry_rings_again, guess.ring_again
    )
    again = lognormal(guess.ring_again_s, size=size, rng=rng).reshape(shape)
    again[rng.random(shape) >= rings_again[:, None]] = np.inf
    return Incoming(
        rings=ringers.rings,
        priority=priority,
        busy_s=ringers.busy_s,
        patience_s=patience.reshape(shape),
        reaction_s=lognormal(guess.reaction_s, size=size, rng=rng).reshape(shape),
        again_s=again,
    )


def _in_order(attempts: Attempts, order: Ints) -> Attempts:
    return Attempts(
        source=attempts.source[order],
        attempt=attempts.attempt[order],
        rings=attempts.rings[order],
        answered=attempts.answered[order],
        gave_up=attempts.gave_up[order],
        operator=attempts.operator[order],
    )


def _last_rows(source: Ints, attempt: Ints) -> Ints:
    """The row of the last attempt of each source."""
    order = np.lexsort((attempt, source))
    is_last = np.append(np.diff(source[order]) != 0, [True] * bool(len(source)))
    return order[is_last.astype(np.bool_)]


def _settled(
    demo: Demo,
    attempts: Attempts,
    *,
    first_at_work: FirstAtWork,
    rng: np.random.Generator,
) -> tuple[Floats, Ints]:
    """When each abandoned call was settled, and by whom; NaN and NONE for the others."""
    count = len(attempts.source)
    order = np.lexsort((attempts.attempt, attempts.source))
    same = np.append(np.diff(attempts.source[order]) == 0, [False] * bool(count))
    next_ring = np.full(count, np.nan)
    followed = np.flatnonzero(same)
    next_ring[order[followed]] = attempts.rings[order[followed + 1]]
    delay = lognormal(demo.assumptions.call_back_s, size=count, rng=rng)
    rung_back = attempts.gave_up + delay
    is_abandoned = np.isnan(attempts.answered)
    by_operator = is_abandoned & np.isnan(next_ring)
    settled = np.where(
        is_abandoned, np.where(by_operator, rung_back, next_ring), np.nan
    )
    when = np.where(by_operator, rung_back, 0.0)
    return settled, np.where(by_operator, first_at_work.at(when), NONE)
