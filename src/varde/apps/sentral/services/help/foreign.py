"""Calls of a sentral that we help, as the exchange tells of them."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from varde.apps.records.models import Call, HelpTakeover, Partner
from varde.apps.sentral.queries.queue import ON_THE_LINE
from varde.apps.sentral.services import calls
from varde.apps.sentral.services.calls import Ingested, TelephonyMessage
from varde.apps.sentral.services.help import agreements, takeovers


LONGEST_NAME = 80  # of a call, as the exchange may name it


def partners_for(codes: Iterable[str], *, at: datetime) -> dict[str, Partner]:
    """Those of these sentraler whose calls may be sent here: we help them, or may."""
    rows = Partner.objects.filter(code__in=list(codes)).select_related(
        "sentral__host_district"
    )
    on = timezone.localdate(at)
    helped = HelpTakeover.objects.filter(
        partner__in=rows,
        side=HelpTakeover.Side.HELPER,
        stage__in=takeovers.LIVE,
        is_drill=False,
    ).values_list("partner_id", flat=True)
    return {
        partner.code: partner
        for partner in rows.order_by("pk")
        if partner.pk in helped or agreements.in_force(partner, on=on) is not None
    }


def _live(partner: Partner) -> HelpTakeover | None:
    """The take-over that is on. A drill takes no call."""
    live = takeovers.live_one(partner)
    return live if live is not None and not live.is_drill else None


@transaction.atomic
def ingest(
    *, partner: Partner, events: list[TelephonyMessage], at: datetime
) -> Ingested:
    """Take in events of the other's calls: into our queue, each an item of the take-over.

    Where none is on (yet, or any more), a caller opens one that is for the calls alone;
    what more is told of calls that came before is written on them.
    """
    partner = agreements.locked(partner.pk)
    takeover = _live(partner)  # before the calls: all lock in this order
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
    if takeover is None and any(row.state in ON_THE_LINE for row in rows):
        takeover = takeovers.open_for_calls(partner.pk, at=at)
    if takeover is not None:
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
