"""To the fastlege: the note when a contact ends, and the epikrise of a clinical note.

A note is queued with the closing, in the same transaction. It is then sent by a job, and
the other side answers in its own time:

    queued ──► sent ──► received
       ▲  │      └────► failed ──► a human sees to it: sends it again, or hands it over
       │  └──► stopped, when the patient takes the consent back before it is sent
       └── tried again, until so many attempts have gone wrong ──► failed

The epikrise of a clinical note goes the same way (`queue_epikrise`): once for each version.
"""

import logging
from datetime import datetime
from uuid import UUID

from django.db import OperationalError, transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone, translation

from varde.apps.records import audit, events, settings
from varde.apps.records.delivery import Delivery, DeliveryFailed, OutgoingNote
from varde.apps.records.events import Happened
from varde.apps.records.live import Topic, announce
from varde.apps.records.models import (
    ClinicalNote,
    Contact,
    FastlegeNote,
    User,
)
from varde.apps.sentral import jobs
from varde.apps.sentral.queries.note_text import note_context
from varde.apps.sentral.services.contacts import locked
from varde.apps.sentral.services.contacts.values import Why, not_valid, plain
from varde.domain.errors import Rule, RuleBroken


log = logging.getLogger("varde.sentral")
Kind, State = FastlegeNote.Kind, FastlegeNote.State


@transaction.atomic
def queue_note(*, contact_id: int, by: User, at: datetime) -> FastlegeNote | None:
    """Write the contact's note to its fastlege and put it in the queue.

    Only with the patient's consent, and a known fastlege; else None, and nothing is
    written. A contact that was opened again and closed gives a new version; what has been
    sent is not called back, and the new version says that it replaces the one before.
    """
    contact = locked(contact_id, may_be_closed=True)
    if contact.consent_fastlege is not True or contact.fastlege_id is None:
        return None
    before = FastlegeNote.objects.filter(contact=contact, kind=Kind.CONTACT)
    version = before.count() + 1
    note = FastlegeNote.objects.create(
        contact=contact,
        district_id=contact.district_id,
        version=version,
        fastlege_id=contact.fastlege_id,
        text=_text(contact, version=version, at=at),
        queued_at=at,
    )
    _tell(note, contact, Happened.NOTE_QUEUED, by=by, at=at)
    jobs.deliver_notes.defer()
    return note


@transaction.atomic
def queue_epikrise(
    *,
    note: ClinicalNote,
    contact: Contact,
    message_id: UUID,
    text: str,
    document: str,
    by: User,
    at: datetime,
) -> FastlegeNote | None:
    """Put the epikrise of a signed version in the queue, once; the contact's row is locked
    by the caller.

    None, and nothing is written, where the version has its epikrise already; one that was
    stopped before it left is queued again. `document` holds `message_id`.

    Raises `RuleBroken`: CONSENT_NEEDED, NO_FASTLEGE.
    """
    if contact.consent_fastlege is not True:
        raise RuleBroken(Rule.CONSENT_NEEDED)
    if contact.fastlege_id is None:
        raise RuleBroken(Rule.NO_FASTLEGE)
    row = FastlegeNote.objects.select_for_update().filter(clinical_note=note).first()
    if row is None:
        row = FastlegeNote.objects.create(
            contact=contact,
            kind=Kind.EPIKRISE,
            clinical_note=note,
            district_id=contact.district_id,
            version=note.version,
            message_id=message_id,
            fastlege_id=contact.fastlege_id,
            text=text,
            document=document,
            queued_at=at,
        )
    elif row.state == State.STOPPED:
        row.state, row.queued_at, row.attempts = State.QUEUED, at, 0
        row.save(update_fields=["state", "queued_at", "attempts"])
    else:
        return None
    _tell(row, contact, Happened.NOTE_QUEUED, by=by, at=at)
    jobs.deliver_notes.defer()
    return row


