"""A proposal for several duties at once, in parts that can each be taken by itself.

Whoever proposed it, this says what it comes to: which changes hang together, what each
part breaks, and what it does to the accounts and the hours of those who gain a duty.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from varde.domain.rota.candidates import Moves
from varde.domain.rota.rules.breach import ChangeJudged
from varde.domain.rota.rules.changing import Change
from varde.domain.rota.rules.held import Timed, monday_of
from varde.domain.rota.values import Account


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """One duty that changes hands. None: nobody has it."""

    slot: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """What a part does to one who gets a duty by it, the parts before it taken too.

    `account` is the one of the new duties' in which the person would stand worst.
    `week_hours` are of work in the fullest week in which one of them starts, all counted.
    """

    worker: str
    account: Account
    deviation_before: float
    deviation_after: float
    week_hours: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Changes that hang together, what they break by themselves, and who gains by them."""

    changes: tuple[Handed, ...]
    judged: ChangeJudged
    gains: tuple[Gain, ...]

    @property
    def may(self) -> bool:
        """Whether no hard rule stands in the way of taking this part alone."""
        return self.judged.is_allowed


@dataclass(frozen=True, slots=True, kw_only=True)
class Mending:
    """A whole proposal: its parts in order of time, and the worst account before and after.

    The worst is the most duties that anybody with a share stands above the fair share.
    """

    parts: tuple[Part, ...]
    worst_before: float
    worst_after: float


def mending(moves: Moves, changes: Change, *, away: str) -> Mending:
    """What a proposal comes to, part by part.

    Parameters
    ----------
    moves : Moves
        The rota as it is now.
    changes : mapping of slot id to worker id, or None for nobody
        A slot that keeps its holder is no change.
    away : str
        The one whose duties are given to others.

    Returns
    -------
    Mending
        Two changes are in one part when one gives away what makes room for the other, when
        the duties are on at the same time, or when they are of one group.

    Raises
    ------
    ValueError
        If a change names a slot or a person that is not there.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> nothing = SimpleNamespace(changes=SimpleNamespace(by_id={}))
    >>> mending(nothing, {"v1": "ola"}, away="kari")
    Traceback (most recent call last):
    ValueError: there is no such slot: ['v1']
    """
    unknown = set(changes) - set(moves.changes.by_id)
    if unknown:
        raise ValueError(f"there is no such slot: {sorted(unknown)}")
    handed = [
        Handed(slot=slot, before=moves.assignment.get(slot), after=changes[slot])
        for slot in _in_order(changes, moves)
        if moves.assignment.get(slot) != changes[slot]
    ]
    parts = []
    taken: dict[str, str | None] = {}
    for members in _together(handed, moves, away):
        parts.append(_part(members, taken, moves))
        taken |= {one.slot: one.after for one in members}
    return Mending(
        parts=tuple(parts),
        worst_before=_worst(moves, {}),
        worst_after=_worst(moves, taken),
    )


def _in_order(slots: Iterable[str], moves: Moves) -> list[str]:
    return sorted(slots, key=lambda slot: (moves.changes.by_id[slot].starts_s, slot))


def _together(
    handed: Sequence[Handed], moves: Moves, away: str
) -> list[tuple[Handed, ...]]:
    """The changes in parts, each part by its first duty."""
    parts: list[list[Handed]] = []
    for one in handed:
        mine = [part for part in parts if any(_hang(one, o, moves, away) for o in part)]
        apart = [part for part in parts if part not in mine]
        parts = [*apart, [*(each for part in mine for each in part), one]]
    in_order = [
        tuple(sorted(part, key=lambda one: handed.index(one))) for part in parts
    ]
    return sorted(in_order, key=lambda part: handed.index(part[0]))


def _hang(one: Handed, other: Handed, moves: Moves, away: str) -> bool:
    first, second = (moves.changes.by_id[each.slot] for each in (one, other))
    given = ((one.before, other.after), (other.before, one.after))
    is_chain = any(a == b and a not in (None, away) for a, b in given)
    is_group = bool(first.slot.group) and first.slot.group == second.slot.group
    return is_chain or is_group or first.slot.span.overlaps(second.slot.span)


def _part(members: tuple[Handed, ...], taken: Change, moves: Moves) -> Part:
    gainers = dict.fromkeys(one.after for one in members)
    return Part(
        changes=members,
        judged=moves.changes.judged({one.slot: one.after for one in members}),
        gains=tuple(
            _gain(who, members, taken, moves) for who in gainers if who is not None
        ),
    )


def _gain(who: str, members: Sequence[Handed], taken: Change, moves: Moves) -> Gain:
    mine = [moves.changes.by_id[one.slot] for one in members if one.after == who]
    change = {**taken, **{one.slot: one.after for one in members}}
    before, after = moves.deviations_after(taken), moves.deviations_after(change)
    accounts = sorted({a for each in mine for a in each.slot.accounts} | {Account.ALL})
    worst = max(accounts, key=lambda account: after[who, account])
    return Gain(
        worker=who,
        account=worst,
        deviation_before=before[who, worst],
        deviation_after=after[who, worst],
        week_hours=_fullest_week(who, mine, change, moves),
    )


def _fullest_week(
    who: str, mine: Sequence[Timed], change: Change, moves: Moves
) -> float:
    """The hours of the fullest of the weeks in which some duties of a person start."""
    person = moves.changes.house.people[who]
    kept = [each for each in person.duties if change.get(each.slot.id, who) == who]
    new = [moves.changes.by_id[slot] for slot, to in change.items() if to == who]
    after = person.with_duties({each.slot.id: each for each in [*kept, *new]}.values())
    weeks = {monday_of(after.day_of(each.starts_s)) for each in mine}
    return max(after.hours_between(after.week_piece(monday)) for monday in weeks)


def _worst(moves: Moves, change: Change) -> float:
    deviations = moves.fairness_after(change).deviations
    return deviations[0] if deviations else 0.0
