"""The clinician's note: written as a draft, signed as a version, and never written over.

draft ──► signed                      (the epikrise goes, by consent)
      └─► waiting ──► signed          a LIS1's, where the station wants another doctor
                  └─► returned        it is corrected: a new draft, a new version
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from varde.apps.records import events, qualifications, settings
from varde.apps.records.events import Happened
from varde.apps.records.live import Topic, announce
from varde.apps.records.models import ClinicalNote, Contact, Phrase, User
from varde.apps.sentral.queries import codes
from varde.apps.sentral.services import fastlege
from varde.apps.sentral.services.contacts import locked
from varde.apps.sentral.services.contacts.saving import put
from varde.apps.sentral.services.contacts.values import Why, contact_values, plain
from varde.apps.station.note_parts import NEEDED, PARTS
from varde.apps.station.queries import epikrise
from varde.apps.station.queries.notes import may_countersign
from varde.domain.errors import Rule, RuleBroken


LONGEST = {"correction": 300}  # characters; the parts: as every long text
LONGEST_PART = 20_000
MOST_DIAGNOSES = 10
State = ClinicalNote.State


@transaction.atomic
def save_draft(
    *,
    contact_id: int,
    station_id: int,
    fields: Mapping[str, str],
    by: User,
    at: datetime,
    seen: int | None = None,
) -> ClinicalNote:
    """Save some parts of one's draft; it is begun with the first, from the newest version.

    The last writer of a part wins; the log has both. `seen` is the newest version that the
    page showed: what is on its way when the draft is signed does not begin another.

    Raises `RuleBroken`: FIELD_UNKNOWN, FIELD_NOT_VALID, CHANGED_BY_ANOTHER (by, at). Then
    none of them is saved.
    """
    values = {}
    for name, text in fields.items():
        if name not in {*PARTS, *LONGEST}:
            raise RuleBroken(Rule.FIELD_UNKNOWN, field=name[:40])
        values[name] = plain(name, text, longest=LONGEST.get(name, LONGEST_PART))
    if seen is not None and not _drafts(contact_id, by=by).exists():
        before = newest(contact_id)
        if before is not None and before.version != seen:
            return _signed_just_now(before, values, seen=seen, by=by)
    draft = _draft(contact_id, station_id=station_id, by=by, at=at)
    changed = [name for name, text in values.items() if getattr(draft, name) != text]
    if changed:
        for name in changed:
            setattr(draft, name, values[name])
        _save(draft, *changed, at=at)
    return draft


@transaction.atomic
def insert_phrase(
    *,
    contact_id: int,
    station_id: int,
    phrase: Phrase,
    into: str,
    by: User,
    at: datetime,
) -> ClinicalNote:
    """Put a phrase at the end of a part of one's draft. Raises FIELD_UNKNOWN."""
    if into not in PARTS:
        raise RuleBroken(Rule.FIELD_UNKNOWN, field=into[:40])
    draft = _draft(contact_id, station_id=station_id, by=by, at=at)
    before = getattr(draft, into)
    text = f"{before}\n{phrase.text}" if before else phrase.text
    setattr(draft, into, plain(into, text, longest=LONGEST_PART))
    _save(draft, into, at=at)
    return draft


@transaction.atomic
def add_diagnosis(
    *, contact_id: int, station_id: int, code: str, by: User, at: datetime
) -> ClinicalNote:
    """Add an ICPC-2 diagnosis to one's draft; the first is the main one.

    Raises `RuleBroken`: REASON_CODE_UNKNOWN (code), NOTE_TOO_MANY_DIAGNOSES (most).
    """
    found = codes.find(code.strip().upper())
    if found is None:
        raise RuleBroken(Rule.REASON_CODE_UNKNOWN, code=code[:10])
    draft = _draft(contact_id, station_id=station_id, by=by, at=at)
    if found.code not in draft.diagnoses:
        if len(draft.diagnoses) >= MOST_DIAGNOSES:
            raise RuleBroken(Rule.NOTE_TOO_MANY_DIAGNOSES, most=str(MOST_DIAGNOSES))
        draft.diagnoses = [*draft.diagnoses, found.code]
        _save(draft, "diagnoses", at=at)
    return draft


@transaction.atomic
def remove_diagnosis(
    *, contact_id: int, station_id: int, code: str, by: User, at: datetime
) -> ClinicalNote:
    """Take a diagnosis out of one's draft. One that is not there changes nothing."""
    draft = _draft(contact_id, station_id=station_id, by=by, at=at)
    if code in draft.diagnoses:
        draft.diagnoses = [one for one in draft.diagnoses if one != code]
        _save(draft, "diagnoses", at=at)
    return draft


