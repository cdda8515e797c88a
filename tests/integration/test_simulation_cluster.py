"""Replications over a real Dask cluster: two worker processes of two threads each."""

import numpy as np
import pytest
from distributed import LocalCluster
from django.core.exceptions import ImproperlyConfigured

from varde.config import env
from varde.content import scenario_text
from varde.engines.simulation import study
from varde.engines.simulation.scenario_file import read


@pytest.fixture(scope="module")
def cluster():
    with LocalCluster(
        n_workers=2,
        threads_per_worker=2,
        processes=True,
        dashboard_address=None,
        host="127.0.0.1",
    ) as found:
        yield found.scheduler_address


def scenarios():
    return [
        read(scenario_text(name), filename=f"{name}.toml", bases=scenario_text)
        for name in ("idag", "to-leger")
    ]


def test_over_a_cluster_of_two_workers_the_figures_are_the_same(cluster):
    here = study.run(scenarios(), replications=6, seed=4)
    there = study.run(scenarios(), replications=6, seed=4, cluster=cluster)
    for alone, shared in zip(here.values, there.values, strict=True):
        assert list(alone) == list(shared)
        for name, values in alone.items():
            assert np.array_equal(values, shared[name], equal_nan=True), name


def test_a_study_over_a_cluster_is_stopped_with_what_is_done_kept(cluster):
    told = []
    done = study.run(
        scenarios()[:1],
        replications=500,
        seed=4,
        cluster=cluster,
        tell=lambda *one: told.append(one),
        is_stopped=lambda: len(told) == 7,
    )
    assert (done.replications, done.asked) == (7, 500)
    again = study.run(scenarios()[:1], replications=7, seed=4)
    for name, values in again.values[0].items():
        assert np.array_equal(values, done.values[0][name], equal_nan=True), name


def test_the_cluster_is_one_setting_and_a_wrong_one_stops_the_start(tmp_path):
    home = {"VARDE_HOME": str(tmp_path)}
    assert env.read(home).cluster == ""
    named = env.read(home | {"VARDE_CLUSTER": " tls://planner.example:8786 "})
    assert named.cluster == "tls://planner.example:8786"
    for wrong in ("planner:8786", "http://planner:8786", "tcp://planner", "tcp://p:x"):
        with pytest.raises(ImproperlyConfigured, match=r"VARDE_CLUSTER .* Dask"):
            env.read(home | {"VARDE_CLUSTER": wrong})
