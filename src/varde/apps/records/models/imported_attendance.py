"""Attendances from elsewhere, for measuring: no patient of ours, and no clock times."""

from django.db import models

from varde.apps.records.models.organisation import Station
from varde.apps.records.models.patient import Patient


class ImportedAttendanceSet(models.Model):
    """One file of attendances that was taken in for a station: its source."""

    station = models.ForeignKey(
        Station, models.CASCADE, related_name="imported_attendance_sets"
    )
    file = models.CharField(max_length=200)
    # Of what was read, not of the bytes: the same attendances under another name are known.
    content_sha256 = models.CharField(max_length=64)
    imported_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["station", "file"], name="one_attendance_set_a_file"
            ),
            models.UniqueConstraint(
                fields=["station", "content_sha256"],
                name="one_attendance_set_a_content",
            ),
        ]

    def __str__(self):
        return f"attendance set {self.pk}"


class ImportedAttendance(models.Model):
    """One attendance of a set. Not an `Attendance`: nobody knows when it was, or whose.

    Null and "" are what the set does not have.
    """

    of_set = models.ForeignKey(
        ImportedAttendanceSet, models.CASCADE, related_name="attendances"
    )
    line_no = models.PositiveIntegerField()
    age_years = models.PositiveSmallIntegerField(null=True)
    sex = models.CharField(max_length=1, choices=Patient.Sex, blank=True)
    # As `VitalSigns.values`: what was not measured is not there.
    vital_signs = models.JSONField()
    # The experts' level and the nurse's, 1 to 5, on the arrival axis.
    hastegrad_arrival = models.CharField(max_length=10)
    hastegrad_nurse = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["of_set", "line_no"], name="one_attendance_a_line_of_a_set"
            )
        ]

    def __str__(self):
        return f"imported attendance {self.pk}"
