"""The staffing models: ours load and give rotas; a fault in a file is told; the hours of a
rota are true hours."""

import time as clocks
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
import yaml

from tests.unit.engines.rostering.tiny_rotas import LIMITS, at, judged, slot, span
from varde.content import STAFFING_MODELS_FILE, staffing_models_text
from varde.domain.errors import BadInput
from varde.domain.rota.limits import Calendar
from varde.engines.rostering.duties.propose import propose
from varde.engines.rostering.duties.staffing import DayKind, hours_of, problem_of
from varde.engines.rostering.duties.staffing_file import load


FIRST, LAST = date(2027, 1, 4), date(2027, 1, 31)
PLACE = replace(LIMITS, lis1_presence=False, lvs_minimum=0)
MODELS = {m.code: m for m in load(staffing_models_text(), filename="x")}


def made(code, *, first=FIRST, last=LAST, **more):
    return problem_of(MODELS[code], first=first, last=last, limits=PLACE, **more)


def filled(problem):
    found = propose(problem, seconds=20, effort=0.3, workers=1, clock=clocks.monotonic)
    assert not judged(problem, found.assignment).hard
    return found


def test_the_models_of_the_requirement_are_there_with_source_and_choices():
    assert list(MODELS) == [
        *("rotation", "lyngen", "stor-elvdal", "laerdal", "satellites", "roros"),
        "gjovik",
    ]
    assert all(model.source and model.chosen for model in MODELS.values())


@pytest.mark.parametrize(
    "code", ["rotation", "stor-elvdal", "satellites", "roros", "gjovik"]
)
def test_a_model_gives_a_rota_without_vacant_places(code):
    problem = made(code, last=date(2027, 1, 10))
    assert filled(problem).vacant == ()


def test_two_weeks_on_and_four_off_gives_every_day_to_one():
    problem = made("lyngen", last=date(2027, 2, 14))
    assignment = filled(problem).assignment
    assert len(assignment) == len(problem.slots) == 42
    turns = [assignment[one.id] for one in problem.slots[::14]]
    assert sorted(turns) == ["vaktlege1", "vaktlege2", "vaktlege3"]
    for number, one in enumerate(problem.slots):
        assert assignment[one.id] == turns[number // 14]


def test_the_fixed_substitute_has_ten_days_a_month_and_the_others_share_the_rest():
    problem = made("laerdal", last=date(2027, 6, 30))
    found = filled(problem)
    assert found.vacant == ()
    forvakt = [one for one in problem.slots if one.post == "forvakt"]
    held = Counter(found.assignment[one.id] for one in forvakt)
    assert held["vikar1"] == 6 * 10
    # LIS1 has as many as the two others together, as near as whole duties come.
    assert abs(held["lis11"] - held["fast1"] - held["fast2"]) <= 4
    january = [one for one in forvakt if found.assignment[one.id] == "vikar1"][:10]
    assert january[0].span.starts_at == at(0, 15.5) + timedelta(days=291)
    assert january[0].span.starts_at.weekday() == 4
    assert january[-1].span.starts_at.weekday() == 6
    while_there = [one for one in problem.slots if one.post == "bakvakt"]
    assert not any(one.span.overlaps(january[3].span) for one in while_there)


def test_a_district_uses_the_people_it_has():
    problem = made("rotation", counts={"fastlege": 5, "lis1": 0})
    assert [worker.id for worker in problem.workers] == [
        f"fastlege{number}" for number in range(1, 6)
    ]


def test_hours_are_told_apart_by_day_and_night_and_are_true():
    calendar = Calendar(holidays=frozenset({date(2026, 4, 2)}))
    weekday = slot("a", 0, 15.5, 16.5)
    rows = hours_of([weekday], {"a": "kari"}, calendar=calendar)
    assert [(r.day, r.is_night, r.hours) for r in rows] == [
        (DayKind.MON_FRI, False, 7.5),
        (DayKind.MON_FRI, True, 9.0),
    ]
    standby = slot("b", 5, 9, 23, active_share=0.25)  # an hour is gone that night
    rows = hours_of([standby], {}, calendar=calendar)
    assert [(r.worker, r.is_night, r.hours, r.work) for r in rows] == [
        ("", False, 15.0, 3.75),
        ("", True, 8.0, 2.0),
    ]
    assert {r.day for r in rows} == {DayKind.SAT_SUN}
    eve = slot("c", 9, 20, 12)
    rows = hours_of([eve], {"c": "kari"}, calendar=calendar)
    assert {(r.day, r.is_night): r.hours for r in rows} == {
        (DayKind.MON_FRI, False): 3.0,
        (DayKind.MON_FRI, True): 1.0,
        (DayKind.HOLIDAY, True): 8.0,
    }


def test_all_hours_of_a_rota_are_there():
    problem = made("gjovik", last=date(2027, 1, 10))
    rows = hours_of(problem.slots, {}, calendar=PLACE.calendar)
    whole = sum(one.span.hours for one in problem.slots)
    assert sum(row.hours for row in rows) == pytest.approx(whole)
    assert span(0, 0, 1).hours == 1


def without(**changes):
    tree = yaml.safe_load(staffing_models_text())
    row = tree["models"][0]
    for name, value in changes.items():
        row[name] = value
    return yaml.safe_dump({"models": [row]})


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("models: [", "well-formed"),
        ("models: []", "missing or empty"),
        ("- a", "missing or empty"),
        ("models: [a]", "is not whole"),
        (without(source=" "), "no text for 'source'"),
        (without(words=3), "no text for 'words'"),
        (
            without(people=[{"code": "x", "count": 1, "posts": ["forvakt"]}]),
            "posts without",
        ),
        (
            without(
                people=[{"code": "x", "count": 0, "posts": ["forvakt", "bakvakt"]}]
            ),
            "count 0",
        ),
        (without(shifts=[{"code": "x", "days": "mandag"}]), "mandag"),
        ("models: [{}]", "shifts"),
        (
            yaml.safe_dump(
                {"models": yaml.safe_load(staffing_models_text())["models"][:1] * 2}
            ),
            "rotation more than once",
        ),
    ],
)
def test_a_fault_in_the_file_is_told(text, why):
    with pytest.raises(BadInput, match=why) as refused:
        load(text, filename=STAFFING_MODELS_FILE)
    assert STAFFING_MODELS_FILE in str(refused.value)
