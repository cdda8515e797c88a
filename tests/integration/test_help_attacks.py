"""Help between sentraler, where the other's server is in somebody else's hands.

It has the shared secret, and says whatever it likes. What it says is well signed and goes
through the real door.
"""

import itertools
import logging
import socket
import threading
import time
from contextlib import contextmanager
from datetime import date, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from tests import make
from tests.integration.test_help import SECRET, Pair, post, refused
from varde.apps.records import ratelimit
from varde.apps.records.models import (
    AmkHandover,
    AuditEntry,
    CallBack,
    ContactEvent,
    HelpAgreement,
    HelpItem,
    HelpTakeover,
    Partner,
)
from varde.apps.sentral.services import callbacks
from varde.apps.sentral.services.help import (
    agreements,
    exchange,
    returning,
    takeovers,
    taking_up,
    told,
)
from varde.config import help_beats
from varde.config.help_beats import Answer
from varde.config.logs import Line
from varde.domain.errors import Rule
from varde.engines.help import sealing
from varde.engines.help.sealing import terms_hash


NEVER = "9999-12-31T23:30:00+00:00"  # no clock of ours can show it in local time
LONG_AGO = "0001-01-01T00:00:00+00:00"


class Taken(Pair):
    """HEL is ours; BOD's server is another's. `agree` before it was taken."""

    def __init__(self):
        super().__init__()
        self.seq = itertools.count(int(time.time() * 1_000_000))
        self.client = Client(raise_request_exception=False)

    def says(self, *, records=None, rows=None, **more):
        """The status of what BOD says through the door, and the code of a refusal."""
        message = {"sender": "BOD", "receiver": "HEL", "seq": next(self.seq)} | more
        if records is not None:
            message["helping"] = helping(records) | more.get("helping", {})
        if rows is not None:
            message["queue"] = sealing.seal(rows, secret=SECRET, about="queue BOD")
        answer = post(self.client, message, sender="BOD")
        return answer.status_code, answer.json().get("code")

    def take_over_bod(self):
        """HEL takes over from BOD, which is silent."""
        return takeovers.begin(
            partner_id=self.of["HEL"].pk,
            by=self.people["HEL"],
            at=timezone.now() + timedelta(minutes=1),
            reason="gone",
        )

    def sees(self, path):
        """What a person at HEL is shown."""
        client = Client(raise_request_exception=False)
        client.force_login(self.people["HEL"])
        answer = client.get(path)
        assert answer.status_code == 200, path
        return answer.text

    def open_numbers(self):
        rows = CallBack.objects.filter(sentral=self.hel, state="open")
        return sorted(rows.values_list("number", flat=True))


@pytest.fixture
def pair(db, settings):
    make.settings()
    settings.HELP_SECRETS = dict.fromkeys(["HEL", "BOD", "OSL"], SECRET)
    for name in ("messages:BOD", "messages:OSL", "refused:127.0.0.1"):
        ratelimit.clear(f"help_{name}")
    return Taken()


@pytest.fixture
def agreed(pair):
    return pair.agree()


def now():
    return timezone.now().isoformat()


def helping(records=(), **more):
    return {
        "name": str(uuid4()),
        "stage": "active",
        "is_drill": False,
        "is_automatic": True,
        "began_at": now(),
        "active_at": now(),
        "lost_at": None,
        "keys": [],
        "records": sealing.seal(list(records), secret=SECRET, about="records BOD"),
    } | more


def record(key, result="reached", **more):
    return {
        "key": key,
        "result": result,
        "since": now(),
        "handled_at": now(),
        "is_gone": False,
        "number": "90000009",
        "line": "",
        "hastegrad": "haster",
        "due_at": now(),
        "attempts": 0,
        "contact": None,
    } | more


def contact_told(**more):
    return {
        "number": 7,
        "opened_at": now(),
        "closed_at": "",
        "hastegrad": "vanlig",
        "reason_code": "R05",
        "narrative": "",
        "advice": "",
        "outcomes": ["advice"],
    } | more


def row(key, **more):
    return {
        "key": key,
        "kind": "callback",
        "number": "90000007",
        "since": now(),
        "due_at": now(),
        "line": "",
        "hastegrad": "",
    } | more


# Without an agreement.


