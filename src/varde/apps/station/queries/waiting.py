"""How long those who wait still have to wait, from what was measured here."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from varde.apps.records import settings
from varde.apps.records.kept import kept_for
from varde.apps.records.models import Attendance, Duty
from varde.apps.station.access import StationPlace
from varde.apps.station.queries.doctor_states import DoctorNow, on_duty
from varde.domain.conflict import Tier
from varde.domain.doctor_state import DoctorActivity
from varde.domain.hastegrad import ARRIVAL, Hastegrad
from varde.engines.waiting.estimate import (
    DoctorAtWork,
    Estimate,
    InLine,
    Shown,
    waiting_estimates,
)
from varde.engines.waiting.service_times import ServiceTimes, service_times


# Who takes patients from the line. The second tier is kept free.
TAKES_PATIENTS = (Duty.Post.FORVAKT, Duty.Post.KONSULTASJONSVAKT)
AWAY = frozenset({DoctorActivity.OUT, DoctorActivity.DRIVING, DoctorActivity.RESTING})
_DRAWS = 300  # courses played; the ends then move by little more than a minute
MEASURED_KEPT_S = 3600.0
_LEAST_MIN = 1.0  # shorter is a fault of registration, not a consultation
_LONGEST_MIN = 12 * 60.0  # longer is a forgotten end


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What the station has measured: how long a patient binds a doctor, who comes."""

    times: ServiceTimes
    arrivals_per_hour: Mapping[str, float]


def estimates(
    place: StationPlace,
    line: Sequence[Attendance],
    *,
    with_doctor: Sequence[Attendance],
    running: Iterable[Duty] | None = None,
    now: datetime,
) -> dict[int, Estimate]:
    """The wait of each in the line, by the attendance's id. `line` is in order.

    The contacts of all rows are loaded; `with_doctor` are those who wait no more.
    `running` are the duties there, where read already. The same minute gives the same
    answer.
    """
    found = _played(
        place,
        tuple(InLine(patient=str(row.pk), level=_level(row)) for row in line),
        doctors=tuple(
            _doctors(on_duty(place, now=now, running=running), with_doctor, now=now)
        ),
        minute=now.replace(second=0, microsecond=0),
    )
    return {int(one.patient): one for one in found}


@kept_for(60.0, most=32)
def _played(
    place: StationPlace,
    line: tuple[InLine, ...],
    *,
    doctors: tuple[DoctorAtWork, ...],
    minute: datetime,
) -> tuple[Estimate, ...]:
    """The waits of a line with these doctors. Played once for all screens of a minute."""
    on = timezone.localdate(minute)
    here = measured(place, on=on)
    ends = _rule("waiting.ends", place, on=on)
    return waiting_estimates(
        line,
        doctors=doctors,
        times=here.times,
        arrivals_per_hour=here.arrivals_per_hour,
        now=minute,
        seed=int(minute.timestamp() // 60),
        shown=Shown(
            low=ends["low"],
            high=ends["high"],
            horizon_min=_rule("waiting.horizon_min", place, on=on),
            draws=_DRAWS,
        ),
    )


@kept_for(MEASURED_KEPT_S)
def measured(place: StationPlace, *, on: date) -> Measured:
    """Service times and arrivals of the days before `on`. Kept for an hour: what is
    corrected in those days counts from then. One query."""
    days = _rule("waiting.history_days", place, on=on)
    until = timezone.make_aware(datetime.combine(on, datetime.min.time()))
    since = until - timedelta(days=days)
    rows = Attendance.objects.filter(
        station=place.id, arrived_at__gte=since, arrived_at__lt=until
    )
    minutes: dict[str, list[float]] = defaultdict(list)
    came: Counter[str] = Counter()
    for level, taken_at, ended_at in rows.values_list(
        "contact__hastegrad_arrival", "taken_at", "ended_at"
    ):
        if level:
            came[level] += 1
        if taken_at is None or ended_at is None:
            continue
        spent = (ended_at - taken_at).total_seconds() / 60
        if _LEAST_MIN <= spent <= _LONGEST_MIN:
            minutes[level].append(spent)
    return Measured(
        times=service_times(minutes, enough=_rule("waiting.enough", place, on=on)),
        arrivals_per_hour={level: count / (days * 24) for level, count in came.items()},
    )


def _rule(key: str, place: StationPlace, *, on: date) -> Any:
    return settings.value(
        key, on=on, station_id=place.id, district_id=place.district_id
    )


def _level(row: Attendance) -> Hastegrad | None:
    code = row.contact.hastegrad_arrival
    return ARRIVAL.level(code) if code else None


def _doctors(
    doctors: Iterable[DoctorNow], with_doctor: Iterable[Attendance], *, now: datetime
) -> list[DoctorAtWork]:
    """The doctors who take patients here now; with whom they are since when.

    One who has said nothing on this duty is taken to be at the station.
    """
    at_work = [
        doctor.user_id
        for doctor in doctors
        if doctor.tier is Tier.KONSULTASJONSVAKT
        and doctor.is_reachable
        and doctor.state.activity not in AWAY
    ]
    taken = [row for row in with_doctor if row.taken_at is not None]
    # Of each doctor the last one taken.
    with_patient = {
        row.doctor_id: row for row in sorted(taken, key=lambda row: row.taken_at)
    }
    found = []
    for doctor in at_work:
        busy = with_patient.get(doctor)
        if busy is None:
            found.append(DoctorAtWork(free_at=now.replace(second=0, microsecond=0)))
        else:
            found.append(DoctorAtWork(began_at=busy.taken_at, level=_level(busy)))
    return found
