"""The board of the car: what waits, who is out, what must be written, what is over."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from varde.apps.records.models import Mission, Vehicle
from varde.apps.sentral.queries.age import age_text
from varde.apps.station.access import StationPlace
from varde.apps.station.messages.missions import AVOIDED, LEG, RESULT
from varde.apps.station.queries.missions.lone import LoneAlarmLine, alarm_lines
from varde.apps.station.queries.missions.waiting import waiting, where_to
from varde.domain.mission import CHAIN


OVER_FOR = timedelta(hours=24)  # ours: a day and its night
MOST_OVER = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Out:
    """A mission, as the board shows it. `leg` is the last one that was pressed."""

    id: int
    contact_id: int
    kind: str
    hastegrad: str
    name: str
    age: str
    where: str
    vehicle: str
    crew: str
    companion: str
    is_alone: bool
    leg: str
    leg_at: datetime | None
    opened_at: datetime
    sign_due_at: datetime | None
    is_free: bool
    ended_at: datetime | None
    result: str
    avoided: str
    alarm: LoneAlarmLine | None


def board(place: StationPlace, *, now: datetime) -> dict[str, Any]:
    """Everything on the board of the car at a station."""
    rows = _missions(place, now=now)
    standing = alarm_lines(row.pk for row in rows if row.ended_at is None)
    shown = [_shown(row, standing.get(row.pk, []), now=now) for row in rows]
    is_open = [one for one in shown if one.ended_at is None]
    over = [one for one in shown if one.ended_at is not None]
    return {
        "waiting": waiting(place, now=now),
        "out": [one for one in is_open if not one.is_free],
        "to_write": [one for one in is_open if one.is_free],
        "over": sorted(over, key=lambda one: one.ended_at or now, reverse=True)[
            :MOST_OVER
        ],
    }


def free_vehicles(place: StationPlace, *, also: int | None = None) -> list[Vehicle]:
    """The vehicles in use that are not out, by call sign."""
    out = Mission.objects.filter(ended_at=None, free_at=None, vehicle__isnull=False)
    return list(
        Vehicle.objects.filter(
            Q(is_in_use=True) & ~Q(pk__in=out.values("vehicle")) | Q(pk=also),
            station=place.id,
        )
    )


def _missions(place: StationPlace, *, now: datetime) -> list[Mission]:
    return list(
        Mission.objects.filter(
            Q(ended_at=None) | Q(ended_at__gte=now - OVER_FOR), station=place.id
        )
        .select_related("contact__patient", "contact__place", "vehicle")
        .prefetch_related("crew__person")
        .order_by("opened_at", "pk")
    )


def _shown(row: Mission, alarms: Iterable[LoneAlarmLine], *, now: datetime) -> Out:
    contact = row.contact
    patient = contact.patient
    born = patient.birth_date if patient is not None else None
    guess = patient.estimated_age if patient is not None else None
    pressed = [leg for leg in CHAIN if getattr(row, f"{leg}_at") is not None]
    last = pressed[-1] if pressed else None
    crew = [one for one in row.crew.all() if one.until is None or row.free_at]
    return Out(
        id=row.pk,
        contact_id=contact.pk,
        kind=row.kind,
        hastegrad=contact.hastegrad_phone or contact.hastegrad_arrival,
        name=patient.name if patient is not None else "",
        age=age_text(born, guess, on=timezone.localdate(now)),
        where=where_to(contact),
        vehicle=row.vehicle.call_sign if row.vehicle else "",
        crew=", ".join(one.person.name for one in crew),
        companion=row.companion,
        is_alone=bool(row.alone_reason),
        leg=str(LEG[last]) if last else "",
        leg_at=getattr(row, f"{last}_at") if last else None,
        opened_at=row.opened_at,
        sign_due_at=row.sign_due_at,
        is_free=row.free_at is not None,
        ended_at=row.ended_at,
        result=str(RESULT[Mission.Result(row.result)]) if row.result else "",
        avoided=str(AVOIDED[Mission.Avoided(row.avoided)]) if row.avoided else "",
        alarm=next((one for one in alarms if one.answered_at is None), None),
    )