@transaction.atomic
def drop_draft(*, contact_id: int, by: User) -> bool:
    """Throw one's own draft away. Whether there was one; the log keeps that it was."""
    number, _ = ClinicalNote.objects.filter(
        contact=contact_id, author=by, state=State.DRAFT
    ).delete()
    return number > 0


@transaction.atomic
def sign(*, contact_id: int, seen: int, by: User, at: datetime) -> ClinicalNote:
    """Sign one's draft: it becomes the next version, and with consent the epikrise goes.

    `seen` is the newest version that the author has looked at (0: none). A LIS1's waits for
    another doctor where the station has decided that (setting `note.countersign_lis1`).

    Pressed twice, it is signed once. Raises `RuleBroken`: NOTE_NOT_BEGUN, CHANGED_BY_ANOTHER (by, at) when a colleague has
    signed in between, NOTE_LACKS (parts), NOTE_NEEDS_DIAGNOSIS,
    NOTE_CORRECTION_NEEDS_REASON.
    """
    contact = locked(contact_id, may_be_closed=True)
    draft = _drafts(contact.pk, by=by).first()
    before = newest(contact.pk)
    if draft is None and before is not None:
        return _signed_just_now(before, {}, seen=seen, by=by)
    if draft is None:
        raise RuleBroken(Rule.NOTE_NOT_BEGUN)
    if before is not None and before.version != seen:
        raise _changed(before)
    _refuse_unfinished(draft, is_correction=before is not None, at=at)
    on = timezone.localdate(at)
    draft.author_is_lis1 = qualifications.is_lis1(by.pk, on=on)
    waits = draft.author_is_lis1 and _setting("note.countersign_lis1", draft, at=at)
    draft.state = State.WAITING if waits else State.SIGNED
    draft.version = (before.version or 0) + 1 if before is not None else 1
    draft.signed_at = at
    draft.save()
    _tell(Happened.CLINICAL_NOTE_SIGNED, draft, contact, by=by, at=at)
    if draft.state == State.SIGNED:
        _send(draft, contact, by=by, at=at)
    return draft


@transaction.atomic
def countersign(*, note_id: int, by: User, at: datetime) -> ClinicalNote:
    """Another doctor signs a LIS1's note as well; with consent the epikrise goes.

    Raises `RuleBroken`: NOTE_IS_DECIDED, NOTE_NEEDS_ANOTHER_DOCTOR.
    """
    note, contact = _to_decide(note_id, by=by, at=at)
    _decide(note, State.SIGNED, by=by, at=at)
    _tell(Happened.CLINICAL_NOTE_COUNTERSIGNED, note, contact, by=by, at=at)
    _send(note, contact, by=by, at=at)
    return note


@transaction.atomic
def send_back(*, note_id: int, comment: str, by: User, at: datetime) -> ClinicalNote:
    """Ask the LIS1 to correct the note. What was signed stays; the correction is a new
    version.

    Raises `RuleBroken`: NOTE_IS_DECIDED, NOTE_NEEDS_ANOTHER_DOCTOR, FIELD_NOT_VALID
    (comment, empty).
    """
    text = plain("comment", comment, longest=300)
    if not text:
        raise RuleBroken(Rule.FIELD_NOT_VALID, field="comment", why=Why.EMPTY)
    note, contact = _to_decide(note_id, by=by, at=at)
    note.decision_note = text
    _decide(note, State.RETURNED, by=by, at=at)
    _tell(Happened.CLINICAL_NOTE_RETURNED, note, contact, by=by, at=at)
    return note


@transaction.atomic
def set_consent(*, contact_id: int, consent: str, by: User, at: datetime) -> Contact:
    """Write whether the fastlege may know. Yes: a signed note's epikrise goes now. Else:
    what has not left yet, stays.

    Raises `RuleBroken` FIELD_NOT_VALID.
    """
    values = contact_values({"consent_fastlege": consent}, at=timezone.localdate(at))
    contact = locked(contact_id, may_be_closed=True)
    if contact.consent_fastlege != values["consent_fastlege"]:
        put(contact, values, by=by, at=at)
        announce(Topic.CONTACTS, sentral_id=contact.sentral_id, contact_id=contact.pk)
    if contact.consent_fastlege is not True:
        fastlege.stop_queued(contact=contact, by=by, at=at)
        return contact
    note = newest(contact.pk)
    if note is not None and note.state == State.SIGNED:
        _send(note, contact, by=by, at=at)
    return contact


def newest(contact_id: int) -> ClinicalNote | None:
    """The newest version that was signed, whatever became of it; None: no note yet."""
    return (
        ClinicalNote.objects.filter(contact=contact_id, version__isnull=False)
        .select_related("author")
        .order_by("-version")
        .first()
    )


