"""Beds for observation and KAD/ØHD: the beds, who lies where, and each look."""

from django.db import models
from django.db.models import F, Q

from varde.apps.records.models.attendance import Attendance
from varde.apps.records.models.contact import Contact
from varde.apps.records.models.organisation import Sentral, Station
from varde.apps.records.models.patient import Scoped
from varde.apps.records.models.people import User


class BedKind(models.TextChoices):
    """What a bed is for."""

    OBSERVATION = "observation"
    KAD = "kad"


class Bed(models.Model):
    """A bed at a station, from its first day in use to its last.

    One that is taken into use again gets a row of its own, so that how many beds there
    were on a day of last year is still known.
    """

    station = models.ForeignKey(Station, models.PROTECT, related_name="beds")
    code = models.CharField(max_length=20)
    kind = models.CharField(max_length=12, choices=BedKind)
    first_on = models.DateField()
    last_on = models.DateField(null=True)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["kind", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["station", "code"],
                condition=Q(last_on=None),
                name="one_bed_a_code_at_a_station",
            ),
            models.CheckConstraint(
                condition=Q(last_on=None) | Q(last_on__gte=F("first_on")),
                name="a_bed_ends_after_it_begins",
            ),
        ]

    def __str__(self):
        return f"bed {self.pk} at {self.station_id}"


class BedStay(Scoped):
    """One admission: why, who has the responsibility, and how it ended.

    Where the patient lay is in `placements`. A move between beds of one kind is the same
    stay; from observation to KAD is a new one.
    """

    class To(models.TextChoices):
        HOME = "home"
        HOME_CARE = "home_care"  # home with the municipality's nurses
        NURSING_HOME = "nursing_home"
        HOSPITAL = "hospital"
        OTHER_BED = "other_bed"  # from observation to KAD here, or back
        LEFT = "left"  # by own wish, against advice
        DEAD = "dead"
        OTHER = "other"

    contact = models.ForeignKey(Contact, models.PROTECT, related_name="bed_stays")
    # The sentral that answers for the station: its screens are told.
    sentral = models.ForeignKey(Sentral, models.PROTECT, related_name="+")
    station = models.ForeignKey(Station, models.PROTECT, related_name="bed_stays")
    attendance = models.ForeignKey(
        Attendance, models.PROTECT, null=True, related_name="bed_stays"
    )
    kind = models.CharField(max_length=12, choices=BedKind)
    admitted_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    admitted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    doctor = models.ForeignKey(User, models.PROTECT, related_name="bed_stays")
    # Which list, and the answer to each: {"version": …, "answers": {id: yes or no}}.
    criteria = models.JSONField(default=dict)
    criteria_reason = models.CharField(max_length=300, blank=True)
    left_at = models.DateTimeField(null=True)
    left_recorded_at = models.DateTimeField(null=True)
    left_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    left_to = models.CharField(max_length=12, choices=To, blank=True)
    left_note = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["station", "admitted_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["contact"],
                condition=Q(left_at=None),
                name="a_contact_has_one_bed_stay",
            ),
            models.CheckConstraint(
                condition=Q(left_at=None, left_to="")
                | Q(left_at__gt=F("admitted_at")) & ~Q(left_to=""),
                name="a_bed_stay_ends_somewhere",
            ),
        ]

    def __str__(self):
        return f"bed stay {self.pk} at {self.station_id}"


class BedPlacement(Scoped):
    """The patient of a stay in one bed, from when to when.

    A bed holds one patient at a time: the database refuses two that overlap, by the
    constraint `one_patient_a_bed` of the migration.
    """

    stay = models.ForeignKey(BedStay, models.CASCADE, related_name="placements")
    bed = models.ForeignKey(Bed, models.PROTECT, related_name="placements")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["begins_at", "pk"]
        indexes = [
            models.Index(fields=["bed"], name="beds_taken", condition=Q(ends_at=None))
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["stay"],
                condition=Q(ends_at=None),
                name="a_stay_is_in_one_bed",
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("begins_at")),
                name="a_placement_ends_after_it_begins",
            ),
        ]

    def __str__(self):
        return f"placement {self.pk} in bed {self.bed_id}"


class BedLook(Scoped):
    """A look to a patient in a bed: planned, done, or both.

    The planned one is the doctor's; there is one at a time that is not done. A nurse's
    own look is not planned here.
    """

    stay = models.ForeignKey(BedStay, models.CASCADE, related_name="looks")
    planned_at = models.DateTimeField(null=True)
    planned_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=300, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stay"],
                condition=Q(done_at=None),
                name="one_look_awaited_a_stay",
            ),
            models.CheckConstraint(
                condition=Q(planned_at__isnull=False) | Q(done_at__isnull=False),
                name="a_look_is_planned_or_done",
            ),
        ]

    def __str__(self):
        return f"look {self.pk} of stay {self.stay_id}"
