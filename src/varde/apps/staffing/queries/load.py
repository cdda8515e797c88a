"""The load of each person at a workplace, week by week, against the limits of the place."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from varde.apps.records import holidays, settings
from varde.apps.sentral.queries.numbers import Period
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.queries.work import (
    PRESENCE,
    ZONE,
    PersonWork,
    people_of,
    work_of,
)
from varde.domain.load.activity import DutyDone, active_min_per_hour, duty_class
from varde.domain.load.frequency import (
    Calendar,
    every_nth_weekday,
    every_nth_weekend,
    nights,
    rests,
    summer_ratio,
)
from varde.domain.load.weeks import WEEK, WeekLoad, by_week, mondays


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the place counts by, on the first day of the period."""

    limits_h: tuple[float, float]
    night: tuple[time, time]
    night_h: float
    rest_h: float
    summer_weeks: tuple[int, int]
    class_minutes: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLoad:
    """One person's load. Where `is_whole` is false the hours are the least they can be.

    `weeks` are those in which the person has a position or duty: a mean is over these.
    """

    user_id: int
    name: str
    weeks: tuple[WeekLoad, ...]
    over_low: int  # weeks above the lower limit
    over_high: int
    duties: int
    nights: int
    nth_weekday: float | None
    nth_weekend: float | None
    shortest_rest_h: float | None
    short_rests: int
    summer: float | None

    @property
    def is_whole(self) -> bool:
        """Whether every part of every week is known."""
        return all(week.is_whole for week in self.weeks)

    @property
    def mean_h(self) -> float:
        """Hours a week, of those that are known."""
        return self.mean("known_h")

    @property
    def most_h(self) -> float:
        """The hours of the hardest week, of those that are known."""
        return max(week.known_h for week in self.weeks)

    def mean(self, part: str) -> float:
        """The mean of a part of the week, in hours. An unknown practice counts as none:
        look at `is_whole`."""
        return sum(getattr(week, part) or 0 for week in self.weeks) / len(self.weeks)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostActivity:
    """A post's measured activity: minutes of work an hour of duty, and the class."""

    post: str
    duties: int
    measured: int
    active_min: float | None
    duty_class: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """The load at a workplace in whole weeks; each person's are among them."""

    period: Period
    mondays: tuple[date, ...]
    people: tuple[PersonLoad, ...]
    posts: tuple[PostActivity, ...]
    rules: Rules


def whole_weeks(period: Period) -> Period:
    """The period widened to whole weeks, from Monday to Monday."""
    found = mondays(period.start, period.to)
    return Period(found[0], found[-1] + WEEK)


def load(workplace: Workplace, period: Period, *, only: int | None = None) -> Load:
    """The load in the weeks that a period touches, of all or of one person (`only`).

    The duties of a person at other workplaces count too: it is the person who is tired.
    """
    weeks = whole_weeks(period)
    rules = rules_of(workplace, on=weeks.start)
    people = people_of(workplace, weeks)
    if only is not None:
        people = {pk: name for pk, name in people.items() if pk == only}
    work = work_of(people, weeks, workplace=workplace)
    return Load(
        period=weeks,
        mondays=mondays(weeks.start, weeks.to),
        people=tuple(_person(one, weeks, rules) for one in work),
        posts=_posts(work, rules),
        rules=rules,
    )


def rules_of(workplace: Workplace, *, on: date) -> Rules:
    """What the place counts by on a day."""

    def of(key: str) -> Any:
        return settings.value(
            key,
            on=on,
            district_id=workplace.district_id,
            station_id=workplace.station_id,
        )

    night, minutes = of("pay.night_clock"), of("load.class_minutes")
    low, high = of("load.limits_h")
    return Rules(
        limits_h=(low, high),
        night=(time(night["from"]), time(night["to"])),
        night_h=of("load.night_h"),
        rest_h=of("load.rest_h"),
        summer_weeks=tuple(of("load.summer_weeks")),
        class_minutes=tuple(minutes[key] for key in sorted(minutes)),
    )


def _person(one: PersonWork, period: Period, rules: Rules) -> PersonLoad:
    calendar = Calendar(
        first=period.start,
        to=period.to,
        holidays=holidays.around(period.start) | holidays.around(period.to),
        zone=ZONE,
        own=one.own_days,
    )
    own_weeks = {day - timedelta(days=day.weekday()) for day in one.own_days}
    weeks = by_week(one.times, weeks=sorted(own_weeks), zone=ZONE)
    all_duties = [done.span for done in one.times.duties]
    mine = calendar.within(all_duties)
    work = [*all_duties, *(one.times.practice or ()), *one.times.municipal]
    rest = rests(mine, work)
    low, high = rules.limits_h
    return PersonLoad(
        user_id=one.user_id,
        name=one.name,
        weeks=weeks,
        over_low=sum(week.known_h > low for week in weeks),
        over_high=sum(week.known_h > high for week in weeks),
        duties=len(mine),
        nights=nights(
            all_duties,
            calendar=calendar,
            starts=rules.night[0],
            ends=rules.night[1],
            at_least_h=rules.night_h,
        ),
        nth_weekday=every_nth_weekday(mine, calendar=calendar),
        nth_weekend=every_nth_weekend(mine, calendar=calendar),
        shortest_rest_h=rest[0] if rest else None,
        short_rests=sum(hours < rules.rest_h for hours in rest),
        summer=summer_ratio(
            [(week.monday, week.duty_h) for week in weeks],
            summer_weeks=rules.summer_weeks,
        ),
    )


def _posts(work: Sequence[PersonWork], rules: Rules) -> tuple[PostActivity, ...]:
    """The doctors' posts here, by name. Who is at work all the while has no class."""
    by_post: defaultdict[str, list[DutyDone]] = defaultdict(list)
    for done in (done for one in work for done in one.here):
        if done.post not in PRESENCE:
            by_post[done.post].append(done)
    found = []
    for post, duties in sorted(by_post.items()):
        active_min = active_min_per_hour(duties)
        found.append(
            PostActivity(
                post=post,
                duties=len(duties),
                measured=sum(done.active is not None for done in duties),
                active_min=active_min,
                duty_class=duty_class(active_min, upper=rules.class_minutes),
            )
        )
    return tuple(found)
