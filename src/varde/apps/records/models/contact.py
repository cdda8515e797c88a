"""The contact: one record from ring to close, and everything that hangs on it."""

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q

from varde.apps.records.models.organisation import Municipality, Sentral, Station
from varde.apps.records.models.patient import Fastlege, Patient, Scoped
from varde.apps.records.models.people import User


class Contact(Scoped):
    """One contact about one patient. The columns are the state now; what happened is
    in `events`."""

    class State(models.TextChoices):
        OPEN = "open"
        # With the station: at the door, in the car's care or in a bed (`records.care`).
        IN_CARE = "in_care"
        CLOSED = "closed"

    class Channel(models.TextChoices):
        PHONE = "phone"
        DOOR = "door"
        HEALTH = "health"  # health personnel
        AMK = "amk"
        POLICE = "police"
        NURSING_HOME = "nursing_home"
        ALARM = "alarm"

    sentral = models.ForeignKey(Sentral, models.PROTECT, related_name="contacts")
    station = models.ForeignKey(Station, models.PROTECT, null=True, blank=True)
    channel = models.CharField(max_length=12, choices=Channel, default=Channel.PHONE)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    # Ownership while it is in somebody's hand (domain.claim).
    owner = models.ForeignKey(User, models.PROTECT, null=True, related_name="contacts")
    claimed_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    # First three fields: who rings, in which language, with an interpreter or not.
    caller_relation = models.CharField(max_length=30, blank=True)
    caller_name = models.CharField(max_length=120, blank=True)
    callback_number = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=40, blank=True)
    interpreter_needed = models.BooleanField(null=True)

    patient = models.ForeignKey(
        Patient, models.PROTECT, null=True, related_name="contacts"
    )
    patient_unknown = models.BooleanField(default=False)
    municipality = models.ForeignKey(Municipality, models.PROTECT, null=True)
    is_elsewhere = models.BooleanField(default=False)
    whereabouts = models.CharField(max_length=200, blank=True)
    place = models.ForeignKey("records.Place", models.SET_NULL, null=True)
    fastlege = models.ForeignKey(Fastlege, models.PROTECT, null=True)
    consent_fastlege = models.BooleanField(null=True)
    is_pregnant = models.BooleanField(null=True)
    narrative = models.TextField(blank=True)

    # The judgement now; each judgement is an Assessment.
    index_version = models.ForeignKey(
        "records.IndexVersion", models.PROTECT, null=True, related_name="+"
    )
    complaint = models.CharField(max_length=60, blank=True)
    hastegrad_phone_first = models.CharField(max_length=10, blank=True)
    hastegrad_phone = models.CharField(max_length=10, blank=True)
    hastegrad_arrival_first = models.CharField(max_length=10, blank=True)
    hastegrad_arrival = models.CharField(max_length=10, blank=True)
    advice_given = models.TextField(blank=True)
    advice_understood = models.BooleanField(null=True)

    reason_code = models.CharField(max_length=4, blank=True)
    reason_is_deliberate = models.BooleanField(default=False)

    # Repeat contact within the window: 1 = first, 2 = second look, 3 = doctor.
    repeat_no = models.PositiveSmallIntegerField(default=1)
    second_look_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+"
    )
    second_look_at = models.DateTimeField(null=True)
    # True when advice by telephone was the only outcome; set at closing.
    ended_in_advice = models.BooleanField(null=True)
    # "paper" where it, or a part of it, was entered from a paper form after downtime.
    source = models.CharField(max_length=12, default="desk")
    # The sentral that it came from while we help it; empty for our own.
    origin = models.CharField(max_length=12, blank=True, default="", db_default="")

    class Meta:
        indexes = [
            models.Index(fields=["sentral", "opened_at"]),
            models.Index(fields=["sentral", "closed_at"]),
            models.Index(fields=["patient", "opened_at"]),
            models.Index(
                fields=["sentral", "owner"],
                name="contacts_open",
                condition=Q(state="open"),
            ),
        ]

    def __str__(self):
        return f"contact {self.pk} {self.state}"


class ContactEvent(Scoped):
    """One thing that happened with a contact. Never changed; a correction is a new one."""

    # Its index is the one below, which begins with the contact.
    contact = models.ForeignKey(
        Contact, models.CASCADE, related_name="events", db_index=False
    )
    kind = models.CharField(max_length=30)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["contact", "occurred_at"])]

    def __str__(self):
        return f"{self.kind} of contact {self.contact_id}"


class Assessment(Scoped):
    """One judgement of urgency, on one of the two axes, by one index version."""

    class Axis(models.TextChoices):
        PHONE = "phone"
        ARRIVAL = "arrival"

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="assessments")
    axis = models.CharField(max_length=8, choices=Axis)
    hastegrad = models.CharField(max_length=10)
    by_criteria = models.CharField(max_length=10, blank=True)
    complaint = models.CharField(max_length=60, blank=True)
    criteria = models.JSONField(default=list)
    red_flags_ruled_out = models.BooleanField(null=True)
    index_version = models.ForeignKey(
        "records.IndexVersion", models.PROTECT, null=True, related_name="assessments"
    )
    reason_lowered = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["occurred_at", "id"]

    def __str__(self):
        return f"assessment {self.pk}"


