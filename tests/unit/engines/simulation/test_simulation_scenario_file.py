"""A scenario file is read whole, or refused with its line and the way out."""

import json
from dataclasses import fields

import pytest
from jsonschema import Draft202012Validator

from varde.content import scenario_names, scenario_schema, scenario_text
from varde.domain.errors import BadInput
from varde.engines.simulation.scenario import (
    Assumption,
    Factor,
    Fork,
    Hours,
    Kind,
    Person,
    Place,
    Road,
    Scenario,
    Step,
    Stream,
    Weather,
    ways,
)
from varde.engines.simulation.scenario_file import read
from varde.engines.simulation.scenario_tree import LIMITS
from varde.engines.simulation.tables import MOST_PEOPLE


GOOD = """format = 1
name = "small"
title = "A small one"
days = 2
classes = ["red", "green"]
outcomes = ["home", "lost"]
[[periods]]
name = "night"
from = 22
to = 6
days = ["fri", "sat"]
[[places]]
name = "town"
inhabitants = 500
[[places]]
name = "far"
station = "town"
station_in = { night = "far" }
[[roads]]
between = ["town", "far"]
minutes = 20
bad_minutes = 40
[[factors]]
hours = 24
variance = 0.1
[[streams]]
name = "phone"
first = "call"
shares = { red = 0.25, green = 0.75 }
per_1000_a_year = 300
[[people]]
name = "nurse"
roles = ["nurse"]
duty = [{ from = 8, to = 16, days = ["mon"] }]
[[people]]
name = "bed"
roles = ["bed"]
count = 2
[[steps]]
name = "call"
minutes = 5
needs = ["nurse"]
target_min = { red = 2, green = 10 }
patience = { kind = "exponential", mean = 4 }
limit_min = 10
look = "look"
next = [{ to = "bed", share = 0.5 }, { to = "home", share = 0.5 }]
gives_up = [{ to = "lost" }]
[[steps]]
name = "look"
minutes = 2
needs = ["nurse"]
next = [{ to = "home" }]
[[steps]]
name = "bed"
minutes = { kind = "observed", values = [60, 90] }
needs = ["bed"]
waits = false
next = [{ to = "home" }]
full = [{ to = "home" }]
[[assumptions]]
about = "steps"
source = "A guess"
ours = true
"""


def with_(old, new, text=GOOD):
    assert text.count(old) >= 1
    return text.replace(old, new, 1)


def refused(text, bases=None):
    with pytest.raises(BadInput) as fault:
        read(text, filename="s.toml", **({} if bases is None else {"bases": bases}))
    return fault.value


def test_a_scenario_is_read_as_it_is_written():
    found = read(GOOD, filename="s.toml")
    assert [p.name for p in found.people] == ["nurse", "bed 1", "bed 2"]
    assert found.people[0].duty == (Hours(since=8.0, until=16.0, days=(0,)),)
    assert found.steps[0].target_min == (2.0, 10.0)
    assert found.steps[0].limit_min == (10.0, 10.0)
    assert found.steps[2].minutes.kind is Kind.OBSERVED
    assert found.station_of(1, 0) == 1
    assert found.station_of(1, 1) == 0
    assert found.period_at((4 * 24 + 23) * 60) == 0  # Friday 23:00
    assert found.period_at((6 * 24 + 3) * 60) == 0  # Sunday 03:00 is Saturday's night
    assert found.period_at(3 * 60) == 1  # Monday 03:00 is Sunday's
    assert found.period_at((5 * 24 + 12) * 60) == 1
    assert found.assumptions[0].ours


def test_a_night_that_ends_after_the_week_is_still_night():
    text = with_('days = ["fri", "sat"]', 'days = ["sun"]')
    assert read(text, filename="s.toml").period_at(60.0) == 0


