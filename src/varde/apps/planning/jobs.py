"""What the planner's room does in the background: kept forecasts, and studies of scenarios."""

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from varde.apps.planning import making_forecast, running
from varde.apps.planning.services import forecasting, studies
from varde.apps.records.models import DemandForecast, ScenarioStudy
from varde.apps.records.scope import scoped, sentraler_serving
from varde.apps.staffing.access import Workplace, workplaces
from varde.apps.staffing.rota_access import at_station


log = logging.getLogger("varde.planning")
State, End = ScenarioStudy.State, ScenarioStudy.End


@app.task(name="planning.make_forecast", queue="demand", lock="demand")
def make_forecast(forecast_id: int) -> None:
    """Make the forecast that is asked for, and keep it.

    One at a time. One that was begun before is not begun again: its process died.
    """
    row = DemandForecast.objects.select_related("station", "sentral").get(
        pk=forecast_id
    )
    workplace = _workplace(row)
    with scoped(districts=[workplace.district_id]):
        mine = forecasting.begin(
            forecast_id,
            workplace=workplace,
            steps=making_forecast.STEPS,
            at=timezone.now(),
        )
    if mine is None:
        return
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        forecasting.beat(forecast_id, workplace=workplace, done=done, at=timezone.now())

    try:
        found = making_forecast.make(workplace, now=row.asked_at, step=step)
    except Exception:
        log.exception("forecast %s failed", forecast_id)
        found = None
    with scoped(districts=[workplace.district_id]):
        forecasting.keep(
            forecast_id, workplace=workplace, found=found, at=timezone.now()
        )


@app.periodic(cron="10 4 * * *")
@app.task(name="planning.ask_for_forecasts", queue="demand", lock="demand_night")
def ask_for_forecasts(timestamp: int) -> None:
    """Each night: a new forecast of each workplace. The fault of one is not of the next."""
    del timestamp
    for workplace in workplaces():
        try:
            with scoped(districts=[workplace.district_id]):
                forecasting.ask(workplace=workplace, by=None, at=timezone.now())
        except Exception:
            log.exception("forecast of %s not asked for", workplace.key)


@app.task(name="planning.run_study", queue="rota", lock="rota")
def run_study(study_id: int) -> None:
    """Run a study. It takes turns with the optimiser: heavy work is one at a time.

    One that was begun before is not begun again: its process died, and what it had found
    is kept.
    """
    row = ScenarioStudy.objects.select_related("station").get(pk=study_id)
    workplace = at_station(row.station, on=timezone.localdate())
    with scoped(districts=[workplace.district_id]):
        mine = studies.begin(study_id, workplace=workplace, at=timezone.now())
    if mine is None:
        return
    try:
        state, early = running.run(mine, workplace=workplace)
    except Exception:
        log.exception("study %s of scenarios failed", study_id)
        state, early = State.FAILED, End.NOT_EARLY
    with scoped(districts=[workplace.district_id]):
        studies.end(
            study_id,
            workplace=workplace,
            state=state,
            end_early=early,
            at=timezone.now(),
        )


def _workplace(row: DemandForecast) -> Workplace:
    if row.sentral is not None:
        return Workplace.of_sentral(row.sentral)
    return Workplace.of_station(
        row.station,
        sentraler=sentraler_serving(row.station.district_id, on=timezone.localdate()),
    )
