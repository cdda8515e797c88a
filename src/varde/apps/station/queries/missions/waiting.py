"""What the sentral decided and nobody has gone to yet."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

from varde.apps.records.models import Mission, Outcome
from varde.apps.sentral.access import scope_from
from varde.apps.sentral.queries.age import age_text
from varde.apps.station.access import Asker, StationPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A home visit or a call-out that waits for somebody to go."""

    outcome_id: int
    contact_id: int
    kind: str
    hastegrad: str
    name: str  # "" where nobody knows who it is
    age: str
    where: str
    complaint: str
    since: datetime
    due_at: datetime | None


def open_outcomes(place: StationPlace) -> QuerySet[Outcome]:
    """The open ones of the district that are not another station's, and not under way."""
    under_way = Mission.objects.filter(ended_at=None).values("outcome")
    mine = Q(station=place.id) | Q(station=None) & (
        Q(contact__station=place.id) | Q(contact__station=None)
    )
    return (
        Outcome.objects.filter(
            mine,
            kind__in=Mission.Kind.values,
            state=Outcome.State.OPEN,
            contact__district=place.district_id,
        )
        .exclude(pk__in=under_way)
        .select_related("contact__patient", "contact__place")
    )


def waiting(place: StationPlace, *, now: datetime) -> list[Waiting]:
    """Those that wait, what must be done first, first; without a due time last."""
    rows = open_outcomes(place).order_by("due_at", "created_at", "pk")
    found = [as_waiting(row, now=now) for row in rows]
    return sorted(found, key=lambda one: one.due_at is None)


def as_waiting(row: Outcome, *, now: datetime) -> Waiting:
    """One of them, as it is shown."""
    contact = row.contact
    patient = contact.patient
    born = patient.birth_date if patient is not None else None
    guess = patient.estimated_age if patient is not None else None
    return Waiting(
        outcome_id=row.pk,
        contact_id=contact.pk,
        kind=row.kind,
        hastegrad=contact.hastegrad_phone or contact.hastegrad_arrival,
        name=patient.name if patient is not None else "",
        age=age_text(born, guess, on=timezone.localdate(now)),
        where=where_to(contact),
        complaint=contact.complaint,
        since=row.created_at,
        due_at=row.due_at,
    )


def where_to(contact) -> str:
    """Where to go: what was said on the telephone, else the place and the address.

    A confidential address is not shown: the sentral says it to the crew.
    """
    parts = [contact.whereabouts]
    patient = contact.patient
    if not contact.whereabouts and patient is not None and patient.shows_address:
        parts.append(patient.address)
    if contact.place is not None:
        parts.append(contact.place.name)
    return ", ".join(part for part in parts if part)


def outcome_for(asker: Asker, outcome_id: int, *, place: StationPlace) -> Outcome:
    """One that waits at this station. Raises 404."""
    districts = scope_from(asker).districts
    row = open_outcomes(place).filter(pk=outcome_id, district__in=districts).first()
    if row is None:
        raise Http404
    return row
