"""The hand-over to 113. Its clock starts by itself when the hastegrad is set to red."""

import logging
from datetime import datetime

from django.db import OperationalError, transaction
from django.utils import timezone

from varde.apps.records import events, settings
from varde.apps.records.events import Happened
from varde.apps.records.live import Topic, announce
from varde.apps.records.models import AmkHandover, Contact, Outcome, User
from varde.apps.sentral.services.contacts import locked
from varde.apps.sentral.services.contacts.values import Why, not_valid, plain
from varde.domain import amk as rules
from varde.domain.amk import CalledBy, HandOver
from varde.domain.errors import Rule, RuleBroken


log = logging.getLogger("varde.sentral")

LONGEST_SAID = 4000  # characters


@transaction.atomic
def called(*, contact_id: int, mode: str, by: User, at: datetime) -> AmkHandover:
    """AMK was called: in conference, or the caller was transferred.

    Starts the clock if nothing has, and gives the contact its 113 outcome. Raises
    `RuleBroken`: FIELD_NOT_VALID (mode), AMK_ALREADY_ACKNOWLEDGED, AMK_STOOD_DOWN.
    """
    contact = locked(contact_id, may_be_closed=True)
    if mode not in AmkHandover.Mode.values:
        raise not_valid("mode", Why.NOT_A_CHOICE)
    row = start(contact, by=by, at=at)
    after = rules.called(as_domain(row), at=at, by=CalledBy(mode))
    row.called_at, row.mode, row.called_by = after.called_at, mode, by
    row.save(update_fields=["called_at", "mode", "called_by"])
    _outcome(contact, by=by, at=at)
    _tell(contact, Happened.AMK_CALLED, by=by, at=at, mode=mode)
    return row


@transaction.atomic
def acknowledge(
    *, contact_id: int, mission_number: str, said: str, by: User, at: datetime
) -> AmkHandover:
    """AMK has taken over: their mission number, and what was said.

    Raises `RuleBroken`: AMK_NOT_CALLED, AMK_MISSION_NUMBER_NEEDED,
    AMK_ALREADY_ACKNOWLEDGED, AMK_STOOD_DOWN, FIELD_NOT_VALID (a text too long).
    """
    contact = locked(contact_id, may_be_closed=True)
    number = plain("mission_number", mission_number, longest=40)
    row = _locked_handover(contact)
    if row is None:
        raise RuleBroken(Rule.AMK_NOT_CALLED)
    rules.acknowledged(as_domain(row), at=at, mission_number=number)
    row.acknowledged_at, row.mission_number = at, number
    row.said = plain("said", said, longest=LONGEST_SAID) or row.said
    row.save(update_fields=["acknowledged_at", "mission_number", "said"])
    outcome = _outcome(contact, by=by, at=at)
    outcome.state, outcome.settled_at, outcome.settled_by = Outcome.State.DONE, at, by
    outcome.save(update_fields=["state", "settled_at", "settled_by"])
    seconds = int(rules.open_s(as_domain(row), now=at))
    _tell(contact, Happened.AMK_ACKNOWLEDGED, by=by, at=at, seconds=seconds)
    return row


@transaction.atomic
def not_needed(*, contact_id: int, reason: str, by: User, at: datetime) -> AmkHandover:
    """It was not red after all, or 113 is not the answer: the clock stops, with a reason.

    An open 113 outcome is cancelled with it. Raises `RuleBroken`:
    AMK_STAND_DOWN_NEEDS_REASON, AMK_ALREADY_ACKNOWLEDGED, AMK_STOOD_DOWN.
    """
    contact = locked(contact_id, may_be_closed=True)
    why = plain("reason", reason, longest=300)
    row = _locked_handover(contact)
    if row is None:
        raise RuleBroken(Rule.AMK_NOT_CALLED)
    rules.stood_down(as_domain(row), at=at, reason=why)
    row.not_needed_at, row.not_needed_by, row.not_needed_reason = at, by, why
    row.save(update_fields=["not_needed_at", "not_needed_by", "not_needed_reason"])
    for outcome in _open_outcomes(contact):
        outcome.state = Outcome.State.CANCELLED
        outcome.settled_at, outcome.settled_by, outcome.note = at, by, why
        outcome.save(update_fields=["state", "settled_at", "settled_by", "note"])
    _tell(contact, Happened.AMK_NOT_NEEDED, by=by, at=at)
    return row


