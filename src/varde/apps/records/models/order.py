"""Tests asked for at a station, as tasks, and what they showed."""

from django.db import models
from django.db.models import Q

from varde.apps.records.models.attendance import Attendance
from varde.apps.records.models.patient import Scoped
from varde.apps.records.models.people import User


class Order(Scoped):
    """One test of one patient: who asked, who took it, and whether the doctor has seen
    what it showed. The results are in `OrderResult`; the last of them counts."""

    class State(models.TextChoices):
        ORDERED = "ordered"
        TAKEN = "taken"
        ANSWERED = "answered"
        CANCELLED = "cancelled"

    attendance = models.ForeignKey(
        Attendance, models.CASCADE, related_name="orders", db_index=False
    )
    test = models.CharField(max_length=20)  # a code of content/point_of_care.yaml
    state = models.CharField(max_length=10, choices=State, default=State.ORDERED)
    note = models.CharField(max_length=200, blank=True)
    ordered_at = models.DateTimeField()
    ordered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)  # the last result, corrected or not
    seen_at = models.DateTimeField(null=True)  # by the doctor; anew after a correction
    seen_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    cancelled_why = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["attendance", "ordered_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["attendance", "test"],
                condition=Q(state__in=["ordered", "taken"]),
                name="a_test_is_ordered_once_at_a_time",
            )
        ]

    def __str__(self):
        return f"order {self.pk} {self.test} {self.state}"


class OrderResult(Scoped):
    """What a test showed, as it was written. Never changed: a correction is a new one."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="results")
    values = models.JSONField()  # part -> value, by content/point_of_care.yaml
    why = models.CharField(max_length=200, blank=True)  # of a correction
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self):
        return f"result {self.pk} of order {self.order_id}"
