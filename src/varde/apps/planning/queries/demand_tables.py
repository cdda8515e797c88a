"""The tables and the figures of the demand page, each also as a file."""

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from varde.apps.planning.queries import demand_shown as shown
from varde.apps.planning.queries.demand import UNKNOWN
from varde.apps.planning.queries.demand_shown import Found, Point, per_cent
from varde.apps.records.models import Municipality
from varde.apps.sentral.messages import HASTEGRAD
from varde.apps.sentral.queries.number_tables import table
from varde.apps.staffing.messages.numbers import number
from varde.domain.hastegrad import PHONE


def tables(found: Found, *, weeks: int, days: int) -> list[dict[str, Any]]:
    """Every table, in the order of the page. What cannot be told has no table."""
    made = [_days(found, weeks=weeks), _hours(found, days=days)]
    if "ahead" not in found:
        return [*made, _heat(found)] if found["heat"] else made
    return [
        _weeks(found, weeks=weeks),
        *made,
        *([_heat(found)] if found["heat"] else []),
        _calendar(found),
        *(_shares(found, name) for name in ("hastegrad", "age", "municipality")),
        *([_judged(found)] if found["judged"]["origins"] else []),
    ]


def figures(found: Found) -> list[dict[str, str]]:
    """The main figures of a forecast, each with what it is."""
    if "ahead" not in found:
        return []
    week = shown.by_week(found, weeks=1)[0]
    made = [
        _figure(
            _("De neste sju dagene"),
            number(week.expected, decimals=0),
            _("90 %% av slike uker ventes mellom %(low)s og %(high)s.")
            % {"low": week.low, "high": week.high},
        ),
        _figure(
            _("Nivået de siste 28 dagene"),
            _signed_share(found["level"] - 1),
            _("mot det som er vanlig for årstida og ukedagene."),
        ),
    ]
    judged = found["judged"]
    if judged["origins"]:
        made.append(
            _figure(
                _("Traff innenfor 90 %-båndet"),
                per_cent(judged["ours"]["coverage"]),
                _(
                    "av %(hours)s timer, og %(within)s av %(weeks)s hele uker, spådd fire "
                    "uker fram."
                )
                % {
                    "hours": judged["ours"]["hours"],
                    "within": judged["weeks_within"],
                    "weeks": judged["weeks"],
                },
            )
        )
    return made


def _figure(title: str, value: str, of: str) -> dict[str, str]:
    return {"title": title, "value": value, "of": of}


def _signed_share(change: float) -> str:
    whole = round(100 * change)
    if not whole:
        return "0 %"
    return f"{'+' if whole > 0 else '−'}{abs(whole)} %"


def _rows(points: tuple[Point, ...], form: str) -> tuple[list[Any], list[Any]]:
    rows, raw = [], []
    for one in points:
        words = date_format(one.begins, form)
        is_past = one.expected is None
        band = "" if is_past else f"{one.low}–{one.high}"
        came = ("–" if one.came is None else one.came) if is_past else ""
        rows.append([words, came, "" if is_past else number(one.expected), band])
        raw.append(
            [one.begins.isoformat(sep=" "), one.came, one.expected, one.low, one.high]
        )
    return rows, raw


def _stretch(
    key: str, title: str, first: str, points: tuple[Point, ...], form: str
) -> dict[str, Any]:
    rows, raw = _rows(points, form)
    made = table(key, title, [first, _("Kom"), _("Ventet"), _("90 %-bånd")], rows, raw)
    made["csv_heads"] = [first, _("Kom"), _("Ventet"), _("Fra"), _("Til")]
    return made


def _weeks(found: Found, *, weeks: int) -> dict[str, Any]:
    points = shown.by_week(found, weeks=weeks)
    rows, raw = _rows(points, "j. F")
    made = table(
        "uker",
        _("Uke for uke framover"),
        [_("Sju dager fra"), _("Ventet"), _("90 %-bånd")],
        [[row[0], row[2], row[3]] for row in rows],
        [[row[0], *row[2:]] for row in raw],
    )
    made["csv_heads"] = [_("Sju dager fra"), _("Ventet"), _("Fra"), _("Til")]
    return made


def _days(found: Found, *, weeks: int) -> dict[str, Any]:
    return _stretch(
        "dager",
        _("Dag for dag"),
        _("Dag"),
        shown.by_day(found, weeks=weeks),
        "D j. b",
    )


def _hours(found: Found, *, days: int) -> dict[str, Any]:
    return _stretch(
        "timer",
        _("Time for time"),
        _("Time"),
        shown.by_hour(found, days=days),
        "D j. b H:i",
    )


