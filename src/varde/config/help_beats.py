"""Signs of life between sentraler: a thread beside the clock, which never waits for it.

An outer network that is gone costs this thread its time limit and nobody else anything.
Several machines may run it: a message more does no harm, and each act is locked by its row.
"""

import http.client
import json
import logging
import threading
import time
import urllib.error
import urllib.request
from datetime import timedelta
from enum import Enum, auto

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
LIMIT_S = 2.0  # of one try
LOOK_S = 0.5
# Straight to the partner: no proxy of the surroundings, and no way to another address.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Beats:
    """Speaks with every partner until it is stopped."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="help", daemon=True)

    def start(self) -> None:
        """Begin to speak."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what is being said."""
        self._stopping.set()
        self._thread.join(timeout=LIMIT_S + 1)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                speak_with_all()
            except (DatabaseError, psycopg.Error, OSError) as fault:
                log.warning("a round was missed: %s", type(fault).__name__)
            finally:
                connections.close_all()
            self._stopping.wait(LOOK_S)


def speak_with_all() -> None:
    """One round: to each partner what is due, and then what follows from silence."""
    for partner in Partner.objects.select_related("sentral").order_by("pk"):
        try:
            _speak_with(partner)
        except psycopg.OperationalError:
            raise
        except Exception as fault:
            # Its text may hold what it was about; its kind and the id are enough.
            log.error("partner %s: %s", partner.pk, type(fault).__name__)


def _speak_with(partner: Partner) -> None:
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
    """Post one message."""
    body = json.dumps(message, separators=(",", ":")).encode()
    request = urllib.request.Request(  # noqa: S310 - the scheme was checked when written
        partner.address + ADDRESS,
        data=body,
        headers={
            "Content-Type": "application/json",
            SENDER_HEADER: partner.sentral.code,
            signature.HEADER: signature.sign(body, secret=secret, t=int(time.time())),
        },
    )
    try:
        with _OPENER.open(request, timeout=LIMIT_S) as answer:
            return Answer.YES if answer.status == 202 else Answer.SILENCE
    except urllib.error.HTTPError as refusal:
        log.warning("partner %s refused: %s", partner.pk, refusal.code)
        kind = refusal.headers.get("Content-Type", "")
        is_varde = refusal.code < 500 and kind.startswith(problems.CONTENT_TYPE)
        return Answer.NO if is_varde else Answer.SILENCE
    except (OSError, ValueError, http.client.HTTPException):
        return Answer.SILENCE


def _scope(partner: Partner):  # type: ignore[no-untyped-def]
    sentral = partner.sentral
    served = districts_served([sentral.pk], on=timezone.localdate())
    return scoped(districts={sentral.host_district_id, *served})
