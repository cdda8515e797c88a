"""AuditEvent: the log, for clients that may see it. No content of a record is in it."""

from django.db.models import Q, QuerySet

from varde.apps.api.fhir import kinds, systems
from varde.apps.api.fhir.filters import at, chosen, code, ids, to
from varde.apps.api.fhir.kinds import About, Kind, Parameter, Source, Type
from varde.apps.api.fhir.parts import Json, coding, concept, contact, moment, reference
from varde.apps.records.audit import CLIENT
from varde.apps.records.models import AuditEntry
from varde.apps.sentral import log_messages


WHAT = systems.own("log")
CLIENT_ID = systems.own("api-client")
PURPOSES = {
    AuditEntry.Purpose.TREAT,
    AuditEntry.Purpose.ETREAT,
    AuditEntry.Purpose.COC,
    AuditEntry.Purpose.BTG,
}
CHANGES = {"insert": "C", "update": "U", "delete": "D"}
RECORD = coding(systems.DICOM, "110110", "Patient Record")
LOG_IN = coding(systems.DICOM, "110114", "User Authentication")
ACTION = {
    "R": Q(kind=AuditEntry.Kind.READ),
    "C": Q(kind=AuditEntry.Kind.CHANGE, what="insert"),
    "U": Q(kind=AuditEntry.Kind.CHANGE, what="update"),
    "D": Q(kind=AuditEntry.Kind.CHANGE, what="delete"),
    "E": ~Q(kind__in=[AuditEntry.Kind.READ, AuditEntry.Kind.CHANGE]),
}


def rows(districts: frozenset[int]) -> QuerySet[AuditEntry]:
    """The lines of these districts."""
    return AuditEntry.objects.filter(district__in=districts).select_related("user")


def draw(row: AuditEntry) -> Json:
    """One line of the log."""
    is_refused = row.kind == AuditEntry.Kind.REFUSED
    return {
        "type": LOG_IN if row.kind == AuditEntry.Kind.SESSION else RECORD,
        "subtype": [coding(WHAT, row.what, log_messages.did(row))],
        "action": _action(row),
        "period": {"start": moment(row.occurred_at), "end": moment(row.occurred_at)},
        "recorded": moment(row.recorded_at),
        "outcome": "4" if is_refused else "0",
        "agent": [_agent(row)],
        "source": {"observer": {"display": "Varde"}},
        "entity": [
            {"what": one}
            for one in (_patient(row), contact(row.contact_id), _row(row))
            if one
        ],
    }


def _action(row: AuditEntry) -> str:
    if row.kind == AuditEntry.Kind.READ:
        return "R"
    if row.kind == AuditEntry.Kind.CHANGE:
        return CHANGES.get(row.what, "E")
    return "E"


def _agent(row: AuditEntry) -> Json:
    purpose = (
        concept(systems.ACT_REASON, row.purpose) if row.purpose in PURPOSES else {}
    )
    return {
        "role": [concept(systems.own("role"), row.role)],
        "who": _who(row),
        "requestor": True,
        "purposeOfUse": [purpose | ({"text": row.reason} if row.reason else {})],
    }


def _who(row: AuditEntry) -> Json:
    if row.user is not None:
        return reference("Practitioner", f"u-{row.user_id}", row.user.name)
    client = row.data.get(CLIENT)
    if client is None:
        return {"display": str(log_messages.SYSTEM)}
    return {
        "type": "Device",
        "identifier": {"system": CLIENT_ID, "value": str(client)},
        "display": str(log_messages.OTHER_SYSTEM),
    }


def _patient(row: AuditEntry) -> Json:
    return reference("Patient", row.patient_id)


def _row(row: AuditEntry) -> Json:
    """What else was touched, as a table and a row: not all of it is a resource here."""
    if not row.table or row.row_id is None:
        return {}
    return {
        "identifier": {
            "system": f"urn:varde:row:{row.table}",
            "value": str(row.row_id),
        }
    }


KIND = Kind(
    name="AuditEvent",
    about="The log: who read or changed what, when and why. It holds no record's content.",
    parameters=(
        kinds.ID,
        kinds.PATIENT,
        kinds.PATIENT_NUMBER,
        kinds.ENCOUNTER,
        kinds.date("When it was written."),
        Parameter(name="action", type=Type.TOKEN, about="C, R, U, D or E."),
        Parameter(name="subtype", type=Type.TOKEN, about=f"What, in {WHAT}."),
        Parameter(name="agent", type=Type.REFERENCE, about="Who did it."),
    ),
    sources=(
        Source(
            prefix="",
            rows=rows,
            filters={
                "_id": ids(""),
                "patient": to("patient_id", kind="Patient"),
                "encounter": to("contact_id", kind="Encounter", prefix="c"),
                "date": at("recorded_at"),
                "action": chosen(ACTION),
                "subtype": code("what", system=WHAT),
                "agent": to("user", kind="Practitioner", prefix="u"),
            },
            draw=draw,
            about=lambda row: About(
                district_id=row.district_id,
                patient_id=row.patient_id,
                contact_id=row.contact_id,
            ),
            moment=lambda row: row.recorded_at,
        ),
    ),
)
