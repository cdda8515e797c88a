"""What the sentral knows about itself: `/sentral/tall/`."""

import csv
from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from varde.apps.records import settings as dated
from varde.apps.records.models import District, Municipality
from varde.apps.records.scope import districts_served
from varde.apps.sentral.queries import answer_groups, answer_time, number_tables, parts
from varde.apps.sentral.queries import numbers as queries
from varde.apps.sentral.queries.numbers import Period
from varde.apps.sentral.queries.time_use import step_times
from varde.apps.sentral.views import charts
from varde.apps.sentral.views.working_at import at_sentral


LONGEST = 366 * 21  # days; the whole history of a sentral


@require_GET
@at_sentral()
def numbers(request):
    """Any period, whole and by group; each table also as CSV."""
    period, problem = _period(request)
    municipality = request.GET.get("kommune", "")
    if municipality and not Municipality.objects.filter(pk=municipality).exists():
        raise Http404
    shown = _all_of(request.sentral, period, municipality=municipality)
    wanted = request.GET.get("csv")
    if wanted:
        return _csv(shown["tables"], wanted)
    query = {"fra": period.start.isoformat(), "til": _last(period).isoformat()}
    context = {
        "sentral": request.sentral,
        "period": period,
        "last_day": _last(period),
        "problem": problem,
        "municipality": municipality,
        "municipalities": Municipality.objects.filter(
            catchment__station__district__served_by__sentral=request.sentral
        )
        .distinct()
        .order_by("name")
        .values_list("number", "name"),
        "quick_periods": _quick(timezone.localdate()),
        "only_districts": _only_districts(request),
        "query": urlencode(query | {"kommune": municipality}),
        **shown,
        **parts.numbers_now(request.sentral, now=timezone.now()),
    }
    return render(request, "sentral/numbers/numbers.html", context)


def _all_of(sentral, period, *, municipality):
    before = Period(period.start - timedelta(days=period.days), period.start)
    now = queries.numbers(sentral, period, municipality=municipality or None)
    then = queries.whole(sentral, before, municipality=municipality or None)
    answered = answer_time.answer_time(
        sentral.pk, start=period.begins_at, end=period.ends_at
    )
    answered_then = answer_time.answer_time(
        sentral.pk, start=before.begins_at, end=before.ends_at
    )
    goal = dated.value(
        "answer.goal_share",
        on=period.start,
        district_id=sentral.host_district_id,
    )
    tables = charts.drawn_with(
        number_tables.tables(
            now,
            by_hour=answer_groups.by_hour_of_day(
                sentral.pk, start=period.begins_at, end=period.ends_at
            ),
            by_weekday=answer_groups.by_weekday(
                sentral.pk, start=period.begins_at, end=period.ends_at
            ),
            steps=step_times(sentral, period),
            steps_before=step_times(sentral, before),
            goal=goal,
        )
    )
    return {
        "figures": number_tables.figures(
            now.whole,
            then,
            answered=answered,
            answered_then=answered_then,
            attendance=queries.attendance(sentral, period),
            goal=goal,
        ),
        "tables": tables,
    }


def _only_districts(request):
    """The districts that the figures are of, when they are not all that are served.

    A person who works in one of a sentral's districts sees that one's contacts alone.
    """
    served = {
        request.sentral.host_district_id,
        *districts_served([request.sentral.pk], on=timezone.localdate()),
    }
    mine = served & request.scope_of_user.districts
    if mine == served:
        return []
    return list(District.objects.filter(pk__in=mine).values_list("name", flat=True))


def _period(request):
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


def _last(period):
    return period.to - timedelta(days=1)


def _quick(today):
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


def _csv(tables, wanted):
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
