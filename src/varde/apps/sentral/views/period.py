"""The period that a page of numbers is about, and a table of it as a file."""

import csv
from datetime import date, timedelta

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from varde.apps.sentral.queries.numbers import Period
from varde.engines.sheet_rows import harmless


LONGEST = 366 * 21  # days; the whole history of a sentral


def asked_period(request, *, usual_days=28, longest=LONGEST):
    """The period asked for; the last days when none, or when it makes no sense."""
    today = timezone.localdate()
    tomorrow = today + timedelta(days=1)
    usual = Period(tomorrow - timedelta(days=usual_days), tomorrow)
    if "fra" not in request.GET and "til" not in request.GET:
        return usual, ""
    start = _date(request.GET.get("fra", ""))
    last = _date(request.GET.get("til", ""))
    if start is None or last is None:
        said = _("Datoen er ikke en dato. Her er de siste %(days)s dagene.")
        return usual, said % {"days": usual_days}
    if last < start:
        said = _("Perioden slutter før den begynner. Her er de siste %(days)s dagene.")
        return usual, said % {"days": usual_days}
    if (last - start).days >= longest:
        said = _(
            "Perioden er på mer enn %(longest)s dager. Her er de siste %(days)s dagene."
        )
        return usual, said % {"days": usual_days, "longest": longest}
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
    return csv_file(wanted, table["csv_heads"], table["csv_rows"])


def csv_file(name, heads, rows):
    """A table as a file that a Norwegian spreadsheet opens."""
    response = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )
    response.write("\ufeff")  # a spreadsheet then reads the Norwegian letters
    writer = csv.writer(response, delimiter=";")
    writer.writerow(heads)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return response
