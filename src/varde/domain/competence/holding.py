"""Whether one demand is met on a day: by what, until when, and what is missing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from varde.domain.competence.person import Days, Document, Person, Service
from varde.domain.competence.rules import Demand, HasCount, HasDocument, HasMonths
from varde.domain.competence.service_time import THIRTIETHS, served


ONE_DAY = timedelta(days=1)
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
_MONTHS = 12  # of a year


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """How a demand stands on a day.

    `until` is the last day on which it is met by what is documented; None with no end, or
    where it is not met. `have` and `need` are months or duties, None for a document.
    `is_past`: not met, and no document of today can be the one that was asked for.
    """

    is_met: bool
    is_dispensed: bool = False
    until: date | None = None
    have: int | None = None
    need: int | None = None
    effort_days: int = 0
    is_past: bool = False


def held(demand: Demand, person: Person, *, on: date) -> Held:
    """How a demand stands on a day, a dispensation included.

    A demand that is met needs no dispensation, and none is said to be used.
    """
    found = _tested(demand, person, on=on)
    if found.is_met:
        return found
    last = [
        one.days.last
        for one in person.dispensations
        if one.demand == demand.code and demand.may_be_dispensed and one.days.has(on)
    ]
    if not last:
        return found
    until = max(day for day in last if day is not None)
    return Held(
        is_met=True, is_dispensed=True, until=until, have=found.have, need=found.need
    )


def days_of_change(demand: Demand, person: Person) -> set[date]:
    """Every day on which a demand may begin or cease to be met."""
    days = _edges(one.days for one in person.dispensations if one.demand == demand.code)
    test = demand.test
    if isinstance(test, HasDocument):
        return days | _edges(_counting(test, person.documents))
    if isinstance(test, HasMonths):
        return days | _reached(test, person)
    days |= {one.on for one in person.counted if one.kind in test.of}
    return days | {one.first for one in person.local if one.name == test.local}


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months on; the last one where there is none.

    >>> add_months(date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    """
    whole = day.year * _MONTHS + day.month - 1 + months
    first = date(whole // _MONTHS, whole % _MONTHS + 1, 1)
    last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - ONE_DAY
    return first.replace(day=min(day.day, last.day))


def _tested(demand: Demand, person: Person, *, on: date) -> Held:
    test = demand.test
    if isinstance(test, HasDocument):
        return _document(test, person, on=on, effort_days=demand.effort_days)
    if isinstance(test, HasMonths):
        return _months(test, person, on=on)
    return _count(test, person, on=on, each_days=demand.effort_days)


def _document(test: HasDocument, person: Person, *, on: date, effort_days: int) -> Held:
    periods = list(_counting(test, person.documents))
    if not any(one.has(on) for one in periods):
        taken = test.taken
        return Held(
            is_met=False,
            effort_days=effort_days,
            is_past=taken is not None and taken.last is not None and taken.last < on,
        )
    # One that begins the day after another ends goes on with it.
    until: date = on
    for one in sorted(periods, key=lambda one: one.first):
        if one.first <= until + ONE_DAY:
            if one.last is None:
                return Held(is_met=True)
            until = max(until, one.last)
    return Held(is_met=True, until=until)


def _counting(test: HasDocument, documents: Iterable[Document]) -> Iterable[Days]:
    for one in documents:
        is_taken = test.taken is None or test.taken.has(one.days.first)
        if one.kind not in test.kinds or not is_taken:
            continue
        last = one.days.last
        if test.lasts_months is not None:
            end = add_months(one.days.first, test.lasts_months) - ONE_DAY
            last = end if last is None else min(last, end)
        yield Days(first=one.days.first, last=last)


def _months(test: HasMonths, person: Person, *, on: date) -> Held:
    done = served(_services(test, person), since=_since(test, person), before=on)
    missing = max(0, ceil(test.months * THIRTIETHS - done))
    return Held(
        is_met=missing == 0,
        have=int(done // THIRTIETHS),
        need=test.months,
        effort_days=missing,
    )


def _services(test: HasMonths, person: Person) -> list[Service]:
    return [one for one in person.services if one.kind in test.of]


def _since(test: HasMonths, person: Person) -> date | None:
    if not test.after:
        return FIRST_DAY
    days = [one.days.first for one in person.documents if one.kind in test.after]
    return min(days, default=None)


def _reached(test: HasMonths, person: Person) -> set[date]:
    """The first day with months enough; none where it is never reached."""
    services, since = _services(test, person), _since(test, person)
    need = test.months * THIRTIETHS
    low, high = FIRST_DAY.toordinal(), LAST_DAY.toordinal()
    if served(services, since=since, before=LAST_DAY) < need:
        return set()
    while low < high:
        middle = (low + high) // 2
        if served(services, since=since, before=date.fromordinal(middle)) >= need:
            high = middle
        else:
            low = middle + 1
    return {date.fromordinal(low)}


def _count(test: HasCount, person: Person, *, on: date, each_days: int) -> Held:
    have = sum(
        one.count for one in person.counted if one.kind in test.of and one.on <= on
    )
    chosen = [one for one in person.local if one.name == test.local and one.first <= on]
    latest = max(chosen, key=lambda one: one.first, default=None)
    need = test.count if latest is None else latest.number
    missing = max(0, need - have)
    return Held(
        is_met=missing == 0, have=have, need=need, effort_days=missing * each_days
    )


def _edges(periods: Iterable[Days]) -> set[date]:
    found = set()
    for one in periods:
        found.add(one.first)
        if one.last is not None:
            found.add(one.last + ONE_DAY)
    return found
