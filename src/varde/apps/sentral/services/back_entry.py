"""What was written on paper while Varde was away, entered with the times it happened.

Each act goes through the service that does it live, with `at` as it stands on the form:
clocks, promised times and figures come out as if it had been written then. What the
database calls `recorded_at` is the moment of the entry. It all goes in, or nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from varde.apps.records.models import Contact, Outcome, PaperForm, User
from varde.apps.sentral.access import same_person
from varde.apps.sentral.services import amk, closing, contacts, outcomes, paper_forms
from varde.apps.sentral.services.contacts.patients import count_repeat
from varde.apps.sentral.services.contacts.values import Why, not_valid
from varde.apps.sentral.services.triage import assess, record_vital_signs
from varde.domain.errors import Rule, RuleBroken
from varde.domain.hastegrad import PHONE
from varde.domain.paper_form import TrueTime, in_order


# Settled by something of their own: the patient's coming, AMK's answer, the call itself.
NOT_HERE = frozenset({Outcome.Kind.INTERPRETER, Outcome.Kind.CALL_BACK})
KINDS = tuple(kind for kind in Outcome.Kind if kind not in NOT_HERE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneEntry:
    """A form of the telephone, as it was filled in. "" and None: nothing is written."""

    rang_at: datetime | None
    judged_at: datetime | None
    decided_at: datetime | None = None
    done_at: datetime | None = None
    closed_at: datetime | None = None
    amk_called_at: datetime | None = None
    amk_mode: str = ""  # of `AmkHandover.Mode`
    amk_answered_at: datetime | None = None
    mission_number: str = ""
    hastegrad: str = ""
    patient: Mapping[str, str] = field(default_factory=dict)
    contact: Mapping[str, str] = field(default_factory=dict)
    vital_signs: Mapping[str, str] = field(default_factory=dict)
    outcome: str = ""
    note: str = ""
    station_id: int | None = None
    promised_at: datetime | None = None
    reason_code: str = ""


@transaction.atomic
def enter_phone(*, form_id: int, entry: PhoneEntry, by: User, at: datetime) -> Contact:
    """Enter a form of the telephone. `at` is now; the times that count are the form's.

    There is no telephone event, so the answer time's statistic does not have it. Without
    `closed_at` the contact is open, in the hand of the one who entered it.

    Raises `RuleBroken`: PAPER_FORM_USED, PAPER_FORM_VOID, the three TRUE_TIME rules, and
    what the acts themselves refuse.
    """
    form = paper_forms.taken(form_id)
    _check_times(entry, form, now=at)
    rang_at, judged_at = entry.rang_at, entry.judged_at
    if rang_at is None or judged_at is None:  # `_check_times` has refused it
        raise RuleBroken(Rule.TRUE_TIME_MISSING, field="rang_at")
    contact = contacts.open_contact(
        sentral=form.print.sentral, channel=Contact.Channel.PHONE, by=by, at=rang_at
    )
    contact.source = paper_forms.SOURCE
    contact.save(update_fields=["source"])
    written = {name: text for name, text in entry.contact.items() if text.strip()}
    choose_patient(contact, entry.patient, by=by, at=rang_at)
    contacts.save_fields(contact_id=contact.pk, fields=written, by=by, at=rang_at)
    vital_signs = {n: text for n, text in entry.vital_signs.items() if text.strip()}
    if vital_signs:
        record_vital_signs(
            contact_id=contact.pk, values=vital_signs, scale=1, by=by, at=judged_at
        )
    assess(
        contact_id=contact.pk,
        axis=PHONE.code,
        complaint="",
        criteria=(),
        hastegrad=entry.hastegrad,
        red_flags_ruled_out=None,
        reason_lowered="",
        by=by,
        at=judged_at,
    )
    _hand_over(contact, entry, by=by)
    _decide(contact, entry, by=by)
    if entry.reason_code.strip():
        closing.set_reason(
            contact_id=contact.pk,
            code=entry.reason_code.strip().upper(),
            deliberate=True,
            by=by,
            at=entry.closed_at or entry.decided_at or judged_at,
        )
    if entry.closed_at is not None:
        closing.close(contact_id=contact.pk, by=by, at=entry.closed_at)
    else:
        _keep_in_hand(contact, at=at)
    paper_forms.entered(form, contact, by=by, at=at)
    count_later(contact)
    return contact


def count_later(contact: Contact) -> None:
    """Count again the person's contacts after this one, as if it had been there first."""
    contact.refresh_from_db()
    if contact.patient is None:
        return
    later = (
        Contact.objects.select_for_update(of=("self",))
        .filter(patient__in=same_person(contact.patient))
        .filter(opened_at__gt=contact.opened_at)
        .order_by("pk")
    )
    for row in later:
        count_repeat(row, at=row.opened_at)
        row.save(update_fields=["repeat_no"])


