"""Curtois' instances solved: against trying every roster, by every part and every way out."""

from itertools import count
from random import Random
from threading import Event

import numpy as np
import pytest

from tests.unit.engines.rostering.tiny import CURTOIS, best_by_trial, curtois
from varde.engines.rostering import (
    columns,
    curtois_columns,
    curtois_cpsat,
    curtois_solve,
    dives,
)
from varde.engines.rostering.columns import Costs, LostFooting, Master, generate
from varde.engines.rostering.curtois_check import curtois_objective, curtois_violations
from varde.engines.rostering.curtois_columns import ColumnWorker
from varde.engines.rostering.curtois_cpsat import ModelWorker, SinglyWorker
from varde.engines.rostering.curtois_model import curtois_problem
from varde.engines.rostering.curtois_shared import Shared
from varde.engines.rostering.curtois_solve import solve_curtois
from varde.engines.rostering.dives import descend, dive, one_by_one
from varde.engines.rostering.roster_values import roster_of
from varde.engines.rostering.search import Limits, Status, search


ONE = Limits(seconds=600, workers=1, effort=1, slice_s=0.05)
BEST = best_by_trial(curtois())
IMPOSSIBLE = CURTOIS.replace("B,E=5|N=1,3000,960", "B,E=5|N=1,3000,2999")


def ticks():
    steps = count()
    return lambda: next(steps) * 0.001


def larger(draw, *, people=4, weeks=2):
    """An instance with three shifts that is too large to try, drawn at random."""
    days = weeks * 7
    staff = [
        f"P{i},E={days}|D={days if i % 2 else 0}|N={draw.choice([2, 3])},"
        f"{weeks * 2400},{weeks * 1440},5,2,2,{weeks - 1}\n"
        for i in range(people)
    ]
    wishes = [
        f"P{draw.randrange(people)},{d},{draw.choice('EDN')},{draw.randint(1, 3)}\n"
        for d in range(days)
    ]
    cover = [
        f"{d},{s},{draw.randint(0, 2)},100,1\n" for d in range(days) for s in "EDN"
    ]
    return curtois(
        f"SECTION_HORIZON\n{days}\nSECTION_SHIFTS\nE,480,\nD,480,E\nN,480,E|D\n"
        f"SECTION_STAFF\n{''.join(staff)}SECTION_DAYS_OFF\nP0,3\n"
        f"SECTION_SHIFT_ON_REQUESTS\n{''.join(wishes)}"
        f"SECTION_SHIFT_OFF_REQUESTS\nP1,4,E,3\nSECTION_COVER\n{''.join(cover)}"
    )


def shared(instance, *, limits=ONE, stop=None):
    return Shared(instance, limits, ticks(), lambda found: None, stop or Event())


@pytest.mark.parametrize("workers", [1, 2])
def test_the_best_of_all_rosters_is_found_and_proven(workers):
    assert BEST > 0
    heard = []
    solved = solve_curtois(
        curtois(),
        limits=Limits(seconds=60, workers=workers),
        clock=ticks(),
        on_better=heard.append,
    )
    assert solved.status == Status.PROVEN
    assert solved.objective == solved.bound == BEST
    assert not curtois_violations(curtois(), solved.roster)
    assert curtois_objective(curtois(), solved.roster) == BEST
    assert heard[-1].roster == solved.roster
    assert heard[0].seconds == solved.seconds_to_first <= solved.seconds


def test_the_model_says_what_the_checker_says():
    instance = larger(Random(4), people=3, weeks=1)
    outcome = search(curtois_problem(instance), limits=ONE, clock=ticks())
    ids = [shift.id for shift in instance.shifts]
    roster = roster_of(outcome.values, ids=ids, days=instance.days)
    assert not curtois_violations(instance, roster)
    assert curtois_objective(instance, roster) == outcome.objective


