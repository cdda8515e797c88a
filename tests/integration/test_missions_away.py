"""The car without net: what a telephone is given to keep, and whose presses it sends."""

import json
import re
from pathlib import Path
from uuid import uuid4

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import timezone

from tests import make
from varde.apps.records.models import Mission, MissionPress, Outcome, WorkSession
from varde.apps.station.views import away


pytestmark = pytest.mark.django_db
WORKER, SHELL = "/stasjon/bil/arbeider.js", "/stasjon/bil/uten-nett/"


@pytest.fixture
def out():
    house = make.house()
    nora = make.nurse("nora", at=house.elv, first_name="Nora", last_name="Nes")
    contact = make.contact(
        at=house.sentral, patient=make.patient(given_name="Solveig", address="Elv 14")
    )
    now = timezone.now()
    task = Outcome.objects.create(
        contact=contact, district=contact.district, kind="call_out",
        created_at=now, created_by=nora, due_at=now,
    )  # fmt: skip
    mission = Mission.objects.create(
        contact=contact, district=contact.district, sentral=contact.sentral,
        station=house.elv, outcome=task, kind="call_out", opened_at=now,
        recorded_at=now, opened_by=nora, companion="Ambulanse 3-7",
    )  # fmt: skip
    return nora, make.nurse("berit", at=house.elv), mission


def as_one(user):
    client = Client()
    client.force_login(user)
    return client


def named(text):
    return json.loads(re.match(r"const CAR = (\{.*\});\n", text)[1])


def test_the_worker_is_a_script_that_is_asked_for_anew_each_time():
    answer = Client().get(WORKER)
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Cache-Control"] == "no-cache"
    assert "worker-src 'self'" in answer["Content-Security-Policy"]


def test_the_worker_keeps_all_that_the_shell_asks_for_and_no_more():
    told = named(Client().get(WORKER).text)
    page = Client().get(SHELL).text
    asked = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page))
    assert told["shell"] == SHELL
    assert asked == set(told["files"])
    for address in asked:
        name, version = re.fullmatch(
            r"/static/(.+)\?v=([0-9a-f]{12})", address
        ).groups()
        found = Path(finders.find(name)).read_bytes()
        assert away._version(found) == version
        if name.startswith("station/") and name.endswith(".js"):
            assert not re.search(rb"^import ", found, re.MULTILINE), name


def test_the_shell_is_the_same_for_everybody_and_for_a_screen_that_is_locked(out):
    nora, berit, _mission = out
    of_nobody = Client().get(SHELL).text
    locked = as_one(berit)
    WorkSession.objects.filter(user=berit).update(locked_at=timezone.now())
    assert [as_one(nora).get(SHELL).text, locked.get(SHELL).text] == [of_nobody] * 2
    assert locked.get(WORKER).status_code == 200
    for secret in ("Nora", "csrf", "Solveig", "Elv 14"):
        assert secret not in of_nobody


def test_another_release_has_another_version(monkeypatch):
    before = named(Client().get(WORKER).text)["version"]
    _forget()
    monkeypatch.setattr(away, "_bytes_of", lambda name: f"changed {name}".encode())
    after = named_version(away._worker("nb"))
    _forget()
    monkeypatch.undo()
    assert before != after
    assert named(Client().get(WORKER).text)["version"] == before


def named_version(text):
    return json.loads(text.removeprefix("const CAR = ").split(";\n")[0])["version"]


def _forget():
    for made in (away._shell, away._worker, away._files):
        made.cache_clear()


@pytest.mark.parametrize(
    ("whose", "status"), [("own", 200), ("unsaid", 200), ("another's", 403)]
)
def test_presses_are_sent_by_the_one_who_pressed(out, whose, status):
    nora, berit, mission = out
    now = timezone.now().isoformat()
    body = {
        "sent_at": now,
        "presses": [{"key": str(uuid4()), "what": "left", "at": now}],
    }
    if whose != "unsaid":
        body["user"] = nora.pk
    answer = as_one(berit if whose == "another's" else nora).post(
        f"/stasjon/bil/oppdrag/{mission.pk}/trykk/samlet/",
        body,
        content_type="application/json",
    )
    assert answer.status_code == status
    assert MissionPress.objects.count() == (1 if status == 200 else 0)
