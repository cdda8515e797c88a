"""Looking at a waiting patient: the first judgement at the door, and each look after it."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from varde.apps.records import care, events
from varde.apps.records.events import Happened
from varde.apps.records.live import Topic, announce
from varde.apps.records.models import Attendance, Look, User, WaitTold
from varde.apps.sentral.services import triage
from varde.apps.sentral.services.contacts.values import Why, not_valid, plain
from varde.apps.sentral.services.paper_forms import SOURCE
from varde.apps.station.queries.board import estimate_of
from varde.apps.station.queries.limits import time_left
from varde.apps.station.services import conflicts
from varde.apps.station.services.attending import locked_attendance
from varde.domain.errors import Rule, RuleBroken


NOTE_LONGEST = 300
ROOM_LONGEST = 20


@transaction.atomic
def triage_at_door(
    *,
    attendance_id: int,
    hastegrad: str,
    reason_lowered: str,
    values: Mapping[str, str],
    by: User,
    at: datetime,
    scale: int = 1,
) -> Attendance:
    """Set the hastegrad on the arrival axis, with the vital signs that were measured.

    Also for one who was judged on the telephone: that judgement stays beside it, on its
    own axis. It counts as a look. Without a vital sign none is kept.

    Raises `RuleBroken`: ATTENDANCE_IS_OVER, FIELD_NOT_VALID (hastegrad),
    VITAL_SIGN_OUT_OF_RANGE, REASON_NEEDED_TO_LOWER.
    """
    row = locked_attendance(attendance_id)
    measured = {name: text for name, text in values.items() if text.strip()}
    if measured:
        triage.record_vital_signs(
            contact_id=row.contact_id,
            values=measured,
            scale=scale,
            scale_2_by=by if scale == 2 else None,
            by=by,
            at=at,
        )
    was_in_time = _was_in_time(row, at=at)
    triage.assess(
        contact_id=row.contact_id,
        axis="arrival",
        complaint="",
        criteria=(),
        hastegrad=hastegrad,
        red_flags_ruled_out=None,
        reason_lowered=reason_lowered,
        by=by,
        at=at,
    )
    row.contact.refresh_from_db(fields=["hastegrad_arrival"])
    _tell_wait(row, at=at)
    _seen(row, Look.Result.TRIAGED, note="", was_in_time=was_in_time, by=by, at=at)
    conflicts.detect(contact_id=row.contact_id, by=by, at=at)
    return row


@transaction.atomic
def look(
    *, attendance_id: int, result: str, note: str, by: User, at: datetime
) -> Attendance:
    """Somebody looked at the patient and the hastegrad stands. The time begins anew.

    Who finds the patient worse sets a new hastegrad (`triage_at_door`): to write "worse"
    and leave it is refused.

    Raises `RuleBroken`: ATTENDANCE_IS_OVER, HASTEGRAD_NOT_SET, FIELD_NOT_VALID (result,
    note).
    """
    if result not in (Look.Result.SAME, Look.Result.BETTER):
        raise not_valid("result", Why.NOT_A_CHOICE)
    text = plain("note", note, longest=NOTE_LONGEST)
    row = locked_attendance(attendance_id)
    if not row.contact.hastegrad_arrival:
        raise RuleBroken(Rule.HASTEGRAD_NOT_SET)
    was_in_time = _was_in_time(row, at=at)
    return _seen(
        row, Look.Result(result), note=text, was_in_time=was_in_time, by=by, at=at
    )


@transaction.atomic
def set_room(*, attendance_id: int, room: str, by: User, at: datetime) -> Attendance:
    """Where in the house the patient is. Empty: in the waiting room."""
    text = plain("room", room, longest=ROOM_LONGEST)
    row = locked_attendance(attendance_id)
    if row.room == text:
        return row
    row.room = text
    row.save(update_fields=["room"])
    happened(row, Happened.ROOM_SET, by=by, at=at)
    return row


@transaction.atomic
def leave(
    *, attendance_id: int, end: str, note: str, by: User, at: datetime
) -> Attendance:
    """The patient goes without a doctor: went home unseen, got advice, was sent on.

    Raises `RuleBroken`: ATTENDANCE_IS_OVER, FIELD_NOT_VALID (end; note where the patient
    left unseen or was sent on and nothing is said), WITH_DOCTOR (doctor) while a doctor
    has the patient: that one finishes.
    """
    if end not in (Attendance.End.LEFT, Attendance.End.ADVICE, Attendance.End.SENT_ON):
        raise not_valid("end", Why.NOT_A_CHOICE)
    text = plain("note", note, longest=NOTE_LONGEST)
    if not text and end != Attendance.End.ADVICE:
        raise not_valid("note", Why.EMPTY)
    row = locked_attendance(attendance_id)
    if row.doctor is not None:
        raise RuleBroken(Rule.WITH_DOCTOR, doctor=row.doctor.name)
    row.ended_at, row.ended_by, row.end, row.end_note = at, by, end, text
    row.save(update_fields=["ended_at", "ended_by", "end", "end_note"])
    care.end(row.contact, by=by, at=at)
    happened(row, Happened.ATTENDANCE_ENDED, by=by, at=at, end=end)
    return row


def _tell_wait(row: Attendance, *, at: datetime) -> None:
    """Keep the first estimate that the patient is given, to be judged by what happens."""
    if row.contact.source == SOURCE or WaitTold.objects.filter(attendance=row).exists():
        return  # to one who was looked at on paper, no estimate of ours was told
    told = estimate_of(row, now=at)
    if told is None or told.low_min is None:
        return
    WaitTold.objects.create(
        attendance=row,
        district_id=row.district_id,
        at=at,
        hastegrad=row.contact.hastegrad_arrival,
        low_min=told.low_min,
        median_min=told.median_min,
        high_min=told.high_min,
    )


def _was_in_time(row: Attendance, *, at: datetime) -> bool | None:
    left = time_left(row, at=at)
    return None if left is None else left.total_seconds() >= 0


def _seen(
    row: Attendance,
    result: Look.Result,
    *,
    note: str,
    was_in_time: bool | None,
    by: User,
    at: datetime,
) -> Attendance:
    Look.objects.create(
        attendance=row,
        district_id=row.district_id,
        result=result,
        note=note,
        was_in_time=was_in_time,
        by=by,
        occurred_at=at,
        recorded_at=timezone.now(),
    )
    if row.last_seen_at is None or row.last_seen_at <= at:
        row.last_seen_at, row.last_seen_by = at, by
        row.save(update_fields=["last_seen_at", "last_seen_by"])
    happened(row, Happened.LOOKED, by=by, at=at, result=result)
    return row


def happened(
    row: Attendance, kind: Happened, *, by: User, at: datetime, **data: str
) -> None:
    """Write what happened with a patient at the station, and tell the screens."""
    events.happened(
        contact=row.contact, kind=kind, by=by, at=at, attendance=row.pk, **data
    )
    announce(
        Topic.BOARD,
        Topic.NUMBERS,
        sentral_id=row.sentral_id,
        contact_id=row.contact_id,
    )
