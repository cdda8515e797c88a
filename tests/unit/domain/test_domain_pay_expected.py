"""What a duty is expected to bring: each hour by its own rate, nothing measured is unknown."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from varde.domain.pay.amount import Amount
from varde.domain.pay.expected import (
    NOT_MEASURED,
    Busyness,
    Expected,
    expected,
    fees,
)
from varde.domain.pay.tariff import ContactKind, DayKind, Days, Tariff
from varde.domain.rota.values import Span


OSLO = ZoneInfo("Europe/Oslo")
HOLIDAY = date(2026, 5, 1)  # a Friday
CALENDAR = Days(
    holidays=frozenset({HOLIDAY}), zone=OSLO, night=(time(23), time(8)),
    evening=(time(16), time(8)),
)  # fmt: skip
CONSULTATION, VISIT = ContactKind.CONSULTATION, ContactKind.HOME_VISIT
RATES = {
    (CONSULTATION, False): Decimal(175),
    (CONSULTATION, True): Decimal(328),
    (VISIT, False): None,
    (VISIT, True): None,
}
TARIFF = Tariff(standby={}, bakvakt={}, night={}, local={}, fee=RATES)


def busy(consultations=1.0, visits=None, minutes=(20.0, None)):
    kinds = {CONSULTATION: consultations} | ({} if visits is None else {VISIT: visits})
    return Busyness(
        per_hour={
            kind: {day: [rate] * 24 for day in DayKind} for kind, rate in kinds.items()
        },
        minutes=dict(zip((CONSULTATION, VISIT), minutes, strict=True)),
    )


def duty(day, clock, hours):
    begins = datetime.combine(day, clock, tzinfo=OSLO)
    return Span(
        starts_at=begins, ends_at=begins.astimezone(UTC) + timedelta(hours=hours)
    )


def of(span, busyness):
    return expected(span, busyness, calendar=CALENDAR)


def test_a_weekday_duty_has_the_days_fee_first_then_the_evenings_then_the_nights():
    monday = duty(date(2026, 4, 27), time(15, 30), 16.5)
    found = of(monday, busy())
    assert dict(found.by_fee) == {
        (CONSULTATION, False, False): 0.5,
        (CONSULTATION, True, False): 7.0,
        (CONSULTATION, True, True): 9.0,
    }
    assert found.contacts(CONSULTATION) == 16.5
    assert found.contacts(VISIT) is None
    assert found.active_h == pytest.approx(16.5 / 3)
    assert found.active_min_per_h == pytest.approx(20)
    assert fees(found, TARIFF).total == Decimal("0.5") * 175 + 16 * 328
    assert fees(found, TARIFF, at_night=True).total == 9 * 328
    assert fees(found, TARIFF, at_night=False).total == Decimal("87.50") + 7 * 328


def test_an_hour_has_the_rate_of_its_kind_of_day_and_clock():
    by_day = {
        DayKind.MON_FRI: [float(hour) for hour in range(24)],
        DayKind.HOLIDAY: [100.0] * 24,
    }
    one = Busyness(per_hour={CONSULTATION: by_day}, minutes={CONSULTATION: 0.1})
    into_holiday = duty(date(2026, 4, 30), time(22, 30), 3)  # 22.30, 23, then 1 May
    assert of(into_holiday, one).contacts(CONSULTATION) == 11 + 23 + 150
    saturday = duty(date(2026, 5, 2), time(10), 2)  # no rate is written: none come
    assert of(saturday, one).contacts(CONSULTATION) == 0


def test_the_night_when_the_clocks_go_back_has_an_hour_more():
    found = of(duty(date(2026, 10, 24), time(22), 11), busy())
    assert found.hours == found.contacts(CONSULTATION) == 11


@pytest.mark.parametrize(
    ("rate", "minutes", "active_h"),
    [(3, 20, 1), (2.9, 20, 58 / 60), (6, 20, 1), (0, None, 0), (0.1, None, None)],
)
def test_an_hour_is_never_busier_than_full_and_unknown_minutes_are_unknown(
    rate, minutes, active_h
):
    found = of(duty(HOLIDAY, time(9), 1), busy(rate, minutes=(minutes, None)))
    assert found.active_h == pytest.approx(active_h)


def test_one_unknown_kind_makes_the_work_unknown_also_in_a_sum():
    both = of(duty(HOLIDAY, time(9), 2), busy(1, 0.1))
    assert both.active_h is None
    assert both.active_min_per_h is None
    by_visit = busy(1, 0.1, minutes=(None, 60.0))  # the first kind is the unknown one
    assert of(duty(HOLIDAY, time(9), 2), by_visit).active_h is None
    known = of(duty(HOLIDAY, time(12), 1), busy(1))
    for summed in (both + known, known + both):
        assert summed.active_h is None
        assert summed.hours == 3
        assert summed.contacts(CONSULTATION) == 3
    assert (known + known).active_h == pytest.approx(2 / 3)
    assert Expected().active_min_per_h is None


def test_nothing_measured_is_unknown_and_not_nothing():
    found = of(duty(HOLIDAY, time(9), 2), NOT_MEASURED)
    assert (found.active_h, found.contacts(CONSULTATION)) == (None, None)
    assert fees(found, TARIFF) == Amount(unknown=1)
    assert fees(Expected(), TARIFF) == Amount()


def test_a_missing_fee_is_unknown_only_where_such_contacts_come():
    with_visits = of(duty(HOLIDAY, time(9), 2), busy(1, 0.5))
    assert fees(with_visits, TARIFF) == Amount(known=Decimal("656.00"), unknown=1)
    without = of(duty(HOLIDAY, time(9), 2), busy(1, 0.0))
    assert fees(without, TARIFF).total == Decimal("656.00")


@pytest.mark.parametrize("hours", [[1.0] * 23, [1.0] * 23 + [-0.1]])
def test_busyness_has_24_hours_of_0_or_more(hours):
    with pytest.raises(ValueError, match="no 24 hours"):
        Busyness(per_hour={VISIT: {DayKind.SAT_SUN: hours}}, minutes={})


@given(
    start=st.integers(0, 60 * 24 * 400),
    first=st.integers(1, 2000),
    second=st.integers(1, 2000),
    rate=st.floats(0, 2),
)
def test_two_halves_of_a_duty_bring_what_the_whole_brings(start, first, second, rate):
    begins = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=start)
    middle = begins + timedelta(minutes=first)
    ends = middle + timedelta(minutes=second)
    whole = of(Span(starts_at=begins, ends_at=ends), busy(rate))
    halves = of(Span(starts_at=begins, ends_at=middle), busy(rate)) + of(
        Span(starts_at=middle, ends_at=ends), busy(rate)
    )
    assert halves.contacts(CONSULTATION) == pytest.approx(whole.contacts(CONSULTATION))
    assert halves.active_h == pytest.approx(whole.active_h)
    assert halves.hours == pytest.approx(whole.hours)
