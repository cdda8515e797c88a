"""The figures and tables of the station's numbers: what each is, and from what."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from varde.apps.records.models import Attendance
from varde.apps.sentral.messages import HASTEGRAD
from varde.apps.sentral.queries.number_tables import percent, table
from varde.apps.station.messages import END
from varde.apps.station.queries.house_numbers import HouseNumbers
from varde.apps.station.queries.numbers import LEVELS, StationNumbers
from varde.domain.wait_figures import WaitFigures
from varde.engines.waiting.calibration import Coverage


def minutes(value: float | None) -> str:
    """Whole minutes; a dash when unknown.

    >>> minutes(12.4), minutes(None)
    ('12 min', '–')
    """
    return "–" if value is None else f"{value:.0f} min"


def figures(now: StationNumbers, then: StationNumbers) -> list[dict[str, str]]:
    """The main figures, each with its definition and the period before."""
    return [*_waits_figures(now, then), *_promised_figures(now, then)]


def _waits_figures(now: StationNumbers, then: StationNumbers) -> list[dict[str, str]]:
    return [
        _figure(
            _("Tid til første tilsyn, median"),
            lambda n: minutes(n.to_look_all.median_min),
            now,
            then,
            of=_("%(seen)s av %(count)s pasienter ble sett til.")
            % {"seen": now.to_look_all.seen, "count": now.patients},
            definition=_(
                "Fra pasienten er registrert ved døra til noen setter hastegrad eller ser "
                "til pasienten. De som gikk usett, har ingen tid."
            ),
        ),
        _figure(
            _("Tid til lege, median"),
            lambda n: minutes(n.to_doctor_all.median_min),
            now,
            then,
            of=_("90-persentil: %(p90)s.")
            % {"p90": minutes(now.to_doctor_all.p90_min)},
            definition=_(
                "Fra ankomst til en lege tar pasienten. 90-persentilen er den korteste "
                "tida som ni av ti ikke overskrider."
            ),
        ),
        _figure(
            _("Hos lege innen fristen"),
            lambda n: percent(n.to_doctor_all.share_in_time),
            now,
            then,
            of=_("%(in_time)s av %(decided)s.")
            % {
                "in_time": now.to_doctor_all.in_time,
                "decided": now.to_doctor_all.decided,
            },
            definition=_(
                "Fristen er minuttene for hastegraden den dagen. Rød og ikke satt "
                "hastegrad er ikke med. De som gikk før fristen var ute, er ikke med."
            ),
        ),
    ]


def _promised_figures(
    now: StationNumbers, then: StationNumbers
) -> list[dict[str, str]]:
    return [
        _figure(
            _("Sett til igjen i tide"),
            lambda n: percent(n.looks.share_in_time),
            now,
            then,
            of=_("%(count)s tilsyn etter det første.") % {"count": now.looks.count},
            definition=_(
                "Andelen av tilsyn mens pasienten ventet som kom før tida for hastegraden "
                "var ute. Tilsyn til røde er ikke med."
            ),
        ),
        _figure(
            _("Ventet slik det ble sagt"),
            lambda n: percent(n.told.whole.share_inside),
            now,
            then,
            of=_("Skal være %(promised)s.") % {"promised": percent(now.told.promised)},
            definition=_(
                "Andelen som kom til legen innenfor det intervallet de fikk oppgitt da "
                "hastegraden ble satt. De som gikk etter at intervallet var ute, er utenfor."
            ),
        ),
    ]


def tables(numbers: StationNumbers, house: HouseNumbers) -> list[dict[str, Any]]:
    """Every table of the page, with the same rows as CSV."""
    return [
        _waits("tilsyn", _("Tid til første tilsyn"), numbers.to_look),
        _waits("lege", _("Tid til lege"), numbers.to_doctor),
        _ends(numbers),
        _told(numbers),
        _house(house),
    ]


def _figure(
    title: str,
    value: Callable[[StationNumbers], str],
    now: StationNumbers,
    then: StationNumbers,
    *,
    of: str,
    definition: str,
) -> dict[str, str]:
    return {
        "title": title,
        "value": value(now),
        "unit": "",
        "before": value(then),
        "of": of,
        "definition": definition,
        "source": _("Fra tavla, uten egen registrering."),
    }


def _level(code: str) -> str:
    return str(HASTEGRAD[code]) if code else _("Ikke satt")


def _waits(key: str, title: str, groups: Any) -> dict[str, Any]:
    heads = [
        _("Hastegrad"),
        _("Pasienter"),
        _("Sett"),
        _("Median"),
        _("90-persentil"),
        _("Innen fristen"),
    ]
    found: list[tuple[str, WaitFigures]] = [
        (_level(code), groups[code]) for code in LEVELS
    ]
    return table(
        key,
        title,
        heads,
        [
            (
                word,
                one.count,
                one.seen,
                minutes(one.median_min),
                minutes(one.p90_min),
                percent(one.share_in_time),
            )
            for word, one in found
        ],
        [
            (
                word,
                one.count,
                one.seen,
                one.median_min,
                one.p90_min,
                one.share_in_time,
            )
            for word, one in found
        ],
    )


def _ends(numbers: StationNumbers) -> dict[str, Any]:
    rows = [(str(END[end]), numbers.ends.get(end, 0)) for end in Attendance.End]
    rows.append((_("Er her ennå"), numbers.ends.get("", 0)))
    whole = numbers.patients

    def part(count: int) -> float | None:
        return count / whole if whole else None

    return table(
        "slutt",
        _("Hvordan det endte"),
        [_("Slutt"), _("Pasienter"), _("Andel")],
        [(word, count, percent(part(count))) for word, count in rows],
        [(word, count, part(count)) for word, count in rows],
    )


def _told(numbers: StationNumbers) -> dict[str, Any]:
    told = numbers.told
    groups: list[tuple[str, Coverage]] = [(_("Alle"), told.whole)]
    groups += [
        (_level(code), told.by_level[code]) for code in LEVELS if code in told.by_level
    ]
    heads = [
        _("Hastegrad"),
        _("Kortere"),
        _("Innenfor"),
        _("Lenger"),
        _("Gikk, utenfor"),
        _("Gikk, ikke kjent"),
        _("Andel innenfor"),
    ]

    def counts(one: Coverage) -> tuple[int, ...]:
        return one.below, one.inside, one.above, one.left_above, one.left_unknown

    return table(
        "ventetid",
        _("Oppgitt ventetid mot virkelig"),
        heads,
        [(word, *counts(one), percent(one.share_inside)) for word, one in groups],
        [(word, *counts(one), one.share_inside) for word, one in groups],
    )


def _house(house: HouseNumbers) -> dict[str, Any]:
    """One figure a line; a dash and an empty cell for what nobody knows."""
    rows: list[tuple[str, float | None, str]] = [
        (_("Innlagt til observasjon"), house.observation, ""),
        (_("Innlagt i KAD/ØHD"), house.kad, ""),
        (_("Innlagt i KAD/ØHD per 100 pasienter"), house.kad_per_100, ""),
        (_("Sykebesøk"), house.home_visits, ""),
        (
            _("Sykebesøk per 1000 innbyggere på 65 år og eldre i året"),
            house.home_visits_per_1000_a_year,
            "",
        ),
        (_("Utrykninger"), house.call_outs, ""),
        (_("Turer der innleggelse ble unngått"), house.avoided_admissions, ""),
        (_("Samtidighetskonflikter"), house.conflicts, ""),
        (_("Konflikter som ikke er løst"), house.conflicts_unsolved, ""),
        (_("Timer alene på vakt"), house.alone_h, _("t")),
        (_("Timer uten vakt"), house.uncovered_h, _("t")),
    ]
    return table(
        "huset",
        _("Senger, bil, konflikter og alene på vakt"),
        [_("Hva"), _("Antall")],
        [(word, _figure_text(value, unit)) for word, value, unit in rows],
        [(word, value) for word, value, _unit in rows],
    )


def _figure_text(value: float | None, unit: str) -> str:
    if value is None:
        return "–"
    shown = str(value) if isinstance(value, int) else f"{value:.1f}".replace(".", ",")
    return f"{shown} {unit}".strip()
