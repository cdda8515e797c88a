"""A scenario from its TOML file. What does not fit together is refused with the way out."""

from collections.abc import Mapping
from itertools import product
from math import inf
from typing import Any, NoReturn

import numpy as np

from varde.engines.simulation.scenario import (
    Assumption,
    At,
    Factor,
    Fork,
    Hours,
    Kind,
    Period,
    Person,
    Place,
    Road,
    Route,
    Scenario,
    Spread,
    Step,
    Stream,
    Weather,
    ways,
)
from varde.engines.simulation.scenario_tree import (
    Table,
    Texts,
    fault_at,
    line_of,
    read_tree,
)
from varde.engines.simulation.tables import (
    MOST_JOINS,
    MOST_NEEDS,
    MOST_PEOPLE,
    MOST_SLOTS,
    MOST_STEPS,
    travel_minutes,
)


DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SUM_SLACK = 1e-6


def _no_bases(_: str) -> None:
    return None


def read(text: str, *, filename: str, bases: Texts = _no_bases) -> Scenario:
    """A scenario that fits together. `bases` gives the text of a scenario by its name.

    Raises `BadInput` with the file, the line and the cure of the first fault.
    """
    tree = read_tree(text, filename=filename, bases=bases)
    _check_names(tree)
    scenario = _scenario(tree)
    for index, step in enumerate(scenario.steps):
        _check_step(tree["steps"][index], step, scenario)
    for index, stream in enumerate(scenario.streams):
        _check_stream(tree["streams"][index], stream)
    _check_whole(tree, scenario)
    return scenario


def _refuse(table: Table, key: str, problem: str, cure: str) -> NoReturn:
    file, line = line_of(table, key)
    named = table.get("name")
    where = f"{named}.{key}" if isinstance(named, str) else key
    raise fault_at(file, line, where, problem, cure)


# Names that must exist


def _check_names(tree: Table) -> None:
    for key in ("places", "streams", "people", "steps", "periods"):
        seen: set[str] = set()
        for item in tree.get(key, []):
            if item["name"] in seen:
                _refuse(item, "name", f"{item['name']!r} is used twice in {key}", "Give it another name")  # fmt: skip
            seen.add(item["name"])
    names = _Names(tree)
    _check_place_names(tree, names)
    for person in tree.get("people", []):
        names.check(person, "base", names.places)
    for stream in tree["streams"]:
        names.check(stream, "place", names.places)
        names.check(stream, "first", names.steps)
        names.check(stream["shares"], None, names.classes)
    for step in tree["steps"]:
        _check_step_names(step, names)


def _check_place_names(tree: Table, names: "_Names") -> None:
    for place in tree["places"]:
        names.check(place, "station", names.places)
        if "station_in" in place:
            names.check(place["station_in"], None, names.periods)
            for key in place["station_in"]:
                names.check(place["station_in"], key, names.places)
    for road in tree.get("roads", []):
        names.check(road, "between", names.places)


class _Names:
    def __init__(self, tree: Table) -> None:
        self.places = [p["name"] for p in tree["places"]]
        self.steps = [s["name"] for s in tree["steps"]]
        self.periods = [p["name"] for p in tree.get("periods", [])]
        self.classes = list(tree["classes"])
        self.roles = sorted({r for p in tree.get("people", []) for r in p["roles"]})
        self.goals = [*self.steps, *tree["outcomes"]]

    def check(self, table: Table, key: str | None, known: list[str]) -> None:
        """Refuse a value (without a key: a key) that is not known."""
        found = list(table) if key is None else table.get(key, [])
        for one in [found] if isinstance(found, str) else found:
            if one not in known:
                cure = f"Use one of {', '.join(known) or 'those you add first'}"
                _refuse(
                    table, one if key is None else key, f"{one!r} is not there", cure
                )


def _check_step_names(step: Table, names: _Names) -> None:
    for key in ("needs", "remote", "joins"):
        names.check(step, key, names.roles)
    names.check(step, "look", names.steps)
    for key in ("priority", "target_min", "limit_min"):
        if isinstance(step.get(key), Table):
            names.check(step[key], None, names.classes)
            for missing in [c for c in names.classes if c not in step[key]]:
                _refuse(
                    step, key, f"the class {missing!r} is missing", "Give all classes"
                )
    for fork in Fork:
        for route in step.get(fork, []):
            names.check(route, "to", names.goals)
            names.check(route, "classes", names.classes)
            names.check(route, "stations", names.places)
            names.check(route, "hours", names.periods)


# Tables as values


