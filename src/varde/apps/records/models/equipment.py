"""Checklists of rooms, cars and bags: what shall be there, each check, and what lacked."""

from django.db import models
from django.db.models import Q

from varde.apps.records.models.organisation import Station
from varde.apps.records.models.patient import Scoped
from varde.apps.records.models.people import User


class Checklist(Scoped):
    """What shall be in a room, a car or a bag of a station. Taken away, not deleted."""

    class Kind(models.TextChoices):
        ROOM = "room"
        CAR = "car"
        BAG = "bag"
        MEDICINE = "medicine"
        DEFIBRILLATOR = "defibrillator"

    station = models.ForeignKey(Station, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=14, choices=Kind)
    name = models.CharField(max_length=80)
    source = models.CharField(max_length=300)
    placed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    # By a legevaktoverlege. Empty: a starter or a change that nobody has approved.
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["station", "name"],
                condition=Q(removed_at=None),
                name="one_checklist_a_name_at_a_station",
            ),
            models.CheckConstraint(
                condition=~Q(source=""), name="a_checklist_names_its_source"
            ),
        ]

    def __str__(self):
        return f"checklist {self.pk} at {self.station_id}"


class ChecklistInterval(Scoped):
    """So many days between two checks, from a day until the next begins."""

    checklist = models.ForeignKey(Checklist, models.CASCADE, related_name="intervals")
    every_days = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["checklist", "valid_from"], name="one_interval_a_day"
            ),
            models.CheckConstraint(
                condition=Q(every_days__gte=1), name="an_interval_has_days"
            ),
        ]

    def __str__(self):
        return f"{self.checklist_id} every {self.every_days} from {self.valid_from}"


class ChecklistItem(Scoped):
    """One thing that shall be there, how many, and when it expires."""

    checklist = models.ForeignKey(Checklist, models.CASCADE, related_name="items")
    name = models.CharField(max_length=120)
    quantity = models.PositiveSmallIntegerField(default=1)
    position = models.PositiveSmallIntegerField()
    has_expiry = models.BooleanField(default=False)
    expires_on = models.DateField(null=True)  # of the one that expires first
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gte=1), name="an_item_has_a_quantity"
            )
        ]

    def __str__(self):
        return f"item {self.pk} of {self.checklist_id}"


class EquipmentCheck(Scoped):
    """Somebody went through a checklist. `found`: item id to numbers found and wanted."""

    checklist = models.ForeignKey(Checklist, models.PROTECT, related_name="checks")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    items = models.PositiveSmallIntegerField()
    lacking = models.PositiveSmallIntegerField()  # items of which something lacked
    found = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["checklist", "-occurred_at"])]

    def __str__(self):
        return f"check {self.pk} of {self.checklist_id}"


class EquipmentLack(Scoped):
    """What lacked, until it is ordered and until it is there."""

    item = models.ForeignKey(ChecklistItem, models.PROTECT, related_name="lacks")
    missing = models.PositiveSmallIntegerField()
    noted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()
    ordered_at = models.DateTimeField(null=True)
    ordered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ordered_from = models.CharField(max_length=80, blank=True)
    arrived_at = models.DateTimeField(null=True)
    arrived_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(arrived_at=None),
                name="an_item_lacks_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(missing__gte=1), name="a_lack_has_a_number"
            ),
            models.CheckConstraint(
                condition=Q(ordered_at=None, ordered_by=None, ordered_from="")
                | Q(ordered_at__isnull=False, ordered_by__isnull=False)
                & ~Q(ordered_from=""),
                name="an_order_has_who_and_where",
            ),
        ]

    def __str__(self):
        return f"lack {self.pk} of {self.item_id}"
