"""The yardstick of the requests: the SQL that each of them runs, by plain psycopg.

`capture` walks a contact through Varde itself, without a server, and writes down what each
kind of request asked the database, with the values. `replay` sends the same statements
again and again, as the same role, in a transaction that is rolled back.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.work import SESSION, Ask, Contact


TRANSACTION = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE SAVEPOINT")
PAUSE_S = 0.05
HEARTBEAT = Ask("sign of life", "POST", "/sentral/livstegn/")
TELEPHONE = "telephone event"


def main() -> None:
    """Do what is named, in a process of its own."""
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=("capture", "replay"))
    parser.add_argument("file", type=Path)
    parser.add_argument("--seconds", type=float, default=10.0)
    asked = parser.parse_args()
    if asked.what == "capture":
        asked.file.write_text(json.dumps(_capture(json.load(sys.stdin))), "utf-8")
    else:
        told = json.loads(asked.file.read_text("utf-8"))
        json.dump(_replay(told, seconds=asked.seconds), sys.stdout)


# ------------------------------------------------------------------------- capture


def _capture(there: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """For each kind: its statements, and the processor's milliseconds in Python.

    Each kind has a contact of its own that has come exactly so far, and is rolled back:
    so the statements find the same rows when they are sent again.
    """
    import django

    django.setup()
    walk = _Walk(there)
    walk.whole_contact()  # what is read once and kept is then in memory
    kinds = [*walk.whole_contact(), HEARTBEAT.kind, TELEPHONE]
    return {kind: walk.captured(kind) for kind in kinds}


class _Walk:
    """One operator who works in this process, by Django's test client."""

    def __init__(self, there: dict[str, Any]) -> None:
        from django.test import Client

        self.client = Client(SERVER_NAME="127.0.0.1")
        self.client.cookies[SESSION] = there["session"]
        self.there = there
        self.patients = iter(there["patients"])
        self.serial = iter(range(10_000))

    def whole_contact(self) -> list[str]:
        """A contact from ring to end. Returns the kinds of its requests in order."""
        contact = self._rung()
        kinds = []
        for ask in contact.asks():
            kinds.append(ask.kind)
            self._send(ask, contact)
        return kinds

    def captured(self, kind: str) -> dict[str, Any]:
        """The statements of one kind."""
        if kind == TELEPHONE:
            return self._rolled_back(lambda: self._event("ringing"))
        contact = self._rung()
        for ask in contact.asks():
            if ask.kind == kind:
                return self._rolled_back(lambda ask=ask: self._send(ask, contact))
            self._send(ask, contact)
            if kind == HEARTBEAT.kind and contact.pushed:
                return self._rolled_back(lambda: self._send(HEARTBEAT, contact))
        raise LookupError(kind)

    def _rolled_back(self, act: Any) -> dict[str, Any]:
        from django.db import connection, transaction
        from django.test.utils import CaptureQueriesContext

        with transaction.atomic():
            with CaptureQueriesContext(connection) as seen:
                began = time.process_time()
                act()
                cpu_ms = 1000 * (time.process_time() - began)
            transaction.set_rollback(True)
        told = [one["sql"] for one in seen.captured_queries]
        return {
            "cpu_ms": cpu_ms,
            "sql": [sql for sql in told if not sql.startswith(TRANSACTION)],
        }

    def _send(self, ask: Ask, contact: Contact) -> None:
        send = self.client.post if ask.method == "POST" else self.client.get
        answer = send(ask.path, ask.data or None, headers=contact.headers(ask))
        if answer.status_code >= 300 or "X-Problem" in answer.headers:
            raise RuntimeError(f"{ask.kind} was answered with {answer.status_code}")
        contact.take(answer.content.decode(), answer.headers)

    def _rung(self) -> Contact:
        name = self._event("ringing")
        with psycopg.connect(self.there["owner_url"]) as database:
            found = database.execute(
                "SELECT id FROM records_call WHERE external_id = %s", [name]
            ).fetchone()
        return Contact(found[0], next(self.patients))

    def _event(self, kind: str) -> str:
        from datetime import UTC, datetime

        from varde.engines.telephony import signature

        name = f"yardstick-{os.getpid()}-{next(self.serial)}"
        body = json.dumps(
            {
                "event_id": f"{name}:{kind}",
                "sentral": self.there["sentral"],
                "call_id": name,
                "kind": kind,
                "occurred_at": datetime.now(UTC).isoformat(timespec="milliseconds"),
                "line": "116117",
                "caller_number": "anonymous",
            }
        ).encode()
        signed = signature.sign(body, secret=self.there["secret"], t=int(time.time()))
        answer = self.client.post(
            "/api/telephony/events",
            body,
            content_type="application/json",
            headers={signature.HEADER: signed},
        )
        if answer.status_code != 202:
            raise RuntimeError(f"the event was answered with {answer.status_code}")
        return name


# -------------------------------------------------------------------------- replay


def _replay(
    told: dict[str, dict[str, Any]], *, seconds: float
) -> dict[str, list[float]]:
    """Milliseconds of each kind's statements, one after the other until the time is up."""
    times: dict[str, list[float]] = {kind: [] for kind in told}
    until = time.monotonic() + seconds
    # No statement is prepared: Django prepares none either.
    with psycopg.connect(
        os.environ["DATABASE_URL"], prepare_threshold=None
    ) as database:
        while time.monotonic() < until:
            for kind, one in told.items():
                began = time.perf_counter()
                with database.cursor() as cursor:
                    for sql in one["sql"]:
                        cursor.execute(sql)
                        if cursor.description is not None:
                            cursor.fetchall()
                database.rollback()
                times[kind].append(1000 * (time.perf_counter() - began))
                time.sleep(PAUSE_S)
    return times


if __name__ == "__main__":
    main()
