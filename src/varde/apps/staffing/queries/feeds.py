"""What a calendar at a secret address holds: duties and nødnett, never about a patient.

A duty that passes from one to another stays in the calendar of the one who had it, as
cancelled. No telephone number is in a calendar: it may lie on other people's servers.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings as django_settings
from django.db.models import Q
from django.utils import timezone

from varde.apps.records.models import (
    CalendarFeed,
    Duty,
    NodnettChange,
    NodnettDay,
    Rota,
    RotaChange,
    RotaDuty,
    User,
)
from varde.apps.records.scope import scope_of
from varde.apps.sentral.messages import POST
from varde.apps.staffing import access
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.messages import on_duty as words
from varde.apps.staffing.queries import nodnett
from varde.apps.staffing.queries.rota.lists import of_rota
from varde.apps.staffing.rota_access import workplace_of_row
from varde.apps.staffing.services.feeds import hashed
from varde.engines.calendar_feed import Entry, written


BEHIND, AHEAD = timedelta(days=60), timedelta(days=400)
REFRESH = timedelta(hours=1)
DOMAIN = "varde"
LONGEST_TOKEN = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedShown:
    """An address that one has, or could make. `id` is None where there is none."""

    id: int | None
    key: str  # "" for one's own duties
    title: str
    made_at: datetime | None
    last_fetched_at: datetime | None


def feeds_of(user: User, workplaces: Iterable[Workplace]) -> list[FeedShown]:
    """The calendars that one may have, those of other places that are open last."""
    rows = {
        (row.kind, row.station_id, row.sentral_id): row
        for row in CalendarFeed.objects.filter(owner=user, ended_at=None)
    }
    wanted = [
        ("", str(words.FEED_OWN), (CalendarFeed.Kind.OWN.value, None, None)),
        *(
            (
                place.key,
                str(words.FEED_PLACE).format(place=place.name),
                (CalendarFeed.Kind.PLACE.value, place.station_id, place.sentral_id),
            )
            for place in workplaces
        ),
    ]
    found = []
    for key, title, which in wanted:
        row = rows.get(which)
        found.append(
            FeedShown(
                id=row.pk if row else None,
                key=key,
                title=title,
                made_at=row.made_at if row else None,
                last_fetched_at=row.last_fetched_at if row else None,
            )
        )
    return found


def feed_at(token: str, *, now: datetime) -> CalendarFeed | None:
    """The open calendar at an address; None where there is none, or its owner has left."""
    if not 0 < len(token) <= LONGEST_TOKEN:
        return None
    row = (
        CalendarFeed.objects.select_related("owner", "station", "sentral")
        .filter(token_hash=hashed(token), ended_at=None, owner__is_active=True)
        .first()
    )
    if row is None:
        return None
    scope = scope_of(row.owner, on=timezone.localdate(now))
    if row.kind == CalendarFeed.Kind.OWN:
        return row if scope.has(*access.EVERYBODY) else None
    held = access.roles_at(scope, workplace_of_row(row, on=timezone.localdate(now)))
    return None if held.isdisjoint(access.EVERYBODY) else row


def content_of(feed: CalendarFeed, *, now: datetime) -> bytes:
    """The calendar file. The same as long as nothing in it changes."""
    if feed.kind == CalendarFeed.Kind.OWN:
        entries = [*_own_duties(feed, now=now), *_own_nodnett(feed.owner, now=now)]
        name = str(words.FEED_OWN)
    else:
        place = workplace_of_row(feed, on=timezone.localdate(now))
        entries = [*_rota_of(place, feed, now=now), *_nodnett_of(place, now=now)]
        name = str(words.FEED_PLACE).format(place=place.name)
    return written(entries, name=name, zone=django_settings.TIME_ZONE, refresh=REFRESH)


def _window(now: datetime) -> dict[str, datetime]:
    return {"ends_at__gt": now - BEHIND, "starts_at__lt": now + AHEAD}


def _published(now: datetime) -> Any:
    return (
        RotaDuty.objects.filter(rota__state=Rota.State.PUBLISHED, **_window(now))
        .select_related("rota__station", "rota__sentral", "person", "duty")
        .order_by("starts_at", "pk")
    )


def _own_duties(feed: CalendarFeed, *, now: datetime) -> list[Entry]:
    user = feed.owner
    held = list(_published(now).filter(person=user))
    lost = {
        change.place_id: change
        for change in RotaChange.objects.filter(
            place__rota__state=Rota.State.PUBLISHED,
            place__in=_published(now).exclude(person=user),
            before=user,
            version__gt=1,
        ).order_by("at", "pk")
    }
    gone = _published(now).filter(pk__in=lost)
    loose = (
        Duty.objects.filter(person=user, rota_duty=None, **_window(now))
        .select_related("station", "sentral")
        .order_by("starts_at", "pk")
    )
    changed = _changed_at([*held, *gone])
    return [
        *(_place_entry(row, changed, of=user) for row in held),
        *(_place_entry(row, changed, of=user, is_cancelled=True) for row in gone),
        *(_duty_entry(row, known_at=feed.made_at) for row in loose),
    ]


def _rota_of(place: Workplace, feed: CalendarFeed, *, now: datetime) -> list[Entry]:
    rows = list(_published(now).filter(**of_rota(place)))
    loose = (
        Duty.objects.filter(rota_duty=None, **place.where, **_window(now))
        .select_related("station", "sentral", "person")
        .order_by("starts_at", "pk")
    )
    changed = _changed_at(rows)
    return [
        *(_place_entry(row, changed) for row in rows),
        *(_duty_entry(row, known_at=feed.made_at, with_name=True) for row in loose),
    ]


def _changed_at(rows: Iterable[RotaDuty]) -> dict[int, datetime]:
    """When each place last changed hands."""
    changes = RotaChange.objects.filter(place__in=[row.pk for row in rows])
    return dict(changes.order_by("at", "pk").values_list("place", "at"))


def _place_entry(
    row: RotaDuty,
    changed: dict[int, datetime],
    *,
    of: User | None = None,
    is_cancelled: bool = False,
) -> Entry:
    """A place of a rota: in one's own calendar by place and person, else by place."""
    held = row.duty if row.duty is not None and not is_cancelled else row
    post = str(POST[Duty.Post(row.post)]).capitalize()
    published = row.rota.published_at or row.rota.made_at
    if of is not None:
        summary = str(words.CANCELLED).format(what=post) if is_cancelled else post
    else:
        summary = f"{post}: {row.person.name if row.person else words.VACANT}"
    return Entry(
        uid=f"plass-{row.pk}{f'-{of.pk}' if of else ''}@{DOMAIN}",
        sequence=row.row_version,
        changed_at=max(changed.get(row.pk, published), published),
        starts_at=held.starts_at,
        ends_at=held.ends_at,
        summary=summary,
        location=(row.rota.station or row.rota.sentral).name,
        is_cancelled=is_cancelled,
    )


