"""The telephone's door: what is let in, what is refused, and what is said then."""

import doctest
import json
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import make
from tests.signed_door import TELEPHONY
from varde.apps.api import telephony_schema
from varde.apps.records.models import (
    AuditEntry,
    Call,
    CallBack,
    Contact,
    SentralDistrict,
    TelephonyEvent,
)


pytestmark = pytest.mark.django_db
ADDRESS = TELEPHONY.address
send, refusals = TELEPHONY.send, TELEPHONY.refusals


@pytest.fixture(autouse=True)
def sentral():
    make.settings()
    TELEPHONY.forget_senders()
    return make.sentral()


def event(**fields):
    return {
        "event_id": "e1",
        "sentral": "HEL",
        "call_id": "c1",
        "kind": "ringing",
        "occurred_at": timezone.now().isoformat(),
    } | fields


def test_the_examples_of_the_docstrings_are_true():
    result = doctest.testmod(telephony_schema)
    assert result.attempted > 0
    assert result.failed == 0


def test_an_event_that_is_signed_is_taken_in_and_receipted(client):
    answer = send(client, event(caller_number="+47 22 33 44 55", line="116117"))
    assert (answer.status_code, answer.json()) == (
        202,
        {"accepted": 1, "duplicates": 0},
    )
    assert abs(int(answer["X-Varde-Clock-Skew"])) <= 1
    call = Call.objects.get()
    assert (call.state, call.caller_number, call.line) == (
        "ringing",
        "22334455",
        "116117",
    )


def test_the_address_is_the_one_that_the_handbook_names():
    assert reverse("api:telephony_events") == ADDRESS


def test_a_list_is_taken_in_whole_and_a_second_time_changes_nothing(client):
    told = [event(event_id=str(n), call_id=f"c{n}") for n in range(100)]
    assert send(client, told).json() == {"accepted": 100, "duplicates": 0}
    assert send(client, told).json() == {"accepted": 0, "duplicates": 100}
    assert TelephonyEvent.objects.count() == Call.objects.count() == 100


def test_events_may_come_in_any_order_and_a_missed_call_is_on_the_list_at_once(client):
    rang = timezone.now() - timedelta(seconds=30)
    gone = rang + timedelta(seconds=20)
    send(client, event(event_id="2", kind="abandoned", occurred_at=gone.isoformat()))
    assert CallBack.objects.get().state == "open"
    send(client, event(event_id="1", occurred_at=rang.isoformat()))
    call = Call.objects.get()
    assert (call.state, call.ringing_at, call.abandoned_at) == ("abandoned", rang, gone)


def test_an_answer_by_a_known_operator_puts_the_call_in_her_hand(client):
    kari = make.operator("kari", operator_code="op 7")
    send(client, [event(), event(event_id="2", kind="answered", operator="op 7")])
    contact = Contact.objects.get()
    assert (contact.owner, Call.objects.get().owner) == (kari, kari)


def test_a_missed_call_whose_contact_has_moved_to_a_served_district_is_no_fault(client):
    """The web role sees no row outside its scope, so the scope must reach that far."""
    served = make.district("ytre", "Ytre distrikt")
    SentralDistrict.objects.create(
        sentral=make.sentral(), district=served, valid_from=make.LONG_AGO
    )
    send(client, event())
    call = Call.objects.get()
    CallBack.objects.create(
        call=call,
        district=served,
        sentral=call.sentral,
        kind="missed",
        created_at=timezone.now(),
        due_at=timezone.now(),
    )
    answer = send(client, event(event_id="2", kind="abandoned"))
    assert answer.status_code == 202
    assert CallBack.objects.count() == 1


def test_one_message_may_tell_of_two_sentraler(client):
    make.sentral("NAB", of=make.district("nord", "Nord"))
    told = [event(), event(sentral="NAB")]
    assert send(client, told).json() == {"accepted": 2, "duplicates": 0}
    assert {call.sentral.code for call in Call.objects.all()} == {"HEL", "NAB"}


def test_the_longest_values_that_are_let_in_can_be_stored(client):
    told = event(
        event_id="e" * 80,
        call_id="c" * 80,
        line="l" * 20,
        caller_number="+" + "1" * 19,
        operator="o" * 40,
        target="t" * 40,
        recording_reference="r" * 200,
        priority=9,
    )
    assert send(client, told).status_code == 202


def test_no_session_and_no_form_token_are_needed(client):
    client.handler.enforce_csrf_checks = True
    assert send(client, event()).status_code == 202