class VitalSigns(Scoped):
    """Measured or told vital signs, and NEWS2 where it may be computed."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="vital_signs")
    values = models.JSONField()
    scale = models.PositiveSmallIntegerField(default=1)
    scale2_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    news2 = models.PositiveSmallIntegerField(null=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    def __str__(self):
        return f"vital signs {self.pk}"


class Outcome(Scoped):
    """What it was decided to do: a task with an owner, a due time and a clock."""

    class Kind(models.TextChoices):
        ADVICE = "advice"
        ATTENDANCE = "attendance"
        HOME_VISIT = "home_visit"
        CALL_OUT = "call_out"
        AMK = "amk"
        AMBULANCE = "ambulance"
        KAD = "kad"
        ADMISSION = "admission"
        FASTLEGE = "fastlege"
        NURSING_HOME_DOCTOR = "nursing_home_doctor"
        OTHER_SERVICE = "other_service"
        POLICE_FIRE = "police_fire"
        CALL_BACK = "call_back"
        INTERPRETER = "interpreter"

    class State(models.TextChoices):
        OPEN = "open"
        DONE = "done"
        CANCELLED = "cancelled"

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="outcomes")
    kind = models.CharField(max_length=20, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    note = models.CharField(max_length=300, blank=True)
    station = models.ForeignKey(Station, models.PROTECT, null=True)
    owner = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    owner_role = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    due_at = models.DateTimeField(null=True)
    # Attendance: what was promised, the way there, and what came of it.
    promised_at = models.DateTimeField(null=True)
    travel_min = models.PositiveSmallIntegerField(null=True)
    arrived_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"], name="outcomes_open", condition=Q(state="open")
            ),
            models.Index(
                fields=["station", "promised_at"],
                name="attendances_promised",
                condition=Q(kind="attendance"),
            ),
        ]

    def __str__(self):
        return f"{self.kind} of contact {self.contact_id}"


class AmkHandover(Scoped):
    """The hand-over to AMK (113). Its clock starts by itself when red is set."""

    class Mode(models.TextChoices):
        CONFERENCE = "conference"
        TRANSFER = "transfer"

    contact = models.OneToOneField(Contact, models.CASCADE, related_name="amk")
    sentral = models.ForeignKey(Sentral, models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    mode = models.CharField(max_length=12, choices=Mode, blank=True)
    called_at = models.DateTimeField(null=True)
    called_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    said = models.TextField(blank=True)
    mission_number = models.CharField(max_length=40, blank=True)
    acknowledged_at = models.DateTimeField(null=True)
    alarmed_at = models.DateTimeField(null=True)
    not_needed_at = models.DateTimeField(null=True)
    not_needed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    not_needed_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["sentral", "started_at"],
                name="amk_unacknowledged",
                condition=Q(acknowledged_at=None, not_needed_at=None),
            )
        ]

    def __str__(self):
        return f"113 of contact {self.contact_id}"


class DoctorQuestion(Scoped):
    """A question to the doctor behind, in the record, with the answer."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="questions")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_to = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    question = models.TextField()
    asked_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    def __str__(self):
        return f"question {self.pk}"


class Approval(Scoped):
    """The doctor's approval of a contact that ended in advice."""

    class State(models.TextChoices):
        WAITING = "waiting"
        APPROVED = "approved"
        RETURNED = "returned"

    contact = models.OneToOneField(Contact, models.CASCADE, related_name="approval")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    created_at = models.DateTimeField()
    doctor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    comment = models.CharField(max_length=500, blank=True)

    def __str__(self):
        return f"approval of contact {self.contact_id}"


class InterpreterRequest(Scoped):
    """An interpreter asked for: language, when, and what came of it."""

    class Result(models.TextChoices):
        WAITING = "waiting"
        CONNECTED = "connected"
        UNAVAILABLE = "unavailable"
        FAMILY = "family"

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="interpreters")
    language = models.CharField(max_length=40)
    requested_at = models.DateTimeField()
    connected_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=12, choices=Result, default=Result.WAITING)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    def __str__(self):
        return f"interpreter {self.pk}"


class FastlegeNote(Scoped):
    """A message to the fastlege, with its states: the note of a contact that ended, one
    for each time, or the epikrise of a clinical note, one for each version of it."""

    class Kind(models.TextChoices):
        CONTACT = "contact"
        EPIKRISE = "epikrise"

    class State(models.TextChoices):
        QUEUED = "queued"
        SENT = "sent"
        RECEIVED = "received"
        FAILED = "failed"
        STOPPED = "stopped"  # the patient took the consent back before it was sent

    contact = models.ForeignKey(Contact, models.PROTECT, related_name="fastlege_notes")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.CONTACT)
    clinical_note = models.OneToOneField(
        "records.ClinicalNote", models.PROTECT, null=True, related_name="epikrise"
    )
    version = models.PositiveSmallIntegerField(default=1)
    # What the receiver knows the message by, however often it is handed over.
    message_id = models.UUIDField(db_default=RandomUUID(), unique=True)
    fastlege = models.ForeignKey(Fastlege, models.PROTECT)
    text = models.TextField()
    document = models.TextField(blank=True, help_text="FHIR R4 document, as JSON")
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "kind", "version"],
                name="one_note_a_contact_version",
            ),
            models.CheckConstraint(
                name="an_epikrise_is_of_a_clinical_note",
                condition=Q(kind="contact", clinical_note=None)
                | Q(kind="epikrise", clinical_note__isnull=False),
            ),
        ]

    def __str__(self):
        return f"note {self.pk} {self.state}"


class ClaimLine(Scoped):
    """One tariff line for the refund claim (Helfo)."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="claim_lines")
    tariff = models.CharField(max_length=8)
    quantity = models.PositiveSmallIntegerField(default=1)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "tariff"], name="one_line_a_tariff"
            )
        ]

    def __str__(self):
        return f"{self.tariff} of contact {self.contact_id}"
