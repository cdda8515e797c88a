"""What the competence rules say of people, from what is written here.

A fixed number of statements, however many people.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from itertools import zip_longest
from typing import Any

from django.db.models import Count, Max, Q
from django.utils import timezone

from varde.apps.records.models import (
    CompetenceDocument,
    DatedSetting,
    Dispensation,
    Duty,
    Experience,
    Position,
    Qualification,
    RoleGrant,
)
from varde.apps.records.models import Role as Grant
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.competence_rules import BY_ROLE, ON_DUTY_AS, rulebook
from varde.domain.competence.holding import LAST_DAY
from varde.domain.competence.person import (
    Counted,
    Days,
    Document,
    LocalNumber,
    Person,
    Role,
    Service,
)
from varde.domain.competence.person import Dispensation as SetAside
from varde.domain.competence.rules import Demand, Question
from varde.domain.competence.verdict import (
    Reason,
    Verdict,
    decide,
    every_demand,
    is_lis1,
    periods_of_yes,
)
from varde.domain.rota.values import Span


LIS1_EXCEPTION = "competence.lis1_exception"
TRAINING_DUTIES = "competence.training_duties"
DOCTORS_POSTS = (
    Duty.Post.FORVAKT,
    Duty.Post.KONSULTASJONSVAKT,
    Duty.Post.BEREDSKAPSVAKT,
)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a person stands on a day, by the rules of what the person is on duty as.

    `alone` is None where no rule says who may work alone, as for secretaries. `gaps` are
    what lacks, of both questions, those that refuse before those that are advice;
    `ending` what is met and ends, with its last day, the first to end first.
    """

    person: Person
    alone: Verdict | None
    duty: Verdict
    gaps: tuple[Reason, ...]
    ending: tuple[Reason, ...]
    is_lis1: bool

    @property
    def role(self) -> Role:
        """What the person is on duty as."""
        return self.person.role


def standings(
    people: Collection[int], *, on: date, at: Workplace | None = None
) -> dict[int, Standing]:
    """How each of these people stands on a day. Those with nothing to do here are left out.

    `at` decides which position counts, and whose local numbers and choices.
    """
    return {
        pk: _standing(person, on=on)
        for pk, person in persons(people, first=on, last=on, at=at).items()
    }


def alone_spans(
    people: Collection[int], first: date, last: date, *, at: Workplace | None = None
) -> dict[int, tuple[Span, ...]]:
    """When each of these people may work alone, between two days (both included).

    Everybody asked for has a line; it is empty where the answer is no all the time, and
    where nothing is known. The spans go from midnight to midnight in Norway, and are what
    `domain.rota.values.Worker.alone` asks for.
    """
    book = rulebook()
    found: dict[int, tuple[Span, ...]] = dict.fromkeys(people, ())
    for pk, person in persons(people, first=first, last=last, at=at).items():
        rule = book.rule(person.role, Question.ALONE, on=first)
        if rule is not None:
            periods = periods_of_yes(rule, person, first=first, last=last)
            found[pk] = tuple(_span(days, last=last) for days in periods)
    return found


def persons(
    people: Collection[int], *, first: date, last: date, at: Workplace | None = None
) -> dict[int, Person]:
    """What is documented of each, as the rules see it: those who are something on duty."""
    ids = list(people)
    roles = _roles(ids, first=first, last=last, at=at)
    documents = _gathered(
        CompetenceDocument.objects.filter(person__in=ids, struck_at=None),
        lambda row: Document(
            kind=row.kind, days=Days(first=row.first_on, last=row.last_on)
        ),
    )
    services, counted = _experience(ids)
    aside = _gathered(
        Dispensation.objects.filter(person__in=ids),
        lambda row: SetAside(
            demand=row.demand, days=Days(first=row.first_on, last=row.last_on)
        ),
    )
    lis1 = _lis1(ids)
    worked = _duties_worked(ids)
    chosen, local = _local(at)
    return {
        pk: Person(
            role=role,
            documents=tuple(documents[pk]),
            services=tuple(services[pk]),
            counted=(*counted[pk], *worked.get(pk, ())),
            lis1=tuple(lis1[pk]),
            dispensations=tuple(aside[pk]),
            choices={"lis1_exception": chosen},
            local=local,
        )
        for pk, role in roles.items()
    }


def _standing(person: Person, *, on: date) -> Standing:
    book = rulebook()
    rules = [book.rule(person.role, question, on=on) for question in Question]
    alone, duty = (
        None if rule is None else decide(rule, person, on=on) for rule in rules
    )
    if duty is None:
        raise ValueError(f"no rule of duty for {person.role} on {on}")
    ways = [
        *(alone.nearest_way if alone is not None else ()),
        *duty.nearest_way,
        *(one for one in duty.reasons if not one.held.is_met and _is_advice(one)),
    ]
    met = [
        one
        for rule in rules
        if rule is not None
        for one in every_demand(rule, person, on=on)
        if one.held.is_met and one.held.until is not None
    ]
    return Standing(
        person=person,
        alone=alone,
        duty=duty,
        gaps=_once(ways),
        ending=tuple(sorted(_once(met), key=lambda one: one.held.until or LAST_DAY)),
        is_lis1=is_lis1(person, on=on),
    )


