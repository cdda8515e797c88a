"""A rota is proposed: a first one week by week, then better ones, goal after goal.

The goals are strict: what a goal has reached is kept while the next is worked on. Each
is given a part of the time that is left, and none when it cannot become better.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from threading import Event
from typing import Any, Final

from varde.domain.rota.values import Assignment
from varde.engines.rostering.duties.construct import first_rota
from varde.engines.rostering.duties.ground import Chosen, Grounds
from varde.engines.rostering.duties.model import Expr, Model
from varde.engines.rostering.duties.neighbourhoods import chosen_of, neighbourhoods
from varde.engines.rostering.duties.rules import Rules
from varde.engines.rostering.duties.targets import Targets
from varde.engines.rostering.duties.values import Cost, Problem, Proposal, Status
from varde.engines.rostering.search import Clock, Limits, Outcome, search
from varde.engines.rostering.search import Problem as Search
from varde.engines.rostering.search import Status as Found


# The part of the time left that each goal may use.
SHARES: Final[Mapping[str, float]] = {
    "short": 0.2,
    "vacant": 0.35,
    "substitutes": 0.2,
    "even": 0.5,
    "unfair": 0.3,
    "wishes": 0.6,
    "spacing": 0.4,
    "warnings": 0.4,
    "imbalance": 1.0,
}
WHOLE_SHARE: Final = 0.3  # of a goal's time for the whole model
PATIENCE_S: Final = 10.0
BEGIN_S: Final = 20.0  # to see that the first rota is allowed, or to mend it
LEAST_S: Final = 1.0  # for a goal


def propose(
    problem: Problem,
    *,
    seconds: float,
    clock: Clock,
    effort: float = math.inf,
    workers: int = 2,
    seed: int = 0,
    start: Assignment | None = None,
    on_better: Callable[[Proposal], None] = lambda proposal: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Proposal:
    """The best rota that is found in the time, and a bound on how good any can be.

    Parameters
    ----------
    seconds : float
        How long to search, by `clock` (time.monotonic). The first rota comes first, even
        if it takes longer.
    effort : float
        How much work at most, in CP-SAT's deterministic time (roughly seconds). With one
        worker and an effort, the same seed gives the same rota.
    start : slot id to worker id
        A rota to begin with, as one that was made by hand. Where it breaks a hard rule it
        only guides.
    on_better
        Is given each better rota, one call at a time, from a thread of the search. What
        it raises ends the search and is raised here.
    should_stop
        Is asked many times a second, from other threads: it must be quick. When it says
        yes, the best rota so far is returned within a moment.

    Raises
    ------
    ValueError
        If something is fixed to a person who is not there, a slot is fixed that is not
        there, or a group is fixed to two people.
    """
    limits = Limits(seconds=seconds, workers=workers, seed=seed, effort=effort)
    run = _Run(problem, limits, clock, on_better, should_stop)
    run.begin(start)
    run.improve()
    return run.proposal()


@dataclass(frozen=True, slots=True)
class _Goal:
    """One number to be made small. `known` is what it can never go below; `level` is the
    duties beyond the tolerance that an unfairness is counted from."""

    name: str
    expr: Callable[[], Expr]
    value: Callable[[Cost], int]
    known: int = 0
    level: int = 0


class _Asked(Event):
    """An event that is set when somebody says so."""

    def __init__(self, should_stop: Callable[[], bool]) -> None:
        super().__init__()
        self._should_stop = should_stop

    def is_set(self) -> bool:
        return self._should_stop()


class _Run:
    """One search: the best rota so far, and what is proven of each goal."""

    def __init__(
        self,
        problem: Problem,
        limits: Limits,
        clock: Clock,
        on_better: Callable[[Proposal], None],
        should_stop: Callable[[], bool],
    ) -> None:
        self.problem = problem
        self.limits = limits
        self.grounds = Grounds(problem)
        self.rules = Rules(self.grounds)
        self.targets = Targets(self.grounds, self.rules)
        self._clock = clock
        self._on_better = on_better
        self._should_stop = should_stop
        self._started = clock()
        self._first_s: float | None = None
        self._best: tuple[Cost, Chosen] | None = None
        self._status = Status.NOTHING_FOUND
        self._is_evened = False
        self._bound = Cost(
            short=0,
            vacant=0,
            substitutes=0,
            unfair=(),
            wishes=self.targets.least_wishes,
            spacing=0,
            warnings=0,
            imbalance=self.targets.least_imbalance,
        )

    def seconds(self) -> float:
        return self._clock() - self._started

    def _is_over(self) -> bool:
        return self._should_stop() or self.seconds() >= self.limits.seconds

    # ------------------------------------------------------------ the search

    def begin(self, start: Assignment | None) -> None:
        """The rota that is given, or one made week by week, as far as the rules let it."""
        if start is None:
            start = first_rota(
                self.problem,
                seed=self.limits.seed,
                should_stop=self._should_stop,
            )
        begun = self.grounds.chosen(start)
        self._model = Model(self.grounds, self.rules, self.targets)
        self._decisions = [
            pair for pair in self.grounds.pairs if pair not in self.grounds.fixed
        ]
        self._around = neighbourhoods(self.targets, self._decisions)
        lost = sum(1 - self._model.x[pair] for pair in self._decisions if pair in begun)
        # Also when it is to stop: what is there already is kept, and it takes a moment.
        limits = replace(self.limits, seconds=BEGIN_S, effort=BEGIN_S)
        outcome = self._search(lost, begun, limits=limits, stop=Event(), known=0)
        if outcome.status is Found.IMPOSSIBLE:
            self._status = Status.IMPOSSIBLE

    def improve(self) -> None:
        """One goal after the other, while there is time."""
        if self._best is None:
            return
        self._status = Status.PROVEN
        for goal in self._goals(self._best[0]):
            if goal.name == "unfair" and not self._is_evened:
                self._even()
            self._reach(goal)

    def _even(self) -> None:
        """Before the worst off are counted one by one: everybody nearer to their share."""
        self._is_evened = True
        cost, chosen = self._cost(), self._chosen()
        if cost.unfair and not self._is_over():
            self._search(
                self._model.steep,
                chosen,
                limits=self._part(SHARES["even"]),
                stop=_Asked(self._should_stop),
                known=0,
            )

    def _goals(self, begun: Cost) -> Iterator[_Goal]:
        model = self._model
        yield _Goal("short", lambda: model.short, lambda cost: cost.short)
        yield _Goal("vacant", lambda: model.vacant, lambda cost: cost.vacant)
        yield _Goal("substitutes", lambda: model.substitutes, lambda c: c.substitutes)
        yield _Goal("unfair", lambda: model.worst, _worst, level=_worst(begun) + 1)
        for level in range(_worst(self._cost()), 0, -1):
            yield _Goal(
                "unfair",
                partial(model.so_far_off, level),
                partial(_so_far_off, level),
                level=level,
            )
        yield _Goal(
            "wishes",
            lambda: model.wishes,
            lambda cost: cost.wishes,
            known=self.targets.least_wishes,
        )
        yield _Goal("spacing", lambda: model.spacing, lambda cost: cost.spacing)
        yield _Goal("warnings", lambda: model.warnings, lambda cost: cost.warnings)
        yield _Goal(
            "imbalance",
            lambda: model.imbalance,
            lambda cost: cost.imbalance,
            known=self.targets.least_imbalance,
        )

    def _reach(self, goal: _Goal) -> None:
        """Make a goal small, keep what it reached, and note what is proven of it."""
        assert self._best is not None
        bound = goal.known
        if not self._is_over():
            expr = goal.expr()
            if goal.value(self._best[0]) > goal.known:
                outcome = self._search(
                    expr,
                    self._best[1],
                    limits=self._part(SHARES[goal.name]),
                    stop=_Asked(self._should_stop),
                    known=goal.known,
                )
                bound = max(bound, outcome.bound or 0)
            self._model.cp.add(expr <= goal.value(self._best[0]))
        if self._status is Status.PROVEN:
            self._note(goal, bound)
            if bound < goal.value(self._best[0]):
                self._status = Status.FOUND

    def _part(self, share: float) -> Limits:
        left_s = max(LEAST_S, share * (self.limits.seconds - self.seconds()))
        return replace(self.limits, seconds=left_s, effort=share * self.limits.effort)

    def _search(
        self, expr: Expr, start: Chosen, *, limits: Limits, stop: Event, known: int
    ) -> Outcome:
        self._model.cp.minimize(expr)
        outcome = search(
            Search(
                model=self._model.cp,
                decisions=[self._model.x[pair] for pair in self._decisions],
                neighbourhoods=self._around,
            ),
            limits=replace(limits, whole_share=WHOLE_SHARE, patience_s=PATIENCE_S),
            clock=self._clock,
            on_better=lambda better: self._take(better.values),
            stop=stop,
            start=[int(pair in start) for pair in self._decisions],
            bound=known,
        )
        if outcome.values is not None:
            self._take(outcome.values)
        return outcome

    # ------------------------------------------------------------ what is known

    def _cost(self) -> Cost:
        assert self._best is not None
        return self._best[0]

    def _chosen(self) -> Chosen:
        assert self._best is not None
        return self._best[1]

    def _take(self, values: Sequence[int]) -> None:
        """Keep a rota if it is better, and tell of it."""
        chosen = chosen_of(self._decisions, values) | self.grounds.fixed
        cost = self.targets.cost(chosen)
        if self._best is not None and cost >= self._best[0]:
            return
        self._best = cost, chosen
        if self._first_s is None:
            self._first_s = self.seconds()
        self._on_better(self.proposal(is_running=True))

    def _note(self, goal: _Goal, bound: int) -> None:
        """A bound is one for all rotas as long as the goals before are proven."""
        if goal.name != "unfair":
            known_now: dict[str, Any] = {goal.name: bound}
            self._bound = replace(self._bound, **known_now)
            return
        unfair = self._cost().unfair
        if goal.level > _worst(self._cost()):
            known: tuple[int, ...] = (bound,) if bound else ()
        else:
            above = tuple(off for off in unfair if off > goal.level)
            known = above + (goal.level,) * (bound - len(above))
        self._bound = replace(self._bound, unfair=known)

    def proposal(self, *, is_running: bool = False) -> Proposal:
        """What there is now."""
        status = Status.FOUND if is_running else self._status
        if self._best is None:
            return Proposal(
                status=status,
                assignment={},
                cost=None,
                bound=None,
                vacant=tuple(slot.id for slot in self.problem.slots),
                broken_wishes=(),
                out_of_reach={},
                standings=(),
                seconds_to_first=None,
                seconds=self.seconds(),
            )
        cost, chosen = self._best
        assignment = self.grounds.assignment(chosen)
        rows = self.targets.standings(assignment)
        return Proposal(
            status=status,
            assignment=assignment,
            cost=cost,
            bound=self._bound,
            vacant=tuple(s.id for s in self.problem.slots if s.id not in assignment),
            broken_wishes=tuple(w.id for w in self.targets.broken_wishes(chosen)),
            out_of_reach={
                wish: tuple(map(str, why))
                for wish, why in self.targets.out_of_reach.items()
            },
            standings=tuple(sorted(rows, key=lambda row: -abs(row.deviation))),
            seconds_to_first=self._first_s,
            seconds=self.seconds(),
        )


def _worst(cost: Cost) -> int:
    return max(cost.unfair, default=0)


def _so_far_off(level: int, cost: Cost) -> int:
    return sum(off >= level for off in cost.unfair)
