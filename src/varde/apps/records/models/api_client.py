"""Another system that reads from Varde by FHIR: who it is, and what it may see."""

from django.db import models
from django.db.models import Q

from varde.apps.records.models.audit import AuditEntry
from varde.apps.records.models.organisation import District


# What can be given out, each type with its scope; `api.fhir.resources` has the same.
RESOURCE_TYPES = (
    "Patient",
    "Encounter",
    "Task",
    "Appointment",
    "Observation",
    "Communication",
    "Composition",
    "Location",
    "Practitioner",
    "PractitionerRole",
    "AuditEvent",
)


class ApiClient(models.Model):
    """A system with a name, known by its tokens or by its certificate.

    It sees the patients of its districts, and of the resource types in `scopes`, as in
    `system/Patient.read`. Like a role it begins on a day and ends before another.
    """

    class Purpose(models.TextChoices):
        """What it reads for. To break the glass is for people."""

        TREAT = AuditEntry.Purpose.TREAT
        ETREAT = AuditEntry.Purpose.ETREAT
        COC = AuditEntry.Purpose.COC

    name = models.CharField(max_length=60)
    # As the authorization server writes it in the token.
    client_id = models.CharField(max_length=120, blank=True)
    certificate = models.CharField(
        max_length=64, blank=True, help_text="SHA-256 of the certificate, in hex"
    )
    districts = models.ManyToManyField(District, related_name="+")
    scopes = models.JSONField(default=list)
    purpose = models.CharField(max_length=6, choices=Purpose)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["client_id"],
                condition=~Q(client_id="") & Q(valid_to=None),
                name="one_api_client_a_client_id",
            ),
            models.UniqueConstraint(
                fields=["certificate"],
                condition=~Q(certificate="") & Q(valid_to=None),
                name="one_api_client_a_certificate",
            ),
            models.CheckConstraint(
                condition=~Q(client_id="", certificate=""),
                name="an_api_client_is_known_by_something",
            ),
        ]

    def __str__(self):
        return f"api client {self.pk}"
