"""A study of scenarios: what is compared, how it is run, and what each run came to."""

from django.db import models
from django.db.models import Q

from varde.apps.records.models.organisation import Station
from varde.apps.records.models.people import User


class ScenarioStudy(models.Model):
    """Some scenarios side by side at one station.

    It is composed as a draft. Once started, it and its scenarios are never changed: with
    the seed and the version they give the same digits again. It names no patient.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        STOPPED = "stopped"
        FAILED = "failed"

    class End(models.TextChoices):
        """Why it ended before all replications were done."""

        NOT_EARLY = ""
        ASKED = "asked"
        TIME = "time"  # the bound on processor time
        DIED = "died"

    station = models.ForeignKey(Station, models.PROTECT)
    name = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    end_early = models.CharField(max_length=10, choices=End, default=End.NOT_EARLY)
    seed = models.PositiveIntegerField()
    replications = models.PositiveIntegerField()
    version = models.CharField(
        max_length=40, default="", help_text="Varde's, that ran it"
    )
    cost_grounds = models.JSONField(
        default=dict, help_text="Rates and prices of the day it was started"
    )
    progress = models.JSONField(
        default=list, help_text="The main figures so far, for the screen"
    )
    done = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    started_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    is_stop_asked = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["station"],
                condition=Q(state__in=["waiting", "running"]),
                name="one_study_at_a_time_of_a_station",
            ),
            models.CheckConstraint(
                name="a_study_that_is_started_says_by_whom",
                condition=Q(state="draft", started_at=None, started_by=None)
                | (
                    ~Q(state="draft")
                    & Q(started_at__isnull=False, started_by__isnull=False)
                ),
            ),
        ]

    def __str__(self):
        return f"study {self.pk} {self.state}"


class StudyScenario(models.Model):
    """One scenario of a study: the whole of it as TOML, and as it was when it was chosen."""

    study = models.ForeignKey(ScenarioStudy, models.CASCADE, related_name="scenarios")
    position = models.PositiveSmallIntegerField(help_text="The first is the base")
    text = models.TextField()
    origin = models.TextField(help_text="Before anything was changed here")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["study", "position"], name="one_scenario_at_a_position"
            )
        ]

    def __str__(self):
        return f"scenario {self.position} of study {self.study_id}"


class StudyResult(models.Model):
    """Some replications: for each scenario the values of each measure, in order.

    A row is written as they are done, so a worker that is killed leaves what it had found.
    """

    study = models.ForeignKey(ScenarioStudy, models.CASCADE, related_name="results")
    first = models.PositiveIntegerField(help_text="The first replication, from 0")
    count = models.PositiveIntegerField()
    values = models.JSONField()

    class Meta:
        ordering = ["first"]
        constraints = [
            models.UniqueConstraint(
                fields=["study", "first"], name="a_replication_is_kept_once"
            )
        ]

    def __str__(self):
        return f"{self.count} replications of study {self.study_id}"
