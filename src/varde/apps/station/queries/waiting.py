"""How long those who wait still have to wait, from what was measured here."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count
from django.utils import timezone

from varde.apps.records import settings
from varde.apps.records.kept import kept
from varde.apps.records.models import Attendance, Duty
from varde.apps.station.access import StationPlace
from varde.apps.station.queries.doctor_states import on_duty
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
_DRAWS = 500  # courses played; the ends then move by about a minute
_LEAST_MIN = 1.0  # shorter is a fault of registration, not a consultation
_LONGEST_MIN = 12 * 60.0  # longer is a forgotten end


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What the station has measured: how long a patient binds a doctor, who comes."""

    times: ServiceTimes
    arrivals_per_hour: Mapping[str, float]


def estimates(
    place: StationPlace, line: Sequence[Attendance], *, now: datetime
) -> dict[int, Estimate]:
    """The wait of each in the line, by the attendance's id. `line` is in order.

    The contacts of the rows are loaded. The same minute gives the same answer.
    """
    on = timezone.localdate(now)
    here = measured(place, on=on)
    ends = _rule("waiting.ends", place, on=on)
    found = waiting_estimates(
        [InLine(patient=str(row.pk), level=_level(row)) for row in line],
        doctors=_doctors(place, now=now),
        times=here.times,
        arrivals_per_hour=here.arrivals_per_hour,
        now=now,
        seed=int(now.timestamp() // 60),
        shown=Shown(
            low=ends["low"],
            high=ends["high"],
            horizon_min=_rule("waiting.horizon_min", place, on=on),
            draws=_DRAWS,
        ),
    )
    return {int(one.patient): one for one in found}


@kept
def measured(place: StationPlace, *, on: date) -> Measured:
    """Service times and arrivals of the days before `on`. Kept for seconds."""
    days = _rule("waiting.history_days", place, on=on)
    until = timezone.make_aware(datetime.combine(on, datetime.min.time()))
    since = until - timedelta(days=days)
    rows = Attendance.objects.filter(
        station=place.id, arrived_at__gte=since, arrived_at__lt=until
    )
    minutes: dict[str, list[float]] = defaultdict(list)
    ended = rows.filter(taken_at__isnull=False, ended_at__isnull=False)
    for level, taken_at, ended_at in ended.values_list(
        "contact__hastegrad_arrival", "taken_at", "ended_at"
    ):
        spent = (ended_at - taken_at).total_seconds() / 60
        if _LEAST_MIN <= spent <= _LONGEST_MIN:
            minutes[level].append(spent)
    came = rows.exclude(contact__hastegrad_arrival="").values_list(
        "contact__hastegrad_arrival"
    )
    return Measured(
        times=service_times(minutes, enough=_rule("waiting.enough", place, on=on)),
        arrivals_per_hour={
            level: count / (days * 24) for level, count in came.annotate(n=Count("pk"))
        },
    )


def _rule(key: str, place: StationPlace, *, on: date) -> Any:
    return settings.value(
        key, on=on, station_id=place.id, district_id=place.district_id
    )


def _level(row: Attendance) -> Hastegrad | None:
    code = row.contact.hastegrad_arrival
    return ARRIVAL.level(code) if code else None


def _doctors(place: StationPlace, *, now: datetime) -> list[DoctorAtWork]:
    """The doctors who take patients here now; with whom they are since when.

    One who has said nothing on this duty is taken to be at the station.
    """
    at_work = [
        doctor.user_id
        for doctor in on_duty(place, now=now)
        if doctor.tier is Tier.KONSULTASJONSVAKT
        and doctor.is_reachable
        and doctor.state.activity not in AWAY
    ]
    with_patient: dict[int, Attendance] = {}
    rows = Attendance.objects.filter(
        station=place.id, ended_at=None, doctor__isnull=False, taken_at__isnull=False
    ).select_related("contact")
    for row in rows.order_by("taken_at"):
        with_patient[row.doctor_id] = row  # the last one taken
    found = []
    for doctor in at_work:
        busy = with_patient.get(doctor)
        if busy is None:
            found.append(DoctorAtWork(free_at=now))
        else:
            found.append(DoctorAtWork(began_at=busy.taken_at, level=_level(busy)))
    return found
