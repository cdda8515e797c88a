"""A day of a call log played again as live traffic, to see that nothing is lost.

Each call gets a name of its own for this replay. Its events happen at the moments of the
log, so many times faster, and go through the webhook as from a real exchange. Faults are
no calls, and are left out.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from varde.apps.records.models import Sentral, TelephonyEvent
from varde.apps.records.scope import districts_served, scoped
from varde.config.ringing import Exchange
from varde.domain.call import EventKind
from varde.engines.telephony.call_log import LoggedCall, Outcome


LONGEST_PAUSE_S = 0.2
PATIENCE_S = 60.0  # for an installation that is away when the day is over

type Told = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One event of the replay: how long after its start, and what it tells."""

    after_s: float
    call_id: str
    kind: EventKind
    line: str
    priority: int
    operator: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What came of it. `stored` was counted in the database; `lost` is the rest.

    `late_s` is how far the sending was behind at the most, in seconds.
    """

    calls: int
    sent: int
    accepted: int
    duplicates: int
    stored: int
    lost: int
    late_s: float
    seconds: float


def calls_of(
    calls: Iterable[LoggedCall], *, on: date, zone: tzinfo
) -> Iterator[LoggedCall]:
    """Those that rang on a day by the clock of a zone, without the faults."""
    for call in calls:
        is_that_day = call.ringing_at.astimezone(zone).date() == on
        if is_that_day and call.outcome is not Outcome.FAULT:
            yield call


def plan(calls: Iterable[LoggedCall], *, name: str, speed: float) -> list[Planned]:
    """Every event of these calls, in the order in which they happen.

    A call without a known end is left on the line, as a real exchange would leave it that
    told of no end. Events of one moment keep the order of their call. `name` begins every
    call's name; `speed` is > 0.
    """
    known = list(calls)
    first = min((call.ringing_at for call in known), default=None)
    events = [
        Planned(
            after_s=(at - first).total_seconds() / speed,
            call_id=f"{name}{call.line_no}",
            kind=kind,
            line=call.line,
            priority=call.priority,
            operator=call.operator if kind is EventKind.ANSWERED else "",
        )
        for call in known
        for kind, at in _moments(call)
        if first is not None and at is not None
    ]
    return sorted(events, key=lambda event: event.after_s)


def play(
    planned: list[Planned],
    *,
    exchange: Exchange,
    sentral: Sentral,
    name: str,
    now: Callable[[], datetime],
    told: Told = lambda count: None,
) -> Replayed:
    """Send every event when its time has come, and count what is stored afterwards.

    An installation that is away for a while gets what it missed when it is back.
    """
    begun, start = time.monotonic(), now()
    late_s = 0.0
    for count, event in enumerate(planned, start=1):
        while (left := begun + event.after_s - time.monotonic()) > 0:
            exchange.flush(now=time.monotonic())
            time.sleep(min(left, LONGEST_PAUSE_S))
        exchange.send(_as_sent(event, start=start))
        if count == len(planned) or planned[count].after_s > event.after_s:
            exchange.flush(now=time.monotonic())
        late_s = max(late_s, time.monotonic() - begun - event.after_s)
        told(count)
    _finish(exchange)
    stored = _stored(sentral, name, on=start.date())
    return Replayed(
        calls=len({event.call_id for event in planned}),
        sent=len(planned),
        accepted=exchange.accepted,
        duplicates=exchange.duplicates,
        stored=stored,
        lost=len(planned) - stored,
        late_s=round(late_s, 3),
        seconds=round(time.monotonic() - begun, 3),
    )


def _moments(call: LoggedCall) -> Iterator[tuple[EventKind, datetime | None]]:
    is_answered = call.outcome is Outcome.ANSWERED
    yield EventKind.RINGING, call.ringing_at
    yield EventKind.ANSWERED, call.answered_at
    yield EventKind.ENDED if is_answered else EventKind.ABANDONED, call.ended_at


def _as_sent(event: Planned, *, start: datetime) -> dict[str, str | int]:
    happened_at = start + timedelta(seconds=event.after_s)
    return {
        "event_id": event.kind.value,
        "call_id": event.call_id,
        "kind": event.kind.value,
        "occurred_at": happened_at.isoformat(),
        "line": event.line,
        "priority": event.priority,
        "operator": event.operator,
    }


def _finish(exchange: Exchange) -> None:
    """What could not be sent yet is sent now, or given up after a while."""
    until = time.monotonic() + PATIENCE_S
    while not exchange.flush(now=time.monotonic()) and time.monotonic() < until:
        time.sleep(LONGEST_PAUSE_S)


def _stored(sentral: Sentral, name: str, *, on: date) -> int:
    districts = {
        sentral.host_district_id,
        *districts_served([sentral.pk], on=on),
    }
    with scoped(districts=districts):
        return TelephonyEvent.objects.filter(
            call__sentral=sentral, call__external_id__startswith=name
        ).count()
