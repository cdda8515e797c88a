"""Call-outs and home visits: the cars, who went, each press, and the one who is alone."""

from django.db import models
from django.db.models import Q

from varde.apps.records.models.contact import Contact, Outcome
from varde.apps.records.models.organisation import Sentral, Station
from varde.apps.records.models.patient import Scoped
from varde.apps.records.models.people import User


class Vehicle(models.Model):
    """A vehicle of a station, by its call sign."""

    class Kind(models.TextChoices):
        LEGEVAKTBIL = "legevaktbil"
        CAR = "car"  # an ordinary car, without lights
        BOAT = "boat"
        OTHER = "other"

    station = models.ForeignKey(Station, models.PROTECT, related_name="vehicles")
    call_sign = models.CharField(max_length=20)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.LEGEVAKTBIL)
    is_in_use = models.BooleanField(default=True)

    class Meta:
        ordering = ["call_sign"]
        constraints = [
            models.UniqueConstraint(
                fields=["station", "call_sign"], name="one_vehicle_a_call_sign"
            )
        ]

    def __str__(self):
        return self.call_sign


class Mission(Scoped):
    """One call-out or home visit. The times of the legs are the fold of its presses."""

    class Kind(models.TextChoices):
        HOME_VISIT = "home_visit"
        CALL_OUT = "call_out"

    class Result(models.TextChoices):
        TREATED = "treated"  # and stays where the patient is
        TO_STATION = "to_station"
        TO_HOSPITAL = "to_hospital"
        AMBULANCE = "ambulance"  # the ambulance has the patient
        NOBODY_THERE = "nobody_there"
        DEAD = "dead"
        CALLED_OFF = "called_off"

    class Avoided(models.TextChoices):
        ADMISSION = "admission"
        AMBULANCE = "ambulance"
        BOTH = "both"
        NEITHER = "neither"
        UNKNOWN = "unknown"

    contact = models.ForeignKey(Contact, models.PROTECT, related_name="missions")
    # The sentral that answers for the station: its screens are told.
    sentral = models.ForeignKey(Sentral, models.PROTECT, related_name="+")
    station = models.ForeignKey(Station, models.PROTECT, related_name="missions")
    outcome = models.ForeignKey(Outcome, models.PROTECT, related_name="missions")
    kind = models.CharField(max_length=12, choices=Kind)
    vehicle = models.ForeignKey(
        Vehicle, models.PROTECT, null=True, related_name="missions"
    )
    # Who else is along, without a log-in here: an ambulance, the police, a driver.
    companion = models.CharField(max_length=120, blank=True)
    alone_reason = models.CharField(max_length=300, blank=True)
    opened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    alarmed_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    at_scene_at = models.DateTimeField(null=True)
    with_patient_at = models.DateTimeField(null=True)
    left_scene_at = models.DateTimeField(null=True)
    free_at = models.DateTimeField(null=True)

    # The lone worker's timer; without minutes nobody is asked.
    sign_min = models.PositiveSmallIntegerField(null=True)
    last_sign_at = models.DateTimeField(null=True)
    sign_due_at = models.DateTimeField(null=True)

    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    result = models.CharField(max_length=12, choices=Result, blank=True)
    done = models.TextField(blank=True)
    avoided = models.CharField(max_length=10, choices=Avoided, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["station"],
                name="missions_open",
                condition=Q(ended_at=None),
            ),
            models.Index(
                fields=["sign_due_at"],
                name="missions_watched",
                condition=Q(sign_due_at__isnull=False),
            ),
            models.Index(fields=["station", "opened_at"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["outcome"],
                condition=Q(ended_at=None),
                name="one_mission_an_outcome",
            ),
            models.UniqueConstraint(
                fields=["vehicle"],
                condition=Q(ended_at=None, free_at=None),
                name="a_vehicle_is_on_one_mission",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, result="")
                | Q(ended_at__isnull=False) & ~Q(result=""),
                name="a_mission_ends_in_some_way",
            ),
        ]

    def __str__(self):
        return f"mission {self.pk} of contact {self.contact_id}"


