"""Intervals, precision, differences and ranking of a study, its report and its log."""

import pickle
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from threading import Barrier
from types import SimpleNamespace

import numpy as np
import pytest

from tests.unit.engines.simulation.test_simulation_scenario_file import (
    ready,
    with_,
)
from varde.content import scenario_text
from varde.engines.simulation import (
    draws,
    kernel,
    replications,
    report,
    study,
    sums,
    tables,
)
from varde.engines.simulation.measures import measures
from varde.engines.simulation.replications import Engine
from varde.engines.simulation.scenario_file import read
from varde.engines.simulation.study import Precision


BUSY = with_("per_1000_a_year = 300", "per_hour = 4")


def small(text=BUSY):
    return read(text, filename="s.toml")


def by_kernel(*scenarios, replications=4, **options):
    return study.run(
        scenarios, replications=replications, seed=3, engine=Engine.KERNEL, **options
    )


def test_the_same_seed_gives_the_same_figures_and_more_begins_with_the_fewer():
    four, six = by_kernel(small()), by_kernel(small(), replications=6)
    for name, values in four.values[0].items():
        assert np.array_equal(values, six.values[0][name][:4], equal_nan=True)
    assert len(set(six.values[0]["contacts"])) > 1


def test_both_engines_give_the_same_measures():
    slow = by_kernel(small())
    fast = study.run([small()], replications=4, seed=3)
    for name, values in slow.values[0].items():
        assert np.array_equal(values, fast.values[0][name], equal_nan=True)


def test_what_is_added_to_a_scenario_moves_no_other_number():
    more = small(with_("count = 2", "count = 3", BUSY))
    extra = small(BUSY.replace('[[assumptions]]', '[[steps]]\nname = "new"\nminutes = { kind = "exponential", mean = 3 }\nnext = [{ to = "home" }]\n[[assumptions]]'))  # fmt: skip
    done = by_kernel(small(), more, extra)
    for name in ("contacts", "wait.call", "gave_up.call"):
        assert np.array_equal(done.values[0][name], done.values[1][name])
        assert np.array_equal(done.values[0][name], done.values[2][name])
    assert study.difference(done, "contacts", 1) == study.Interval(mean=0.0, half=0.0, count=4)  # fmt: skip


@pytest.mark.parametrize("is_compiled", [True, False])
def test_measures_of_a_run_that_can_be_counted_by_hand(monkeypatch, is_compiled):
    if not is_compiled:
        monkeypatch.setattr(sums, "add_up_compiled", sums.add_up)
    text = BUSY.replace('{ kind = "exponential", mean = 4 }', "1")
    scenario = small(with_("days = 2", "days = 0.5\nwarm_up_days = 0.1", text))
    made = tables.make(scenario)
    drawn = draws.make(scenario, made, draws.Numbers(seed=1, replication=0))
    run = kernel.run(scenario, drawn)
    found = measures(scenario, made, drawn, run)
    counted = [i for i, t in enumerate(run.times) if t[0] >= scenario.warm_up_min]
    calls = [i for i in counted if run.rows[i, 2] == 0]
    served = [i for i in calls if run.rows[i, 1] == kernel.SERVED]
    lost = [i for i in calls if run.rows[i, 1] == kernel.GAVE_UP]
    assert found["visits.call"] == len(calls)
    assert found["gave_up.call"] == pytest.approx(len(lost) / len(calls))
    waits = [run.times[i, 1] - run.times[i, 0] for i in served]
    assert found["wait.call"] == pytest.approx(np.mean(waits))
    limit = {0: 2.0, 1: 10.0}
    in_time = [
        w <= limit[int(run.rows[i, 3])] for i, w in zip(served, waits, strict=True)
    ]
    assert found["within.call"] == pytest.approx(sum(in_time) / len(calls))
    assert found["contacts"] == found["in_system"] + found["outcome.home"] + found["outcome.lost"]  # fmt: skip
    assert found["busy.nurse"] == pytest.approx(
        run.busy[0] / 384.0
    )  # Monday 8 to 14:24
    assert "doctor.red" not in found


