"""Why a rota is as it is: codes and values. The words are in the room's messages."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from varde.domain.rota.candidates import Moves
from varde.domain.rota.fairness import Standing, standings
from varde.domain.rota.limits import Limits
from varde.domain.rota.rules.breach import Breach, Need, RotaRule
from varde.domain.rota.rules.held import Timed, pieces_of
from varde.domain.rota.values import Account, Assignment, Slot, Wish, Worker


class Why(StrEnum):
    """A ground for what a person has. The comment names its values."""

    FAIR_SHARE = "fair_share"  # account, held, fair, credit: within a whole duty of it
    ABOVE_SHARE = "above_share"  # account, held, fair, credit
    BELOW_SHARE = "below_share"  # account, held, fair, credit
    OWED = "owed"  # credit: had fewer than the fair share earlier
    WISHED = "wished"  # slot: the person asked for it
    COMES_TOGETHER = "comes_together"  # slot: with others of its group
    RULE = "rule"  # slot, rule, count: it bars so many others
    FREE_WISHED = "free_wished"  # slot, count: so many others wished to be free
    FAIRNESS = "fairness"  # slot, count: so many others would make the rota less fair
    POSSIBLE = "possible"  # slot, worker: nothing stands in the way of this one
    NO_DUTY_THERE = "no_duty_there"  # no duty in the period that was wished for


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """One ground, with its values."""

    code: Why
    values: Mapping[str, str | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class WishAnswer:
    """Whether a wish was placed, and what stood in the way where it was not."""

    wish: str
    is_placed: bool
    grounds: tuple[Ground, ...]


def why_has(
    *,
    worker: str,
    account: Account,
    slots: Sequence[Slot],
    workers: Sequence[Worker],
    assignment: Assignment,
    limits: Limits,
    wishes: Sequence[Wish] = (),
    needs: Sequence[Need] = (),
    among: Sequence[str] = (),
) -> tuple[Ground, ...]:
    """Why a person has the duties of an account.

    Parameters
    ----------
    worker : str
    account : Account
    slots, workers, assignment, limits, wishes, needs
        As for `judge`.
    among : sequence of slot ids
        Those the question is about, as the two of Christmas. Of each that the person has,
        it is said why nobody else has it. Empty: only how the account stands.

    Returns
    -------
    tuple of Ground
        First how the account stands, then slot by slot in time order.

    Raises
    ------
    ValueError
        If there is no such person.
    """
    rows = standings(slots=slots, workers=workers, assignment=assignment)
    mine = [row for row in rows if (row.worker, row.account) == (worker, account)]
    if not mine:
        raise ValueError(f"there is no such person: {worker}")
    moves = Moves(
        slots=slots,
        workers=workers,
        assignment=assignment,
        limits=limits,
        wishes=wishes,
        needs=needs,
    )
    chosen = [
        each
        for each in moves.changes.house.people[worker].duties
        if each.slot.id in set(among)
    ]
    return (
        *_standing(mine[0]),
        *(g for each in chosen for g in _why_this(each, worker, moves)),
    )


def wishes_answered(
    *,
    slots: Sequence[Slot],
    workers: Sequence[Worker],
    assignment: Assignment,
    limits: Limits,
    wishes: Sequence[Wish],
    needs: Sequence[Need] = (),
) -> tuple[WishAnswer, ...]:
    """Every wish: placed or not, and what stood in the way.

    A wish to be free was stopped by what keeps others from the person's duty there; a
    wish for duty by what keeps the person from the duties there. Each duty is tried at
    each person by itself, with all else as it is: a chain of several changes is not seen.
    """
    moves = Moves(
        slots=slots,
        workers=workers,
        assignment=assignment,
        limits=limits,
        wishes=wishes,
        needs=needs,
    )
    return tuple(_answer(wish, moves) for wish in wishes)


def _standing(row: Standing) -> Iterator[Ground]:
    """How an account stands, and whether history is the ground.

    >>> row = Standing(
    ...     worker="kari", account=Account.HOLIDAY, held=2, fair=1.2, credit=-1.0
    ... )
    >>> [ground.code.value for ground in _standing(row)]
    ['fair_share', 'owed']
    """
    code = Why.FAIR_SHARE
    if row.is_far:
        code = Why.ABOVE_SHARE if row.deviation > 0 else Why.BELOW_SHARE
    values: dict[str, str | float] = {
        "account": str(row.account),
        "held": row.held,
        "fair": row.fair,
        "credit": row.credit,
    }
    yield Ground(code=code, values=values)
    if row.credit < 0 and row.held > row.fair:
        yield Ground(code=Why.OWED, values={"credit": row.credit})


def _why_this(each: Timed, worker: str, moves: Moves) -> Iterator[Ground]:
    """Why one duty is this person's: the wish, the group, and what keeps others from it."""
    at = {"slot": each.slot.id}
    if any(_wants(wish, each, wants_duty=True) for wish in _wishes_of(worker, moves)):
        yield Ground(code=Why.WISHED, values=at)
    if len(moves.whole(each.slot.id)) > 1:
        yield Ground(code=Why.COMES_TOGETHER, values=at)
    others = [other.id for other in moves.workers if other.id != worker]
    yield from _obstacles(each, others, moves)


