"""A request's body has an end: what is larger is refused before it is kept anywhere."""

LARGEST_BODY = 4_000_000  # bytes; the largest index file, with room to spare
TOO_LARGE = "Forespørselen er for stor. Ingenting er endret.".encode()


class _TooLarge(Exception):
    """More came than was allowed."""


def limited(application):
    """The application, behind a limit on bodies: said beforehand, and counted."""

    async def inner(scope, receive, send):
        if scope["type"] != "http":
            await application(scope, receive, send)
            return
        if _said(scope) > LARGEST_BODY:
            await _refuse(send)
            return
        seen = 0

        async def counted():
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > LARGEST_BODY:
                raise _TooLarge
            return message

        try:
            await application(scope, counted, send)
        except _TooLarge:
            await _refuse(send)

    return inner


def _said(scope):
    """The length that the request names; 0 when it names none or nonsense."""
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0


async def _refuse(send):
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": TOO_LARGE})
