"""The work of people in a period, as the rules of load take it: from what is stored."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q

from varde.apps.records import holidays
from varde.apps.records.models import (
    Absence,
    Attendance,
    DoctorEvent,
    Duty,
    MissionCrew,
    Position,
    PracticeTime,
    User,
)
from varde.apps.sentral.queries.numbers import Period
from varde.apps.staffing.access import Workplace
from varde.domain.doctor_state import DoctorActivity, DoctorEventKind
from varde.domain.doctor_state import DoctorEvent as Happened
from varde.domain.load.activity import DutyDone, busy, seen
from varde.domain.load.spans import days, days_of
from varde.domain.load.weeks import PersonTimes, WeeklyTime, work_on
from varde.domain.rota.values import Span


AFTER = timedelta(days=7)  # so far after the period a rest is followed
ZONE = ZoneInfo(settings.TIME_ZONE)
# Who is there is at work, whatever was measured.
PRESENCE = frozenset({Duty.Post.OPERATOR, Duty.Post.SHIFT_LEADER, Duty.Post.NURSE})
DOCTOR_POSTS = Duty.DOCTOR_POSTS
PRACTICE = frozenset({PracticeTime.Work.PRACTICE})
MUNICIPAL = frozenset({PracticeTime.Work.MUNICIPAL})
# Positions with other work than duty, and the hours that tell of it: where none of these
# are written, the work is unknown.
TOLD_BY = {
    Position.Category.FASTLEGE: PRACTICE,
    Position.Category.LIS1: PRACTICE,
    Position.Category.LIS3: PRACTICE,
    Position.Category.VIKAR: PRACTICE | MUNICIPAL,
    Position.Category.SYKEHJEMSLEGE: MUNICIPAL,
    Position.Category.KOMMUNEOVERLEGE: MUNICIPAL,
}
AWAY = (
    Absence.Ground.HOLIDAY,
    Absence.Ground.LEAVE,
    Absence.Ground.SICK,
    Absence.Ground.COURSE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonWork:
    """A person and all work that is known. `times` holds the duties of the period and
    those just after it, so that the rest after the last can be seen; `here` are those of
    the period at the workplace in hand. `own_days` are the days of the period with a
    position or duty; every day for one without any position in it."""

    user_id: int
    name: str
    times: PersonTimes
    here: tuple[DutyDone, ...]
    own_days: frozenset[date]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """A position that is held from a day, up to but not including another."""

    category: str
    valid_from: date
    valid_to: date | None

    def days(self, period: Period) -> frozenset[date]:
        return _within(self.valid_from, self.valid_to, period)


def people_of(workplace: Workplace, period: Period) -> dict[int, str]:
    """Those with duty at the workplace in the period, or a position there: id and name."""
    holds = _holds("positions", period)
    here = {f"positions__{field}": pk for field, pk in workplace.where.items()}
    on_duty = Duty.objects.filter(
        starts_at__lt=period.ends_at, ends_at__gt=period.begins_at, **workplace.where
    ).values("person")
    found = User.objects.filter(Q(pk__in=on_duty) | Q(holds, **here)).distinct()
    names = {user.pk: user.name for user in found}
    return dict(sorted(names.items(), key=lambda item: (item[1], item[0])))


def work_of(
    people: Mapping[int, str], period: Period, *, workplace: Workplace
) -> tuple[PersonWork, ...]:
    """All work of these people: their duties anywhere, practice and municipal work.

    As many queries for one as for a hundred.
    """
    ids = list(people)
    to = period.to + AFTER
    duties = _duties(ids, start=period.begins_at, end=period.ends_at + AFTER)
    measured = _Measured(duties)
    weekly = _weekly(ids, period)
    away = _away(ids, first=period.start, to=to)
    positions = _positions(ids, period)
    closed = holidays.around(period.start) | holidays.around(period.to)
    by_person = defaultdict(list)
    for duty in duties:
        by_person[duty.person_id].append(duty)
    found = []
    for pk in ids:
        free = frozenset(closed | away[pk])

        def spans(
            work: str, pk: int = pk, free: frozenset[date] = free
        ) -> tuple[Span, ...]:
            return work_on(
                weekly[pk, work], first=period.start, to=to, closed=free, zone=ZONE
            )

        practice = spans(PracticeTime.Work.PRACTICE)
        municipal = spans(PracticeTime.Work.MUNICIPAL)
        done = [(duty, measured.done(duty)) for duty in by_person[pk]]
        own_days = _own_days(positions[pk], [one.span for _, one in done], period)
        times = PersonTimes(
            practice=practice,
            municipal=municipal,
            duties=tuple(one for _, one in done),
            untold=own_days
            & _untold(positions[pk], by_person[pk], weekly, period, person=pk),
        )
        here = tuple(
            one
            for duty, one in done
            if _is_at(duty, workplace) and duty.starts_at < period.ends_at
        )
        found.append(
            PersonWork(
                user_id=pk,
                name=people[pk],
                times=times,
                here=here,
                own_days=own_days,
            )
        )
    return tuple(found)


def own_days_of(person: int, duties: Iterable[Span], period: Period) -> frozenset[date]:
    """The days of a period over which it is counted how often a person has duty."""
    return _own_days(_positions([person], period)[person], duties, period)


def _own_days(
    positions: Sequence[_Held], spans: Iterable[Span], period: Period
) -> frozenset[date]:
    """The days with a position, and those with duty; all of one without any position."""
    if not positions:
        return frozenset(days(period.start, period.to))
    on_duty = {day for span in spans for day in days_of(span, zone=ZONE)}
    whole = frozenset(days(period.start, period.to))
    return (on_duty & whole).union(*(one.days(period) for one in positions))


def _untold(
    positions: Sequence[_Held],
    duties: Sequence[Duty],
    weekly: Mapping[tuple[int, str], Sequence[WeeklyTime]],
    period: Period,
    *,
    person: int,
) -> frozenset[date]:
    """The days when other work is to be expected, and no hours that tell of it hold.

    Without a position it is to be expected of a doctor.
    """
    told = {
        work: frozenset[date]().union(
            *(
                _within(one.valid_from, one.valid_to, period)
                for one in weekly[person, work]
            )
        )
        for work in PracticeTime.Work
    }
    expected = [
        (one.days(period), TOLD_BY[one.category])
        for one in positions
        if one.category in TOLD_BY
    ]
    if any(duty.post not in PRESENCE for duty in duties):
        held = frozenset[date]().union(*(one.days(period) for one in positions))
        expected.append((frozenset(days(period.start, period.to)) - held, PRACTICE))
    return frozenset[date]().union(
        *(when.difference(*(told[work] for work in by)) for when, by in expected)
    )


def _within(first: date, to: date | None, period: Period) -> frozenset[date]:
    """The days of the period from a first one, up to and without another."""
    last = period.to if to is None else min(to, period.to)
    return frozenset(days(max(first, period.start), last))


def _is_at(duty: Duty, workplace: Workplace) -> bool:
    return all(getattr(duty, field) == pk for field, pk in workplace.where.items())


def _holds(name: str, period: Period) -> Q:
    prefix = f"{name}__" if name else ""
    return Q(**{f"{prefix}valid_from__lt": period.to}) & (
        Q(**{f"{prefix}valid_to": None}) | Q(**{f"{prefix}valid_to__gt": period.start})
    )


def _duties(ids: Sequence[int], *, start: datetime, end: datetime) -> list[Duty]:
    rows = Duty.objects.filter(person__in=ids, starts_at__lt=end, ends_at__gt=start)
    return list(rows.order_by("starts_at", "pk"))


def _weekly(
    ids: Sequence[int], period: Period
) -> defaultdict[tuple[int, str], list[WeeklyTime]]:
    found: defaultdict[tuple[int, str], list[WeeklyTime]] = defaultdict(list)
    for row in PracticeTime.objects.filter(_holds("", period), person__in=ids):
        found[row.person_id, row.work].append(
            WeeklyTime(
                weekday=row.weekday,
                starts=row.starts,
                ends=row.ends,
                valid_from=row.valid_from,
                valid_to=row.valid_to,
            )
        )
    return found


def _away(
    ids: Sequence[int], *, first: date, to: date
) -> defaultdict[int, frozenset[date]]:
    """The days each is away from all work. Exemption from duty is not."""
    found: defaultdict[int, frozenset[date]] = defaultdict(frozenset)
    rows = Absence.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=first),
        person__in=ids,
        ground__in=AWAY,
        only_nights=False,
        starts_on__lt=to,
    )
    for row in rows:
        last = to if row.ends_on is None else row.ends_on + timedelta(days=1)
        found[row.person_id] |= set(days(max(first, row.starts_on), min(to, last)))
    return found


def _positions(ids: Sequence[int], period: Period) -> defaultdict[int, list[_Held]]:
    """The positions of each in the period, wherever they are."""
    found: defaultdict[int, list[_Held]] = defaultdict(list)
    rows = Position.objects.filter(_holds("", period), person__in=ids)
    for row in rows:
        found[row.person_id].append(
            _Held(
                category=row.category, valid_from=row.valid_from, valid_to=row.valid_to
            )
        )
    return found


def _when(event: Happened) -> datetime:
    return event.occurred_at


class _Measured:
    """What was measured of these duties. Three queries, however many duties.

    The presses of the doctor count where there are any in the duty; else the time with
    patients at the stations and on missions; else nothing was measured.
    """

    def __init__(self, duties: Sequence[Duty]) -> None:
        self._events: defaultdict[int, list[Happened]] = defaultdict(list)
        self._patients: defaultdict[int, list[tuple[datetime, datetime | None]]]
        self._patients = defaultdict(list)
        of_doctors = [duty for duty in duties if duty.post not in PRESENCE]
        if not of_doctors:
            return
        ids = {duty.person_id for duty in of_doctors}
        start = min(duty.starts_at for duty in of_doctors)
        end = max(duty.ends_at for duty in of_doctors)
        self._read_events(ids, start, end)
        self._read_patients(ids, start, end)

    def _read_events(self, ids: set[int], start: datetime, end: datetime) -> None:
        rows = DoctorEvent.objects.filter(
            doctor__in=ids, occurred_at__gte=start, occurred_at__lt=end
        ).order_by("occurred_at")
        columns = ("doctor", "event_id", "kind", "occurred_at", "activity", "ref")
        for doctor, event_id, kind, occurred_at, activity, ref in rows.values_list(
            *columns
        ):
            self._events[doctor].append(
                Happened(
                    event_id=event_id,
                    kind=DoctorEventKind(kind),
                    occurred_at=occurred_at,
                    activity=DoctorActivity(activity) if activity else None,
                    ref=ref,
                )
            )

    def _read_patients(self, ids: set[int], start: datetime, end: datetime) -> None:
        attendances = Attendance.objects.filter(
            doctor__in=ids, taken_at__gte=start, taken_at__lt=end
        ).values_list("doctor", "taken_at", "ended_at")
        missions = MissionCrew.objects.filter(
            person__in=ids, since__gte=start, since__lt=end
        ).values_list("person", "since", "until")
        for pk, since, until in [*attendances, *missions]:
            self._patients[pk].append((since, until))

    def done(self, duty: Duty) -> DutyDone:
        """A duty with what is known of the work in it."""
        span = Span(starts_at=duty.starts_at, ends_at=duty.ends_at)
        return DutyDone(span=span, post=duty.post, active=self._active(duty, span))

    def _active(self, duty: Duty, span: Span) -> tuple[Span, ...] | None:
        if duty.post in PRESENCE:
            return (span,)
        events = self._events[duty.person_id]
        begin = bisect_left(events, span.starts_at, key=_when)
        end = bisect_left(events, span.ends_at, key=_when)
        by_presses = busy(events[begin:end], within=span)
        if by_presses is not None:
            return by_presses
        # One begun in an earlier duty is not this one's work: it may never have been ended.
        with_patients = [
            (since, min(until or span.ends_at, span.ends_at))
            for since, until in self._patients[duty.person_id]
            if span.starts_at <= since < span.ends_at
        ]
        return seen(with_patients) if with_patients else None
