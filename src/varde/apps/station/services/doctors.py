"""The doctor and the patient: take, give back, hand over, finish."""

from datetime import datetime

from django.db import transaction

from varde.apps.records import care, events
from varde.apps.records.events import Fact, Happened
from varde.apps.records.live import Topic, announce
from varde.apps.records.models import Attendance, Order, Outcome, User
from varde.apps.sentral.queries import reference
from varde.apps.sentral.services import outcomes
from varde.apps.sentral.services.acting import require_doctor
from varde.apps.sentral.services.contacts.values import Why, not_valid, plain
from varde.apps.station import access
from varde.apps.station.queries import doctor_states as on_duty
from varde.apps.station.queries.needs import RED
from varde.apps.station.queries.point_of_care import words_of
from varde.apps.station.services import conflicts, doctor_states
from varde.apps.station.services.attending import locked_attendance
from varde.domain.doctor_state import DoctorActivity
from varde.domain.errors import Rule, RuleBroken


# A red patient goes on to somebody else's care; any other end needs words.
RED_ENDS = (Attendance.End.SENT_ON, Attendance.End.BED)


@transaction.atomic
def take(*, attendance_id: int, by: User, at: datetime) -> Attendance:
    """A doctor takes a patient. One's own patient again changes nothing.

    Raises `RuleBroken`: DOCTOR_NEEDED, ATTENDANCE_IS_OVER, OWNED_BY_ANOTHER (owner, since).
    """
    row = locked_attendance(attendance_id)
    require_doctor(by, row.contact, at=at)
    if row.doctor_id == by.pk:
        return row
    if row.doctor_id is not None:
        raise RuleBroken(
            Rule.OWNED_BY_ANOTHER,
            owner=reference.person_name(row.doctor_id),
            since=row.taken_at.isoformat() if row.taken_at else "",
        )
    _put(row, by, at=at)
    _tell(row, Happened.DOCTOR_TOOK, by=by, at=at)
    conflicts.taken(contact=row.contact, by=by, at=at)
    return row


@transaction.atomic
def give_back(*, attendance_id: int, by: User, at: datetime) -> Attendance:
    """The doctor puts the patient back among those who wait. A red patient is not put
    back in a queue: hand over, or judge anew.

    Raises `RuleBroken`: ATTENDANCE_IS_OVER, NOT_YOURS (owner), RED_NEEDS_A_DOCTOR.
    """
    row = locked_attendance(attendance_id)
    _require_mine(row, by)
    if row.contact.hastegrad_arrival == RED:
        raise RuleBroken(Rule.RED_NEEDS_A_DOCTOR)
    row.doctor, row.taken_at = None, None
    row.save(update_fields=["doctor", "taken_at"])
    _leave(row, by, by=by, at=at)
    _tell(row, Happened.DOCTOR_GAVE_BACK, by=by, at=at)
    return row


@transaction.atomic
def hand_over(
    *, attendance_id: int, to_id: int | None, by: User, at: datetime
) -> Attendance:
    """The doctor hands the patient over to a colleague on duty, who has it at once.

    Raises `RuleBroken`: ATTENDANCE_IS_OVER, NOT_YOURS (owner), COLLEAGUE_NOT_ON_DUTY.
    """
    row = locked_attendance(attendance_id)
    _require_mine(row, by)
    place = next(p for p in access.all_stations() if p.id == row.station_id)
    there = on_duty.on_duty(place, now=at)
    if to_id is None or to_id == by.pk or on_duty.own(there, to_id) is None:
        raise RuleBroken(Rule.COLLEAGUE_NOT_ON_DUTY)
    _leave(row, by, by=by, at=at)
    _put(row, User.objects.get(pk=to_id), at=at, by=by)
    _tell(row, Happened.DOCTOR_HANDED_OVER, by=by, at=at, to=to_id)
    return row


@transaction.atomic
def finish(
    *, attendance_id: int, end: str, note: str, by: User, at: datetime
) -> Attendance:
    """The doctor is done with the patient, who leaves the board.

    The promise of attendance that stands is settled, and the contact's care at the station
    is over. Refused while a test has no result, or the doctor has not seen one. A patient
    who is still red goes on (sent on, or to a bed); any other end needs a note.

    Raises `RuleBroken`: ATTENDANCE_IS_OVER, NOT_YOURS (owner), FIELD_NOT_VALID (end,
    end_note), RED_CANNOT_END_SO, ORDERS_ARE_OPEN (tests), RESULTS_NOT_SEEN (tests).
    """
    row = locked_attendance(attendance_id)
    _require_mine(row, by)
    if end not in Attendance.End.values:
        raise not_valid("end", Why.NOT_A_CHOICE)
    text = plain("end_note", note, longest=300)
    is_red = row.contact.hastegrad_arrival == RED
    if is_red and end not in RED_ENDS and not text:
        raise RuleBroken(Rule.RED_CANNOT_END_SO)
    _refuse_open_orders(row)
    row.ended_at, row.ended_by, row.end, row.end_note = at, by, end, text
    row.save(update_fields=["ended_at", "ended_by", "end", "end_note"])
    outcomes.settle_kind(row.contact, Outcome.Kind.ATTENDANCE, by=by, at=at)
    care.end(row.contact, by=by, at=at)
    _leave(row, by, by=by, at=at)
    minutes = int((at - row.arrived_at).total_seconds() // 60)
    _tell(row, Happened.DOCTOR_FINISHED, by=by, at=at, end=end, minutes=minutes)
    return row


def _require_mine(row: Attendance, by: User) -> None:
    if row.doctor_id != by.pk:
        owner = reference.person_name(row.doctor_id) if row.doctor_id else ""
        raise RuleBroken(Rule.NOT_YOURS, owner=owner)


def _refuse_open_orders(row: Attendance) -> None:
    orders = list(row.orders.exclude(state=Order.State.CANCELLED).order_by("pk"))
    open_ones = [o.test for o in orders if o.state != Order.State.ANSWERED]
    if open_ones:
        raise RuleBroken(Rule.ORDERS_ARE_OPEN, tests=words_of(open_ones))
    unseen = [o.test for o in orders if o.seen_at is None]
    if unseen:
        raise RuleBroken(Rule.RESULTS_NOT_SEEN, tests=words_of(unseen))


def _ref(row: Attendance) -> str:
    return f"attendance:{row.pk}"


def _put(
    row: Attendance, doctor: User, *, at: datetime, by: User | None = None
) -> None:
    row.doctor, row.taken_at = doctor, at
    row.first_doctor_at = row.first_doctor_at or at
    row.save(update_fields=["doctor", "taken_at", "first_doctor_at"])
    doctor_states.began(
        doctor=doctor,
        activity=DoctorActivity.WITH_PATIENT,
        ref=_ref(row),
        at=at,
        by=by or doctor,
        sentral_id=row.sentral_id,
    )


def _leave(row: Attendance, doctor: User, *, by: User, at: datetime) -> None:
    doctor_states.ended(
        doctor=doctor,
        activity=DoctorActivity.WITH_PATIENT,
        ref=_ref(row),
        at=at,
        by=by,
        sentral_id=row.sentral_id,
    )


def _tell(
    row: Attendance, kind: Happened, *, by: User, at: datetime, **data: Fact
) -> None:
    events.happened(
        contact=row.contact,
        kind=kind,
        by=by,
        at=at,
        attendance=row.pk,
        station=row.station_id,
        **data,
    )
    announce(
        Topic.BOARD,
        Topic.ORDERS,
        Topic.CONTACTS,
        Topic.NUMBERS,
        sentral_id=row.sentral_id,
        contact_id=row.contact_id,
    )