def _is_advice(reason: Reason) -> bool:
    return isinstance(reason.part, Demand) and reason.part.is_advice


def _once(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    return tuple({one.code: one for one in reasons}.values())


def _span(days: Days, *, last: date) -> Span:
    return Span(
        starts_at=_midnight(days.first),
        ends_at=_midnight((days.last or last) + ONE_DAY),
    )


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _roles(
    ids: list[int], *, first: date, last: date, at: Workplace | None
) -> dict[int, Role]:
    """What each is on duty as: by the position, at this workplace before others."""
    held = Position.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=first), person__in=ids, valid_from__lte=last
    )
    rows = sorted(held, key=lambda row: (not _is_here(row, at), row.valid_from, row.pk))
    found: dict[int, Role] = {}
    for row in rows:
        found.setdefault(row.person_id, ON_DUTY_AS[Position.Category(row.category)])
    grants = RoleGrant.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=first),
        user__in=[pk for pk in ids if pk not in found],
        role__in=list(BY_ROLE),
        valid_from__lte=last,
    )
    order = list(BY_ROLE)
    for grant in sorted(
        grants, key=lambda row: (not _is_here(row, at), order.index(row.role), row.pk)
    ):
        found.setdefault(grant.user_id, BY_ROLE[Grant(grant.role)])
    return found


def _is_here(row: Any, at: Workplace | None) -> bool:
    return (
        at is None
        or (at.station_id is not None and row.station_id == at.station_id)
        or (at.sentral_id is not None and row.sentral_id == at.sentral_id)
    )


def _gathered(rows: Iterable[Any], read: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.person_id].append(read(row))
    return found


def _experience(
    ids: list[int],
) -> tuple[Mapping[int, list[Service]], Mapping[int, list[Counted]]]:
    services: dict[int, list[Service]] = defaultdict(list)
    counted: dict[int, list[Counted]] = defaultdict(list)
    for row in Experience.objects.filter(person__in=ids, struck_at=None):
        if row.count is not None:
            counted[row.person_id].append(
                Counted(kind=row.kind, on=row.first_on, count=row.count)
            )
        else:
            services[row.person_id].append(
                Service(
                    kind=row.kind,
                    starts_on=row.first_on,
                    last_on=row.last_on,
                    share=Fraction(row.share),
                )
            )
    return services, counted


def _lis1(ids: list[int]) -> dict[int, list[Days]]:
    found: dict[int, list[Days]] = defaultdict(list)
    written = Qualification.objects.filter(user__in=ids, kind=Qualification.Kind.LIS1)
    periods = [(row.user_id, row.valid_from, row.valid_to) for row in written]
    positions = Position.objects.filter(person__in=ids, category=Position.Category.LIS1)
    periods += [(row.person_id, row.valid_from, row.valid_to) for row in positions]
    for pk, first, before in periods:
        last = None if before is None else max(first, before - ONE_DAY)
        found[pk].append(Days(first=first, last=last))
    return found


def _duties_worked(ids: list[int]) -> dict[int, tuple[Counted, ...]]:
    """Duties as a doctor that were done here. Those ahead do not count yet."""
    rows = (
        Duty.objects.filter(
            person__in=ids, post__in=DOCTORS_POSTS, ends_at__lte=timezone.now()
        )
        .values("person_id")
        .annotate(n=Count("pk"), newest=Max("ends_at"))
    )
    return {
        row["person_id"]: (
            Counted(
                kind="legevakt_duties",
                on=timezone.localdate(row["newest"]),
                count=row["n"],
            ),
        )
        for row in rows
    }


def _local(
    at: Workplace | None,
) -> tuple[tuple[Days, ...], tuple[LocalNumber, ...]]:
    """The municipality's own choices, with their days, from the dated settings."""
    place = Q(district=None, station=None)
    if at is not None:
        place |= Q(district_id=at.district_id, station=None)
        if at.station_id is not None:
            place |= Q(station_id=at.station_id)
    rows = list(
        DatedSetting.objects.filter(place, key__in=[LIS1_EXCEPTION, TRAINING_DUTIES])
    )
    chosen = tuple(
        Days(first=first, last=last)
        for first, last, value in _series(rows, LIS1_EXCEPTION)
        if value is True
    )
    numbers = tuple(
        LocalNumber(name="training_duties", first=first, number=int(value))
        for first, _last, value in _series(rows, TRAINING_DUTIES)
        if value is not None
    )
    return chosen, numbers


def _series(
    rows: Iterable[DatedSetting], key: str
) -> Iterable[tuple[date, date | None, Any]]:
    """The value of a setting from day to day: the station's, else the district's, else
    all's. None where no row is valid."""
    mine = [row for row in rows if row.key == key]
    edges = sorted(
        {row.valid_from for row in mine}
        | {row.valid_to for row in mine if row.valid_to is not None}
    )
    for first, after in zip_longest(edges, edges[1:]):
        valid = [
            row
            for row in mine
            if row.valid_from <= first
            and (row.valid_to is None or row.valid_to > first)
        ]
        nearest = min(
            valid,
            key=lambda row: (
                row.station_id is None,
                row.district_id is None,
                -row.valid_from.toordinal(),
            ),
            default=None,
        )
        last = None if after is None else after - ONE_DAY
        yield first, last, None if nearest is None else nearest.value
