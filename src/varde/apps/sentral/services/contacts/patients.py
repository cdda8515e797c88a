"""Whose contact it is: a known patient, a new one, a visitor, or somebody unknown."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from varde.apps.records import events, settings
from varde.apps.records.events import Happened
from varde.apps.records.live import Topic, announce
from varde.apps.records.models import Contact, Patient, Sentral, User
from varde.apps.sentral.queries.earlier import moments_of_other_contacts
from varde.apps.sentral.queries.patients import districts_of
from varde.apps.sentral.services.contacts.locking import locked
from varde.apps.sentral.services.contacts.moving import fill, patient_in
from varde.apps.sentral.services.contacts.saving import put
from varde.apps.sentral.services.contacts.values import (
    Value,
    Why,
    not_valid,
    patient_values,
)
from varde.domain.errors import Rule, RuleBroken
from varde.domain.national_id import InvalidNationalId, NationalId, parse
from varde.domain.repeat import Repeat, RepeatRules, repeat


# What the contact takes over from its patient, so that nothing is typed twice.
TAKEN_OVER = ("language", "municipality_id", "place_id")


@transaction.atomic
def choose_patient(
    *, contact_id: int, patient_id: int, by: User | None, at: datetime
) -> Contact:
    """This contact is about that patient.

    Language, municipality, place and fastlege follow where the contact has none. Which
    contact it is within the repeat window is counted at once. When another patient was
    chosen before, what came from that one is taken back, and consent and pregnancy must be
    asked again: they were another person's.

    Raises `RuleBroken`: CONTACT_IS_CLOSED; FIELD_NOT_VALID (patient, not_found).
    """
    contact = locked(contact_id, may_move=True)
    return tie(contact, _found(patient_id, sentral=contact.sentral), by=by, at=at)


@transaction.atomic
def new_patient(
    *, contact_id: int, fields: Mapping[str, str], by: User | None, at: datetime
) -> Contact:
    """Make a record of a person who has none here, and choose it.

    With `national_id` the number is checked, and the birth date comes from the number where
    it can be read; else it must be given. Sex is never read from a number: it is asked, and
    unknown until then. A number that is known already gives the record there is, with what
    it lacks filled in. A visitor has `other_id` and `country`, or a name and a birth date.

    Raises `RuleBroken`: NATIONAL_ID_NOT_VALID (why), FIELD_NOT_VALID, FIELD_UNKNOWN,
    CONTACT_IS_CLOSED.
    """
    contact = locked(contact_id, may_move=True)
    typed = dict(fields)
    number = typed.pop("national_id", "").strip()
    values = patient_values(typed, at=timezone.localdate(at))
    patient = Patient(district_id=contact.district_id, created_at=at)
    for column, value in values.items():
        setattr(patient, column, value)
    if number:
        put_number(patient, read_number(number, at=at))
        known = patients_with(patient.national_id, district_id=contact.district_id)
        if known is not None:
            fill(known, patient)
            return tie(contact, known, by=by, at=at)
    elif not is_identified(patient):
        raise not_valid("national_id", Why.EMPTY)
    patient.save()
    events.happened(
        contact=contact,
        kind=Happened.PATIENT_MADE,
        by=by,
        at=at,
        patient=patient.pk,
        id_kind=patient.id_kind,
    )
    return tie(contact, patient, by=by, at=at)


@transaction.atomic
def unknown_patient(
    *, contact_id: int, fields: Mapping[str, str], by: User, at: datetime
) -> Contact:
    """Nobody knows yet who it is: a record with what can be seen or told.

    Estimated age, sex and a description, all of them optional. The person is named later
    with `identify`.
    """
    contact = locked(contact_id, may_move=True)
    patient = Patient(district_id=contact.district_id, created_at=at)
    values = patient_values(fields, at=timezone.localdate(at))
    for column, value in values.items():
        setattr(patient, column, value)
    patient.save()
    events.happened(
        contact=contact,
        kind=Happened.PATIENT_MADE,
        by=by,
        at=at,
        patient=patient.pk,
        id_kind="",
    )
    return tie(contact, patient, by=by, at=at)


@transaction.atomic
def save_patient(
    *, contact_id: int, fields: Mapping[str, str], by: User, at: datetime
) -> Patient:
    """Correct what is known of the contact's patient: name, telephone, protection, …

    The number is not among the fields; see `identify`. Raises `RuleBroken`:
    CONTACT_IS_CLOSED, FIELD_UNKNOWN, FIELD_NOT_VALID, also where no patient is chosen.
    """
    contact = locked(contact_id)
    if contact.patient_id is None:
        raise not_valid("patient", Why.EMPTY)
    patient = Patient.objects.select_for_update().get(pk=contact.patient_id)
    values = patient_values(fields, at=timezone.localdate(at))
    changed = {
        column: value
        for column, value in values.items()
        if getattr(patient, column) != value
    }
    if not changed:
        return patient
    for column, value in changed.items():
        setattr(patient, column, value)
    patient.save(update_fields=list(changed))
    events.happened(
        contact=contact,
        kind=Happened.PATIENT_SAVED,
        by=by,
        at=at,
        patient=patient.pk,
        fields=sorted(column.removesuffix("_id") for column in changed),
    )
    announce(Topic.CONTACTS, sentral_id=contact.sentral_id, contact_id=contact.pk)
    return patient


def read_number(text: str, *, at: datetime) -> NationalId:
    """A valid national number. Raises `RuleBroken` (NATIONAL_ID_NOT_VALID: why)."""
    try:
        return parse(text, on=timezone.localdate(at))
    except InvalidNationalId as fault:
        raise RuleBroken(Rule.NATIONAL_ID_NOT_VALID, why=fault.reason) from None


def put_number(patient: Patient, number: NationalId) -> None:
    """Give a patient a number; its birth date follows, or must be there already."""
    if number.birth_date is not None:
        if patient.birth_date not in {None, number.birth_date}:
            raise not_valid("birth_date", Why.NOT_AS_THE_NUMBER)
        patient.birth_date = number.birth_date
    if patient.birth_date is None:
        raise not_valid("birth_date", Why.EMPTY)
    patient.national_id = number.digits
    patient.id_kind = number.kind


def patients_with(national_id: str, *, district_id: int) -> Patient | None:
    """The record in a district with this number, locked; None if there is none."""
    return (
        Patient.objects.select_for_update(of=("self",))
        .filter(district_id=district_id, national_id=national_id, merged_into=None)
        .first()
    )


def tie(
    contact: Contact, patient: Patient, *, by: User | None, at: datetime
) -> Contact:
    """Choose a patient for a locked contact.

    The contact first goes where the patient's place leads it, and the patient's row is
    found or made there: no copy is left behind in a district on the way.
    """
    before = contact.patient
    if before is not None and before.pk == patient.pk:
        return contact
    followed = _what_follows(contact, patient, before)
    contact.patient = None
    if followed:
        put(contact, followed, by=by, at=at)
    contact.patient = patient_in(patient, contact.district_id, at=at)
    contact.patient_unknown = not is_identified(patient)
    counted = count_repeat(contact, at=at)
    contact.save(update_fields=["patient", "patient_unknown", "repeat_no"])
    events.happened(
        contact=contact,
        kind=Happened.PATIENT_CHOSEN,
        by=by,
        at=at,
        patient=contact.patient.pk,
        before=before.pk if before is not None else None,
        repeat_no=counted.number,
    )
    announce(Topic.CONTACTS, sentral_id=contact.sentral_id, contact_id=contact.pk)
    return contact


def count_repeat(contact: Contact, *, at: datetime) -> Repeat:
    """Set which contact in the window this is; the contact is not saved here."""
    if contact.patient is None:
        earlier = []
    else:
        earlier = moments_of_other_contacts(contact.patient, contact_id=contact.pk)
    counted = repeat(earlier, at=contact.opened_at, rules=repeat_rules(contact, at=at))
    contact.repeat_no = counted.number
    return counted


def repeat_rules(contact: Contact, *, at: datetime) -> RepeatRules:
    """The district's rules for repeat contacts on the day."""
    on, district_id = timezone.localdate(at), contact.district_id
    return RepeatRules(
        window_hours=settings.value("repeat.window_h", on=on, district_id=district_id),
        second_look_from=settings.value(
            "repeat.second_look_from", on=on, district_id=district_id
        ),
        doctor_from=settings.value(
            "repeat.doctor_from", on=on, district_id=district_id
        ),
    )


