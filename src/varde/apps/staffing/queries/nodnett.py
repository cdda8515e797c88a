"""Nødnett in office hours: who is in the rotation, who may on which day, and the days."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from django.db.models import Q
from django.utils import timezone

from varde.apps.records import holidays, settings
from varde.apps.records.models import (
    Absence,
    Duty,
    NodnettDay,
    NodnettMember,
    PracticeTime,
    Station,
)
from varde.apps.staffing.messages.on_duty import WHY_NOT_NODNETT
from varde.domain.workdays import is_workday


HOURS, REST = "nodnett.office_hours", "nodnett.rest_h"
ONE_DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)


class WhyNot(StrEnum):
    """Why a member cannot carry nødnett on a day."""

    ENDED = "ended"  # not in the rotation that day
    AWAY = "away"
    NOT_AT_WORK = "not_at_work"  # no practice that weekday
    ON_DUTY = "on_duty"  # has duty then, or had it in the night


@dataclass(frozen=True, slots=True, kw_only=True)
class DayHours:
    """When a working day's turn begins and ends."""

    starts_at: datetime
    ends_at: datetime


def workdays(first: date, last: date) -> list[date]:
    """The working days of a period, both days included."""
    days = [first + n * ONE_DAY for n in range((last - first).days + 1)]
    return [d for d in days if is_workday(d, holidays=holidays.around(d))]


def hours_of(station: Station, day: date) -> DayHours:
    """The hours of a day, by the settings of that day and the clock here."""
    value = settings.value(
        HOURS, on=day, district_id=station.district_id, station_id=station.pk
    )
    return DayHours(
        starts_at=_at(day, time.fromisoformat(value["from"])),
        ends_at=_at(day, time.fromisoformat(value["to"])),
    )


def members_of(station: Station, *, first: date, last: date) -> list[NodnettMember]:
    """Those in the rotation on some day of a period, by name."""
    rows = NodnettMember.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=first), station=station, valid_from__lte=last
    ).select_related("person", "office")
    return sorted(rows, key=lambda row: (name_of(row), row.pk))


def name_of(row: NodnettMember) -> str:
    """The doctor with the surgery, or the surgery."""
    parts = [
        row.person.name if row.person else "",
        row.office.name if row.office else "",
    ]
    return ", ".join(part for part in parts if part)


def phone_of(row: NodnettMember) -> str:
    """The number to ring: the member's own in the rotation, the person's, the surgery's."""
    own = row.person.phone if row.person else ""
    return row.phone or own or (row.office.phone if row.office else "")


def why_not(
    station: Station, members: Sequence[NodnettMember], days: Iterable[date]
) -> dict[tuple[date, int], WhyNot]:
    """The days on which a member cannot, by day and member's id. Three statements."""
    wanted = sorted(days)
    if not wanted or not members:
        return {}
    people = {row.person_id for row in members} - {None}
    away = _away(people, wanted[0], wanted[-1])
    practice = _practice(people, wanted[0], wanted[-1])
    duties = _duties(people, wanted[0], wanted[-1])
    found = {}
    for day in wanted:
        hours = hours_of(station, day)
        rest = timedelta(
            hours=settings.value(
                REST, on=day, district_id=station.district_id, station_id=station.pk
            )
        )
        for row in members:
            why = _why(row, day, away, practice)
            if why is None and _on_duty(duties, row.person_id, hours, rest):
                why = WhyNot.ON_DUTY
            if why is not None:
                found[(day, row.pk)] = why
    return found


def _why(
    row: NodnettMember,
    day: date,
    away: Mapping[int, list[Absence]],
    practice: Mapping[int, list[PracticeTime]],
) -> WhyNot | None:
    if not (row.valid_from <= day and (row.valid_to is None or day < row.valid_to)):
        return WhyNot.ENDED
    if row.person_id is None:
        return None
    if any(
        one.starts_on <= day and (one.ends_on is None or day <= one.ends_on)
        for one in away.get(row.person_id, ())
    ):
        return WhyNot.AWAY
    known = [
        one
        for one in practice.get(row.person_id, ())
        if one.valid_from <= day and (one.valid_to is None or day < one.valid_to)
    ]
    if known and all(one.weekday != day.weekday() for one in known):
        return WhyNot.NOT_AT_WORK
    return None


