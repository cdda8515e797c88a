"""Making the forecast that is kept of a workplace: what the background does.

What came is read in one short transaction; the rest is counting, step by step, so that the
page can tell how far it has come.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from django.utils import timezone

from varde.apps.planning.queries import calls, demand
from varde.apps.planning.queries.calendar_days import standing_out
from varde.apps.planning.queries.demand import OSLO, Parts
from varde.apps.planning.queries.forecast import Told, calendar, sums, yesterday
from varde.apps.records import settings
from varde.apps.records.models import Sentral, Station
from varde.apps.records.scope import districts_served, scoped
from varde.apps.staffing.access import Workplace
from varde.engines.forecast.model import (
    LEAST_CONTACTS,
    LEAST_DAYS,
    Fitted,
    TooLittleHistory,
    expect,
    fit,
)
from varde.engines.forecast.rolling import Origin, rolling_origins, together
from varde.engines.forecast.series import DAY_HOURS, HOUR, WEEK_HOURS, HourlySeries
from varde.engines.forecast.surprise import shares
from varde.engines.telephony import own_calls as measuring
from varde.engines.telephony.own_calls import OwnCall


WEEKS = 13
HISTORY_DAYS = 182  # that the page shows; the forecast is made of all of it
PAST_HOURS = 14 * DAY_HOURS
HEAT_WEEKS = 52
ORIGINS, HORIZON_DAYS = 4, 28
STEPS = 4 + ORIGINS  # read, fitted, yesterday, the origins, measured
type Step = Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What is read of a workplace. `midnight` is the last one, on the local clock."""

    series: HourlySeries | None
    days: dict[date, int]
    parts: Parts
    county: str
    midnight: datetime
    own_calls: list[OwnCall]
    limit_min: float


def make(workplace: Workplace, *, now: datetime, step: Step) -> dict[str, Any]:
    """All that is kept of a forecast, as JSON. `step` is called after each step."""
    read = _read(workplace, now=now)
    step()
    found = _about_the_past(read) | {"kind": str(workplace.kind)}
    measured = _measured(read) if workplace.sentral_id else None
    step()
    whole = None if read.series is None else _until(read.series, read.midnight)
    try:
        if whole is None:
            raise TooLittleHistory(days=0, contacts=0)
        fitted = fit(whole, calendar=calendar(), county=read.county)
    except TooLittleHistory as fault:
        lacks = {"days": fault.days, "contacts": fault.contacts}
        least = {"least_days": LEAST_DAYS, "least_contacts": LEAST_CONTACTS}
        return found | {"lacks": lacks | least, "measured": measured}
    ahead = _about_the_time_ahead(fitted, whole, read)
    step()
    surprised = yesterday(whole, county=read.county)
    step()
    return (
        found
        | ahead
        | {
            "measured": measured,
            "yesterday": None
            if surprised is None
            else asdict(surprised) | {"is_outside": surprised.is_outside},
            "judged": _judged(whole, county=read.county, step=step),
        }
    )


def _read(workplace: Workplace, *, now: datetime) -> Read:
    districts = {
        workplace.district_id,
        *districts_served(workplace.sentraler, on=timezone.localdate(now)),
    }
    midnight = now.astimezone(OSLO).replace(tzinfo=None)
    common = {
        "midnight": midnight.replace(hour=0, minute=0, second=0, microsecond=0),
        "limit_min": settings.value("answer.limit_s", on=timezone.localdate(now)) / 60,
    }
    with scoped(districts=districts):
        if workplace.station_id is not None:
            station = Station.objects.select_related("municipality").get(
                pk=workplace.station_id
            )
            found = demand.history(station, now=now)
            return Read(
                series=None if found is None else found.series,
                days={} if found is None else found.days,
                parts=demand.parts(station, now=now),
                county=station.municipality.county,
                own_calls=[],
                **common,
            )
        sentral = Sentral.objects.get(pk=workplace.sentral_id)
        series = calls.call_history(sentral, now=now)
        return Read(
            series=series,
            days={} if series is None else _days_of(series),
            parts=demand.parts_of_sentral(sentral, now=now),
            county=calls.county_of(sentral),
            own_calls=calls.own_calls(sentral, now=now),
            **common,
        )


def _days_of(series: HourlySeries) -> dict[date, int]:
    """Whole days of calls. The hours when the clock is set are left out."""
    whole = len(series.counts) // DAY_HOURS
    by_day = np.nansum(
        series.counts[: whole * DAY_HOURS].reshape(-1, DAY_HOURS), axis=1
    )
    first = series.begins.date()
    return {first + timedelta(days=n): int(count) for n, count in enumerate(by_day)}


def _until(series: HourlySeries, midnight: datetime) -> HourlySeries | None:
    hours = (midnight - series.begins) // HOUR
    return series.first(hours) if hours > 0 else None


def _about_the_past(read: Read) -> dict[str, Any]:
    if read.series is None:
        return {"history": None, "days": [], "past_hours": None, "heat": None}
    hours = read.series.counts[-PAST_HOURS:]
    begins = read.series.ends - len(hours) * HOUR
    return {
        "history": {
            "from": min(read.days, default=read.midnight.date()).isoformat(),
            "days": len(read.days),
            "count": sum(read.days.values()),
        },
        "days": [
            [day.isoformat(), count]
            for day, count in sorted(read.days.items())[-HISTORY_DAYS:]
        ],
        "past_hours": {"begins": begins.isoformat(), "counts": _known(hours)},
        "heat": _heat(read.series),
    }


