"""What needs a doctor at once at a station: the reds that nobody has, and the call-outs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from varde.apps.records import settings
from varde.apps.records.models import Attendance, Outcome
from varde.apps.station.access import StationPlace
from varde.domain.conflict import NeedKind
from varde.domain.hastegrad import ARRIVAL, PHONE


RED, ACUTE = ARRIVAL.codes[0], PHONE.codes[0]
_COLUMNS = (
    *("station_id", "outcome_id", "arrived_at", "ticket", "district_id"),
    "contact__sentral_id",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A red patient or a call-out that no doctor has taken.

    `key` is the same from the promise on the telephone until the patient is seen. `ticket`
    is what the patient is called on the wall, "" while the patient is on the way.
    """

    kind: NeedKind
    key: str
    contact_id: int
    district_id: int
    station_id: int
    since: datetime
    attendance_id: int | None = None
    ticket: str = ""


def untaken(places: Iterable[StationPlace], *, now: datetime) -> list[Need]:
    """The needs at these stations that no doctor has taken, the first that came first.

    Red at arrival, or judged akutt on the telephone and not yet at arrival; an open
    promise of attendance to one who is akutt; a call-out without an owner. A need without
    a station is that of the contact, else of the first station of its district. What was
    decided on the telephone is left out after the set time, or a forgotten task would
    bind a doctor for ever; a red patient who is here never is. Two queries.
    """
    mine = {place.id: place for place in places}
    found = [_of_attendance(row) for row in _red_patients(mine)]
    here = {need.key for need in found}
    first_of: dict[int, int] = {}
    for place in mine.values():
        first_of.setdefault(place.district_id, place.id)
    for row in _promised(mine.values(), now=now):
        station = row.station_id or row.contact.station_id
        station = station or first_of.get(row.district_id)
        if station in mine and f"outcome:{row.pk}" not in here:
            found.append(_of_outcome(row, station))
    return sorted(found, key=lambda need: (need.since, need.key))


def untaken_reds(place: StationPlace) -> list[Need]:
    """Those of `untaken` who are at the station. One query."""
    found = [_of_attendance(row) for row in _red_patients([place.id])]
    return sorted(found, key=lambda need: (need.since, need.key))


def red_rows(stations: Iterable[int]) -> QuerySet[Attendance]:
    """The red patients at these stations whom no doctor has taken."""
    red = Q(contact__hastegrad_arrival=RED) | Q(
        contact__hastegrad_arrival="", contact__hastegrad_phone=ACUTE
    )
    return Attendance.objects.filter(
        red, station__in=list(stations), ended_at=None, doctor=None
    )


def _red_patients(mine: Iterable[int]) -> list[Attendance]:
    rows = red_rows(mine)
    return list(rows.select_related("contact").only(*_COLUMNS))


def _promised(places: Iterable[StationPlace], *, now: datetime) -> list[Outcome]:
    districts = {place.district_id for place in places}
    minutes = settings.value("conflict.need_min", on=timezone.localdate(now))
    rows = Outcome.objects.filter(
        Q(kind=Outcome.Kind.CALL_OUT, owner=None)
        | Q(kind=Outcome.Kind.ATTENDANCE, contact__hastegrad_phone=ACUTE),
        state=Outcome.State.OPEN,
        district__in=districts,
        created_at__gte=now - timedelta(minutes=minutes),
    )
    return list(
        rows.select_related("contact").only(
            *("kind", "station_id", "created_at", "district_id"),
            "contact__station_id",
        )
    )


def _of_attendance(row: Attendance) -> Need:
    key = f"outcome:{row.outcome_id}" if row.outcome_id else f"attendance:{row.pk}"
    return Need(
        kind=NeedKind.RED_PATIENT,
        key=key,
        contact_id=row.contact_id,
        district_id=row.district_id,
        station_id=row.station_id,
        since=row.arrived_at,
        attendance_id=row.pk,
        ticket=row.ticket,
    )


def _of_outcome(row: Outcome, station_id: int) -> Need:
    is_call_out = row.kind == Outcome.Kind.CALL_OUT
    return Need(
        kind=NeedKind.CALL_OUT if is_call_out else NeedKind.RED_PATIENT,
        key=f"outcome:{row.pk}",
        contact_id=row.contact_id,
        district_id=row.district_id,
        station_id=station_id,
        since=row.created_at,
    )
