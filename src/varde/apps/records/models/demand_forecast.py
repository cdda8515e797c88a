"""A forecast that is kept: what was expected of a workplace, when it was made, from what."""

from django.db import models
from django.db.models import Q

from varde.apps.records.models.organisation import Sentral, Station
from varde.apps.records.models.people import User


class DemandForecast(models.Model):
    """What a station's contacts, or a sentral's calls, were expected to be on a day.

    `found` holds whole counts and shares by code: it names nobody. `asked_by` is empty for
    those that are made each night.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    station = models.ForeignKey(Station, models.PROTECT, null=True, blank=True)
    sentral = models.ForeignKey(Sentral, models.PROTECT, null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    beat_at = models.DateTimeField(help_text="When it was last heard of")
    steps_done = models.PositiveSmallIntegerField(default=0)
    steps_all = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(null=True)
    found = models.JSONField(default=dict, help_text="What it came to")

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="a_forecast_is_of_one_place",
                condition=Q(station=None, sentral__isnull=False)
                | Q(station__isnull=False, sentral=None),
            ),
            models.UniqueConstraint(
                fields=["station"],
                condition=Q(state__in=["waiting", "running"]),
                name="one_forecast_at_a_time_of_a_station",
            ),
            models.UniqueConstraint(
                fields=["sentral"],
                condition=Q(state__in=["waiting", "running"]),
                name="one_forecast_at_a_time_of_a_sentral",
            ),
        ]

    def __str__(self):
        return f"forecast {self.pk} {self.state}"
