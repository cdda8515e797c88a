"""An unknown patient gets a name: one record turns out to be another person's, or known."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from varde.apps.records import audit, events
from varde.apps.records.events import Fact, Happened
from varde.apps.records.live import Topic, announce
from varde.apps.records.models import Contact, Patient, User
from varde.apps.sentral.services.contacts.moving import fill, patient_in
from varde.apps.sentral.services.contacts.patients import (
    count_repeat,
    is_identified,
    patients_with,
    put_number,
    read_number,
)
from varde.apps.sentral.services.contacts.values import Why, not_valid, plain
from varde.domain.errors import Rule, RuleBroken


@transaction.atomic
def identify(
    *,
    patient_id: int,
    reason: str,
    by: User,
    at: datetime,
    national_id: str = "",
    into_id: int | None = None,
) -> Patient:
    """Say who a patient is, by number or by pointing at the record that is right.

    A number that nobody in the district has is written on the record itself. Else the
    record is merged into the other one: its contacts go over, what the other lacks is
    filled from it, and where both know something different each keeps its own. The merged
    record stays, with all that it said, and points to the other; each contact has an event
    that names the fields filled and the fields in conflict.

    Returns the patient that counts from now on. Raises `RuleBroken`: FIELD_NOT_VALID
    (reason, patient, birth_date), NATIONAL_ID_NOT_VALID, PATIENT_ALREADY_MERGED, and
    PATIENTS_ARE_DIFFERENT when the two have different numbers.
    """
    reason = plain("reason", reason, longest=300)
    if not reason:
        raise not_valid("reason", Why.EMPTY)
    if bool(national_id) == (into_id is not None):
        raise not_valid("national_id", Why.EMPTY)
    _contacts_of(patient_id)
    patient, into = _both(patient_id, into_id)
    if national_id:
        into = _by_number(patient, national_id, at=at)
    elif into is not None:
        into = patient_in(into, patient.district_id, at=at)
    if into is not None and into.pk == patient.pk:
        return patient

    filled: list[str] = []
    conflicts: list[str] = []
    if into is not None:
        filled, conflicts = _merge(patient, into)
    kept = into or patient
    kind = Happened.PATIENT_MERGED if into else Happened.PATIENT_IDENTIFIED
    facts = {"before": patient.pk, "filled": filled, "conflicts": conflicts}
    for contact in _contacts_of(patient.pk):
        _go_over(contact, kept, kind=kind, facts=facts, by=by, at=at)
    audit.log(
        what=kind,
        by=by,
        at=at,
        district_id=kept.district_id,
        patient_id=kept.pk,
        reason=reason,
        data=facts,
    )
    return kept


def _both(patient_id: int, into_id: int | None) -> tuple[Patient, Patient | None]:
    """Both records, locked in the order of their ids so that two merges never wait for
    each other in a ring."""
    wanted = [patient_id] if into_id is None else [patient_id, into_id]
    rows = {
        row.pk: row
        for row in Patient.objects.select_for_update(of=("self",))
        .filter(pk__in=wanted)
        .order_by("pk")
    }
    for row_id in wanted:
        if row_id not in rows:
            raise not_valid("patient", Why.NOT_FOUND)
        if rows[row_id].merged_into_id is not None:
            raise RuleBroken(Rule.PATIENT_ALREADY_MERGED)
    return rows[patient_id], rows[into_id] if into_id is not None else None


def _by_number(patient: Patient, text: str, *, at: datetime) -> Patient | None:
    """The record that has the number already; None after writing it on this one."""
    number = read_number(text, at=at)
    if patient.national_id and patient.national_id != number.digits:
        raise RuleBroken(Rule.PATIENTS_ARE_DIFFERENT)
    known = patients_with(number.digits, district_id=patient.district_id)
    if known is not None:
        return known
    put_number(patient, number)
    patient.save(update_fields=["national_id", "id_kind", "birth_date"])
    return None


def _merge(patient: Patient, into: Patient) -> tuple[list[str], list[str]]:
    if patient.national_id and into.national_id not in {"", patient.national_id}:
        raise RuleBroken(Rule.PATIENTS_ARE_DIFFERENT)
    # First out of the way: one number belongs to one record of a district at a time.
    patient.merged_into = into
    patient.save(update_fields=["merged_into"])
    filled, conflicts = fill(into, patient)
    Patient.objects.filter(merged_into=patient).update(merged_into=into)
    return filled, conflicts


def _contacts_of(patient_id: int) -> list[Contact]:
    """The contacts of a record, locked. Everywhere contacts are locked before patients, so
    this is asked for before the patients are, and again for one that came meanwhile."""
    return list(
        Contact.objects.select_for_update(of=("self",))
        .filter(patient=patient_id)
        .order_by("pk")
    )


def _go_over(
    contact: Contact,
    kept: Patient,
    *,
    kind: Happened,
    facts: Mapping[str, Fact],
    by: User,
    at: datetime,
) -> None:
    """One contact of the record is now about the patient that is kept."""
    contact.patient = kept
    contact.patient_unknown = not is_identified(kept)
    if contact.state == Contact.State.OPEN:
        contact.fastlege_id = contact.fastlege_id or kept.fastlege_id
        count_repeat(contact, at=at)
    contact.save(update_fields=["patient", "patient_unknown", "repeat_no", "fastlege"])
    events.happened(contact=contact, kind=kind, by=by, at=at, patient=kept.pk, **facts)
    announce(Topic.CONTACTS, sentral_id=contact.sentral_id, contact_id=contact.pk)
