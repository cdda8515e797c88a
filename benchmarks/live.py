"""From a commit to every open board, beside the bare fan-out of a notification.

300 boards of one sentral are open. A call's number is changed and committed; each board
gets the part drawn anew, and the time runs until its last byte has come. The bare streams
are asked by turns in the same minute: LISTEN, and a text of the same length to each.

Run alone: python -m benchmarks.live --rounds 60
"""

import argparse
import asyncio
import json
import random
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

import psycopg

from benchmarks.installation import Installation, load_average, percentile, running
from benchmarks.work import SESSION
from varde.engines.telephony import signature


BOARDS = 300
WORKERS = 2  # as `varde serve`
ROUNDS = 60
RINGING = 8  # calls in the queue that is drawn
PARTS = "queue,callbacks,alarms,now"
SEED = 11
LONGEST_S = 10.0
TARGET_P95_MS = 250.0
CHROMIUM = "/usr/bin/chromium"


def main() -> None:
    """Build, open all boards of both, commit by turns, print both."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.live")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--boards", type=int, default=BOARDS)
    asked = parser.parse_args()
    with running(
        "live", years=1, scale=0.2, operators=asked.boards, workers=WORKERS
    ) as there:
        asyncio.run(_measure(there, boards=asked.boards, rounds=asked.rounds))


@dataclass(slots=True)
class Boards:
    """Open streams to one server, and when each got what is waited for."""

    name: str
    writers: list[asyncio.StreamWriter] = field(default_factory=list)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    awaited: bytes = b"\xff"
    came: list[float] = field(default_factory=list)
    all_came: asyncio.Event = field(default_factory=asyncio.Event)
    bytes_read: int = 0

    async def open(self, port: int, path: str, cookie: str) -> None:
        """Open one stream and wait for its first words."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n".encode()
        )
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in head.split(b"\r\n", 1)[0]:
            raise RuntimeError(f"{self.name}: {head[:60]!r}")
        self.writers.append(writer)
        self.tasks.append(asyncio.create_task(self._read(reader)))

    async def _read(self, reader: asyncio.StreamReader) -> None:
        """Note the moment when the text that is waited for, and its end, have come."""
        seen = b""
        while data := await reader.read(1 << 16):
            self.bytes_read += len(data)
            seen = seen[-200_000:] + data
            at = seen.rfind(self.awaited)
            if at >= 0 and b"\n\n" in seen[at:]:
                self.came.append(time.perf_counter())
                seen = b""
                if len(self.came) == len(self.writers):
                    self.all_came.set()

    async def close(self) -> None:
        """End every stream."""
        for task in self.tasks:
            task.cancel()
        for writer in self.writers:
            writer.close()
        await asyncio.gather(*self.tasks, return_exceptions=True)


async def _measure(there: Installation, *, boards: int, rounds: int) -> None:
    _ring(there)
    size = await _part_bytes(there)
    port = int(there.address.rsplit(":", 1)[1])
    with _bare_server(there, size=size) as bare_port:
        varde, bare = Boards("Varde"), Boards("bare fan-out")
        path = f"/live/?sentral={there.sentral_id}&parts={PARTS}"
        for number in range(boards):
            await varde.open(port, path, f"{SESSION}={there.sessions[number]}")
            await bare.open(bare_port, "/", "")
        print(f"{boards} boards open at each, a part of {size} bytes", flush=True)
        await asyncio.sleep(2)
        try:
            async with _browser(there) as browser:
                times = await _rounds(there, varde, bare, browser, rounds=rounds)
        finally:
            await varde.close()
            await bare.close()
    _print(times, rounds=rounds)


async def _rounds(there, varde, bare, browser, *, rounds: int):
    """By turns: change and commit for Varde, notify and commit for the bare streams."""
    chance = random.Random(SEED)
    times: dict[str, list[float]] = {
        f"{boards.name}, {which}": []
        for boards in (varde, bare)
        for which in ("each board", "the last board")
    }
    times["Varde, drawn in a browser"] = []
    async with await psycopg.AsyncConnection.connect(there.owner_url) as database:
        for number in range(rounds + 1):
            for boards in (varde, bare):
                await asyncio.sleep(chance.uniform(0.1, 0.3))
                text = f"{SEED}{number:06}"
                began, began_at = await _commit(database, there, boards, text)
                if number == 0:
                    continue  # the first round warms up
                took = [1000 * (moment - began) for moment in boards.came]
                times[f"{boards.name}, each board"] += took
                times[f"{boards.name}, the last board"].append(max(took))
                if boards is varde and browser is not None:
                    drawn = await browser.drawn_at(text)
                    times["Varde, drawn in a browser"].append(drawn - began_at * 1000)
    return {name: found for name, found in times.items() if found}


