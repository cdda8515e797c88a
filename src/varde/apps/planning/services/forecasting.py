"""The forecast that is kept: asked for, made in the background, dated."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from varde.apps.records.live import Topic, announce
from varde.apps.records.models import DemandForecast, Sentral, Station, User
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.services.acting import log


DEAD_AFTER = timedelta(minutes=5)  # a step takes some seconds
LOST_AFTER = timedelta(hours=6)  # those of a whole region are made one by one
KEPT_FOR = timedelta(days=35)
State = DemandForecast.State
UNDER_WAY = (State.WAITING, State.RUNNING)


@transaction.atomic
def ask(*, workplace: Workplace, by: User | None, at: datetime) -> DemandForecast:
    """Ask for a forecast of a workplace. One that is under way is the answer itself.

    Without a person: each night's own. Those that are older than 35 days are taken away.
    """
    # The place's row is the gate: two who ask at once come one after the other.
    place = Station if workplace.station_id is not None else Sentral
    place.objects.select_for_update().get(pk=workplace.id)
    mine = DemandForecast.objects.filter(**workplace.where)
    for row in mine.filter(state__in=UNDER_WAY):
        if not is_dead(row, at=at):
            return row
        row.state = State.FAILED
        row.save(update_fields=["state"])
    newest = mine.filter(state=State.DONE).first()
    old = mine.filter(asked_at__lt=at - KEPT_FOR)
    old.exclude(pk=newest.pk if newest is not None else None).delete()
    row = DemandForecast.objects.create(
        asked_by=by, asked_at=at, beat_at=at, **workplace.where
    )
    _log("demand_forecast_asked", row, workplace=workplace, by=by, at=at)
    from varde.apps.planning import jobs  # which asks this module in its turn

    jobs.make_forecast.defer(forecast_id=row.pk)
    return row


@transaction.atomic
def begin(
    forecast_id: int, *, workplace: Workplace, steps: int, at: datetime
) -> DemandForecast | None:
    """The job takes a forecast in hand. None for one that was begun before."""
    row = _locked(forecast_id)
    if row.state != State.WAITING:
        return None
    row.state, row.steps_all, row.beat_at = State.RUNNING, steps, at
    row.save(update_fields=["state", "steps_all", "beat_at"])
    _announce(workplace)
    return row


def beat(forecast_id: int, *, workplace: Workplace, done: int, at: datetime) -> None:
    """A sign of life, and how far it has come."""
    rows = DemandForecast.objects.filter(pk=forecast_id, state=State.RUNNING)
    rows.update(beat_at=at, steps_done=done)
    _announce(workplace)


@transaction.atomic
def keep(
    forecast_id: int,
    *,
    workplace: Workplace,
    found: Mapping[str, Any] | None,
    at: datetime,
) -> None:
    """Keep what a forecast came to; None: it failed. One that is over stays so."""
    row = _locked(forecast_id)
    if row.state not in UNDER_WAY:
        return
    row.state = State.FAILED if found is None else State.DONE
    row.found, row.made_at = dict(found or {}), None if found is None else at
    row.beat_at = at
    row.save(update_fields=["state", "found", "made_at", "beat_at"])
    _log(
        "demand_forecast_made",
        row,
        workplace=workplace,
        by=None,
        at=at,
        state=str(row.state),
    )


def is_dead(row: DemandForecast, *, at: datetime) -> bool:
    """Whether one that says it is being made has fallen silent: its process died.

    One that waits gives no sign of life; after some hours its job is lost.
    """
    allowed = {State.WAITING: LOST_AFTER, State.RUNNING: DEAD_AFTER}
    return row.state in UNDER_WAY and at - row.beat_at > allowed[State(row.state)]


def _locked(forecast_id: int) -> DemandForecast:
    return DemandForecast.objects.select_for_update(of=("self",)).get(pk=forecast_id)


def _log(
    what: str,
    row: DemandForecast,
    *,
    workplace: Workplace,
    by: User | None,
    at: datetime,
    **data: Any,
) -> None:
    log(what, row, by=by, at=at, place=workplace, **data)
    _announce(workplace)


def _announce(workplace: Workplace) -> None:
    for sentral_id in workplace.sentraler:
        announce(Topic.FORECAST, sentral_id=sentral_id)
