"""The judge of a rota: every rule asked, of a whole rota or of what one change touches.

It knows nothing of how a rota was made, so that whatever proposes one can be checked.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from varde.domain.rota.limits import Limits
from varde.domain.rota.rules import together, who_may, working_time
from varde.domain.rota.rules.breach import Breach, ChangeJudged, Judgement, Need
from varde.domain.rota.rules.held import (
    House,
    Person,
    Piece,
    Timed,
    horizon_of,
    overlap_hours,
    pieces_of,
    timed,
)
from varde.domain.rota.values import Assignment, Slot, Wish, Worker


type Change = Mapping[str, str | None]  # slot id -> who shall have it; None: vacant

PERSON_RULES = (
    who_may.only_in_a_post_that_one_holds,
    who_may.no_two_duties_at_once,
    who_may.no_duty_while_away,
    who_may.no_night_when_exempt,
    who_may.only_within_own_periods,
    working_time.enough_rest_every_day,
    working_time.enough_rest_every_week,
    working_time.hours_of_a_day_are_kept,
    working_time.hours_of_a_week_are_kept,
    working_time.hours_on_average_are_kept,
    working_time.sundays_are_free,
    working_time.nights_in_a_row_are_few,
    working_time.days_between_duties,
)
SLOT_RULES = (
    together.never_alone_where_not_competent,
    together.backup_may_work_alone,
    together.lis1_has_an_experienced_colleague,
    together.second_tier_is_there,
)


def judge(
    *,
    slots: Sequence[Slot],
    workers: Sequence[Worker],
    assignment: Assignment,
    limits: Limits,
    wishes: Sequence[Wish] = (),
    needs: Sequence[Need] = (),
) -> Judgement:
    """Every rule that a whole rota breaks, its vacant places, its wishes.

    Parameters
    ----------
    slots, workers : sequences
        In any order; ids are unique. Slots of the time before the rota, with those who
        had them, may be handed in so that rests and weeks are judged across its start.
    assignment : mapping of slot id to worker id
        A slot without a line is vacant, which is counted and breaks no rule by itself.
    limits : Limits
    wishes, needs : sequences
        A wish to be free is placed when no duty of the person touches its period; a wish
        for duty when one does.

    Returns
    -------
    Judgement
        Breaches sorted by rule, person and slots.

    Raises
    ------
    ValueError
        If the assignment names a slot or a person that is not there, or an id comes twice.

    Examples
    --------
    >>> judge(slots=[], workers=[], assignment={"v1": "kari"}, limits=None)
    Traceback (most recent call last):
    ValueError: a rota names what is not there: ['kari', 'v1']
    """
    _check(slots, workers, assignment)
    house = _house(timed(slots), workers, assignment, limits)
    breaches = [
        *_of_people(house.people.values(), limits),
        *_of_slots(house.slots, house, limits),
        *_of_groups(house.groups, house, limits),
        *_of_pieces([house.horizon], house, limits),
        *(b for need in needs for b in together.need_is_met(need, house, limits)),
    ]
    placed = frozenset(w.id for w in wishes if _is_placed(w, house.people[w.worker]))
    return Judgement(
        breaches=tuple(sorted(breaches, key=_order)),
        vacant=tuple(e.slot.id for e in house.slots if e.slot.id not in assignment),
        placed=placed,
        unplaced=frozenset(wish.id for wish in wishes) - placed,
    )


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
    """
    return Changes(
        slots=slots,
        workers=workers,
        assignment=assignment,
        limits=limits,
        wishes=wishes,
        needs=needs,
    ).judged(change)


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
        _check(slots, workers, assignment)
        self.limits = limits
        self.wishes = wishes
        self.needs = [(need, pieces_of([need.span])[0]) for need in needs]
        self.house = _house(timed(slots), workers, assignment, limits)
        self._now: dict[str, tuple[Breach, ...]] = {}
        self.by_id = {each.slot.id: each for each in self.house.slots}

    def judged(self, change: Change) -> ChangeJudged:
        """What one change breaks and mends."""
        before = self.house.assignment
        unknown = set(change) - set(self.by_id)
        strangers = {who for who in change.values() if who is not None}
        strangers -= set(self.house.workers)
        if unknown or strangers:
            raise ValueError(
                f"a change names what is not there: {sorted(unknown | strangers)}"
            )
        merged = {**before, **change}
        after = {slot: who for slot, who in merged.items() if who is not None}
        touched = [
            self.by_id[slot]
            for slot in sorted(change)
            if before.get(slot) != after.get(slot)
        ]
        people = {who for e in touched for who in _holders(e, before, after)}
        return self._difference(before, after, touched=touched, people=people)

    def _difference(
        self,
        before: Assignment,
        after: Assignment,
        *,
        touched: Sequence[Timed],
        people: Collection[str],
    ) -> ChangeJudged:
        old = self._around(touched, people, before)
        new = self._around(touched, people, after)
        found = [
            Counter(
                (*self._as_it_is(people), *self._breaches(old, touched)),
            ),
            Counter(
                (
                    *_of_people((new.people[who] for who in people), self.limits),
                    *self._breaches(new, touched),
                )
            ),
        ]
        wishes = [wish for wish in self.wishes if wish.worker in people]
        was, is_now = (
            {wish.id for wish in wishes if _is_placed(wish, h.people[wish.worker])}
            for h in (old, new)
        )
        return ChangeJudged(
            came=tuple(sorted((found[1] - found[0]).elements(), key=_order)),
            went=tuple(sorted((found[0] - found[1]).elements(), key=_order)),
            wishes_placed=frozenset(is_now - was),
            wishes_lost=frozenset(was - is_now),
        )

    def _around(
        self, touched: Sequence[Timed], people: Collection[str], held: Assignment
    ) -> House:
        """The rota with only the slots that can matter to the change."""
        chosen = {
            each.slot.id
            for each in self.house.slots
            if self.house.assignment.get(each.slot.id) in people
        }
        groups = {each.slot.group for each in touched} - {""}
        for group in groups:
            chosen.update(each.slot.id for each in self.house.groups[group])
        for each in touched:
            # A slot is judged by those on at the same time, which one that overlaps this
            # one has more of: so two steps away.
            near = list(self.house.meanwhile((each.starts_s, each.ends_s)))
            whole = (min(e.starts_s for e in near), max(e.ends_s for e in near))
            chosen.update(other.slot.id for other in self.house.meanwhile(whole))
        return House(
            slots=tuple(e for e in self.house.slots if e.slot.id in chosen),
            assignment={s: who for s, who in held.items() if s in chosen},
            workers=self.house.workers,
            calendar=self.limits.calendar,
            horizon=self.house.horizon,
        )

    def _as_it_is(self, people: Collection[str]) -> Iterator[Breach]:
        """What some people's duties break now; worked out once for each."""
        for who in people:
            if who not in self._now:
                person = self.house.people[who]
                self._now[who] = tuple(_of_people([person], self.limits))
            yield from self._now[who]

    def _breaches(self, house: House, touched: Sequence[Timed]) -> Iterator[Breach]:
        limits = self.limits
        pieces = [(each.starts_s, each.ends_s) for each in touched]
        near = {e.slot.id: e for piece in pieces for e in house.meanwhile(piece)}
        groups = {each.slot.group for each in touched} - {""}
        yield from _of_slots(near.values(), house, limits)
        yield from _of_groups(groups, house, limits)
        yield from set(_of_pieces(pieces, house, limits))
        for need, span in self.needs:
            if any(a < span[1] and span[0] < b for a, b in pieces):
                yield from together.need_is_met(need, house, limits)


