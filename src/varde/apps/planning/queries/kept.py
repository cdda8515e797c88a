"""The forecast that is kept of a workplace, and the one that is being made."""

from dataclasses import dataclass
from datetime import datetime

from varde.apps.planning.services.forecasting import UNDER_WAY, State, is_dead
from varde.apps.records.models import DemandForecast
from varde.apps.staffing.access import Workplace


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How a forecast that was asked for stands: under way, failed, or done."""

    is_under_way: bool
    is_failed: bool
    done: int
    all: int


def newest(workplace: Workplace) -> DemandForecast | None:
    """The newest forecast that is made; None where there is none."""
    rows = DemandForecast.objects.filter(state=State.DONE, **workplace.where)
    return rows.select_related("asked_by").first()


def progress(workplace: Workplace, *, now: datetime) -> Progress:
    """How the one that was asked for last stands."""
    last = DemandForecast.objects.filter(**workplace.where).defer("found").first()
    is_under_way = (
        last is not None and last.state in UNDER_WAY and not is_dead(last, at=now)
    )
    return Progress(
        is_under_way=is_under_way,
        is_failed=last is not None and not is_under_way and last.state != State.DONE,
        done=last.steps_done if last is not None else 0,
        all=last.steps_all if last is not None else 0,
    )
