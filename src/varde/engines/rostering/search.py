"""The search kernel: a better roster for as long as one has patience, and a bound.

For any CP-SAT model whose answer is given by some of its variables, the decisions:

    problem = Problem(
        model=model,  # with an objective of whole numbers to be made as small as possible
        decisions=(x[0], x[1], ...),  # when these are fixed, the rest follows quickly
        neighbourhoods=(
            spans("weeks", positions_by_week),  # one to several weeks in a row
            groups("doctors", positions_by_doctor),  # some doctors, all their days
        ),
    )
    outcome = search(
        problem, limits=Limits(seconds=60, workers=2), clock=time.monotonic,
        on_better=lambda better: ..., stop=event, fixed={3: 1}, start=values,
    )

The search has three phases. *construct* finds a first answer (or completes the one that
is given as `start`). *whole* gives the model to CP-SAT with its strongest linear
relaxation, which proves small models and gives the bound. *neighbourhood* frees some
decisions of the best answer and solves for these, again and again: which neighbourhood
is tried follows what each has gained so far, and its size what could be solved in time.

`on_better` is called for each better answer, one call at a time, from the thread that
found it. `stop` ends the search within a tenth of a second; the best answer is returned.
`fixed` holds decisions (by position) that may not be changed. With one worker and
`Limits.effort` a seed gives the same answers each time (effort is CP-SAT's deterministic
time, close to seconds); seconds then only guard against a mistake in the effort.
"""

from collections.abc import Callable, Mapping, Sequence
from random import Random
from threading import Event

from varde.engines.rostering.search_run import Run
from varde.engines.rostering.search_terms import (
    Better,
    Choice,
    Clock,
    Limits,
    Neighbourhood,
    Outcome,
    Problem,
    Status,
    Stop,
)


__all__ = [
    "Better",
    "Choice",
    "Clock",
    "Limits",
    "Neighbourhood",
    "Outcome",
    "Problem",
    "Status",
    "Stop",
    "costly",
    "groups",
    "scattered",
    "search",
    "spans",
]


def spans(name: str, blocks: Sequence[Sequence[int]]) -> Neighbourhood:
    """Free some blocks in a row (weeks, days), at least one."""

    def choose(draw: Random, values: Sequence[int], share: float) -> list[int]:
        count = max(1, round(share * len(blocks)))
        first = draw.randint(0, len(blocks) - count)
        return [i for block in blocks[first : first + count] for i in block]

    return Neighbourhood(name, choose)


def groups(name: str, blocks: Sequence[Sequence[int]]) -> Neighbourhood:
    """Free some blocks drawn at random (persons, duties), at least two if there are."""

    def choose(draw: Random, values: Sequence[int], share: float) -> list[int]:
        count = min(len(blocks), max(2, round(share * len(blocks))))
        return [i for block in draw.sample(blocks, count) for i in block]

    return Neighbourhood(name, choose)


def scattered(name: str, count: int) -> Neighbourhood:
    """Free single decisions drawn at random among the first `count`."""

    def choose(draw: Random, values: Sequence[int], share: float) -> list[int]:
        return draw.sample(range(count), max(1, round(share * count)))

    return Neighbourhood(name, choose)


def costly(
    name: str,
    blocks: Sequence[Sequence[int]],
    cost: Callable[[Sequence[int]], Sequence[float]],
) -> Neighbourhood:
    """Free blocks, those that cost most in the best answer more often.

    `cost(values)` gives one cost for each block, zero or more.
    """

    def choose(draw: Random, values: Sequence[int], share: float) -> list[int]:
        count = min(len(blocks), max(2, round(share * len(blocks))))
        # The highest of u ** (1 / weight) is a draw without replacement by weight.
        keys = [draw.random() ** (1 / (1 + paid)) for paid in cost(values)]
        best = sorted(range(len(blocks)), key=lambda i: -keys[i])[:count]
        return [i for one in best for i in blocks[one]]

    return Neighbourhood(name, choose)


def search(
    problem: Problem,
    *,
    limits: Limits,
    clock: Clock,
    on_better: Callable[[Better], None] = lambda better: None,
    stop: Stop | None = None,
    fixed: Mapping[int, int] | None = None,
    start: Sequence[int] | None = None,
    bound: int | None = None,
    on_bound: Callable[[int], None] = lambda bound: None,
    hear: Callable[[], tuple[int, Sequence[int]] | None] = lambda: None,
) -> Outcome:
    """The best answer that was found within the limits. See the top of this module.

    `start` is a first answer, as values of the decisions; it need not be allowed, it then
    only guides. `bound` is a lower bound that is known already, `on_bound` is called for
    each better one. `hear` gives what someone
    else has found meanwhile (objective, values), and is asked before each neighbourhood.
    An exception of `on_better` ends the search and is raised here.
    """
    run = Run(problem, limits, clock, on_better, stop or Event(), fixed or {}, bound)
    run.hear, run.on_bound = hear, on_bound
    with run.watched():
        run.construct(start)
        run.whole()
        run.neighbourhoods()
    return run.outcome()
