"""Which of our own callers a partner has in hand for us, told with the rows themselves."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from varde.apps.records import settings
from varde.apps.records.models import Call, CallBack, HelpItem, HelpTakeover
from varde.domain import help as rules


@dataclass(frozen=True, slots=True, kw_only=True)
class AtPartner:
    """The partner that has it. One that is silent itself holds nobody back."""

    by: str
    is_gone: bool


def with_holder[Row: (Call, CallBack)](
    rows: QuerySet[Row], *, is_call: bool
) -> QuerySet[Row]:
    """The rows with who has them: no query more."""
    of = Q(call=OuterRef("pk"))
    if not is_call:
        of = Q(callback=OuterRef("pk")) | Q(call=OuterRef("call_id"))
    items = HelpItem.objects.filter(
        of,
        state=HelpItem.State.OPEN,
        takeover__side=HelpTakeover.Side.OWNER,
        takeover__is_drill=False,
    ).annotate(
        name=F("takeover__partner__name"), heard_at=F("takeover__partner__heard_at")
    )
    return rows.annotate(
        held_by=Subquery(items.values("name")[:1]),
        held_heard_at=Subquery(items.values("heard_at")[:1]),
    )


def holder_of(row: Call | CallBack, *, now: datetime) -> AtPartner | None:
    """The partner that has a row of `with_holder`; None where nobody has it."""
    if row.held_by is None:
        return None
    missed_s = settings.value(
        "help.missed_s", on=timezone.localdate(now), district_id=row.district_id
    )
    is_gone = rules.is_gone(row.held_heard_at, now=now, missed_s=missed_s)
    return AtPartner(by=row.held_by, is_gone=is_gone)
