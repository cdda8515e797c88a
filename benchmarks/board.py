"""The station's board with a full waiting room and a million who were here before.

Each part is drawn as the server draws it, in the scope of a nurse, and beside it the same
SQL is sent by plain psycopg, by turns, in the same process. On a machine that others use,
look at the processor's time of the drawing (CPU): the waits for the database are not in it.
Before each drawing of the board another patient goes in to a doctor, so that its waits are
estimated anew; the wall and the page use what the board has found. The same is done with
hardly any past.

Run alone: python -m benchmarks.board
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from itertools import cycle
from typing import Any

import psycopg

from benchmarks.installation import Installation, load_average, percentile, running


PAST = 1_000_000
HARDLY_ANY = 1000
YEARS = 5
PRESENT = 60
EXPECTED = 15
ROUNDS = 100
WARM_UP = 5
PARTS = ("station_board", "station_wall", "station_alarms")
PAGE = "the page"
TARGET_P95_MS = 50.0  # of the board's fragment
SCALE = 0.05  # of the demo's history, of which the past is copies


def main() -> None:
    """Build two installations, draw in both, print both."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.board")
    parser.add_argument("--past", type=int, default=PAST)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--draw", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.draw is not None:
        json.dump(_drawn(asked.draw, rounds=asked.rounds), sys.stdout)
        return
    for past in (HARDLY_ANY, asked.past):
        with running(
            f"board-{past}", years=1, scale=SCALE, operators=1, workers=1
        ) as there:
            _print(there, past=past, rounds=asked.rounds)
    print(f"target: station_board p95 under {TARGET_P95_MS:.0f} ms")


def _print(there: Installation, *, past: int, rounds: int) -> None:
    began = time.monotonic()
    owner = dict(there.environment) | {
        "DATABASE_URL": there.owner_url,
        "VARDE_WEB_DATABASE_URL": there.owner_url,
    }
    words = {"past": past, "years": YEARS, "present": PRESENT, "expected": EXPECTED}
    options = [
        part for name, said in words.items() for part in (f"--{name}", str(said))
    ]
    told = _asked(["benchmarks.board_rows", *options], owner)
    took = time.monotonic() - began
    found = _asked(
        [
            *("benchmarks.board", "--draw", str(told["station_id"])),
            *("--rounds", str(rounds)),
        ],
        dict(there.environment),
    )
    print(
        f"\n{told['present']} patients here, {told['past']} were here before (made in "
        f"{took:.0f} s), {told['contacts']} contacts, {rounds} rounds, "
        f"load {load_average()}"
    )
    print(
        f"{'drawn':<18}{'SQL':>5}{'p50 ms':>9}{'p95 ms':>9}{'first ms':>10}"
        f"{'CPU p50':>9}{'p95':>7}"
        f"   {'psycopg p50 ms':>15}{'p95 ms':>9}{'ratio':>8}"
    )
    for name, one in found.items():
        ours, plain = one["ours"], one["plain"]
        a, b = percentile(ours, 0.5), percentile(plain, 0.5)
        print(
            f"{name:<18}{one['sql']:>5}{a:>9.1f}{percentile(ours, 0.95):>9.1f}"
            f"{one['first']:>10.1f}{percentile(one['cpu'], 0.5):>9.1f}"
            f"{percentile(one['cpu'], 0.95):>7.1f}   {b:>15.1f}{percentile(plain, 0.95):>9.1f}"
            f"{a / b:>8.1f}",
            flush=True,
        )


def _asked(module: list[str], environment: dict[str, str]) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", *module],
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


# --------------------------------------------------------------- in a process of its own


def _drawn(station_id: int, *, rounds: int) -> dict[str, Any]:
    """Milliseconds of each drawing and of its SQL alone, and how many statements."""
    import django

    django.setup()

    from django.utils import timezone

    from varde.apps.records.models import RoleGrant
    from varde.apps.station import access
    from varde.config import door
    from varde.web import live

    place = access.place_of(station_id)
    grant = RoleGrant.objects.filter(station=station_id, role="nurse").first()

    def drawing(name: str) -> Callable[[], object]:
        def draw() -> str:
            scope = live.PartScope(
                sentral_id=place.sentraler[0],
                station_id=place.id,
                districts=frozenset([place.district_id]),
                roles=frozenset(["nurse"]),
                language="nb",
                at=timezone.now(),
            )
            with door.within(scope):
                return live.part(name).draw(scope)

        return draw

    ways = {name: drawing(name) for name in PARTS} | {PAGE: _page(grant.user)}
    next_in = _next_in(place.id, district_id=place.district_id)
    with closing(
        psycopg.connect(os.environ["DATABASE_URL"], prepare_threshold=None)
    ) as plain:
        return {
            name: _times(
                way,
                before=next_in if name == PARTS[0] else _nothing,
                plain=plain,
                rounds=rounds,
            )
            for name, way in ways.items()
        }


def _next_in(station_id: int, *, district_id: int) -> Callable[[], None]:
    """Each time, the one who was called in last waits again and the next goes in."""
    from django.utils import timezone

    from varde.apps.records.models import Attendance
    from varde.apps.records.scope import scoped

    with scoped(districts=[district_id]):
        here = Attendance.objects.filter(station=station_id, ended_at=None)
        doctor = here.exclude(doctor=None).values_list("doctor", flat=True)[0]
        waiting = list(here.filter(doctor=None).values_list("pk", flat=True))
    turn = cycle(zip([waiting[-1], *waiting], waiting, strict=False))

    def call_in() -> None:
        back, called = next(turn)
        with scoped(districts=[district_id]):
            Attendance.objects.filter(pk=back).update(doctor=None, taken_at=None)
            Attendance.objects.filter(pk=called).update(
                doctor=doctor, taken_at=timezone.now()
            )

    return call_in


def _nothing() -> None:
    """Nothing happens between two drawings."""


def _page(user: Any) -> Callable[[], object]:
    from django.test import Client

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)

    def get() -> object:
        answer = client.get("/stasjon/")
        if answer.status_code != 200:
            raise RuntimeError(f"the page was answered with {answer.status_code}")
        return answer

    return get


def _times(
    way: Callable[[], object],
    *,
    before: Callable[[], None],
    plain: psycopg.Connection[Any],
    rounds: int,
) -> dict[str, Any]:
    """The way and its own statements by turns; the first of all by itself."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from benchmarks.statements import TRANSACTION
    from varde.apps.records.kept import forget

    forget()
    first = _ms(way)
    with CaptureQueriesContext(connection) as seen:
        way()
    told = [one["sql"] for one in seen.captured_queries]
    told = [sql for sql in told if not sql.startswith(TRANSACTION)]

    def sent() -> None:
        with plain.cursor() as cursor:
            for sql in told:
                cursor.execute(sql)
                if cursor.description is not None:
                    cursor.fetchall()
        plain.rollback()

    ours, theirs, cpu = [], [], []
    for turn in range(-WARM_UP, rounds):
        before()
        began = time.process_time()
        a = _ms(way)
        spent = 1000 * (time.process_time() - began)
        b = _ms(sent)
        if turn >= 0:
            ours.append(a)
            theirs.append(b)
            cpu.append(spent)  # of this process, whatever else the machine does
    return {
        "first": first, "sql": len(told), "ours": ours, "plain": theirs, "cpu": cpu,
    }  # fmt: skip


def _ms(way: Callable[[], object]) -> float:
    began = time.perf_counter()
    way()
    return 1000 * (time.perf_counter() - began)


if __name__ == "__main__":
    main()
