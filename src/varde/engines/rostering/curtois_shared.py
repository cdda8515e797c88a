"""What the workers on one of Curtois' instances share: the best roster, bound and end."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Lock

from varde.engines.rostering.columns import Costs, Relaxed
from varde.engines.rostering.curtois import CurtoisInstance
from varde.engines.rostering.curtois_check import (
    curtois_objective,
    curtois_violations,
)
from varde.engines.rostering.roster_values import Roster
from varde.engines.rostering.search import Clock, Limits, Status, Stop


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The best roster so far, as the independent checker judges it."""

    objective: int
    bound: int | None
    seconds: float
    roster: Roster
    phase: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """How it ended. Without a roster nothing was found, or nothing exists."""

    status: Status
    objective: int | None
    bound: int | None
    roster: Roster | None
    seconds_to_first: float | None
    seconds: float


class Shared:
    """The best roster and bound, and when to end, under one lock."""

    def __init__(
        self,
        instance: CurtoisInstance,
        limits: Limits,
        clock: Clock,
        on_better: Callable[[Found], None],
        stop: Stop,
    ) -> None:
        self.instance, self.limits, self.clock = instance, limits, clock
        self.costs = Costs(instance)
        self.relaxed: Relaxed | None = None
        self.best: Found | None = None
        self.bound: int | None = None
        self.is_impossible = False
        self.over = Event()
        self.priced = Event()  # the columns have their prices and have been dived from
        self.settled = Event()  # dives gain nothing more, and proof wants all workers
        self._on_better, self._stop = on_better, stop
        self._lock = Lock()
        self._fault: BaseException | None = None
        self._first_s: float | None = None
        self._started = clock()

    def seconds(self) -> float:
        return self.clock() - self._started

    def is_over(self) -> bool:
        if not self.over.is_set() and (
            self._stop.is_set()
            or self.is_impossible
            or self.seconds() >= self.limits.seconds
            or self._is_proven()
        ):
            self.over.set()
        return self.over.is_set()

    def _is_proven(self) -> bool:
        best, bound = self.best, self.bound
        return best is not None and bound is not None and bound >= best.objective

    def guarded(self, work: Callable[[], None]) -> None:
        """Do a part of the work. A fault ends the other part and is raised at the end."""
        try:
            work()
        except BaseException as fault:
            self._fault = self._fault or fault
            self.over.set()

    def raise_bound(self, bound: int) -> None:
        with self._lock:
            self.bound = bound if self.bound is None else max(bound, self.bound)

    def offer(self, roster: Roster, phase: str) -> bool:
        """Keep a roster that is allowed and costs less. Says whether it does."""
        objective = curtois_objective(self.instance, roster)
        with self._lock:
            if self.best is not None and objective >= self.best.objective:
                return False
            if curtois_violations(self.instance, roster):
                return False
            seconds = self.seconds()
            self._first_s = seconds if self._first_s is None else self._first_s
            self.best = Found(
                objective=objective,
                bound=self.bound,
                seconds=seconds,
                roster=roster,
                phase=phase,
            )
            self._on_better(self.best)
            return True

    def solved(self) -> Solved:
        if self._fault is not None:
            raise self._fault
        best = self.best
        status = Status.FOUND if best is not None else Status.NOTHING_FOUND
        if best is None and self.is_impossible:
            status = Status.IMPOSSIBLE
        elif self._is_proven():
            status = Status.PROVEN
        return Solved(
            status=status,
            objective=None if best is None else best.objective,
            bound=self.bound,
            roster=None if best is None else best.roster,
            seconds_to_first=self._first_s,
            seconds=self.seconds(),
        )
