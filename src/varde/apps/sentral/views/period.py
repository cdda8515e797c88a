"""The period that a page of numbers is about, and a table of it as a file."""

import csv
from datetime import date, timedelta

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from varde.apps.sentral.queries.numbers import Period


LONGEST = 366 * 21  # days; the whole history of a sentral


def asked_period(request):
    """The period asked for; the last 28 days when none, or when it makes no sense."""
    today = timezone.localdate()
    usual = Period(today - timedelta(days=27), today + timedelta(days=1))
    if "fra" not in request.GET and "til" not in request.GET:
        return usual, ""
    start = _date(request.GET.get("fra", ""))
    last = _date(request.GET.get("til", ""))
    if start is None or last is None:
        return usual, _("Datoen er ikke en dato. Her er de siste 28 dagene.")
    if last < start:
        return usual, _("Perioden slutter før den begynner. Her er de siste 28 dagene.")
    if (last - start).days > LONGEST:
        return usual, _("Perioden er for lang. Her er de siste 28 dagene.")
    return Period(start, last + timedelta(days=1)), ""


def _date(text):
    try:
        found = parse_date(text)
    except ValueError:
        return None
    return found if found and date(2000, 1, 1) <= found <= date(2100, 1, 1) else None


def last_day(period):
    """The last day of a period."""
    return period.to - timedelta(days=1)


def quick_periods(today):
    """Periods that are often asked for."""

    def quick(label, start, last):
        return {"label": label, "start": start, "last": last}

    monday = today - timedelta(days=today.weekday())
    return [
        quick(_("I dag"), today, today),
        quick(_("I går"), today - timedelta(days=1), today - timedelta(days=1)),
        quick(_("Denne uka"), monday, today),
        quick(_("Denne måneden"), today.replace(day=1), today),
        quick(_("I år"), today.replace(month=1, day=1), today),
        quick(_("Fem år"), today.replace(year=today.year - 5, day=1), today),
    ]


def csv_answer(tables, wanted):
    """One of the tables as a file; 404 for one that is not there."""
    table = next((t for t in tables if t["id"] == wanted), None)
    if table is None:
        raise Http404
    response = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{wanted}.csv"'},
    )
    response.write("\ufeff")  # a spreadsheet then reads the Norwegian letters
    writer = csv.writer(response, delimiter=";")
    writer.writerow(table["csv_heads"])
    writer.writerows(table["csv_rows"])
    return response
