"""The people a rota is made of: their positions, when they are away, what they wish."""

from django.db import models

from varde.apps.records.models.organisation import Municipality, Sentral, Station
from varde.apps.records.models.people import User


ONE_PLACE = models.Q(station__isnull=False, sentral=None) | models.Q(
    sentral__isnull=False, station=None
)


class Position(models.Model):
    """A position: a person at a workplace, of a size, from when to when.

    One who works at two places, or for two employers, has two positions.
    """

    class Category(models.TextChoices):
        FASTLEGE = "fastlege"
        LIS1 = "lis1"
        LIS3 = "lis3"
        VIKAR = "vikar"
        LEGEVAKTLEGE = "legevaktlege"
        SYKEHJEMSLEGE = "sykehjemslege"
        KOMMUNEOVERLEGE = "kommuneoverlege"
        NURSE = "nurse"
        OPERATOR = "operator"
        PARAMEDIC = "paramedic"
        SECRETARY = "secretary"

    class Law(models.TextChoices):
        """Which rules of working hours hold for the duties of the position."""

        AML = "aml"  # arbeidsmiljøloven chapter 10
        SFS2305 = "sfs2305"  # doctors by agreement: § 3.2–3.3 set that chapter aside

    person = models.ForeignKey(User, models.PROTECT, related_name="positions")
    category = models.CharField(max_length=16, choices=Category)
    law = models.CharField(max_length=8, choices=Law)
    share = models.DecimalField(
        max_digits=4, decimal_places=3, help_text="Of a whole position, 0 to 1"
    )
    employer = models.CharField(max_length=120)
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, null=True, blank=True
    )
    station = models.ForeignKey(Station, models.PROTECT, null=True, blank=True)
    sentral = models.ForeignKey(Sentral, models.PROTECT, null=True, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_position_is_at_one_workplace", condition=ONE_PLACE
            ),
            models.CheckConstraint(
                name="a_position_is_a_share_of_a_whole_one",
                condition=models.Q(share__gte=0, share__lte=1),
            ),
            models.CheckConstraint(
                name="a_position_ends_after_it_begins",
                condition=models.Q(valid_to=None)
                | models.Q(valid_to__gt=models.F("valid_from")),
            ),
        ]

    def __str__(self):
        return f"{self.person_id} {self.category} from {self.valid_from}"


class PracticeTime(models.Model):
    """Hours of other work, as surgery or municipal work, on a weekday of a period."""

    class Work(models.TextChoices):
        PRACTICE = "practice"  # surgery as fastlege
        MUNICIPAL = "municipal"  # nursing home, health centre, kommuneoverlege

    person = models.ForeignKey(User, models.CASCADE, related_name="practice_times")
    work = models.CharField(max_length=10, choices=Work)
    weekday = models.PositiveSmallIntegerField(help_text="0 is Monday")
    starts = models.TimeField()
    ends = models.TimeField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="practice_is_on_a_weekday", condition=models.Q(weekday__lte=6)
            ),
            models.CheckConstraint(
                name="practice_ends_after_it_starts",
                condition=models.Q(ends__gt=models.F("starts")),
            ),
        ]

    def __str__(self):
        return f"{self.person_id} {self.work} {self.weekday}"


class Absence(models.Model):
    """A period in which a person has no duties, or none of some sort, and why.

    It counts at every workplace. Its ground is shown at the workplace that wrote it; one
    with neither a station nor a sentral was written for all.
    """

    class Ground(models.TextChoices):
        HOLIDAY = "holiday"
        LEAVE = "leave"
        SICK = "sick"
        COURSE = "course"
        EXEMPT_AGE = "exempt_age"
        EXEMPT_PREGNANT = "exempt_pregnant"
        EXEMPT_BREASTFEEDING = "exempt_breastfeeding"
        EXEMPT_HEALTH = "exempt_health"
        EXEMPT_SOCIAL = "exempt_social"

        @property
        def is_exemption(self) -> bool:
            """Whether it is exemption from duty, and not leave."""
            return self.value.startswith("exempt_")

    person = models.ForeignKey(User, models.CASCADE, related_name="absences")
    ground = models.CharField(max_length=20, choices=Ground)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text="The last day away")
    only_nights = models.BooleanField(
        default=False, help_text="Exempt from night duty only"
    )
    station = models.ForeignKey(Station, models.PROTECT, null=True, blank=True)
    sentral = models.ForeignKey(Sentral, models.PROTECT, null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "starts_on"])]
        constraints = [
            models.CheckConstraint(
                name="an_absence_ends_after_it_begins",
                condition=models.Q(ends_on=None)
                | models.Q(ends_on__gte=models.F("starts_on")),
            ),
            models.CheckConstraint(
                name="an_absence_is_written_at_one_workplace",
                condition=models.Q(station=None) | models.Q(sentral=None),
            ),
        ]

    def __str__(self):
        return f"{self.person_id} {self.ground} from {self.starts_on}"


class OwnPeriods(models.Model):
    """Days that come again in which a person has duties at a workplace, and no others.

    One agreement at a time at each workplace. `weekdays` are numbers with a comma between,
    0 for Monday.
    """

    class Kind(models.TextChoices):
        """As `varde.domain.rota.own_periods.OwnKind`."""

        WEEKS = "weeks"  # weeks on and off, from the first day
        MONTH = "month"  # some days of each month
        WEEKENDS = "weekends"  # every n-th weekend, and all other days
        WEEKDAYS = "weekdays"  # some weekdays of every n-th week

    person = models.ForeignKey(User, models.CASCADE, related_name="own_periods")
    station = models.ForeignKey(Station, models.PROTECT, null=True, blank=True)
    sentral = models.ForeignKey(Sentral, models.PROTECT, null=True, blank=True)
    kind = models.CharField(max_length=10, choices=Kind)
    weeks_on = models.PositiveSmallIntegerField(default=1)
    weeks_off = models.PositiveSmallIntegerField(default=0)
    from_day = models.PositiveSmallIntegerField(default=1)
    days = models.PositiveSmallIntegerField(default=1)
    every = models.PositiveSmallIntegerField(default=1)
    weekdays = models.CharField(max_length=13, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="own_periods_are_at_one_workplace", condition=ONE_PLACE
            ),
            models.CheckConstraint(
                name="own_periods_come_again",
                condition=models.Q(weeks_on__gte=1, every__gte=1)
                & models.Q(from_day__range=(1, 28), days__range=(1, 28)),
            ),
            models.CheckConstraint(
                name="own_periods_end_after_they_begin",
                condition=models.Q(valid_to=None)
                | models.Q(valid_to__gt=models.F("valid_from")),
            ),
        ]

    def __str__(self):
        return f"{self.person_id} {self.kind} from {self.valid_from}"


class Wish(models.Model):
    """What a person wishes of the rota: to be free, or to have duty, in a period."""

    class Wants(models.TextChoices):
        FREE = "free"
        DUTY = "duty"

    person = models.ForeignKey(User, models.CASCADE, related_name="wishes")
    wants = models.CharField(max_length=6, choices=Wants)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    weight = models.PositiveSmallIntegerField(help_text="1 nice, 2 important, 3 must")
    said_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "starts_at"])]
        constraints = [
            models.CheckConstraint(
                name="a_wish_ends_after_it_starts",
                condition=models.Q(ends_at__gt=models.F("starts_at")),
            ),
            models.CheckConstraint(
                name="a_wish_has_a_weight",
                condition=models.Q(weight__gte=1, weight__lte=3),
            ),
        ]

    def __str__(self):
        return f"{self.person_id} {self.wants} {self.starts_at:%Y-%m-%d}"
