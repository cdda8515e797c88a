"""Addresses of calendars: made, renewed, closed. The address is told once and not kept."""

import secrets
from datetime import datetime
from hashlib import sha256

from django.db import IntegrityError, transaction

from varde.apps.records.models import CalendarFeed, User
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.services.acting import log
from varde.domain.errors import Rule, RuleBroken


TOKEN_BYTES = 32  # 256 bits: nobody guesses one


def hashed(token: str) -> str:
    """What is kept of an address."""
    return sha256(token.encode()).hexdigest()


@transaction.atomic
def make_feed(*, place: Workplace | None, by: User, at: datetime) -> str:
    """Make an address for one's own duties, or for the rota of a workplace.

    Returns the secret part, which is never to be had again. Raises `RuleBroken`:
    FEED_IS_THERE.
    """
    return _make(_kind(place), by=by, at=at, what="feed_made")


@transaction.atomic
def renew_feed(*, feed_id: int, by: User, at: datetime) -> str:
    """Close the old address and make a new one. Raises `RuleBroken`: FEED_IS_ENDED."""
    old = _close(feed_id, by=by, at=at, what="feed_closed")
    same = {
        "kind": old.kind,
        "station_id": old.station_id,
        "sentral_id": old.sentral_id,
    }
    return _make(same, by=by, at=at, what="feed_renewed")


@transaction.atomic
def close_feed(*, feed_id: int, by: User, at: datetime) -> CalendarFeed:
    """Close an address: from now on nothing is there. Raises `RuleBroken`: FEED_IS_ENDED."""
    return _close(feed_id, by=by, at=at, what="feed_closed")


def fetched(*, feed: CalendarFeed, at: datetime) -> None:
    """A program has fetched the calendar. No line in the log: it comes every quarter."""
    CalendarFeed.objects.filter(pk=feed.pk).update(last_fetched_at=at)


def _kind(place: Workplace | None) -> dict[str, object]:
    if place is None:
        return {"kind": CalendarFeed.Kind.OWN}
    return {"kind": CalendarFeed.Kind.PLACE, **place.where}


def _make(kind: dict[str, object], *, by: User, at: datetime, what: str) -> str:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    try:
        with transaction.atomic():
            row = CalendarFeed.objects.create(
                owner=by, token_hash=hashed(token), made_at=at, **kind
            )
    except IntegrityError:
        raise RuleBroken(Rule.FEED_IS_THERE) from None
    log(what, row, by=by, at=at, kind=row.kind)
    return token


def _close(feed_id: int, *, by: User, at: datetime, what: str) -> CalendarFeed:
    row = CalendarFeed.objects.select_for_update().get(pk=feed_id, owner=by)
    if row.ended_at is not None:
        raise RuleBroken(Rule.FEED_IS_ENDED)
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    log(what, row, by=by, at=at, kind=row.kind)
    return row
