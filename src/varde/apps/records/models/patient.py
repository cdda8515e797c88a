"""The patient and the fastlege. Rows belong to one district (see docs/decisions)."""

from django.db import models

from varde.apps.records.models.organisation import District, Municipality


class Scoped(models.Model):
    """A row about a patient: seen only within its district (row-level security)."""

    # Without an index: a district holds a large share of all rows, and row-level security
    # names it in every query, so that an index would be tempting to the planner and slow.
    district = models.ForeignKey(
        District, models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        abstract = True


class FastlegeOffice(models.Model):
    """A GP surgery, and whether it lets the sentral book in its lists."""

    name = models.CharField(max_length=120)
    municipality = models.ForeignKey(Municipality, models.PROTECT)
    her_id = models.CharField(max_length=20, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    lets_us_book = models.BooleanField(default=False)

    def __str__(self):
        return self.name


class Fastlege(models.Model):
    """A general practitioner with a list."""

    name = models.CharField(max_length=120)
    office = models.ForeignKey(FastlegeOffice, models.PROTECT, related_name="doctors")
    hpr_number = models.CharField(max_length=9, blank=True)

    def __str__(self):
        return self.name


class FastlegeSlot(models.Model):
    """An hour that a surgery has given to the sentral for the next working day."""

    fastlege = models.ForeignKey(Fastlege, models.CASCADE, related_name="slots")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=20)
    contact = models.OneToOneField(
        "records.Contact", models.PROTECT, null=True, related_name="fastlege_slot"
    )
    booked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["fastlege", "starts_at"], name="one_slot_a_time"
            )
        ]

    def __str__(self):
        return f"{self.fastlege_id} {self.starts_at:%Y-%m-%d %H:%M}"


class Patient(Scoped):
    """A person who has been in contact with the district.

    The national number may be missing: an unknown patient or a tourist is an ordinary
    case. A record that turned out to be somebody else points to that record with
    `merged_into`; it is never deleted.
    """

    class Protection(models.TextChoices):
        OPEN = "open"
        CLIENT = "client"
        CONFIDENTIAL = "confidential"
        STRICTLY = "strictly"

    class Sex(models.TextChoices):
        MAN = "1"
        WOMAN = "2"
        UNSPECIFIED = "9"

    national_id = models.CharField(max_length=12, blank=True)
    id_kind = models.CharField(max_length=16, blank=True)
    other_id = models.CharField(max_length=60, blank=True)
    country = models.CharField(
        max_length=2, blank=True, help_text="Of a visitor: two letters (ISO 3166)"
    )
    description = models.CharField(
        max_length=200,
        blank=True,
        help_text="How to know a patient who is not identified",
    )
    given_name = models.CharField(max_length=80, blank=True)
    family_name = models.CharField(max_length=80, blank=True)
    birth_date = models.DateField(null=True, blank=True)
    estimated_age = models.PositiveSmallIntegerField(null=True, blank=True)
    sex = models.CharField(max_length=1, choices=Sex, blank=True)
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, null=True, blank=True
    )
    address = models.CharField(max_length=200, blank=True)
    place = models.ForeignKey("records.Place", models.SET_NULL, null=True, blank=True)
    protection = models.CharField(
        max_length=12, choices=Protection, default=Protection.OPEN
    )
    phone = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=40, blank=True)
    fastlege = models.ForeignKey(Fastlege, models.SET_NULL, null=True, blank=True)
    critical_note = models.CharField(max_length=300, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged"
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["district", "national_id"],
                condition=~models.Q(national_id="") & models.Q(merged_into=None),
                name="one_patient_a_number_in_a_district",
            )
        ]
        indexes = [
            models.Index(fields=["national_id"]),
            models.Index(fields=["phone"]),
            models.Index(fields=["birth_date"]),
        ]

    def __str__(self):
        return f"patient {self.pk}"

    @property
    def name(self):
        """Given and family name; empty when unknown."""
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def shows_address(self):
        """Whether the address may be shown: not for the two confidential levels."""
        return self.protection not in {
            self.Protection.CONFIDENTIAL,
            self.Protection.STRICTLY,
        }
