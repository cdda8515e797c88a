"""The rota: its patterns, versions, duties, runs of the optimiser, and every change."""

from django.db import models
from django.db.models import Q

from varde.apps.records.models.organisation import Sentral, Station
from varde.apps.records.models.people import Duty, User
from varde.apps.records.models.staff import ONE_PLACE


class ShiftPattern(models.Model):
    """A line of the pattern: on which types of day which post has a duty, for how many.

    `days` are codes of `varde.domain.rota.patterns.DayType`, with a comma between. Lines
    of a week with the same word in `group` go to one person.
    """

    station = models.ForeignKey(Station, models.PROTECT, null=True, blank=True)
    sentral = models.ForeignKey(Sentral, models.PROTECT, null=True, blank=True)
    post = models.CharField(max_length=20, choices=Duty.Post)
    name = models.CharField(max_length=40)
    days = models.CharField(max_length=80)
    starts = models.TimeField()
    ends = models.TimeField(help_text="The day after where it is not later")
    needed = models.PositiveSmallIntegerField(default=1)
    active_share = models.DecimalField(
        max_digits=4, decimal_places=3, default=1, help_text="Of its hours, as work"
    )
    is_phone_only = models.BooleanField(
        default=False, help_text="A bakvakt who answers the telephone and does not come"
    )
    group = models.CharField(max_length=20, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_pattern_is_at_one_workplace", condition=ONE_PLACE
            ),
            models.CheckConstraint(
                name="a_pattern_needs_somebody", condition=Q(needed__gte=1)
            ),
            models.CheckConstraint(
                name="a_pattern_is_active_for_a_share",
                condition=Q(active_share__gte=0, active_share__lte=1),
            ),
            models.CheckConstraint(
                name="a_pattern_ends_after_it_begins",
                condition=Q(valid_to=None) | Q(valid_to__gt=models.F("valid_from")),
            ),
        ]

    def __str__(self):
        return f"{self.post} {self.days} {self.starts:%H:%M}"


class Rota(models.Model):
    """The duties of a workplace in a period. Published: each change is a new version."""

    class State(models.TextChoices):
        DRAFT = "draft"
        PUBLISHED = "published"
        DROPPED = "dropped"

    station = models.ForeignKey(Station, models.PROTECT, null=True, blank=True)
    sentral = models.ForeignKey(Sentral, models.PROTECT, null=True, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="The last day")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(default=0, help_text="0 until published")
    row_version = models.PositiveIntegerField(default=1, help_text="At every change")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    published_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["starts_on", "ends_on"])]
        constraints = [
            models.CheckConstraint(
                name="a_rota_is_at_one_workplace", condition=ONE_PLACE
            ),
            models.CheckConstraint(
                name="a_rota_ends_after_it_begins",
                condition=Q(ends_on__gte=models.F("starts_on")),
            ),
            models.CheckConstraint(
                name="a_published_rota_has_a_version",
                condition=Q(
                    state__in=["draft", "dropped"], version=0, published_at=None
                )
                | Q(state="published", version__gte=1, published_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.starts_on}–{self.ends_on} {self.state} {self.version}"


class RotaDuty(models.Model):
    """A place in a rota: who has it, or nobody.

    `row_version` goes up with each new holder: who changes it says which one was seen.
    `duty` is the line of the published duties that comes from it.
    """

    rota = models.ForeignKey(Rota, models.CASCADE, related_name="duties")
    post = models.CharField(max_length=20, choices=Duty.Post)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    active_share = models.DecimalField(max_digits=4, decimal_places=3, default=1)
    is_phone_only = models.BooleanField(default=False)
    person = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="rota_duties"
    )
    is_fixed = models.BooleanField(default=False, help_text="Set by hand: it stays")
    pattern = models.ForeignKey(ShiftPattern, models.PROTECT, null=True)
    group = models.CharField(max_length=40, blank=True)
    row_version = models.PositiveIntegerField(default=1)
    duty = models.OneToOneField(
        Duty, models.SET_NULL, null=True, related_name="rota_duty"
    )

    class Meta:
        indexes = [
            models.Index(fields=["rota", "starts_at"]),
            models.Index(fields=["person", "starts_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="a_place_in_a_rota_ends_after_it_starts",
                condition=Q(ends_at__gt=models.F("starts_at")),
            )
        ]

    def __str__(self):
        return f"{self.rota_id} {self.post} {self.starts_at:%Y-%m-%d %H:%M}"


class RotaChange(models.Model):
    """One change: who, when, from whom, to whom, why. Rows are only added."""

    class Kind(models.TextChoices):
        MADE = "made"
        SET = "set"
        UNDONE = "undone"
        TAKEN = "taken"  # a proposal of the optimiser
        PUBLISHED = "published"
        SICK = "sick"
        FILLED = "filled"
        SWAPPED = "swapped"
        IMPORTED = "imported"

    rota = models.ForeignKey(Rota, models.CASCADE, related_name="changes")
    place = models.ForeignKey(RotaDuty, models.CASCADE, null=True)
    kind = models.CharField(max_length=10, choices=Kind)
    before = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    after = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    undoes = models.OneToOneField(
        "self", models.CASCADE, null=True, related_name="undone_by"
    )
    version = models.PositiveIntegerField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["rota", "-at"])]

    def __str__(self):
        return f"{self.rota_id} {self.kind} {self.at:%Y-%m-%d %H:%M}"


