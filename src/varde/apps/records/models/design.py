"""The form on universal design of a station: each filling stays as it was."""

from django.db import models

from varde.apps.records.models.organisation import Station
from varde.apps.records.models.patient import Scoped
from varde.apps.records.models.people import User


class DesignForm(Scoped):
    """One filling of the form. `answers` is question to yes, no or null (unanswered)."""

    station = models.ForeignKey(Station, models.PROTECT, related_name="+")
    version = models.CharField(max_length=20)  # of the questions
    answers = models.JSONField()
    comment = models.TextField(blank=True)
    filled_on = models.DateField()  # the day somebody went and looked
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["station", "-filled_on"])]

    def __str__(self):
        return f"design form {self.pk} of {self.station_id}"
