"""What the municipality pays and the doctors get, side by side, in tables."""

from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from varde.apps.sentral.messages import POST
from varde.apps.sentral.queries.number_tables import table
from varde.apps.staffing.messages.numbers import number
from varde.apps.staffing.messages.rota_words import when
from varde.apps.staffing.queries.pay import Pay, PersonPay, recorded
from varde.domain.pay.amount import Amount
from varde.domain.pay.forms import Form


FORM = {
    Form.ACTIVITY: gettext_lazy("Beredskap og aktivitet"),
    Form.NIGHT_FIXED: gettext_lazy("Fast lønn om natta"),
    Form.FIXED: gettext_lazy("Fast lønn hele vakta"),
}
VACANT_FORM = {
    **{str(form): words for form, words in FORM.items()},
    "own": gettext_lazy("Egen avtale"),
}
RATE = {
    "rota.extra": gettext_lazy("Tillegg for ledig vakt"),
    "pay.standby": gettext_lazy("Beredskap"),
    "pay.bakvakt": gettext_lazy("Bakvakt"),
    "pay.night": gettext_lazy("Fast timelønn om natta"),
    "pay.local": gettext_lazy("Fast timelønn hele vakta"),
    "pay.fee": gettext_lazy("Honorar"),
}


def kroner(value: Decimal | None) -> str:
    """Whole kroner, a space between thousands; a dash when unknown.

    >>> kroner(Decimal("12345.50")), kroner(Decimal("-40")), kroner(None)
    ('12 346', '−40', '–')
    """
    if value is None:
        return "–"
    return f"{value:,.0f}".replace(",", " ").replace("-", "−")


def amount(found: Amount) -> str:
    """A sum; where a part is unknown, the least that it is, or that nothing is known."""
    if found.total is not None:
        return kroner(found.total)
    if not found.known:
        return _("ukjent")
    return _("minst %(sum)s") % {"sum": kroner(found.known)}


def tables(found: Pay, *, sees_all: bool) -> list[dict[str, Any]]:
    """Every table of the page. The municipality's side is for those who oversee."""
    shared = [_people(found), _classes(found), _sources(found)]
    if found.taken:
        shared.insert(1, _taken(found))
    return [_whole(found), *shared] if sees_all else shared


def unknowns(found: Pay) -> list[str]:
    """Why sums are unknown, in words; empty where all is known."""
    reasons = []
    if any(one.duty_class is None for one in found.classes):
        reasons.append(
            _(
                "En vakt har ukjent klasse: ingenting er målt i perioden, og ingen klasse "
                "er avtalt. Beredskapen kan ikke regnes ut."
            )
        )
    if (
        found.whole[Form.NIGHT_FIXED].pay.unknown
        > found.whole[Form.ACTIVITY].pay.unknown
    ):
        reasons.append(
            _("Satsen for fast lønn om natta mangler, eller folketallet er ikke kjent.")
        )
    if found.whole[Form.FIXED].pay.unknown:
        reasons.append(
            _(
                "Det er ikke avtalt noen timelønn for hele vakta. Skriv en i feltet over for "
                "å prøve den ut."
            )
        )
    if found.whole[Form.ACTIVITY].fees_to_doctor.unknown:
        reasons.append(
            _(
                "Honoraret mangler for noen kontakter, som sykebesøk. De er ikke regnet som null."
            )
        )
    return reasons


def _whole(found: Pay) -> dict[str, Any]:
    heads = [
        _("Lønnsform"),
        _("Lønn fra kommunen"),
        _("Honorar til kommunen"),
        _("Kommunens kostnad"),
        _("Honorar til legene"),
        _("Legenes inntekt"),
        _("Inntekt per vakttime"),
    ]
    rows, raw = [], []
    for form, paid in found.whole.items():
        per_hour = _per_hour(paid.income.total, found.hours)
        rows.append(
            (
                str(FORM[form]),
                amount(paid.pay),
                amount(paid.fees_to_municipality),
                kroner(paid.cost),
                amount(paid.fees_to_doctor),
                amount(paid.income),
                kroner(per_hour),
            )
        )
        raw.append(
            (
                str(FORM[form]),
                paid.pay.total,
                paid.fees_to_municipality.total,
                paid.cost,
                paid.fees_to_doctor.total,
                paid.income.total,
                per_hour,
            )
        )
    return table(
        "lonnsformer",
        _("Kommunens kostnad og legenes inntekt, kroner"),
        heads,
        rows,
        raw,
    )


def _per_hour(total: Decimal | None, hours: float) -> Decimal | None:
    """Kroner an hour; None where the sum is unknown or there is no hour."""
    if total is None or not hours:
        return None
    return (total / Decimal(str(hours))).quantize(Decimal("0.01"))


def _people(found: Pay) -> dict[str, Any]:
    heads = [
        _("Navn"),
        _("Vakter"),
        _("Timer"),
        _("Konsultasjoner"),
        _("Sykebesøk"),
        *(str(word) for word in FORM.values()),
    ]

    def start(one: PersonPay) -> tuple[Any, ...]:
        return one.name, one.duties

    return table(
        "inntekt",
        _("Inntekt under hver lønnsform, kroner"),
        heads,
        [
            (
                *start(one),
                number(one.hours),
                one.consultations,
                one.home_visits,
                *(amount(one.paid[form].income) for form in FORM),
            )
            for one in found.people
        ],
        [
            (
                *start(one),
                round(one.hours, 2),
                one.consultations,
                one.home_visits,
                *(one.paid[form].income.total for form in FORM),
            )
            for one in found.people
        ],
    )


def _classes(found: Pay) -> dict[str, Any]:
    rows = [
        (
            str(POST[one.post]),
            one.duty_class or _("ukjent"),
            _("avtalt") if one.is_agreed else _("målt"),
        )
        for one in found.classes
    ]
    raw = [
        (row[0], one.duty_class, row[2])
        for row, one in zip(rows, found.classes, strict=True)
    ]
    return table(
        "klasser",
        _("Vaktklassen som er brukt"),
        [_("Vakt"), _("Klasse"), _("Grunnlag")],
        rows,
        raw,
    )


def _taken(found: Pay) -> dict[str, Any]:
    """The duties that were taken as vacant, with what was agreed."""
    heads = [_("Vakt"), _("Hvem"), _("Lønnsform"), _("Lønn"), _("Tillegg"), _("I alt")]
    rows, raw = [], []
    for one in found.taken:
        promise = recorded(one.row)
        start = (
            f"{POST[one.post]} {when(one.starts_at, one.ends_at)}",
            one.name,
            str(VACANT_FORM[one.row.form]),
        )
        parts = (promise.pay, promise.extra, promise.total)
        rows.append((*start, *(amount(part) for part in parts)))
        raw.append((*start, *(part.total for part in parts)))
    return table(
        "ledige", _("Vakter som ble tatt som ledige, kroner"), heads, rows, raw
    )


def _sources(found: Pay) -> dict[str, Any]:
    rows = [
        (
            str(RATE[one.key]),
            date_format(one.holds_from, "SHORT_DATE_FORMAT"),
            _("ja") if one.is_verified else _("nei"),
            one.text,
        )
        for one in found.sources
    ]
    return table(
        "satser",
        _("Satsene og hvor de er fra"),
        [_("Sats"), _("Gjelder fra"), _("Kontrollert"), _("Kilde")],
        rows,
        rows,
    )
