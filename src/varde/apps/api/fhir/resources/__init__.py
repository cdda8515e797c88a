"""Every resource type that is given out."""

from varde.apps.api.fhir.kinds import Kind
from varde.apps.api.fhir.resources import (
    appointment,
    audit_event,
    communication,
    composition,
    encounter,
    location,
    observation,
    patient,
    practitioner,
    task,
)


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        patient.KIND,
        encounter.KIND,
        task.KIND,
        appointment.KIND,
        observation.KIND,
        communication.KIND,
        composition.KIND,
        location.KIND,
        practitioner.PRACTITIONER,
        practitioner.PRACTITIONER_ROLE,
        audit_event.KIND,
    )
}
