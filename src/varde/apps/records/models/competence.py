"""What is documented of a person's competence, and what was decided about it."""

from django.db import models
from django.db.models import Q

from varde.apps.records.models.organisation import Sentral, Station
from varde.apps.records.models.people import User
from varde.apps.records.models.staff import ONE_PLACE


class CompetenceDocument(models.Model):
    """A course passed, a training done, an authorisation. Struck out, never deleted."""

    person = models.ForeignKey(User, models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=40, help_text="As content/competence.yaml")
    first_on = models.DateField()
    last_on = models.DateField(null=True, blank=True, help_text="Its own last day")
    issuer = models.CharField(max_length=120, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    struck_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    struck_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person", "kind"])]
        constraints = [
            models.CheckConstraint(
                name="a_document_ends_after_it_begins",
                condition=Q(last_on=None) | Q(last_on__gte=models.F("first_on")),
            )
        ]

    def __str__(self):
        return f"{self.person_id} {self.kind} from {self.first_on}"


class Certificate(models.Model):
    """The file of a document. Kept in the database: no address leads to it but the door's."""

    class Type(models.TextChoices):
        PDF = "application/pdf"
        PNG = "image/png"
        JPEG = "image/jpeg"

    document = models.OneToOneField(
        CompetenceDocument, models.PROTECT, related_name="certificate"
    )
    content_type = models.CharField(max_length=20, choices=Type)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    def __str__(self):
        return f"file of document {self.document_id}"


class Experience(models.Model):
    """Service in a period, or a number of duties done up to a day."""

    person = models.ForeignKey(User, models.PROTECT, related_name="experience")
    kind = models.CharField(max_length=40, help_text="As content/competence.yaml")
    first_on = models.DateField(help_text="Of duties: the day up to which they count")
    last_on = models.DateField(null=True, blank=True)
    share = models.DecimalField(max_digits=4, decimal_places=3, null=True)
    count = models.PositiveIntegerField(null=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    struck_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    struck_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person", "kind"])]
        constraints = [
            models.CheckConstraint(
                name="experience_is_a_period_or_a_number",
                condition=Q(count=None, share__gt=0, share__lte=1)
                | Q(count__isnull=False, share=None, last_on=None),
            ),
            models.CheckConstraint(
                name="experience_ends_after_it_begins",
                condition=Q(last_on=None) | Q(last_on__gte=models.F("first_on")),
            ),
        ]

    def __str__(self):
        return f"{self.person_id} {self.kind} from {self.first_on}"


class Dispensation(models.Model):
    """One demand set aside for a time at a workplace, by whom and why. It always ends.

    One without a workplace, from before it was written, counts at all.
    """

    person = models.ForeignKey(User, models.PROTECT, related_name="dispensations")
    station = models.ForeignKey(Station, models.PROTECT, null=True, related_name="+")
    sentral = models.ForeignKey(Sentral, models.PROTECT, null=True, related_name="+")
    demand = models.CharField(max_length=40, help_text="As content/competence.yaml")
    first_on = models.DateField()
    last_on = models.DateField()
    reason = models.CharField(max_length=500)
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_dispensation_ends_after_it_begins",
                condition=Q(last_on__gte=models.F("first_on")),
            ),
            models.CheckConstraint(
                name="a_dispensation_has_a_reason", condition=~Q(reason="")
            ),
        ]

    def __str__(self):
        return f"{self.person_id} {self.demand} until {self.last_on}"


class BakvaktDecision(models.Model):
    """Must the bakvakt of this doctor be able to come? Who decided, when and why.

    The newest that has begun counts.
    """

    class Mode(models.TextChoices):
        PHONE = "phone"
        CAN_ATTEND = "can_attend"

    person = models.ForeignKey(User, models.PROTECT, related_name="bakvakt_decisions")
    station = models.ForeignKey(Station, models.PROTECT, null=True, related_name="+")
    sentral = models.ForeignKey(Sentral, models.PROTECT, null=True, related_name="+")
    mode = models.CharField(max_length=12, choices=Mode)
    reason = models.CharField(max_length=500)
    valid_from = models.DateField()
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_bakvakt_decision_is_at_one_workplace", condition=ONE_PLACE
            ),
            models.CheckConstraint(
                name="a_bakvakt_decision_has_a_reason", condition=~Q(reason="")
            ),
        ]

    def __str__(self):
        return f"{self.person_id} {self.mode} from {self.valid_from}"


class Course(models.Model):
    """A course or an exercise of a workplace, on a day. Attendance makes the document."""

    station = models.ForeignKey(Station, models.PROTECT, null=True, related_name="+")
    sentral = models.ForeignKey(Sentral, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=40, help_text="The document that it gives")
    title = models.CharField(max_length=120)
    where = models.CharField(max_length=120, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    seats = models.PositiveSmallIntegerField()
    lasts_months = models.PositiveSmallIntegerField(null=True)  # of the document
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    called_off_at = models.DateTimeField(null=True)
    called_off_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["starts_at"])]
        constraints = [
            models.CheckConstraint(
                name="a_course_is_at_one_workplace", condition=ONE_PLACE
            ),
            models.CheckConstraint(
                name="a_course_ends_after_it_starts",
                condition=Q(ends_at__gt=models.F("starts_at")),
            ),
            models.CheckConstraint(
                name="a_course_has_seats", condition=Q(seats__gte=1)
            ),
        ]

    def __str__(self):
        return f"course {self.pk} {self.kind} {self.starts_at:%Y-%m-%d}"


class CourseSeat(models.Model):
    """Somebody is signed up for a course; afterwards whether the person was there."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="taken")
    person = models.ForeignKey(User, models.PROTECT, related_name="course_seats")
    signed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    given_up_at = models.DateTimeField(null=True)
    was_there = models.BooleanField(null=True)
    marked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    marked_at = models.DateTimeField(null=True)
    document = models.OneToOneField(
        CompetenceDocument, models.PROTECT, null=True, related_name="seat"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["course", "person"],
                condition=Q(given_up_at=None),
                name="one_seat_a_person_at_a_course",
            )
        ]

    def __str__(self):
        return f"{self.person_id} at course {self.course_id}"
