"""Solve one of Curtois' instances: columns and CP-SAT side by side, one best roster.

One worker generates columns, dives, and dives again from parts of the best roster that
are set free (columns.py, dives.py). The other gives the model to CP-SAT (search.py),
first as it is and then without the shifts that the prices of the first rule out. What
either finds is judged by the independent checker before it counts.
"""

from collections.abc import Callable
from threading import Event, Thread
from typing import Final

from varde.engines.rostering.columns import Costs
from varde.engines.rostering.curtois import CurtoisInstance
from varde.engines.rostering.curtois_columns import ColumnWorker
from varde.engines.rostering.curtois_cpsat import ModelWorker, SinglyWorker
from varde.engines.rostering.curtois_shared import Found, Shared, Solved
from varde.engines.rostering.search import Clock, Limits, Stop


MOST_STATES: Final = 150_000_000  # of one person's schedules, before they are too many
MOST_DECISIONS: Final = 60_000  # for CP-SAT beside the columns


def solve_curtois(
    instance: CurtoisInstance,
    *,
    limits: Limits,
    clock: Clock,
    on_better: Callable[[Found], None] = lambda found: None,
    stop: Stop | None = None,
) -> Solved:
    """The best roster within the limits; see search.py for limits, clock and stop.

    With one worker and an effort, which then counts dives and CP-SAT's deterministic
    seconds, the same seed gives the same roster.
    """
    shared = Shared(instance, limits, clock, on_better, stop or Event())
    decisions = instance.days * len(instance.people) * len(instance.shifts)
    if not fits(shared.costs):
        parts = [SinglyWorker(shared).work]
    elif decisions > MOST_DECISIONS:
        parts = [ColumnWorker(shared).work]
    else:
        parts = [ColumnWorker(shared).work, ModelWorker(shared).work]
    if limits.workers == 1:
        for part in parts:
            shared.guarded(part)
    else:
        threads = [Thread(target=shared.guarded, args=(part,)) for part in parts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return shared.solved()


def fits(costs: Costs) -> bool:
    """Whether the schedules of one person can be tried by the dynamic program."""
    rules = costs.rules
    states = (len(rules.length) * rules.most_in_row + rules.least_off).max()
    ends = ((rules.most_time + 1) * (rules.most_weekends + 1)).max()
    return int(states) * int(ends) * rules.days <= MOST_STATES
