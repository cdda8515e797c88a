"""Safety alarms and sensors: what they said, and the contact that came of it."""

from django.db import models

from varde.apps.records.models.contact import Contact
from varde.apps.records.models.organisation import Sentral
from varde.apps.records.models.patient import Scoped


class Alarm(Scoped):
    """One alarm, as the sender names it. Its columns are the fold of its signals."""

    class Device(models.TextChoices):
        PENDANT = "pendant"
        FALL = "fall"
        BED = "bed"
        DOOR = "door"
        SMOKE = "smoke"
        GPS = "gps"
        CAMERA = "camera"
        INACTIVITY = "inactivity"
        MEDICINE = "medicine"
        OTHER = "other"

    class State(models.TextChoices):
        STANDING = "standing"
        CANCELLED = "cancelled"
        RESTORED = "restored"

    sentral = models.ForeignKey(Sentral, models.PROTECT, related_name="alarms")
    alarm_id = models.CharField(max_length=80)
    # The latest contact about it. Null: a device that only said that it works again.
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, related_name="alarms"
    )
    state = models.CharField(max_length=10, choices=State, default=State.STANDING)
    device = models.CharField(max_length=12, choices=Device, default=Device.OTHER)
    place = models.CharField(max_length=200, blank=True)
    callback_number = models.CharField(max_length=20, blank=True)
    first_at = models.DateTimeField()
    calls = models.PositiveIntegerField(default=0)
    called_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    restored_at = models.DateTimeField(null=True)
    # A national number came that is no such number: the operator asks again.
    has_wrong_number = models.BooleanField(default=False)
    # When the shift leader was alarmed because nobody had taken it.
    backup_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sentral", "alarm_id"], name="one_alarm_an_alarm_id"
            )
        ]

    def __str__(self):
        return f"alarm {self.pk} {self.state}"


class AlarmSignal(Scoped):
    """What the alarm said, as it said it. Never changed."""

    class Kind(models.TextChoices):
        RAISED = "raised"
        REPEATED = "repeated"
        CANCELLED = "cancelled"
        RESTORED = "restored"

    alarm = models.ForeignKey(Alarm, models.CASCADE, related_name="signals")
    event_id = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=Kind)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    device = models.CharField(max_length=12, blank=True)
    place = models.CharField(max_length=200, blank=True)
    callback_number = models.CharField(max_length=20, blank=True)
    told = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["alarm", "event_id"], name="one_signal_an_event_id"
            )
        ]

    def __str__(self):
        return f"{self.kind} of alarm {self.alarm_id}"
