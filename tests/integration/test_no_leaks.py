"""What must not get out by side doors: addresses, log lines, pushed parts, odd input."""

import logging

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from tests import make
from varde.apps.records.models import Role
from varde.apps.records.scope import scope_of
from varde.apps.sentral.services import calls
from varde.config import door
from varde.config.logs import Line
from varde.web import live


HTMX = {"HX-Request": "true"}
WITHOUT_PATIENTS = [
    Role.AUDITOR,
    Role.ADMINISTRATOR,
    Role.KOMMUNEOVERLEGE,
    Role.LEGEVAKTOVERLEGE,
]

pytestmark = pytest.mark.django_db


@pytest.fixture
def sentral():
    make.settings()
    return make.sentral()


@pytest.fixture
def nurse(sentral):
    return make.operator("kari", at=sentral)


@pytest.fixture
def desk(nurse):
    client = Client(raise_request_exception=False)
    client.force_login(nurse)
    return client


@pytest.fixture
def in_hand(sentral, nurse):
    call = make.call(ringing_at=timezone.now(), caller_number="90000001")
    return calls.answer(call_id=call.pk, by=nurse, at=timezone.now())


def seen_live(user, sentral):
    scope = door.part_scope(
        scope_of(user, on=timezone.localdate()), sentral_id=sentral.pk, language="nb"
    )
    return {
        name
        for name in ("queue", "callbacks", "alarms", "now")
        if live.part(name).may_be_seen_by(scope)
    }


@pytest.mark.parametrize("role", WITHOUT_PATIENTS)
def test_callers_numbers_are_not_pushed_to_those_without_patients(role, sentral):
    person = make.user("en", roles=[role], at=sentral)
    assert seen_live(person, sentral) == {"alarms", "now"}


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.DOCTOR, Role.SHIFT_LEADER])
def test_callers_numbers_are_pushed_to_those_at_the_desk(role, sentral):
    person = make.user("en", roles=[role], at=sentral)
    assert seen_live(person, sentral) == {"queue", "callbacks", "alarms", "now"}


@pytest.mark.parametrize("search", ["pasient", "indeks", "arsak"])
def test_what_is_searched_for_is_never_in_an_address(search, desk, in_hand):
    place = f"/sentral/kontakt/{in_hand.pk}/{search}/sok/"
    assert desk.get(place, {"q": "hoste"}, headers=HTMX).status_code == 405
    answer = desk.post(place, {"q": "hoste"}, headers=HTMX)
    assert answer.status_code == 200
    assert 'data-for="hoste"' in answer.text


def test_a_national_number_finds_its_owner_by_post(desk, in_hand):
    number = make.national_id()
    make.patient(national_id=number, family_name="Elvemo")
    place = f"/sentral/kontakt/{in_hand.pk}/pasient/sok/"
    assert "Elvemo" in desk.post(place, {"q": number}, headers=HTMX).text


def test_a_fault_in_the_log_is_its_kind_and_place_without_its_text(sentral):
    number = make.national_id()
    make.patient(national_id=number)
    try:
        make.patient(national_id=number)
    except IntegrityError as fault:
        assert number in str(fault)  # so says the database
        record = logging.LogRecord(
            "django.request",
            logging.ERROR,
            __file__,
            1,
            "Internal Server Error: /sentral/",
            (),
            (type(fault), fault, fault.__traceback__),
        )
    line = Line("%(levelname)s %(message)s").format(record)
    assert line.startswith("ERROR Internal Server Error: /sentral/\n")
    assert number not in line
    assert "psycopg.errors.UniqueViolation" in line
    assert line.endswith("django.db.utils.IntegrityError")
    assert "test_no_leaks.py" in line


def test_the_log_is_written_by_that_line(settings):
    assert settings.LOGGING["formatters"]["line"]["()"] == "varde.config.logs.Line"
    assert {h["formatter"] for h in settings.LOGGING["handlers"].values()} == {"line"}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/sentral/tall/?kommune=%00", 400),
        ("/sentral/notater/?q=a%00b", 400),
        ("/sentral/kontakt/1%00/", 400),
        ("/sentral/notater/?q=a%2500b", 200),
        ("/sentral/notater/?q=ab", 200),
    ],
)
def test_a_nul_in_the_address_is_refused(path, status, desk):
    assert desk.get(path).status_code == status


@pytest.mark.parametrize("number", ["²", "9" * 5000, "-1", "x"])
def test_a_number_that_is_none_is_no_server_fault(number, sentral, in_hand, desk):
    auditor = Client(raise_request_exception=False)
    auditor.force_login(make.user("tilsyn", roles=["auditor"], at=sentral))
    for name in ("eldre", "pasient"):
        assert auditor.get("/sentral/logg/", {name: number}).status_code == 200
    asked = desk.post(
        f"/sentral/kontakt/{in_hand.pk}/lege/sporsmal/",
        {"question": "Hva nå?", "asked_to": number},
        headers=HTMX,
    )
    assert asked.status_code == 404
    version = make.index_in_use(of=sentral.host_district)
    shown = desk.get(f"/sentral/indeks/{version.pk}/", {"mot": number})
    assert shown.status_code == 200


def test_a_call_that_is_not_there_is_not_a_server_fault(desk):
    assert desk.post("/sentral/anrop/999999999/svar/").status_code == 404
