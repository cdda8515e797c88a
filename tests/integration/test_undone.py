"""Every write of the contact is undone when what tells of it cannot be written."""

import json
from datetime import timedelta

import pytest
from django.db import connection

from tests import make
from varde.apps.records import audit, events
from varde.apps.records.models import (
    Approval,
    Assessment,
    Conflict,
    FastlegeNote,
    FastlegeSlot,
    Outcome,
)
from varde.apps.records.protection import scoped_tables
from varde.apps.sentral.access import Subject
from varde.apps.sentral.services import (
    amk,
    claims,
    closing,
    contacts,
    doctor,
    fastlege,
    fastlege_hours,
    interpreter,
    nursing_homes,
    openings,
    outcomes,
    triage,
)
from varde.apps.station.services import conflicts, doctor_states, doctors, orders


NOW = make.NOW
LATER = NOW + timedelta(minutes=5)
MONDAY = NOW + timedelta(days=2, hours=16)


class CannotWrite(Exception):
    """The event or the line of the log could not be written."""


class World:
    """A contact with everything that a service may need."""

    def __init__(self):
        self.house = house = make.house()
        make.index_in_use(of=house.inner)
        self.number = make.national_id()
        self.siv = make.patient(of=house.inner, national_id=self.number)
        self.unknown = make.patient(of=house.inner)
        self.gp = make.fastlege(lets_us_book=True)
        self.slot = FastlegeSlot.objects.create(fastlege=self.gp, starts_at=MONDAY)
        place = make.place(of=house.vefsn, minutes={house.elv: 10})
        self.contact = house.contact(
            hastegrad_phone="haster",
            reason_code="R74",
            patient=self.unknown,
            place=place,
            station=house.elv,
            fastlege=self.gp,
            consent_fastlege=True,
            callback_number="90000001",
            language="polsk",
        )
        self.advice = self._outcome("advice", "done")
        self.visit = self._outcome("home_visit", "open")
        self.attendance = self._outcome("attendance", "open")
        self.closed = house.contact(
            state="closed", closed_at=NOW, ended_in_advice=True, fastlege=self.gp
        )
        self.approval = Approval.objects.create(
            contact=self.closed, district=house.inner, created_at=NOW
        )
        self.note = FastlegeNote.objects.create(
            contact=self.closed,
            district=house.inner,
            fastlege=self.gp,
            text="x",
            state="failed",
            queued_at=NOW,
        )
        self.sent = FastlegeNote.objects.create(
            contact=self.closed,
            district=house.inner,
            version=2,
            fastlege=self.gp,
            text="x",
            state="sent",
            queued_at=NOW,
        )
        self.call = make.call(at=house.sentral)
        self.home = make.nursing_home(of=house.vefsn, number="75112233")
        self.from_home = house.contact()
        nursing_homes.choose_home(
            contact_id=self.from_home.pk, home_id=self.home.pk, by=house.kari, at=NOW
        )
        self.question = doctor.ask(
            contact_id=house.contact().pk, question="?", by=house.kari, at=NOW
        )
        self.request = interpreter.request(
            contact_id=self.contact.pk, language="polsk", by=house.kari, at=NOW
        )
        self.red = house.contact()
        amk.called(contact_id=self.red.pk, mode="conference", by=house.kari, at=NOW)
        self.claimed = house.contact()
        claims.add_line(
            contact_id=self.claimed.pk,
            tariff="1bk",
            quantity=1,
            by=house.kari,
            at=NOW,
        )
        self._at_the_station()
        self.by = {"by": house.kari, "at": LATER}
        self.by_doctor = {"by": house.doctor, "at": LATER}
        Assessment.objects.create(
            contact=self.contact,
            district=house.inner,
            axis="phone",
            hastegrad="haster",
            by=house.kari,
            occurred_at=NOW,
            recorded_at=NOW,
        )

    def _at_the_station(self):
        """A patient with a doctor, one without, tests in each state, a conflict."""
        house, at = self.house, self.house.elv
        self.treated = make.attendance(at=at, doctor=house.doctor, taken_at=NOW)
        self.waiting = make.attendance(at=at)
        self.colleague = make.user("kollega", roles=["doctor"], at=at)
        make.duty(self.colleague, "beredskapsvakt", at=at)
        make.duty(house.doctor, "konsultasjonsvakt", at=at)
        told = {"by": house.doctor, "at": NOW}
        self.crp, self.hb = orders.place(
            attendance_id=self.waiting.pk, codes=["crp", "hb"], note="", **told
        )
        orders.answer(order_id=self.hb.pk, values={"hb": "12"}, **told)
        self.alarming = make.attendance(
            house.contact(hastegrad_phone="akutt", patient=make.patient()), at=at
        )
        contact = self.waiting.contact
        self.conflict = Conflict.objects.create(
            contact=contact, district=contact.district, sentral=house.sentral,
            station=at, need="red_patient", need_key="attendance:0", needed_at=NOW,
            found_at=NOW, recorded_at=NOW,
        )  # fmt: skip

    def _outcome(self, kind, state):
        return Outcome.objects.create(
            contact=self.contact,
            district=self.house.inner,
            kind=kind,
            state=state,
            owner_role="doctor",
            created_at=NOW,
            created_by=self.house.kari,
            due_at=LATER,
        )


