"""Samtidighetskonflikt: found, told, proposed for, solved and counted."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import make
from varde.apps.records import events, kept
from varde.apps.records.models import (
    Attendance,
    AuditEntry,
    Conflict,
    Contact,
    ContactEvent,
    DatedSetting,
    Outcome,
)
from varde.apps.sentral.services import outcomes
from varde.apps.station.queries import conflicts as queries
from varde.apps.station.services import conflicts, doctor_states, doctors
from varde.config import clock
from varde.domain.doctor_state import DoctorActivity
from varde.domain.errors import Rule, RuleBroken


pytestmark = pytest.mark.django_db
NOW = make.NOW
LATER = NOW + timedelta(minutes=10)


@pytest.fixture
def station():
    make.settings()
    make.sentral()
    return make.station()


def on_call(username, post="konsultasjonsvakt", *, at, free=True, **names):
    person = make.user(username, roles=["doctor"], at=at, **names)
    make.duty(person, post, at=at)
    if free:
        say(person, "free", at=at)
    return person


def say(person, doing, *, at, when=NOW - timedelta(minutes=30)):
    doctor_states.say(
        place=make.place_of(at),
        sentral_id=make.sentral().pk,
        doing=doing,
        by=person,
        at=when,
    )


def red(station, **fields):
    row = make.attendance(at=station, **fields)
    Contact.objects.filter(pk=row.contact_id).update(hastegrad_arrival="rod")
    return row


def look(row, at=NOW):
    return conflicts.detect(contact_id=row.contact_id, at=at)


def test_a_red_patient_is_no_conflict_while_a_doctor_can_go(station):
    on_call("lise", at=station)
    assert look(red(station)) == 0
    assert not Conflict.objects.exists()


def test_it_is_a_conflict_when_the_only_doctor_is_with_a_patient(station):
    lise = on_call("lise", at=station)
    other = make.attendance(at=station)
    doctors.take(attendance_id=other.pk, by=lise, at=NOW)
    row = red(station)
    assert look(row) == 1
    found = Conflict.objects.get()
    assert (found.need, found.contact_id) == ("red_patient", row.contact_id)
    assert found.doctors == [{"doctor": lise.pk, "why": "bound"}]
    event = ContactEvent.objects.get(kind="conflict_found")
    assert event.data == {"need": "red_patient", "station": station.pk, "doctors": 1}


@pytest.mark.parametrize(
    ("free", "reachable", "is_conflict"),
    [(False, True, True), (True, False, True), (True, True, False)],
)
def test_one_of_whom_nobody_knows_or_who_cannot_be_reached_does_not_count(
    station, free, reachable, is_conflict
):
    lise = on_call("lise", at=station, free=free)
    lise.duties.update(is_reachable=reachable)
    assert bool(look(red(station))) is is_conflict


def test_nobody_on_duty_is_a_conflict_and_a_free_bakvakt_does_not_undo_it(station):
    on_call("ba", "bakvakt", at=station)
    assert look(red(station)) == 1


def test_the_second_tier_goes_to_the_first_red_and_the_next_is_a_conflict(station):
    on_call("bo", "beredskapsvakt", at=station)
    first = red(station)
    second = red(station, arrived_at=NOW + timedelta(minutes=1))
    assert (look(first, LATER), look(second, LATER)) == (0, 1)
    assert Conflict.objects.get().contact_id == second.contact_id


def test_a_need_is_one_conflict_however_often_one_looks(station):
    row = red(station)
    assert [look(row), look(row), conflicts.detect_due(at=LATER)] == [1, 0, 0]
    assert Conflict.objects.count() == 1


@pytest.mark.parametrize(
    ("phone", "arrival", "is_need"),
    [("akutt", "", True), ("akutt", "gul", False), ("haster", "", False),
     ("", "", False), ("vanlig", "rod", True)],
)  # fmt: skip
def test_akutt_on_the_telephone_counts_until_somebody_judges_at_arrival(
    station, phone, arrival, is_need
):
    row = make.attendance(at=station)
    Contact.objects.filter(pk=row.contact_id).update(
        hastegrad_phone=phone, hastegrad_arrival=arrival
    )
    assert bool(look(row)) is is_need


def call_out(station, *, at=NOW, **fields):
    contact = make.contact(district=station.district, opened_at=at)
    return Outcome.objects.create(
        contact=contact, district=station.district, kind="call_out", created_at=at,
        created_by=make.operator(), **fields,
    )  # fmt: skip


def test_the_clock_finds_the_call_out_that_the_sentral_decided(station, monkeypatch):
    """The sentral does not know of the station: nobody calls `detect` for it."""
    contact = make.contact(district=station.district)
    outcomes.add(contact_id=contact.pk, kind="call_out", by=make.operator(), at=NOW)
    duty = "varde.apps.station.services.conflicts.detect_due"
    assert duty in clock.DUTIES
    monkeypatch.setattr(clock, "DUTIES", [duty])
    clock.tick(at=LATER)
    found = Conflict.objects.get()
    assert (found.need, found.contact, found.station) == ("call_out", contact, station)


def test_a_promise_to_one_who_became_akutt_is_the_same_need_when_the_patient_comes(
    station,
):
    contact = make.contact(district=station.district, hastegrad_phone="akutt")
    promise = Outcome.objects.create(
        contact=contact, district=station.district, kind="attendance", station=station,
        created_at=NOW, created_by=make.operator(),
    )  # fmt: skip
    assert conflicts.detect(contact_id=contact.pk, at=NOW) == 1
    Outcome.objects.filter(pk=promise.pk).update(state="done")
    Attendance.objects.filter(pk=make.attendance(contact, at=station).pk).update(
        outcome=promise
    )
    assert conflicts.detect_due(at=LATER) == 0
    assert Conflict.objects.get().solved_at is None


def test_a_forgotten_task_does_not_bind_a_doctor_for_ever(station):
    on_call("lise", at=station)
    call_out(station, at=NOW - timedelta(minutes=241))
    assert look(red(station)) == 0
    call_out(station, at=NOW - timedelta(minutes=239))
    assert look(red(station)) == 1


def test_who_rests_is_woken_unless_the_station_keeps_the_rest(station):
    lise = on_call("lise", at=station)
    say(lise, "resting", at=station, when=NOW - timedelta(minutes=5))
    assert look(red(station)) == 0
    rest = DatedSetting.objects.filter(key="conflict.rest_may_be_broken")
    rest.update(value=False)
    kept.forget()
    assert look(red(station)) == 1
    assert Conflict.objects.get().doctors[0]["why"] == "rest_is_kept"


def test_it_is_closed_when_a_doctor_takes_the_patient(station):
    lise = on_call("lise", at=station, free=False)
    row = red(station)
    look(row)
    doctors.take(attendance_id=row.pk, by=lise, at=LATER)
    found = Conflict.objects.get()
    assert (found.how, found.solved_by, found.solved_at) == (
        *("doctor_took", lise, LATER),
    )


@pytest.mark.parametrize("gone", ["lowered", "left"])
def test_the_clock_closes_it_when_the_need_is_gone(station, gone):
    row = red(station)
    look(row)
    conflicts.detect_due(at=LATER)
    assert Conflict.objects.get().solved_at is None
    if gone == "lowered":
        Contact.objects.filter(pk=row.contact_id).update(hastegrad_arrival="gul")
    else:
        Attendance.objects.filter(pk=row.pk).update(ended_at=NOW, end="left")
    conflicts.detect_due(at=LATER)
    found = Conflict.objects.get()
    assert (found.how, found.solved_by, found.solved_at) == (
        *("need_is_over", None, LATER),
    )


def test_a_call_out_that_a_doctor_has_is_closed_with_that_doctor(station):
    lise = on_call("lise", at=station, free=False)
    outcome = call_out(station)
    assert conflicts.detect_due(at=NOW) == 1
    Outcome.objects.filter(pk=outcome.pk).update(owner=lise)
    conflicts.detect_due(at=LATER)
    found = Conflict.objects.get()
    assert (found.how, found.solved_by) == ("doctor_took", lise)


def test_one_fault_does_not_keep_the_other_conflicts_from_being_found(
    station, monkeypatch, caplog
):
    bad, good = red(station), red(station)
    happened = events.happened

    def fail(*, contact, **values):
        if contact.pk == bad.contact_id:
            raise ValueError("a name that must not be told")
        return happened(contact=contact, **values)

    monkeypatch.setattr(events, "happened", fail)
    assert conflicts.detect_due(at=NOW) == 1
    assert Conflict.objects.get().contact_id == good.contact_id
    assert "must not be told" not in caplog.text


def test_it_is_written_how_it_was_solved_and_by_whom_once(station):
    nora = make.nurse()
    row = red(station)
    look(row)
    found = Conflict.objects.get()
    values = {"conflict_id": found.pk, "by": nora, "at": LATER}
    for how, note in (("other", " "), ("doctor_took", "x"), ("magic", "x")):
        with pytest.raises(RuleBroken) as caught:
            conflicts.solve(how=how, note=note, **values)
        assert caught.value.rule is Rule.FIELD_NOT_VALID
    conflicts.solve(how="neighbour", note="Legen fra strand kom", **values)
    found.refresh_from_db()
    assert (found.how, found.how_note, found.solved_by) == (
        *("neighbour", "Legen fra strand kom", nora),
    )
    event = ContactEvent.objects.get(kind="conflict_solved")
    assert event.data == {"conflict": found.pk, "how": "neighbour", "seconds": 600}
    with pytest.raises(RuleBroken) as caught:
        conflicts.solve(how="amk", note="", **values)
    assert caught.value.rule is Rule.CONFLICT_IS_SOLVED
    assert look(row) == 0


def test_they_are_counted_by_period_by_need_and_by_how(station):
    rows = [red(station) for _ in range(3)]
    for minute, row in enumerate(rows):
        look(row, NOW + timedelta(minutes=minute))
    first, second, _ = Conflict.objects.order_by("found_at")
    for row, minutes in ((first, 10), (second, 31)):
        conflicts.solve(
            conflict_id=row.pk, how="amk", note="", by=make.nurse(),
            at=NOW + timedelta(minutes=minutes),
        )  # fmt: skip
    counted = queries.count([station.pk], start=NOW, end=NOW + timedelta(minutes=2))
    assert (counted.conflicts, counted.unsolved, counted.median_min) == (2, 0, 20)
    assert (counted.by_need, counted.by_how) == ({"red_patient": 2}, {"amk": 2})
    none = queries.count([station.pk], start=LATER, end=LATER)
    assert (none.conflicts, none.median_min) == (0, None)
    assert queries.count([0], start=NOW, end=LATER).conflicts == 0


def test_who_can_help_stands_in_order_with_numbers(station):
    on_call(
        "bo", "beredskapsvakt", at=station, free=False, first_name="Bo", phone="111"
    )
    on_call("ba", "bakvakt", at=station, first_name="Åse", phone="222")
    near = make.station("nabo")
    near.phone = "333"
    near.save()
    kept.forget()
    found = queries.helpers(make.place_of(station), now=NOW)
    assert [(one.who, one.phone) for one in found] == [
        ("Beredskapsvakt", "111"),
        ("Bakvakt", "222"),
        ("Nabolegevakt", "333"),
        ("Ambulanse", "113"),
        ("AMK", "113"),
    ]


def test_the_alarm_stands_on_the_screens_of_both_rooms_without_a_name(station, client):
    now = timezone.now()
    row = red(station, arrived_at=now)
    look(row, now)
    name = row.contact.patient.family_name
    client.force_login(make.nurse())
    text = client.get("/stasjon/konflikter/").content.decode()
    assert "Samtidighetskonflikt: rød pasient" in text
    assert "Ingen lege sto på vakt" in text
    assert name not in text
    client.force_login(make.operator())
    text = client.get("/sentral/tavle/").content.decode()
    assert "Samtidighetskonflikt: rød pasient, Legevakt varden" in text
    assert name not in text


def test_a_nurse_writes_on_the_page_how_it_was_solved(station, client):
    now = timezone.now()
    look(red(station, arrived_at=now), now)
    found = Conflict.objects.get()
    client.force_login(make.nurse())
    text = client.post(
        f"/stasjon/konflikter/{found.pk}/", {"how": "other", "how_note": ""}
    ).content.decode()
    assert 'role="alert">Merknad til hvordan det ble løst' in text
    client.post(f"/stasjon/konflikter/{found.pk}/", {"how": "bakvakt"})
    text = client.get("/stasjon/konflikter/").content.decode()
    assert "Ingen konflikt nå." in text
    assert "Bakvakt kom" in text
    assert AuditEntry.objects.filter(table="records_conflict").exists()


def test_when_it_cannot_be_told_it_is_not_kept(station, monkeypatch):
    row = red(station)

    def fail(*_, **__):
        raise LookupError("the event cannot be written")

    monkeypatch.setattr(events, "happened", fail)
    with pytest.raises(LookupError, match="cannot be written"):
        look(row)
    assert not Conflict.objects.exists()


def test_who_drives_cannot_be_counted_on(station):
    lise = on_call("lise", at=station)
    doctor_states.began(
        doctor=lise, activity=DoctorActivity.DRIVING, ref="mission:1", at=NOW, by=lise,
        sentral_id=make.sentral().pk,
    )  # fmt: skip
    assert look(red(station)) == 1
    assert Conflict.objects.get().doctors[0]["why"] == "no_time_stated"
