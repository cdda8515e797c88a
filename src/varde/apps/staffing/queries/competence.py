"""What the competence rules say of people, from what is written here.

A fixed number of statements, however many people.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from itertools import zip_longest
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from varde.apps.records.models import (
    CompetenceDocument,
    DatedSetting,
    Dispensation,
    Duty,
    Experience,
    Position,
    Qualification,
)
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.competence_rules import rulebook
from varde.apps.staffing.queries.on_duty_as import Turn, roles_in_turn
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
    turns = roles_in_turn(list(people), first=on, last=on, at=at)
    return {
        pk: _standing(person, on=on) for pk, person in _persons(turns, at=at).items()
    }


def standings_by_place(
    people: Mapping[Workplace, Collection[int]], *, on: date
) -> dict[tuple[str, int], Standing]:
    """How people stand at several workplaces, by the workplace's key and the person.

    What is documented is read once for all; each place has its own numbers and choices.
    """
    everybody = list({pk for ids in people.values() for pk in ids})
    turns = roles_in_turn(everybody, first=on, last=on, at=None)
    known = _persons(turns, at=None)
    rows = list(Dispensation.objects.filter(person__in=everybody))
    found = {}
    for place, ids in people.items():
        chosen, local = _local(place)
        counts = {(None, None), (place.station_id, place.sentral_id)}
        aside = _gathered(
            (row for row in rows if (row.station_id, row.sentral_id) in counts), _aside
        )
        for pk in known.keys() & set(ids):
            person = replace(
                known[pk],
                choices={"lis1_exception": chosen},
                local=local,
                dispensations=tuple(aside[pk]),
            )
            found[(place.key, pk)] = _standing(person, on=on)
    return found


def alone_spans(
    people: Collection[int],
    first: date,
    last: date,
    *,
    at: Workplace | None = None,
    lis1: Mapping[int, tuple[Days, ...]] | None = None,
) -> dict[int, tuple[Span, ...]]:
    """When each of these people may work alone, between two days (both included).

    Everybody asked for has a line; it is empty where the answer is no all the time, and
    where nothing is known. Each day is answered by what the person is on duty as then.
    The spans go from midnight to midnight in Norway, and are what
    `domain.rota.values.Worker.alone` asks for. Who has read `lis1_days` gives them along.
    """
    turns = roles_in_turn(list(people), first=first, last=last, at=at)
    found: dict[int, tuple[Span, ...]] = dict.fromkeys(people, ())
    for pk, person in _persons(turns, at=at, lis1=lis1).items():
        found[pk] = tuple(
            _span(days, last=last) for turn in turns[pk] for days in _yes(person, turn)
        )
    return found


def lis1_days(people: Collection[int]) -> dict[int, tuple[Days, ...]]:
    """When each is LIS1: by a position, or as the administrator has said."""
    found = _lis1(list(people))
    return {pk: tuple(found[pk]) for pk in people}


def _yes(person: Person, turn: Turn) -> Iterator[Days]:
    """The days of a turn on which the person may work alone."""
    days, role = turn
    for rule in rulebook().rules:
        if rule.role is role and rule.question is Question.ALONE:
            last = min(day for day in (days.last, rule.valid.last) if day is not None)
            yield from periods_of_yes(rule, person, first=days.first, last=last)


def _persons(
    turns: Mapping[int, Sequence[Turn]],
    *,
    at: Workplace | None,
    lis1: Mapping[int, tuple[Days, ...]] | None = None,
) -> dict[int, Person]:
    """What is documented of each, as the rules see it. The role is the last one."""
    ids = list(turns)
    documents = _gathered(
        CompetenceDocument.objects.filter(person__in=ids, struck_at=None),
        lambda row: Document(
            kind=row.kind, days=Days(first=row.first_on, last=row.last_on)
        ),
    )
    services, counted = _experience(ids)
    aside = _gathered(_dispensations(ids, at=at), _aside)
    lis1 = lis1_days(ids) if lis1 is None else lis1
    worked = _duties_worked(ids)
    chosen, local = _local(at)
    return {
        pk: Person(
            role=mine[-1][1],
            documents=tuple(documents[pk]),
            services=tuple(services[pk]),
            counted=(*counted[pk], *worked.get(pk, ())),
            lis1=lis1[pk],
            dispensations=tuple(aside[pk]),
            choices={"lis1_exception": chosen},
            local=local,
        )
        for pk, mine in turns.items()
    }


def _aside(row: Dispensation) -> SetAside:
    return SetAside(demand=row.demand, days=Days(first=row.first_on, last=row.last_on))


def _dispensations(
    ids: Collection[int], *, at: Workplace | None
) -> QuerySet[Dispensation]:
    """Those that count at a workplace: its own. Everywhere, where none is asked for."""
    rows = Dispensation.objects.filter(person__in=ids)
    if at is None:
        return rows
    return rows.filter(Q(**at.where) | Q(station=None, sentral=None))


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


def _duties_worked(ids: list[int]) -> dict[int, list[Counted]]:
    """Duties as a doctor that were done here, day by day. Those ahead do not count yet."""
    rows = (
        Duty.objects.filter(
            person__in=ids, post__in=Duty.FIRST_TIER, ends_at__lte=timezone.now()
        )
        .values("person_id", day=TruncDate("ends_at"))
        .annotate(n=Count("pk"))
        .order_by("person_id", "day")
    )
    found: dict[int, list[Counted]] = defaultdict(list)
    for row in rows:
        found[row["person_id"]].append(
            Counted(kind="legevakt_duties", on=row["day"], count=row["n"])
        )
    return found


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
