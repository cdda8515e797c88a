"""Nursing homes, when their doctors answer, and what a home had done before it rang."""

from django.db import models
from django.db.models import F, Q

from varde.apps.records.models.contact import Contact
from varde.apps.records.models.organisation import Municipality
from varde.apps.records.models.patient import Scoped
from varde.apps.records.models.people import User


class NursingHome(models.Model):
    """A nursing home, with the doctor who answers for its patients."""

    name = models.CharField(max_length=120)
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="nursing_homes"
    )
    doctor_name = models.CharField(max_length=120, blank=True)
    doctor_phone = models.CharField(max_length=20, blank=True)
    # One that is closed is not chosen any more; the contacts from it keep it.
    is_in_use = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "name"], name="one_home_a_name"
            )
        ]

    def __str__(self):
        return f"nursing home {self.pk}"


class NursingHomeNumber(models.Model):
    """A number that a home rings from, as `domain.nursing_home.plain_number` has it."""

    home = models.ForeignKey(NursingHome, models.CASCADE, related_name="numbers")
    number = models.CharField(max_length=20, unique=True)

    class Meta:
        ordering = ["number"]

    def __str__(self):
        return f"number {self.pk} of home {self.home_id}"


class NursingHomeHours(models.Model):
    """When the home's doctor answers on one weekday, on the clock in Norway."""

    home = models.ForeignKey(NursingHome, models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField()  # 0 is Monday
    opens = models.TimeField()
    closes = models.TimeField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)  # the first day after

    class Meta:
        ordering = ["weekday", "opens", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens")), name="phone_hours_end_after"
            ),
            models.CheckConstraint(
                condition=Q(weekday__lte=6), name="phone_hours_on_a_weekday"
            ),
        ]

    def __str__(self):
        return f"phone hours {self.pk}"


class NursingHomeRequest(Scoped):
    """Which home a contact came from, and what it had done. Null and "" are not asked."""

    class Care(models.TextChoices):
        FULL = "full"  # no limits
        NO_CPR = "no_cpr"
        NO_HOSPITAL = "no_hospital"
        COMFORT = "comfort"
        NOT_AGREED = "not_agreed"  # asked, and nothing is agreed

    contact = models.OneToOneField(Contact, models.CASCADE, related_name="from_home")
    home = models.ForeignKey(NursingHome, models.PROTECT, related_name="requests")
    is_by_number = models.BooleanField()  # known by the number that rang
    doctor_rung = models.BooleanField(null=True)  # by the home, before it rang us
    care = models.CharField(max_length=12, choices=Care, blank=True)
    care_note = models.CharField(max_length=200, blank=True)
    medicines_given = models.BooleanField(null=True)
    medicines = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    def __str__(self):
        return f"home of contact {self.contact_id}"
