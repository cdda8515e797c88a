"""The desk's views: what a person gets for each press, with and without JavaScript."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import make
from varde.apps.records import kept
from varde.apps.records.models import Contact, Outcome
from varde.apps.sentral.queries.age import age_text
from varde.apps.sentral.services import calls, indices
from varde.content import STARTER_INDEX_FILE, starter_index_text


HTMX = {"HX-Request": "true"}


@pytest.fixture
def sentral(db):
    make.settings()
    return make.sentral()


@pytest.fixture
def nurse(sentral):
    return make.operator("kari", first_name="Kari", last_name="Nordvik")


@pytest.fixture
def kari(nurse):
    client = Client()
    client.force_login(nurse)
    return client


@pytest.fixture
def in_hand(sentral, nurse):
    call = make.call(ringing_at=timezone.now(), caller_number="90000001")
    return calls.answer(call_id=call.pk, by=nurse, at=timezone.now())


@pytest.fixture
def index(sentral):
    leader = make.user("overlege", roles=["legevaktoverlege"])
    version = indices.install(
        district=sentral.host_district,
        text=starter_index_text(),
        filename=STARTER_INDEX_FILE,
        by=leader,
        at=timezone.now(),
    )
    indices.approve(version_id=version.pk, comment="", by=leader, at=timezone.now())
    indices.take_into_use(version_id=version.pk, by=leader, at=timezone.now())


def queries_of(client, path):
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(path)
    assert answer.status_code == 200
    return len(seen)


def test_the_desk_takes_as_many_queries_with_thirty_calls_as_with_one(
    kari, nurse, monkeypatch
):
    monkeypatch.setattr(kept, "KEPT_S", 600)  # a busy machine makes the calls slowly
    kept.forget()
    make.call(ringing_at=timezone.now())
    kari.get("/sentral/")
    few = queries_of(kari, "/sentral/")
    for number in range(30):
        make.call(ringing_at=timezone.now(), caller_number=f"9000{number:04d}")
        taken = make.call(ringing_at=timezone.now())
        calls.answer(call_id=taken.pk, by=nurse, at=timezone.now())
    assert queries_of(kari, "/sentral/") == few
    assert few <= 40


def test_a_contact_takes_as_many_queries_with_a_long_history(kari, sentral, index):
    patient = make.patient(birth_date=date(1980, 1, 1))
    own = make.contact(at=sentral, opened_at=timezone.now(), patient=patient)
    path = f"/sentral/kontakt/{own.pk}/"
    make.contact(at=sentral, patient=patient, state="closed", closed_at=make.NOW)
    kari.get(path)
    few = queries_of(kari, path)
    for days in range(25):
        make.contact(
            at=sentral,
            patient=patient,
            opened_at=timezone.now() - timedelta(days=days),
            state="closed",
            closed_at=timezone.now(),
        )
    assert queries_of(kari, path) == few
    assert few <= 75


def test_without_javascript_answering_leads_to_the_contact(kari):
    call = make.call(ringing_at=timezone.now())
    answer = kari.post(f"/sentral/anrop/{call.pk}/svar/")
    contact = Contact.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == f"/sentral/kontakt/{contact.pk}/"


def test_the_one_who_comes_second_is_told_who_has_the_call(kari, sentral):
    other = make.operator("ola", first_name="Ola", last_name="Sørli")
    call = make.call(ringing_at=timezone.now())
    calls.answer(call_id=call.pk, by=other, at=timezone.now())
    answer = kari.post(f"/sentral/anrop/{call.pk}/svar/", headers=HTMX)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert 'role="alert"' in page
    assert "Ola Sørli" in page


def test_a_field_is_saved_by_itself(kari, in_hand):
    path = f"/sentral/kontakt/{in_hand.pk}/felt/"
    assert kari.post(path, {"narrative": "Hoster"}).status_code == 204
    in_hand.refresh_from_db()
    assert in_hand.narrative == "Hoster"


def test_a_field_with_a_fault_says_so_and_changes_nothing(kari, in_hand):
    answer = kari.post(
        f"/sentral/kontakt/{in_hand.pk}/felt/", {"callback_number": "abc"}
    )
    assert answer.status_code == 204
    assert "X-Problem" in answer.headers
    in_hand.refresh_from_db()
    assert in_hand.callback_number == "90000001"


def test_closing_with_things_open_lists_them_and_closes_nothing(kari, in_hand):
    answer = kari.post(f"/sentral/kontakt/{in_hand.pk}/avslutt/", headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "hastegraden er ikke satt" in page.lower()
    in_hand.refresh_from_db()
    assert in_hand.state == "open"


def test_a_general_code_asks_a_second_time(kari, in_hand):
    path = f"/sentral/kontakt/{in_hand.pk}/arsak/"
    asked = kari.post(path, {"code": "A99"}, headers=HTMX).content.decode()
    assert "generell kode" in asked
    in_hand.refresh_from_db()
    assert in_hand.reason_code == ""
    kari.post(path, {"code": "A99", "deliberate": "yes"}, headers=HTMX)
    in_hand.refresh_from_db()
    assert (in_hand.reason_code, in_hand.reason_is_deliberate) == ("A99", True)


def test_an_attendance_is_proposed_a_time_and_then_promised(kari, in_hand, index):
    station = make.station("varden", serves=[make.municipality()])
    base = f"/sentral/kontakt/{in_hand.pk}/"
    kari.post(base + "felt/", {"municipality": "1824"})
    kari.post(base + "hastegrad/", {"hastegrad": "haster"}, headers=HTMX)
    asked = kari.post(base + "tiltak/", {"kind": "attendance"}, headers=HTMX)
    assert "Reisetid" in asked.content.decode()
    form = {"kind": "attendance", "confirmed": "yes", "station": station.pk}
    proposed = kari.post(base + "tiltak/", form | {"travel_min": "20"}, headers=HTMX)
    assert 'name="promised_at"' in proposed.content.decode()
    assert not Outcome.objects.exists()
    at = timezone.localtime(timezone.now() + timedelta(hours=2))
    kari.post(
        base + "tiltak/",
        form | {"travel_min": "20", "promised_at": at.strftime("%Y-%m-%dT%H:%M")},
        headers=HTMX,
    )
    outcome = Outcome.objects.get()
    assert (outcome.kind, outcome.travel_min) == ("attendance", 20)
    assert outcome.promised_at == at.replace(second=0, microsecond=0)


def test_a_red_patient_gets_no_time(kari, in_hand, index):
    make.station("varden", serves=[make.municipality()])
    base = f"/sentral/kontakt/{in_hand.pk}/"
    kari.post(base + "felt/", {"municipality": "1824"})
    kari.post(base + "hastegrad/", {"hastegrad": "akutt"}, headers=HTMX)
    answer = kari.post(base + "tiltak/", {"kind": "attendance"}, headers=HTMX)
    assert (
        "113"
        in re.search(
            r'class="problem" role="alert"[^>]*>([^<]+)', answer.content.decode()
        )[1]
    )
    assert not Outcome.objects.filter(kind="attendance").exists()


def test_another_district_is_not_there(kari, in_hand):
    other = make.sentral("NAB", of=make.district("nab", "Nabo"))
    foreign = make.contact(at=other)
    assert kari.get(f"/sentral/kontakt/{foreign.pk}/").status_code == 404
    assert kari.get("/sentral/kontakt/999999/").status_code == 404
    assert kari.get(f"/sentral/kontakt/{in_hand.pk}/").status_code == 200


@pytest.mark.parametrize(
    ("role", "first"),
    [
        ("operator", "/sentral/"),
        ("shift_leader", "/sentral/"),
        ("doctor", "/sentral/lege/"),
        ("legevaktoverlege", "/sentral/tall/"),
        ("kommuneoverlege", "/sentral/tall/"),
        ("auditor", "/sentral/logg/"),
        ("administrator", "/sentral/folk/"),
    ],
)
def test_everybody_begins_where_their_work_is(sentral, role, first):
    client = Client()
    client.force_login(make.user(f"en-{role}", roles=[role]))
    assert client.get("/")["Location"] == first


def test_somebody_without_a_role_is_told_so(sentral):
    client = Client()
    client.force_login(make.user("ny"))
    answer = client.get("/")
    assert answer.status_code == 200
    assert "ingen rolle" in answer.content.decode()
    assert client.get("/sentral/").status_code == 404


@pytest.mark.parametrize(
    ("born", "text"),
    [
        (date(2026, 11, 20), "0 dager"),
        (date(2026, 11, 19), "1 dag"),
        (date(2026, 10, 21), "30 dager"),
        (date(2026, 10, 20), "1 måned"),
        (date(2024, 11, 21), "23 måneder"),
        (date(2024, 11, 20), "2 år"),
        (date(1926, 11, 21), "99 år"),
    ],
)
def test_the_age_is_said_as_people_say_it(born, text):
    assert age_text(born, None, on=date(2026, 11, 20)) == text


def test_an_age_that_is_a_guess_is_said_to_be_one():
    assert age_text(None, 40, on=date(2026, 11, 20)) == "ca. 40 år"
    assert age_text(None, None, on=date(2026, 11, 20)) == ""


def test_without_javascript_the_one_who_comes_second_is_told_too(kari, sentral):
    other = make.operator("ola", first_name="Ola", last_name="Sørli")
    call = make.call(ringing_at=timezone.now(), caller_number="90000001")
    calls.answer(call_id=call.pk, by=other, at=timezone.now())
    page = kari.post(f"/sentral/anrop/{call.pk}/svar/").content.decode()
    assert "Ola Sørli" in re.search(r'class="problem" role="alert">([^<]+)', page)[1]
