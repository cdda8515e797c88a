"""A comparison of staffing models: asked for, told of, stopped, shared, taken away."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from varde.apps.records.live import Topic, announce
from varde.apps.records.models import StaffingComparison, Station, User
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.services.acting import tell
from varde.apps.staffing.services.alive import has_fallen_silent
from varde.domain.errors import Rule, RuleBroken


DEAD_AFTER = timedelta(
    seconds=60
)  # a comparison writes a sign of life every few seconds
State = StaffingComparison.State
UNDER_WAY = (State.WAITING, State.RUNNING)


@transaction.atomic
def ask_comparison(
    *,
    workplace: Workplace,
    name: str,
    typed: Mapping[str, str],
    assumed: Mapping[str, Any],
    weeks_all: int,
    by: User,
    at: datetime,
) -> StaffingComparison:
    """Ask for a comparison, to be counted in the background. One at a time of a station.

    Raises `RuleBroken`: COMPARISON_UNDER_WAY.
    """
    # The station's row is the gate: two who ask at once come one after the other.
    Station.objects.select_for_update().get(pk=workplace.station_id)
    there = StaffingComparison.objects.filter(
        station=workplace.station_id, state__in=UNDER_WAY
    )
    for row in there:
        if not is_dead(row, at=at):
            raise RuleBroken(Rule.COMPARISON_UNDER_WAY)
        row.state, row.ended_at = State.STOPPED, at
        row.save(update_fields=["state", "ended_at"])
    row = StaffingComparison.objects.create(
        station_id=workplace.station_id,
        name=name,
        typed=dict(typed),
        assumed=dict(assumed),
        weeks_all=weeks_all,
        asked_by=by,
        asked_at=at,
    )
    tell("staffing_comparison_asked", row, workplace=workplace, by=by, at=at)
    from varde.apps.staffing import jobs  # which asks this module in its turn

    jobs.compare_models.defer(comparison_id=row.pk)
    return row


@transaction.atomic
def begin(
    comparison_id: int, *, workplace: Workplace, at: datetime
) -> StaffingComparison | None:
    """The job takes a comparison in hand. None where it was stopped before it began."""
    row = _locked(comparison_id)
    if row.state != State.WAITING:
        return None
    row.state, row.started_at, row.beat_at = State.RUNNING, at, at
    row.save(update_fields=["state", "started_at", "beat_at"])
    _announce(workplace)
    return row


def beat(
    comparison_id: int, *, workplace: Workplace, weeks_done: int, at: datetime
) -> bool:
    """A sign of life, and how far it has come. Returns whether to go on."""
    rows = StaffingComparison.objects.filter(pk=comparison_id, state=State.RUNNING)
    there = rows.update(beat_at=at, weeks_done=weeks_done)
    _announce(workplace)
    return bool(there) and not rows.filter(is_stop_asked=True).exists()


def keep(comparison_id: int, found: Mapping[str, Any], *, at: datetime) -> None:
    """Keep what a model came to, while the others are counted."""
    with transaction.atomic():
        row = _locked(comparison_id)
        if row.state == State.RUNNING:
            row.found = [*row.found, dict(found)]
            row.beat_at = at
            row.save(update_fields=["found", "beat_at"])


@transaction.atomic
def end(comparison_id: int, *, workplace: Workplace, state: str, at: datetime) -> None:
    """The job is done with a comparison, in whichever way. One that is over stays so."""
    row = _locked(comparison_id)
    if row.state not in UNDER_WAY:
        return
    row.state, row.ended_at, row.beat_at = state, at, at
    row.save(update_fields=["state", "ended_at", "beat_at"])
    tell(
        "staffing_comparison_ended",
        row,
        workplace=workplace,
        by=None,
        at=at,
        state=str(state),
    )


@transaction.atomic
def ask_to_stop(
    *, comparison_id: int, workplace: Workplace, by: User, at: datetime
) -> None:
    """Ask a comparison to stop; what is counted is kept. One that is over is left alone."""
    row = _locked(comparison_id)
    if row.state not in UNDER_WAY:
        return
    row.is_stop_asked = True
    if row.state == State.WAITING or is_dead(row, at=at):
        row.state, row.ended_at = State.STOPPED, at
    row.save(update_fields=["is_stop_asked", "state", "ended_at"])
    tell("staffing_comparison_stopped", row, workplace=workplace, by=by, at=at)


@transaction.atomic
def share(*, comparison_id: int, workplace: Workplace, by: User, at: datetime) -> None:
    """Let a comparison be shown to the council. From then on it is never changed.

    Raises `RuleBroken`: COMPARISON_NOT_DONE, COMPARISON_SHARED.
    """
    row = _locked(comparison_id)
    if row.shared_at is not None:
        raise RuleBroken(Rule.COMPARISON_SHARED)
    if row.state != State.DONE:
        raise RuleBroken(Rule.COMPARISON_NOT_DONE)
    row.shared_by, row.shared_at = by, at
    row.save(update_fields=["shared_by", "shared_at"])
    tell("staffing_comparison_shared", row, workplace=workplace, by=by, at=at)


@transaction.atomic
def drop(*, comparison_id: int, workplace: Workplace, by: User, at: datetime) -> None:
    """Take away a comparison that nobody has been shown.

    Raises `RuleBroken`: COMPARISON_SHARED, COMPARISON_UNDER_WAY.
    """
    row = _locked(comparison_id)
    if row.shared_at is not None:
        raise RuleBroken(Rule.COMPARISON_SHARED)
    if row.state in UNDER_WAY and not is_dead(row, at=at):
        raise RuleBroken(Rule.COMPARISON_UNDER_WAY)
    tell("staffing_comparison_dropped", row, workplace=workplace, by=by, at=at)
    row.delete()


def is_dead(row: StaffingComparison, *, at: datetime) -> bool:
    """Whether one that says it is counted has fallen silent: its process died."""
    return has_fallen_silent(row, at=at, after=DEAD_AFTER)


def _locked(comparison_id: int) -> StaffingComparison:
    return StaffingComparison.objects.select_for_update(of=("self",)).get(
        pk=comparison_id
    )


def _announce(workplace: Workplace) -> None:
    for sentral_id in workplace.sentraler:
        announce(Topic.ROTA, sentral_id=sentral_id)