class MissionCrew(Scoped):
    """Somebody on a mission, from when to when."""

    mission = models.ForeignKey(Mission, models.CASCADE, related_name="crew")
    person = models.ForeignKey(User, models.PROTECT, related_name="missions")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(until=None),
                name="a_person_is_on_one_mission",
            )
        ]

    def __str__(self):
        return f"{self.person_id} on mission {self.mission_id}"


class MissionPress(Scoped):
    """One press on the telephone, or the correction of one. Never changed."""

    class What(models.TextChoices):
        ALARMED = "alarmed"
        LEFT = "left"
        AT_SCENE = "at_scene"
        WITH_PATIENT = "with_patient"
        LEFT_SCENE = "left_scene"
        FREE = "free"
        SIGN = "sign"  # a sign of life

    mission = models.ForeignKey(
        Mission, models.CASCADE, related_name="presses", db_index=False
    )
    # Made by the telephone: what is sent again is nothing new.
    key = models.UUIDField(unique=True)
    what = models.CharField(max_length=12, choices=What)
    # Null: a correction that takes the press back.
    occurred_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField()
    device_at = models.DateTimeField(null=True)  # by the telephone's own clock
    doubt = models.CharField(max_length=16, blank=True)
    corrects = models.ForeignKey(
        "self", models.CASCADE, null=True, related_name="corrections"
    )
    reason = models.CharField(max_length=300, blank=True)  # of a correction
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["mission", "occurred_at"])]

    def __str__(self):
        return f"{self.what} of mission {self.mission_id}"


class MissionSecret(Scoped):
    """Door code and key information, encrypted with a key of its own (`services.missions`).

    Not in the log of changes: the row is deleted when the mission is over.
    """

    mission = models.OneToOneField(Mission, models.CASCADE, related_name="secret")
    sealed = models.BinaryField()
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    def __str__(self):
        return f"secret of mission {self.mission_id}"


class LoneAlarm(Scoped):
    """No sign of life came in time. It stands until a named person has answered it."""

    class Found(models.TextChoices):
        SAFE = "safe"
        HELP_SENT = "help_sent"
        POLICE = "police"

    mission = models.ForeignKey(Mission, models.CASCADE, related_name="lone_alarms")
    sentral = models.ForeignKey(Sentral, models.PROTECT, related_name="+")
    last_sign_at = models.DateTimeField()
    due_at = models.DateTimeField()
    raised_at = models.DateTimeField()
    # A sign that came after the alarm; the alarm must be answered all the same.
    sign_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    found = models.CharField(max_length=10, choices=Found, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mission"],
                condition=Q(answered_at=None),
                name="one_lone_alarm_a_mission",
            )
        ]

    def __str__(self):
        return f"lone alarm {self.pk} of mission {self.mission_id}"


class LoneStep(Scoped):
    """A step of the list that the alarm has reached, and who did it."""

    class Step(models.TextChoices):
        RING_CREW = "ring_crew"
        RING_LEADER = "ring_leader"
        SEND_COLLEAGUE = "send_colleague"
        RING_POLICE = "ring_police"

    alarm = models.ForeignKey(LoneAlarm, models.CASCADE, related_name="steps")
    step = models.CharField(max_length=16, choices=Step)
    reached_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["alarm", "step"], name="one_step_an_alarm")
        ]

    def __str__(self):
        return f"{self.step} of lone alarm {self.alarm_id}"


class ImportedLegs(models.Model):
    """The legs of one unit at one incident, from a file. Not about a patient.

    Lengths are seconds from the alarm; null where the file has none.
    """

    station = models.ForeignKey(Station, models.CASCADE, related_name="imported_legs")
    incident = models.CharField(max_length=40)
    unit = models.CharField(max_length=20)
    # Which of the file's rows with this incident and unit it is, from 1.
    row = models.PositiveSmallIntegerField()
    day = models.DateField()
    alarmed_at = models.DateTimeField(null=True)
    left_s = models.PositiveIntegerField(null=True)
    at_scene_s = models.PositiveIntegerField(null=True)
    with_patient_s = models.PositiveIntegerField(null=True)
    left_scene_s = models.PositiveIntegerField(null=True)
    at_hospital_s = models.PositiveIntegerField(null=True)
    free_s = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["station", "incident", "unit", "row"],
                name="one_row_a_unit_of_an_incident",
            )
        ]

    def __str__(self):
        return f"{self.unit} at {self.incident}"
