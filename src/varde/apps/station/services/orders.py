"""Tests as tasks: order, take, write the result, correct it, strike it off."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from varde.apps.records import events
from varde.apps.records.events import Fact, Happened
from varde.apps.records.live import Topic, announce
from varde.apps.records.models import Attendance, Order, OrderResult, User
from varde.apps.sentral.queries import reference
from varde.apps.sentral.services.contacts.values import Why, not_valid, plain
from varde.apps.station.queries.point_of_care import tests
from varde.apps.station.services.attending import locked_attendance
from varde.domain.errors import Rule, RuleBroken


LONGEST_NOTE = 200  # characters


@transaction.atomic
def place(
    *,
    attendance_id: int,
    codes: Sequence[str],
    note: str,
    by: User,
    at: datetime,
) -> list[Order]:
    """Order tests of a patient who is here. One that stands is not ordered twice.

    Raises `RuleBroken`: ATTENDANCE_IS_OVER, FIELD_NOT_VALID (tests, note), ORDER_STANDS
    (test): then none of them is ordered.
    """
    attendance = locked_attendance(attendance_id)
    wanted = list(dict.fromkeys(codes))
    if not wanted:
        raise not_valid("tests", Why.EMPTY)
    if any(code not in tests() for code in wanted):
        raise not_valid("tests", Why.NOT_A_CHOICE)
    text = plain("note", note, longest=LONGEST_NOTE)
    standing = attendance.orders.filter(
        state__in=[Order.State.ORDERED, Order.State.TAKEN], test__in=wanted
    ).first()
    if standing is not None:
        raise RuleBroken(Rule.ORDER_STANDS, test=tests()[standing.test].words)
    made = Order.objects.bulk_create(
        Order(
            attendance=attendance,
            district_id=attendance.district_id,
            test=code,
            note=text,
            ordered_at=at,
            ordered_by=by,
        )
        for code in wanted
    )
    _tell(attendance, Happened.ORDER_PLACED, by=by, at=at, tests=wanted)
    return made


@transaction.atomic
def take(*, order_id: int, by: User, at: datetime) -> Order:
    """The sample is taken, by this person. One's own again changes nothing.

    Raises `RuleBroken`: ATTENDANCE_IS_OVER, TASK_IS_SETTLED, OWNED_BY_ANOTHER (owner,
    since).
    """
    attendance, order = _both(order_id)
    _require_open(order)
    if order.taken_by_id == by.pk:
        return order
    if order.taken_by_id is not None:
        raise RuleBroken(
            Rule.OWNED_BY_ANOTHER,
            owner=reference.person_name(order.taken_by_id),
            since=order.taken_at.isoformat() if order.taken_at else "",
        )
    order.state, order.taken_by, order.taken_at = Order.State.TAKEN, by, at
    order.save(update_fields=["state", "taken_by", "taken_at"])
    _tell(attendance, Happened.ORDER_TAKEN, by=by, at=at, order=order.pk)
    return order


@transaction.atomic
def answer(
    *, order_id: int, values: Mapping[str, str], by: User, at: datetime
) -> OrderResult:
    """The result, checked against what the test can give. Marked until a doctor sees it.

    Whoever writes the result of a sample that nobody said to have taken, took it.

    Raises `RuleBroken`: ATTENDANCE_IS_OVER, TASK_IS_SETTLED (struck off), RESULT_IS_GIVEN
    (test), and as `domain.point_of_care` for the values.
    """
    attendance, order = _both(order_id)
    if order.state == Order.State.ANSWERED:
        raise RuleBroken(Rule.RESULT_IS_GIVEN, test=tests()[order.test].words)
    _require_open(order)
    if order.taken_by_id is None:
        order.taken_by, order.taken_at = by, at
    return _keep(
        attendance, order, values, Happened.ORDER_ANSWERED, why="", by=by, at=at
    )


@transaction.atomic
def correct(
    *,
    order_id: int,
    values: Mapping[str, str],
    why: str,
    by: User,
    at: datetime,
) -> OrderResult:
    """A result was wrong: the right one, with a reason. Both are kept, and the doctor is
    told anew; also when the patient has gone.

    Raises `RuleBroken`: TASK_IS_SETTLED (there is no result to correct), FIELD_NOT_VALID
    (why, empty), and as `domain.point_of_care` for the values.
    """
    attendance, order = _both(order_id, may_be_over=True)
    if order.state != Order.State.ANSWERED:
        raise RuleBroken(Rule.TASK_IS_SETTLED)
    reason = plain("reason", why, longest=LONGEST_NOTE)
    if not reason:
        raise not_valid("reason", Why.EMPTY)
    return _keep(
        attendance, order, values, Happened.ORDER_CORRECTED, why=reason, by=by, at=at
    )


@transaction.atomic
def cancel(*, order_id: int, why: str, by: User, at: datetime) -> Order:
    """It is not to be taken after all, with a reason. A result is never struck off.

    Raises `RuleBroken`: TASK_IS_SETTLED, FIELD_NOT_VALID (why, empty).
    """
    attendance, order = _both(order_id, may_be_over=True)
    _require_open(order)
    reason = plain("reason", why, longest=LONGEST_NOTE)
    if not reason:
        raise not_valid("reason", Why.EMPTY)
    order.state, order.cancelled_why = Order.State.CANCELLED, reason
    order.cancelled_by, order.cancelled_at = by, at
    order.save(update_fields=["state", "cancelled_why", "cancelled_by", "cancelled_at"])
    _tell(attendance, Happened.ORDER_CANCELLED, by=by, at=at, order=order.pk)
    return order


@transaction.atomic
def seen(*, attendance_id: int, by: User, at: datetime) -> int:
    """The patient's doctor has the results before the eyes. Returns how many were new.

    For anybody but the doctor who has the patient, nothing is marked.
    """
    attendance = locked_attendance(attendance_id, may_be_over=True)
    if attendance.doctor_id != by.pk:
        return 0
    new = attendance.orders.filter(state=Order.State.ANSWERED, seen_at=None)
    ids = list(new.order_by("pk").values_list("pk", flat=True))
    if ids:
        new.update(seen_at=at, seen_by=by)
        _tell(attendance, Happened.ORDER_SEEN, by=by, at=at, orders=ids)
    return len(ids)


def _both(order_id: int, *, may_be_over: bool = False) -> tuple[Attendance, Order]:
    attendance_id = Order.objects.values_list("attendance_id", flat=True).get(
        pk=order_id
    )
    attendance = locked_attendance(attendance_id, may_be_over=may_be_over)
    return attendance, Order.objects.select_for_update(of=("self",)).get(pk=order_id)


def _require_open(order: Order) -> None:
    if order.state not in (Order.State.ORDERED, Order.State.TAKEN):
        raise RuleBroken(Rule.TASK_IS_SETTLED)


def _keep(
    attendance: Attendance,
    order: Order,
    values: Mapping[str, str],
    kind: Happened,
    *,
    why: str,
    by: User,
    at: datetime,
) -> OrderResult:
    result = OrderResult.objects.create(
        order=order,
        district_id=order.district_id,
        values=tests()[order.test].stored(values),
        why=why,
        by=by,
        occurred_at=at,
        recorded_at=timezone.now(),
    )
    order.state, order.answered_at = Order.State.ANSWERED, at
    order.seen_at, order.seen_by = None, None
    order.save(
        update_fields=[
            *("state", "answered_at", "seen_at", "seen_by", "taken_by", "taken_at"),
        ]
    )
    _tell(attendance, kind, by=by, at=at, order=order.pk, result=result.pk)
    return result


def _tell(
    attendance: Attendance, kind: Happened, *, by: User, at: datetime, **data: Fact
) -> None:
    events.happened(
        contact=attendance.contact,
        kind=kind,
        by=by,
        at=at,
        attendance=attendance.pk,
        **data,
    )
    announce(
        Topic.ORDERS,
        Topic.BOARD,
        sentral_id=attendance.sentral_id,
        contact_id=attendance.contact_id,
    )
