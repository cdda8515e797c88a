"""Working hours: hard under arbeidsmiljøloven, warnings with a count under SFS 2305.

Each rule takes one person with all their duties. Duties of the weeks before the rota are
handed in with it, or its first week is judged as if they were free before. A standby is a
duty for the rests (its calls cannot be foreseen) and counts as work by its share.
"""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from varde.domain.rota.limits import Limits
from varde.domain.rota.rules.breach import Breach, RotaRule, is_hard_for
from varde.domain.rota.rules.held import (
    DAY,
    HOUR_S,
    WEEK_DAYS,
    Person,
    Timed,
    hours_of,
    monday_of,
    without,
)
from varde.domain.rota.rules.red_days import red_days
from varde.domain.rota.values import Account


DAY_S = 24 * HOUR_S
MOMENT_S = 1
SLACK_H = 1e-6  # hours: sums of shares of hours are not exact


def enough_rest_every_day(person: Person, limits: Limits) -> Iterator[Breach]:
    """Between two duties there is the daily rest, without a break.

    Duties that follow each other at once are one piece of work: what it may last is the
    rule of the hours of a day. Measured: the hours between.

    References
    ----------
    Arbeidsmiljøloven § 10-8 første ledd

    Examples
    --------
    >>> from datetime import UTC, datetime, timedelta
    >>> from types import SimpleNamespace
    >>> from varde.domain.rota.rules.held import timed
    >>> from varde.domain.rota.values import Law, Slot, Span, Worker
    >>> three = datetime(2026, 1, 12, 15, tzinfo=UTC)
    >>> slots = [
    ...     Slot(
    ...         id=name,
    ...         post="operator",
    ...         span=Span(starts_at=start, ends_at=start + timedelta(hours=7)),
    ...         accounts=frozenset({Account.ALL}),
    ...     )
    ...     for name, start in (("kveld", three), ("dag", three + timedelta(hours=16)))
    ... ]
    >>> kari = Worker(id="kari", law=Law.AML, posts=frozenset({"operator"}))
    >>> held = Person(kari, timed(slots), calendar=None, horizon=(0.0, 0.0))
    >>> limits = SimpleNamespace(daily_rest_h=11)
    >>> [(b.slots, b.measured) for b in enough_rest_every_day(held, limits)]
    [(('kveld', 'dag'), 9.0)]
    """
    for (_, ended), (begins, _) in pairwise(person.work_periods):
        rest = (begins - ended) / HOUR_S
        if rest < limits.daily_rest_h:
            yield _breach(
                RotaRule.ENOUGH_REST_EVERY_DAY,
                person,
                (
                    *person.within((ended - MOMENT_S, ended)),
                    *person.within((begins, begins + MOMENT_S)),
                ),
                measured=rest,
                limit=limits.daily_rest_h,
            )


def enough_rest_every_week(person: Person, limits: Limits) -> Iterator[Breach]:
    """Each week, Monday to Sunday, has the weekly rest without a break within it.

    The law says seven days; that they are the week of the calendar is our reading.
    Measured: the longest time free in the week, in hours.

    References
    ----------
    Arbeidsmiljøloven § 10-8 annet ledd
    """
    for monday, duties in person.by_week.items():
        week = person.week_piece(monday)
        free = without([week], [(each.starts_s, each.ends_s) for each in duties])
        longest = max((hours_of([piece]) for piece in free), default=0.0)
        if longest < limits.weekly_rest_h:
            yield _breach(
                RotaRule.ENOUGH_REST_EVERY_WEEK,
                person,
                duties,
                measured=longest,
                limit=limits.weekly_rest_h,
            )


def hours_of_a_day_are_kept(person: Person, limits: Limits) -> Iterator[Breach]:
    """In any 24 hours the work is not longer than its limit.

    The 24 hours are counted from each duty's start and back from each duty's end, among
    which the worst always is. The same duties give one breach. Measured: hours of work.

    References
    ----------
    Arbeidsmiljøloven § 10-6 åttende og niende ledd
    """
    place = {each.slot.id: at for at, each in enumerate(person.duties)}
    worst: dict[tuple[int, int], float] = {}  # first and last duty: hours
    for each in person.duties:
        for window in (
            (each.starts_s, each.starts_s + DAY_S),
            (each.ends_s - DAY_S, each.ends_s),
        ):
            hours = person.hours_between(window)
            if hours > limits.day_hours + SLACK_H:
                duties = person.within(window)
                ends = place[duties[0].slot.id], place[duties[-1].slot.id]
                worst[ends] = max(hours, worst.get(ends, 0.0))
    for (first, last), hours in _outermost(worst):
        yield _breach(
            RotaRule.HOURS_OF_A_DAY_ARE_KEPT,
            person,
            person.duties[first : last + 1],
            measured=hours,
            limit=limits.day_hours,
        )


def hours_of_a_week_are_kept(person: Person, limits: Limits) -> Iterator[Breach]:
    """No single week, Monday to Sunday, has more work than its limit.

    Measured: hours of work in the week.

    References
    ----------
    Arbeidsmiljøloven § 10-5 annet og tredje ledd
    """
    for monday, duties in person.by_week.items():
        hours = person.week_hours[monday]
        if hours > limits.one_week_hours + SLACK_H:
            yield _breach(
                RotaRule.HOURS_OF_A_WEEK_ARE_KEPT,
                person,
                duties,
                measured=hours,
                limit=limits.one_week_hours,
            )