def test_nobody_comes_and_nothing_is_a_number():
    done = by_kernel(small(with_("per_hour = 4", "per_hour = 0", BUSY)))
    assert study.interval(done.values[0]["contacts"]).mean == 0.0
    assert study.interval(done.values[0]["wait.call"]) == study.Interval(mean=None, half=None, count=0)  # fmt: skip
    assert study.chance_of_best(done, "wait.call", is_lower_better=True) != [1.0]
    one = by_kernel(small(), replications=1)
    assert study.interval(one.values[0]["contacts"]).half is None


def test_a_study_goes_on_until_it_is_precise_and_not_much_longer():
    wanted = Precision(measure="contacts", share=0.15, at_most=300)
    done = by_kernel(small(), replications=2, precision=wanted)
    found = study.interval(done.values[0]["contacts"])
    assert found.half <= 0.15 * found.mean
    assert study.FEWEST + study.AHEAD <= done.replications < 100
    never = Precision(measure="wait.call", share=0.001, at_most=12)
    assert by_kernel(small(), replications=2, precision=never).replications == 12
    nothing = with_("per_hour = 4", "per_hour = 0", BUSY)
    none = Precision(measure="wait.call", share=0.5, at_most=12)
    assert by_kernel(small(nothing), replications=2, precision=none).replications == 12
    with pytest.raises(ValueError, match="no measure 'x'; there are contacts"):
        by_kernel(small(), precision=Precision(measure="x", share=0.1))


def test_what_is_done_is_kept_when_it_is_stopped():
    told = []
    done = by_kernel(
        small(),
        replications=50,
        tell=lambda *one: told.append(one),
        is_stopped=lambda: len(told) == 3,
    )
    assert (done.replications, done.asked) == (3, 50)
    assert told == [(1, 50), (2, 50), (3, 50)]


@pytest.mark.parametrize("replications", [0, study.MOST + 1])
def test_too_few_and_too_many_replications_are_refused(replications):
    with pytest.raises(ValueError, match="replications"):
        by_kernel(small(), replications=replications)
    with pytest.raises(ValueError, match="0 scenarios"):
        by_kernel()


@contextmanager
def noted(asked, *given, **options):
    """Stands in for joblib's choice of backend, and for Dask's client."""
    asked.append((*given, options))
    yield "client"


def test_over_processes_and_over_a_cluster_the_figures_are_the_same(monkeypatch):
    asked, signals = [], []

    class Here:
        """Stands in for joblib's processes, in the order that it promises."""

        def __init__(self, *, return_as):
            assert return_as == "generator"

        def __call__(self, jobs):
            return (work(*given, **named) for work, given, named in jobs)

    monkeypatch.setattr(replications, "Parallel", Here)
    monkeypatch.setattr(replications, "parallel_config", partial(noted, asked))
    dask = SimpleNamespace(Client=partial(noted, asked))
    monkeypatch.setitem(sys.modules, "distributed", dask)
    monkeypatch.setattr(
        replications.signal, "signal", lambda *what: signals.append(what)
    )
    alone, shared = by_kernel(small()), by_kernel(small(), workers=2)
    far = by_kernel(small(), cluster="tcp://far:8786")
    assert asked == [
        ({"backend": "loky", "n_jobs": 2},),
        ("tcp://far:8786", {"timeout": 10, "set_as_default": False}),
        ({"backend": "dask", "client": "client", "n_jobs": -1},),
    ]
    assert signals == [(signal.SIGINT, signal.SIG_IGN)] * 8
    for name, values in alone.values[0].items():
        assert np.array_equal(values, shared.values[0][name], equal_nan=True)
        assert np.array_equal(values, far.values[0][name], equal_nan=True)


