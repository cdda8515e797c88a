"""The log: who read or changed what, when and why. Append-only, chained by hashes.

Rows are written by `records.audit.log` and by database triggers on every table with
patient data. The hash columns are filled by a deferred trigger at commit (migration
0002); nobody but the owner of the database may change a row, and `varde verify-log`
finds it if that happens.
"""

from django.db import models

from varde.apps.records.models.organisation import District
from varde.apps.records.models.people import User


class AuditEntry(models.Model):
    """One line of the log, with the fields of the national trust framework."""

    class Kind(models.TextChoices):
        READ = "read"
        ACT = "act"
        CHANGE = "change"
        REFUSED = "refused"
        SESSION = "session"

    class Purpose(models.TextChoices):
        TREAT = "TREAT"
        ETREAT = "ETREAT"
        COC = "COC"
        BTG = "BTG"

    district = models.ForeignKey(
        District, models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    kind = models.CharField(max_length=8, choices=Kind)
    what = models.CharField(max_length=60)
    table = models.CharField(max_length=60, blank=True)
    row_id = models.BigIntegerField(null=True)
    patient_id = models.BigIntegerField(null=True)
    contact_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)
    user = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    role = models.CharField(max_length=20, blank=True)
    place = models.CharField(max_length=60, blank=True)
    purpose = models.CharField(max_length=6, choices=Purpose, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    # The chain, written at commit.
    chain = models.SmallIntegerField(null=True)
    seq = models.BigIntegerField(null=True)
    prev_hash = models.BinaryField(null=True)
    hash = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["chain", "seq"], name="one_link_a_place")
        ]
        indexes = [
            models.Index(fields=["patient_id", "recorded_at"]),
            models.Index(fields=["contact_id", "recorded_at"]),
            models.Index(fields=["recorded_at"]),
        ]

    def __str__(self):
        return f"{self.kind} {self.what} {self.pk}"


class AuditChain(models.Model):
    """The head of each chain: how long it is and its last hash."""

    chain = models.SmallIntegerField(primary_key=True)
    seq = models.BigIntegerField(default=0)
    hash = models.BinaryField()

    def __str__(self):
        return f"chain {self.chain} at {self.seq}"


class RecordOpening(models.Model):
    """A record opened outside one's task, with the reason given, for a limited time."""

    district = models.ForeignKey(District, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="openings")
    patient = models.ForeignKey("records.Patient", models.PROTECT, null=True)
    contact = models.ForeignKey("records.Contact", models.PROTECT, null=True)
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    until = models.DateTimeField()
    controlled_at = models.DateTimeField(null=True)
    controlled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    def __str__(self):
        return f"opening {self.pk}"
