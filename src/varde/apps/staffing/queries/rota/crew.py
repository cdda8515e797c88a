"""Who may be in a rota: the people of a workplace, when they are there, what they wish."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from varde.apps.records.models import (
    Absence,
    Duty,
    Position,
    Qualification,
    Role,
    RoleGrant,
)
from varde.apps.records.models import Wish as WishRow
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.queries.competence import alone_spans
from varde.domain.rota.values import Account, Law, Span, Wish, Worker


OSLO = ZoneInfo("Europe/Oslo")
DAY = timedelta(days=1)
AROUND = timedelta(
    days=28
)  # duties before and after that rest and weeks are counted with
DOCTORS = frozenset(
    {
        Position.Category.FASTLEGE,
        Position.Category.LIS1,
        Position.Category.LIS3,
        Position.Category.VIKAR,
        Position.Category.LEGEVAKTLEGE,
        Position.Category.SYKEHJEMSLEGE,
        Position.Category.KOMMUNEOVERLEGE,
    }
)
DOCTOR_POSTS = frozenset(
    {
        Duty.Post.FORVAKT,
        Duty.Post.BAKVAKT,
        Duty.Post.KONSULTASJONSVAKT,
        Duty.Post.BEREDSKAPSVAKT,
    }
)
POSTS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(DOCTORS, DOCTOR_POSTS),
    Position.Category.LIS1: DOCTOR_POSTS - {Duty.Post.BAKVAKT},
    Position.Category.NURSE: frozenset({Duty.Post.NURSE, Duty.Post.OPERATOR}),
    Position.Category.OPERATOR: frozenset({Duty.Post.OPERATOR}),
}


def whole_days(first: date, last: date) -> Span:
    """From the midnight before the first day to the one after the last."""
    return Span(
        starts_at=datetime.combine(first, time(), tzinfo=OSLO),
        ends_at=datetime.combine(last + DAY, time(), tzinfo=OSLO),
    )


@dataclass(slots=True, kw_only=True)
class Person:
    """What a person's positions at the workplace come to."""

    name: str
    law: Law
    share: float
    posts: frozenset[str]
    is_lis1: bool
    outside: tuple[Span, ...]  # days of the period without a position


def people_of(workplace: Workplace, *, first: date, last: date) -> dict[int, Person]:
    """Those with a position here in the period. Several positions are added."""
    rows = (
        Position.objects.filter(
            Q(valid_to=None) | Q(valid_to__gt=first),
            valid_from__lte=last,
            **workplace.where,
        )
        .select_related("person")
        .order_by("person__last_name", "person__first_name", "person_id")
    )
    leaders = _leaders(workplace, first=first, last=last)
    found: dict[int, Person] = {}
    by_person: dict[int, list[Position]] = defaultdict(list)
    for row in rows:
        by_person[row.person_id].append(row)
    for pk, mine in by_person.items():
        posts = frozenset().union(
            *(POSTS.get(row.category, frozenset()) for row in mine)
        )
        if pk in leaders:
            posts |= {Duty.Post.SHIFT_LEADER}
        is_aml = any(row.law == Position.Law.AML for row in mine)
        found[pk] = Person(
            name=mine[0].person.name,
            law=Law.AML if is_aml else Law.SFS2305,
            share=_share(mine),
            posts=posts,
            is_lis1=any(row.category == Position.Category.LIS1 for row in mine),
            outside=tuple(_outside(mine, first=first, last=last)),
        )
    return found


def _share(mine: list[Position]) -> float:
    """Of a whole position; a vikar fills in only and has no share of his own."""
    own = [row for row in mine if row.category != Position.Category.VIKAR]
    return min(1.0, float(sum(row.share for row in own)))


def _outside(mine: list[Position], *, first: date, last: date) -> Iterable[Span]:
    """The days of the period in which no position is valid."""
    starts = min(row.valid_from for row in mine)
    ends = [row.valid_to for row in mine]
    if starts > first:
        yield whole_days(first, starts - DAY)
    if all(ends) and max(ends) <= last:
        yield whole_days(max(ends), last)


def _leaders(workplace: Workplace, *, first: date, last: date) -> frozenset[int]:
    return frozenset(
        RoleGrant.objects.filter(
            Q(valid_to=None) | Q(valid_to__gt=first),
            valid_from__lte=last,
            role=Role.SHIFT_LEADER,
            **workplace.where,
        ).values_list("user_id", flat=True)
    )


def workers_of(
    people: Mapping[int, Person],
    *,
    workplace: Workplace,
    period: Span,
    credit: Mapping[str, Mapping[Account, float]],
) -> tuple[Worker, ...]:
    """The people as the rules see them, with what was carried over."""
    away, no_nights = _absences(people, period=period)
    lis1 = _lis1(people, period=period)
    alone = _alone(people, workplace=workplace, period=period)
    return tuple(
        Worker(
            id=str(pk),
            law=person.law,
            posts=person.posts,
            share=person.share,
            alone=alone[pk],
            is_lis1=pk in lis1,
            away=(*away[pk], *person.outside),
            no_nights=tuple(no_nights[pk]),
            credit=credit.get(str(pk), {}),
        )
        for pk, person in people.items()
    )


def _lis1(people: Mapping[int, Person], *, period: Span) -> set[int]:
    """LIS1 by position, or as the administrator has said of the person."""
    on = period.starts_at.date()
    said = Qualification.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=on),
        user__in=people,
        kind=Qualification.Kind.LIS1,
        valid_from__lt=period.ends_at.date(),
    ).values_list("user_id", flat=True)
    return {pk for pk, person in people.items() if person.is_lis1} | set(said)


def _alone(
    people: Mapping[int, Person], *, workplace: Workplace, period: Span
) -> dict[int, tuple[Span, ...]]:
    """When each may work without a bakvakt: of doctors, as the competence rules say."""
    # A duty around the rota may begin before that time and end after it.
    more = AROUND + timedelta(days=7)
    wide = Span(starts_at=period.starts_at - more, ends_at=period.ends_at + more)
    doctors = {pk for pk, one in people.items() if one.posts & DOCTOR_POSTS}
    found = alone_spans(
        doctors, wide.starts_at.date(), wide.ends_at.date(), at=workplace
    )
    return {pk: found[pk] if pk in doctors else (wide,) for pk in people}


def _absences(
    people: Mapping[int, Person], *, period: Span
) -> tuple[dict[int, list[Span]], dict[int, list[Span]]]:
    first, last = period.starts_at.date(), period.ends_at.date()
    away: dict[int, list[Span]] = defaultdict(list)
    no_nights: dict[int, list[Span]] = defaultdict(list)
    rows = Absence.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=first), person__in=people, starts_on__lte=last
    ).order_by("starts_on")
    for row in rows:
        which = no_nights if row.only_nights else away
        span = whole_days(row.starts_on, row.ends_on or last + AROUND)
        which[row.person_id].append(span)
    return away, no_nights


def wishes_of(people: Mapping[int, Person], *, period: Span) -> tuple[Wish, ...]:
    """Their wishes in a period, the earliest first."""
    rows = WishRow.objects.filter(
        person__in=people,
        starts_at__lt=period.ends_at,
        ends_at__gt=period.starts_at,
    ).order_by("starts_at", "pk")
    return tuple(
        Wish(
            id=str(row.pk),
            worker=str(row.person_id),
            span=Span(starts_at=row.starts_at, ends_at=row.ends_at),
            wants_duty=row.wants == WishRow.Wants.DUTY,
            weight=row.weight,
        )
        for row in rows
    )
