"""One duty under each form of pay, by the rates of 2021, against a table made by hand."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from varde.domain.pay.amount import Amount, for_each, for_hours, total
from varde.domain.pay.forms import NOTHING, Form, PaidDuty, Seen, paid
from varde.domain.pay.tariff import ContactKind, DayKind, Days, Tariff
from varde.domain.rota.values import Span


OSLO = ZoneInfo("Europe/Oslo")
CHRISTMAS = frozenset([date(2026, 12, 25), date(2026, 12, 26)])
CALENDAR = Days(
    holidays=CHRISTMAS,
    zone=OSLO,
    night=(time(23), time(8)),
    evening=(time(16), time(8)),
)


def rates(*numbers):
    return dict(zip(DayKind, map(Decimal, numbers), strict=True))


TARIFF = Tariff(
    standby={
        1: rates(168, 223, 256),
        2: rates(55, 85, 97),
        3: rates(31, 55, 63),
        4: rates(0, 0, 0),
    },
    bakvakt=rates(168, 223, 256),
    night=rates(520, 602, 602),
    local=rates(650, 700, 800),
    fee={
        (ContactKind.CONSULTATION, False): Decimal(175),
        (ContactKind.CONSULTATION, True): Decimal(328),
        (ContactKind.HOME_VISIT, False): None,
        (ContactKind.HOME_VISIT, True): None,
    },
)
# A weekday's duty in Vefsn is Monday 15:30 to Tuesday 08, 16.5 hours, nine of them night.
# Saturday 09 to Sunday 09 is 24 hours, nine of them night. Friday 15:30 to Saturday 08 has
# 8.5 hours of Friday and 8 of Saturday. On 25 October the night is an hour longer. A patient at
# 20 and one at 02 give 328 each.
SPEC = """
start             | end               | class   | patients | form        | pay      | to doctor | to town | cost
2026-11-02T15:30  | 2026-11-03T08:00  | 1       |          | activity    | 2772.00  | 0         | 0       | 2772.00
2026-11-02T15:30  | 2026-11-03T08:00  | 2       | 20 2     | activity    | 907.50   | 656       | 0       | 907.50
2026-11-02T15:30  | 2026-11-03T08:00  | 3       |          | activity    | 511.50   | 0         | 0       | 511.50
2026-11-02T15:30  | 2026-11-03T08:00  | 4       | 20 2     | activity    | 0.00     | 656       | 0       | 0.00
2026-11-02T15:30  | 2026-11-03T08:00  | 2       | 20 2     | night_fixed | 5092.50  | 328       | 328     | 4764.50
2026-11-02T15:30  | 2026-11-03T08:00  | 2       | 20 2     | fixed       | 10725.00 | 0         | 656     | 10069.00
2026-11-07T09:00  | 2026-11-08T09:00  | 2       |          | activity    | 2040.00  | 0         | 0       | 2040.00
2026-11-07T09:00  | 2026-11-08T09:00  | 2       |          | night_fixed | 6693.00  | 0         | 0       | 6693.00
2026-11-06T15:30  | 2026-11-07T08:00  | 2       |          | activity    | 1147.50  | 0         | 0       | 1147.50
2026-12-25T09:00  | 2026-12-26T09:00  | 2       |          | activity    | 2328.00  | 0         | 0       | 2328.00
2026-10-24T09:00  | 2026-10-25T09:00  | 2       |          | activity    | 2125.00  | 0         | 0       | 2125.00
2026-11-02T15:30  | 2026-11-03T08:00  | bakvakt | 2        | fixed       | 2772.00  | 328       | 0       | 2772.00
2026-11-02T23:00  | 2026-11-03T08:00  | unknown | 2        | night_fixed | 4680.00  | 0         | 328     | 4352.00
2026-11-02T15:30  | 2026-11-03T08:00  | unknown |          | activity    | unknown  | 0         | 0       | unknown
2026-11-02T15:30  | 2026-11-03T08:00  | unknown | 2        | fixed       | 10725.00 | 0         | 328     | 10397.00
"""


def local(text):
    return datetime.fromisoformat(text).replace(tzinfo=OSLO)


def spec_rows():
    return [
        tuple(cell.strip() for cell in line.split("|"))
        for line in SPEC.strip().splitlines()[1:]
    ]


def duty_of(start, end, kind, hours=""):
    span = Span(starts_at=local(start), ends_at=local(end))
    first = span.starts_at.replace(hour=0, minute=0)
    at = [
        first.replace(hour=int(hour)) + timedelta(days=int(hour) < 9)
        for hour in hours.split()
    ]
    return PaidDuty(
        span=span,
        is_bakvakt=kind == "bakvakt",
        duty_class=int(kind) if kind.isdigit() else None,
        seen=tuple(Seen(kind=ContactKind.CONSULTATION, at=moment) for moment in at),
    )


def money(text):
    return None if text == "unknown" else Decimal(text)


@pytest.mark.parametrize("row", spec_rows(), ids=lambda row: " ".join(row[:5]))
def test_a_duty_under_a_form_of_pay(row):
    start, end, kind, patients, form, pay, to_doctor, to_town, cost = row
    found = paid(
        duty_of(start, end, kind, patients),
        Form(form),
        tariff=TARIFF,
        calendar=CALENDAR,
    )
    assert found.pay.total == money(pay)
    assert found.fees_to_doctor.total == money(to_doctor)
    assert found.fees_to_municipality.total == money(to_town)
    assert found.cost == money(cost)


def test_every_form_and_class_has_an_example():
    rows = spec_rows()
    assert {row[4] for row in rows} == set(Form)
    assert {row[2] for row in rows} == {"1", "2", "3", "4", "bakvakt", "unknown"}


def test_a_missing_fee_is_unknown_and_takes_the_cost_with_it():
    visit = Seen(kind=ContactKind.HOME_VISIT, at=local("2026-11-02T20:00"))
    duty = PaidDuty(
        span=Span(
            starts_at=local("2026-11-02T15:30"), ends_at=local("2026-11-03T08:00")
        ),
        is_bakvakt=False,
        duty_class=2,
        seen=(visit,),
    )
    activity = paid(duty, Form.ACTIVITY, tariff=TARIFF, calendar=CALENDAR)
    assert activity.income.total is None
    assert activity.income.known == Decimal("907.50")
    assert activity.cost == Decimal("907.50")  # the doctor's fee is not the town's
    assert paid(duty, Form.FIXED, tariff=TARIFF, calendar=CALENDAR).cost is None


def test_a_rate_that_is_not_there_is_unknown_for_the_hours_it_would_pay():
    empty = Tariff(standby={}, bakvakt={}, night={}, local={}, fee={})
    for form in Form:
        duty = duty_of("2026-11-02T15:30", "2026-11-03T08:00", "2", "2")
        found = paid(duty, form, tariff=empty, calendar=CALENDAR)
        assert found.cost is None
        assert found.income.total is None


@pytest.mark.parametrize(
    ("at", "is_evening"),
    [
        ("2026-11-02T07:59", True), ("2026-11-02T08:00", False),
        ("2026-11-02T15:59", False), ("2026-11-02T16:00", True),
        ("2026-11-07T12:00", True), ("2026-12-25T12:00", True),
    ],
)  # fmt: skip
def test_when_the_fee_is_that_of_the_evening(at, is_evening):
    assert CALENDAR.is_evening(local(at)) is is_evening


def test_the_night_before_goes_on_into_a_duty():
    morning = Span(
        starts_at=local("2026-11-03T02:00"), ends_at=local("2026-11-03T10:00")
    )
    (night,) = CALENDAR.nights(morning)
    assert night.hours == 6


# ---- amounts


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 3))))
def test_sums_add_what_is_known_and_what_is_not(parts):
    found = total(Amount(known=Decimal(k), unknown=u) for k, u in parts)
    assert found.known == sum(k for k, _ in parts)
    assert found.unknown == sum(u for _, u in parts)
    assert (found.total is None) is (found.unknown > 0)


@pytest.mark.parametrize(
    ("seconds", "rate", "known", "unknown"),
    [
        (0, None, "0", 0),  # no time costs nothing at any rate
        (1, "18", "0.01", 0),  # 0.005 is rounded up
        (1, "17.99", "0.00", 0),
        (5400, "31", "46.50", 0),
        (3600, None, "0", 1),
    ],
)
def test_hours_are_rounded_to_whole_ore(seconds, rate, known, unknown):
    found = for_hours(seconds, None if rate is None else Decimal(rate))
    assert (found.known, found.unknown) == (Decimal(known), unknown)


def test_none_of_a_thing_costs_nothing_and_a_missing_price_is_unknown():
    assert for_each(0, None) == Amount()
    assert for_each(2, None) == Amount(unknown=2)
    assert for_each(2, Decimal(5)).total == 10


def test_two_duties_come_to_their_sum():
    duties = [
        duty_of("2026-11-02T15:30", "2026-11-03T08:00", kind, "2")
        for kind in ("2", "unknown")
    ]
    one, two = (
        paid(duty, Form.NIGHT_FIXED, tariff=TARIFF, calendar=CALENDAR)
        for duty in duties
    )
    both = one + two
    assert (both.pay.known, both.pay.unknown) == (
        one.pay.known + two.pay.known,
        two.pay.unknown,
    )
    assert both.fees_to_municipality.total == 656
    assert (NOTHING + one).cost == one.cost == Decimal("4764.50")


def test_nothing_costs_nothing():
    assert NOTHING.cost == 0
    assert NOTHING.income.total == 0


def test_a_span_in_utc_is_paid_by_its_local_day():
    friday_late = Span(
        starts_at=datetime(2026, 11, 6, 23, tzinfo=UTC),  # Saturday in Norway
        ends_at=datetime(2026, 11, 7, 1, tzinfo=UTC),
    )
    assert CALENDAR.seconds(friday_late)[DayKind.SAT_SUN] == 7200
