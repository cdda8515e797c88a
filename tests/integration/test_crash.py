"""Fifty operators at work while processes are killed: nothing acknowledged is lost.

Real processes, real signals. What the server has acknowledged (a redirect, a 204, a
receipt for a telephone event) must be in the database afterwards exactly once, and what it
has not acknowledged must be there whole or not at all.
"""

import http.client
import json
import random
import re
import threading
import time
from collections import defaultdict
from contextlib import suppress
from datetime import UTC, datetime

import psutil
import psycopg
import pytest

from tests.stack import Stack, migrated, varde
from varde.engines.telephony import signature


OPERATORS = 50
SEED = 20_261_122
TOKEN = "c" * 32  # the cookie and the header must agree; the value is free
KILLS = [
    "worker",
    "database",
    "web",
    "workers and database",
    "worker",
    "jobs",
    "database",
]
# So much work must have gone through for the test to say anything; a slow machine gets
# longer to do it, up to a limit.
WORK = {"ring": 100, "answer": 50, "save": 50, "outcome": 20, "close": 10}
LONGEST_S = 150

SET_UP = """
from django.test import Client
from tests import make
make.settings()
place = make.sentral()
make.station("varden", serves=[make.municipality()])
sessions = []
for number in range({operators}):
    user = make.operator(f"operator{{number}}", at=place)
    client = Client()
    client.force_login(user)
    sessions.append(client.cookies["sessionid"].value)
import json
print(json.dumps(sessions))
"""


@pytest.fixture(scope="module")
def installation(tmp_path_factory, shared_folder):
    home = migrated(tmp_path_factory.mktemp("crash"), run=shared_folder)
    made = varde(
        home,
        "shell",
        "-v",
        "0",
        "-c",
        SET_UP.format(operators=OPERATORS),
        PYTHONPATH=".",
    )
    assert made.returncode == 0, made.stderr
    stack = Stack(home, "serve").start()
    yield stack, json.loads(made.stdout.strip().splitlines()[-1])
    stack.end()


class Told:
    """What the server has acknowledged, by kind."""

    def __init__(self):
        self._lock = threading.Lock()
        self._done = defaultdict(list)

    def add(self, kind, what):
        with self._lock:
            self._done[kind].append(what)

    def __getitem__(self, kind):
        return self._done[kind]


class Person(threading.Thread):
    """One who works at the desk by the pages alone."""

    def __init__(self, number, stack, session, told, over):
        super().__init__(name=f"operator{number}", daemon=True)
        self.number = number
        self.stack = stack
        self.cookies = f"sessionid={session}; csrftoken={TOKEN}"
        self.told = told
        self.over = over
        self.random = random.Random(SEED + number)
        self.count = 0

    def run(self):
        while not self.over.is_set():
            with suppress(OSError, http.client.HTTPException):
                self.one_contact()
            self.pause()

    def pause(self):
        self.over.wait(self.random.uniform(0.3, 1.2))

    def ask(self, method, path, /, **fields):
        """Status, headers and text; a broken connection raises OSError."""
        link = http.client.HTTPConnection("127.0.0.1", self.stack.port, timeout=8)
        body = "&".join(f"{name}={value}" for name, value in fields.items())
        try:
            link.request(
                method,
                path,
                body=body if method == "POST" else None,
                headers={
                    "Cookie": self.cookies,
                    "X-CSRFToken": TOKEN,
                    "Content-Type": "application/x-www-form-urlencoded",
                },
            )
            answer = link.getresponse()
            return answer.status, answer.headers, answer.read().decode()
        finally:
            link.close()

    def one_contact(self):
        """From the ring to the close; what is refused or broken off is left."""
        _, _, desk = self.ask("GET", "/sentral/")
        ringing = re.findall(r'action="(/sentral/anrop/\d+/svar/)"', desk)
        if not ringing:
            return
        answer = self.random.choice(ringing[:5])
        status, headers, _ = self.ask("POST", answer)
        if status != 302:
            return  # a colleague was first
        address = headers["Location"]
        contact = int(re.search(r"/kontakt/(\d+)/", address)[1])
        self.told.add("answer", (int(re.search(r"/anrop/(\d+)/", answer)[1]), contact))
        for _ in range(2):
            self.pause()
            self.count += 1
            text = f"op{self.number}-{self.count}"
            status, headers, _ = self.ask("POST", f"{address}felt/", narrative=text)
            if status == 204 and "X-Problem" not in headers:
                self.told.add("save", (contact, text))
        self.act(contact, "assess", f"{address}hastegrad/", hastegrad="vanlig")
        self.act(contact, "outcome", f"{address}tiltak/", kind="advice")
        self.act(contact, "reason", f"{address}arsak/", code="R05")
        self.act(contact, "close", f"{address}avslutt/")

    def act(self, contact, kind, path, /, **fields):
        """One act, once: an answer that did not come is not asked for again."""
        self.pause()
        with suppress(OSError, http.client.HTTPException):
            status, _, _ = self.ask("POST", path, **fields)
            if status == 302:
                self.told.add(kind, contact)