class RotaOverride(models.Model):
    """A hard rule set aside for one place in the rota, by whom and why."""

    place = models.ForeignKey(RotaDuty, models.CASCADE, related_name="overrides")
    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    rule = models.CharField(max_length=60)
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self):
        return f"{self.place_id} {self.rule}"


class RotaRun(models.Model):
    """One run of the optimiser. What it has found is written while it runs.

    A run whose process died is known by `beat_at`: it stands still, and what it had found
    is kept.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        STOPPED = "stopped"
        IMPOSSIBLE = "impossible"
        FAILED = "failed"

    rota = models.ForeignKey(Rota, models.CASCADE, related_name="runs")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    seed = models.PositiveIntegerField()
    seconds = models.PositiveIntegerField(help_text="At most")
    row_version = models.PositiveIntegerField(help_text="Of the rota it began from")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    is_stop_asked = models.BooleanField(default=False)
    found = models.JSONField(default=dict, help_text="Place id to person id: the best")
    cost = models.JSONField(null=True, help_text="Of the best so far, part by part")
    bound = models.JSONField(null=True, help_text="No rota costs less than this")
    vacant = models.PositiveIntegerField(null=True)
    worst_deviation = models.FloatField(null=True, help_text="Duties, of one person")
    broken_wishes = models.JSONField(default=list, help_text="Ids of wishes")
    impossible_wishes = models.JSONField(
        default=dict, help_text="Wish id to codes: why no rota could meet it"
    )
    collision = models.JSONField(null=True, help_text="Demands that collide, as codes")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rota"],
                condition=Q(state__in=["waiting", "running"]),
                name="one_run_at_a_time_of_a_rota",
            )
        ]

    def __str__(self):
        return f"{self.rota_id} run {self.pk} {self.state}"


class Vacancy(models.Model):
    """A published duty that lacks a person, and how it is being filled."""

    class Why(models.TextChoices):
        SICK = "sick"
        VACANT = "vacant"

    class Way(models.TextChoices):
        NONE = "none"  # nobody is asked yet
        ORDER = "order"
        ALL = "all"

    class State(models.TextChoices):
        OPEN = "open"
        FILLED = "filled"

    place = models.ForeignKey(RotaDuty, models.CASCADE, related_name="vacancies")
    why = models.CharField(max_length=8, choices=Why)
    way = models.CharField(max_length=8, choices=Way, default=Way.NONE)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    was = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    filled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    filled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place"],
                condition=Q(state="open"),
                name="one_open_vacancy_a_place",
            )
        ]

    def __str__(self):
        return f"{self.place_id} {self.state}"


class DutyOffer(models.Model):
    """One person asked to take a duty. The link is made from the row and a server key."""

    class State(models.TextChoices):
        WAITING = "waiting"  # for its turn
        ASKED = "asked"
        YES = "yes"
        NO = "no"
        EXPIRED = "expired"
        TOO_LATE = "too_late"  # another took it

    vacancy = models.ForeignKey(Vacancy, models.CASCADE, related_name="offers")
    person = models.ForeignKey(User, models.PROTECT, related_name="duty_offers")
    rank = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vacancy", "person"], name="one_offer_a_person"
            )
        ]

    def __str__(self):
        return f"{self.vacancy_id} {self.person_id} {self.state}"


class DutySwap(models.Model):
    """Two people who want each other's duty. The rules approve it when both have said yes."""

    class State(models.TextChoices):
        ASKED = "asked"
        DONE = "done"
        DECLINED = "declined"
        WITHDRAWN = "withdrawn"

    mine = models.ForeignKey(RotaDuty, models.CASCADE, related_name="+")
    theirs = models.ForeignKey(RotaDuty, models.CASCADE, related_name="+")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_to = models.ForeignKey(User, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mine", "theirs"],
                condition=Q(state="asked"),
                name="a_swap_is_asked_once",
            )
        ]

    def __str__(self):
        return f"{self.mine_id} for {self.theirs_id} {self.state}"