def _heat(series: HourlySeries) -> dict[str, Any]:
    """The mean of each hour of the week, from its Monday; None where none is known."""
    newest = series.counts[-HEAT_WEEKS * WEEK_HOURS :]
    begins = series.ends - len(newest) * HOUR
    place = (
        begins.weekday() * DAY_HOURS + begins.hour + np.arange(len(newest))
    ) % WEEK_HOURS
    is_known = ~np.isnan(newest)
    total = np.bincount(place[is_known], newest[is_known], minlength=WEEK_HOURS)
    many = np.bincount(place[is_known], minlength=WEEK_HOURS)
    return {
        "weeks": round(len(newest) / WEEK_HOURS, 1),
        "means": [
            float(round(one, 3)) if count else None
            for one, count in zip(total / np.maximum(many, 1), many, strict=True)
        ],
    }


def _about_the_time_ahead(
    fitted: Fitted, whole: HourlySeries, read: Read
) -> dict[str, Any]:
    monday = read.midnight - timedelta(days=read.midnight.weekday())
    weeks = expect(fitted, begins=monday, hours=(WEEKS + 1) * WEEK_HOURS)
    ahead = expect(fitted, begins=read.midnight, hours=WEEKS * WEEK_HOURS)
    told = sums(ahead, WEEK_HOURS)
    expected = sum(week.expected for week in told)
    return {
        "ahead": {
            "begins": read.midnight.isoformat(),
            "hours": [_row(one) for one in sums(ahead, 1)],
            "days": [_row(one) for one in sums(ahead, DAY_HOURS)],
            "weeks": [_row(one) for one in told],
        },
        "by_hour": {
            "begins": monday.isoformat(),
            "means": [round(float(one), 4) for one in weeks.mean],
        },
        "level": fitted.level,
        "has_season": fitted.plan.harmonics > 0,
        "county": read.county,
        "shares": {
            name: [
                asdict(one)
                for one in shares(getattr(read.parts, name), expected=expected)
            ]
            for name in ("hastegrad", "age", "municipality")
        },
        "calendar": [
            asdict(one) | {"first": one.first.isoformat(), "last": one.last.isoformat()}
            for one in standing_out(
                fitted,
                from_on=read.midnight.date(),
                history=whole,
                calendar=calendar(),
                county=read.county,
            )
        ],
    }


def _row(one: Told) -> list[float]:
    return [round(one.expected, 3), one.low, one.high]


def _known(hours: np.ndarray) -> list[int | None]:
    return [None if np.isnan(one) else int(one) for one in hours]


def _judged(series: HourlySeries, *, county: str, step: Step) -> dict[str, Any]:
    """How good it would have been on its own history, from as many origins as that has.

    Each origin is a time at which only the past is known. Without room for one: how many
    days are needed.
    """
    days = len(series.counts) // DAY_HOURS
    origins = min(ORIGINS, (days - LEAST_DAYS) // HORIZON_DAYS)
    if origins < 1:
        return {"origins": 0, "least_days": LEAST_DAYS + HORIZON_DAYS, "days": days}
    found: list[Origin] = []
    for back in range(origins, 0, -1):
        until = len(series.counts) - (back - 1) * HORIZON_DAYS * DAY_HOURS
        try:
            found += rolling_origins(
                series.first(until),
                origins=1,
                horizon_days=HORIZON_DAYS,
                calendar=calendar(),
                county=county,
            )
        except TooLittleHistory:  # too few came before it
            continue
        finally:
            step()
    if not found:
        return {"origins": 0, "least_days": LEAST_DAYS + HORIZON_DAYS, "days": days}
    return {
        "origins": len(found),
        "horizon_days": HORIZON_DAYS,
        "ours": asdict(together([one.ours for one in found])),
        "plain": asdict(together([one.baseline for one in found])),
        "weeks": sum(one.weeks for one in found),
        "weeks_within": sum(one.weeks_within for one in found),
    }


def _measured(read: Read) -> dict[str, Any] | None:
    """What the sentral's own calls say of callers and operators; None without any."""
    found = measuring.measure(read.own_calls, limit_min=read.limit_min)
    if found is None:
        return None
    fitted = measuring.fit(found, limit_min=read.limit_min)
    return {
        "weeks": calls.MEASURED_OVER.days // 7,
        "until": read.midnight.date().isoformat(),
        "limit_min": read.limit_min,
        "hours": len(found.hours),
        "calls": sum(hour.calls for hour in found.hours),
        "left_out": found.left_out,
        "mean_call_min": found.mean_call_min,
        "mean_patience_min": None
        if found.calls is None
        else found.calls.mean_patience_min,
        "availability": None if fitted is None else fitted.availability,
        "answered_within": found.answered_within,
        "abandoned": found.abandoned,
        "mean_wait_min": found.mean_wait_min,
        "told_within": None if fitted is None else fitted.whole.answered_within,
    }
