"""The tables of a comparison: figures, cost, load, rules, assumptions, the rotas."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from varde.apps.records.models import StaffingComparison
from varde.apps.sentral.queries.number_tables import table
from varde.apps.staffing.messages import model_words as words
from varde.apps.staffing.queries.comparison.shown import (
    Shown,
    difference,
    post_words,
    today_of,
)
from varde.apps.staffing.queries.comparison.stored import to_amount
from varde.apps.staffing.queries.load_tables import at_least, every, number
from varde.apps.staffing.queries.pay_tables import FORM, RATE, amount, kroner
from varde.apps.staffing.queries.work import ZONE
from varde.domain.pay.amount import Amount, total
from varde.domain.pay.forms import Form
from varde.domain.pay.tariff import ContactKind
from varde.engines.staffing_models.values import Item


def net(found: Amount) -> str:
    """A net cost; where a part is unknown neither the least nor the most is known."""
    if found.total is not None:
        return kroner(found.total)
    return _("ukjent (kjente deler: %(sum)s)") % {"sum": kroner(found.known)}


def signed(value: Decimal | None) -> str:
    """Kroner more or less, with its sign; a dash when unknown."""
    if value is None:
        return "–"
    return f"+{kroner(value)}" if value > 0 else kroner(value)


def tables(row: StaffingComparison, shown: Sequence[Shown]) -> list[dict[str, Any]]:
    """Every table that is shown, with the same as CSV."""
    return [
        _figures(row, shown),
        _cost(shown),
        _load(row, shown),
        _rules(shown),
        _assumed(row),
        _sources(row),
    ]


def files(row: StaffingComparison, shown: Sequence[Shown]) -> list[dict[str, Any]]:
    """What can be had as CSV: the tables, each line of the cost, and each rota."""
    return [
        *tables(row, shown),
        _lines(shown),
        *(_rota(one) for one in shown),
    ]


def _figures(row: StaffingComparison, shown: Sequence[Shown]) -> dict[str, Any]:
    now = today_of(shown)
    high = number(row.assumed["load"]["limits_h"][1])
    weeks = [max((c["over_high"] for c in one.carried), default=None) for one in shown]
    lines: list[tuple[str, list[str], list[Any]]] = [
        (
            _("Netto kostnad for kommunen, kroner i året"),
            [net(one.cost) for one in shown],
            [one.cost.total for one in shown],
        ),
        (
            _("Mer (+) eller mindre (−) enn i dag"),
            ["–" if one is now else signed(difference(one, now)) for one in shown],
            [None if one is now else difference(one, now) for one in shown],
        ),
        (
            _("Folk i vakt"),
            [_listed(one.people) for one in shown],
            [sum(n for _who, n in one.people) for one in shown],
        ),
        (
            _("Må rekrutteres"),
            [
                "–" if one is now else
                _listed(one.recruit) or _("ingen")
                for one in shown
            ],
            [None if one is now else one.to_find for one in shown],
        ),
        (
            _("Timer i uka for dem som har flest, snitt"),
            [
                "–"
                if one.doctors_h is None
                else at_least(one.doctors_h, is_whole=_is_whole(one))
                for one in shown
            ],
            [_round(one.doctors_h) for one in shown],
        ),
        (
            _("Uker over %(limit)s timer, per person i året, på det meste")
            % {"limit": high},
            [_weeks(one, most) for one, most in zip(shown, weeks, strict=True)],
            [_round(most) for most in weeks],
        ),
        (
            _("Ledige vakter"),
            [str(one.row["vacant"]) for one in shown],
            [one.row["vacant"] for one in shown],
        ),
    ]  # fmt: skip
    return table(
        "tall",
        _("Tallene ved siden av hverandre"),
        ["", *(one.title for one in shown)],
        [(title, *cells) for title, cells, _raw in lines],
        [(title, *raw) for title, _cells, raw in lines],
    )


def _listed(groups: Sequence[tuple[str, int]]) -> str:
    return ", ".join(f"{who}: {count}" for who, count in groups)


def _is_whole(one: Shown) -> bool:
    return all(group["practice_h"] is not None for group in one.carried)


def _weeks(one: Shown, value: float | None) -> str:
    return "–" if value is None else at_least(value, is_whole=_is_whole(one))


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _cost(shown: Sequence[Shown]) -> dict[str, Any]:
    """One line for each part, one column for each model; what a model has not, is a dash."""
    used = {line["item"] for one in shown for line in one.row["lines"]}

    def sum_of(one: Shown, item: Item) -> Amount | None:
        mine = [line for line in one.row["lines"] if line["item"] == item]
        return total(to_amount(line["amount"]) for line in mine) if mine else None

    rows, raw = [], []
    for item in Item:
        if item in used:
            sums = [sum_of(one, item) for one in shown]
            rows.append(
                (
                    str(words.ITEM[item]),
                    *("–" if part is None else amount(part) for part in sums),
                )
            )
            raw.append(
                (
                    str(words.ITEM[item]),
                    *(None if part is None else part.total for part in sums),
                )
            )
    rows.append((_("Netto kostnad for kommunen"), *(net(one.cost) for one in shown)))
    raw.append((_("Netto kostnad for kommunen"), *(one.cost.total for one in shown)))
    return table(
        "kostnad",
        _("Kostnaden for kommunen, del for del, kroner i året"),
        [_("Del"), *(one.title for one in shown)],
        rows,
        raw,
    )


def _lines(shown: Sequence[Shown]) -> dict[str, Any]:
    heads = [
        _("Modell"), _("Del"), _("Gruppe"), _("Antall"), _("Enhet"), _("Sats"),
        _("Kroner i året"), _("Kjent del"),
    ]  # fmt: skip
    raw = []
    for one in shown:
        for line in one.row["lines"]:
            item, part = Item(line["item"]), to_amount(line["amount"])
            raw.append(
                (
                    one.title,
                    str(words.ITEM[item]),
                    str(words.GROUP.get(line["group"], "")),
                    _round(line["quantity"]),
                    str(words.UNIT.get(item, "")),
                    line["rate"],
                    part.total,
                    part.known,
                )
            )
    return table("kostnadslinjer", _("Hver linje av kostnaden"), heads, raw, raw)


def _load(row: StaffingComparison, shown: Sequence[Shown]) -> dict[str, Any]:
    low, high = (number(limit) for limit in row.assumed["load"]["limits_h"])
    rest = number(row.assumed["load"]["rest_h"])
    heads = [
        _("Modell og gruppe"), _("Folk"), _("Timer i uka, snitt"), _("Dagarbeid"),
        _("Vakt"), _("av det aktiv"), _("av det bakvakt"), _("Tyngste uke"),
        _("Uker over %(limit)s") % {"limit": low},
        _("Uker over %(limit)s") % {"limit": high},
        _("Hverdag"), _("Helg"), _("Natt"), _("Bakvakt, døgn"), _("Helligdager i året"),
        _("Hvile under %(hours)s t, ganger i året") % {"hours": rest},
        _("Korteste hvile, t"), _("Inntekt per person, kroner i året"),
    ]  # fmt: skip
    rows, raw = [], []
    for one in shown:
        for group in one.carried:
            is_whole = group["practice_h"] is not None
            income = None if group["income"] is None else to_amount(group["income"])
            who = f"{one.title}: {words.GROUP[group['code']]}"
            rows.append(
                (
                    who,
                    group["people"],
                    at_least(group["whole_h"], is_whole=is_whole),
                    number(group["practice_h"]),
                    number(group["duty_h"]),
                    number(group["active_h"]),
                    number(group["backup_h"]),
                    at_least(group["hardest_week_h"], is_whole=is_whole),
                    at_least(group["over_low"], is_whole=is_whole),
                    at_least(group["over_high"], is_whole=is_whole),
                    every(group["nth_weekday"]),
                    every(group["nth_weekend"]),
                    every(group["nth_night"]),
                    every(group["nth_backup"]),
                    number(group["holidays"]),
                    at_least(group["short_rests"], is_whole=is_whole),
                    number(group["shortest_rest_h"]),
                    _("ikke lønn fra kommunen") if income is None else amount(income),
                )
            )
            raw.append(
                (
                    who,
                    group["people"],
                    *(
                        _round(group[field])
                        for field in (
                            "whole_h", "practice_h", "duty_h", "active_h", "backup_h",
                            "hardest_week_h", "over_low", "over_high", "nth_weekday",
                            "nth_weekend", "nth_night", "nth_backup", "holidays",
                            "short_rests", "shortest_rest_h",
                        )
                    ),
                    None if income is None else income.total,
                )
            )  # fmt: skip
    return table("belastning", _("Belastningen"), heads, rows, raw)


def _rules(shown: Sequence[Shown]) -> dict[str, Any]:
    """How often each rule is broken or warned of in the rota, by model."""
    rows = []
    for rule, title in words.RULE.items():
        for kind, word in (("broken", _("brudd")), ("warned", _("varsel"))):
            counts = [one.row[kind].get(rule, 0) for one in shown]
            if any(counts):
                rows.append((f"{title} ({word})", *counts))
    title = _("Regler som blir brutt eller gir varsel, ganger i planen")
    heads = [_("Regel"), *(one.title for one in shown)]
    return table("regler", title, heads, rows, rows)


def _assumed(row: StaffingComparison) -> dict[str, Any]:
    """What was assumed beside the prices, and what is not known."""
    assumed, typed = row.assumed, row.typed
    found = assumed["measured"]
    unknown = _("ikke kjent")
    rows = [
        (_("Første uke"), _day(assumed["first"])),
        (_("Uker"), str(assumed["weeks"])),
        (_("Lønnsform for dem som lønnes for vakt"), str(FORM[Form(assumed["form"])])),
        (
            _("Fast lønn om natta"),
            _("spesialist") if assumed["is_specialist"] else _("ikke spesialist"),
        ),
        (
            _("Leger med fast stilling, og LIS1, nå"),
            f"{assumed['people']['doctors']}, {assumed['people']['lis1']}",
        ),
        (
            _("Kontortid i uka for en lege, timer"),
            unknown if assumed["practice_h"] is None else number(assumed["practice_h"]),
        ),
        (
            _("Kontakter, prosent av det målte"),
            typed.get("aktivitet", "") if found else unknown,
        ),
    ]
    rows += _contacts(assumed)
    rows.append(
        (
            _("Målt fra og med, til"),
            f"{_day(found['first'])} – {_day(found['to'])}" if found else unknown,
        )
    )
    now = assumed["today"]
    rows.append(
        (
            _("Dagens vaktplan er regnet av"),
            _("%(weeks)s uker fra %(day)s, omregnet til et år, uten vakter på dagtid")
            % {"weeks": now["weeks"], "day": _day(now["first"])}
            if now
            else _("ingenting: det er under fire uker med vakter"),
        )
    )
    heads = [_("Antakelse"), _("Verdi")]
    return table("antakelser", _("Antakelsene"), heads, rows, rows)


def _contacts(assumed: Mapping[str, Any]) -> list[tuple[str, str]]:
    """How many contacts of each kind were measured, and what each takes."""
    found, unknown = assumed["measured"], _("ikke kjent")
    minutes = assumed["busy"]["minutes"]
    rows = []
    for kind in ContactKind:
        a_year = (found or {}).get("a_year", {}).get(kind)
        rows.append(
            (
                _("Målte %(contacts)s i året, hele døgnet")
                % {"contacts": words.CONTACT[kind]},
                unknown if a_year is None else str(a_year),
            )
        )
        rows.append(
            (
                _("Minutter arbeid for hver av dem"),
                unknown if minutes.get(kind) is None else number(minutes[kind]),
            )
        )
    return rows


def _day(text: str) -> str:
    return date_format(date.fromisoformat(text), "j. F Y")


def _sources(row: StaffingComparison) -> dict[str, Any]:
    rows = []
    for key, value, day, is_verified, text in row.assumed["sources"]:
        rows.append(
            (
                str(RATE[key] if key in RATE else words.PRICE[key]),
                _("se Lønn") if key in RATE else _value(key, value),
                _day(day) if day else "–",
                _("ja") if is_verified else _("nei"),
                text or _("Skrevet av %(by)s") % {"by": row.asked_by.name},
            )
        )
    return table(
        "kilder",
        _("Satsene og prisene, og hvor de er fra"),
        [_("Sats"), _("Verdi"), _("Gjelder fra"), _("Kontrollert"), _("Kilde")],
        rows,
        rows,
    )


def _value(key: str, value: str | None) -> str:
    if value is None:
        return _("ikke kjent")
    if key == "social":
        return _("%(n)s prosent") % {"n": number(float(value) * 100)}
    return kroner(Decimal(value))


def _rota(one: Shown) -> dict[str, Any]:
    names: Mapping[str, str] = {
        who: f"{words.GROUP[code]} {number}"
        for code, people in one.row["groups"]
        for number, who in enumerate(people, 1)
    }
    rows = []
    for post, starts, ends, who in one.row["rota"]:
        begins = datetime.fromisoformat(starts).astimezone(ZONE)
        stops = datetime.fromisoformat(ends).astimezone(ZONE)
        rows.append(
            (
                f"{begins:%Y-%m-%d}",
                f"{begins:%H:%M}",
                f"{stops:%Y-%m-%d %H:%M}",
                post_words(post),
                names.get(who, _("ledig")),
            )
        )
    heads = [_("Dag"), _("Fra"), _("Til"), _("Vakt"), _("Hvem")]
    return table(f"vaktplan-{one.code}", one.title, heads, rows, rows)
