"""The tables of travel time, as shown and as a file has them."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from varde.apps.planning.queries.travel import Far, Group, Travel
from varde.apps.planning.travel_figures import QUESTIONS, Measured
from varde.apps.planning.travel_form import Asked
from varde.apps.sentral.queries.number_tables import percent, table
from varde.apps.staffing.messages.numbers import number
from varde.engines.access.nvdb import unused_assumptions
from varde.engines.access.reach import NormRow, Summary


NO_BREAK = "\N{NO-BREAK SPACE}"


def word(question: str) -> str:
    """The question in a word."""
    return _("nærmeste") if question == "nearest" else _("avtalt")


def people(value: float) -> str:
    r"""Whole people, with a space between the thousands.

    >>> people(12345.6), people(0.0)
    ('12\xa0346', '0')
    """
    if 0 < value < 0.5:
        return _("under 1")
    return f"{value:,.0f}".replace(",", NO_BREAK)


def tables(found: Travel, asked: Asked, measured: Measured) -> list[dict[str, Any]]:
    """Every table of the page, each also a file."""
    return [
        _minutes(found),
        _norm(found),
        far_table(found.far, asked),
        _groups("kommuner", _("Kommunene"), _("Kommune"), found.municipalities, found),
        _groups("alder", _("Alder"), _("Alder"), found.ages, found)
        | {"note": _("Alderen er tatt som lik overalt i en kommune.")},
        _groups(
            "sentralitet", _("Sentralitet"), _("Sentralitet"), found.centrality, found
        )
        | {"note": _("SSBs klasser: 1 er mest sentral, 6 minst.")},
        assumption_table(measured),
    ]


def _minutes(found: Travel) -> dict[str, Any]:
    """How many have longer than each limit."""
    rows: list[list[Any]] = []
    raw: list[list[Any]] = []
    for limit in found.limits:
        told = [found.beyond(one, limit) for one in QUESTIONS]
        label = _("Over %(n)s min") % {"n": number(limit)}
        rows.append([label, *_cells(told)])
        raw.append([label, *_raw(told)])
    for label, name in ((_("Uten veg"), "no_road"), (_("Ukjent avtale"), "unknown")):
        told = [_part(found.whole[one], name) for one in QUESTIONS]
        rows.append([label, *_cells(told)])
        raw.append([label, *_raw(told)])
    heads = [_("Reisetid")]
    for question in QUESTIONS:
        heads += [
            _("%(which)s: innbyggere") % {"which": word(question).capitalize()},
            _("%(which)s: andel") % {"which": word(question).capitalize()},
        ]
    return table("minutter", _("Innbyggere etter reisetid"), heads, rows, raw) | {
        "note": _("Andelene er av alle, også dem uten veg og dem uten kjent avtale.")
    }


def _part(one: Summary, name: str) -> tuple[float, float]:
    share = getattr(one, name) or 0.0
    return share * one.people, share


def _cells(told: Iterable[tuple[float, float]]) -> list[str]:
    return [cell for count, share in told for cell in (people(count), percent(share))]


def _raw(told: Iterable[tuple[float, float]]) -> list[float]:
    return [
        cell for count, share in told for cell in (round(count, 1), round(share, 5))
    ]


def _norm(found: Travel) -> dict[str, Any]:
    rows, raw = [], []
    for near, own in zip(*(found.norm[one] for one in QUESTIONS), strict=True):
        label = _("Innen %(n)s minutter") % {"n": number(near.within_min)}
        rows.append(
            [
                label,
                percent(near.goal),
                *(f"{percent(one.share)} {_met(one)}" for one in (near, own)),
            ]
        )
        raw.append([label, near.goal, near.share, own.share])
    heads = [_("Reisetid"), _("Foreslått norm"), _("Nærmeste"), _("Avtalt")]
    return table("norm", _("Mot den foreslåtte normen"), heads, rows, raw) | {
        "note": _(
            "Normen er et forslag fra NKLM (2014). Vi har ikke funnet at den er vedtatt."
        )
    }


def _met(one: NormRow) -> str:
    if one.is_met is None:
        return ""
    return _("✓ nådd") if one.is_met else _("✗ ikke nådd")


def _groups(
    key: str, title: str, head: str, groups: Iterable[Group], found: Travel
) -> dict[str, Any]:
    """Two lines of each group: to the nearest, and to the agreed station."""
    rows, raw = [], []
    for group in groups:
        for question in QUESTIONS:
            one = group.both[question]
            rows.append(
                [group.name, word(question), people(one.people), *_of_group(one, found)]
            )
            raw.append([group.code, group.name, word(question), *_raw_of(one, found)])
    tail = [
        _("Middel, min"),
        *(_("Over %(n)s min") % {"n": number(limit)} for limit in found.limits),
        _("Uten veg"),
        _("Ukjent avtale"),
    ]
    made = table(key, title, [head, _("Stasjon"), _("Innbyggere"), *tail], rows, raw)
    return made | {
        "csv_heads": [_("Kode"), head, _("Stasjon"), _("Innbyggere"), *tail],
        "is_paired": True,
    }


def _of_group(one: Summary, found: Travel) -> list[str]:
    beyond = one.beyond or {}
    return [
        number(one.mean_min),
        *(percent(beyond.get(limit)) for limit in found.limits),
        percent(one.no_road),
        percent(one.unknown),
    ]


def _raw_of(one: Summary, found: Travel) -> list[float | None]:
    beyond = one.beyond or {}
    return [
        round(one.people, 1),
        None if one.mean_min is None else round(one.mean_min, 1),
        *(beyond.get(limit) for limit in found.limits),
        one.no_road,
        one.unknown,
    ]


def far_table(rows: Iterable[Far], asked: Asked) -> dict[str, Any]:
    """The places from which some have longer than the limit."""
    shown, raw = [], []
    for one in rows:
        cells: list[str] = []
        numbers: list[float | None] = []
        for question in QUESTIONS:
            cells += [
                people(one.people[question]),
                _minutes_of(one, question),
            ]
            minutes = one.minutes[question]
            numbers += [
                round(one.people[question], 1),
                None if minutes is None else round(minutes, 1),
            ]
        shown.append(
            [f"{one.name}, {one.municipality_name}", *cells, people(one.no_road)]
        )
        raw.append(
            [
                one.municipality,
                one.municipality_name,
                one.name,
                *numbers,
                round(one.no_road, 1),
            ]
        )
    tail = [
        _("Nærmeste: innbyggere"),
        _("Nærmeste: minutter"),
        _("Avtalt: innbyggere"),
        _("Avtalt: minutter"),
        _("Uten veg"),
    ]
    title = _("Steder over %(n)s minutter") % {"n": asked.limit_min}
    made = table("steder", title, [_("Sted"), *tail], shown, raw)
    return made | {
        "csv_heads": [_("Kommunenummer"), _("Kommune"), _("Sted"), *tail],
        "note": _(
            "Bare de på stedet som har lengre enn grensen eller ingen veg. Minuttene er "
            "middelet for dem som har veg."
        ),
        "empty": _("Ingen har lengre enn grensen."),
    }


def _minutes_of(one: Far, question: str) -> str:
    if not one.people[question]:
        return _("innen")
    minutes = one.minutes[question]
    return _("uten veg") if minutes is None else number(minutes, decimals=0)


def assumption_table(measured: Measured) -> dict[str, Any]:
    """Everything that is assumed, with its source."""
    names = names_of()
    unused = unused_assumptions(measured.survey.report.times_from)
    rows = [
        [
            names.get(one.key, one.key),
            _value(one.value),
            one.unit,
            one.source,
            f"{one.valid_from:%Y}",
            _("ja") if one.verified else _("nei"),
        ]
        for one in measured.assumptions.values
        if one.key not in unused
    ]
    rows = [[str(cell) for cell in row] for row in rows]
    heads = [
        _("Antakelse"),
        _("Verdi"),
        _("Enhet"),
        _("Kilde"),
        _("Fra år"),
        _("Kontrollert mot kilden"),
    ]
    return table("antakelser", _("Alt som er antatt"), heads, rows, rows) | {
        "is_folded": True
    }


def _value(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_value(one)}" for name, one in value.items())
    if isinstance(value, list):
        return ", ".join(_value(one) for one in value)
    if isinstance(value, float):
        return f"{value:g}".replace(".", ",")
    return str(value)


def names_of() -> dict[str, str]:
    """The assumptions in words, by key."""
    return {
        "road.km_h": _("Fart på veg"),
        "ferry.km_h": _("Fart på ferje, med ventetid"),
        "road.lengthened": _("Tillegg for svinger"),
        "road.cut_m": _("Så lange biter deles vegen i"),
        "gap.m": _("Gap i vegnettet som bindes sammen"),
        "gap.ferry_m": _("Gap ved ferjekai"),
        "gap.dry_m": _("Gap på tørt land"),
        "gap.km_h": _("Fart over et gap"),
        "part.least_km": _("Minste løse del av vegnettet som noen plasseres på"),
        "off_road": _("Der kartet ikke har veg"),
        "water.narrow_m": _("Så smalt vann skiller ikke"),
        "spread": _("Hvor folk bor uten rutenett"),
        "spread.named": _("Innbyggere etter type stedsnavn"),
        "limit_min": _("Lengste reise som skilles ut"),
        "bands_min": _("Grenser i tabellene"),
        "norm": _("Foreslått norm"),
        "age_groups": _("Aldersgrupper"),
        "decay.half_km": _("Så mange km halverer bruken"),
        "rate_per_1000": _("Kontakter i året"),
        "far": _("Straff for lang veg"),
        "winner_min": _("Minste forskjell som regnes"),
    }
