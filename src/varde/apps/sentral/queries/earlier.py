"""A patient's other contacts, also in the sentral's other districts."""

from dataclasses import dataclass
from datetime import datetime

from varde.apps.records.models import Contact, Outcome, Patient
from varde.apps.sentral.access import same_person


MOST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierContact:
    """One other contact of the same patient, with what is needed to know it again."""

    id: int
    opened_at: datetime
    closed_at: datetime | None
    is_open: bool
    district_id: int
    station: str
    complaint: str
    hastegrad: str  # of the phone axis
    hastegrad_arrival: str
    reason_code: str
    outcomes: tuple[str, ...]  # kinds, cancelled ones left out
    owner: str  # who has it in hand; "" when nobody


def earlier_contacts(
    patient: Patient | None, *, except_id: int | None = None
) -> tuple[EarlierContact, ...]:
    """The newest contacts of the same person, at most twenty, the newest first.

    The same person is the same record, one merged with it, or the same national number in
    another district of the scope. An unknown patient has none that can be known of. Two
    queries however many there are.
    """
    if patient is None:
        return ()
    rows = list(
        Contact.objects.filter(patient__in=same_person(patient))
        .exclude(pk=except_id)
        .select_related("station", "owner")
        .order_by("-opened_at")[:MOST]
    )
    kinds: dict[int, list[str]] = {}
    outcomes = Outcome.objects.filter(contact__in=rows).exclude(
        state=Outcome.State.CANCELLED
    )
    for contact_id, kind in outcomes.order_by("pk").values_list("contact_id", "kind"):
        kinds.setdefault(contact_id, []).append(kind)
    return tuple(_view(row, tuple(kinds.get(row.pk, ()))) for row in rows)


def moments_of_other_contacts(patient: Patient, *, contact_id: int) -> list[datetime]:
    """When the person's other contacts began. Each counts once, closed or open."""
    return list(
        Contact.objects.filter(patient__in=same_person(patient))
        .exclude(pk=contact_id)
        .values_list("opened_at", flat=True)
    )


def _view(row: Contact, outcomes: tuple[str, ...]) -> EarlierContact:
    return EarlierContact(
        id=row.pk,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        is_open=row.state == Contact.State.OPEN,
        district_id=row.district_id,
        station=row.station.name if row.station else "",
        complaint=row.complaint,
        hastegrad=row.hastegrad_phone,
        hastegrad_arrival=row.hastegrad_arrival,
        reason_code=row.reason_code,
        outcomes=outcomes,
        owner=row.owner.name if row.owner else "",
    )
