"""Alone on duty: `/stasjon/sikkerhet/alene/`, day by day, and as a file."""

import csv
from datetime import timedelta

from django.http import HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from varde.apps.records import audit
from varde.apps.station.access import LEADERS
from varde.apps.station.queries import alone as queries
from varde.apps.station.views.page import show
from varde.apps.station.views.working_at import at_station
from varde.apps.station.work_access import AT_WORK


FIRST_DAYS = 28
BOM = "\ufeff"  # a spreadsheet then reads the letters right


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
    response = HttpResponse(BOM, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="alene.csv"'
    writer = csv.writer(response, delimiter=";")
    writer.writerow([_("Fra"), _("Til"), _("Hvem"), _("Timer alene")])
    for span in report.spans:
        writer.writerow(
            [
                _stamp(span.starts_at),
                _stamp(span.ends_at),
                span.name,
                _hours(span.hours),
            ]
        )
    return response


def _period(request):
    """The days asked for; the last four weeks where they are not days."""
    today = timezone.localdate()
    usual = (today - timedelta(days=FIRST_DAYS - 1), today)
    texts = (request.GET.get("fra", ""), request.GET.get("til", ""))
    if not any(texts):
        return *usual, ""
    try:
        days = [parse_date(text) if text else None for text in texts]
    except ValueError:
        days = [None, None]
    last = days[1] or today
    first = days[0] or last
    is_typed = all(
        day is not None for day, text in zip(days, texts, strict=True) if text
    )
    length = (last - first).days
    if not is_typed or not 0 <= length < queries.MOST_DAYS or first.year < 2000:
        return *usual, _("Velg en periode på høyst et år. Her er de siste fire ukene.")
    return first, last, ""


def _stamp(at):
    return timezone.localtime(at).isoformat(timespec="minutes")


def _hours(hours):
    return number_format(hours, 2)
