"""Hand-overs to 113 that wait for an acknowledgement."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from varde.apps.records import settings as dated
from varde.apps.records.models import AmkHandover, Sentral
from varde.apps.sentral.queries import reference


@dataclass(frozen=True, slots=True)
class AmkAlarm:
    """One hand-over whose clock has run out."""

    contact_id: int
    started_at: datetime
    owner_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenHandover:
    """A hand-over that AMK has not acknowledged. `called_at` is None until 113 was rung."""

    contact_id: int
    started_at: datetime
    called_at: datetime | None
    mission_number: str


def open_handovers(sentral: Sentral) -> tuple[OpenHandover, ...]:
    """Every hand-over without an acknowledgement, also before its time is out. The oldest
    first."""
    rows = AmkHandover.objects.filter(
        sentral=sentral, acknowledged_at=None, not_needed_at=None
    ).order_by("started_at", "pk")
    return tuple(
        OpenHandover(
            contact_id=row.contact_id,
            started_at=row.started_at,
            called_at=row.called_at,
            mission_number=row.mission_number,
        )
        for row in rows
    )


def unacknowledged(sentral: Sentral, *, now: datetime) -> tuple[AmkAlarm, ...]:
    """Those past the set time without an acknowledgement, the oldest first."""
    rows = (
        unacknowledged_rows(sentral, now=now)
        .order_by("started_at")
        .values_list("contact_id", "started_at", "contact__owner_id")
    )
    return tuple(
        AmkAlarm(
            contact_id=contact_id,
            started_at=started_at,
            owner_name=reference.person_name(owner_id) if owner_id else "",
        )
        for contact_id, started_at, owner_id in rows
    )


def unacknowledged_rows(sentral: Sentral, *, now: datetime) -> QuerySet[AmkHandover]:
    """Their rows."""
    seconds = dated.value(
        "amk.alarm_s",
        on=timezone.localdate(now),
        district_id=sentral.host_district_id,
    )
    return AmkHandover.objects.filter(
        sentral=sentral,
        acknowledged_at=None,
        not_needed_at=None,
        started_at__lte=now - timedelta(seconds=seconds),
    )
