"""Appointment: a promised attendance at a station, and an hour at the fastlege."""

from datetime import timedelta

from django.db.models import Q, QuerySet

from varde.apps.api.fhir import kinds, systems
from varde.apps.api.fhir.filters import always, at, chosen, ids, to
from varde.apps.api.fhir.kinds import About, Kind, Parameter, Source, Type
from varde.apps.api.fhir.parts import Json, concept, moment, patient, reference
from varde.apps.api.fhir.resources import of_contact
from varde.apps.records.models import FastlegeSlot, Outcome


STATUS = {
    "booked": Q(state=Outcome.State.OPEN, arrived_at=None),
    "arrived": Q(state=Outcome.State.OPEN, arrived_at__isnull=False),
    "fulfilled": Q(state=Outcome.State.DONE),
    "cancelled": Q(state=Outcome.State.CANCELLED),
}


def promised(districts: frozenset[int]) -> QuerySet[Outcome]:
    """Attendances with a promised time."""
    return Outcome.objects.filter(
        district__in=districts,
        kind=Outcome.Kind.ATTENDANCE,
        promised_at__isnull=False,
    ).select_related("contact", "station")


def slots(districts: frozenset[int]) -> QuerySet[FastlegeSlot]:
    """Hours at the fastlege that were given to patients of these districts."""
    return FastlegeSlot.objects.filter(contact__district__in=districts).select_related(
        "contact", "fastlege__office"
    )


def draw_promised(row: Outcome) -> Json:
    """A time to come. It has no length, so that it ends when it begins."""
    place = (
        reference("Location", row.station.pk, row.station.name)
        if row.station is not None
        else {}
    )
    return {
        "status": _status(row),
        "appointmentType": concept(systems.own("appointment"), "attendance", "Oppmøte"),
        "start": moment(row.promised_at),
        "end": moment(row.promised_at),
        "created": moment(row.created_at),
        "participant": [_there(patient(row.contact.patient_id)), _there(place)],
        "supportingInformation": [reference("Task", f"o-{row.pk}")],
    }


def draw_slot(row: FastlegeSlot) -> Json:
    """An hour at the fastlege."""
    doctor = reference("Practitioner", f"f-{row.fastlege.pk}", row.fastlege.name)
    return {
        "status": "booked",
        "appointmentType": concept(
            systems.own("appointment"), "fastlege", "Time hos fastlegen"
        ),
        "start": moment(row.starts_at),
        "end": moment(row.starts_at + timedelta(minutes=row.minutes)),
        "minutesDuration": row.minutes or None,
        "created": moment(row.booked_at),
        "participant": [_there(patient(row.contact.patient_id)), _there(doctor)],
    }


def _status(row: Outcome) -> str:
    if row.state == Outcome.State.DONE:
        return "fulfilled"
    if row.state == Outcome.State.CANCELLED:
        return "cancelled"
    return "booked" if row.arrived_at is None else "arrived"


def _there(actor: Json) -> Json:
    return {"actor": actor, "status": "accepted"} if actor else {}


KIND = Kind(
    name="Appointment",
    about="A promised attendance at a station (o-…), an hour at the fastlege (s-…).",
    parameters=(
        kinds.ID,
        kinds.PATIENT,
        kinds.PATIENT_NUMBER,
        kinds.date("When it begins."),
        kinds.status("booked, arrived, fulfilled, cancelled."),
        Parameter(name="location", type=Type.REFERENCE, about="The station."),
    ),
    sources=(
        Source(
            prefix="o",
            rows=promised,
            filters={
                "_id": ids("o"),
                "patient": to("contact__patient", kind="Patient"),
                "date": at("promised_at"),
                "status": chosen(STATUS),
                "location": to("station", kind="Location"),
            },
            draw=draw_promised,
            about=of_contact.about,
            moment=lambda row: row.settled_at or row.created_at,
        ),
        Source(
            prefix="s",
            rows=slots,
            filters={
                "_id": ids("s"),
                "patient": to("contact__patient", kind="Patient"),
                "date": at("starts_at"),
                "status": always(["booked"]),
            },
            draw=draw_slot,
            about=lambda row: About(
                district_id=row.contact.district_id,
                patient_id=row.contact.patient_id,
                contact_id=row.contact_id,
            ),
            moment=lambda row: row.booked_at,
        ),
    ),
)
