"""Who may be in a rota: the people of a workplace, when they are there, what they wish."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q

from varde.apps.records.models import (
    Absence,
    BakvaktDecision,
    Duty,
    Position,
    Role,
    RoleGrant,
)
from varde.apps.records.models import Wish as WishRow
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.people_access import municipalities_of
from varde.apps.staffing.queries import own_periods
from varde.apps.staffing.queries.competence import alone_spans, lis1_days
from varde.apps.staffing.queries.vikarer import approval_spans
from varde.domain.rota.own_periods import OwnTurn
from varde.domain.rota.positions import Held, days_without, mean_share
from varde.domain.rota.rules.held import pieces_of, without
from varde.domain.rota.values import Account, Law, Span, Wish, Worker


type Spans = dict[int, list[Span]]  # by person

OSLO = ZoneInfo("Europe/Oslo")
DAY = timedelta(days=1)
# Duties so long before and after count for rest and weeks.
AROUND = timedelta(days=28)
MORE = AROUND + timedelta(days=7)  # one of them may begin or end outside that
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
DOCTOR_POSTS = frozenset(Duty.DOCTOR_POSTS)
NOTHING: Mapping[Any, Any] = {}
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
    """What a person's positions at the workplace come to in some days."""

    name: str
    law: Law
    share: float
    posts: frozenset[str]  # each in some of the days
    without_post: Mapping[str, tuple[Span, ...]]  # the others of the days, by post
    first: date  # of the positions
    before: date | None  # the first day after them
    outside: tuple[Span, ...]  # days without a position
    own: tuple[Span, ...] | None  # as anything but a vikar; None: never a vikar here


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """The positions at a workplace, and who leads shifts, in a period that is read once."""

    positions: Mapping[int, Sequence[Position]]
    leaders: Sequence[RoleGrant]

    @property
    def doctors(self) -> list[int]:
        """Those with a position as a doctor."""
        return [
            pk
            for pk, rows in self.positions.items()
            if any(row.category in DOCTORS for row in rows)
        ]

    @property
    def vikarer(self) -> list[int]:
        """Those with a position as a vikar."""
        return [
            pk
            for pk, rows in self.positions.items()
            if any(row.category == Position.Category.VIKAR for row in rows)
        ]

    def people(self, *, first: date, last: date) -> dict[int, Person]:
        """Those with a position here in some days of the period, as they are then."""
        leading: dict[int, list[RoleGrant]] = defaultdict(list)
        for row in self.leaders:
            if _holds(row, first, last):
                leading[row.user_id].append(row)
        found = {}
        for pk, rows in self.positions.items():
            mine = [row for row in rows if _holds(row, first, last)]
            if mine:
                found[pk] = _person(mine, first, last, leading=leading[pk])
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What else is written of people in a period: absences; of doctors competence, LIS1."""

    away: Mapping[int, Sequence[Span]]  # on leave
    barred: Mapping[int, Sequence[Span]]  # exempt from duty
    no_nights: Mapping[int, Sequence[Span]]
    alone: Mapping[int, tuple[Span, ...]]
    lis1: Mapping[int, tuple[Span, ...]]
    phone_is_enough: Mapping[int, Sequence[Span]]
    approved: Mapping[int, tuple[Span, ...]]  # of vikarer, by the municipality
    turns: Mapping[int, Sequence[OwnTurn]]  # the days they have agreed on


def staff_of(workplace: Workplace, *, first: date, last: date) -> Staff:
    """Read who has a position at a workplace, or leads shifts there, between two days."""
    valid = Q(valid_to=None) | Q(valid_to__gt=first)
    rows = (
        Position.objects.filter(valid, valid_from__lte=last, **workplace.where)
        .select_related("person")
        .order_by("person__last_name", "person__first_name", "person_id", "pk")
    )
    positions: dict[int, list[Position]] = defaultdict(list)
    for row in rows:
        positions[row.person_id].append(row)
    leaders = RoleGrant.objects.filter(
        valid, valid_from__lte=last, role=Role.SHIFT_LEADER, **workplace.where
    )
    return Staff(positions=positions, leaders=list(leaders))


def written_of(
    staff: Staff, *, workplace: Workplace, first: date, last: date
) -> Written:
    """Read what is written of the people from a first to a last day.

    `alone` and LIS1 are known for the duties around the period too.
    """
    away, barred, no_nights = _absences(staff.positions, first=first, last=last)
    doctors = staff.doctors
    days_as_lis1 = lis1_days(doctors)
    alone = alone_spans(
        doctors, first - MORE, last + MORE, at=workplace, lis1=days_as_lis1
    )
    lis1 = {
        pk: tuple(whole_days(one.first, one.last or last + MORE) for one in days)
        for pk, days in days_as_lis1.items()
    }
    return Written(
        away=away,
        barred=barred,
        no_nights=no_nights,
        alone=alone,
        lis1=lis1,
        phone_is_enough=_by_phone(staff.positions, workplace=workplace, last=last),
        approved=_approved(staff.vikarer, workplace=workplace),
        turns=own_periods.turns_of(
            staff.positions, at=workplace, first=first - MORE, last=last + MORE
        ),
    )


def workers_of(
    people: Mapping[int, Person],
    *,
    written: Written,
    period: Span,
    duties: Iterable[Span],
    credit: Mapping[str, Mapping[Account, float]] = NOTHING,
    known: Mapping[int, Span] = NOTHING,
) -> tuple[Worker, ...]:
    """The people as the rules see them in a period, with what was carried over. `duties`
    are those of the period: what begins in somebody's own periods is had to its end."""
    # A duty of the last day ends on the next.
    near = Span(starts_at=period.starts_at, ends_at=period.ends_at + DAY)
    own = own_periods.within(
        {pk: written.turns[pk] for pk in people if pk in written.turns},
        first=period.starts_at.date(),
        last=period.ends_at.date(),
        duties=duties,
    )
    always = (Span(starts_at=period.starts_at - MORE, ends_at=period.ends_at + MORE),)

    def of(spans: Sequence[Span]) -> tuple[Span, ...]:
        return tuple(span for span in spans if span.overlaps(near))

    return tuple(
        Worker(
            id=str(pk),
            law=person.law,
            posts=person.posts,
            without_post=person.without_post,
            share=person.share,
            alone=written.alone.get(pk, always),
            phone_is_enough=tuple(written.phone_is_enough.get(pk, ())),
            lis1=written.lis1.get(pk, ()),
            away=(
                *of(written.away[pk]),
                *_beside(
                    of(written.away[pk]), (*of(written.barred[pk]), *person.outside)
                ),
            ),
            approved=None
            if person.own is None
            else (*person.own, *written.approved[pk]),
            no_nights=of(written.no_nights[pk]),
            only_within=own.get(pk, ()),
            known=known.get(pk),
            credit=credit.get(str(pk), {}),
        )
        for pk, person in people.items()
    )


