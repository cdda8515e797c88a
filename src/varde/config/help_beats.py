"""Signs of life between sentraler: threads beside the clock, which never waits for them.

Each partner has a thread of its own and each try an end, so that an outer network that is
gone, or a partner that never finishes its answer, costs nobody else anything. Several
machines may run it: a message more does no harm, and each act is locked by its row.
"""

import http.client
import json
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from enum import Enum, auto
from urllib.parse import urlsplit

import psycopg
from django.db import DatabaseError, connections
from django.utils import timezone

from varde.apps.api import problems
from varde.apps.records.models import HelpTakeover, Partner
from varde.apps.records.scope import districts_served, scoped
from varde.apps.sentral.services.help import agreements, exchange, takeovers
from varde.apps.sentral.services.help.holding import STARTED_AT
from varde.domain import help as rules
from varde.engines.telephony import signature


log = logging.getLogger("varde.help")

ADDRESS = "/api/help/messages"
SENDER_HEADER = "X-Varde-Sentral"
STEP_S = 2.0  # of each step of a try: to connect, to send, to hear something
LIMIT_S = 4.0  # of the whole try
LOOK_S = 0.5


class Beats:
    """Speaks with every partner until it is stopped."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="help", daemon=True)
        self._speakers: dict[int, threading.Thread] = {}

    def start(self) -> None:
        """Begin to speak."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what is being said."""
        self._stopping.set()
        end = time.monotonic() + LIMIT_S + 1
        self._thread.join(timeout=LIMIT_S)
        for speaker in self._speakers.values():
            speaker.join(timeout=max(0.0, end - time.monotonic()))

    def _run(self) -> None:
        """A thread to each partner, also to one that is named while we run."""
        while not self._stopping.is_set():
            for partner_id in _tried(partner_ids, who="all") or []:
                if partner_id not in self._speakers:
                    self._speakers[partner_id] = threading.Thread(
                        target=self._speak, args=[partner_id], daemon=True
                    )
                    self._speakers[partner_id].start()
            self._stopping.wait(LOOK_S)

    def _speak(self, partner_id: int) -> None:
        while not self._stopping.is_set():
            _tried(lambda: speak_with(partner_id), who=str(partner_id))
            self._stopping.wait(LOOK_S)


def _tried[What](act: Callable[[], What], *, who: str) -> What | None:
    """What it gives; None where it failed. The next round tries again."""
    try:
        return act()
    except (DatabaseError, psycopg.Error, OSError) as fault:
        log.warning("partner %s, a round was missed: %s", who, type(fault).__name__)
    except Exception as fault:
        # Its text may hold what it was about; its kind and the id are enough.
        log.error("partner %s: %s", who, type(fault).__name__)
    finally:
        connections.close_all()
    return None


def partner_ids() -> list[int]:
    """Every partner that is named."""
    return list(Partner.objects.order_by("pk").values_list("pk", flat=True))


def speak_with(partner_id: int) -> None:
    """One round with a partner: say what is due, and do what follows from silence."""
    partner = Partner.objects.select_related("sentral").get(pk=partner_id)
    secret = agreements.secret_of(partner)
    if not secret:
        return
    now = timezone.now()
    pause_s = rules.pause_s(
        partner.failures,
        beat_s=takeovers.limit("beat_s", partner, at=now),
        most_s=takeovers.limit("most_pause_s", partner, at=now),
    )
    if partner.tried_at is None or now - partner.tried_at >= timedelta(seconds=pause_s):
        with _scope(partner):
            message = exchange.message_to(partner.pk, at=now)
        answer = send(partner, message, secret=secret)
        with _scope(partner):
            exchange.answered(
                partner.pk,
                at=timezone.now(),
                was_answered=answer is Answer.YES,
                was_refused=answer is Answer.NO,
            )
    _go_on(partner.pk)


def _go_on(partner_id: int) -> None:
    partner = Partner.objects.select_related("sentral").get(pk=partner_id)
    now = timezone.now()
    missed_s = takeovers.limit("missed_s", partner, at=now)
    # Just started: it may be we who were gone, and the silence is our own.
    if now - STARTED_AT >= timedelta(seconds=missed_s):
        with _scope(partner):
            takeovers.begin_if_gone(partner, at=now)
    live = partner.takeovers.filter(
        side=HelpTakeover.Side.HELPER, stage__in=takeovers.LIVE
    )
    for takeover_id in live.values_list("pk", flat=True):
        with _scope(partner):
            takeovers.advance(takeover_id=takeover_id, at=timezone.now())


class Answer(Enum):
    """What came of a message."""

    YES = auto()
    NO = auto()  # a Varde lives there, and refuses what we say
    SILENCE = auto()  # nobody answers, or only what stands before it


def send(partner: Partner, message: dict[str, object], *, secret: str) -> Answer:
    """Post one message, straight to the partner: by no proxy, and to no other address."""
    body = json.dumps(message, separators=(",", ":")).encode()
    headers = {
        "Content-Type": "application/json",
        SENDER_HEADER: partner.sentral.code,
        signature.HEADER: signature.sign(body, secret=secret, t=int(time.time())),
    }
    try:
        place = urlsplit(partner.address + ADDRESS)
        with _line_to(place.scheme, place.netloc) as line:
            line.request("POST", place.path, body=body, headers=headers)
            answer = line.getresponse()
    except (OSError, ValueError, http.client.HTTPException):
        return Answer.SILENCE
    if answer.status == 202:
        return Answer.YES
    log.warning("partner %s answered: %s", partner.pk, answer.status)
    kind = answer.headers.get("Content-Type", "")
    is_varde = 400 <= answer.status < 500 and kind.startswith(problems.CONTENT_TYPE)
    return Answer.NO if is_varde else Answer.SILENCE


@contextmanager
def _line_to(scheme: str, place: str) -> Iterator[http.client.HTTPConnection]:
    """A connection that is cut when the whole try has lasted too long.

    The time limit of a socket is that of each step: one that says a byte each second would
    never come to it.
    """
    is_open = scheme == "http"  # as was written when the partner was named
    kind = http.client.HTTPConnection if is_open else http.client.HTTPSConnection
    line, done = kind(place, timeout=STEP_S), threading.Event()
    threading.Thread(target=_cut_when_late, args=[line, done], daemon=True).start()
    try:
        yield line
    finally:
        done.set()
        line.close()


def _cut_when_late(line: http.client.HTTPConnection, done: threading.Event) -> None:
    done.wait(LIMIT_S - LOOK_S)
    while not done.wait(LOOK_S):
        with suppress(OSError, AttributeError):  # not connected yet, or closed already
            socket.socket.shutdown(line.sock, socket.SHUT_RDWR)


def _scope(partner: Partner):  # type: ignore[no-untyped-def]
    sentral = partner.sentral
    served = districts_served([sentral.pk], on=timezone.localdate())
    return scoped(districts={sentral.host_district_id, *served})
