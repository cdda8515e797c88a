"""The duties around a rota: before it, after it, elsewhere, and by hand within it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from varde.apps.records.models import Duty, Rota, RotaChange
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.queries.rota.crew import AROUND, DAY, Person, whole_days
from varde.apps.staffing.queries.rota.slots import accounts
from varde.domain.rota.limits import Limits
from varde.domain.rota.values import Slot, Span


ELSEWHERE = "elsewhere"


def giving_way(
    rota: Rota, *, workplace: Workplace, at: datetime | None
) -> QuerySet[Duty]:
    """The duties made by hand that a draft takes the place of when it is published.

    They are of the workplace and the posts of the rota and begin in its period. Those
    that have begun `at` then stay as they are, unless they are a place of the rota to the
    minute, which they then are from the beginning.
    """
    period = whole_days(rota.starts_on, rota.ends_on)
    begins_then = Q() if at is None else Q(starts_at__gte=at)
    is_a_place = Exists(
        rota.duties.filter(
            person=OuterRef("person"),
            post=OuterRef("post"),
            starts_at=OuterRef("starts_at"),
            ends_at=OuterRef("ends_at"),
        )
    )
    return Duty.objects.filter(
        begins_then | Q(is_a_place),
        rota_duty=None,
        starts_at__gte=period.starts_at,
        starts_at__lt=period.ends_at,
        post__in=rota.duties.values("post"),
        **workplace.where,
    )


def duties_around(
    rota: Rota,
    *,
    workplace: Workplace,
    people: Collection[int],
    period: Span,
    at: datetime | None,
) -> list[Duty]:
    """Published duties of these people that are no place of the rota, here and elsewhere.

    Those that give way to a draft are left out; and the begun part of a duty of the rota
    that another took over midway, which is a place of the rota already.
    """
    begun_part = RotaChange.objects.filter(
        rota=rota,
        before=OuterRef("person"),
        place__post=OuterRef("post"),
        place__starts_at__lte=OuterRef("starts_at"),
        place__ends_at__gte=OuterRef("ends_at"),
    )
    rows = (
        Duty.objects.filter(
            person__in=people,
            starts_at__lt=period.ends_at + AROUND,
            ends_at__gt=period.starts_at - AROUND,
        )
        .exclude(rota_duty__rota=rota)
        .exclude(Exists(begun_part), rota_duty=None, **workplace.where)
    )
    if rota.state == Rota.State.DRAFT:
        rows = rows.exclude(pk__in=giving_way(rota, workplace=workplace, at=at))
    return list(rows.select_related("rota_duty").order_by("starts_at", "pk"))


def outside_slot(row: Duty, workplace: Workplace, *, limits: Limits) -> Slot:
    """A duty outside the rota. Who is elsewhere is no company here.

    A duty that no rota made counts as work in full: what was agreed of it is not known.
    """
    span = Span(starts_at=row.starts_at, ends_at=row.ends_at)
    place = getattr(row, "rota_duty", None)
    is_here = (row.station_id, row.sentral_id) == (
        workplace.station_id,
        workplace.sentral_id,
    )
    return Slot(
        id=f"d{row.pk}",
        post=row.post if is_here else ELSEWHERE,
        span=span,
        accounts=accounts(span, post=row.post, limits=limits),
        active_share=1.0 if place is None else float(place.active_share),
        is_phone_only=place is not None and place.is_phone_only,
        is_outside=True,
    )


def known_periods(
    rota: Rota,
    people: Mapping[int, Person],
    around: Sequence[Duty],
    *,
    workplace: Workplace,
) -> dict[int, Span]:
    """When all duties of each are known: in the rota, and in published rotas before and
    after it without a gap while they had a position; and as far as duties are known.

    A week without duties is free in that time, and unknown outside it.
    """
    first, last = _planned(rota, workplace=workplace)
    found = {}
    for pk, person in people.items():
        days = [
            timezone.localdate(moment)
            for row in around
            if row.person_id == pk
            for moment in (row.starts_at, row.ends_at)
        ]
        end = last if person.before is None else min(last, person.before - DAY)
        found[pk] = whole_days(
            min([rota.starts_on, max(first, person.first), *days]),
            max([rota.ends_on, end, *days]),
        )
    return found


def _planned(rota: Rota, *, workplace: Workplace) -> tuple[date, date]:
    """The days around a rota that published rotas cover without a gap, the rota's among
    them; no more than the duties around it."""
    rows = list(
        Rota.objects.filter(
            state=Rota.State.PUBLISHED,
            ends_on__gte=rota.starts_on - AROUND,
            starts_on__lte=rota.ends_on + AROUND,
            **workplace.where,
        )
        .exclude(pk=rota.pk)
        .order_by("starts_on")
    )
    first, last = rota.starts_on, rota.ends_on
    for row in rows:
        if row.starts_on <= last + DAY:
            last = max(last, row.ends_on)
    for row in reversed(rows):
        if row.ends_on >= first - DAY:
            first = min(first, row.starts_on)
    return max(first, rota.starts_on - AROUND), min(last, rota.ends_on + AROUND)
