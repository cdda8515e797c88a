"""What a vacant duty gives, in words. What is not known is said, and never nought."""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from varde.apps.records.models import VacancyPay
from varde.apps.staffing.queries.pay_tables import VACANT_FORM, amount
from varde.apps.staffing.queries.vacancy_pay import Choice
from varde.domain.pay.vacant import Fees


FEES = {
    Fees.ALL: _("honorarene kommer i tillegg"),
    Fees.PART: _("honorarene utenom natta kommer i tillegg"),
    Fees.NONE: _("honorarene går til kommunen"),
}
UNKNOWN_WHY = {
    VacancyPay.Form.ACTIVITY: _(
        "Beredskapen er ukjent: ingen vaktklasse er avtalt, og ingen er målt."
    ),
    VacancyPay.Form.NIGHT_FIXED: _(
        "En del er ukjent: sats, folketall eller vaktklasse mangler."
    ),
    VacancyPay.Form.FIXED: _("Ukjent: ingen fast timelønn er avtalt."),
    VacancyPay.Form.OWN: _("Lønn etter din egen avtale, som ikke er ført her."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PayShown:
    """One form of pay as it is read."""

    code: str
    title: str
    pay: str
    fees: str
    extra: str
    whole: str
    why_unknown: str
    rates: str


def pay_shown(choice: Choice, *, has_extra: bool) -> PayShown:
    """A form of pay for one duty, with what it gives."""
    promise = choice.promise
    is_own = choice.form is VacancyPay.Form.OWN
    title = str(VACANT_FORM[choice.form])
    if choice.duty_class is not None and choice.form is not VacancyPay.Form.FIXED:
        title = now_("%(form)s, klasse %(n)s") % {
            "form": title,
            "n": choice.duty_class,
        }
    return PayShown(
        code=choice.form.value,
        title=title,
        pay=_kr(amount(promise.pay)),
        fees="" if is_own and promise.pay.unknown else str(FEES[promise.fees]),
        extra=_extra(choice, has_extra=has_extra),
        whole=_kr(amount(promise.total)),
        why_unknown=str(UNKNOWN_WHY[choice.form]) if promise.pay.unknown else "",
        rates=_rates(choice.rates_from, is_verified=choice.is_verified)
        if promise.total.known
        else "",
    )


def _extra(choice: Choice, *, has_extra: bool) -> str:
    if not has_extra:
        return now_("uten tillegg")
    if choice.promise.extra.unknown:
        return now_("tillegget er ukjent: ingen sats er satt")
    if not choice.promise.extra.known:
        return ""
    return now_("tillegg %(sum)s") % {"sum": _kr(amount(choice.promise.extra))}


def _rates(since: date | None, *, is_verified: bool) -> str:
    if since is None:
        return ""
    day = date_format(since, "j. F Y")
    if is_verified:
        return now_("Satser fra %(day)s.") % {"day": day}
    return now_("Satser fra %(day)s, ikke kontrollert.") % {"day": day}


def _kr(text: str) -> str:
    """Kroner after a number; a word stays as it is."""
    return now_("%(sum)s kr") % {"sum": text} if text[-1:].isdecimal() else text
