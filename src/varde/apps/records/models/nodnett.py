"""Who carries the nødnett terminal in office hours: the members, the days, the changes."""

from django.db import models
from django.db.models import F, Q

from varde.apps.records.models.organisation import Station
from varde.apps.records.models.patient import FastlegeOffice
from varde.apps.records.models.people import User


class NodnettMember(models.Model):
    """A doctor, or a surgery that finds one among its own, who takes turns with nødnett."""

    station = models.ForeignKey(Station, models.CASCADE, related_name="nodnett_members")
    person = models.ForeignKey(User, models.PROTECT, null=True, blank=True)
    office = models.ForeignKey(FastlegeOffice, models.PROTECT, null=True, blank=True)
    radio = models.CharField(max_length=20, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    percent = models.PositiveSmallIntegerField(default=100, help_text="Of a whole part")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)  # the first day after

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="nodnett_is_carried_by_somebody",
                condition=Q(person__isnull=False) | Q(office__isnull=False),
            ),
            models.CheckConstraint(
                name="a_part_of_nodnett_is_up_to_a_whole",
                condition=Q(percent__gte=1, percent__lte=100),
            ),
            models.CheckConstraint(
                name="a_part_of_nodnett_ends_after_it_begins",
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
            ),
        ]

    def __str__(self):
        return f"nodnett member {self.pk}"


class NodnettDay(models.Model):
    """One working day: who carries the terminal, or nobody. Hours as they were set then."""

    station = models.ForeignKey(Station, models.CASCADE, related_name="nodnett_days")
    on = models.DateField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    member = models.ForeignKey(NodnettMember, models.PROTECT, null=True, blank=True)
    is_fixed = models.BooleanField(default=False, help_text="Set by hand: it stays")
    row_version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["station", "on"], name="one_nodnett_day_a_station"
            ),
            models.CheckConstraint(
                name="nodnett_ends_after_it_starts",
                condition=Q(ends_at__gt=F("starts_at")),
            ),
        ]

    def __str__(self):
        return f"nodnett {self.station_id} {self.on}"


class NodnettChange(models.Model):
    """A day that changed hands. Rows are only added."""

    day = models.ForeignKey(NodnettDay, models.CASCADE, related_name="changes")
    before = models.ForeignKey(
        NodnettMember, models.PROTECT, null=True, related_name="+"
    )
    after = models.ForeignKey(
        NodnettMember, models.PROTECT, null=True, related_name="+"
    )
    row_version = models.PositiveIntegerField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self):
        return f"{self.day_id} {self.row_version}"