def hours_on_average_are_kept(person: Person, limits: Limits) -> Iterator[Breach]:
    """On average over some weeks on end the work of a week is not longer than its limit.

    A rota of fewer weeks is averaged over those it has: weeks of which nobody knows the
    person's duties are not counted as free. One breach: that of the worst weeks.
    Measured: hours a week.

    References
    ----------
    Arbeidsmiljøloven § 10-6 åttende ledd
    """
    mondays = _mondays(person)
    if not (mondays and person.duties):
        return
    hours = person.week_hours
    count = min(limits.average_weeks, len(mondays))
    runs = [mondays[at : at + count] for at in range(len(mondays) - count + 1)]
    averages = [sum(hours.get(m, 0.0) for m in run) / count for run in runs]
    worst = max(averages)
    if worst > limits.week_hours + SLACK_H:
        run = runs[averages.index(worst)]
        piece = person.week_piece(run[0])[0], person.week_piece(run[-1])[1]
        yield _breach(
            RotaRule.HOURS_ON_AVERAGE_ARE_KEPT,
            person,
            person.within(piece),
            measured=worst,
            limit=limits.week_hours,
        )


def sundays_are_free(person: Person, limits: Limits) -> Iterator[Breach]:
    """Of so many Sundays and public holidays on end at least one is free.

    Each red day counts by itself, which is our reading: who has worked on Christmas Day is
    free on the day after. A day is worked when a duty counts on it (`RedDays.worked`).
    Measured: red days worked on end; the limit is one less than the number.

    References
    ----------
    Arbeidsmiljøloven § 10-8 fjerde ledd og § 10-10 første ledd
    """
    days = red_days(limits, person.horizon)
    worked: dict[int, list[Timed]] = {}
    for each in person.duties:
        for day in days.worked((each.starts_s, each.ends_s)):
            worked.setdefault(day, []).append(each)
    for last in worked:
        run = range(last - limits.sunday_every + 1, last + 1)
        if all(day in worked for day in run):
            duties = {each: None for day in run for each in worked[day]}
            yield _breach(
                RotaRule.SUNDAYS_ARE_FREE,
                person,
                tuple(duties),
                measured=limits.sunday_every,
                limit=limits.sunday_every - 1,
            )


def nights_in_a_row_are_few(person: Person, limits: Limits) -> Iterator[Breach]:
    """There are not more nights in a row than the place has chosen.

    A night belongs to the day on which it begins, also when the duty begins at midnight.
    Measured: nights in a row.

    References
    ----------
    Lokalt valg; arbeidsmiljøloven § 10-2 første ledd og § 10-11
    """
    if limits.nights_in_a_row is None:
        return
    nights: dict[date, list[Timed]] = {}
    for each in person.duties:
        if Account.NIGHT in each.slot.accounts:
            middle = (each.starts_s + each.ends_s) / 2
            nights.setdefault(person.day_of(middle - DAY_S / 2), []).append(each)
    for first in nights:
        if first - DAY in nights:
            continue
        run = [first]
        while run[-1] + DAY in nights:
            run.append(run[-1] + DAY)
        if len(run) > limits.nights_in_a_row:
            yield _breach(
                RotaRule.NIGHTS_IN_A_ROW_ARE_FEW,
                person,
                tuple(each for day in run for each in nights[day]),
                measured=len(run),
                limit=limits.nights_in_a_row,
            )


def days_between_duties(person: Person, limits: Limits) -> Iterator[Breach]:
    """From one duty's start to the next one's there are as many days as the place says.

    Duties of one group belong together and are not counted. Measured: days.

    References
    ----------
    Lokalt valg
    """
    if limits.days_between is None:
        return
    for (first, second), (day, then) in zip(
        pairwise(person.duties), pairwise(person.starts_on), strict=True
    ):
        days = (then - day).days
        is_one_group = first.slot.group and first.slot.group == second.slot.group
        if days < limits.days_between and not is_one_group:
            yield _breach(
                RotaRule.DAYS_BETWEEN_DUTIES,
                person,
                (first, second),
                measured=days,
                limit=limits.days_between,
            )


def _outermost(
    runs: dict[tuple[int, int], float],
) -> list[tuple[tuple[int, int], float]]:
    """The runs of duties that lie in no other, each with the most of those in it."""
    found: list[tuple[tuple[int, int], float]] = []
    for run in sorted(runs, key=lambda run: (run[0], -run[1])):
        if found and run[1] <= found[-1][0][1]:
            outer, hours = found.pop()
            found.append((outer, max(hours, runs[run])))
        else:
            found.append((run, runs[run]))
    return found


def _mondays(person: Person) -> list[date]:
    """The Mondays of all weeks in which the person's duties are known."""
    starts, ends = person.horizon
    if person.worker.known is not None:
        starts = max(starts, person.worker.known.starts_at.timestamp())
        ends = min(ends, person.worker.known.ends_at.timestamp())
    monday = monday_of(person.day_of(starts))
    last = person.day_of(ends - 1)
    found = []
    while monday <= last:
        found.append(monday)
        monday += WEEK_DAYS * DAY
    return found


def _breach(
    rule: RotaRule,
    person: Person,
    duties: tuple[Timed, ...],
    *,
    measured: float,
    limit: float,
) -> Breach:
    return Breach(
        rule=rule,
        worker=person.worker.id,
        slots=tuple(each.slot.id for each in duties),
        measured=measured,
        limit=limit,
        is_hard=is_hard_for(rule, person.worker),
    )
