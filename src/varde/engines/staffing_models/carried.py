"""What the people of a rota carry: hours, how often duty comes, rest."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import mean, median

from varde.domain.load.activity import DutyDone
from varde.domain.load.frequency import (
    Calendar,
    every_nth_weekday,
    every_nth_weekend,
    nights,
    rests,
)
from varde.domain.load.spans import by_the_clock, days, shared
from varde.domain.load.weeks import PersonTimes, by_week, mondays
from varde.domain.pay.amount import Amount
from varde.domain.rota.values import Slot, Span
from varde.domain.workdays import is_workday
from varde.engines.rostering.duties.staffing_file import Daytime
from varde.engines.staffing_models.values import Assumed, Carried, Group, YearRota


WEEKDAYS = 5
YEAR_WEEKS = 52


@dataclass(frozen=True, slots=True, kw_only=True)
class _Person:
    """One person's load in the period."""

    duty_h: float
    backup_h: float
    practice_h: float | None
    whole_h: float
    hardest_week_h: float
    over_low: int
    over_high: int
    nth_weekday: float | None
    nth_weekend: float | None
    nights: int
    backups: int
    holidays: int
    short_rests: int
    shortest_rest_h: float | None


def carried(
    rota: YearRota,
    assumed: Assumed,
    *,
    active_h: Mapping[str, float | None],
    income: Mapping[str, Amount | None],
) -> tuple[Carried, ...]:
    """What one of each group carries. Groups without people have no line.

    Parameters
    ----------
    active_h : mapping of group code to hours
        Hours of work on duty that are expected of the whole group in the period; None
        where they are unknown.
    income : mapping of group code to amount
        For a year, of one person.
    """
    by_worker: defaultdict[str, list[Slot]] = defaultdict(list)
    for slot in rota.slots:
        if slot.id in rota.held:
            by_worker[rota.held[slot.id]].append(slot)
    found = []
    for group in rota.groups:
        people = [
            _person(by_worker[who], who, group, rota, assumed) for who in group.people
        ]
        if people:
            active = active_h[group.code]
            found.append(
                _together(
                    group,
                    people,
                    rota,
                    active=None if active is None else active / len(people),
                    income=income[group.code],
                )
            )
    return tuple(found)


def _person(
    slots: Sequence[Slot], who: str, group: Group, rota: YearRota, assumed: Assumed
) -> _Person:
    to = rota.first + timedelta(weeks=rota.weeks)
    zone = assumed.calendar.zone
    calendar = Calendar(
        first=rota.first, to=to, holidays=assumed.calendar.holidays, zone=zone
    )
    duties = [slot.span for slot in slots]
    backup_posts = assumed.limits.backup_posts
    first = [slot.span for slot in slots if slot.post not in backup_posts]
    backup = [slot.span for slot in slots if slot.post in backup_posts]
    practice = _daytime(group, rota.own_weeks(who), rota, assumed)
    weeks = by_week(
        PersonTimes(
            practice=practice,
            municipal=(),
            duties=tuple(DutyDone(span=slot.span, post=slot.post) for slot in slots),
        ),
        weeks=mondays(rota.first, to),
        zone=zone,
    )
    rest = rests(duties, [*duties, *(practice or ())])
    low, high = assumed.load.limits_h
    holidays = {calendar.day_of(span) for span in duties} & assumed.calendar.holidays
    return _Person(
        duty_h=mean(week.duty_h for week in weeks),
        backup_h=sum(span.hours for span in backup) / rota.weeks,
        practice_h=None
        if practice is None
        else mean(week.practice_h or 0 for week in weeks),
        whole_h=mean(week.known_h for week in weeks),
        hardest_week_h=max(week.known_h for week in weeks),
        over_low=sum(week.known_h > low for week in weeks),
        over_high=sum(week.known_h > high for week in weeks),
        nth_weekday=every_nth_weekday(first, calendar=calendar),
        nth_weekend=every_nth_weekend(first, calendar=calendar),
        nights=nights(
            first,
            calendar=calendar,
            starts=assumed.load.night[0],
            ends=assumed.load.night[1],
            at_least_h=assumed.load.night_h,
        ),
        backups=len({calendar.day_of(span) for span in backup}),
        holidays=len(holidays),
        short_rests=sum(hours < assumed.load.rest_h for hours in rest),
        shortest_rest_h=rest[0] if rest else None,
    )


def _daytime(
    group: Group, own: Iterable[Span], rota: YearRota, assumed: Assumed
) -> tuple[Span, ...] | None:
    """The work by day on working days; None where nobody has said how long it is.

    A practice begins as the group's day does, with a fifth of the week's hours each day.
    """
    if group.daytime is Daytime.NONE:
        return ()
    open_days = [
        day
        for day in days(rota.first, rota.first + timedelta(weeks=rota.weeks))
        if is_workday(day, holidays=assumed.calendar.holidays)
    ]
    starts, ends = group.day_clock
    zone = assumed.calendar.zone
    if group.daytime is Daytime.OWN_WEEKS:
        return shared(by_the_clock(open_days, starts=starts, ends=ends, zone=zone), own)
    if assumed.practice_h is None:
        return None
    if not assumed.practice_h:
        return ()
    length = timedelta(hours=assumed.practice_h / WEEKDAYS)
    mornings = by_the_clock(open_days, starts=starts, ends=ends, zone=zone)
    return tuple(
        Span(starts_at=one.starts_at, ends_at=one.starts_at + length)
        for one in mornings
    )


def _together(
    group: Group,
    people: Sequence[_Person],
    rota: YearRota,
    *,
    active: float | None,
    income: Amount | None,
) -> Carried:
    year = YEAR_WEEKS / rota.weeks
    turns = rota.weeks * 7
    practice = [one.practice_h for one in people if one.practice_h is not None]
    shortest = [
        one.shortest_rest_h for one in people if one.shortest_rest_h is not None
    ]
    return Carried(
        code=group.code,
        people=len(people),
        duty_h=mean(one.duty_h for one in people),
        backup_h=mean(one.backup_h for one in people),
        duty_h_most=max(one.duty_h for one in people),
        active_h=None if active is None else active / rota.weeks,
        practice_h=mean(practice) if practice else None,
        whole_h=mean(one.whole_h for one in people),
        hardest_week_h=max(one.hardest_week_h for one in people),
        over_low=mean(one.over_low for one in people) * year,
        over_high=mean(one.over_high for one in people) * year,
        nth_weekday=_middle(one.nth_weekday for one in people),
        nth_weekend=_middle(one.nth_weekend for one in people),
        nth_night=_middle(_nth(turns, one.nights) for one in people),
        nth_backup=_middle(_nth(turns, one.backups) for one in people),
        holidays=mean(one.holidays for one in people) * year,
        short_rests=mean(one.short_rests for one in people) * year,
        shortest_rest_h=min(shortest) if shortest else None,
        income=income,
    )


def _nth(whole: int, had: int) -> float | None:
    return whole / had if had else None


def _middle(values: Iterable[float | None]) -> float | None:
    """The median of those who have any; None where nobody has."""
    known = [value for value in values if value is not None]
    return median(known) if known else None
