"""The messages between two sentraler: what one says, and what the other makes of it.

A message is the sender's whole state, numbered. It may be lost, doubled or late: the next
says the same and more. What it holds of callers is sealed.
"""

import json
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from varde.apps.records import audit
from varde.apps.records.models import HelpItem, HelpTakeover, Partner
from varde.apps.sentral.queries.help.own_queue import Waiting, waiting
from varde.apps.sentral.services.help import agreements, takeovers
from varde.apps.sentral.services.help.returning import report_of, take_in
from varde.domain import help as rules
from varde.domain.help import Stage
from varde.engines.help import sealing


OWNER, HELPER = HelpTakeover.Side.OWNER, HelpTakeover.Side.HELPER
RECEIPTS = "receipts"
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
def receive(partner_id: int, message: dict[str, Any], *, at: datetime) -> bool:
    """Take in what a partner says. False for a message that was doubled or late."""
    partner = agreements.locked(partner_id)
    if not rules.is_news(message["seq"], last=partner.seen_seq):
        return False  # and no sign of life: anybody may say again what was said before
    was_gone = partner.heard_at is None or rules.is_gone(
        partner.heard_at,
        now=at,
        missed_s=takeovers.limit("missed_s", partner, at=at),
    )
    partner.heard_at = at
    partner.seen_seq = message["seq"]
    partner.failures, partner.refused_at = 0, None
    partner.save(update_fields=["heard_at", "seen_seq", "failures", "refused_at"])
    if was_gone:
        takeovers.tell(partner.sentral)
    if message.get("agreement"):
        agreements.hear(partner, message["agreement"], at=at)
    if agreements.in_force(partner, on=timezone.localdate(at)) is not None:
        _keep_copy(partner, message, at=at)
    if message.get("helping"):
        _hear_helper(partner, message["helping"], at=at)
    if message.get("helped"):
        _hear_owner(partner, message["helped"], at=at)
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
        takeovers.tell(partner.sentral)  # the screens say that it is silent
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
    known = takeovers.known_keys(takeover)
    for one in queue:
        key = rules.current_key(one.key, known)
        if key is not None and one.kind != "call" and not one.is_in_hand:
            known[key] = False
            hold(takeover, one, key=key, at=at)


def hold(takeover: HelpTakeover, one: Waiting, *, key: str, at: datetime) -> None:
    """From now on our own people leave this one to the helper."""
    HelpItem.objects.get_or_create(
        takeover=takeover,
        key=key,
        defaults={
            "district_id": takeover.partner.sentral.host_district_id,
            "call_id": one.call_id,
            "callback_id": one.callback_id,
            "seen_at": at,
            "since": datetime.fromisoformat(one.since),
        },
    )


def _said_as_owner(takeover: HelpTakeover | None) -> dict[str, Any] | None:
    if takeover is None:
        return None
    told = takeover.report.get(RECEIPTS, [])
    let_go = takeover.items.filter(state=HelpItem.State.OPEN).order_by("pk")
    taken_in = takeover.items.filter(key__in=told).exclude(taken_in="").order_by("pk")
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
    """What is not acknowledged yet, the first of it: one at least."""
    back = takeover.items.filter(state=HelpItem.State.BACK).order_by("pk")
    size, records = 0, []
    for text in back.values_list("text", flat=True).iterator():
        size += len(text)
        if records and size > MOST_BYTES:
            break
        records.append(json.loads(text))
    return records


# What we make of what the other says.


def _keep_copy(partner: Partner, message: dict[str, Any], *, at: datetime) -> None:
    """Their queue as it came, sealed, and what they want us to know."""
    asks_at = message.get("asks_at")
    asked_before = partner.they_ask_at
    partner.they_ask_at = datetime.fromisoformat(asks_at) if asks_at else None
    partner.their_routes = str(message.get("routes") or "")[: agreements.LONGEST_TEXT]
    if message.get("queue"):
        partner.copy, partner.copy_at = message["queue"], at
    partner.save(update_fields=["they_ask_at", "their_routes", "copy", "copy_at"])
    if asked_before != partner.they_ask_at:
        takeovers.tell(partner.sentral)