async def _commit(database, there, boards: Boards, text: str) -> tuple[float, float]:
    """One change and its news. Returns when it was committed, by two clocks."""
    boards.awaited, boards.came = text.encode(), []
    boards.all_came.clear()
    if boards.name == "Varde":
        await database.execute(
            "UPDATE records_call SET caller_number = %s WHERE id = (SELECT min(id)"
            " FROM records_call WHERE state = 'ringing' AND sentral_id = %s)",
            [text, there.sentral_id],
        )
        news = json.dumps({"s": there.sentral_id, "t": ["queue"]})
        await database.execute("SELECT pg_notify('varde', %s)", [news])
    else:
        await database.execute("SELECT pg_notify('bare', %s)", [text])
    began, began_at = time.perf_counter(), time.time()
    await database.commit()
    async with asyncio.timeout(LONGEST_S):
        await boards.all_came.wait()
    return began, began_at


def _ring(there: Installation) -> None:
    """Some calls in the queue, through the webhook."""
    now = datetime.now(UTC)
    events = [
        {
            "sentral": there.sentral,
            "event_id": "ring",
            "call_id": f"live-{now:%H%M%S}-{number}",
            "kind": "ringing",
            "occurred_at": now.isoformat(),
            "caller_number": f"0000{number:04}",
        }
        for number in range(RINGING)
    ]
    body = json.dumps(events).encode()
    signed = signature.sign(body, secret=there.telephony_secret, t=int(time.time()))
    request = urllib.request.Request(
        f"{there.address}/api/telephony/events",
        data=body,
        headers={"Content-Type": "application/json", signature.HEADER: signed},
    )
    urllib.request.urlopen(request, timeout=30).close()


async def _part_bytes(there: Installation) -> int:
    """How long the event is that a board gets when the queue changes."""
    port = int(there.address.rsplit(":", 1)[1])
    one = Boards("Varde")
    path = f"/live/?sentral={there.sentral_id}&parts=queue"
    await one.open(port, path, f"{SESSION}={there.sessions[0]}")
    await asyncio.sleep(3)
    await one.close()
    return one.bytes_read


@contextmanager
def _bare_server(there: Installation, *, size: int) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "granian", "--interface", "asgi"),
            *("--workers", str(WORKERS), "--port", str(port), "--log-level", "warning"),
            *("--workers-kill-timeout", "1", "--no-ws", "--backpressure", "2048"),
            "benchmarks.bare_fanout:application",
        ],
        env={**there.environment, "BENCH_BYTES": str(size)},
    )
    try:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            with suppress(OSError):
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(20)


class _browser:  # noqa: N801
    """A real browser with the desk open, where there is one: when its part was drawn."""

    def __init__(self, there: Installation) -> None:
        self.there = there
        self.page = self.runner = self.chromium = None

    async def __aenter__(self):
        try:
            from playwright.async_api import async_playwright

            self.runner = await async_playwright().start()
            self.chromium = await self.runner.chromium.launch(
                executable_path=CHROMIUM, args=["--no-sandbox"]
            )
        except Exception as fault:
            print(
                f"no browser here ({type(fault).__name__}): measured without",
                flush=True,
            )
            return None
        context = await self.chromium.new_context()
        await context.add_cookies(
            [
                {
                    "name": SESSION,
                    "value": self.there.sessions[0],
                    "url": self.there.address,
                }
            ]
        )
        self.page = await context.new_page()
        await self.page.goto(f"{self.there.address}/sentral/")
        await self.page.wait_for_selector("[data-part=queue][data-drawn-at]")
        return self

    async def __aexit__(self, *_):
        if self.chromium is not None:
            await self.chromium.close()
        if self.runner is not None:
            await self.runner.stop()

    async def drawn_at(self, text: str) -> float:
        """Milliseconds since 1970 when the part that holds this text was drawn."""
        found = await self.page.wait_for_function(
            """text => {
              const part = document.querySelector("[data-part=queue]");
              return part.textContent.includes(text) && Number(part.dataset.drawnAt);
            }""",
            arg=text,
            polling=20,
        )
        return float(await found.json_value())


def _print(times: dict[str, list[float]], *, rounds: int) -> None:
    print(f"\n{'ms from the commit':<32}{'p50':>8}{'p95':>8}{'p99':>8}{'most':>8}")
    for name, found in times.items():
        figures = [percentile(found, share) for share in (0.5, 0.95, 0.99, 1.0)]
        print(f"{name:<32}" + "".join(f"{figure:>8.0f}" for figure in figures))
    p95 = percentile(times["Varde, each board"], 0.95)
    verdict = "kept" if p95 < TARGET_P95_MS else "not kept"
    print(
        f"target: p95 under {TARGET_P95_MS:.0f} ms, {verdict}; {rounds} rounds, load "
        f"{load_average()}"
    )


if __name__ == "__main__":
    main()