@transaction.atomic
def stop_queued(*, contact: Contact, by: User, at: datetime) -> int:
    """The patient took the consent back: what has not left yet, stays. How many."""
    rows = FastlegeNote.objects.select_for_update().filter(
        contact=contact, state=State.QUEUED
    )
    for row in rows:
        _stopped(row, contact, by=by, at=at)
    return len(rows)


def queued_ids(*, is_first: bool = False) -> list[int]:
    """The queued messages of the scope at hand, the oldest first; `is_first`: those that
    nobody has tried to send yet."""
    queued = FastlegeNote.objects.filter(state=State.QUEUED)
    if is_first:
        queued = queued.filter(attempts=0)
    return list(queued.order_by("queued_at", "pk").values_list("pk", flat=True))


def deliver_one(note_id: int, *, at: datetime, delivery: Delivery) -> bool:
    """Try one queued message. A fault of its own is logged, and the message waits."""
    try:
        return _deliver(note_id, at=at, delivery=delivery)
    except OperationalError:
        raise  # the database is gone: the rest would fail alike
    except Exception as fault:
        # Its text may hold what it was about; its kind and the id are enough to find it.
        log.error("note %s to the fastlege: %s", note_id, type(fault).__name__)
        return False


@transaction.atomic
def receipt(
    *,
    received: bool,
    at: datetime,
    note_id: int | None = None,
    message_id: str = "",
    fault: str = "",
    version: int | None = None,
) -> FastlegeNote | None:
    """The other side has answered. A repeated answer is absorbed; a note that had failed
    and has arrived after all, has arrived.

    The note is named by its id or its message id. None for one that is not in the scope,
    or is of another version than the answer. An answer to a note that we had not yet
    written as sent (the machine stopped in between) counts as well.
    """
    named = Q(message_id=message_id) if message_id else Q(pk=note_id)
    found = _locked_note(named)
    if found is None or version not in {None, found[1].version}:
        return None
    contact, note = found
    is_settled = note.state in {State.RECEIVED, State.STOPPED}
    if is_settled or (note.state == State.FAILED and not received):
        return note
    note.sent_at = note.sent_at or at
    if received:
        _arrived(note, contact, by=None, at=at)
    else:
        _failed(note, contact, fault=fault or "refused", at=at)
    return note


@transaction.atomic
def send_again(*, note_id: int, by: User, at: datetime) -> FastlegeNote:
    """A human has seen to a failed note: it is queued again, with fresh attempts.

    Raises `RuleBroken` (NOTE_IS_NOT_FAILED, CONSENT_NEEDED).
    """
    contact, note = _failed_note(note_id)
    if contact.consent_fastlege is False:
        raise RuleBroken(Rule.CONSENT_NEEDED)
    note.state, note.attempts, note.fault = FastlegeNote.State.QUEUED, 0, ""
    note.queued_at, note.failed_at, note.sent_at = at, None, None
    note.save()
    _tell(note, contact, Happened.NOTE_QUEUED, by=by, at=at)
    jobs.deliver_notes.defer()
    return note


@transaction.atomic
def handed_over(*, note_id: int, how: str, by: User, at: datetime) -> FastlegeNote:
    """A human has given the fastlege a failed note in another way (read it over the
    telephone, sent it by post). `how` is kept in the log.

    Raises `RuleBroken`: NOTE_IS_NOT_FAILED, FIELD_NOT_VALID (note, empty).
    """
    why = plain("note", how, longest=300)
    if not why:
        raise not_valid("note", Why.EMPTY)
    contact, note = _failed_note(note_id)
    _arrived(note, contact, by=by, at=at)
    audit.log(
        what="note_handed_over",
        by=by,
        at=at,
        district_id=note.district_id,
        patient_id=contact.patient_id,
        contact_id=contact.pk,
        table="records_fastlegenote",
        row_id=note.pk,
        reason=why,
    )
    return note


