"""A sentral's own calls, as the telephone's engine takes them."""

from collections import Counter
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.db.models.functions import TruncHour

from varde.apps.planning.queries.demand import HISTORY, OSLO, series_of
from varde.apps.records.models import Call, Sentral
from varde.engines.forecast.series import HourlySeries
from varde.engines.telephony.own_calls import OwnCall


MEASURED_OVER = timedelta(weeks=13)
_COUNTED = Q(ringing_at__isnull=False) & ~Q(
    state__in=[Call.State.FAULT, Call.State.UNKNOWN]
)


def call_history(sentral: Sentral, *, now: datetime) -> HourlySeries | None:
    """The calls of each hour up to five years back; None where there are none.

    It begins at midnight after the first call, and ends with the last whole hour. Faults
    are no calls.
    """
    end = now.astimezone(OSLO).replace(minute=0, second=0, microsecond=0)
    rows = (
        Call.objects.filter(
            _COUNTED, sentral=sentral, ringing_at__gte=end - HISTORY, ringing_at__lt=end
        )
        .annotate(hour=TruncHour("ringing_at", tzinfo=OSLO))
        .values_list("hour")
        .annotate(calls=Count("pk"))
    )
    counts: Counter[datetime] = Counter()
    for hour, calls in rows:
        counts[hour.replace(tzinfo=None, fold=0)] += calls
    return series_of(counts, until=end.replace(tzinfo=None))


def county_of(sentral: Sentral) -> str:
    """The county whose school holidays count: that of the host district's first station."""
    counties = sentral.host_district.stations.values_list(
        "municipality__county", flat=True
    )
    return counties.order_by("code").first() or ""


def own_calls(sentral: Sentral, *, now: datetime) -> list[OwnCall]:
    """The calls of the last 13 weeks. Who rang and hung up has no answer."""
    rows = Call.objects.filter(
        _COUNTED,
        sentral=sentral,
        ringing_at__gte=now - MEASURED_OVER,
        ringing_at__lt=now,
    )
    return [
        OwnCall(
            rang_at=rang,
            answered_at=answered if answered is None or answered >= rang else rang,
            ended_at=ended or left,
            operator=operator,
        )
        for rang, answered, ended, left, operator in rows.values_list(
            "ringing_at", "answered_at", "ended_at", "abandoned_at", "operator_code"
        )
    ]
