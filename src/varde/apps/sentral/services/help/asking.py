"""The owner's side, by hand: ask for help, and ask to have everything back."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from varde.apps.records import audit
from varde.apps.records.models import HelpTakeover, Partner, User
from varde.apps.sentral.services.help import agreements, reasons, takeovers
from varde.domain.errors import Rule, RuleBroken


@transaction.atomic
def ask(
    *,
    partner_id: int,
    reason: str = "",
    note: str = "",
    by: User,
    at: datetime,
    is_off: bool = False,
) -> Partner:
    """Ask a partner to take over, and say why; or take the question back.

    Raises `RuleBroken`: HELP_NO_AGREEMENT, HELP_IS_ON (partner), FIELD_NOT_VALID
    (help_reason, help_note).
    """
    partner = agreements.locked(partner_id)
    if agreements.in_force(partner, on=timezone.localdate(at)) is None:
        raise RuleBroken(Rule.HELP_NO_AGREEMENT, partner=partner.name)
    if takeovers.live_one(partner, HelpTakeover.Side.OWNER) is not None:
        raise RuleBroken(Rule.HELP_IS_ON, partner=partner.name)
    reason, note = ("", "") if is_off else reasons.given(reason, note)
    partner.we_ask_at = None if is_off else at
    partner.we_ask_reason, partner.we_ask_note = reason, note
    partner.save(update_fields=["we_ask_at", "we_ask_reason", "we_ask_note"])
    if is_off:
        _log("help_not_asked", partner, by=by, at=at)
    else:
        _log("help_asked", partner, by=by, at=at, reason=reason)
    return partner


@transaction.atomic
def want_back(*, partner_id: int, by: User, at: datetime) -> HelpTakeover:
    """Ask to have everything back. The helper begins when it hears it.

    Raises `RuleBroken` (HELP_IS_NOT_ON).
    """
    partner = agreements.locked(partner_id)
    takeover = takeovers.live_one(partner, HelpTakeover.Side.OWNER)
    if takeover is None:
        raise RuleBroken(Rule.HELP_IS_NOT_ON)
    takeover.we_want_back_at = takeover.we_want_back_at or at
    takeover.save(update_fields=["we_want_back_at"])
    _log("help_wanted_back", partner, by=by, at=at)
    return takeover


def _log(what: str, partner: Partner, *, by: User, at: datetime, **data: str) -> None:
    audit.log(
        what=what,
        by=by,
        at=at,
        district_id=partner.sentral.host_district_id,
        table="records_partner",
        row_id=partner.pk,
        purpose="",
        data=data,
    )