class Exchange(threading.Thread):
    """Rings, and sends each event again until it has a receipt for it."""

    def __init__(self, stack, told, over):
        super().__init__(name="exchange", daemon=True)
        self.stack = stack
        self.told = told
        self.over = over
        self.secret = stack.secrets["telephony_secret"]

    def run(self):
        number = 0
        while not self.over.is_set():
            events = [self.event(number + n) for n in range(8)]
            while not self.over.is_set() and not self.send(events):
                self.over.wait(0.3)
            if not self.over.is_set():
                number += len(events)
            self.over.wait(0.4)

    def event(self, number):
        return {
            "sentral": "HEL",
            "event_id": f"e{number}",
            "call_id": f"call-{number}",
            "kind": "ringing",
            "occurred_at": datetime.now(UTC).isoformat(),
            "caller_number": f"0{number:07}",
        }

    def send(self, events):
        body = json.dumps(events).encode()
        signed = signature.sign(body, secret=self.secret, t=int(time.time()))
        link = http.client.HTTPConnection("127.0.0.1", self.stack.port, timeout=8)
        try:
            link.request(
                "POST",
                "/api/telephony/events",
                body=body,
                headers={"Content-Type": "application/json", signature.HEADER: signed},
            )
            if link.getresponse().status != 202:
                return False
        except (OSError, http.client.HTTPException):
            return False
        finally:
            link.close()
        for event in events:
            self.told.add("ring", event["call_id"])
        return True


def kill(stack, what, chance):
    """Kill without warning, as the power or the system would."""
    victims = []
    if "worker" in what:
        workers = stack.workers()
        victims += workers if "workers" in what else chance.sample(workers, 1)
    if what == "web":
        victims.append(stack.web())
    if what == "jobs":
        victims.append(stack.jobs())
    if "database" in what:
        victims.append(stack.postmaster())
    for victim in victims:
        with suppress(psutil.Error, AttributeError):
            victim.kill()


@pytest.fixture(scope="module")
def after(installation):
    """What was acknowledged while parts were killed, and the database after it."""
    stack, sessions = installation
    told, over, chance = Told(), threading.Event(), random.Random(SEED)
    threads = [Person(n, stack, s, told, over) for n, s in enumerate(sessions)]
    threads.append(Exchange(stack, told, over))
    for thread in threads:
        thread.start()
    time.sleep(3)
    for what in KILLS:
        kill(stack, what, chance)
        stack.wait_until_it_answers(limit_s=60)
        time.sleep(chance.uniform(1.5, 3))
    until = time.monotonic() + LONGEST_S
    while time.monotonic() < until and not is_enough(told):
        kill(stack, chance.choice(KILLS), chance)
        stack.wait_until_it_answers(limit_s=60)
        time.sleep(5)
    over.set()
    for thread in threads:
        thread.join(15)
    with psycopg.connect(
        host=str(stack.home / "pg"), user="postgres", dbname="varde"
    ) as database:
        yield told, database


def is_enough(told):
    return all(len(told[kind]) >= least for kind, least in WORK.items())


def rows(database, query):
    return database.execute(query).fetchall()


def test_there_was_work_and_it_went_on_between_the_kills(after):
    told, _ = after
    counts = {kind: len(told[kind]) for kind in WORK}
    print(f"acknowledged: {counts}")
    assert is_enough(told), counts


def test_each_acknowledged_ring_is_one_call_with_one_event(after):
    told, database = after
    found = dict(
        rows(
            database,
            "SELECT c.external_id, count(e.id) FROM records_call c"
            " LEFT JOIN records_telephonyevent e ON e.call_id = c.id GROUP BY 1",
        )
    )
    assert [c for c in told["ring"] if found.get(c) != 1] == []
    assert set(found.values()) == {1}  # also those that were not acknowledged


