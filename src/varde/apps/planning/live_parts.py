"""The part of the planner's screens that is kept fresh: how far a forecast has come."""

from django.template.loader import render_to_string
from django.utils import timezone

from varde.apps.planning.queries import kept
from varde.apps.records.live import Topic
from varde.apps.staffing.access import OVERSEERS
from varde.apps.staffing.queries.rota.place_of import workplace_with
from varde.web.live import PartScope, register_part


def register() -> None:
    """Make the part known."""
    register_part(
        "forecast", [Topic.FORECAST], _draw_forecast, roles=OVERSEERS, is_own=True
    )


def _draw_forecast(scope: PartScope) -> str:
    """How far the forecast of a workplace is made, or that a new one is ready."""
    workplace = workplace_with(scope.station_id, scope.sentral_id)
    now = scope.at or timezone.now()
    return render_to_string(
        "planning/progress.html", {"progress": kept.progress(workplace, now=now)}
    )
