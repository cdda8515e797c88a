"""What the doctors on duty do, and the times when none of them could go."""

from django.db import models
from django.db.models import Q

from varde.apps.records.models.contact import Contact
from varde.apps.records.models.organisation import Sentral, Station
from varde.apps.records.models.patient import Scoped
from varde.apps.records.models.people import User
from varde.domain.conflict import NeedKind
from varde.domain.doctor_state import DoctorActivity, DoctorEventKind


class DoctorEvent(models.Model):
    """One event of one doctor (`domain.doctor_state`). Never changed.

    It is about a colleague at work and not about a patient: `ref` is the kind and the id
    of what the doctor is busy with. So it is not kept within a district, or a doctor who
    is out in one district would look free in the next.
    """

    doctor = models.ForeignKey(
        User, models.PROTECT, related_name="doctor_events", db_index=False
    )
    # From the sender; the same press sent twice is one event.
    event_id = models.CharField(max_length=120)
    kind = models.CharField(
        max_length=5, choices=[(kind.value, kind.value) for kind in DoctorEventKind]
    )
    activity = models.CharField(
        max_length=12, choices=[(one.value, one.value) for one in DoctorActivity],
        blank=True,
    )  # fmt: skip
    ref = models.CharField(max_length=60, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["doctor", "occurred_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["doctor", "event_id"], name="one_doctor_event_an_event_id"
            )
        ]

    def __str__(self):
        return f"{self.kind} {self.activity} of {self.doctor_id}"


class Conflict(Scoped):
    """A samtidighetskonflikt: a red patient or a call-out, and no doctor could go."""

    class Solved(models.TextChoices):
        DOCTOR_TOOK = "doctor_took"  # found by the system
        NEED_IS_OVER = "need_is_over"  # found by the system: not red any more, gone
        SECOND_TIER = "second_tier"
        BAKVAKT = "bakvakt"
        NEIGHBOUR = "neighbour"
        AMBULANCE = "ambulance"
        AMK = "amk"
        OTHER = "other"

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="conflicts")
    # The sentral that answers for the station: its screens are told.
    sentral = models.ForeignKey(Sentral, models.PROTECT, related_name="+")
    station = models.ForeignKey(Station, models.PROTECT, related_name="conflicts")
    need = models.CharField(
        max_length=12, choices=[(kind.value, kind.value) for kind in NeedKind]
    )
    need_key = models.CharField(max_length=40)  # the kind and the id of what came
    needed_at = models.DateTimeField()
    found_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    # Who was on duty and why each could not go: ids and codes.
    doctors = models.JSONField(default=list)
    solved_at = models.DateTimeField(null=True)
    solved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    how = models.CharField(max_length=12, choices=Solved, blank=True)
    how_note = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["station", "found_at"]),
            models.Index(
                fields=["sentral"],
                name="conflicts_open",
                condition=Q(solved_at=None),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["need_key"], name="a_need_is_one_conflict"),
            models.CheckConstraint(
                condition=Q(solved_at=None, how="")
                | Q(solved_at__isnull=False) & ~Q(how=""),
                name="a_conflict_is_solved_in_some_way",
            ),
        ]

    def __str__(self):
        return f"conflict {self.pk} of contact {self.contact_id}"