def _duty_entry(row: Duty, *, known_at: datetime, with_name: bool = False) -> Entry:
    """A duty that no rota has made: nobody has written when it was."""
    post = str(POST[Duty.Post(row.post)]).capitalize()
    return Entry(
        uid=f"vakt-{row.pk}-{row.person_id}@{DOMAIN}",
        sequence=0,
        changed_at=known_at,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        summary=f"{post}: {row.person.name}" if with_name else post,
        location=(row.station or row.sentral).name,
    )


def _days(now: datetime) -> Any:
    return (
        NodnettDay.objects.filter(**_window(now))
        .select_related("station", "member__person", "member__office")
        .order_by("on", "pk")
    )


def _own_nodnett(user: User, *, now: datetime) -> list[Entry]:
    held = _days(now).filter(member__person=user)
    lost = NodnettChange.objects.filter(before__person=user, day__in=_days(now))
    gone = (
        _days(now)
        .filter(pk__in=lost.values("day"))
        .filter(Q(member=None) | ~Q(member__person=user))
    )
    return [
        *(_day_entry(row, of=user) for row in held),
        *(_day_entry(row, of=user, is_cancelled=True) for row in gone),
    ]


def _nodnett_of(place: Workplace, *, now: datetime) -> list[Entry]:
    if place.station_id is None:
        return []
    return [_day_entry(row) for row in _days(now).filter(station=place.station_id)]


def _day_entry(
    row: NodnettDay, *, of: User | None = None, is_cancelled: bool = False
) -> Entry:
    what = str(words.NODNETT)
    if of is not None:
        summary = str(words.CANCELLED).format(what=what) if is_cancelled else what
    else:
        who = nodnett.name_of(row.member) if row.member else words.VACANT
        summary = f"{what}: {who}"
    return Entry(
        uid=f"nodnett-{row.pk}{f'-{of.pk}' if of else ''}@{DOMAIN}",
        sequence=row.row_version,
        changed_at=row.changed_at,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        summary=summary,
        location=row.station.name,
        is_cancelled=is_cancelled,
    )
