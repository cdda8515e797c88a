"""A station's contacts hour by hour, and who they were, as the forecast takes them.

A contact is a station's when it was sent there, or when nobody has sent it anywhere and the
station served the municipality at that hour. Hours are by the clock in Norway. The hour that
autumn has twice is unknown: the two cannot be told apart.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection

from varde.apps.records import holidays, settings
from varde.apps.records.models import Catchment, Sentral, Station
from varde.domain.catchment import is_day
from varde.engines.forecast.series import HOUR, HourlySeries, from_counts


OSLO = ZoneInfo("Europe/Oslo")
HISTORY = timedelta(days=5 * 365)
SHARES_OF = timedelta(days=365)
UNKNOWN = "ukjent"
# First year of each band; SSB's usual bands for primary care.
AGE_BANDS = ((0, "0-5"), (6, "6-15"), (16, "16-44"), (45, "45-66"), (67, "67-79"))
OLDEST = (80, "80+")

BY_HOUR = """
SELECT date_trunc('hour', opened_at AT TIME ZONE 'Europe/Oslo') AS hour,
       station_id = %(station)s, municipality_id, count(*)
FROM records_contact
WHERE opened_at >= %(start)s AND opened_at < %(end)s
  AND (station_id = %(station)s
       OR station_id IS NULL AND municipality_id = ANY(%(served)s))
GROUP BY 1, 2, 3 ORDER BY 1
"""
BY_KIND = """
SELECT date_trunc('hour', c.opened_at AT TIME ZONE 'Europe/Oslo') AS hour,
       c.station_id = %(station)s, c.municipality_id,
       COALESCE(NULLIF(c.hastegrad_phone, ''), NULLIF(c.hastegrad_arrival, ''), ''),
       (c.opened_at AT TIME ZONE 'Europe/Oslo')::date, p.birth_date, count(*)
FROM records_contact c LEFT JOIN records_patient p ON p.id = c.patient_id
WHERE c.opened_at >= %(start)s AND c.opened_at < %(end)s
  AND (c.station_id = %(station)s
       OR c.station_id IS NULL AND c.municipality_id = ANY(%(served)s))
GROUP BY 1, 2, 3, 4, 5, 6
"""
OF_SENTRAL = """
SELECT c.municipality_id,
       COALESCE(NULLIF(c.hastegrad_phone, ''), NULLIF(c.hastegrad_arrival, ''), ''),
       (c.opened_at AT TIME ZONE 'Europe/Oslo')::date, p.birth_date, count(*)
FROM records_contact c LEFT JOIN records_patient p ON p.id = c.patient_id
WHERE c.opened_at >= %(start)s AND c.opened_at < %(end)s AND c.sentral_id = %(sentral)s
GROUP BY 1, 2, 3, 4
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The hours of a station's history, and what each of its days had in all.

    The days are whole also where the clock was set: what came in an hour that cannot be
    placed still came that day.
    """

    series: HourlySeries
    days: dict[date, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Contacts of the last year by hastegrad, age band and municipality, by code."""

    hastegrad: dict[str, int]
    age: dict[str, int]
    municipality: dict[str, int]


def history(station: Station, *, now: datetime) -> History | None:
    """The station's contacts of each hour up to five years back; None where there are none.

    It begins at midnight after the first contact, and ends with the last whole hour.
    """
    end = now.astimezone(OSLO).replace(minute=0, second=0, microsecond=0)
    served = _Served(station)
    counts: Counter[datetime] = Counter()
    for hour, is_sent, municipality, count in _read(
        BY_HOUR, station, served, start=end - HISTORY, end=end
    ):
        if is_sent or served.at(municipality, hour):
            counts[hour] += count
    series = series_of(counts, until=end.replace(tzinfo=None))
    if series is None:
        return None
    by_day: Counter[date] = Counter()
    for hour, count in counts.items():
        by_day[hour.date()] += count
    whole = (series.ends.date() - series.begins.date()).days
    on = [series.begins.date() + timedelta(days=n) for n in range(whole)]
    return History(series=series, days={day: by_day[day] for day in on})


