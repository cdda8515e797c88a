"""Incidents at work: the alarms that stand, one incident, and the history."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from varde.apps.records.models import (
    SafetyAccount,
    SafetyCall,
    SafetyIncident,
    SafetySeen,
    User,
)
from varde.apps.sentral.queries import reference
from varde.apps.station.access import StationPlace, all_stations
from varde.apps.station.messages import safety as words


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Who has seen an alarm, and when."""

    id: int
    name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An alarm that nobody has ended: what, where, who told, who has seen it."""

    id: int
    kind: str
    where: str
    station: str
    raised_by_id: int
    raised_by: str
    at: datetime
    seen: tuple[Seen, ...]
    called: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A line of the history. `seen` is how many colleagues saw the alarm."""

    id: int
    at: datetime
    kind: str
    where: str
    raised_by: str
    is_alarm: bool
    is_standing: bool
    is_mistake: bool
    seen: int
    called: str
    has_account: bool
    is_injury: bool


def standing(places: Iterable[StationPlace]) -> tuple[Standing, ...]:
    """The alarms that stand at these stations, the newest first. Three queries at most."""
    rows = (
        standing_rows(places)
        .prefetch_related("seen", "calls")
        .order_by("-occurred_at", "-pk")
    )
    return tuple(
        Standing(
            id=row.pk,
            kind=str(words.KIND[row.kind]),
            where=str(words.WHERE[row.where]),
            station=reference.station_name(row.station_id),
            raised_by_id=row.raised_by_id,
            raised_by=reference.person_name(row.raised_by_id),
            at=row.occurred_at,
            seen=_seen(row.seen.all()),
            called=_called(row.calls.all()),
        )
        for row in rows
    )


def standing_rows(places: Iterable[StationPlace]) -> QuerySet[SafetyIncident]:
    """The rows of the alarms that stand at these stations."""
    return SafetyIncident.objects.filter(
        station__in=[place.id for place in places], ended_at=None
    )


def standing_for(*, sentral_id: int, station_id: int | None) -> tuple[Standing, ...]:
    """The alarms for a screen: of its station, or of every station that a sentral has."""
    return standing(
        place
        for place in all_stations()
        if sentral_id in place.sentraler and station_id in (None, place.id)
    )


def incidents(
    place: StationPlace, *, only_of: User | None, first: int, most: int
) -> list[Listed]:
    """The history of a station, the newest first; of one person's own where given."""
    rows = _of(place, only_of=only_of).annotate(
        seen_count=Count("seen", distinct=True),
        account_count=Count("accounts", distinct=True),
        injury_count=Count(
            "accounts",
            filter=Q(accounts__injured=SafetyAccount.Injured.SOMEBODY),
            distinct=True,
        ),
    )
    page = rows.prefetch_related("calls").order_by("-occurred_at", "-pk")
    return [
        Listed(
            id=row.pk,
            at=row.occurred_at,
            kind=str(words.KIND[row.kind]),
            where=str(words.WHERE[row.where]),
            raised_by=reference.person_name(row.raised_by_id),
            is_alarm=row.is_alarm,
            is_standing=row.ended_at is None,
            is_mistake=row.end == SafetyIncident.End.MISTAKE,
            seen=row.seen_count,
            called=", ".join(_called(row.calls.all())),
            has_account=row.account_count > 0,
            is_injury=row.injury_count > 0,
        )
        for row in page[first : first + most]
    ]


def incident(row: SafetyIncident) -> dict[str, Any]:
    """One incident as its page shows it."""
    return {
        "incident": row,
        "kind": words.KIND[row.kind],
        "where": words.WHERE[row.where],
        "end": words.END.get(row.end, ""),
        "seen": _seen(row.seen.all()),
        "calls": [
            {
                "who": words.CALLED[call.called],
                "at": call.occurred_at,
                "by": reference.person_name(call.by_id),
            }
            for call in row.calls.order_by("occurred_at", "pk")
        ],
        "accounts": [
            {
                "text": one.text,
                "injured": words.INJURED[one.injured],
                "by": reference.person_name(one.by_id),
                "at": one.at,
            }
            for one in row.accounts.order_by("at", "pk")
        ],
    }


def _of(place: StationPlace, *, only_of: User | None) -> QuerySet[SafetyIncident]:
    rows = SafetyIncident.objects.filter(station=place.id)
    if only_of is None:
        return rows
    # A subquery, so that the counts of the same tables stay whole.
    saw = SafetySeen.objects.filter(by=only_of).values("incident")
    return rows.filter(Q(raised_by=only_of) | Q(pk__in=saw) | Q(ended_at=None))


def _seen(rows: Iterable[SafetySeen]) -> tuple[Seen, ...]:
    ordered = sorted(rows, key=lambda row: (row.at, row.pk))
    return tuple(
        Seen(id=row.by_id, name=reference.person_name(row.by_id), at=row.at)
        for row in ordered
    )


def _called(rows: Iterable[SafetyCall]) -> tuple[str, ...]:
    ordered = sorted(rows, key=lambda row: (row.occurred_at, row.pk))
    return tuple(dict.fromkeys(str(words.CALLED[row.called]) for row in ordered))
