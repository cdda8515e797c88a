"""What another sentral has in hand for us is not taken here at the same time."""

from django.db.models import Q
from django.utils import timezone

from varde.apps.records import settings
from varde.apps.records.kept import kept
from varde.apps.records.models import Call, CallBack, HelpItem, HelpTakeover, Partner
from varde.domain import help as rules
from varde.domain.errors import Rule, RuleBroken


STARTED_AT = timezone.now()  # of this process: before it we may have been gone


def require_ours(*, call: Call | None = None, callback: CallBack | None = None) -> None:
    """Refuse what a partner has, or just after a start may have, taken up.

    Raises `RuleBroken`: HELD_BY_PARTNER (partner), HELP_NOT_HEARD (partner, seconds).
    """
    row = call or callback
    if row is None or row.origin:
        return
    holder = _holder(call, callback)
    since = callback.created_at if callback is not None else row.recorded_at
    if holder is None and since >= STARTED_AT:
        return
    now = timezone.now()
    settle_s = _limit("settle_s", row.district_id)
    if holder is not None:
        if rules.may_take(
            is_held=True,
            is_holder_gone=rules.is_gone(
                holder.heard_at, now=now, missed_s=_limit("missed_s", row.district_id)
            ),
            started_at=STARTED_AT,
            heard_at=None,
            now=now,
            settle_s=settle_s,
        ):
            return
        raise RuleBroken(Rule.HELD_BY_PARTNER, partner=holder.name)
    if rules.may_take(
        is_held=False, started_at=STARTED_AT, heard_at=None, now=now, settle_s=settle_s
    ):
        return
    for partner in _partners(row.sentral_id):
        heard_at = _heard_at(partner.pk)
        if not rules.may_take(
            is_held=False,
            started_at=STARTED_AT,
            heard_at=heard_at,
            now=now,
            settle_s=settle_s,
        ):
            raise RuleBroken(
                Rule.HELP_NOT_HEARD, partner=partner.name, seconds=str(settle_s)
            )


def _limit(key: str, district_id: int) -> int:
    on = timezone.localdate()
    return int(settings.value(f"help.{key}", on=on, district_id=district_id))


def _holder(call: Call | None, callback: CallBack | None) -> Partner | None:
    of = Q(pk=None)
    if call is not None:
        of |= Q(call=call)
    if callback is not None:
        of |= Q(callback=callback)
        if callback.call_id is not None:
            of |= Q(call_id=callback.call_id)
    item = (
        HelpItem.objects.filter(
            of,
            state=HelpItem.State.OPEN,
            takeover__side=HelpTakeover.Side.OWNER,
            takeover__is_drill=False,
        )
        .exclude(takeover__stage=HelpTakeover.Stage.ENDED)
        .select_related("takeover__partner")
        .first()
    )
    return item.takeover.partner if item is not None else None


@kept
def _partners(sentral_id: int) -> list[Partner]:
    """Those with whom an agreement is in force."""
    on = timezone.localdate()
    return list(
        Partner.objects.filter(
            Q(agreements__valid_to=None) | Q(agreements__valid_to__gt=on),
            sentral_id=sentral_id,
            agreements__we_accepted_at__isnull=False,
            agreements__they_accepted_at__isnull=False,
            agreements__ended_at=None,
            agreements__valid_from__lte=on,
        ).distinct()
    )


def _heard_at(partner_id: int):  # type: ignore[no-untyped-def]
    return (
        Partner.objects.filter(pk=partner_id).values_list("heard_at", flat=True).first()
    )
