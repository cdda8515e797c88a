"""Who else could have a duty, ranked, and whether a swap is within the rules."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from varde.domain.rota.able import Able
from varde.domain.rota.fairness import DECIMALS, Fairness, fairness_of, standings
from varde.domain.rota.limits import Limits
from varde.domain.rota.rules.breach import ChangeJudged, Need
from varde.domain.rota.rules.changing import Change, Changes
from varde.domain.rota.rules.held import Person, Timed, monday_of
from varde.domain.rota.values import Account, Assignment, Slot, Wish, Worker


DAY_S = 86_400

type Deviations = Mapping[tuple[str, Account], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A person for a duty: what it breaks, and what it does to the accounts and the week.

    `account` is the one of the duty's in which the person would stand worst.
    """

    worker: str
    judged: ChangeJudged
    account: Account
    deviation_before: float
    deviation_after: float
    week_hours: float  # of work in the week the duty starts in, the duty counted
    nearest_days: float | None  # from start to start, to the nearest other duty

    @property
    def may(self) -> bool:
        """Whether no hard rule stands in the way."""
        return self.judged.is_allowed


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapJudged:
    """What a swap, or a duty given away, does to the rules and to the two people."""

    judged: ChangeJudged
    change: Change
    deviation_before: Mapping[str, float]  # by worker: the worst of those accounts
    deviation_after: Mapping[str, float]

    @property
    def is_allowed(self) -> bool:
        """Whether the rules let it be done at once."""
        return self.judged.is_allowed


class Moves:
    """A rota with its accounts, made ready to try duties at other people."""

    def __init__(
        self,
        *,
        slots: Sequence[Slot],
        workers: Sequence[Worker],
        assignment: Assignment,
        limits: Limits,
        wishes: Sequence[Wish] = (),
        needs: Sequence[Need] = (),
    ) -> None:
        self.changes = Changes(
            slots=slots,
            workers=workers,
            assignment=assignment,
            limits=limits,
            wishes=wishes,
            needs=needs,
        )
        self.workers = workers
        self.assignment = assignment
        rows = standings(slots=slots, workers=workers, assignment=assignment)
        self.deviations: Deviations = {
            (row.worker, row.account): row.deviation for row in rows
        }
        self.able = {worker.id: Able(worker) for worker in workers}
        self._sharing = {worker.id for worker in workers if worker.share > 0}
        self.fairness_now = self.fairness_after({})

    def whole(self, slot: str) -> tuple[Timed, ...]:
        """A slot with those of its group that the same person holds, or nobody."""
        each = self.changes.by_id[slot]
        members = self.changes.house.groups.get(each.slot.group, (each,))
        holder = self.assignment.get(slot)
        return tuple(m for m in members if self.assignment.get(m.slot.id) == holder)

    def deviations_after(self, change: Change) -> Deviations:
        """Everybody's accounts with the change made."""
        found = dict(self.deviations)
        for slot, who in change.items():
            for account in self.changes.by_id[slot].slot.accounts:
                before = self.assignment.get(slot)
                if before is not None:
                    found[before, account] -= 1
                if who is not None:
                    found[who, account] += 1
        return found

    def is_less_fair(self, change: Change) -> bool:
        """Whether the rota is less fair with the change made, as `fairness_after` says.

        Only the accounts that the change touches are compared: those that are the same
        before and after change nothing in which of the two is worse.
        """
        held, vacant = self._shift(change)
        if vacant:
            return vacant > 0
        now = [_rounded(self.deviations[account]) for account in held]
        after = [_rounded(self.deviations[a] + more) for a, more in held.items()]
        return sorted(after, reverse=True) > sorted(now, reverse=True)

    def _shift(self, change: Change) -> tuple[Mapping[tuple[str, Account], int], int]:
        """The duties that each account of one with a share gains or loses, and how many
        more places are vacant."""
        held: Counter[tuple[str, Account]] = Counter()
        vacant = 0
        for slot, after in change.items():
            before = self.assignment.get(slot)
            vacant += (after is None) - (before is None)
            for who, more in ((before, -1), (after, 1)):
                for account in self.changes.by_id[slot].slot.accounts:
                    if who in self._sharing:
                        held[who, account] += more
        return held, vacant

    def fairness_after(self, change: Change) -> Fairness:
        """How fair the rota is with the change made."""
        after = {**self.assignment, **change}
        filled = sum(who is not None for who in after.values())
        return fairness_of(
            self.deviations_after(change),
            workers=self.workers,
            vacant=len(self.changes.by_id) - filled,
        )

    def candidate(self, slot: str, worker: str) -> Candidate:
        """What it does when a person has a duty, and those of its group with it."""
        members = self.whole(slot)
        change = {each.slot.id: worker for each in members}
        after = self.deviations_after(change)
        accounts = {a for each in members for a in each.slot.accounts}
        worst = max(sorted(accounts), key=lambda account: after[worker, account])
        person = self.changes.house.people[worker]
        return Candidate(
            worker=worker,
            judged=self.changes.judged(change),
            account=worst,
            deviation_before=self.deviations[worker, worst],
            deviation_after=after[worker, worst],
            week_hours=_week_hours(person, members),
            nearest_days=_nearest_days(person, members),
        )


