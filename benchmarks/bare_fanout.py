"""The yardstick of the live boards: a notification sent on to every stream, and no more.

No log-in, no drawing, no scope: one LISTEN connection a worker, and a text of the same
length to each stream. Served by the same server with as many workers.
"""

import asyncio
import os

import psycopg


CHANNEL = "bare"
HEADERS = [(b"content-type", b"text/event-stream")]
streams: set[asyncio.Queue[bytes]] = set()


async def listen() -> None:
    """Send what comes to every stream, filled up to the length asked for."""
    size = int(os.environ["BENCH_BYTES"])
    async with await psycopg.AsyncConnection.connect(
        os.environ["DATABASE_URL"], autocommit=True
    ) as connection:
        await connection.execute(f'LISTEN "{CHANNEL}"')
        async for notice in connection.notifies():
            data = f"data: {notice.payload.ljust(size, 'x')}\n\n".encode()
            for stream in streams:
                stream.put_nowait(data)


async def application(scope, receive, send):
    """The streams, and the server's beginning and end."""
    if scope["type"] == "lifespan":
        await receive()
        task = asyncio.create_task(listen())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        task.cancel()
        await send({"type": "lifespan.shutdown.complete"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    queue: asyncio.Queue[bytes] = asyncio.Queue()
    streams.add(queue)
    try:
        await send(_body(b": hello\n\n"))
        while True:
            await send(_body(await queue.get()))
    finally:
        streams.discard(queue)


def _body(data: bytes) -> dict[str, object]:
    return {"type": "http.response.body", "body": data, "more_body": True}
