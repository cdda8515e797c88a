"""What is alike for all that hangs on a contact."""

from varde.apps.api.fhir.filters import Filter, to
from varde.apps.api.fhir.kinds import About


def filters() -> dict[str, Filter]:
    """By patient and by contact."""
    return {
        "patient": to("contact__patient", kind="Patient"),
        "subject": to("contact__patient", kind="Patient"),
        "encounter": to("contact", kind="Encounter", prefix="c"),
    }


def about(row) -> About:
    """Whom it is about: the contact must have been fetched with the row."""
    return About(
        district_id=row.district_id,
        patient_id=row.contact.patient_id,
        contact_id=row.contact_id,
    )
