"""The review of contacts by two: what was drawn, and how each scored it."""

from django.db import models

from varde.apps.records.models.contact import Contact
from varde.apps.records.models.organisation import Sentral
from varde.apps.records.models.patient import Scoped
from varde.apps.records.models.people import User


class Review(Scoped):
    """A contact drawn for review by two."""

    class Why(models.TextChoices):
        RANDOM = "random"
        REPEAT = "repeat"
        UPGRADED = "upgraded"

    contact = models.OneToOneField(Contact, models.CASCADE, related_name="review")
    sentral = models.ForeignKey(Sentral, models.PROTECT, related_name="+")
    why = models.CharField(max_length=10, choices=Why)
    drawn_at = models.DateTimeField()
    feedback = models.TextField(blank=True)
    feedback_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    feedback_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    def __str__(self):
        return f"review of contact {self.contact_id}"


class ReviewScore(Scoped):
    """One reviewer's answers to the fixed questions."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="scores")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    answers = models.JSONField()
    comment = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["review", "by"], name="one_score_a_reviewer"
            )
        ]

    def __str__(self):
        return f"score {self.pk}"
