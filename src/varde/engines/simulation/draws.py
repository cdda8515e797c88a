"""The numbers of a run, drawn in vectors: a stream for each activity and each entity.

An entity is one stream of contacts at one place; an activity is a thing drawn for it, such
as the minutes of a step. The key of a stream is made from the seed, the replication and
the two names, so that what is added to a scenario moves no other number: scenarios are
compared on common random numbers.
"""

import hashlib
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.random import Generator, Philox, SeedSequence

from varde.engines.simulation.memory import (
    DRAWN_CLASS,
    DRAWN_COLUMNS,
    DRAWN_FIRST,
    DRAWN_HOME,
    DRAWN_PLACE,
    Drawn,
)
from varde.engines.simulation.scenario import Factor, Kind, Scenario, Spread, Stream
from varde.engines.simulation.tables import (
    Floats,
    Ints,
    Tables,
    activities,
    distance_km,
)


HOURS_A_YEAR = 8766.0
RESERVE = 1024  # numbers for second and later visits
NORMAL = {Kind.LOGNORMAL, Kind.NORMAL}


class Numbers:
    """Standard numbers of one replication, kept so that scenarios share them.

    All are from one Philox generator with the replication's key. Each stream begins where
    its names' own number sets the counter, so that streams never meet. What is made of the
    numbers is kept as well, since most scenarios of a study differ in little.
    """

    def __init__(self, *, seed: int, replication: int) -> None:
        sequence = SeedSequence(entropy=seed, spawn_key=(replication,))
        self._philox = Philox(key=sequence.generate_state(2, np.uint64))
        self._generator = Generator(self._philox)
        self._state: Any = self._philox.state  # that of a stream's beginning
        self._drawn: dict[tuple[str, str, str], Floats] = {}
        self._kept: dict[Hashable, Any] = {}

    def draw(self, activity: str, entity: str, kind: str, count: int) -> Floats:
        """The first numbers of a stream; more of them later begin with the same."""
        name = (activity, entity, kind)
        known = self._drawn.get(name)
        if known is None or len(known) < count:
            self._state["state"]["counter"][:] = 0, 0, _word(activity), _word(entity)
            self._philox.state = self._state
            known = self._drawn[name] = _standard(self._generator, kind, count)
        return known[:count]

    def once[T](self, key: Hashable, make: Callable[[], T]) -> T:
        """What was made for a key before; else it is made now."""
        if key not in self._kept:
            self._kept[key] = make()
        found: T = self._kept[key]
        return found


@lru_cache(maxsize=4096)
def _word(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest())


def _standard(generator: Generator, kind: str, count: int) -> Floats:
    if kind == "normal":
        return generator.standard_normal(count)
    if kind == "exponential":
        return generator.standard_exponential(count)
    if kind.startswith("gamma"):
        return generator.standard_gamma(float(kind.removeprefix("gamma")), count)
    return generator.random(count)


def standard_kind(spread: Spread) -> str:
    """Which standard numbers a distribution is made from."""
    if spread.kind in NORMAL:
        return "normal"
    if spread.kind is Kind.EXPONENTIAL:
        return "exponential"
    if spread.kind is Kind.GAMMA:
        return f"gamma{(spread.mean / spread.sd) ** 2!r}"
    return "uniform"


def as_minutes(spread: Spread, standard: Floats) -> Floats:
    """Standard numbers as minutes of a distribution."""
    if spread.kind is Kind.EXPONENTIAL:
        return standard * spread.mean
    if spread.kind is Kind.LOGNORMAL:
        variance = np.log1p((spread.sd / spread.mean) ** 2)
        middle = np.log(spread.mean) - variance / 2
        return np.asarray(np.exp(middle + np.sqrt(variance) * standard))
    if spread.kind is Kind.NORMAL:
        return np.maximum(0.0, spread.mean + spread.sd * standard)
    if spread.kind is Kind.GAMMA:
        return standard * (spread.sd**2 / spread.mean)
    if spread.kind is Kind.UNIFORM:
        return spread.low + (spread.high - spread.low) * standard
    if spread.kind is Kind.TRIANGULAR:
        return _triangular(spread, standard)
    if spread.kind is Kind.OBSERVED:
        seen = np.array(spread.values, dtype=np.float64)
        return seen[(standard * len(seen)).astype(np.int64)]
    return np.full(len(standard), spread.mean)


def _triangular(spread: Spread, uniform: Floats) -> Floats:
    width = spread.high - spread.low
    left = spread.mode - spread.low
    rising = spread.low + np.sqrt(uniform * width * left)
    falling = spread.high - np.sqrt(
        (1.0 - uniform) * width * (spread.high - spread.mode)
    )
    return np.where(uniform * width < left, rising, falling)


