"""Who has a call and its contact in hand: never two, and never none unseen."""

from datetime import datetime

from django.db import connection, transaction

from varde.apps.records import audit, events
from varde.apps.records.events import Happened
from varde.apps.records.live import Topic, announce
from varde.apps.records.models import Call, Contact, User
from varde.apps.sentral.queries import reference
from varde.apps.sentral.queries.claiming import claim_of, claim_rules
from varde.apps.sentral.queries.queue import ON_THE_LINE
from varde.apps.sentral.services import contacts
from varde.domain import claim as domain
from varde.domain.claim import Claim, ClaimedHow
from varde.domain.errors import RuleBroken


def claim_contact(contact: Contact, *, by: User, at: datetime) -> Contact:
    """Claim a locked contact that nobody has, that went stale, or that is one's own.

    Raises `RuleBroken` (OWNED_BY_ANOTHER: owner, since).
    """
    before = claim_of(contact)
    try:
        after = domain.may_claim(
            before, by=str(by.pk), now=at, rules=claim_rules(contact.sentral, at=at)
        )
    except RuleBroken as error:
        raise _with_name(error, contact) from None
    return _put_in_hand(contact, before, after, by=by, at=at)


@transaction.atomic
def take_over_contact(
    *, contact_id: int, by: User, at: datetime, reason: str = ""
) -> Contact:
    """Take a contact, and its call while that is on the line, from a colleague.

    Free within the grace after the claim, later with a reason, which goes to the log.
    What nobody has, or is stale, is free.

    Raises `RuleBroken`: TAKE_OVER_NEEDS_REASON (owner: the name, since), CONTACT_IS_CLOSED.
    """
    lock_calls_of(contact_id)
    contact = contacts.locked(contact_id)
    before = claim_of(contact)
    try:
        after = domain.may_take_over(
            before,
            by=str(by.pk),
            now=at,
            rules=claim_rules(contact.sentral, at=at),
            reason=reason,
        )
    except RuleBroken as error:
        raise _with_name(error, contact) from None
    return _put_in_hand(contact, before, after, by=by, at=at)


@transaction.atomic
def release(*, contact_id: int, by: User, at: datetime) -> Contact:
    """Put one's own contact back, so that the queue shows it as without an owner.

    Raises `RuleBroken`: NOT_YOURS (owner: a name, or ""), CONTACT_IS_CLOSED.
    """
    lock_calls_of(contact_id)
    contact = contacts.locked(contact_id)
    try:
        domain.release(claim_of(contact), by=str(by.pk))
    except RuleBroken as error:
        raise _with_name(error, contact) from None
    contact.owner = None
    contact.claimed_at = None
    contact.heartbeat_at = at
    contact.save(update_fields=["owner", "claimed_at", "heartbeat_at"])
    Call.objects.filter(contact=contact, state__in=ON_THE_LINE).update(owner=None)
    events.happened(contact=contact, kind=Happened.RELEASED, by=by, at=at)
    _tell(contact)
    return contact


HEARTBEAT = """
WITH mine AS (
  SELECT id, heartbeat_at FROM records_contact
  WHERE owner_id = %(user)s AND state = 'open'
    AND (heartbeat_at IS NULL OR heartbeat_at < %(at)s)
  ORDER BY id FOR UPDATE SKIP LOCKED
)
UPDATE records_contact contact SET heartbeat_at = %(at)s
FROM mine WHERE contact.id = mine.id
RETURNING contact.id, contact.sentral_id, mine.heartbeat_at
"""


@transaction.atomic
def heartbeat(*, by: User, at: datetime) -> int:
    """This person's workstation lives: every contact in hand, in one statement.

    Returns how many. One that somebody writes to at this very moment is left for the next
    beat, so that a sign of life never waits. One that had gone stale, and that nobody took,
    is alive again, and the screens are told. Beats never move backwards in time.
    """
    with connection.cursor() as cursor:
        cursor.execute(HEARTBEAT, {"user": by.pk, "at": at})
        beaten = cursor.fetchall()
    _tell_of_revived(beaten, at=at)
    return len(beaten)


def _tell_of_revived(
    beaten: list[tuple[int, int, datetime | None]], *, at: datetime
) -> None:
    for contact_id, sentral_id, before in beaten:
        sentral = reference.sentral(sentral_id)
        if sentral is None:
            continue
        stale_after = claim_rules(sentral, at=at).stale_after
        if before is None or at - before > stale_after:
            announce(
                Topic.QUEUE,
                Topic.CONTACTS,
                sentral_id=sentral_id,
                contact_id=contact_id,
            )


def locked_call(call_id: int) -> Call:
    """The call with its row locked. The door has been passed before."""
    return (
        Call.objects.select_for_update(of=("self",))
        .select_related("sentral")
        .get(pk=call_id)
    )


def lock_calls_of(contact_id: int) -> None:
    """Lock the calls of a contact, before the contact itself."""
    calls = Call.objects.select_for_update().filter(contact_id=contact_id)
    list(calls.order_by("pk").values_list("pk", flat=True))


def _put_in_hand(
    contact: Contact, before: Claim | None, after: Claim, *, by: User, at: datetime
) -> Contact:
    is_new = before is None or before.owner != after.owner
    contact.owner = by
    contact.claimed_at = after.claimed_at
    contact.heartbeat_at = after.beat_at
    contact.save(update_fields=["owner", "claimed_at", "heartbeat_at"])
    if not is_new:
        return contact
    Call.objects.filter(contact=contact, state__in=ON_THE_LINE).update(owner=by)
    _leave_trace(contact, before, after, by=by, at=at)
    _tell(contact)
    return contact


def _leave_trace(
    contact: Contact, before: Claim | None, after: Claim, *, by: User, at: datetime
) -> None:
    facts = {"how": after.how.value, "before": int(before.owner) if before else None}
    kind = Happened.TAKEN_OVER if before else Happened.CLAIMED
    events.happened(contact=contact, kind=kind, by=by, at=at, **facts)
    if after.how is ClaimedHow.FREE:
        return
    audit.log(
        what="contact_taken_over",
        by=by,
        at=at,
        district_id=contact.district_id,
        patient_id=contact.patient_id,
        contact_id=contact.pk,
        reason=after.reason,
        data=facts,
    )


def _tell(contact: Contact) -> None:
    announce(
        Topic.QUEUE,
        Topic.CONTACTS,
        sentral_id=contact.sentral_id,
        contact_id=contact.pk,
    )


def _with_name(error: RuleBroken, contact: Contact) -> RuleBroken:
    """The same refusal with the owner's name in place of the id."""
    owner = contact.owner.name if contact.owner else ""
    return RuleBroken(error.rule, **(error.values | {"owner": owner}))
