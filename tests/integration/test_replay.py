"""A day of a run again: the same run as in the study, and all of what happened that day."""

import json
import re
from bisect import bisect
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.make_studies import House, done
from varde.apps.planning.queries import replay
from varde.apps.planning.queries import studies as query
from varde.apps.planning.scenarios import neighbours, trees
from varde.engines.simulation.event_log import (
    LoggedVisit,
    board_at,
    event_log,
)
from varde.engines.simulation.replications import Engine, Replicator
from varde.engines.simulation.scenario import At
from varde.engines.simulation.tables import travel_minutes


LIST = "/plan/dimensjonering/scenarioer/"


@pytest.fixture
def house(db):
    return House()


def page_of(house, row, asked=""):
    client = Client()
    client.force_login(house.overseer)
    return client.get(f"{LIST}{row.pk}/spill-av/{asked}")


def figures_of(page):
    found = re.search(r'id="replay-figures"[^>]*>(.*?)</script>', page.content.decode())
    return json.loads(found[1])


def test_it_is_the_run_that_the_study_counted(house):
    row = done(house, "idag", "satellitt-natt", replications=3)
    found = query.found(row)
    for number, scenario in enumerate(found.scenarios):
        for run in range(3):
            played = replay.play(scenario, seed=row.seed, replication=run)
            counted = sum(day.contacts for day in played.days)
            assert counted == found.values[number]["contacts"][run]


def test_the_day_holds_all_that_the_log_of_the_run_has_at_each_of_its_minutes(house):
    row = done(house, "idag", replications=2)
    scenario = query.found(row).scenarios[0]
    work = Replicator([scenario], seed=row.seed, engine=Engine.KERNEL)
    ((drawn, run),) = work.runs(1)
    log = list(event_log(scenario, drawn, run))
    figures = figures_of(page_of(house, row, "?kjoring=2&dag=3"))
    assert figures["last"] - figures["first"] == 1440
    some = 0
    for minute in range(int(figures["first"]), int(figures["last"]), 7):
        board = board_at(log, minute)
        waits = [v for v in figures["visits"] if v["joined"] <= minute < v["began"]]
        there = [
            v
            for v in figures["visits"]
            if v["how"] == "served" and v["began"] <= minute < v["ended"]
        ]
        some += len(waits) + len(there)
        assert len(waits) == len(board.waiting)
        assert len(there) == len(board.on_the_way) + len(board.under_way)
    assert some > 100


def test_who_is_out_drives_there_stays_and_drives_home(house):
    row = done(house, "idag", replications=1)
    figures = figures_of(page_of(house, row))
    at = [place["at"] for place in figures["places"]]
    out = [one for one in figures["people"] if one["legs"]]
    assert out
    for one in out:
        ends = [leg[1] for leg in one["legs"]]
        starts = [leg[0] for leg in one["legs"]]
        assert starts == sorted(starts)
        assert all(end <= start for end, start in zip(ends, starts[1:], strict=False))
        for _since, _until, _start, end in one["legs"][::2]:
            assert end in at  # every other way leads to a patient's place
    doctors = [one for one in figures["people"] if one["role"] == "lege"]
    assert all(since < until for one in doctors for since, until in one["duty"])


def test_who_is_called_on_the_way_home_turns_where_they_are():
    there, base = [10.0, 0.0], [0.0, 0.0]
    home = replay.Leg(60.0, 100.0, there, base)
    assert home.at(60.0) == there
    assert home.at(70.0) == [7.5, 0.0]
    assert home.at(500.0) == base
    assert replay.Leg(5.0, 5.0, there, base).at(5.0) == base


def visit(step, *, joined, began, ended, reached=None, people=(), place="Utkant"):
    return LoggedVisit(
        contact=0, is_look=False, class_name="haster", step=step, how="served",
        place=place, people=people, joined=joined, began=began,
        reached=began if reached is None else reached, ended=ended,
    )  # fmt: skip


def test_a_new_call_cuts_the_way_home_short_where_they_are():
    scenario = trees.scenario_of(trees.text_of(trees.ready_tree("idag")))
    doctor = next(one for one in scenario.people if one.base == "Nord" and one.has_car)
    base, edge = [0.0, 0.0], [50.0, 0.0]
    logged = [
        visit("sykebesok", joined=0, began=0, reached=50, ended=60, people=(doctor.name,)),
        visit("sykebesok", joined=70, began=70, reached=80, ended=90, people=(doctor.name,)),
    ]  # fmt: skip
    minutes = travel_minutes(scenario, is_bad=False)
    assert minutes[1, 2] == 50
    legs = replay._legs(scenario, doctor, logged, [[9.0, 9.0], base, edge], minutes)
    assert legs == [
        (0, 50, base, edge),
        (60, 70, edge, [40.0, 0.0]),  # a fifth of the way home
        (70, 80, [40.0, 0.0], edge),
        (90, 140, edge, base),
    ]


