"""What cannot be told to the other sentral is told by people, and the help ended by hand.

A record waits here until the other has acknowledged it. Without an agreement the other
takes in nothing that it did not let go of itself, and one that is silent takes in nothing
at all: then a person rings, and says here what was told. Nothing of it is said by the
machine afterwards, so that nobody is put on a list twice.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from varde.apps.records.models import HelpItem, HelpTakeover, Partner, User
from varde.apps.sentral.services.contacts.values import Why, not_valid, plain
from varde.apps.sentral.services.help import agreements, takeovers
from varde.apps.sentral.services.help.taking_up import log, tell
from varde.domain import help as rules
from varde.domain.errors import Rule, RuleBroken
from varde.domain.help import Stage


LONGEST = 200


def cannot_be_told(partner: Partner, *, at: datetime) -> bool:
    """Whether the records wait for what will not come by itself."""
    if agreements.in_force(partner, on=timezone.localdate(at)) is None:
        return True
    missed_s = takeovers.limit("missed_s", partner, at=at)
    return rules.is_gone(partner.heard_at, now=at, missed_s=missed_s)


def untold(takeover: HelpTakeover, *, at: datetime) -> list[int] | None:
    """The items of the records that a person must tell; None where the machine tells.

    An empty list: a return that only waits for those who work with an item here.
    """
    is_ours = takeover.side == HelpTakeover.Side.HELPER and not takeover.is_drill
    if not is_ours or takeover.stage not in {Stage.RETURNING, Stage.ENDED}:
        return None
    if takeover.stage == Stage.RETURNING and not cannot_be_told(
        takeover.partner, at=at
    ):
        return None
    return list(takeovers.waiting(takeover).values_list("pk", flat=True))


@transaction.atomic
def told(*, item_id: int, by: User, at: datetime) -> HelpTakeover:
    """A person has told the other of this record. The last one ends the return.

    Raises `RuleBroken`: HELP_IS_NOT_ON (there is nothing to tell), HELP_IS_TOLD (partner:
    the machine is telling it).
    """
    takeover = _locked(
        HelpItem.objects.values_list("takeover", flat=True).get(pk=item_id)
    )
    item = takeover.items.select_for_update().filter(pk=item_id).first()
    if item is None or item.state != HelpItem.State.BACK:
        raise RuleBroken(Rule.HELP_IS_NOT_ON)
    is_over = takeover.stage == Stage.ENDED
    if not is_over:
        _require_silence(takeover, at=at)
    item.state, item.taken_in = HelpItem.State.DONE, takeovers.BY_HAND
    item.save(update_fields=["state", "taken_in"])
    log("help_told_by_hand", takeover, by=by, at=at, item=item.pk)
    if is_over:
        item.delete()
        report = takeover.report
        takeover.report = report | {
            "lost": report["lost"] - 1,
            "by_hand": report["by_hand"] + 1,
        }
        takeover.save(update_fields=["report"])
    else:
        takeovers.end_if_done(takeover, at=at)
    return takeover


@transaction.atomic
def close(*, takeover_id: int, reason: str, by: User, at: datetime) -> HelpTakeover:
    """End a return that cannot end by itself. What was not told stays for people to tell.

    Raises `RuleBroken`: HELP_IS_NOT_ON, HELP_IS_TOLD (partner), HELP_IN_HAND (number: so
    many are still being worked with here), FIELD_NOT_VALID (reason).
    """
    takeover = _locked(takeover_id)
    if takeover.stage != Stage.RETURNING or takeover.is_drill:
        raise RuleBroken(Rule.HELP_IS_NOT_ON)
    _require_silence(takeover, at=at)
    reason = plain("reason", reason, longest=LONGEST)
    if not reason:
        raise not_valid("reason", Why.EMPTY)
    in_hand = takeover.items.filter(state=HelpItem.State.OPEN).count()
    if in_hand:
        raise RuleBroken(Rule.HELP_IN_HAND, number=str(in_hand))
    takeover.closed_by, takeover.closed_reason = by, reason
    takeover.save(update_fields=["closed_by", "closed_reason"])
    log(
        "help_closed", takeover, by=by, at=at, items=takeovers.waiting(takeover).count()
    )
    takeovers.end(takeover, at=at)
    return takeover


def _require_silence(takeover: HelpTakeover, *, at: datetime) -> None:
    if takeover.stage != Stage.RETURNING:
        raise RuleBroken(Rule.HELP_IS_NOT_ON)
    if not cannot_be_told(takeover.partner, at=at):
        raise RuleBroken(Rule.HELP_IS_TOLD, partner=takeover.partner.name)


def _locked(takeover_id: int) -> HelpTakeover:
    """The helper's row, after its partner's: the order in which a message locks them."""
    found = HelpTakeover.objects.get(pk=takeover_id)
    agreements.locked(found.partner_id)
    takeover = (
        HelpTakeover.objects.select_for_update(of=("self",))
        .select_related("partner__sentral")
        .get(pk=takeover_id)
    )
    if takeover.side != HelpTakeover.Side.HELPER:
        raise RuleBroken(Rule.HELP_IS_NOT_ON)
    tell(takeover.partner.sentral)
    return takeover
