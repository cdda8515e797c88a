"""Vikarer: asked about, approved by the municipality, in pools, on terms, and why used."""

from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.db import transaction

from varde.apps.records.models import (
    Duty,
    Municipality,
    PoolConsent,
    User,
    VikarApproval,
    VikarDuty,
    VikarPool,
    VikarTerms,
)
from varde.apps.sentral.services.contacts.values import Why, not_valid, plain
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.services.acting import last_day, locked, log, needed_day
from varde.apps.station.services import typed
from varde.domain.errors import Rule, RuleBroken


LONGEST_NAME = 80
LONGEST_AGENCY = 120
LONGEST_TERMS = 500
HIGHEST_RATE = Decimal(100_000)  # NOK an hour; ours: catches a slip of the finger


@transaction.atomic
def ask(
    *,
    person: User,
    municipality: Municipality,
    first_on: str,
    last_on: str,
    by: User,
    at: datetime,
) -> VikarApproval:
    """Ask the municipality to approve a vikar for a time.

    Raises FIELD_NOT_VALID (first_on, last_on), VIKAR_IS_ASKED, and VIKAR_OF_OWN where a
    doctor asks for oneself.
    """
    locked(person)
    if person.pk == by.pk:
        raise RuleBroken(Rule.VIKAR_OF_OWN)
    first = needed_day("first_on", first_on)
    last = last_day("last_on", last_on, first=first)
    asked = VikarApproval.objects.filter(
        person=person, municipality=municipality, state=VikarApproval.State.ASKED
    )
    if asked.exists():
        raise RuleBroken(Rule.VIKAR_IS_ASKED)
    row = VikarApproval.objects.create(
        person=person,
        municipality=municipality,
        valid_from=first,
        valid_to=last,
        asked_by=by,
        asked_at=at,
    )
    log("vikar_asked", row, by=by, at=at, person=person.pk)
    return row


@transaction.atomic
def decide(
    *, approval: VikarApproval, approve: bool, reason: str, by: User, at: datetime
) -> VikarApproval:
    """The municipality says yes or no. A no has a reason.

    Raises VIKAR_IS_DECIDED, VIKAR_OF_OWN, FIELD_NOT_VALID (reason).
    """
    row = VikarApproval.objects.select_for_update().get(pk=approval.pk)
    if row.person_id == by.pk:
        raise RuleBroken(Rule.VIKAR_OF_OWN)
    if row.state != VikarApproval.State.ASKED:
        raise RuleBroken(Rule.VIKAR_IS_DECIDED)
    states = VikarApproval.State
    row.state = states.APPROVED if approve else states.REFUSED
    row.reason = (
        plain("reason", reason, longest=LONGEST_TERMS)
        if approve
        else typed.needed("reason", reason, longest=LONGEST_TERMS)
    )
    row.decided_by, row.decided_at = by, at
    row.save()
    log("vikar_decided", row, by=by, at=at, person=row.person_id, state=row.state)
    return row


@transaction.atomic
def end_approval(
    *, approval: VikarApproval, last_on: str, by: User, at: datetime
) -> VikarApproval:
    """Write the last day of an approval: it may be cut short, and not made longer.

    Raises FIELD_NOT_VALID (last_on), VIKAR_IS_DECIDED for one that was never given,
    VIKAR_OF_OWN, VIKAR_NOT_LENGTHENED (last_on).
    """
    row = VikarApproval.objects.select_for_update().get(pk=approval.pk)
    if row.state != VikarApproval.State.APPROVED:
        raise RuleBroken(Rule.VIKAR_IS_DECIDED)
    if row.person_id == by.pk:
        raise RuleBroken(Rule.VIKAR_OF_OWN)
    last = needed_day("last_on", last_on)
    if last < row.valid_from:
        raise not_valid("last_on", Why.BEFORE_THE_FIRST)
    if row.valid_to is not None and last > row.valid_to:
        raise RuleBroken(Rule.VIKAR_NOT_LENGTHENED, last_on=row.valid_to.isoformat())
    row.valid_to = last
    row.save(update_fields=["valid_to"])
    log("vikar_ended", row, by=by, at=at, person=row.person_id)
    return row


@transaction.atomic
def set_terms(
    *,
    person: User,
    municipality: Municipality,
    first_on: str,
    rate_nok: str,
    terms: str,
    agency: str,
    by: User,
    at: datetime,
) -> VikarTerms:
    """Write what is agreed from a day. An empty rate is unknown, not nothing.

    Raises FIELD_NOT_VALID (first_on, rate_nok, terms, agency), TERMS_ARE_WRITTEN for the
    same day.
    """
    locked(person)
    first = needed_day("first_on", first_on)
    same = VikarTerms.objects.filter(
        person=person, municipality=municipality, valid_from=first
    )
    if same.exists():
        raise RuleBroken(Rule.TERMS_ARE_WRITTEN)
    row = VikarTerms.objects.create(
        person=person,
        municipality=municipality,
        valid_from=first,
        rate_nok=_rate(rate_nok),
        terms=plain("terms", terms, longest=LONGEST_TERMS),
        agency=plain("agency", agency, longest=LONGEST_AGENCY),
        recorded_by=by,
        recorded_at=at,
    )
    log("vikar_terms_set", row, by=by, at=at, person=person.pk)
    return row