@pytest.mark.parametrize("seed", [1, 2])
def test_columns_and_the_whole_model_agree(seed):
    instance = larger(Random(seed))
    plain = search(curtois_problem(instance), limits=Limits(seconds=600), clock=ticks())
    solved = solve_curtois(instance, limits=Limits(seconds=600), clock=ticks())
    assert plain.status == solved.status == Status.PROVEN
    assert solved.objective == plain.objective
    assert not curtois_violations(instance, solved.roster)


def test_the_bound_of_the_columns_is_below_the_best_and_their_value_above_the_bound():
    costs = Costs(curtois())
    master = Master(costs, [0, 1], costs.need)
    relaxed = generate(master, is_over=lambda: False)
    assert relaxed.bound <= relaxed.value + 1e-6
    assert relaxed.bound <= BEST


def test_with_one_worker_a_seed_gives_the_same_rosters_each_time():
    instance = larger(Random(6))

    def run():
        heard = []
        solve_curtois(instance, limits=ONE, clock=ticks(), on_better=heard.append)
        return [(found.objective, found.roster) for found in heard]

    first = run()
    assert len(first) > 1
    assert run() == first


def test_stopped_the_best_is_kept():
    stop = Event()
    solved = solve_curtois(
        larger(Random(3)),
        limits=Limits(seconds=600),
        clock=ticks(),
        stop=stop,
        on_better=lambda found: stop.set(),
    )
    assert solved.status == Status.FOUND
    assert solved.roster is not None


def test_stopped_before_it_began_nothing_is_found():
    stop = Event()
    stop.set()
    solved = solve_curtois(curtois(), limits=ONE, clock=ticks(), stop=stop)
    assert (solved.status, solved.roster) == (Status.NOTHING_FOUND, None)


@pytest.mark.parametrize("workers", [1, 2])
def test_what_cannot_be_is_said(workers):
    solved = solve_curtois(
        curtois(IMPOSSIBLE), limits=Limits(seconds=60, workers=workers), clock=ticks()
    )
    assert (solved.status, solved.roster) == (Status.IMPOSSIBLE, None)


def test_an_instance_too_large_for_schedules_is_made_one_by_one(monkeypatch):
    monkeypatch.setattr(curtois_solve, "MOST_STATES", 0)
    solved = solve_curtois(
        curtois(), limits=Limits(seconds=60, workers=1, effort=6), clock=ticks()
    )
    assert not curtois_violations(curtois(), solved.roster)
    limits = Limits(seconds=60, workers=1)
    none = solve_curtois(curtois(IMPOSSIBLE), limits=limits, clock=ticks())
    assert none.status == Status.IMPOSSIBLE


def test_one_by_one_without_time_for_a_person_gives_nothing(monkeypatch):
    worker = SinglyWorker(shared(curtois()))
    monkeypatch.setattr(worker, "_line", lambda *args: None)
    worker.work()
    assert worker.shared.best is None


def test_one_by_one_a_person_keeps_the_days_when_none_better_come(monkeypatch):
    worker = SinglyWorker(shared(curtois(), limits=Limits(seconds=60, effort=3)))
    lines = iter([("",) * 3 + ("E", "N", "", ""), ("E",) + ("",) * 3 + ("E", "E", "")])
    monkeypatch.setattr(worker, "_line", lambda *args: next(lines, None))
    worker.work()
    assert worker.shared.best.objective == 0 + 30 + 4


def test_an_instance_too_large_for_the_model_is_left_to_the_columns(monkeypatch):
    monkeypatch.setattr(curtois_solve, "MOST_DECISIONS", 0)
    solved = solve_curtois(curtois(), limits=ONE, clock=ticks())
    assert not curtois_violations(curtois(), solved.roster)


def test_when_one_round_takes_long_the_first_roster_is_only_mended(monkeypatch):
    monkeypatch.setattr(curtois_columns, "MOST_FIRST_SHARE", 0.0)
    worker = ColumnWorker(
        shared(larger(Random(3)), limits=Limits(seconds=60, effort=2))
    )
    worker.work()
    assert worker.shared.bound is None
    assert worker.shared.best.phase in {"one by one", "descent", "persons", "weeks"}
    assert worker.shared.priced.is_set()


