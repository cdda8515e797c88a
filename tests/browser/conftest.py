"""The browser tests' ground: the real server on the test database, and Chromium."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import expect, sync_playwright

from tests import make
from varde.apps.records.models import Place, TravelTime
from varde.apps.sentral.services import indices
from varde.config import serving, starting
from varde.content import STARTER_INDEX_FILE, starter_index_text


CHROMIUM = next(
    (p for p in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(p).exists()),
    None,
)
# What a page says when it is left with a request under way: nothing went wrong. A request
# that failed says `htmx:sendError` or `htmx:responseError` besides.
LEFT = ("htmx:sendAbort", "htmx:afterRequest")
HELP_SECRET = "h" * 40
START_S = 90
CLOSE_S = 60  # a window that is not closed by then never is
expect.set_options(
    timeout=20_000
)  # as long as a busy machine needs; most take a moment
CALM_S = 0.3  # so long at rest, and the server's last requests and drawings have ended
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium():
    """One browser for all tests. Without one: a clear skip, or a fault where demanded."""
    if CHROMIUM is None:
        text = "No Chromium: `apt-get install chromium`, then these tests run."
        if os.environ.get("VARDE_REQUIRE_BROWSER") == "1":
            pytest.fail(text)
        pytest.skip(text)
    with sync_playwright() as playwright:
        browser = Chromium(playwright)
        yield browser
        browser.stop()


class Chromium:
    """A browser that is started anew when the one before it had to be ended.

    To close a window can hang for ever in a busy Chromium: then it is killed, and what the
    test found stands.
    """

    def __init__(self, playwright):
        self._playwright = playwright
        self._start()

    def _start(self):
        before = _chromiums()
        self._browser = self._playwright.chromium.launch(
            executable_path=CHROMIUM, args=FLAGS
        )
        self._pids = _chromiums() - before

    def new_context(self, **options):
        """A window of its own."""
        if not self._browser.is_connected():
            self._start()
        return self._browser.new_context(**options)

    def close(self, window):
        """Close a window, or end the browser where that takes too long."""
        watchdog = threading.Timer(CLOSE_S, self._kill)
        watchdog.start()
        try:
            window.close()
        except PlaywrightError:
            if self._browser.is_connected():
                raise
        finally:
            watchdog.cancel()

    def stop(self):
        """End the browser."""
        self._browser.close()

    def _kill(self):
        for pid in self._pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def _chromiums():
    """The browsers' first processes beneath this one, by their pipe to Playwright."""
    found, mine = set(), {os.getpid()}
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parents[int(folder.name)] = int(
                (folder / "stat").read_text().rpartition(")")[2].split()[1]
            )
    for _ in range(3):
        mine |= {pid for pid, parent in parents.items() if parent in mine}
    for pid in mine:
        with suppress(OSError):
            if b"--remote-debugging-pipe" in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.add(pid)
    return found


@pytest.fixture(scope="session")
def server(django_db_setup, tmp_path_factory):
    """The address of Varde's own server, on the test database and with the web role."""
    starting.collect_static()
    port = _free_port()
    folder = tmp_path_factory.mktemp("server")
    log = folder / "log"
    shared = folder / "help-secrets.json"  # with the sentral of test_help
    shared.write_text(json.dumps({"BOD": HELP_SECRET}))
    with log.open("w") as sink:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "varde.config.serving"),
                *("--host", "127.0.0.1", "--port", str(port), "--workers", "1"),
            ],
            env=os.environ
            | {
                "DATABASE_URL": _web_url(),
                "VARDE_REQUIRE_MFA": "0",
                "VARDE_SET_WEB_ROLE": "0",
                "VARDE_HELP_SECRETS": str(shared),
                "VARDE_PUBLIC_ADDRESS": f"http://127.0.0.1:{port}",
            },
            stdout=sink,
            stderr=subprocess.STDOUT,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, process, log)
        yield address
    finally:
        serving.drop_streams(process.pid)
        process.terminate()
        process.wait(timeout=15)


@pytest.fixture
def world(transactional_db):
    """A sentral with a station, places, people on duty and the starter index in use."""
    make.settings()
    leader = make.user("overlege", roles=["legevaktoverlege"])
    sentral = make.sentral()
    vefsn = make.municipality()
    station = make.station("varden", serves=[vefsn])
    place = Place.objects.create(
        municipality=vefsn,
        name="Mosjøen",
        latitude=65.84,
        longitude=13.19,
        source="test",
    )
    TravelTime.objects.create(place=place, station=station, minutes=12, source="test")
    doctor = make.user(
        "lege", roles=["doctor"], first_name="Lise", last_name="Lege", phone="40000001"
    )
    make.duty(doctor, at=sentral, starts_at=timezone.now(), hours=8)
    at = timezone.now()
    version = indices.install(
        district=sentral.host_district,
        text=starter_index_text(),
        filename=STARTER_INDEX_FILE,
        by=leader,
        at=at,
    )
    indices.approve(version_id=version.pk, comment="test", by=leader, at=at)
    indices.take_into_use(version_id=version.pk, by=leader, at=at)
    return sentral


@pytest.fixture
def open_page(chromium, server, transactional_db):
    """Open a page of its own as a user. Script errors and console errors fail the test.

    It stands on the database so that every page is closed before the tables are emptied.
    """
    opened = []

    def open_as(user, path="/sentral/", **context):
        client = Client()
        client.force_login(user)
        window = chromium.new_context(
            base_url=server, **{"viewport": {"width": 1440, "height": 900}} | context
        )
        window.add_cookies(
            [
                {
                    "name": settings.SESSION_COOKIE_NAME,
                    "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                    "url": server,
                }
            ]
        )
        page = window.new_page()
        problems = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on(
            "console",
            lambda m: (
                problems.append(m.text)
                if m.type == "error" and not m.text.startswith(LEFT)
                else None
            ),
        )
        page.problems = problems
        page.goto(path)
        opened.append((window, page))
        return page

    yield open_as
    faults = []
    for window, page in opened:
        faults += page.problems
        chromium.close(window)
    _wait_for_calm()
    assert faults == []


def _wait_for_calm():
    """Wait until the server does nothing in the database: its tables are emptied next."""
    busy = (
        "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND state <> 'idle')"
    )
    until, calm_since = time.monotonic() + START_S, time.monotonic()
    while time.monotonic() - calm_since < CALM_S:
        with connection.cursor() as cursor:
            cursor.execute(busy)
            if cursor.fetchone()[0]:
                calm_since = time.monotonic()
        assert time.monotonic() < until, "the server never came to rest"
        time.sleep(0.05)


def _web_url():
    """The test database as the role of the web process."""
    database = settings.DATABASES["default"]
    host = quote(database["HOST"], safe="")
    port = f":{database['PORT']}" if database["PORT"] else ""
    name = database["NAME"]
    if database["HOST"].startswith("/"):
        return f"postgresql://varde_web@/{name}?host={host}"
    return f"postgresql://varde_web@{database['HOST']}{port}/{name}"


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(address, process, log):
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{address}/helse/", timeout=1) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the server did not start:\n{log.read_text()}")