def _scenario(tree: Table) -> Scenario:
    classes = tuple(tree["classes"])
    return Scenario(
        name=tree["name"],
        title=tree["title"],
        days=float(tree["days"]),
        warm_up_days=float(tree.get("warm_up_days", 0)),
        start_hour=float(tree.get("start_hour", 0)),
        hand_over_min=float(tree.get("hand_over_min", 0)),
        classes=classes,
        outcomes=tuple(tree["outcomes"]),
        places=tuple(_place(p) for p in tree["places"]),
        roads=tuple(_road(r) for r in tree.get("roads", [])),
        periods=tuple(Period(name=p["name"], hours=_hours(p)) for p in tree.get("periods", [])),
        weather=Weather(**{k: float(v) for k, v in tree.get("weather", {}).items()}),
        factors=tuple(Factor(hours=float(f["hours"]), variance=float(f["variance"])) for f in tree.get("factors", [])),
        streams=tuple(_stream(s) for s in tree["streams"]),
        people=tuple(one for p in tree.get("people", []) for one in _people(p, tree["places"][0]["name"])),
        steps=tuple(_step(s, classes) for s in tree["steps"]),
        assumptions=tuple(Assumption(**a) for a in tree.get("assumptions", [])),
    )  # fmt: skip


def _place(table: Table) -> Place:
    at = table.get("at")
    return Place(
        name=table["name"],
        inhabitants=float(table.get("inhabitants", 0)),
        at=None if at is None else (float(at[0]), float(at[1])),
        station=table.get("station"),
        station_in=dict(table.get("station_in", {})),
    )


def _road(table: Table) -> Road:
    bad = table.get("bad_minutes")
    return Road(
        between=(table["between"][0], table["between"][1]),
        minutes=float(table["minutes"]),
        km=float(table.get("km", 0)),
        bad_minutes=None if bad is None else float(bad),
    )


def _hours(table: Mapping[str, Any]) -> Hours:
    days = tuple(DAYS.index(day) for day in table.get("days", DAYS))
    return Hours(since=float(table["from"]), until=float(table["to"]), days=days)


def _stream(table: Table) -> Stream:
    numbers = {
        key: None if table.get(key) is None else float(table[key])
        for key in ("per_hour", "per_1000_a_year", "half_km")
    }
    return Stream(
        name=table["name"],
        first=table["first"],
        shares={key: float(value) for key, value in table["shares"].items()},
        place=table.get("place"),
        by_hour=tuple(float(v) for v in table.get("by_hour", [])),
        **numbers,
    )


def _people(table: Table, first_place: str) -> list[Person]:
    """One person, or `count` of them with a number after the name."""
    count = table.get("count")
    names = [table["name"]] if count is None else [f"{table['name']} {i + 1}" for i in range(count)]  # fmt: skip
    return [
        Person(
            name=name,
            roles=tuple(table["roles"]),
            base=table.get("base", first_place),
            has_car=table.get("has_car", False),
            tier=table.get("tier", 1),
            duty=tuple(_hours(d) for d in table.get("duty", [])),
            hands_over=table.get("hands_over", False),
        )
        for name in names
    ]


def _spread(value: Any) -> Spread:
    if not isinstance(value, dict):
        return Spread(kind=Kind.FIXED, mean=float(value))
    numbers = {
        key: float(v) for key, v in value.items() if key not in {"kind", "values"}
    }
    seen = tuple(float(v) for v in value.get("values", []))
    return Spread(kind=Kind(value["kind"]), values=seen, **numbers)


def _step(table: Table, classes: tuple[str, ...]) -> Step:
    patience = table.get("patience")
    return Step(
        name=table["name"],
        minutes=_spread(table["minutes"]),
        at=At(table.get("at", "station")),
        needs=tuple(table.get("needs", [])),
        remote=tuple(table.get("remote", [])),
        joins=tuple(table.get("joins", [])),
        waits=table.get("waits", True),
        patient_travels=table.get("patient_travels", False),
        is_doctor=table.get("is_doctor", False),
        priority=tuple(int(v) for v in _by_class(table.get("priority"), classes)),
        target_min=_by_class(table.get("target_min"), classes),
        limit_min=_by_class(table.get("limit_min"), classes),
        look=table.get("look"),
        raised=float(table.get("raised", 0)),
        patience=None if patience is None else _spread(patience),
        routes={fork: tuple(_route(r) for r in table.get(fork, [])) for fork in Fork},
    )


def _by_class(value: Any, classes: tuple[str, ...]) -> tuple[float, ...]:
    if value is None:
        return ()
    if isinstance(value, dict):
        return tuple(float(value[c]) for c in classes)
    return tuple(float(value) for _ in classes)


def _route(table: Table) -> Route:
    return Route(
        to=table["to"],
        share=float(table.get("share", 1.0)),
        classes=tuple(table.get("classes", [])),
        stations=tuple(table.get("stations", [])),
        hours=table.get("hours"),
    )


# What must fit together


