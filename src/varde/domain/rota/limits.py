"""The numbers that a rota is judged by, and the calendar they are counted in.

Every number is a dated setting with its source: law and agreement change. A place may
have numbers of its own, which count where they are stricter and never where they are not.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo


CHRISTMAS_EVE, NEW_YEARS_EVE = (12, 24), (12, 31)
SUNDAY = 6  # date.weekday()
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Where the days of a rota are counted: the zone, the public holidays and their eves."""

    zone: tzinfo = field(default_factory=lambda: ZoneInfo("Europe/Oslo"))
    holidays: frozenset[date] = frozenset()
    eves: frozenset[date] = frozenset()

    def is_free(self, day: date) -> bool:
        """Saturday, Sunday or a public holiday."""
        return day.weekday() >= SUNDAY - 1 or day in self.holidays

    def at(self, day: date, clock: time) -> datetime:
        """The moment when the clock of the place shows so on a day."""
        return datetime.combine(day, clock, tzinfo=self.zone)


def eves_of(holidays: Collection[date]) -> frozenset[date]:
    """The eves that count as holidays: of Christmas, New Year, Easter and Whitsun.

    Easter and Whitsun are known by the Sunday that is a holiday with a Monday that is one
    too; an eve that is itself a public holiday is not an eve.

    >>> sorted(eves_of({date(2026, 4, 5), date(2026, 4, 6), date(2026, 12, 25)}))
    [datetime.date(2026, 4, 4), datetime.date(2026, 12, 24), datetime.date(2026, 12, 31)]
    """
    fixed = {
        date(year, *day)
        for year in {day.year for day in holidays}
        for day in (CHRISTMAS_EVE, NEW_YEARS_EVE)
    }
    before_sundays = {
        day - DAY
        for day in holidays
        if day.weekday() == SUNDAY and day + DAY in holidays
    }
    return frozenset((fixed | before_sundays) - frozenset(holidays))


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a rota must keep. Hours are true hours; those of a standby count by its share.

    A number that may be None is a rule that the place does not have. None of the numbers
    has a default: each is somebody's decision, with a source.
    """

    calendar: Calendar
    # Working hours (arbeidsmiljøloven chapter 10)
    daily_rest_h: float
    weekly_rest_h: float
    day_hours: float  # in any 24 hours
    week_hours: float  # on average over `average_weeks`
    average_weeks: int
    one_week_hours: float  # in one week, whatever the average
    sunday_every: int  # of so many Sundays and holidays on end, one is free
    sunday_from: time  # on the day before; on an eve it is `eve_from`
    sunday_to: time
    night: tuple[time, time]  # from, to the day after
    # What counts in which account
    evening: tuple[time, time]
    account_hours: float  # so many hours in the evening or the night count as one
    eve_from: time  # from then on an eve counts as a holiday
    # Who must be there
    lis1_presence: bool  # the experienced colleague is present, not on standby at home
    lvs_minimum: int  # operators on duty, whenever the rota has operators
    second_tier: Mapping[
        str, str
    ]  # a post, and the post that must be on duty beside it
    # What the place has chosen
    nights_in_a_row: int | None = None
    days_between: int | None = (
        None  # days from one duty's start to the next one's, least
    )
    # The posts that the rules name
    doctor_posts: frozenset[str] = frozenset(
        {"forvakt", "bakvakt", "konsultasjonsvakt", "beredskapsvakt"}
    )
    backup_posts: frozenset[str] = frozenset({"bakvakt"})
    operator_posts: frozenset[str] = frozenset({"operator", "shift_leader"})


LEAST = frozenset({"day_hours", "week_hours", "one_week_hours", "average_weeks"}) | {
    "sunday_every",
    "nights_in_a_row",
}
MOST = frozenset({"daily_rest_h", "weekly_rest_h", "lvs_minimum", "days_between"})


def strictest(law: Limits, local: Limits) -> Limits:
    """The law's numbers, and the place's own where they are stricter.

    The least of the hours, the most of the rests. A rule that only one of them has holds.
    Calendar, clocks and posts are the place's own; the second tier is that of both. That
    the colleague of a LIS1 is present is the place's own as well, whichever way: the law
    asks that a LIS1 is never alone, and leaves to the municipality how.
    """
    chosen: dict[str, object] = {}
    for each in fields(Limits):
        ours, theirs = getattr(law, each.name), getattr(local, each.name)
        if each.name in LEAST | MOST:
            pick = min if each.name in LEAST else max
            known = [value for value in (ours, theirs) if value is not None]
            chosen[each.name] = pick(known) if known else None
    return replace(
        local,
        second_tier={**law.second_tier, **local.second_tier},
        **chosen,  # type: ignore[arg-type]
    )
