"""Numbered paper forms for downtime: who had them printed, and what became of each."""

from django.db import models
from django.db.models import Q

from varde.apps.records.models.contact import Contact
from varde.apps.records.models.organisation import Sentral, Station
from varde.apps.records.models.patient import Scoped
from varde.apps.records.models.people import User


class PaperPrint(Scoped):
    """Forms printed in one go: a sentral's for the telephone, or a station's for the door."""

    sentral = models.ForeignKey(Sentral, models.PROTECT, related_name="+")
    station = models.ForeignKey(Station, models.PROTECT, null=True, related_name="+")
    count = models.PositiveSmallIntegerField()
    # Null where it was done at the command line.
    issued_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField()

    def __str__(self):
        return f"{self.count} forms, print {self.pk}"


class PaperForm(Scoped):
    """One sheet. It is out until it is entered or void, and it is entered once."""

    class State(models.TextChoices):
        OUT = "out"
        ENTERED = "entered"
        VOID = "void"

    print = models.ForeignKey(PaperPrint, models.PROTECT, related_name="forms")
    number = models.CharField(max_length=40, unique=True)
    serial = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.OUT)
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, related_name="paper_forms"
    )
    # When it was entered or made void, by whom; the reason where it is void.
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    void_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["print"], name="paper_forms_out", condition=Q(state="out")
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="out", settled_at=None, contact=None)
                | Q(state="entered", settled_at__isnull=False, contact__isnull=False)
                | Q(state="void", settled_at__isnull=False, contact=None)
                & ~Q(void_reason=""),
                name="a_paper_form_is_accounted_for",
            )
        ]

    def __str__(self):
        return self.number
