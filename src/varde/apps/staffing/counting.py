"""Counting a comparison through, model by model: what the background does with it."""

import time
from collections.abc import Callable

from django.utils import timezone

from varde.apps.records.models import StaffingComparison
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.queries.comparison import grounds, stored
from varde.apps.staffing.services import comparing
from varde.engines.staffing_models.compare import outcome


BEAT_S = 2.0
State = StaffingComparison.State


def count(row: StaffingComparison, *, workplace: Workplace) -> str:
    """Count what is asked for, and keep each part as it is found. Returns the end state."""
    # The solver takes a second to load, and most processes never need it.
    from varde.engines.staffing_models.rota import year_rota

    assumed = stored.to_assumed(row.assumed)
    goes_on = _Beat(row.pk, workplace)
    if row.assumed["today"] is not None:
        rota = stored.to_today(row.assumed["today"], assumed.limits)
        comparing.keep(
            row.pk, stored.outcome_row(outcome(rota, assumed), rota), at=timezone.now()
        )
    models = grounds.models()
    for number, chosen in enumerate(row.assumed["models"]):
        goes_on.before = number * assumed.weeks
        if not goes_on():
            return State.STOPPED
        rota = year_rota(
            models[chosen["code"]],
            first=assumed.first,
            weeks=assumed.weeks,
            limits=assumed.limits,
            counts=chosen["counts"],
            sites=chosen["sites"],
            seed=assumed.seed,
            should_stop=goes_on.week,
        )
        if rota is None:
            return State.STOPPED
        found = stored.outcome_row(outcome(rota, assumed), rota)
        comparing.keep(row.pk, found, at=timezone.now())
    goes_on.before = len(row.assumed["models"]) * assumed.weeks
    goes_on()
    return State.DONE


class _Beat:
    """The signs of life of a comparison, and whether it shall go on: one each two seconds."""

    def __init__(
        self,
        comparison_id: int,
        workplace: Workplace,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._id, self._workplace, self._clock = comparison_id, workplace, clock
        self._last = -BEAT_S
        self._weeks = 0
        self.before = 0  # weeks of the models before this one

    def __call__(self) -> bool:
        """Tell that all before this model is done. Returns whether to go on."""
        self._weeks = 0
        return self._tell()

    def week(self) -> bool:
        """Asked before each week: whether to stop."""
        if self._clock() - self._last < BEAT_S:
            self._weeks += 1
            return False
        goes_on = self._tell()
        self._weeks += 1
        return not goes_on

    def _tell(self) -> bool:
        self._last = self._clock()
        return comparing.beat(
            self._id,
            workplace=self._workplace,
            weeks_done=self.before + self._weeks,
            at=timezone.now(),
        )
