"""The sentral's own numbers, against a plain loop over the same contacts."""

import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import make
from varde.apps.records.events import Happened, happened
from varde.apps.records.models import Contact, Outcome
from varde.apps.sentral.queries import numbers
from varde.apps.sentral.queries.numbers import Period, Tally
from varde.apps.sentral.queries.time_use import step_times


OSLO = ZoneInfo("Europe/Oslo")
PERIOD = Period(date(2026, 3, 23), date(2026, 4, 6))  # the clock changes on 29 March
GENERAL = {"A99", "A29", "A97"}


@pytest.fixture
def sentral(db):
    make.settings()
    return make.sentral()


def some_contacts(sentral, *, seed, count=120):
    """Contacts of every sort, also just outside the period."""
    chance = random.Random(seed)
    begins = datetime(2026, 3, 22, 12, tzinfo=UTC)
    municipalities = [make.municipality(), make.municipality("1833", "Rana"), None]
    for _ in range(count):
        is_closed = chance.random() < 0.8
        make.contact(
            at=sentral,
            opened_at=begins + timedelta(minutes=chance.randrange(16 * 24 * 60)),
            state="closed" if is_closed else "open",
            ended_in_advice=chance.choice([True, False, None]) if is_closed else None,
            hastegrad_phone=chance.choice(["akutt", "haster", "vanlig", "rad", ""]),
            hastegrad_arrival=chance.choice(["", "", "rod", "gul", "bla"]),
            reason_code=chance.choice(["", "R74", "A99", "A29", "K01"]),
            repeat_no=chance.choice([1, 1, 1, 2, 3]),
            municipality=chance.choice(municipalities),
        )


def by_hand(rows):
    """The counts as one would make them with a pencil."""
    counts = dict.fromkeys(Tally.__dataclass_fields__, 0)
    for row in rows:
        counts["contacts"] += 1
        if row.state == "closed":
            counts["closed"] += 1
            counts["advice"] += row.ended_in_advice is True
            counts["advice_known"] += row.ended_in_advice is not None
        if row.hastegrad_phone:
            counts[row.hastegrad_phone] += 1
        else:
            counts["phone_unknown"] += 1
        if row.hastegrad_arrival:
            counts[row.hastegrad_arrival] += 1
        counts["coded"] += row.reason_code != ""
        counts["general"] += row.reason_code in GENERAL
        counts["repeat"] += row.repeat_no > 1
    return Tally(**counts)


def inside(rows):
    return [
        row
        for row in rows
        if PERIOD.start <= row.opened_at.astimezone(OSLO).date() < PERIOD.to
    ]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_numbers_are_those_of_a_plain_count(sentral, seed):
    some_contacts(sentral, seed=seed)
    rows = inside(Contact.objects.all())
    found = numbers.numbers(sentral, PERIOD)

    assert found.whole == by_hand(rows)
    assert numbers.whole(sentral, PERIOD) == found.whole
    for hour, group in enumerate(found.by_hour):
        there = [r for r in rows if r.opened_at.astimezone(OSLO).hour == hour]
        assert group.tally == by_hand(there), hour
    for weekday, group in enumerate(found.by_weekday):
        there = [r for r in rows if r.opened_at.astimezone(OSLO).weekday() == weekday]
        assert group.tally == by_hand(there), weekday
    for group in found.by_step:
        there = [
            r
            for r in rows
            if r.opened_at.astimezone(OSLO).date().isoformat() == group.label
        ]
        assert group.tally == by_hand(there), group.label
    names = {row.label: row.tally for row in found.by_municipality}
    for name in ("Vefsn", "Rana"):
        there = [r for r in rows if r.municipality and r.municipality.name == name]
        assert names[name] == by_hand(there)
    nowhere = [r for r in rows if r.municipality is None]
    assert names["Ikke registrert"] == by_hand(nowhere)


def test_one_municipality_alone(sentral):
    some_contacts(sentral, seed=4)
    rows = [r for r in inside(Contact.objects.all()) if r.municipality_id == "1833"]
    assert numbers.numbers(sentral, PERIOD, municipality="1833").whole == by_hand(rows)


