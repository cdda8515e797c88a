"""Made-up rotas of a legevakt, to measure optimisers with: seeded, the same on each machine.

    doctors_year(seed=1)       30 doctors, 52 weeks, two tiers with bakvakt, LIS1, wishes
    operators_quarter(seed=1)  60 operators, 12 weeks, three shifts

Nobody in them exists. What they hold, and why, is in docs/handbok/vaktplanmotor.md. There
is no public benchmark of the on-call rotas of primary care; this is meant to be one: the
numbers are drawn by Python's own generator, whose sequence is the same in each version.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

import holidays

from varde.domain.rota.limits import Calendar, Limits
from varde.domain.rota.values import Account, Law, Slot, Span, Wish, Worker
from varde.engines.rostering.duties.values import Goals, Problem


OSLO: Final = ZoneInfo("Europe/Oslo")
YEAR_STARTS_ON: Final = date(2027, 1, 4)  # a Monday
WEEKS_IN_YEAR: Final = 52
QUARTER_STARTS_ON: Final = date(2027, 1, 11)
FRIDAY: Final = 4
SATURDAY: Final = 5
SUNDAY: Final = 6
SUMMER: Final = (24, 33)  # weeks of the rota in which summer holidays lie


@dataclass(frozen=True, slots=True, kw_only=True)
class _Post:
    """A post on one kind of day: from, to (the next day when not later), what it counts as."""

    post: str
    begins: time
    ends: time
    accounts: frozenset[Account]
    active_share: float = 1.0
    people: int = 1


KONSULTASJON: Final = "konsultasjonsvakt"
BEREDSKAP: Final = "beredskapsvakt"
BAKVAKT: Final = "bakvakt"
OPERATOR: Final = "operator"


# Law as facts say it, and the choices of a place, so that the example stands by itself:
# the dated settings of a real place are elsewhere.
def limits_of(off: frozenset[date]) -> Limits:
    """The limits of the examples, with these days off."""
    return Limits(
        calendar=Calendar(zone=OSLO, holidays=off),
        daily_rest_h=11,
        weekly_rest_h=35,
        day_hours=13,
        week_hours=40,
        average_weeks=8,
        one_week_hours=48,
        sunday_every=3,
        sunday_from=time(18),
        sunday_to=time(22),
        night=(time(21), time(6)),
        evening=(time(17), time(23)),
        account_hours=3,
        eve_from=time(15),
        lis1_presence=True,
        lvs_minimum=3,
        second_tier={},
        nights_in_a_row=4,
    )


# Evenings end at 23; the night and what lies behind it go from 15:30 to 08 (Vefsn 2020,
# the municipality's plan) and from 09 to 09 on days off.
WORKDAY: Final = (
    _Post(
        post=KONSULTASJON,
        begins=time(15, 30),
        ends=time(23),
        accounts=frozenset({Account.EVENING, Account.ALL}),
    ),
    _Post(
        post=BEREDSKAP,
        begins=time(15, 30),
        ends=time(8),
        accounts=frozenset({Account.NIGHT, Account.ALL}),
    ),
    _Post(
        post=BAKVAKT,
        begins=time(15, 30),
        ends=time(8),
        accounts=frozenset({Account.BACKUP, Account.ALL}),
        active_share=0.25,
    ),
)
DAY_OFF: Final = (
    _Post(
        post=KONSULTASJON,
        begins=time(9),
        ends=time(21),
        accounts=frozenset({Account.WEEKEND, Account.ALL}),
    ),
    _Post(
        post=BEREDSKAP,
        begins=time(9),
        ends=time(9),
        accounts=frozenset({Account.WEEKEND, Account.NIGHT, Account.ALL}),
    ),
    _Post(
        post=BAKVAKT,
        begins=time(9),
        ends=time(9),
        accounts=frozenset({Account.WEEKEND, Account.BACKUP, Account.ALL}),
        active_share=0.25,
    ),
)
# After a day off that a workday follows, the night ends as the surgeries open.
OPENS: Final = time(8)

SHIFTS: Final = (
    _Post(
        post=OPERATOR,
        begins=time(7, 30),
        ends=time(15),
        accounts=frozenset({Account.ALL}),
        people=10,
    ),
    _Post(
        post=OPERATOR,
        begins=time(14, 45),
        ends=time(22, 15),
        accounts=frozenset({Account.EVENING, Account.ALL}),
        people=10,
    ),
    _Post(
        post=OPERATOR,
        begins=time(22),
        ends=time(7, 45),
        accounts=frozenset({Account.NIGHT, Account.ALL}),
        people=5,
    ),
)


def doctors_year(
    *, seed: int = 1, doctors: int = 30, weeks: int = WEEKS_IN_YEAR
) -> Problem:
    """A rota for doctors by agreement (SFS 2305), at least eight of them.

    Of 30: 24 may be alone, 3 may from the middle of the period, 3 are LIS1 and on duty at
    the station only. Three who may be alone have half a share, two are free of nights.
    Each is away five weeks of the year, three of them in summer, and has about fourteen
    wishes.
    """
    draw = Random(f"doctors/{seed}")  # noqa: S311
    days = _days(YEAR_STARTS_ON, weeks)
    slots = _duties(days)
    whole = _span(days[0], len(days) + 1)
    middle = datetime.combine(days[len(days) // 2], time(8), OSLO)
    lis1 = max(1, doctors // 10)
    new = lis1
    people = tuple(
        _doctor(
            number=number,
            kind=(
                "lis1"
                if number < lis1
                else ("new" if number < lis1 + new else "experienced")
            ),
            whole=whole,
            middle=middle,
            away=_holidays_of(draw, days[0], weeks),
            is_late=number >= doctors - 2,
            is_half=lis1 + new <= number < lis1 + new + doctors // 10,
        )
        for number in range(doctors)
    )
    return Problem(
        slots=slots,
        workers=people,
        limits=limits_of(frozenset(_days_off(days))),
        wishes=_wishes(draw, people, days, for_each=14 * weeks / WEEKS_IN_YEAR),
        goals=Goals(tolerance_duties=1.0, spacing_days=3),
    )


def operators_quarter(
    *, seed: int = 1, operators: int = 60, weeks: int = 12
) -> Problem:
    """A rota for operators under arbeidsmiljøloven: day, evening and night, all days.

    Positions of 50, 75 and 100 per cent; one in six works no nights; each is away one
    week in ten, and has a few wishes. The need follows the number of operators.
    """
    draw = Random(f"operators/{seed}")  # noqa: S311
    days = _days(QUARTER_STARTS_ON, weeks)
    off = _days_off(days)
    slots = tuple(
        _slot(day, post, index, off=off, days_off_count=True)
        for day in days
        for post in SHIFTS
        for index in range(max(1, round(post.people * operators / 60)))
    )
    whole = _span(days[0], len(days) + 1)
    people = tuple(
        Worker(
            id=f"op{number:02}",
            law=Law.AML,
            posts=frozenset({OPERATOR}),
            share=(0.5, 0.75, 1.0, 1.0)[number % 4],
            alone=(whole,),
            away=tuple(
                _span(days[7 * week], 7)
                for week in sorted(draw.sample(range(weeks), round(weeks / 10)))
            ),
            no_nights=(whole,) if number % 6 == 5 else (),
        )
        for number in range(operators)
    )
    return Problem(
        slots=slots,
        workers=people,
        limits=limits_of(frozenset(_days_off(days))),
        wishes=_wishes(draw, people, days, for_each=5 * weeks / 12),
        goals=Goals(tolerance_duties=1.0, spacing_days=0),
    )


def _doctor(
    *,
    number: int,
    kind: str,
    whole: Span,
    middle: datetime,
    away: tuple[Span, ...],
    is_late: bool,
    is_half: bool,
) -> Worker:
    posts = {"lis1": {KONSULTASJON}, "new": {KONSULTASJON, BEREDSKAP}}
    alone = {
        "lis1": (),
        "new": (Span(starts_at=middle, ends_at=whole.ends_at),),
    }
    return Worker(
        id=f"doctor{number:02}",
        law=Law.SFS2305,
        posts=frozenset(posts.get(kind, {KONSULTASJON, BEREDSKAP, BAKVAKT})),
        share=0.5 if is_half else 1.0,
        alone=alone.get(kind, (whole,)),
        lis1=(whole,) if kind == "lis1" else (),
        away=away,
        no_nights=(whole,) if is_late else (),
    )


def _days(first: date, weeks: int) -> list[date]:
    return [first + timedelta(days=number) for number in range(7 * weeks)]


def _days_off(days: list[date]) -> set[date]:
    """Public holidays, and the eves on which the surgeries are closed."""
    years = {days[0].year, days[-1].year, days[-1].year + 1}
    found = set(holidays.country_holidays("NO", years=years))
    eves = {date(year, 12, 24) for year in years} | {
        date(year, 12, 31) for year in years
    }
    return found | eves


def _is_off(day: date, off: set[date]) -> bool:
    return day.weekday() >= SATURDAY or day in off


def _duties(days: list[date]) -> tuple[Slot, ...]:
    off = _days_off(days)
    return tuple(
        _slot(day, post, 0, off=off, days_off_count=False)
        for day in days
        for post in (DAY_OFF if _is_off(day, off) else WORKDAY)
    )


def _slot(
    day: date, post: _Post, index: int, *, off: set[date], days_off_count: bool
) -> Slot:
    ends_on = day if post.ends > post.begins else day + timedelta(days=1)
    ends = post.ends
    if post.ends == post.begins and not _is_off(ends_on, off):
        ends = OPENS
    accounts = set(post.accounts)
    if day in off:
        accounts.add(Account.HOLIDAY)
    if days_off_count and day.weekday() >= SATURDAY:
        accounts.add(Account.WEEKEND)
    return Slot(
        id=f"{day:%Y%m%d}-{post.begins:%H%M}-{post.post}-{index}",
        post=post.post,
        span=Span(
            starts_at=datetime.combine(day, post.begins, OSLO),
            ends_at=datetime.combine(ends_on, ends, OSLO),
        ),
        accounts=frozenset(accounts),
        active_share=post.active_share,
    )


def _span(first: date, days: int) -> Span:
    """Whole days, from midnight to midnight."""
    return Span(
        starts_at=datetime.combine(first, time(), OSLO),
        ends_at=datetime.combine(first + timedelta(days=days), time(), OSLO),
    )


def _holidays_of(draw: Random, first: date, weeks: int) -> tuple[Span, ...]:
    """Three weeks in summer and two elsewhere, as much as lies in the period."""
    summer = draw.randint(SUMMER[0], SUMMER[1] - 3)
    rest = [week for week in range(WEEKS_IN_YEAR) if not summer <= week < summer + 3]
    starts = [*range(summer, summer + 3), *draw.sample(rest, 2)]
    return tuple(
        _span(first + timedelta(weeks=week), 7)
        for week in sorted(starts)
        if week < weeks
    )


def _wishes(
    draw: Random, people: tuple[Worker, ...], days: list[date], *, for_each: float
) -> tuple[Wish, ...]:
    """Mostly to be free: single days, weekends, a few days in a row. One in ten for duty."""
    found: list[Wish] = []
    for person in people:
        for number in range(max(1, round(for_each))):
            day = draw.choice(days)
            length = draw.choice((1, 1, 1, 2, 2, 4))
            if length == 2:  # a weekend
                day += timedelta(days=SATURDAY - day.weekday())
            found.append(
                Wish(
                    id=f"{person.id}-{number}",
                    worker=person.id,
                    span=_span(day, length),
                    wants_duty=draw.random() < 0.1,
                    weight=draw.choice((1, 1, 2, 2, 3)),
                )
            )
    return tuple(found)
