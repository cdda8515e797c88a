"""What is planned where people have far to a legevakt."""

from django.db import models
from django.db.models import Q

from varde.apps.records.models.organisation import District, Municipality
from varde.apps.records.models.people import User


class CompensatingMeasure(models.Model):
    """A measure for one place from which people have longer than an hour.

    `kind` is of `content/compensating_measures.yaml`. `people` and `minutes` are as they
    were when it was planned; `minutes` is null where no road led to a station. It names
    nobody: `responsible` is a post or an office.
    """

    class State(models.TextChoices):
        PLANNED = "planned"
        STARTED = "started"
        IN_PLACE = "in_place"
        DROPPED = "dropped"

    district = models.ForeignKey(District, models.PROTECT, related_name="+")
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="+")
    place = models.CharField(max_length=80)
    kind = models.CharField(max_length=20)
    responsible = models.CharField(max_length=120)
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    note = models.TextField(blank=True)
    people = models.PositiveIntegerField()
    minutes = models.PositiveIntegerField(null=True)
    row_version = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_measure_of_a_kind_at_a_place",
                fields=["district", "municipality", "place", "kind"],
                condition=~Q(state="dropped") & ~Q(kind="other"),
            )
        ]

    def __str__(self):
        return f"measure {self.pk} {self.kind} {self.state}"
