"""How a post is reached: the phone and the nødnett group that go with the duty."""

from django.db import models

from varde.apps.records.models.organisation import Sentral, Station
from varde.apps.records.models.people import Duty, User
from varde.apps.records.models.staff import ONE_PLACE


class DutyLine(models.Model):
    """The phone, the talegruppe and the radio that follow a post, whoever has it."""

    station = models.ForeignKey(Station, models.CASCADE, null=True, blank=True)
    sentral = models.ForeignKey(Sentral, models.CASCADE, null=True, blank=True)
    post = models.CharField(max_length=20, choices=Duty.Post)
    phone = models.CharField(max_length=20, blank=True)
    talkgroup = models.CharField(max_length=40, blank=True)
    radio = models.CharField(max_length=20, blank=True)
    set_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_line_is_at_one_workplace", condition=ONE_PLACE
            ),
            models.UniqueConstraint(
                fields=["station", "sentral", "post"],
                nulls_distinct=False,
                name="one_line_a_post",
            ),
        ]

    def __str__(self):
        return f"line of {self.post}"
