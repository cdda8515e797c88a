"""What the commands about travel time print: figures for a program, and words for people."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import pairwise

import numpy as np

from varde.engines.access.assumptions import Assumptions
from varde.engines.access.catchments import Hours
from varde.engines.access.effects import AreaEffect, Effect
from varde.engines.access.reach import (
    Both,
    Reach,
    Summary,
    by_age,
    by_group,
    far_places,
    norm_table,
    reach_of,
    summary,
)
from varde.engines.access.survey import Survey


QUESTIONS = ("nearest", "agreed")
BEYOND_MIN = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A survey, what it was counted with, and what it gives on a day."""

    survey: Survey
    assumptions: Assumptions
    agreed: np.ndarray  # bool[n_places, n_stations]
    both: Both

    def minutes(self, question: str) -> np.ndarray:
        """Minutes to the nearest or the agreed station."""
        reach: Reach = getattr(self.both, question)
        return reach.minutes


def measured(
    survey: Survey, *, assumptions: Assumptions, on: date, hours: Hours
) -> Measured:
    """The survey on a day, by day or by night."""
    agreed = survey.agreed(on=on, hours=hours)
    return Measured(
        survey=survey,
        assumptions=assumptions,
        agreed=agreed,
        both=reach_of(survey.minutes, agreed),
    )


def summary_figures(found: Measured, *, municipalities: bool) -> dict[str, object]:
    """Shares by minutes for the nearest and the agreed station, in all and by group."""
    survey, limits = found.survey, found.assumptions.bands_min
    figures: dict[str, object] = {
        "year": survey.report.year,
        "people": survey.report.people,
        "stations": survey.report.stations,
        **{question: _whole(found, question) for question in QUESTIONS},
        "by_centrality": _grouped(
            found, survey.centrality[survey.area], [str(one) for one in range(7)]
        ),
        "by_age": [
            {"age": name} | dict(zip(QUESTIONS, pair, strict=True))
            for name, *pair in zip(
                _age_names(survey),
                *(
                    [
                        _told(one)
                        for one in by_age(
                            found.minutes(question),
                            survey.people,
                            survey.area,
                            survey.age_shares(),
                            limits=limits,
                        )
                    ]
                    for question in QUESTIONS
                ),
                strict=True,
            )
        ],
    }
    if municipalities:
        figures["by_municipality"] = _grouped(
            found, survey.area, survey.municipality.tolist()
        )
    figures["report"] = asdict(survey.report)
    figures["assumptions"] = assumption_figures(found.assumptions)
    return figures


def assumption_figures(assumptions: Assumptions) -> list[dict[str, object]]:
    """Everything that is assumed, each with its source and date."""
    return [
        asdict(one) | {"valid_from": one.valid_from.isoformat()}
        for one in assumptions.values
    ]


def _whole(found: Measured, question: str) -> dict[str, object]:
    survey, minutes = found.survey, found.minutes(question)
    told = _told(summary(minutes, survey.people, limits=found.assumptions.bands_min))
    norm = norm_table(minutes, survey.people, found.assumptions.norm)
    return told | {"norm": [asdict(row) | {"is_met": row.is_met} for row in norm]}


def _grouped(
    found: Measured, group: np.ndarray, names: Sequence[str]
) -> dict[str, dict[str, object]]:
    answers: dict[str, dict[str, object]] = {}
    for question in QUESTIONS:
        groups = by_group(
            found.minutes(question),
            found.survey.people,
            group,
            limits=found.assumptions.bands_min,
        )
        for number, one in groups.items():
            answers.setdefault(names[number], {})[question] = _told(one)
    return answers


def _told(one: Summary) -> dict[str, object]:
    """`share_beyond` are those with a road. No road, and no known agreement, stand apart."""
    if one.beyond is None or one.no_road is None:
        return asdict(one)
    return {
        "people": round(one.people, 1),
        "mean_min": one.mean_min,
        "median_min": one.median_min,
        "p90_min": one.p90_min,
        "share_beyond": {f"{limit:g}": share for limit, share in one.beyond.items()},
        "share_beyond_or_no_road": {
            f"{limit:g}": share + one.no_road for limit, share in one.beyond.items()
        },
        "no_road": one.no_road,
        "unknown": one.unknown,
    }