def series_of(counts: Counter[datetime], *, until: datetime) -> HourlySeries | None:
    """The hours from midnight after the first count, where no count is 0.

    The first day is left out: nobody knows when on it the counting began. None where
    nothing is left.
    """
    known: dict[datetime, int] = {}
    hour = datetime.combine(min(counts, default=until).date(), time.min)
    hour += timedelta(days=1)
    while hour < until:
        if _is_known(hour):
            known[hour] = counts[hour]
        hour += HOUR
    return from_counts(known) if known else None


def parts(station: Station, *, now: datetime) -> Parts:
    """Who the contacts of the last year were. What is not known is a part of its own."""
    served = _Served(station)
    found = Parts(hastegrad=Counter(), age=Counter(), municipality=Counter())
    for hour, is_sent, municipality, hastegrad, on, born, count in _read(
        BY_KIND, station, served, start=now - SHARES_OF, end=now
    ):
        if is_sent or served.at(municipality, hour):
            found.hastegrad[hastegrad or UNKNOWN] += count
            found.age[age_band(born, on=on)] += count
            found.municipality[municipality or UNKNOWN] += count
    return found


def parts_of_sentral(sentral: Sentral, *, now: datetime) -> Parts:
    """Who a sentral's contacts of the last year were. Calls are not asked who they are."""
    found = Parts(hastegrad=Counter(), age=Counter(), municipality=Counter())
    with connection.cursor() as cursor:
        cursor.execute(
            OF_SENTRAL,
            {
                "sentral": sentral.pk,
                "start": (now - SHARES_OF).astimezone(UTC),
                "end": now.astimezone(UTC),
            },
        )
        for municipality, hastegrad, on, born, count in cursor.fetchall():
            found.hastegrad[hastegrad or UNKNOWN] += count
            found.age[age_band(born, on=on)] += count
            found.municipality[municipality or UNKNOWN] += count
    return found


def age_band(born: date | None, *, on: date) -> str:
    """The band of an age on a day.

    >>> age_band(date(2020, 11, 23), on=date(2026, 11, 22)), age_band(None, on=date.min)
    ('0-5', 'ukjent')
    """
    if born is None:
        return UNKNOWN
    years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    bands = [name for first, name in (*AGE_BANDS, OLDEST) if first <= max(years, 0)]
    return bands[-1]


class _Served:
    """The municipalities that a station serves, and when."""

    def __init__(self, station: Station) -> None:
        self.rows = list(Catchment.objects.filter(station=station))
        self.municipalities = sorted({row.municipality_id for row in self.rows})
        self.is_day: dict[datetime, bool] = {}

    def at(self, municipality: str, hour: datetime) -> bool:
        """Whether the station served the municipality at an hour by the local clock."""
        on = hour.date()
        kinds = {
            row.hours
            for row in self.rows
            if row.municipality_id == municipality
            and row.valid_from <= on
            and (row.valid_to is None or on < row.valid_to)
        }
        if Catchment.Hours.ALL in kinds or not kinds:
            return bool(kinds)
        wanted = Catchment.Hours.DAY if self._is_day(hour) else Catchment.Hours.NIGHT
        return wanted in kinds

    def _is_day(self, hour: datetime) -> bool:
        if hour not in self.is_day:
            hours = settings.value("catchment.day", on=hour.date())
            self.is_day[hour] = is_day(
                hour.replace(tzinfo=OSLO),
                starts=time.fromisoformat(hours["from"]),
                ends=time.fromisoformat(hours["to"]),
                holidays=holidays.around(hour.date()),
            )
        return self.is_day[hour]


def _read(query, station, served, *, start, end):
    with connection.cursor() as cursor:
        cursor.execute(
            query,
            {
                "station": station.pk,
                "served": served.municipalities,
                "start": start.astimezone(UTC),
                "end": end.astimezone(UTC),
            },
        )
        return cursor.fetchall()


def _is_known(hour: datetime) -> bool:
    """Not in the hour that spring skips, nor in the one that autumn has twice."""
    first, second = (
        hour.replace(tzinfo=OSLO, fold=fold).utcoffset() for fold in (0, 1)
    )
    return first == second