def test_a_period_of_nothing_has_counts_and_no_shares(sentral):
    found = numbers.numbers(sentral, PERIOD)
    assert found.whole == Tally()
    assert found.whole.share_advice is None
    assert found.whole.share_of("akutt") is None
    assert found.whole.share_of("rod") is None
    assert found.whole.share_general is None
    assert len(found.by_hour) == 24
    assert len(found.by_step) == 14


def test_an_unknown_outcome_is_neither_advice_nor_not(sentral):
    at = datetime(2026, 4, 1, 12, tzinfo=UTC)
    for ended in (True, False, None):
        make.contact(at=sentral, opened_at=at, state="closed", ended_in_advice=ended)
    whole = numbers.numbers(sentral, PERIOD).whole
    assert (whole.share_advice, whole.advice_unknown) == (0.5, 1)


def test_a_long_period_is_shown_by_month(sentral):
    found = numbers.numbers(sentral, Period(date(2025, 11, 15), date(2026, 2, 2)))
    assert [row.label for row in found.by_step] == [
        "2025-11",
        "2025-12",
        "2026-01",
        "2026-02",
    ]


def test_another_sentral_is_not_counted(sentral):
    at = datetime(2026, 4, 1, 12, tzinfo=UTC)
    make.contact(at=make.sentral("NAB", of=make.district("nab", "Nabo")), opened_at=at)
    assert numbers.numbers(sentral, PERIOD).whole.contacts == 0


def test_the_number_of_queries_does_not_grow(sentral):
    numbers.numbers(sentral, PERIOD)  # the dated settings are read once
    counts = []
    for seed in (5, 6):
        some_contacts(sentral, seed=seed, count=30)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            numbers.numbers(sentral, PERIOD)
        counts.append(len(queries))
    assert counts == [3, 3]


@pytest.mark.parametrize(
    ("late_min", "median", "in_time"),
    [([], None, None), ([-5], -5, 1.0), ([0, 10], 5, 0.5), ([-5, 5, 30], 5, 1 / 3)],
)
def test_promised_against_real_time(sentral, late_min, median, in_time):
    by = make.operator()
    promised_at = datetime(2026, 4, 1, 12, tzinfo=UTC)
    contact = make.contact(at=sentral, opened_at=promised_at)
    for late in [*late_min, None]:
        Outcome.objects.create(
            contact=contact,
            district=contact.district,
            kind="attendance",
            created_at=promised_at,
            created_by=by,
            promised_at=promised_at,
            arrived_at=None if late is None else promised_at + timedelta(minutes=late),
        )
    found = numbers.attendance(sentral, PERIOD)
    assert found.promised == len(late_min) + 1
    assert found.arrived == len(late_min)
    assert found.median_late_min == median
    assert found.share_in_time == (None if in_time is None else pytest.approx(in_time))


def test_each_step_has_the_time_since_the_step_before_it(sentral):
    opened_at = datetime(2026, 4, 1, 12, tzinfo=UTC)
    for factor in (1, 3):
        contact = make.contact(at=sentral, opened_at=opened_at, state="closed")
        moments = [
            (Happened.OPENED, 0),
            (Happened.PATIENT_CHOSEN, 10),
            (Happened.ASSESSED, 40),
            (Happened.ASSESSED, 45),  # judged again: the step ended the first time
            (Happened.OUTCOME_ADDED, 50),
            (Happened.CLOSED, 80),
        ]
        for kind, seconds in moments:
            at = opened_at + timedelta(seconds=seconds * factor)
            happened(contact=contact, kind=kind, by=None, at=at)
    found = {step.step: step for step in step_times(sentral, PERIOD)}
    assert found["patient"].median_s == 20
    assert found["triage"].median_s == 60
    assert found["outcome"].median_s == 20
    assert (found["reason"].contacts, found["reason"].median_s) == (0, None)
    assert found["close"].median_s == 60
    assert found["close"].contacts == 2
