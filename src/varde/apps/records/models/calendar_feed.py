"""Calendars that people subscribe to, each at an address that only its owner knows."""

from django.db import models
from django.db.models import Q

from varde.apps.records.models.organisation import Sentral, Station
from varde.apps.records.models.people import User


class CalendarFeed(models.Model):
    """One address with a calendar. Of the address only a hash is kept.

    It opens what its owner may see and ends with the owner's access.
    """

    class Kind(models.TextChoices):
        OWN = "own"  # the owner's own duties, wherever
        PLACE = "place"  # the whole rota of a station or sentral

    owner = models.ForeignKey(User, models.CASCADE, related_name="calendar_feeds")
    kind = models.CharField(max_length=6, choices=Kind)
    station = models.ForeignKey(Station, models.CASCADE, null=True, blank=True)
    sentral = models.ForeignKey(Sentral, models.CASCADE, null=True, blank=True)
    token_hash = models.CharField(max_length=64, unique=True, help_text="SHA-256")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    last_fetched_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_feed_is_ones_own_or_of_one_place",
                condition=Q(kind="own", station=None, sentral=None)
                | Q(kind="place", station__isnull=False, sentral=None)
                | Q(kind="place", station=None, sentral__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["owner", "kind", "station", "sentral"],
                condition=Q(ended_at=None),
                nulls_distinct=False,
                name="one_open_feed_of_a_kind",
            ),
        ]

    def __str__(self):
        return f"feed {self.pk} {self.kind}"