def _on_duty(
    duties: Mapping[int, list[Duty]],
    person_id: int | None,
    hours: DayHours,
    rest: timedelta,
) -> bool:
    return any(
        one.starts_at < hours.ends_at and one.ends_at > hours.starts_at - rest
        for one in duties.get(person_id or 0, ())
    )


def _away(people: set[int], first: date, last: date) -> dict[int, list[Absence]]:
    rows = Absence.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=first),
        person__in=people,
        starts_on__lte=last,
        only_nights=False,
    ).exclude(ground__startswith="exempt")
    return _by_person(rows)


def _practice(
    people: set[int], first: date, last: date
) -> dict[int, list[PracticeTime]]:
    rows = PracticeTime.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=first),
        person__in=people,
        valid_from__lte=last,
    )
    return _by_person(rows)


def _duties(people: set[int], first: date, last: date) -> dict[int, list[Duty]]:
    rows = Duty.objects.filter(
        person__in=people,
        starts_at__lt=_at(last + ONE_DAY, time()),
        ends_at__gt=_at(first - ONE_DAY, time()),
    )
    return _by_person(rows)


def _by_person(rows):
    found: dict = {}
    for row in rows:
        found.setdefault(row.person_id, []).append(row)
    return found


def _at(day: date, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))


# ------------------------------------------------------------------------ the screens


@dataclass(frozen=True, slots=True, kw_only=True)
class DayShown:
    """One day of the rotation."""

    id: int
    on: date
    starts_at: datetime
    ends_at: datetime
    member_id: int | None
    name: str
    phone: str
    radio: str
    seen: int
    is_fixed: bool
    is_over: bool
    fault: str  # why the one who has it cannot; "" where nothing is known


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekShown:
    """A week of the rotation."""

    number: int
    days: tuple[DayShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberShown:
    """One in the rotation, with how many of the days shown."""

    id: int
    name: str
    phone: str
    radio: str
    percent: int
    valid_from: date
    last: date | None
    turns: int


def weeks(
    station: Station, *, first: date, last: date, now: datetime
) -> tuple[list[WeekShown], list[MemberShown]]:
    """The days of a period by week, and those in the rotation with their turns."""
    rows = list(
        NodnettDay.objects.filter(station=station, on__gte=first, on__lte=last)
        .select_related("member__person", "member__office")
        .order_by("on")
    )
    members = members_of(station, first=first, last=last)
    holders = {row.member.pk: row.member for row in rows if row.member}
    faults = why_not(
        station,
        [
            *members,
            *(one for pk, one in holders.items() if pk not in {m.pk for m in members}),
        ],
        {row.on for row in rows if row.ends_at > now},
    )
    shown = [_day(row, faults, now=now) for row in rows]
    found: dict[tuple[int, int], list[DayShown]] = {}
    for day in shown:
        found.setdefault(day.on.isocalendar()[:2], []).append(day)
    turns = Counter(row.member_id for row in rows)
    return (
        [WeekShown(number=key[1], days=tuple(days)) for key, days in found.items()],
        [_member(row, turns[row.pk]) for row in members],
    )


def on_day(stations: Iterable[int], *, day: date) -> dict[int, NodnettDay]:
    """The turn of a day, by station."""
    rows = NodnettDay.objects.filter(station__in=list(stations), on=day)
    rows = rows.select_related("member__person", "member__office")
    return {row.station_id: row for row in rows}


def _day(
    row: NodnettDay, faults: Mapping[tuple[date, int], WhyNot], *, now: datetime
) -> DayShown:
    fault = faults.get((row.on, row.member_id or 0))
    return DayShown(
        id=row.pk,
        on=row.on,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        member_id=row.member_id,
        name=name_of(row.member) if row.member else "",
        phone=phone_of(row.member) if row.member else "",
        radio=row.member.radio if row.member else "",
        seen=row.row_version,
        is_fixed=row.is_fixed,
        is_over=row.ends_at <= now,
        fault=str(WHY_NOT_NODNETT[fault.value]) if fault else "",
    )


def _member(row: NodnettMember, turns: int) -> MemberShown:
    return MemberShown(
        id=row.pk,
        name=name_of(row),
        phone=phone_of(row),
        radio=row.radio,
        percent=row.percent,
        valid_from=row.valid_from,
        last=None if row.valid_to is None else row.valid_to - ONE_DAY,
        turns=turns,
    )
