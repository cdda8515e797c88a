"""A contact belongs to the district that answers for the patient's place, or to that of the
station that expects the patient.

A call comes in to the sentral's host district, since nobody knows yet from where. When the
place is known, the contact and every row that hangs on it go to that place's district, so
that row-level security gives the record to those who treat the patient and to nobody else.

A patient's record belongs to one district (docs/decisions): the district is the
controller of the data, and no row is shared between two. So the patient's row follows in
one of three ways:

- nothing else in the old district refers to the row (it was made for this contact): it
  goes along, so that no record of the person stays where there was no treatment. If the
  new district knows the person already, the row is merged into the record there;
- the district has a record of this person already: that one is used, and what it lacks is
  filled from the row that the contact came with;
- else the row is copied: the old district keeps its record of the treatment that it gave.
"""

from datetime import datetime

from django.db import connection

from varde.apps.records import events
from varde.apps.records.events import Happened
from varde.apps.records.models import Contact, Outcome, Patient, RecordOpening, User


# What is known of a person. Used for copies and for merging.
PERSON = (
    "national_id",
    "id_kind",
    "other_id",
    "country",
    "description",
    "given_name",
    "family_name",
    "birth_date",
    "estimated_age",
    "sex",
    "municipality_id",
    "address",
    "place_id",
    "phone",
    "language",
    "fastlege_id",
    "critical_note",
)


def move_to_district(
    contact: Contact, district_id: int, *, by: User | None, at: datetime
) -> None:
    """Move a locked contact, its children and its patient to another district.

    Events and other rows that the web process may not change are moved by a function of
    the database (`records.protection`), which changes nothing but the district.
    """
    before = contact.district_id
    if contact.patient is not None:
        contact.patient = patient_in(
            contact.patient, district_id, at=at, contact=contact
        )
    contact.district_id = district_id
    contact.save(update_fields=["district", "patient"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT varde_follow_contact(%s)", [contact.pk])
    events.happened(
        contact=contact,
        kind=Happened.MOVED,
        by=by,
        at=at,
        from_district=before,
        to_district=district_id,
    )


def is_expected_in_district(contact: Contact) -> bool:
    """Whether a station of the district that the contact is in expects the patient."""
    return contact.outcomes.filter(
        state=Outcome.State.OPEN, station__district=contact.district_id
    ).exists()


def patient_in(
    patient: Patient, district_id: int, *, at: datetime, contact: Contact | None = None
) -> Patient:
    """This person's row in a district: the one there, this one moved, or a copy.

    Only a row that is tied to `contact` and to nothing else is moved.
    """
    if patient.district_id == district_id:
        return patient
    known = _same_person_in(patient, district_id)
    if known is not None:
        fill(known, patient)
    if contact is not None and _is_only_for(patient, contact):
        patient.district_id = district_id
        patient.merged_into = known
        patient.save(update_fields=["district", "merged_into"])
        return known or patient
    return known or _copy(patient, district_id, at=at)


def _copy(patient: Patient, district_id: int, *, at: datetime) -> Patient:
    copy = Patient(
        district_id=district_id, protection=patient.protection, created_at=at
    )
    for column in PERSON:
        setattr(copy, column, getattr(patient, column))
    copy.save()
    return copy


def fill(into: Patient, source: Patient) -> tuple[list[str], list[str]]:
    """Give `into` what it lacks from `source`. Returns the columns filled, and those where
    both know something else (there `into` keeps its own).

    The stricter protection of the address counts: it is never lowered by a merge.
    """
    filled, conflicts = [], []
    for column in PERSON:
        known, new = getattr(into, column), getattr(source, column)
        if new in (None, "") or new == known:
            continue
        if known in (None, ""):
            setattr(into, column, new)
            filled.append(column)
        else:
            conflicts.append(column)
    levels = Patient.Protection.values
    if levels.index(source.protection) > levels.index(into.protection):
        into.protection = source.protection
        filled.append("protection")
    if filled:
        into.save(update_fields=filled)
    return filled, conflicts


def _same_person_in(patient: Patient, district_id: int) -> Patient | None:
    if not patient.national_id:
        return None
    return (
        Patient.objects.select_for_update()
        .filter(
            district_id=district_id, national_id=patient.national_id, merged_into=None
        )
        .first()
    )


def _is_only_for(patient: Patient, contact: Contact) -> bool:
    if contact.patient_id != patient.pk:
        return False
    others = Contact.objects.filter(patient=patient).exclude(pk=contact.pk)
    openings = RecordOpening.objects.filter(patient=patient)
    merged = Patient.objects.filter(merged_into=patient)
    return not (others.exists() or openings.exists() or merged.exists())
