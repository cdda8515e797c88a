"""The refund claim: lines on a contact, and the file."""

import csv
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import make
from varde.apps.records.models import Approval, AuditEntry, ClaimLine
from varde.apps.sentral.queries import claims as queries
from varde.apps.sentral.queries import codes
from varde.apps.sentral.services import claims
from varde.domain.errors import Rule, RuleBroken


NOW = make.NOW
OSLO = ZoneInfo("Europe/Oslo")
START = datetime(2026, 11, 20, tzinfo=OSLO)
END = datetime(2026, 11, 21, tzinfo=OSLO)


@pytest.fixture
def house(db):
    house = make.house()
    house.doctor.hpr_number = "7654321"
    house.doctor.save()
    house.kari.hpr_number = "1111111"
    house.kari.save()
    house.siv = make.patient(of=house.inner, national_id=make.national_id())
    return house


def closed(house, **fields):
    return house.contact(
        **{
            "state": "closed",
            "closed_at": NOW,
            "closed_by": house.kari,
            "reason_code": "R74",
            "patient": house.siv,
        }
        | fields
    )


def add(house, contact, tariff="1bk", quantity=1):
    with house.at_work(house.kari):
        return claims.add_line(
            contact_id=contact.pk,
            tariff=tariff,
            quantity=quantity,
            by=house.kari,
            at=NOW,
        )


def refused(rule, function, *args, **kwargs):
    with pytest.raises(RuleBroken) as refusal:
        function(*args, **kwargs)
    assert refusal.value.rule is rule
    return refusal.value.values


def export(house, start=START, end=END):
    with house.at_work(house.kari):
        return claims.export(
            sentral=house.sentral, start=start, end=end, by=house.kari, at=NOW
        )


def test_a_tariff_is_put_on_a_contact_open_or_closed(house):
    for contact in (house.contact(), closed(house)):
        line = add(house, contact)
        assert (line.tariff, line.quantity, line.added_by) == ("1bk", 1, house.kari)
        event = contact.events.get(kind="claim_line_added")
        assert event.data == {"code": "1bk", "quantity": 1}


def test_the_same_tariff_again_sets_its_quantity(house):
    contact = closed(house)
    add(house, contact)
    add(house, contact, quantity=2)
    assert [line.quantity for line in ClaimLine.objects.all()] == [2]


@pytest.mark.parametrize("quantity", [0, -1, 100])
def test_a_quantity_is_from_one_to_ninety_nine(house, quantity):
    values = refused(Rule.FIELD_NOT_VALID, add, house, closed(house), "1bk", quantity)
    assert values == {"field": "quantity", "why": "not_a_number"}


@pytest.mark.parametrize("tariff", ["9zz", "", "1BK", "x" * 50])
def test_an_unknown_tariff_is_refused(house, tariff):
    refused(Rule.TARIFF_UNKNOWN, add, house, closed(house), tariff)
    assert not ClaimLine.objects.exists()


def test_a_tariff_holds_on_the_day_of_the_contact(house):
    long_ago = datetime(2015, 4, 30, 12, tzinfo=OSLO)
    refused(Rule.TARIFF_UNKNOWN, add, house, house.contact(at=long_ago))
    add(house, house.contact(at=long_ago + timedelta(days=1)))


def test_a_tariff_is_taken_off(house):
    contact = closed(house)
    add(house, contact)
    with house.at_work(house.kari):
        claims.remove_line(contact_id=contact.pk, tariff="1bk", by=house.kari, at=NOW)
    assert not ClaimLine.objects.exists()
    assert contact.events.filter(kind="claim_line_removed").count() == 1
    refused(
        Rule.TARIFF_UNKNOWN,
        claims.remove_line,
        contact_id=contact.pk,
        tariff="1bk",
        by=house.kari,
        at=NOW,
    )


def test_every_tariff_has_a_source_and_a_first_day():
    tariffs = codes.all_tariffs()
    assert {"1bd", "1bk", "2ad", "2ak", "2aek", "11ad", "11ak"} <= {
        tariff.code for tariff in tariffs
    }
    for tariff in tariffs:
        assert "V9.1" in tariff.source
        assert isinstance(tariff.valid_from, date)
    assert len({tariff.code for tariff in tariffs}) == len(tariffs)


