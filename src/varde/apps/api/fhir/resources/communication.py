"""Communication: what was sent to the fastlege, and how far it has come."""

from django.db.models import Q, QuerySet

from varde.apps.api.fhir import kinds, systems
from varde.apps.api.fhir.filters import at, chosen, ids
from varde.apps.api.fhir.kinds import Kind, Source
from varde.apps.api.fhir.parts import (
    Json,
    concept,
    contact,
    moment,
    patient,
    reference,
)
from varde.apps.api.fhir.resources import of_contact
from varde.apps.records.models import FastlegeNote


# A note that failed waits for a person: it is sent again, or handed over.
STATUS: dict[str, str] = {
    FastlegeNote.State.QUEUED: "preparation",
    FastlegeNote.State.SENT: "in-progress",
    FastlegeNote.State.RECEIVED: "completed",
    FastlegeNote.State.FAILED: "on-hold",
}


def notes(districts: frozenset[int]) -> QuerySet[FastlegeNote]:
    """The notes to fastleger of these districts."""
    return FastlegeNote.objects.filter(district__in=districts).select_related(
        "contact__closed_by", "contact__district", "fastlege"
    )


def draw(row: FastlegeNote) -> Json:
    """One note, with its text and its receipt."""
    return {
        "status": STATUS[row.state],
        "category": [concept(systems.own("communication"), "fastlege-note", "Notat")],
        "subject": patient(row.contact.patient_id),
        "about": [reference("Composition", f"n-{row.pk}")],
        "encounter": contact(row.contact_id),
        "sent": moment(row.sent_at),
        "received": moment(row.received_at),
        "recipient": [
            reference("Practitioner", f"f-{row.fastlege_id}", row.fastlege.name)
        ],
        "payload": [{"contentString": row.text}],
    }


def latest(row: FastlegeNote):
    """The last moment that a note tells of."""
    known = (row.queued_at, row.sent_at, row.received_at, row.failed_at)
    return max(at for at in known if at is not None)


KIND = Kind(
    name="Communication",
    about="A note to the fastlege on its way: its state, its receipt and its text.",
    parameters=(
        kinds.ID,
        kinds.PATIENT,
        kinds.SUBJECT,
        kinds.PATIENT_NUMBER,
        kinds.ENCOUNTER,
        kinds.date("When it was written."),
        kinds.date("When it was sent.", name="sent"),
        kinds.date("When it was received.", name="received"),
        kinds.status("preparation, in-progress (sent), completed (received), on-hold."),
    ),
    sources=(
        Source(
            prefix="n",
            rows=notes,
            filters=of_contact.filters()
            | {
                "_id": ids("n"),
                "date": at("queued_at"),
                "sent": at("sent_at"),
                "received": at("received_at"),
                "status": chosen(
                    {word: Q(state=state) for state, word in STATUS.items()}
                ),
            },
            draw=draw,
            about=of_contact.about,
            moment=latest,
        ),
    ),
)