def _check_step(table: Table, step: Step, scenario: Scenario) -> None:
    is_manned = bool(step.needs or step.remote)
    _check_spread(table, "minutes", step.minutes)
    if step.patience is not None:
        _check_spread(table, "patience", step.patience)
    rules = (
        ("needs", len(step.needs) + len(step.remote) > MOST_NEEDS, "too many are needed at once", f"Have at most {MOST_NEEDS} in needs and remote"),
        ("joins", len(step.joins) > MOST_JOINS, "too many join", f"Have at most {MOST_JOINS}"),
        ("joins", step.joins and not is_manned, "nobody is needed whom they could join", "Add needs"),
        ("remote", step.remote and step.at is At.PATIENT, "those who go to a patient cannot wait for one who stays", "Make two steps of it"),
        ("patience", step.patience and not (is_manned and step.waits), "there is no queue to give up", "Take the patience away"),
        ("waits", not step.waits and not is_manned, "nobody is needed, so nothing can be full", "Add needs, or take waits away"),
        ("look", step.look and not step.limit_min, "no limit says when to look anew", "Add limit_min"),
        ("limit_min", step.limit_min and not step.look, "nobody looks anew when the limit has passed", "Add look = the step of the new look"),
        ("look", step.look and not _is_look(step.look, scenario), "the step of a new look must need somebody and have a queue without limit or patience", "Choose or change that step"),
    )  # fmt: skip
    for key, is_wrong, problem, cure in rules:
        if is_wrong:
            _refuse(table, key, problem, cure)
    forks = [Fork.NEXT]
    forks += [Fork.GIVES_UP] if step.patience else []
    forks += [] if step.waits else [Fork.FULL]
    for fork in forks:
        _check_ways(table, step, fork, scenario)


def _is_look(name: str, scenario: Scenario) -> bool:
    step = scenario.steps[scenario.step_number(name)]
    is_manned = bool(step.needs or step.remote)
    return is_manned and step.waits and not step.limit_min and step.patience is None


def _check_spread(table: Table, key: str, spread: Spread) -> None:
    if spread.kind is Kind.UNIFORM and spread.low > spread.high:
        _refuse(table, key, "low is above high", "Turn them round")
    is_triangle = spread.low <= spread.mode <= spread.high and spread.low < spread.high
    if spread.kind is Kind.TRIANGULAR and not is_triangle:
        _refuse(table, key, "low, mode and high are not in order", "Put them in order")


def _check_ways(table: Table, step: Step, fork: Fork, scenario: Scenario) -> None:
    for class_name in scenario.classes:
        for number, period in product(scenario.stations(), scenario.period_names()):
            station = scenario.places[number].name
            found = ways(
                step, fork, class_name=class_name, station=station, period=period
            )
            total = found[-1][0] if found else 0.0
            if abs(total - 1.0) > SUM_SLACK:
                _refuse(
                    table,
                    fork,
                    f"the shares of class {class_name!r} at {station!r} in the hours "
                    f"{period!r} sum to {total:g}",
                    "Make them sum to 1 for each class, station and period",
                )


def _check_stream(table: Table, stream: Stream) -> None:
    total = sum(stream.shares.values())
    if abs(total - 1.0) > SUM_SLACK:
        _refuse(table, "shares", f"the shares sum to {total:g}", "Make them sum to 1")
    if (stream.per_hour is None) == (stream.per_1000_a_year is None):
        _refuse(table, "name", "how many come is not said in one way", "Give per_hour, or per_1000_a_year")  # fmt: skip
    if stream.by_hour and sum(stream.by_hour) == 0.0:
        _refuse(table, "by_hour", "all weights are 0", "Give at least one above 0")


def _check_whole(tree: Table, scenario: Scenario) -> None:
    if len(scenario.people) > MOST_PEOPLE:
        _refuse(tree, "people", f"there are {len(scenario.people)} people and beds", f"Name at most {MOST_PEOPLE}")  # fmt: skip
    queues = len(scenario.steps) * len(scenario.classes) * len(scenario.stations())
    if len(scenario.steps) > MOST_STEPS or queues > MOST_SLOTS:
        _refuse(tree, "steps", "there are too many steps, or too many together with classes and stations", f"Have at most {MOST_STEPS} steps, and {MOST_SLOTS} steps × classes × stations")  # fmt: skip
    if not np.all(travel_minutes(scenario, is_bad=False) < inf):
        _refuse(tree, "roads", "no road leads between some of the places", "Add the legs that are missing")  # fmt: skip
    ring = _ring_without_time(scenario)
    if ring:
        _refuse(tree, "steps", f"a contact can go round without end in no time: {', '.join(ring)}", "Let one of these steps take time")  # fmt: skip


def _ring_without_time(scenario: Scenario) -> list[str]:
    """Steps that lead to each other in no time, if there are any."""
    quick: dict[str, set[str]] = {step.name: set() for step in scenario.steps}
    for step in scenario.steps:
        takes_none = step.minutes.kind is Kind.FIXED and step.minutes.mean == 0.0
        forks = [Fork.NEXT] if takes_none and not step.patient_travels else []
        forks += [] if step.waits else [Fork.FULL]
        if step.patience is not None and step.patience.kind is Kind.FIXED:
            forks += [Fork.GIVES_UP] if step.patience.mean == 0.0 else []
        for fork in forks:
            quick[step.name] |= {r.to for r in step.routes[fork]} & set(quick)
    while True:  # take away what leads nowhere; what is left goes round
        dead = [name for name, goals in quick.items() if not goals]
        if not dead:
            return sorted(quick)
        quick = {n: goals - set(dead) for n, goals in quick.items() if n not in dead}
