"""Staffing models made to rota problems, and the hours of a rota.

`problem_of` makes a rota problem of a model for a period, and `hours_of` what a rota of it
costs in hours, by person and kind.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final

from varde.domain.rota.limits import Calendar, Limits
from varde.domain.rota.patterns import slots_of, weeks_on_and_off
from varde.domain.rota.values import Assignment, Slot, Span, Worker
from varde.engines.rostering.duties.staffing_file import People, StaffingModel
from varde.engines.rostering.duties.values import Problem


DAY: Final = timedelta(days=1)
WEEK: Final = timedelta(weeks=1)
HANDED_OVER_AT: Final = time(
    9
)  # between those who have weeks in turn: no duty goes on then
FRIDAY: Final = 4
SATURDAY: Final = 5
STAY: Final = timedelta(days=10)  # from Friday to the Monday after next
COMES_AT: Final = time(15)
GOES_AT: Final = time(10)
NIGHT: Final = (time(23), time(8))  # SFS 2305 chapter 9


class DayKind(StrEnum):
    """What the tariff tells apart."""

    MON_FRI = "mon_fri"
    SAT_SUN = "sat_sun"
    HOLIDAY = "holiday"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """The hours of one person in one post on one kind of day, by day or at night (23-08).

    `worker` is empty for duties that nobody has. `work` counts a standby by its share.
    """

    worker: str
    post: str
    day: DayKind
    is_night: bool
    hours: float = 0.0
    work: float = 0.0


def problem_of(
    model: StaffingModel,
    *,
    first: date,
    last: date,
    limits: Limits,
    counts: Mapping[str, int] | None = None,
) -> Problem:
    """The rota of a model for a period: its slots, its people, what is given.

    `counts` says how many people of each code there are, where it is not as in the
    template, so that models are compared with the people that a district has. People are
    named by their code and a number.
    """
    slots = slots_of(model.pattern, first=first, last=last, limits=limits)
    workers = []
    fixed: dict[str, str] = {}
    dropped: set[str] = set()
    whole = _days(first - WEEK, last + WEEK, limits.calendar)
    for people in model.people:
        for number in range((counts or {}).get(people.code, people.count)):
            worker = Worker(
                id=f"{people.code}{number + 1}",
                law=people.law,
                posts=people.posts,
                share=people.share,
                alone=(whole,) if people.alone else (),
                lis1=(whole,) if people.is_lis1 else (),
                only_within=tuple(
                    _within(people, number, first, last, limits.calendar)
                ),
            )
            workers.append(worker)
            if people.friday_of_month and not number:
                own, backup = _all_of(worker, slots, limits)
                fixed.update(dict.fromkeys(own, worker.id))
                dropped |= backup
    # While one has all duties, the others have none, and no share in them.
    off = tuple(
        span
        for worker in workers
        if worker.id in fixed.values()
        for span in worker.only_within
    )
    return Problem(
        slots=tuple(slot for slot in slots if slot.id not in dropped),
        workers=tuple(
            worker if worker.id in fixed.values() else replace(worker, away=off)
            for worker in workers
        ),
        limits=limits,
        fixed=fixed,
    )


def hours_of(
    slots: Sequence[Slot], assignment: Assignment, *, calendar: Calendar
) -> tuple[Hours, ...]:
    """The hours of a rota by person, post, kind of day, and day or night, in that order.

    True hours: the night when the clocks go back has one more. A public holiday comes
    before Saturday and Sunday; eves are what their day of the week is.
    """
    found: dict[tuple[str, str, DayKind, bool], float] = defaultdict(float)
    work: dict[tuple[str, str, DayKind, bool], float] = defaultdict(float)
    for slot in slots:
        for piece in _pieces(slot.span, calendar):
            starts = piece.starts_at.astimezone(calendar.zone)
            is_night = not NIGHT[1] <= starts.time() < NIGHT[0]
            kind = _day_kind(starts.date(), calendar)
            key = (assignment.get(slot.id, ""), slot.post, kind, is_night)
            found[key] += piece.hours
            work[key] += piece.hours * slot.active_share
    return tuple(
        Hours(
            worker=key[0],
            post=key[1],
            day=key[2],
            is_night=key[3],
            hours=found[key],
            work=work[key],
        )
        for key in sorted(found)
    )


# ---------------------------------------------------------------- people and time


def _within(
    people: People, number: int, first: date, last: date, calendar: Calendar
) -> Iterator[Span]:
    """The periods of one of several who have weeks in turn, or of one who comes monthly."""
    if people.weeks_on:
        # A whole turn before the period, so that somebody is on from its first day.
        turn = (people.weeks_on + people.weeks_off) * WEEK
        begins = first + number * people.weeks_on * WEEK - turn
        for span in weeks_on_and_off(
            first=begins,
            last=last + WEEK,
            on=people.weeks_on,
            off=people.weeks_off,
            calendar=calendar,
        ):
            yield Span(
                starts_at=_handed_over(span.starts_at, calendar),
                ends_at=_handed_over(span.ends_at, calendar),
            )
    if people.friday_of_month:
        month = first.replace(day=1)
        while month <= last:
            ahead = (FRIDAY - month.weekday()) % 7 + 7 * (people.friday_of_month - 1)
            friday = month + ahead * DAY
            yield Span(
                starts_at=calendar.at(friday, COMES_AT),
                ends_at=calendar.at(friday + STAY, GOES_AT),
            )
            month = (month + 31 * DAY).replace(day=1)


def _handed_over(moment: datetime, calendar: Calendar) -> datetime:
    return calendar.at(moment.astimezone(calendar.zone).date(), HANDED_OVER_AT)


def _all_of(
    worker: Worker, slots: Sequence[Slot], limits: Limits
) -> tuple[set[str], set[str]]:
    """The slots that one who has all duties of a period has; the backup that one who may
    work alone does not need meanwhile."""
    inside = [
        slot
        for slot in slots
        if any(span.covers(slot.span) for span in worker.only_within)
    ]
    return (
        {slot.id for slot in inside if slot.post in worker.posts},
        {slot.id for slot in inside if slot.post in limits.backup_posts},
    )


def _days(first: date, last: date, calendar: Calendar) -> Span:
    return Span(starts_at=calendar.at(first, time()), ends_at=calendar.at(last, time()))


def _day_kind(day: date, calendar: Calendar) -> DayKind:
    if day in calendar.holidays:
        return DayKind.HOLIDAY
    return DayKind.SAT_SUN if day.weekday() >= SATURDAY else DayKind.MON_FRI


def _pieces(span: Span, calendar: Calendar) -> Iterator[Span]:
    """A span cut where the day or the tariff's night begins or ends."""
    first = span.starts_at.astimezone(calendar.zone).date()
    days = (span.ends_at.date() - first).days + 1
    cuts = sorted(
        {span.starts_at.timestamp(), span.ends_at.timestamp()}
        | {
            cut
            for number in range(days + 1)
            for clock in (time(), *NIGHT)
            if span.starts_at.timestamp()
            < (cut := calendar.at(first + number * DAY, clock).timestamp())
            < span.ends_at.timestamp()
        }
    )
    moments = [datetime.fromtimestamp(cut, tz=calendar.zone) for cut in cuts]
    for starts_at, ends_at in pairwise(moments):
        yield Span(starts_at=starts_at, ends_at=ends_at)