def _hear_helper(partner: Partner, told: dict[str, Any], *, at: datetime) -> None:
    """The partner helps us, or has done so: hold what it has, take in its records."""
    takeover = _as_owner(partner, told, at=at)
    if takeover is None or takeover.stage == Stage.ENDED:
        return
    if takeover.stage != told["stage"]:
        _follow_stage(takeover, told, at=at)
    if not takeover.is_drill and told["stage"] in {Stage.ACTIVE, Stage.RETURNING}:
        _hold_told(takeover, set(told["keys"]), at=at)
    records = sealing.unseal(
        told["records"],
        secret=agreements.secret_of(partner),
        about=f"records {partner.code}",
    )
    for record in records:
        take_in(takeover, record, at=at)
    # The next message acknowledges these; what is not acknowledged comes again.
    takeover.report = {RECEIPTS: [str(record["key"]) for record in records]}
    takeover.save(update_fields=["report"])
    if told["stage"] == Stage.ENDED:
        _end_as_owner(takeover, at=at)


def _as_owner(
    partner: Partner, told: dict[str, Any], *, at: datetime
) -> HelpTakeover | None:
    takeover = (
        HelpTakeover.objects.select_for_update(of=("self",))
        .select_related("partner__sentral")
        .filter(partner=partner, name=told["name"], side=OWNER)
        .first()
    )
    if takeover is not None or told["stage"] == Stage.ENDED:
        return takeover
    older = takeovers.live_one(partner, OWNER)
    if older is not None:
        _end_as_owner(older, at=at)
    takeover = HelpTakeover.objects.create(
        partner=partner,
        name=told["name"],
        side=OWNER,
        stage=told["stage"],
        is_drill=told["is_drill"],
        is_automatic=told["is_automatic"],
        began_at=datetime.fromisoformat(told["began_at"]),
        active_at=_moment(told["active_at"]),
        lost_at=_moment(told["lost_at"]),
    )
    partner.we_ask_at = None
    partner.save(update_fields=["we_ask_at"])
    _log("help_is_helped", takeover, at=at)
    takeovers.tell(partner.sentral)
    return takeover


def _follow_stage(
    takeover: HelpTakeover, told: dict[str, Any], *, at: datetime
) -> None:
    if told["stage"] == Stage.ENDED:
        return  # after its records
    if takeover.stage == Stage.RETURNING:  # help begins anew
        takeover.we_want_back_at = None
        takeover.lost_at = _moment(told["lost_at"])
    takeover.stage = told["stage"]
    takeover.is_automatic = told["is_automatic"]
    takeover.active_at = _moment(told["active_at"])
    takeover.save(
        update_fields=[
            "stage",
            "is_automatic",
            "active_at",
            "lost_at",
            "we_want_back_at",
        ]
    )
    takeovers.tell(takeover.partner.sentral)


def _hold_told(takeover: HelpTakeover, keys: set[str], *, at: datetime) -> None:
    known = set(takeover.items.values_list("key", flat=True))
    new = {rules.plain_key(key): key for key in keys - known}
    if not new:
        return
    for one in waiting(takeover.partner.sentral, lines=[]):
        if one.key in new:
            hold(takeover, one, key=new[one.key], at=at)
    takeovers.tell(takeover.partner.sentral)


def _end_as_owner(takeover: HelpTakeover, *, at: datetime) -> None:
    """It is over. What was held and never came back is ours again."""
    takeover.items.filter(state=HelpItem.State.OPEN, taken_in="").update(
        state=HelpItem.State.DONE, result=rules.Result.OPEN
    )
    takeover.stage, takeover.ended_at = Stage.ENDED, at
    takeover.report = report_of(takeover)
    takeover.save(update_fields=["stage", "ended_at", "report"])
    _log("help_was_helped", takeover, at=at)
    takeovers.tell(takeover.partner.sentral)


def _hear_owner(partner: Partner, told: dict[str, Any], *, at: datetime) -> None:
    """The one whom we help says what it lets go of, and what it has taken in."""
    takeover = takeovers.live_one(partner, HELPER)
    if takeover is None or str(takeover.name) != told["name"]:
        return
    if takeover.stage == Stage.ASKING:
        if told["stage"] == Stage.ASKING:  # it has heard the question
            takeovers.activate(takeover, let_go=told["let_go"], at=at)
    elif takeover.stage == Stage.ACTIVE and not (
        takeover.is_automatic or takeover.is_drill
    ):
        takeovers.take_up(takeover, let_go=told["let_go"], at=at)
    if told["wants_back"] and takeover.stage == Stage.ACTIVE:
        takeovers.give_back(takeover_id=takeover.pk, by=None, at=at)
        takeover.refresh_from_db()
    takeovers.acknowledged(takeover, told["taken_in"], told["doubled"], at=at)


def _log(what: str, takeover: HelpTakeover, *, at: datetime) -> None:
    audit.log(
        what=what,
        by=None,
        at=at,
        district_id=takeover.partner.sentral.host_district_id,
        table="records_helptakeover",
        row_id=takeover.pk,
        data={"is_drill": takeover.is_drill},
    )


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