@pytest.mark.parametrize("agreement", ["never", "ended", "in force"])
def test_without_an_agreement_nothing_is_settled_held_or_added(pair, agreement):
    if agreement != "never":
        pair.agree()
    one, two = pair.missed("c1", "90000001"), pair.missed("c2", "90000002")
    if agreement == "ended":
        ours = HelpAgreement.objects.get(partner=pair.of["HEL"])
        agreements.end(agreement_id=ours.pk, by=pair.people["HEL"], at=pair.now)
    is_agreed = agreement == "in force"
    said = pair.says(
        records=[record("call:c1"), record("call:zz", "open")],
        helping={"keys": ["call:c2"]},
    )
    assert said == (202, None)  # a sign of life it is
    one.refresh_from_db()
    assert one.state == ("reached" if is_agreed else "open")
    assert ("90000009" in pair.open_numbers()) is is_agreed
    assert HelpTakeover.objects.filter(side="owner").exists() is is_agreed
    take = {"callback_id": two.pk, "by": pair.people["HEL"], "at": timezone.now()}
    if is_agreed:
        with refused(Rule.HELD_BY_PARTNER):
            callbacks.take(**take)
    else:
        callbacks.take(**take)


def test_when_the_agreement_ends_only_what_was_let_go_comes_home(agreed):
    """The one who helps may hand back what it has. It gets nothing more."""
    held, other = agreed.missed("c1", "90000001"), agreed.missed("c2", "90000002")
    on = {"name": str(uuid4()), "keys": ["call:c1"]}
    agreed.says(records=[], helping=on)
    ours = HelpAgreement.objects.get(partner=agreed.of["HEL"])
    agreements.end(agreement_id=ours.pk, by=agreed.people["HEL"], at=agreed.now)
    agreed.says(
        records=[record("call:c1"), record("call:c2"), record("call:zz", "open")],
        helping=on | {"stage": "returning", "keys": ["call:c2"]},
    )
    held.refresh_from_db()
    other.refresh_from_db()
    assert (held.state, other.state) == ("reached", "open")
    assert agreed.open_numbers() == ["90000002"]
    callbacks.take(callback_id=other.pk, by=agreed.people["HEL"], at=timezone.now())
    message = exchange.message_to(agreed.of["HEL"].pk, at=timezone.now())
    assert message["helped"]["taken_in"] == ["call:c1"], "the rest is not acknowledged"
    # And help that was being given back does not begin anew.
    agreed.says(records=[], helping=on)
    assert HelpTakeover.objects.get(side="owner").stage == "returning"


def test_what_one_of_ours_has_in_hand_is_not_struck_off(agreed):
    ours = agreed.missed("c1", "90000001")
    callbacks.take(callback_id=ours.pk, by=agreed.people["HEL"], at=timezone.now())
    agreed.says(records=[record("call:c1")])
    ours.refresh_from_db()
    assert (ours.state, ours.helped_by) == ("open", "")
    assert HelpItem.objects.get(key="call:c1").taken_in == "doubled"
    takeover = HelpTakeover.objects.get(side="owner")
    assert "se over" in agreed.sees(f"/sentral/hjelp/overtak/{takeover.pk}/")


def test_a_hand_over_to_113_of_another_sentral_is_not_written_on(agreed):
    """The keys are guessable, and a contact may be of a sentral beside ours, or helped."""
    third, own = make.sentral("TRE"), make.contact(at=agreed.hel)
    rows = {
        "ours": own,
        "of another": make.contact(at=third),
        "helped": make.contact(at=agreed.hel, origin="OSL"),
    }
    for contact in rows.values():
        AmkHandover.objects.create(
            contact=contact, sentral=contact.sentral, started_at=timezone.now(),
            district_id=contact.district_id,
        )  # fmt: skip
    agreed.says(records=[record(f"amk:{contact.pk}") for contact in rows.values()])
    helped = ContactEvent.objects.filter(kind="helped")
    assert list(helped.values_list("contact", flat=True)) == [own.pk]
    assert not AmkHandover.objects.exclude(acknowledged_at=None).exists()


# What a message may hold.


IN_HELPING = [
    {"name": "-" * 36},
    {"began_at": NEVER},
    {"began_at": LONG_AGO},
    {"active_at": "2026-01-01T00:00:00"},
    {"lost_at": 5},
    {"stage": "begun"},
    {"keys": ["callback:" + "9" * 60]},
    {"keys": ["call:a b"]},
    {"keys": ["call:\0"]},
    {"keys": ["other:1"]},
    {"records": "\0"},
]
IN_RECORD = [
    {"hastegrad": "zzz"},
    {"hastegrad": "rod"},  # of another scale
    {"due_at": NEVER},
    {"since": LONG_AGO},
    {"handled_at": ""},
    {"handled_at": 1.5},
    {"key": "call:" + "x" * 200},
    {"number": "9" * 21},
    {"number": "9\0"},
    {"result": "done"},
    {"is_gone": "yes"},
    {"contact": {"hastegrad": [], "outcomes": [[]]}},
    {"contact": contact_told(hastegrad=[])},
    {"contact": contact_told(outcomes=[[]])},
    {"contact": contact_told(closed_at=NEVER)},
    {"contact": contact_told(narrative=["x"])},
    {"more": "x"},
]


