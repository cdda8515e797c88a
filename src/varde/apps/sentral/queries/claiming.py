"""A claim as the domain sees it, and the sentral's numbers for claims."""

from datetime import datetime

from django.utils import timezone

from varde.apps.records import settings
from varde.apps.records.models import Contact, Sentral
from varde.domain.claim import Claim, ClaimRules


def claim_rules(sentral: Sentral, *, at: datetime) -> ClaimRules:
    """Grace, time between signs of life, and how many may be missed, on that day."""
    on, district = timezone.localdate(at), sentral.host_district_id
    return ClaimRules(
        grace_s=settings.value("claim.grace_s", on=on, district_id=district),
        beat_s=settings.value("claim.heartbeat_s", on=on, district_id=district),
        missed_beats=settings.value("claim.missed_beats", on=on, district_id=district),
    )


def claim_of(contact: Contact) -> Claim | None:
    """The claim on a contact, None when nobody has it. Its owner is the user's id."""
    if contact.owner_id is None:
        return None
    claimed_at = contact.claimed_at or contact.opened_at
    return Claim(
        owner=str(contact.owner_id),
        claimed_at=claimed_at,
        beat_at=contact.heartbeat_at or claimed_at,
    )
