"""The application that the server runs: pages by Django, streams beside it."""

import asyncio
import os
import signal
from contextlib import suppress

import django


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "varde.config.settings")
django.setup(set_prefix=False)

from django.conf import settings  # noqa: E402  (Django must be set up first)
from django.utils import timezone  # noqa: E402
from servestatic import ServeStaticASGI  # noqa: E402

from varde.apps.records.live import CHANNEL  # noqa: E402
from varde.config import body_limit, door, metrics, serving  # noqa: E402
from varde.config.pages import Pages  # noqa: E402
from varde.web import streams  # noqa: E402
from varde.web.hub import Hub  # noqa: E402


# So many requests of one process are at work at once; the others wait their turn. More
# threads would only wait for each other, and each needs a database connection.
THREADS = 4

pages = Pages(threads=THREADS)

hub = Hub(
    connect=door.database, channel=CHANNEL, within=door.within, clock=timezone.now
)
live = streams.application(hub, door.viewer)


def _say_what_it_is(headers, _path, _url):
    headers["X-Content-Type-Options"] = "nosniff"


# A browser asks each time whether its copy is still right: after an upgrade no page runs
# with the scripts of the version before.
pages_and_files = ServeStaticASGI(
    metrics.measured(body_limit.limited(pages)),
    root=settings.STATIC_ROOT if settings.STATIC_ROOT.is_dir() else None,
    prefix=settings.STATIC_URL,
    max_age=0,
    allow_all_origins=False,
    add_headers_function=_say_what_it_is,
)


async def application(scope, receive, send):
    """Hand each request to Django, or to the streams, and follow the server's life."""
    if scope["type"] == "lifespan":
        await _live_and_die(receive, send)
    elif scope["type"] == "http" and scope["path"] == "/live/":
        await live(scope, receive, send)
    else:
        await pages_and_files(scope, receive, send)


async def _live_and_die(receive, send):
    """Start with the server and stop with it.

    The server waits for open requests before it stops, and a stream never ends by
    itself. So the supervisor sends SIGUSR1 to the workers first (see supervisor.py).
    """
    await receive()
    serving.end_with_parent()
    with suppress(NotImplementedError, ValueError):  # no signals in a thread
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGUSR1, hub.shut)
    hub.start()
    reporting = asyncio.create_task(metrics.report_always(hub.numbers))
    await send({"type": "lifespan.startup.complete"})
    await receive()
    reporting.cancel()
    await hub.stop()
    pages.stop()
    await send({"type": "lifespan.shutdown.complete"})
