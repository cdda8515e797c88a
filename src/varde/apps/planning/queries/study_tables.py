"""The tables of a study: figures, differences, ranking, every measure, every assumption."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from varde.apps.planning.messages import scenario_words as words
from varde.apps.planning.queries.scenario_map import places_table
from varde.apps.planning.queries.studies import Found, Spread, spread
from varde.apps.planning.scenarios import figures as kinds
from varde.apps.planning.scenarios.figures import Figure
from varde.apps.planning.scenarios.form import CHANGED
from varde.apps.sentral.queries.number_tables import table
from varde.apps.staffing.queries.pay_tables import RATE


DIGITS = {kinds.SHARE: 1, kinds.MINUTES: 1, kinds.COUNT: 1, kinds.HOURS: 1, kinds.KRONER: 0}  # fmt: skip
NONE = "–"
FEWER = 0.02  # a smaller fall in the contacts is not told of


def plain(value: float, digits: int) -> str:
    """A number with a comma, and spaces between the thousands.

    >>> plain(1234567.0, 0), plain(-0.04, 1), plain(12.345, 1)
    ('1 234 567', '0,0', '12,3')
    """
    text = f"{value:,.{digits}f}".replace(",", " ").replace(".", ",")
    is_nothing = not text.strip("-0, ")
    return text.lstrip("-") if is_nothing else text.replace("-", "−")


def told(mean: float | None, half: float | None, unit: str) -> str:
    """A figure with its interval, in its unit; a dash where there is none."""
    if mean is None:
        return NONE
    scale, digits = (100 if unit == kinds.SHARE else 1), DIGITS[unit]
    text = plain(mean * scale, digits)
    if half is not None:
        text += f" ± {_half(half * scale, digits)}"
    return f"{text} %" if unit == kinds.SHARE else text


def _half(value: float, digits: int) -> str:
    """Half the width of an interval; one too narrow to be printed is not said to be none."""
    if value and _is_nothing(value, digits):
        return _("under %(n)s") % {"n": plain(10.0**-digits, digits)}
    return plain(value, digits)


def _is_nothing(value: float, digits: int) -> bool:
    """Whether a number is printed as zero."""
    return not plain(value, digits).strip("0,")


def cell(figure: Figure, number: int, found: Spread) -> str:
    """One figure of one scenario; with a part unknown it is the least it can be."""
    text = told(found.mean, found.half, figure.unit)
    if figure.at_least and figure.at_least[number]:
        return _("minst %(n)s") % {"n": text}
    return text


def progress_rows(stored: Sequence[Any]) -> list[tuple[str, list[str]]]:
    """The figures so far, as they were stored."""
    rows = []
    for code, unit, spreads, at_least in stored:
        cells = [
            _("minst %(n)s") % {"n": told(*pair, unit)}
            if at_least and at_least[number]
            else told(*pair, unit)
            for number, pair in enumerate(spreads)
        ]
        rows.append((words.figure_title(code), cells))
    return rows


def tables(found: Found) -> list[dict[str, Any]]:
    """Every table that is shown, with the same as CSV."""
    many = len(found.scenarios) > 1
    return [
        _figures(found),
        *([_differences(found), _ranking(found)] if many else []),
        places_table(found),
        _assumptions(found),
        _sources(found),
    ]


def files(found: Found) -> list[dict[str, Any]]:
    """What can be had as CSV: the tables, every measure, and every replication."""
    return [*tables(found), measures(found), _replications(found)]


def _figures(found: Found) -> dict[str, Any]:
    rows, raw = [], []
    for figure in found.figures:
        spreads = [spread(values) for values in figure.values]
        cells = [cell(figure, n, one) for n, one in enumerate(spreads)]
        rows.append((words.figure_title(figure.code), *cells))
        pairs = [value for one in spreads for value in (one.mean, one.half)]
        raw.append((words.figure_title(figure.code), *pairs))
    made = table("tall", _("Tallene ved siden av hverandre"), ["", *found.titles], rows, raw)  # fmt: skip
    return made | {"csv_heads": ["", *_pairs(found.titles)]}


def _pairs(titles: Sequence[str]) -> list[str]:
    return [f"{title} {what}" for title in titles for what in (_("snitt"), "±")]


def difference(figure: Figure, number: int) -> Spread:
    """How much more a scenario has of a figure than the first, run by run."""
    one, first = figure.values[number], figure.values[0]
    if one is None or first is None:
        return Spread(mean=None, half=None)
    return spread(one - first)


def _differences(found: Found) -> dict[str, Any]:
    rows, raw = [], []
    others, gone = range(1, len(found.scenarios)), fallen(found)
    for figure in found.figures:
        spreads = [difference(figure, n) for n in others]
        title = words.figure_title(figure.code)
        rows.append(
            (
                title,
                *(
                    _more(figure, n, one, is_fewer=gone[n] > 0)
                    for n, one in zip(others, spreads, strict=True)
                ),
            )
        )
        raw.append((title, *(v for one in spreads for v in (one.mean, one.half))))
    titles = found.titles[1:]
    made = table(
        "forskjell",
        _("Forskjellen fra «%(first)s»") % {"first": found.titles[0]},
        ["", *titles],
        rows,
        raw,
    )
    return made | {"csv_heads": ["", *_pairs(titles)]}


def _more(figure: Figure, number: int, found: Spread, *, is_fewer: bool) -> str:
    """A difference with its sign, and what it means where the interval leaves out zero."""
    if found.mean is None:
        return NONE
    if figure.at_least and (figure.at_least[number] or figure.at_least[0]):
        return _("ikke kjent")
    text = told(found.mean, found.half, figure.unit)
    if figure.unit == kinds.SHARE:
        text = text.replace(" %", _(" prosentpoeng"))
    sign = "+" if found.mean > 0 and not _is_unseen(figure, found.mean) else ""
    return f"{sign}{text}{_verdict(figure, found, is_fewer=is_fewer)}"


def _is_unseen(figure: Figure, mean: float) -> bool:
    """Whether a difference is too small to be printed."""
    return _is_nothing(
        mean * (100 if figure.unit == kinds.SHARE else 1), DIGITS[figure.unit]
    )


def _verdict(figure: Figure, found: Spread, *, is_fewer: bool) -> str:
    """Better or worse; never better where it may be that fewer come, nor of what is too
    small to be seen."""
    half = found.half or 0.0
    if not figure.good or found.mean is None or abs(found.mean) <= half:
        return ""
    if _is_unseen(figure, found.mean):
        return ""
    is_better = (found.mean < 0) == (figure.good == kinds.LOW)
    if is_better and is_fewer and _is_of_those_who_came(figure):
        return _(" (færre kommer)")
    return _(" (bedre)") if is_better else _(" (verre)")


def _is_of_those_who_came(figure: Figure) -> bool:
    return figure.is_simulated and figure.unit != kinds.KRONER


def _ranking(found: Found) -> dict[str, Any]:
    rows, raw = [], []
    for figure in found.figures:
        chances = ranked(found, figure)
        if chances is not None:
            title = words.figure_title(figure.code)
            rows.append((title, *(told(one, None, kinds.SHARE) for one in chances)))
            raw.append((title, *chances))
    titles = [
        f"{title} *" if gone else title
        for title, gone in zip(found.titles, fallen(found), strict=True)
    ]
    return table("best", _("Sannsynligheten for å være best"), ["", *titles], rows, raw)


def ranked(found: Found, figure: Figure) -> list[float] | None:
    """The chance that each scenario is the best; None where that cannot be said."""
    from dataclasses import replace

    from varde.engines.simulation.study import chance_of_best

    values = [one for one in figure.values if one is not None]
    if not figure.good or not figure.is_simulated or len(values) < len(figure.values):
        return None
    if any(figure.at_least):
        return None
    study = replace(found.study, values=tuple({figure.code: one} for one in values))
    chances = chance_of_best(study, figure.code, is_lower_better=figure.good == kinds.LOW)  # fmt: skip
    return None if any(np.isnan(chances)) else chances


def measures(found: Found) -> dict[str, Any]:
    """Every measure of the engine."""
    names = list(dict.fromkeys(name for values in found.values for name in values))
    rows, raw = [], []
    for name in names:
        spreads = [spread(values.get(name)) for values in found.values]
        kind = name.split(".")[0]
        unit = kinds.SHARE if kind in SHARES else kinds.MINUTES
        rows.append((words.measure_title(name), *(told(s.mean, s.half, unit) for s in spreads)))  # fmt: skip
        raw.append((name, *(v for one in spreads for v in (one.mean, one.half))))
    made = table("alle", _("Alle mål"), ["", *found.titles], rows, raw)
    return made | {"csv_heads": ["", *_pairs(found.titles)]}


SHARES = {"met_busy", "within", "gave_up", "refused", "missed", "busy"}


def _replications(found: Found) -> dict[str, Any]:
    rows = list(_each(found))
    heads = [_("Scenario"), _("Mål"), *(str(n) for n in range(found.count))]
    return table("kjoringer", _("Hver kjøring"), heads, rows, rows)


def _each(found: Found) -> Iterator[tuple[Any, ...]]:
    for title, values in zip(found.titles, found.values, strict=True):
        for name, seen in values.items():
            yield title, name, *(None if np.isnan(v) else float(v) for v in seen)


def _assumptions(found: Found) -> dict[str, Any]:
    """Each assumption once, with the scenarios that rest on it."""
    where: dict[tuple[str, str, bool], list[str]] = {}
    for scenario in found.scenarios:
        for one in scenario.assumptions:
            where.setdefault((one.about, one.source, one.ours), []).append(scenario.title)  # fmt: skip
    rows = [
        (
            words.about_words(about),
            _in_which(titles, found),
            _kind(source, ours=ours),
            source,
        )
        for (about, source, ours), titles in where.items()
    ]
    heads = [_("Om"), _("Scenario"), _("Slag"), _("Kilde")]
    return table("antakelser", _("Alt som er antatt"), heads, rows, rows)


def _in_which(titles: Sequence[str], found: Found) -> str:
    return _("alle") if len(titles) == len(found.scenarios) else ", ".join(titles)


def _kind(source: str, *, ours: bool) -> str:
    if source.startswith(CHANGED):
        return _("endret her")
    return _("anslag") if ours else _("kilde")


def _sources(found: Found) -> dict[str, Any]:
    stored = found.row.cost_grounds.get("sources", [])
    rows = [
        (
            str(RATE[key] if key in RATE else words.RATE[key]),
            day or NONE,
            _("ja") if is_verified else _("nei"),
            text or _("ikke lagt inn"),
        )
        for key, _value, day, is_verified, text in stored
    ]
    heads = [_("Sats"), _("Gjelder fra"), _("Kontrollert"), _("Kilde")]
    return table("kilder", _("Satsene i lønna"), heads, rows, rows)


def fallen(found: Found) -> list[float]:
    """The part of the contacts of the first that each scenario lacks; 0 where little."""
    a_day = [
        float((values["contacts"] / scenario.days).mean())
        for scenario, values in zip(found.scenarios, found.values, strict=True)
    ]
    gone = [1 - many / a_day[0] if a_day[0] else 0.0 for many in a_day]
    return [one if one > FEWER else 0.0 for one in gone]


def fewer(found: Found) -> list[str]:
    """Where fewer make contact than in the first: those who stay away wait in no figure."""
    return [
        _(
            "«%(title)s»: %(n)s %% færre tar kontakt enn i «%(first)s», fordi veien blir "
            "lengre eller færre søker. De er ikke med i minuttene og andelene, som derfor "
            "kan se bedre ut enn de er for dem som bor der."
        )
        % {"title": title, "n": plain(100 * gone, 0), "first": found.titles[0]}
        for title, gone in zip(found.titles, fallen(found), strict=True)
        if gone
    ]


def unknown_costs(found: Found) -> list[str]:
    """What the cost of each scenario lacks, a sentence for each."""
    reckoned = kinds.costs_of(found.scenarios, found.values, found.costs) or []
    return [
        f"{title}: {words.UNKNOWN_COST[code]}"
        for title, one in zip(found.titles, reckoned, strict=False)
        for code in one.unknown
    ]
