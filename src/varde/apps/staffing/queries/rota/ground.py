"""A rota as the rules and the optimiser see it: places, people, wishes, who has what.

Ids: a place in the rota is its number, a published duty elsewhere is `d` and its number,
a person is the user's number.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from varde.apps.records.models import Duty, Rota, User
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.queries.rota.around import (
    duties_around,
    known_periods,
    outside_slot,
)
from varde.apps.staffing.queries.rota.crew import (
    staff_of,
    whole_days,
    wishes_of,
    workers_of,
    written_of,
)
from varde.apps.staffing.queries.rota.history import credits_of, earlier_places
from varde.apps.staffing.queries.rota.limits import limits_for
from varde.apps.staffing.queries.rota.needs import needs_of
from varde.apps.staffing.queries.rota.slots import slot_of
from varde.domain.rota.fairness import Standing, standings
from varde.domain.rota.limits import Limits
from varde.domain.rota.rules.breach import Need
from varde.domain.rota.rules.changing import Changes
from varde.domain.rota.values import Law, Slot, Span, Wish, Worker
from varde.engines.rostering.duties.values import Goals, Problem


SPACING_DAYS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """All that a rota is judged by. `around` are duties outside it, and who has them.

    Among the workers are those who have a place and no position here with such a post:
    they have no post, so that the judge stops them.
    """

    rota_id: int
    row_version: int
    slots: tuple[Slot, ...]
    around: tuple[Slot, ...]
    workers: tuple[Worker, ...]
    wishes: tuple[Wish, ...]
    assignment: Mapping[str, str]
    around_assignment: Mapping[str, str]
    fixed: Mapping[str, str]
    limits: Limits
    names: Mapping[str, str]
    vacant: int
    needs: tuple[Need, ...] = ()

    @property
    def all_slots(self) -> tuple[Slot, ...]:
        """The places of the rota and the duties around it."""
        return self.slots + self.around

    @property
    def whole(self) -> dict[str, str]:
        """Who has what, around the rota as well."""
        return {**self.around_assignment, **self.assignment}

    def worker(self, worker_id: str) -> Worker | None:
        """The person of that id; None for one without a position here."""
        return next((one for one in self.there if one.id == worker_id), None)

    @property
    def there(self) -> tuple[Worker, ...]:
        """Those with a position here that has a post of the rota."""
        return tuple(one for one in self.workers if one.posts)

    def slot(self, slot_id: str) -> Slot | None:
        """The place of that id."""
        return next((one for one in self.slots if one.id == slot_id), None)

    def standings(self) -> tuple[Standing, ...]:
        """Every person's accounts in the rota."""
        return standings(
            slots=self.slots, workers=self.there, assignment=self.assignment
        )

    def changes(self) -> Changes:
        """Made ready for many changes to be judged, each by itself."""
        return Changes(
            slots=self.all_slots,
            workers=self.workers,
            assignment=self.whole,
            limits=self.limits,
            wishes=self.wishes,
            needs=self.needs,
        )

    def problem(self) -> Problem:
        """What the optimiser is given."""
        earlier: dict[str, list[Slot]] = defaultdict(list)
        for slot in self.around:
            earlier[self.around_assignment[slot.id]].append(slot)
        return Problem(
            slots=self.slots,
            workers=self.workers,
            limits=self.limits,
            wishes=self.wishes,
            needs=self.needs,
            fixed=self.fixed,
            earlier={who: tuple(rows) for who, rows in earlier.items()},
            goals=Goals(
                spacing_days=(
                    SPACING_DAYS
                    if any(worker.law is Law.SFS2305 for worker in self.there)
                    else 0
                )
            ),
        )


def ground_of(
    rota: Rota, *, workplace: Workplace, at: datetime | None = None
) -> Ground:
    """Read everything that the rota is judged by.

    `at`: a draft as it would be published then, beside the duties that have begun. None:
    as if none had.
    """
    limits = limits_for(workplace, first=rota.starts_on, last=rota.ends_on)
    rows = list(rota.duties.order_by("starts_at", "post", "pk"))
    slots = tuple(slot_of(row, limits=limits) for row in rows)
    period = whole_days(rota.starts_on, rota.ends_on)
    earlier = earlier_places(rota, workplace=workplace)
    first = min((row.rota.starts_on for row in earlier), default=rota.starts_on)
    staff = staff_of(workplace, first=first, last=rota.ends_on)
    written = written_of(staff, workplace=workplace, first=first, last=rota.ends_on)
    used = {slot.post for slot in slots}
    people = {
        pk: person
        for pk, person in staff.people(first=rota.starts_on, last=rota.ends_on).items()
        if person.posts & used
    }
    around = duties_around(
        rota, workplace=workplace, people=people, period=period, at=at
    )
    workers = workers_of(
        people,
        written=written,
        period=period,
        duties=[slot.span for slot in slots],
        credit=credits_of(earlier, staff=staff, written=written, workplace=workplace),
        known=known_periods(rota, people, around, workplace=workplace),
    )
    workers = tuple(_with_what_they_have(workers, around))
    outside = tuple(outside_slot(row, workplace, limits=limits) for row in around)
    known = {worker.id for worker in workers}
    held = {str(row.pk): str(row.person_id) for row in rows if row.person_id}
    strangers = _strangers(held.values(), known=known)
    return Ground(
        rota_id=rota.pk,
        row_version=rota.row_version,
        slots=slots,
        around=outside,
        workers=(
            *workers,
            *(
                Worker(id=pk, law=Law.SFS2305, posts=frozenset(), share=0)
                for pk in strangers
            ),
        ),
        wishes=tuple(
            wish for wish in wishes_of(people, period=period) if wish.worker in known
        ),
        assignment=held,
        around_assignment={f"d{row.pk}": str(row.person_id) for row in around},
        fixed={
            str(row.pk): str(row.person_id)
            for row in rows
            if row.person_id and row.is_fixed
        },
        limits=limits,
        vacant=sum(row.person_id is None for row in rows),
        names={str(pk): found.name for pk, found in people.items()} | strangers,
        needs=needs_of(rota, (*slots, *outside), workplace=workplace, limits=limits),
    )


def _with_what_they_have(
    workers: Iterable[Worker], around: Iterable[Duty]
) -> Iterator[Worker]:
    """What one has outside the rota already is no breach of the periods agreed here."""
    held: dict[str, list[Span]] = defaultdict(list)
    for row in around:
        held[str(row.person_id)].append(
            Span(starts_at=row.starts_at, ends_at=row.ends_at)
        )
    for one in workers:
        if one.only_within and held[one.id]:
            yield replace(one, only_within=(*one.only_within, *held[one.id]))
        else:
            yield one


def _strangers(holders: Iterable[str], *, known: Collection[str]) -> dict[str, str]:
    """Who has a place and is not among those known, by name."""
    unknown = set(holders).difference(known)
    if not unknown:
        return {}
    people = User.objects.in_bulk([int(pk) for pk in unknown])
    return {str(pk): person.name for pk, person in people.items()}