FAULTS = (
    ('name = "small"', "", None, "'name' is missing", "Add 'name' here"),
    ("days = 2", "days = 0", 4, "0 is outside the limit", "Write more than 0"),
    ("count = 2", "count = 0", None, "0 is outside the limit", "Write 1 or more"),
    ('classes = ["red", "green"]', "classes = []", None, "[] is outside the limit", "Give at least 1"),
    ("per_1000_a_year = 300", f"per_1000_a_year = 300\nby_hour = {[1] * 200}", 31, "none of the forms", "24 weights"),
    ("days = 2", f"days = '{'x' * 99}'", 4, "not of the type number", "Write a number"),
    ("format = 1", f"format = '{'x' * 99}'", 1, "is not one of the values", "Use 1"),
    ("limit_min = 10", "limit_min = 'x'", None, "none of the forms", "one for each class"),
    ('between = ["town", "far"]', 'between = ["town", "a long name of a place", "another one"]', None, "…", "Give at most 2"),
    ("days = 2", 'days = "two"', 4, "not of the type number", "Write a number"),
    ("days = 2\n", "days = 2\ndayz = 2\n", None, "'dayz' is not known", "Use one of format"),
    ("format = 1", "format = 2", 1, "2 is not one of", "Use 1"),
    ("minutes = 5", "minutes = { kind = 'gamma', mean = 5 }", 41, "none of the forms", "{ kind = … }"),
    ("days = 2", "days =", 4, "not TOML", "Look at this line"),
    ('first = "call"', 'first = "cal"', 28, "'cal' is not there", "Use one of call, look, bed"),
    ("red = 0.25", "rod = 0.25", None, "'rod' is not there", "Use one of red, green"),
    ("red = 0.25", "red = 0.5", None, "sum to 1.25", "Make them sum to 1"),
    ("per_1000_a_year = 300", "", 27, "not said in one way", "Give per_hour"),
    ("per_1000_a_year = 300", f"per_1000_a_year = 300\nby_hour = {[0] * 24}", 31, "all weights are 0", "at least one"),
    ('name = "look"', 'name = "call"', None, "used twice in steps", "another name"),
    ('station = "town"', 'station = "x"', None, "'x' is not there", "town, far"),
    ("{ night = \"far\" }", "{ day = \"far\" }", None, "'day' is not there", "night"),
    ("{ night = \"far\" }", "{ night = \"x\" }", None, "'x' is not there", "town, far"),
    ('between = ["town", "far"]', 'between = ["town", "x"]', None, "'x' is not there", "town, far"),
    ('[[roads]]\nbetween = ["town", "far"]\nminutes = 20\nbad_minutes = 40', "", None, "no road leads", "Add the legs"),
    ('needs = ["nurse"]', 'needs = ["doctor"]', None, "'doctor' is not there", "bed, nurse"),
    ("{ red = 2, green = 10 }", "{ red = 2 }", None, "'green' is missing", "Give all classes"),
    ('share = 0.5 }, ', 'share = 0.4 }, ', None, "sum to 0.9", "each class, station and period"),
    ('gives_up = [{ to = "lost" }]', "", None, "sum to 0", "Make them sum to 1"),
    ('full = [{ to = "home" }]', "", None, "sum to 0", "Make them sum to 1"),
    ('waits = false', 'waits = false\npatience = 5', None, "no queue to give up", "Take the patience away"),
    ('needs = ["bed"]\n', "", None, "nothing can be full", "Add needs"),
    ('look = "look"\n', "", None, "nobody looks anew", "Add look"),
    ("limit_min = 10\n", "", None, "no limit says when", "Add limit_min"),
    ('look = "look"', 'look = "bed"', None, "must need somebody and have a queue", "change that step"),
    ('needs = ["nurse"]\ntarget', 'needs = ["nurse", "nurse"]\nremote = ["nurse", "bed"]\ntarget', None, "too many are needed", "at most 3"),
    ('needs = ["nurse"]\ntarget', 'needs = ["nurse"]\nat = "patient"\nremote = ["bed"]\ntarget', None, "cannot wait for one who stays", "two steps"),
    ('needs = ["nurse"]\ntarget', 'needs = ["nurse"]\njoins = ["bed", "bed", "bed", "bed"]\ntarget', None, "too many join", "at most 3"),
    ('needs = ["bed"]\nwaits = false', 'joins = ["bed"]', None, "nobody is needed whom they could join", "Add needs"),
    ("minutes = 5", "minutes = { kind = 'uniform', low = 9, high = 2 }", 41, "low is above high", "Turn"),
    ("minutes = 5", "minutes = { kind = 'triangular', low = 1, mode = 9, high = 2 }", 41, "not in order", "order"),
    ("count = 2", f"count = {MOST_PEOPLE}", None, "63 people", "at most 62"),
)  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "problem", "cure"), FAULTS)
def test_what_is_wrong_is_told_with_its_line_and_the_way_out(
    old, new, line, problem, cure
):
    fault = refused(with_(old, new))
    assert problem in str(fault)
    assert cure in fault.cure
    assert fault.file == "s.toml"
    assert fault.line is not None
    if line is not None:
        assert fault.line == line


def test_a_ring_that_takes_no_time_is_refused():
    text = with_("minutes = 5", "minutes = 0")
    text = with_('{ to = "home", share = 0.5 }', '{ to = "call", share = 0.5 }', text)
    assert "in no time: call" in str(refused(text))
    text = with_('{ kind = "exponential", mean = 4 }', "0")
    text = with_('gives_up = [{ to = "lost" }]', 'gives_up = [{ to = "call" }]', text)
    assert "in no time: call" in str(refused(text))
    text = with_('full = [{ to = "home" }]', 'full = [{ to = "bed" }]')
    assert "in no time: bed" in str(refused(text))
    later = with_('{ kind = "exponential", mean = 4 }', "3")  # patience that takes time
    later = with_('gives_up = [{ to = "lost" }]', 'gives_up = [{ to = "call" }]', later)
    assert read(later, filename="s.toml")


