"""How full the beds were, and the KAD/ØHD figures of a year as a file."""

from datetime import date

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from varde.apps.records import audit
from varde.apps.records.models import BedKind, Role
from varde.apps.sentral.views.period import asked_period, last_day
from varde.apps.station.access import CLINICIANS, LEADERS
from varde.apps.station.queries.beds import occupancy as queries
from varde.apps.station.views.page import may, show
from varde.apps.station.views.working_at import at_station


MOST_DAYS = 366
FIRST_YEAR = 2000


@require_GET
@at_station(*CLINICIANS, Role.LEGEVAKTOVERLEGE)
def bed_days(request):
    """Occupancy by day, and the KAD figures of a year."""
    now, place = timezone.now(), request.station
    period, problem = asked_period(request, longest=MOST_DAYS)
    first, last = period.start, last_day(period)
    years = queries.years_with_kad(place, now=now)
    year = _year(request, years)
    figures = queries.figures_of(place, year=year, now=now)
    return show(
        request,
        "station/beds/days.html",
        first=first,
        last=last,
        problem=problem,
        occupancy=queries.occupancy(place, first_on=first, until_on=period.to, now=now),
        years=years,
        year=year,
        table=queries.table(figures, beds=_share(place, year, now=now)),
        is_so_far=year == timezone.localdate(now).year,
        may_take=may(request, *LEADERS),
    )


@require_GET
@at_station(*LEADERS)
def bed_year_csv(request, year):
    """The KAD figures of a year as a file. That it was taken out is logged."""
    now, place = timezone.now(), request.station
    if not FIRST_YEAR <= year <= timezone.localdate(now).year:
        raise Http404
    figures = queries.figures_of(place, year=year, now=now)
    audit.log(
        what="bed_year_file",
        by=request.user,
        at=now,
        district_id=place.district_id,
        table="records_station",
        row_id=place.id,
        purpose="",
        data={"year": year, "admitted": figures.admitted},
    )
    text = queries.as_csv(figures, place, beds=_share(place, year, now=now))
    return HttpResponse(
        "\ufeff" + text,  # a spreadsheet then reads the Norwegian letters
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="ohd_{place.code}_{year}.csv"'
        },
    )


def _share(place, year, *, now):
    """The occupancy of the KAD beds of a year, as far as it is over; None if unknown."""
    found = queries.occupancy(
        place, first_on=date(year, 1, 1), until_on=date(year + 1, 1, 1), now=now
    )
    return next((one.share for one in found if one.kind == BedKind.KAD), None)


def _year(request, years):
    asked = request.GET.get("aar", "")
    return next((year for year in years if str(year) == asked), years[0])
