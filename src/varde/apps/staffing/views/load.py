"""How hard each one works: `/vaktplan/belastning/`."""

from datetime import date, timedelta
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from varde.apps.sentral.queries.numbers import Period
from varde.apps.sentral.views.period import asked_period, csv_answer, last_day
from varde.apps.staffing.access import EVERYBODY, OVERSEERS
from varde.apps.staffing.queries import load_tables
from varde.apps.staffing.queries.load import load as load_of
from varde.apps.staffing.views.page import may, show
from varde.apps.staffing.views.working_at import at_workplace


LONGEST_WEEKS = 53
EARLIEST = date(2015, 6, 1)  # no limit holds before it


@require_GET
@at_workplace(*EVERYBODY)
def load(request):
    """Those who oversee see all; others their own. Each table also as CSV."""
    from varde.apps.staffing.views import load_charts  # slow to load, seldom needed

    period, problem = asked_weeks(request)
    sees_all = may(request, *OVERSEERS)
    found = load_of(
        request.workplace, period, only=None if sees_all else request.user.pk
    )
    tables = load_charts.drawn_with(load_tables.tables(found, sees_all=sees_all), found)
    wanted = request.GET.get("csv")
    if wanted:
        return csv_answer(tables, wanted)
    return show(
        request,
        "staffing/load/load.html",
        found=found,
        sees_all=sees_all,
        period=found.period,
        last_day=last_day(found.period),
        problem=problem,
        query=urlencode({"fra": found.period.start, "til": last_day(found.period)}),
        quick_periods=quick_weeks(timezone.localdate()),
        figures=load_tables.figures(found, sees_all=sees_all),
        tables=tables if found.people else [],
    )


def asked_weeks(request):
    """The period asked for, and what is wrong with it; at most a year."""
    period, problem = asked_period(request)
    if period.start < EARLIEST:
        today = timezone.localdate()
        usual = Period(today - timedelta(days=27), today + timedelta(days=1))
        return usual, _("Tallene begynner i juni 2015. Her er de siste 28 dagene.")
    if period.days > 7 * LONGEST_WEEKS:
        longest = Period(period.to - timedelta(weeks=LONGEST_WEEKS), period.to)
        return longest, _("Høyst ett år om gangen. Her er det siste året av perioden.")
    return period, problem


def quick_weeks(today):
    """Periods that are often asked for, back and ahead."""

    def quick(label, start, last):
        return {"label": label, "start": start, "last": last}

    day = timedelta(days=1)
    return [
        quick(_("Siste fire uker"), today - 27 * day, today),
        quick(_("Siste kvartal"), today - 90 * day, today),
        quick(_("Siste år"), today - 363 * day, today),
        quick(_("Neste kvartal"), today, today + 90 * day),
    ]
