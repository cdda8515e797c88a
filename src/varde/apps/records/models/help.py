"""Help between sentraler: the other sentral, the agreement, and each take-over."""

from django.db import models

from varde.apps.records.models.call import Call, CallBack
from varde.apps.records.models.organisation import Sentral
from varde.apps.records.models.patient import Scoped
from varde.apps.records.models.people import User


class HelpReason(models.TextChoices):
    """Why one sentral takes over from another, as somebody said."""

    GONE = "gone"
    ASKED = "asked"  # the other asked for it
    LOAD = "load"
    STAFF = "staff"
    MOVING = "moving"
    PLANNED = "planned"
    OTHER = "other"  # then in words


class Partner(models.Model):
    """Another sentral with a Varde of its own. The shared secret is not in the database."""

    sentral = models.ForeignKey(Sentral, models.PROTECT, related_name="partners")
    code = models.CharField(max_length=12)
    name = models.CharField(max_length=120)
    address = models.URLField(max_length=200)
    # What a helper must know: who to send where, numbers of stations, AMK and doctors.
    our_routes = models.TextField(blank=True)
    their_routes = models.TextField(blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    # Our last message's number, and the last of theirs that was taken in.
    sent_seq = models.BigIntegerField(default=0)
    seen_seq = models.BigIntegerField(default=0)
    heard_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    refused_at = models.DateTimeField(null=True)  # it answered our last message with no
    # They ask for our help, or we for theirs.
    they_ask_at = models.DateTimeField(null=True)
    we_ask_at = models.DateTimeField(null=True)
    we_ask_reason = models.CharField(max_length=7, choices=HelpReason, blank=True)
    we_ask_note = models.CharField(max_length=200, blank=True)
    # The other's open queue, sealed as it came. No person's row, and no readable one.
    copy = models.TextField(blank=True)
    copy_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sentral", "code"], name="one_partner_a_code"
            )
        ]

    def __str__(self):
        return f"{self.sentral_id} and {self.code}"


class HelpAgreement(models.Model):
    """One text that both must accept. A new text is a new agreement."""

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="agreements")
    terms = models.JSONField()
    terms_hash = models.CharField(max_length=64)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    we_accepted_at = models.DateTimeField(null=True)
    we_accepted_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+"
    )
    they_accepted_at = models.DateTimeField(null=True)
    they_accepted_by = models.CharField(max_length=150, blank=True)
    ended_at = models.DateTimeField(null=True)
    # Empty: the other ended it, or a newer agreement took its place.
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "terms_hash"], name="one_agreement_a_text"
            )
        ]

    def __str__(self):
        return f"agreement {self.pk}"


class HelpTakeover(models.Model):
    """One side's part of one take-over. Both sides have a row with the same name."""

    class Side(models.TextChoices):
        HELPER = "helper"  # we help
        OWNER = "owner"  # we are helped

    class Stage(models.TextChoices):
        ASKING = "asking"
        ACTIVE = "active"
        RETURNING = "returning"
        ENDED = "ended"

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="takeovers")
    name = models.UUIDField()
    side = models.CharField(max_length=6, choices=Side)
    stage = models.CharField(max_length=9, choices=Stage)
    is_drill = models.BooleanField(default=False)
    # Nobody was asked: the other was gone.
    is_automatic = models.BooleanField(default=False)
    is_copy_closed = models.BooleanField(default=False)  # sealed with another secret
    # Until when the other was last heard; the seconds of a loss count from here.
    lost_at = models.DateTimeField(null=True)
    began_at = models.DateTimeField()
    began_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    active_at = models.DateTimeField(null=True)
    returning_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    we_want_back_at = models.DateTimeField(null=True)
    # As our own people gave it: the helper's for taking over, the owner's for asking.
    reason = models.CharField(max_length=7, choices=HelpReason, blank=True)
    reason_note = models.CharField(max_length=200, blank=True)
    # Ended by hand, with what could not be told to the other still in the items.
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    closed_reason = models.CharField(max_length=200, blank=True)
    report = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "name"], name="one_takeover_a_name"
            ),
            models.UniqueConstraint(
                fields=["partner", "side"],
                condition=~models.Q(stage="ended"),
                name="one_takeover_at_a_time",
            ),
        ]

    def __str__(self):
        return f"takeover {self.pk} {self.stage}"


class HelpItem(Scoped):
    """One call or call-back in a take-over. Who is to be rung is in the call or call-back.

    With the helper it tells what was made here of it; with the owner, which row of ours it
    is. `text` is the record of what was done, from one side to the other.
    """

    class State(models.TextChoices):
        OPEN = "open"
        BACK = "back"
        DONE = "done"

    takeover = models.ForeignKey(HelpTakeover, models.CASCADE, related_name="items")
    key = models.CharField(max_length=100)
    state = models.CharField(max_length=4, choices=State, default=State.OPEN)
    call = models.ForeignKey(Call, models.PROTECT, null=True, related_name="+")
    callback = models.ForeignKey(CallBack, models.PROTECT, null=True, related_name="+")
    seen_at = models.DateTimeField()
    since = models.DateTimeField()
    result = models.CharField(max_length=12, blank=True)
    taken_in = models.CharField(max_length=8, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    handled_at = models.DateTimeField(null=True)
    text = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["takeover", "key"], name="one_item_a_key")
        ]
        indexes = [
            models.Index(
                fields=["callback"],
                name="help_callbacks_open",
                condition=models.Q(state="open"),
            ),
            models.Index(
                fields=["call"],
                name="help_calls_open",
                condition=models.Q(state="open"),
            ),
        ]

    def __str__(self):
        return f"item {self.pk} {self.state}"
