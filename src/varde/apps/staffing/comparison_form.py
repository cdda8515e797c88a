"""The form of a comparison: what is typed, what stands there before, and how it is read.

An empty price is unknown, and is said to be so in the answer; it never counts as 0.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from varde.apps.staffing.messages import model_words as words
from varde.apps.staffing.queries.comparison.stored import Chosen
from varde.domain.pay.expected import Busyness
from varde.domain.pay.forms import Form
from varde.domain.pay.tariff import ContactKind
from varde.engines.rostering.duties.staffing_file import Sized, StaffingModel
from varde.engines.staffing_models.values import Prices


FEWEST, MOST = 2, 4  # models side by side
LONGEST_NAME = 80
MOST_PEOPLE, MOST_SITES = 60, 12
LONGEST = 20  # characters of a number
AHEAD = timedelta(days=731)
PER_CENT = 100
_NUMBER = re.compile(r"\d{1,8}([.,]\d{1,4})?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One number: its limits. Empty is unknown where `may_be_empty`."""

    name: str
    label: str | Promise
    low: float
    high: float
    may_be_empty: bool = True


NUMBERS = (
    Field(name="praksis_t", label=gettext_lazy("Kontortid i uka for en lege, timer"),
          low=0, high=60),
    Field(name="aktivitet", label=gettext_lazy("Kontakter, prosent av det målte"),
          low=0, high=500, may_be_empty=False),
    Field(name="min_konsultasjon", label=gettext_lazy("Minutter arbeid per konsultasjon"),
          low=1, high=240),
    Field(name="min_sykebesok", label=gettext_lazy("Minutter arbeid per sykebesøk"),
          low=1, high=480),
    Field(name="honorar_sykebesok", label=gettext_lazy("Honorar per sykebesøk, kroner"),
          low=0, high=10_000),
    Field(name="fast", label=gettext_lazy("Fast timelønn hele vakta, kroner"),
          low=0, high=10_000),
)  # fmt: skip
PRICES = tuple(
    Field(name=name, label=words.PRICE[name], low=0, high=high)
    for name, high in (
        ("position", 20_000_000),
        ("day_income", 20_000_000),
        ("social", 100),
        ("substitute_day", 100_000),
        ("travel", 100_000),
        ("hourly", 100_000),
        ("site", 20_000_000),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked for."""

    name: str
    first: date
    chosen: tuple[Chosen, ...]
    form: Form
    is_specialist: bool
    practice_h: float | None
    activity: float  # of what was measured
    minutes: Mapping[ContactKind, float | None]
    home_visit_fee: Decimal | None
    local: Decimal | None
    prices: Prices

    def busy(self, measured: Busyness) -> Busyness:
        """The measured contacts, with what was typed about them."""
        return Busyness(
            per_hour={
                kind: {
                    day: [round(rate * self.activity, 6) for rate in rates]
                    for day, rates in by_day.items()
                }
                for kind, by_day in measured.per_hour.items()
            },
            minutes={kind: self.minutes[kind] for kind in measured.per_hour},
        )


def begin(
    *,
    models: Mapping[str, StaffingModel],
    people: Mapping[str, int],
    first: date,
    practice_h: float | None,
    minutes: Mapping[ContactKind, float | None],
    prices: Mapping[str, Decimal | None],
) -> dict[str, str]:
    """What stands in an empty form: what the place has, measures and pays."""
    typed = {
        "navn": "",
        "fra": first.isoformat(),
        "lonnsform": Form.ACTIVITY.value,
        "spesialist": "nei",
        "praksis_t": shown(practice_h),
        "aktivitet": "100",
        "min_konsultasjon": shown(minutes.get(ContactKind.CONSULTATION)),
        "min_sykebesok": shown(minutes.get(ContactKind.HOME_VISIT)),
        "honorar_sykebesok": "",
        "fast": "",
        "m-rotation": "ja",
        "m-lyngen": "ja",
    }
    for field in PRICES:
        value = prices.get(field.name)
        if field.name == "social" and value is not None:
            value *= PER_CENT
        typed[f"p-{field.name}"] = shown(None if value is None else float(value))
    for model in models.values():
        for group in model.people:
            has = people["lis1" if group.is_lis1 else "doctors"]
            count = has if group.sized is Sized.DISTRICT else group.count
            if group.sized is Sized.DISTRICT and not has and not group.is_lis1:
                count = group.count
            typed[f"n-{model.code}-{group.code}"] = str(count)
        if model.sites:
            typed[f"n-{model.code}-sites"] = str(model.sites)
    return typed


def kept(
    post: Mapping[str, str], *, models: Mapping[str, StaffingModel]
) -> dict[str, str]:
    """What was sent, cut to a sensible length; nothing that the form does not have."""
    names = [
        "navn", "fra", "lonnsform", "spesialist", *(field.name for field in NUMBERS),
        *(f"p-{field.name}" for field in PRICES), *(f"m-{code}" for code in models),
        *(f"n-{m.code}-{g.code}" for m in models.values() for g in m.people),
        *(f"n-{m.code}-sites" for m in models.values() if m.sites),
    ]  # fmt: skip
    return {
        name: post.get(name, "").strip()[
            : LONGEST_NAME * 2 if name == "navn" else LONGEST
        ]
        for name in names
    }


def read(
    typed: Mapping[str, str], *, models: Mapping[str, StaffingModel], today: date
) -> tuple[Asked | None, list[str]]:
    """What was asked for, or None and what is wrong, a sentence for each."""
    reader = _Reader(typed)
    name = reader.name()
    first = reader.monday(today)
    chosen = tuple(
        reader.model(model) for model in models.values() if typed.get(f"m-{model.code}")
    )
    if not FEWEST <= len(chosen) <= MOST:
        reader.problems.append(
            _("Velg fra %(few)s til %(many)s modeller. Du har valgt %(n)s.")
            % {"few": FEWEST, "many": MOST, "n": len(chosen)}
        )
    numbers = {field.name: reader.number(field.name, field) for field in NUMBERS}
    prices = {field.name: reader.number(f"p-{field.name}", field) for field in PRICES}
    form = typed.get("lonnsform", "")
    if form not in set(Form):
        reader.problems.append(_("Velg en lønnsform."))
    if reader.problems or first is None:
        return None, reader.problems
    social = prices.pop("social")
    return (
        Asked(
            name=name,
            first=first,
            chosen=chosen,
            form=Form(form),
            is_specialist=typed.get("spesialist") == "ja",
            practice_h=numbers["praksis_t"],
            activity=(numbers["aktivitet"] or 0) / PER_CENT,
            minutes={
                ContactKind.CONSULTATION: numbers["min_konsultasjon"],
                ContactKind.HOME_VISIT: numbers["min_sykebesok"],
            },
            home_visit_fee=_money(numbers["honorar_sykebesok"]),
            local=_money(numbers["fast"]),
            prices=Prices(
                social=None if social is None else _money(social / PER_CENT),
                **{name: _money(value) for name, value in prices.items()},
            ),
        ),
        [],
    )


class _Reader:
    """The fields read one by one; what is wrong is gathered."""

    def __init__(self, typed: Mapping[str, str]) -> None:
        self._typed = typed
        self.problems: list[str] = []

    def name(self) -> str:
        name = self._typed.get("navn", "")
        if not name:
            self.problems.append(_("Gi sammenligningen et navn."))
        elif len(name) > LONGEST_NAME:
            self.problems.append(
                _("Navnet er for langt. Høyst %(n)s tegn.") % {"n": LONGEST_NAME}
            )
        return name

    def monday(self, today: date) -> date | None:
        text = self._typed.get("fra", "")
        try:
            day = parse_date(text)
        except ValueError:
            day = None
        if day is None or not today - AHEAD <= day <= today + AHEAD:
            self.problems.append(
                _("Første uke: skriv en dato som er høyst to år unna, som 2027-01-04.")
            )
            return None
        return day - timedelta(days=day.weekday())

    def model(self, model: StaffingModel) -> Chosen:
        def count(code: str, label: str, low: int, high: int) -> int:
            field = Field(
                name=code, label=f"{model.words}: {label}", low=low, high=high,
                may_be_empty=False,
            )  # fmt: skip
            found = self.number(f"n-{model.code}-{code}", field)
            if found is not None and not found.is_integer():
                self._wrong(field)
            return int(found or 0)

        counts = {
            group.code: count(
                group.code,
                str(words.GROUP[group.code]),
                0 if group.is_lis1 else 1,
                MOST_PEOPLE,
            )
            for group in model.people
        }
        sites = count("sites", _("satellitter"), 1, MOST_SITES) if model.sites else None
        return Chosen(code=model.code, counts=counts, sites=sites)

    def number(self, name: str, field: Field) -> float | None:
        text = self._typed.get(name, "")
        if not text and field.may_be_empty:
            return None
        found = float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None
        if found is None or not field.low <= found <= field.high:
            self._wrong(field)
            return None
        return found

    def _wrong(self, field: Field) -> None:
        self.problems.append(
            _("%(field)s: skriv et tall fra %(low)s til %(high)s.")
            % {
                "field": field.label,
                "low": shown(field.low),
                "high": shown(field.high),
            }
        )


def shown(value: float | None) -> str:
    """A number as it is typed; nothing where it is unknown.

    >>> shown(37.5), shown(11450.0), shown(None)
    ('37,5', '11450', '')
    """
    if value is None:
        return ""
    return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ",")


def _money(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(round(value, 4)))


def chosen_codes(typed: Mapping[str, str], codes: Sequence[str]) -> list[str]:
    """The models that are chosen in a form, in order."""
    return [code for code in codes if typed.get(f"m-{code}")]
