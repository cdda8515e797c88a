"""The tests' database, ready before Django reads its settings.

Loaded by `-p varde.config.pytest_plugin` (pyproject.toml). Workers of one run share the
embedded server; each run has a test database of its own name.
"""

import os
import warnings
from pathlib import Path


ROOT = Path(__file__).resolve().parents[3]


def start() -> None:
    """Start or join the embedded PostgreSQL of the tests, unless another is named."""
    os.environ.setdefault("VARDE_HOME", str(ROOT / ".local" / "test-home"))
    os.environ.setdefault("VARDE_SET_WEB_ROLE", "1")
    os.environ.setdefault("VARDE_REQUIRE_MFA", "0")
    os.environ.setdefault("VARDE_TEST_DATABASE", f"test_varde_{os.getpid()}")
    # Playwright's loop runs in the thread of the test; the tests' own queries are sync.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    if os.environ.get("DATABASE_URL"):
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from varde.config import embedded, env

        server = embedded.start(env.read())
    _hurry(embedded.owner_url(server))
    os.environ["DATABASE_URL"] = embedded.owner_url(server)
    os.environ["VARDE_WEB_DATABASE_URL"] = embedded.web_url(server)


def _hurry(url: str) -> None:
    """Nothing of the tests' database needs to outlive a loss of power."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as server:
        for name in ("fsync", "full_page_writes", "synchronous_commit"):
            server.execute(f"ALTER SYSTEM SET {name} = off")
        server.execute("SELECT pg_reload_conf()")


start()