def _age_names(survey: Survey) -> list[str]:
    first = survey.age_from.tolist()
    return [
        *(f"{age}-{later - 1}" for age, later in pairwise(first)),
        f"{first[-1]}+",
    ]


def far_figures(found: Measured, question: str) -> list[dict[str, object]]:
    """The places from which people have longer than an hour, or no road."""
    survey = found.survey
    names, number = np.unique(survey.place, return_inverse=True)
    return [
        {
            "municipality": str(survey.municipality[one.area]),
            "municipality_name": str(survey.municipality_name[one.area]),
            "place": str(names[one.place]),
            "people": round(one.people, 1),
            "no_road": round(one.no_road, 1),
            "minutes": one.minutes,
        }
        for one in far_places(
            found.minutes(question),
            survey.people,
            survey.area,
            number.reshape(-1),
            beyond_min=BEYOND_MIN,
        )
    ]


def effect_figures(survey: Survey, one: Effect) -> dict[str, object]:
    """What a change does, in all and by municipality."""
    return {
        "moved": asdict(one.moved),
        "municipalities": [_area(survey, area) for area in one.areas],
    }


def _area(survey: Survey, one: AreaEffect) -> dict[str, object]:
    return {
        "municipality": str(survey.municipality[one.area]),
        "municipality_name": str(survey.municipality_name[one.area]),
        "before": _told(one.before),
        "after": _told(one.after),
        "moved": asdict(one.moved),
    }


def summary_words(found: Measured) -> str:
    """The table for people: shares beyond each limit, nearest and agreed side by side."""
    survey, limits = found.survey, found.assumptions.bands_min
    report = survey.report
    lines = [
        f"{report.people:,.0f} people, 1 January {report.year}; {report.stations} stations",
        f"{'':<26}{'mean':>7}"
        + "".join(f"{f'>{limit:g}':>8}" for limit in limits)
        + f"{'no road':>9}{'unknown':>9}",
    ]
    group = survey.centrality[survey.area]
    for question in QUESTIONS:
        minutes = found.minutes(question)
        whole = summary(minutes, survey.people, limits=limits)
        lines.append(_row(f"{question} station", whole))
        groups = by_group(minutes, survey.people, group, limits=limits)
        lines += [_row(f"  centrality {n}", one) for n, one in sorted(groups.items())]
        for row in norm_table(minutes, survey.people, found.assumptions.norm):
            share = "–" if row.share is None else f"{100 * row.share:.1f} %"
            lines.append(
                f"  within {row.within_min:g} min: {share} (proposed norm "
                f"{100 * row.goal:.0f} %, {'met' if row.is_met else 'not met'})"
            )
    return "\n".join((*lines, "", report_words(survey)))


def _row(name: str, one: Summary) -> str:
    if one.beyond is None or one.no_road is None or one.unknown is None:
        return f"{name:<26}{'nobody':>7}"
    mean = "–" if one.mean_min is None else f"{one.mean_min:.1f}"
    shares = "".join(f"{100 * share:>7.2f}%" for share in one.beyond.values())
    return f"{name:<26}{mean:>7}{shares}{100 * one.no_road:>8.2f}%{100 * one.unknown:>8.2f}%"


def report_words(survey: Survey) -> str:
    """What was read, what lacks, and what was done to the map."""
    report = survey.report
    lines = ["Read:", *(f"  {one}" for one in report.read)]
    if report.lacks:
        lines += ["Not there:", *(f"  {one}" for one in report.lacks)]
    if report.unused:
        lines += ["Not used:", *(f"  {one}" for one in report.unused)]
    lines.append(f"The minutes are from {report.times_from}.")
    lines += report.notes
    lines.append(
        f"{report.nodes} nodes in {report.parts} parts, {report.bridged} gaps bridged, the "
        f"longest {report.longest_bridge_m:.0f} m."
    )
    lines.append(
        f"{report.no_road:,.0f} people whom no road takes to any station; they count in "
        "every share."
    )
    if report.without_agreement:
        lines.append(
            "No agreement is known for " + ", ".join(report.without_agreement) + "."
        )
    return "\n".join(lines)
