"""What the pushed parts of the sentral's screens show."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from varde.apps.records.models import Sentral
from varde.apps.sentral.queries import alarms as safety
from varde.apps.sentral.queries import amk, answer_time, conflicts, lone, numbers
from varde.apps.sentral.queries.callbacks import count_open, open_callbacks
from varde.apps.sentral.queries.help import overview as help_overview
from varde.apps.sentral.queries.queue import (
    calls_in_hand,
    count_in_hand,
    ownerless_contacts,
    waiting_calls,
)


MOST_CALLBACKS = 60  # those due first; the rest are counted
MOST_TALKS = 40  # what waits is shown whole; who talks, the longest


def queue(sentral: Sentral, *, now: datetime) -> dict[str, Any]:
    """The queue: what rings, what nobody owns, who talks.

    `line` is the callers and the safety alarms that wait, in the one order in which they
    are taken: the highest priority first, then the longest wait. Last are those that a
    partner has for us.
    """
    waiting = waiting_calls(sentral.pk, now=now)
    waiting_alarms = safety.waiting_alarms(sentral, now=now)
    talks = calls_in_hand(sentral.pk, now=now, most=MOST_TALKS)
    is_all = len(talks) < MOST_TALKS
    return {
        "waiting": waiting,
        "waiting_alarms": waiting_alarms,
        "line": sorted(
            [*waiting, *waiting_alarms],
            key=lambda one: (_is_held(one), -one.priority, one.since),
        ),
        "ownerless": ownerless_contacts(sentral.pk, now=now),
        "in_hand": talks,
        "in_hand_count": len(talks) if is_all else count_in_hand(sentral.pk),
    }


def callbacks(sentral: Sentral, *, now: datetime) -> dict[str, Any]:
    """Those to ring back, the most overdue first, and the first that one can ring."""
    found = open_callbacks(sentral.pk, now=now, most=MOST_CALLBACKS)
    is_all = len(found) < MOST_CALLBACKS
    free = (
        item.id
        for item in found
        if item.number and item.holder_id is None and not _is_held(item)
    )
    return {
        "callbacks": found,
        "callback_count": len(found) if is_all else count_open(sentral.pk),
        "next_callback": next(free, None),
    }


def _is_held(one: Any) -> bool:
    held = getattr(one, "held", None)  # a safety alarm has none
    return held is not None and not held.is_gone


def alarms(sentral: Sentral, *, now: datetime) -> dict[str, Any]:
    """Hand-overs to 113 and safety alarms that nobody has taken in time, conflicts, and
    those who are out alone and gave no sign of life."""
    return {
        "conflicts": conflicts.standing(sentral),
        "lone": lone.standing(sentral),
        "alarms": amk.unacknowledged(sentral, now=now),
        "unanswered": safety.unanswered(sentral, now=now),
        "helping": help_overview.live(sentral, now=now),
    }


def today(sentral: Sentral, *, now: datetime) -> dict[str, Any]:
    """The answer time of today, as it stands."""
    return {"today": answer_time.today(sentral.pk, now=now)}


def numbers_now(sentral: Sentral, *, now: datetime) -> dict[str, Any]:
    """Today as it stands: contacts, advice, hastegrad and answer time."""
    day = timezone.localdate(now)
    tally = numbers.whole(sentral, numbers.Period(day, day + timedelta(days=1)))
    live = {
        "contacts": tally.contacts,
        "share_advice": tally.share_advice,
        "levels": [
            {"code": code, "share": tally.share_of(code), "count": getattr(tally, code)}
            for code in numbers.PHONE
        ],
    }
    return {"live": live} | today(sentral, now=now) | alarms(sentral, now=now)


def desk_parts(sentral: Sentral, *, now: datetime) -> dict[str, Any]:
    """Every part of the desk, for the first drawing of the page."""
    return (
        queue(sentral, now=now)
        | callbacks(sentral, now=now)
        | alarms(sentral, now=now)
        | today(sentral, now=now)
    )
