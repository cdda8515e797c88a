"""Who works here: users, their roles by place, and who is at work."""

from django.contrib.auth.models import AbstractUser
from django.db import models

from varde.apps.records.models.organisation import District, Sentral, Station


class User(AbstractUser):
    """A person who logs in."""

    hpr_number = models.CharField(max_length=9, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    # Only for the years ahead, and shown to those who plan; null: nobody has told.
    born_year = models.PositiveSmallIntegerField(null=True, blank=True)
    operator_code = models.CharField(
        max_length=40,
        blank=True,
        help_text="What the telephone system calls this person",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["operator_code"],
                condition=~models.Q(operator_code=""),
                name="one_person_an_operator_code",
            )
        ]

    @property
    def name(self):
        """The full name, or the user name where none is known."""
        return self.get_full_name() or self.username


class Role(models.TextChoices):
    """What a person may do at a place."""

    OPERATOR = "operator"
    NURSE = "nurse"  # at a station
    DOCTOR = "doctor"
    SHIFT_LEADER = "shift_leader"
    LEGEVAKTOVERLEGE = "legevaktoverlege"
    KOMMUNEOVERLEGE = "kommuneoverlege"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class RoleGrant(models.Model):
    """A role at a sentral, a district or a station, from when to when."""

    user = models.ForeignKey(User, models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20, choices=Role)
    sentral = models.ForeignKey(Sentral, models.CASCADE, null=True, blank=True)
    district = models.ForeignKey(District, models.CASCADE, null=True, blank=True)
    station = models.ForeignKey(Station, models.CASCADE, null=True, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_role_is_held_at_one_place",
                condition=(
                    models.Q(sentral__isnull=False, district=None, station=None)
                    | models.Q(district__isnull=False, sentral=None, station=None)
                    | models.Q(station__isnull=False, sentral=None, district=None)
                ),
            )
        ]

    def __str__(self):
        return f"{self.user_id} {self.role}"


class Qualification(models.Model):
    """What a person is by training, from when to when. Set by the administrator."""

    class Kind(models.TextChoices):
        LIS1 = "lis1"  # first part of the specialist training: not yet on one's own

    user = models.ForeignKey(User, models.CASCADE, related_name="qualifications")
    kind = models.CharField(max_length=12, choices=Kind)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_qualification_ends_after_it_begins",
                condition=models.Q(valid_to=None)
                | models.Q(valid_to__gte=models.F("valid_from")),
            )
        ]

    def __str__(self):
        return f"{self.user_id} {self.kind} from {self.valid_from}"


class Duty(models.Model):
    """One duty: a person, a post, a start and an end."""

    class Post(models.TextChoices):
        OPERATOR = "operator"
        SHIFT_LEADER = "shift_leader"
        FORVAKT = "forvakt"
        BAKVAKT = "bakvakt"
        KONSULTASJONSVAKT = "konsultasjonsvakt"  # the two tiers of a station
        BEREDSKAPSVAKT = "beredskapsvakt"
        NURSE = "nurse"

    FIRST_TIER = (Post.FORVAKT, Post.KONSULTASJONSVAKT, Post.BEREDSKAPSVAKT)
    DOCTOR_POSTS = (*FIRST_TIER, Post.BAKVAKT)

    person = models.ForeignKey(User, models.PROTECT, related_name="duties")
    post = models.CharField(max_length=20, choices=Post)
    sentral = models.ForeignKey(Sentral, models.CASCADE, null=True, blank=True)
    station = models.ForeignKey(Station, models.CASCADE, null=True, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    phone = models.CharField(max_length=20, blank=True)
    is_reachable = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["ends_at", "starts_at"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="a_duty_ends_after_it_starts",
            )
        ]

    def __str__(self):
        return f"{self.person_id} {self.post} {self.starts_at:%Y-%m-%d %H:%M}"
