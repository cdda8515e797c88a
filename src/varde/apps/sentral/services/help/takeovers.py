"""The helper's side of a take-over: it begins, items are taken up, and it ends."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from varde.apps.records import settings
from varde.apps.records.models import (
    CallBack,
    Contact,
    HelpItem,
    HelpReason,
    HelpTakeover,
    Partner,
    User,
)
from varde.apps.sentral.services.help import agreements, reasons
from varde.apps.sentral.services.help.returning import report_of, write_back
from varde.apps.sentral.services.help.taking_up import log, take_up, tell
from varde.domain import help as rules
from varde.domain.errors import Rule, RuleBroken
from varde.domain.help import Stage


BY_HAND = "by_hand"  # `taken_in` of a record that a person told
DRILL_ITEMS = 3  # made-up entries of a drill
HELPER = HelpTakeover.Side.HELPER
SETTLED = (
    CallBack.State.REACHED,
    CallBack.State.UNREACHABLE,
    CallBack.State.CANCELLED,
)
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
    reason: str = "",
    note: str = "",
) -> HelpTakeover:
    """Take over from the other, by hand (or of itself, `by` None), or begin a drill.

    Who takes over by hand says why. Of itself it is because the other is gone.

    A partner that lives is asked first what it lets go of, so that no patient is rung by
    two. One that is gone cannot be asked: all of the last copy is taken up at once.

    Raises `RuleBroken`: HELP_NO_AGREEMENT, HELP_NO_SECRET (partner), HELP_IS_ON (partner),
    FIELD_NOT_VALID (help_reason, help_note).
    """
    if by is None:
        reason = HelpReason.GONE
    why = ("", "") if is_drill else reasons.given(reason, note)
    partner = agreements.locked(partner_id)
    if agreements.in_force(partner, on=timezone.localdate(at)) is None:
        raise RuleBroken(Rule.HELP_NO_AGREEMENT, partner=partner.name)
    if not agreements.secret_of(partner):
        raise RuleBroken(Rule.HELP_NO_SECRET, partner=partner.name)
    live = live_one(partner)
    if live is not None and not _gives_way(live, is_drill=is_drill):
        raise RuleBroken(Rule.HELP_IS_ON, partner=partner.name)
    missed_s = limit("missed_s", partner, at=at)
    is_here = not rules.is_gone(partner.heard_at, now=at, missed_s=missed_s)
    if is_here and live_one(partner, HelpTakeover.Side.OWNER) is not None:
        raise RuleBroken(Rule.HELP_IS_ON, partner=partner.name)  # they help us
    stage = rules.first_stage(
        partner.heard_at, now=at, missed_s=missed_s, is_drill=is_drill
    )
    if live is not None and live.is_drill:
        end(live, at=at)
        live = None
    if live is None:
        live = HelpTakeover(
            partner=partner, name=uuid.uuid4(), side=HELPER, is_drill=is_drill
        )
    takeover = _begun(live, stage, why=why, by=by, at=at)
    log("help_began", takeover, by=by, at=at, reason=why[0])
    if stage is Stage.ACTIVE:
        activate(takeover, let_go=None, at=at)
    return takeover


def _gives_way(live: HelpTakeover, *, is_drill: bool) -> bool:
    """A drill never stands in the way of help, and help that is given back may go on."""
    return not is_drill and (live.is_drill or live.stage == Stage.RETURNING)


def _begun(
    takeover: HelpTakeover,
    stage: Stage,
    *,
    why: tuple[str, str],
    by: User | None,
    at: datetime,
) -> HelpTakeover:
    """A new take-over, or one that begins anew before all was given back.

    The first reason stands; each is in the log.
    """
    is_drill = takeover.is_drill
    if not takeover.reason:
        takeover.reason, takeover.reason_note = why
    takeover.stage = Stage.ASKING
    takeover.is_automatic = stage is Stage.ACTIVE and not is_drill
    takeover.lost_at = at if is_drill else takeover.partner.heard_at
    takeover.began_at = takeover.began_at or at
    takeover.began_by = takeover.began_by or by
    takeover.returning_at = None
    takeover.save()
    return takeover


def begin_if_gone(partner: Partner, *, at: datetime) -> HelpTakeover | None:
    """Take over of itself when the other's signs of life are gone, if so agreed."""
    agreement = agreements.in_force(partner, on=timezone.localdate(at))
    if agreement is None or not agreement.terms.get("automatic"):
        return None
    if not rules.is_lost(
        partner.heard_at,
        refused_at=partner.refused_at,
        now=at,
        missed_s=limit("missed_s", partner, at=at),
    ):
        return None
    helps = partner.takeovers.filter(side=HELPER, is_drill=False)
    # One loss, one take-over: given back, it does not begin again by itself.
    if helps.filter(lost_at=partner.heard_at).exists():
        return None
    if helps.filter(stage__in=(Stage.ASKING, Stage.ACTIVE)).exists():
        return None
    return begin(partner_id=partner.pk, by=None, at=at)


