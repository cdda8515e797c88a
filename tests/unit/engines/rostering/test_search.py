"""The search kernel: its phases, its promises, and what may go wrong."""

from itertools import count, product
from random import Random
from threading import Event

import pytest
from ortools.sat.python import cp_model

from varde.engines.rostering import search_run
from varde.engines.rostering.search import (
    Limits,
    Neighbourhood,
    Problem,
    Status,
    costly,
    groups,
    scattered,
    search,
    spans,
)


VALUES = [9, 7, 8, 3, 5, 6, 4, 2, 7, 5, 3, 8]
WEIGHTS = [7, 5, 6, 2, 4, 5, 3, 2, 6, 4, 2, 7]
ROOM = 23
BLOCKS = [[i, i + 1, i + 2] for i in range(0, 12, 3)]


def ticks():
    """A clock that goes a little each time it is read."""
    steps = count()
    return lambda: next(steps) * 0.001


def knapsack(*, neighbourhoods=(), forced=None):
    """What is left behind is to be worth as little as possible, with an offset."""
    model = cp_model.CpModel()
    x = [model.new_bool_var("") for _ in VALUES]
    model.add(sum(w * v for w, v in zip(WEIGHTS, x, strict=True)) <= ROOM)
    if forced is not None:
        model.add(x[0] + x[1] == forced)
    model.minimize(sum(v * (1 - one) for v, one in zip(VALUES, x, strict=True)))
    return Problem(model=model, decisions=x, neighbourhoods=neighbourhoods)


def left_behind(values):
    return sum(v for v, one in zip(VALUES, values, strict=True) if not one)


BEST = min(
    left_behind(values)
    for values in product([0, 1], repeat=12)
    if sum(w for w, one in zip(WEIGHTS, values, strict=True) if one) <= ROOM
)
ALL_KINDS = (
    spans("weeks", BLOCKS),
    groups("persons", BLOCKS),
    scattered("single", 12),
    costly("dear", BLOCKS, lambda values: [1.0, 0.0, 3.0, 0.0]),
)
ONE = Limits(seconds=60, workers=1, effort=3, slice_s=0.05)


def test_a_small_model_is_proven():
    heard = []
    outcome = search(
        knapsack(neighbourhoods=ALL_KINDS),
        limits=Limits(seconds=30),
        clock=ticks(),
        on_better=heard.append,
    )
    assert outcome.status == Status.PROVEN
    assert outcome.objective == outcome.bound == BEST == left_behind(outcome.values)
    objectives = [better.objective for better in heard]
    assert objectives == sorted(objectives, reverse=True)
    assert objectives[-1] == BEST
    assert heard[0].seconds == outcome.seconds_to_first <= outcome.seconds
    assert heard[-1].values == outcome.values


def only_neighbourhoods(**more):
    """Limits that leave the whole model out."""
    return Limits(**({"seconds": 60, "whole_share": 0.0, "slice_s": 0.05} | more))


def test_neighbourhoods_alone_come_to_the_best():
    outcome = search(
        knapsack(neighbourhoods=ALL_KINDS),
        limits=only_neighbourhoods(workers=1, effort=0.5),
        clock=ticks(),
        start=[0] * 12,
    )
    assert outcome.objective == BEST
    assert outcome.status == Status.FOUND  # without the whole model nobody knows


def test_with_one_worker_a_seed_gives_the_same_answers_each_time():
    def run(seed):
        heard = []
        limits = only_neighbourhoods(workers=1, effort=0.2, seed=seed)
        search(
            knapsack(neighbourhoods=ALL_KINDS),
            limits=limits,
            clock=ticks(),
            on_better=lambda better: heard.append((better.objective, better.values)),
            start=[0] * 12,
        )
        return heard

    assert run(5) == run(5)
    assert run(5)


def shares_asked(*, effort=0.2):
    """How much each turn may free, where everything is freed: the first turn comes to the
    best, the others gain nothing."""
    asked = []

    def everything(draw, values, share):
        asked.append(share)
        return range(12)

    search(
        knapsack(neighbourhoods=(Neighbourhood("all", everything),)),
        limits=only_neighbourhoods(workers=1, effort=effort),
        clock=ticks(),
        start=[0] * 12,
    )
    return asked


def test_what_gains_frees_no_more_the_next_time_and_what_gains_nothing_does():
    first, second, third, *_ = shares_asked()
    assert first == second == search_run.FIRST_SHARE
    assert third == pytest.approx(second * search_run.GROWTH)


def test_of_many_decisions_few_are_freed_to_begin_with(monkeypatch):
    monkeypatch.setattr(search_run, "FIRST_FREE", 0.6)
    assert shares_asked()[0] == pytest.approx(0.05)


def test_two_workers_share_the_best():
    stop = Event()

    def enough(better):
        if better.objective == BEST:
            stop.set()

    outcome = search(
        knapsack(neighbourhoods=ALL_KINDS),
        limits=only_neighbourhoods(workers=2),
        clock=ticks(),
        on_better=enough,
        stop=stop,
        start=[0] * 12,
    )
    assert outcome.objective == BEST


def test_fixed_decisions_stay():
    outcome = search(
        knapsack(neighbourhoods=ALL_KINDS),
        limits=ONE,
        clock=ticks(),
        fixed={0: 0, 7: 1},
    )
    assert outcome.values[0] == 0
    assert outcome.values[7] == 1


