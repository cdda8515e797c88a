"""Django's pages, each answered from beginning to end by one thread of a small pool.

Django's own ASGI handler goes to and fro between the event loop and a new thread several
times for each request, when the middleware is synchronous as ours is. With many requests
at once each crossing waits for the other threads of the process. Here the event loop only
reads and sends, and requests are taken in the order in which they came.
"""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import IO, Any

from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.handlers.base import BaseHandler
from django.http import HttpResponseBase
from django.urls import set_script_prefix


Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer, ready to be sent."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Pages(ASGIHandler):
    """The ASGI application of Django's pages.

    A page is written whole before it is sent: ours are small. Who has asked and goes away
    stops nothing; an act that has begun is done.
    """

    def __init__(self, *, threads: int) -> None:
        BaseHandler.__init__(self)
        self.load_middleware(is_async=False)
        self._threads = ThreadPoolExecutor(threads, "varde-page")

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Read the request, let a thread answer it, and send the answer."""
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        loop = asyncio.get_running_loop()
        answer = await loop.run_in_executor(self._threads, self._answer, scope, body)
        await send(
            {
                "type": "http.response.start",
                "status": answer.status,
                "headers": answer.headers,
            }
        )
        await send({"type": "http.response.body", "body": answer.body})

    def stop(self) -> None:
        """Let the threads go. What they have begun is finished first."""
        self._threads.shutdown(wait=False)

    def _answer(self, scope: Message, body: IO[bytes]) -> Answer:
        with body:
            set_script_prefix(get_script_prefix(scope))
            signals.request_started.send(sender=self.__class__, scope=scope)
            request, refusal = self.create_request(scope, body)
            response = refusal if request is None else self.get_response(request)
            response._handler_class = self.__class__
            try:
                return Answer(
                    status=response.status_code,
                    headers=_headers(response),
                    body=b"".join(response),
                )
            finally:
                response.close()  # also gives the database connection back


def _headers(response: HttpResponseBase) -> list[tuple[bytes, bytes]]:
    found = [
        (name.encode("ascii"), value.encode("latin1"))
        for name, value in response.items()
    ]
    cookies = response.cookies.values()
    return found + [(b"Set-Cookie", c.OutputString().encode("ascii")) for c in cookies]
