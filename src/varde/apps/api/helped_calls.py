"""Calls that are meant for a sentral that we help: the exchange sends them here."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from varde.apps.api.telephony_schema import EventIn
from varde.apps.records.models import HelpTakeover, Sentral
from varde.apps.sentral.services.calls import Ingested, TelephonyMessage
from varde.apps.sentral.services.help import foreign


@dataclass(slots=True, kw_only=True)
class Foreign:
    """The events of one sentral that we help."""

    takeover: HelpTakeover
    events: list[EventIn] = field(default_factory=list)

    @property
    def sentral(self) -> Sentral:
        """Our own sentral, which takes the calls."""
        return self.takeover.partner.sentral

    def take_in(self, told: list[TelephonyMessage], *, at: datetime) -> Ingested:
        """As our own calls, with the origin on them."""
        return foreign.ingest(takeover=self.takeover, events=told, at=at)


def helped_events(told: list[EventIn]) -> tuple[list[EventIn], list[Foreign]]:
    """The events of our own sentraler (and of nobody's), and those of whom we help now."""
    codes = {event.sentral for event in told}
    own = set(Sentral.objects.filter(code__in=codes).values_list("code", flat=True))
    if own == codes:
        return told, []
    helped = foreign.takeovers_for(codes - own)
    found = {code: Foreign(takeover=takeover) for code, takeover in helped.items()}
    rest: dict[bool, list[EventIn]] = defaultdict(list)
    for event in told:
        if event.sentral in found:
            found[event.sentral].events.append(event)
        else:
            rest[True].append(event)
    return rest[True], list(found.values())
