"""The numbers that a rota is judged by at a workplace, from the dated settings."""

from datetime import date, time
from typing import Any

from varde.apps.records import holidays, settings
from varde.apps.records.models import Duty
from varde.apps.staffing.access import Workplace
from varde.domain.rota.limits import Calendar, Limits, eves_of, strictest


PLAIN = (
    "daily_rest_h",
    "weekly_rest_h",
    "day_hours",
    "week_hours",
    "average_weeks",
    "one_week_hours",
    "sunday_every",
    "account_hours",
    "lvs_minimum",
)
# Beredskapsvakt may be on alone, konsultasjonsvakt not.
TWO_TIERS = {Duty.Post.KONSULTASJONSVAKT.value: Duty.Post.BEREDSKAPSVAKT.value}


def limits_for(workplace: Workplace, *, first: date, last: date) -> Limits:
    """The limits on the first day of a period, and the holidays of all of it.

    Those set for the whole installation, and the workplace's own where they are stricter:
    what the law or an agreement allows is decided for all, not station by station.
    """
    return strictest(
        _limits(None, first=first, last=last),
        _limits(workplace, first=first, last=last),
    )


def _limits(workplace: Workplace | None, *, first: date, last: date) -> Limits:
    known = settings.values(
        "rota.",
        on=first,
        district_id=None if workplace is None else workplace.district_id,
        station_id=None if workplace is None else workplace.station_id,
    )

    def of(name: str) -> Any:
        if name not in known:
            raise settings.SettingMissing(f"rota.{name}", first)
        return known[name]

    free = frozenset().union(
        *(
            holidays.around(date(year, 6, 1))
            for year in range(first.year, last.year + 1)
        )
    )
    numbers = {name: of(name) for name in PLAIN}
    sunday, night, evening = of("sunday"), of("night"), of("evening")
    own = of("own_rules")
    return Limits(
        calendar=Calendar(holidays=free, eves=eves_of(free)),
        sunday_from=time(sunday["from"]),
        sunday_to=time(sunday["to"]),
        night=(time(night["from"]), time(night["to"])),
        evening=(time(evening["from"]), time(evening["to"])),
        eve_from=time(of("eve_from")),
        lis1_presence=of("lis1_presence"),
        second_tier=TWO_TIERS if of("two_tiers") else {},
        nights_in_a_row=own["nights_in_a_row"],
        days_between=own["days_between"],
        **numbers,
    )


def setting(name: str, workplace: Workplace, *, on: date) -> Any:
    """A setting of the rota as it is at a workplace on a date."""
    return settings.value(
        f"rota.{name}",
        on=on,
        district_id=workplace.district_id,
        station_id=workplace.station_id,
    )
