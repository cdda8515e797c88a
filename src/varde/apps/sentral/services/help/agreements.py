"""The other sentral and the agreement with it. In force when both accepted one text."""

from datetime import date, datetime
from typing import Any

from django.conf import settings as configured
from django.db import transaction
from django.db.models import Q

from varde.apps.records import audit
from varde.apps.records.models import HelpAgreement, Partner, Sentral, User
from varde.apps.sentral.services.contacts.values import Why, not_valid, plain
from varde.apps.sentral.services.help.told import (
    LONGEST_LINE,
    LONGEST_TEXT,
    MOST_LINES,
    AgreementTold,
    is_terms,
)
from varde.domain.errors import Rule, RuleBroken
from varde.engines.help.sealing import terms_hash


def secret_of(partner: Partner) -> str:
    """What we share with it; empty where the server has no such secret."""
    return str(configured.HELP_SECRETS.get(partner.code, ""))


def in_force(partner: Partner, *, on: date) -> HelpAgreement | None:
    """The agreement that both have accepted and nobody has ended."""
    return (
        partner.agreements.filter(
            Q(valid_to=None) | Q(valid_to__gt=on),
            we_accepted_at__isnull=False,
            they_accepted_at__isnull=False,
            ended_at=None,
            valid_from__lte=on,
        )
        .order_by("-pk")
        .first()
    )


def newest(partner: Partner) -> HelpAgreement | None:
    """The text that is spoken of now: in force, proposed, or ended last."""
    return partner.agreements.order_by("-pk").first()


@transaction.atomic
def make_partner(
    *, sentral: Sentral, code: str, name: str, address: str, by: User, at: datetime
) -> Partner:
    """Name another sentral. Raises `RuleBroken` (FIELD_NOT_VALID, HELP_NO_SECRET)."""
    code = plain("code", code, longest=12).upper()
    name = plain("name", name, longest=120)
    address = plain("address", address, longest=200).rstrip("/")
    for field, value in (("code", code), ("name", name), ("address", address)):
        if not value:
            raise RuleBroken(Rule.FIELD_NOT_VALID, field=field, why="empty")
    if not address.startswith(("https://", "http://")) or any(
        c.isspace() for c in address
    ):
        raise not_valid("address", Why.NOT_A_CHOICE)
    if code == sentral.code or sentral.partners.filter(code=code).exists():
        raise not_valid("code", Why.NOT_A_CHOICE)
    if not configured.HELP_SECRETS.get(code):
        raise RuleBroken(Rule.HELP_NO_SECRET, partner=code)
    partner = Partner.objects.create(
        sentral=sentral, code=code, name=name, address=address, made_at=at, made_by=by
    )
    _log("help_partner_made", partner, by=by, at=at)
    return partner


@transaction.atomic
def propose(
    *,
    partner_id: int,
    text: str,
    our_lines: list[str],
    their_lines: list[str],
    is_automatic: bool,
    valid_from: date,
    valid_to: date | None,
    by: User,
    at: datetime,
) -> HelpAgreement:
    """Write a new text and accept it for our side. The other side is sent it.

    What is in force stays in force until the other has accepted the new text. Raises
    `RuleBroken` (FIELD_NOT_VALID) for an empty text, dates in the wrong order, or the name
    of a line that is longer than that of any.
    """
    partner = locked(partner_id)
    text = text.strip()
    if not text:
        raise RuleBroken(Rule.FIELD_NOT_VALID, field="text", why="empty")
    if len(text) > LONGEST_TEXT:
        raise not_valid("text", Why.TOO_LONG)
    if valid_to is not None and valid_to <= valid_from:
        raise not_valid("valid_to", Why.NOT_A_CHOICE)
    our_lines = _lines("our_lines", our_lines)
    their_lines = _lines("their_lines", their_lines)
    terms: dict[str, Any] = {
        "parties": sorted([partner.sentral.code, partner.code]),
        "text": text,
        "lines": {partner.sentral.code: our_lines, partner.code: their_lines},
        "automatic": is_automatic,
        "valid_from": valid_from.isoformat(),
        "valid_to": valid_to.isoformat() if valid_to else None,
        "written_at": at.isoformat(),
    }
    _drop_proposals(partner, at=at, by=by)
    agreement = HelpAgreement.objects.create(
        partner=partner,
        terms=terms,
        terms_hash=terms_hash(terms),
        valid_from=valid_from,
        valid_to=valid_to,
        we_accepted_at=at,
        we_accepted_by=by,
    )
    _log("help_proposed", partner, by=by, at=at, agreement=agreement.pk)
    return agreement


@transaction.atomic
def accept(
    *, agreement_id: int, terms_hash: str, by: User, at: datetime
) -> HelpAgreement:
    """Accept the text that was read: its fingerprint must be that of the row.

    Raises `RuleBroken` (HELP_AGREEMENT_NOT_OPEN).
    """
    agreement = HelpAgreement.objects.select_for_update().get(pk=agreement_id)
    if (
        agreement.ended_at is not None
        or agreement.we_accepted_at is not None
        or agreement.terms_hash != terms_hash
    ):
        raise RuleBroken(Rule.HELP_AGREEMENT_NOT_OPEN)
    agreement.we_accepted_at, agreement.we_accepted_by = at, by
    agreement.save(update_fields=["we_accepted_at", "we_accepted_by"])
    _replace_older(agreement, at=at)
    _log("help_accepted", agreement.partner, by=by, at=at, agreement=agreement.pk)
    return agreement