def test_what_is_not_as_agreed_is_refused_whole_and_told_in_the_log(agreed):
    agreed.missed("c1", "90000001")
    make.decide("help.refused_per_min", 1000)
    before = Partner.objects.get(pk=agreed.of["HEL"].pk)
    bad = [({"records": [], "helping": fault}, fault) for fault in IN_HELPING]
    bad += [
        ({"records": [record("call:c1"), record("call:x", "open") | fault]}, fault)
        for fault in IN_RECORD
    ]
    bad += [({"records": records}, records) for records in (["a"], [None])]
    bad += [({"routes": "a\0"}, "routes"), ({"queue": "\0"}, "queue")]
    bad += [({"asks_at": NEVER}, "asks_at")]
    for message, fault in bad:
        assert agreed.says(**message)[0] == 422, fault
    assert AuditEntry.objects.filter(what="help_refused").count() == len(bad)
    assert not HelpTakeover.objects.exists()
    assert agreed.open_numbers() == ["90000001"]
    after = Partner.objects.get(pk=before.pk)
    assert (after.seen_seq, after.heard_at) == (before.seen_seq, before.heard_at)
    good = [record("call:c1", contact=contact_told()), record("call:x", "open")]
    assert agreed.says(records=good) == (202, None)
    assert agreed.open_numbers() == ["90000009"]
    takeover = HelpTakeover.objects.get()
    for path in ("", "hjelp/", f"hjelp/overtak/{takeover.pk}/"):
        agreed.sees(f"/sentral/{path}")


def test_a_row_that_cannot_be_read_does_not_keep_the_rest_from_being_rung(agreed):
    faults = [
        {"hastegrad": "zzz"}, {"due_at": NEVER}, {"since": "x"}, {"kind": "other"},
        {"number": "9" * 21}, {"line": 3}, {"key": "x"},
    ]  # fmt: skip
    queue = [row(f"callback:{i}") | fault for i, fault in enumerate(faults)]
    assert agreed.says(rows=[*queue, "x", row("callback:99")]) == (202, None)
    takeover = agreed.take_over_bod()
    assert agreed.open_numbers() == ["90000007"]
    assert "90000007" in agreed.sees("/sentral/")
    left = f"{len(faults) + 1} i køen deres kunne ikke settes på lista vår"
    assert left in agreed.sees(f"/sentral/hjelp/overtak/{takeover.pk}/")
    entry = AuditEntry.objects.get(what="help_rows_left_out")
    assert entry.data["items"] == len(faults) + 1


# How much.


def test_no_more_is_read_of_one_message_than_any_night_has(agreed):
    many = [record(f"call:{i}") for i in range(told.MOST_ROWS + 1)]
    assert agreed.says(records=many) == (422, "not_as_described")
    assert not HelpItem.objects.exists()
    rows, left_out = told.rows_of([row(f"callback:{i}") for i in range(302)])
    assert (len(rows), left_out) == (told.MOST_ROWS, 2)
    assert told.rows_of({"a": 1}) == ([], 1)


def test_what_a_helper_puts_on_our_list_has_a_most(agreed, monkeypatch):
    monkeypatch.setattr(returning, "MOST_OPEN", 2)
    new = [record(f"call:n{i}", "open") for i in range(3)]
    assert agreed.says(records=new) == (422, "too_many_waiting")
    assert agreed.open_numbers() == []
    assert agreed.says(records=new[:2]) == (202, None)
    assert agreed.says(records=new[2:]) == (422, "too_many_waiting"), "another name"
    refusals = AuditEntry.objects.filter(what="help_refused")
    assert {entry.data["code"] for entry in refusals} == {"too_many_waiting"}
    # When one is rung there is room again.
    CallBack.objects.filter(pk=CallBack.objects.first().pk).update(state="reached")
    assert agreed.says(records=new[2:]) == (202, None)
    monkeypatch.setattr(told, "MOST_ITEMS", 3)
    many = [record(f"call:m{i}") for i in range(4)]
    assert agreed.says(records=many) == (422, "too_many_waiting")


