"""The parts of the planner's screens that are kept fresh."""

from django.template.loader import render_to_string
from django.utils import timezone

from varde.apps.planning.queries import kept, studies, study_tables
from varde.apps.planning.scenarios.trees import tree_of
from varde.apps.records.live import Topic
from varde.apps.staffing.access import OVERSEERS
from varde.apps.staffing.queries.rota.place_of import workplace_with
from varde.web.live import PartScope, register_part


def register() -> None:
    """Make the parts known."""
    own = {"roles": OVERSEERS, "is_own": True}
    register_part("forecast", [Topic.FORECAST], _draw_forecast, **own)
    register_part("studies", [Topic.ROTA], _draw_studies, **own)
    register_part("study_now", [Topic.ROTA], _draw_study_now, **own)


def _draw_forecast(scope: PartScope) -> str:
    """How far the forecast of a workplace is made, or that a new one is ready."""
    workplace = workplace_with(scope.station_id, scope.sentral_id)
    now = scope.at or timezone.now()
    return render_to_string(
        "planning/progress.html", {"progress": kept.progress(workplace, now=now)}
    )


def _draw_studies(scope: PartScope) -> str:
    """The studies of a station, and how far one that is run has come."""
    workplace = workplace_with(scope.station_id, scope.sentral_id)
    now = scope.at or timezone.now()
    return render_to_string(
        "planning/scenarios/studies.html",
        {"studies": studies.studies(workplace, now=now)},
    )


def _draw_study_now(scope: PartScope) -> str:
    """The study that is run, with its figures so far; or that it is over."""
    workplace = workplace_with(scope.station_id, scope.sentral_id)
    row = studies.under_way(workplace)
    if row is None:
        return ""
    now = scope.at or timezone.now()
    texts = row.scenarios.values_list("text", flat=True)
    titles = studies.own_titles([tree_of(text)["title"] for text in texts])
    return render_to_string(
        "planning/scenarios/now.html",
        {
            "state": studies.listed(row, now=now, scenarios=len(titles)),
            "progress": study_tables.progress_rows(row.progress),
            "titles": titles,
        },
    )
