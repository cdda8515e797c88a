"""The log of a run: its form, that it says what the measures say, and that it plays back."""

import json
from collections import Counter
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from varde.content import scenario_text
from varde.engines.simulation.event_log import (
    LoggedContact,
    LoggedRun,
    LoggedVisit,
    board_at,
    event_log,
    json_lines,
    rows_between,
    visits,
)
from varde.engines.simulation.replications import Engine, Replicator
from varde.engines.simulation.scenario_file import read


# Format 1. Keys may be added; to change or remove one needs a new format.
KEYS = {
    "run": "kind format scenario title minutes warm_up_min start_hour places people",
    "contact": "kind contact arrived place station class_name outcome gone",
    "visit": "kind contact is_look class_name step how place people joined began reached ended",
}
PERSON_KEYS = {"name", "roles", "base", "has_car"}


@pytest.fixture(scope="module")
def busy_days():
    """Two days of today's two stations with six times the calls, its measures and log."""
    text = scenario_text("idag").replace("per_1000_a_year = 291", "per_1000_a_year = 1750")  # fmt: skip
    scenario = replace(read(text, filename="idag.toml"), days=2.0, warm_up_days=0.0)
    work = Replicator([scenario], seed=5, engine=Engine.COMPILED)
    (found,) = work.measures(0)
    ((drawn, run),) = work.runs(0)
    return scenario, found, list(event_log(scenario, drawn, run)), run


def visits_of(log, **wanted):
    return [
        one
        for one in log
        if isinstance(one, LoggedVisit)
        and all(getattr(one, key) == value for key, value in wanted.items())
    ]


def test_the_counts_of_the_log_are_the_measures(busy_days):
    scenario, found, log, _ = busy_days
    contacts = [one for one in log if isinstance(one, LoggedContact)]
    assert len(contacts) == found["contacts"] > 200
    ended = Counter(one.outcome for one in contacts)
    assert ended[None] == found["in_system"] > 0
    for outcome in scenario.outcomes:
        assert ended[outcome] == found[f"outcome.{outcome}"]
    for step in scenario.steps:
        came = visits_of(log, step=step.name)
        served = [one for one in came if one.how == "served"]
        assert len(came) == found[f"visits.{step.name}"]
        if step.needs:
            waited = np.mean([one.began - one.joined for one in served])
            assert waited == pytest.approx(found[f"wait.{step.name}"])
        if step.patience:
            gave_up = visits_of(log, step=step.name, how="gave_up")
            assert len(gave_up) == pytest.approx(found["gave_up.samtale"] * len(came))
            assert gave_up
    for c in scenario.classes:
        stays = [one.gone - one.arrived for one in contacts if one.class_name == c and one.outcome]  # fmt: skip
        assert np.mean(stays) == pytest.approx(found[f"stay.{c}"])


def test_the_lines_have_the_form_that_is_written_down(busy_days):
    scenario, _, log, _ = busy_days
    lines = list(json_lines(log))
    assert all(line.endswith("}\n") and line.count("\n") == 1 for line in lines)
    told = [json.loads(line) for line in lines]
    assert {one["kind"] for one in told} == set(KEYS)
    for one in told:
        assert set(one) == set(KEYS[one["kind"]].split())
    assert isinstance(log[0], LoggedRun)
    assert (told[0]["format"], told[0]["scenario"]) == (1, "idag")
    assert all(set(person) == PERSON_KEYS for person in told[0]["people"])
    places, names = set(told[0]["places"]), {p["name"] for p in told[0]["people"]}
    assert names == {one.name for one in scenario.people}
    for one in told[1:]:
        assert one["place"] in places
        assert set(one.get("people", [])) <= names
    arrived = [one["arrived"] for one in told if one["kind"] == "contact"]
    assert arrived == sorted(arrived)


def test_the_log_tells_who_went_where_and_when(busy_days):
    _, _, log, _ = busy_days
    contact = {one.contact: one for one in log if isinstance(one, LoggedContact)}
    visits = visits_of(log)
    assert all(v.joined <= v.began <= v.reached <= v.ended for v in visits)
    assert {v.how for v in visits} >= {"served", "gave_up"}
    assert any(v.is_look for v in visits)
    calls = visits_of(log, step="samtale", how="served")
    assert {v.people for v in calls} > {("Operator 1",), ("Operator 2",)}
    out = visits_of(log, step="utrykning", how="served")
    assert all(v.place == contact[v.contact].place for v in out)
    assert all(v.place == contact[v.contact].station for v in calls)
    assert {len(v.people) for v in out} == {1, 2}  # with a doctor, or without
    assert any(v.reached > v.began for v in out)


def test_the_board_plays_back(busy_days):
    scenario, _, log, run = busy_days
    seen = Counter()
    for minute in np.arange(0.5, scenario.horizon_min, 20.0):
        board = board_at(log, minute)
        seen += Counter(v.step for v in board.waiting)
        busy = [p for v in (*board.on_the_way, *board.under_way) for p in v.people]
        assert len(busy) == len(set(busy))  # nobody is in two places
        there = [
            (v.contact, v.is_look)
            for part in (board.waiting, board.on_the_way, board.under_way)
            for v in part
        ]
        assert len(there) == len(set(there))
    assert seen["samtale"]
    assert any(board_at(log, v.began).on_the_way for v in visits_of(log, step="utrykning"))  # fmt: skip
    # The board's queue, over all minutes, is the area that the engine kept.
    calls = visits_of(log, step="samtale")
    assert sum(v.began - v.joined for v in calls) == pytest.approx(run.queue_area[0])


def test_of_whoever_was_there_between_two_minutes_all_that_happened_is_had():
    """Two contacts; the third row is a new look at the first."""
    rows = np.array([[0, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0], [2, 0, 0, 0, 0, 0]])
    times = np.array([[0.0, 0, 0, 9], [1, 1, 1, 8], [20, 20, 20, 30]])
    run = SimpleNamespace(rows=rows, times=times)
    drawn = SimpleNamespace(contacts=np.zeros((2, 4)))
    assert rows_between(drawn, run, 15, 40).tolist() == [True, False, True]
    assert rows_between(drawn, run, 30, 40).tolist() == [False, False, False]
    assert rows_between(drawn, run, 8, 20).tolist() == [True, False, True]


def test_a_day_of_the_log_is_the_log_of_those_who_were_there_that_day(busy_days):
    scenario, _, log, _ = busy_days
    work = Replicator([scenario], seed=5, engine=Engine.COMPILED)
    ((drawn, run),) = work.runs(0)
    only = rows_between(drawn, run, 600.0, 900.0)
    there = {
        one.contact for one in visits_of(log) if one.joined < 900 and one.ended > 600
    }
    found = list(visits(scenario, drawn, run, only=only))
    assert found == [one for one in visits_of(log) if one.contact in there]
    assert 0 < len(found) < len(visits_of(log))