# The file


def test_one_row_a_tariff_with_norwegian_time_and_its_offset(house):
    contact = closed(house)
    add(house, contact)
    add(house, contact, "1f", 2)
    found = export(house)
    assert found.left_out == ()
    rows = list(csv.DictReader("".join(queries.as_csv(found)).splitlines()))
    assert rows == [
        {
            "contact_id": str(contact.pk),
            "patient_id_number": house.siv.national_id,
            "time": "2026-11-20T19:00:00+01:00",
            "icpc2": "R74",
            "tariff": tariff,
            "quantity": quantity,
            "hpr_number": "1111111",
        }
        for tariff, quantity in (("1bk", "1"), ("1f", "2"))
    ]


def test_in_summer_the_offset_is_two_hours(house):
    add(house, closed(house, opened_at=datetime(2026, 7, 1, 12, tzinfo=OSLO)))
    (row,) = export(house, start=datetime(2026, 7, 1, tzinfo=OSLO)).rows
    assert row.time == "2026-07-01T12:00:00+02:00"


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"reason_code": ""}, "no_diagnosis"),
        ({"state": "open", "closed_at": None}, "not_closed"),
        ({"patient": None}, "no_national_id"),
        ({"closed_by": None}, "no_hpr_number"),
    ],
)
def test_what_cannot_be_claimed_is_left_out_whole_and_said(house, fields, why):
    contact, good = closed(house, **fields), closed(house)
    add(house, contact)
    add(house, contact, "1f")
    add(house, good)
    found = export(house)
    assert found.left_out == ((contact.pk, why),)
    assert [row.contact_id for row in found.rows] == [good.pk]


def test_a_visitor_without_a_number_cannot_be_claimed_for(house):
    contact = closed(house, patient=make.patient(of=house.inner, other_id="L01"))
    add(house, contact)
    assert export(house).left_out == ((contact.pk, "no_national_id"),)


def test_one_without_an_hpr_number_does_not_claim(house):
    contact = closed(house, closed_by=house.ola)
    add(house, contact)
    assert export(house).left_out == ((contact.pk, "no_hpr_number"),)


@pytest.mark.parametrize(
    ("state", "hpr"), [("approved", "7654321"), ("returned", "1111111")]
)
def test_the_doctor_who_approved_is_the_one_who_treated(house, state, hpr):
    contact = closed(house)
    add(house, contact)
    Approval.objects.create(
        contact=contact,
        district=contact.district,
        state=state,
        created_at=NOW,
        doctor=house.doctor,
    )
    (row,) = export(house).rows
    assert row.hpr_number == hpr


@pytest.mark.parametrize(
    ("opened_at", "is_in"),
    [
        (START, True),
        (START - timedelta(seconds=1), False),
        (END - timedelta(seconds=1), True),
        (END, False),
    ],
)
def test_the_days_are_from_and_up_to_but_not_including(house, opened_at, is_in):
    add(house, closed(house, opened_at=opened_at))
    assert bool(export(house).rows) is is_in


def test_only_the_sentrals_own_contacts_are_in_the_file(house):
    other = make.sentral("AAA", of=house.inner)
    add(house, closed(house, sentral=other))
    assert export(house).rows == ()


def test_that_it_was_taken_out_is_logged(house):
    add(house, closed(house))
    export(house)
    entry = AuditEntry.objects.get(what="claims_exported")
    assert (entry.kind, entry.user) == ("read", house.kari)
    assert entry.data["lines"] == 1


def test_a_month_asks_no_more_questions_than_a_day(house):
    def ask():
        with CaptureQueriesContext(connection) as captured:
            queries.claim_rows(house.sentral, start=START, end=END)
        return len(captured)

    add(house, closed(house))
    few = ask()
    for _ in range(10):
        add(house, closed(house))
    assert ask() == few == 2
