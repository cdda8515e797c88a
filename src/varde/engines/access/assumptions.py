"""What travel times are counted with: read from the content file, each value by its date."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from varde.engines.access.links import Mending
from varde.engines.access.people import Spread
from varde.engines.access.roads import OffRoad
from varde.engines.content_file import Part, read


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One dated value of the file, as those who read a result are told of it."""

    key: str
    value: object
    unit: str
    source: str
    verified: bool
    valid_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """Everything that is assumed, in force on one day. `values` is what to show people."""

    road_km_h: Mapping[str, float]
    ferry_km_h: float
    lengthened: float
    mending: Mending
    least_part_km: float
    off_road: OffRoad
    spread: Spread
    named: Mapping[str, float]
    narrow_m: float
    limit_min: float
    bands_min: tuple[float, ...]
    norm: Mapping[float, float]  # minutes: share of people
    age_from: tuple[int, ...]  # youngest age of each group
    half_km: Mapping[str, float]
    per_1000: Mapping[str, float]
    far_from_min: float
    far_exponent: float
    winner_min: float
    values: tuple[Value, ...]


def read_assumptions(text: str, *, filename: str, on: date) -> Assumptions:
    """The values in force on a day.

    Of several values of one key the one that begins last, not after the day, is in force.

    Raises
    ------
    BadInput
        If the file is not well-formed, a row lacks a text or a date, a key that is needed
        has no value on the day, or a value is not a number above 0 where one is needed.
    """
    values = {}
    for value in sorted(_rows(read(text, filename=filename)), key=_begins):
        if value.valid_from <= on:
            values[value.key] = value
    return _assumptions(values, filename=filename)


def _begins(value: Value) -> date:
    return value.valid_from


def _rows(file: Part) -> list[Value]:
    rows = Part(filename=file.filename, where="file", value={"values": file.value})
    found = []
    for row in rows.rows("values"):
        key = row.text("key")
        named = row.at(key)
        begins = named.under("valid_from")
        if not isinstance(begins, date):
            raise named.fault("has no date for 'valid_from'")
        found.append(
            Value(
                key=key,
                value=named.under("value"),
                unit=named.text("unit"),
                source=named.text("source"),
                verified=named.under("verified", otherwise=True) is True,
                valid_from=begins,
            )
        )
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Values:
    """The values by key, taken out as numbers."""

    filename: str
    values: Mapping[str, Value]

    def part(self, key: str) -> Part:
        value = self.values[key].value if key in self.values else None
        return Part(filename=self.filename, where=key, value=value)

    def number(self, key: str) -> float:
        part = self.part(key)
        return _number(part, part.value)

    def numbers(self, key: str) -> dict[str, float]:
        part = self.part(key)
        if not isinstance(part.value, dict) or not part.value:
            raise part.fault("is not a table of numbers by name")
        return {str(name): _number(part, one) for name, one in part.value.items()}

    def row(self, key: str) -> tuple[float, ...]:
        part = self.part(key)
        if not isinstance(part.value, list) or not part.value:
            raise part.fault("is not a list of numbers")
        found = tuple(_number(part, one, least=0) for one in part.value)
        if list(found) != sorted(set(found)):
            raise part.fault("does not rise from each number to the next")
        return found

    def named(self, key: str, *names: str) -> list[float]:
        found = self.numbers(key)
        lacking = [name for name in names if name not in found]
        if lacking:
            raise self.part(key).fault(f"has no {', '.join(lacking)}")
        return [found[name] for name in names]


def _number(part: Part, value: object, *, least: float | None = None) -> float:
    """The number; above 0, or at least as much as `least` says."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise part.fault(f"has {value!r}, which is not a number")
    if value <= 0 if least is None else value < least:
        raise part.fault(f"has {value!r}, which is too small")
    return float(value)


ROAD_CLASSES = ("motorveg", "motortrafikkveg", "E", "R", "F", "K", "P")


def _assumptions(values: Mapping[str, Value], *, filename: str) -> Assumptions:
    given = _Values(filename=filename, values=values)
    km_h, detour, reach_m, town_m, town_km_h = given.named(
        "off_road", "km_h", "detour", "reach_m", "town_m", "town_km_h"
    )
    built, built_step, town_reach, road_reach, road, road_step = given.named(
        "spread",
        *("built_per_km2", "built_step_m", "town_reach_m"),
        *("road_reach_m", "road_per_km", "road_step_m"),
    )
    speeds = given.named("road.km_h", *ROAD_CLASSES)
    far_from, exponent = given.named("far", "from_min", "exponent")
    return Assumptions(
        road_km_h=dict(zip(ROAD_CLASSES, speeds, strict=True)),
        ferry_km_h=given.number("ferry.km_h"),
        lengthened=given.number("road.lengthened"),
        mending=Mending(
            cut_m=given.number("road.cut_m"),
            gap_m=given.number("gap.m"),
            ferry_gap_m=given.number("gap.ferry_m"),
            dry_gap_m=given.number("gap.dry_m"),
            gap_km_h=given.number("gap.km_h"),
        ),
        least_part_km=given.number("part.least_km"),
        off_road=OffRoad(
            km_h=km_h,
            detour=detour,
            reach_m=reach_m,
            town_m=town_m,
            town_km_h=town_km_h,
        ),
        spread=Spread(
            built_per_km2=built,
            built_step_m=built_step,
            town_reach_m=town_reach,
            road_reach_m=road_reach,
            road_per_km=road,
            road_step_m=road_step,
        ),
        named=given.numbers("spread.named"),
        narrow_m=given.number("water.narrow_m"),
        limit_min=given.number("limit_min"),
        bands_min=given.row("bands_min"),
        norm={float(limit): share for limit, share in given.numbers("norm").items()},
        age_from=tuple(int(age) for age in given.row("age_groups")),
        half_km=given.numbers("decay.half_km"),
        per_1000=given.numbers("rate_per_1000"),
        far_from_min=far_from,
        far_exponent=exponent,
        winner_min=given.number("winner_min"),
        values=tuple(values.values()),
    )
