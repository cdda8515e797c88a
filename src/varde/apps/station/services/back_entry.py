"""A form of the station's door, entered with the times it happened.

See `sentral.services.back_entry`: the same acts as live, with `at` as it stands on paper.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from varde.apps.records import care
from varde.apps.records.events import Happened
from varde.apps.records.models import Attendance, Outcome, PaperForm, User
from varde.apps.sentral.services import paper_forms
from varde.apps.sentral.services.back_entry import count_later
from varde.apps.sentral.services.contacts.values import Why, not_valid, plain
from varde.apps.station.services import arrival, doctor_states, doctors, looks
from varde.apps.station.services.attending import locked_attendance
from varde.domain.doctor_state import DoctorActivity
from varde.domain.errors import Rule, RuleBroken
from varde.domain.paper_form import TrueTime, in_order


# What the nurse may end alone; the others need that a doctor has seen the patient.
WITHOUT_DOCTOR = (Attendance.End.LEFT, Attendance.End.ADVICE, Attendance.End.SENT_ON)
WITH_DOCTOR = (Attendance.End.TREATED, Attendance.End.SENT_ON)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorEntry:
    """A form of the door, as it was filled in. "" and None: nothing is written.

    `outcome_id` is the promised time of one who was expected; then who it is and why is
    known already.
    """

    arrived_at: datetime | None
    outcome_id: int | None = None
    way: str = Attendance.Way.WALK_IN
    patient: Mapping[str, str] = field(default_factory=dict)
    why: str = ""
    looked_at: datetime | None = None
    hastegrad: str = ""
    vital_signs: Mapping[str, str] = field(default_factory=dict)
    doctor_at: datetime | None = None
    doctor: User | None = None
    gone_at: datetime | None = None
    end: str = ""
    note: str = ""


@transaction.atomic
def enter_door(*, form_id: int, entry: DoorEntry, by: User, at: datetime) -> Attendance:
    """Enter a form of the door. `at` is now; the times that count are the form's.

    Without `gone_at` the patient is on the board. No estimated wait is kept: none was told.

    Raises `RuleBroken`: PAPER_FORM_USED, PAPER_FORM_VOID, the three TRUE_TIME rules, and
    what the acts themselves refuse.
    """
    form = paper_forms.taken(form_id)
    came = _check_times(entry, form, now=at)
    row = _arrive(form, entry, by=by, at=came)
    row.contact.source = paper_forms.SOURCE
    row.contact.save(update_fields=["source"])
    if entry.looked_at is not None:
        looks.triage_at_door(
            attendance_id=row.pk,
            hastegrad=entry.hastegrad,
            reason_lowered="",
            values=entry.vital_signs,
            by=by,
            at=entry.looked_at,
        )
    if entry.doctor_at is not None:
        _to_doctor(row, entry, at=entry.doctor_at)
    if entry.gone_at is not None:
        _gone(row, entry, by=by, at=entry.gone_at)
    paper_forms.entered(form, row.contact, by=by, at=at)
    count_later(row.contact)
    row.refresh_from_db()
    return row


def _check_times(entry: DoorEntry, form: PaperForm, *, now: datetime) -> datetime:
    """In the order of the work. Returns when the patient came."""
    asked = []
    if entry.outcome_id is not None:
        decided = Outcome.objects.values_list("created_at", flat=True)
        asked = [TrueTime(field="decided_at", at=decided.get(pk=entry.outcome_id))]
    arrived = TrueTime(field="arrived_at", at=entry.arrived_at, is_needed=True)
    has_hastegrad = bool(entry.hastegrad) or entry.doctor_at is not None
    in_order([*asked, arrived], now=now)
    in_order(
        [
            TrueTime(field="issued_at", at=form.print.issued_at),
            arrived,
            TrueTime(field="looked_at", at=entry.looked_at, is_needed=has_hastegrad),
            TrueTime(field="doctor_at", at=entry.doctor_at),
            TrueTime(field="gone_at", at=entry.gone_at, is_needed=bool(entry.end)),
        ],
        now=now,
    )
    if entry.arrived_at is None:
        raise RuleBroken(Rule.TRUE_TIME_MISSING, field="arrived_at")
    return entry.arrived_at


def _arrive(form: PaperForm, entry: DoorEntry, *, by: User, at: datetime) -> Attendance:
    station = form.print.station
    if station is None:
        raise RuleBroken(Rule.PAPER_FORM_UNKNOWN, number=form.number)
    if entry.outcome_id is not None:
        return arrival.arrive(
            outcome_id=entry.outcome_id, station_id=station.pk, by=by, at=at
        )
    return arrival.register(
        station_id=station.pk,
        sentral=form.print.sentral,
        way=entry.way,
        patient=entry.patient,
        why=entry.why,
        by=by,
        at=at,
    )


def _to_doctor(row: Attendance, entry: DoorEntry, *, at: datetime) -> None:
    """The doctor had the patient from then on."""
    if entry.doctor is None:
        raise not_valid("doctor", Why.EMPTY)
    doctors.take(attendance_id=row.pk, by=entry.doctor, at=at)
    row.refresh_from_db()


def _gone(row: Attendance, entry: DoorEntry, *, by: User, at: datetime) -> None:
    if entry.doctor_at is None:
        if entry.end not in WITHOUT_DOCTOR:
            raise not_valid("end", Why.NOT_A_CHOICE)
        looks.leave(attendance_id=row.pk, end=entry.end, note=entry.note, by=by, at=at)
        return
    if entry.end not in WITH_DOCTOR:
        raise not_valid("end", Why.NOT_A_CHOICE)
    text = plain("note", entry.note, longest=looks.NOTE_LONGEST)
    if not text and entry.end == Attendance.End.SENT_ON:
        raise not_valid("note", Why.EMPTY)
    here = locked_attendance(row.pk)
    here.ended_at, here.ended_by, here.end, here.end_note = at, by, entry.end, text
    here.save(update_fields=["ended_at", "ended_by", "end", "end_note"])
    care.end(here.contact, by=by, at=at)
    if entry.doctor is not None:
        doctor_states.ended(
            doctor=entry.doctor,
            activity=DoctorActivity.WITH_PATIENT,
            ref=f"attendance:{here.pk}",
            at=at,
            by=by,
            sentral_id=here.sentral_id,
        )
    looks.happened(here, Happened.ATTENDANCE_ENDED, by=by, at=at, end=entry.end)
