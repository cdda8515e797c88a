"""One change of a rota judged: what it breaks and mends, without judging all the rest.

A rota is made ready once; each change is then judged by the people whose duties change,
and by what is on at the same time. That the answer is the difference between two whole
judgements is tested with random rotas.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace

from varde.domain.rota.limits import Limits
from varde.domain.rota.rules import together
from varde.domain.rota.rules.breach import Breach, ChangeJudged, Need
from varde.domain.rota.rules.held import House, Person, Piece, Timed, pieces_of, timed
from varde.domain.rota.rules.judging import (
    house_of,
    in_order,
    is_placed,
    of_groups,
    of_person,
    of_pieces,
    of_slots,
    refuse_strangers,
    refuse_unknown,
)
from varde.domain.rota.values import Assignment, Slot, Wish, Worker


type Change = Mapping[str, str | None]  # slot id -> who shall have it; None: vacant
type _Held = tuple[str, frozenset[str], frozenset[str], bool]

MOST_KEPT = 20_000  # judgements of one person that a rota made ready remembers


def judge_change(
    *,
    change: Change,
    slots: Sequence[Slot],
    workers: Sequence[Worker],
    assignment: Assignment,
    limits: Limits,
    wishes: Sequence[Wish] = (),
    needs: Sequence[Need] = (),
) -> ChangeJudged:
    """What a change of a rota breaks and mends, and which wishes it places or loses.

    Looks only at the people whose duties change, and at what is on at the same time as
    the duties that change; the answer is the difference between two whole judgements.

    Parameters
    ----------
    change : mapping of slot id to worker id, or None to make it vacant
        A slot that keeps its holder is no change.
    slots, workers, assignment, limits, wishes, needs
        As for `judge`; the assignment is the one before the change.

    Raises
    ------
    ValueError
        If the change names a slot or a person that is not there.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> judge_change(
    ...     change={"v1": None},
    ...     slots=[],
    ...     workers=[],
    ...     assignment={},
    ...     limits=SimpleNamespace(calendar=None),
    ... )
    Traceback (most recent call last):
    ValueError: a change names what is not there: ['v1']
    """
    return Changes(
        slots=slots,
        workers=workers,
        assignment=assignment,
        limits=limits,
        wishes=wishes,
        needs=needs,
    ).judged(change)


@dataclass(frozen=True, slots=True)
class _Part:
    """The slots that change hands, and who has them then."""

    touched: Sequence[Timed]
    change: Change


_UNCHANGED = _Part((), {})


class Changes:
    """A rota made ready for many changes to be judged one by one, each by itself.

    For a screen that tries everybody in a place: the times of the slots are worked out
    once. The rota itself is never changed.
    """

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
        refuse_unknown(slots, workers, assignment)
        self.limits = limits
        self.wishes = wishes
        self.wishes_of: dict[str, list[Wish]] = {worker.id: [] for worker in workers}
        for wish in wishes:
            self.wishes_of[wish.worker].append(wish)
        self.needs = [(need, pieces_of([need.span])[0]) for need in needs]
        self.house = house_of(timed(slots), workers, assignment, limits)
        self.by_id = {each.slot.id: each for each in self.house.slots}
        self._of_person: dict[_Held, tuple[Breach, ...]] = {}

    def held_by(self, assignment: Assignment) -> "Changes":
        """The same rota with other people in its slots: the rest is not worked out anew.

        Raises ValueError for a slot or a person that is not there.
        """
        other = copy(self)
        refuse_strangers(assignment, slots=self.by_id, workers=self.house.workers)
        other.house = replace(
            self.house,
            assignment=assignment,
            known={who: one.periods for who, one in self.house.people.items()},
        )
        other._of_person = {}
        return other

    def judged(self, change: Change) -> ChangeJudged:
        """What one change breaks and mends."""
        touched, people = self._touched(change)
        old, new = self._breaches(change, touched, people, is_hard=False)
        was, is_now = (
            {
                wish.id
                for who in people
                for wish in self.wishes_of[who]
                if is_placed(wish, self._person(who, some))
            }
            for some in (_UNCHANGED, _Part(touched, change))
        )
        return ChangeJudged(
            came=tuple(sorted((new - old).elements(), key=in_order)),
            went=tuple(sorted((old - new).elements(), key=in_order)),
            wishes_placed=frozenset(is_now - was),
            wishes_lost=frozenset(was - is_now),
        )

    def hard_that_came(self, change: Change) -> tuple[Breach, ...]:
        """The hard breaches that come with a change, as `judged` has them, alone: quicker
        where the working hours are no hard rule."""
        touched, people = self._touched(change)
        old, new = self._breaches(change, touched, people, is_hard=True)
        came = (breach for breach in (new - old).elements() if breach.is_hard)
        return tuple(sorted(came, key=in_order))

    def _touched(self, change: Change) -> tuple[tuple[Timed, ...], Collection[str]]:
        """The slots that change hands, and those who have them before or after."""
        before = self.house.assignment
        unknown = set(change) - self.by_id.keys()
        strangers = set(change.values()) - self.house.workers.keys() - {None}
        if unknown or strangers:
            named = sorted(str(name) for name in unknown | strangers)
            raise ValueError(f"a change names what is not there: {named}")
        slots = [slot for slot in sorted(change) if before.get(slot) != change[slot]]
        people = {
            who
            for slot in slots
            for who in (before.get(slot), change[slot])
            if who is not None
        }
        return tuple(self.by_id[slot] for slot in slots), people

    def _breaches(
        self,
        change: Change,
        touched: Sequence[Timed],
        people: Collection[str],
        *,
        is_hard: bool,
    ) -> tuple[Counter[Breach], Counter[Breach]]:
        """What is broken before and after, as far as the change has to do with it."""
        found = []
        for some in (_UNCHANGED, _Part(touched, change)):
            house = self._around(touched, some)
            counted = Counter(self._of_house(house, touched))
            for who in people:
                counted.update(self._broken_by(who, some, is_hard=is_hard))
            found.append(counted)
        return found[0], found[1]

    def _person(self, who: str, part: "_Part") -> Person:
        person = self.house.people[who]
        if not part.touched:
            return person
        given = {each.slot.id for each in part.touched}
        return person.with_duties(
            [
                *(each for each in person.duties if each.slot.id not in given),
                *(e for e in part.touched if part.change[e.slot.id] == who),
            ]
        )

    def _broken_by(
        self, who: str, part: "_Part", *, is_hard: bool
    ) -> tuple[Breach, ...]:
        """What a person's own duties break; worked out once for the same duties."""
        mine = {each.slot.id: part.change[each.slot.id] == who for each in part.touched}
        gained = frozenset(slot for slot, is_mine in mine.items() if is_mine)
        lost = frozenset(
            slot
            for slot, is_mine in mine.items()
            if not is_mine and self.house.assignment.get(slot) == who
        )
        key = (who, gained, lost, is_hard)
        if key not in self._of_person:
            if len(self._of_person) >= MOST_KEPT:
                self._of_person.clear()
            person = self._person(who, part)
            self._of_person[key] = tuple(
                of_person(person, self.limits, is_hard=is_hard)
            )
        return self._of_person[key]

    def _around(self, touched: Sequence[Timed], part: "_Part") -> House:
        """The rota with only the slots that can matter to those that change hands."""
        chosen: dict[str, Timed] = {}
        for group in {each.slot.group for each in touched} - {""}:
            chosen.update((each.slot.id, each) for each in self.house.groups[group])
        for each in touched:
            # A slot is judged by those on at the same time, which one that overlaps this
            # one has more of: so two steps away.
            near = list(self.house.meanwhile((each.starts_s, each.ends_s)))
            spans = [(e.starts_s, e.ends_s) for e in near]
            spans += [span for _, span in self.needs if _meets(each, span)]
            whole = (min(a for a, _ in spans), max(b for _, b in spans))
            chosen.update((e.slot.id, e) for e in self.house.meanwhile(whole))
        held = {slot: self.house.assignment.get(slot) for slot in chosen}
        held |= {each.slot.id: part.change[each.slot.id] for each in part.touched}
        there = {slot: who for slot, who in held.items() if who is not None}
        return House(
            slots=tuple(sorted(chosen.values(), key=_when)),
            assignment=there,
            workers={who: self.house.workers[who] for who in there.values()},
            calendar=self.limits.calendar,
            horizon=self.house.horizon,
            known={who: self.house.people[who].periods for who in there.values()},
        )

    def _of_house(self, house: House, touched: Sequence[Timed]) -> Iterator[Breach]:
        limits = self.limits
        pieces = [(each.starts_s, each.ends_s) for each in touched]
        near = {e.slot.id: e for piece in pieces for e in house.meanwhile(piece)}
        groups = {each.slot.group for each in touched} - {""}
        yield from of_slots(near.values(), house, limits)
        yield from of_groups(groups, house, limits)
        yield from set(of_pieces(pieces, house, limits))
        for need, span in self.needs:
            if any(_meets(each, span) for each in touched):
                yield from together.need_is_met(need, house, limits)


def _meets(each: Timed, piece: Piece) -> bool:
    return each.starts_s < piece[1] and piece[0] < each.ends_s


def _when(each: Timed) -> tuple[float, str]:
    return each.starts_s, each.slot.id
