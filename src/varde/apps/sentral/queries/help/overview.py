"""The page of help between sentraler: partners, agreements, take-overs and reports."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from varde.apps.records import settings
from varde.apps.records.models import (
    HelpAgreement,
    HelpItem,
    HelpReason,
    HelpTakeover,
    Outcome,
    Partner,
    Sentral,
    User,
)
from varde.apps.sentral import messages
from varde.apps.sentral.services.help import agreements
from varde.domain import help as rules


MOST_REPORTS = 30
LIVE = (rules.Stage.ASKING, rules.Stage.ACTIVE, rules.Stage.RETURNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerState:
    """One partner as it is now. `heard_s` is None for one that was never heard."""

    partner: Partner
    heard_s: int | None
    is_gone: bool
    is_refusing: bool  # it answers our messages with no
    has_secret: bool
    in_force: HelpAgreement | None
    newest: HelpAgreement | None
    helping: HelpTakeover | None
    helped: HelpTakeover | None

    @property
    def likely_reason(self) -> str:
        """Why one would take over now, as far as can be seen; empty where it cannot."""
        if self.is_gone:
            return HelpReason.GONE.value
        return HelpReason.ASKED.value if self.partner.they_ask_at else ""

    @property
    def lines(self) -> list[tuple[str, list[str]]]:
        """Each sentral's code with the lines that the text shares; none named means all."""
        return sorted(self.newest.terms["lines"].items()) if self.newest else []

    @property
    def waits_for_us(self) -> bool:
        """A text that the other wrote, and that we have said neither yes nor no to."""
        row = self.newest
        return row is not None and row.ended_at is None and row.we_accepted_at is None

    @property
    def waits_for_them(self) -> bool:
        """A text of ours that the other has not accepted."""
        row = self.newest
        return row is not None and row.ended_at is None and row.they_accepted_at is None


def partners(sentral: Sentral, *, now: datetime) -> list[PartnerState]:
    """Every partner of the sentral, by name."""
    rows = sentral.partners.select_related("sentral").order_by("name", "pk")
    return [state_of(partner, now=now) for partner in rows]


def state_of(partner: Partner, *, now: datetime) -> PartnerState:
    """One partner as it is now."""
    on = timezone.localdate(now)
    missed_s = settings.value(
        "help.missed_s", on=on, district_id=partner.sentral.host_district_id
    )
    live = {
        takeover.side: takeover for takeover in partner.takeovers.filter(stage__in=LIVE)
    }
    heard = partner.heard_at
    return PartnerState(
        partner=partner,
        heard_s=max(0, int((now - heard).total_seconds())) if heard else None,
        is_gone=rules.is_gone(heard, now=now, missed_s=missed_s),
        is_refusing=partner.refused_at is not None,
        has_secret=bool(agreements.secret_of(partner)),
        in_force=agreements.in_force(partner, on=on),
        newest=agreements.newest(partner),
        helping=live.get(HelpTakeover.Side.HELPER),
        helped=live.get(HelpTakeover.Side.OWNER),
    )


def reports(sentral: Sentral) -> list[HelpTakeover]:
    """The last take-overs and drills that are over, with who took part."""
    found = list(
        HelpTakeover.objects.filter(partner__sentral=sentral, stage=rules.Stage.ENDED)
        .select_related("partner", "began_by")
        .order_by("-began_at")[:MOST_REPORTS]
    )
    ids = {person for one in found for person in one.report.get("people", [])}
    people = User.objects.in_bulk(ids)
    for one in found:
        one.people = [
            people[pk].name for pk in one.report.get("people", []) if pk in people
        ]
        one.reason_words = messages.HELP_REASON.get(one.reason, "")
    return found


def live_rows(sentral: Sentral) -> QuerySet[HelpTakeover]:
    """The help that is on now, ours to others and theirs to us."""
    return HelpTakeover.objects.filter(partner__sentral=sentral, stage__in=LIVE)


def live(sentral: Sentral, *, now: datetime) -> list[HelpTakeover]:
    """What is on now, for the banner, and whether the other is silent: one query."""
    found = list(live_rows(sentral).select_related("partner").order_by("began_at"))
    for one in found:
        missed_s = settings.value(
            "help.missed_s",
            on=timezone.localdate(now),
            district_id=sentral.host_district_id,
        )
        one.is_partner_gone = rules.is_gone(
            one.partner.heard_at, now=now, missed_s=missed_s
        )
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownItem:
    """One item of a take-over, with the record of what was done."""

    item: HelpItem
    number: str
    record: dict[str, Any]
    outcomes: list[str]  # what the helper decided, in words; advice is given already
    contact_id: int | None  # the helper's own
    is_done: bool  # at the helper's, and not given back yet


def items(takeover: HelpTakeover) -> list[ShownItem]:
    """What the take-over holds, in the order in which it was seen."""
    rows = takeover.items.select_related(
        "takeover", "call__contact", "callback__contact", "by"
    ).order_by("since", "pk")
    return [_shown(row) for row in rows]


def _shown(row: HelpItem) -> ShownItem:
    record = json.loads(row.text) if row.text else {}
    told = record.get("contact") or {}
    number = _number(row) or str(record.get("number", ""))
    rows = [one for one in (row.callback, row.call) if one is not None]
    contact = next((one.contact for one in rows if one.contact is not None), None)
    is_helper = row.takeover.side == HelpTakeover.Side.HELPER
    return ShownItem(
        item=row,
        number=number,
        record=record,
        outcomes=[
            str(messages.OUTCOME[kind])
            for kind in told.get("outcomes", [])
            if kind in messages.OUTCOME and kind != Outcome.Kind.ADVICE
        ],
        contact_id=contact.pk if contact is not None and is_helper else None,
        is_done=is_helper and contact is not None and contact.state == "closed",
    )


def _number(row: HelpItem) -> str:
    if row.callback is not None and row.callback.number:
        return row.callback.number
    return row.call.caller_number if row.call is not None else ""
