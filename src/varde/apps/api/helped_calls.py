"""Calls that are meant for a sentral that we help: the exchange sends them here."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from varde.apps.api.telephony_schema import EventIn, message_from
from varde.apps.records.models import Partner, Sentral
from varde.apps.sentral.services.calls import Ingested
from varde.apps.sentral.services.help import foreign


@dataclass(slots=True, kw_only=True)
class Foreign:
    """The events of one sentral that we help, or have agreed to help."""

    partner: Partner
    events: list[EventIn] = field(default_factory=list)

    @property
    def sentral(self) -> Sentral:
        """Our own sentral, which takes the calls."""
        return self.partner.sentral

    def take_in(self, *, at: datetime) -> Ingested:
        """As our own calls, with the origin on them."""
        told = [message_from(event) for event in self.events]
        return foreign.ingest(partner=self.partner, events=told, at=at)


def helped_events(
    told: list[EventIn], *, now: datetime
) -> tuple[list[EventIn], list[Foreign]]:
    """The events of our own sentraler (and of nobody's), and those of whom we help now."""
    codes = {event.sentral for event in told}
    own = set(Sentral.objects.filter(code__in=codes).values_list("code", flat=True))
    if own == codes:
        return told, []
    helped = foreign.partners_for(codes - own, at=now)
    found = {code: Foreign(partner=partner) for code, partner in helped.items()}
    rest: dict[bool, list[EventIn]] = defaultdict(list)
    for event in told:
        if event.sentral in found:
            found[event.sentral].events.append(event)
        else:
            rest[True].append(event)
    return rest[True], list(found.values())
