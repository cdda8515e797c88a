"""The telephone lines of a sentral: which go first, and what kind of contact they bring."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from varde.apps.records import settings
from varde.apps.records.models import Contact, Sentral


@dataclass(frozen=True, slots=True, kw_only=True)
class TelephoneLine:
    """One line. A higher priority goes first; 0 is the public's."""

    name: str
    priority: int
    channel: str


def line_named(code: str, *, sentral: Sentral, at: datetime) -> TelephoneLine:
    """What the dated setting says of a line; an unlisted one is an ordinary line.

    Upper and lower case count as the same.
    """
    lines = settings.value(
        "telephony.lines",
        on=timezone.localdate(at),
        district_id=sentral.host_district_id,
    )
    known = lines.get(code.casefold(), {})
    return TelephoneLine(
        name=known.get("name", code),
        priority=known.get("priority", 0),
        channel=known.get("channel", Contact.Channel.PHONE),
    )
