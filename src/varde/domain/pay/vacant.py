"""What the one who takes a vacant duty is promised, by the form that was chosen."""

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from varde.domain.pay.amount import Amount, for_hours
from varde.domain.pay.forms import Form, PaidDuty, paid
from varde.domain.pay.tariff import Days, Tariff


class Fees(StrEnum):
    """Who keeps the fees of the contacts in the duty."""

    ALL = "all"  # the one who has it
    PART = "part"  # the municipality, in the hours with fixed pay
    NONE = "none"  # the municipality


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What a duty gives before any patient is seen: pay, an addition, and whose the fees
    are. Fees cannot be known before."""

    pay: Amount
    extra: Amount
    fees: Fees

    @property
    def total(self) -> Amount:
        """Pay and addition."""
        return self.pay + self.extra


def promised(
    duty: PaidDuty,
    form: Form,
    *,
    tariff: Tariff,
    calendar: Days,
    extra: Decimal | None,
    has_extra: bool,
) -> Promise:
    """What a vacant duty gives under a form of pay.

    `extra` is the addition in kroner an hour for a duty that was vacant; None where it is
    not known, which makes the sum unknown and not smaller. Without `has_extra` there is
    none.

    >>> from datetime import UTC, datetime, time
    >>> from varde.domain.pay.tariff import DayKind
    >>> from varde.domain.rota.values import Span
    >>> monday = Span(
    ...     starts_at=datetime(2026, 1, 5, 16, tzinfo=UTC),
    ...     ends_at=datetime(2026, 1, 5, 20, tzinfo=UTC),
    ... )
    >>> rates = Tariff(
    ...     standby={2: {DayKind.MON_FRI: Decimal(55)}},
    ...     bakvakt={}, night={}, local={}, fee={},
    ... )
    >>> calendar = Days(
    ...     holidays=frozenset(), zone=UTC,
    ...     night=(time(23), time(8)), evening=(time(16), time(8)),
    ... )
    >>> found = promised(
    ...     PaidDuty(span=monday, is_bakvakt=False, duty_class=2),
    ...     Form.ACTIVITY,
    ...     tariff=rates, calendar=calendar, extra=Decimal(100), has_extra=True,
    ... )
    >>> found.total.total, found.fees.value
    (Decimal('620.00'), 'all')
    """
    unseen = replace(duty, seen=())
    added = for_hours(_seconds(duty), extra) if has_extra else Amount()
    return Promise(
        pay=paid(unseen, form, tariff=tariff, calendar=calendar).pay,
        extra=added,
        fees=_fees(duty, form, calendar),
    )


def by_the_hour(duty: PaidDuty, rate: Decimal | None) -> Promise:
    """What a duty gives one with an agreed rate an hour: that, and nothing beside it."""
    return Promise(pay=for_hours(_seconds(duty), rate), extra=Amount(), fees=Fees.NONE)


def _fees(duty: PaidDuty, form: Form, calendar: Days) -> Fees:
    if duty.is_bakvakt or form is Form.ACTIVITY:
        return Fees.ALL
    if form is Form.FIXED:
        return Fees.NONE
    nights = calendar.nights(duty.span)
    if not nights:
        return Fees.ALL
    return Fees.NONE if nights == (duty.span,) else Fees.PART


def _seconds(duty: PaidDuty) -> int:
    span = duty.span
    return round(span.ends_at.timestamp() - span.starts_at.timestamp())
