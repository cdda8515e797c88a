"""One search: its phases, its threads, and the best answer they share. See search.py."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from threading import Event, Lock, Thread
from typing import Final

from ortools.sat.python import cp_model

from varde.engines.rostering.search_model import answer, at_most, contains, fix, hint
from varde.engines.rostering.search_terms import (
    Better,
    Clock,
    Limits,
    Outcome,
    Problem,
    Status,
    Stop,
)


SMALLEST_SHARE: Final = 0.002  # of all decisions, freed in one neighbourhood
LARGEST_SHARE: Final = 0.9
FIRST_SHARE: Final = 0.1
FIRST_FREE: Final = 700  # decisions at most, to begin with
GROWTH: Final = 1.15  # of the share, when a neighbourhood was solved in time
MEMORY: Final = 0.9  # of what a neighbourhood gained before
WATCH_S: Final = 0.05
EPSILON: Final = 1e-6
MOST_SEED: Final = 1 << 30
ONLY_BETTER: Final = 0.7
CURIOSITY: Final = 0.1  # the least chance of a neighbourhood, beside the best one's 1
SHORTEST_EFFORT: Final = 0.01
FOUND: Final = (cp_model.OPTIMAL, cp_model.FEASIBLE)
UNDECIDED: Final = (cp_model.FEASIBLE, cp_model.UNKNOWN)


@dataclass
class _Credit:
    """What one neighbourhood has gained for each second, lately, and how much it frees."""

    gain: float = 1.0
    share: float = FIRST_SHARE


@dataclass
class _Best:
    """The best answer of a run, with the values of all variables of the model."""

    objective: int
    values: tuple[int, ...]
    everything: list[int]


class _Watch:
    """Ends every solve when the search is to stop, within a moment."""

    def __init__(self, run: "Run") -> None:
        self._run = run
        self._done = Event()
        self._thread = Thread(target=self._watch, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(WATCH_S):
            if self._run.is_over() or self._run.has_waited_enough():
                self._run.interrupt()


class Run:
    """One search: what is known so far, shared by its threads under one lock."""

    def __init__(
        self,
        problem: Problem,
        limits: Limits,
        clock: Clock,
        on_better: Callable[[Better], None],
        stop: Stop,
        fixed: Mapping[int, int],
        bound: int | None,
    ) -> None:
        self.limits = limits
        self.hear: Callable[[], tuple[int, Sequence[int]] | None] = lambda: None
        self.on_bound: Callable[[int], None] = lambda bound: None
        self._clock = clock
        self._on_better = on_better
        self._stop = stop
        self._started = clock()
        self._lock = Lock()
        self._active: set[cp_model.CpSolver] = set()
        self._fault: BaseException | None = None
        self._impossible = False
        self._best: _Best | None = None
        self._bound = bound
        self._first_s: float | None = None
        self._news_s = 0.0
        self._effort = 0.0
        self._is_patient = True
        self._neighbourhoods = problem.neighbourhoods
        first = min(FIRST_SHARE, FIRST_FREE / max(1, len(problem.decisions)))
        self._credits = [_Credit(share=first) for _ in problem.neighbourhoods]
        self._indices = [variable.index for variable in problem.decisions]
        self._fixed = dict(fixed)
        self._model = problem.model.clone()
        for position, value in self._fixed.items():
            index = self._indices[position]
            domain = list(self._model.proto.variables[index].domain)
            self._impossible |= not contains(domain, value)
            fix(self._model, index, value)

    # ------------------------------------------------------------ what is known

    def seconds(self) -> float:
        return self._clock() - self._started

    def is_over(self) -> bool:
        return (
            self._stop.is_set()
            or self._fault is not None
            or self._impossible
            or self._is_proven()
            or self.seconds() >= self.limits.seconds
            or self._effort >= self.limits.effort
        )

    def has_waited_enough(self) -> bool:
        """The whole model has given nothing for long, and there is another phase."""
        waited_s = self.seconds() - self._news_s
        return not self._is_patient and waited_s > self.limits.patience_s

    def _is_proven(self) -> bool:
        best = self._best
        return (
            best is not None
            and self._bound is not None
            and self._bound >= best.objective
        )

    def interrupt(self) -> None:
        with self._lock:
            for solver in self._active:
                solver.stop_search()

    def watched(self) -> _Watch:
        return _Watch(self)

    def outcome(self) -> Outcome:
        if self._fault is not None:
            raise self._fault
        best = self._best
        if best is None:
            status = Status.IMPOSSIBLE if self._impossible else Status.NOTHING_FOUND
        else:
            status = Status.PROVEN if self._is_proven() else Status.FOUND
        return Outcome(
            status=status,
            objective=None if best is None else best.objective,
            bound=self._bound,
            values=None if best is None else best.values,
            seconds_to_first=self._first_s,
            seconds=self.seconds(),
        )

    def offer(self, objective: int, everything: list[int], phase: str) -> int:
        """Keep an answer that is as good or better. Gives what was gained."""
        with self._lock:
            before = self._best
            if before is not None and objective > before.objective:
                return 0
            values = tuple(everything[i] for i in self._indices)
            self._best = _Best(objective, values, everything)
            if before is not None and objective == before.objective:
                return 0
            now = self.seconds()
            self._news_s = now
            if self._first_s is None:
                self._first_s = now
            better = Better(
                objective=objective,
                bound=self._bound,
                seconds=now,
                values=values,
                phase=phase,
            )
            try:
                self._on_better(better)
            except BaseException as fault:
                self._fault = fault
            return 0 if before is None else before.objective - objective

    def raise_bound(self, value: float) -> None:
        with self._lock:
            bound = math.ceil(value - EPSILON)
            if self._bound is None or bound > self._bound:
                self._bound = bound
                self._news_s = self.seconds()
                self.on_bound(bound)

    # ------------------------------------------------------------ one solve

    def _solve(
        self,
        model: cp_model.CpModel,
        *,
        seconds: float,
        effort: float = math.inf,
        workers: int = 1,
        seed: int = 0,
        first_only: bool = False,
        callback: cp_model.CpSolverSolutionCallback | None = None,
        on_bound: Callable[[float], None] | None = None,
    ) -> tuple[cp_model.CpSolver, cp_model.CpSolverStatus]:
        solver = cp_model.CpSolver()
        parameters = solver.parameters
        parameters.num_workers = workers
        parameters.catch_sigint_signal = False  # whoever calls decides when to stop
        parameters.random_seed = (self.limits.seed + seed) % MOST_SEED
        parameters.stop_after_first_solution = first_only
        if not first_only:
            parameters.linearization_level = 2
            if workers > 1:
                parameters.subsolvers.append("max_lp")
        left = self.limits.effort - self._effort
        parameters.max_time_in_seconds = max(
            0.0, min(seconds, self.limits.seconds - self.seconds())
        )
        if min(left, effort) < math.inf:
            parameters.max_deterministic_time = max(0.0, min(left, effort))
        if on_bound is not None:
            solver.best_bound_callback = on_bound
        with self._lock:
            self._active.add(solver)
        try:
            status = solver.solve(model, callback)
        finally:
            with self._lock:
                self._active.discard(solver)
                effort_used = solver.response_proto.deterministic_time
                self._effort += max(effort_used, SHORTEST_EFFORT)
        return solver, status

    # ------------------------------------------------------------ the phases

    def construct(self, start: Sequence[int] | None) -> None:
        """A first answer: the start if it is allowed, else any."""
        if self.is_over():
            return
        if start is not None and self._complete(start):
            return
        model = self._model.clone()
        model.proto.clear_objective()
        if start is not None:
            hint(model, self._indices, start)
        solver, status = self._solve(
            model,
            seconds=math.inf,
            workers=self.limits.workers,
            first_only=True,
        )
        self._impossible = status == cp_model.INFEASIBLE
        if status in FOUND:
            everything = list(solver.response_proto.solution)
            self._complete([everything[i] for i in self._indices])

    def _complete(self, values: Sequence[int], phase: str = "construct") -> bool:
        """Find the best rest for these decisions, if they are allowed."""
        model = self._model.clone()
        for position, value in enumerate(values):
            if self._fixed.get(position, value) != value:
                return False
            fix(model, self._indices[position], value)
        solver, status = self._solve(model, seconds=math.inf)
        if status not in FOUND:
            return False
        self.offer(*answer(solver), phase)
        return True

    def whole(self) -> None:
        """CP-SAT on the whole model, until it is proven or nothing has come for long."""
        if self.is_over():
            return
        model = self._model.clone()
        if self._best is not None:
            hint(model, range(len(self._best.everything)), self._best.everything)
        # Patience is counted on the clock, and what is to be repeated reads no clock.
        self._news_s = self.seconds()
        self._is_patient = (
            not self._neighbourhoods
            or self._best is None
            or self.limits.effort < math.inf
        )
        whole = _Whole(self)
        share = self.limits.whole_share if self._neighbourhoods else 1.0
        solver, status = self._solve(
            model,
            seconds=self.limits.seconds * share,
            effort=self.limits.effort * share,
            workers=self.limits.workers,
            callback=whole,
            on_bound=self.raise_bound,
        )
        self._is_patient = True
        if status == cp_model.INFEASIBLE:
            self._impossible = True
        if status in FOUND:
            self.raise_bound(solver.best_objective_bound)
            self.offer(*answer(solver), "whole")

    def neighbourhoods(self) -> None:
        """Free some decisions of the best answer and solve for these, by each worker."""
        if self._best is None or not self._neighbourhoods:
            return
        threads = [
            Thread(target=self._improve, args=(worker,))
            for worker in range(self.limits.workers)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _improve(self, worker: int) -> None:
        try:
            draw = Random(f"{self.limits.seed}/{worker}")  # noqa: S311
            model = self._model.clone()
            while not self.is_over():
                self._one_neighbourhood(draw, model)
        except BaseException as fault:
            self._fault = fault

    def _one_neighbourhood(self, draw: Random, model: cp_model.CpModel) -> None:
        best = self._best
        heard = self.hear()
        if heard is not None and best is not None and heard[0] < best.objective:
            self._complete(heard[1], "heard")
            best = self._best
        assert best is not None
        which = self._pick(draw)
        credit = self._credits[which]
        free = set(self._neighbourhoods[which].choose(draw, best.values, credit.share))
        frozen = [i for i in range(len(self._indices)) if i not in free]
        model.proto.copy_from(self._model.proto)
        for position in frozen:
            fix(model, self._indices[position], best.values[position])
        # Now and then an answer that is as good and different, so as not to stand still.
        only_better = draw.random() < ONLY_BETTER
        at_most(model, best.objective - only_better)
        is_timed = self.limits.effort == math.inf
        solver, status = self._solve(
            model,
            seconds=self.limits.slice_s if is_timed else math.inf,
            effort=math.inf if is_timed else self.limits.slice_s,
            seed=draw.randrange(MOST_SEED),
        )
        gained = 0
        if status in FOUND:
            name = self._neighbourhoods[which].name
            gained = self.offer(*answer(solver), name)
        took = max(solver.response_proto.deterministic_time, SHORTEST_EFFORT)
        credit.gain = MEMORY * credit.gain + (1 - MEMORY) * gained / took
        if status in UNDECIDED:
            credit.share /= GROWTH
        elif gained == 0:  # what gains is as large as it need be
            credit.share *= GROWTH
        credit.share = min(LARGEST_SHARE, max(SMALLEST_SHARE, credit.share))

    def _pick(self, draw: Random) -> int:
        most = max(credit.gain for credit in self._credits)
        weights = [CURIOSITY + c.gain / (most + EPSILON) for c in self._credits]
        return draw.choices(range(len(weights)), weights)[0]


class _Whole(cp_model.CpSolverSolutionCallback):
    """Hands each answer of the whole model on as it comes."""

    def __init__(self, run: Run) -> None:
        super().__init__()
        self._run = run

    def on_solution_callback(self) -> None:
        self._run.raise_bound(self.best_objective_bound)
        solution = list(self.response_proto.solution)
        self._run.offer(round(self.objective_value), solution, "whole")