@pytest.mark.parametrize("start", [[1] * 12, [1] * 11 + [0]])
def test_a_start_that_is_not_allowed_only_guides(start):
    outcome = search(knapsack(), limits=ONE, clock=ticks(), start=start, fixed={11: 0})
    assert outcome.status == Status.PROVEN
    assert outcome.values[11] == 0


def test_what_cannot_be_is_said():
    for problem, fixed in ((knapsack(forced=3), {}), (knapsack(), {0: 7})):
        outcome = search(problem, limits=ONE, clock=ticks(), fixed=fixed)
        assert outcome.status == Status.IMPOSSIBLE
        assert outcome.values is None


def test_what_is_found_impossible_only_in_the_whole_model_is_said(monkeypatch):
    monkeypatch.setattr(search_run.Run, "construct", lambda self, start: None)
    outcome = search(knapsack(forced=3), limits=ONE, clock=ticks())
    assert outcome.status == Status.IMPOSSIBLE


def test_stopped_before_it_began_nothing_is_found():
    stop = Event()
    stop.set()
    outcome = search(knapsack(), limits=ONE, clock=ticks(), stop=stop)
    assert outcome.status == Status.NOTHING_FOUND
    assert outcome.seconds_to_first is None


def test_stopped_the_best_is_kept():
    stop = Event()
    outcome = search(
        knapsack(neighbourhoods=ALL_KINDS),
        limits=only_neighbourhoods(),
        clock=ticks(),
        stop=stop,
        start=[0] * 12,
        on_better=lambda better: stop.set(),
    )
    assert outcome.status == Status.FOUND
    assert outcome.objective == sum(VALUES)


def test_a_bound_that_is_known_ends_the_search():
    outcome = search(
        knapsack(), limits=ONE, clock=ticks(), bound=sum(VALUES), start=[0] * 12
    )
    assert outcome.status == Status.PROVEN
    assert outcome.objective == sum(VALUES)


def test_bounds_are_told():
    bounds = []
    search(knapsack(), limits=ONE, clock=ticks(), on_bound=bounds.append)
    assert bounds[-1] == BEST
    assert bounds == sorted(bounds)


def test_what_another_has_found_is_heard():
    best = search(knapsack(), limits=ONE, clock=ticks()).values
    phases = []
    outcome = search(
        knapsack(neighbourhoods=[scattered("single", 12)]),
        limits=only_neighbourhoods(workers=1, effort=0.08),
        clock=ticks(),
        start=[0] * 12,
        hear=lambda: (BEST, best),
        on_better=lambda better: phases.append(better.phase),
    )
    assert outcome.values == best
    assert phases == ["construct", "heard"]


def test_a_fault_of_the_listener_is_raised():
    def fault(better):
        raise RuntimeError("full disk")

    with pytest.raises(RuntimeError, match="full disk"):
        search(knapsack(), limits=ONE, clock=ticks(), on_better=fault)


def test_a_fault_in_a_neighbourhood_is_raised():
    def fault(draw, values, share):
        raise RuntimeError("no such week")

    with pytest.raises(RuntimeError, match="no such week"):
        search(
            knapsack(neighbourhoods=[Neighbourhood("bad", fault)]),
            limits=only_neighbourhoods(),
            clock=ticks(),
            start=[0] * 12,
        )


def test_a_model_that_gives_nothing_for_long_is_left_when_there_is_another_way():
    run = search_run.Run(
        knapsack(neighbourhoods=ALL_KINDS),
        Limits(seconds=60, patience_s=0.0),
        ticks(),
        lambda better: None,
        Event(),
        {},
        None,
    )
    assert not run.has_waited_enough()  # the phase has not begun
    seen = []
    solve = run._solve

    def solved(*args, **kwargs):
        seen.append(run.has_waited_enough())
        return solve(*args, **kwargs)

    run._solve = solved
    run.construct([0] * 12)
    run.whole()
    assert seen == [False, True]
    assert not run.has_waited_enough()


def test_an_answer_that_is_worse_is_not_kept():
    run = search_run.Run(
        knapsack(), ONE, ticks(), lambda better: None, Event(), {}, None
    )
    assert run.offer(50, [0] * 12, "a") == 0
    assert run.offer(60, [1] * 12, "b") == 0
    assert run.offer(50, [1] * 12, "c") == 0  # as good: kept, and no news
    assert run.offer(45, [0] * 12, "d") == 5
    assert run.outcome().objective == 45


@pytest.mark.parametrize("kind", ALL_KINDS, ids=lambda kind: kind.name)
@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_a_neighbourhood_names_decisions_once_each(kind, share):
    chosen = list(kind.choose(Random(3), [0] * 12, share))
    assert chosen
    assert len(set(chosen)) == len(chosen)
    assert set(chosen) <= set(range(12))
    if share == 1.0:
        assert len(chosen) == 12


def test_what_costs_most_is_freed_more_often():
    dear = costly("dear", BLOCKS, lambda values: [0, 0, 50, 0])
    draw = Random(1)
    times = [0] * 4
    for _ in range(200):
        for position in dear.choose(draw, [0] * 12, 0.0):
            times[position // 3] += 1
    assert times[2] > 1.5 * max(times[0], times[1], times[3])
