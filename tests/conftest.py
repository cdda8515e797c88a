"""What every test has. The database itself comes from varde.config.pytest_plugin."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings


# How long one example takes says more about a busy machine than about the code. The same
# examples in every run, so that a failure is of the change that is tested; new ones are
# sought by `make explore`.
settings.register_profile(
    "varde",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "explore",
    deadline=None,
    max_examples=1000,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("varde")

BROWSER = Path(__file__).parent / "browser"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Browser tests come last: from then on Playwright's loop runs in this thread.

    Until then a test may run a loop of its own. `--no-loadscope-reorder` (pyproject.toml)
    keeps the order when the tests are spread over processes.
    """
    items.sort(key=lambda item: BROWSER in item.path.parents)


@pytest.fixture(autouse=True)
def _fresh_memory():
    """What is remembered for seconds; a test begins without a memory."""
    from varde.apps.records import kept

    kept.forget()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """No connection is left when the database is dropped, whoever forgot one."""
    yield
    from django.db import connection

    from varde.apps.records import ratelimit

    ratelimit.close()
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