def start(contact: Contact, *, by: User, at: datetime) -> AmkHandover:
    """The hand-over of a locked contact, started now unless its clock runs already.

    One that AMK has acknowledged stays so. One that was called off starts anew: what was
    before is in the events.
    """
    row = _locked_handover(contact)
    if row is not None and row.not_needed_at is None:
        return row
    if row is None:
        row = AmkHandover(
            contact=contact, district_id=contact.district_id, sentral=contact.sentral
        )
    row.started_at = at
    row.mode, row.called_at, row.called_by = "", None, None
    row.not_needed_at, row.not_needed_by, row.not_needed_reason = None, None, ""
    row.alarmed_at = None
    row.save()
    _tell(contact, Happened.AMK_STARTED, by=by, at=at)
    return row


def outcome_of(contact: Contact) -> Outcome | None:
    """The contact's 113 outcome, open or done; None without one, or when it was called off."""
    standing = contact.outcomes.filter(kind=Outcome.Kind.AMK)
    return standing.exclude(state=Outcome.State.CANCELLED).order_by("pk").last()


def alarm_due(*, at: datetime) -> int:
    """Alarm the shift leader of each hand-over whose time has run out, once.

    Run every second by the clock. Each is a transaction (or savepoint) of its own: one that
    fails is logged by its id and the rest are alarmed. Returns how many were alarmed.
    """
    waiting = AmkHandover.objects.filter(
        acknowledged_at=None, not_needed_at=None, alarmed_at=None, started_at__lte=at
    )
    due = [row.contact_id for row in waiting.order_by("started_at") if _is_due(row, at)]
    return sum(_alarm_or_log(contact_id, at=at) for contact_id in due)


def _alarm_or_log(contact_id: int, *, at: datetime) -> bool:
    try:
        return _alarm(contact_id, at=at)
    except OperationalError:
        raise  # the database is gone: the rest would fail alike
    except Exception as fault:
        # Its text may hold what it was about; its kind and the id are enough to find it.
        log.error("113 of contact %s: %s", contact_id, type(fault).__name__)
        return False


def _is_due(row: AmkHandover, at: datetime) -> bool:
    after_s = settings.value(
        "amk.alarm_s", on=timezone.localdate(at), district_id=row.district_id
    )
    return rules.is_alarming(as_domain(row), now=at, alarm_after_s=after_s)


@transaction.atomic
def _alarm(contact_id: int, *, at: datetime) -> bool:
    contact = locked(contact_id, may_be_closed=True)
    row = _locked_handover(contact)
    if row is None or row.alarmed_at is not None or not _is_due(row, at):
        return False
    row.alarmed_at = at
    row.save(update_fields=["alarmed_at"])
    _tell(contact, Happened.AMK_ALARMED, by=None, at=at)
    return True


def as_domain(row: AmkHandover) -> HandOver:
    """The stored hand-over as the rules see it."""
    return HandOver(
        red_at=row.started_at,
        called_at=row.called_at,
        called_by=CalledBy(row.mode) if row.mode else None,
        acknowledged_at=row.acknowledged_at,
        mission_number=row.mission_number,
        stood_down_at=row.not_needed_at,
        stood_down_reason=row.not_needed_reason,
    )


def _locked_handover(contact: Contact) -> AmkHandover | None:
    return (
        AmkHandover.objects.select_for_update(of=("self",))
        .filter(contact=contact)
        .first()
    )


def _open_outcomes(contact: Contact) -> list[Outcome]:
    return list(
        contact.outcomes.filter(kind=Outcome.Kind.AMK, state=Outcome.State.OPEN)
    )


def _outcome(contact: Contact, *, by: User, at: datetime) -> Outcome:
    """The contact's open 113 outcome, made if there is none: nothing is entered twice."""
    found = _open_outcomes(contact)
    if found:
        return found[0]
    return Outcome.objects.create(
        contact=contact,
        district_id=contact.district_id,
        kind=Outcome.Kind.AMK,
        owner=by,
        owner_role="operator",
        created_at=at,
        created_by=by,
        due_at=at,
    )


def _tell(
    contact: Contact,
    kind: Happened,
    *,
    by: User | None,
    at: datetime,
    **data: str | int,
) -> None:
    events.happened(contact=contact, kind=kind, by=by, at=at, **data)
    announce(
        Topic.AMK,
        Topic.CONTACTS,
        sentral_id=contact.sentral_id,
        contact_id=contact.pk,
    )
