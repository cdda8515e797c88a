"""A study of scenarios: made, composed, started, stopped, copied, taken away."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from importlib.metadata import version
from typing import Any

from django.db import transaction

from varde.apps.records.live import Topic, announce
from varde.apps.records.models import (
    ScenarioStudy,
    Station,
    StudyResult,
    StudyScenario,
    User,
)
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.services.acting import tell
from varde.apps.staffing.services.alive import has_fallen_silent
from varde.domain.errors import Rule, RuleBroken


MOST_SCENARIOS = 6
DEAD_AFTER = timedelta(seconds=60)  # a study writes a sign of life every second or two
State, End = ScenarioStudy.State, ScenarioStudy.End
UNDER_WAY = (State.WAITING, State.RUNNING)


@transaction.atomic
def make_study(
    *,
    workplace: Workplace,
    name: str,
    seed: int,
    replications: int,
    texts: Sequence[tuple[str, str]],
    by: User,
    at: datetime,
) -> ScenarioStudy:
    """Make a draft of a study. `texts` are each scenario's text now and before changes.

    Raises `RuleBroken`: STUDY_IS_FULL.
    """
    _check_room(len(texts))
    study = ScenarioStudy.objects.create(
        station_id=workplace.station_id,
        name=name,
        seed=seed,
        replications=replications,
        made_by=by,
        made_at=at,
    )
    StudyScenario.objects.bulk_create(
        StudyScenario(study=study, position=number, text=text, origin=origin)
        for number, (text, origin) in enumerate(texts)
    )
    tell("scenario_study_made", study, workplace=workplace, by=by, at=at)
    return study


@transaction.atomic
def add_scenario(
    *, study_id: int, workplace: Workplace, text: str, by: User, at: datetime
) -> StudyScenario:
    """Add a scenario to a draft, as the last.

    Raises `RuleBroken`: STUDY_IS_STARTED, STUDY_IS_FULL.
    """
    study = _draft(study_id)
    there = list(study.scenarios.values_list("position", flat=True))
    _check_room(len(there) + 1)
    row = StudyScenario.objects.create(
        study=study, position=max(there, default=-1) + 1, text=text, origin=text
    )
    tell("scenario_study_changed", study, workplace=workplace, by=by, at=at)
    return row


@transaction.atomic
def change_scenario(
    *,
    scenario_id: int,
    workplace: Workplace,
    text: str,
    was: str,
    by: User,
    at: datetime,
) -> None:
    """Give a scenario of a draft another text. `was` is the mark of the one changed.

    Raises `RuleBroken`: STUDY_IS_STARTED, STUDY_CHANGED.
    """
    row = StudyScenario.objects.get(pk=scenario_id)
    study = _draft(row.study_id)
    row.refresh_from_db()  # after the gate
    if mark_of(row.text) != was:
        raise RuleBroken(Rule.STUDY_CHANGED)
    row.text = text
    row.save(update_fields=["text"])
    tell("scenario_study_changed", study, workplace=workplace, by=by, at=at)


@transaction.atomic
def remove_scenario(
    *, scenario_id: int, workplace: Workplace, by: User, at: datetime
) -> None:
    """Take a scenario out of a draft.

    Raises `RuleBroken`: STUDY_IS_STARTED.
    """
    row = StudyScenario.objects.get(pk=scenario_id)
    study = _draft(row.study_id)
    row.delete()
    tell("scenario_study_changed", study, workplace=workplace, by=by, at=at)


@transaction.atomic
def start(
    *,
    study_id: int,
    workplace: Workplace,
    cost_grounds: Mapping[str, Any],
    by: User,
    at: datetime,
) -> None:
    """Start a study in the background. One at a time of a station; from now it is fixed.

    Raises `RuleBroken`: STUDY_IS_STARTED, STUDY_IS_EMPTY, STUDY_UNDER_WAY.
    """
    # The station's row is the gate: two who start at once come one after the other.
    Station.objects.select_for_update().get(pk=workplace.station_id)
    study = _draft(study_id)
    if not study.scenarios.exists():
        raise RuleBroken(Rule.STUDY_IS_EMPTY)
    for row in ScenarioStudy.objects.filter(station=study.station_id, state__in=UNDER_WAY):  # fmt: skip
        if not is_dead(row, at=at):
            raise RuleBroken(Rule.STUDY_UNDER_WAY)
        row.state, row.end_early, row.ended_at = State.STOPPED, End.DIED, at
        row.save(update_fields=["state", "end_early", "ended_at"])
    study.state, study.started_by, study.started_at = State.WAITING, by, at
    study.cost_grounds, study.version = dict(cost_grounds), version("varde")
    study.save()
    tell("scenario_study_started", study, workplace=workplace, by=by, at=at)
    from varde.apps.planning import jobs  # which asks this module in its turn

    jobs.run_study.defer(study_id=study.pk)


@transaction.atomic
def begin(study_id: int, *, workplace: Workplace, at: datetime) -> ScenarioStudy | None:
    """The job takes a study in hand. None where it was stopped, or begun, before."""
    row = _locked(study_id)
    if row.state != State.WAITING:
        return None
    row.state, row.beat_at = State.RUNNING, at
    row.save(update_fields=["state", "beat_at"])
    _announce(workplace)
    return row


@transaction.atomic
def keep(
    study_id: int,
    *,
    workplace: Workplace,
    first: int,
    values: Sequence[Mapping[str, Sequence[float | None]]],
    count: int,
    progress: Sequence[Any],
    at: datetime,
) -> bool:
    """Keep some replications and tell how it stands. Returns whether to go on.

    Not where it fell silent, and somebody gave it up or took it away meanwhile.
    """
    row = _locked_if_there(study_id)
    if row is None or row.state != State.RUNNING:
        return False
    if count:
        StudyResult.objects.create(study=row, first=first, count=count, values=list(values))  # fmt: skip
    row.done, row.progress, row.beat_at = first + count, list(progress), at
    row.save(update_fields=["done", "progress", "beat_at"])
    _announce(workplace)
    return not row.is_stop_asked


@transaction.atomic
def end(
    study_id: int, *, workplace: Workplace, state: str, end_early: str, at: datetime
) -> None:
    """The job is done with a study, in whichever way. One that is over or gone stays so."""
    row = _locked_if_there(study_id)
    if row is None or row.state not in UNDER_WAY:
        return
    row.state, row.end_early, row.ended_at, row.beat_at = state, end_early, at, at
    row.save(update_fields=["state", "end_early", "ended_at", "beat_at"])
    tell(
        "scenario_study_ended",
        row,
        workplace=workplace,
        by=None,
        at=at,
        state=str(state),
    )


@transaction.atomic
def ask_to_stop(*, study_id: int, workplace: Workplace, by: User, at: datetime) -> None:
    """Ask a study to stop; what is done is kept. One that is over is left alone."""
    row = _locked(study_id)
    if row.state not in UNDER_WAY:
        return
    row.is_stop_asked = True
    if row.state == State.WAITING or is_dead(row, at=at):
        row.state, row.end_early, row.ended_at = State.STOPPED, End.ASKED, at
    row.save(update_fields=["is_stop_asked", "state", "end_early", "ended_at"])
    tell("scenario_study_stopped", row, workplace=workplace, by=by, at=at)


@transaction.atomic
def copy_study(
    *, study_id: int, workplace: Workplace, name: str, by: User, at: datetime
) -> ScenarioStudy:
    """A draft with the same scenarios, seed and number of replications."""
    row = ScenarioStudy.objects.get(pk=study_id)
    return make_study(
        workplace=workplace,
        name=name,
        seed=row.seed,
        replications=row.replications,
        texts=list(row.scenarios.values_list("text", "origin")),
        by=by,
        at=at,
    )


@transaction.atomic
def drop(*, study_id: int, workplace: Workplace, by: User, at: datetime) -> None:
    """Take away a study with what it found.

    Raises `RuleBroken`: STUDY_UNDER_WAY.
    """
    row = _locked(study_id)
    if row.state in UNDER_WAY and not is_dead(row, at=at):
        raise RuleBroken(Rule.STUDY_UNDER_WAY)
    tell("scenario_study_dropped", row, workplace=workplace, by=by, at=at)
    row.delete()


def mark_of(text: str) -> str:
    """What tells one text of a scenario from another."""
    return sha256(text.encode()).hexdigest()[:16]


def is_dead(row: ScenarioStudy, *, at: datetime) -> bool:
    """Whether one that says it is run has fallen silent: its process died."""
    return has_fallen_silent(row, at=at, after=DEAD_AFTER)


def _check_room(count: int) -> None:
    if count > MOST_SCENARIOS:
        raise RuleBroken(Rule.STUDY_IS_FULL, most=str(MOST_SCENARIOS))


def _locked(study_id: int) -> ScenarioStudy:
    return ScenarioStudy.objects.select_for_update(of=("self",)).get(pk=study_id)


def _locked_if_there(study_id: int) -> ScenarioStudy | None:
    rows = ScenarioStudy.objects.select_for_update(of=("self",))
    return rows.filter(pk=study_id).first()


def _draft(study_id: int) -> ScenarioStudy:
    row = _locked(study_id)
    if row.state != State.DRAFT:
        raise RuleBroken(Rule.STUDY_IS_STARTED)
    return row


def _announce(workplace: Workplace) -> None:
    for sentral_id in workplace.sentraler:
        announce(Topic.ROTA, sentral_id=sentral_id)