@pytest.mark.parametrize(
    ("told", "status", "code"),
    [
        (b"", 422, "not_as_described"),
        (b"{", 400, "not_json"),
        (b"\xff\xfe{}", 400, "not_json"),
        (b"[" * 100_000, 400, "not_json"),
        (b"9" * 10_000, 400, "not_json"),
        (b"null", 422, "not_as_described"),
        (b"NaN", 422, "not_as_described"),
        (b"[]", 422, "not_as_described"),
        (b"[[]]", 422, "not_as_described"),
        ([event()] * 101, 422, "not_as_described"),
        (event(kind="fault"), 422, "not_as_described"),
        (event(kind=1), 422, "not_as_described"),
        (event(event_id=""), 422, "not_as_described"),
        (event(event_id="x" * 81), 422, "not_as_described"),
        (event(event_id="varde:desk"), 422, "not_as_described"),
        (event(call_id="a b"), 422, "not_as_described"),
        (event(line="a\x00b"), 422, "not_as_described"),
        (event(operator="\ud800"), 422, "not_as_described"),
        (event(priority=10), 422, "not_as_described"),
        (event(priority=-1), 422, "not_as_described"),
        (event(priority=True), 422, "not_as_described"),
        (event(priority="1"), 422, "not_as_described"),
        (event(caller_number="sip:kari@example.no"), 422, "not_as_described"),
        (event(caller_number="+" + "1" * 20), 422, "not_as_described"),
        (event(occurred_at="2026-11-20T12:00:00"), 422, "not_as_described"),
        (event(occurred_at=1_795_000_000), 422, "not_as_described"),
        (event(occurred_at="1795000000"), 422, "not_as_described"),
        (event(occurred_at="0001-01-01T00:00:00+14:00"), 422, "moment_out_of_range"),
        (event(occurred_at="9999-12-31T23:59:59-14:00"), 422, "moment_out_of_range"),
        (event(operatør="op1"), 422, "not_as_described"),
        (event(sentral="NO"), 404, "no_such_sentral"),
        ([event(), event(sentral="NO")], 404, "no_such_sentral"),
    ],
)
def test_what_is_not_as_described_is_refused_counted_and_never_a_server_error(
    client, told, status, code
):
    answer = send(client, told)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer["Content-Type"] == "application/problem+json"
    assert "Nothing was taken in." in answer.json()["cure"]
    assert refusals() == [(status, code)]
    assert not Call.objects.exists()


def test_a_problem_says_where_in_a_list_the_fault_is_and_repeats_nothing_of_it(client):
    told = [event(), event(event_id="2", caller_number="Ola Nordmann 99887766")]
    problem = send(client, told).json()
    assert problem["title"] == "The body has 1 fault(s)."
    assert [fault["where"] for fault in problem["faults"]] == ["1.caller_number"]
    stored = AuditEntry.objects.get(what="telephony_refused")
    assert "Nordmann" not in json.dumps(problem) + json.dumps(stored.data)


def test_json_that_cannot_be_read_is_told_where(client):
    problem = send(client, b'{"event_id": "1",\n "kind" "ringing"}').json()
    assert (
        problem["title"] == "The body is not JSON that we can read (line 2, column 9)."
    )


def test_a_body_that_is_too_large_is_refused_before_it_is_read(client):
    answer = send(client, b"[" + b" " * 256 * 1024 + b"]")
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert refusals() == [(413, "too_large")]
    exactly = json.dumps(event()).encode().ljust(256 * 1024)
    assert send(client, exactly).status_code == 202


def test_a_body_that_lies_about_its_length_is_refused_too(client):
    body = b"[" + b" " * 256 * 1024 + b"]"
    answer = send(client, body, CONTENT_LENGTH="")
    assert answer.status_code in {401, 413}
    assert not Call.objects.exists()


@pytest.mark.parametrize(
    ("header", "code", "title"),
    [
        ("", "signature_missing", "The header X-Varde-Signature is missing."),
        (
            "v1=abc",
            "signature_unreadable",
            "The header X-Varde-Signature cannot be read.",
        ),
        (
            f"t=1795000000,v1={'a' * 64}",
            "signature_wrong",
            "The signature does not fit the body.",
        ),
    ],
)
def test_a_badly_signed_message_is_refused_and_counted(client, header, code, title):
    answer = send(client, event(), header=header)
    assert (answer.status_code, answer.json()["code"]) == (401, code)
    assert answer.json()["title"] == title
    assert refusals() == [(401, code)]
    assert not Call.objects.exists()


def test_the_signature_is_judged_before_the_body_is_looked_at(client):
    assert send(client, b"{", secret="a strangers").json()["code"] == "signature_wrong"


def test_a_message_sent_again_later_is_refused_with_the_clock_skew(client):
    problem = send(client, event(), t=int(time.time()) - 1000)
    assert (problem.status_code, problem.json()["code"]) == (401, "signature_too_old")
    assert problem.json()["title"] == "The message was signed 1000 s ago by our clock."
    assert "the exchange's clock is 1000 s behind ours" in problem.json()["cure"]
    assert problem["X-Varde-Clock-Skew"] == "-1000"


