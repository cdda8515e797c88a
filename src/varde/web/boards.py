"""Boards: each part drawn once for all who see the same, kept fresh while watched.

A board is one part for one scope. News of its topics makes it dirty; it is drawn in a
thread and given to every stream that watches. What comes meanwhile is drawn together.
The last to leave takes the board with it: what nobody looks at costs nothing.
"""

import asyncio
import json
import logging
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connections
from django.utils import translation

from varde.web.live import Part, PartScope


if TYPE_CHECKING:
    from concurrent.futures import Executor

    from varde.web.streams import Stream

log = logging.getLogger("varde.live")

COALESCE_S = 0.02  # at least so long between two drawings of a board
LONGEST_PAUSE_S = 5.0  # between tries to draw while the database is away

Within = Callable[[PartScope], AbstractContextManager[None]]
Clock = Callable[[], datetime]


class Board:
    """One part for one scope: its last drawing, and who watches it."""

    def __init__(self, part: Part, scope: PartScope, pen: "Pen") -> None:
        self.part = part
        self.scope = scope
        self.pen = pen
        self.streams: set[Stream] = set()
        self.html: str | None = None
        self.event = b""
        self.seq = 0
        self.drawn = -COALESCE_S
        self.is_dirty = True
        self._task: asyncio.Task[None] | None = None

    @property
    def is_new(self) -> bool:
        """Whether it was never asked to be drawn."""
        return self._task is None

    def news(self) -> None:
        """Something happened: draw again soon."""
        self.is_dirty = True
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._draw_while_dirty())

    def is_old(self, now: float) -> bool:
        """Whether the clock alone asks for a new drawing."""
        every = self.part.every_s
        return every is not None and self.html is not None and now - self.drawn >= every

    def stop(self) -> None:
        """Nobody watches any more."""
        if self._task is not None:
            self._task.cancel()

    async def _draw_while_dirty(self) -> None:
        """The first news after a quiet time is drawn at once, further news together."""
        pause = max(0.0, self.drawn + COALESCE_S - time.monotonic())
        while self.is_dirty and self.streams:
            await asyncio.sleep(pause)
            self.is_dirty = False
            try:
                html = await self.pen.draw(self.part, self.scope)
            except Exception as fault:
                # The text of a fault can hold a patient's data; its kind cannot.
                log.error(
                    "part %s of sentral %s was not drawn: %s",
                    self.part.name,
                    self.scope.sentral_id,
                    type(fault).__name__,
                )
                self.is_dirty = True
                pause = min(max(pause, 0.1) * 2, LONGEST_PAUSE_S)
                continue
            pause = COALESCE_S
            self.drawn = time.monotonic()
            self._publish(html)

    def _publish(self, html: str) -> None:
        """Give a drawing to all who watch, unless it is the one that they have."""
        if html == self.html:
            return
        self.html = html
        self.seq = self.pen.next_seq()
        data = {"part": self.part.name, "html": html, "seq": self.seq}
        self.event = event_bytes("part", data)
        for stream in self.streams:
            stream.offer(self)


class Pen:
    """Draws parts in threads, within their scope, and counts what was drawn."""

    def __init__(self, *, threads: "Executor", within: Within, clock: Clock) -> None:
        self._threads = threads
        self._within = within
        self._clock = clock
        self.seq = 0
        self.drawings = 0
        self.faults = 0

    def next_seq(self) -> int:
        """The number of the next event of this process."""
        self.seq += 1
        return self.seq

    async def draw(self, part: Part, scope: PartScope) -> str:
        """Draw a part off the event loop. Raises what the part's function raises."""
        loop = asyncio.get_running_loop()
        self.drawings += 1
        try:
            return await loop.run_in_executor(self._threads, self._draw, part, scope)
        except Exception:
            self.faults += 1
            raise

    def _draw(self, part: Part, scope: PartScope) -> str:
        try:
            now = replace(scope, at=self._clock())
            with self._within(now), translation.override(now.language):
                return part.draw(now)
        finally:
            connections.close_all()


def event_bytes(kind: str, data: object) -> bytes:
    """A server-sent event without its id, which each stream puts before it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"event: {kind}\ndata: {text}\n\n".encode()
