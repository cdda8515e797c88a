"""A rota as the rules and the optimiser see it: places, people, wishes, who has what.

Ids: a place in the rota is its number, a published duty elsewhere is `d` and its number,
a person is the user's number.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone

from varde.apps.records.models import (
    Duty,
    Rota,
    RotaDuty,
)
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.queries.rota.crew import (
    AROUND,
    OSLO,
    Person,
    people_of,
    whole_days,
    wishes_of,
    workers_of,
)
from varde.apps.staffing.queries.rota.limits import limits_for, setting
from varde.domain.rota.fairness import Standing, credit_of, standings
from varde.domain.rota.limits import Limits
from varde.domain.rota.patterns import accounts_of
from varde.domain.rota.rules.judging import Changes
from varde.domain.rota.values import Account, Law, Slot, Span, Wish, Worker
from varde.engines.rostering.duties.values import Goals, Problem


YEAR = timedelta(days=365)
SPACING_DAYS = 3
ELSEWHERE = "elsewhere"
MOST_KNOWN = 20_000  # duties whose accounts a process remembers
_known_accounts: dict[tuple[object, ...], frozenset[Account]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """All that a rota is judged by. `around` are duties outside it, and who has them."""

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
        return next((one for one in self.workers if one.id == worker_id), None)

    def slot(self, slot_id: str) -> Slot | None:
        """The place of that id."""
        return next((one for one in self.slots if one.id == slot_id), None)

    def standings(self) -> tuple[Standing, ...]:
        """Every person's accounts in the rota."""
        return standings(
            slots=self.slots, workers=self.workers, assignment=self.assignment
        )

    def changes(self) -> Changes:
        """Made ready for many changes to be judged, each by itself."""
        return Changes(
            slots=self.all_slots,
            workers=self.workers,
            assignment=self.whole,
            limits=self.limits,
            wishes=self.wishes,
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
            fixed=self.fixed,
            earlier={who: tuple(rows) for who, rows in earlier.items()},
            goals=Goals(
                spacing_days=(
                    SPACING_DAYS
                    if any(worker.law is Law.SFS2305 for worker in self.workers)
                    else 0
                )
            ),
        )


def ground_of(rota: Rota, *, workplace: Workplace) -> Ground:
    """Read everything that the rota is judged by."""
    limits = limits_for(workplace, first=rota.starts_on, last=rota.ends_on)
    rows = list(rota.duties.order_by("starts_at", "post", "pk"))
    slots = tuple(slot_of(row, limits=limits) for row in rows)
    period = whole_days(rota.starts_on, rota.ends_on)
    people = people_of(workplace, first=rota.starts_on, last=rota.ends_on)
    history = _credits(rota, workplace=workplace, people=people)
    used = {slot.post for slot in slots}
    workers = tuple(
        worker
        for worker in workers_of(
            people, workplace=workplace, period=period, credit=history
        )
        if worker.posts & used
    )
    held = {str(row.pk): str(row.person_id) for row in rows if row.person_id}
    known = {worker.id for worker in workers}
    around = _around(
        rota,
        workplace=workplace,
        people=[pk for pk in people if str(pk) in known],
        period=period,
    )
    return Ground(
        rota_id=rota.pk,
        row_version=rota.row_version,
        slots=slots,
        around=tuple(
            Slot(
                id=f"d{row.pk}",
                post=row.post if _is_here(row, workplace) else ELSEWHERE,
                span=Span(starts_at=row.starts_at, ends_at=row.ends_at),
                accounts=frozenset(),
            )
            for row in around
        ),
        workers=workers,
        wishes=tuple(
            wish for wish in wishes_of(people, period=period) if wish.worker in known
        ),
        assignment={slot: who for slot, who in held.items() if who in known},
        around_assignment={f"d{row.pk}": str(row.person_id) for row in around},
        fixed={
            str(row.pk): str(row.person_id)
            for row in rows
            if row.person_id and row.is_fixed and str(row.person_id) in known
        },
        limits=limits,
        vacant=sum(row.person_id is None for row in rows),
        names={str(pk): found.name for pk, found in people.items() if str(pk) in known},
    )


def slot_of(row: RotaDuty, *, limits: Limits) -> Slot:
    """A place of the rota as the rules see it."""
    span = Span(starts_at=row.starts_at, ends_at=row.ends_at)
    return Slot(
        id=str(row.pk),
        post=row.post,
        span=span,
        accounts=_accounts(span, post=row.post, limits=limits),
        active_share=float(row.active_share),
        group=row.group,
    )


def _accounts(span: Span, *, post: str, limits: Limits) -> frozenset[Account]:
    """The accounts of a duty, remembered: the same duty is asked for at every look."""
    place = (
        span,
        post,
        limits.account_hours,
        limits.evening,
        limits.night,
        limits.eve_from,
        limits.backup_posts,
        limits.calendar.holidays,
        limits.calendar.eves,
    )
    found = _known_accounts.get(place)
    if found is None:
        if len(_known_accounts) >= MOST_KNOWN:
            _known_accounts.clear()
        found = _known_accounts[place] = accounts_of(span, post=post, limits=limits)
    return found


def _around(
    rota: Rota, *, workplace: Workplace, people: Collection[int], period: Span
) -> list[Duty]:
    """Published duties of these people outside the rota, here and elsewhere."""
    return list(
        Duty.objects.filter(
            person__in=people,
            starts_at__lt=period.ends_at + AROUND,
            ends_at__gt=period.starts_at - AROUND,
        )
        .exclude(rota_duty__rota=rota)
        .exclude(  # these give way when the rota is published
            rota_duty=None,
            starts_at__gte=period.starts_at,
            starts_at__lt=period.ends_at,
            **workplace.where,
        )
        .order_by("starts_at", "pk")
    )


def _is_here(row: Duty, workplace: Workplace) -> bool:
    """Whether a duty is at the workplace: who is elsewhere is no company here."""
    return (row.station_id, row.sentral_id) == (
        workplace.station_id,
        workplace.sentral_id,
    )


def _credits(
    rota: Rota, *, workplace: Workplace, people: Mapping[int, Person]
) -> dict[str, Mapping[Account, float]]:
    """What each was above or below the fair share in the rotas of the last years.

    Counted among those who are here now: who has left takes the credit along.
    """
    years = setting("history_years", workplace, on=rota.starts_on)
    first = rota.starts_on - years * YEAR
    rows = list(
        RotaDuty.objects.filter(
            rota__state=Rota.State.PUBLISHED,
            rota__ends_on__lt=rota.starts_on,
            starts_at__gte=datetime.combine(first, time(), tzinfo=OSLO),
            person__in=people,
            **{f"rota__{name}": value for name, value in workplace.where.items()},
        )
    )
    if not rows:
        return {}
    limits = limits_for(workplace, first=first, last=rota.starts_on)
    workers = tuple(
        Worker(id=str(pk), law=one.law, posts=one.posts, share=one.share)
        for pk, one in people.items()
    )
    by_rota: dict[int, list[RotaDuty]] = defaultdict(list)
    for row in rows:
        by_rota[row.rota_id].append(row)
    periods = [
        (
            max(timezone.localdate(row.starts_at) for row in mine),
            standings(
                slots=tuple(slot_of(row, limits=limits) for row in mine),
                workers=workers,
                assignment={str(row.pk): str(row.person_id) for row in mine},
            ),
        )
        for mine in by_rota.values()
    ]
    return dict(credit_of(periods, since=first))