def choose_patient(
    contact: Contact, patient: Mapping[str, str], *, by: User, at: datetime
) -> None:
    """Whose contact it is, by what is written: known by a number, new, or unknown."""
    known = {name: text for name, text in patient.items() if text.strip()}
    is_named = known.get("national_id") or (
        known.get("family_name") and known.get("birth_date")
    )
    make = contacts.new_patient if is_named else contacts.unknown_patient
    make(contact_id=contact.pk, fields=known, by=by, at=at)


def _check_times(entry: PhoneEntry, form: PaperForm, *, now: datetime) -> None:
    """In the order of the work; 113 has an order of its own beside it."""
    issued = TrueTime(field="issued_at", at=form.print.issued_at)
    judged = TrueTime(field="judged_at", at=entry.judged_at, is_needed=True)
    closed = TrueTime(field="closed_at", at=entry.closed_at)
    has_outcome = bool(entry.outcome)
    orders: Sequence[Sequence[TrueTime]] = (
        (
            issued,
            TrueTime(field="rang_at", at=entry.rang_at, is_needed=True),
            judged,
            TrueTime(field="decided_at", at=entry.decided_at, is_needed=has_outcome),
            closed,
        ),
        (
            TrueTime(field="decided_at", at=entry.decided_at),
            TrueTime(field="done_at", at=entry.done_at),
        ),
        (
            judged,
            TrueTime(
                field="amk_called_at",
                at=entry.amk_called_at,
                is_needed=entry.amk_answered_at is not None or bool(entry.amk_mode),
            ),
            TrueTime(field="amk_answered_at", at=entry.amk_answered_at),
            closed,
        ),
    )
    for times in orders:
        in_order(times, now=now)


def _hand_over(contact: Contact, entry: PhoneEntry, *, by: User) -> None:
    if entry.amk_called_at is not None:
        if not entry.amk_mode:
            raise not_valid("mode", Why.EMPTY)
        amk.called(
            contact_id=contact.pk,
            mode=entry.amk_mode,
            by=by,
            at=entry.amk_called_at,
        )
    if entry.amk_answered_at is not None:
        amk.acknowledge(
            contact_id=contact.pk,
            mission_number=entry.mission_number,
            said="",
            by=by,
            at=entry.amk_answered_at,
        )


def _decide(contact: Contact, entry: PhoneEntry, *, by: User) -> None:
    if not entry.outcome or entry.decided_at is None:
        return
    if entry.outcome not in KINDS:
        raise not_valid("kind", Why.NOT_A_CHOICE)
    is_attendance = entry.outcome == Outcome.Kind.ATTENDANCE
    if is_attendance and entry.promised_at is None:
        raise not_valid("promised_at", Why.EMPTY)
    outcome = outcomes.add(
        contact_id=contact.pk,
        kind=entry.outcome,
        note=entry.note,
        station_id=entry.station_id,
        promised_at=entry.promised_at if is_attendance else None,
        was_told=is_attendance,
        by=by,
        at=entry.decided_at,
    )
    is_task = outcome.state == Outcome.State.OPEN
    if entry.done_at is not None and is_task and not is_attendance:
        outcomes.settle(outcome_id=outcome.pk, by=by, at=entry.done_at)


def _keep_in_hand(contact: Contact, *, at: datetime) -> None:
    """In the hand of the one who entered it, from now on and not since it rang."""
    Contact.objects.filter(pk=contact.pk, owner__isnull=False).update(
        claimed_at=at, heartbeat_at=at
    )
