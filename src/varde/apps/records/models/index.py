"""Decision-support indices and their versions."""

from django.db import models
from django.db.models import Q

from varde.apps.records.models.organisation import District
from varde.apps.records.models.people import User


class IndexVersion(models.Model):
    """One version of an index, as its file said. The text is never changed."""

    class State(models.TextChoices):
        INSTALLED = "installed"
        APPROVED = "approved"
        IN_USE = "in_use"
        WITHDRAWN = "withdrawn"

    district = models.ForeignKey(District, models.PROTECT, related_name="indices")
    index_id = models.CharField(max_length=60)
    version = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    filename = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.INSTALLED)
    installed_at = models.DateTimeField()
    installed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["district", "index_id", "version"], name="one_index_version"
            ),
            models.UniqueConstraint(
                fields=["district"],
                condition=Q(state="in_use"),
                name="one_index_in_use_in_a_district",
            ),
        ]

    def __str__(self):
        return f"{self.index_id} {self.version}"


class IndexEvent(models.Model):
    """What was done with an index version, by whom and why."""

    index_version = models.ForeignKey(
        IndexVersion, models.CASCADE, related_name="history"
    )
    kind = models.CharField(max_length=12)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    comment = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self):
        return f"{self.kind} {self.index_version_id}"
