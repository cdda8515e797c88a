"""Operators of a sentral for each half hour of a week, from its own calls."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from varde.apps.planning.queries.calls import call_history, county_of, own_calls
from varde.apps.planning.queries.demand import OSLO
from varde.apps.planning.queries.forecast import calendar
from varde.apps.records.models import Sentral
from varde.engines.forecast.model import TooLittleHistory, expect, fit
from varde.engines.forecast.series import HOUR, WEEK_HOURS
from varde.engines.telephony import own_calls as measuring
from varde.engines.telephony.availability import Fitted
from varde.engines.telephony.operators import (
    Callers,
    Interval,
    Norm,
    operator_hours,
    staffing,
)
from varde.engines.telephony.own_calls import Measured


HALF_HOUR_MIN = 30.0
_HALVES = 2  # half hours an hour


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfHour:
    """A half hour on the local clock and what it needs."""

    begins: datetime
    needs: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffingWeek:
    """A week from a Monday. `measured` and `fitted` say what the calls said; `callers` is
    what the needs were made with."""

    half_hours: tuple[HalfHour, ...]
    operator_hours: float
    callers: Callers
    measured: Measured | None
    fitted: Fitted | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the planner has set beside the calls' own values; None: as the calls say."""

    mean_call_min: float | None = None
    mean_patience_min: float | None = None
    availability: float | None = None


class CallsDoNotTell(Exception):
    """A value that the calls do not give, and nobody has set. `missing` are its names."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__(", ".join(missing))
        self.missing = missing


def staffing_week(
    sentral: Sentral, *, monday: datetime, norm: Norm, given: Given, now: datetime
) -> StaffingWeek:
    """The operators that a week needs, from the forecast of its calls.

    `monday` is its first midnight on the local clock. The week is taken to come again, so
    that its first hour has the end of a Sunday before it.

    Raises `TooLittleHistory`, and `CallsDoNotTell` where a value is neither measured nor
    set.
    """
    history = call_history(sentral, now=now)
    if history is None:
        raise TooLittleHistory(days=0, contacts=0)
    measured = measuring.measure(own_calls(sentral, now=now), limit_min=norm.limit_min)
    fitted = (
        None
        if measured is None or given.availability is not None
        else measuring.fit(measured, limit_min=norm.limit_min)
    )
    callers = _callers(given, measured=measured, fitted=fitted)
    found = expect(
        fit(history, calendar=calendar(), county=county_of(sentral)),
        begins=monday,
        hours=WEEK_HOURS,
    )
    half_hours = half_hours_of(
        found.mean.tolist(), monday=monday, callers=callers, norm=norm
    )
    return StaffingWeek(
        half_hours=half_hours,
        operator_hours=operator_hours(
            [one.needs for one in half_hours], interval_min=HALF_HOUR_MIN
        ),
        callers=callers,
        measured=measured,
        fitted=fitted,
    )


def half_hours_of(
    calls_per_hour: Sequence[float],
    *,
    monday: datetime,
    callers: Callers,
    norm: Norm,
) -> tuple[HalfHour, ...]:
    """What each half hour of a week needs, from the calls of each of its hours."""
    intervals = staffing(
        np.repeat(np.array(calls_per_hour), _HALVES),
        interval_min=HALF_HOUR_MIN,
        callers=callers,
        norm=norm,
    )
    return tuple(
        HalfHour(begins=monday + n * HOUR / _HALVES, needs=one)
        for n, one in enumerate(intervals)
    )


def next_monday(now: datetime) -> datetime:
    """The first midnight of the week after this one, on the local clock."""
    today = now.astimezone(OSLO).replace(tzinfo=None)
    midnight = today.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=7 - midnight.weekday())


def _callers(
    given: Given, *, measured: Measured | None, fitted: Fitted | None
) -> Callers:
    calls = None if measured is None else measured.calls
    values = {
        "mean_call_min": given.mean_call_min
        or (None if measured is None else measured.mean_call_min),
        "mean_patience_min": given.mean_patience_min
        or (None if calls is None else calls.mean_patience_min),
        "availability": given.availability
        or (None if fitted is None else fitted.availability),
    }
    missing = tuple(name for name, value in values.items() if value is None)
    if missing:
        raise CallsDoNotTell(missing)
    return Callers(**values)
