"""Hand-overs to 113 that wait for an acknowledgement."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from varde.apps.records import settings as dated
from varde.apps.records.models import AmkHandover, Sentral


@dataclass(frozen=True, slots=True)
class AmkAlarm:
    """One hand-over whose clock has run out."""

    contact_id: int
    started_at: datetime
    owner_name: str


def unacknowledged(sentral: Sentral, *, now: datetime) -> tuple[AmkAlarm, ...]:
    """Those past the set time without an acknowledgement, the oldest first."""
    seconds = dated.value(
        "amk.alarm_s",
        on=timezone.localdate(now),
        district_id=sentral.host_district_id,
    )
    rows = (
        AmkHandover.objects.filter(
            sentral=sentral,
            acknowledged_at=None,
            not_needed_at=None,
            started_at__lte=now - timedelta(seconds=seconds),
        )
        .select_related("contact__owner")
        .order_by("started_at")
    )
    return tuple(
        AmkAlarm(
            contact_id=row.contact_id,
            started_at=row.started_at,
            owner_name=row.contact.owner.name if row.contact.owner else "",
        )
        for row in rows
    )
