"""A problem made ready for a model: equal slots as one shift, and who may have which.

Ten equal places on one night are one shift that ten people shall have: which of them sits
in which place changes nothing, and a model without those choices is solved much sooner.
Slots of one group are one shift too, with several parts. Duties outside the period are
shifts that are given, so that every rule sees them as any other.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from varde.domain.load.spans import joined
from varde.domain.rota.rules.breach import RotaRule
from varde.domain.rota.values import Account, Assignment, Slot, Span, Worker
from varde.engines.rostering.duties.values import Demand, Problem


MINUTE_S: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One duty of a shift. Minutes since 1970, so that the clocks may change."""

    slot: Slot
    starts: int
    ends: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """Duties that one person has all of, and how many people shall have them.

    `places` are the slots of each such person, one for each part. `is_given` for duties
    outside the period.
    """

    parts: tuple[Part, ...]
    places: tuple[tuple[str, ...], ...]
    is_given: bool = False

    @property
    def need(self) -> int:
        """How many people shall have it."""
        return len(self.places)

    @property
    def starts(self) -> int:
        """When its first part begins."""
        return self.parts[0].starts

    def count(self, account: Account) -> int:
        """How many of its duties count in an account."""
        return sum(account in part.slot.accounts for part in self.parts)


type Pair = tuple[int, int]  # number of the shift, number of the worker
type Chosen = frozenset[Pair]


class Grounds:
    """The shifts in order of time, the workers, and who may have what.

    Loose: nothing in the period is given, and all who are able may have a shift whatever
    stands in the way, so that it can be asked what collides.
    """

    def __init__(self, problem: Problem, *, is_loose: bool = False) -> None:
        self.problem = problem
        self.is_loose = is_loose
        self.workers: Sequence[Worker] = problem.workers
        self.number_of = {worker.id: n for n, worker in enumerate(problem.workers)}
        own = _shifts(problem.slots)
        given = [
            Shift(parts=(_part(slot),), places=((slot.id,),), is_given=True)
            for slots in problem.earlier.values()
            for slot in slots
        ]
        self.shifts = sorted([*own, *given], key=lambda shift: shift.starts)
        self.shift_of = {
            slot: number
            for number, shift in enumerate(self.shifts)
            for place in shift.places
            for slot in place
        }
        strangers = {w.worker for w in problem.wishes} - self.number_of.keys()
        if strangers:
            raise ValueError(f"wishes of {sorted(strangers)}, who are not in the rota")
        self.wanted = self._wanted()
        self.fixed = self._outside() | (frozenset() if is_loose else self.wanted)
        self.able = self._able()
        self.barred = {
            pair: demands for pair in self.able if (demands := self._barred(pair))
        }

    @cached_property
    def own(self) -> Sequence[int]:
        """The numbers of the shifts of the period."""
        return [n for n, shift in enumerate(self.shifts) if not shift.is_given]

    @cached_property
    def pairs(self) -> Sequence[Pair]:
        """Who may have what, by shift; and what is fixed whether they may or not."""
        free = {p for p in self.able if self.is_loose or p not in self.barred}
        return sorted(free | self.fixed | self.wanted)

    @cached_property
    def of_worker(self) -> Sequence[frozenset[int]]:
        """The shifts that each worker may have."""
        found: list[set[int]] = [set() for _ in self.workers]
        for shift, worker in self.pairs:
            found[worker].add(shift)
        return [frozenset(shifts) for shifts in found]

    @cached_property
    def of_shift(self) -> Mapping[int, Sequence[int]]:
        """The workers who may have each shift."""
        found: dict[int, list[int]] = defaultdict(list)
        for shift, worker in self.pairs:
            found[shift].append(worker)
        return found

    def chosen(self, assignment: Assignment) -> Chosen:
        """An assignment as pairs, the given ones among them. A group counts when whole."""
        held: dict[Pair, int] = defaultdict(int)
        for slot, worker in assignment.items():
            held[self.shift_of[slot], self.number_of[worker]] += 1
        whole = {
            pair
            for pair, count in held.items()
            if count >= len(self.shifts[pair[0]].parts)
        }
        return frozenset(whole | set(self.fixed))

    def assignment(
        self, chosen: Iterable[Pair], *, like: Assignment | None = None
    ) -> dict[str, str]:
        """Pairs as slots and people. Who had a place in `like`, keeps it."""
        people: dict[int, list[str]] = defaultdict(list)
        for shift, worker in sorted(chosen):
            if not self.shifts[shift].is_given:
                people[shift].append(self.workers[worker].id)
        found: dict[str, str] = {}
        for number, there in people.items():
            found.update(self._seated(number, there, {**(like or {}), **self._places}))
        return found

    def _seated(
        self, number: int, people: Sequence[str], before: Assignment
    ) -> Iterator[tuple[str, str]]:
        places = list(self.shifts[number].places)
        standing: list[str] = []
        for person in people:
            kept = [place for place in places if before.get(place[0]) == person]
            if not kept:
                standing.append(person)
                continue
            places.remove(kept[0])
            yield from ((slot, person) for slot in kept[0])
        for person, place in zip(standing, places, strict=False):
            yield from ((slot, person) for slot in place)

    @property
    def _places(self) -> Assignment:
        return self.problem.fixed

    def _wanted(self) -> frozenset[Pair]:
        """The pairs that are fixed in the period."""
        slots = {slot.id for slot in self.problem.slots}
        found: dict[tuple[str, ...], Pair] = {}
        for slot, worker in self.problem.fixed.items():
            if slot not in slots or worker not in self.number_of:
                raise ValueError(
                    f"{slot} is fixed to {worker}: both must be in the problem"
                )
            shift = self.shift_of[slot]
            place = next(one for one in self.shifts[shift].places if slot in one)
            pair = (shift, self.number_of[worker])
            if found.setdefault(place, pair) != pair:
                raise ValueError(f"{slot} is fixed to {worker}, its group to another")
        return frozenset(found.values())

    def _outside(self) -> frozenset[Pair]:
        """The pairs that are held outside the period."""
        return frozenset(
            (self.shift_of[slot.id], self.number_of[worker])
            for worker, held in self.problem.earlier.items()
            for slot in held
        )

    def _able(self) -> frozenset[Pair]:
        """Who has the post and the competence for what: no relaxation gives these."""
        limits = self.problem.limits
        able = [joined(worker.alone) for worker in self.workers]
        return frozenset(
            (number, w)
            for w, worker in enumerate(self.workers)
            for number in self.own
            if all(
                worker.has_post_of(part.slot)
                and worker.may_begin(part.slot.span)
                and (
                    part.slot.post not in limits.backup_posts
                    or any(span.covers(part.slot.span) for span in able[w])
                )
                for part in self.shifts[number].parts
            )
        )

    def _barred(self, pair: Pair) -> frozenset[Demand]:
        """What stands in the way of somebody who is able."""
        worker = self.workers[pair[1]]
        parts = self.shifts[pair[0]].parts
        return frozenset(
            demand
            for part in parts
            for demand in _in_the_way(worker, part.slot, self._within[pair[1]])
        )

    @cached_property
    def _within(self) -> Sequence[Sequence[Span]]:
        return [joined(worker.only_within) for worker in self.workers]


