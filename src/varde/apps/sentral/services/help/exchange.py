"""The messages between two sentraler: what one says, and that the other heard it.

A message is the sender's whole state, numbered. It may be lost, doubled or late: the next
says the same and more. What it holds of callers is sealed.
"""

import json
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from varde.apps.records.models import HelpItem, HelpTakeover, Partner
from varde.apps.sentral.queries.help.own_queue import Waiting, waiting
from varde.apps.sentral.services.help import agreements, hearing, takeovers, taking_up
from varde.apps.sentral.services.help.hearing import HELPER, OWNER, RECEIPTS
from varde.apps.sentral.services.help.told import MOST_ROWS, Message
from varde.domain import help as rules
from varde.domain.help import Stage
from varde.engines.help import sealing


MOST_BYTES = 80_000  # of records in one message; the rest goes with the next


@transaction.atomic
def message_to(partner_id: int, *, at: datetime) -> dict[str, Any]:
    """What we say to a partner now. Its number is higher than all before it."""
    partner = agreements.locked(partner_id)
    # Higher than before also when the database was put back from an older copy.
    partner.sent_seq = max(partner.sent_seq + 1, int(at.timestamp() * 1000))
    partner.save(update_fields=["sent_seq"])
    agreement = agreements.in_force(partner, on=timezone.localdate(at))
    mine = partner.sentral.code
    message: dict[str, Any] = {
        "sender": mine,
        "receiver": partner.code,
        "seq": partner.sent_seq,
        "agreement": _said_of(partner),
    }
    if agreement is None and not _is_on(partner):
        return message
    secret = agreements.secret_of(partner)
    lines = agreement.terms["lines"].get(mine, []) if agreement is not None else []
    queue = waiting(partner.sentral, lines=lines)
    helped = takeovers.live_one(partner, OWNER)
    if agreement is not None and helped is not None and not helped.is_drill:
        _let_go(helped, queue, at=at)
    sealed = sealing.seal(
        [one.told() for one in queue], secret=secret, about=f"queue {mine}"
    )
    return message | {
        "asks_at": _iso(partner.we_ask_at),
        "routes": partner.our_routes,
        "queue": sealed if agreement is not None else "",
        "helped": _said_as_owner(helped),
        "helping": _said_as_helper(partner, secret=secret),
    }


@transaction.atomic
def receive(partner_id: int, message: Message, *, at: datetime) -> bool:
    """Take in what a partner says. False for a message that was doubled or late.

    Without an agreement in force it is a sign of life, may say a word of an agreement, and
    may finish what was begun; nothing else. Raises `SealBroken`, `NotAsDescribed` or
    `TooMuch`: then nothing of it was taken in.
    """
    partner = agreements.locked(partner_id)
    if not rules.is_news(message.seq, last=partner.seen_seq):
        return False  # and no sign of life: anybody may say again what was said before
    records = hearing.opened(partner, message.helping)
    was_gone = partner.heard_at is None or rules.is_gone(
        partner.heard_at,
        now=at,
        missed_s=takeovers.limit("missed_s", partner, at=at),
    )
    partner.heard_at = at
    partner.seen_seq = message.seq
    partner.failures, partner.refused_at = 0, None
    partner.save(update_fields=["heard_at", "seen_seq", "failures", "refused_at"])
    if was_gone:
        taking_up.tell(partner.sentral)
    if message.agreement is not None:
        agreements.hear(partner, message.agreement, at=at)
    is_agreed = agreements.in_force(partner, on=timezone.localdate(at)) is not None
    if is_agreed:
        hearing.keep_copy(partner, message, at=at)
    if message.helping is not None:
        hearing.hear_helper(
            partner, message.helping, records, is_agreed=is_agreed, at=at
        )
    if message.helped is not None:
        hearing.hear_owner(partner, message.helped, at=at)
    return True