def everything():
    """Every row of every table with patients, the slots and the jobs, as the database
    has them."""
    others = ["records_fastlegeslot", "records_doctorevent", "procrastinate_jobs"]
    tables = [*scoped_tables(), *others]
    with connection.cursor() as cursor:
        found = {}
        for table in tables:
            cursor.execute(f"SELECT to_jsonb(t)::text FROM {table} t ORDER BY id")
            found[table] = [json.loads(row) for (row,) in cursor.fetchall()]
        cursor.execute("SELECT count(*) FROM records_auditentry")
        found["log"] = cursor.fetchone()
    return found


WRITES = {
    "open_contact": lambda w: contacts.open_contact(
        sentral=w.house.sentral,
        channel="phone",
        call=w.call,
        **w.by,
    ),
    "open_contact from a home": lambda w: contacts.open_contact(
        sentral=w.house.sentral,
        channel="phone",
        caller_number="75112233",
        **w.by,
    ),
    "choose_home": lambda w: nursing_homes.choose_home(
        contact_id=w.contact.pk, home_id=w.home.pk, **w.by
    ),
    "tell home": lambda w: nursing_homes.tell(
        contact_id=w.from_home.pk, fields={"doctor_rung": "yes"}, **w.by
    ),
    "save_fields": lambda w: contacts.save_fields(
        contact_id=w.contact.pk, fields={"narrative": "x"}, **w.by
    ),
    "save_fields and move": lambda w: contacts.save_fields(
        contact_id=w.contact.pk, fields={"municipality": "1820"}, **w.by
    ),
    "choose_patient": lambda w: contacts.choose_patient(
        contact_id=w.contact.pk, patient_id=w.siv.pk, **w.by
    ),
    "new_patient": lambda w: contacts.new_patient(
        contact_id=w.contact.pk, fields={"other_id": "L01"}, **w.by
    ),
    "unknown_patient": lambda w: contacts.unknown_patient(
        contact_id=w.contact.pk, fields={}, **w.by
    ),
    "save_patient": lambda w: contacts.save_patient(
        contact_id=w.contact.pk, fields={"phone": "90000002"}, **w.by
    ),
    "identify by number": lambda w: contacts.identify(
        patient_id=w.unknown.pk,
        national_id=make.national_id(5),
        reason="Pass",
        **w.by,
    ),
    "identify by merging": lambda w: contacts.identify(
        patient_id=w.unknown.pk, into_id=w.siv.pk, reason="Pass", **w.by
    ),
    "second_look": lambda w: contacts.second_look(
        contact_id=w.contact.pk, by=w.house.ola, at=LATER
    ),
    "assess": lambda w: triage.assess(
        contact_id=w.contact.pk,
        axis="phone",
        complaint="brystsmerter",
        criteria=[],
        hastegrad="akutt",
        red_flags_ruled_out=None,
        reason_lowered="",
        **w.by,
    ),
    "record_vital_signs": lambda w: triage.record_vital_signs(
        contact_id=w.contact.pk, values={"pulse": "80"}, scale=1, **w.by
    ),
    "amk.called": lambda w: amk.called(
        contact_id=w.contact.pk, mode="transfer", **w.by
    ),
    "amk.acknowledge": lambda w: amk.acknowledge(
        contact_id=w.red.pk, mission_number="1", said="", **w.by
    ),
    "amk.not_needed": lambda w: amk.not_needed(
        contact_id=w.red.pk, reason="Feil", **w.by
    ),
    **{
        f"outcomes.add {kind}": lambda w, kind=kind: outcomes.add(
            contact_id=w.contact.pk, kind=kind, **w.by
        )
        for kind in Outcome.Kind.values
    },
    "outcomes.settle": lambda w: outcomes.settle(outcome_id=w.visit.pk, **w.by),
    "outcomes.cancel": lambda w: outcomes.cancel(
        outcome_id=w.visit.pk, note="Nei", **w.by
    ),
    "outcomes.cancel advice": lambda w: outcomes.cancel(
        outcome_id=w.advice.pk, note="Nei", **w.by
    ),
    "outcomes.arrived": lambda w: outcomes.arrived(outcome_id=w.attendance.pk, **w.by),
    "doctor.ask": lambda w: doctor.ask(
        contact_id=w.contact.pk, question="Vente?", **w.by
    ),
    "doctor.answer": lambda w: doctor.answer(
        question_id=w.question.pk, text="Ja", **w.by_doctor
    ),
    "doctor.approve": lambda w: doctor.approve(
        approval_id=w.approval.pk, **w.by_doctor
    ),
    "doctor.send_back": lambda w: doctor.send_back(
        approval_id=w.approval.pk, comment="Ring", **w.by_doctor
    ),
    "interpreter.request": lambda w: interpreter.request(
        contact_id=w.contact.pk, language="somali", **w.by
    ),
    "interpreter.result": lambda w: interpreter.result(
        request_id=w.request.pk, result="connected", **w.by
    ),
    "set_reason": lambda w: closing.set_reason(
        contact_id=w.contact.pk, code="R05", deliberate=False, **w.by
    ),
    "close": lambda w: closing.close(contact_id=w.contact.pk, **w.by),
    "reopen": lambda w: closing.reopen(
        contact_id=w.closed.pk, reason="Ringte igjen", **w.by
    ),
    "queue_note": lambda w: fastlege.queue_note(contact_id=w.contact.pk, **w.by),
    "book": lambda w: fastlege_hours.book(
        contact_id=w.contact.pk, slot_id=w.slot.pk, **w.by
    ),
    "station take": lambda w: doctors.take(attendance_id=w.waiting.pk, **w.by_doctor),
    "station give back": lambda w: doctors.give_back(
        attendance_id=w.treated.pk, **w.by_doctor
    ),
    "station hand over": lambda w: doctors.hand_over(
        attendance_id=w.treated.pk, to_id=w.colleague.pk, **w.by_doctor
    ),
    "station finish": lambda w: doctors.finish(
        attendance_id=w.treated.pk, end="treated", note="", **w.by_doctor
    ),
    "order": lambda w: orders.place(
        attendance_id=w.treated.pk, codes=["ecg"], note="", **w.by_doctor
    ),
    "order taken": lambda w: orders.take(order_id=w.crp.pk, **w.by),
    "order answered": lambda w: orders.answer(
        order_id=w.crp.pk, values={"crp": "7"}, **w.by
    ),
    "order corrected": lambda w: orders.correct(
        order_id=w.hb.pk, values={"hb": "13"}, why="x", **w.by
    ),
    "order cancelled": lambda w: orders.cancel(order_id=w.crp.pk, why="x", **w.by),
    "conflict found": lambda w: conflicts.detect(
        contact_id=w.alarming.contact_id, at=LATER
    ),
    "conflict solved": lambda w: conflicts.solve(
        conflict_id=w.conflict.pk, how="amk", note="", **w.by
    ),
    "receipt": lambda w: fastlege.receipt(note_id=w.sent.pk, received=True, at=LATER),
    "receipt of a refusal": lambda w: fastlege.receipt(
        note_id=w.sent.pk, received=False, at=LATER
    ),
    "send_again": lambda w: fastlege.send_again(note_id=w.note.pk, **w.by),
    "handed_over": lambda w: fastlege.handed_over(
        note_id=w.note.pk, how="Telefon", **w.by
    ),
    "add_line": lambda w: claims.add_line(
        contact_id=w.contact.pk, tariff="1bk", quantity=1, **w.by
    ),
    "remove_line": lambda w: claims.remove_line(
        contact_id=w.claimed.pk, tariff="1bk", **w.by
    ),
}
# These write in the log as well, after the event, or in the log alone.
LOGGED = {
    "identify by number": WRITES["identify by number"],
    "identify by merging": WRITES["identify by merging"],
    "reopen": WRITES["reopen"],
    "handed_over": WRITES["handed_over"],
    "doctor says": lambda w: doctor_states.say(
        place=make.place_of(w.house.elv),
        sentral_id=w.house.sentral.pk,
        doing="free",
        **w.by_doctor,
    ),
    "open_record": lambda w: openings.open_record(
        scope=w.house.scope(w.house.kari),
        subject=Subject.CONTACT,
        row_id=w.closed.pk,
        reason="Klage",
        by=w.house.kari,
        at=LATER,
    ),
}


@pytest.fixture
def world(db):
    return World()


def fail(*_, **__):
    raise CannotWrite


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_a_write_is_undone_when_its_event_cannot_be_written(world, write, monkeypatch):
    before = everything()
    monkeypatch.setattr(events, "happened", fail)
    with pytest.raises(CannotWrite):
        write(world)
    assert everything() == before


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_the_same_write_changes_something_when_it_can_be_told(world, write):
    """The twin: nothing above passes because the write does nothing."""
    before = everything()
    write(world)
    assert everything() != before


@pytest.mark.parametrize("write", LOGGED.values(), ids=LOGGED)
def test_a_write_is_undone_when_the_log_cannot_be_written(world, write, monkeypatch):
    before = everything()
    monkeypatch.setattr(audit, "log", fail)
    with pytest.raises(CannotWrite):
        write(world)
    assert everything() == before


def test_what_is_taken_out_of_the_house_is_not_given_when_it_cannot_be_logged(
    world, monkeypatch
):
    monkeypatch.setattr(audit, "log", fail)
    with pytest.raises(CannotWrite):
        claims.export(sentral=world.house.sentral, start=NOW, end=LATER, **world.by)