@transaction.atomic
def _deliver(note_id: int, *, at: datetime, delivery: Delivery) -> bool:
    note = (
        FastlegeNote.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("contact", "fastlege__office")
        .filter(pk=note_id, state=FastlegeNote.State.QUEUED)
        .first()
    )
    if note is None:
        return False
    if note.contact.consent_fastlege is False:
        _stopped(note, note.contact, by=None, at=at)
        return False
    note.attempts += 1
    try:
        delivery.send(
            OutgoingNote(
                note_id=note.pk,
                version=note.version,
                kind=note.kind,
                message_id=str(note.message_id),
                her_id=note.fastlege.office.her_id,
                receiver=note.fastlege.name,
                text=note.text,
                document=note.document,
            )
        )
    except DeliveryFailed as fault:
        return _not_sent(note, fault, at=at)
    note.state, note.sent_at, note.fault = FastlegeNote.State.SENT, at, ""
    note.save(update_fields=["state", "sent_at", "fault", "attempts"])
    _tell(note, note.contact, Happened.NOTE_SENT, by=None, at=at)
    return True


def _not_sent(note: FastlegeNote, fault: DeliveryFailed, *, at: datetime) -> bool:
    most = settings.value(
        "note.max_attempts", on=timezone.localdate(at), district_id=note.district_id
    )
    if fault.is_refused or note.attempts >= most:
        _failed(note, note.contact, fault=fault.fault, at=at)
    else:
        note.fault = fault.fault[:200]
        note.save(update_fields=["attempts", "fault"])
    return False


def _stopped(
    note: FastlegeNote, contact: Contact, *, by: User | None, at: datetime
) -> None:
    note.state = State.STOPPED
    note.save(update_fields=["state"])
    _tell(note, contact, Happened.NOTE_STOPPED, by=by, at=at)


def _arrived(
    note: FastlegeNote, contact: Contact, *, by: User | None, at: datetime
) -> None:
    note.state, note.received_at, note.fault = FastlegeNote.State.RECEIVED, at, ""
    note.save(update_fields=["state", "received_at", "sent_at", "fault"])
    _tell(note, contact, Happened.NOTE_RECEIVED, by=by, at=at)


def _failed(note: FastlegeNote, contact: Contact, *, fault: str, at: datetime) -> None:
    note.state, note.failed_at = FastlegeNote.State.FAILED, at
    note.fault = fault[:200]
    note.save(update_fields=["state", "failed_at", "sent_at", "fault", "attempts"])
    _tell(note, contact, Happened.NOTE_FAILED, by=None, at=at)


def _locked_note(named: Q) -> tuple[Contact, FastlegeNote] | None:
    """The note and its contact, the note locked; None if it is not in the scope."""
    note = (
        FastlegeNote.objects.select_for_update(of=("self",))
        .select_related("contact")
        .filter(named)
        .first()
    )
    return (note.contact, note) if note is not None else None


def _failed_note(note_id: int) -> tuple[Contact, FastlegeNote]:
    found = _locked_note(Q(pk=note_id))
    if found is None or found[1].state != FastlegeNote.State.FAILED:
        raise RuleBroken(Rule.NOTE_IS_NOT_FAILED)
    return found


def _text(contact: Contact, *, version: int, at: datetime) -> str:
    """The note as a person reads it, in bokmål whatever language the sender works in."""
    with translation.override("nb"):
        context = note_context(contact, version=version, now=at)
        text = render_to_string("sentral/notes/fastlege.txt", context)
    return f"{text.strip()}\n"


def _tell(
    note: FastlegeNote,
    contact: Contact,
    kind: Happened,
    *,
    by: User | None,
    at: datetime,
) -> None:
    events.happened(
        contact=contact,
        kind=kind,
        by=by,
        at=at,
        note=note.pk,
        note_kind=note.kind,
        version=note.version,
        attempts=note.attempts,
    )
    announce(Topic.NOTES, sentral_id=contact.sentral_id, contact_id=contact.pk)
