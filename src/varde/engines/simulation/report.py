"""The report of a study by the STRESS-DES list, written from what was really run.

STRESS-DES: Monks T, Currie CSM, Onggo BS and others (2019), Strengthening the reporting of
empirical simulation studies, Journal of Simulation 13, 10.1080/17477778.2018.1442155.
"""

from collections.abc import Iterator
from importlib.metadata import version

from varde.engines.simulation.scenario import Fork, Kind, Person, Scenario, Spread, Step
from varde.engines.simulation.study import (
    RESAMPLES,
    Interval,
    Ranking,
    Study,
    difference,
    interval,
)


LIBRARIES = ("varde", "numpy", "numba", "scipy", "joblib")


def stress_des(study: Study, *, ranking: Ranking | None = None) -> str:
    """The report as Markdown."""
    first = study.scenarios[0]
    return "\n".join(
        [
            f"# STRESS-DES: {first.title}",
            *_objectives(study),
            *_logic(first),
            *_data(study),
            *_experimentation(study),
            *_implementation(study),
            *_results(study),
            *_ranking(study, ranking),
            "",
        ]
    )


def _objectives(study: Study) -> Iterator[str]:
    yield from ("", "## 1 Objectives", "")
    yield "1.1 Purpose: what people, beds and ways of working give in waiting, before they are tried on patients."
    yield f"1.2 Outputs: {', '.join(study.values[0])}."
    yield "1.3 Scenarios compared, the first is the base:"
    yield from (f"- {s.name}: {s.title}" for s in study.scenarios)


def _logic(scenario: Scenario) -> Iterator[str]:
    yield from ("", "## 2 Logic", "")
    yield "2.1 Base model: contacts arrive in streams, take a class and go from step to step until an outcome."
    yield "2.2 Scenario logic: each file says what differs from its base; the figures below are those of the first."
    yield f"2.3 Algorithms: a free step begins by priority, then by who came first. Among the free, the lowest tier, then the nearest. Unfinished work is handed over or finished at the end of a duty (hand-over {scenario.hand_over_min:g} min)."
    yield f"2.4 Components. Classes: {', '.join(scenario.classes)}. Outcomes: {', '.join(scenario.outcomes)}."
    yield "Steps:"
    yield from (f"- {_step(step)}" for step in scenario.steps)
    yield "People, cars and beds:"
    yield from (f"- {_person(person)}" for person in scenario.people)


def _step(step: Step) -> str:
    needs = [*step.needs, *(f"{role} (anywhere)" for role in step.remote)]
    parts = [f"{step.name}: {_spread(step.minutes)}"]
    parts += [f"needs {' and '.join(needs)} at {step.at.value}"] if needs else []
    parts += [f"joined by {', '.join(step.joins)} if free"] if step.joins else []
    parts += [] if step.waits else ["refuses when full"]
    parts += [f"patience {_spread(step.patience)}"] if step.patience else []
    for fork in Fork:
        routes = step.routes.get(fork, ())
        if routes:
            ways = ", ".join(f"{r.to} {r.share:g}{_for(r.classes, r.stations, r.hours)}" for r in routes)  # fmt: skip
            parts.append(f"{fork.value}: {ways}")
    return "; ".join(parts)


def _for(classes: tuple[str, ...], stations: tuple[str, ...], hours: str | None) -> str:
    only = [*classes, *stations, *([hours] if hours else [])]
    return f" ({', '.join(only)})" if only else ""


def _person(person: Person) -> str:
    spans = [f"{h.since:g}–{h.until:g} on {len(h.days)} days" for h in person.duty]
    car = ", car" if person.has_car else ""
    return f"{person.name}: {', '.join(person.roles)}, {person.base}{car}, tier {person.tier}, {'; '.join(spans) or 'always'}"


def _spread(spread: Spread) -> str:
    if spread.kind is Kind.OBSERVED:
        return f"{len(spread.values)} observed values"
    known = {
        Kind.UNIFORM: f"{spread.low:g} to {spread.high:g}",
        Kind.TRIANGULAR: f"{spread.low:g}, {spread.mode:g}, {spread.high:g}",
    }
    sd = f", sd {spread.sd:g}" if spread.sd else ""
    return f"{spread.kind.value} {known.get(spread.kind, f'{spread.mean:g}{sd}')} min"


def _data(study: Study) -> Iterator[str]:
    yield from ("", "## 3 Data", "")
    yield "3.1 Sources and assumptions:"
    for scenario in study.scenarios:
        for one in scenario.assumptions:
            mark = " **Our own assumption.**" if one.ours else ""
            line = f"- {one.about}: {one.source}{mark}"
            if scenario is study.scenarios[0] or one not in study.scenarios[0].assumptions:  # fmt: skip
                yield f"{line} [{scenario.name}]"
    first = study.scenarios[0]
    yield f"3.2 Input: {len(first.places)} places, {sum(p.inhabitants for p in first.places):g} inhabitants, {len(first.streams)} streams."


def _experimentation(study: Study) -> Iterator[str]:
    first = study.scenarios[0]
    yield from ("", "## 4 Experimentation", "")
    yield f"4.1 Initialisation: empty at the start, {first.warm_up_days:g} days of warm-up left out."
    yield f"4.2 Run length: {first.days:g} days."
    yield f"4.3 Estimation: {study.replications} replications of {study.asked} asked for; Student's 95 % intervals; differences replication by replication on common random numbers."


def _implementation(study: Study) -> Iterator[str]:
    yield from ("", "## 5 Implementation", "")
    found = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    yield f"5.1 Software: {found}; engine {study.engine.value}."
    yield f"5.2 Random numbers: Philox, seed {study.seed}; one stream for each replication, activity and entity."
    yield "5.3 Execution: events at the same minute in a fixed order: duty, ends of steps, patience, limits, arrivals."
    yield "5.4 Access: EUPL-1.2; the same version, scenario and seed give the same figures."


def _results(study: Study) -> Iterator[str]:
    names = [s.name for s in study.scenarios]
    yield from ("", "## 6 Results", "", "| measure | " + " | ".join(names) + " |")
    yield "| --- |" + " --- |" * len(names)
    for measure in study.values[0]:
        cells = [
            _cell(interval(values[measure])) if measure in values else "not there"
            for values in study.values
        ]
        yield f"| {measure} | " + " | ".join(cells) + " |"
    if len(names) > 1:
        yield from ("", "Difference from the first:", "", "| measure | " + " | ".join(names[1:]) + " |")  # fmt: skip
        yield "| --- |" + " --- |" * (len(names) - 1)
        for measure in study.values[0]:
            cells = [
                _cell(difference(study, measure, s)) if measure in study.values[s] else "not there"
                for s in range(1, len(names))
            ]  # fmt: skip
            yield f"| {measure} | " + " | ".join(cells) + " |"


def _ranking(study: Study, ranking: Ranking | None) -> Iterator[str]:
    if ranking is None:
        return
    way = "lowest" if ranking.is_lower_better else "highest"
    yield from ("", f"Probability of having the {way} mean of {ranking.measure}, by drawing the replications anew {RESAMPLES} times:", "")  # fmt: skip
    for scenario, chance in zip(study.scenarios, ranking.chances, strict=True):
        yield f"- {scenario.name}: {'nothing was measured' if chance is None else f'{chance:.3f}'}"


def _cell(found: Interval) -> str:
    if found.mean is None:
        return "none"
    half = "" if found.half is None else f" ± {found.half:.3g}"
    return f"{found.mean:.4g}{half}"
