"""Log-ins that are going on, what opens a locked screen, and counted attempts."""

from uuid import uuid4

from django.db import models

from varde.apps.records.models.people import User


class WorkSession(models.Model):
    """One log-in at one workstation. Without its row the log-in is over.

    Kept beside Django's session, which a request reads at its start and writes as a
    whole at its end: a lock set in between would be lost there.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    user = models.ForeignKey(User, models.CASCADE, related_name="work_sessions")
    began_at = models.DateTimeField()
    used_at = models.DateTimeField()
    locked_at = models.DateTimeField(null=True)
    wrong_tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["began_at"])]

    def __str__(self):
        return f"work session of {self.user_id}"


class UnlockPin(models.Model):
    """A person's short code for opening the screen that she locked herself."""

    user = models.OneToOneField(User, models.CASCADE, related_name="unlock_pin")
    code = models.CharField(max_length=128, help_text="Argon2")
    set_at = models.DateTimeField()

    def __str__(self):
        return f"PIN of {self.user_id}"


class Allowance(models.Model):
    """How much of a limited number of attempts is used (`records.ratelimit`)."""

    key = models.CharField(max_length=64, primary_key=True, help_text="SHA-256")
    full_at = models.DateTimeField(db_index=True)

    def __str__(self):
        return f"allowance {self.key[:8]}"
