"""The demo's forecasts, and a need that the sentral's leader has handed to the rota."""

from datetime import datetime

from django.utils import timezone

from varde.apps.planning import jobs
from varde.apps.planning.queries.operators_asked import Asked
from varde.apps.planning.services import forecasting, needs
from varde.apps.records.models import DemandForecast, OperatorNeed
from varde.apps.records.scope import scoped
from varde.apps.staffing.access import Workplace, workplaces
from varde.config import demo_rota


def lay(*, at: datetime) -> None:
    """Ask for a forecast of each workplace that has none; the background makes them.

    That of the first sentral is made at once, and its next week is handed to the rota.
    """
    if DemandForecast.objects.exists():
        return
    first = next((one for one in workplaces() if one.sentral_id is not None), None)
    for workplace in workplaces():
        with scoped(districts=[workplace.district_id]):
            row = forecasting.ask(workplace=workplace, by=None, at=at)
        if workplace == first:
            jobs.make_forecast(row.pk)
            _hand_over(workplace, at=at)


def _hand_over(workplace: Workplace, *, at: datetime) -> None:
    """What the week's callers need, as the screen has it where nothing is changed."""
    by = demo_rota.planner_of(workplace.district_id)
    asked = Asked(workplace, {})
    if by is None or asked.week is None or OperatorNeed.objects.exists():
        return
    today = timezone.localdate(at)
    with scoped(districts=[workplace.district_id]):
        needs.hand_over(
            workplace=workplace,
            first_on=today.isoformat(),
            last_on="",
            operators=asked.week.operators,
            assumed=asked.assumed(),
            met=asked.week.met,
            by=by,
            at=at,
            today=today,
        )
