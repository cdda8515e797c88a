"""What the station knows about itself: `/stasjon/tall/`."""

from datetime import timedelta
from urllib.parse import urlencode

from django.utils import timezone
from django.views.decorators.http import require_GET

from varde.apps.records.models import Role
from varde.apps.sentral.queries.numbers import Period
from varde.apps.sentral.views.period import (
    asked_period,
    csv_answer,
    last_day,
    quick_periods,
)
from varde.apps.station.access import CLINICIANS
from varde.apps.station.queries import number_tables
from varde.apps.station.queries.house_numbers import house_numbers
from varde.apps.station.queries.numbers import station_numbers
from varde.apps.station.views.inhabitants import RESPONSIBLE
from varde.apps.station.views.page import may, show
from varde.apps.station.views.working_at import at_station


READERS = (*CLINICIANS, Role.LEGEVAKTOVERLEGE, Role.KOMMUNEOVERLEGE)


@require_GET
@at_station(*READERS)
def numbers(request):
    """Any period; each table also as CSV."""
    from varde.apps.station.views import charts  # slow to load, and seldom needed

    period, problem = asked_period(request)
    at = timezone.now()
    found = station_numbers(request.station, period, now=at)
    house = house_numbers(request.station, period, patients=found.patients)
    tables = charts.drawn_with(number_tables.tables(found, house), found)
    wanted = request.GET.get("csv")
    if wanted:
        return csv_answer(tables, wanted)
    before = Period(period.start - timedelta(days=period.days), period.start)
    then = station_numbers(request.station, before, now=at)
    return show(
        request,
        "station/numbers/numbers.html",
        period=period,
        last_day=last_day(period),
        problem=problem,
        query=urlencode({"fra": period.start, "til": last_day(period)}),
        quick_periods=quick_periods(timezone.localdate()),
        figures=number_tables.figures(found, then),
        tables=tables,
        may_write_inhabitants=may(request, *RESPONSIBLE),
    )