def _answer(wish: Wish, moves: Moves) -> WishAnswer:
    person = moves.changes.house.people[wish.worker]
    (piece,) = pieces_of([wish.span])
    mine = person.within(piece)
    is_placed = bool(mine) == wish.wants_duty
    grounds: list[Ground] = []
    if not is_placed and wish.wants_duty:
        there = [
            each
            for each in moves.changes.house.meanwhile(piece)
            if person.worker.has_post_of(each.slot)
        ]
        if not there:
            grounds.append(Ground(code=Why.NO_DUTY_THERE))
        for each in there:
            grounds.extend(_obstacles(each, [wish.worker], moves))
    elif not is_placed:
        others = [other.id for other in moves.workers if other.id != wish.worker]
        for each in mine:
            grounds.extend(_obstacles(each, others, moves))
    return WishAnswer(wish=wish.id, is_placed=is_placed, grounds=tuple(grounds))


def _obstacles(each: Timed, others: Sequence[str], moves: Moves) -> Iterator[Ground]:
    """What keeps each of some people from a duty, counted; or the first who could."""
    at: dict[str, str | float] = {"slot": each.slot.id}
    stops = {other: _stop(each, other, moves) for other in others}
    counts = Counter(stop for stop in stops.values() if stop is not Why.POSSIBLE)
    for stop in (*RotaRule, Why.FREE_WISHED, Why.FAIRNESS):
        if counts[stop] and isinstance(stop, RotaRule):
            values = {**at, "rule": str(stop), "count": counts[stop]}
            yield Ground(code=Why.RULE, values=values)
        elif counts[stop]:
            yield Ground(code=Why(stop), values={**at, "count": counts[stop]})
    possible = [other for other, stop in stops.items() if stop is Why.POSSIBLE]
    if possible:
        yield Ground(code=Why.POSSIBLE, values={**at, "worker": possible[0]})


def _stop(each: Timed, other: str, moves: Moves) -> RotaRule | Why:
    """The first thing that keeps one person from a duty; or that nothing does.

    Asked in this order, the quick ones first: the rules about the person and the duty
    alone, the person's wish to be free, fairness, and the rules that need the whole rota.
    """
    members = moves.whole(each.slot.id)
    able = moves.able[other]
    barred = [rule for member in members if (rule := able.barred(member))]
    if barred:
        return barred[0]
    if any(_wants(w, each, wants_duty=False) for w in _wishes_of(other, moves)):
        return Why.FREE_WISHED
    change = {member.slot.id: other for member in members}
    if moves.is_less_fair(change):
        return Why.FAIRNESS
    return _first_hard(moves.changes.hard_that_came(change)) or Why.POSSIBLE


def _first_hard(came: Sequence[Breach]) -> RotaRule | None:
    """The first rule, in the order in which the rules are named."""
    broken = {breach.rule for breach in came}
    return next((rule for rule in RotaRule if rule in broken), None)


def _wishes_of(worker: str, moves: Moves) -> Sequence[Wish]:
    return moves.changes.wishes_of[worker]


def _wants(wish: Wish, each: Timed, *, wants_duty: bool) -> bool:
    return wish.wants_duty == wants_duty and wish.span.overlaps(each.slot.span)
