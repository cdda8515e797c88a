"""What happened with a contact, and with the patient before it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from varde.apps.records import settings
from varde.apps.records.models import (
    Contact,
    Outcome,
)
from varde.apps.sentral import messages
from varde.apps.sentral.queries import earlier, triage_index
from varde.apps.sentral.queries.contact.attached import person


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """Another contact of the same patient."""

    id: int
    opened_at: datetime
    is_open: bool
    owner_name: str
    station: str
    complaint: str
    complaint_title: str
    hastegrad: str
    reason_code: str
    outcomes: tuple[str, ...]
    outcomes_text: str
    is_within_window: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EventView:
    """One thing that happened, in words."""

    id: int
    kind: str
    words: str
    by_id: int | None  # None: the clock or the exchange
    by: str
    occurred_at: datetime
    recorded_at: datetime
    was_written_later: bool
    fields: tuple[str, ...]


WRITTEN_LATER = timedelta(minutes=1)  # ours: a slower save than this is back-entry


def earlier_contacts(contact: Contact, *, now: datetime) -> tuple[Earlier, ...]:
    """The same patient's other contacts, newest first; () for a patient not known.

    Also those in the sentral's other districts (the same national number). The number of
    queries does not grow with the number of contacts.
    """
    hours = settings.value(
        "repeat.window_h",
        on=timezone.localdate(now),
        district_id=contact.district_id,
    )
    opens_at = contact.opened_at - timedelta(hours=hours)
    rows = earlier.earlier_contacts(contact.patient, except_id=contact.pk)
    if not rows:
        return ()
    titles = triage_index.titles(contact)
    return tuple(
        Earlier(
            id=row.id,
            opened_at=row.opened_at,
            is_open=row.is_open,
            owner_name=row.owner,
            station=row.station,
            complaint=row.complaint,
            complaint_title=titles.get(row.complaint, row.complaint),
            hastegrad=row.hastegrad,
            reason_code=row.reason_code,
            outcomes=row.outcomes,
            outcomes_text=", ".join(
                str(messages.OUTCOME[Outcome.Kind(kind)]) for kind in row.outcomes
            ),
            is_within_window=opens_at <= row.opened_at <= contact.opened_at,
        )
        for row in rows
    )


def events_of(contact: Contact, *, limit: int = 30) -> tuple[EventView, ...]:
    """The last things that happened with the contact, the newest first."""
    rows = (
        contact.events.select_related("by")
        .only("kind", "data", "occurred_at", "recorded_at", *person("by"))
        .order_by("-occurred_at", "-pk")[:limit]
    )
    return tuple(
        EventView(
            id=row.pk,
            kind=row.kind,
            words=messages.event_words(row.kind, row.data),
            by_id=row.by_id,
            by=row.by.name if row.by else "",
            occurred_at=row.occurred_at,
            recorded_at=row.recorded_at,
            was_written_later=row.recorded_at - row.occurred_at > WRITTEN_LATER,
            fields=tuple(row.data.get("fields", ())),
        )
        for row in rows
    )