def _found(patient_id: int, *, sentral: Sentral) -> Patient:
    """The record with this id, or the one that it was merged into; locked, so that it is
    not merged away between the look and the choice."""
    rows = Patient.objects.select_for_update(of=("self",)).filter(
        district__in=districts_of(sentral)
    )
    row = rows.filter(pk=patient_id).first()
    if row is not None and row.merged_into_id is not None:
        row = rows.filter(pk=row.merged_into_id).first()
    if row is None:
        raise not_valid("patient", Why.NOT_FOUND)
    return row


def is_identified(patient: Patient) -> bool:
    """Is it known who this is: by a number, another paper, or name and birth date?"""
    if patient.national_id or patient.other_id:
        return True
    return bool(patient.family_name and patient.birth_date)


def _what_follows(
    contact: Contact, patient: Patient, before: Patient | None
) -> dict[str, Value]:
    """The contact's fields that change with its patient.

    A place is not taken over from a patient whose address is protected, nor when the
    patient is said to be elsewhere.
    """
    found: dict[str, Value] = {"fastlege_id": patient.fastlege_id}
    for column in TAKEN_OVER:
        known = getattr(contact, column)
        is_from_before = before is not None and known == getattr(before, column)
        if known in (None, "") or is_from_before:
            found[column] = _to_take_over(contact, patient, column)
    if before is not None:
        found |= {"consent_fastlege": None, "is_pregnant": None}
    return {c: value for c, value in found.items() if getattr(contact, c) != value}


def _to_take_over(contact: Contact, patient: Patient, column: str) -> Value:
    if column == "language":
        return patient.language
    if contact.is_elsewhere or not patient.shows_address:
        return None
    value: Value = getattr(patient, column)
    return value
