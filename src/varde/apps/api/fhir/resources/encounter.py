"""Encounter: the contact, and each attendance at a station as a part of it."""

from django.db.models import Q, QuerySet

from varde.apps.api.fhir import kinds, systems
from varde.apps.api.fhir.filters import between, chosen, ids, to
from varde.apps.api.fhir.kinds import About, Kind, Parameter, Source, Type
from varde.apps.api.fhir.parts import (
    Json,
    coding,
    concept,
    contact,
    patient,
    period,
    person,
    reference,
)
from varde.apps.api.fhir.resources import hastegrad
from varde.apps.records.models import Attendance, Contact, Station, User
from varde.apps.sentral import messages


END = {
    Attendance.End.TREATED: "Behandlet",
    Attendance.End.LEFT: "Gikk før legen",
    Attendance.End.SENT_ON: "Sendt videre",
    Attendance.End.BED: "Lagt i seng",
    Attendance.End.ADVICE: "Råd av sykepleier",
}
VIRTUAL = coding(systems.ACT_CODE, "VR", "virtual")
EMERGENCY = coding(systems.ACT_CODE, "EMER", "emergency")
DISPOSITION = systems.own("attendance-end")


def contacts(districts: frozenset[int]) -> QuerySet[Contact]:
    """The contacts of these districts."""
    return Contact.objects.filter(district__in=districts).select_related(
        "district", "station", "owner", "opened_by"
    )


def attendances(districts: frozenset[int]) -> QuerySet[Attendance]:
    """The attendances at stations, of these districts."""
    return Attendance.objects.filter(district__in=districts).select_related(
        "contact", "district", "station", "doctor", "registered_by"
    )


def draw_contact(row: Contact) -> Json:
    """A contact from ring to close."""
    at_door = row.channel == Contact.Channel.DOOR
    return {
        "status": "finished" if row.state == Contact.State.CLOSED else "in-progress",
        "class": EMERGENCY if at_door else VIRTUAL,
        "type": [
            concept(
                systems.own("channel"),
                row.channel,
                str(messages.CHANNEL[row.channel]),
            )
        ],
        "priority": hastegrad.level("phone", row.hastegrad_phone),
        "subject": patient(row.patient_id),
        "participant": _people(row.opened_by, row.owner),
        "period": period(row.opened_at, row.closed_at),
        "reasonCode": [concept(systems.ICPC2, row.reason_code)],
        "location": _place(row.station),
        "serviceProvider": {"display": row.district.name},
    }


def draw_attendance(row: Attendance) -> Json:
    """A patient at a station, from the door until gone."""
    return {
        "status": _status(row),
        "class": EMERGENCY,
        "type": [concept(systems.own("attendance-way"), row.way)],
        "priority": hastegrad.level("arrival", row.contact.hastegrad_arrival),
        "subject": patient(row.contact.patient_id),
        "participant": _people(row.registered_by, row.doctor),
        "period": period(row.arrived_at, row.ended_at),
        "hospitalization": {
            "dischargeDisposition": concept(DISPOSITION, row.end, END.get(row.end, ""))
        },
        "location": _place(row.station),
        "serviceProvider": {"display": row.district.name},
        "partOf": contact(row.contact_id),
    }


def _status(row: Attendance) -> str:
    """The same order as in `ATTENDANCE_STATUS`, by which it is searched."""
    if row.ended_at is not None:
        return "finished"
    if row.first_doctor_at is not None:
        return "in-progress"
    return "triaged" if row.contact.hastegrad_arrival else "arrived"


ATTENDANCE_STATUS = {
    "finished": Q(ended_at__isnull=False),
    "in-progress": Q(ended_at=None, first_doctor_at__isnull=False),
    "triaged": Q(ended_at=None, first_doctor_at=None)
    & ~Q(contact__hastegrad_arrival=""),
    "arrived": Q(ended_at=None, first_doctor_at=None, contact__hastegrad_arrival=""),
}
CONTACT_STATUS = {
    "finished": Q(state=Contact.State.CLOSED),
    "in-progress": ~Q(state=Contact.State.CLOSED),
}


def _people(*people: User | None) -> list[Json]:
    seen = {one.pk: one for one in people if one is not None}
    return [{"individual": person(one)} for one in seen.values()]


def _place(station: Station | None) -> list[Json]:
    if station is None:
        return []
    return [{"location": reference("Location", station.pk, station.name)}]


KIND = Kind(
    name="Encounter",
    about="A contact (c-…), and each attendance at a station (a-…) as a part of it.",
    parameters=(
        kinds.ID,
        kinds.PATIENT,
        kinds.SUBJECT,
        kinds.PATIENT_NUMBER,
        kinds.date("From opened, or arrived, to closed, or gone."),
        kinds.status("in-progress, finished; of an attendance also arrived, triaged."),
        Parameter(
            name="part-of",
            type=Type.REFERENCE,
            about="The contact that an attendance belongs to.",
        ),
        Parameter(
            name="location",
            type=Type.REFERENCE,
            about="The station.",
        ),
    ),
    sources=(
        Source(
            prefix="c",
            rows=contacts,
            filters={
                "_id": ids("c"),
                "patient": to("patient", kind="Patient"),
                "subject": to("patient", kind="Patient"),
                "date": between("opened_at", "closed_at"),
                "status": chosen(CONTACT_STATUS),
                "location": to("station", kind="Location"),
            },
            draw=draw_contact,
            about=lambda row: About(
                district_id=row.district_id,
                patient_id=row.patient_id,
                contact_id=row.pk,
            ),
            moment=lambda row: row.closed_at or row.recorded_at,
        ),
        Source(
            prefix="a",
            rows=attendances,
            filters={
                "_id": ids("a"),
                "patient": to("contact__patient", kind="Patient"),
                "subject": to("contact__patient", kind="Patient"),
                "date": between("arrived_at", "ended_at"),
                "status": chosen(ATTENDANCE_STATUS),
                "part-of": to("contact", kind="Encounter", prefix="c"),
                "location": to("station", kind="Location"),
            },
            draw=draw_attendance,
            about=lambda row: About(
                district_id=row.district_id,
                patient_id=row.contact.patient_id,
                contact_id=row.contact_id,
            ),
            moment=lambda row: row.ended_at or row.recorded_at,
        ),
    ),
)
