"""A telephone that comes back after twenty minutes while the server is killed under it.

Real processes, a real SIGKILL, and an answer that never came: six presses are six legs,
once, at their true times.
"""

import http.client
import json
import time
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest

from tests.stack import Stack, migrated, varde


TOKEN = "c" * 32  # the cookie and the header must agree; the value is free
LONGEST_S = 60
LEGS = ["alarmed", "left", "at_scene", "with_patient", "left_scene", "free"]
SET_UP = """
from django.test import Client
from django.utils import timezone
from tests import make
from varde.apps.records.models import Outcome
from varde.apps.station.access import all_stations
from varde.apps.station.services import missions
make.settings()
make.sentral()
station = make.station("elv")
nora = make.nurse("nora", at=station)
now = timezone.now() - timezone.timedelta(minutes=30)
contact = make.contact(patient=make.patient(), opened_at=now)
task = Outcome.objects.create(contact=contact, district=contact.district,
    kind="call_out", created_at=now, created_by=nora)
place = next(p for p in all_stations() if p.id == station.pk)
mission = missions.begin(place=place, outcome_id=task.pk, people=[nora.pk],
    companion="Ambulanse", by=nora, at=now)
client = Client()
client.force_login(nora)
import json
print(json.dumps([client.cookies["sessionid"].value, mission.pk]))
"""


@pytest.fixture
def installation(tmp_path, shared_folder):
    migrated(tmp_path, run=shared_folder)
    made = varde(tmp_path, "shell", "-v", "0", "-c", SET_UP, PYTHONPATH=".")
    assert made.returncode == 0, made.stderr
    stack = Stack(tmp_path, "serve").start()
    yield stack, *json.loads(made.stdout.strip().splitlines()[-1])
    stack.end()


def test_a_telephone_that_comes_back_loses_and_doubles_nothing(installation):
    stack, session, mission = installation
    now = datetime.now(UTC)
    presses = [
        {
            "key": str(uuid4()),
            "what": what,
            "at": (now - timedelta(minutes=20 - 3 * number)).isoformat(),
        }
        for number, what in enumerate(LEGS)
    ]

    def send(some, *, hears=True):
        link = http.client.HTTPConnection("127.0.0.1", stack.port, timeout=15)
        with closing(link):
            return spoken(link, some, hears=hears)

    def spoken(link, some, *, hears):
        body = {"sent_at": datetime.now(UTC).isoformat(), "presses": some}
        link.request(
            "POST",
            f"/stasjon/bil/oppdrag/{mission}/trykk/samlet/",
            json.dumps(body),
            {
                "Content-Type": "application/json",
                "Cookie": f"sessionid={session}; csrftoken={TOKEN}",
                "X-CSRFToken": TOKEN,
            },
        )
        if not hears:
            return None
        answer = link.getresponse()
        text = answer.read()
        assert answer.status == 200, text
        return set(json.loads(text)["kept"])

    def until_sent(some):
        until = time.monotonic() + LONGEST_S
        while time.monotonic() < until:
            with suppress(OSError, http.client.HTTPException, AssertionError):
                return send(some)
            time.sleep(0.3)
        raise AssertionError(stack.tail())

    assert send(presses[:2]) == {one["key"] for one in presses[:2]}
    send(presses[:4], hears=False)  # the net went while the server answered
    stack.web().kill()
    every = {one["key"] for one in presses}
    assert until_sent(presses) == every  # as a telephone does: again, until it is heard
    assert until_sent(presses[::-1]) == every  # once more: the answer was lost again
    with psycopg.connect(
        host=str(stack.home / "pg"), user="postgres", dbname="varde"
    ) as database:
        rows = database.execute(
            "SELECT key::text, what, occurred_at FROM records_missionpress"
            " ORDER BY occurred_at"
        ).fetchall()
        events = database.execute(
            "SELECT count(*) FROM records_contactevent WHERE kind = 'mission_leg'"
        ).fetchone()
    assert [(key, what) for key, what, _ in rows] == [
        (one["key"], one["what"]) for one in presses
    ]
    assert [at.isoformat() for _, _, at in rows] == [
        datetime.fromisoformat(one["at"]).astimezone(rows[0][2].tzinfo).isoformat()
        for one in presses
    ]
    assert events == (6,)
