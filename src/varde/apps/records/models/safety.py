"""Threats and violence against those at work: the alarm, who saw it, who was called.

Kept apart from the patient's record. A contact may be named by its number; nothing of the
record is copied, and the incident stays with the station when the contact moves.
"""

from django.db import models
from django.db.models import Q

from varde.apps.records.models.contact import Contact
from varde.apps.records.models.organisation import Station
from varde.apps.records.models.patient import Scoped
from varde.apps.records.models.people import User


class SafetyIncident(Scoped):
    """One threat or act of violence at a station. An alarm stands until it is ended."""

    class Kind(models.TextChoices):
        THREAT = "threat"
        VIOLENCE = "violence"

    class Where(models.TextChoices):
        COUNTER = "counter"
        WAITING_ROOM = "waiting_room"
        TREATMENT_ROOM = "treatment_room"
        CORRIDOR = "corridor"
        OUTSIDE = "outside"
        CAR = "car"
        HOME = "home"
        TELEPHONE = "telephone"

    class End(models.TextChoices):
        SAFE = "safe"
        MISTAKE = "mistake"  # pressed by mistake; not counted as an incident

    station = models.ForeignKey(Station, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    where = models.CharField(max_length=16, choices=Where)
    # False: registered afterwards, without telling the screens.
    is_alarm = models.BooleanField()
    # Not `contact`: the change log would put it in the log of the patient.
    tied_contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, related_name="+"
    )
    raised_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    end = models.CharField(max_length=8, choices=End, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["station"],
                name="safety_alarms_standing",
                condition=Q(ended_at=None),
            ),
            models.Index(fields=["station", "occurred_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None, end="", is_alarm=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(end=""),
                name="a_safety_alarm_stands_or_is_ended",
            )
        ]

    def __str__(self):
        return f"incident {self.pk} at {self.station_id}"


class SafetySeen(Scoped):
    """A colleague has seen the alarm. Never changed."""

    incident = models.ForeignKey(SafetyIncident, models.CASCADE, related_name="seen")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "by"], name="an_alarm_is_seen_once_by_each"
            )
        ]

    def __str__(self):
        return f"{self.by_id} saw {self.incident_id}"


class SafetyCall(Scoped):
    """Who was called to help, when, and by whom. Never changed."""

    class Called(models.TextChoices):
        POLICE = "police"
        FIRE = "fire"
        COLLEAGUE = "colleague"
        AMK = "amk"
        GUARD = "guard"
        LEADER = "leader"

    incident = models.ForeignKey(SafetyIncident, models.CASCADE, related_name="calls")
    called = models.CharField(max_length=10, choices=Called)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    def __str__(self):
        return f"{self.called} called about {self.incident_id}"


class SafetyAccount(Scoped):
    """What happened, told afterwards. More is added; nothing is changed."""

    class Injured(models.TextChoices):
        NOBODY = "nobody"
        SOMEBODY = "somebody"
        UNKNOWN = "unknown"

    incident = models.ForeignKey(
        SafetyIncident, models.CASCADE, related_name="accounts"
    )
    text = models.TextField()
    injured = models.CharField(max_length=8, choices=Injured, default=Injured.UNKNOWN)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self):
        return f"account {self.pk} of {self.incident_id}"
