"""The doctor at the station: take, give back, hand over, finish, and the two pages."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import make
from varde.apps.records.models import (
    Attendance,
    AuditEntry,
    Contact,
    ContactEvent,
    DoctorEvent,
    DoctorQuestion,
    Outcome,
    VitalSigns,
)
from varde.apps.sentral.services import doctor as behind
from varde.apps.station.queries import doctor_states as states
from varde.apps.station.services import doctor_states, doctors, orders
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


def on_call(username, post="konsultasjonsvakt", *, at, starts_at=None, **names):
    """A doctor at the station, on duty there."""
    person = make.user(username, roles=["doctor"], at=at, **names)
    make.duty(person, post, at=at, starts_at=starts_at, hours=12)
    return person


@pytest.fixture
def lise(station):
    return on_call("lise", at=station, first_name="Lise", last_name="Lund")


@pytest.fixture
def bo(station):
    return on_call(
        "bo", "beredskapsvakt", at=station, first_name="Bo", last_name="Berg"
    )


def doing(station, user, *, at=LATER):
    found = states.on_duty(make.place_of(station), now=at)
    return states.own(found, user.pk).state.activity


def level(attendance, code):
    Contact.objects.filter(pk=attendance.contact_id).update(hastegrad_arrival=code)


def refused(act, **values):
    with pytest.raises(RuleBroken) as caught:
        act(**values)
    return caught.value


def kinds(attendance):
    events = ContactEvent.objects.filter(contact=attendance.contact_id)
    return list(events.order_by("pk").values_list("kind", flat=True))


# What a doctor does with a patient


def test_a_doctor_takes_a_patient_and_is_with_the_patient_from_then(station, lise):
    row = make.attendance(at=station)
    doctors.take(attendance_id=row.pk, by=lise, at=NOW)
    row.refresh_from_db()
    assert (row.doctor, row.taken_at, row.first_doctor_at) == (lise, NOW, NOW)
    assert doing(station, lise) is DoctorActivity.WITH_PATIENT
    doctors.take(attendance_id=row.pk, by=lise, at=LATER)
    row.refresh_from_db()
    assert row.taken_at == NOW
    assert kinds(row) == ["doctor_took"]


def test_who_comes_second_sees_who_has_the_patient(station, lise, bo):
    row = make.attendance(at=station)
    doctors.take(attendance_id=row.pk, by=lise, at=NOW)
    told = refused(doctors.take, attendance_id=row.pk, by=bo, at=LATER)
    assert (told.rule, told.values["owner"]) == (Rule.OWNED_BY_ANOTHER, "Lise Lund")
    assert doing(station, bo) is DoctorActivity.UNKNOWN


def test_only_a_doctor_takes_a_patient(station):
    row = make.attendance(at=station)
    told = refused(doctors.take, attendance_id=row.pk, by=make.nurse(), at=NOW)
    assert told.rule is Rule.DOCTOR_NEEDED


def test_given_back_the_patient_waits_and_the_doctor_is_free(station, lise):
    row = make.attendance(at=station)
    doctors.take(attendance_id=row.pk, by=lise, at=NOW)
    doctors.give_back(attendance_id=row.pk, by=lise, at=LATER)
    row.refresh_from_db()
    assert (row.doctor, row.taken_at, row.first_doctor_at) == (None, None, NOW)
    assert doing(station, lise) is DoctorActivity.FREE


def test_a_red_patient_is_not_put_back_in_a_queue(station, lise):
    row = make.attendance(at=station)
    level(row, "rod")
    doctors.take(attendance_id=row.pk, by=lise, at=NOW)
    told = refused(doctors.give_back, attendance_id=row.pk, by=lise, at=LATER)
    assert told.rule is Rule.RED_NEEDS_A_DOCTOR
    level(row, "oransje")
    assert doctors.give_back(attendance_id=row.pk, by=lise, at=LATER).doctor is None


def test_handed_over_the_colleague_has_the_patient_at_once(station, lise, bo):
    row = make.attendance(at=station)
    doctors.take(attendance_id=row.pk, by=lise, at=NOW)
    doctors.hand_over(attendance_id=row.pk, to_id=bo.pk, by=lise, at=LATER)
    row.refresh_from_db()
    assert (row.doctor, row.taken_at, row.first_doctor_at) == (bo, LATER, NOW)
    assert doing(station, lise) is DoctorActivity.FREE
    assert doing(station, bo) is DoctorActivity.WITH_PATIENT
    told = refused(doctors.finish, attendance_id=row.pk, end="treated", note="",
                   by=lise, at=LATER)  # fmt: skip
    assert (told.rule, told.values["owner"]) == (Rule.NOT_YOURS, "Bo Berg")


def test_a_patient_is_handed_over_only_to_a_colleague_on_duty_here(station, lise):
    row = make.attendance(at=station)
    away = make.user("borte", roles=["doctor"], at=station)
    doctors.take(attendance_id=row.pk, by=lise, at=NOW)
    for to in (away.pk, lise.pk, None):
        told = refused(
            doctors.hand_over, attendance_id=row.pk, to_id=to, by=lise, at=LATER
        )
        assert told.rule is Rule.COLLEAGUE_NOT_ON_DUTY
    row.refresh_from_db()
    assert row.doctor == lise


def test_finished_the_patient_is_gone_and_all_that_stood_open_is_settled(station, lise):
    row = make.attendance(at=station)
    promise = Outcome.objects.create(
        contact=row.contact, district=row.district, kind="attendance",
        created_at=NOW, created_by=lise, station=station,
    )  # fmt: skip
    doctors.take(attendance_id=row.pk, by=lise, at=NOW)
    doctors.finish(
        attendance_id=row.pk, end="treated", note="Resept", by=lise, at=LATER
    )
    row.refresh_from_db()
    promise.refresh_from_db()
    assert (row.ended_at, row.ended_by, row.end, row.end_note) == (
        *(LATER, lise, "treated", "Resept"),
    )
    assert row.doctor == lise  # whose patient it was is kept
    assert promise.state == "done"
    assert Contact.objects.get(pk=row.contact_id).state == "closed"
    assert doing(station, lise) is DoctorActivity.FREE
    told = refused(doctors.take, attendance_id=row.pk, by=lise, at=LATER)
    assert told.rule is Rule.ATTENDANCE_IS_OVER


@pytest.mark.parametrize(
    ("hastegrad", "end", "note", "is_refused"),
    [
        ("rod", "treated", "", True),
        ("rod", "left", " ", True),
        ("rod", "treated", "Døde 03.10", False),
        ("rod", "sent_on", "", False),
        ("rod", "bed", "", False),
        ("oransje", "treated", "", False),
        ("", "advice", "", False),
    ],
)
def test_a_patient_who_is_still_red_goes_on_or_it_is_said_why(
    station, lise, hastegrad, end, note, is_refused
):
    row = make.attendance(at=station)
    level(row, hastegrad)
    doctors.take(attendance_id=row.pk, by=lise, at=NOW)
    values = {"attendance_id": row.pk, "end": end, "note": note, "by": lise, "at": NOW}
    if is_refused:
        assert refused(doctors.finish, **values).rule is Rule.RED_CANNOT_END_SO
    else:
        assert doctors.finish(**values).end == end


def test_a_patient_is_not_finished_before_the_tests_are_answered_and_seen(
    station, lise
):
    row = make.attendance(at=station)
    doctors.take(attendance_id=row.pk, by=lise, at=NOW)
    (crp, hb) = orders.place(
        attendance_id=row.pk, codes=["crp", "hb"], note="", by=lise, at=NOW
    )
    values = {"attendance_id": row.pk, "end": "treated", "note": "", "by": lise}
    told = refused(doctors.finish, at=NOW, **values)
    assert (told.rule, told.values["tests"]) == (Rule.ORDERS_ARE_OPEN, "CRP, Hb")
    orders.cancel(order_id=hb.pk, why="Ikke nødvendig", by=lise, at=NOW)
    orders.answer(order_id=crp.pk, values={"crp": "42"}, by=make.nurse(), at=NOW)
    told = refused(doctors.finish, at=NOW, **values)
    assert (told.rule, told.values["tests"]) == (Rule.RESULTS_NOT_SEEN, "CRP")
    assert orders.seen(attendance_id=row.pk, by=make.nurse(), at=NOW) == 0
    assert orders.seen(attendance_id=row.pk, by=lise, at=NOW) == 1
    assert doctors.finish(at=LATER, **values).ended_at == LATER


# What the doctors do


@pytest.mark.parametrize(
    ("doing_now", "shown"),
    [
        ("free", DoctorActivity.FREE),
        ("driving", DoctorActivity.DRIVING),
        ("out", DoctorActivity.OUT),
        ("resting", DoctorActivity.RESTING),
        ("on_phone", DoctorActivity.ON_PHONE),
    ],
)
def test_a_doctor_says_what_she_does_with_one_press(station, lise, doing_now, shown):
    values = {
        "place": make.place_of(station),
        "sentral_id": make.sentral().pk,
        "by": lise,
    }
    assert doing(station, lise) is DoctorActivity.UNKNOWN
    doctor_states.say(doing=doing_now, at=NOW, **values)
    doctor_states.say(doing=doing_now, at=NOW, **values)
    assert doing(station, lise) is shown
    assert DoctorEvent.objects.count() == 1
    assert AuditEntry.objects.filter(what="doctor_says").count() == 2


def test_who_is_not_on_duty_says_nothing(station, lise):
    away = make.user("borte", roles=["doctor"], at=station)
    values = {"place": make.place_of(station), "sentral_id": 1, "at": NOW}
    told = refused(doctor_states.say, doing="free", by=away, **values)
    assert told.rule is Rule.NOT_ON_DUTY
    told = refused(doctor_states.say, doing="with_patient", by=lise, **values)
    assert told.rule is Rule.FIELD_NOT_VALID


def test_presses_that_come_late_and_twice_give_the_state_that_was(station, lise):
    """What the car sends after 20 minutes without net, in any order."""
    values = {"doctor": lise, "ref": "mission:7", "by": lise, "sentral_id": 1}
    out = DoctorActivity.OUT
    for minute in (9, 3, 9):
        doctor_states.began(
            activity=out if minute == 9 else DoctorActivity.DRIVING,
            at=NOW + timedelta(minutes=minute), event_id=f"e{minute}", **values,
        )  # fmt: skip
    assert DoctorEvent.objects.count() == 2
    assert doing(station, lise, at=NOW + timedelta(minutes=5)) is DoctorActivity.DRIVING
    assert doing(station, lise, at=NOW + timedelta(minutes=9)) is out
    doctor_states.ended(activity=out, at=NOW + timedelta(minutes=30), **values)
    assert doing(station, lise, at=NOW + timedelta(minutes=30)) is DoctorActivity.FREE


def test_to_answer_a_question_is_a_sign_of_life(station, lise):
    contact = make.contact(district=station.district)
    question = DoctorQuestion.objects.create(
        contact=contact, district=contact.district, asked_by=lise, question="?",
        asked_at=NOW,
    )  # fmt: skip
    behind.answer(question_id=question.pk, text="Ja", by=lise, at=NOW)
    assert doing(station, lise) is DoctorActivity.FREE


def test_the_doctors_stand_by_tier_and_a_forvakt_receives_patients(station, lise, bo):
    on_call("fo", "forvakt", at=station, first_name="Ada")
    make.duty(lise, "bakvakt", at=make.sentral())
    back = make.user("ba", roles=["doctor"], first_name="Åse")
    make.duty(back, "bakvakt", at=make.sentral())
    found = states.on_duty(make.place_of(station), now=NOW)
    assert [(one.name.split()[0], one.tier.value) for one in found] == [
        ("Ada", "konsultasjonsvakt"),
        ("Lise", "konsultasjonsvakt"),
        ("Bo", "beredskapsvakt"),
        ("Åse", "bakvakt"),
    ]


# The pages


@pytest.fixture
def here(station, client):
    """Lise, on duty now, logged in."""
    person = on_call(
        "lise", at=station, starts_at=timezone.now() - timedelta(hours=1),
        first_name="Lise", last_name="Lund",
    )  # fmt: skip
    client.force_login(person)
    return person


def names(text, *rows):
    return [text.index(row.contact.patient.family_name) for row in rows]


def test_the_list_has_the_red_first_then_mine_then_those_who_wait(
    station, here, client
):
    now = timezone.now()
    waits = make.attendance(at=station, arrived_at=now - timedelta(hours=2))
    level(waits, "bla")
    mine = make.attendance(at=station, arrived_at=now)
    red = make.attendance(at=station, arrived_at=now)
    level(red, "rod")
    doctors.take(attendance_id=mine.pk, by=here, at=now)
    text = client.get("/stasjon/lege/").content.decode()
    body = text[text.index("<h1>") :]
    assert names(body, red, mine, waits) == sorted(names(body, red, mine, waits))
    assert f"Rød pasient {red.ticket}: ingen lege har tatt" in " ".join(text.split())
    doctors.take(attendance_id=red.pk, by=here, at=now)
    text = client.get("/stasjon/lege/").content.decode()
    assert "ingen lege har tatt" not in text


def test_who_gets_a_patient_sees_who_handed_over(station, here, client):
    now = timezone.now()
    bo = on_call("bo", at=station, starts_at=now - timedelta(hours=1), first_name="Bo")
    row = make.attendance(at=station, arrived_at=now)
    doctors.take(attendance_id=row.pk, by=bo, at=now)
    assert "Overlevert av" not in client.get("/stasjon/lege/").content.decode()
    doctors.hand_over(attendance_id=row.pk, to_id=here.pk, by=bo, at=now)
    assert "Overlevert av Bo" in client.get("/stasjon/lege/").content.decode()


def test_the_doctor_reads_on_the_page_what_was_told_measured_and_found(
    station, here, client
):
    now = timezone.now()
    row = make.attendance(at=station, arrived_at=now)
    Contact.objects.filter(pk=row.contact_id).update(
        narrative="Vondt i brystet", advice_given="Ligg stille", is_pregnant=True
    )
    VitalSigns.objects.create(
        contact=row.contact, district=row.district, news2=7, by=here,
        values={"pulse": 118, "on_oxygen": True, "temperature_c": 38.4,
                "news2": {"band": "high"}},
        occurred_at=now, recorded_at=now,
    )  # fmt: skip
    doctors.take(attendance_id=row.pk, by=here, at=now)
    (crp,) = orders.place(attendance_id=row.pk, codes=["crp"], note="", by=here, at=now)
    orders.answer(order_id=crp.pk, values={"crp": "<5"}, by=here, at=now)
    assert "svar er kommet" in client.get("/stasjon/lege/").content.decode()
    text = client.get(f"/stasjon/lege/{row.pk}/").content.decode()
    for words in ("Vondt i brystet", "Ligg stille", "gravid", "118", "38,4", "oksygen",
                  "høy risiko", "&lt;5 mg/L", "nytt"):  # fmt: skip
        assert words in text, words
    assert AuditEntry.objects.filter(what="doctor_patient", kind="read").count() == 1
    crp.refresh_from_db()
    assert crp.seen_by == here
    assert "svar er kommet" not in client.get("/stasjon/lege/").content.decode()


def test_a_colleague_who_opens_the_page_has_not_seen_the_results_for_the_doctor(
    station, here, client
):
    now = timezone.now()
    bo = on_call("bo", at=station, starts_at=now - timedelta(hours=1))
    row = make.attendance(at=station, arrived_at=now)
    doctors.take(attendance_id=row.pk, by=bo, at=now)
    (crp,) = orders.place(attendance_id=row.pk, codes=["crp"], note="", by=bo, at=now)
    orders.answer(order_id=crp.pk, values={"crp": "7"}, by=bo, at=now)
    assert client.get(f"/stasjon/lege/{row.pk}/").status_code == 200
    crp.refresh_from_db()
    assert crp.seen_at is None


def test_a_refusal_stands_on_the_page_and_keeps_what_was_typed(station, here, client):
    row = make.attendance(at=station, arrived_at=timezone.now())
    client.post(f"/stasjon/lege/{row.pk}/ta/")
    client.post(f"/stasjon/lege/{row.pk}/bestill/", {"tests": ["crp"]})
    answer = client.post(
        f"/stasjon/lege/{row.pk}/ferdig/",
        {"end": "treated", "end_note": "Hviler hjemme"},
    )
    text = answer.content.decode()
    assert answer.status_code == 200
    assert 'role="alert">Det mangler svar på CRP' in text
    assert "Hviler hjemme" in text
    assert Attendance.objects.get(pk=row.pk).ended_at is None


def test_a_press_on_the_page_does_what_it_says(station, here, client):
    row = make.attendance(at=station, arrived_at=timezone.now())
    taken = client.post(f"/stasjon/lege/{row.pk}/ta/")
    assert taken.headers["Location"] == f"/stasjon/lege/{row.pk}/"
    assert client.post(f"/stasjon/lege/{row.pk}/tilbake/").status_code == 302
    assert Attendance.objects.get(pk=row.pk).doctor is None
    assert client.post("/stasjon/lege/si/", {"doing": "resting"}).status_code == 302
    assert "hviler" in client.get("/stasjon/lege/").content.decode()
    client.post(f"/stasjon/lege/{row.pk}/ta/")
    done = client.post(f"/stasjon/lege/{row.pk}/ferdig/", {"end": "advice"})
    assert done.headers["Location"] == "/stasjon/lege/"
    assert Attendance.objects.get(pk=row.pk).end == "advice"


def queries(client, path):
    client.get(path)  # what is remembered for seconds is so
    with CaptureQueriesContext(connection) as caught:
        assert client.get(path).status_code == 200
    return len(caught)


def test_the_number_of_queries_does_not_grow_with_the_patients(station, here, client):
    now = timezone.now()

    def one_more():
        mine = make.attendance(at=station, arrived_at=now, by=here)
        make.attendance(at=station, arrived_at=now, by=here)
        doctors.take(attendance_id=mine.pk, by=here, at=now)
        rows = orders.place(
            attendance_id=mine.pk, codes=["crp", "hb"], note="", by=here, at=now
        )
        orders.answer(order_id=rows[0].pk, values={"crp": "7"}, by=here, at=now)
        VitalSigns.objects.create(
            contact=mine.contact, district=mine.district, values={}, by=here,
            occurred_at=now, recorded_at=now,
        )  # fmt: skip
        return mine

    first = one_more()
    pages = ("/stasjon/lege/", f"/stasjon/lege/{first.pk}/", "/stasjon/prover/")
    few = [queries(client, path) for path in pages]
    for _ in range(5):
        one_more()
    assert [queries(client, path) for path in pages] == few
    assert all(count <= most for count, most in zip(few, (20, 35, 14), strict=True))
