"""Who answers for a function round the clock: its holder, and the deputies in order."""

from django.db import models
from django.db.models import F, Q

from varde.apps.records.models.organisation import Municipality, Sentral, Station
from varde.apps.records.models.people import User
from varde.domain.standins import Hours


class StandIn(models.Model):
    """One who answers for a function, from when to when. Rank 0 is its holder.

    Who is away does not answer: `Absence` tells. `phone` is "" for the person's own.
    """

    class Function(models.TextChoices):
        KOMMUNEOVERLEGE = "kommuneoverlege"
        SMITTEVERNLEGE = "smittevernlege"
        STATION_LEADER = "station_leader"
        SENTRAL_LEADER = "sentral_leader"

    function = models.CharField(max_length=16, choices=Function)
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, null=True, blank=True
    )
    station = models.ForeignKey(Station, models.PROTECT, null=True, blank=True)
    sentral = models.ForeignKey(Sentral, models.PROTECT, null=True, blank=True)
    person = models.ForeignKey(User, models.PROTECT, related_name="standins")
    rank = models.PositiveSmallIntegerField(help_text="0 is the holder")
    hours = models.CharField(
        max_length=8, choices=[(one.value, one.value) for one in Hours]
    )
    phone = models.CharField(max_length=20, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)  # the first day after
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["rank", "valid_from", "pk"]
        constraints = [
            models.CheckConstraint(
                name="a_function_is_of_its_own_place",
                condition=Q(
                    function__in=["kommuneoverlege", "smittevernlege"],
                    municipality__isnull=False,
                    station=None,
                    sentral=None,
                )
                | Q(
                    function="station_leader",
                    station__isnull=False,
                    municipality=None,
                    sentral=None,
                )
                | Q(
                    function="sentral_leader",
                    sentral__isnull=False,
                    municipality=None,
                    station=None,
                ),
            ),
            models.CheckConstraint(
                name="a_standin_ends_after_it_begins",
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
            ),
        ]

    def __str__(self):
        return f"{self.function} {self.rank} from {self.valid_from}"