def _holds(row: Position | RoleGrant, first: date, last: date) -> bool:
    return row.valid_from <= last and (row.valid_to is None or row.valid_to > first)


def _person(
    mine: Sequence[Position],
    first: date,
    last: date,
    *,
    leading: Sequence[RoleGrant],
) -> Person:
    by_post = _by_post(mine, leading)
    held = [
        Held(first=row.valid_from, before=row.valid_to, share=_share(row))
        for row in mine
    ]
    ends = [one.before for one in held if one.before is not None]
    outside = days_without(held, first=first, last=last)
    return Person(
        name=mine[0].person.name,
        law=Law.AML
        if any(row.law == Position.Law.AML for row in mine)
        else Law.SFS2305,
        share=mean_share(held, first=first, last=last),
        posts=frozenset(by_post),
        without_post=_without_post(by_post, outside, first=first, last=last),
        first=min(one.first for one in held),
        before=max(ends) if len(ends) == len(held) else None,
        outside=tuple(whole_days(*days) for days in outside),
        own=_own(mine, last=last),
    )


def _by_post(
    mine: Iterable[Position], leading: Iterable[RoleGrant]
) -> dict[str, list[Held]]:
    """When a person has each post: by the positions, and as one who leads shifts."""
    found: dict[str, list[Held]] = defaultdict(list)
    for row in mine:
        for post in POSTS.get(row.category, ()):
            found[post].append(_days_of(row))
    for grant in leading:
        found[Duty.Post.SHIFT_LEADER].append(_days_of(grant))
    return found


