"""The samtidighetskonflikter that stand at the sentral's stations."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from varde.apps.records.models import Conflict, Sentral
from varde.apps.sentral import messages
from varde.apps.sentral.queries import reference
from varde.domain.conflict import NeedKind


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingConflict:
    """A conflict that nobody has solved. It holds no patient's name."""

    contact_id: int
    need: str
    station: str
    found_at: datetime


def standing(sentral: Sentral) -> tuple[StandingConflict, ...]:
    """The conflicts that stand, the oldest first. One query."""
    return tuple(
        StandingConflict(
            contact_id=row.contact_id,
            need=str(messages.CONFLICT_NEED[NeedKind(row.need)]),
            station=reference.station_name(row.station_id),
            found_at=row.found_at,
        )
        for row in standing_rows(sentral).order_by("found_at", "pk")
    )


def standing_rows(sentral: Sentral) -> QuerySet[Conflict]:
    """Their rows."""
    return Conflict.objects.filter(sentral=sentral.pk, solved_at=None)
