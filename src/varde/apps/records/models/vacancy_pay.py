"""How a vacant duty is paid: what was chosen, and what the one who took it gets."""

from django.db import models
from django.db.models import Q

from varde.apps.records.models.people import User
from varde.apps.records.models.rota import Vacancy


class VacancyPay(models.Model):
    """One choice for a vacant duty, or with a person what that person gets for it.

    Rows are only added: the newest holds. A part that is not known is counted, so that a
    sum is never smaller than it is.
    """

    class Form(models.TextChoices):
        ACTIVITY = "activity"  # standby by class, and the fees
        NIGHT_FIXED = "night_fixed"
        FIXED = "fixed"
        OWN = "own"  # by the person's own agreement

    vacancy = models.ForeignKey(Vacancy, models.CASCADE, related_name="pays")
    person = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    form = models.CharField(max_length=12, choices=Form)
    has_extra = models.BooleanField()
    duty_class = models.PositiveSmallIntegerField(null=True)
    pay_nok = models.DecimalField(max_digits=9, decimal_places=2)
    pay_unknown = models.PositiveSmallIntegerField(help_text="Parts without a rate")
    extra_nok = models.DecimalField(max_digits=9, decimal_places=2)
    extra_unknown = models.PositiveSmallIntegerField()
    fees = models.CharField(max_length=4, help_text="Who keeps them: all, part, none")
    rates_from = models.DateField(null=True, help_text="The oldest rate that counts")
    is_verified = models.BooleanField(help_text="Whether every rate is")
    chosen_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    chosen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vacancy"],
                condition=Q(person__isnull=False),
                name="a_vacant_duty_is_paid_once",
            ),
        ]

    def __str__(self):
        return f"{self.vacancy_id} {self.form}"
