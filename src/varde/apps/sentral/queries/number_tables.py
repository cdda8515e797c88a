"""The figures and tables of the numbers page: what each is, how it is made, from what."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from varde.apps.sentral import messages
from varde.apps.sentral.queries.numbers import (
    ARRIVAL,
    PHONE,
    Attendance,
    Numbers,
    Row,
    Tally,
)
from varde.apps.sentral.queries.nursing_homes import FromHomes
from varde.apps.sentral.queries.time_use import StepTime


def percent(share: float | None) -> str:
    """A share as per cent with one decimal; a dash when there was nothing to share.

    >>> percent(0.7271), percent(None)
    ('72,7 %', '–')
    """
    return "–" if share is None else f"{share * 100:.1f} %".replace(".", ",")


def seconds(value: float | None) -> str:
    """Whole seconds; a dash when unknown."""
    return "–" if value is None else f"{value:.0f} s"


def figures(
    now: Tally,
    then: Tally,
    *,
    answered: Any,
    answered_then: Any,
    attendance: Attendance,
    goal: float,
    homes: FromHomes,
    homes_then: FromHomes,
) -> list[dict[str, str]]:
    """The main figures, each with its definition and the period before."""
    return [
        _advice(now, then),
        _answered(answered, answered_then, goal=goal),
        _median(answered, answered_then),
        _general(now, then),
        _repeat(now, then),
        _in_time(attendance),
        _from_homes(homes, homes_then),
    ]


def tables(
    numbers: Numbers,
    *,
    by_hour: Sequence[Any],
    by_weekday: Sequence[Any],
    steps: Sequence[StepTime],
    steps_before: Sequence[StepTime],
    goal: float,
) -> list[dict[str, Any]]:
    """Every table of the page, with the same rows as CSV and what chart goes with it."""
    return [
        _hastegrad(numbers.whole),
        _groups("time", _("Time på døgnet"), numbers.by_hour, chart="contacts"),
        _groups("ukedag", _("Ukedag"), numbers.by_weekday, chart="contacts"),
        _groups("periode", _("Dag eller måned"), numbers.by_step, chart="advice"),
        _groups("kommune", _("Kommune"), numbers.by_municipality, chart=""),
        _answers("svartid-time", _("Svartid etter time"), by_hour, goal=goal),
        _answers("svartid-ukedag", _("Svartid etter ukedag"), by_weekday, goal=goal),
        _steps(steps, steps_before),
    ]


def _hastegrad(whole: Tally) -> dict[str, Any]:
    rows = [
        (_("Telefon"), code, getattr(whole, code), whole.share_of(code))
        for code in PHONE
    ]
    rows += [
        (_("Oppmøte"), code, getattr(whole, code), whole.share_of(code))
        for code in ARRIVAL
    ]
    heads = [_("Akse og hastegrad"), _("Kontakter"), _("Andel av dem med hastegrad")]
    shown = [
        (f"{axis}: {messages.HASTEGRAD[code]}", count, percent(share))
        for axis, code, count, share in rows
    ]
    shown.append((_("Telefon: ikke satt"), whole.phone_unknown, "–"))
    raw = [
        (f"{axis}: {messages.HASTEGRAD[code]}", count, share)
        for axis, code, count, share in rows
    ]
    raw.append((_("Telefon: ikke satt"), whole.phone_unknown, None))
    return table("hastegrad", _("Hastegrad på begge akser"), heads, shown, raw)


def _groups(key: str, title: str, rows: Iterable[Row], *, chart: str) -> dict[str, Any]:
    rows = list(rows)
    heads = [
        title,
        _("Kontakter"),
        _("Endte i råd"),
        *(str(messages.HASTEGRAD[code]) for code in PHONE),
        _("Ikke satt"),
    ]

    def line(row: Row, *, raw: bool) -> tuple[Any, ...]:
        tally = row.tally
        return (
            row.label,
            tally.contacts,
            tally.share_advice if raw else percent(tally.share_advice),
            *(getattr(tally, code) for code in PHONE),
            tally.phone_unknown,
        )

    made = table(
        key,
        title,
        heads,
        [line(row, raw=False) for row in rows],
        [line(row, raw=True) for row in rows],
    )
    return made | {"chart": chart, "chart_rows": rows}


def _answers(
    key: str, title: str, rows: Sequence[Any], *, goal: float
) -> dict[str, Any]:
    heads = [
        title,
        _("Anrop"),
        _("Ikke besvart"),
        _("Innen 2 min"),
        _("Innen 10 min"),
        _("Median"),
    ]
    shown = [
        (
            row.label,
            row.figures.calls,
            row.figures.unanswered,
            percent(row.figures.share_2min),
            percent(row.figures.share_10min),
            seconds(row.figures.median_s),
        )
        for row in rows
    ]
    raw = [
        (
            row.label,
            row.figures.calls,
            row.figures.unanswered,
            row.figures.share_2min,
            row.figures.share_10min,
            row.figures.median_s,
        )
        for row in rows
    ]
    return table(key, title, heads, shown, raw) | {
        "chart": "answers",
        "chart_rows": list(rows),
        "goal": goal,
    }


def _steps(now: Sequence[StepTime], before: Sequence[StepTime]) -> dict[str, Any]:
    words = {
        "patient": _("Finne pasienten"),
        "triage": _("Vurdere"),
        "outcome": _("Velge tiltak"),
        "reason": _("Kode årsak"),
        "close": _("Avslutte"),
    }
    heads = [
        _("Steg"),
        _("Kontakter"),
        _("Median"),
        _("90 % er under"),
        _("Median perioden før"),
    ]
    shown = [
        (
            words[step.step],
            step.contacts,
            seconds(step.median_s),
            seconds(step.p90_s),
            seconds(old.median_s),
        )
        for step, old in zip(now, before, strict=True)
    ]
    raw = [
        (words[step.step], step.contacts, step.median_s, step.p90_s, old.median_s)
        for step, old in zip(now, before, strict=True)
    ]
    return table("tidsbruk", _("Tid brukt på hvert steg"), heads, shown, raw)


def table(
    key: str, title: str, heads: list[str], rows: list[Any], raw: list[Any]
) -> dict[str, Any]:
    """A table with its rows as shown and as a file has them. Unknown is empty there."""
    return {
        "id": key,
        "title": title,
        "heads": heads,
        "rows": rows,
        "csv_heads": heads,
        "csv_rows": [["" if cell is None else cell for cell in row] for row in raw],
        "chart": "",
        "chart_rows": [],
    }


def _advice(now: Tally, then: Tally) -> dict[str, str]:
    return {
        "title": _("Endte i telefonråd"),
        "value": percent(now.share_advice),
        "unit": "",
        "before": percent(then.share_advice),
        "of": _("%(part)s av %(whole)s avsluttede kontakter. %(unknown)s ukjent.")
        % {
            "part": now.advice,
            "whole": now.advice_known,
            "unknown": now.advice_unknown,
        },
        "definition": _(
            "Teller: avsluttede kontakter der telefonråd var eneste tiltak. Nevner: "
            "avsluttede kontakter åpnet i perioden der utfallet er kjent. Åpne "
            "kontakter er ikke med. Ukjent er ikke råd og ikke tiltak: det telles "
            "for seg."
        ),
        "source": _("Kravliste A10; NKLM 2025: 29 av 92 sentraler vet dette."),
    }


def _answered(now: Any, then: Any, *, goal: float) -> dict[str, str]:
    return {
        "title": _("Besvart innen to minutter"),
        "value": percent(now.share_2min),
        "unit": _("mål %(goal)s") % {"goal": percent(goal)},
        "before": percent(then.share_2min),
        "of": _("%(calls)s anrop, %(unanswered)s ikke besvart.")
        % {"calls": now.calls, "unanswered": now.unanswered},
        "definition": _(
            "Teller: anrop besvart innen 120 sekunder fra det ringer hos operatør. "
            "Nevner: alle anrop, også de ubesvarte. Talemelding og tastevalg er ikke "
            "med i tida. Feilregistrerte anrop er ikke anrop."
        ),
        "source": _(
            "Akuttmedisinforskriften § 13 d; Helsedirektoratet, «Legevakt: anrop og "
            "svartid», 8. juni 2023."
        ),
    }


def _median(now: Any, then: Any) -> dict[str, str]:
    return {
        "title": _("Median svartid"),
        "value": seconds(now.median_s),
        "unit": "",
        "before": seconds(then.median_s),
        "of": _("Innen ti minutter: %(share)s.") % {"share": percent(now.share_10min)},
        "definition": _(
            "Den midterste svartida blant de besvarte anropene. Ubesvarte anrop har "
            "ingen svartid."
        ),
        "source": _("Helsedirektoratet, «Legevakt: anrop og svartid»."),
    }


def _general(now: Tally, then: Tally) -> dict[str, str]:
    return {
        "title": _("Generell årsakskode"),
        "value": percent(now.share_general),
        "unit": "",
        "before": percent(then.share_general),
        "of": _("%(part)s av %(whole)s kodede kontakter.")
        % {"part": now.general, "whole": now.coded},
        "definition": _(
            "Teller: kontakter med A99, A29 eller A97 som årsak (innstillingen "
            "«reason.general_codes»). Nevner: kontakter med kode."
        ),
        "source": _("NKLM 2025: 67 % av telefonkontaktene nasjonalt."),
    }


def _repeat(now: Tally, then: Tally) -> dict[str, str]:
    return {
        "title": _("Kom igjen innen 72 timer"),
        "value": percent(now.share_repeat),
        "unit": "",
        "before": percent(then.share_repeat),
        "of": _("%(part)s av %(whole)s kontakter.")
        % {"part": now.repeat, "whole": now.contacts},
        "definition": _(
            "Teller: kontakter om en pasient som hadde en kontakt innen vinduet før. "
            "Nevner: alle kontakter. Ukjente pasienter kan ikke kjennes igjen."
        ),
        "source": _("Kravliste A17."),
    }


def _in_time(now: Attendance) -> dict[str, str]:
    return {
        "title": _("Oppmøte til lovet tid"),
        "value": percent(now.share_in_time),
        "unit": "",
        "before": "",
        "of": _("%(arrived)s av %(promised)s lovede har møtt.")
        % {"arrived": now.arrived, "promised": now.promised},
        "definition": _(
            "Teller: oppmøter som kom senest til lovet tid. Nevner: oppmøter som "
            "er kommet."
        ),
        "source": _("Kravliste A6."),
    }


def _from_homes(now: FromHomes, then: FromHomes) -> dict[str, str]:
    return {
        "title": _("Sykehjem: egen lege ringt først"),
        "value": percent(now.share_rung_first),
        "unit": "",
        "before": percent(then.share_rung_first),
        "of": _(
            "%(contacts)s kontakter fra sykehjem. %(part)s av %(whole)s der det er spurt; "
            "%(unknown)s ikke spurt. %(sent)s sendt til sykehjemslegen."
        )
        % {
            "contacts": now.contacts,
            "part": now.rung_first,
            "whole": now.asked,
            "unknown": now.not_asked,
            "sent": now.to_the_doctor,
        },
        "definition": _(
            "Teller: kontakter der sykehjemmet hadde ringt sin egen lege før det ringte "
            "legevakten. Nevner: kontakter fra sykehjem (kanal «Sykehjem») åpnet i "
            "perioden der det er spurt og svart ja eller nei. Ikke spurt er ikke nei: det "
            "telles for seg. Sendt til sykehjemslegen: kontakter med tiltaket "
            "«Sykehjemslege» som ikke er strøket."
        ),
        "source": _("Kravliste B8."),
    }
