"""Help between sentraler: who has what in hand, and when it may change hands.

Two sentraler, each with its own server, have an agreement. The *owner* is the one that is
helped, the *helper* the one that helps. What waits at the owner is a set of *items*, each
with a key that is the same on both sides. Messages may be lost, doubled and reordered, and
either side may die at any moment; therefore every message tells a state and not a step,
every message is numbered, and what was done with an item is handed back as a record that
is sent again until it is acknowledged, and taken in once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto


class Stage(StrEnum):
    """How far a take-over has come, as the helper has it."""

    ASKING = auto()  # the owner lives: it must say first what it lets go of
    ACTIVE = auto()
    RETURNING = auto()
    ENDED = auto()


class Held(StrEnum):
    """Where one item is, as the side that has the row sees it."""

    OPEN = auto()  # with the helper
    BACK = auto()  # what was done is written down and on its way to the owner
    DONE = auto()  # the owner has it: acknowledged


class Result(StrEnum):
    """What the helper did with an item."""

    REACHED = auto()
    UNREACHABLE = auto()
    CANCELLED = auto()
    ANSWERED = auto()  # a call that was answered
    OPEN = auto()  # nobody got to it: the owner has it again


class OwnRow(StrEnum):
    """What the owner's own row of an item is when the helper's record comes."""

    NONE = auto()  # it came to the helper while the owner was away
    OPEN = auto()
    SETTLED = auto()  # somebody at the owner's settled it too


class TakeIn(StrEnum):
    """What the owner does with a record."""

    SETTLE = auto()  # strike our row off: the helper has done it
    KEEP = auto()  # ours stays on the list
    ADD = auto()  # put it on our list
    NOTE = auto()  # keep the record; nothing is to be done
    DOUBLED = auto()  # done on both sides: keep the record, and say so


@dataclass(frozen=True, slots=True, kw_only=True)
class AtHelper:
    """What the helper knows of one item when it is to be given back.

    `callback` is None where there is no entry on the list to ring back, else whether it is
    open. A contact that is open is in somebody's hand, or will be.
    """

    is_on_the_line: bool = False
    is_spoken_with: bool = False
    is_contact_open: bool = False
    is_callback_open: bool | None = None
    callback_result: Result = Result.REACHED


def is_gone(heard_at: datetime | None, *, now: datetime, missed_s: float) -> bool:
    """Has the other been silent for so long that it counts as gone?

    One that was never heard has not been lost: False. Exactly at the limit is gone.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 1, 2, 12, tzinfo=UTC)
    >>> is_gone(noon, now=noon + timedelta(seconds=20), missed_s=20)
    True
    """
    return heard_at is not None and now - heard_at >= timedelta(seconds=missed_s)


def is_lost(
    heard_at: datetime | None,
    *,
    refused_at: datetime | None,
    now: datetime,
    missed_s: float,
) -> bool:
    """Is it gone, so that one takes over without asking anybody?

    One that answers, and says no to what we say, is not gone: a secret or a clock is wrong
    at one of us. Then a person decides.
    """
    speaks = refused_at is not None and not is_gone(
        refused_at, now=now, missed_s=missed_s
    )
    return is_gone(heard_at, now=now, missed_s=missed_s) and not speaks


def first_stage(
    heard_at: datetime | None, *, now: datetime, missed_s: float, is_drill: bool
) -> Stage:
    """Where a take-over begins: an owner that lives is asked what it lets go of.

    A drill moves nobody's patient, so there is nothing to wait for.
    """
    if is_drill or heard_at is None or is_gone(heard_at, now=now, missed_s=missed_s):
        return Stage.ACTIVE
    return Stage.ASKING


def pause_s(failures: int, *, beat_s: float, most_s: float) -> float:
    """Seconds until the next try after so many failures in a row: doubled each time.

    Never longer than `most_s`, and never shorter than a beat.

    >>> [pause_s(n, beat_s=2, most_s=15) for n in (0, 1, 2, 9)]
    [2.0, 4.0, 8.0, 15.0]
    """
    return float(max(beat_s, min(most_s, beat_s * 2 ** min(failures, 10))))


def is_news(seq: int, *, last: int) -> bool:
    """Is the message newer than all that came before? Doubled and late ones are not."""
    return seq > last


def plain_key(key: str) -> str:
    """What an item is called at the owner, whichever time it is taken up.

    >>> plain_key("2~call:a"), plain_key("call:a~b")
    ('call:a', 'call:a~b')
    """
    turn, mark, rest = key.partition("~")
    return rest if mark and turn.isdecimal() else key


def current_key(key: str, known: Mapping[str, bool]) -> str | None:
    """The name under which an item changes hands now; None for one that may not.

    `known` tells of each name that was used in this take-over whether the item came back
    undone. One that did, and waits when help begins anew, goes again under a new name: what
    is said of one name is said once.

    >>> current_key("call:a", {}), current_key("call:a", {"call:a": True})
    ('call:a', '2~call:a')
    """
    turn, name = 1, key
    while name in known:
        if not known[name]:
            return None
        turn += 1
        name = f"{turn}~{key}"
    return name


def to_take_up(
    told: Iterable[str], *, let_go: Iterable[str] | None, known: Mapping[str, bool]
) -> list[str]:
    """The names that the helper takes up now: told of, let go of, and not taken up before.

    `let_go` is None when the owner is gone and cannot say: then it is all that was told.
    `known` is as in `current_key`. The order is that in which they were told, or let go of.
    """
    if let_go is None:
        names = [current_key(key, known) for key in dict.fromkeys(told)]
        return [name for name in names if name is not None]
    waits = set(told)
    return [
        name
        for name in dict.fromkeys(let_go)
        if name not in known and plain_key(name) in waits
    ]


def ready(item: AtHelper) -> Result | None:
    """What is handed back of an item; None while somebody works with it.

    A talk, and a contact that is open, are finished where they are: a patient does not
    change sentral in the middle of a sentence.
    """
    if item.is_on_the_line or item.is_contact_open:
        return None
    if item.is_callback_open is None:
        return Result.ANSWERED if item.is_spoken_with else Result.OPEN
    return Result.OPEN if item.is_callback_open else item.callback_result


def take_in(result: Result, own: OwnRow, *, is_known: bool) -> TakeIn | None:
    """What the owner does with a record. None for one that it has taken in before."""
    if is_known:
        return None
    if own is OwnRow.NONE:
        return TakeIn.ADD if result is Result.OPEN else TakeIn.NOTE
    if result is Result.OPEN:
        return TakeIn.KEEP
    return TakeIn.SETTLE if own is OwnRow.OPEN else TakeIn.DOUBLED


def next_stage(stage: Stage, held: Iterable[Held]) -> Stage:
    """A return is over when the owner has acknowledged every item, and not before."""
    if stage is Stage.RETURNING and all(one is Held.DONE for one in held):
        return Stage.ENDED
    return stage


def may_take(
    *, is_held: bool, is_holder_gone: bool = False, started_at: datetime,
    heard_at: datetime | None, now: datetime, settle_s: float,
) -> bool:  # fmt: skip
    """May the owner's own people take an item that the helper could have?

    Not while the helper has it, unless the helper is gone itself: nobody waits for one that
    is silent. And just after a start, until the helper has been heard or the set seconds
    have passed: we may have been gone, and the helper on the telephone with the patient.
    """
    if is_held:
        return is_holder_gone
    is_heard = heard_at is not None and heard_at >= started_at
    return is_heard or now - started_at >= timedelta(seconds=settle_s)
