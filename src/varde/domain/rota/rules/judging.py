"""The judge of a rota: every rule asked, of a whole rota or of what one change touches.

It knows nothing of how a rota was made, so that whatever proposes one can be checked.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence

from varde.domain.rota.limits import Limits
from varde.domain.rota.rules import together, who_may, working_time
from varde.domain.rota.rules.breach import Breach, Judgement, Need
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
from varde.domain.rota.values import Assignment, Law, Slot, Wish, Worker


# Hard for everybody; then those that are hard under arbeidsmiljøloven only.
WHO_MAY_RULES = (
    who_may.only_in_a_post_that_one_holds,
    who_may.no_two_duties_at_once,
    who_may.no_duty_while_away,
    who_may.no_night_when_exempt,
    who_may.only_within_own_periods,
    who_may.a_vikar_is_approved,
)
PERSON_RULES = (
    *WHO_MAY_RULES,
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
    together.backup_can_come,
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
    refuse_unknown(slots, workers, assignment)
    house = house_of(timed(slots), workers, assignment, limits)
    breaches = [
        *_of_people(house.people.values(), limits),
        *of_slots(house.slots, house, limits),
        *of_groups(house.groups, house, limits),
        *of_pieces([house.horizon], house, limits),
        *(b for need in needs for b in together.need_is_met(need, house, limits)),
    ]
    placed = frozenset(w.id for w in wishes if is_placed(w, house.people[w.worker]))
    return Judgement(
        breaches=tuple(sorted(breaches, key=in_order)),
        vacant=tuple(e.slot.id for e in house.slots if e.slot.id not in assignment),
        placed=placed,
        unplaced=frozenset(wish.id for wish in wishes) - placed,
    )


def refuse_unknown(
    slots: Sequence[Slot], workers: Sequence[Worker], assignment: Assignment
) -> None:
    """Raise ValueError for ids that come twice or are not there."""
    for what, ids in (
        ("slot", [slot.id for slot in slots]),
        ("worker", [worker.id for worker in workers]),
    ):
        twice = [name for name, count in Counter(ids).items() if count > 1]
        if twice:
            raise ValueError(f"a {what} comes twice: {twice}")
    refuse_strangers(
        assignment,
        slots={slot.id for slot in slots},
        workers={worker.id for worker in workers},
    )


def refuse_strangers(
    assignment: Assignment, *, slots: Collection[str], workers: Collection[str]
) -> None:
    """Raise ValueError where an assignment names what is not there."""
    unknown = {slot for slot in assignment if slot not in slots}
    strangers = {who for who in assignment.values() if who not in workers}
    if unknown or strangers:
        raise ValueError(
            f"a rota names what is not there: {sorted(unknown | strangers)}"
        )


def house_of(
    slots: tuple[Timed, ...],
    workers: Sequence[Worker],
    assignment: Assignment,
    limits: Limits,
) -> House:
    """All slots and people of a rota."""
    return House(
        slots=slots,
        assignment=assignment,
        workers={worker.id: worker for worker in workers},
        calendar=limits.calendar,
        horizon=horizon_of(slots),
    )


def _of_people(people: Iterable[Person], limits: Limits) -> Iterator[Breach]:
    for person in people:
        yield from of_person(person, limits, is_hard=False)


def of_person(person: Person, limits: Limits, *, is_hard: bool) -> Iterator[Breach]:
    """What a person's duties break. `is_hard`: the rules that can be hard for the person,
    and no others."""
    is_warned = is_hard and person.worker.law is not Law.AML
    for rule in WHO_MAY_RULES if is_warned else PERSON_RULES:
        yield from rule(person, limits)


def of_slots(slots: Iterable[Timed], house: House, limits: Limits) -> Iterator[Breach]:
    """Breaches of the slots that are held."""
    for each in slots:
        if each.slot.id in house.assignment:
            for rule in SLOT_RULES:
                yield from rule(each, house, limits)


def of_groups(groups: Iterable[str], house: House, limits: Limits) -> Iterator[Breach]:
    """Breaches of groups."""
    for group in groups:
        members = house.groups[group]
        yield from who_may.a_whole_group_by_one_person(members, house, limits)


def of_pieces(
    pieces: Iterable[Piece], house: House, limits: Limits
) -> Iterator[Breach]:
    """Breaches of the least number of operators."""
    for piece in house.cut(limits.operator_posts, pieces):
        yield from together.lvs_minimum_is_there(piece, house, limits)


def is_placed(wish: Wish, person: Person) -> bool:
    """Whether a wish is met by a person's duties."""
    (piece,) = pieces_of([wish.span])
    has_duty = any(overlap_hours(each, piece) > 0 for each in person.duties)
    return has_duty == wish.wants_duty


def in_order(breach: Breach) -> tuple[str, str, tuple[str, ...], float]:
    """The order in which breaches are told."""
    at = 0.0 if breach.at is None else breach.at.timestamp()
    return str(breach.rule), breach.worker, breach.slots, at