@transaction.atomic
def answered(
    partner_id: int, *, at: datetime, was_answered: bool, was_refused: bool = False
) -> None:
    """Write that our message came through, was refused, or was never answered.

    An answer is a sign of life too: of a server that lives while its jobs do not.
    """
    partner = agreements.locked(partner_id)
    missed_s = takeovers.limit("missed_s", partner, at=at)
    heard_at, before = partner.heard_at, partner.tried_at or at
    if rules.is_gone(heard_at, now=at, missed_s=missed_s) and not rules.is_gone(
        heard_at, now=before, missed_s=missed_s
    ):
        taking_up.tell(partner.sentral)  # the screens say that it is silent
    partner.tried_at = at
    partner.failures = 0 if was_answered else partner.failures + 1
    if was_answered and partner.heard_at is not None:
        partner.heard_at = max(partner.heard_at, at)
    if was_answered or was_refused:
        partner.refused_at = at if was_refused else None
    partner.save(update_fields=["tried_at", "failures", "heard_at", "refused_at"])


# What we say.


def _said_of(partner: Partner) -> dict[str, Any] | None:
    row = agreements.newest(partner)
    if row is None:
        return None
    by = row.we_accepted_by
    return {
        "terms": row.terms,
        "hash": row.terms_hash,
        "accepted_at": _iso(row.we_accepted_at),
        "accepted_by": by.name if by is not None else "",
        "ended": row.ended_at is not None,
    }


def _is_on(partner: Partner) -> bool:
    return partner.takeovers.exclude(stage=Stage.ENDED).exists()


def _let_go(takeover: HelpTakeover, queue: list[Waiting], *, at: datetime) -> None:
    """Leave to the helper what nobody here has in hand, while we are helped by agreement.

    After a loss nothing more goes: we are here again. One who rings is answered where it
    rings; when nobody did, it is on the list, and goes.
    """
    if takeover.is_automatic or takeover.stage == Stage.RETURNING:
        return
    known = taking_up.known_keys(takeover)
    for one in queue:
        key = rules.current_key(one.key, known)
        if key is not None and one.kind != "call" and not one.is_in_hand:
            known[key] = False
            hearing.hold(takeover, one, key=key, at=at)


def _said_as_owner(takeover: HelpTakeover | None) -> dict[str, Any] | None:
    if takeover is None:
        return None
    receipts = takeover.report.get(RECEIPTS, [])
    let_go = takeover.items.filter(state=HelpItem.State.OPEN).order_by("pk")
    taken_in = (
        takeover.items.filter(key__in=receipts).exclude(taken_in="").order_by("pk")
    )
    return {
        "name": str(takeover.name),
        "stage": takeover.stage,
        "let_go": list(let_go.values_list("key", flat=True)),
        "taken_in": list(taken_in.values_list("key", flat=True)),
        "doubled": list(
            taken_in.filter(taken_in=rules.TakeIn.DOUBLED).values_list("key", flat=True)
        ),
        "wants_back": takeover.we_want_back_at is not None,
    }


def _said_as_helper(partner: Partner, *, secret: str) -> dict[str, Any] | None:
    takeover = partner.takeovers.filter(side=HELPER).order_by("-pk").first()
    if takeover is None:
        return None
    return {
        "name": str(takeover.name),
        "stage": takeover.stage,
        "is_drill": takeover.is_drill,
        "is_automatic": takeover.is_automatic,
        "began_at": takeover.began_at.isoformat(),
        "active_at": _iso(takeover.active_at),
        "lost_at": _iso(takeover.lost_at),
        "keys": list(
            takeover.items.filter(state=HelpItem.State.OPEN).values_list(
                "key", flat=True
            )
        ),
        "records": sealing.seal(
            _records(takeover),
            secret=secret,
            about=f"records {partner.sentral.code}",
        ),
    }


def _records(takeover: HelpTakeover) -> list[dict[str, Any]]:
    """What is not acknowledged yet, the first of it: one at least.

    After an end by hand people tell it, and the machine no more.
    """
    if takeover.stage == Stage.ENDED:
        return []
    back = takeover.items.filter(state=HelpItem.State.BACK).order_by("pk")
    size, records = 0, []
    for text in back.values_list("text", flat=True).iterator():
        size += len(text)
        if records and (size > MOST_BYTES or len(records) == MOST_ROWS):
            break
        records.append(json.loads(text))
    return records


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None
