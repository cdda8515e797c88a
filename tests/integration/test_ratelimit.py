"""How often something may be tried, counted across processes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from varde.apps.records import ratelimit
from varde.apps.records.models import Allowance


START = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def key():
    return f"test:{uuid4()}"


def after(seconds):
    return START + timedelta(seconds=seconds)


def test_a_burst_up_to_the_limit_passes_and_the_next_is_refused():
    one = key()
    assert [ratelimit.allow(one, 3, 60, at=START) for _ in range(4)] == [
        True,
        True,
        True,
        False,
    ]


def test_the_allowance_comes_back_evenly():
    one = key()
    for _ in range(3):
        assert ratelimit.allow(one, 3, 60, at=START)
    assert not ratelimit.allow(one, 3, 60, at=after(19.9))
    assert ratelimit.allow(one, 3, 60, at=after(20))
    assert not ratelimit.allow(one, 3, 60, at=after(20.1))


def test_a_refused_attempt_does_not_count():
    one = key()
    assert ratelimit.allow(one, 1, 60, at=START)
    for second in range(1, 60):
        assert not ratelimit.allow(one, 1, 60, at=after(second))
    assert ratelimit.allow(one, 1, 60, at=after(60))


@pytest.mark.parametrize("limit", [7, 11, 13, 600])
def test_a_limit_that_does_not_divide_the_window_is_met_exactly(limit):
    one = key()
    allowed = [ratelimit.allow(one, limit, 60, at=START) for _ in range(limit + 1)]
    assert allowed == [True] * limit + [False]


def test_keys_do_not_share_an_allowance():
    one, other = key(), key()
    assert ratelimit.allow(one, 1, 60, at=START)
    assert ratelimit.allow(other, 1, 60, at=START)


def test_an_attempt_given_back_may_be_made_again():
    one = key()
    assert ratelimit.allow(one, 1, 60, at=START)
    ratelimit.give_back(one, 1, 60)
    assert ratelimit.allow(one, 1, 60, at=START)
    assert not ratelimit.allow(one, 1, 60, at=START)


def test_a_cleared_key_begins_anew():
    one = key()
    assert ratelimit.allow(one, 1, 60, at=START)
    ratelimit.clear(one)
    assert ratelimit.allow(one, 1, 60, at=START)


def test_without_a_time_the_clock_of_the_database_counts():
    one = key()
    assert [ratelimit.allow(one, 1, 60) for _ in range(2)] == [True, False]


def test_only_old_keys_are_forgotten():
    old, new = key(), key()
    ratelimit.allow(old, 1, 60, at=START)
    ratelimit.allow(new, 1, 3600)
    ratelimit.forget_old()
    assert ratelimit.allow(old, 1, 60, at=START)
    assert not ratelimit.allow(new, 1, 3600)


def test_the_key_is_not_stored_as_it_is():
    ratelimit.allow("name:ola", 1, 3600)
    assert not Allowance.objects.filter(key__contains="ola").exists()
    ratelimit.clear("name:ola")


@pytest.mark.parametrize(("limit", "window_s"), [(0, 60), (1, 0), (-1, 60)])
def test_a_limit_without_meaning_is_refused(limit, window_s):
    with pytest.raises(ValueError, match="at least 1"):
        ratelimit.allow("x", limit, window_s)


def test_an_attempt_counts_also_when_the_request_is_undone():
    one = key()
    with transaction.atomic():
        assert ratelimit.allow(one, 1, 60)
        transaction.set_rollback(True)
    assert not ratelimit.allow(one, 1, 60)


def test_it_goes_on_after_its_connection_died():
    one = key()
    assert ratelimit.allow(one, 2, 60)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'varde ratelimit' AND datname = current_database()"
        )
        assert cursor.rowcount > 0
    assert ratelimit.allow(one, 2, 60)


def test_of_many_threads_exactly_as_many_pass_as_are_allowed():
    one = key()
    ratelimit.allow(key(), 1, 60)  # the connection's settings are read in this thread
    with ThreadPoolExecutor(24) as threads:
        allowed = list(
            threads.map(lambda _: ratelimit.allow(one, 25, 60, at=START), range(200))
        )
    assert sum(allowed) == 25


def test_no_more_connections_are_kept_than_said():
    with ThreadPoolExecutor(16) as threads:
        list(threads.map(lambda _: ratelimit.allow(key(), 1, 60), range(64)))
    with psycopg.connect(
        **connection.get_connection_params() | {"prepare_threshold": None}
    ) as own:
        (open_now,) = own.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND application_name = 'varde ratelimit'"
        ).fetchone()
    assert open_now <= ratelimit.MOST_CONNECTIONS


class Bucket:
    """The slow, obvious version: a bucket that leaks."""

    def __init__(self, limit, window_s):
        self.limit, self.leak_per_s = limit, limit / window_s
        self.level, self.at = 0.0, 0.0

    def allow(self, at):
        self.level = max(0.0, self.level - (at - self.at) * self.leak_per_s)
        self.at = at
        if self.level + 1 > self.limit + 1e-6:
            return False
        self.level += 1
        return True


@settings(max_examples=25, deadline=None)
@given(
    limit=st.integers(1, 6),
    window_s=st.sampled_from([5, 60, 300]),
    waits=st.lists(st.integers(0, 100), max_size=12),
)
def test_it_is_a_bucket_that_leaks(limit, window_s, waits):
    one, bucket, seconds = key(), Bucket(limit, window_s), 0
    for wait in waits:
        seconds += wait
        assert ratelimit.allow(one, limit, window_s, at=after(seconds)) == bucket.allow(
            seconds
        )
