"""The page of the refund claim: a period, the file, and what is lacking in words."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from tests import make
from tests.query_count import queries_of
from varde.apps.records.models import AuditEntry, ClaimLine
from varde.apps.sentral.queries.claims import LeftOut
from varde.apps.sentral.views.claims import LACKS


pytestmark = pytest.mark.django_db
LIST = "/sentral/refusjon/"
OSLO = ZoneInfo("Europe/Oslo")
OCTOBER = {"fra": "2026-10-01", "til": "2026-10-31"}


@pytest.fixture
def responsible():
    make.settings()
    return make.user("sjef", roles=["legevaktoverlege"])


def claimed(when=datetime(2026, 10, 15, 20, tzinfo=OSLO), *, patient=True, **fields):
    """A closed contact with one tariff, and nothing lacking."""
    number = make.national_id(serial=claimed.serial)
    claimed.serial += 1
    nurse = make.operator("kari", hpr_number="1234567")
    contact = make.contact(
        opened_at=when,
        patient=make.patient(national_id=number) if patient else None,
        **{
            "state": "closed",
            "closed_at": when,
            "closed_by": nurse,
            "reason_code": "R74",
        }
        | fields,
    )
    ClaimLine.objects.create(
        contact=contact,
        district=contact.district,
        tariff="1bk",
        added_by=nurse,
        added_at=when,
    )
    return contact


claimed.serial = 0


def as_user(user):
    client = Client()
    client.force_login(user)
    return client


def page(user, query=None):
    answer = as_user(user).get(LIST, OCTOBER if query is None else query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("legevaktoverlege", 200),
        ("administrator", 404),
        ("operator", 404),
        ("doctor", 404),
        ("shift_leader", 404),
        ("auditor", 404),
    ],
)
def test_who_may_see_and_take_out(role, status):
    make.settings()
    claimed()
    client = as_user(make.user("noen", roles=[role]))
    assert client.get(LIST).status_code == status
    assert client.post(f"{LIST}fil/", OCTOBER).status_code == status


def test_the_file_has_the_lines_of_the_period_and_taking_it_out_is_logged(responsible):
    inside = claimed(datetime(2026, 10, 31, 23, 59, tzinfo=OSLO))
    claimed(datetime(2026, 11, 1, 0, tzinfo=OSLO))
    claimed(datetime(2026, 9, 30, 23, 59, tzinfo=OSLO))
    answer = as_user(responsible).post(f"{LIST}fil/", OCTOBER)
    lines = answer.content.decode().splitlines()
    assert len(lines) == 2
    assert lines[1].startswith(f"{inside.pk},{inside.patient.national_id},")
    disposition = answer["Content-Disposition"]
    assert "refusjon_HEL_2026-10-01_2026-10-31.csv" in disposition
    entry = AuditEntry.objects.get(what="claims_exported")
    assert (entry.user_id, entry.data["lines"]) == (responsible.pk, 1)


def test_the_page_shows_no_national_number_and_logs_no_file(responsible):
    contact = claimed()
    text = page(responsible)
    assert f">{contact.pk}</th>" in text
    assert contact.patient.national_id not in text
    assert not AuditEntry.objects.filter(what="claims_exported").exists()


@pytest.mark.parametrize(
    ("fields", "lacks"),
    [
        ({"state": "open", "closed_at": None}, LeftOut.NOT_CLOSED),
        ({"reason_code": ""}, LeftOut.NO_DIAGNOSIS),
        ({"patient": False}, LeftOut.NO_NATIONAL_ID),
        ({"closed_by": None}, LeftOut.NO_HPR_NUMBER),
    ],
)
def test_what_is_lacking_is_said_in_words(responsible, fields, lacks):
    contact = claimed(**fields)
    text = page(responsible)
    assert str(LACKS[lacks]) in text
    assert f">{contact.pk}</th>" in text
    assert "Ingen takster kan kreves" in text


def test_every_reason_to_leave_out_has_words():
    assert set(LACKS) == set(LeftOut)


def test_one_who_works_at_the_desk_gets_a_link_to_what_is_lacking(responsible):
    contact = claimed(reason_code="")
    link = f"/sentral/kontakt/{contact.pk}/"
    assert link not in page(responsible)
    both = make.user("begge", roles=["legevaktoverlege", "operator"])
    assert link in page(both)


@pytest.mark.parametrize(
    "query",
    [
        {"fra": "x", "til": "2026-10-31"},
        {"fra": "2026-10-31", "til": "2026-10-01"},
        {"fra": "2024-01-01", "til": "2026-10-31"},
        {"fra": "0001-01-01", "til": "0001-01-02"},
        {"fra": "2026-10-01"},
    ],
)
def test_a_period_that_makes_no_sense_is_refused_in_the_page(responsible, query):
    assert 'role="alert"' in page(responsible, query)
    answer = as_user(responsible).post(f"{LIST}fil/", query)
    assert (answer.status_code, 'role="alert"' in answer.content.decode()) == (
        200,
        True,
    )
    assert not AuditEntry.objects.filter(what="claims_exported").exists()


def test_without_a_period_it_is_last_month(responsible):
    text = page(responsible, {})
    first = date.today().replace(day=1)
    last_month = first.replace(
        year=first.year - (first.month == 1), month=(first.month - 2) % 12 + 1
    )
    assert f'value="{last_month.isoformat()}"' in text
    assert "Ingen takster kan kreves for denne perioden." in text
    assert "Ingen kontakter med takst mangler noe." in text


def test_the_page_asks_as_little_for_many_as_for_one_and_has_pages(responsible):
    claimed()
    client = as_user(responsible)
    one = queries_of(lambda: client.get(LIST, OCTOBER))
    for _ in range(54):
        claimed()
    assert queries_of(lambda: client.get(LIST, OCTOBER)) == one
    assert one <= 30
    second = client.get(LIST, OCTOBER | {"side": "2"}).content.decode()
    assert second.count('<th scope="row">') == 5
