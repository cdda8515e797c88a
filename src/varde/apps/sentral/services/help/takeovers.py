"""The helper's side of a take-over: it begins, items are taken up, and it ends."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from varde.apps.records import audit, settings
from varde.apps.records.live import Topic, announce
from varde.apps.records.models import (
    Call,
    CallBack,
    HelpItem,
    HelpTakeover,
    Partner,
    Sentral,
    User,
)
from varde.apps.sentral import messages
from varde.apps.sentral.services.help import agreements
from varde.apps.sentral.services.help.returning import report_of, write_back
from varde.domain import help as rules
from varde.domain.errors import Rule, RuleBroken
from varde.domain.help import Stage
from varde.engines.help import sealing


DRILL_ITEMS = 3  # made-up entries of a drill
HELPER = HelpTakeover.Side.HELPER
LIVE = (Stage.ASKING.value, Stage.ACTIVE.value, Stage.RETURNING.value)


def limit(key: str, partner: Partner, *, at: datetime) -> int:
    """A dated setting of the help, at our sentral."""
    return int(
        settings.value(
            f"help.{key}",
            on=timezone.localdate(at),
            district_id=partner.sentral.host_district_id,
        )
    )


def live_one(partner: Partner, side: str = HELPER) -> HelpTakeover | None:
    """The take-over that is on, with its row locked; None without."""
    return (
        HelpTakeover.objects.select_for_update(of=("self",))
        .select_related("partner__sentral")
        .filter(partner=partner, side=side, stage__in=LIVE)
        .first()
    )


@transaction.atomic
def begin(
    *,
    partner_id: int,
    by: User | None,
    at: datetime,
    is_drill: bool = False,
) -> HelpTakeover:
    """Take over from the other, by hand (or of itself, `by` None), or begin a drill.

    A partner that lives is asked first what it lets go of, so that no patient is rung by
    two. One that is gone cannot be asked: all of the last copy is taken up at once.

    Raises `RuleBroken`: HELP_NO_AGREEMENT, HELP_NO_SECRET (partner), HELP_IS_ON (partner).
    """
    partner = agreements.locked(partner_id)
    if agreements.in_force(partner, on=timezone.localdate(at)) is None:
        raise RuleBroken(Rule.HELP_NO_AGREEMENT, partner=partner.name)
    if not agreements.secret_of(partner):
        raise RuleBroken(Rule.HELP_NO_SECRET, partner=partner.name)
    if live_one(partner) is not None:
        raise RuleBroken(Rule.HELP_IS_ON, partner=partner.name)
    stage = rules.first_stage(
        partner.heard_at,
        now=at,
        missed_s=limit("missed_s", partner, at=at),
        is_drill=is_drill,
    )
    takeover = HelpTakeover.objects.create(
        partner=partner,
        name=uuid.uuid4(),
        side=HELPER,
        stage=Stage.ASKING,
        is_drill=is_drill,
        is_automatic=stage is Stage.ACTIVE and not is_drill,
        lost_at=partner.heard_at if not is_drill else at,
        began_at=at,
        began_by=by,
    )
    _log("help_began", takeover, by=by, at=at)
    if stage is Stage.ACTIVE:
        activate(takeover, let_go=None, at=at)
    return takeover


def begin_if_gone(partner: Partner, *, at: datetime) -> HelpTakeover | None:
    """Take over of itself when the other's signs of life are gone, if so agreed."""
    agreement = agreements.in_force(partner, on=timezone.localdate(at))
    if agreement is None or not agreement.terms.get("automatic"):
        return None
    missed_s = limit("missed_s", partner, at=at)
    if not rules.is_gone(partner.heard_at, now=at, missed_s=missed_s):
        return None
    # One loss, one take-over: given back, it does not begin again by itself.
    again = partner.takeovers.filter(side=HELPER, lost_at=partner.heard_at)
    if again.exists() or partner.takeovers.filter(side=HELPER, stage__in=LIVE).exists():
        return None
    return begin(partner_id=partner.pk, by=None, at=at)


