"""A kept forecast as the page shows it: the figures, what is lacking, the stretch asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from varde.apps.records.models import DemandForecast
from varde.apps.staffing.access import WorkplaceKind
from varde.apps.staffing.messages.numbers import number


type Found = Mapping[str, Any]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WEEK = timedelta(weeks=1)
PAST_WEEKS = 4  # of days, beside the weeks ahead
OLD_AFTER = timedelta(hours=36)  # it is made anew each night
HEAT_STEPS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A stretch of time: what came, or what is expected with the 90 % band."""

    begins: datetime
    came: int | None = None
    expected: float | None = None
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatCell:
    """The mean of an hour of the week, and how dark it is drawn: 0 to 5."""

    text: str
    heat: int


def noun(found: Found) -> str:
    """What is counted, in the plural."""
    is_calls = found["kind"] == WorkplaceKind.SENTRAL
    return _("anrop") if is_calls else _("henvendelser")


def by_day(found: Found, *, weeks: int) -> tuple[Point, ...]:
    """The last four weeks day by day, and so many weeks ahead."""
    past = [
        Point(begins=datetime.fromisoformat(on), came=came)
        for on, came in found["days"][-7 * PAST_WEEKS :]
    ]
    return (*past, *_ahead(found, "days", DAY, most=7 * weeks))


def by_hour(found: Found, *, days: int) -> tuple[Point, ...]:
    """The last days hour by hour, and as many ahead."""
    past = found["past_hours"]
    if past is None:
        return ()
    begins = datetime.fromisoformat(past["begins"])
    known = [
        Point(begins=begins + n * HOUR, came=came)
        for n, came in enumerate(past["counts"])
    ]
    return (*known[-24 * days :], *_ahead(found, "hours", HOUR, most=24 * days))


def by_week(found: Found, *, weeks: int) -> tuple[Point, ...]:
    """The weeks ahead, from the first midnight."""
    return _ahead(found, "weeks", WEEK, most=weeks)


def _ahead(found: Found, name: str, step: timedelta, *, most: int) -> tuple[Point, ...]:
    if "ahead" not in found:
        return ()
    begins = datetime.fromisoformat(found["ahead"]["begins"])
    return tuple(
        Point(begins=begins + n * step, expected=expected, low=low, high=high)
        for n, (expected, low, high) in enumerate(found["ahead"][name][:most])
    )


def heat(found: Found) -> list[tuple[str, list[HeatCell]]]:
    """A row for each hour of the day, a cell for each weekday."""
    if found["heat"] is None:
        return []
    means: Sequence[float | None] = found["heat"]["means"]
    most = max((one for one in means if one is not None), default=0.0)
    return [
        (
            f"{hour:02}–{(hour + 1) % 24:02}",
            [_cell(means[24 * day + hour], most=most) for day in range(7)],
        )
        for hour in range(24)
    ]


def _cell(mean: float | None, *, most: float) -> HeatCell:
    share = 0.0 if not mean or not most else mean / most
    return HeatCell(
        text="–"
        if mean is None
        else f"{mean:.{2 if most < 3 else 1}f}".replace(".", ","),
        heat=min(HEAT_STEPS - 1, int(share * HEAT_STEPS)),
    )


def history_words(found: Found) -> str:
    """From when, how long and how much the history is."""
    history = found["history"]
    if history is None:
        return _("Ingenting har kommet hit ennå.")
    return _("%(count)s %(what)s på %(days)s dager, fra %(first)s.") % {
        "count": history["count"],
        "what": noun(found),
        "days": history["days"],
        "first": date_format(date.fromisoformat(history["from"]), "j. F Y"),
    }


def lacks_words(found: Found) -> str:
    """Why there is no forecast, how long a history is needed, and what is shown instead."""
    lacks = found["lacks"]
    days = max(0, lacks["least_days"] - int(lacks["days"]))
    more = (
        ngettext("Det mangler %(n)s dag.", "Det mangler %(n)s dager.", days)
        % {"n": days}
        if days
        else _("Det er kommet for få.")
    )
    needed = _(
        "Historien er for kort til en prognose: %(count)s %(what)s på %(days)s hele dager. "
        "Det trengs minst %(least)s på %(least_days)s dager. %(more)s Her er det som har "
        "kommet, og snittet av hver time i uka. Ingenting er gjettet."
    )
    return needed % {
        "count": int(lacks["contacts"]),
        "what": noun(found),
        "days": int(lacks["days"]),
        "least": lacks["least_contacts"],
        "least_days": lacks["least_days"],
        "more": more,
    }


def yesterday_words(found: Found) -> str:
    """What came yesterday against what was expected, in sentences."""
    one = found.get("yesterday")
    if one is None:
        return _(
            "Kan ikke sies: klokka ble stilt den dagen, eller historien før den var for "
            "kort."
        )
    said = _(
        "Det kom %(seen)s %(what)s. Ventet var %(expected)s (%(low)s–%(high)s)."
    ) % {
        "seen": one["seen"],
        "what": noun(found),
        "expected": number(one["expected"]),
        "low": one["low"],
        "high": one["high"],
    }
    if not one["is_outside"]:
        return said + " " + _("Det er som ventet.")
    many = one["seen"] > one["high"]
    chance = one["so_many"] if many else one["so_few"]
    rare = (
        _("Det er uvanlig mange. Så mange eller flere ventes %(share)s av dagene.")
        if many
        else _("Det er uvanlig få. Så få eller færre ventes %(share)s av dagene.")
    )
    return said + " " + rare % {"share": per_cent(chance)}


def yesterday_on(found: Found) -> date:
    """The last whole day before the forecast."""
    return (datetime.fromisoformat(found["ahead"]["begins"]) - DAY).date()


def per_cent(share: float | None, *, decimals: int = 0) -> str:
    """A share in per cent; a small one is not said to be none."""
    if share is None:
        return "–"
    if 0 < share < 0.01 and decimals == 0:
        return _("under 1 %%") % ()
    return f"{number(100 * share, decimals=decimals)} %"


def lacking(row: DemandForecast, *, now: datetime) -> list[str]:
    """What the forecast does not hold, in sentences."""
    found: Found = row.found
    told = []
    if row.made_at is not None and now - row.made_at > OLD_AFTER:
        told.append(
            _(
                "Prognosen er fra %(at)s og er ikke laget på nytt siden. Trykk «Regn på "
                "nytt»."
            )
            % {"at": date_format(timezone.localtime(row.made_at), "j. F H:i")}
        )
    if "lacks" in found:
        return told
    if not found["has_season"]:
        told.append(
            _(
                "Historien er under ett år. Årstida er derfor ikke med, og uker i en annen "
                "årstid enn nå kan bli for høye eller for lave."
            )
        )
    if not found["judged"]["origins"]:
        told.append(
            _(
                "Hvor god prognosen har vært, kan ikke måles ennå: det trengs %(least)s "
                "dager historie, og det er %(days)s."
            )
            % {"least": found["judged"]["least_days"], "days": found["judged"]["days"]}
        )
    if not found["county"]:
        told.append(_("Fylket er ikke kjent. Skoleferiene er derfor ikke med."))
    else:
        told.append(
            _(
                "Skoleferiene er den vanligste uka i %(county)s. De er ikke kontrollert mot "
                "skoleruta."
            )
            % {"county": found["county"]}
        )
    if found["kind"] == WorkplaceKind.SENTRAL and found["measured"] is None:
        told.append(
            _("Anropene sier ikke hvem som satt ved telefonen de siste 13 ukene.")
        )
    told.append(
        _("Været, arrangementer og åpningstider hos naboene er ikke med i prognosen.")
    )
    return told
