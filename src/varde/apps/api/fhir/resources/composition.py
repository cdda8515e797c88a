"""Composition: the documents of a contact.

Each kind of document is one `Source` in `DOCUMENTS`; another kind is joined by adding its
source there, with a prefix of its own.
"""

from django.db.models import OuterRef, Q, QuerySet, Subquery

from varde.apps.api.fhir import kinds, systems
from varde.apps.api.fhir.filters import always, at, chosen, ids
from varde.apps.api.fhir.kinds import Kind, Parameter, Source, Type
from varde.apps.api.fhir.parts import (
    Json,
    concept,
    contact,
    moment,
    narrative,
    patient,
    person,
    reference,
)
from varde.apps.api.fhir.resources import communication, of_contact
from varde.apps.records.models import FastlegeNote


SUMMARY = concept(systems.LOINC, "34133-9", "Summary of episode note")


def notes(districts: frozenset[int]) -> QuerySet[FastlegeNote]:
    """The notes to fastleger, each with the version that it replaces."""
    earlier = FastlegeNote.objects.filter(
        contact=OuterRef("contact"), version__lt=OuterRef("version")
    ).order_by("-version")
    return communication.notes(districts).annotate(
        replaced=Subquery(earlier.values("pk")[:1])
    )


def draw_note(row) -> Json:
    """A note to the fastlege as a document. Nobody signed: the sentral is the author."""
    author = person(row.contact.closed_by)
    return {
        "status": "final" if row.version == 1 else "amended",
        "type": SUMMARY,
        "subject": patient(row.contact.patient_id),
        "encounter": contact(row.contact_id),
        "date": moment(row.queued_at),
        "author": [author or {"display": row.contact.district.name}],
        "title": "Notat til fastlegen",
        "custodian": {"display": row.contact.district.name},
        "relatesTo": [
            {
                "code": "replaces",
                "targetReference": reference("Composition", f"n-{row.replaced}"),
            }
        ]
        if row.replaced is not None
        else [],
        "section": [{"title": "Notat", "text": narrative(row.text)}],
    }


DOCUMENTS: tuple[Source, ...] = (
    Source(
        prefix="n",
        rows=notes,
        filters=of_contact.filters()
        | {
            "_id": ids("n"),
            "date": at("queued_at"),
            "status": chosen({"final": Q(version=1), "amended": Q(version__gt=1)}),
            "type": always(["34133-9"], system=systems.LOINC),
        },
        draw=draw_note,
        about=of_contact.about,
        moment=communication.latest,
    ),
)

KIND = Kind(
    name="Composition",
    about="A document of a contact: the note to the fastlege (n-…).",
    parameters=(
        kinds.ID,
        kinds.PATIENT,
        kinds.SUBJECT,
        kinds.PATIENT_NUMBER,
        kinds.ENCOUNTER,
        kinds.date("When it was written."),
        kinds.status("final; amended, where it replaces an earlier version."),
        Parameter(name="type", type=Type.TOKEN, about="LOINC 34133-9."),
    ),
    sources=DOCUMENTS,
)
