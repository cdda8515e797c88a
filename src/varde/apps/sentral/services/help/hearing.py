"""What we make of what the other sentral says."""

from datetime import datetime

from varde.apps.records import audit
from varde.apps.records.models import HelpItem, HelpReason, HelpTakeover, Partner
from varde.apps.sentral.queries.help.own_queue import Waiting, waiting
from varde.apps.sentral.services.help import agreements, takeovers, taking_up, told
from varde.apps.sentral.services.help.returning import report_of, take_in
from varde.apps.sentral.services.help.told import HelpedTold, HelpingTold, Message
from varde.domain import help as rules
from varde.domain.help import Stage
from varde.engines.help import sealing


OWNER, HELPER = HelpTakeover.Side.OWNER, HelpTakeover.Side.HELPER
RECEIPTS = "receipts"


def opened(partner: Partner, helping: HelpingTold | None) -> list[told.Record]:
    """The records of a message, read before anything of it is written."""
    if helping is None:
        return []
    return told.records_of(
        sealing.unseal(
            helping.records,
            secret=agreements.secret_of(partner),
            about=f"records {partner.code}",
        )
    )


def keep_copy(partner: Partner, message: Message, *, at: datetime) -> None:
    """Their queue as it came, sealed, and what they want us to know."""
    asked_before = partner.they_ask_at
    partner.they_ask_at = message.asks_at
    partner.their_routes = message.routes
    if message.queue:
        partner.copy, partner.copy_at = message.queue, at
    partner.save(update_fields=["they_ask_at", "their_routes", "copy", "copy_at"])
    if asked_before != partner.they_ask_at:
        taking_up.tell(partner.sentral)


def hear_helper(
    partner: Partner,
    helping: HelpingTold,
    records: list[told.Record],
    *,
    is_agreed: bool,
    at: datetime,
) -> None:
    """The partner helps us, or has done so: hold what it has, take in its records.

    When the agreement has ended it gives back what it had, and gets nothing more: a record
    is then taken in of what we had let go of, and of nothing else.
    """
    takeover = _as_owner(partner, helping, is_agreed=is_agreed, at=at)
    if takeover is None or takeover.stage == Stage.ENDED:
        return
    if takeover.stage != helping.stage and (
        is_agreed or helping.stage is Stage.RETURNING
    ):
        _follow_stage(takeover, helping, at=at)
    is_on = helping.stage in {Stage.ACTIVE, Stage.RETURNING}
    if is_agreed and is_on and not takeover.is_drill:
        _hold_told(takeover, set(helping.keys), at=at)
    known = set(takeover.items.values_list("key", flat=True))
    if not is_agreed:
        records = [record for record in records if record.key in known]
    if len(known.union(record.key for record in records)) > told.MOST_ITEMS:
        raise told.TooMuch("items")
    for record in records:
        take_in(takeover, record, at=at)
    # The next message acknowledges these; what is not acknowledged comes again.
    takeover.report = {RECEIPTS: [record.key for record in records]}
    takeover.save(update_fields=["report"])
    if helping.stage is Stage.ENDED:
        _end_as_owner(takeover, at=at)


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


def _as_owner(
    partner: Partner, helping: HelpingTold, *, is_agreed: bool, at: datetime
) -> HelpTakeover | None:
    """Our side of the take-over. None where there is none, and none may begin."""
    takeover = (
        HelpTakeover.objects.select_for_update(of=("self",))
        .select_related("partner__sentral")
        .filter(partner=partner, name=helping.name, side=OWNER)
        .first()
    )
    if takeover is not None or helping.stage is Stage.ENDED or not is_agreed:
        return takeover
    older = takeovers.live_one(partner, OWNER)
    if older is not None:
        _end_as_owner(older, at=at)
    takeover = HelpTakeover.objects.create(
        partner=partner,
        name=helping.name,
        side=OWNER,
        stage=helping.stage,
        is_drill=helping.is_drill,
        is_automatic=helping.is_automatic,
        began_at=helping.began_at,
        active_at=helping.active_at,
        lost_at=helping.lost_at,
        **_why(partner, helping),
    )
    partner.we_ask_at, partner.we_ask_reason, partner.we_ask_note = None, "", ""
    partner.save(update_fields=["we_ask_at", "we_ask_reason", "we_ask_note"])
    _log("help_is_helped", takeover, at=at)
    taking_up.tell(partner.sentral)
    return takeover


def _why(partner: Partner, helping: HelpingTold) -> dict[str, str]:
    """Why we are helped, as our own people asked; empty where nobody here did."""
    if helping.is_drill:
        return {}
    if helping.is_automatic:
        return {"reason": HelpReason.GONE}
    return {"reason": partner.we_ask_reason, "reason_note": partner.we_ask_note}


def _follow_stage(
    takeover: HelpTakeover, helping: HelpingTold, *, at: datetime
) -> None:
    if helping.stage is Stage.ENDED:
        return  # after its records
    if takeover.stage == Stage.RETURNING:  # help begins anew
        takeover.we_want_back_at = None
        takeover.lost_at = helping.lost_at
    takeover.stage = helping.stage
    takeover.is_automatic = helping.is_automatic
    takeover.active_at = helping.active_at
    takeover.save(
        update_fields=[
            "stage",
            "is_automatic",
            "active_at",
            "lost_at",
            "we_want_back_at",
        ]
    )
    taking_up.tell(takeover.partner.sentral)


def _hold_told(takeover: HelpTakeover, keys: set[str], *, at: datetime) -> None:
    known = set(takeover.items.values_list("key", flat=True))
    new = {rules.plain_key(key): key for key in keys - known}
    if not new:
        return
    for one in waiting(takeover.partner.sentral, lines=[]):
        if one.key in new:
            hold(takeover, one, key=new[one.key], at=at)
    taking_up.tell(takeover.partner.sentral)


def _end_as_owner(takeover: HelpTakeover, *, at: datetime) -> None:
    """It is over. What was held and never came back is ours again."""
    takeover.items.filter(state=HelpItem.State.OPEN, taken_in="").update(
        state=HelpItem.State.DONE, result=rules.Result.OPEN
    )
    takeover.stage, takeover.ended_at = Stage.ENDED, at
    takeover.report = report_of(takeover)
    takeover.save(update_fields=["stage", "ended_at", "report"])
    _log("help_was_helped", takeover, at=at)
    taking_up.tell(takeover.partner.sentral)


def hear_owner(partner: Partner, helped: HelpedTold, *, at: datetime) -> None:
    """The one whom we help says what it lets go of, and what it has taken in."""
    takeover = takeovers.live_one(partner, HELPER)
    if takeover is None or takeover.name != helped.name:
        return
    if takeover.stage == Stage.ASKING:
        if helped.stage is Stage.ASKING:  # it has heard the question
            takeovers.activate(takeover, let_go=helped.let_go, at=at)
    elif takeover.stage == Stage.ACTIVE and not (
        takeover.is_automatic or takeover.is_drill
    ):
        taking_up.take_up(takeover, let_go=helped.let_go, at=at)
    if helped.wants_back and takeover.stage == Stage.ACTIVE:
        takeovers.give_back(takeover_id=takeover.pk, by=None, at=at)
        takeover.refresh_from_db()
    takeovers.acknowledged(takeover, helped.taken_in, helped.doubled, at=at)


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