def test_what_an_owner_puts_on_our_list_has_a_most(agreed, monkeypatch):
    monkeypatch.setattr(taking_up, "MOST_OPEN", 2)
    agreed.says(rows=[row(f"callback:{i}") for i in range(5)])
    takeover = agreed.take_over_bod()
    assert len(agreed.open_numbers()) == 2
    assert takeover.report == {"left_out": 3}
    CallBack.objects.filter(pk=CallBack.objects.first().pk).update(state="reached")
    assert taking_up.take_up(takeover, let_go=None, at=timezone.now()) == 1
    assert takeover.report == {"left_out": 2}


def test_one_partner_does_not_use_up_the_door_of_all(pair):
    agreements.make_partner(
        sentral=pair.hel, code="OSL", name="Oslo", address="http://127.0.0.1:1",
        by=pair.people["HEL"], at=pair.now,
    )  # fmt: skip
    make.decide("help.messages_per_min", 2)
    assert [pair.says()[0] for _ in range(3)] == [202, 202, 429]
    message = {"sender": "OSL", "receiver": "HEL", "seq": 1}
    assert post(pair.client, message, sender="OSL").status_code == 202


# The terms of an agreement.


def terms(**more):
    return {
        "parties": ["BOD", "HEL"],
        "text": "Vi hjelper hverandre.",
        "lines": {"HEL": ["bare denne"], "BOD": []},
        "automatic": True,
        "valid_from": "2026-01-01",
        "valid_to": None,
        "written_at": "2026-01-01T00:00:00+00:00",
    } | more


@pytest.mark.parametrize(
    "fault",
    [
        {"lines": {"items": [["HEL", ["bare denne"]], ["BOD", []]]}},
        {"lines": 3},
        {"lines": {"HEL": [], "BOD": [], "OSL": []}},
        {"lines": {"HEL": [], "BOD": "alle"}},
        {"lines": {"HEL": [""], "BOD": []}},
        {"lines": {"HEL": ["x" * 21], "BOD": []}},
        {"lines": {"HEL": ["\0"], "BOD": []}},
        {"lines": {"HEL": ["x"] * 51, "BOD": []}},
        {"text": ["x"]},
        {"text": " "},
        {"text": "x" * 8001},
        {"text": "\0"},
        {"automatic": "ja"},
        {"valid_from": None},
        {"valid_from": "20260101"},
        {"valid_to": "2026-01-01"},
        {"valid_to": 5},
        {"parties": ["HEL", "BOD"]},
        {"written_at": 5},
        {"written_at": "\0"},
        {"more": "x"},
    ],
)
def test_terms_that_are_not_as_we_write_them_are_not_terms(fault):
    assert told.is_terms(terms(), parties=["HEL", "BOD"])
    assert told.is_terms(terms(valid_to="2026-01-02"), parties=["HEL", "BOD"])
    assert not told.is_terms(terms(**fault), parties=["HEL", "BOD"])
    missing = {key: value for key, value in terms().items() if key not in fault}
    assert "more" in fault or not told.is_terms(missing, parties=["HEL", "BOD"])


def test_what_is_shown_of_a_text_is_what_counts(pair):
    def says(said, accepted_at=None):
        return pair.says(
            agreement={
                "terms": said, "hash": terms_hash(said), "accepted_at": accepted_at,
                "accepted_by": "x", "ended": False,
            }
        )  # fmt: skip

    assert says(terms(lines={"items": [["HEL", ["bare denne"]]]})) == (202, None)
    assert not HelpAgreement.objects.exists(), "as if nothing was said"
    assert says(terms(), accepted_at=NEVER)[0] == 422
    for number in range(3):
        says(terms(text=f"Tekst {number}"), accepted_at=now())
    ours = HelpAgreement.objects.get()
    assert ours.terms["text"] == "Tekst 2", "the ones that nobody answered are gone"
    page = pair.sees(f"/sentral/hjelp/{pair.of['HEL'].pk}/")
    assert "<dt>Linjer hos HEL</dt><dd>bare denne</dd>" in page
    assert "<dt>Linjer hos BOD</dt><dd>alle</dd>" in page
    agreements.accept(
        agreement_id=ours.pk, terms_hash=ours.terms_hash, by=pair.people["HEL"],
        at=timezone.now(),
    )  # fmt: skip
    says(terms(text="Ny"), accepted_at=now())
    assert agreements.in_force(pair.of["HEL"], on=timezone.localdate()) == ours