def activate(takeover: HelpTakeover, *, let_go: list[str] | None, at: datetime) -> None:
    """From now on the other's items are in our hands. `let_go` None: it cannot say."""
    takeover.stage, takeover.active_at = Stage.ACTIVE, at
    takeover.save(update_fields=["stage", "active_at"])
    _log("help_active", takeover, by=None, at=at)
    if takeover.is_drill:
        _make_drill_items(takeover, at=at)
    else:
        take_up(takeover, let_go=let_go, at=at)
    tell(takeover.partner.sentral)


def take_up(takeover: HelpTakeover, *, let_go: list[str] | None, at: datetime) -> int:
    """Put what was told and let go of on our own lists, once. Returns how many.

    Here the sealed copy is opened; that is written in the log.
    """
    partner = takeover.partner
    told = {one["key"]: one for one in _opened(partner)}
    known = takeover.items.values_list("key", flat=True)
    keys = rules.to_take_up(told, let_go=let_go, known=known)
    for key in keys:
        _put_on_list(takeover, told[key], at=at)
    if keys:
        _log("help_copy_opened", takeover, by=None, at=at, items=len(keys))
        tell(partner.sentral)
    return len(keys)


def foreign_calls(
    takeover: HelpTakeover, calls: list[tuple[str, Call]], *, at: datetime
) -> None:
    """Calls to the other that the exchange sent here: each an item, once.

    One that stands on our list to be rung because it waited there when the other was lost,
    is struck off the list: the caller is on the line.
    """
    for name, call in calls:
        item, is_new = HelpItem.objects.get_or_create(
            takeover=takeover,
            key=f"call:{name}",
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


@transaction.atomic
def give_back(*, takeover_id: int, by: User | None, at: datetime) -> HelpTakeover:
    """Begin to give back. What somebody works with is finished here first.

    Raises `RuleBroken` (HELP_IS_NOT_ON).
    """
    takeover = _locked(takeover_id)
    if takeover.stage not in {Stage.ACTIVE, Stage.ASKING} or takeover.side != HELPER:
        raise RuleBroken(Rule.HELP_IS_NOT_ON)
    takeover.stage, takeover.returning_at = Stage.RETURNING, at
    takeover.save(update_fields=["stage", "returning_at"])
    _log("help_returning", takeover, by=by, at=at)
    tell(takeover.partner.sentral)
    return takeover


@transaction.atomic
def drill_done(*, item_id: int, by: User, at: datetime) -> HelpItem:
    """Somebody has practised with one made-up entry. Raises `RuleBroken` (HELP_IS_NOT_ON)."""
    item = HelpItem.objects.select_for_update(of=("self",)).select_related(
        "takeover__partner__sentral"
    ).get(pk=item_id)  # fmt: skip
    takeover = item.takeover
    is_on = takeover.is_drill and takeover.stage == Stage.ACTIVE
    if not is_on or item.state != HelpItem.State.OPEN:
        raise RuleBroken(Rule.HELP_IS_NOT_ON)
    if item.handled_at is None:
        item.by, item.handled_at, item.result = by, at, rules.Result.REACHED
        item.save(update_fields=["by", "handled_at", "result"])
        _log("help_drill_done", takeover, by=by, at=at, item=item.pk)
    return item


@transaction.atomic
def advance(*, takeover_id: int, at: datetime) -> None:
    """Go on with a take-over as far as it can go now: run each second."""
    takeover = _locked(takeover_id)
    partner = takeover.partner
    missed_s = limit("missed_s", partner, at=at)
    if takeover.stage == Stage.ASKING and rules.is_gone(
        partner.heard_at, now=at, missed_s=missed_s
    ):
        takeover.is_automatic = True
        takeover.save(update_fields=["is_automatic"])
        activate(takeover, let_go=None, at=at)
    if takeover.is_drill and takeover.stage == Stage.ACTIVE:
        _end_drill_in_time(takeover, at=at)
    if takeover.stage == Stage.RETURNING:
        is_changed = False
        for item_id in takeover.items.filter(state=HelpItem.State.OPEN).values_list(
            "pk", flat=True
        ):
            is_changed |= write_back(item_id, at=at)
        if is_changed:
            tell(partner.sentral)
        _end_if_done(takeover, at=at)


def acknowledged(
    takeover: HelpTakeover, keys: list[str], doubled: list[str], *, at: datetime
) -> None:
    """The owner has taken in these records."""
    back = takeover.items.filter(key__in=keys, state=HelpItem.State.BACK)
    back.filter(key__in=doubled).update(taken_in=rules.TakeIn.DOUBLED)
    back.update(state=HelpItem.State.DONE)
    _end_if_done(takeover, at=at)


def tell(sentral: Sentral) -> None:
    """Let the open screens draw the banner and the lists again."""
    announce(Topic.QUEUE, Topic.CALLBACKS, Topic.AMK, sentral_id=sentral.pk)


def _end_drill_in_time(takeover: HelpTakeover, *, at: datetime) -> None:
    minutes = limit("drill_min", takeover.partner, at=at)
    is_all = not takeover.items.filter(handled_at=None).exists()
    if is_all or at - takeover.began_at >= timedelta(minutes=minutes):
        takeover.stage, takeover.returning_at = Stage.RETURNING, at
        takeover.save(update_fields=["stage", "returning_at"])
        _log("help_returning", takeover, by=None, at=at)


def _end_if_done(takeover: HelpTakeover, *, at: datetime) -> None:
    held = [
        rules.Held(state) for state in takeover.items.values_list("state", flat=True)
    ]
    if rules.next_stage(Stage(takeover.stage), held) is not Stage.ENDED:
        return
    takeover.stage, takeover.ended_at = Stage.ENDED, at
    takeover.report = report_of(takeover)
    takeover.save(update_fields=["stage", "ended_at", "report"])
    deleted = takeover.items.count()
    takeover.items.all().delete()
    _log("help_ended_takeover", takeover, by=None, at=at)
    _log("help_copies_deleted", takeover, by=None, at=at, items=deleted)
    tell(takeover.partner.sentral)


def _opened(partner: Partner) -> list[dict[str, Any]]:
    if not partner.copy:
        return []
    return list(
        sealing.unseal(
            partner.copy,
            secret=agreements.secret_of(partner),
            about=f"queue {partner.code}",
        )
    )


def _put_on_list(takeover: HelpTakeover, told: dict[str, Any], *, at: datetime) -> None:
    partner = takeover.partner
    district_id = partner.sentral.host_district_id
    since = datetime.fromisoformat(told["since"])
    callback = CallBack.objects.create(
        district_id=district_id,
        sentral=partner.sentral,
        kind=CallBack.Kind.MISSED,
        number=told["number"],
        hastegrad=told["hastegrad"],
        about=messages.in_record(messages.HELP_KIND[told["kind"]]),
        created_at=since,
        due_at=datetime.fromisoformat(told["due_at"]),
        origin=partner.code,
    )
    HelpItem.objects.create(
        takeover=takeover,
        district_id=district_id,
        key=told["key"],
        callback=callback,
        seen_at=at,
        since=since,
    )


def _make_drill_items(takeover: HelpTakeover, *, at: datetime) -> None:
    for number in range(DRILL_ITEMS):
        HelpItem.objects.create(
            takeover=takeover,
            district_id=takeover.partner.sentral.host_district_id,
            key=f"drill:{number + 1}",
            seen_at=at,
            since=at,
        )


def _locked(takeover_id: int) -> HelpTakeover:
    return (
        HelpTakeover.objects.select_for_update(of=("self",))
        .select_related("partner__sentral")
        .get(pk=takeover_id)
    )


def _log(
    what: str, takeover: HelpTakeover, *, by: User | None, at: datetime, **data: int
) -> None:
    audit.log(
        what=what,
        by=by,
        at=at,
        district_id=takeover.partner.sentral.host_district_id,
        table="records_helptakeover",
        row_id=takeover.pk,
        data={"is_drill": takeover.is_drill} | data,
    )
