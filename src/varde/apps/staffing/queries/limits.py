"""The numbers that a place's rota is judged by, read from the dated settings."""

from datetime import date, time
from typing import Any

from varde.apps.records import settings
from varde.apps.records.holidays import around
from varde.domain.rota.limits import Calendar, Limits, eves_of, strictest


def limits_of(
    *, on: date, district_id: int | None = None, station_id: int | None = None
) -> Limits:
    """The limits that hold on a day: the law's, and the place's own where stricter.

    The law's are those set for the whole installation. The holidays are those of the
    year before, of and after the day.
    """
    law = _limits(on=on, district_id=None, station_id=None)
    own = _limits(on=on, district_id=district_id, station_id=station_id)
    return strictest(law, own)


def history_years(
    *, on: date, district_id: int | None = None, station_id: int | None = None
) -> int:
    """How many years back count in the accounts."""
    years: int = settings.value(
        "rota.history_years", on=on, district_id=district_id, station_id=station_id
    )
    return years


def _limits(*, on: date, district_id: int | None, station_id: int | None) -> Limits:
    def value(key: str) -> Any:
        return settings.value(
            f"rota.{key}", on=on, district_id=district_id, station_id=station_id
        )

    def clock(key: str) -> tuple[time, time]:
        hours = value(key)
        return time(hours["from"]), time(hours["to"])

    holidays = around(on)
    sunday_from, sunday_to = clock("sunday")
    return Limits(
        calendar=Calendar(holidays=holidays, eves=eves_of(holidays)),
        daily_rest_h=value("daily_rest_h"),
        weekly_rest_h=value("weekly_rest_h"),
        day_hours=value("day_hours"),
        week_hours=value("week_hours"),
        average_weeks=value("average_weeks"),
        one_week_hours=value("one_week_hours"),
        sunday_every=value("sunday_every"),
        sunday_from=sunday_from,
        sunday_to=sunday_to,
        night=clock("night"),
        evening=clock("evening"),
        account_hours=value("account_hours"),
        eve_from=time(value("eve_from")),
        lis1_presence=value("lis1_presence"),
        lvs_minimum=value("lvs_minimum"),
        second_tier={"konsultasjonsvakt": "beredskapsvakt"}
        if value("two_tiers")
        else {},
        nights_in_a_row=value("own_rules")["nights_in_a_row"],
        days_between=value("own_rules")["days_between"],
    )
