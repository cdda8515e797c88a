"""What a monitor may know: counts and seconds, in Prometheus' text form. Never a name.

Each web process writes its own numbers to a small file in VARDE_HOME/run; whichever
process is asked adds up the files of those that live.
"""

import asyncio
import json
import os
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
from django.conf import settings
from django.db import connection
from django.http import HttpResponse, HttpResponseForbidden
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_GET

from varde.apps.records.models import District
from varde.apps.records.scope import tell_database


REPORT_S = 2.0
BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
LOOPBACK = {"127.0.0.1", "::1"}
# The database's own counts, by sentral: what is said of it, its table, which rows.
COUNTED = {
    "calls_ringing": (
        "Calls that ring and that nobody has claimed",
        "records_call",
        "state = 'ringing' AND owner_id IS NULL",
    ),
    "contacts_open": ("Contacts not closed", "records_contact", "state = 'open'"),
    "callbacks_late": (
        "Call-backs past their due time",
        "records_callback",
        "state = 'open' AND due_at < now()",
    ),
    "amk_unacknowledged": (
        "Hand-overs to 113 without acknowledgement",
        "records_amkhandover",
        "acknowledged_at IS NULL AND not_needed_at IS NULL",
    ),
}
COUNT = (
    "SELECT s.code, (SELECT count(*) FROM {table} t WHERE t.sentral_id = s.id AND {rows})"
    " FROM records_sentral s ORDER BY s.code"
)

requests: Counter[str] = Counter()
slower_than: Counter[float] = Counter()
seconds = 0.0


def measured(app: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """The same application, with its answers counted and timed."""

    async def timed(scope: Any, receive: Any, send: Any) -> None:
        began = time.perf_counter()
        status = 0  # nobody was answered: the client left, or the process stops

        async def note_status(message: dict[str, Any]) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await app(scope, receive, note_status)
        finally:
            _count(status, time.perf_counter() - began)

    return timed


def _count(status: int, took_s: float) -> None:
    global seconds  # one process, one event loop
    requests[f"{status // 100}xx" if status else "none"] += 1
    seconds += took_s
    for limit in BUCKETS_S:
        slower_than[limit] += took_s > limit


async def report_always(live: Callable[[], dict[str, float]]) -> None:
    """Write this process's numbers every two seconds, until cancelled."""
    file = _folder() / f"web-{os.getpid()}.json"
    try:
        while True:
            draft = file.with_suffix(".new")
            draft.write_text(json.dumps(_own(live())))
            draft.replace(file)
            await asyncio.sleep(REPORT_S)
    finally:
        file.unlink(missing_ok=True)


def _own(live: dict[str, float]) -> dict[str, float]:
    answered = sum(requests.values())
    numbers = {f'http_requests_total{{status="{k}"}}': v for k, v in requests.items()}
    for limit in BUCKETS_S:
        name = f'http_request_seconds_bucket{{le="{limit}"}}'
        numbers[name] = answered - slower_than[limit]
    memory = psutil.Process().memory_info().rss
    return (
        numbers
        | {
            'http_request_seconds_bucket{le="+Inf"}': answered,
            "http_request_seconds_count": answered,
            "http_request_seconds_sum": round(seconds, 6),
            "web_memory_bytes": memory,
            "web_processes": 1,
        }
        | live
    )


@require_GET
def page(request):
    """The numbers, to this machine or to one who knows the token."""
    if not _may_see(request):
        return HttpResponseForbidden(
            "Bare for overvåking.\n", content_type="text/plain"
        )
    lines = [*_of_processes(), *_of_database()]
    return HttpResponse(
        "\n".join(lines) + "\n", content_type="text/plain; version=0.0.4"
    )


def _may_see(request: Any) -> bool:
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and constant_time_compare(given, token):
        return True
    # A proxy on this machine makes everybody look local, but it says so.
    is_passed_on = {"X-Forwarded-For", "Forwarded", "Via"} & set(request.headers)
    return request.META.get("REMOTE_ADDR") in LOOPBACK and not is_passed_on


def _of_processes() -> Iterator[str]:
    sums: Counter[str] = Counter()
    for file in sorted(_folder().glob("web-*.json")):
        if not psutil.pid_exists(int(file.stem.removeprefix("web-"))):
            file.unlink(missing_ok=True)
            continue
        try:
            sums.update(json.loads(file.read_text()))
        except (OSError, ValueError):
            continue
    for name, value in sorted(sums.items()):
        yield f"varde_{name} {value}"


def _of_database() -> Iterator[str]:
    tell_database(districts=District.objects.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        for name, (text, table, rows) in COUNTED.items():
            yield f"# HELP varde_{name} {text}"
            yield f"# TYPE varde_{name} gauge"
            cursor.execute(COUNT.format(table=table, rows=rows))
            for code, count in cursor.fetchall():
                yield f'varde_{name}{{sentral="{code}"}} {count}'
        cursor.execute(
            "SELECT status, count(*) FROM procrastinate_jobs GROUP BY status"
        )
        for status, count in cursor.fetchall():
            yield f'varde_jobs{{status="{status}"}} {count}'
        cursor.execute("SELECT pg_database_size(current_database())")
        yield f"varde_database_bytes {cursor.fetchone()[0]}"


def _folder() -> Path:
    folder = settings.VARDE_HOME / "run"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
