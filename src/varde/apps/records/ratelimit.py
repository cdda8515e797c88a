"""How often something may be tried, counted across all processes and machines.

The counting has database connections of its own, outside the request's transaction: an
attempt counts also when the request is undone, and requests never wait for each other.
"""

import atexit
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from threading import BoundedSemaphore
from typing import Any

import psycopg
from django.db import connection


MOST_CONNECTIONS = 4  # of one process, at the same time
KEPT_CONNECTIONS = 2  # between requests

TAKE = """
INSERT INTO records_allowance AS one (key, full_at)
VALUES (%(key)s, %(now)s::timestamptz + %(step)s * interval '1 second')
ON CONFLICT (key) DO UPDATE
  SET full_at = GREATEST(one.full_at, EXCLUDED.full_at - %(step)s * interval '1 second')
                + %(step)s * interval '1 second'
  WHERE GREATEST(one.full_at, EXCLUDED.full_at - %(step)s * interval '1 second')
        + %(step)s * interval '1 second'
        <= EXCLUDED.full_at + (%(window)s - %(step)s) * interval '1 second'
           + interval '1 millisecond'  -- the steps are rounded to microseconds
RETURNING 1
"""
GIVE_BACK = """
UPDATE records_allowance SET full_at = full_at - %(step)s * interval '1 second'
WHERE key = %(key)s
"""


def allow(key: str, limit: int, window_s: float, *, at: datetime | None = None) -> bool:
    """Whether one more attempt is allowed; if so, it is counted. One atomic statement.

    A bucket with room for `limit` attempts, which empties evenly in `window_s` seconds:
    a burst of `limit` passes at once, afterwards one each `window_s / limit`. A refused
    attempt is not counted. The key is stored as a hash. The time is the database's, so
    that machines agree; `at` is for tests.
    """
    if limit < 1 or window_s <= 0:
        raise ValueError(
            f"A limit is at least 1 in more than 0 s: got {limit} in {window_s} s."
        )
    values = {
        "key": _hashed(key),
        "now": at,
        "step": window_s / limit,
        "window": window_s,
    }
    sql = TAKE if at else TAKE.replace("%(now)s", "clock_timestamp()")
    return bool(_run(sql, values))


def give_back(key: str, limit: int, window_s: float) -> None:
    """Undo one counted attempt, e.g. a log-in that turned out to be right."""
    _run(GIVE_BACK, {"key": _hashed(key), "step": window_s / limit})


def clear(key: str) -> None:
    """Forget every attempt of this key."""
    _run("DELETE FROM records_allowance WHERE key = %(key)s", {"key": _hashed(key)})


def forget_old() -> None:
    """Remove the keys that count nothing any more."""
    _run("DELETE FROM records_allowance WHERE full_at < clock_timestamp()", {})


def _hashed(key: str) -> str:
    return sha256(key.encode()).hexdigest()


def _run(sql: str, values: dict[str, Any]) -> int:
    """The number of rows. A kept connection may have died with the database: try anew."""
    for is_last in (False, True):
        try:
            with _connections.borrow() as own:
                return own.execute(sql, values).rowcount
        except psycopg.OperationalError:
            if is_last:
                raise
            _connections.close()
    raise AssertionError("unreachable")


class _Connections:
    """A few connections in autocommit, beside those of the requests."""

    def __init__(self) -> None:
        self._idle: list[psycopg.Connection[Any]] = []
        self._places = BoundedSemaphore(MOST_CONNECTIONS)

    @contextmanager
    def borrow(self) -> Iterator[psycopg.Connection[Any]]:
        with self._places:
            try:
                own = self._idle.pop()
            except IndexError:
                own = _connect()
            try:
                yield own
            except BaseException:
                own.close()
                raise
            if len(self._idle) < KEPT_CONNECTIONS:
                self._idle.append(own)
            else:
                own.close()

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()


def _connect() -> psycopg.Connection[Any]:
    place = connection.settings_dict
    return psycopg.connect(
        dbname=str(place["NAME"]),
        user=str(place["USER"]),
        password=str(place["PASSWORD"]),
        host=str(place["HOST"]),
        port=str(place["PORT"]) or None,
        autocommit=True,
        application_name="varde ratelimit",
        # The last attempts before a crash may be forgotten; the log holds them.
        options="-c synchronous_commit=off",
    )


_connections = _Connections()
close = _connections.close
atexit.register(close)