def hourly_rates(scenario: Scenario) -> dict[tuple[int, int], Floats]:
    """Contacts expected in each hour of the run, for each stream and place.

    Without the random factors. What is per inhabitant falls to half at `half_km` from the
    station that the place uses outside all periods; the places of a demand of 0 are left
    out.
    """
    hours = int(np.ceil(scenario.horizon_min / 60.0))
    km = distance_km(scenario)
    rates = {}
    for number, stream in enumerate(scenario.streams):
        shape = _shape(stream, hours=hours, start_hour=scenario.start_hour)
        for place in range(len(scenario.places)):
            level = _level(scenario, stream, place, km)
            if level > 0.0:
                rates[number, place] = level * shape
    return rates


def _shape(stream: Stream, *, hours: int, start_hour: float) -> Floats:
    if not stream.by_hour:
        return np.ones(hours)
    weights = np.array(stream.by_hour, dtype=np.float64)
    at = (np.arange(hours) + int(start_hour)) % len(weights)
    return (weights / weights.mean())[at]


def _level(scenario: Scenario, stream: Stream, place: int, km: Floats) -> float:
    if stream.per_hour is not None:
        return stream.per_hour if scenario.place_number(stream.place) == place else 0.0
    people = scenario.places[place].inhabitants
    level = people * (stream.per_1000_a_year or 0.0) / 1000.0 / HOURS_A_YEAR
    if stream.half_km is not None:
        station = scenario.station_of(place, len(scenario.periods))
        level *= 2.0 ** (-float(km[place, station]) / stream.half_km)
    return level


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """The contacts of one stream at one place."""

    name: str
    place: int
    first: int  # step
    rate: Floats  # of each hour
    class_ends: tuple[float, ...]  # cumulative shares


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be drawn for each run of a scenario.

    `demand` and `ways` are hashes: scenarios with the same ones share what is drawn.
    """

    entities: tuple[Entity, ...]
    activities: tuple[tuple[str, Spread], ...]
    factors: tuple[Factor, ...]
    horizon_min: float
    bad_day_share: float
    station: Ints  # [place, period]
    period_at: Ints
    demand: str
    ways: str


def plan(scenario: Scenario, tables: Tables) -> Plan:
    """The plan of a scenario."""
    entities = tuple(_entity(scenario, *key, rate=rate) for key, rate in hourly_rates(scenario).items())  # fmt: skip
    periods = range(len(scenario.periods) + 1)
    station = np.array(
        [[scenario.station_of(p, period) for period in periods] for p in range(len(scenario.places))],
        dtype=np.int64,
    )  # fmt: skip
    demand = [(e.name, e.place, e.rate.tobytes()) for e in entities]
    ways = [(e.first, e.class_ends) for e in entities]
    return Plan(
        entities=entities,
        activities=tuple(activities(scenario)),
        factors=scenario.factors,
        horizon_min=scenario.horizon_min,
        bad_day_share=scenario.weather.bad_day_share,
        station=station,
        period_at=tables.period_at,
        demand=_hash(demand, scenario.factors, scenario.horizon_min),
        ways=_hash(ways, station.tobytes(), tables.period_at.tobytes()),
    )


def _hash(*parts: object) -> str:
    return hashlib.blake2b(repr(parts).encode(), digest_size=16).hexdigest()


def _entity(scenario: Scenario, number: int, place: int, *, rate: Floats) -> Entity:
    stream = scenario.streams[number]
    shares = [stream.shares.get(c, 0.0) for c in scenario.classes]
    return Entity(
        name=f"{stream.name}@{scenario.places[place].name}",
        place=place,
        first=scenario.step_number(stream.first),
        rate=rate,
        class_ends=tuple(float(end) for end in np.cumsum(shares)[:-1]),
    )


class _Came(NamedTuple):
    """When contacts came. `order` puts those of all entities into the order of time."""

    arrived: Floats  # ends with infinity
    counts: tuple[int, ...]  # of each entity
    order: Ints | None

    def sorted[T: (Ints, Floats)](self, parts: Sequence[T], *, none: T) -> T:
        whole = np.concatenate(parts) if parts else none
        return whole if self.order is None else whole[self.order]


def make(scenario: Scenario, tables: Tables, numbers: Numbers) -> Drawn:
    """The numbers of one run of a scenario."""
    return draw(plan(scenario, tables), numbers)


def draw(plan: Plan, numbers: Numbers) -> Drawn:
    """The numbers of one run.

    The second and later visits to a step read a reserve of 1024 numbers, the same for
    contacts that are 1024 apart in the run: too few meet in it to matter.
    """
    came = numbers.once(plan.demand, lambda: _came(plan, numbers))
    return Drawn(
        arrived=came.arrived,
        contacts=numbers.once(
            (plan.demand, plan.ways), lambda: _contacts(plan, came, numbers)
        ),
        is_bad=_bad_days(plan, numbers),
        numbers=numbers.once(
            (plan.demand, plan.activities), lambda: _rows(plan, came, numbers)
        ),
    )


def _factors(plan: Plan, numbers: Numbers) -> Floats:
    """The random factor of each hour of the run; their mean is 1."""
    hours = int(np.ceil(plan.horizon_min / 60.0))
    found = np.ones(hours)
    for factor in plan.factors:
        shape = 1.0 / factor.variance
        block = np.floor(np.arange(hours) / factor.hours).astype(np.int64)
        drawn = numbers.draw(
            f"factor/{factor.hours!r}", "all", f"gamma{shape!r}", int(block[-1]) + 1
        )
        found *= drawn[block] / shape
    return found


def _bad_days(plan: Plan, numbers: Numbers) -> Ints:
    """1 for each day of bad weather."""
    days = int(plan.horizon_min / 1440.0) + 1
    drawn = numbers.draw("weather", "all", "uniform", days)
    return (drawn < plan.bad_day_share).astype(np.int64)


def _came(plan: Plan, numbers: Numbers) -> _Came:
    chance = _factors(plan, numbers)
    parts = [_arrivals(numbers, e.name, e.rate * chance, plan.horizon_min) for e in plan.entities]  # fmt: skip
    arrived = np.concatenate(parts) if parts else np.zeros(0)
    order = np.argsort(arrived, kind="stable") if len(parts) > 1 else None
    arrived = arrived if order is None else arrived[order]
    counts = tuple(len(part) for part in parts)
    return _Came(np.append(arrived, np.inf), counts, order)


def _arrivals(numbers: Numbers, entity: str, rate: Floats, horizon: float) -> Floats:
    """Moments of a Poisson process with an hourly rate, by inverting its integral."""
    reached = np.concatenate([[0.0], np.cumsum(rate)])
    total = float(reached[-1])
    count, passed = 0, np.zeros(1)
    while passed[-1] < total:  # nearly always once
        left = total - float(passed[-1])
        count += int(left + 6.0 * np.sqrt(left) + 20.0)
        passed = np.cumsum(numbers.draw("arrival", entity, "exponential", count))
    passed = passed[: int(np.searchsorted(passed, total))]
    minutes = np.arange(len(reached)) * 60.0
    arrived = np.interp(passed, reached, minutes)
    return np.asarray(arrived[arrived < horizon])


def _contacts(plan: Plan, came: _Came, numbers: Numbers) -> Ints:
    """First step, place, station and class of each contact."""
    found = np.empty((len(came.arrived) - 1, DRAWN_COLUMNS), dtype=np.int64)
    nobody = np.zeros(0, dtype=np.int64)

    def each(values: Sequence[int]) -> Ints:
        return np.repeat(np.array(values, dtype=np.int64), came.counts)

    place = came.sorted([each([e.place for e in plan.entities])], none=nobody)
    quarter = (came.arrived[:-1] / 15.0).astype(np.int64) % len(plan.period_at)
    classes = [
        np.searchsorted(e.class_ends, numbers.draw("class", e.name, "uniform", count), side="right")
        for e, count in zip(plan.entities, came.counts, strict=True)
    ]  # fmt: skip
    found[:, DRAWN_FIRST] = came.sorted([each([e.first for e in plan.entities])], none=nobody)  # fmt: skip
    found[:, DRAWN_PLACE] = place
    found[:, DRAWN_HOME] = plan.station[place, plan.period_at[quarter]]
    found[:, DRAWN_CLASS] = came.sorted(classes, none=nobody)
    return found


def _rows(plan: Plan, came: _Came, numbers: Numbers) -> Floats:
    """The row of each activity, for each contact and then the reserve."""
    contacts = len(came.arrived) - 1
    found = np.empty((max(1, len(plan.activities)), contacts + RESERVE))
    for row, (activity, spread) in enumerate(plan.activities):
        found[row] = _row(plan, came, numbers, activity, spread)
    return found


def _row(
    plan: Plan, came: _Came, numbers: Numbers, activity: str, spread: Spread
) -> Floats:
    key = (plan.demand, activity, spread)
    return numbers.once(key, lambda: _new_row(plan, came, numbers, activity, spread))


def _new_row(
    plan: Plan, came: _Came, numbers: Numbers, activity: str, spread: Spread
) -> Floats:
    kind = standard_kind(spread)
    parts = [
        numbers.draw(activity, e.name, kind, count)
        for e, count in zip(plan.entities, came.counts, strict=True)
    ]
    drawn = came.sorted(parts, none=np.zeros(0))
    reserve = numbers.draw(f"{activity}/again", "all", kind, RESERVE)
    return as_minutes(spread, np.concatenate([drawn, reserve]))
