"""A contact while it is drawn: what several sections show is read once."""

from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.utils import timezone

from varde.apps.records.models import Contact, User
from varde.apps.sentral.queries import (
    codes,
    nursing_homes,
    reference,
    triage_index,
)
from varde.apps.sentral.queries import contact as contact_queries
from varde.apps.sentral.queries.contact import Attached, EventView, OpenItemView
from varde.apps.sentral.queries.pane import shown
from varde.apps.sentral.queries.pane.complaint import complaint_context


CODES_SUGGESTED = 4
EVENTS_SHOWN = 30


class InHand:
    """One contact for one drawing. Each thing is read when a section first asks for it."""

    def __init__(self, contact: Contact, *, now: datetime) -> None:
        self.contact = contact
        self.now = now
        self.hangs = Attached(contact)

    @property
    def today(self) -> date:
        """The day in Norway."""
        return timezone.localdate(self.now)

    @property
    def is_open(self) -> bool:
        """Whether the contact is not closed."""
        return self.contact.state == Contact.State.OPEN

    @cached_property
    def patient(self) -> shown.PatientShown | None:
        """The patient, if one is chosen."""
        return shown.patient_shown(self.contact.patient, on=self.today)

    @cached_property
    def fastlege(self) -> reference.FastlegeChoice | None:
        """The contact's fastlege, else the patient's."""
        patient = self.contact.patient
        own = self.contact.fastlege_id or (patient.fastlege_id if patient else None)
        return reference.fastlege(own) if own else None

    @cached_property
    def home(self) -> nursing_homes.HomeInHand | None:
        """The nursing home that it is from; None when it is from elsewhere."""
        return nursing_homes.home_in_hand(self.hangs, now=self.now)

    @cached_property
    def index(self) -> triage_index.IndexInHand | None:
        """The decision support of the contact."""
        return triage_index.index_for(self.contact)

    @cached_property
    def complaint(self) -> dict[str, Any]:
        """The complaint chosen; {} while none is."""
        return complaint_context(self.hangs, self.contact.complaint) or {}

    @cached_property
    def advice(self) -> Any:
        """The advice of the complaint at the hastegrad set."""
        return shown.advice_for(
            self.complaint.get("complaint_index"), self.contact.hastegrad_phone
        )

    @cached_property
    def open_items(self) -> tuple[OpenItemView, ...]:
        """What stands in the way of closing; () for a closed contact."""
        return contact_queries.open_items_of(self.hangs) if self.is_open else ()

    @property
    def suggested_codes(self) -> list[codes.Code]:
        """Reason codes of the complaint, while none is set."""
        if self.contact.reason_code or not self.contact.hastegrad_phone:
            return []
        complaint = self.complaint.get("complaint_index")
        if complaint is None:
            return []
        found = (codes.find(code) for code in complaint.icpc2)
        return [code for code in found if code is not None][:CODES_SUGGESTED]

    @cached_property
    def events(self) -> tuple[EventView, ...]:
        """The last things that happened, the newest first."""
        return contact_queries.events_of(self.contact, limit=EVENTS_SHOWN)

    @property
    def seen(self) -> int:
        """The last event that a screen drawn now has seen; 0 before any."""
        return max((event.id for event in self.events), default=0)

    def has_news_for(self, user: User, *, seen: int) -> bool:
        """Whether anybody but this person did something after the event last seen.

        The clock and the exchange count as somebody else.
        """
        later = [event for event in self.events if event.id > seen]
        is_cut_off = len(later) == EVENTS_SHOWN
        return is_cut_off or any(event.by_id != user.pk for event in later)
