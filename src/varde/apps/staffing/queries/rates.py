"""The rates of pay of a workplace, day by day, with their sources."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any

from django.db.models import Q

from varde.apps.records import holidays, settings
from varde.apps.records.models import DatedSetting
from varde.apps.sentral.queries.numbers import Period
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.queries.work import ZONE
from varde.apps.station.queries.house_numbers import inhabitants
from varde.domain.pay.tariff import ContactKind, DayKind, Days, PerHour, Tariff


RATES = ("pay.standby", "pay.bakvakt", "pay.night", "pay.local", "pay.fee")
KEYS = (
    *RATES,
    "pay.groups",
    "pay.night_clock",
    "pay.evening_clock",
    "pay.agreed_class",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What holds from a day until the next terms: rates, calendar, agreed classes."""

    holds_from: date
    tariff: Tariff
    calendar: Days
    agreed: Mapping[str, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a rate comes from, and since when."""

    key: str
    holds_from: date
    text: str
    is_verified: bool


def terms_of(
    workplace: Workplace,
    period: Period,
    *,
    is_specialist: bool,
    local: Decimal | None = None,
) -> tuple[Terms, ...]:
    """The terms of each part of a period, in order.

    `local` is fixed pay an hour that is tried out; it stands in for the agreed one. Where
    nothing holds on a day, every rate is unknown.
    """
    changes = _rows(workplace).filter(
        valid_from__gt=period.start, valid_from__lt=period.to
    )
    ends = _rows(workplace).filter(valid_to__gt=period.start, valid_to__lt=period.to)
    on = sorted(
        {
            period.start,
            *changes.values_list("valid_from", flat=True),
            *ends.values_list("valid_to", flat=True),
        }
    )
    people = (
        None
        if workplace.station_id is None
        else inhabitants(workplace.station_id, on=period.start)
    )
    closed = holidays.around(period.start) | holidays.around(period.to)
    return tuple(
        _terms(
            workplace,
            day,
            closed=closed,
            people=people,
            is_specialist=is_specialist,
            local=local,
        )
        for day in on
    )


def terms_on(terms: Sequence[Terms], day: date) -> Terms:
    """The terms that hold on a day of the period."""
    return terms[max(0, bisect_right([one.holds_from for one in terms], day) - 1)]


def sources(
    workplace: Workplace, *, on: date, keys: Sequence[str] = RATES
) -> tuple[Source, ...]:
    """The source of every rate that holds on a day; the nearest place's first."""
    rows = (
        _rows(workplace, keys)
        .filter(Q(valid_to=None) | Q(valid_to__gt=on), valid_from__lte=on)
        .order_by("key", "-station", "-district", "-valid_from")
    )
    found: dict[str, DatedSetting] = {}
    nearest = sorted(
        rows,
        key=lambda row: (
            keys.index(row.key),
            row.station_id is None,
            row.district_id is None,
            -row.valid_from.toordinal(),
        ),
    )
    for row in nearest:
        found.setdefault(row.key, row)
    return tuple(
        Source(
            key=row.key,
            holds_from=row.valid_from,
            text=row.source,
            is_verified=row.is_verified,
        )
        for row in found.values()
    )


def _rows(workplace: Workplace, keys: Sequence[str] = KEYS) -> Any:
    return DatedSetting.objects.filter(
        Q(district=None) | Q(district=workplace.district_id),
        Q(station=None) | Q(station=workplace.station_id),
        key__in=keys,
    )


def _terms(
    workplace: Workplace,
    day: date,
    *,
    closed: frozenset[date],
    people: int | None,
    is_specialist: bool,
    local: Decimal | None,
) -> Terms:
    def of(key: str) -> Any:
        """The value; nothing where none holds."""
        try:
            return settings.value(
                key,
                on=day,
                district_id=workplace.district_id,
                station_id=workplace.station_id,
            )
        except settings.SettingMissing:
            return {}

    local_rate = (
        _per_hour(of("pay.local")) if local is None else dict.fromkeys(DayKind, local)
    )
    night = of("pay.night").get(str(_group(people, of("pay.groups"))), {})
    return Terms(
        holds_from=day,
        tariff=Tariff(
            standby={int(n): _per_hour(row) for n, row in of("pay.standby").items()},
            bakvakt=_per_hour(of("pay.bakvakt")),
            night=_night_rate(night, is_specialist=is_specialist),
            local=local_rate,
            fee=_fees(of("pay.fee")),
        ),
        calendar=Days(
            holidays=closed,
            zone=ZONE,
            night=_clock(of("pay.night_clock")),
            evening=_clock(of("pay.evening_clock")),
        ),
        agreed=of("pay.agreed_class"),
    )


def _money(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _per_hour(row: Mapping[str, float | None]) -> PerHour:
    return {kind: _money(row.get(kind)) for kind in DayKind}


def _night_rate(row: Mapping[str, float | None], *, is_specialist: bool) -> PerHour:
    """The weekend's rate on public holidays too: the agreement read has no other."""
    end = "_spec" if is_specialist else ""
    weekend = _money(row.get(f"we{end}"))
    return {
        DayKind.MON_FRI: _money(row.get(f"wd{end}")),
        DayKind.SAT_SUN: weekend,
        DayKind.HOLIDAY: weekend,
    }


def _group(people: int | None, groups: Mapping[str, int]) -> int | None:
    """The group of inhabitants, 1 the smallest; None where their number is unknown."""
    if people is None or not groups:
        return None
    return 1 + sum(people > limit for limit in groups.values())


def _fees(
    rows: Mapping[str, Mapping[str, float | None]],
) -> dict[tuple[ContactKind, bool], Decimal | None]:
    return {
        (kind, is_evening): _money(
            rows.get(kind, {}).get("evening" if is_evening else "day")
        )
        for kind in ContactKind
        for is_evening in (False, True)
    }


def _clock(value: Mapping[str, int]) -> tuple[time, time]:
    return time(value["from"]), time(value["to"])
