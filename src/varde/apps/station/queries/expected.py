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
_COLUMNS = (
    "promised_at",
    *("contact__hastegrad_phone", "contact__complaint", "contact__narrative"),
    *("contact__patient__given_name", "contact__patient__family_name"),
    *("contact__patient__birth_date", "contact__patient__estimated_age"),
)


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


def expected(
    place: StationPlace, *, now: datetime, titles: Mapping[str, str] | None = None
) -> list[Expected]:
    """Everybody who was promised a time here and has not come, by the time.

    One without a time stands last. `titles` are those of the place, where read already.
    """
    rows = (
        Outcome.objects.filter(
            station=place.id,
            kind=Outcome.Kind.ATTENDANCE,
            state=Outcome.State.OPEN,
        )
        .select_related("contact__patient")
        .only(*_COLUMNS)
        .order_by("promised_at", "pk")[:MOST]
    )
    on = timezone.localdate(now)
    titles = titles_at(place) if titles is None else titles
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
