"""What the planner sets for the operators of a week: from the address, checked once.

An empty field means what the sentral's own calls say, or what the place has decided.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from varde.engines.telephony.availability import with_breaks
from varde.engines.telephony.operators import Callers, Norm


HALVES_A_WEEK = 336
ALONE = 2  # nobody is alone at the telephones unless the planner says so


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A number that may be set. `low` and `high` are what it may be, in its unit."""

    name: str
    label: str | Promise
    unit: str | Promise
    low: float
    high: float
    is_whole: bool = False


FIELDS = (
    Field(
        name="aht", label=gettext_lazy("Samtale og etterarbeid"),
        unit=gettext_lazy("minutter"), low=0.5, high=60,
    ),
    Field(
        name="talmod", label=gettext_lazy("Tålmodighet i køen, snitt"),
        unit=gettext_lazy("minutter"), low=0.2, high=120,
    ),
    Field(
        name="ledig", label=gettext_lazy("Ledig for anrop, av tida på vakt"),
        unit="%", low=5, high=150,
    ),
    Field(
        name="pause", label=gettext_lazy("Pause i hver vakt, i tillegg"),
        unit=gettext_lazy("minutter"), low=0, high=120,
    ),
    Field(
        name="vakt", label=gettext_lazy("Lengde på en vakt"),
        unit=gettext_lazy("timer"), low=4, high=14,
    ),
    Field(
        name="grense", label=gettext_lazy("Besvart innen"),
        unit=gettext_lazy("sekunder"), low=5, high=1800, is_whole=True,
    ),
    Field(
        name="mal", label=gettext_lazy("Mål: andel besvart i tide"), unit="%", low=1,
        high=99,
    ),
    Field(
        name="la_pa", label=gettext_lazy("Høyst så mange legger på"), unit="%", low=0.5,
        high=99,
    ),
    Field(
        name="minst", label=gettext_lazy("Aldri færre enn"),
        unit=gettext_lazy("operatører"), low=1, high=20, is_whole=True,
    ),
)  # fmt: skip
NAMES = tuple(field.name for field in FIELDS)
BY_NAME = {field.name: field for field in FIELDS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What was written, field by field, and the numbers where they make sense."""

    text: Mapping[str, str]
    values: Mapping[str, float]
    problems: tuple[str, ...]
    week: str
    chosen: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """What an empty field stands for, and where that is from. None: nobody knows."""

    values: Mapping[str, float | None]
    sources: Mapping[str, str]


def read(data: Mapping[str, str]) -> Typed:
    """The fields of an address or a form."""
    text = {name: data.get(name, "").strip()[:12] for name in NAMES}
    values, problems = {}, []
    for field in FIELDS:
        if not text[field.name]:
            continue
        value = _number(text[field.name], is_whole=field.is_whole)
        if value is None or not field.low <= value <= field.high:
            said = _(
                "%(label)s: skriv et tall fra %(low)s til %(high)s %(unit)s, eller la "
                "feltet stå tomt."
            )
            problems.append(
                said
                % {
                    "label": field.label,
                    "low": f"{field.low:g}".replace(".", ","),
                    "high": f"{field.high:g}",
                    "unit": field.unit,
                }
            )
        else:
            values[field.name] = value
    return Typed(
        text=text,
        values=values,
        problems=tuple(problems),
        week=data.get("uke", ""),
        chosen=_chosen(data),
    )


def _number(text: str, *, is_whole: bool) -> float | None:
    digits = text.replace(",", ".").removesuffix("%").strip()
    if not digits.isascii() or not digits.replace(".", "", 1).isdecimal():
        return None
    value = float(digits)
    return None if is_whole and value != int(value) else value


def _chosen(data: Mapping[str, str]) -> int | None:
    """The half hour asked about, from Monday 00:00."""
    numbers = [data.get(name, "") for name in ("dag", "halvtime")]
    if not all(one.isascii() and one.isdecimal() and len(one) < 4 for one in numbers):
        return None
    day, half = (int(one) for one in numbers)
    return 48 * day + half if day < 7 and half < 48 else None


def of_measured(
    measured: Mapping[str, Any] | None,
    *,
    norm: Mapping[str, tuple[float, str]],
    measured_words: str,
    not_measured: str,
) -> Defaults:
    """What stands where nothing is written: measured, decided, or ours."""
    known = measured or {}
    availability = known.get("availability")
    per_cent = None if availability is None else 100 * availability
    values: dict[str, float | None] = {
        "aht": known.get("mean_call_min"),
        "talmod": known.get("mean_patience_min"),
        "ledig": per_cent,
        "pause": 0,
        "vakt": 8,
        "grense": norm["grense"][0],
        "mal": norm["mal"][0],
        "la_pa": None,
        "minst": ALONE,
    }
    return Defaults(
        values=values,
        sources={
            name: measured_words if values[name] is not None else not_measured
            for name in ("aht", "talmod", "ledig")
        }
        | {
            "pause": _("Pausene er i den målte andelen som er ledig."),
            "vakt": _("Brukes bare sammen med pause."),
            "grense": norm["grense"][1],
            "mal": norm["mal"][1],
            "la_pa": _("Ikke noe krav. Andelen vises alltid."),
            "minst": _("Ingen skal sitte alene. Vårt valg."),
        },
    )


def used(typed: Typed, defaults: Defaults) -> dict[str, float | None]:
    """The number that counts in each field."""
    return {name: typed.values.get(name, defaults.values[name]) for name in NAMES}


def missing(numbers: Mapping[str, float | None]) -> list[str]:
    """The labels of what must be written since nobody has measured it."""
    return [
        str(field.label)
        for field in FIELDS
        if field.name in {"aht", "talmod", "ledig"} and numbers[field.name] is None
    ]


def callers_and_norm(numbers: Mapping[str, float | None]) -> tuple[Callers, Norm]:
    """The numbers as the engine takes them. Raises ValueError where they make no sense."""

    def of(name: str) -> float:
        value = numbers[name]
        assert value is not None  # `missing` has asked
        return value

    most = numbers["la_pa"]
    return (
        Callers(
            mean_call_min=of("aht"),
            mean_patience_min=of("talmod"),
            availability=with_breaks(
                of("ledig") / 100, break_min=of("pause"), shift_min=60 * of("vakt")
            ),
        ),
        Norm(
            limit_min=of("grense") / 60,
            share=of("mal") / 100,
            most_abandoned=None if most is None else most / 100,
            at_least=int(of("minst")),
        ),
    )


def mondays(found: Mapping[str, Any]) -> list[date]:
    """The Mondays of the weeks that a kept forecast covers."""
    if "by_hour" not in found:
        return []
    first = datetime.fromisoformat(found["by_hour"]["begins"]).date()
    weeks = len(found["by_hour"]["means"]) // (7 * 24)
    return [first + timedelta(weeks=n) for n in range(weeks)]


def monday_of(text: str, *, among: list[date], today: date) -> date | None:
    """The week asked for as 2026-W50; the next one where none is. None: not there."""
    if not text:
        later = [monday for monday in among if monday > today]
        return later[0] if later else among[-1]
    return next((one for one in among if week_code(one) == text), None)


def week_code(monday: date) -> str:
    """A week as it stands in an address."""
    return f"{monday:%G-W%V}"
