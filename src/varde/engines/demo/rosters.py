"""Who is at work: duties of operators, shift leaders, nurses and doctors.

A plain rotation that anybody can follow by head, not a good roster: it only has to put a
name on every hour, with no person in two places and none at work the day after.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from math import ceil

import numpy as np

from varde.engines.demo.figures import Shift
from varde.engines.demo.hours import OSLO, is_off
from varde.engines.demo.places import Demo, StaffMember
from varde.engines.demo.volumes import volumes_of


_DAY = timedelta(days=1)
# Shift leaders, doctors and nurses change at these hours, local time.
_LEADERS_CHANGE = (time(7, 30), time(15, 0), time(22, 30))
_DOCTORS_CHANGE = (time(8, 0), time(15, 30))
_NURSES_CHANGE = (time(7, 30), time(15, 0), time(22, 30))
_EVENING = 1  # the place of its change
_TWO_NURSES_FROM = 6
_TWO_TIERS_FROM = 8  # doctors
_SICK_STREAM = 2
_SLACK = 0.1  # of an operator, so that a few inhabitants more do not add one


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoDuty:
    """One duty. `person` is a place in the staff, `place` a sentral's or station's code.

    `post` is operator, shift_leader, nurse, bakvakt, and forvakt or, where there are two
    tiers, konsultasjonsvakt and beredskapsvakt. The moments are in Norwegian
    time.
    """

    person: int
    post: str
    place: str
    starts_at: datetime
    ends_at: datetime


def duties(
    demo: Demo,
    staff: Sequence[StaffMember],
    *,
    sentral: str,
    seed: int,
    first: date,
    last: date,
    scale: float = 1.0,
) -> tuple[DemoDuty, ...]:
    """Every duty of a sentral and its stations that begins on a day of the period.

    Parameters
    ----------
    demo : Demo
    staff : sequence of StaffMember
        As `staff_of` gives it.
    sentral : str
    seed : int
        It decides who is ill, so that some shifts lack an operator.
    first, last : date
        Both included. A period that ends before it starts has no duties.
    scale : float
        As for `make_people`: a larger district has more operators at work.

    Returns
    -------
    tuple of DemoDuty
        In order of start. The same day has the same duties in every period.
    """
    stations = [
        s for s in demo.stations if s.district in demo.sentral(sentral).districts
    ]
    made: list[DemoDuty] = []
    sizes = {
        year: size_of(demo, sentral=sentral, year=year, scale=scale)
        for year in range(first.year, last.year + 1)
    }
    for day in _days(first, last):
        made += operator_duties(
            demo, staff, sentral=sentral, seed=seed, day=day, size=sizes[day.year]
        )
        made += _leader_duties(staff, sentral=sentral, day=day)
        for station in stations:
            made += _doctor_duties(staff, station=station.code, day=day)
            made += _nurse_duties(staff, station=station.code, day=day)
    return tuple(
        sorted(made, key=lambda duty: (duty.starts_at, duty.post, duty.person))
    )


def size_of(demo: Demo, *, sentral: str, year: int, scale: float = 1.0) -> float:
    """How large a sentral is, as against the one that the shifts are typed in for."""
    inhabitants = volumes_of(demo, sentral=sentral, year=year, scale=scale).inhabitants
    return inhabitants / demo.assumptions.shifts_for_inhabitants


def operator_duties(
    demo: Demo,
    staff: Sequence[StaffMember],
    *,
    sentral: str,
    seed: int,
    day: date,
    size: float,
) -> list[DemoDuty]:
    """The operators' duties that begin on a day, the first of each shift first.

    `size` is that of the sentral in the year of the day (`size_of`).
    """
    people = _people(staff, role="operator", place=sentral)
    shifts = demo.assumptions.shifts
    is_weekend = is_off(day)
    on_duty = [
        (shift, place)
        for shift in shifts
        for place in range(
            _operators(shift.weekend if is_weekend else shift.weekday, size=size)
        )
    ]
    most = sum(_operators(max(s.weekend, s.weekday), size=size) for s in shifts)
    step = most + 1 if len(people) > 2 * most else most
    number = day.toordinal()
    turn = number // len(people)
    ill = np.random.default_rng([seed, _SICK_STREAM, number]).random(len(on_duty))
    made = []
    for slot, (shift, place) in enumerate(on_duty):
        if place > 0 and ill[slot] < demo.assumptions.sick_leave:
            continue
        person = people[(number * step + (slot + turn) % most) % len(people)]
        starts_at, ends_at = _hours_of(shift, day)
        made.append(
            DemoDuty(
                person=person,
                post="operator",
                place=sentral,
                starts_at=starts_at,
                ends_at=ends_at,
            )
        )
    return made


def doctor_on(staff: Sequence[StaffMember], *, station: str, day: date) -> int:
    """The doctor first on duty at a station on a day, as a place in the staff."""
    doctors = _people(staff, role="doctor", place=station)
    return doctors[day.toordinal() % len(doctors)]


def _operators(usual: int, *, size: float) -> int:
    """Operators on a shift: as many as the inhabitants ask for, and at least one."""
    return max(1, ceil(usual * size - _SLACK))


def _leader_duties(
    staff: Sequence[StaffMember], *, sentral: str, day: date
) -> Iterator[DemoDuty]:
    people = _people(staff, role="shift_leader", place=sentral)
    changes = [*_LEADERS_CHANGE, _LEADERS_CHANGE[0]]
    shifts = list(pairwise(changes))
    # A small sentral has a leader by day only.
    for slot, (start, end) in enumerate(
        shifts if len(people) >= len(shifts) else shifts[:1]
    ):
        yield DemoDuty(
            person=people[(3 * day.toordinal() + slot) % len(people)],
            post="shift_leader",
            place=sentral,
            starts_at=_at(day, start),
            ends_at=_at(day + _DAY if end <= start else day, end),
        )


def _doctor_duties(
    staff: Sequence[StaffMember], *, station: str, day: date
) -> Iterator[DemoDuty]:
    """One first on duty and one behind; two duties a weekday and one on days off.

    A station with many doctors has two tiers: one for the patients who come, and one who
    is free to go out.
    """
    doctors = _people(staff, role="doctor", place=station)
    morning, afternoon = _DOCTORS_CHANGE
    starts = [morning] if is_off(day) else [morning, afternoon]
    first = doctors.index(doctor_on(staff, station=station, day=day))
    behind = doctors[(first + len(doctors) // 2) % len(doctors)]
    posts = [("forvakt", doctors[first]), ("bakvakt", behind)]
    if len(doctors) >= _TWO_TIERS_FROM:
        second = doctors[(first + 1) % len(doctors)]
        posts[:1] = [("konsultasjonsvakt", doctors[first]), ("beredskapsvakt", second)]
    for start in starts:
        is_last = start == starts[-1]
        for post, person in posts:
            yield DemoDuty(
                person=person,
                post=post,
                place=station,
                starts_at=_at(day, start),
                ends_at=_at(day + _DAY, morning) if is_last else _at(day, afternoon),
            )


def _nurse_duties(
    staff: Sequence[StaffMember], *, station: str, day: date
) -> Iterator[DemoDuty]:
    """One nurse at a time, and one more in the evening where there are many."""
    nurses = _people(staff, role="nurse", place=station)
    changes = [*_NURSES_CHANGE, _NURSES_CHANGE[0]]
    shifts = len(_NURSES_CHANGE)
    are_two = len(nurses) >= _TWO_NURSES_FROM
    turn = day.toordinal() * (shifts + are_two)
    for slot, (start, end) in enumerate(pairwise(changes)):
        on_shift = [slot, shifts] if are_two and slot == _EVENING else [slot]
        for place in on_shift:
            yield DemoDuty(
                person=nurses[(turn + place) % len(nurses)],
                post="nurse",
                place=station,
                starts_at=_at(day, start),
                ends_at=_at(day + _DAY if end <= start else day, end),
            )


def _people(staff: Sequence[StaffMember], *, role: str, place: str) -> list[int]:
    found = [i for i, m in enumerate(staff) if m.role == role and m.place == place]
    if not found:
        raise ValueError(
            f"nobody is {role} at {place}: the roster has no one to put up"
        )
    return found


def _hours_of(shift: Shift, day: date) -> tuple[datetime, datetime]:
    start, end = (time.fromisoformat(text) for text in (shift.starts, shift.ends))
    return _at(day, start), _at(day + _DAY if end <= start else day, end)


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=OSLO)


def _days(first: date, last: date) -> Iterator[date]:
    return (first + n * _DAY for n in range((last - first).days + 1))
