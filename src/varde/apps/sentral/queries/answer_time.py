"""Answer time: the database counts, the domain divides.

A call belongs to the moment it rang; one whose ring was not seen, to the first moment that
was. Every call counts that is not a fault, also one that waits at this moment: nobody has
answered it yet, and to leave it out would make a bad hour look good.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import timezone

from varde.apps.records import settings
from varde.apps.records.kept import kept
from varde.apps.records.models import DatedSetting
from varde.apps.sentral.queries import reference
from varde.domain.answer_time import AnswerTime, answer_time_of_counts


# Two ways in, so that each is found by the index on sentral and ring.
COUNTED = """
WITH counted AS (
  SELECT ringing_at AS at, answered_at,
         extract(epoch FROM answered_at - ringing_at)::float8 AS answer_s
  FROM records_call
  WHERE sentral_id = %(sentral)s
    AND ringing_at >= %(start)s AND ringing_at < %(end)s
    AND state NOT IN ('fault', 'unknown')
  UNION ALL
  SELECT COALESCE(answered_at, abandoned_at, transferred_at, ended_at), answered_at, NULL
  FROM records_call
  WHERE sentral_id = %(sentral)s AND ringing_at IS NULL
    AND COALESCE(answered_at, abandoned_at, transferred_at, ended_at) >= %(start)s
    AND COALESCE(answered_at, abandoned_at, transferred_at, ended_at) < %(end)s
    AND state NOT IN ('fault', 'unknown')
)
SELECT {group} AS part,
       count(*) FILTER (WHERE answered_at IS NOT NULL),
       count(*) FILTER (WHERE answered_at IS NULL),
       count(*) FILTER (WHERE answer_s BETWEEN 0 AND %(limit)s),
       count(*) FILTER (WHERE answer_s BETWEEN 0 AND %(long_limit)s),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY answer_s)
         FILTER (WHERE answer_s >= 0)
FROM counted GROUP BY part ORDER BY part
"""
ALL_TOGETHER = COUNTED.format(group="1")
BY_HOUR = COUNTED.format(group="date_trunc('hour', at, 'UTC')")
NONE = AnswerTime(
    calls=0,
    answered=0,
    unanswered=0,
    share_2min=None,
    share_10min=None,
    median_s=None,
)
type Counts = tuple[object, int, int, int, int, float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """The answer time of the calls that rang in one hour, from `starts_at`."""

    starts_at: datetime
    figures: AnswerTime


def answer_time(sentral_id: int, *, start: datetime, end: datetime) -> AnswerTime:
    """The answer time of the calls of a period, `end` not included.

    The limits are those that held on the period's first day; a period from before the
    norm is counted by the first norm. An empty period has counts 0 and no shares.
    """
    rows = count(ALL_TOGETHER, sentral_id, start=start, end=end)
    return figures_of(rows[0]) if rows else NONE


def answer_time_of_days(sentral_id: int, *, first: date, until: date) -> AnswerTime:
    """The answer time of whole days by the clock in Norway, `until` not included."""
    return answer_time(sentral_id, start=midnight(first), end=midnight(until))


def today(sentral_id: int, *, now: datetime) -> AnswerTime:
    """The answer time since midnight."""
    start = midnight(timezone.localdate(now))
    return answer_time(sentral_id, start=start, end=now + timedelta(microseconds=1))


def by_hour(sentral_id: int, *, day: date) -> list[Hour]:
    """Each hour of a day, also those without calls: 24, or 23 or 25 when clocks change."""
    start, end = midnight(day), midnight(day + timedelta(days=1))
    found = {
        row[0]: figures_of(row)
        for row in count(BY_HOUR, sentral_id, start=start, end=end)
    }
    hours = range(round((end - start) / timedelta(hours=1)))
    moments = [start + timedelta(hours=hour) for hour in hours]
    return [
        Hour(
            starts_at=moment.astimezone(timezone.get_default_timezone()),
            figures=found.get(moment, NONE),
        )
        for moment in moments
    ]


def midnight(day: date) -> datetime:
    """When a day begins by the clock in Norway, in UTC so that hours can be added."""
    local = datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())
    return local.astimezone(ZoneInfo("UTC"))


def count(sql: str, sentral_id: int, *, start: datetime, end: datetime) -> list[Counts]:
    """The counts of `COUNTED` for each of its parts, with the limits of that time."""
    at = reference.sentral(sentral_id)
    district = at.host_district_id if at is not None else None
    on = timezone.localdate(start)
    values = {
        "sentral": sentral_id,
        "start": start,
        "end": end,
        "limit": _limit("answer.limit_s", on=on, district_id=district),
        "long_limit": _limit("answer.long_limit_s", on=on, district_id=district),
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


@kept
def _first_day(key: str) -> date | None:
    """From when there is a norm at all; None where there is none."""
    rows = DatedSetting.objects.filter(key=key, district=None, station=None)
    return rows.order_by("valid_from").values_list("valid_from", flat=True).first()


def _limit(key: str, *, on: date, district_id: int | None) -> float:
    """Seconds, by the norm of that day; before there was any, by the first there was."""
    first = _first_day(key)
    day = on if first is None else max(on, first)
    return float(settings.value(key, on=day, district_id=district_id))


def figures_of(row: Counts) -> AnswerTime:
    """The figures of one row of counts."""
    _, answered, unanswered, within, within_long, median_s = row
    return answer_time_of_counts(
        answered=answered,
        unanswered=unanswered,
        within=within,
        within_long=within_long,
        median_s=median_s,
    )
