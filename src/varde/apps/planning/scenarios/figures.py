"""The main figures of a study: what each is, its value in each replication, what is good."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from varde.apps.planning.scenarios import ground
from varde.apps.planning.scenarios.cost import Cost, Costs
from varde.engines.simulation.scenario import Scenario
from varde.engines.simulation.tables import Floats


DAYS_A_YEAR = 364
LOW, HIGH = "low", "high"
SHARE, MINUTES, COUNT, HOURS, KRONER = "share", "minutes", "count", "hours", "kroner"
type Values = Mapping[str, Floats]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One row: the values of each scenario, None where it has no such thing.

    A figure that is reckoned and not simulated has one value, and no interval. `good` is
    empty where neither less nor more is better. `at_least` are the scenarios of which a
    part is unknown.
    """

    code: str
    unit: str
    good: str
    values: tuple[Floats | None, ...]
    is_simulated: bool = True
    at_least: tuple[bool, ...] = ()


def figures(
    scenarios: Sequence[Scenario], values: Sequence[Values], costs: Costs | None
) -> list[Figure]:
    """The figures of a study, in the order that they are shown."""
    return [
        *_measured(scenarios, values),
        *_work(scenarios, values),
        *_reckoned(scenarios),
        *_cost(costs_of(scenarios, values, costs)),
    ]


def costs_of(
    scenarios: Sequence[Scenario], values: Sequence[Values], costs: Costs | None
) -> list[Cost] | None:
    """The cost of each scenario; None where no rates are known."""
    if costs is None:
        return None
    return [costs.of(s, dict(v)) for s, v in zip(scenarios, values, strict=True)]


def _measured(scenarios: Sequence[Scenario], values: Sequence[Values]) -> Iterator[Figure]:  # fmt: skip
    def row(code: str, measure: str, unit: str, good: str) -> Figure:
        return Figure(code=code, unit=unit, good=good, values=tuple(v.get(measure) for v in values))  # fmt: skip

    yield row("answered", "within.samtale", SHARE, HIGH)
    yield row("hung_up", "gave_up.samtale", SHARE, LOW)
    if any("reached.utrykning" in v for v in values):  # not in studies of before
        yield row("reached", "reached.utrykning", MINUTES, LOW)
    classes = list(dict.fromkeys(c for s in scenarios for c in s.classes))
    for one in classes:
        yield row(f"doctor.{one}", f"doctor.{one}", MINUTES, LOW)
    yield row("seen_in_time", "within.konsultasjon", SHARE, HIGH)
    yield Figure(
        code="conflicts", unit=COUNT, good=LOW,
        values=tuple(_conflicts(s, v) for s, v in zip(scenarios, values, strict=True)),
    )  # fmt: skip
    yield row("conflict_share", "missed.utrykning", SHARE, LOW)
    yield row("bed_refused", "refused.kad_seng", SHARE, LOW)
    yield Figure(
        code="contacts", unit=COUNT, good="",
        values=tuple(v["contacts"] / s.days for s, v in zip(scenarios, values, strict=True)),
    )  # fmt: skip


def _conflicts(scenario: Scenario, values: Values) -> Floats | None:
    """Call-outs a year that went without a doctor, since none was free just then."""
    if "missed.utrykning" not in values:
        return None
    share = np.nan_to_num(values["missed.utrykning"])  # no call-out, no conflict
    found: Floats = share * values["visits.utrykning"] * DAYS_A_YEAR / scenario.days
    return found


def _work(scenarios: Sequence[Scenario], values: Sequence[Values]) -> Iterator[Figure]:
    yield Figure(
        code="doctor_work", unit=HOURS, good="",
        values=tuple(_worked(s, v) for s, v in zip(scenarios, values, strict=True)),
    )  # fmt: skip


def _worked(scenario: Scenario, values: Values) -> Floats:
    """Hours a week that the doctors are at work, all together."""
    hours = np.zeros(len(values["contacts"]))
    for one in ground.those_who_are(scenario, ground.DOCTOR):
        hours = hours + values[f"busy.{one.name}"] * ground.hours_a_week(one)
    return hours


def _reckoned(scenarios: Sequence[Scenario]) -> Iterator[Figure]:
    for code, role in (
        ("doctor_hours", "lege"),
        ("nurse_hours", "sykepleier"),
        ("operator_hours", "operator"),
    ):
        yield _fixed(code, HOURS, "", [ground.duty_hours(s, role) for s in scenarios])
    yield _fixed("far_station", SHARE, LOW, [ground.share_beyond_station(s, ground.NOON) for s in scenarios])  # fmt: skip
    yield _fixed("far_doctor_day", SHARE, LOW, [ground.share_beyond_doctor(s, ground.NOON) for s in scenarios])  # fmt: skip
    yield _fixed("far_doctor_night", SHARE, LOW, [ground.share_beyond_doctor(s, ground.NIGHT) for s in scenarios])  # fmt: skip


def _fixed(code: str, unit: str, good: str, found: Sequence[float | None]) -> Figure:
    return Figure(
        code=code,
        unit=unit,
        good=good,
        values=tuple(None if one is None else np.array([one]) for one in found),
        is_simulated=False,
    )


def _cost(found: Sequence[Cost] | None) -> Iterator[Figure]:
    if found is not None:
        yield Figure(
            code="cost", unit=KRONER, good=LOW,
            values=tuple(one.kroner for one in found),
            at_least=tuple(bool(one.unknown) for one in found),
        )  # fmt: skip