def test_too_many_steps_are_refused():
    extra = "".join(
        f'[[steps]]\nname = "s{i}"\nminutes = 1\nnext = [{{ to = "home" }}]\n'
        for i in range(70)
    )
    assert "too many steps" in str(refused(GOOD + extra))


def small(name):
    return GOOD if name == "small" else None


def test_a_file_may_hold_only_what_differs_from_its_base():
    text = """base = "small"
name = "changed"
days = 9
[[people]]
name = "nurse"
duty = [{ from = 0, to = 24 }]
[[people]]
name = "extra"
roles = ["nurse"]
[[steps]]
name = "call"
patience = { mean = 8 }
[[steps]]
name = "bed"
remove = true
[[steps]]
name = "call"
minutes = { kind = "exponential", mean = 7 }
next = [{ to = "home" }]
[[roads]]
between = ["town", "far"]
minutes = 99
[[assumptions]]
about = "people"
source = "Another guess"
"""
    found = read(text, filename="c.toml", bases=small)
    assert (found.name, found.title, found.days) == ("changed", "A small one", 9.0)
    assert [p.name for p in found.people] == ["nurse", "bed 1", "bed 2", "extra"]
    assert [s.name for s in found.steps] == ["call", "look"]
    assert found.steps[0].patience.mean == 8.0
    assert found.steps[0].minutes.kind is Kind.EXPONENTIAL
    assert found.roads[0].minutes == 99.0
    assert len(found.assumptions) == 2
    assert ways(found.steps[0], Fork.NEXT, class_name="red", station="town", period="x") == ((1.0, "home"),)  # fmt: skip


def test_a_fault_in_the_base_names_the_base_and_a_fault_above_the_file():
    broken = with_('first = "call"', 'first = "cal"')
    fault = refused('base = "small"\n', bases=lambda _: broken)
    assert (fault.file, fault.line) == ("small.toml", 28)
    fault = refused('base = "small"\n\ndays = -1\n', bases=small)
    assert (fault.file, fault.line) == ("s.toml", 3)
    assert "no scenario is called 'other'" in str(
        refused('base = "other"\n', bases=small)
    )
    assert "no scenario is called 3" in str(refused("base = 3\n", bases=small))
    assert "no scenario is called 'small'" in str(refused('base = "small"\n'))
    ring = refused('base = "s"\n', bases=lambda _: 'base = "s"\n')
    assert "leads round in a ring" in str(ring)


def ready(name):
    return scenario_text(name) if name in scenario_names() else None


@pytest.mark.parametrize("name", scenario_names())
def test_a_ready_scenario_names_the_source_of_what_it_assumes(name):
    found = read(scenario_text(name), filename=f"{name}.toml", bases=ready)
    assert found.name == name
    assert all(one.source.strip() for one in found.assumptions)
    told = " ".join(one.about for one in found.assumptions)
    for step in found.steps:
        assert f"steps.{step.name}" in told, step.name
    for part in ("places", "roads", "weather", "factors", "streams", "people"):
        assert part in told
    assert any(one.ours for one in found.assumptions)


def keywords(schema):
    """All keywords that a schema and those in it use."""
    if isinstance(schema, list):
        return set().union(*map(keywords, schema))
    if not isinstance(schema, dict):
        return set()
    below = [keywords(one) for key, one in schema.items() if key not in {"properties", "$defs"}]  # fmt: skip
    for key in ("properties", "$defs"):
        below += [keywords(one) for one in schema.get(key, {}).values()]
    return set(schema).union(*below)


def test_the_schema_is_a_schema_and_has_words_for_each_of_its_limits():
    Draft202012Validator.check_schema(scenario_schema())
    assert json.dumps(scenario_schema())
    worded = {"required", "additionalProperties", "anyOf", "enum", "const", "type"}
    told = {"$schema", "$id", "$ref", "$defs", "title", "description", "properties", "items", "prefixItems", "default"}  # fmt: skip
    assert keywords(scenario_schema()) - worded - told <= set(LIMITS)


NAMES = {"from": "since", "to": "until", "next": "routes", "gives_up": "routes", "full": "routes"}  # fmt: skip


@pytest.mark.parametrize(
    ("table", "kind"),
    [
        ("places", Place),
        ("roads", Road),
        ("weather", Weather),
        ("factors", Factor),
        ("streams", Stream),
        ("people", Person),
        ("steps", Step),
        ("assumptions", Assumption),
        (None, Scenario),
    ],
)
def test_the_schema_has_the_keys_that_the_program_reads(table, kind):
    schema = scenario_schema()
    part = schema if table is None else schema["properties"][table]
    part = part.get("items", part)
    keys = set(part["properties"]) - {"remove", "count", "format"}  # for the file alone
    assert {NAMES.get(key, key) for key in keys} == {f.name for f in fields(kind)}
