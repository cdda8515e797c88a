"""The assumptions of the years ahead, as they are typed and read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from varde.domain.load.rotation import RotaShape
from varde.engines.years_ahead.doctors import Assumptions


_NUMBER = re.compile(r"\d{1,6}([.,]\d{1,4})?", re.ASCII)
PER_CENT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One number of the form: its limits, and whether it may be left empty."""

    name: str
    label: str | Promise
    low: float
    high: float
    is_whole: bool = False
    may_be_empty: bool = False
    hint: str | Promise = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A field with what stands in it."""

    field: Field
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked for. `lis1_share` is how much of an own doctor each LIS1 relieves."""

    years: int
    assumptions: Assumptions
    shape: RotaShape
    other_h: float | None
    lis1: float
    lis1_share: float

    @property
    def relief(self) -> float:
        """The people that the LIS1 count as."""
        return self.lis1 * self.lis1_share


def _age(name: str, label: str | Promise, low: int = 24, high: int = 85) -> Field:
    return Field(name=name, label=label, low=low, high=high, is_whole=True)


def _share(name: str, label: str | Promise) -> Field:
    return Field(name=name, label=label, low=0, high=100)


FIELDS = (
    Field(name="aar", label=gettext_lazy("År framover"), low=1, high=20, is_whole=True),
    _age("avtale", gettext_lazy("Alder for fritak, avtale")),
    _share("avtale_andel", gettext_lazy("Får fritak etter avtale, prosent")),
    _age("forskrift", gettext_lazy("Alder for fritak, forskrift")),
    _share("forskrift_andel", gettext_lazy("Får fritak etter forskrift, prosent")),
    _age("pensjon", gettext_lazy("Alder for pensjon")),
    _share("slutter", gettext_lazy("Slutter i året før pensjon, prosent")),
    Field(
        name="rekruttering",
        label=gettext_lazy("Måneder til en ny er i vakt"),
        low=1,
        high=240,
        may_be_empty=True,
        hint=gettext_lazy("Tomt: ingen nye kommer."),
    ),
    _age("ny_alder", gettext_lazy("Alder på nye leger"), high=59),
    Field(name="poster", label=gettext_lazy("Vakter per hverdag"), low=0.05, high=50),
    Field(
        name="hverdag_t", label=gettext_lazy("Timer per hverdagsvakt"), low=1, high=48
    ),
    Field(name="helg", label=gettext_lazy("Vakter per helg"), low=0.05, high=100),
    Field(name="helg_t", label=gettext_lazy("Timer per helgevakt"), low=1, high=72),
    Field(
        name="annet_t",
        label=gettext_lazy("Annet arbeid i uka, timer"),
        low=0,
        high=100,
        may_be_empty=True,
        hint=gettext_lazy("Praksis og kommunalt, i snitt. Tomt: ukjent."),
    ),
    Field(name="lis1", label=gettext_lazy("LIS1 i vaktplanen"), low=0, high=20),
    _share("lis1_andel", gettext_lazy("Hver LIS1 avlaster, prosent av en lege")),
)


def filled(
    query: Mapping[str, str], *, usual: Assumptions, shape: RotaShape | None, lis1: int
) -> tuple[Typed, ...]:
    """The form: what was typed, else what the place assumes, else nothing.

    A form that was sent is taken as it is, also its empty fields.
    """
    if "aar" in query:
        return tuple(
            Typed(field=field, text=query.get(field.name, "").strip()[:20])
            for field in FIELDS
        )
    start = {
        "aar": 10,
        "avtale": usual.exempt_ages[0],
        "avtale_andel": usual.exempt_shares[0] * PER_CENT,
        "forskrift": usual.exempt_ages[1],
        "forskrift_andel": usual.exempt_shares[1] * PER_CENT,
        "pensjon": usual.retire_age,
        "slutter": usual.exit_share * PER_CENT,
        "rekruttering": usual.recruit_months,
        "ny_alder": usual.new_age,
        "poster": shape and shape.weekday_posts,
        "hverdag_t": shape and shape.weekday_h,
        "helg": shape and shape.weekend_duties,
        "helg_t": shape and shape.weekend_h,
        "annet_t": None,
        "lis1": lis1,
        "lis1_andel": 0,
    }
    return tuple(Typed(field=field, text=_shown(start[field.name])) for field in FIELDS)


def _shown(value: float | None) -> str:
    return "" if value is None else f"{round(value, 2):g}".replace(".", ",")


def read(typed: tuple[Typed, ...]) -> tuple[Asked | None, tuple[str, ...]]:
    """What was asked for, or None and what is wrong, a sentence for each."""
    problems, found = [], {}
    for one in typed:
        value, problem = _number(one)
        found[one.field.name] = value
        if problem:
            problems.append(problem)
    if not problems and (found["ny_alder"] or 0) >= (found["pensjon"] or 0):
        problems.append(_("Nye leger må være yngre enn alderen for pensjon."))
    return (None, tuple(problems)) if problems else (_asked(found), ())


def _number(one: Typed) -> tuple[float | None, str]:
    field = one.field
    if not one.text and field.may_be_empty:
        return None, ""
    if not one.text:
        return None, _("%(field)s: skriv et tall.") % {"field": field.label}
    number = float(one.text.replace(",", ".")) if _NUMBER.fullmatch(one.text) else None
    is_right = (
        number is not None
        and field.low <= number <= field.high
        and (number.is_integer() or not field.is_whole)
    )
    if is_right:
        return number, ""
    return None, _("%(field)s: skriv et tall fra %(low)s til %(high)s.") % {
        "field": field.label,
        "low": _shown(field.low),
        "high": _shown(field.high),
    }


def _asked(found: Mapping[str, float | None]) -> Asked:
    def number(name: str) -> float:
        value = found[name]
        assert value is not None, name
        return value

    def whole(name: str) -> int:
        return int(number(name))

    def share(name: str) -> float:
        return number(name) / PER_CENT

    return Asked(
        years=whole("aar"),
        assumptions=Assumptions(
            exempt_ages=(whole("avtale"), whole("forskrift")),
            exempt_shares=(share("avtale_andel"), share("forskrift_andel")),
            retire_age=whole("pensjon"),
            exit_share=share("slutter"),
            recruit_months=found["rekruttering"],
            new_age=whole("ny_alder"),
        ),
        shape=RotaShape(
            weekday_posts=number("poster"),
            weekday_h=number("hverdag_t"),
            weekend_duties=number("helg"),
            weekend_h=number("helg_t"),
        ),
        other_h=found["annet_t"],
        lis1=number("lis1"),
        lis1_share=share("lis1_andel"),
    )
