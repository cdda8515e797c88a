"""A run of the optimiser: asked for, told of while it runs, stopped, taken."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from varde.apps.records.live import Topic, announce
from varde.apps.records.models import Rota, RotaChange, RotaRun, User
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.services.alive import has_fallen_silent
from varde.apps.staffing.services.rota.holding import Locked, locked, told
from varde.apps.staffing.services.rota.publishing import refuse_unfit
from varde.domain.errors import Rule, RuleBroken


DEAD_AFTER = timedelta(seconds=45)  # a run writes a sign of life every few seconds
UNDER_WAY = (RotaRun.State.WAITING, RotaRun.State.RUNNING)
TABLE = "records_rotarun"


@transaction.atomic
def ask_run(
    *,
    rota_id: int,
    seconds: int,
    seed: int,
    workplace: Workplace,
    by: User,
    at: datetime,
) -> RotaRun:
    """Ask for a run of the optimiser on a draft. One at a time of a rota.

    Raises `RuleBroken`: ROTA_IS_PUBLISHED, ROTA_RUN_UNDER_WAY.
    """
    held = locked(rota_id, workplace=workplace)
    _bury_dead(held.rota, at=at)
    refuse_unfit(held, seen=held.rota.row_version)
    run = RotaRun.objects.create(
        rota=held.rota,
        seed=seed,
        seconds=seconds,
        row_version=held.rota.row_version,
        asked_by=by,
        asked_at=at,
    )
    told(held, what="rota_run_asked", by=by, at=at, table=TABLE, row_id=run.pk)
    from varde.apps.staffing import jobs  # which asks this module in its turn

    jobs.solve.defer(run_id=run.pk)
    return run


@transaction.atomic
def ask_to_stop(*, run_id: int, workplace: Workplace, by: User, at: datetime) -> None:
    """Ask a run to stop. What it has found is kept. One that is over is left alone."""
    run = _run(run_id)
    if run.state not in UNDER_WAY:
        return
    run.is_stop_asked = True
    if run.state == RotaRun.State.WAITING or is_dead(run, at=at):
        run.state, run.ended_at = RotaRun.State.STOPPED, at
    run.save(update_fields=["is_stop_asked", "state", "ended_at"])
    held = Locked(rota=run.rota, workplace=workplace)
    told(held, what="rota_run_stopped", by=by, at=at, table=TABLE, row_id=run.pk)


@transaction.atomic
def begin(run_id: int, *, workplace: Workplace, at: datetime) -> RotaRun | None:
    """The job takes a run in hand. None where it was stopped before it began."""
    run = _run(run_id)
    if run.state != RotaRun.State.WAITING:
        return None
    run.state, run.started_at, run.beat_at = RotaRun.State.RUNNING, at, at
    run.save(update_fields=["state", "started_at", "beat_at"])
    _tell(workplace)
    return run


def beat(
    run_id: int,
    *,
    workplace: Workplace,
    at: datetime,
    better: Mapping[str, object] | None = None,
) -> bool:
    """A sign of life, with what is better than before. Returns whether to go on."""
    rows = RotaRun.objects.filter(pk=run_id, state=RotaRun.State.RUNNING)
    there = rows.update(beat_at=at, **(better or {}))
    _tell(workplace)
    return bool(there) and not rows.filter(is_stop_asked=True).exists()


@transaction.atomic
def end(
    run_id: int,
    *,
    workplace: Workplace,
    state: RotaRun.State,
    at: datetime,
    found: Mapping[str, object] | None = None,
) -> None:
    """The job is done with a run, in whichever way. One that is over stays as it is."""
    run = _run(run_id)
    if run.state not in UNDER_WAY:
        return
    for name, value in (found or {}).items():
        setattr(run, name, value)
    run.state, run.ended_at, run.beat_at = state, at, at
    run.save()
    held = Locked(rota=run.rota, workplace=workplace)
    told(
        held,
        what="rota_run_ended",
        by=None,
        at=at,
        table=TABLE,
        row_id=run.pk,
        state=str(state),
    )


@transaction.atomic
def take(
    *, run_id: int, seen: int, workplace: Workplace, by: User, at: datetime
) -> int:
    """Put the people of a proposal into the draft. Returns how many places changed.

    Places that were set by hand stay as they are. Raises `RuleBroken`: ROTA_IS_PUBLISHED,
    ROTA_RUN_UNDER_WAY, ROTA_CHANGED, ROTA_RUN_EMPTY.
    """
    run = RotaRun.objects.get(pk=run_id)
    held = locked(run.rota_id, workplace=workplace)
    _bury_dead(held.rota, at=at)
    refuse_unfit(held, seen=seen)
    if not run.found:
        raise RuleBroken(Rule.ROTA_RUN_EMPTY)
    changed, lines = [], []
    rota: Rota = held.rota
    for place in rota.duties.select_related("person").filter(is_fixed=False):
        after = run.found.get(str(place.pk))
        if place.person_id == after:
            continue
        lines.append(
            RotaChange(
                rota=rota,
                place=place,
                kind=RotaChange.Kind.TAKEN,
                before_id=place.person_id,
                after_id=after,
                version=rota.version,
                by=by,
                at=at,
            )
        )
        place.person_id = after
        place.row_version += 1
        changed.append(place)
    rota.duties.model.objects.bulk_update(
        changed, ["person", "row_version"], batch_size=1000
    )
    RotaChange.objects.bulk_create(lines, batch_size=1000)
    rota.row_version += 1
    rota.save(update_fields=["row_version"])
    told(
        held,
        what="rota_run_taken",
        by=by,
        at=at,
        table=TABLE,
        row_id=run.pk,
        places=len(changed),
    )
    return len(changed)


def is_dead(run: RotaRun, *, at: datetime) -> bool:
    """Whether a run that says it is under way has fallen silent: its process died."""
    return has_fallen_silent(run, at=at, after=DEAD_AFTER)


def _bury_dead(rota: Rota, *, at: datetime) -> None:
    """A run whose process died is over; what it had found is kept."""
    rota.runs.filter(state=RotaRun.State.RUNNING, beat_at__lt=at - DEAD_AFTER).update(
        state=RotaRun.State.STOPPED, ended_at=at
    )


def _run(run_id: int) -> RotaRun:
    return (
        RotaRun.objects.select_for_update(of=("self",))
        .select_related("rota")
        .get(pk=run_id)
    )


def _tell(workplace: Workplace) -> None:
    for sentral_id in workplace.sentraler:
        announce(Topic.ROTA, sentral_id=sentral_id)
