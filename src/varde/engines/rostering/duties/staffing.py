"""Staffing models of a legevakt as templates: a file, read, checked and made to a problem.

A model says which duties there are and who shares them; `problem_of` makes a rota problem
of it for a period, and `hours_of` what a rota of it costs in hours, by person and kind.
One without a source does not load.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any, Final

import yaml

from varde.domain.errors import BadInput
from varde.domain.rota.limits import Calendar, Limits
from varde.domain.rota.patterns import (
    EVERY_DAY,
    FREE_DAYS,
    WORKING_DAYS,
    Pattern,
    Shift,
    slots_of,
    weeks_on_and_off,
)
from varde.domain.rota.values import Assignment, Law, Slot, Span, Worker
from varde.engines.rostering.duties.values import Problem


DAY: Final = timedelta(days=1)
WEEK: Final = timedelta(weeks=1)
HANDED_OVER_AT: Final = time(12)  # between those who have weeks in turn
FRIDAY: Final = 4
SATURDAY: Final = 5
STAY: Final = timedelta(days=10)  # from Friday to the Monday after next
COMES_AT: Final = time(15)
GOES_AT: Final = time(10)
DAYS: Final = {"working": WORKING_DAYS, "free": FREE_DAYS, "every": EVERY_DAY}
NIGHT: Final = (time(23), time(8))  # SFS 2305 chapter 9


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """So many people with the same terms.

    `weeks_on` and `weeks_off`: in turn, one after the other. `friday_of_month`: has all
    duties of the posts from that Friday for ten days, and no others.
    """

    code: str
    count: int
    posts: frozenset[str]
    law: Law = Law.SFS2305
    share: float = 1.0
    alone: bool = False
    is_lis1: bool = False
    weeks_on: int = 0
    weeks_off: int = 0
    friday_of_month: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffingModel:
    """A way to staff a legevakt, its source, and what is chosen where that is silent."""

    code: str
    words: str
    about: str
    source: str
    chosen: str
    pattern: Pattern
    people: tuple[People, ...]


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


def load(text: str, *, filename: str) -> tuple[StaffingModel, ...]:
    """Read a file of models (YAML), in its order.

    Raises `BadInput` for a file that is not well-formed, a model that is not whole or has
    no source, and a code that stands twice.
    """
    try:
        tree = yaml.safe_load(text)
    except yaml.YAMLError as fault:
        raise _fault(filename, "file", "is not well-formed YAML") from fault
    rows = tree.get("models") if isinstance(tree, dict) else None
    if not isinstance(rows, list) or not rows:
        raise _fault(filename, "models", "is missing or empty")
    models = []
    for row in rows:
        where = f"model {row.get('code', '?')!r}" if isinstance(row, dict) else "models"
        try:
            models.append(_model(row))
        except (AttributeError, KeyError, TypeError, ValueError) as fault:
            raise _fault(filename, where, f"is not whole ({fault})") from fault
    codes = [model.code for model in models]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise _fault(filename, "models", f"has {', '.join(twice)} more than once")
    return tuple(models)


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
                is_lis1=people.is_lis1,
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


# ---------------------------------------------------------------- the file


def _model(row: Mapping[str, Any]) -> StaffingModel:
    shifts = tuple(_shift(one) for one in row["shifts"])
    people = tuple(_people(one) for one in row["people"])
    posts = {shift.post for shift in shifts}
    held = {post for group in people for post in group.posts}
    if posts != held:
        raise ValueError(f"posts without people or without shifts: {posts ^ held}")
    return StaffingModel(
        code=_text(row, "code"),
        words=_text(row, "words"),
        about=_text(row, "about"),
        source=_text(row, "source"),
        chosen=_text(row, "chosen"),
        pattern=Pattern(
            name=_text(row, "words"), source=_text(row, "source"), shifts=shifts
        ),
        people=people,
    )


def _shift(row: Mapping[str, Any]) -> Shift:
    return Shift(
        **{
            **row,
            "days": DAYS[row["days"]],
            "starts": time.fromisoformat(row["starts"]),
            "ends": time.fromisoformat(row["ends"]),
        }
    )


def _people(row: Mapping[str, Any]) -> People:
    known = {**row, "posts": frozenset(row["posts"])}
    if "law" in row:
        known["law"] = Law(row["law"])
    people = People(**known)
    if people.count < 1 or people.share < 0:
        raise ValueError(f"{people.code}: count {people.count}, share {people.share}")
    return people


def _text(row: Mapping[str, Any], name: str) -> str:
    found = row[name]
    if not isinstance(found, str) or not found.strip():
        raise ValueError(f"no text for {name!r}")
    return found.strip()


def _fault(filename: str, where: str, problem: str) -> BadInput:
    return BadInput(
        file=filename,
        column=where,
        problem=problem,
        cure="Mend the file and load it again.",
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
                starts_at=_noon(span.starts_at, calendar),
                ends_at=_noon(span.ends_at, calendar),
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


def _noon(moment: datetime, calendar: Calendar) -> datetime:
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