def _heat(found: Found) -> dict[str, Any]:
    means = found["heat"]["means"]
    return table(
        "uka",
        _("En vanlig uke, time for time"),
        [_("Klokka"), *(_day(n) for n in range(7))],
        shown.heat(found),
        [
            [f"{hour:02}:00", *(means[24 * day + hour] for day in range(7))]
            for hour in range(24)
        ],
    )


def _day(number_of_day: int) -> str:
    monday = date(2024, 1, 1)
    return date_format(monday.replace(day=1 + number_of_day), "D").rstrip(".")


def _calendar(found: Found) -> dict[str, Any]:
    rows, raw = [], []
    for one in found["calendar"]:
        first, last = (date.fromisoformat(one[name]) for name in ("first", "last"))
        when = date_format(first, "D j. F")
        if last != first:
            when += "–" + date_format(last, "D j. F")
        times = one["factor"]
        factor = "–" if times is None else f"× {times:.2f}".replace(".", ",")
        rows.append([one["words"], when, number(one["expected"]), factor, one["seen"]])
        raw.append(
            [first, last, one["words"], one["expected"], one["factor"], one["seen"]]
        )
    made = table(
        "kalender",
        _("Dager som skiller seg ut, et halvt år fram"),
        [
            _("Hva"),
            _("Når"),
            _("Ventet"),
            _("Mot vanlige dager"),
            _("Slike dager i historien"),
        ],
        rows,
        raw,
    )
    made["csv_heads"] = [
        _("Fra"),
        _("Til og med"),
        _("Hva"),
        _("Ventet"),
        _("Faktor"),
        _("Slike dager i historien"),
    ]
    return made


def _shares(found: Found, name: str) -> dict[str, Any]:
    titles = {
        "hastegrad": _("Etter hastegrad"),
        "age": _("Etter alder"),
        "municipality": _("Etter kommune"),
    }
    words = _words(name, [one["code"] for one in found["shares"][name]])
    is_calls = found["kind"] == "sentral"
    first = {
        "hastegrad": _("Hastegrad"),
        "age": _("Alder"),
        "municipality": _("Kommune"),
    }[name]
    heads = [
        first,
        _("Siste år"),
        _("Andel"),
        _("95 %-intervall"),
        *([] if is_calls else [_("Ventet, 13 uker")]),
    ]
    rows, raw = [], []
    for one in found["shares"][name]:
        expected = [] if is_calls else [number(one["expected"], decimals=0)]
        rows.append(
            [
                words[one["code"]],
                one["count"],
                per_cent(one["share"]),
                f"{number(100 * one['low'])}–{number(100 * one['high'])} %",
                *expected,
            ]
        )
        whole = [words[one["code"]], one["count"], one["share"]]
        raw.append([*whole, one["low"], one["high"]])
    made = table({"age": "alder", "municipality": "kommune"}.get(name, name),
                 titles[name], heads, rows, raw)  # fmt: skip
    made["csv_heads"] = [first, _("Siste år"), _("Andel"), _("Fra"), _("Til")]
    return made


def _words(name: str, codes: list[str]) -> dict[str, str]:
    unknown = {UNKNOWN: _("ikke kjent")}
    if name == "hastegrad":
        return unknown | {
            code: _("%(level)s (telefon)") % {"level": HASTEGRAD[code]}
            if code in PHONE.codes
            else _("%(level)s (oppmøte)") % {"level": HASTEGRAD[code]}
            for code in codes
            if code != UNKNOWN
        }
    if name == "age":
        return unknown | {
            code: _("%(band)s år") % {"band": code.replace("-", "–")}
            for code in codes
            if code != UNKNOWN
        }
    known = dict(
        Municipality.objects.filter(number__in=codes).values_list("number", "name")
    )
    return unknown | {code: known.get(code, code) for code in codes if code != UNKNOWN}


def _judged(found: Found) -> dict[str, Any]:
    judged = found["judged"]
    rows, raw = [], []
    for title, name in (
        (_("Prognosen"), "ours"),
        (_("Snittet av samme time i uka, 52 uker"), "plain"),
    ):
        one = judged[name]
        rows.append(
            [
                title,
                number(one["crps"], decimals=3),
                number(one["mae"], decimals=2),
                per_cent(one["coverage"], decimals=1),
            ]
        )
        raw.append([title, one["crps"], one["mae"], one["coverage"]])
    return table(
        "treff",
        _("Hvor god prognosen har vært"),
        [
            _("Målt på egen historie"),
            _("CRPS (lavere er bedre)"),
            _("Feil i snitt, per time"),
            _("Innenfor 90 %-båndet"),
        ],
        rows,
        raw,
    )
