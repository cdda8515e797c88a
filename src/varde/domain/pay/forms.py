"""One duty under each form of pay: what the municipality pays, and the doctor gets.

- *Standby and activity* (SFS 2305 § 8.2–8.3): standby pay by the class of the duty, and the
  doctor keeps the fees.
- *Fixed at night* (§ 9.1): hourly pay from 23 to 08, the rest as above.
- *Fixed* (§ 8.4): hourly pay by local agreement for the whole duty.

Where pay is fixed, the fees of the contacts go to the municipality. § 8.4 says so; that it
holds under § 9.1 too is our assumption, and the page says it. A bakvakt is paid the bakvakt's
rate under every form and keeps the fees. Employer's contributions, pensions, time off after
duty (§ 7.4) and the amount for each inhabitant (§ 8.11) are in none of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from varde.domain.load.spans import without
from varde.domain.pay.amount import UNKNOWN, Amount, for_each, for_hours, total
from varde.domain.pay.tariff import ContactKind, Days, PerHour, Tariff
from varde.domain.rota.values import Span


class Form(StrEnum):
    """How a doctor is paid for duty."""

    ACTIVITY = "activity"
    NIGHT_FIXED = "night_fixed"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A contact of a duty that gives a fee, and when."""

    kind: ContactKind
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidDuty:
    """A duty as pay sees it. `duty_class` is 1 to 4; None where it is unknown."""

    span: Span
    is_bakvakt: bool
    duty_class: int | None
    seen: tuple[Seen, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """What a duty comes to. Fees are paid by the state and the patients."""

    pay: Amount  # by the municipality to the doctor
    fees_to_doctor: Amount
    fees_to_municipality: Amount

    @property
    def income(self) -> Amount:
        """What the doctor gets: pay and own fees."""
        return self.pay + self.fees_to_doctor

    @property
    def cost(self) -> Decimal | None:
        """What the municipality is left to pay, its fees taken off; below 0 is a gain.

        None where the pay or the fees are unknown: a missing fee would make it too high
        and a missing rate too low.
        """
        pay, fees = self.pay.total, self.fees_to_municipality.total
        return None if pay is None or fees is None else pay - fees

    def __add__(self, other: "Paid") -> "Paid":
        return Paid(
            pay=self.pay + other.pay,
            fees_to_doctor=self.fees_to_doctor + other.fees_to_doctor,
            fees_to_municipality=self.fees_to_municipality + other.fees_to_municipality,
        )


NOTHING = Paid(pay=Amount(), fees_to_doctor=Amount(), fees_to_municipality=Amount())


def paid(duty: PaidDuty, form: Form, *, tariff: Tariff, calendar: Days) -> Paid:
    """What one duty comes to under a form of pay.

    An unknown class or a rate that is missing makes the sum unknown, not smaller. A duty
    of which no hour is paid by a missing rate does not need it.

    >>> from datetime import UTC, time
    >>> from varde.domain.pay.tariff import DayKind
    >>> monday = Span(
    ...     starts_at=datetime(2026, 1, 5, 16, tzinfo=UTC),
    ...     ends_at=datetime(2026, 1, 5, 20, tzinfo=UTC),
    ... )
    >>> rates = Tariff(
    ...     standby={2: {DayKind.MON_FRI: Decimal(55)}}, bakvakt={}, night={}, local={},
    ...     fee={(ContactKind.CONSULTATION, True): Decimal(328)},
    ... )
    >>> evening = Seen(kind=ContactKind.CONSULTATION, at=monday.starts_at)
    >>> duty = PaidDuty(span=monday, is_bakvakt=False, duty_class=2, seen=(evening,))
    >>> calendar = Days(
    ...     holidays=frozenset(), zone=UTC,
    ...     night=(time(23), time(8)), evening=(time(16), time(8)),
    ... )
    >>> found = paid(duty, Form.ACTIVITY, tariff=rates, calendar=calendar)
    >>> found.pay.total, found.income.total, found.cost
    (Decimal('220.00'), Decimal('548.00'), Decimal('220.00'))
    >>> paid(duty, Form.FIXED, tariff=rates, calendar=calendar).cost is None
    True
    """
    if duty.is_bakvakt:
        return Paid(
            pay=_hourly([duty.span], tariff.bakvakt, calendar),
            fees_to_doctor=_fees(duty.seen, tariff, calendar),
            fees_to_municipality=Amount(),
        )
    fixed, rate = _fixed(duty, form, tariff, calendar)
    standby = without([duty.span], fixed)
    to_town = [one for one in duty.seen if _is_in(one.at, fixed)]
    to_doctor = [one for one in duty.seen if not _is_in(one.at, fixed)]
    return Paid(
        pay=_hourly(fixed, rate, calendar) + _standby(duty, standby, tariff, calendar),
        fees_to_doctor=_fees(to_doctor, tariff, calendar),
        fees_to_municipality=_fees(to_town, tariff, calendar),
    )


def _fixed(
    duty: PaidDuty, form: Form, tariff: Tariff, calendar: Days
) -> tuple[tuple[Span, ...], PerHour]:
    """The part of a duty that has fixed pay, and its rate."""
    if form is Form.FIXED:
        return (duty.span,), tariff.local
    if form is Form.NIGHT_FIXED:
        return calendar.nights(duty.span), tariff.night
    return (), {}


def _standby(
    duty: PaidDuty, spans: Iterable[Span], tariff: Tariff, calendar: Days
) -> Amount:
    parts = tuple(spans)
    if not parts:
        return Amount()
    if duty.duty_class is None:
        return UNKNOWN
    return _hourly(parts, tariff.standby.get(duty.duty_class, {}), calendar)


def _hourly(spans: Iterable[Span], rate: PerHour, calendar: Days) -> Amount:
    return total(
        for_hours(seconds, rate.get(kind))
        for span in spans
        for kind, seconds in calendar.seconds(span).items()
    )


def _fees(seen: Iterable[Seen], tariff: Tariff, calendar: Days) -> Amount:
    return total(
        for_each(1, tariff.fee.get((one.kind, calendar.is_evening(one.at))))
        for one in seen
    )


def _is_in(at: datetime, spans: Iterable[Span]) -> bool:
    return any(span.starts_at <= at < span.ends_at for span in spans)