def test_a_large_model_has_only_its_neighbourhoods_searched(monkeypatch):
    monkeypatch.setattr(curtois_cpsat, "MOST_WHOLE", 0)
    instance = larger(Random(3))
    run = shared(instance, limits=Limits(seconds=60, effort=0.2, workers=2))
    run.priced.set()
    ColumnWorker(run).work()
    before = run.best.objective
    ModelWorker(run).work()
    assert run.best.objective <= before


def test_the_model_waits_for_the_prices_and_ends_with_the_search():
    run = shared(larger(Random(3)), limits=Limits(seconds=0.05, workers=2))
    ModelWorker(run).work()
    assert run.is_over()


def test_lost_footing_leaves_the_rest_to_the_model(monkeypatch):
    def lost(*args, **kwargs):
        raise LostFooting

    monkeypatch.setattr(curtois_columns, "generate", lost)
    solved = solve_curtois(curtois(), limits=Limits(seconds=60), clock=ticks())
    assert solved.objective == BEST


def test_lost_footing_in_a_dive_ends_the_dive(monkeypatch):
    def lost(*args, **kwargs):
        raise LostFooting

    monkeypatch.setattr(dives, "generate", lost)
    assert dived(Costs(curtois())) is None


def test_a_linear_program_that_cannot_be_solved_afresh_either_has_lost_its_footing():
    master = Master(Costs(curtois()), [0, 1], Costs(curtois()).need)
    master._lp.Solve = lambda *parameters: 4
    with pytest.raises(LostFooting):
        master.solve()


def test_a_fault_of_the_listener_is_raised():
    def fault(found):
        raise RuntimeError("full disk")

    with pytest.raises(RuntimeError, match="full disk"):
        solve_curtois(
            curtois(), limits=Limits(seconds=60), clock=ticks(), on_better=fault
        )


def test_a_roster_that_the_checker_refuses_is_not_kept():
    run = shared(curtois())
    assert not run.offer((("E",) * 7, ("E",) * 7), "wrong")
    assert run.best is None


def dived(costs, *, less_than=1e9, decided=None, is_over=lambda: False, others=()):
    people = [0, 1] if not others else [0]
    return dive(
        costs,
        people=people,
        others=others,
        columns=[],
        decided=decided or {},
        less_than=less_than,
        draw=Random(1),
        is_over=is_over,
    )


def test_a_dive_keeps_what_is_decided_or_comes_to_nothing():
    costs = Costs(curtois())
    plans = dived(costs, decided={(0, 4): 1, (1, 6): 0, (0, 2): -1})
    assert (plans[0][4], plans[1][6], plans[0][2]) == (1, 0, -1)
    assert dived(costs, decided={(0, 0): 0}) is None  # a day off
    assert dived(costs, less_than=BEST) is None  # nothing costs less than the best
    assert dived(costs, is_over=lambda: True) is None


def test_a_dive_with_nothing_better_looks_once_more_and_gives_up():
    instance = larger(Random(1))
    costs = Costs(instance)
    best = solve_curtois(instance, limits=Limits(seconds=60), clock=ticks()).objective
    people = range(len(instance.people))
    for seed in range(3):
        found = dive(
            costs, people=people, others=[], columns=[], decided={},
            less_than=best + 1, draw=Random(seed), is_over=lambda: False,
        )  # fmt: skip
        if found is not None:
            assert costs.of_roster([found[p] for p in people]) == best


def test_of_a_type_that_is_used_up_no_more_is_decided():
    costs = Costs(curtois())
    plans = dived(costs, decided={(1, 4): 1})  # B has one night at most
    assert list(plans[1]).count(1) == 1


def test_a_descent_never_costs_more():
    costs = Costs(curtois())
    plans = one_by_one(costs, order=[1, 0], is_over=lambda: False)
    before = costs.of_roster(plans)
    after = descend(costs, plans, order=[0, 1], is_over=lambda: False)
    assert BEST <= after <= before
    assert after == costs.of_roster(plans)


