"""The address `/live/`: who may watch, and one stream of server-sent events to each.

A bare ASGI application beside Django, because hundreds of open streams may not hold a
thread each. A stream that cannot keep up gets only the newest of each part; one that
takes nothing at all is cut off, and its browser connects again.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from django.db import connections

from varde.web import live
from varde.web.boards import Board, event_bytes
from varde.web.live import Part, PartScope


if TYPE_CHECKING:
    from varde.web.hub import Hub

BEAT_S = 15.0
SEND_LIMIT_S = 10.0  # a client that takes nothing for so long is cut off
MOST_TOLD = 256  # small events that may wait for one client

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks, and what that person may see at the sentral asked for."""

    user_id: int
    scope: PartScope


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What a screen asks to watch: a sentral, or one of the stations it answers for."""

    sentral_id: int
    station_id: int | None = None


Door = Callable[[Message, Watched], Viewer | None]
"""Given the ASGI scope and a place: the viewer, or None for nobody or no right.

Called in a thread, at the start and again while the stream is open.
"""

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


class Stream:
    """One open screen: what waits to be sent to it."""

    def __init__(self, hub: "Hub", viewer: Viewer, look: Callable[[], Awaitable[bool]]):
        self.hub = hub
        self.user_id = viewer.user_id
        self.scope = viewer.scope
        self.boards: list[Board] = []
        self.looked_at = time.monotonic()
        self._look = look
        self._offered: dict[Board, None] = {}
        self._told: list[bytes] = []
        self._wake = asyncio.Event()
        self._is_over = False
        self._count = 0
        self._looking: asyncio.Task[None] | None = None

    def offer(self, board: Board) -> None:
        """A board has a new drawing; an older one that still waits is forgotten."""
        self._offered[board] = None
        self._wake.set()

    def tell(self, event: bytes) -> None:
        """Send a small event. A client with too many unsent is cut off."""
        if len(self._told) >= MOST_TOLD:
            self.hub.cut_off += 1
            self.close()
            return
        self._told.append(event)
        self._wake.set()

    def close(self) -> None:
        """End the stream when what is being sent is sent."""
        self._is_over = True
        self._wake.set()

    def look_again(self) -> None:
        """Ask, beside the stream, whether this session may still watch."""
        self.looked_at = time.monotonic()
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._close_unless_allowed())

    async def _close_unless_allowed(self) -> None:
        with suppress(Exception):  # the database is away: nothing new is shown anyhow
            if not await self._look():
                self.tell(event_bytes("closed", {}))
                self.close()

    async def run(self, send: Send) -> None:
        """Send until the stream is closed or the client is cut off."""
        while not self._is_over or self._told:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), BEAT_S)
            self._wake.clear()
            try:
                async with asyncio.timeout(SEND_LIMIT_S):
                    await send(_body(self._take(), more=True))
            except TimeoutError:
                self.hub.cut_off += 1
                return

    def _take(self) -> bytes:
        """All that waits, each with its id; a sign of life where nothing does."""
        events = self._told + [board.event for board in self._offered]
        self._told = []
        self._offered = {}
        if not events:
            return f'event: beat\ndata: {{"at":{time.time():.3f}}}\n\n'.encode()
        return b"".join(self._numbered(event) for event in events)

    def _numbered(self, event: bytes) -> bytes:
        self._count += 1
        place = f"{self.hub.incarnation}.{self.hub.pen.seq}.{self._count}"
        return b"id: %s\n%s" % (place.encode(), event)


def application(hub: "Hub", door: Door) -> Callable[..., Awaitable[None]]:
    """The ASGI application of the streams."""

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        hub.start()
        asked = _asked(scope)
        if isinstance(asked, str):
            await _refuse(send, 400, asked)
            return
        if hub.is_shut:
            await _refuse(send, 503, "stopping")
            return
        place, parts, last_id = asked

        async def enter() -> Viewer | None:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(
                hub.door_threads, _enter, door, scope, place
            )

        async def look() -> bool:
            return await enter() == viewer

        viewer = await enter()
        if viewer is None:
            await _refuse(send, 404, "not found")
            return
        stream = Stream(hub, viewer, look)
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await _flow(stream, parts, last_id, receive, send)

    return app


async def _flow(
    stream: Stream, parts: list[Part], last_id: str, receive: Receive, send: Send
) -> None:
    """Run one stream until it is closed from either side."""
    gone = asyncio.create_task(_until_gone(receive))
    run = asyncio.create_task(stream.run(send))
    stream.hub.join(stream, parts, last_id)
    try:
        await asyncio.wait({gone, run}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stream.hub.leave(stream)
        was_running = not run.done()
        for task in (gone, run):
            task.cancel()
        await asyncio.gather(gone, run, return_exceptions=True)
    if not was_running:
        with suppress(TimeoutError):
            async with asyncio.timeout(1.0):
                await send(_body(b"", more=False))


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _enter(door: Door, scope: Message, place: Watched) -> Viewer | None:
    try:
        return door(scope, place)
    finally:
        connections.close_all()


def _asked(scope: Message) -> tuple[Watched, list[Part], str] | str:
    """Place, parts and last event id of a request, or what is wrong with it."""
    if scope["method"] != "GET":
        return "only GET"
    query = parse_qs(scope["query_string"].decode("ascii", "replace"))
    sentral, station = query.get("sentral", [""])[0], query.get("station", ["0"])[0]
    for name, given in (("sentral", sentral), ("station", station)):
        if not (given.isascii() and given.isdecimal() and len(given) < 19):
            return f"{name} must be a number"
    place = Watched(sentral_id=int(sentral), station_id=int(station) or None)
    names = dict.fromkeys(query.get("parts", [""])[0].split(","))
    # An unknown part is no fault: a page may be older than the server after an upgrade.
    parts = [part for part in map(live.part, names) if part is not None]
    headers = dict(scope["headers"])
    last_id = headers.get(b"last-event-id", b"").decode("ascii", "replace")
    return place, parts, last_id or query.get("last", [""])[0]


async def _refuse(send: Send, status: int, text: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send(_body(text.encode(), more=False))


def _body(data: bytes, *, more: bool) -> Message:
    return {"type": "http.response.body", "body": data, "more_body": more}
