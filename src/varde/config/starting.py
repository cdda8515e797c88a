"""What is made ready before an installation answers: checks, static files, children."""

import fcntl
import json
import os
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from varde.config import embedded, env, supervisor


STATIC_LOCK = ".static-lock"
STATIC_STAMP = ".collected.json"
READY_LIMIT_S = 60.0


class CannotStart(Exception):
    """The installation is not fit to start. The text says why, and the cure."""


def refuse_unfit(*, host: str, port: int) -> None:
    """Raise `CannotStart` while something is missing that a start needs."""
    web_address()
    missing = unapplied_migrations()
    if missing:
        raise CannotStart(
            f"The database lacks {len(missing)} migration(s), first {missing[0]}.\n"
            "Nothing was started. Make a copy with `varde backup FILE`, then run\n"
            "`varde migrate`, and start again."
        )
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as fault:
            raise CannotStart(
                f"Port {port} on {host} cannot be used: {fault.strerror}.\n"
                "Nothing was started. Stop the program that has it, or choose another\n"
                "with --port."
            ) from fault


def unapplied_migrations() -> list[str]:
    """The names of the migrations that this version needs and the database lacks."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def web_address() -> str:
    """The database address of the processes that serve: a role bound by row security."""
    address = os.environ.get("VARDE_WEB_DATABASE_URL", "")
    if address:
        return address
    if settings.SET_WEB_ROLE:
        return os.environ["DATABASE_URL"]
    raise CannotStart(
        "VARDE_WEB_DATABASE_URL is not set, and DATABASE_URL may be the address of the\n"
        "database's owner, whom row-level security does not bind. Nothing was started.\n"
        "Give the role a password (ALTER ROLE varde_web PASSWORD '…') and set, e.g.,\n"
        "VARDE_WEB_DATABASE_URL=postgresql://varde_web:…@host:5432/varde. If only one\n"
        "role can log in, VARDE_SET_WEB_ROLE=1 takes on varde_web in each transaction;\n"
        "that guards against our faults, not against an intruder in the web process."
    )


def child_environment(*, port: int) -> dict[str, str]:
    """The environment of the web and job processes."""
    return {
        "VARDE_PUBLIC_ADDRESS": f"http://localhost:{port}",
        "DJANGO_SETTINGS_MODULE": "varde.config.settings",
        **os.environ,
        "DATABASE_URL": web_address(),
    }


def supervise(
    *,
    host: str,
    port: int,
    workers: int,
    more: list[supervisor.Child] | None = None,
    when_ready: Callable[[], None] | None = None,
) -> None:
    """Run web, jobs and the embedded database until a signal stops them all."""
    collect_static()
    environment = child_environment(port=port)
    children = [
        supervisor.web(host=host, port=port, workers=workers, env=environment),
        supervisor.jobs(env=environment),
        *(more or []),
    ]
    connections.close_all()  # the supervisor itself needs no connection from here on
    connection.close_pool()
    database = None
    if os.environ.get("VARDE_EMBEDDED") == "1":
        database = supervisor.Database(embedded.start(env.read()))
    keeper = supervisor.Supervisor(children=children, database=database)

    def meanwhile() -> None:
        if _answers(port, keeper.stopping) and when_ready is not None:
            when_ready()

    keeper.run(meanwhile=meanwhile)


def _answers(port: int, stopping: threading.Event) -> bool:
    """Wait until the web process answers; False where it does not within a minute."""
    until = time.monotonic() + READY_LIMIT_S
    while time.monotonic() < until and not stopping.is_set():
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/helse/", timeout=2)
        except urllib.error.HTTPError:
            return True  # it answers, though it may not like our name for it
        except OSError:
            stopping.wait(0.2)
        else:
            return True
    if not stopping.is_set():
        sys.stderr.write(
            f"The web process did not answer within {READY_LIMIT_S:.0f} s. Its faults\n"
            "are printed above; `varde check` looks for causes.\n"
        )
    return False


def collect_static() -> bool:
    """Bring the static files to STATIC_ROOT where they differ. Returns whether it did.

    One process at a time: of two that begin together, the second finds it done.
    """
    settings.STATIC_ROOT.parent.mkdir(parents=True, exist_ok=True)
    with (settings.STATIC_ROOT.parent / STATIC_LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _collect_static()


def _collect_static() -> bool:
    stamp = settings.STATIC_ROOT / STATIC_STAMP
    now = dict(_static_sources())
    if stamp.exists() and json.loads(stamp.read_text("utf-8")) == now:
        return False
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(json.dumps(now), "utf-8")
    return True


def _static_sources() -> Iterator[tuple[str, list[int]]]:
    for finder in get_finders():
        for name, storage in finder.list([]):
            place = Path(getattr(storage, "prefix", None) or "") / name
            state = Path(storage.path(name)).stat()
            yield str(place), [state.st_size, state.st_mtime_ns]
