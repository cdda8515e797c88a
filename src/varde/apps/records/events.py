"""Writing what happened with a contact. The one place where a contact's events are made.

An event holds codes, ids and moments. Free text, names and numbers stay in the rows that
the event tells of: the log is read by more people than the record.
"""

from datetime import datetime
from enum import StrEnum, auto

from django.utils import timezone

from varde.apps.records.models import Contact, ContactEvent, User


class Happened(StrEnum):
    """Everything that can happen with a contact."""

    OPENED = auto()
    CLAIMED = auto()
    TAKEN_OVER = auto()
    RELEASED = auto()
    WENT_STALE = auto()  # the owner's workstation fell silent: anyone may claim
    ANSWERED_BY_OTHER = auto()  # the exchange says that a colleague took the telephone
    FIELDS_SAVED = auto()
    MOVED = auto()  # to another district
    PATIENT_CHOSEN = auto()
    PATIENT_MADE = auto()
    PATIENT_SAVED = auto()
    PATIENT_IDENTIFIED = auto()
    PATIENT_MERGED = auto()
    SECOND_LOOK = auto()
    ASSESSED = auto()
    VITAL_SIGNS = auto()
    AMK_STARTED = auto()
    AMK_CALLED = auto()
    AMK_ACKNOWLEDGED = auto()
    AMK_NOT_NEEDED = auto()
    AMK_ALARMED = auto()
    ALARM_SIGNAL = auto()  # the alarm said more after the contact was opened
    ALARM_BACKUP = auto()  # nobody took it: the shift leader is alarmed
    OUTCOME_ADDED = auto()
    OUTCOME_SETTLED = auto()
    OUTCOME_CANCELLED = auto()
    ARRIVED = auto()  # as was promised
    AT_THE_DOOR = auto()  # the patient is at a station
    LOOKED = auto()
    ROOM_SET = auto()
    ATTENDANCE_ENDED = auto()
    DOCTOR_ASKED = auto()
    DOCTOR_ANSWERED = auto()
    APPROVED = auto()
    SENT_BACK = auto()
    INTERPRETER_ASKED = auto()
    INTERPRETER_RESULT = auto()
    CALLBACK_PROMISED = auto()
    CALLBACK_ATTEMPT = auto()
    CALLBACK_SETTLED = auto()
    CALLBACK_TAKEN = auto()
    CALLBACK_ESCALATED = auto()
    REASON_SET = auto()
    CLOSED = auto()
    REOPENED = auto()
    SLOT_BOOKED = auto()
    NOTE_QUEUED = auto()
    NOTE_SENT = auto()
    NOTE_RECEIVED = auto()
    NOTE_FAILED = auto()
    BED_ADMITTED = auto()
    BED_LOOKED = auto()
    BED_LOOK_PLANNED = auto()
    BED_DOCTOR = auto()  # another doctor has the responsibility
    BED_MOVED = auto()
    BED_LEFT = auto()
    BED_CORRECTED = auto()  # a time was written wrong
    NOTE_STOPPED = auto()  # the consent was taken back before it was sent
    CLINICAL_NOTE_SIGNED = auto()
    CLINICAL_NOTE_COUNTERSIGNED = auto()
    CLINICAL_NOTE_RETURNED = auto()
    HOME_KNOWN = auto()  # which nursing home it is from
    HOME_TOLD = auto()  # what the home has done
    BACK_ENTERED = auto()  # from a paper form, after downtime
    HELPED = auto()  # another sentral did it while it helped us
    CLAIM_LINE_ADDED = auto()
    CLAIM_LINE_REMOVED = auto()
    DOCTOR_TOOK = auto()
    DOCTOR_GAVE_BACK = auto()
    DOCTOR_HANDED_OVER = auto()
    DOCTOR_FINISHED = auto()
    ORDER_PLACED = auto()
    ORDER_TAKEN = auto()
    ORDER_ANSWERED = auto()
    ORDER_CORRECTED = auto()
    ORDER_CANCELLED = auto()
    ORDER_SEEN = auto()
    CONFLICT_FOUND = auto()
    CONFLICT_SOLVED = auto()
    MISSION_BEGAN = auto()
    MISSION_CREW = auto()
    MISSION_LEG = auto()
    MISSION_LEG_CORRECTED = auto()
    MISSION_ENDED = auto()
    LONE_WATCH = auto()  # the timer of the one who is alone began or ended
    LONE_ALARM = auto()  # no sign of life in time
    LONE_STEP = auto()  # the next on the list
    LONE_STEP_DONE = auto()
    LONE_ANSWERED = auto()


type Fact = str | int | bool | list[str] | list[int] | None


def happened(
    *,
    contact: Contact,
    kind: Happened,
    by: User | None,
    at: datetime,
    **data: Fact,
) -> ContactEvent:
    """Write one event, in the transaction at hand and in the contact's district.

    If it cannot be written, what it tells of is undone with it.
    """
    return ContactEvent.objects.create(
        contact=contact,
        district_id=contact.district_id,
        kind=kind,
        by=by,
        occurred_at=at,
        recorded_at=timezone.now(),
        data=data,
    )
