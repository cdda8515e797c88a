"""What the tests of a rota are made of. No database."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import holidays
import yaml

from varde.domain.rota.limits import Calendar, Limits, eves_of
from varde.domain.rota.patterns import accounts_of
from varde.domain.rota.values import Law, Slot, Span, Worker


SETTINGS = Path(__file__).parents[1] / "src" / "varde" / "content" / "settings.yaml"
MONDAY = date(2026, 1, 12)  # no holiday in the weeks around it
HOLIDAYS = frozenset(holidays.country_holidays("NO", years=range(2025, 2028)))
CALENDAR = Calendar(holidays=HOLIDAYS, eves=eves_of(HOLIDAYS))
ALWAYS = Span(
    starts_at=datetime(2020, 1, 1, tzinfo=UTC), ends_at=datetime(2030, 1, 1, tzinfo=UTC)
)
DOCTORS = frozenset({"forvakt", "bakvakt", "konsultasjonsvakt", "beredskapsvakt"})


def limits(**other):
    """The limits that Varde ships, but for those named."""
    rows = yaml.safe_load(SETTINGS.read_text("utf-8"))
    shipped = {r["key"][5:]: r["value"] for r in rows if r["key"].startswith("rota.")}

    def clock(key):
        return time(shipped[key]["from"]), time(shipped[key]["to"])

    same = ("daily_rest_h", "weekly_rest_h", "day_hours", "week_hours", "average_weeks")
    same += ("one_week_hours", "sunday_every", "account_hours", "lis1_presence")
    given = {
        "calendar": CALENDAR,
        "sunday_from": clock("sunday")[0],
        "sunday_to": clock("sunday")[1],
        "night": clock("night"),
        "evening": clock("evening"),
        "eve_from": time(shipped["eve_from"]),
        "lvs_minimum": shipped["lvs_minimum"],
        "second_tier": {},
        **shipped["own_rules"],
        **{key: shipped[key] for key in same},
    }
    return Limits(**given | other)


LIMITS = limits()


def span(day, starts, hours, *, minutes=0):
    """From an hour of a day (0 is the Monday) by the clock of Oslo, so many true hours."""
    start = CALENDAR.at(MONDAY + timedelta(days=day), time(starts, minutes))
    return Span(
        starts_at=start,
        ends_at=(start.astimezone(UTC) + timedelta(hours=hours)).astimezone(
            CALENDAR.zone
        ),
    )


def slot(name, day, starts=15, hours=7, *, post="forvakt", **other):
    """A slot with the accounts that its hours give it."""
    period = span(day, starts, hours)
    accounts = accounts_of(period, post=post, limits=LIMITS)
    return Slot(
        **{"id": name, "post": post, "span": period, "accounts": accounts} | other
    )


def worker(name="kari", **other):
    """A doctor under arbeidsmiljøloven who may work alone, in any doctors' post."""
    given = {"id": name, "law": Law.AML, "posts": DOCTORS, "alone": (ALWAYS,)}
    return Worker(**given | other)
