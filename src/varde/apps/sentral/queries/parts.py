"""What the pushed parts of the sentral's screens show."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, QuerySet
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


def alarms(
    sentral: Sentral, *, now: datetime, there: Collection[str] | None = None
) -> dict[str, Any]:
    """Hand-overs to 113 and safety alarms that nobody has taken in time, conflicts, those
    who are out alone and gave no sign of life, and the help between sentraler that is on.

    One query where there is none, as nearly always. `there`: those of `alarm_rows` that
    have a row, where it is known already.
    """
    if there is None:
        there = which_have_rows(sentral, alarm_rows(sentral, now=now))
    return {
        "conflicts": conflicts.standing(sentral) if "conflicts" in there else (),
        "lone": lone.standing(sentral) if "lone" in there else (),
        "alarms": amk.unacknowledged(sentral, now=now) if "alarms" in there else (),
        "unanswered": safety.unanswered(sentral, now=now)
        if "unanswered" in there
        else (),
        "helping": help_overview.live(sentral, now=now) if "helping" in there else (),
    }


def alarm_rows(sentral: Sentral, *, now: datetime) -> dict[str, QuerySet[Any]]:
    """The rows without which there is no alarm of a kind, by its name in `alarms`."""
    return {
        "conflicts": conflicts.standing_rows(sentral),
        "lone": lone.standing_rows(sentral),
        "alarms": amk.unacknowledged_rows(sentral, now=now),
        "unanswered": safety.nobodys(sentral),
        "helping": help_overview.live_rows(sentral),
    }


def which_have_rows(
    sentral: Sentral, named: Mapping[str, QuerySet[Any]]
) -> frozenset[str]:
    """The names of those that have a row. One query for them all."""
    asked = [Exists(rows) for rows in named.values()]
    # The sentral's own row is there to hang the questions on.
    found = Sentral.objects.filter(pk=sentral.pk).values_list(*asked).get()
    return frozenset(
        name for name, is_there in zip(named, found, strict=True) if is_there
    )


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
