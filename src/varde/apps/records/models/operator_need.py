"""How many operators a sentral needs, half hour by half hour: handed to the rota."""

from django.db import models
from django.db.models import F, Q

from varde.apps.records.models.organisation import Sentral
from varde.apps.records.models.people import User


class OperatorNeed(models.Model):
    """The operators of each half hour of a week, for every week from a day on.

    Of several that hold on a day, the one handed over last counts. `assumed` is all that it
    was counted from, and `met` what it gives; neither names anybody.
    """

    sentral = models.ForeignKey(Sentral, models.PROTECT)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)  # the first day after
    operators = models.JSONField(help_text="336 counts, from Monday 00:00")
    assumed = models.JSONField(
        help_text="Which week, which callers, which norm, sources"
    )
    met = models.JSONField(help_text="What the week's callers then meet")
    handed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    handed_at = models.DateTimeField()
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-handed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="a_need_ends_after_it_begins",
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
            ),
            models.CheckConstraint(
                name="who_ended_a_need_is_known",
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]

    def __str__(self):
        return f"need {self.pk} from {self.valid_from}"