def test_we_propose_no_line_that_the_other_would_not_take(pair):
    with refused(Rule.FIELD_NOT_VALID):
        pair.propose(our_lines=["x" * 21])
    with refused(Rule.FIELD_NOT_VALID):
        pair.propose(their_lines=["x"] * 51)
    ours = pair.propose(our_lines=["x" * 20], valid_to=date(2099, 1, 1))
    assert told.is_terms(ours.terms, parties=["HEL", "BOD"])


# The way out.


@contextmanager
def answering(act):
    """A partner whose server does this with each connection."""
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(5)

    def serve():
        while True:
            try:
                peer, _ = server.accept()
            except OSError:
                return
            with peer:
                peer.recv(65536)
                act(peer)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield SimpleNamespace(
            pk=1,
            address=f"http://127.0.0.1:{server.getsockname()[1]}",
            sentral=SimpleNamespace(code="HEL"),
        )
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join()


def answer(status, more=b""):
    return lambda peer: peer.sendall(b"HTTP/1.1 %b\r\n%b\r\n" % (status, more))


PROBLEM = b"Content-Type: application/problem+json\r\n"


@pytest.mark.parametrize(
    ("act", "heard"),
    [
        (answer(b"202 Accepted"), Answer.YES),
        (answer(b"200 OK"), Answer.SILENCE),
        (answer(b"422 No", PROBLEM), Answer.NO),
        (answer(b"422 No"), Answer.SILENCE),
        (answer(b"503 No", PROBLEM), Answer.SILENCE),
        (lambda peer: peer.sendall(b"x"), Answer.SILENCE),
    ],
)
def test_what_comes_of_a_message(act, heard):
    with answering(act) as partner:
        assert help_beats.send(partner, {"a": 1}, secret=SECRET) is heard


def test_a_partner_does_not_send_us_elsewhere():
    asked = []
    with answering(asked.append) as inner:
        place = f"Location: {inner.address}/admin\r\n".encode()
        with answering(answer(b"302 Found", place)) as partner:
            said = help_beats.send(partner, {"a": 1}, secret=SECRET)
        assert said is Answer.SILENCE
        help_beats.send(inner, {"a": 1}, secret=SECRET)
    assert len(asked) == 1, "only what we sent there ourselves"


@pytest.mark.parametrize(
    ("said", "heard"),
    [(b"HTTP/1.1 202 Accepted\r\nX: ", Answer.YES), (b"HTTP", Answer.SILENCE)],
)
def test_an_answer_without_end_is_cut(said, heard, monkeypatch):
    for name, value in (("LIMIT_S", 0.3), ("LOOK_S", 0.05)):
        monkeypatch.setattr(help_beats, name, value)
    was_cut = threading.Event()

    def drip(peer):
        try:
            peer.sendall(said)
            for _ in range(100):  # 5 s, and never so long between that a step is late
                peer.sendall(b"a")
                time.sleep(0.05)
        except OSError:
            was_cut.set()

    with answering(drip) as partner:
        assert help_beats.send(partner, {"a": 1}, secret=SECRET) is heard
    assert was_cut.is_set()


def test_one_slow_partner_silences_us_towards_nobody(monkeypatch):
    end, spoken = threading.Event(), threading.Semaphore(0)

    def speak(partner_id):
        if partner_id == 1:
            end.wait(10)
        elif partner_id == 2:
            raise OSError("gone")
        else:
            spoken.release()

    monkeypatch.setattr(help_beats, "partner_ids", lambda: [1, 2, 3])
    monkeypatch.setattr(help_beats, "speak_with", speak)
    monkeypatch.setattr(help_beats, "LOOK_S", 0.01)
    monkeypatch.setattr(help_beats.connections, "close_all", lambda: None)
    beats = help_beats.Beats()
    beats.start()
    try:
        assert all(spoken.acquire(timeout=5) for _ in range(3))
        assert not end.is_set()
    finally:
        end.set()
        beats.stop()


# The log.


@pytest.mark.parametrize("place", ["/vaktplan/svar/", "/konto/ny/"])
def test_an_address_that_opens_something_is_not_in_the_log(place):
    said = logging.LogRecord(
        "django.security.csrf", logging.WARNING, __file__, 1,
        "Forbidden (%s): %s", ("CSRF cookie not set.", f"{place}1-72925b7e/x/?a=b"), None,
    )  # fmt: skip
    line = Line("%(levelname)s %(message)s").format(said)
    assert line == f"WARNING Forbidden (CSRF cookie not set.): {place}…"
    other = Line("%(message)s").format(
        logging.LogRecord("x", logging.INFO, "", 1, "/vaktplan/ledig/7/", (), None)
    )
    assert other == "/vaktplan/ledig/7/"
