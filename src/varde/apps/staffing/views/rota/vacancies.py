"""The vacant duties of a year: `/vaktplan/ledige/`."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from varde.apps.records.models import Role
from varde.apps.sentral.queries.number_tables import table
from varde.apps.sentral.views.period import csv_answer
from varde.apps.staffing.access import LEADERS
from varde.apps.staffing.messages.rota_words import number
from varde.apps.staffing.queries.pay_tables import amount
from varde.apps.staffing.queries.vacancy_year import (
    vacant_year,
    years_with_vacancies,
)
from varde.apps.staffing.views.page import may, show
from varde.apps.staffing.views.working_at import at_workplace


READERS = (*LEADERS, Role.KOMMUNEOVERLEGE)
FIRST_YEAR, LAST_YEAR = 2000, 2199


@require_GET
@at_workplace(*READERS)
def vacancies(request):
    """How each vacant duty of a year was filled, what it cost and how long it took."""
    now = timezone.now()
    this_year = timezone.localdate(now).year
    year = _year(request.GET.get("ar", ""), usual=this_year)
    found = vacant_year(request.workplace, year, now=now)
    if "csv" in request.GET:
        return csv_answer([_table(found)], request.GET["csv"])
    years = {this_year, year, *years_with_vacancies(request.workplace)}
    return show(
        request,
        "staffing/rota/vacancies.html",
        found=found,
        year=year,
        years=sorted(years, reverse=True),
        median=number(found.median_h) if found.median_h is not None else "–",
        cost=amount(found.cost),
        lines=[_line(one) for one in found.duties],
        may_fill=may(request, *LEADERS),
    )


def _line(one):
    return {
        "duty": one,
        "took": _hours(one.took_h),
        "cost": "" if one.cost is None else amount(one.cost),
    }


def _hours(hours):
    """How long it took: minutes below an hour, else hours, else days."""
    if hours is None:
        return ""
    if hours < 1:
        return _("%(n)s min") % {"n": round(hours * 60)}
    if hours < 48:
        return _("%(n)s t") % {"n": number(hours)}
    days = hours / 24
    return ngettext("%(n)s døgn", "%(n)s døgn", round(days)) % {"n": number(days)}


def _table(found):
    heads = [
        _("Vakt"),
        _("Når"),
        _("Hvorfor"),
        _("Hvordan"),
        _("Hvem"),
        _("Spurt"),
        _("Timer til den var fylt"),
        _("Lønnsform"),
        _("Kostnad, kr"),
    ]
    raw = [
        (
            one.post,
            one.when,
            one.why,
            one.how,
            one.person,
            one.asked,
            None if one.took_h is None else round(one.took_h, 2),
            one.form,
            None if one.cost is None else one.cost.total,
        )
        for one in found.duties
    ]
    return table("ledige", _("Ledige vakter"), heads, raw, raw)


def _year(text, *, usual):
    is_number = text.isascii() and text.isdecimal() and len(text) == 4
    year = int(text) if is_number else usual
    return year if FIRST_YEAR <= year <= LAST_YEAR else usual
