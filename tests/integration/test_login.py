"""Who gets in, with what, and what is counted and logged on the way."""

import base64
import hashlib
import hmac
import json
import struct
import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import jwt
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ImproperlyConfigured
from django.test import Client, override_settings
from django.urls import NoReverseMatch, reverse

from tests import make
from varde.apps.records import lock, login, ratelimit, second_factor
from varde.apps.records.models import AuditEntry, User, WorkSession


PASSWORD = "En varde på hver topp"
LOGIN = "/konto/login/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_counted():
    yield
    for key in ("login:127.0.0.1", "address:127.0.0.1"):
        ratelimit.clear(key)


@pytest.fixture
def kari():
    """An operator whose attempts are counted under a name of her own."""
    make.settings()
    return make.operator(
        f"kari-{uuid4().hex[:8]}", password=PASSWORD, first_name="Kari"
    )


@pytest.fixture
def demanded():
    with override_settings(REQUIRE_SECOND_FACTOR=True):
        yield


def log_in(client, user, password=PASSWORD, **more):
    return client.post(LOGIN, {"login": user.username, "password": password} | more)


def is_in(client):
    return "_auth_user_id" in client.session


def told(what):
    return list(AuditEntry.objects.filter(kind="session", what=what).order_by("pk"))


def with_app(user):
    """Give the user an authenticator app; returns what the app knows."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def code_of(secret, *, step=0):
    """The app's code now, computed as RFC 6238 says."""
    counter = struct.pack(">Q", int(time.time()) // 30 + step)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    at = digest[-1] & 15
    number = int.from_bytes(digest[at : at + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**6:06}"


# ----------------------------------------------------------------------- password


def test_the_right_password_gets_in_and_is_logged(client, kari):
    answer = log_in(client, kari)
    assert (answer.status_code, answer.url) == (302, "/")
    assert is_in(client)
    assert [entry.user_id for entry in told("login")] == [kari.pk]


def test_passwords_are_kept_as_argon2(kari):
    assert kari.password.startswith("argon2$argon2id$")


def test_a_wrong_password_says_the_same_as_an_unknown_name(client, kari):
    wrong = log_in(client, kari, "feil")
    kari.username = f"nobody-{uuid4().hex}"
    unknown = log_in(client, kari, "feil")
    text = "Brukernavnet eller passordet er feil."
    assert text in wrong.text
    assert text in unknown.text
    assert not is_in(client)


def test_what_was_typed_as_a_name_is_not_logged_when_nobody_has_it(client, kari):
    log_in(client, kari, "feil")
    client.post(LOGIN, {"login": PASSWORD, "password": "kari"})
    entries = [(entry.user_id, entry.data) for entry in told("login_failed")]
    assert entries == [(None, {"user": kari.pk}), (None, {"user": None})]


def test_somebody_who_is_barred_does_not_get_in(client, kari):
    User.objects.filter(pk=kari.pk).update(is_active=False)
    log_in(client, kari)
    assert not is_in(client)


def test_after_five_wrong_tries_the_right_password_has_to_wait(client, kari):
    for _ in range(5):
        log_in(client, kari, "feil")
    answer = log_in(client, kari)
    assert "For mange forsøk" in answer.text
    assert not is_in(client)


def test_right_passwords_are_not_counted_as_wrong_ones(client, kari):
    for _ in range(8):
        log_in(client, kari)
        assert is_in(client)
        client.post("/konto/logout/")


def test_wrong_tries_for_many_names_from_one_address_are_stopped(client):
    with override_settings(LIMITS=limits(address_failed=(3, 60))):
        texts = [
            client.post(LOGIN, {"login": uuid4().hex, "password": "x"}).text
            for _ in range(4)
        ]
    assert ["For mange forsøk" in text for text in texts] == [False, False, False, True]


def test_an_address_that_tries_all_the_time_gets_429_and_is_told_when_to_come_back(
    client,
):
    with override_settings(LIMITS=limits(login=(2, 60))):
        answers = [client.post(LOGIN, {}) for _ in range(3)]
    assert [a.status_code for a in answers] == [200, 200, 429]
    assert answers[-1]["Retry-After"] == "30"
    assert "For mange forsøk" in answers[-1].text


def limits(**others):
    from django.conf import settings

    return settings.LIMITS | others


@pytest.mark.parametrize(
    "name",
    [
        "account_signup",
        "account_email",
        "account_reset_password",
        "account_confirm_email",
        "account_email_verification_sent",
        "account_set_password",
        "socialaccount_signup",
        "mfa_signup_webauthn",
    ],
)
def test_what_makes_no_sense_here_has_no_address(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize(
    "path", ["signup/", "email/", "password/reset/", "confirm-email/", "2fa/trust/"]
)
def test_nobody_signs_up_and_nobody_is_mailed(client, path):
    assert client.get("/konto/" + path).status_code == 404


@pytest.mark.parametrize(
    ("place", "goes_to"),
    [
        ("/sentral/tall/", "/sentral/tall/"),
        ("https://ond.example/", "/"),
        ("//ond", "/"),
    ],
)
def test_after_log_in_one_comes_where_one_was_going_within_varde(
    client, kari, place, goes_to
):
    assert log_in(client, kari, next=place).url == goes_to


# ------------------------------------------------------------------- second factor


def test_whoever_has_no_second_factor_sets_one_up_before_anything_else(
    client, kari, demanded
):
    log_in(client, kari)
    for path in ("/", "/sentral/", "/sentral/tall/", "/konto/", "/konto/pin/"):
        answer = client.get(path)
        assert (answer.status_code, answer.url) == (302, "/konto/2fa/"), path
    answer = client.get("/konto/2fa/")
    assert answer.status_code == 200
    assert "Sett opp én av disse før du går videre" in answer.text


def test_a_part_of_a_page_sends_the_whole_page_there(client, kari, demanded):
    log_in(client, kari)
    answer = client.get("/sentral/", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == "/konto/2fa/"


def test_data_is_not_given_without_a_second_factor(client, kari, demanded):
    log_in(client, kari)
    answer = client.get("/sentral/tall/", headers={"Accept": "text/csv"})
    assert answer.status_code == 403


def test_an_app_is_set_up_and_then_all_is_open(client, kari, demanded):
    log_in(client, kari)
    page = client.get("/konto/2fa/app/")
    secret = page.context["form"].secret
    answer = client.post("/konto/2fa/app/", {"code": code_of(secret)})
    assert answer.url == "/konto/2fa/koder/"
    codes = client.get("/konto/2fa/koder/")
    assert codes.text.count("<li><code>") == 10
    assert client.get("/konto/").status_code == 200


def test_the_apps_secret_is_encrypted_in_the_database(kari):
    secret = with_app(kari)
    stored = Authenticator.objects.get(user=kari).data["secret"]
    assert secret not in stored
    assert second_factor.MfaAdapter().decrypt(stored) == secret


def test_a_secret_of_another_key_is_said_and_not_taken_for_a_wrong_code(kari):
    with_app(kari)
    stored = Authenticator.objects.get(user=kari).data["secret"]
    with (
        override_settings(SECRET_KEY="another"),
        pytest.raises(ImproperlyConfigured, match="VARDE_SECRET_KEY"),
    ):
        second_factor.MfaAdapter().decrypt(stored)


def test_with_an_app_the_password_alone_is_not_enough(client, kari):
    secret = with_app(kari)
    answer = log_in(client, kari)
    assert answer.url == "/konto/2fa/kode/"
    assert not is_in(client)
    answer = client.post("/konto/2fa/kode/", {"code": code_of(secret)})
    assert answer.url == "/"
    assert is_in(client)


def test_a_wrong_code_is_refused_and_logged(client, kari):
    secret = with_app(kari)
    log_in(client, kari)
    right = {code_of(secret, step=step) for step in (-2, -1, 0, 1, 2)}
    wrong = next(c for c in ("000000", "111111", "222222", "333333", "444444", "555555") if c not in right)  # fmt: skip
    answer = client.post("/konto/2fa/kode/", {"code": wrong})
    assert "Koden stemmer ikke" in answer.text
    assert not is_in(client)
    assert told("code_failed")[0].data == {"user": kari.pk}


def test_after_five_wrong_codes_the_right_one_has_to_wait(client, kari):
    secret = with_app(kari)
    log_in(client, kari)
    for _ in range(5):
        client.post("/konto/2fa/kode/", {"code": "x"})
    answer = client.post("/konto/2fa/kode/", {"code": code_of(secret)})
    assert "For mange forsøk" in answer.text
    assert not is_in(client)


def test_a_code_is_used_once_also_in_another_process(kari):
    """The other process has another memory: the table remembers."""
    from django.core.cache import cache

    secret = with_app(kari)
    code = code_of(secret)
    first, second = Client(), Client()
    log_in(first, kari)
    log_in(second, kari)
    first.post("/konto/2fa/kode/", {"code": code})
    cache.clear()
    second.post("/konto/2fa/kode/", {"code": code})
    assert (is_in(first), is_in(second)) == (True, False)


def test_a_recovery_code_gets_in_once(client, kari):
    with_app(kari)
    code = RecoveryCodes.activate(kari).get_unused_codes()[0]
    for gets_in in (True, False):
        log_in(client, kari)
        client.post("/konto/2fa/kode/", {"code": code})
        assert is_in(client) is gets_in
        client.post("/konto/logout/")


def test_the_last_factor_stays_while_one_is_demanded(client, kari, demanded):
    secret = with_app(kari)
    log_in(client, kari)
    client.post("/konto/2fa/kode/", {"code": code_of(secret)})
    answer = client.post("/konto/2fa/app/fjern/")
    assert "eneste andre faktoren" in answer.text
    assert second_factor.has(kari)


def test_the_last_passkey_stays_while_one_is_demanded(client, kari, demanded):
    key = Authenticator.objects.create(
        user=kari, type=Authenticator.Type.WEBAUTHN, data={"name": "Min nøkkel"}
    )
    client.force_login(kari)
    answer = client.post(f"/konto/2fa/nokler/{key.pk}/fjern/")
    assert answer.url == "/konto/2fa/nokler/"
    assert Authenticator.objects.filter(pk=key.pk).exists()
    with_app(kari)
    client.post(f"/konto/2fa/nokler/{key.pk}/fjern/")
    assert not Authenticator.objects.filter(pk=key.pk).exists()


def test_the_demo_says_that_the_second_factor_is_off(client):
    assert "andre faktor er slått av" in client.get(LOGIN).text
    with override_settings(REQUIRE_SECOND_FACTOR=True):
        assert "andre faktor er slått av" not in client.get(LOGIN).text


# ------------------------------------------------------------------ a log-in's end


def test_a_log_out_ends_the_session_and_is_logged(client, kari):
    log_in(client, kari)
    client.post("/konto/logout/")
    assert not is_in(client)
    assert not WorkSession.objects.filter(user=kari).exists()
    assert len(told("logout")) == 1


def test_to_look_at_the_log_out_page_does_not_log_out(client, kari):
    log_in(client, kari)
    client.get("/konto/logout/")
    assert is_in(client)


def test_the_session_ends_with_the_browser(client, kari):
    log_in(client, kari)
    cookie = client.cookies["sessionid"]
    assert (cookie["max-age"], cookie["expires"]) == ("", "")
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


@pytest.mark.parametrize(("hours", "goes_on"), [(13.9, True), (14.1, False)])
def test_after_fourteen_hours_one_logs_in_again_however_busy_one_was(
    client, kari, hours, goes_on
):
    log_in(client, kari)
    session = WorkSession.objects.get(user=kari)
    session.began_at -= timedelta(hours=hours)
    session.save()
    answer = client.get("/konto/")
    assert (answer.status_code == 200) is goes_on
    assert is_in(client) is goes_on


def test_an_ended_session_is_over_at_its_next_request(client, kari):
    log_in(client, kari)
    lock.end_all(of=kari, by=kari, at=make.NOW)
    answer = client.get("/konto/")
    assert answer.url == "/konto/login/?next=/konto/"


def test_a_session_without_a_work_session_is_no_session(client, kari):
    log_in(client, kari)
    session = client.session
    session[lock.SESSION_KEY] = "not one"
    session.save()
    assert client.get("/konto/").status_code == 302


def test_abandoned_sessions_are_forgotten_at_the_next_log_in(client, kari):
    old = WorkSession.objects.create(
        user=kari, began_at=make.NOW - timedelta(days=3), used_at=make.NOW
    )
    log_in(client, kari)
    assert not WorkSession.objects.filter(pk=old.pk).exists()


# ------------------------------------------------------------------- one-time link


def test_a_one_time_link_lets_a_person_choose_a_password_once(client, kari):
    kari.set_unusable_password()
    kari.save()
    path = login.invitation_path(kari)
    assert kari.username in client.get(path).text
    chosen = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    assert client.post(path, chosen).url == LOGIN
    assert client.post(path, chosen).status_code == 404
    log_in(client, kari)
    assert is_in(client)
    assert len(told("password_chosen")) == 1


def test_a_weak_password_is_refused_with_a_reason(client, kari):
    chosen = {"new_password1": "passord", "new_password2": "passord"}
    answer = client.post(login.invitation_path(kari), chosen)
    assert answer.status_code == 200
    assert 'aria-invalid="true"' in answer.text


@pytest.mark.parametrize(
    "path", ["/konto/ny/MQ/x/", "/konto/ny/%C3%A6/x/", "/konto/ny/OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5/x/"]
)  # fmt: skip
def test_a_made_up_link_works_for_nobody(client, kari, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert "Engangslenken er brukt eller for gammel" in answer.text


def test_a_link_is_too_old_after_a_day(client, kari, monkeypatch):
    path = login.invitation_path(kari)
    from django.contrib.auth.tokens import default_token_generator

    later = default_token_generator._now() + timedelta(hours=25)
    monkeypatch.setattr(default_token_generator, "_now", lambda: later)
    assert client.get(path).status_code == 404


# --------------------------------------------------------------------- language


def test_the_language_is_the_one_chosen_not_the_browsers(client, kari):
    client.force_login(kari)
    english = {"Accept-Language": "en"}
    assert '<html lang="nb"' in client.get("/konto/", headers=english).text
    answer = client.post("/spraak/", {"language": "nn", "next": "/konto/"})
    assert answer.url == "/konto/"
    assert '<html lang="nn"' in client.get("/konto/", headers=english).text


def test_an_unknown_language_is_bokmaal(client):
    client.cookies["varde_language"] = "xx"
    assert '<html lang="nb"' in client.get(LOGIN).text


# ---------------------------------------------------------------- OpenID Connect


class FakeProvider(ThreadingHTTPServer):
    """A HelseID on this machine: discovery, token and user info, and no more."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), FakeAnswers)
        self.claims = {}
        self.asked = []

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_address[1]}"


class FakeAnswers(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path.startswith("/.well-known/"):
            names = ("authorization", "token", "userinfo")
            self.tell(
                {f"{n}_endpoint": f"{self.server.address}/{n}" for n in names}
                | {"issuer": self.server.address, "jwks_uri": self.server.address}
            )
        else:
            self.tell(self.server.claims)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.asked.append(parse_qs(body))
        token = jwt.encode(
            self.server.claims
            | {"iss": self.server.address, "aud": "varde", "exp": time.time() + 60,
               "iat": time.time()},
            "x" * 32,
            algorithm="HS256",
        )  # fmt: skip
        self.tell({"access_token": "a", "token_type": "Bearer", "id_token": token})

    def tell(self, data):
        body = json.dumps(data).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def provider():
    """A provider that Varde is set up with, under the name HelseID."""
    server = FakeProvider()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    app = {
        "provider_id": "helseid",
        "name": "HelseID",
        "client_id": "varde",
        "secret": "s",
        "settings": {"server_url": server.address},
    }
    known = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    with override_settings(SOCIALACCOUNT_PROVIDERS=known):
        yield server
    server.shutdown()
    thread.join()
    server.server_close()


def by_provider(client, server, *, process="login", **claims):
    """Go to the provider and come back as the person it says."""
    server.claims = {"sub": "person-1"} | claims
    answer = client.post(f"/konto/oidc/helseid/login/?process={process}")
    assert answer.status_code == 302, answer.text
    asked = parse_qs(urlsplit(answer.url).query)
    assert answer.url.startswith(server.address + "/authorization")
    assert asked["code_challenge_method"] == ["S256"]
    return client.get(
        "/konto/oidc/helseid/login/callback/", {"code": "c", "state": asked["state"][0]}
    )


def test_the_log_in_page_offers_the_provider_when_there_is_one(client, provider):
    assert "Logg inn med HelseID" in client.get(LOGIN).text


def test_without_a_provider_none_is_offered(client):
    assert "HelseID" not in client.get(LOGIN).text
    assert client.post("/konto/oidc/helseid/login/").status_code == 404


def test_an_unknown_identity_is_refused_and_makes_no_user(client, provider, kari):
    before = User.objects.count()
    answer = by_provider(client, provider, email="kari@example.no", preferred_username=kari.username)  # fmt: skip
    assert "ikke knyttet til noen bruker" in answer.text
    assert (User.objects.count(), is_in(client)) == (before, False)


def test_an_identity_linked_to_an_account_logs_in(client, provider, kari):
    SocialAccount.objects.create(user=kari, provider="helseid", uid="person-1")
    answer = by_provider(client, provider)
    assert answer.url == "/"
    assert client.session["_auth_user_id"] == str(kari.pk)
    assert provider.asked[0]["code_verifier"]


def test_an_identity_is_linked_by_the_hpr_number_that_the_administrator_registered(
    client, provider, kari
):
    User.objects.filter(pk=kari.pk).update(hpr_number="9999999")
    by_provider(client, provider, **{login.HPR_CLAIM: "9999999"})
    assert client.session["_auth_user_id"] == str(kari.pk)
    assert [e.user_id for e in told("identity_linked")] == [kari.pk]


@pytest.mark.parametrize("others", ["nobody", "two", "barred"])
def test_an_hpr_number_that_is_not_one_working_persons_links_nothing(
    client, provider, kari, others
):
    if others == "two":
        make.operator("ola", hpr_number="9999999")
        User.objects.filter(pk=kari.pk).update(hpr_number="9999999")
    if others == "barred":
        User.objects.filter(pk=kari.pk).update(hpr_number="9999999", is_active=False)
    by_provider(client, provider, **{login.HPR_CLAIM: "9999999"})
    assert not is_in(client)
    assert not SocialAccount.objects.exists()


def test_a_user_links_an_identity_herself_after_a_full_log_in(client, provider, kari):
    log_in(client, kari)
    answer = by_provider(client, provider, process="connect")
    assert answer.url == "/konto/tilknyttet/"
    assert SocialAccount.objects.get().user == kari


def test_a_log_in_of_level_four_is_two_factors(client, provider, kari, demanded):
    SocialAccount.objects.create(user=kari, provider="helseid", uid="person-1")
    by_provider(client, provider, **{login.LEVEL_CLAIM: "4"})
    assert client.get("/konto/").status_code == 200


def test_a_log_in_of_a_lower_level_is_one_factor(client, provider, kari, demanded):
    SocialAccount.objects.create(user=kari, provider="helseid", uid="person-1")
    by_provider(client, provider, **{login.LEVEL_CLAIM: "3"})
    assert client.get("/konto/").url == "/konto/2fa/"


def test_a_provider_that_is_away_is_said_and_nothing_more(client, provider, kari):
    provider.claims = {}
    answer = client.post("/konto/oidc/helseid/login/")
    state = parse_qs(urlsplit(answer.url).query)["state"][0]
    away = "/konto/oidc/helseid/login/callback/"
    answer = client.get(away, {"error": "server_error", "state": state})
    assert "Den andre tjenesten svarte ikke som den skulle" in answer.text
    answer = client.get(away, {"code": "c", "state": "made up"})
    assert "Den andre tjenesten svarte ikke som den skulle" in answer.text
    assert not is_in(client)
