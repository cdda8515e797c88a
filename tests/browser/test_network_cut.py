"""The outer network is cut, and the main job is done: from the ring until the patient goes."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tests import make
from tests.browser.conftest import _free_port, _wait_for, _web_url
from varde.apps.records.models import (
    Attendance,
    Call,
    Contact,
    PaperPrint,
    Station,
)
from varde.config import serving, starting
from varde.engines.telephony import signature


CUT = Path(__file__).parent / "cut_network"


def cut_environment(tries):
    path = os.pathsep.join([str(CUT), os.environ.get("PYTHONPATH", "")]).rstrip(":")
    return os.environ | {"PYTHONPATH": path, "VARDE_TEST_TRIES": str(tries)}


@pytest.fixture
def cut_server(django_db_setup, tmp_path):
    """A server whose every process has no network, and where its tries are written."""
    starting.collect_static()
    port, log, tries = _free_port(), tmp_path / "log", tmp_path / "tries"
    address = f"http://127.0.0.1:{port}"
    with log.open("w") as sink:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "varde.config.serving"),
                *("--host", "127.0.0.1", "--port", str(port), "--workers", "1"),
            ],
            env=cut_environment(tries)
            | {
                "DATABASE_URL": _web_url(),
                "VARDE_REQUIRE_MFA": "0",
                "VARDE_SET_WEB_ROLE": "0",
                "VARDE_PUBLIC_ADDRESS": address,
            },
            stdout=sink,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_for(address, process, log)
        assert Path(f"{tries}.cut").exists()
        yield address, tries
    finally:
        serving.drop_streams(process.pid)
        process.terminate()
        process.wait(timeout=15)


class Person:
    """Somebody at a workstation, who presses buttons."""

    def __init__(self, user, address):
        client = Client()
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.web = httpx.Client(
            base_url=address,
            cookies={settings.SESSION_COOKIE_NAME: cookie},
            follow_redirects=True,
            timeout=60,
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.web.close()

    def see(self, path):
        answer = self.web.get(path)
        assert answer.status_code == 200, path
        assert not re.search(r'(?:src|href|action)="https?://', answer.text), path
        return answer.text

    def press(self, path, **fields):
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.page)[1]
        answer = self.web.post(
            path,
            data={"csrfmiddlewaretoken": token} | fields,
            headers={"Referer": str(self.web.base_url)},
        )
        assert answer.status_code in {200, 204}, (path, answer.status_code)
        alerts = re.findall(r'class="problem" role="alert">([^<]+)', answer.text)
        assert not alerts, (path, alerts)

    def at(self, path):
        self.page = self.see(path)
        return self


def ring(address):
    body = json.dumps(
        {
            "event_id": "e1", "sentral": "HEL", "call_id": "c1", "kind": "ringing",
            "occurred_at": timezone.now().isoformat(), "caller_number": "90000001",
        }
    ).encode()  # fmt: skip
    signed = signature.sign(body, secret=settings.TELEPHONY_SECRET, t=int(time.time()))
    answer = httpx.post(
        f"{address}/api/telephony/events",
        content=body,
        headers={signature.HEADER: signed, "Content-Type": "application/json"},
    )
    assert answer.status_code == 202, answer.text


def test_the_main_job_is_done_and_nothing_reached_out(world, cut_server):
    address, tries = cut_server
    place = Station.objects.get()
    with (
        Person(make.operator("kari"), address) as operator,
        Person(make.nurse("nora", at=place), address) as nurse,
    ):
        main_job(address, operator=operator, nurse=nurse, place=place)
    assert not tries.exists(), tries.read_text()


def main_job(address, *, operator, nurse, place):
    """From the ring until the patient goes, at two workstations."""
    ring(address)
    operator.at("/sentral/").press(f"/sentral/anrop/{Call.objects.get().pk}/svar/")
    contact = Contact.objects.get()
    here = f"/sentral/kontakt/{contact.pk}/"
    operator.at(here)
    operator.press(here + "pasient/ny/", kind="unknown", estimated_age="40")
    operator.press(here + "felt/", municipality="1824")
    operator.press(here + "hastegrad/", axis="phone", hastegrad="vanlig")
    operator.press(here + "tiltak/", kind="advice", note="Kom hvis det blir verre")
    operator.press(here + "arsak/", code="H01")
    operator.press(here + "avslutt/")
    contact.refresh_from_db()
    assert contact.state == "closed", operator.see(here)

    nurse.at("/stasjon/ny/").press("/stasjon/ny/", why="Verre", estimated_age="40")
    attendance = Attendance.objects.get()
    there = f"/stasjon/pasient/{attendance.pk}/"
    nurse.at(there)
    nurse.press(there + "hastegrad/", hastegrad="gul", pulse="80")
    nurse.press(there + "sett/", result="same")
    nurse.press(there + "gatt/", end="advice")
    attendance.refresh_from_db()
    assert attendance.end == "advice"
    assert attendance.looks.count() == 2

    for path in ("/sentral/tavle/", "/sentral/tall/", "/stasjon/tall/"):
        operator.see(path)
    operator.at("/sentral/etterforing/").press("/sentral/etterforing/nye/", count="1")
    made = PaperPrint.objects.get()
    drawn = operator.web.get(f"/sentral/etterforing/utskrift/{made.pk}.pdf")
    assert drawn.content.startswith(b"%PDF")


@pytest.mark.parametrize(
    "try_it",
    [
        "import socket; socket.create_connection(('192.0.2.1', 80), timeout=2)",
        "import urllib.request as u; u.urlopen('http://varde.example/', timeout=2)",
    ],
)
def test_a_process_that_reaches_out_is_refused_and_written_down(tmp_path, try_it):
    tries = tmp_path / "tries"
    ended = subprocess.run(
        [sys.executable, "-c", try_it],
        env=cut_environment(tries),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode != 0
    assert "the network is cut" in ended.stderr
    assert tries.exists()
