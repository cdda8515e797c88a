"""A patient at a station: from the door until gone, and each look in between."""

from django.db import models
from django.db.models import Q

from varde.apps.records.models.contact import Contact, Outcome
from varde.apps.records.models.organisation import Sentral, Station
from varde.apps.records.models.patient import Scoped
from varde.apps.records.models.people import User


class Attendance(Scoped):
    """One patient at one station. The hastegrad is the contact's, on the arrival axis.

    While `ended_at` is empty the contact may be written, also when the telephone part of
    it is closed.
    """

    class Way(models.TextChoices):
        EXPECTED = "expected"  # the sentral promised a time
        WALK_IN = "walk_in"
        AMBULANCE = "ambulance"
        POLICE = "police"

    class End(models.TextChoices):
        TREATED = "treated"
        LEFT = "left"  # went before a doctor had seen the patient
        SENT_ON = "sent_on"  # hospital, another station
        BED = "bed"  # observation or KAD
        ADVICE = "advice"  # a nurse's advice was enough

    contact = models.ForeignKey(Contact, models.PROTECT, related_name="attendances")
    # The sentral that answers for the station: its screens are told.
    sentral = models.ForeignKey(Sentral, models.PROTECT, related_name="+")
    station = models.ForeignKey(Station, models.PROTECT, related_name="attendances")
    outcome = models.ForeignKey(Outcome, models.PROTECT, null=True, related_name="+")
    way = models.CharField(max_length=10, choices=Way)
    # What the patient is called on the wall: a letter and two digits, not a name.
    ticket = models.CharField(max_length=4)
    arrived_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    registered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    room = models.CharField(max_length=20, blank=True)
    # The last look at the station, whoever made it; the history is in `Look`.
    last_seen_at = models.DateTimeField(null=True)
    last_seen_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    doctor = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="attendances"
    )
    taken_at = models.DateTimeField(null=True)  # by the doctor who has the patient now
    first_doctor_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    end = models.CharField(max_length=10, choices=End, blank=True)
    end_note = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["station"],
                name="attendances_present",
                condition=Q(ended_at=None),
            ),
            models.Index(fields=["station", "arrived_at"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["contact"],
                condition=Q(ended_at=None),
                name="a_contact_is_at_one_station",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, end="")
                | Q(ended_at__isnull=False) & ~Q(end=""),
                name="an_attendance_ends_in_some_way",
            ),
        ]

    def __str__(self):
        return f"attendance {self.pk} at {self.station_id}"


class Look(Scoped):
    """Somebody looked at a waiting patient: when, who, and what came of it."""

    class Result(models.TextChoices):
        SAME = "same"
        BETTER = "better"
        WORSE = "worse"
        TRIAGED = "triaged"  # a hastegrad was set

    attendance = models.ForeignKey(
        Attendance, models.CASCADE, related_name="looks", db_index=False
    )
    result = models.CharField(max_length=8, choices=Result)
    note = models.CharField(max_length=300, blank=True)
    # Whether it was in time by what the hastegrad allowed then; null for rød and unknown.
    was_in_time = models.BooleanField(null=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["attendance", "occurred_at"])]

    def __str__(self):
        return f"look {self.pk}"


class WaitTold(Scoped):
    """The wait that was told when the hastegrad was first set: judged by what happened."""

    attendance = models.OneToOneField(
        Attendance, models.CASCADE, related_name="wait_told"
    )
    at = models.DateTimeField()
    hastegrad = models.CharField(max_length=10)
    low_min = models.FloatField()
    median_min = models.FloatField()
    high_min = models.FloatField()

    def __str__(self):
        return f"wait told for attendance {self.attendance_id}"
