"""Telephone events, calls, and the list of those to ring back."""

from django.db import models

from varde.apps.records.models.organisation import Sentral
from varde.apps.records.models.patient import Scoped
from varde.apps.records.models.people import User


class Call(Scoped):
    """One telephone call. Its times are the fold of its telephone events."""

    class State(models.TextChoices):
        RINGING = "ringing"
        ANSWERED = "answered"
        ABANDONED = "abandoned"
        TRANSFERRED = "transferred"
        ENDED = "ended"
        FAULT = "fault"
        UNKNOWN = "unknown"  # an event came, but neither ring nor answer yet

    sentral = models.ForeignKey(Sentral, models.PROTECT, related_name="calls")
    external_id = models.CharField(max_length=80)
    line = models.CharField(max_length=20, blank=True)
    priority = models.SmallIntegerField(default=0)
    caller_number = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.UNKNOWN)
    ringing_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    abandoned_at = models.DateTimeField(null=True)
    transferred_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    operator_code = models.CharField(max_length=40, blank=True)
    # Who has it in hand. Null while it is on the line: nobody, and the queue shows it.
    owner = models.ForeignKey(User, models.PROTECT, null=True, related_name="calls")
    # When it was first claimed; kept when the call changes hands.
    claimed_at = models.DateTimeField(null=True)
    contact = models.ForeignKey(
        "records.Contact", models.PROTECT, null=True, related_name="calls"
    )
    source = models.CharField(max_length=12, default="webhook")
    # The sentral that it came from while we help it; empty for our own.
    origin = models.CharField(max_length=12, blank=True, default="", db_default="")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sentral", "external_id"], name="one_call_an_external_id"
            )
        ]
        indexes = [
            models.Index(fields=["sentral", "ringing_at"]),
            models.Index(
                fields=["sentral", "ringing_at"],
                name="calls_on_the_line",
                condition=models.Q(
                    state__in=["ringing", "answered", "transferred", "unknown"]
                ),
            ),
            models.Index(fields=["caller_number"]),
        ]

    def __str__(self):
        return f"call {self.pk} {self.state}"


class TelephonyEvent(Scoped):
    """What the telephone system said, as it said it. Never changed."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="events")
    event_id = models.CharField(max_length=80)
    kind = models.CharField(max_length=12)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    operator_code = models.CharField(max_length=40, blank=True)
    target = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["call", "event_id"], name="one_event_an_event_id"
            )
        ]

    def __str__(self):
        return f"{self.kind} of call {self.call_id}"


class CallBack(Scoped):
    """Someone to ring: a missed call, or a promise."""

    class Kind(models.TextChoices):
        MISSED = "missed"
        PROMISED = "promised"

    class State(models.TextChoices):
        OPEN = "open"
        REACHED = "reached"
        UNREACHABLE = "unreachable"
        CANCELLED = "cancelled"

    sentral = models.ForeignKey(Sentral, models.PROTECT, related_name="callbacks")
    kind = models.CharField(max_length=10, choices=Kind)
    call = models.OneToOneField(
        Call, models.PROTECT, null=True, related_name="callback"
    )
    contact = models.ForeignKey(
        "records.Contact", models.PROTECT, null=True, related_name="callbacks"
    )
    number = models.CharField(max_length=20, blank=True)
    hastegrad = models.CharField(max_length=10, blank=True)
    about = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    escalated_at = models.DateTimeField(null=True)
    owner = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    settled_note = models.CharField(max_length=200, blank=True)
    # The sentral that it came from while we help it; empty for our own.
    origin = models.CharField(max_length=12, blank=True, default="", db_default="")
    # The sentral that helped us and settled it; no event of ours opens it again.
    helped_by = models.CharField(max_length=12, blank=True, default="", db_default="")

    class Meta:
        indexes = [
            models.Index(
                fields=["sentral", "due_at"],
                name="callbacks_open",
                condition=models.Q(state="open"),
            )
        ]

    def __str__(self):
        return f"call-back {self.pk} {self.state}"


class CallBackAttempt(Scoped):
    """One try to reach the person."""

    callback = models.ForeignKey(CallBack, models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT)
    was_reached = models.BooleanField()
    note = models.CharField(max_length=200, blank=True)

    def __str__(self):
        return f"attempt {self.pk}"


class Recording(Scoped):
    """The sound log's reference to one call's recording. The sound is elsewhere."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="recordings")
    reference = models.CharField(max_length=200, blank=True)
    recorded_on = models.DateField()
    legal_hold = models.BooleanField(default=False)
    hold_reason = models.CharField(max_length=200, blank=True)
    deleted_at = models.DateTimeField(null=True)

    def __str__(self):
        return f"recording {self.pk}"


class Listening(Scoped):
    """Who listened to a recording, when and why."""

    recording = models.ForeignKey(Recording, models.PROTECT, related_name="listenings")
    by = models.ForeignKey(User, models.PROTECT)
    at = models.DateTimeField()
    reason = models.CharField(max_length=200)

    def __str__(self):
        return f"listening {self.pk}"