def _days_of(row: Position | RoleGrant) -> Held:
    return Held(first=row.valid_from, before=row.valid_to, share=1.0)


def _without_post(
    by_post: Mapping[str, Sequence[Held]],
    outside: Iterable[tuple[date, date]],
    *,
    first: date,
    last: date,
) -> dict[str, tuple[Span, ...]]:
    """The days that a post is not held, for those held in a part of the time. Days without
    any position are not among them: they bar from every post."""
    none = [Held(first=one, before=end + DAY, share=0.0) for one, end in outside]
    found = {
        post: tuple(
            whole_days(*days)
            for days in days_without([*held, *none], first=first, last=last)
        )
        for post, held in by_post.items()
    }
    return {post: spans for post, spans in found.items() if spans}


def _share(row: Position) -> float:
    """A vikar fills in only and has no share of his own."""
    return 0.0 if row.category == Position.Category.VIKAR else float(row.share)


def _own(mine: Sequence[Position], *, last: date) -> tuple[Span, ...] | None:
    """When a person who is a vikar has another position as well; None for no vikar."""
    own = [row for row in mine if row.category != Position.Category.VIKAR]
    if len(own) == len(mine):
        return None
    return tuple(
        whole_days(row.valid_from, (row.valid_to or last + AROUND) - DAY) for row in own
    )


def _by_phone(
    people: Collection[int], *, workplace: Workplace, last: date
) -> dict[int, list[Span]]:
    """When it has been decided here that a bakvakt on the telephone is enough for each.

    The newest decision that has begun counts; until there is one, it is not enough.
    """
    last += MORE
    rows = BakvaktDecision.objects.filter(
        person__in=people, valid_from__lte=last, **workplace.where
    ).order_by("valid_from", "decided_at", "pk")
    decided: dict[int, dict[date, str]] = defaultdict(dict)
    for row in rows:
        decided[row.person_id][row.valid_from] = row.mode
    found: dict[int, list[Span]] = defaultdict(list)
    for pk, modes in decided.items():
        days = [*modes, last + DAY]
        for (first, mode), after in zip(modes.items(), days[1:], strict=True):
            if mode == BakvaktDecision.Mode.PHONE:
                found[pk].append(whole_days(first, after - DAY))
    return found


def _approved(
    vikarer: Collection[int], *, workplace: Workplace
) -> Mapping[int, tuple[Span, ...]]:
    """When the municipality has approved each of these vikarer."""
    if not vikarer:
        return {}
    codes = municipalities_of(workplace).values_list("pk", flat=True)
    return approval_spans(vikarer, list(codes))


def _beside(leave: Iterable[Span], others: Iterable[Span]) -> Iterator[Span]:
    """What other reasons to be away add to leave. Two leaves at once stay as they are
    typed, for the one who plans to see; leave within an exemption is no fault."""
    for starts, ends in without(pieces_of(others), pieces_of(leave)):
        yield Span(
            starts_at=datetime.fromtimestamp(starts, tz=OSLO),
            ends_at=datetime.fromtimestamp(ends, tz=OSLO),
        )


def _absences(
    people: Collection[int], *, first: date, last: date
) -> tuple[Spans, Spans, Spans]:
    """When each is on leave, is exempt from duty, and has no nights."""
    away, barred, no_nights = (defaultdict(list) for _ in range(3))
    rows = Absence.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=first),
        person__in=people,
        starts_on__lte=last + DAY,
    ).order_by("starts_on")
    for row in rows:
        which = barred if Absence.Ground(row.ground).is_exemption else away
        if row.only_nights:
            which = no_nights
        span = whole_days(row.starts_on, row.ends_on or last + DAY + AROUND)
        which[row.person_id].append(span)
    return away, barred, no_nights


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
