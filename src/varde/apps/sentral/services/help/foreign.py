"""Calls of a sentral that we help, as the exchange tells of them."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from varde.apps.records.models import Call, HelpTakeover
from varde.apps.sentral.services import calls
from varde.apps.sentral.services.calls import Ingested, TelephonyMessage
from varde.apps.sentral.services.help import takeovers


LONGEST_NAME = 80  # of a call, as the exchange may name it


def takeovers_for(codes: Iterable[str]) -> dict[str, HelpTakeover]:
    """The take-over that is on for each of these sentraler. A drill takes no call."""
    found = HelpTakeover.objects.filter(
        partner__code__in=list(codes),
        side=HelpTakeover.Side.HELPER,
        stage__in=takeovers.LIVE,
        is_drill=False,
    ).select_related("partner__sentral__host_district")
    return {takeover.partner.code: takeover for takeover in found}


@transaction.atomic
def ingest(
    *, takeover: HelpTakeover, events: list[TelephonyMessage], at: datetime
) -> Ingested:
    """Take in events of the other's calls: into our queue, each an item of the take-over."""
    partner = takeover.partner
    names = {local_name(partner.code, one.call_id): one.call_id for one in events}
    done = calls.ingest_all(
        sentral=partner.sentral,
        events=[
            replace(one, call_id=local_name(partner.code, one.call_id))
            for one in events
        ],
        at=at,
        origin=partner.code,
    )
    rows = Call.objects.filter(
        sentral=partner.sentral, external_id__in=list(names), origin=partner.code
    ).order_by("pk")
    takeovers.foreign_calls(
        takeover, [(names[row.external_id], row) for row in rows], at=at
    )
    return done


def local_name(code: str, name: str) -> str:
    """The name of another sentral's call here: never that of a call of our own."""
    long = f"{code}:{name}"
    if len(long) <= LONGEST_NAME:
        return long
    return f"{code}:{hashlib.sha256(name.encode()).hexdigest()[:60]}"
