"""The rates that a duty is paid by. A rate that is not there is None, and stays unknown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from decimal import Decimal
from enum import StrEnum

from varde.domain.load.spans import DAY, by_the_clock, days, shared, whole_days
from varde.domain.rota.values import Span
from varde.domain.workdays import SATURDAY


LAST_CLASS = 4


class DayKind(StrEnum):
    """What the agreement tells apart. A public holiday is one on any day of the week."""

    MON_FRI = "mon_fri"
    SAT_SUN = "sat_sun"
    HOLIDAY = "holiday"


class ContactKind(StrEnum):
    """A contact that gives a fee."""

    CONSULTATION = "consultation"
    HOME_VISIT = "home_visit"


type PerHour = Mapping[DayKind, Decimal | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """The calendar that decides what an hour is. The local day of each hour counts."""

    holidays: frozenset[date]
    zone: tzinfo
    night: tuple[time, time]  # of fixed pay: from, to
    evening: tuple[time, time]  # of the fees

    def kind_of(self, day: date) -> DayKind:
        """Holiday before weekend before weekday.

        >>> from datetime import UTC
        >>> one = Days(
        ...     holidays=frozenset([date(2026, 12, 26)]), zone=UTC,
        ...     night=(time(23), time(8)), evening=(time(16), time(8)),
        ... )
        >>> one.kind_of(date(2026, 12, 26)).value  # a Saturday
        'holiday'
        """
        if day in self.holidays:
            return DayKind.HOLIDAY
        return DayKind.SAT_SUN if day.weekday() >= SATURDAY else DayKind.MON_FRI

    def seconds(self, span: Span) -> dict[DayKind, int]:
        """The true seconds of a period, by the kind of its days; every kind has a line."""
        found = dict.fromkeys(DayKind, 0)
        for day in self._days_of(span):
            for part in shared([span], whole_days([day], zone=self.zone)):
                found[self.kind_of(day)] += _seconds(part)
        return found

    def nights(self, span: Span) -> tuple[Span, ...]:
        """The parts of a period that are night by the fixed pay's clock."""
        starts, ends = self.night
        touched = self._days_of(span)
        around = days(touched[0] - DAY, touched[-1] + DAY)  # the night before goes on
        return shared(
            [span], by_the_clock(around, starts=starts, ends=ends, zone=self.zone)
        )

    def is_evening(self, at: datetime) -> bool:
        """Whether a contact has the fee of evening, night, weekend or holiday."""
        local = at.astimezone(self.zone)
        starts, ends = self.evening
        clock = local.time()
        return (
            self.kind_of(local.date()) is not DayKind.MON_FRI
            or clock >= starts
            or clock < ends
        )

    def _days_of(self, span: Span) -> tuple[date, ...]:
        first = span.starts_at.astimezone(self.zone).date()
        last = span.ends_at.astimezone(self.zone).date()
        return (*days(first, last), last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """The rates of a day, kroner an hour and kroner a contact.

    `standby` is by class 1 to 4. `night` is the hourly pay of the inter-municipal
    legevakt between 23 and 08, None where the group of inhabitants is not known.
    `local` is fixed pay for the whole duty, agreed locally. `fee` is by kind of contact
    and whether it is in the evening.
    """

    standby: Mapping[int, PerHour]
    bakvakt: PerHour
    night: PerHour
    local: PerHour
    fee: Mapping[tuple[ContactKind, bool], Decimal | None]


def _seconds(span: Span) -> int:
    return round(span.ends_at.timestamp() - span.starts_at.timestamp())
