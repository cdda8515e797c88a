"""The hub: one connection that listens, and all the boards of this process.

What the database sends holds ids and topic names only:

- `{"s": 3, "t": ["queue"], "c": 71}`: in sentral 3 the queue changed, by contact 71.
- `{"u": 12}`: the session of user 12 was locked or ended; look again who may watch.
"""

import asyncio
import json
import logging
import secrets
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg

from varde.web.boards import Board, Clock, Pen, Within, event_bytes
from varde.web.live import Part, PartScope
from varde.web.streams import Stream


log = logging.getLogger("varde.live")

KEPT_NEWS = 512  # contact ids that a stream which was away for a moment can be told of
LOOK_AGAIN_S = 30.0  # how often it is asked whether each session may still watch
PROBE_S = 10.0  # silence after which the listening connection is tried
FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 5.0
DRAWING_THREADS = 2

HELLO = b"retry: 1000\n" + event_bytes("hello", {})
RESYNC = b"retry: 1000\n" + event_bytes("resync", {})  # what came between is unknown
LOST = event_bytes("lost", {})  # the database is away: what is shown may be old


class Hub:
    """Boards, streams and the one who listens, of one web process."""

    def __init__(
        self,
        *,
        connect: Callable[[], dict[str, Any]],
        channel: str,
        within: Within,
        clock: Clock,
    ) -> None:
        self._connect = connect
        self._channel = channel
        self._threads = ThreadPoolExecutor(DRAWING_THREADS, "varde-draw")
        self.door_threads = ThreadPoolExecutor(1, "varde-door")
        self.pen = Pen(threads=self._threads, within=within, clock=clock)
        self.boards: dict[tuple[str, PartScope], Board] = {}
        self.streams: set[Stream] = set()
        self.incarnation = _new_incarnation()
        self.is_listening = False
        self.is_shut = False
        self.cut_off = 0
        self.told = 0
        self._news: deque[tuple[int, int, bytes]] = deque(maxlen=KEPT_NEWS)
        self._tasks: list[asyncio.Task[None]] = []
        self._listening = asyncio.Event()

    # ------------------------------------------------------------- start and stop

    def start(self) -> None:
        """Begin to listen, if that was not done. Called with the loop running."""
        if not self._tasks:
            self._tasks = [
                asyncio.create_task(self._listen_always()),
                asyncio.create_task(self._keep_watch()),
            ]

    async def wait_until_listening(self) -> None:
        """Return when the database is heard."""
        await self._listening.wait()

    async def stop(self) -> None:
        """End every stream and the listening connection."""
        self.shut()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for board in list(self.boards.values()):
            board.stop()
        self._threads.shutdown(wait=False, cancel_futures=True)
        self.door_threads.shutdown(wait=False, cancel_futures=True)

    def shut(self) -> None:
        """End every stream and open no more: this process is about to stop."""
        self.is_shut = True
        self.close_streams()

    def close_streams(self) -> None:
        """End every stream: the browser connects again by itself."""
        for stream in list(self.streams):
            stream.close()

    # ---------------------------------------------------------------- the streams

    def join(self, stream: Stream, parts: list[Part], last_id: str) -> None:
        """Let a stream watch these parts; give it what it lacks since `last_id`."""
        seen = self._seen(last_id)
        is_gap = bool(last_id) and seen is None
        stream.tell(RESYNC if is_gap else HELLO)
        if not self.is_listening:
            stream.tell(LOST)
        for seq, sentral_id, event in self._news:
            is_missed = seen is not None and seq > seen
            if is_missed and sentral_id == stream.scope.sentral_id:
                stream.tell(event)
        self.streams.add(stream)
        for part in parts:
            if part.may_be_seen_by(stream.scope):
                self._watch(stream, part, seen)

    def leave(self, stream: Stream) -> None:
        """Forget a stream, and the boards that nobody else watches."""
        self.streams.discard(stream)
        for board in stream.boards:
            board.streams.discard(stream)
            if not board.streams:
                board.stop()
                self.boards.pop((board.part.name, board.scope), None)

    def _watch(self, stream: Stream, part: Part, seen: int | None) -> None:
        key = (part.name, stream.scope)
        board = self.boards.get(key)
        if board is None:
            board = self.boards[key] = Board(part, stream.scope, self.pen)
        board.streams.add(stream)
        stream.boards.append(board)
        if board.is_new:
            board.news()
        if board.html is not None and (seen is None or board.seq > seen):
            stream.offer(board)

    def _seen(self, last_id: str) -> int | None:
        """The last event that a returning stream has, or None if that says nothing."""
        incarnation, _, rest = last_id.partition(".")
        number = rest.partition(".")[0]
        if incarnation != self.incarnation or not number.isdecimal():
            return None
        seen = int(number)
        forgot = len(self._news) == KEPT_NEWS and self._news[0][0] > seen + 1
        return None if forgot else seen

    # ------------------------------------------------------------------- the news

    async def _listen_always(self) -> None:
        pause = FIRST_PAUSE_S
        while True:
            try:
                await self._listen()
            except (psycopg.Error, OSError) as fault:
                log.warning("the database is not heard: %s", type(fault).__name__)
            if self.is_listening:
                self._lost()
                pause = FIRST_PAUSE_S
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_S)

    async def _listen(self) -> None:
        async with await psycopg.AsyncConnection.connect(
            **self._connect(), autocommit=True, connect_timeout=5
        ) as connection:
            await connection.execute(f'LISTEN "{self._channel}"')
            self._found()
            while True:
                async for notice in connection.notifies(timeout=PROBE_S):
                    self.take(notice.payload)
                await connection.execute("SELECT 1")

    def _found(self) -> None:
        """The database is heard again: what was said meanwhile is unknown."""
        self.is_listening = True
        self._listening.set()
        for board in self.boards.values():
            board.news()
        for stream in self.streams:
            stream.tell(RESYNC)

    def _lost(self) -> None:
        self.is_listening = False
        self._listening.clear()
        self.incarnation = _new_incarnation()
        self._news.clear()
        for stream in self.streams:
            stream.tell(LOST)

    def take(self, payload: str) -> None:
        """Act on one notification. What cannot be read is logged and passed over."""
        try:
            news = json.loads(payload)
            if "u" in news:
                self._look_again_at(int(news["u"]))
                return
            sentral_id, topics = int(news["s"]), frozenset(news["t"])
            contact_id = news.get("c")
        except (ValueError, KeyError, TypeError):
            log.error("a notification of %d characters is not ours", len(payload))
            return
        self.told += 1
        for board in self.boards.values():
            about = board.scope.sentral_id == sentral_id
            if about and not topics.isdisjoint(board.part.topics):
                board.news()
        if contact_id is not None:
            self._tell_contact(sentral_id, int(contact_id))

    def _tell_contact(self, sentral_id: int, contact_id: int) -> None:
        event = event_bytes("contact", {"c": contact_id})
        self._news.append((self.pen.next_seq(), sentral_id, event))
        for stream in self.streams:
            if stream.scope.sentral_id == sentral_id:
                stream.tell(event)

    # ------------------------------------------------------------------ the watch

    async def _keep_watch(self) -> None:
        """Each second: old boards are drawn, and some streams are asked for again."""
        while True:
            await asyncio.sleep(1.0)
            now = time.monotonic()
            for board in self.boards.values():
                if board.is_old(now):
                    board.news()
            for stream in list(self.streams):
                if now - stream.looked_at >= LOOK_AGAIN_S:
                    stream.look_again()

    def _look_again_at(self, user_id: int) -> None:
        for stream in list(self.streams):
            if stream.user_id == user_id:
                stream.look_again()

    def numbers(self) -> dict[str, float]:
        """What the metrics page shows of this process. Ids and counts only."""
        return {
            "live_streams": len(self.streams),
            "live_boards": len(self.boards),
            "live_drawings_total": self.pen.drawings,
            "live_drawing_faults_total": self.pen.faults,
            "live_notifications_total": self.told,
            "live_cut_off_total": self.cut_off,
            "live_listening": int(self.is_listening),
        }


def _new_incarnation() -> str:
    return secrets.token_hex(4)