def test_threads_of_a_worker_share_no_memory_and_leave_ctrl_c_alone(monkeypatch):
    """Each of two threads runs a replication before either adds up its measures."""
    count, both = 4, Barrier(2, timeout=20)
    expected = study.run([small()], replications=count, seed=3).values[0]
    real = replications.measures

    def together(*given):
        both.wait()
        return real(*given)

    monkeypatch.setattr(replications, "measures", together)
    work = replications.Work(scenarios=(small(),), seed=3, engine=Engine.COMPILED)
    with ThreadPoolExecutor(2) as pool:
        rows = list(
            pool.map(partial(replications.in_worker, pickle.dumps(work)), range(count))
        )
    for name, values in expected.items():
        found = np.array([row[0][name] for row in rows])
        assert np.array_equal(values, found, equal_nan=True), name


def test_the_chance_of_being_best_follows_the_figures():
    values = tuple(
        {"wait": np.array(seen)}
        for seen in ([5.0, 6.0, 7.0, 6.0], [1.0, 2.0, 3.0, 2.0], [1.0, 2.0, 3.0, 2.0])
    )
    done = study.Study(scenarios=(small(),) * 3, seed=1, engine=Engine.KERNEL, asked=4, values=values)  # fmt: skip
    assert study.chance_of_best(done, "wait", is_lower_better=True) == [0.0, 0.5, 0.5]
    assert study.chance_of_best(done, "wait", is_lower_better=False) == [1.0, 0.0, 0.0]


def test_the_ranking_is_told_with_the_way_in_which_it_is_best():
    values = ({"wait": np.array([5.0, 6.0])}, {"wait": np.array([1.0, 2.0])})
    told = {"scenarios": (small(), small()), "seed": 1, "engine": Engine.KERNEL}
    done = study.Study(**told, asked=2, values=values)
    lowest = study.ranking(done, "wait", is_lower_better=True)
    assert lowest.chances == (0.0, 1.0)
    text = report.stress_des(done, ranking=lowest)
    assert "lowest mean of wait" in text
    assert "- small: 1.000" in text
    highest = study.ranking(done, "wait", is_lower_better=False)
    assert highest.chances == (1.0, 0.0)
    assert "highest mean of wait" in report.stress_des(done, ranking=highest)
    nothing = ({"wait": np.array([np.nan])},) * 2
    none = study.Study(**told, asked=1, values=nothing)
    empty = study.ranking(none, "wait", is_lower_better=True)
    assert empty.chances == (None, None)
    assert "nothing was measured" in report.stress_des(none, ranking=empty)


def test_the_report_says_all_that_the_list_asks_for():
    today = read(scenario_text("idag"), filename="idag.toml")
    night = read(scenario_text("satellitt-natt"), filename="s.toml", bases=ready)
    short = [small(), small(with_('name = "small"', 'name = "other"', BUSY))]
    text = report.stress_des(by_kernel(*short, replications=2))
    for heading in ("1 Objectives", "2 Logic", "3 Data", "4 Experimentation", "5 Implementation", "6 Results"):  # fmt: skip
        assert f"## {heading}" in text
    for part in ("seed 3", "2 replications of 2", "A guess **Our own assumption.**", "| contacts |", "2 observed values", "refuses when full", "Difference from the first"):  # fmt: skip
        assert part in text
    assert "| none |" in text or "none" in text
    values = ({"contacts": np.array([1.0])}, {"wait.x": np.array([1.0])})
    far = study.Study(scenarios=(today, night), seed=1, engine=Engine.KERNEL, asked=1, values=values)  # fmt: skip
    told = report.stress_des(far)
    assert "not there" in told
    for one in (*today.assumptions, *night.assumptions):
        assert f"- {one.about}: {one.source}" in told
    assert "lege (anywhere)" not in told  # only in the second
    assert "joined by lege if free" in told
    assert "uniform 10 to 40 min" in told
    assert "15.5" not in told.split("People")[0].split("## 2")[0]
    alone = study.Study(scenarios=(night,), seed=1, engine=Engine.KERNEL, asked=1, values=values[:1])  # fmt: skip
    assert "video: konsultasjon" not in report.stress_des(alone)
    assert "konsultasjon 1, video 1 (Nord, natt)" in report.stress_des(alone)
    assert "sykepleier and lege (anywhere) at station" in report.stress_des(alone)
