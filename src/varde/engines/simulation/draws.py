"""The numbers of a run, drawn in vectors: a stream for each activity and each entity.

An entity is one stream of contacts at one place; an activity is a thing drawn for it, such
as the minutes of a step. The key of a stream is made from the seed, the replication and
the two names, so that what is added to a scenario moves no other number: scenarios are
compared on common random numbers.
"""

import hashlib
from collections.abc import Callable, Sequence

import numpy as np
from numpy.random import Generator, Philox, SeedSequence

from varde.engines.simulation.memory import Drawn
from varde.engines.simulation.scenario import Kind, Scenario, Spread, Stream
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

    Each stream is a Philox generator with the replication's key and a counter that begins
    at the names' own number, so that streams never meet.
    """

    def __init__(self, *, seed: int, replication: int) -> None:
        sequence = SeedSequence(entropy=seed, spawn_key=(replication,))
        self._key = sequence.generate_state(2, np.uint64)
        self._streams: dict[tuple[str, str, str], tuple[Generator, list[Floats]]] = {}
        self._joined: dict[tuple[str, str, str], Floats] = {}

    def draw(self, activity: str, entity: str, kind: str, count: int) -> Floats:
        """The first numbers of a stream; more of them later begin with the same."""
        name = (activity, entity, kind)
        known = self._joined.get(name)
        if known is not None and len(known) >= count:
            return known[:count]
        generator, parts = self._streams.setdefault(
            name, (self._generator(activity, entity), [])
        )
        parts.append(_standard(generator, kind, count - sum(map(len, parts))))
        self._joined[name] = parts[0] if len(parts) == 1 else np.concatenate(parts)
        return self._joined[name]

    def _generator(self, activity: str, entity: str) -> Generator:
        words = [0, 0, _word(activity), _word(entity)]
        counter = np.array(words, dtype=np.uint64)
        return Generator(Philox(key=self._key, counter=counter))


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


def factors(scenario: Scenario, numbers: Numbers) -> Floats:
    """The random factor of each hour of the run; their mean is 1."""
    hours = int(np.ceil(scenario.horizon_min / 60.0))
    found = np.ones(hours)
    for factor in scenario.factors:
        shape = 1.0 / factor.variance
        block = np.floor(np.arange(hours) / factor.hours).astype(np.int64)
        drawn = numbers.draw(
            f"factor/{factor.hours!r}", "all", f"gamma{shape!r}", int(block[-1]) + 1
        )
        found *= drawn[block] / shape
    return found


def bad_days(scenario: Scenario, numbers: Numbers) -> Ints:
    """1 for each day of bad weather."""
    days = int(scenario.horizon_min / 1440.0) + 1
    drawn = numbers.draw("weather", "all", "uniform", days)
    return (drawn < scenario.weather.bad_day_share).astype(np.int64)


class _Entity:
    """The contacts of one stream at one place."""

    def __init__(
        self,
        scenario: Scenario,
        numbers: Numbers,
        *,
        key: tuple[int, int],
        rate: Floats,
    ) -> None:
        self.stream, self.place = scenario.streams[key[0]], key[1]
        self.name = f"{self.stream.name}@{scenario.places[self.place].name}"
        self.arrived = _arrivals(numbers, self.name, rate, scenario.horizon_min)


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


def make(scenario: Scenario, tables: Tables, numbers: Numbers) -> Drawn:
    """The numbers of one run of a scenario.

    The second and later visits to a step read a reserve of 1024 numbers, the same for
    contacts that are 1024 apart in the run: too few meet in it to matter.
    """
    chance = factors(scenario, numbers)
    entities = [
        _Entity(scenario, numbers, key=key, rate=rate * chance)
        for key, rate in hourly_rates(scenario).items()
    ]
    arrived = _merged([e.arrived for e in entities], None)
    order = np.argsort(arrived, kind="stable") if len(entities) > 1 else None
    arrived = arrived if order is None else arrived[order]
    place = _each(entities, order, lambda e: e.place)

    columns = (
        _each(entities, order, lambda e: scenario.step_number(e.stream.first)),
        place,
        _stations(scenario, tables, place, arrived),
        _classes(scenario, numbers, entities, order),
    )
    return Drawn(
        arrived=np.append(arrived, np.inf),
        contacts=np.ascontiguousarray(np.stack(columns, axis=1)),
        is_bad=bad_days(scenario, numbers),
        numbers=_rows(numbers, entities, order, activities(scenario)),
    )


def _merged(parts: Sequence[Floats], order: Ints | None) -> Floats:
    whole = np.concatenate(parts) if parts else np.zeros(0)
    return whole if order is None else whole[order]


def _each(
    entities: Sequence[_Entity], order: Ints | None, value: Callable[[_Entity], int]
) -> Ints:
    parts = [np.full(len(e.arrived), value(e), dtype=np.int64) for e in entities]
    whole = np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)
    return whole if order is None else whole[order]


def _rows(
    numbers: Numbers,
    entities: Sequence[_Entity],
    order: Ints | None,
    drawn_for: Sequence[tuple[str, Spread]],
) -> Floats:
    contacts = sum(len(e.arrived) for e in entities)
    found = np.empty((max(1, len(drawn_for)), contacts + RESERVE))
    for row, (activity, spread) in enumerate(drawn_for):
        kind = standard_kind(spread)
        parts = [numbers.draw(activity, e.name, kind, len(e.arrived)) for e in entities]
        reserve = numbers.draw(f"{activity}/again", "all", kind, RESERVE)
        found[row, :contacts] = as_minutes(spread, _merged(parts, order))
        found[row, contacts:] = as_minutes(spread, reserve)
    return found


def _stations(scenario: Scenario, tables: Tables, place: Ints, arrived: Floats) -> Ints:
    periods = len(scenario.periods) + 1
    of = np.array(
        [
            [scenario.station_of(p, period) for period in range(periods)]
            for p in range(len(scenario.places))
        ],
        dtype=np.int64,
    )
    quarter = (arrived / 15.0).astype(np.int64) % len(tables.period_at)
    return of[place, tables.period_at[quarter]]


def _classes(
    scenario: Scenario,
    numbers: Numbers,
    entities: Sequence[_Entity],
    order: Ints | None,
) -> Ints:
    parts = []
    for entity in entities:
        shares = [entity.stream.shares.get(c, 0.0) for c in scenario.classes]
        ends = np.cumsum(shares)[:-1]
        drawn = numbers.draw("class", entity.name, "uniform", len(entity.arrived))
        parts.append(np.searchsorted(ends, drawn, side="right").astype(np.int64))
    whole = np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)
    return whole if order is None else whole[order]
