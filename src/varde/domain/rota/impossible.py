"""What makes a rota impossible, said before anybody tries to make it.

What is found is certain: none of it can be mended by another order of the duties. That
nothing is found does not promise a rota; the optimiser names what collides then.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from varde.domain.rota.able import Able, able_for
from varde.domain.rota.limits import Limits
from varde.domain.rota.rules.held import (
    HOUR_S,
    Meanwhile,
    Piece,
    Timed,
    horizon_of,
    hours_of,
    timed,
    without,
)
from varde.domain.rota.values import Law, Slot, Worker


WEEK_H = 168


class Obstacle(StrEnum):
    """What makes a rota impossible before anybody tries. The comment names the values."""

    NOBODY_MAY = "nobody_may"  # slots: no person may ever have them
    MAY_HAVE_NONE = "may_have_none"  # worker: no slot that the person may have
    OVERLAPPING_AWAY = "overlapping_away"  # worker: two absences at once
    TOO_FEW_PEOPLE = "too_few_people"  # slots on at once, needed, there
    NOBODY_COMPETENT = "nobody_competent"  # slots: nobody there may work alone
    TOO_FEW_HOURS = "too_few_hours"  # slots of a post, needed, there: hours


@dataclass(frozen=True, slots=True, kw_only=True)
class Impossible:
    """One reason why no rota can be made. Its words are in the room's messages."""

    code: Obstacle
    slots: tuple[str, ...] = ()
    worker: str = ""
    needed: float = 0.0
    there: float = 0.0


def impossible(
    *, slots: Sequence[Slot], workers: Sequence[Worker], limits: Limits
) -> tuple[Impossible, ...]:
    """Why no rota can be made of these slots and people; empty where nothing is seen.

    A slot that nobody may have can still be left vacant, if those responsible want that.
    A person with two absences at once is a fault in what was typed, not in the rota.

    >>> from types import SimpleNamespace
    >>> kari = Worker(id="kari", law=Law.AML, posts=frozenset({"operator"}))
    >>> limits = SimpleNamespace(
    ...     doctor_posts=frozenset(),
    ...     average_weeks=8,
    ...     week_hours=48,
    ...     one_week_hours=54,
    ... )
    >>> [i.code.value for i in impossible(slots=[], workers=[kari], limits=limits)]
    ['may_have_none']
    """
    every = timed(slots)
    people = [Able(worker) for worker in workers]
    able = {each.slot.id: able_for(each, people) for each in every}
    takable = [each for each in every if able[each.slot.id]]
    return (
        *_nobody_may(every, able),
        *_may_have_none(workers, able),
        *_overlapping_away(workers),
        *_too_few_people(takable, able),
        *_nobody_competent(takable, able, limits),
        *_too_few_hours(takable, able, limits),
    )


type Who = dict[str, tuple[Able, ...]]


def _nobody_may(every: Sequence[Timed], able: Who) -> Iterator[Impossible]:
    by_post: defaultdict[str, list[str]] = defaultdict(list)
    for each in every:
        if not able[each.slot.id]:
            by_post[each.slot.post].append(each.slot.id)
    for post in sorted(by_post):
        yield Impossible(code=Obstacle.NOBODY_MAY, slots=tuple(by_post[post]))


def _may_have_none(workers: Sequence[Worker], able: Who) -> Iterator[Impossible]:
    there = {person.worker.id for people in able.values() for person in people}
    for worker in workers:
        if worker.share > 0 and worker.id not in there:
            yield Impossible(code=Obstacle.MAY_HAVE_NONE, worker=worker.id)


def _overlapping_away(workers: Sequence[Worker]) -> Iterator[Impossible]:
    for worker in workers:
        away = sorted(worker.away, key=lambda span: span.starts_at.timestamp())
        if any(first.overlaps(second) for first, second in pairwise(away)):
            yield Impossible(code=Obstacle.OVERLAPPING_AWAY, worker=worker.id)


def _too_few_people(takable: Sequence[Timed], able: Who) -> Iterator[Impossible]:
    """More places at once than people who may have them, at each moment one begins."""
    at_once = Meanwhile(takable)
    for moment in sorted({each.starts_s for each in takable}):
        on = list(at_once((moment, moment + 1)))
        there = _most_filled([[p.worker.id for p in able[e.slot.id]] for e in on])
        if there < len(on):
            yield Impossible(
                code=Obstacle.TOO_FEW_PEOPLE,
                slots=tuple(each.slot.id for each in on),
                needed=len(on),
                there=there,
            )


def _most_filled(choices: Sequence[Sequence[str]]) -> int:
    """How many places can be filled when each person fills one (augmenting paths)."""
    filled: dict[str, int] = {}

    def fill(place: int, tried: set[str]) -> bool:
        for person in choices[place]:
            if person in tried:
                continue
            tried.add(person)
            if person not in filled or fill(filled[person], tried):
                filled[person] = place
                return True
        return False

    return sum(fill(place, set()) for place in range(len(choices)))


def _nobody_competent(
    takable: Sequence[Timed], able: Who, limits: Limits
) -> Iterator[Impossible]:
    """A doctor's duty at a time when nobody who may work alone could be on duty."""
    doctors = [each for each in takable if each.slot.post in limits.doctor_posts]
    at_once = Meanwhile(doctors)
    for each in doctors:
        left: tuple[Piece, ...] = ((each.starts_s, each.ends_s),)
        for other in at_once(left[0]) if left else ():
            whole = [(other.starts_s, other.ends_s)]
            for person in able[other.slot.id]:
                left = without(left, without(whole, without(whole, person.alone)))
        if hours_of(left) > 0:
            yield Impossible(code=Obstacle.NOBODY_COMPETENT, slots=(each.slot.id,))


def _too_few_hours(
    takable: Sequence[Timed], able: Who, limits: Limits
) -> Iterator[Impossible]:
    """More hours in a post than those who may have it can work by law.

    Only where all of them follow arbeidsmiljøloven: the others have no such limit.
    """
    starts, ends = horizon_of(takable)
    weeks = (
        int((ends - starts) / HOUR_S // WEEK_H) + 2
    )  # those it has a part in, at most
    turns, rest = divmod(weeks, limits.average_weeks)
    most = turns * limits.average_weeks * limits.week_hours
    most += rest * limits.one_week_hours
    for post in sorted({each.slot.post for each in takable}):
        mine = [each for each in takable if each.slot.post == post]
        people = {p.worker.id: p.worker for e in mine for p in able[e.slot.id]}
        needed = sum(each.work_hours for each in mine)
        there = len(people) * most
        if needed > there and all(w.law is Law.AML for w in people.values()):
            yield Impossible(
                code=Obstacle.TOO_FEW_HOURS,
                slots=tuple(each.slot.id for each in mine),
                needed=needed,
                there=there,
            )