def _check(
    slots: Sequence[Slot], workers: Sequence[Worker], assignment: Assignment
) -> None:
    for what, ids in (
        ("slot", [slot.id for slot in slots]),
        ("worker", [worker.id for worker in workers]),
    ):
        twice = [name for name, count in Counter(ids).items() if count > 1]
        if twice:
            raise ValueError(f"a {what} comes twice: {twice}")
    unknown = set(assignment) - {slot.id for slot in slots}
    strangers = set(assignment.values()) - {worker.id for worker in workers}
    if unknown or strangers:
        raise ValueError(
            f"a rota names what is not there: {sorted(unknown | strangers)}"
        )


def _house(
    slots: tuple[Timed, ...],
    workers: Sequence[Worker],
    assignment: Assignment,
    limits: Limits,
) -> House:
    return House(
        slots=slots,
        assignment=assignment,
        workers={worker.id: worker for worker in workers},
        calendar=limits.calendar,
        horizon=horizon_of(slots),
    )


def _of_people(people: Iterable[Person], limits: Limits) -> Iterator[Breach]:
    for person in people:
        for rule in PERSON_RULES:
            yield from rule(person, limits)


def _of_slots(slots: Iterable[Timed], house: House, limits: Limits) -> Iterator[Breach]:
    for each in slots:
        if each.slot.id in house.assignment:
            for rule in SLOT_RULES:
                yield from rule(each, house, limits)


def _of_groups(groups: Iterable[str], house: House, limits: Limits) -> Iterator[Breach]:
    for group in groups:
        members = house.groups[group]
        yield from who_may.a_whole_group_by_one_person(members, house, limits)


def _of_pieces(
    pieces: Iterable[Piece], house: House, limits: Limits
) -> Iterator[Breach]:
    for piece in house.cut(limits.operator_posts, pieces):
        yield from together.lvs_minimum_is_there(piece, house, limits)


def _is_placed(wish: Wish, person: Person) -> bool:
    (piece,) = pieces_of([wish.span])
    has_duty = any(overlap_hours(each, piece) > 0 for each in person.duties)
    return has_duty == wish.wants_duty


def _holders(each: Timed, *held: Assignment) -> Iterator[str]:
    for assignment in held:
        if each.slot.id in assignment:
            yield assignment[each.slot.id]


def _order(breach: Breach) -> tuple[str, str, tuple[str, ...], float]:
    at = 0.0 if breach.at is None else breach.at.timestamp()
    return str(breach.rule), breach.worker, breach.slots, at
