"""Vikarer: approved by a municipality, in pools that municipalities share, and their terms."""

from django.db import models
from django.db.models import Q

from varde.apps.records.models.organisation import Municipality
from varde.apps.records.models.people import Duty, User


class VikarApproval(models.Model):
    """A municipality is asked about a vikar, and says yes or no, for a time.

    Never decided by the one it is about.
    """

    class State(models.TextChoices):
        ASKED = "asked"
        APPROVED = "approved"
        REFUSED = "refused"

    person = models.ForeignKey(User, models.PROTECT, related_name="vikar_approvals")
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, help_text="The last day")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="an_approval_ends_after_it_begins",
                condition=Q(valid_to=None) | Q(valid_to__gte=models.F("valid_from")),
            ),
            models.CheckConstraint(
                name="nobody_approves_oneself",
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("person")),
            ),
            models.CheckConstraint(
                name="a_decided_approval_has_who",
                condition=Q(state="asked", decided_by=None, decided_at=None)
                | ~Q(state="asked")
                & Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["person", "municipality"],
                condition=Q(state="asked"),
                name="one_question_at_a_time_about_a_vikar",
            ),
        ]

    def __str__(self):
        return f"{self.person_id} in {self.municipality_id}: {self.state}"


class VikarTerms(models.Model):
    """What is agreed with a vikar from a day: pay an hour, and the rest in words.

    A rate that is not set is unknown, not nothing.
    """

    person = models.ForeignKey(User, models.PROTECT, related_name="vikar_terms")
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="+")
    valid_from = models.DateField()
    rate_nok = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    terms = models.CharField(max_length=500, blank=True)
    agency = models.CharField(max_length=120, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "municipality", "valid_from"],
                name="one_agreement_a_day_with_a_vikar",
            ),
            models.CheckConstraint(
                name="a_rate_is_above_nothing",
                condition=Q(rate_nok=None) | Q(rate_nok__gt=0),
            ),
        ]

    def __str__(self):
        return f"{self.person_id} in {self.municipality_id} from {self.valid_from}"


class VikarPool(models.Model):
    """Municipalities that use each other's approved vikarer, each by its own consent."""

    name = models.CharField(max_length=80, unique=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    def __str__(self):
        return f"pool {self.pk}"


class PoolConsent(models.Model):
    """A municipality is asked into a pool; a member from its consent until it withdraws."""

    pool = models.ForeignKey(VikarPool, models.PROTECT, related_name="consents")
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    given_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pool", "municipality"],
                condition=Q(withdrawn_at=None),
                name="one_consent_a_municipality_in_a_pool",
            )
        ]

    def __str__(self):
        return f"{self.municipality_id} in pool {self.pool_id}"


class VikarDuty(models.Model):
    """Why a duty was done by a vikar."""

    class Why(models.TextChoices):
        VACANCY = "vacancy"
        SICKNESS = "sickness"
        HOLIDAY = "holiday"
        LEAVE = "leave"
        EXEMPTION = "exemption"
        AGREED = "agreed"  # a fixed arrangement
        OTHER = "other"

    duty = models.OneToOneField(Duty, models.CASCADE, related_name="vikar_use")
    why = models.CharField(max_length=12, choices=Why)
    said_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    def __str__(self):
        return f"duty {self.duty_id}: {self.why}"
