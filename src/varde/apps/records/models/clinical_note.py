"""The note of the clinician: a draft, then versions that are never written over."""

from django.db import models
from django.db.models import Q

from varde.apps.records.models.contact import Contact
from varde.apps.records.models.organisation import Station
from varde.apps.records.models.patient import Scoped
from varde.apps.records.models.people import User


class ClinicalNote(Scoped):
    """One version of a contact's note, or somebody's draft of the next one.

    A draft belongs to its author. When it is signed it gets its number, and from then on
    the database refuses any change of what it says (`records.protection`).
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        WAITING = "waiting"  # signed by a LIS1; another doctor must sign as well
        RETURNED = "returned"  # that doctor wants it corrected, in a new version
        SIGNED = "signed"

    contact = models.ForeignKey(Contact, models.PROTECT, related_name="clinical_notes")
    station = models.ForeignKey(Station, models.PROTECT, related_name="+")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    version = models.PositiveSmallIntegerField(null=True)  # null: a draft
    why = models.TextField(blank=True)
    found = models.TextField(blank=True)
    judged = models.TextField(blank=True)
    done = models.TextField(blank=True)
    plan = models.TextField(blank=True)
    # ICPC-2, the main one first. What the patient came for is the contact's own code.
    diagnoses = models.JSONField(default=list)
    # Of a version after the first: what was wrong or new.
    correction = models.CharField(max_length=300, blank=True)
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)
    author_is_lis1 = models.BooleanField(default=False)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "version"], name="one_clinical_note_a_version"
            ),
            models.UniqueConstraint(
                fields=["contact", "author"],
                condition=Q(state="draft"),
                name="one_draft_a_person_and_contact",
            ),
            models.CheckConstraint(
                name="a_signed_note_has_number_and_moment",
                condition=Q(state="draft", version=None, signed_at=None)
                | ~Q(state="draft") & Q(version__isnull=False, signed_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["station", "signed_at"],
                name="notes_to_sign",
                condition=Q(state="waiting"),
            ),
            models.Index(
                fields=["author"],
                name="notes_not_done",
                condition=Q(state__in=["draft", "returned"]),
            ),
        ]

    def __str__(self):
        return f"clinical note {self.pk} {self.state}"


class Phrase(models.Model):
    """A piece of text with a short key: a person's own, or a station's for all there."""

    user = models.ForeignKey(
        User, models.CASCADE, null=True, blank=True, related_name="phrases"
    )
    station = models.ForeignKey(
        Station, models.CASCADE, null=True, blank=True, related_name="phrases"
    )
    key = models.CharField(max_length=12)
    text = models.TextField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_phrase_is_a_persons_or_a_stations",
                condition=Q(user__isnull=False, station=None)
                | Q(user=None, station__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["user", "key"],
                condition=Q(station=None),
                name="one_own_phrase_a_key",
            ),
            models.UniqueConstraint(
                fields=["station", "key"],
                condition=Q(user=None),
                name="one_station_phrase_a_key",
            ),
        ]

    def __str__(self):
        return f"phrase {self.pk}"