@transaction.atomic
def make_pool(
    *,
    name: str,
    municipality: Municipality,
    ask_also: Municipality,
    by: User,
    at: datetime,
) -> VikarPool:
    """Begin a pool: the own municipality consents, another is asked.

    Raises FIELD_NOT_VALID (name, municipality), POOL_NAME_TAKEN.
    """
    wanted = typed.needed("name", name, longest=LONGEST_NAME)
    if ask_also.pk == municipality.pk:
        raise not_valid("municipality", Why.NOT_A_CHOICE)
    if VikarPool.objects.filter(name=wanted).exists():
        raise RuleBroken(Rule.POOL_NAME_TAKEN)
    pool = VikarPool.objects.create(name=wanted, made_by=by, made_at=at)
    common = {"pool": pool, "asked_by": by, "asked_at": at}
    PoolConsent.objects.create(
        municipality=municipality, given_by=by, given_at=at, **common
    )
    PoolConsent.objects.create(municipality=ask_also, **common)
    log("pool_made", pool, by=by, at=at)
    return pool


@transaction.atomic
def ask_into_pool(
    *, pool: VikarPool, municipality: Municipality, by: User, at: datetime
) -> PoolConsent:
    """Ask one more municipality. Raises POOL_HAS_MUNICIPALITY."""
    VikarPool.objects.select_for_update().get(pk=pool.pk)
    there = PoolConsent.objects.filter(
        pool=pool, municipality=municipality, withdrawn_at=None
    )
    if there.exists():
        raise RuleBroken(Rule.POOL_HAS_MUNICIPALITY)
    row = PoolConsent.objects.create(
        pool=pool, municipality=municipality, asked_by=by, asked_at=at
    )
    log("pool_asked", row, by=by, at=at)
    return row


@transaction.atomic
def consent(*, row: PoolConsent, by: User, at: datetime) -> PoolConsent:
    """The municipality says yes to those who are asked now. Raises POOL_IS_SETTLED.

    Said again where others were asked since: a yes is to those who stood there.
    """
    kept = PoolConsent.objects.select_for_update().get(pk=row.pk)
    newer = PoolConsent.objects.filter(pool=kept.pool_id, withdrawn_at=None)
    is_given = (
        kept.given_at is not None
        and not newer.filter(asked_at__gt=kept.given_at).exists()
    )
    if is_given or kept.withdrawn_at is not None:
        raise RuleBroken(Rule.POOL_IS_SETTLED)
    kept.given_by, kept.given_at = by, at
    kept.save(update_fields=["given_by", "given_at"])
    log("pool_consented", kept, by=by, at=at)
    return kept


@transaction.atomic
def withdraw(*, row: PoolConsent, by: User, at: datetime) -> PoolConsent:
    """The municipality says no, or leaves. Raises POOL_IS_SETTLED."""
    kept = PoolConsent.objects.select_for_update().get(pk=row.pk)
    if kept.withdrawn_at is not None:
        raise RuleBroken(Rule.POOL_IS_SETTLED)
    kept.withdrawn_by, kept.withdrawn_at = by, at
    kept.save(update_fields=["withdrawn_by", "withdrawn_at"])
    log("pool_withdrawn", kept, by=by, at=at)
    return kept


@transaction.atomic
def say_why(
    *, duty: Duty, why: str, at_place: Workplace, by: User, at: datetime
) -> VikarDuty:
    """Write why a vikar had a duty; said again, the newest holds.

    Raises FIELD_NOT_VALID (why).
    """
    Duty.objects.select_for_update().get(pk=duty.pk)
    row, _is_new = VikarDuty.objects.update_or_create(
        duty=duty,
        defaults={
            "why": typed.choice("why", why, VikarDuty.Why.values),
            "said_by": by,
            "said_at": at,
        },
    )
    log("vikar_why", row, by=by, at=at, place=at_place, duty=duty.pk, why=row.why)
    return row


def _rate(text: str) -> Decimal | None:
    cleaned = text.strip().replace(" ", "").replace("\u00a0", "").replace(",", ".")
    if not cleaned:
        return None
    try:
        found = Decimal(cleaned)
    except InvalidOperation:
        raise not_valid("rate_nok", Why.NOT_A_NUMBER) from None
    if not found.is_finite() or not 0 < found <= HIGHEST_RATE:
        raise not_valid("rate_nok", Why.NOT_A_NUMBER)
    return found.quantize(Decimal("0.01"))
