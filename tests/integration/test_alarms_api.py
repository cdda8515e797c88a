"""The alarms' door: what is let in, what is refused, and what the sender is told."""

import json
import time
from datetime import timedelta

import pytest
from django.conf import settings as configured
from django.urls import reverse
from django.utils import timezone

from tests import make
from tests.signed_door import ALARMS
from varde.apps.records.models import (
    Alarm,
    AlarmSignal,
    AuditEntry,
    Contact,
    SentralDistrict,
)
from varde.engines.telephony import signature


pytestmark = pytest.mark.django_db
ADDRESS = ALARMS.address
send, refusals = ALARMS.send, ALARMS.refusals


@pytest.fixture(autouse=True)
def sentral():
    make.settings()
    ALARMS.forget_senders()
    return make.sentral()


def told(**fields):
    return {
        "alarm_id": "a1",
        "event_id": "e1",
        "sentral": "HEL",
        "kind": "raised",
        "occurred_at": timezone.now().isoformat(),
    } | fields


def ask(client, address=f"{ADDRESS}/a1?sentral=HEL", *, sign=None):
    signed = ALARMS.sign(f"GET {sign or address}".encode())
    return client.get(address, headers={signature.HEADER: signed})


def test_the_address_is_the_one_that_the_handbook_names():
    assert reverse("api:alarm_signals") == ADDRESS
    assert reverse("api:alarm_state", args=["a1"]) == f"{ADDRESS}/a1"


def test_an_alarm_is_taken_in_whole_and_receipted(client):
    answer = send(
        client,
        told(
            device="fall",
            place="Øvre Ås gård",
            callback_number="+47 90 00 00 01",
            national_id=make.national_id(1),
            text="Falt i trappa\nSvarer",
        ),
    )
    assert (answer.status_code, answer.json()) == (
        202,
        {"accepted": 1, "duplicates": 0},
    )
    assert abs(int(answer["X-Varde-Clock-Skew"])) <= 1
    contact = Contact.objects.get()
    assert (contact.channel, contact.owner, contact.callback_number) == (
        "alarm",
        None,
        "90000001",
    )
    assert (contact.whereabouts, contact.narrative) == (
        "Øvre Ås gård",
        "Falt i trappa\nSvarer",
    )
    assert contact.patient.national_id == make.national_id(1)


def test_a_list_is_taken_in_and_a_second_time_changes_nothing(client):
    many = [told(alarm_id=f"a{number}") for number in range(20)]
    assert send(client, many).json() == {"accepted": 20, "duplicates": 0}
    assert send(client, many).json() == {"accepted": 0, "duplicates": 20}
    assert Alarm.objects.count() == Contact.objects.count() == 20


def test_a_patient_of_a_served_district_is_found_and_the_contact_goes_there(client):
    served = make.district("ytre", "Ytre distrikt")
    SentralDistrict.objects.create(
        sentral=make.sentral(), district=served, valid_from=make.LONG_AGO
    )
    place = make.municipality("1820", "Alstahaug")
    make.station("ytre", of=served, serves=[place])
    patient = make.patient(
        of=served, national_id=make.national_id(1), municipality=place
    )
    assert send(client, told(national_id=patient.national_id)).status_code == 202
    contact = Contact.objects.get()
    assert (contact.patient, contact.district) == (patient, served)
    assert Alarm.objects.get().district == served
    again = send(client, told(event_id="e2", kind="repeated"))
    assert again.json() == {"accepted": 1, "duplicates": 0}
    assert AlarmSignal.objects.filter(district=served).count() == 2


@pytest.mark.parametrize(
    ("what", "status", "code"),
    [
        (b"{", 400, "not_json"),
        (b"", 422, "not_as_described"),
        (b"null", 422, "not_as_described"),
        (b"[]", 422, "not_as_described"),
        ([{"alarm_id": "a"}] * 101, 422, "not_as_described"),
        ({"kind": "answered"}, 422, "not_as_described"),
        ({"device": "toaster"}, 422, "not_as_described"),
        ({"alarm_id": "a/b"}, 422, "not_as_described"),
        ({"national_id": "1"}, 422, "not_as_described"),
        ({"text": "a\x00b"}, 422, "not_as_described"),
        ({"place": "\ud800"}, 422, "not_as_described"),
        ({"place": "x" * 201}, 422, "not_as_described"),
        ({"callback_number": "sip:kari@example.no"}, 422, "not_as_described"),
        ({"occurred_at": 1_795_000_000}, 422, "not_as_described"),
        ({"occurred_at": "2026-11-20T12:00:00"}, 422, "not_as_described"),
        ({"occurred_at": "0001-01-01T00:00:00+14:00"}, 422, "moment_out_of_range"),
        ({"occurred_at": "9999-12-31T23:59:59-14:00"}, 422, "moment_out_of_range"),
        ({"ekstra": "x"}, 422, "not_as_described"),
        ({"sentral": "NO"}, 404, "no_such_sentral"),
    ],
)
def test_what_is_not_as_described_is_refused_with_a_sentence_and_counted(
    client, what, status, code
):
    answer = send(client, told(**what) if isinstance(what, dict) else what)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer["Content-Type"] == "application/problem+json"
    assert "Nothing was taken in." in answer.json()["cure"]
    assert refusals() == [(status, code)]
    assert not Alarm.objects.exists()


