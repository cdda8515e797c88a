"""What a good rota is measured by, and the measuring: fair shares, wishes, spacing.

`Targets.cost` measures a rota by itself, without the solver: it is what tells a better
rota from a worse one, and it checks what the model says.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from varde.domain.rota.fairness import Standing, fair_shares
from varde.domain.rota.rules.breach import RotaRule
from varde.domain.rota.values import Account, Assignment, Wish
from varde.engines.rostering.duties.ground import Chosen, Grounds, minutes
from varde.engines.rostering.duties.out_of_reach import OutOfReach, why_never
from varde.engines.rostering.duties.records import Least, Most, Record
from varde.engines.rostering.duties.rules import Rules
from varde.engines.rostering.duties.values import Cost


HUNDREDTHS: Final = 100  # of a duty
SAFE: Final = 6  # decimals: a fair share is a sum of fractions


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The fair share of one person in one account, what was carried over taken off.

    `least` and `most` are the duties within the tolerance.
    """

    worker: int
    account: Account
    least: int
    most: int
    hundredths: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measured:
    """What one person's duties give."""

    unfair: tuple[int, ...]
    imbalance: int
    wishes: int
    spacing: int
    warnings: int


class Targets:
    """The goals of one problem."""

    def __init__(self, grounds: Grounds, rules: Rules) -> None:
        self.grounds = grounds
        self.rules = rules

    @cached_property
    def shares(self) -> Mapping[str, Mapping[Account, float]]:
        """Each person's fair share of each account that has duties."""
        problem = self.grounds.problem
        known = {account for slot in problem.slots for account in slot.accounts}
        shares = fair_shares(problem.slots, problem.workers)
        return {
            worker: {account: fair for account, fair in row.items() if account in known}
            for worker, row in shares.items()
        }

    @cached_property
    def all(self) -> Sequence[Target]:
        """One for each person with a share and each account that has duties."""
        problem = self.grounds.problem
        found = []
        for number, worker in enumerate(problem.workers):
            if worker.share == 0:
                continue
            for account, fair in self.shares[worker.id].items():
                due = round(fair - worker.credit.get(account, 0.0), SAFE)
                tolerance = problem.goals.tolerance_duties
                found.append(
                    Target(
                        worker=number,
                        account=account,
                        least=math.ceil(round(due - tolerance, SAFE)),
                        most=math.floor(round(due + tolerance, SAFE)),
                        hundredths=round(due * HUNDREDTHS),
                    )
                )
        return found

    def counts(self, worker: int, account: Account) -> Mapping[int, int]:
        """The shifts of the period that a person may have, and how often each counts."""
        return {
            number: count
            for number, count in self._all_counts[account].items()
            if number in self.grounds.of_worker[worker]
        }

    @cached_property
    def _all_counts(self) -> Mapping[Account, Mapping[int, int]]:
        shifts = self.grounds.shifts
        return {
            account: {
                number: count
                for number in self.grounds.own
                if (count := shifts[number].count(account))
            }
            for account in Account
        }

    def worst_possible(self, target: Target) -> int:
        """How far beyond the tolerance an account can come."""
        most = sum(self.counts(target.worker, target.account).values())
        return max(0, most - target.most, target.least)

    def most_hundredths(self, target: Target) -> int:
        """How far from the fair share an account can come."""
        most = sum(self.counts(target.worker, target.account).values())
        return max(abs(target.hundredths), abs(HUNDREDTHS * most - target.hundredths))

    @cached_property
    def least_imbalance(self) -> int:
        """What no rota can go below: shares are seldom whole numbers."""
        return sum(
            -target.hundredths
            if target.hundredths <= 0
            else min(target.hundredths % HUNDREDTHS, -target.hundredths % HUNDREDTHS)
            for target in self.all
        )

    @cached_property
    def wishes(self) -> Sequence[tuple[Wish, int, tuple[int, ...]]]:
        """Each wish, whose it is, and the person's shifts in its period."""
        found = []
        for wish in self.grounds.problem.wishes:
            worker = self.grounds.number_of[wish.worker]
            starts, ends = minutes(wish.span)
            shifts = tuple(
                number
                for number in sorted(self.grounds.of_worker[worker])
                if not self.grounds.shifts[number].is_given
                and any(
                    part.starts < ends and starts < part.ends
                    for part in self.grounds.shifts[number].parts
                )
            )
            found.append((wish, worker, shifts))
        return found

    @cached_property
    def out_of_reach(self) -> Mapping[str, tuple[RotaRule | OutOfReach, ...]]:
        """The wishes that no rota can meet, by id, and what stands in the way."""
        shifts = self.grounds.shifts
        found = {}
        for wish, worker, mine in self.wishes:
            starts, ends = minutes(wish.span)
            meets = {
                number
                for number in self.grounds.own
                if any(
                    p.starts < ends and starts < p.ends for p in shifts[number].parts
                )
            }
            why = why_never(self.grounds, wish, worker, mine, meets)
            if why:
                found[wish.id] = why
        return found

    @cached_property
    def least_wishes(self) -> int:
        """The weights of the wishes that no rota can meet."""
        return sum(
            wish.weight for wish, _, _ in self.wishes if wish.id in self.out_of_reach
        )

    @cached_property
    def spacing(self) -> Sequence[Most]:
        """The windows in which a person should have one duty at most."""
        return [
            record
            for worker in range(len(self.grounds.workers))
            for record in self.rules.spacing(worker)
        ]

    @cached_property
    def warnings(self) -> Sequence[Record]:
        """The working-time rules of those whom they do not bind. A limit that one duty
        breaks by itself is left out: who has the duty changes nothing."""
        return [
            record
            for worker in range(len(self.grounds.workers))
            if not self.rules.is_hard(worker)
            for record in self.rules.working_time(worker)
            if not isinstance(record, Most) or max(record.terms.values()) <= record.most
        ]

    # ------------------------------------------------------------ measured

    def standings(self, assignment: Assignment) -> tuple[Standing, ...]:
        """Each person's accounts in a rota, as the domain gives them."""
        held = Counter(
            (assignment[slot.id], account)
            for slot in self.grounds.problem.slots
            if slot.id in assignment
            for account in slot.accounts
        )
        return tuple(
            Standing(
                worker=worker.id,
                account=account,
                held=held[worker.id, account],
                fair=fair,
                credit=worker.credit.get(account, 0.0),
            )
            for worker in self.grounds.workers
            for account, fair in self.shares[worker.id].items()
        )

    def broken_wishes(self, chosen: Chosen) -> list[Wish]:
        """The wishes that a rota does not meet."""
        return [
            wish
            for wish, worker, shifts in self.wishes
            if any((number, worker) in chosen for number in shifts)
            is not wish.wants_duty
        ]

    def off(self, target: Target, chosen: Chosen) -> int:
        """Hundredths of a duty above (+) or below (-) the fair share."""
        held = sum(
            count
            for number, count in self.counts(target.worker, target.account).items()
            if (number, target.worker) in chosen
        )
        return HUNDREDTHS * held - target.hundredths

    def cost(self, chosen: Chosen) -> Cost:
        """How good a rota is."""
        shifts = self.grounds.shifts
        people: list[set[int]] = [set() for _ in self.grounds.workers]
        filled: dict[int, int] = dict.fromkeys(self.grounds.own, 0)
        for number, worker in chosen:
            people[worker].add(number)
            if number in filled:
                filled[number] += 1
        each = [self._of(n, frozenset(held)) for n, held in enumerate(people)]
        return Cost(
            short=sum(
                max(0, need.least - sum(pair in chosen for pair in need.of))
                for need in self._needs
            ),
            vacant=sum(
                len(shifts[number].parts) * (shifts[number].need - count)
                for number, count in filled.items()
            ),
            substitutes=sum(
                len(shifts[number].parts)
                for number, worker in chosen - self.grounds.fixed
                if self.grounds.workers[worker].share == 0
            ),
            unfair=tuple(sorted(off for one in each for off in one.unfair)[::-1]),
            wishes=sum(one.wishes for one in each),
            spacing=sum(one.spacing for one in each),
            warnings=sum(one.warnings for one in each),
            imbalance=sum(one.imbalance for one in each),
        )

    def _of(self, worker: int, held: frozenset[int]) -> _Measured:
        """What one person's duties give; kept until the person has others."""
        before = self._measured.get(worker)
        if before is not None and before[0] == held:
            return before[1]
        offs = []
        imbalance = 0
        for target, counts in self._accounts[worker]:
            count = sum(counts[number] for number in held & counts.keys())
            offs.append(max(0, count - target.most, target.least - count))
            imbalance += abs(HUNDREDTHS * count - target.hundredths)
        given = self.given[worker]
        measured = _Measured(
            unfair=tuple(off for off in offs if off),
            imbalance=imbalance,
            wishes=sum(
                wish.weight
                for wish, of, shifts in self.wishes
                if of == worker and held.isdisjoint(shifts) is wish.wants_duty
            ),
            spacing=sum(
                max(0, _sum(record, held) - max(record.most, _sum(record, given)))
                for record in self._spacing_of[worker]
            ),
            warnings=len(
                {
                    (record.rule, record.key)
                    for record in self._warnings_of[worker]
                    if _is_broken(record, held, given)
                }
            ),
        )
        self._measured[worker] = held, measured
        return measured

    @cached_property
    def _measured(self) -> dict[int, tuple[frozenset[int], _Measured]]:
        return {}

    @cached_property
    def _needs(self) -> Sequence[Least]:
        return list(self.rules.needs())

    def may_add(self, worker: int, number: int, held: set[int]) -> bool:
        """Whether a person's own hard rules let one more shift be added."""
        after = frozenset(held | {number})
        return not any(
            _is_broken(record, after, self.given[worker])
            for record in self._hard_with[worker].get(number, ())
        )

    @cached_property
    def _hard_with(self) -> Sequence[Mapping[int, Sequence[Record]]]:
        found: list[dict[int, list[Record]]] = []
        for worker in range(len(self.grounds.workers)):
            found.append(defaultdict(list))
            for record in self.rules.hard(worker):
                shifts = (
                    record.terms
                    if isinstance(record, Most)
                    else {number for one in record.sets for number in one}
                )
                for number in shifts:
                    found[-1][number].append(record)
        return found

    @cached_property
    def given(self) -> Sequence[frozenset[int]]:
        """What each person has beforehand."""
        found: list[set[int]] = [set() for _ in self.grounds.workers]
        for number, worker in self.grounds.fixed:
            found[worker].add(number)
        return [frozenset(held) for held in found]

    @cached_property
    def _accounts(self) -> Sequence[Sequence[tuple[Target, Mapping[int, int]]]]:
        found: list[list[tuple[Target, Mapping[int, int]]]] = [
            [] for _ in self.grounds.workers
        ]
        for target in self.all:
            counts = self.counts(target.worker, target.account)
            found[target.worker].append((target, counts))
        return found

    @cached_property
    def _spacing_of(self) -> Mapping[int, Sequence[Most]]:
        return _by_worker(self.spacing)

    @cached_property
    def _warnings_of(self) -> Mapping[int, Sequence[Record]]:
        return _by_worker(self.warnings)


def _by_worker[R: Record](records: Iterable[R]) -> Mapping[int, Sequence[R]]:
    found: dict[int, list[R]] = defaultdict(list)
    for record in records:
        found[record.worker].append(record)
    return found


def _sum(record: Most, held: frozenset[int]) -> int:
    return sum(weight for shift, weight in record.terms.items() if shift in held)


def _is_broken(record: Record, held: frozenset[int], given: frozenset[int]) -> bool:
    if isinstance(record, Most):
        spare = len(held.intersection(record.spared))
        return _sum(record, held) > max(record.most, _sum(record, given)) + spare
    touched = sum(not held.isdisjoint(one) for one in record.sets)
    by_given = sum(not given.isdisjoint(one) for one in record.sets)
    return touched > max(record.most, by_given)
