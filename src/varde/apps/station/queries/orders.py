"""Tests as tasks: what is to be done at a station, and what was found on a patient."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from varde.apps.records.models import Attendance, Order, OrderResult
from varde.apps.sentral.queries import reference
from varde.apps.station.access import StationPlace
from varde.apps.station.queries.point_of_care import tests
from varde.domain.hastegrad import ARRIVAL
from varde.domain.point_of_care import PointOfCare


OPEN = (Order.State.ORDERED, Order.State.TAKEN)
_RANK = {code: rank for rank, code in enumerate(ARRIVAL.codes)}


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultView:
    """One result as it was written. `is_current` is False for one that was corrected."""

    shown: str
    by: str
    at: datetime
    why: str
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderView:
    """One test of a patient. `results` has the newest first."""

    id: int
    attendance_id: int
    test: PointOfCare
    state: str
    note: str
    ordered_at: datetime
    ordered_by: str
    taken_at: datetime | None
    taken_by: str
    results: tuple[ResultView, ...]
    is_new: bool
    cancelled_why: str
    cancelled_by: str
    cancelled_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Does it still lack a result?"""
        return self.state in OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientOrders:
    """A patient with the tests that are to be done, for the nurse's list."""

    attendance_id: int
    ticket: str
    name: str
    room: str
    hastegrad: str
    orders: tuple[OrderView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderMarks:
    """What stands beside a patient on the doctor's list."""

    open: int = 0
    new: int = 0


def of_attendance(attendance: Attendance) -> tuple[OrderView, ...]:
    """Every test of the patient: what lacks a result first, then the newest answered.

    Two queries.
    """
    rows = list(attendance.orders.order_by("ordered_at", "pk"))
    results = _results(rows)
    shown = [_view(row, results.get(row.pk, [])) for row in rows]
    open_ones = [one for one in shown if one.is_open]
    rest = [one for one in reversed(shown) if not one.is_open]
    return (*open_ones, *rest)


def to_do(place: StationPlace, *, now: datetime) -> dict[str, Any]:
    """What is to be taken and answered: the most urgent patient first, then the oldest.

    One query.
    """
    rows = (
        Order.objects.filter(
            state__in=OPEN, attendance__station=place.id, attendance__ended_at=None
        )
        .select_related("attendance__contact__patient")
        .order_by("ordered_at", "pk")
    )
    by_patient: dict[int, list[Order]] = {}
    for row in rows:
        by_patient.setdefault(row.attendance_id, []).append(row)
    found = [_patient(orders) for orders in by_patient.values()]
    # A stable sort: of two as urgent, the one with the oldest order stays first.
    found.sort(key=lambda one: _RANK.get(one.hastegrad, _RANK["rod"] + 0.5))
    return {"patients": found, "to_do": sum(len(one.orders) for one in found)}


def marks(attendance_ids: Iterable[int]) -> Mapping[int, OrderMarks]:
    """Tests without a result, and results that no doctor has seen, by attendance."""
    ids = list(attendance_ids)
    if not ids:
        return {}
    rows = (
        Order.objects.filter(attendance__in=ids)
        .values("attendance_id")
        .annotate(
            open=Count("pk", filter=Q(state__in=OPEN)),
            new=Count("pk", filter=Q(state=Order.State.ANSWERED, seen_at=None)),
        )
    )
    return {
        row["attendance_id"]: OrderMarks(open=row["open"], new=row["new"])
        for row in rows
    }


def _patient(orders: list[Order]) -> PatientOrders:
    attendance = orders[0].attendance
    patient = attendance.contact.patient
    return PatientOrders(
        attendance_id=attendance.pk,
        ticket=attendance.ticket,
        name=f"{patient.given_name} {patient.family_name}".strip() if patient else "",
        room=attendance.room,
        hastegrad=attendance.contact.hastegrad_arrival,
        orders=tuple(_view(order, []) for order in orders),
    )


def _results(rows: list[Order]) -> Mapping[int, list[OrderResult]]:
    """The results by order, the newest first. No query where none is answered."""
    answered = [row.pk for row in rows if row.answered_at is not None]
    found: dict[int, list[OrderResult]] = {}
    if answered:
        for result in OrderResult.objects.filter(order__in=answered).order_by("-pk"):
            found.setdefault(result.order_id, []).append(result)
    return found


def _view(row: Order, results: list[OrderResult]) -> OrderView:
    test = tests()[row.test]
    return OrderView(
        id=row.pk,
        attendance_id=row.attendance_id,
        test=test,
        state=row.state,
        note=row.note,
        ordered_at=row.ordered_at,
        ordered_by=_name(row.ordered_by_id),
        taken_at=row.taken_at,
        taken_by=_name(row.taken_by_id),
        results=tuple(
            ResultView(
                shown=test.shown(result.values),
                by=_name(result.by_id),
                at=result.occurred_at,
                why=result.why,
                is_current=number == 0,
            )
            for number, result in enumerate(results)
        ),
        is_new=row.state == Order.State.ANSWERED and row.seen_at is None,
        cancelled_why=row.cancelled_why,
        cancelled_by=_name(row.cancelled_by_id),
        cancelled_at=row.cancelled_at,
    )


def _name(user_id: int | None) -> str:
    return reference.person_name(user_id) if user_id is not None else ""