def test_a_refusal_repeats_nothing_of_what_was_sent(client):
    problem = send(client, told(callback_number="Ola Nordmann 99887766")).json()
    stored = AuditEntry.objects.get(what="alarm_refused")
    assert [fault["where"] for fault in problem["faults"]] == ["callback_number"]
    assert "Nordmann" not in json.dumps(problem) + json.dumps(stored.data)


def test_the_telephones_secret_does_not_open_this_door(client):
    answer = send(client, told(), secret=configured.TELEPHONY_SECRET)
    assert (answer.status_code, answer.json()["code"]) == (401, "signature_wrong")
    assert refusals() == [(401, "signature_wrong")]


def test_a_message_sent_again_later_is_refused_by_the_dated_window(client):
    answer = send(client, told(), t=int(time.time()) - 1000)
    assert (answer.status_code, answer.json()["code"]) == (401, "signature_too_old")
    assert "the sender's clock is 1000 s behind ours" in answer.json()["cure"]
    make.decide("alarm.replay_window_s", 2000)
    assert send(client, told(), t=int(time.time()) - 1000).status_code == 202


def test_more_messages_than_the_setting_allows_must_wait(client):
    make.decide("alarm.messages_per_min", 2)
    answers = [send(client, told(event_id=str(n))).status_code for n in range(3)]
    assert answers == [202, 202, 429]
    assert AlarmSignal.objects.count() == 2


def test_a_stranger_cannot_fill_the_log(client):
    make.decide("alarm.refused_per_min", 2)
    answers = [send(client, told(), secret="x").status_code for _ in range(4)]
    assert answers == [401, 401, 429, 429]
    assert len(refusals()) == 2


def test_what_is_too_old_is_refused_and_the_sender_is_told_to_ring(client):
    old = (timezone.now() - timedelta(days=1, seconds=5)).isoformat()
    assert "Ring the sentral" in send(client, told(occurred_at=old)).json()["cure"]


# ------------------------------------------------------------------ how far it has come


def test_the_sender_is_told_how_far_it_has_come_and_the_question_is_logged(client):
    send(client, told(national_id=make.national_id(1)))
    answer = ask(client)
    assert (answer.status_code, answer.json()["state"]) == (200, "received")
    contact = Contact.objects.get()
    read = AuditEntry.objects.get(what="alarm_state")
    assert (read.kind, read.contact_id, read.patient_id) == (
        "read",
        contact.pk,
        contact.patient_id,
    )
    Contact.objects.update(state="closed", closed_at=timezone.now())
    found = ask(client).json()
    assert (found["state"], found["done"], found["taken_at"]) == (
        "closed",
        ["none"],
        None,
    )
    assert set(found) == {
        "alarm_id",
        "state",
        "received_at",
        "taken_at",
        "closed_at",
        "done",
    }


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        (f"{ADDRESS}/a2?sentral=HEL", 404, "no_such_alarm"),
        (f"{ADDRESS}/a1?sentral=NO", 404, "no_such_alarm"),
        (f"{ADDRESS}/a1", 422, "not_as_described"),
        (f"{ADDRESS}/{'a' * 81}?sentral=HEL", 422, "not_as_described"),
    ],
)
def test_what_is_not_there_is_not_there(client, address, status, code):
    send(client, told())
    answer = ask(client, address)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_signature_for_one_alarm_does_not_open_another(client):
    send(client, [told(), told(alarm_id="a2")])
    other = f"{ADDRESS}/a2?sentral=HEL"
    assert ask(client, other).status_code == 200
    assert ask(client, other, sign=f"{ADDRESS}/a1?sentral=HEL").status_code == 401
