"""What duty costs and gives: `/vaktplan/lonn/`."""

import re
from decimal import Decimal
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from varde.apps.records.models import Role
from varde.apps.sentral.views.period import csv_answer, last_day
from varde.apps.staffing.access import OVERSEERS
from varde.apps.staffing.queries import pay_tables
from varde.apps.staffing.queries.pay import pay as pay_of
from varde.apps.staffing.views.load import asked_weeks, quick_weeks
from varde.apps.staffing.views.page import may, show
from varde.apps.staffing.views.working_at import at_workplace


READERS = (*OVERSEERS, Role.DOCTOR)
_KRONER = re.compile(r"\d{1,5}([.,]\d{1,2})?", re.ASCII)


@require_GET
@at_workplace(*READERS)
def pay(request):
    """Cost and income side by side; a doctor sees one's own income."""
    period, problem = asked_weeks(request)
    local, typed, local_problem = _local(request)
    is_specialist = request.GET.get("spesialist") == "ja"
    sees_all = may(request, *OVERSEERS)
    found = pay_of(
        request.workplace,
        period,
        is_specialist=is_specialist,
        local=local,
        only=None if sees_all else request.user.pk,
    )
    tables = pay_tables.tables(found, sees_all=sees_all)
    if "csv" in request.GET:
        return csv_answer(tables, request.GET["csv"])
    return show(
        request,
        "staffing/pay/pay.html",
        found=found,
        sees_all=sees_all,
        period=period,
        last_day=last_day(period),
        problems=[text for text in (problem, local_problem) if text],
        typed=typed,
        is_specialist=is_specialist,
        oldest=min(
            (one.holds_from for one in found.sources if not one.is_verified),
            default=None,
        ),
        unknowns=pay_tables.unknowns(found),
        query=urlencode(
            {
                "fra": period.start,
                "til": last_day(period),
                "fast": typed,
                "spesialist": "ja" if is_specialist else "nei",
            }
        ),
        quick_periods=quick_weeks(timezone.localdate()),
        tables=tables if found.people else [],
    )


def _local(request):
    """Fixed pay an hour that is tried out: the number, what was typed, what is wrong."""
    typed = request.GET.get("fast", "").strip()[:12]
    if not typed:
        return None, "", ""
    if not _KRONER.fullmatch(typed):
        return (
            None,
            typed,
            _("Fast timelønn: skriv kroner i timen, som 650 eller 650,50."),
        )
    return Decimal(typed.replace(",", ".")), typed, ""
