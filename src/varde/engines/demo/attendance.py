"""When those who were to be seen were promised a time, came, were seen and left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np

from varde.engines.demo.actions import DOOR, is_seen
from varde.engines.demo.codes import (
    ACTIONS,
    NATIONAL_LEVELS,
    NONE,
    Action,
    Bools,
    Floats,
    Ints,
    lognormal,
    place_in,
)
from varde.engines.demo.contacts import Judged
from varde.engines.demo.figures import Assumptions
from varde.engines.demo.hours import OSLO
from varde.engines.demo.places import Demo, StaffMember
from varde.engines.demo.rosters import doctor_on


_CONSULTATION: Final = place_in(ACTIONS, Action.CONSULTATION)
_DOCTOR_PHONE: Final = place_in(ACTIONS, Action.DOCTOR_PHONE)
_TEN_MIN: Final = 600.0
_DOCTORS_DAY_FROM_S: Final = 8 * 3600.0  # doctors change at eight in the morning
_FASTEST: Final = 0.5  # of the rough travel minutes: nobody comes sooner than that
_JUDGED_AFTER_S: Final = 240.0  # from the door to the triage, about
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attended:
    """The moments of being seen, seconds since 1970, NaN where it did not happen."""

    station: Ints
    doctor: Ints
    travel_min: Ints
    promised: Floats
    arrived: Floats
    seen: Floats
    left: Floats


def attend(
    demo: Demo,
    staff: Sequence[StaffMember],
    judged: Judged,
    *,
    opened: Floats,
    first: date,
    rng: np.random.Generator,
) -> Attended:
    """What happened after the talk to those a doctor was to see.

    Parameters
    ----------
    demo, staff, judged
    opened : float64[n]
        When the contact was opened: for those at the door, when they came.
    first : date
        The first day of the month: it decides which station serves whom.
    rng : numpy Generator

    Returns
    -------
    Attended
        A promised time is never before the patient can be there. Some never come: they
        have a promised time and nothing after it. Those at the door have no promise.
    """
    guess = demo.assumptions
    count = len(opened)
    decided = opened + judged.talk_s
    comes = judged.action == _CONSULTATION
    at_door = judged.channel == DOOR
    goes_out = is_seen(judged.action) & ~comes
    stations, minutes = _ways(demo, first=first)
    station, travel_min = stations[judged.place], minutes[judged.place]

    fastest_s = travel_min * 60.0 * _FASTEST

    promised = _promise(guess, judged, decided=decided, travel_min=travel_min, rng=rng)
    promised[~comes | at_door] = np.nan
    late = rng.normal(*guess.late_min, count) * 60
    arrived = np.maximum(promised + late, decided + fastest_s)
    arrived[rng.random(count) < guess.no_show] = np.nan
    arrived[at_door] = opened[at_door]
    drive = lognormal(guess.drive_out_min, size=count, rng=rng) * 60 + fastest_s
    arrived = np.where(goes_out, decided + drive, arrived)

    colour = np.maximum(judged.hastegrad_arrival, 0)
    median = np.array(guess.seen_min)[colour] * 60
    wait = median * lognormal((1.0, guess.seen_spread), size=count, rng=rng)
    seen = arrived + np.where(goes_out, 0.0, _JUDGED_AFTER_S + wait)
    left = seen + lognormal(guess.visit_min, size=count, rng=rng) * 60
    is_attended = comes | goes_out
    needs_doctor = is_attended | (judged.action == _DOCTOR_PHONE)
    when = np.where(np.isnan(seen), decided, seen)
    doctor = _doctors(demo, staff, station=station, when=when, first=first)
    return Attended(
        station=np.where(is_attended, station, NONE),
        doctor=np.where(needs_doctor, doctor, NONE),
        travel_min=np.where(comes & ~at_door, travel_min, NONE),
        promised=promised,
        arrived=_only(arrived, is_attended),
        seen=_only(seen, is_attended),
        left=_only(left, is_attended),
    )


def _promise(
    guess: Assumptions,
    judged: Judged,
    *,
    decided: Floats,
    travel_min: Ints,
    rng: np.random.Generator,
) -> Floats:
    """A time that the patient can reach, later for those who can wait, on a ten."""
    least = np.array([guess.promise_min[level] for level in NATIONAL_LEVELS])
    spread = np.array([guess.promise_spread_min[level] for level in NATIONAL_LEVELS])
    level = judged.national
    wait_min = travel_min + least[level] + rng.exponential(spread[level])
    return np.asarray(np.ceil((decided + wait_min * 60) / _TEN_MIN) * _TEN_MIN)


def _ways(demo: Demo, *, first: date) -> tuple[Ints, Ints]:
    """The station of each place, and the minutes to it."""
    codes = [s.code for s in demo.stations]
    serving = [demo.station_of(p.municipality, on=first).code for p in demo.places]
    minutes = [p.travel_min[s] for p, s in zip(demo.places, serving, strict=True)]
    return np.array([codes.index(code) for code in serving]), np.array(minutes)


def _doctors(
    demo: Demo,
    staff: Sequence[StaffMember],
    *,
    station: Ints,
    when: Floats,
    first: date,
) -> Ints:
    """Who was first on duty at a station at a moment, by the clock of the month."""
    noon = datetime(first.year, first.month, first.day, 12, tzinfo=OSLO)
    ahead_s = (noon.utcoffset() or timedelta()).total_seconds()
    day = np.floor((when + ahead_s - _DOCTORS_DAY_FROM_S) / 86_400).astype(np.int64)
    begin = np.datetime64(first - _DAY, "D").astype(np.int64)
    number = np.clip(day - begin, 0, None)
    days = [first - _DAY + n * _DAY for n in range(int(number.max(initial=0)) + 1)]
    table = np.full((len(demo.stations), len(days)), NONE)
    for row in np.unique(station):
        code = demo.stations[row].code
        table[row] = [doctor_on(staff, station=code, day=d) for d in days]
    return np.asarray(table[station, number])


def _only(moments: Floats, chosen: Bools) -> Floats:
    return np.where(chosen, moments, np.nan)
