"""The epikrise: what it says, that it is valid FHIR, and that it comes exactly once.

The receiver is a real HTTP server that fails, is slow, loses its answers, gives receipts
twice and comes back; and the sender is killed in the middle.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from contextlib import contextmanager
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote

import pytest
from django.conf import settings as site
from django.core.exceptions import ImproperlyConfigured

from tests import fhir_faults, make
from tests.integration.test_note import LATER, NOW, World
from varde.apps.records.delivery import DeliveryFailed, FileDrop, OutgoingNote
from varde.apps.records.delivery_http import HttpDelivery
from varde.apps.records.models import AuditEntry, Contact, FastlegeNote, Patient
from varde.apps.sentral import jobs
from varde.apps.sentral.services import fastlege
from varde.apps.station.services import notes
from varde.config import env


TOKEN = "hemmelig-for-testen"
SLOW_S = 0.6


@pytest.fixture
def world(db):
    return World()


def sent_of(world):
    return FastlegeNote.objects.get(contact=world.contact, kind="epikrise")


def document_of(world):
    return json.loads(sent_of(world).document)


def resources(document):
    found = {}
    for entry in document["entry"]:
        found.setdefault(entry["resource"]["resourceType"], []).append(
            entry["resource"]
        )
    return found


# What it says


def test_the_epikrise_says_what_the_note_says(world):
    world.signed()
    assert sent_of(world).text == (
        "EPIKRISE FRA LEGEVAKT\n"
        "\n"
        "Til:      Lege Fjell, Fjell legesenter\n"
        "Fra:      Legevakt varden\n"
        "Signert:  20. november 2026 19:00 av Lise Vik, HPR 7654321\n"
        "\n"
        "Pasient:  Siv Ås\n"
        f"Nummer:   {make.national_id()}\n"
        "Kom:      20. november 2026 19:00\n"
        "Hastegrad: Grønn\n"
        "\n"
        "Diagnoser:\n"
        "- R76 Akutt tonsillitt\n"
        "Kontaktårsak: R74 Akutt øvre luftveisinfeksjon\n"
        "\n"
        "Årsak til kontakten\n"
        "Vondt i halsen i tre dager\n"
        "\n"
        "Funn\n"
        "Tonsiller røde, belegg\n"
        "\n"
        "Vurdering\n"
        "Tonsillitt\n"
        "\n"
        "Tiltak\n"
        "Strep-test positiv\n"
        "\n"
        "Plan videre\n"
        "Penicillin i sju dager\n"
    )


def test_the_document_begins_with_the_composition_and_carries_the_numbers(world):
    world.signed()
    document = document_of(world)
    assert document["type"] == "document"
    assert document["entry"][0]["resource"]["resourceType"] == "Composition"
    found = resources(document)
    (patient,) = found["Patient"]
    assert patient["identifier"] == [
        {"system": "urn:oid:2.16.578.1.12.4.1.4.1", "value": make.national_id()}
    ]
    author = found["Practitioner"][0]
    assert author["identifier"] == [
        {"system": "urn:oid:2.16.578.1.12.4.1.4.4", "value": "7654321"}
    ]
    office = found["Organization"][1]
    assert office["identifier"] == [
        {"system": "urn:oid:2.16.578.1.12.4.1.2", "value": "8094866"}
    ]
    (condition,) = found["Condition"]
    assert condition["code"]["coding"][0]["code"] == "R76"
    (encounter,) = found["Encounter"]
    assert encounter["reasonCode"][0]["coding"][0]["code"] == "R74"
    (composition,) = found["Composition"]
    assert [part["title"] for part in composition["section"]] == [
        "Årsak til kontakten",
        "Funn",
        "Vurdering",
        "Tiltak",
        "Plan videre",
        "Diagnoser",
    ]
    assert "Tonsiller røde, belegg" in composition["text"]["div"]


def test_every_reference_leads_to_a_resource_of_the_document(world):
    note = world.signed(world.ung)
    notes.countersign(note_id=note.pk, by=world.lise, at=LATER)
    document = document_of(world)
    named = [entry["fullUrl"] for entry in document["entry"]]
    assert len(named) == len(set(named))
    asked = set()

    def walk(value):
        if isinstance(value, dict):
            asked.update([value["reference"]] if "reference" in value else [])
            value = list(value.values())
        if isinstance(value, list):
            for one in value:
                walk(one)

    walk(document)
    assert asked <= set(named)
    assert len(asked) >= 6
    modes = [one["mode"] for one in resources(document)["Composition"][0]["attester"]]
    assert modes == ["professional", "legal"]


def test_every_resource_is_valid_fhir(world):
    """Of a plain case, a corrected LIS1 note, and a person of whom nothing is known."""
    documents = []
    note = world.signed(world.ung)
    notes.countersign(note_id=note.pk, by=world.lise, at=LATER)
    documents.append(document_of(world))
    fields = {"correction": 'Dosen <b>&"', "found": "Linje 1\nLinje 2 < 3 & 4"}
    notes.save_draft(fields=fields, seen=1, **world.mine(world.lise))
    world.attendance.ended_at, world.attendance.end = LATER, "treated"
    world.attendance.save()
    world.sign(seen=1, at=LATER)
    second = FastlegeNote.objects.get(version=2)
    documents.append(json.loads(second.document))
    assert documents[1]["entry"][0]["resource"]["relatesTo"]
    other = World.__new__(World)
    vars(other).update(vars(world))
    other.contact = make.contact(
        patient=None, patient_unknown=True, fastlege=world.gp, consent_fastlege=True
    )
    other.signed()
    documents.append(document_of(other))
    for kind, sex in (("d_number", "1"), ("h_number", "9"), ("", "")):
        Patient.objects.filter(pk=world.siv.pk).update(
            id_kind=kind, sex=sex, birth_date=date(1984, 5, 17), given_name="Siv Anne"
        )
        other.contact = make.contact(
            patient=Patient.objects.get(pk=world.siv.pk),
            fastlege=world.gp,
            consent_fastlege=True,
        )
        other.signed()
        documents.append(document_of(other))
    alone = [entry["resource"] for one in documents for entry in one["entry"]]
    assert fhir_faults.faults(*documents, *alone) == [[]] * len(documents + alone)


def test_the_validator_sees_a_fault(world):
    world.signed()
    document = document_of(world)
    document["entry"][0]["resource"]["status"] = "ferdig"
    (faults,) = fhir_faults.faults(document)
    assert "ferdig" in faults[0]


# As files


def test_the_folder_gets_the_text_and_the_document_once(world, tmp_path):
    world.signed()
    drop = FileDrop(out=tmp_path / "ut", back=tmp_path / "inn")
    jobs.deliver(drop, at=LATER)
    row = sent_of(world)
    files = {file.name: file.read_text("utf-8") for file in drop.out.iterdir()}
    name = f"epikrise-{row.pk}-v1"
    assert files == {f"{name}.txt": row.text, f"{name}.fhir.json": row.document}
    drop.back.mkdir()
    (drop.back / f"{name}.json").write_text('{"received": true}')
    assert jobs.read_receipts(drop) == 1
    assert sent_of(world).state == "received"


# Over HTTP


class Receiver(ThreadingHTTPServer):
    """A message service: keeps each message id once, and gives receipts until told."""

    daemon_threads = True

    def __init__(self, port=0):
        super().__init__(("127.0.0.1", port), Answering)
        self.kept = {}
        self.posts = Counter()
        self.receipts = {}
        self.faults = []  # answers to give instead, the first first
        self.slow_s = 0.0
        self.at_post = lambda: None
        self.gives_twice = False
        self.forgets_deletes = 0

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, *_):
        """A sender that hung up or died is what these tests are about."""


class Answering(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, status, body=b""):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def is_known(self):
        is_known = self.headers.get("Authorization") == f"Bearer {TOKEN}"
        if not is_known:
            self.answer(401)
        return is_known

    def do_POST(self):
        house = self.server
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not self.is_known():
            return
        if house.faults:
            self.answer(house.faults.pop(0))
            return
        key = self.headers["Idempotency-Key"]
        house.posts[key] += 1
        house.kept.setdefault(key, (body, dict(self.headers)))
        house.receipts.setdefault(
            key, {"id": f"k-{key}", "message_id": key, "received": True}
        )
        house.at_post()
        if house.slow_s:
            threading.Event().wait(house.slow_s)
        self.answer(202)

    def do_GET(self):
        if self.is_known():
            rows = list(self.server.receipts.values())
            rows = rows * 2 if self.server.gives_twice else rows
            self.answer(200, json.dumps({"receipts": rows}).encode())

    def do_DELETE(self):
        if not self.is_known():
            return
        house = self.server
        if house.forgets_deletes:
            house.forgets_deletes -= 1
            self.answer(503)
            return
        key = self.path.rsplit("/", 1)[1]
        house.receipts = {k: r for k, r in house.receipts.items() if r["id"] != key}
        self.answer(204)


@contextmanager
def receiving(port=0):
    house = Receiver(port)
    thread = threading.Thread(target=house.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield house
    finally:
        house.shutdown()
        thread.join()
        house.server_close()


def to(house, *, token=TOKEN, timeout_s=5.0):
    return HttpDelivery(house.address, token, timeout_s)


def test_the_message_arrives_with_its_document_its_key_and_our_secret(world):
    world.signed()
    with receiving() as house:
        jobs.work_off(to(house))
    row = sent_of(world)
    ((key, (body, headers)),) = house.kept.items()
    assert key == str(row.message_id)
    assert body.decode() == row.document
    assert headers["Content-Type"].startswith("application/fhir+json")
    assert headers["Receiver-Her-Id"] == "8094866"
    assert row.state == "received"
    kinds = list(world.contact.events.order_by("pk").values_list("kind", flat=True))
    assert kinds[-3:] == ["note_queued", "note_sent", "note_received"]


def test_the_note_of_a_contact_goes_as_plain_text(world):
    with receiving() as house:
        to(house).send(
            OutgoingNote(
                note_id=1, version=1, message_id="m", her_id="", receiver="", text="Hei"
            )
        )
    body, headers = house.kept["m"]
    assert (body, headers["Content-Type"]) == (b"Hei", "text/plain; charset=utf-8")


def test_a_receiver_that_fails_and_comes_back_gets_it_once(world):
    world.signed()
    with receiving() as house:
        house.faults = [503, 429, 401]
        for attempt in (1, 2, 3):
            jobs.work_off(to(house))
            row = sent_of(world)
            assert (row.state, row.attempts) == ("queued", attempt)
        assert row.fault == "HTTP 401"
        port = house.server_port
    jobs.work_off(HttpDelivery(f"http://127.0.0.1:{port}", TOKEN, 1))  # nobody there
    assert sent_of(world).state == "queued"
    with receiving(port) as house:
        jobs.work_off(to(house))
        jobs.work_off(to(house))
    assert list(house.posts.values()) == [1]
    assert sent_of(world).state == "received"


def test_an_answer_that_was_lost_on_the_way_gives_no_second_epikrise(world):
    world.signed()
    with receiving() as house:
        house.slow_s = SLOW_S
        jobs.deliver(to(house, timeout_s=0.2), at=LATER)
        assert sent_of(world).state == "queued"  # for all we know
        house.slow_s = 0
        jobs.work_off(to(house))
    assert list(house.posts.values()) == [2]
    assert len(house.kept) == 1
    assert sent_of(world).state == "received"


def test_receipts_given_twice_and_again_count_once(world):
    world.signed()
    with receiving() as house:
        house.gives_twice, house.forgets_deletes = True, 1
        jobs.work_off(to(house))
        assert house.receipts  # it did not hear that we had it
        jobs.work_off(to(house))
        assert house.receipts == {}
    assert sent_of(world).state == "received"
    assert world.contact.events.filter(kind="note_received").count() == 1


def test_a_receipt_of_nothing_of_ours_is_not_asked_for_again(world, caplog):
    world.signed()
    with receiving() as house:
        strange = "3b0f6b3e-7d5f-4f0e-9a57-3d6b0a9c1f11"
        house.receipts = {
            "a": {"id": "a", "message_id": strange, "received": True},
            "b": {"id": "b", "message_id": "x", "received": True},
            "c": {"id": "c"},
        }
        jobs.work_off(to(house))
        assert set(house.receipts) == {"b", "c"}
    assert sent_of(world).state == "received"


def test_a_refusal_is_a_task_at_once_and_the_reason_is_shown(world):
    world.signed()
    with receiving() as house:
        house.faults = [422]
        jobs.work_off(to(house))
        row = sent_of(world)
        assert (row.state, row.attempts, row.fault) == ("failed", 1, "HTTP 422")
        fastlege.send_again(note_id=row.pk, by=world.lise, at=LATER)
        jobs.work_off(to(house))
    assert list(house.kept) == [str(row.message_id)]
    assert sent_of(world).state == "received"


def test_a_receipt_that_says_no_is_a_task(world):
    world.signed()
    with receiving() as house:
        jobs.deliver(to(house), at=LATER)
        for row in house.receipts.values():
            row |= {"received": False, "fault": "Ukjent mottaker"}
        jobs.read_receipts(to(house))
    row = sent_of(world)
    assert (row.state, row.fault) == ("failed", "Ukjent mottaker")


def test_a_message_that_arrived_after_all_is_no_task_any_more(world):
    world.signed()
    with receiving() as house:
        jobs.deliver(to(house), at=LATER)
        key = str(sent_of(world).message_id)
        late = {"id": "sen", "message_id": key, "received": True}
        house.receipts[key] |= {"received": False, "fault": "Tidsavbrudd"}
        house.receipts["sen"] = late
        jobs.read_receipts(to(house))
        assert sent_of(world).state == "received"
        house.receipts["igjen"] = late | {"received": False}
        jobs.read_receipts(to(house))
    assert sent_of(world).state == "received"


def test_the_log_of_changes_holds_nothing_of_the_document(world):
    world.signed()
    logged = AuditEntry.objects.filter(table="records_fastlegenote", what="insert")
    assert make.national_id() not in json.dumps([row.data for row in logged])
    assert logged.count() == 1


def test_a_busy_evening_does_not_use_up_the_attempts_of_a_message(world):
    world.signed()
    with receiving() as house:
        house.faults = [503]
        for _ in range(20):
            jobs.deliver(to(house), at=LATER, is_first=True)
        assert sent_of(world).attempts == 1


def test_the_secret_goes_to_no_other_address(world):
    world.signed()
    with receiving() as house:
        house.faults = [307]
        with pytest.raises(DeliveryFailed, match="HTTP 307"):
            to(house).send(
                OutgoingNote(
                    note_id=1,
                    version=1,
                    message_id="m",
                    her_id="",
                    receiver="",
                    text="x",
                )
            )
        assert TOKEN not in repr(to(house))


def test_what_is_not_receipts_is_a_fault_and_not_a_crash(world):
    class Odd(HttpDelivery):
        def _ask(self, *_, **__):
            return b"<html>"

    assert jobs.read_receipts(Odd("http://127.0.0.1:9", TOKEN)) == 0


DELIVER = """
import django; django.setup()
from varde.apps.sentral import jobs
jobs.work_off(jobs.way_out())
"""


@pytest.mark.django_db(transaction=True)
def test_a_sender_killed_between_sending_and_writing_gives_one_epikrise(tmp_path):
    """Real processes: the first dies when the receiver has the message."""
    world = World()
    world.signed()
    with receiving() as house:
        running = []

        def start():
            running.append(
                subprocess.Popen(
                    [sys.executable, "-c", DELIVER],
                    env=os.environ
                    | {
                        "DATABASE_URL": database_url(),
                        "DJANGO_SETTINGS_MODULE": "varde.config.settings",
                        "VARDE_HOME": str(tmp_path),
                        "VARDE_FASTLEGE_URL": house.address,
                        "VARDE_FASTLEGE_TOKEN": TOKEN,
                    },
                    stderr=subprocess.PIPE,
                    text=True,
                )
            )
            return running[-1]

        house.at_post = lambda: running[-1].send_signal(signal.SIGKILL)
        first = start()
        first.communicate(timeout=60)
        assert first.returncode == -signal.SIGKILL
        row = sent_of(world)
        assert (row.state, row.attempts) == ("queued", 0)
        assert len(house.kept) == 1
        house.at_post = lambda: None
        _, said = start().communicate(timeout=60)
        assert running[-1].returncode == 0, said
        assert list(house.posts.values()) == [2]
        assert len(house.kept) == 1
    assert sent_of(world).state == "received"


def database_url():
    database = site.DATABASES["default"]
    host, user = quote(database["HOST"], safe=""), quote(database["USER"] or "")
    if database["HOST"].startswith("/"):
        return f"postgresql://{user}@/{database['NAME']}?host={host}"
    password = f":{quote(database['PASSWORD'])}" if database["PASSWORD"] else ""
    port = f":{database['PORT']}" if database["PORT"] else ""
    return f"postgresql://{user}{password}@{database['HOST']}{port}/{database['NAME']}"


# The installation's choice


def test_the_installation_chooses_the_folder_or_the_message_service(tmp_path, settings):
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")
    home = {"VARDE_HOME": str(tmp_path)}
    near = "http://127.0.0.1:9"
    chosen = env.read(
        home
        | {
            "VARDE_FASTLEGE_URL": "https://melding.example.no/v1",
            "VARDE_FASTLEGE_TOKEN_FILE": str(file),
        }
    )
    assert chosen.fastlege_token == TOKEN
    assert TOKEN not in repr(chosen)
    assert env.read(home).fastlege_url == ""
    for wrong, says in (
        ({"VARDE_FASTLEGE_URL": near}, "need both"),
        ({"VARDE_FASTLEGE_TOKEN": TOKEN}, "need both"),
        ({"VARDE_FASTLEGE_TOKEN_FILE": "/nowhere"}, "cannot be read"),
        (
            {"VARDE_FASTLEGE_URL": "http://example.no", "VARDE_FASTLEGE_TOKEN": "x"},
            "must begin with https",
        ),
    ):
        with pytest.raises(ImproperlyConfigured, match=says):
            env.read(home | wrong)
    settings.FASTLEGE_URL = ""
    assert isinstance(jobs.way_out(), FileDrop)
    settings.FASTLEGE_URL, settings.FASTLEGE_TOKEN = near, TOKEN
    assert isinstance(jobs.way_out(), HttpDelivery)


def test_every_version_arrives_once_in_a_disturbed_evening(world):
    """Twelve versions of four notes, through faults, lost answers and repeated receipts."""
    contacts = [world.contact]
    contacts += [
        make.contact(patient=world.siv, fastlege=world.gp, consent_fastlege=True)
        for _ in range(3)
    ]
    with receiving() as house:
        house.gives_twice = True
        for turn in range(3):
            for row in contacts:
                world.contact = row
                world.write(plan=f"Plan {turn}", correction="Ny" if turn else "")
                world.sign(seen=turn, at=NOW + timedelta(minutes=turn))
            house.faults = [503, 500][: turn + 1]
            house.forgets_deletes = turn
            for _ in range(3):
                jobs.work_off(to(house))
    rows = FastlegeNote.objects.filter(contact__in=Contact.objects.all())
    assert rows.count() == len(house.kept) == 12
    assert set(rows.values_list("state", flat=True)) == {"received"}
    assert {str(key) for key in rows.values_list("message_id", flat=True)} == set(
        house.kept
    )
