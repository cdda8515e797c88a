"""The doctor's list: the reds that nobody has, one's own, and who waits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from varde.apps.records.events import Happened
from varde.apps.records.models import ContactEvent, Order
from varde.apps.sentral.queries import reference
from varde.apps.station.access import StationPlace
from varde.apps.station.queries import board, doctor_states, orders
from varde.apps.station.queries.board import Present
from varde.apps.station.queries.needs import ACUTE, RED
from varde.apps.station.queries.orders import OrderMarks
from varde.apps.station.queries.point_of_care import words_of
from varde.domain.hastegrad import ARRIVAL


LATE_FOR = timedelta(hours=24)  # ours: so long a result stands after the patient left
_RANK = {code: rank for rank, code in enumerate(ARRIVAL.codes)}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """One patient on the list, with what has come and who handed over."""

    patient: Present
    complaint: str
    marks: OrderMarks
    handed_over_by: str
    handed_over_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InHand:
    """A doctor with the patients in hand, the most urgent first."""

    doctor_id: int
    doctor: str
    rows: tuple[ListRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LateResult:
    """A result that came or was corrected after the patient left, and nobody has seen."""

    attendance_id: int
    doctor_id: int | None
    ticket: str
    tests: str


def doctor_list(place: StationPlace, *, now: datetime) -> dict[str, Any]:
    """The whole list, the same for every doctor: the page marks what is one's own.

    `reds` have no doctor and stand on top. `in_hand` is grouped by doctor; `waiting` is
    in the board's order. The number of queries does not grow with the patients.
    """
    waiting, with_doctor = board.patients(place, now=now)
    beside = _Beside(
        marks=orders.marks(row.id for row in (*waiting, *with_doctor)),
        handed=_handed_over(with_doctor),
    )
    return {
        "reds": [beside.row(r) for r in waiting if _is_red(r)],
        "waiting": [beside.row(r) for r in waiting if not _is_red(r)],
        "in_hand": _by_doctor(with_doctor, beside),
        "late_results": _late_results(place, now=now),
        **doctor_states.doctors(place, now=now),
    }


def _is_red(row: Present) -> bool:
    """Red at arrival; until somebody has judged there, akutt on the telephone."""
    if row.hastegrad:
        return row.hastegrad == RED
    return row.hastegrad_phone == ACUTE


@dataclass(frozen=True, slots=True, kw_only=True)
class _Beside:
    """What stands beside the patients: asked for once, for all of them."""

    marks: Mapping[int, OrderMarks]
    handed: Mapping[int, ContactEvent]

    def row(self, patient: Present) -> ListRow:
        event = self.handed.get(patient.contact_id)
        by = event.by_id if event is not None else None
        return ListRow(
            patient=patient,
            complaint=patient.what_for,
            marks=self.marks.get(patient.id, OrderMarks()),
            handed_over_by=reference.person_name(by) if by is not None else "",
            handed_over_at=event.occurred_at if event is not None else None,
        )


def _by_doctor(rows: list[Present], beside: _Beside) -> list[InHand]:
    groups: dict[int, list[Present]] = {}
    for row in rows:
        if row.doctor_id is not None:
            groups.setdefault(row.doctor_id, []).append(row)
    return [
        InHand(
            doctor_id=doctor_id,
            doctor=held[0].doctor,
            rows=tuple(beside.row(row) for row in sorted(held, key=_urgent_first)),
        )
        for doctor_id, held in sorted(groups.items(), key=lambda g: g[1][0].doctor)
    ]


def _urgent_first(row: Present) -> tuple[float, datetime, int]:
    """One's own are not a queue. Who is not judged may be anything but known red."""
    return _RANK.get(row.hastegrad, 0.5), row.arrived_at, row.id


def _handed_over(rows: list[Present]) -> Mapping[int, ContactEvent]:
    """The hand-over by which the doctor who has a patient got it, by contact."""
    taken = {row.contact_id: row for row in rows}
    if not taken:
        return {}
    events = ContactEvent.objects.filter(
        contact__in=taken, kind=Happened.DOCTOR_HANDED_OVER
    ).order_by("occurred_at", "pk")
    return {
        event.contact_id: event
        for event in events
        if event.occurred_at == taken[event.contact_id].taken_at
    }


def _late_results(place: StationPlace, *, now: datetime) -> list[LateResult]:
    rows = (
        Order.objects.filter(
            state=Order.State.ANSWERED,
            seen_at=None,
            attendance__station=place.id,
            attendance__ended_at__gte=now - LATE_FOR,
        )
        .select_related("attendance")
        .order_by("attendance", "pk")
    )
    by_patient: dict[int, list[Order]] = {}
    for row in rows:
        by_patient.setdefault(row.attendance_id, []).append(row)
    return [
        LateResult(
            attendance_id=held[0].attendance_id,
            doctor_id=held[0].attendance.doctor_id,
            ticket=held[0].attendance.ticket,
            tests=words_of(order.test for order in held),
        )
        for held in by_patient.values()
    ]