def candidates(
    *,
    slot: str,
    slots: Sequence[Slot],
    workers: Sequence[Worker],
    assignment: Assignment,
    limits: Limits,
    wishes: Sequence[Wish] = (),
    needs: Sequence[Need] = (),
) -> tuple[Candidate, ...]:
    """Everybody for one duty, the best first; those who may not have it come last.

    Whoever has the duty now is not among them. With a duty of a group come those of the
    group that the same person has. First those who may; then those with the fewest
    warnings, the fewest wishes lost, the lowest account with the duty counted, and the
    fewest hours in that week.

    Raises
    ------
    ValueError
        If there is no such slot.
    """
    moves = Moves(
        slots=slots,
        workers=workers,
        assignment=assignment,
        limits=limits,
        wishes=wishes,
        needs=needs,
    )
    _known(moves, [slot])
    found = [
        moves.candidate(slot, worker.id)
        for worker in workers
        if worker.id != assignment.get(slot)
    ]
    return tuple(sorted(found, key=_rank))


def judge_swap(
    *,
    first: str,
    second: str | None,
    to: str,
    slots: Sequence[Slot],
    workers: Sequence[Worker],
    assignment: Assignment,
    limits: Limits,
    wishes: Sequence[Wish] = (),
    needs: Sequence[Need] = (),
) -> SwapJudged:
    """A duty given to another, who gives one in return or none (`second` is None).

    Duties of a group go together.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> judge_swap(
    ...     first="v1",
    ...     second=None,
    ...     to="ola",
    ...     slots=[],
    ...     workers=[],
    ...     assignment={},
    ...     limits=SimpleNamespace(calendar=None),
    ... )
    Traceback (most recent call last):
    ValueError: there is no such slot: ['v1']

    Raises
    ------
    ValueError
        If a slot or person is not there, `first` is vacant or already theirs, or `second`
        is not a duty of the one who shall have `first`.
    """
    moves = Moves(
        slots=slots,
        workers=workers,
        assignment=assignment,
        limits=limits,
        wishes=wishes,
        needs=needs,
    )
    _known(moves, [first, *([second] if second is not None else [])])
    giver = assignment.get(first)
    if giver is None or giver == to:
        raise ValueError(f"slot {first} is vacant or held by {to}: nothing to give")
    if second is not None and assignment.get(second) != to:
        raise ValueError(f"slot {second} is not held by {to}")
    change: dict[str, str | None] = {each.slot.id: to for each in moves.whole(first)}
    if second is not None:
        change |= {each.slot.id: giver for each in moves.whole(second)}
    judged = moves.changes.judged(change)
    accounts = {a for s in change for a in moves.changes.by_id[s].slot.accounts}
    before, after = (
        {who: max(found[who, account] for account in accounts) for who in (giver, to)}
        for found in (moves.deviations, moves.deviations_after(change))
    )
    return SwapJudged(
        judged=judged, change=change, deviation_before=before, deviation_after=after
    )


def _rounded(deviation: float) -> float:
    return round(deviation, DECIMALS) + 0.0  # -0.0 is 0.0


def _known(moves: Moves, slots: Iterable[str]) -> None:
    unknown = [slot for slot in slots if slot not in moves.changes.by_id]
    if unknown:
        raise ValueError(f"there is no such slot: {unknown}")


def _rank(candidate: Candidate) -> tuple[int, int, int, float, float, str]:
    came = candidate.judged.came
    return (
        sum(breach.is_hard for breach in came),
        len(came),
        len(candidate.judged.wishes_lost),
        round(candidate.deviation_after, 6),
        candidate.week_hours,
        candidate.worker,
    )


def _week_hours(person: Person, members: Sequence[Timed]) -> float:
    week = person.week_piece(monday_of(person.day_of(members[0].starts_s)))
    new = person.with_duties(members)
    return person.hours_between(week) + new.hours_between(week)


def _nearest_days(person: Person, members: Sequence[Timed]) -> float | None:
    apart = (
        abs(each.starts_s - other.starts_s) / DAY_S
        for each in members
        for other in person.duties
    )
    return min(apart, default=None)