def activate(takeover: HelpTakeover, *, let_go: list[str] | None, at: datetime) -> None:
    """From now on the other's items are in our hands. `let_go` None: it cannot say."""
    takeover.stage, takeover.active_at = Stage.ACTIVE, at
    takeover.save(update_fields=["stage", "active_at"])
    log("help_active", takeover, by=None, at=at)
    if takeover.is_drill:
        _make_drill_items(takeover, at=at)
    else:
        take_up(takeover, let_go=let_go, at=at)
    tell(takeover.partner.sentral)


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
    log("help_returning", takeover, by=by, at=at)
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
        log("help_drill_done", takeover, by=by, at=at, item=item.pk)
    return item


@transaction.atomic
def advance(*, takeover_id: int, at: datetime) -> None:
    """Go on with a take-over as far as it can go now: run each second."""
    takeover = _locked(takeover_id)
    partner = takeover.partner
    missed_s = limit("missed_s", partner, at=at)
    is_gone = rules.is_gone(partner.heard_at, now=at, missed_s=missed_s)
    if takeover.stage == Stage.ASKING and is_gone:
        takeover.is_automatic = True
        takeover.lost_at = partner.heard_at
        takeover.save(update_fields=["is_automatic", "lost_at"])
        activate(takeover, let_go=None, at=at)
    if takeover.is_drill and takeover.stage == Stage.ACTIVE:
        _end_drill_in_time(takeover, at=at)
    agreement = agreements.in_force(partner, on=timezone.localdate(at))
    if (
        takeover.stage in {Stage.ASKING, Stage.ACTIVE}
        and agreement is None
        and not (takeover.is_drill or is_gone)
    ):
        takeover = give_back(takeover_id=takeover.pk, by=None, at=at)
    is_returning = takeover.stage == Stage.RETURNING
    if is_returning or (takeover.stage == Stage.ACTIVE and not takeover.is_drill):
        items = takeover.items.filter(state=HelpItem.State.OPEN).order_by("pk")
        if (
            not is_returning
        ):  # what is done here is told at once, the rest when it is over
            items = items.filter(
                Q(callback__state__in=SETTLED)
                | Q(call__contact__state=Contact.State.CLOSED)
                | Q(callback__contact__state=Contact.State.CLOSED)
            )
        is_changed = False
        for item_id in list(items.values_list("pk", flat=True)):
            is_changed |= write_back(item_id, is_over=is_returning, at=at)
        if is_changed:
            tell(partner.sentral)
    if is_returning:
        end_if_done(takeover, at=at)


def acknowledged(
    takeover: HelpTakeover, keys: list[str], doubled: list[str], *, at: datetime
) -> None:
    """The owner has taken in these records."""
    back = takeover.items.filter(key__in=keys, state=HelpItem.State.BACK)
    back.filter(key__in=doubled).update(taken_in=rules.TakeIn.DOUBLED)
    back.update(state=HelpItem.State.DONE)
    end_if_done(takeover, at=at)


def _end_drill_in_time(takeover: HelpTakeover, *, at: datetime) -> None:
    minutes = limit("drill_min", takeover.partner, at=at)
    is_all = not takeover.items.filter(handled_at=None).exists()
    if is_all or at - takeover.began_at >= timedelta(minutes=minutes):
        takeover.stage, takeover.returning_at = Stage.RETURNING, at
        takeover.save(update_fields=["stage", "returning_at"])
        log("help_returning", takeover, by=None, at=at)


def end_if_done(takeover: HelpTakeover, *, at: datetime) -> None:
    """A return is over when nothing of it waits any more."""
    held = [
        rules.Held(state) for state in takeover.items.values_list("state", flat=True)
    ]
    if rules.next_stage(Stage(takeover.stage), held) is Stage.ENDED:
        end(takeover, at=at)


def end(takeover: HelpTakeover, *, at: datetime) -> None:
    """It is over: the report is made, and what we kept of the other's is deleted.

    What a person has still to tell, after an end by hand, is kept until it is told.
    """
    takeover.stage, takeover.ended_at = Stage.ENDED, at
    by_hand = takeover.items.filter(taken_in=BY_HAND).count()
    takeover.report = report_of(takeover) | {"by_hand": by_hand}
    takeover.save(update_fields=["stage", "ended_at", "report"])
    waits = waiting(takeover).values("pk") if takeover.closed_by_id else []
    gone = takeover.items.exclude(pk__in=waits)
    deleted = gone.count()
    gone.delete()
    log("help_ended_takeover", takeover, by=None, at=at)
    log("help_copies_deleted", takeover, by=None, at=at, items=deleted)
    tell(takeover.partner.sentral)


def waiting(takeover: HelpTakeover) -> QuerySet[HelpItem]:
    """The records that the other has not acknowledged, and nobody has told."""
    return takeover.items.filter(state=HelpItem.State.BACK)


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