def test_one_by_one_ends_without_time_or_schedule():
    assert one_by_one(Costs(curtois()), order=[0, 1], is_over=lambda: True) is None
    costs = Costs(curtois(IMPOSSIBLE))
    assert one_by_one(costs, order=[0, 1], is_over=lambda: False) is None


def test_too_many_of_a_type_are_priced_away():
    costs = Costs(curtois())
    price = np.zeros((1, 7, 2))
    price[0, :, 1] = -50.0  # nights pay well, and B may have one
    found = costs.cheapest_allowed([1], price)
    assert list(found.plans[0]).count(1) == 1
    assert found.cost[0] == -50
    hopeless = Costs(
        curtois(CURTOIS.replace("B,E=5|N=1,3000,960", "B,E=0|N=1,3000,1200"))
    )
    assert hopeless.cheapest_allowed([1], price).cost[0] == np.inf


def test_columns_can_be_told_to_end():
    costs = Costs(curtois())
    master = Master(costs, [0, 1], costs.need)
    assert generate(master, is_over=lambda: True).value >= columns.FAR


def test_only_the_best_columns_of_each_person_are_kept(monkeypatch):
    monkeypatch.setattr(curtois_columns, "KEPT", 1)
    worker = ColumnWorker(shared(larger(Random(3))))
    worker.work()
    assert [len(kept) for kept in worker.kept.values()] == [1] * 4


def test_without_a_first_roster_it_dives_until_there_is_one(monkeypatch):
    answers = iter([None, None])

    def failing(*args, **kwargs):
        return (
            next(answers)
            if kwargs["columns"] and len(failed) < 2
            else dive(*args, **kwargs)
        )

    failed = []

    def counted(*args, **kwargs):
        found = failing(*args, **kwargs)
        failed.append(found)
        return found

    monkeypatch.setattr(curtois_columns, "one_by_one", lambda *args, **kwargs: None)
    monkeypatch.setattr(curtois_columns, "dive", counted)
    worker = ColumnWorker(shared(curtois(), limits=Limits(seconds=60, effort=2)))
    worker.work()
    assert failed[:2] == [None, None]
    assert worker.shared.best is not None


def test_a_dive_that_finds_the_same_with_many_columns_gives_up(monkeypatch):
    rounds = []

    def never_sure(master, **how):
        rounds.append(how["rounds"])
        relaxed = generate(master, **how)
        relaxed.bound = -1e9
        return relaxed

    monkeypatch.setattr(dives, "generate", never_sure)
    assert dived(Costs(curtois()), less_than=BEST) is None
    assert rounds[-1] == dives.MANY_ROUNDS


def test_who_has_no_other_schedule_keeps_the_old_one(monkeypatch):
    costs = Costs(curtois())
    plans = one_by_one(costs, order=[0, 1], is_over=lambda: False)
    before = [plan.copy() for plan in plans]
    nothing = costs.cheapest_allowed([0], np.full((1, 7, 2), np.inf))
    assert nothing.cost[0] == np.inf
    monkeypatch.setattr(costs, "cheapest_allowed", lambda *args: nothing)
    descend(costs, plans, order=[0, 1], is_over=lambda: False)
    assert all((a == b).all() for a, b in zip(before, plans, strict=True))


def test_when_dives_gain_nothing_more_all_workers_prove(monkeypatch):
    monkeypatch.setattr(curtois_columns, "MOST_FRUITLESS", 0)
    run = shared(larger(Random(1)), limits=Limits(seconds=60, workers=2))
    ColumnWorker(run).work()
    assert run.settled.is_set()
    monkeypatch.setattr(run, "bound", -1000)  # not yet proven
    ModelWorker(run).work()
    assert run.solved().status == Status.PROVEN


def test_what_cannot_be_is_seen_by_the_model_too():
    run = shared(curtois(IMPOSSIBLE), limits=Limits(seconds=60, workers=1))
    ModelWorker(run).work()
    assert run.solved().status == Status.IMPOSSIBLE