def test_a_clock_that_is_ahead_is_told_how_much(client):
    problem = send(client, event(), t=int(time.time()) + 1000).json()
    assert problem["title"] == "The message is signed 1000 s ahead of our clock."


def test_the_window_is_a_dated_setting(client):
    make.decide("telephony.replay_window_s", 2000)
    assert send(client, event(), t=int(time.time()) - 1000).status_code == 202


def test_what_has_not_happened_yet_is_refused_with_its_place(client):
    later = (timezone.now() + timedelta(seconds=200)).isoformat()
    problem = send(client, [event(), event(event_id="2", occurred_at=later)])
    assert (problem.status_code, problem.json()["code"]) == (422, "moment_out_of_range")
    assert problem.json()["faults"] == [
        {"where": "1.occurred_at", "problem": "is more than 0:02:00 ahead of our clock"}
    ]
    assert not Call.objects.exists()


def test_a_clock_a_minute_ahead_is_let_in(client):
    soon = (timezone.now() + timedelta(seconds=60)).isoformat()
    assert send(client, event(occurred_at=soon)).status_code == 202


def test_what_is_more_than_a_day_old_is_history_and_is_sent_to_the_import(client):
    old = (timezone.now() - timedelta(days=1, seconds=5)).isoformat()
    problem = send(client, event(occurred_at=old)).json()
    assert "varde import calls" in problem["cure"]


def test_more_messages_than_the_setting_allows_must_wait(client):
    make.decide("telephony.messages_per_min", 2)
    answers = [send(client, event(event_id=str(n))).status_code for n in range(3)]
    assert answers == [202, 202, 429]
    assert TelephonyEvent.objects.count() == 2


def test_a_stranger_uses_up_nothing_that_the_exchange_may_send(client):
    make.decide("telephony.messages_per_min", 2)
    for _ in range(5):
        send(client, event(), secret="a strangers")
    assert send(client, event()).status_code == 202


def test_a_stranger_cannot_fill_the_log(client):
    make.decide("telephony.refused_per_min", 3)
    answers = [send(client, event(), secret="x").status_code for _ in range(6)]
    assert answers == [401, 401, 401, 429, 429, 429]
    assert len(refusals()) == 3


def test_a_second_event_with_the_same_id_and_another_story_is_kept_out_and_logged(
    client,
):
    send(client, event())
    answer = send(client, event(kind="abandoned"))
    assert answer.json() == {"accepted": 0, "duplicates": 1}
    assert Call.objects.get().state == "ringing"
    logged = AuditEntry.objects.get(what="telephony_event_conflict")
    assert logged.data == {"event_id": "e1", "kind": "abandoned"}


def test_when_the_second_half_of_a_list_fails_the_first_is_undone(client, monkeypatch):
    from varde.apps.sentral.services import callbacks

    def fails(**_):
        raise OSError("no disk")

    monkeypatch.setattr(callbacks, "missed", fails)
    client.raise_request_exception = False
    told = [event(), event(event_id="2", call_id="c2", kind="abandoned")]
    assert send(client, told).status_code == 500
    assert not Call.objects.exists()
    assert not TelephonyEvent.objects.exists()


def test_the_description_is_there_and_no_page_that_loads_scripts_from_elsewhere(client):
    description = client.get("/api/openapi.json").json()
    responses = description["paths"][ADDRESS]["post"]["responses"]
    assert set(responses) == {"202", "400", "401", "404", "413", "422", "429"}
    assert "$ref" not in json.dumps({code: responses[code] for code in ("401", "422")})
    assert client.get("/api/docs").status_code == 404


def test_another_method_is_told_so(client):
    assert client.get(ADDRESS).status_code == 405


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("+47 22 33 44 55", "22334455"),
        ("004722334455", "22334455"),
        ("4722334455", "22334455"),
        ("22334455", "22334455"),
        ("0046 8 123 45", "+46812345"),
        ("+46812345", "+46812345"),
        ("113", "113"),
        ("anonymous", ""),
        ("+", ""),
        ("", ""),
    ],
)
def test_a_caller_has_one_number_however_the_exchange_writes_it(sent, stored):
    assert telephony_schema.dialled(sent) == stored


def test_the_moment_stored_is_the_moment_sent_whatever_its_offset(client):
    now = timezone.now().replace(microsecond=0)
    elsewhere = now.astimezone(UTC) + timedelta(hours=9)
    told = elsewhere.replace(tzinfo=None).isoformat() + "+09:00"
    send(client, event(occurred_at=told))
    assert Call.objects.get().ringing_at == now
    assert isinstance(now, datetime)