def _drafts(contact_id: int, *, by: User) -> QuerySet[ClinicalNote]:
    return ClinicalNote.objects.select_for_update(of=("self",)).filter(
        contact=contact_id, author=by, state=State.DRAFT
    )


def _draft(contact_id: int, *, station_id: int, by: User, at: datetime) -> ClinicalNote:
    """One's draft, locked. Two that begin at once wait for each other at the contact."""
    found = _drafts(contact_id, by=by).first()
    if found is not None:
        return found
    contact = locked(contact_id, may_be_closed=True)
    found = _drafts(contact_id, by=by).first()
    if found is not None:
        return found
    before = newest(contact_id)
    text = {name: getattr(before, name) for name in PARTS} if before else {}
    return ClinicalNote.objects.create(
        contact=contact,
        district_id=contact.district_id,
        station_id=station_id,
        author=by,
        diagnoses=before.diagnoses if before else [],
        started_at=at,
        saved_at=at,
        **text,
    )


def _signed_just_now(
    note: ClinicalNote, values: Mapping[str, str], *, seen: int, by: User
) -> ClinicalNote:
    """The button was pressed twice: the version is there. Else somebody came between."""
    is_mine = note.author_id == by.pk and note.version == seen + 1
    if is_mine and all(getattr(note, name) == text for name, text in values.items()):
        return note
    raise _changed(note)


def _changed(note: ClinicalNote) -> RuleBroken:
    return RuleBroken(
        Rule.CHANGED_BY_ANOTHER,
        by=note.author.name,
        at=note.signed_at.isoformat() if note.signed_at else "",
    )


def _save(draft: ClinicalNote, *changed: str, at: datetime) -> None:
    draft.saved_at = at
    draft.save(update_fields=[*changed, "saved_at"])


def _refuse_unfinished(
    draft: ClinicalNote, *, is_correction: bool, at: datetime
) -> None:
    lacks = [name for name in NEEDED if not getattr(draft, name)]
    if lacks:
        raise RuleBroken(Rule.NOTE_LACKS, parts=", ".join(lacks))
    if not draft.diagnoses and _setting("note.demands_diagnosis", draft, at=at):
        raise RuleBroken(Rule.NOTE_NEEDS_DIAGNOSIS)
    if is_correction and not draft.correction:
        raise RuleBroken(Rule.NOTE_CORRECTION_NEEDS_REASON)


def _to_decide(note_id: int, *, by: User, at: datetime) -> tuple[ClinicalNote, Contact]:
    contact_id = ClinicalNote.objects.values_list("contact", flat=True).get(pk=note_id)
    contact = locked(contact_id, may_be_closed=True)
    note = ClinicalNote.objects.select_for_update(of=("self",)).get(pk=note_id)
    last = newest(contact.pk)
    if note.state != State.WAITING or last is None or last.pk != note.pk:
        raise RuleBroken(Rule.NOTE_IS_DECIDED)
    if not may_countersign(note, contact, by=by, at=at):
        raise RuleBroken(Rule.NOTE_NEEDS_ANOTHER_DOCTOR)
    return note, contact


def _decide(note: ClinicalNote, state: str, *, by: User, at: datetime) -> None:
    note.state, note.decided_by, note.decided_at = state, by, at
    note.save(update_fields=["state", "decided_by", "decided_at", "decision_note"])


def _send(note: ClinicalNote, contact: Contact, *, by: User, at: datetime) -> None:
    """Queue the epikrise of a signed version, by consent."""
    if contact.consent_fastlege is not True or contact.fastlege_id is None:
        return
    made = epikrise.of(note, contact, at=at)
    fastlege.queue_epikrise(
        note=note,
        contact=contact,
        message_id=made.message_id,
        text=epikrise.as_text(made),
        document=epikrise.as_document(made),
        by=by,
        at=at,
    )


def _setting(key: str, note: ClinicalNote, *, at: datetime) -> bool:
    found = settings.value(
        key,
        on=timezone.localdate(at),
        district_id=note.district_id,
        station_id=note.station_id,
    )
    return bool(found)


def _tell(
    kind: Happened, note: ClinicalNote, contact: Contact, *, by: User, at: datetime
) -> None:
    events.happened(
        contact=contact,
        kind=kind,
        by=by,
        at=at,
        clinical_note=note.pk,
        version=note.version,
        state=note.state,
    )
    announce(
        Topic.NOTES,
        Topic.CONTACTS,
        sentral_id=contact.sentral_id,
        contact_id=contact.pk,
    )
