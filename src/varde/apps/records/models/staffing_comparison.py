"""A comparison of ways to staff a legevakt: what was assumed, and what came of it."""

from django.db import models
from django.db.models import Q

from varde.apps.records.models.organisation import Station
from varde.apps.records.models.people import User


class StaffingComparison(models.Model):
    """Some staffing models side by side at one station.

    `assumed` holds everything it was counted from, rates and activity too, so that it can
    be counted again. It names nobody. One that is shared is never changed: the database
    sees to that (`records.protection`).
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        STOPPED = "stopped"
        FAILED = "failed"

    station = models.ForeignKey(Station, models.PROTECT)
    name = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    typed = models.JSONField(help_text="The form as it was sent, to begin again from")
    assumed = models.JSONField(help_text="All that it is counted from")
    found = models.JSONField(
        default=list, help_text="What each model came to, in order"
    )
    weeks_done = models.PositiveIntegerField(default=0)
    weeks_all = models.PositiveIntegerField(help_text="Of all models together")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    is_stop_asked = models.BooleanField(default=False)
    shared_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    shared_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="only_a_done_comparison_is_shared",
                condition=Q(shared_at=None, shared_by=None)
                | Q(state="done", shared_at__isnull=False, shared_by__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["station"],
                condition=Q(state__in=["waiting", "running"]),
                name="one_comparison_at_a_time_of_a_station",
            ),
        ]

    def __str__(self):
        return f"comparison {self.pk} {self.state}"
