"""The demo's colleagues: a call that nobody takes goes on to an epikrise with a receipt."""

from datetime import timedelta

import pytest

from tests import make
from varde.apps.records import kept
from varde.apps.records.models import (
    Attendance,
    Call,
    ClinicalNote,
    Contact,
    Mission,
    Outcome,
    WorkSession,
)
from varde.apps.sentral.services import closing
from varde.config.colleagues.working import answer_mail, once


NOW = make.NOW


@pytest.fixture
def house(db, monkeypatch):
    monkeypatch.setattr(kept, "KEPT_S", 600)
    made = make.house()
    place = make.place(of=made.vefsn, minutes={made.elv: 10})
    make.patient(of=made.inner, phone="90000001", municipality=made.vefsn, place=place)
    start = NOW - timedelta(hours=1)
    nurse = make.nurse(at=made.elv)
    doctor = make.user("elvelege", roles=["doctor"], at=made.elv)
    second = make.user("ute", roles=["doctor"], at=made.elv)
    for person, post, where in (
        (made.kari, "operator", made.sentral),
        (made.leader, "shift_leader", made.sentral),
        (nurse, "nurse", made.elv),
        (doctor, "konsultasjonsvakt", made.elv),
        (second, "beredskapsvakt", made.elv),
    ):
        make.duty(person, post, at=where, starts_at=start, hours=12)
    return made


def work(tmp_path, *, minutes, start=NOW, step=2):
    told = []
    for minute in range(0, minutes, step):
        once(
            sentral="HEL",
            pace=1.0,
            seed=3,
            mail=tmp_path,
            now=lambda m=minute: start + timedelta(minutes=m),
            say=told.append,
        )
    return told


def test_a_call_that_nobody_takes_is_answered_judged_and_closed(house, tmp_path):
    call = make.call(ringing_at=NOW, caller_number="90000001")
    work(tmp_path, minutes=2, step=1)
    call.refresh_from_db()
    assert call.owner == house.kari
    work(tmp_path, minutes=12, start=NOW + timedelta(minutes=2))
    contact = Contact.objects.get(channel="phone")
    assert contact.state != "open"
    assert contact.hastegrad_phone
    assert contact.outcomes.exists()


def test_a_patient_goes_from_the_door_to_a_signed_note(house, tmp_path):
    contact = house.contact(
        hastegrad_phone="haster",
        patient=make.patient(of=house.inner),
        reason_code="R74",
        consent_fastlege=True,
    )
    Outcome.objects.create(
        contact=contact,
        district=contact.district,
        kind="attendance",
        station=house.elv,
        created_at=NOW,
        created_by=house.kari,
        promised_at=NOW + timedelta(minutes=10),
        owner_role="doctor",
        owner=house.kari,
        due_at=NOW + timedelta(minutes=10),
    )
    closing.close(contact_id=contact.pk, by=house.kari, at=NOW)
    told = work(tmp_path, minutes=90, step=3)
    row = Attendance.objects.filter(contact=contact).get()
    assert row.ended_at is not None
    assert row.looks.exists()
    assert ClinicalNote.objects.get(contact=contact).state == "signed"
    assert any("ventet pasient er kommet" in sentence for sentence in told)


def test_a_home_visit_is_driven_and_ended(house, tmp_path):
    contact = house.contact(patient=make.patient(of=house.inner))
    Outcome.objects.create(
        contact=contact,
        district=contact.district,
        kind="home_visit",
        station=house.elv,
        created_at=NOW,
        created_by=house.kari,
    )
    work(tmp_path, minutes=72, step=6)
    mission = Mission.objects.get()
    assert mission.presses.count() == 4
    assert mission.ended_at is not None
    assert Outcome.objects.get(kind="home_visit").state == "done"


def test_one_who_sits_at_a_screen_is_left_alone(house, tmp_path):
    for person in (house.kari, house.leader):
        WorkSession.objects.create(user=person, began_at=NOW, used_at=NOW)
    make.call(ringing_at=NOW - timedelta(minutes=3))
    work(tmp_path, minutes=2, step=1)
    assert Call.objects.get().owner is None


def test_each_message_gets_one_receipt(tmp_path):
    out = tmp_path / "utboks" / "fastlege"
    out.mkdir(parents=True)
    (out / "epikrise-1-v1.txt").write_text("x")
    assert (answer_mail(tmp_path), answer_mail(tmp_path)) == (1, 0)
    assert (tmp_path / "innboks" / "fastlege" / "epikrise-1-v1.json").exists()
