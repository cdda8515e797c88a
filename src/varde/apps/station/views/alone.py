"""Alone on duty: `/stasjon/sikkerhet/alene/`, day by day, and as a file."""

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from varde.apps.records import audit
from varde.apps.sentral.views.period import asked_period, csv_file, last_day
from varde.apps.station.access import LEADERS
from varde.apps.station.queries import alone as queries
from varde.apps.station.views.page import show
from varde.apps.station.views.working_at import at_station
from varde.apps.station.work_access import AT_WORK


@require_GET
@at_station(*AT_WORK)
def alone(request):
    """The hours of a period, by day and by the clock, and who is here now."""
    first, last, problem = _period(request)
    return show(
        request,
        "station/safety/alone.html",
        problem=problem,
        report=queries.report(request.station, first=first, last=last),
        at_now=queries.now_at(request.station, now=timezone.now()),
    )


@require_GET
@at_station(*LEADERS)
def alone_csv(request):
    """Each time that somebody was alone, with who it was. To take it out is logged."""
    first, last, _problem = _period(request)
    report = queries.report(request.station, first=first, last=last)
    audit.log(
        what="alone_exported",
        by=request.user,
        district_id=request.station.district_id,
        place=request.station.code,
        purpose="",
        data={"first": first.isoformat(), "last": last.isoformat()},
    )
    return csv_file(
        "alene",
        [_("Fra"), _("Til"), _("Hvem"), _("Timer alene")],
        [
            (
                _stamp(span.starts_at),
                _stamp(span.ends_at),
                span.name,
                number_format(span.hours, 2),
            )
            for span in report.spans
        ],
    )


def _period(request):
    """The days asked for; the last four weeks where they are not days."""
    period, problem = asked_period(request, longest=queries.MOST_DAYS)
    return period.start, last_day(period), problem


def _stamp(at):
    return timezone.localtime(at).isoformat(timespec="minutes")
