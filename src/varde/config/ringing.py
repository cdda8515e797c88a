"""The demo's telephone exchange: sends what a real one would, signed, to the webhook.

It rings as `engines.demo.live` says. What happens then is the desk's doing, so it looks
at the call: one that was taken is told of as answered, and as ended when the contact is
closed; one that nobody took in time hangs up.
"""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import psycopg
from django.conf import settings
from django.db import DatabaseError, connections
from django.utils import timezone

from varde.apps.records.demo import building
from varde.apps.records.demo.building import Built
from varde.apps.records.models import Call, Contact, Sentral
from varde.apps.records.scope import districts_served, scoped
from varde.engines.demo.live import LiveEvent, Story, live_calls
from varde.engines.demo.people import make_people
from varde.engines.telephony import signature


LOOK_S = 0.5
TIMEOUT_S = 10.0
RETRY_S = 1.0
MOST_AT_ONCE = 50
TALK_S = 600.0  # the line is let go after so long, whether the contact is closed or not

Event = Mapping[str, str | int]
Say = Callable[[str], None]


class Refused(Exception):
    """The webhook will not take an event, now or later."""

    def __init__(self, address: str, refusal: urllib.error.HTTPError) -> None:
        said = refusal.read(600).decode("utf-8", "replace")
        super().__init__(f"{address} refused a call with {refusal.code}: {said}")


@dataclass(slots=True, kw_only=True)
class Exchange:
    """Sends events until they are taken in. What failed is sent again, in order.

    `accepted` and `duplicates` add up the receipts.
    """

    address: str
    sentral: str
    waiting: list[Event] = field(default_factory=list)
    next_try: float = 0.0
    accepted: int = 0
    duplicates: int = 0

    def send(self, event: Event) -> None:
        """Put an event in line."""
        self.waiting.append({"sentral": self.sentral, **event})

    def flush(self, *, now: float) -> bool:
        """Send what waits. False while the webhook does not take it."""
        if now < self.next_try:
            return False
        while self.waiting:
            some = self.waiting[:MOST_AT_ONCE]
            if not self._post(some):
                self.next_try = now + RETRY_S
                return False
            del self.waiting[: len(some)]
        return True

    def _post(self, events: list[Event]) -> bool:
        body = json.dumps(events).encode()
        signed = signature.sign(
            body, secret=settings.TELEPHONY_SECRET, t=int(time.time())
        )
        request = urllib.request.Request(  # noqa: S310  our own address
            f"{self.address}/api/telephony/events",
            data=body,
            headers={"Content-Type": "application/json", signature.HEADER: signed},
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
                receipt = json.load(answer)
        except urllib.error.HTTPError as refusal:
            if refusal.code < 500 and refusal.code != 429:
                raise Refused(self.address, refusal) from None
            return False
        except (OSError, ValueError):
            return False  # no receipt, or half of one: the events are sent again
        self.accepted += receipt["accepted"]
        self.duplicates += receipt["duplicates"]
        return True


@dataclass(slots=True, kw_only=True)
class Line:
    """A call that goes on, and when it was answered."""

    call_id: str
    answered_at: datetime | None = None


def wait_for(address: str) -> None:
    """Return when the installation answers."""
    while True:
        try:
            urllib.request.urlopen(f"{address}/helse/", timeout=TIMEOUT_S)  # noqa: S310
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(LOOK_S)
        else:
            return


def play(
    exchange: Exchange,
    *,
    built: Built,
    speed: float,
    seed: int,
    now: Callable[[], datetime],
    say: Say,
) -> None:
    """Ring without end, from when the installation answers."""
    demo = building.content()
    people = make_people(
        demo,
        seed=built.seed,
        years=built.years,
        until=datetime.fromisoformat(built.until),
        scale=built.scale,
    )
    titles = _titles()
    wait_for(exchange.address)
    begun, start = time.monotonic(), now()
    lines: dict[str, Line] = {}
    for event in _in_time(
        live_calls(demo, people, seed=seed, start=start, speed=speed),
        begun=begun,
        meanwhile=lambda: _follow(exchange, lines),
    ):
        call_id = str(event.event["call_id"])
        if event.unless_answered:
            line = lines.get(call_id)
            if line is not None and line.answered_at is None and not _is_taken(call_id):
                exchange.send(event.event)
                del lines[call_id]
            continue
        lines[call_id] = Line(call_id=call_id)
        exchange.send(event.event)
        if event.story is not None:
            say(_told(event, event.story, titles))


def _in_time(
    events: Iterator[LiveEvent], *, begun: float, meanwhile: Callable[[], None]
) -> Iterator[LiveEvent]:
    """Each event when its time has come."""
    for event in events:
        while (left := begun + event.offset_s - time.monotonic()) > 0:
            meanwhile()
            time.sleep(min(left, LOOK_S))
        yield event


def _follow(exchange: Exchange, lines: dict[str, Line]) -> None:
    """Tell of calls that were taken at the desk, and of those that are over."""
    if exchange.flush(now=time.monotonic()) and lines:
        try:
            for event in _news(lines):
                exchange.send(event)
        except (DatabaseError, psycopg.Error):
            return  # away for a moment; looked at again in half a second
        finally:
            connections.close_all()


def _news(lines: dict[str, Line]) -> list[Event]:
    now = timezone.now()
    news: list[Event] = []
    with scoped(districts=_districts()):
        calls = Call.objects.filter(
            sentral__code=building.SENTRAL,
            external_id__in=lines,
            claimed_at__isnull=False,
        ).select_related("owner", "contact")
        for call in calls:
            line = lines[call.external_id]
            if line.answered_at is None:
                line.answered_at = call.claimed_at
                news.append(_event(call, "answered", at=call.claimed_at))
            if _is_over(call, now=now):
                news.append(_event(call, "ended", at=now))
                del lines[call.external_id]
    return news


def _is_over(call: Call, *, now: datetime) -> bool:
    if call.contact is not None and call.contact.state == Contact.State.CLOSED:
        return True
    return now - call.claimed_at > timedelta(seconds=TALK_S)


def _event(call: Call, kind: str, *, at: datetime) -> Event:
    operator = call.owner.operator_code if call.owner is not None else ""
    return {
        "event_id": f"{call.external_id}-{kind}",
        "call_id": call.external_id,
        "kind": kind,
        "occurred_at": at.isoformat(timespec="milliseconds"),
        "operator": operator,
    }


def _is_taken(call_id: str) -> bool:
    """Whether somebody has claimed the call. Where nobody can tell, it is let be."""
    try:
        with scoped(districts=_districts()):
            return Call.objects.filter(
                sentral__code=building.SENTRAL,
                external_id=call_id,
                claimed_at__isnull=False,
            ).exists()
    except (DatabaseError, psycopg.Error):
        return True
    finally:
        connections.close_all()


def _districts() -> set[int]:
    sentral = Sentral.objects.get(code=building.SENTRAL)
    served = districts_served([sentral.pk], on=timezone.localdate())
    return {sentral.host_district_id, *served}


def _titles() -> dict[str, str]:
    try:
        return building.complaint_titles()
    finally:
        connections.close_all()


def _told(event: LiveEvent, story: Story, titles: Mapping[str, str]) -> str:
    """What the terminal says of a call, so that somebody can play the caller."""
    about = titles.get(story.complaint or "", "et spørsmål")
    return f"Ringer på {event.event.get('line', '')}: {about.lower()}, {story.place}"
