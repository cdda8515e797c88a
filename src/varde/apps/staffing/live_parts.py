"""The parts of the rota's screens that are kept fresh, and what each is about."""

from functools import partial

from django.template.loader import render_to_string
from django.utils import timezone

from varde.apps.records.live import Topic
from varde.apps.records.models import Rota, RotaRun
from varde.apps.staffing.access import (
    CORRECT_PHONES,
    EVERYBODY,
    LEADERS,
    OVERSEERS,
    PLANNERS,
)
from varde.apps.staffing.queries import on_duty
from varde.apps.staffing.queries.comparison import shown
from varde.apps.staffing.queries.rota import lists
from varde.apps.staffing.queries.rota.place_of import workplace_with
from varde.web.live import PartScope, register_part


RUN_S = 5.0  # the seconds of a run that is at work
MINUTE_S = 60.0  # a duty ends by the clock


def register() -> None:
    """Make the parts known."""
    own = {"is_own": True}  # a sentral's rota is not its stations' people's
    register_part("rota_news", [Topic.ROTA], _draw_news, roles=EVERYBODY, **own)
    register_part(
        "rota_runs", [Topic.ROTA], _draw_runs, roles=PLANNERS, every_s=RUN_S, **own
    )
    register_part("rota_open", [Topic.ROTA], _draw_open, roles=LEADERS, **own)
    register_part(
        "comparisons",
        [Topic.ROTA],
        _draw_comparisons,
        roles=OVERSEERS,
        **own,
    )
    for name in ("who", "who_wall"):
        register_part(
            name,
            [Topic.DUTY, Topic.ROTA],
            partial(_draw_who, name),
            roles=EVERYBODY,
            every_s=MINUTE_S,
            **own,
        )


def _draw_news(scope: PartScope) -> str:
    """Which version each rota has, and what was done last: drafts for planners only."""
    states = [Rota.State.PUBLISHED]
    if not scope.roles_here.isdisjoint(PLANNERS):
        states.append(Rota.State.DRAFT)
    workplace = workplace_with(scope.station_id, scope.sentral_id)
    return render_to_string(
        "staffing/parts/news.html",
        {"news": lists.newest_changes(workplace, states=states)},
    )


def _draw_runs(scope: PartScope) -> str:
    """The runs of the drafts of a workplace."""
    workplace = workplace_with(scope.station_id, scope.sentral_id)
    now = scope.at or timezone.now()
    rows = (
        RotaRun.objects.filter(
            rota__state=Rota.State.DRAFT,
            **{f"rota__{name}": value for name, value in workplace.where.items()},
        )
        .select_related("asked_by", "rota")
        .order_by("-asked_at", "-pk")
    )
    return render_to_string(
        "staffing/parts/runs.html",
        {
            "drawn": [
                (row.rota_id, row.rota.row_version, lists.shown_run(row, now=now))
                for row in rows
            ]
        },
    )


def _draw_open(scope: PartScope) -> str:
    """The duties that nobody has."""
    workplace = workplace_with(scope.station_id, scope.sentral_id)
    now = scope.at or timezone.now()
    return render_to_string(
        "staffing/parts/open.html",
        {"vacancies": lists.vacancies(workplace, now=now), "may_fill": True},
    )


def _draw_comparisons(scope: PartScope) -> str:
    """The comparisons of staffing models, and how far one that is counted has come."""
    workplace = workplace_with(scope.station_id, scope.sentral_id)
    now = scope.at or timezone.now()
    return render_to_string(
        "staffing/models/progress.html",
        {"drawn": shown.comparisons(workplace, now=now)},
    )


def _draw_who(name: str, scope: PartScope) -> str:
    """Who is on duty around a workplace."""
    workplace = workplace_with(scope.station_id, scope.sentral_id)
    now = scope.at or timezone.now()
    return render_to_string(
        f"staffing/parts/{name}.html",
        {
            "found": on_duty.picture(workplace, now=now),
            "may_correct": not scope.roles.isdisjoint(CORRECT_PHONES),
        },
    )
