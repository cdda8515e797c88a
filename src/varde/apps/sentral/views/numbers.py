"""What the sentral knows about itself: `/sentral/tall/`."""

from datetime import timedelta
from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from varde.apps.records import settings as dated
from varde.apps.records.models import District, Municipality
from varde.apps.records.scope import districts_served
from varde.apps.sentral.queries import answer_groups, answer_time, number_tables, parts
from varde.apps.sentral.queries import numbers as queries
from varde.apps.sentral.queries.numbers import Period
from varde.apps.sentral.queries.nursing_homes import from_homes
from varde.apps.sentral.queries.time_use import step_times
from varde.apps.sentral.views.period import (
    asked_period,
    csv_answer,
    last_day,
    quick_periods,
)
from varde.apps.sentral.views.working_at import at_sentral


@require_GET
@at_sentral()
def numbers(request):
    """Any period, whole and by group; each table also as CSV."""
    period, problem = asked_period(request)
    municipality = request.GET.get("kommune", "")
    if municipality and not Municipality.objects.filter(pk=municipality).exists():
        raise Http404
    shown = _all_of(request.sentral, period, municipality=municipality)
    wanted = request.GET.get("csv")
    if wanted:
        return csv_answer(shown["tables"], wanted)
    query = {"fra": period.start.isoformat(), "til": last_day(period).isoformat()}
    context = {
        "sentral": request.sentral,
        "period": period,
        "last_day": last_day(period),
        "problem": problem,
        "municipality": municipality,
        "municipalities": Municipality.objects.filter(
            catchment__station__district__served_by__sentral=request.sentral
        )
        .distinct()
        .order_by("name")
        .values_list("number", "name"),
        "quick_periods": quick_periods(timezone.localdate()),
        "only_districts": _only_districts(request),
        "query": urlencode(query | {"kommune": municipality}),
        **shown,
        **parts.numbers_now(request.sentral, now=timezone.now()),
    }
    return render(request, "sentral/numbers/numbers.html", context)


def _all_of(sentral, period, *, municipality):
    from varde.apps.sentral.views import charts  # slow to load, and seldom needed

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
            homes=from_homes(sentral, period, municipality=municipality or None),
            homes_then=from_homes(sentral, before, municipality=municipality or None),
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
