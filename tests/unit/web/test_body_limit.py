"""A body that is too large is refused, whether it says so or not."""

import asyncio

import pytest

from varde.config.body_limit import LARGEST_BODY, limited


async def reads_all(scope, receive, send):
    """An application that reads the whole body and answers with its length."""
    length, more = 0, True
    while more:
        message = await receive()
        length += len(message["body"])
        more = message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": str(length).encode()})


def ask(*, chunks, said=None):
    headers = [] if said is None else [(b"content-length", str(said).encode())]
    waiting = [
        {"type": "http.request", "body": chunk, "more_body": number < len(chunks) - 1}
        for number, chunk in enumerate(chunks)
    ]
    sent = []

    async def receive():
        return waiting.pop(0)

    async def send(message):
        sent.append(message)

    asyncio.run(limited(reads_all)({"type": "http", "headers": headers}, receive, send))
    return sent[0]["status"]


@pytest.mark.parametrize(
    ("length", "status"),
    [(0, 200), (LARGEST_BODY - 1, 200), (LARGEST_BODY, 200), (LARGEST_BODY + 1, 413)],
)
@pytest.mark.parametrize("is_said", [True, False])
def test_a_body_is_at_most_so_long(length, status, is_said):
    body = b"x" * length
    half = length // 2
    chunks = [body[:half], body[half:]]
    assert ask(chunks=chunks, said=length if is_said else None) == status


def test_a_small_number_that_is_a_lie_does_not_help():
    assert ask(chunks=[b"x" * LARGEST_BODY, b"xx"], said=10) == 413
