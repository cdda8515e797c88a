"""The epikrise of a signed note: what it says, as text for people and as a FHIR document."""

import json
from datetime import datetime
from uuid import uuid4

from django.template.loader import render_to_string
from django.utils import translation

from varde.apps.records.models import (
    Attendance,
    ClinicalNote,
    Contact,
    FastlegeNote,
)
from varde.apps.sentral.messages import HASTEGRAD
from varde.apps.sentral.queries import codes
from varde.apps.station import fhir_document
from varde.apps.station.epikrise_values import (
    Coded,
    Epikrise,
    Section,
    Subject,
    Who,
)


# LOINC codes of the sections of a note; the titles are ours.
SECTIONS = {
    "why": ("10154-3", "Årsak til kontakten"),
    "found": ("29545-1", "Funn"),
    "judged": ("51848-0", "Vurdering"),
    "done": ("29554-3", "Tiltak"),
    "plan": ("18776-5", "Plan videre"),
}


def of(note: ClinicalNote, contact: Contact, *, at: datetime) -> Epikrise:
    """The epikrise of a signed version, with a message id of its own."""
    before = _sent_before(note)
    came = (
        Attendance.objects.filter(contact=contact).order_by("arrived_at", "pk").last()
    )
    gp = contact.fastlege
    if gp is None or note.version is None or note.signed_at is None:
        raise ValueError(f"note {note.pk} has no fastlege, or is not signed")
    return Epikrise(
        message_id=uuid4(),
        version=note.version,
        replaces=before.message_id if before is not None else None,
        replaces_version=before.version if before is not None else None,
        correction=note.correction,
        written_at=at,
        signed_at=note.signed_at,
        station=note.station.name,
        station_phone=note.station.phone,
        author=Who(name=note.author.name, hpr=note.author.hpr_number),
        countersigner=(
            Who(name=note.decided_by.name, hpr=note.decided_by.hpr_number)
            if note.decided_by is not None
            else None
        ),
        countersigned_at=note.decided_at,
        fastlege=Who(name=gp.name, hpr=gp.hpr_number),
        office=gp.office.name,
        office_her_id=gp.office.her_id,
        patient=_subject(contact),
        contact_id=contact.pk,
        came_at=came.arrived_at if came is not None else contact.opened_at,
        left_at=came.ended_at if came is not None else contact.closed_at,
        hastegrad=_level(contact),
        reason=_coded(contact.reason_code),
        diagnoses=tuple(filter(None, map(_coded, note.diagnoses))),
        sections=tuple(
            Section(loinc=loinc, title=title, text=getattr(note, part))
            for part, (loinc, title) in SECTIONS.items()
            if getattr(note, part)
        ),
    )


def as_text(made: Epikrise) -> str:
    """The epikrise as a person reads it, in bokmål whatever language the author works in."""
    with translation.override("nb"):
        text = render_to_string("station/note/epikrise.txt", {"e": made})
    return f"{text.strip()}\n"


def as_document(made: Epikrise) -> str:
    """The same as a FHIR R4 document, in JSON. Equal content gives equal bytes."""
    bundle = fhir_document.bundle(made, text=as_text(made))
    return json.dumps(bundle, ensure_ascii=False, indent=1, sort_keys=False)


def _sent_before(note: ClinicalNote) -> FastlegeNote | None:
    """The newest epikrise of an earlier version that has left, or is about to."""
    return (
        FastlegeNote.objects.filter(
            contact=note.contact_id,
            kind=FastlegeNote.Kind.EPIKRISE,
            version__lt=note.version,
        )
        .exclude(state=FastlegeNote.State.STOPPED)
        .order_by("-version")
        .first()
    )


def _subject(contact: Contact) -> Subject | None:
    patient = contact.patient
    if patient is None:
        return None
    return Subject(
        name=patient.name,
        given=patient.given_name,
        family=patient.family_name,
        national_id=patient.national_id,
        id_kind=patient.id_kind,
        birth_date=patient.birth_date,
        sex=patient.sex,
    )


def _coded(code: str) -> Coded | None:
    return Coded(code=code, text=codes.text_of(code)) if code else None


def _level(contact: Contact) -> str:
    code = contact.hastegrad_arrival or contact.hastegrad_phone
    with translation.override("nb"):
        return str(HASTEGRAD[code]) if code else ""
