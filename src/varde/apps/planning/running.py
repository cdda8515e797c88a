"""Running a study, some replications at a time: what the background does with it."""

import math
import time
from collections.abc import Callable, Sequence

from django.utils import timezone

from varde.apps.planning.queries import studies
from varde.apps.planning.scenarios.figures import figures
from varde.apps.planning.scenarios.trees import scenario_of
from varde.apps.planning.services import studies as service
from varde.apps.records.models import ScenarioStudy
from varde.apps.records.scope import scoped
from varde.apps.staffing.access import Workplace


BEAT_S = 1.0
MOST_CPU_S = 600.0  # of processor time for one study
State, End = ScenarioStudy.State, ScenarioStudy.End
type Row = tuple[dict[str, float], ...]


def run(
    row: ScenarioStudy,
    *,
    workplace: Workplace,
    clock: Callable[[], float] = time.monotonic,
    spent: Callable[[], float] = time.process_time,
) -> tuple[str, str]:
    """Run what is asked for, and keep each part as it is done. Returns how it ended.

    It stops when it is asked to, and when it has had its share of the processor.
    """
    # Compiled code takes a moment to load, and most processes never need it.
    from varde.engines.simulation.replications import Engine, Replicator

    scenarios = [scenario_of(one.text) for one in row.scenarios.all()]
    ready = Replicator(scenarios, seed=row.seed, engine=Engine.COMPILED)
    kept = _Kept(row, scenarios, workplace)
    told, begun = clock(), spent()
    for number in range(row.replications):
        kept.add(ready.measures(number))
        if clock() - told >= BEAT_S:
            if not kept.write():
                return State.STOPPED, End.ASKED
            told = clock()
        if spent() - begun > MOST_CPU_S:
            kept.write()
            return State.STOPPED, End.TIME
    kept.write()
    return State.DONE, End.NOT_EARLY


class _Kept:
    """What is found: all of it for the intervals, and what is not written yet."""

    def __init__(
        self, row: ScenarioStudy, scenarios: Sequence[object], workplace: Workplace
    ) -> None:
        self._row, self._workplace = row, workplace
        self._scenarios = scenarios
        self._costs = studies.costs(row)
        self._all: list[Row] = []
        self._written = 0

    def add(self, found: Row) -> None:
        self._all.append(found)

    def write(self) -> bool:
        """Write what is new, and the figures so far. Returns whether to go on."""
        new = self._all[self._written :]
        values = studies.columns(self._all, count=len(self._scenarios))
        progress = studies.progress(figures(self._scenarios, values, self._costs))
        with scoped(districts=[self._workplace.district_id]):
            goes_on = service.keep(
                self._row.pk,
                workplace=self._workplace,
                first=self._written,
                count=len(new),
                values=[
                    {
                        name: [_stored(row[number][name]) for row in new]
                        for name in new[0][number]
                    }
                    for number in range(len(self._scenarios))
                ]
                if new
                else [],
                progress=progress,
                at=timezone.now(),
            )
        self._written = len(self._all)
        return goes_on


def _stored(value: float) -> float | None:
    return None if math.isnan(value) else value
