"""Other systems, as the administrator lets them in and shuts them out."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests import fhir, make
from varde.apps.api.fhir.identity import valid_on
from varde.apps.api.fhir.resources import KINDS
from varde.apps.records import audit
from varde.apps.records.models import ApiClient, AuditEntry
from varde.apps.records.models.api_client import RESOURCE_TYPES
from varde.apps.sentral.services import api_clients
from varde.apps.sentral.services.api_clients import ClientDetails
from varde.domain.errors import Rule, RuleBroken


pytestmark = pytest.mark.django_db
PLACE = "/sentral/systemer/"


@pytest.fixture
def admin():
    make.settings()
    return make.user("admin", roles=["administrator"])


@pytest.fixture
def screen(client, admin):
    client.force_login(admin)
    return client


def typed(**fields):
    return {
        "name": "Fastlegeportalen",
        "client_id": "portal",
        "certificate": "",
        "districts": [make.district().pk],
        "types": ["Patient", "Encounter"],
        "purpose": "TREAT",
        "valid_from": timezone.localdate().isoformat(),
        "last_day": "",
    } | fields


def details(**fields):
    return ClientDetails(
        **{
            "name": "Portalen",
            "client_id": "portal",
            "certificate": "",
            "districts": frozenset([make.district().pk]),
            "scopes": ("system/Patient.read",),
            "purpose": "TREAT",
            "valid_from": timezone.localdate(),
            "valid_to": None,
        }
        | fields
    )


def make_one(admin, **fields):
    return api_clients.make_client(
        details=details(**fields), by=admin, at=timezone.now()
    )


def test_the_types_on_the_screen_are_those_that_are_given_out():
    assert set(RESOURCE_TYPES) == set(KINDS)


def test_an_administrator_lets_a_system_in_and_shuts_it_out(screen, settings, tmp_path):
    server = fhir.AuthorizationServer(tmp_path).open(settings)
    reader = fhir.Reader(server.token(client_id="portal"))
    assert reader.get("Patient").status_code == 401
    saved = screen.post(PLACE, typed(), follow=True)
    assert "Lagt til" in saved.content.decode()
    made = ApiClient.objects.get()
    assert made.scopes == ["system/Patient.read", "system/Encounter.read"]
    assert reader.get("Patient").status_code == 200
    assert reader.get("Task").status_code == 403
    row = screen.get(PLACE).content.decode()
    assert "Indre distrikt" in row
    own = f"{PLACE}{made.pk}/"
    assert 'value="portal"' in screen.get(own).content.decode()
    screen.post(own, typed(types=["Task"]))
    assert reader.get("Task").status_code == 200
    assert reader.get("Patient").status_code == 403
    ended = screen.post(reverse("sentral:end_api_client", args=[made.pk]), follow=True)
    assert "slipper ikke inn" in ended.content.decode()
    assert reader.get("Task").status_code == 401
    did = AuditEntry.objects.filter(kind="act").order_by("pk")
    assert [one.what for one in did if one.table == "records_apiclient"] == [
        "api_client_made",
        "api_client_saved",
        "api_client_ended",
    ]
    changed = AuditEntry.objects.filter(kind="change", table="records_apiclient")
    assert changed.count() == 3  # the database saw each of them itself


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": ""}, "Skriv et navn."),
        ({"client_id": ""}, "Skriv klient-id-en, eller sertifikatet under."),
        ({"certificate": "xyz"}, "verken et SHA-256-avtrykk"),
        ({"districts": []}, "Velg minst ett distrikt."),
        ({"districts": ["999999"]}, "Velg blant distriktene som vises."),
        ({"types": []}, "Velg minst én ting"),
        ({"types": ["Nonsense"]}, "Velg blant det som vises."),
        ({"purpose": ""}, "Velg formålet"),
        ({"purpose": "BTG"}, "Velg formålet"),
        ({"valid_from": "i dag"}, "Dette er ikke en dato."),
        ({"last_day": "2020-01-01"}, "Siste dag må være i dag eller senere"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(screen, wrong, words):
    page = screen.post(PLACE, typed(**wrong)).content.decode()
    assert words in page
    assert 'role="alert"' in page
    assert not ApiClient.objects.exists()
    kept = typed(**wrong)["client_id"] or "Fastlegeportalen"
    assert f'value="{kept}"' in page


def test_a_certificate_is_kept_as_its_fingerprint(screen):
    digits = "AB" * 32
    colons = ":".join(digits[at : at + 2] for at in range(0, 64, 2))
    screen.post(PLACE, typed(client_id="", certificate=colons))
    assert ApiClient.objects.get().certificate == digits.lower()


def test_two_systems_are_not_known_by_the_same_at_the_same_time(admin):
    today = timezone.localdate()
    week = timedelta(days=7)
    make_one(admin, valid_to=today + week)
    for same in (
        {"valid_from": today},
        {"valid_from": today + week - timedelta(days=1)},
        {"valid_from": today - week, "valid_to": today + timedelta(days=1)},
    ):
        with pytest.raises(RuleBroken) as stop:
            make_one(admin, **same)
        assert stop.value.rule is Rule.API_CLIENT_IS_KNOWN
    later = make_one(admin, valid_from=today + week)
    assert valid_on(today).count() == 1
    assert valid_on(today + week).get() == later


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_moment_one_is_let_in(admin):
    start, done = Barrier(4), []

    def add():
        try:
            start.wait()
            make_one(admin)
            done.append("made")
        except RuleBroken as error:
            done.append(error.rule)
        finally:
            connection.close()

    threads = [Thread(target=add) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(map(str, done)) == [str(Rule.API_CLIENT_IS_KNOWN)] * 3 + ["made"]
    assert ApiClient.objects.count() == 1


def test_an_administrator_reaches_no_other_districts_systems(admin, screen):
    theirs = make.district("ytre", "Ytre distrikt")
    other = fhir.api_client(theirs, client_id="ytre", name="Naboens portal")
    shared = fhir.api_client(theirs, make.district(), client_id="x", name="Delt portal")
    page = screen.get(PLACE).content.decode()
    assert "Naboens portal" not in page
    assert "Delt portal" in page  # it reads here too
    for one in (other, shared):
        assert screen.get(f"{PLACE}{one.pk}/").status_code == 404
        ending = reverse("sentral:end_api_client", args=[one.pk])
        assert screen.post(ending).status_code == 404
        assert ApiClient.objects.get(pk=one.pk).valid_to is None
    with pytest.raises(Http404):
        make_one(admin, client_id="y", districts=frozenset([theirs.pk]))
    with pytest.raises(Http404):
        make_one(admin, client_id="y", districts=frozenset())
    with pytest.raises(Http404):
        make_one(make.operator(), client_id="y")


def test_what_is_done_is_undone_when_the_log_cannot_be_written(admin, monkeypatch):
    made = make_one(admin)
    now = timezone.now()

    def cannot(**_):
        raise RuntimeError

    monkeypatch.setattr(audit, "log", cannot)
    with pytest.raises(RuntimeError):
        make_one(admin, client_id="another")
    with pytest.raises(RuntimeError):
        api_clients.save_client(
            client_id=made.pk, details=details(name="Nytt navn"), by=admin, at=now
        )
    with pytest.raises(RuntimeError):
        api_clients.end_client(client_id=made.pk, by=admin, at=now)
    made.refresh_from_db()
    assert (made.name, made.valid_to) == ("Portalen", None)
    assert ApiClient.objects.count() == 1


def test_the_log_names_the_system_that_read(screen, admin, settings, tmp_path):
    patient = make.patient()
    fhir.api_client(make.district(), client_id="portal", name="Fastlegeportalen")
    server = fhir.AuthorizationServer(tmp_path).open(settings)
    fhir.Reader(server.token(client_id="portal")).get(f"Patient/{patient.pk}")
    auditor = make.user("auditor", roles=["auditor"])
    screen.force_login(auditor)
    page = screen.get("/sentral/logg/").content.decode()
    assert "Fastlegeportalen" in page
    assert "Hentet opplysninger (FHIR)" in page
    own = screen.get(f"/sentral/pasient/{patient.pk}/logg/").content.decode()
    assert "Fastlegeportalen" in own
    assert "Helsehjelp" in own


def test_the_list_costs_the_same_for_many(screen):
    fhir.api_client(make.district(), client_id="c0", name="System 0")
    screen.get(PLACE)
    costs = []
    for number in range(1, 12):
        fhir.api_client(make.district(), client_id=f"c{number}", name=f"S {number}")
        if number in {1, 11}:
            with CaptureQueriesContext(connection) as queries:
                assert screen.get(PLACE).status_code == 200
            costs.append(len(queries))
    assert costs[0] == costs[1]
