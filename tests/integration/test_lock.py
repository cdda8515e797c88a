"""The locked screen, as the server sees it. How it looks is in tests/browser."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests import make
from varde.apps.records import audit, lock
from varde.apps.records.lock import Opening, PinRefused
from varde.apps.records.models import AuditEntry, UnlockPin, WorkSession


PASSWORD = "En varde på hver topp"
PIN = "2580"

pytestmark = pytest.mark.django_db


@pytest.fixture
def kari():
    make.settings()
    return make.operator(
        f"kari-{uuid4().hex[:8]}", password=PASSWORD, first_name="Kari"
    )


@pytest.fixture
def desk(kari):
    """A browser in which Kari is logged in, with a PIN."""
    lock.set_pin(by=kari, code=PIN, at=make.NOW)
    client = Client()
    client.force_login(kari)
    client.kari = kari
    return client


def script(client, path, data=None):
    return client.post(path, data or {}, headers={"Accept": "application/json"})


def session_of(user):
    return WorkSession.objects.get(user=user)


def told(what):
    told = AuditEntry.objects.filter(kind="session", what=what)
    return [entry.data for entry in told.order_by("pk")]


def test_a_locked_screen_answers_nothing_but_the_way_in(desk):
    assert desk.get("/konto/").status_code == 200
    assert script(desk, "/laas/").status_code == 204
    for path in ("/", "/konto/", "/sentral/", "/sentral/tall/", "/finnes/ikke/"):
        answer = desk.get(path)
        assert answer.status_code == 423, path
        assert "Skjermen er låst" in answer.text
    for path in ("/konto/pin/", "/sentral/livstegn/", "/spraak/"):
        assert desk.post(path).status_code == 423, path


def test_the_locked_page_says_who_locked_it_and_nothing_of_the_page_behind(desk):
    script(desk, "/laas/")
    text = desk.get("/konto/").text
    assert "Låst av Kari" in text
    assert desk.kari.username not in text
    assert "topbar-nav" not in text


def test_a_part_of_a_page_is_told_that_the_screen_is_locked(desk):
    script(desk, "/laas/")
    answer = desk.get("/sentral/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.text) == (423, "locked")
    assert answer.headers["HX-Trigger"] == "varde:locked"


def test_the_health_of_the_server_is_told_also_at_a_locked_desk(desk):
    script(desk, "/laas/")
    assert desk.get("/helse/").status_code == 200


@pytest.mark.parametrize("secret", [PIN, PASSWORD])
def test_pin_or_password_opens(desk, secret):
    script(desk, "/laas/")
    answer = script(desk, "/laas/opp/", {"secret": secret})
    assert answer.json()["state"] == "opened"
    assert desk.get("/konto/").status_code == 200


def test_without_script_the_form_opens_and_goes_on_to_the_page(desk):
    assert desk.post("/laas/", {"next": "/konto/"}).url == "/konto/"
    answer = desk.post("/laas/opp/", {"secret": "feil", "next": "/konto/"})
    assert (answer.status_code, "Det stemte ikke" in answer.text) == (423, True)
    assert 'value="/konto/"' in answer.text
    assert desk.post("/laas/opp/", {"secret": PIN, "next": "/konto/"}).url == "/konto/"


@pytest.mark.parametrize("place", ["https://ond.example/", "//ond.example", "", "x:y"])
def test_the_way_on_stays_within_varde(desk, place):
    script(desk, "/laas/")
    assert desk.post("/laas/opp/", {"secret": PIN, "next": place}).url == "/"


def test_the_fifth_wrong_try_ends_the_session(desk):
    script(desk, "/laas/")
    states = [
        script(desk, "/laas/opp/", {"secret": "0000"}).json()["state"] for _ in range(5)
    ]
    assert states == ["wrong"] * 4 + ["ended"]
    assert "_auth_user_id" not in desk.session
    assert not WorkSession.objects.filter(user=desk.kari).exists()
    answer = script(desk, "/laas/opp/", {"secret": PIN})
    assert answer.url.startswith("/konto/login/")


def test_without_script_the_fifth_wrong_try_leads_to_a_full_log_in(desk):
    script(desk, "/laas/")
    for _ in range(4):
        assert desk.post("/laas/opp/", {"secret": "0000"}).status_code == 423
    assert desk.post("/laas/opp/", {"secret": "0000"}).url == "/konto/login/"


def test_a_right_try_begins_the_count_anew(desk):
    for _ in range(3):
        script(desk, "/laas/")
        for _ in range(4):
            script(desk, "/laas/opp/", {"secret": "0000"})
        assert script(desk, "/laas/opp/", {"secret": PIN}).json()["state"] == "opened"


def test_to_lock_again_does_not_give_more_tries(desk):
    script(desk, "/laas/")
    for _ in range(4):
        script(desk, "/laas/opp/", {"secret": "0000"})
        script(desk, "/laas/")
    assert script(desk, "/laas/opp/", {"secret": "0000"}).json()["state"] == "ended"


@pytest.mark.parametrize("secret", ["", " ", "258", "25801"])
def test_nothing_but_the_whole_code_opens(desk, secret):
    script(desk, "/laas/")
    assert script(desk, "/laas/opp/", {"secret": secret}).json()["state"] == "wrong"


def test_a_colleagues_pin_does_not_open(desk):
    lock.set_pin(by=make.operator("ola"), code="7391", at=make.NOW)
    script(desk, "/laas/")
    assert script(desk, "/laas/opp/", {"secret": "7391"}).json()["state"] == "wrong"


def test_somebody_else_takes_the_workstation_and_the_first_is_logged_out(desk):
    contact = make.contact(owner=desk.kari)
    script(desk, "/laas/")
    assert desk.post("/laas/bytt/").url == "/konto/login/"
    assert desk.get("/konto/").status_code == 302
    contact.refresh_from_db()
    assert contact.owner == desk.kari
    assert told("switched") == [{}]


def test_one_workstation_is_locked_and_not_the_persons_others(desk):
    other = Client()
    other.force_login(desk.kari)
    script(desk, "/laas/")
    assert desk.get("/konto/").status_code == 423
    assert other.get("/konto/").status_code == 200


def test_a_lock_is_not_lost_to_a_request_that_was_under_way(desk):
    """A slow request read its session before the lock, and writes it back after."""
    slow = desk.session
    script(desk, "/laas/")
    slow["anything"] = 1
    slow.save()
    assert desk.get("/konto/").status_code == 423


def test_a_stranger_cannot_lock_or_open(client):
    for path in ("/laas/", "/laas/opp/", "/laas/bytt/"):
        assert client.post(path).url.startswith("/konto/login/"), path
    assert client.get("/laas/").status_code == 405


def test_every_step_is_in_the_log_without_what_was_typed(desk):
    script(desk, "/laas/", {"why": "idle"})
    script(desk, "/laas/opp/", {"secret": "7777"})
    script(desk, "/laas/opp/", {"secret": PIN})
    assert told("locked") == [{"why": "idle"}]
    assert told("unlock_failed") == [{"try": 1}]
    assert told("unlocked") == [{"how": "secret"}]
    # Not the times and the chain: four digits may come there by chance.
    written = ("what", "table", "data", "role", "place", "purpose", "reason")
    everything = str(list(AuditEntry.objects.values(*written)))
    assert "7777" not in everything
    assert PIN not in everything


@pytest.mark.parametrize(
    ("does", "undone"),
    [
        (lambda s: lock.lock(session=s, at=make.NOW, why="key"), "locked_at"),
        (lambda s: lock.unlock_by_secret(session=s, secret="0", at=make.NOW), "wrong_tries"),
        (lambda s: lock.set_pin(by=s.user, code=PIN, at=make.NOW), "pin"),
    ],
)  # fmt: skip
def test_what_cannot_be_logged_is_undone(kari, client, monkeypatch, does, undone):
    client.force_login(kari)
    session = session_of(kari)

    def fail(**_):
        raise RuntimeError("no log")

    monkeypatch.setattr(audit, "log", fail)
    with pytest.raises(RuntimeError, match="no log"):
        does(session)
    session.refresh_from_db()
    assert {
        "locked_at": session.locked_at is None,
        "wrong_tries": session.wrong_tries == 0,
        "pin": not UnlockPin.objects.filter(user=kari).exists(),
    }[undone]


# -------------------------------------------------------------------- by itself


@pytest.mark.parametrize(
    ("idle_min", "status"), [(0.5, 200), (10.5, 200), (11.5, 423), (600, 423)]
)
def test_a_page_that_slept_longer_than_the_limit_finds_its_screen_locked(
    desk, idle_min, status
):
    WorkSession.objects.update(used_at=timezone.now() - timedelta(minutes=idle_min))
    assert desk.get("/konto/").status_code == status
    assert told("locked") == ([{"why": "unused"}] if status == 423 else [])


def test_without_a_limit_no_screen_locks_itself(kari, client):
    from varde.apps.records.models import DatedSetting

    DatedSetting.objects.filter(key="session.lock_min").delete()
    client.force_login(kari)
    WorkSession.objects.update(used_at=timezone.now() - timedelta(hours=5))
    assert client.get("/konto/").status_code == 200
    assert 'data-after=""' in client.get("/konto/").text


def test_the_page_knows_its_limit_and_its_key(desk):
    text = desk.get("/konto/").text
    assert 'data-after="600"' in text
    assert f'data-lock-key="{lock.LOCK_KEY}"' in text
    assert f'aria-keyshortcuts="{lock.LOCK_KEY}"' in text


def test_a_request_is_a_sign_of_use_once_a_minute(desk):
    before = timezone.now() - timedelta(seconds=90)
    WorkSession.objects.update(used_at=before)
    desk.get("/konto/")
    first = session_of(desk.kari).used_at
    assert first > before
    desk.get("/konto/")
    assert session_of(desk.kari).used_at == first


def test_streams_may_go_on_only_while_the_desk_is_open(desk, rf):
    request = rf.get("/live/")
    request.session, request.user = desk.session, desk.kari
    now = timezone.now()
    assert lock.may_go_on(request, at=now)
    assert not lock.may_go_on(request, at=now + timedelta(hours=14.1))
    assert not lock.may_go_on(request, at=now + timedelta(minutes=12))
    script(desk, "/laas/")
    assert not lock.may_go_on(request, at=now)
    script(desk, "/laas/opp/", {"secret": PIN})
    assert lock.may_go_on(request, at=now)
    desk.post("/konto/logout/")
    assert not lock.may_go_on(request, at=now)


# --------------------------------------------------------------------------- PIN


@pytest.mark.parametrize("code", ["2580", "19731", "12358132"])
def test_a_pin_of_four_to_eight_digits_is_taken(kari, code):
    lock.set_pin(by=kari, code=code, at=make.NOW)
    assert UnlockPin.objects.get(user=kari).code.startswith("argon2")


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("", "length"),
        ("258", "length"),
        ("258025802", "length"),
        ("25a0", "length"),
        ("²⁵⁸⁰", "length"),
        ("0000", "obvious"),
        ("1234", "obvious"),
        ("87654321", "obvious"),
        ("7890", "obvious"),
        ("2525", "obvious"),
    ],
)
def test_a_pin_that_anybody_would_try_first_is_refused(kari, code, why):
    with pytest.raises(PinRefused, match=why):
        lock.set_pin(by=kari, code=code, at=make.NOW)


def test_a_pin_is_set_shortly_after_a_full_log_in(client, kari):
    client.force_login(kari)
    assert client.post("/konto/pin/", {"pin": PIN}).url == "/konto/"
    assert UnlockPin.objects.filter(user=kari).exists()


def test_later_the_log_in_is_confirmed_first_and_the_pin_is_kept_nowhere(client, kari):
    client.force_login(kari)
    WorkSession.objects.update(began_at=timezone.now() - timedelta(minutes=6))
    assert client.post("/konto/pin/", {"pin": PIN}).url == "/konto/pin/"
    assert PIN not in json.dumps(dict(client.session))
    answer = client.get("/konto/pin/")
    assert answer.url == "/konto/bekreft/?next=%2Fkonto%2Fpin%2F"
    client.post(answer.url, {"password": PASSWORD, "next": "/konto/pin/"})
    assert client.post("/konto/pin/", {"pin": PIN}).url == "/konto/"


def test_a_refused_pin_says_why_in_the_page(client, kari):
    client.force_login(kari)
    assert "for lett å gjette" in client.post("/konto/pin/", {"pin": "1111"}).text
    assert "4 til 8 siffer" in client.post("/konto/pin/", {"pin": "1"}).text


def test_a_pin_may_be_removed(desk):
    desk.post("/konto/pin/", {"remove": "1"})
    assert not UnlockPin.objects.exists()
    script(desk, "/laas/")
    assert script(desk, "/laas/opp/", {"secret": PIN}).json()["state"] == "wrong"


# ----------------------------------------------------------------- at the same time


@pytest.mark.django_db(transaction=True)
def test_tries_side_by_side_are_not_more_than_five(kari, client):
    """Twenty guesses at once: four are wrong, one ends the session, the rest come late."""
    client.force_login(kari)
    session = session_of(kari)

    def guess(_):
        try:
            return lock.unlock_by_secret(session=session, secret="no", at=make.NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        came = list(threads.map(guess, range(20)))
    assert came.count(Opening.WRONG) == 4
    assert not WorkSession.objects.exists()
    assert len(told("unlock_failed")) == 5


@pytest.mark.django_db(transaction=True)
def test_a_lock_tells_the_streams_with_an_id_and_nothing_else(kari, client):
    client.force_login(kari)
    with connection.cursor() as cursor:
        cursor.execute("LISTEN varde")
        script(client, "/laas/")
        notices = list(connection.connection.notifies(timeout=2, stop_after=1))
        cursor.execute("UNLISTEN varde")
    assert [json.loads(n.payload) for n in notices] == [{"u": kari.pk}]
