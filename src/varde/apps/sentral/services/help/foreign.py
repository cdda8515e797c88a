"""Calls of a sentral that we help, as the exchange tells of them."""

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from varde.apps.records.models import Call, CallBack, HelpItem, HelpTakeover, Partner
from varde.apps.sentral import messages
from varde.apps.sentral.queries.queue import ON_THE_LINE
from varde.apps.sentral.services import calls
from varde.apps.sentral.services.calls import Ingested, TelephonyMessage
from varde.apps.sentral.services.help import agreements, takeovers, taking_up
from varde.domain import help as rules
from varde.domain.help import Stage


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
        takeover = _open_for_calls(partner.pk, at=at)
    if takeover is not None:
        _hold(takeover, [(names[row.external_id], row) for row in rows], at=at)
    return done


def local_name(code: str, name: str) -> str:
    """The name of another sentral's call here: never that of a call of our own."""
    long = f"{code}:{name}"
    if len(long) <= LONGEST_NAME:
        return long
    return f"{code}:{hashlib.sha256(name.encode()).hexdigest()[:60]}"


def _open_for_calls(partner_id: int, *, at: datetime) -> HelpTakeover | None:
    """The exchange sends us a call of theirs, and nobody has taken over (yet, or any more).

    The caller is not sent away: the call is ours to answer and to give back, and nothing
    else is taken over. None without an agreement.
    """
    partner = agreements.locked(partner_id)
    if agreements.in_force(partner, on=timezone.localdate(at)) is None:
        return None
    live = takeovers.live_one(partner)
    if live is not None and not live.is_drill:
        return live
    if live is not None:
        takeovers.end(live, at=at)
    takeover = HelpTakeover.objects.create(
        partner=partner,
        name=uuid.uuid4(),
        side=HelpTakeover.Side.HELPER,
        stage=Stage.RETURNING,
        began_at=at,
        active_at=at,
        returning_at=at,
    )
    taking_up.log("help_calls_came", takeover, by=None, at=at)
    taking_up.tell(partner.sentral)
    return takeover


def _hold(
    takeover: HelpTakeover, rung: list[tuple[str, Call]], *, at: datetime
) -> None:
    """Calls to the other that the exchange sent here: each an item, once.

    One that stands on our list to be rung because it waited there when the other was lost,
    is struck off the list: the caller is on the line.
    """
    known = taking_up.known_keys(takeover)
    for name, call in rung:
        key = f"call:{name}"
        if call.state in ON_THE_LINE:
            key = rules.current_key(key, known) or key
        item, is_new = HelpItem.objects.get_or_create(
            takeover=takeover,
            key=key,
            defaults={
                "district_id": call.district_id,
                "call": call,
                "seen_at": at,
                "since": call.ringing_at or call.recorded_at,
            },
        )
        if is_new or item.call_id is not None:
            continue
        callback = CallBack.objects.select_for_update().get(pk=item.callback_id)
        if callback.contact_id is None and callback.state == CallBack.State.OPEN:
            note = messages.in_record(messages.CALLBACK_CAME_ON_LINE)
            callback.state, callback.settled_at = CallBack.State.CANCELLED, at
            callback.settled_note = note
            callback.save(update_fields=["state", "settled_at", "settled_note"])
            item.callback = None
        item.call = call
        item.save(update_fields=["call", "callback"])
