"""A whole installation as real processes, for tests that kill parts of it."""

import fcntl
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

import psutil


VARDE = [sys.executable, "-c", "from varde.config.cli import main; main()"]
# What this test run was told of its own database is not for the installation.
FOREIGN = (
    "DATABASE_URL",
    "VARDE_WEB_DATABASE_URL",
    "VARDE_SET_WEB_ROLE",
    "VARDE_EMBEDDED",
)


def environment(home, **more):
    """The surroundings of an installation in this folder."""
    kept = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)  # each process would compile everything
    return kept | {"VARDE_HOME": str(home), "VARDE_REQUIRE_MFA": "0"} | more


def varde(home, *words, limit_s=120, **more):
    """Run one command to its end."""
    return subprocess.run(
        [*VARDE, *words],
        env=environment(home, **more),
        capture_output=True,
        text=True,
        timeout=limit_s,
        check=False,
    )


def migrated(home, *, run):
    """Make a home whose database is migrated: a copy of one that is made once a run.

    Processes of one run share `run`, and the first that comes makes what is copied.
    """
    model = run / "migrated"
    with (run / "migrated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (run / "migrated.ready").exists():
            done = varde(model, "migrate", "-v", "0", limit_s=300)
            assert done.returncode == 0, done.stderr
            (run / "migrated.ready").touch()
    # With the owner of its files, which is another where root runs the tests.
    subprocess.run(["cp", "-a", f"{model}/.", home], check=True)
    return home


def free_port():
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


class Stack:
    """`varde serve` (or another command that serves) in a folder of its own."""

    def __init__(self, home, *words, **more):
        self.home = Path(home)
        self.port = free_port()
        self.log = self.home / "test.log"
        self.more = more
        self.words = [*(words or ["serve"]), "--port", str(self.port)]
        self.process = None

    def start(self, *, limit_s=60):
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*VARDE, *self.words],
                env=environment(self.home, **self.more),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.wait_until_it_answers(limit_s=limit_s)
        return self

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def secrets(self):
        return json.loads((self.home / "secrets.json").read_text())

    def get(self, path, *, headers=None, limit_s=10):
        """Status, headers and text of one answer."""
        request = urllib.request.Request(self.address + path, headers=headers or {})
        try:
            with urllib.request.urlopen(request, timeout=limit_s) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.headers, refusal.read().decode()

    def answers(self):
        with suppress(OSError):
            return self.get("/helse/", limit_s=3)[0] == 200
        return False

    def wait_until_it_answers(self, *, limit_s=60):
        def answers_or_ended():
            if self.process.poll() is not None:
                raise AssertionError(
                    f"ended with {self.process.returncode}\n{self.tail()}"
                )
            return self.answers()

        wait_for(answers_or_ended, limit_s=limit_s, what=self.tail)

    def tail(self):
        return "\n".join(self.log.read_text().splitlines()[-40:])

    # The processes, by what they do.

    def children(self):
        return psutil.Process(self.process.pid).children()

    def _child(self, word):
        for child in self.children():
            with suppress(psutil.Error):  # a zombie has no command line
                if word in child.cmdline():
                    return child
        return None

    def web(self):
        return self._child("varde.config.serving")

    def jobs(self):
        return self._child("work")

    def workers(self):
        web = self.web()
        return web.children() if web is not None else []

    def postmaster(self):
        with suppress(OSError, psutil.Error, ValueError):
            text = (self.home / "pg" / "postmaster.pid").read_text()
            process = psutil.Process(int(text.split("\n", 1)[0]))
            if process.status() != psutil.STATUS_ZOMBIE:
                return process
        return None

    def all_pids(self):
        pids = {self.process.pid}
        for child in psutil.Process(self.process.pid).children(recursive=True):
            pids.add(child.pid)
        postmaster = self.postmaster()
        if postmaster is not None:
            pids.add(postmaster.pid)
        return pids

    def stop(self, *, how=signal.SIGTERM, limit_s=20):
        """Stop as a person does; returns how long it took."""
        began = time.monotonic()
        self.process.send_signal(how)
        self.process.wait(limit_s)
        return time.monotonic() - began

    def end(self):
        """See to it that nothing is left, whatever the test did."""
        for pid in self.all_pids_that_live():
            with suppress(psutil.Error):
                psutil.Process(pid).kill()
        if self.process is not None:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(5)

    def all_pids_that_live(self):
        """Every process of this folder and port, also those that lost their parent."""
        marks = (str(self.home), str(self.port))
        found = []
        for process in psutil.process_iter(["pid", "name", "cmdline"]):
            words = process.info["cmdline"] or []
            is_ours = "python" in (process.info["name"] or "") and any(
                re.fullmatch(re.escape(marks[1]), word) for word in words
            )
            is_pg = "postgres" in (process.info["name"] or "") and marks[0] in " ".join(
                words
            )
            if is_ours or is_pg:
                found.append(process.pid)
        if self.process is not None and self.process.poll() is None:
            found.append(self.process.pid)
        return found


def wait_for(condition, *, limit_s, what=lambda: ""):
    """Wait until something is so."""
    until = time.monotonic() + limit_s
    while not condition():
        if time.monotonic() > until:
            raise AssertionError(f"did not happen within {limit_s} s\n{what()}")
        time.sleep(0.1)


def lives(pid):
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
