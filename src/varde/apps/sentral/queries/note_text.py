"""What a note to the fastlege says."""

from datetime import datetime
from typing import Any

from varde.apps.records.models import Contact, FastlegeSlot
from varde.apps.sentral import messages
from varde.apps.sentral.queries import codes, contact, triage_index


def note_context(of: Contact, *, version: int, now: datetime) -> dict[str, Any]:
    """The values of the template: reason, hastegrad, advice, outcome, and whose it is."""
    outcomes = contact.outcomes_of(of, now=now)
    return {
        "version": version,
        "contact": of,
        "patient": of.patient,
        "fastlege": of.fastlege,
        "sentral": of.sentral,
        "complaint": triage_index.titles(of).get(of.complaint, ""),
        "reason": codes.text_of(of.reason_code) if of.reason_code else "",
        "hastegrad_phone": _level(of.hastegrad_phone),
        "hastegrad_arrival": _level(of.hastegrad_arrival),
        "outcomes": [row for row in outcomes if row.state != "cancelled"],
        "slot": FastlegeSlot.objects.filter(contact=of).first(),
        "written_at": now,
    }


def _level(code: str) -> str:
    return str(messages.HASTEGRAD[code]) if code else ""
