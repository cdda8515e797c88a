"""Task: the outcomes of a contact, what it was decided to do."""

from django.db.models import Q, QuerySet

from varde.apps.api.fhir import kinds, systems
from varde.apps.api.fhir.filters import at, chosen, code, ids
from varde.apps.api.fhir.kinds import Kind, Parameter, Source, Type
from varde.apps.api.fhir.parts import (
    Json,
    concept,
    contact,
    moment,
    patient,
    person,
    reference,
)
from varde.apps.api.fhir.resources import of_contact
from varde.apps.records.models import Outcome
from varde.apps.sentral import messages


SYSTEM = systems.own("outcome")
STATUS = {
    "requested": Q(state=Outcome.State.OPEN, owner=None),
    "accepted": Q(state=Outcome.State.OPEN, owner__isnull=False),
    "completed": Q(state=Outcome.State.DONE),
    "cancelled": Q(state=Outcome.State.CANCELLED),
}


def rows(districts: frozenset[int]) -> QuerySet[Outcome]:
    """The outcomes of the contacts of these districts."""
    return Outcome.objects.filter(district__in=districts).select_related(
        "contact", "station", "owner", "created_by"
    )


def draw(row: Outcome) -> Json:
    """What it was decided to do, for whom, by whom and until when."""
    return {
        "status": _status(row),
        "intent": "order",
        "code": concept(SYSTEM, row.kind, str(messages.OUTCOME[row.kind])),
        "description": row.note,
        "for": patient(row.contact.patient_id),
        "encounter": contact(row.contact_id),
        "authoredOn": moment(row.created_at),
        "requester": person(row.created_by),
        "performerType": [concept(systems.own("role"), row.owner_role)],
        "owner": person(row.owner),
        "location": reference("Location", row.station.pk, row.station.name)
        if row.station is not None
        else {},
        "executionPeriod": {"end": moment(row.settled_at)},
        "restriction": {"period": {"end": moment(row.due_at)}},
    }


def _status(row: Outcome) -> str:
    if row.state == Outcome.State.DONE:
        return "completed"
    if row.state == Outcome.State.CANCELLED:
        return "cancelled"
    return "requested" if row.owner_id is None else "accepted"


KIND = Kind(
    name="Task",
    about="An outcome of a contact: a task with an owner, a due time and a state.",
    parameters=(
        kinds.ID,
        kinds.PATIENT,
        kinds.SUBJECT,
        kinds.PATIENT_NUMBER,
        kinds.ENCOUNTER,
        kinds.date("When it was decided. The same as authored-on."),
        kinds.date("When it was decided.", name="authored-on"),
        kinds.status("requested, accepted, completed, cancelled."),
        Parameter(
            name="code", type=Type.TOKEN, about=f"The kind of outcome, in {SYSTEM}."
        ),
    ),
    sources=(
        Source(
            prefix="o",
            rows=rows,
            filters=of_contact.filters()
            | {
                "_id": ids("o"),
                "date": at("created_at"),
                "authored-on": at("created_at"),
                "status": chosen(STATUS),
                "code": code("kind", system=SYSTEM),
            },
            draw=draw,
            about=of_contact.about,
            moment=lambda row: row.settled_at or row.created_at,
        ),
    ),
)
