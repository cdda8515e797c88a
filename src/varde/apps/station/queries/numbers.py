"""What the station knows about itself: waits, looks, how it ended, and what was promised."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q
from django.utils import timezone

from varde.apps.records import settings
from varde.apps.records.models import Attendance, DatedSetting, Look, WaitTold
from varde.apps.sentral.queries.numbers import Period
from varde.apps.station.access import StationPlace
from varde.apps.station.queries.limits import arrival_minutes
from varde.domain.board_order import NOT_TRIAGED
from varde.domain.hastegrad import ARRIVAL
from varde.domain.wait_figures import Waited, WaitFigures, wait_figures
from varde.engines.waiting.calibration import Calibration, Told, calibration
from varde.engines.waiting.calibration import Waited as ReallyWaited


LEVELS = (*ARRIVAL.codes, "")  # "" is a patient whose hastegrad was never set


@dataclass(frozen=True, slots=True, kw_only=True)
class LooksDone:
    """The looks after the first, and how many came within what the hastegrad allowed."""

    count: int
    decided: int
    in_time: int

    @property
    def share_in_time(self) -> float | None:
        """None where no look was due."""
        return self.in_time / self.decided if self.decided else None


@dataclass(frozen=True, slots=True, kw_only=True)
class StationNumbers:
    """The patients who came to a station in a period. Groups are by hastegrad's code."""

    period: Period
    patients: int
    to_look: Mapping[str, WaitFigures]
    to_look_all: WaitFigures
    to_doctor: Mapping[str, WaitFigures]
    to_doctor_all: WaitFigures
    looks: LooksDone
    ends: Mapping[str, int]  # "" are those who are still here
    told: Calibration
    told_ends: tuple[float, float]


def station_numbers(
    place: StationPlace, period: Period, *, now: datetime
) -> StationNumbers:
    """The figures of those who arrived in the period, by what is known at `now`."""
    rows = list(
        Attendance.objects.filter(
            station=place.id,
            arrived_at__gte=period.begins_at,
            arrived_at__lt=period.ends_at,
        )
        .annotate(first_look_at=Min("looks__occurred_at"))
        .values_list(
            "contact__hastegrad_arrival",
            "arrived_at",
            "first_look_at",
            "first_doctor_at",
            "ended_at",
            "end",
        )
    )
    limits = _Limits(place, period)
    looked, treated = defaultdict(list), defaultdict(list)
    for level, arrived_at, look_at, doctor_at, ended_at, _end in rows:
        here = _minutes(arrived_at, ended_at or now)
        allowed = limits.on(arrived_at)
        looked[level].append(
            Waited(
                wait_min=_until(arrived_at, look_at),
                here_min=here,
                limit_min=allowed.get(NOT_TRIAGED),
            )
        )
        treated[level].append(
            Waited(
                wait_min=_until(arrived_at, doctor_at),
                here_min=here,
                limit_min=allowed.get(level),
            )
        )
    ends: dict[str, int] = defaultdict(int)
    for row in rows:
        ends[row[5]] += 1
    told, told_ends = _told(place, period, now=now)
    return StationNumbers(
        period=period,
        patients=len(rows),
        to_look={level: wait_figures(looked[level]) for level in LEVELS},
        to_look_all=wait_figures(_all(looked.values())),
        to_doctor={level: wait_figures(treated[level]) for level in LEVELS},
        to_doctor_all=wait_figures(_all(treated.values())),
        looks=_looks(place, period),
        ends=dict(ends),
        told=told,
        told_ends=told_ends,
    )


def _all(groups: Iterable[Sequence[Waited]]) -> list[Waited]:
    return [one for group in groups for one in group]


def _looks(place: StationPlace, period: Period) -> LooksDone:
    """Those that were not the first judgement: they were asked for by the clock."""
    found = Look.objects.filter(
        attendance__station=place.id,
        occurred_at__gte=period.begins_at,
        occurred_at__lt=period.ends_at,
    ).exclude(result=Look.Result.TRIAGED)
    counts = found.aggregate(
        count=Count("pk"),
        decided=Count("pk", filter=Q(was_in_time__isnull=False)),
        in_time=Count("pk", filter=Q(was_in_time=True)),
    )
    return LooksDone(**counts)


def _told(
    place: StationPlace, period: Period, *, now: datetime
) -> tuple[Calibration, tuple[float, float]]:
    """What was promised against what happened. Those who still wait are left out."""
    rows = (
        WaitTold.objects.filter(
            attendance__station=place.id,
            at__gte=period.begins_at,
            at__lt=period.ends_at,
        )
        .exclude(attendance__first_doctor_at=None, attendance__ended_at=None)
        .select_related("attendance")
    )
    told, real = [], []
    for row in rows:
        came = row.attendance
        until = came.first_doctor_at or came.ended_at or now
        told.append(
            Told(
                level=row.hastegrad,
                hour=timezone.localtime(row.at).hour,
                low_min=row.low_min,
                median_min=row.median_min,
                high_min=row.high_min,
            )
        )
        real.append(
            ReallyWaited(
                minutes=_minutes(row.at, until),
                was_seen=came.first_doctor_at is not None,
            )
        )
    ends = settings.value(
        "waiting.ends",
        on=period.start,
        station_id=place.id,
        district_id=place.district_id,
    )
    low, high = ends["low"], ends["high"]
    return calibration(told, real, low=low, high=high), (low, high)


class _Limits:
    """The minutes of each day of a period; read once for each time they changed."""

    def __init__(self, place: StationPlace, period: Period) -> None:
        changes = DatedSetting.objects.filter(
            key="arrival.minutes",
            valid_from__gt=period.start,
            valid_from__lt=period.to,
        ).values_list("valid_from", flat=True)
        self._from = sorted({period.start, *changes})
        self._minutes = [
            arrival_minutes(station_id=place.id, district_id=place.district_id, on=day)
            for day in self._from
        ]

    def on(self, at: datetime) -> Mapping[str, int]:
        """What is allowed. Rød has no limit here: help at once is not a number."""
        index = bisect_right(self._from, timezone.localdate(at)) - 1
        minutes = self._minutes[max(index, 0)]
        return {code: n for code, n in minutes.items() if code != ARRIVAL.codes[0]}


def _until(start: datetime, end: datetime | None) -> float | None:
    return None if end is None else _minutes(start, end)


def _minutes(start: datetime, end: datetime) -> float:
    """0 where the clocks of two workstations put the end before the start."""
    return max(0.0, (end - start).total_seconds() / 60)
