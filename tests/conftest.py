"""What every test has. The database itself comes from varde.config.pytest_plugin."""

import gc
import os
from pathlib import Path

import pytest
from django.db import connection
from django.db.models.query import QuerySet
from django.test import TransactionTestCase
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
    browser = f"{BROWSER}{os.sep}"
    items.sort(key=lambda item: str(item.path).startswith(browser))


def pytest_collection_finish():
    """What was collected lives to the end: the collector of garbage does not look again.

    It took an eighth of the time, most of it in twelve thousand tests that never die.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


# What migrations made and tests do not change: the flush would make it again each time.
LASTING = ["auth_permission", "django_content_type", "django_migrations"]
EMPTY = """
DO $$ DECLARE name text; BEGIN
  SET LOCAL session_replication_role = replica;
  FOR name IN SELECT quote_ident(tablename) FROM pg_tables
    WHERE schemaname = 'public' AND tablename <> ALL (ARRAY[{lasting}])
  LOOP
    EXECUTE 'DELETE FROM ' || name;
  END LOOP;
END $$
"""


def _empty(_self):
    """Every row of every table, also of those that Django does not know (the jobs).

    Django's own flush empties 150 tables anew, by TRUNCATE, and makes the permissions again:
    that took a second for each test that commits.
    """
    with connection.cursor() as cursor:
        cursor.execute(EMPTY.format(lasting=", ".join(f"'{name}'" for name in LASTING)))


TransactionTestCase._fixture_teardown = _empty


def _fetch_all(self, fetch=QuerySet._fetch_all):
    """Of rows that were asked for without an order, the last comes first.

    PostgreSQL promises none, and gives the order of writing until the day it uses freed
    room again: what leans on it fails here each time, not once in a hundred runs.
    """
    is_new = self._result_cache is None
    fetch(self)
    if is_new and not self.ordered and len(self._result_cache) > 1:
        self._result_cache.insert(0, self._result_cache.pop())


QuerySet._fetch_all = _fetch_all


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory):
    """A folder that all processes of one run have together."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@pytest.fixture(autouse=True)
def _fresh_memory():
    """What is remembered for seconds; a test begins without a memory."""
    from varde.apps.records import kept

    kept.forget()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """No connection is left when the database is dropped, whoever forgot one."""
    yield
    from varde.apps.records import ratelimit

    ratelimit.close()
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