def test_who_has_come_to_the_station_stays_there_also_in_a_step_that_is_anywhere():
    ready = trees.scenario_of(trees.text_of(trees.ready_tree("satellitt-natt")))
    scenario = replace(
        ready,
        steps=tuple(
            replace(one, at=At.ANYWHERE) if one.name == "video" else one
            for one in ready.steps
        ),
    )
    drawn = SimpleNamespace(contacts=np.array([[0, 2, 1, 1]]))
    logged = [
        visit("samtale", joined=10, began=11, ended=15),
        visit("reise", joined=15, began=15, ended=80),
        visit("video", joined=80, began=81, ended=95),
    ]
    minutes = travel_minutes(scenario, is_bad=False)
    found = list(replay._visits(scenario, drawn, logged, minutes, 0, 1440))
    assert [(one["at"], one["to"]) for one in found] == [(2, 2), (2, 1), (1, 1)]
    assert found[1]["leaves"] == 80 - minutes[2, 1]
    later = list(replay._visits(scenario, drawn, logged, minutes, 80, 1440))
    assert [(one["step"], one["at"]) for one in later] == [("Videokonsultasjonen", 1)]


def test_a_patient_moves_from_home_to_the_station_and_is_there_afterwards(house):
    row = done(house, "slatt-sammen", replications=1)
    visits = figures_of(page_of(house, row))["visits"]
    travelled = [v for v in visits if v["at"] != v["to"]]
    assert travelled
    for one in travelled:
        assert one["began"] <= one["leaves"] <= one["ended"]
        later = [v for v in visits if v["contact"] == one["contact"] and v["joined"] >= one["ended"]]  # fmt: skip
        assert all(v["at"] == one["to"] for v in later if not v["isLook"])


def test_what_is_asked_for_in_vain_is_said_and_the_usual_day_is_shown(house):
    row = done(house, "idag", replications=2)
    text = page_of(house, row, "?scenario=2&kjoring=0&dag=seks").content.decode()
    assert "Scenario: gi et helt tall fra 1 til 1." in text
    assert "Kjøring: gi et helt tall fra 1 til 2." in text
    assert "Døgn: gi et helt tall fra 1 til 6." in text
    assert "replay-figures" in text


def test_a_day_with_too_many_is_not_sent(house, monkeypatch):
    row = done(house, "idag", replications=1)
    monkeypatch.setattr("varde.apps.planning.views.replay.MOST_A_DAY", 3)
    page = page_of(house, row)
    assert "er for mange til å spille av. Grensen er 3." in page.content.decode()
    assert "replay-figures" not in page.content.decode()


def test_the_days_that_are_pointed_out_are_those(house):
    row = done(house, "idag", replications=1)
    played = replay.play(query.found(row).scenarios[0], seed=row.seed, replication=0)
    counts = [day.contacts for day in played.days]
    assert played.busiest.contacts == max(counts)
    assert bisect(sorted(counts), played.usual.contacts) >= len(counts) / 2
    assert played.longest.longest_wait_min == max(d.longest_wait_min for d in played.days)  # fmt: skip
    assert [day.number for day in played.days] == list(range(1, len(counts) + 1))


def test_it_costs_a_few_queries(house):
    row = done(house, "idag", replications=1)
    client = Client()
    client.force_login(house.overseer)
    client.get(f"{LIST}{row.pk}/spill-av/")
    with CaptureQueriesContext(connection) as asked:
        assert client.get(f"{LIST}{row.pk}/spill-av/").status_code == 200
    assert len(asked) <= 14, [one["sql"][:90] for one in asked]


def test_a_draft_has_nothing_to_play(house):
    from tests.make_studies import draft

    assert page_of(house, draft(house)).status_code == 404


def test_places_of_the_demo_stand_where_they_are(house):
    """Two real neighbours: every place has its point, and the map its outlines."""
    legs = {
        "A": neighbours.Leg(minutes=0, km=0),
        "B": neighbours.Leg(minutes=40, km=50),
    }
    turned = {
        "A": neighbours.Leg(minutes=40, km=50),
        "B": neighbours.Leg(minutes=0, km=0),
    }
    far = {
        "A": neighbours.Leg(minutes=70, km=80),
        "B": neighbours.Leg(minutes=90, km=99),
    }

    def place(name, people, own, ways, at):
        return neighbours.Settlement(
            municipality="Kommune", name=name, people=people, own=own, legs=ways, at=at
        )

    sites = (
        neighbours.Site(code="A", place="Aby"),
        neighbours.Site(code="B", place="Bby"),
    )
    ways = neighbours.three_ways(
        sites,
        [
            place("Aby", 900, "A", legs, (66.0, 13.0)),
            place("Bby", 500, "B", turned, (66.2, 13.5)),
            place("Nes", 30, "A", far, (65.0, 12.0)),
            place("Vik", 10, "A", far, (65.4, 12.4)),
        ],
    )
    for _code, tree in ways:
        scenario = trees.scenario_of(trees.text_of(tree))
        assert [one.at for one in scenario.places] == [(66.0, 13.0), (66.2, 13.5), (65.1, 12.1)]  # fmt: skip
    unknown = neighbours.three_ways(
        sites,
        [
            place("Aby", 900, "A", legs, (66.0, 13.0)),
            place("Bby", 500, "B", turned, (66.2, 13.5)),
            place("Nes", 30, "A", far, None),
        ],
    )
    assert "at" not in unknown[0][1]["places"][-1]