def test_each_answered_call_has_one_owner_and_one_contact(after):
    told, database = after
    contact_of = dict(rows(database, "SELECT id, contact_id FROM records_call"))
    assert [(c, k) for c, k in told["answer"] if contact_of[c] != k] == []
    calls = [call for call, _ in told["answer"]]
    assert len(calls) == len(set(calls)), "two were told that they had the same call"


def test_what_was_saved_is_there_unless_the_same_person_saved_again(after):
    told, database = after
    narrative = dict(rows(database, "SELECT id, narrative FROM records_contact"))
    history = defaultdict(list)
    for contact, text in rows(
        database,
        "SELECT contact_id, data->'narrative'->>1 FROM records_auditentry"
        " WHERE data ? 'narrative'",
    ):
        history[contact].append(text)
    last = {}
    for contact, text in told["save"]:
        assert history[contact].count(text) == 1, (contact, text)
        last[contact] = text
    for contact, text in last.items():
        now = narrative[contact]
        # A later save whose answer was lost may have come through.
        assert now == text or int(now.split("-")[1]) > int(text.split("-")[1])


@pytest.mark.parametrize(
    ("kind", "query"),
    [
        ("assess", "SELECT contact_id, count(*) FROM records_assessment GROUP BY 1"),
        ("outcome", "SELECT contact_id, count(*) FROM records_outcome GROUP BY 1"),
        (
            "reason",
            "SELECT contact_id, count(*) FROM records_contactevent"
            " WHERE kind = 'reason_set' GROUP BY 1",
        ),
        (
            "close",
            "SELECT contact_id, count(*) FROM records_contactevent"
            " WHERE kind = 'closed' GROUP BY 1",
        ),
    ],
)
def test_each_acknowledged_act_is_there_exactly_once(kind, query, after):
    told, database = after
    found = dict(rows(database, query))
    assert [c for c in told[kind] if found.get(c) != 1] == []
    assert set(found.values()) <= {1}


HALF_DONE = {
    "a contact without its beginning, or with two": """
        SELECT c.id FROM records_contact c WHERE 1 <> (SELECT count(*)
          FROM records_contactevent e WHERE e.contact_id = c.id AND e.kind = 'opened')""",
    "a call with an owner and no contact, or the other way round": """
        SELECT id FROM records_call
        WHERE claimed_at IS NOT NULL AND contact_id IS NULL
        OR claimed_at IS NULL AND contact_id IS NOT NULL""",
    "two calls with one contact": """
        SELECT contact_id FROM records_call WHERE contact_id IS NOT NULL
        GROUP BY 1 HAVING count(*) > 1""",
    "a judgement without its event, or an event without": """
        SELECT contact_id FROM (
          SELECT contact_id, 1 AS n FROM records_assessment UNION ALL
          SELECT contact_id, -1 FROM records_contactevent WHERE kind = 'assessed') x
        GROUP BY 1 HAVING sum(n) <> 0""",
    "an outcome without its event, or an event without": """
        SELECT contact_id FROM (
          SELECT contact_id, 1 AS n FROM records_outcome UNION ALL
          SELECT contact_id, -1 FROM records_contactevent
          WHERE kind = 'outcome_added') x
        GROUP BY 1 HAVING sum(n) <> 0""",
    "a hastegrad that nobody judged": """
        SELECT id FROM records_contact c WHERE hastegrad_phone <> '' AND NOT EXISTS (
          SELECT FROM records_assessment a WHERE a.contact_id = c.id)""",
    "a contact that is closed and was not, or was and is not": """
        SELECT id FROM records_contact c WHERE (state = 'closed') <> EXISTS (
          SELECT FROM records_contactevent e
          WHERE e.contact_id = c.id AND e.kind = 'closed')""",
    "a closed contact that somebody still has": """
        SELECT id FROM records_contact WHERE state = 'closed' AND owner_id IS NOT NULL""",
    "a change without a line in the log": """
        SELECT id FROM records_outcome o WHERE NOT EXISTS (
          SELECT FROM records_auditentry a WHERE a.row_id = o.id
          AND a."table" = 'records_outcome' AND a.what = 'insert')""",
}


@pytest.mark.parametrize("what", HALF_DONE)
def test_nothing_is_half_there(what, after):
    _, database = after
    assert rows(database, HALF_DONE[what]) == []


def test_the_log_is_whole_after_it_all(after, installation):
    stack, _ = installation
    done = varde(stack.home, "verify-log")
    assert done.returncode == 0, done.stdout + done.stderr
