"""The end of a contact: its reason, what must be settled first, and opening it again."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from varde.apps.records import audit, care, events, settings
from varde.apps.records.events import Happened
from varde.apps.records.live import Topic, announce
from varde.apps.records.models import Approval, CallBack, Contact, Outcome, Role, User
from varde.apps.sentral.queries import codes
from varde.apps.sentral.queries.claiming import claim_of, claim_rules
from varde.apps.sentral.queries.contact import facts_of, general_codes
from varde.apps.sentral.services import fastlege
from varde.apps.sentral.services.acting import is_doctor
from varde.apps.sentral.services.contacts import locked
from varde.apps.sentral.services.contacts.values import Why, not_valid, plain
from varde.domain import claim as claiming
from varde.domain import contact as rules
from varde.domain.errors import Rule, RuleBroken


# On the way to an end: they say nothing of what the contact ended in.
ON_THE_WAY = frozenset({Outcome.Kind.CALL_BACK, Outcome.Kind.INTERPRETER})


@transaction.atomic
def set_reason(
    *, contact_id: int, code: str, deliberate: bool, by: User, at: datetime
) -> Contact:
    """Code the reason for the contact with ICPC-2.

    A general code (setting `reason.general_codes`) must be chosen deliberately; that it
    was is kept and counted. Raises `RuleBroken`: CONTACT_IS_CLOSED, REASON_CODE_UNKNOWN
    (code), GENERAL_CODE_NEEDS_CONFIRMATION (code).
    """
    contact = locked(contact_id)
    if codes.find(code) is None:
        raise RuleBroken(Rule.REASON_CODE_UNKNOWN, code=code[:10])
    general = general_codes(contact, now=at)
    rules.may_code(code, general_codes=general, is_confirmed=deliberate)
    is_general = code in general
    contact.reason_code = code
    contact.reason_is_deliberate = is_general and deliberate
    contact.save(update_fields=["reason_code", "reason_is_deliberate"])
    events.happened(
        contact=contact,
        kind=Happened.REASON_SET,
        by=by,
        at=at,
        code=code,
        is_general=is_general,
    )
    announce(Topic.CONTACTS, sentral_id=contact.sentral_id, contact_id=contact.pk)
    return contact


@transaction.atomic
def close(*, contact_id: int, by: User, at: datetime) -> Contact:
    """Close a contact. What lives on has an owner and a time; nothing else may be open.

    The contact leaves its owner's hand, and so do the open tasks that the operator had:
    from now on they are everybody's with that role. With consent a note to the fastlege is
    queued; a contact that ended in advice waits for a doctor's approval, where the district
    has decided that and no doctor closed it.

    Raises `RuleBroken`: CONTACT_IS_CLOSED, OWNED_BY_ANOTHER (owner, since) while a
    colleague has it in hand, FIELD_NOT_VALID (closed_at) before it was opened, and
    CONTACT_HAS_OPEN_ITEMS (items).
    """
    contact = locked(contact_id)
    _refuse_if_anothers(contact, by=by, at=at)
    if at < contact.opened_at:
        raise not_valid("closed_at", Why.IN_THE_PAST)
    rules.may_close(
        facts_of(contact, now=at), general_codes=general_codes(contact, now=at)
    )
    in_care = care.is_in_care(contact.pk)
    contact.state = Contact.State.IN_CARE if in_care else Contact.State.CLOSED
    contact.closed_at, contact.closed_by = at, by
    contact.owner = contact.claimed_at = contact.heartbeat_at = None
    contact.ended_in_advice = _ended_in_advice(contact)
    contact.save(
        update_fields=[
            "state",
            "closed_at",
            "closed_by",
            "owner",
            "claimed_at",
            "heartbeat_at",
            "ended_in_advice",
        ]
    )
    contact.outcomes.filter(state=Outcome.State.OPEN, owner_role=Role.OPERATOR).update(
        owner=None
    )
    events.happened(
        contact=contact,
        kind=Happened.CLOSED,
        by=by,
        at=at,
        ended_in_advice=contact.ended_in_advice,
        seconds=int((at - contact.opened_at).total_seconds()),
    )
    _ask_for_approval(contact, by=by, at=at)
    fastlege.queue_note(contact_id=contact.pk, by=by, at=at)
    _tell(contact)
    return contact


@transaction.atomic
def reopen(*, contact_id: int, reason: str, by: User, at: datetime) -> Contact:
    """Open a closed contact again, in the hand of the one who does it, with a reason.

    When it was closed before, and by whom, is kept in the events; the reason in the log.
    Raises `RuleBroken`: CONTACT_IS_OPEN, FIELD_NOT_VALID (reason).
    """
    why = plain("reason", reason, longest=300)
    if not why:
        raise not_valid("reason", Why.EMPTY)
    contact = locked(contact_id, may_be_closed=True)
    if contact.state == Contact.State.OPEN:
        raise RuleBroken(Rule.CONTACT_IS_OPEN)
    closed_at, closed_by = contact.closed_at, contact.closed_by_id
    contact.state = Contact.State.OPEN
    contact.closed_at = contact.closed_by = contact.ended_in_advice = None
    contact.owner = by
    contact.claimed_at = contact.heartbeat_at = at
    contact.save(
        update_fields=[
            "state",
            "closed_at",
            "closed_by",
            "ended_in_advice",
            "owner",
            "claimed_at",
            "heartbeat_at",
        ]
    )
    events.happened(
        contact=contact,
        kind=Happened.REOPENED,
        by=by,
        at=at,
        closed_at=closed_at.isoformat() if closed_at else None,
        closed_by=closed_by,
    )
    audit.log(
        what="contact_reopened",
        by=by,
        at=at,
        district_id=contact.district_id,
        patient_id=contact.patient_id,
        contact_id=contact.pk,
        reason=why,
    )
    _tell(contact)
    return contact


def _refuse_if_anothers(contact: Contact, *, by: User, at: datetime) -> None:
    """A colleague who has it in hand closes it; a stale one may be closed by anybody."""
    try:
        claiming.may_claim(
            claim_of(contact),
            by=str(by.pk),
            now=at,
            rules=claim_rules(contact.sentral, at=at),
        )
    except RuleBroken as refusal:
        owner = contact.owner.name if contact.owner else ""
        values = refusal.values | {"owner": owner}
        raise RuleBroken(refusal.rule, **values) from None


def _ended_in_advice(contact: Contact) -> bool:
    """Was advice by telephone all that came of it?

    Not for one who came to the door, nor while somebody is still to be rung back.
    """
    kept = contact.outcomes.exclude(state=Outcome.State.CANCELLED)
    kinds = set(kept.values_list("kind", flat=True)) - ON_THE_WAY
    to_ring = contact.callbacks.filter(state=CallBack.State.OPEN).exists()
    return (
        kinds == {Outcome.Kind.ADVICE}
        and contact.channel != Contact.Channel.DOOR
        and not to_ring
    )


def _ask_for_approval(contact: Contact, *, by: User, at: datetime) -> None:
    """Put a contact that ended in advice on the doctor's list, also one closed again."""
    is_wanted = settings.value(
        "doctor.approves_advice",
        on=timezone.localdate(at),
        district_id=contact.sentral.host_district_id,
    )
    if not (is_wanted and contact.ended_in_advice) or is_doctor(by, contact, at=at):
        return
    Approval.objects.update_or_create(
        contact=contact,
        defaults={
            "district_id": contact.district_id,
            "state": Approval.State.WAITING,
            "created_at": at,
            "doctor": None,
            "decided_at": None,
        },
    )


def _tell(contact: Contact) -> None:
    announce(
        Topic.CONTACTS,
        Topic.QUEUE,
        Topic.APPROVALS,
        Topic.NOTES,
        Topic.NUMBERS,
        sentral_id=contact.sentral_id,
        contact_id=contact.pk,
    )
