"""Those who were promised a time at the station and have not come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from varde.apps.records.models import Outcome
from varde.apps.sentral.queries.age import age_text
from varde.apps.station.access import StationPlace
from varde.apps.station.queries.what_for import titles_at, what_for


MOST = 60  # those expected first


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """One who is on the way. `is_late`: the promised time is past."""

    outcome_id: int
    contact_id: int
    name: str
    age: str
    what_for: str
    hastegrad: str  # on the telephone
    promised_at: datetime | None
    is_late: bool


def expected(place: StationPlace, *, now: datetime) -> list[Expected]:
    """Everybody who was promised a time here and has not come, by the time.

    One without a time stands last.
    """
    rows = (
        Outcome.objects.filter(
            station=place.id,
            kind=Outcome.Kind.ATTENDANCE,
            state=Outcome.State.OPEN,
        )
        .select_related("contact__patient")
        .order_by("promised_at", "pk")[:MOST]
    )
    on, titles = timezone.localdate(now), titles_at(place)
    return [_shown(row, titles, on=on, now=now) for row in rows]


def _shown(
    row: Outcome, titles: Mapping[str, str], *, on: date, now: datetime
) -> Expected:
    contact = row.contact
    patient = contact.patient
    return Expected(
        outcome_id=row.pk,
        contact_id=contact.pk,
        name=patient.name if patient is not None else "",
        age=age_text(patient.birth_date, patient.estimated_age, on=on)
        if patient is not None
        else "",
        what_for=what_for(contact, titles),
        hastegrad=contact.hastegrad_phone,
        promised_at=row.promised_at,
        is_late=row.promised_at is not None and row.promised_at < now,
    )
