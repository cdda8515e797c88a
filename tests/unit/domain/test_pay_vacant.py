"""What a vacant duty promises: pay by form, the addition, whose the fees are."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from varde.domain.pay.forms import Form, PaidDuty, Seen, paid
from varde.domain.pay.tariff import ContactKind, DayKind, Days, Tariff
from varde.domain.pay.vacant import Fees, by_the_hour, promised
from varde.domain.rota.values import Span


MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
CALENDAR = Days(
    holidays=frozenset(),
    zone=UTC,
    night=(time(23), time(8)),
    evening=(time(16), time(8)),
)
RATES = Tariff(
    standby={2: {DayKind.MON_FRI: Decimal(55), DayKind.SAT_SUN: Decimal(85)}},
    bakvakt={DayKind.MON_FRI: Decimal(168)},
    night={DayKind.MON_FRI: Decimal(520), DayKind.SAT_SUN: Decimal(602)},
    local={},
    fee={(ContactKind.CONSULTATION, True): Decimal(328)},
)


def duty(start=15, hours=8, *, post="forvakt", klass=2):
    span = Span(
        starts_at=MONDAY + timedelta(hours=start),
        ends_at=MONDAY + timedelta(hours=start + hours),
    )
    return PaidDuty(span=span, is_bakvakt=post == "bakvakt", duty_class=klass)


def promise(one, form, *, extra=Decimal(100), has_extra=True):
    return promised(
        one,
        form,
        tariff=RATES,
        calendar=CALENDAR,
        extra=extra,
        has_extra=has_extra,
    )


@pytest.mark.parametrize(
    ("one", "form", "pay", "fees"),
    [
        (duty(15, 8), Form.ACTIVITY, "440.00", Fees.ALL),
        (duty(15, 8, klass=None), Form.ACTIVITY, None, Fees.ALL),
        (duty(15, 8, klass=4), Form.ACTIVITY, None, Fees.ALL),
        (duty(15, 17), Form.NIGHT_FIXED, "5120.00", Fees.PART),  # 8 at 55, 9 at 520
        (duty(23, 9), Form.NIGHT_FIXED, "4680.00", Fees.NONE),
        (duty(15, 8), Form.NIGHT_FIXED, "440.00", Fees.ALL),
        (duty(15, 8), Form.FIXED, None, Fees.NONE),
        (duty(15, 8, post="bakvakt"), Form.FIXED, "1344.00", Fees.ALL),
        (duty(15, 8, post="bakvakt", klass=None), Form.ACTIVITY, "1344.00", Fees.ALL),
    ],
)
def test_each_form_gives_its_pay_and_says_whose_the_fees_are(one, form, pay, fees):
    found = promise(one, form)
    total = None if found.pay.total is None else str(found.pay.total)
    assert (total, found.fees) == (pay, fees)


@pytest.mark.parametrize(
    ("extra", "has_extra", "wanted"),
    [
        (Decimal("100.50"), True, "804.00"),
        (Decimal("100.50"), False, "0"),
        (None, False, "0"),
        (None, True, None),
    ],
)
def test_an_addition_that_is_not_known_is_not_nought(extra, has_extra, wanted):
    found = promise(duty(), Form.ACTIVITY, extra=extra, has_extra=has_extra)
    assert found.extra.total == (None if wanted is None else Decimal(wanted))
    assert found.total.unknown == (1 if wanted is None else 0)


def test_an_agreed_rate_is_all_that_there_is():
    found = by_the_hour(duty(15, 8), Decimal("950"))
    assert (found.total.total, found.fees) == (Decimal("7600.00"), Fees.NONE)
    assert by_the_hour(duty(), None).total.total is None


@given(
    start=st.integers(0, 160),
    hours=st.integers(1, 60),
    form=st.sampled_from(list(Form)),
)
def test_what_is_promised_is_what_is_paid_when_nobody_comes(start, hours, form):
    """And the fees are whose `paid` says, for a patient at any hour of the duty."""
    one = duty(start, hours)
    found = promise(one, form, has_extra=False)
    empty = paid(one, form, tariff=RATES, calendar=CALENDAR)
    assert found.total == empty.pay
    to_doctor = [
        _to_doctor(one, form, one.span.starts_at + timedelta(minutes=30 + 60 * hour))
        for hour in range(hours)
    ]
    assert found.fees == (
        Fees.ALL if all(to_doctor) else Fees.PART if any(to_doctor) else Fees.NONE
    )


def _to_doctor(one, form, at):
    seen = (Seen(kind=ContactKind.CONSULTATION, at=at),)
    with_one = PaidDuty(span=one.span, is_bakvakt=False, duty_class=2, seen=seen)
    found = paid(with_one, form, tariff=RATES, calendar=CALENDAR)
    return found.fees_to_municipality == type(found.pay)()