@transaction.atomic
def end(*, agreement_id: int, by: User, at: datetime) -> HelpAgreement:
    """End an agreement, or say no to a text. Either side may, at any time.

    A take-over that is on is finished first by its own rules. Raises `RuleBroken`
    (HELP_AGREEMENT_NOT_OPEN).
    """
    agreement = HelpAgreement.objects.select_for_update().get(pk=agreement_id)
    if agreement.ended_at is not None:
        raise RuleBroken(Rule.HELP_AGREEMENT_NOT_OPEN)
    agreement.ended_at, agreement.ended_by = at, by
    agreement.save(update_fields=["ended_at", "ended_by"])
    _forget_copy(agreement.partner, on=at.date())
    _log("help_ended", agreement.partner, by=by, at=at, agreement=agreement.pk)
    return agreement


@transaction.atomic
def set_routes(*, partner_id: int, text: str, by: User, at: datetime) -> Partner:
    """Write what a helper must know about us. Raises `RuleBroken` (FIELD_NOT_VALID)."""
    partner = locked(partner_id)
    if len(text) > LONGEST_TEXT:
        raise not_valid("our_routes", Why.TOO_LONG)
    partner.our_routes = text.strip()
    partner.save(update_fields=["our_routes"])
    _log("help_routes", partner, by=by, at=at)
    return partner


def hear(partner: Partner, told: AgreementTold, *, at: datetime) -> None:
    """Take in what the other says of the agreement: a new text, a yes, or an end.

    A new text that is not as `propose` writes it is not taken: what counts must be what is
    shown to the one who accepts it.
    """
    if terms_hash(told.terms) != told.hash:
        return
    row = HelpAgreement.objects.select_for_update().filter(
        partner=partner, terms_hash=told.hash
    ).first()  # fmt: skip
    if row is None:
        parties = (partner.sentral.code, partner.code)
        if told.ended or not is_terms(told.terms, parties=parties):
            return
        _drop_proposals(partner, at=at, by=None)
        _delete_unanswered(partner)
        valid_to = told.terms["valid_to"]
        row = HelpAgreement(
            partner=partner,
            terms=told.terms,
            terms_hash=told.hash,
            valid_from=date.fromisoformat(told.terms["valid_from"]),
            valid_to=date.fromisoformat(valid_to) if valid_to else None,
        )
    before = (row.pk, row.they_accepted_at, row.ended_at)
    if told.accepted_at is not None and row.they_accepted_at is None:
        row.they_accepted_at = told.accepted_at
        row.they_accepted_by = told.accepted_by
    if told.ended and row.ended_at is None:
        row.ended_at = at
    if before == (row.pk, row.they_accepted_at, row.ended_at):
        return
    row.save()
    _replace_older(row, at=at)
    _forget_copy(partner, on=at.date())
    _log("help_agreement_heard", partner, by=None, at=at, agreement=row.pk)


def locked(partner_id: int) -> Partner:
    """The partner with its row locked."""
    return (
        Partner.objects.select_for_update(of=("self",))
        .select_related("sentral")
        .get(pk=partner_id)
    )


def _drop_proposals(partner: Partner, *, at: datetime, by: User | None) -> None:
    open_ones = partner.agreements.filter(ended_at=None).filter(
        Q(we_accepted_at=None) | Q(they_accepted_at=None)
    )
    open_ones.update(ended_at=at, ended_by=by)


def _delete_unanswered(partner: Partner) -> None:
    """Texts of the other's that nobody here said yes or no to: the next takes their place.

    Else one that sends a new text each second would fill the disk.
    """
    partner.agreements.filter(we_accepted_at=None, ended_by=None).delete()


def _lines(field: str, lines: list[str]) -> list[str]:
    if len(lines) > MOST_LINES:
        raise not_valid(field, Why.TOO_LONG)
    return [plain(field, line, longest=LONGEST_LINE) for line in lines]


def _replace_older(agreement: HelpAgreement, *, at: datetime) -> None:
    """A text that both have accepted takes the place of the one before."""
    if agreement.they_accepted_at is None or agreement.we_accepted_at is None:
        return
    older = agreement.partner.agreements.filter(ended_at=None, pk__lt=agreement.pk)
    older.update(ended_at=at)


def _forget_copy(partner: Partner, *, on: date) -> None:
    """Without an agreement nothing of the other's queue is kept here."""
    if partner.copy and in_force(partner, on=on) is None:
        partner.copy, partner.copy_at = "", None
        partner.save(update_fields=["copy", "copy_at"])


def _log(
    what: str, partner: Partner, *, by: User | None, at: datetime, **data: int
) -> None:
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