def _in_the_way(worker: Worker, slot: Slot, within: Sequence[Span]) -> Iterator[Demand]:
    for span in worker.away:
        if span.overlaps(slot.span):
            yield Demand(code=RotaRule.NO_DUTY_WHILE_AWAY, worker=worker.id, span=span)
    if Account.NIGHT in slot.accounts:
        for span in worker.no_nights:
            if span.overlaps(slot.span):
                yield Demand(
                    code=RotaRule.NO_NIGHT_WHEN_EXEMPT, worker=worker.id, span=span
                )
    if within and not any(span.covers(slot.span) for span in within):
        yield Demand(code=RotaRule.ONLY_WITHIN_OWN_PERIODS, worker=worker.id)


def minutes(span: Span) -> tuple[int, int]:
    """Both ends in whole minutes since 1970."""
    return (
        int(span.starts_at.timestamp()) // MINUTE_S,
        int(span.ends_at.timestamp()) // MINUTE_S,
    )


def _shifts(slots: Sequence[Slot]) -> list[Shift]:
    """Equal slots together, in order of time."""
    groups: dict[tuple[str, str], list[Slot]] = defaultdict(list)
    for slot in sorted(slots, key=lambda one: (one.span.starts_at, one.id)):
        groups[("group", slot.group) if slot.group else ("slot", slot.id)].append(slot)
    kinds: dict[object, list[list[Slot]]] = defaultdict(list)
    for members in groups.values():
        kinds[tuple(_kind(slot) for slot in members)].append(members)
    return [
        Shift(
            parts=tuple(_part(slot) for slot in alike[0]),
            places=tuple(tuple(slot.id for slot in members) for members in alike),
        )
        for alike in kinds.values()
    ]


def _kind(slot: Slot) -> tuple[object, ...]:
    return (
        slot.post,
        *minutes(slot.span),
        slot.accounts,
        slot.active_share,
        slot.is_phone_only,
    )


def _part(slot: Slot) -> Part:
    starts, ends = minutes(slot.span)
    return Part(slot=slot, starts=starts, ends=ends)
